"""Time off: no minute of a shift inside an absence; approved is hard, requested a wish.

Source: the time-off table. Who turns out to be absent on a date has no shift that
begins on it, but for what was worked before that was known.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from wfplan.domain.people import TimeOffStatus
from wfplan.rules.base import HARD, SOFT, Rule
from wfplan.rules.wording import say_day, say_minutes, say_moment

if TYPE_CHECKING:
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek


@dataclass(frozen=True, kw_only=True)
class TimeOff(Rule):
    """Shifts keep clear of time off."""

    name: ClassVar[str] = "time_off"
    source: str = "time-off table"

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Shifts inside time off, and the minutes inside; a request is a soft breach."""
        found = []
        for off in week.agent.time_off:
            for duty in week.duties:
                inside = (min(duty.end, off.end) - max(duty.start, off.start)).total_seconds() / 60
                if inside <= 0:
                    continue
                why = (
                    f"works from {say_moment(duty.start, week.timezone)} to "
                    f"{say_moment(duty.end, week.timezone)}, {say_minutes(inside)} of it in time "
                    f"off that was {off.status}"
                )
                hardness = HARD if off.status is TimeOffStatus.APPROVED else SOFT
                reason = "lock" if duty.is_locked else ""
                found.append(
                    self.breach(
                        week, duty.start, inside, "min", why, reason=reason, hardness=hardness
                    )
                )
        return found + self._missed(week)

    def _missed(self, week: AgentWeek) -> list[Breach]:
        """Shifts of somebody who does not come, from when that is known on."""
        found = []
        for duty in week.duties:
            known_from = max(week.as_of or duty.start, duty.start)
            minutes = (duty.end - known_from).total_seconds() / 60
            if duty.day in week.agent.absent_on and minutes > 0:
                why = f"has {say_minutes(minutes)} of a shift on {say_day(duty.day)}, but is absent"
                found.append(self.breach(week, known_from, minutes, "min", why))
        return found

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Block approved time off; whole dates of it are days off."""
        first, last = limits.dates[0], limits.dates[-1]
        blocked = tuple(
            (off.start, off.end)
            for off in person.approved
            if (off.end.date() - first).days >= -1 and (off.start.date() - last).days <= 2
        )
        return replace(
            limits,
            blocked=(*limits.blocked, *blocked),
            absences=(*limits.absences, *blocked),
            days_off=limits.days_off.union(person.whole_days_off, person.agent.absent_on),
        )
