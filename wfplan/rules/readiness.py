"""Readiness: nobody works before she is trained and has acknowledged the standard.

Source: the skills table (``ready_from``; a skill without one is not asked).

A date needs one valid skill that is ready; where the minutes on each channel
are known (``channel:NAME`` among the measures of the week), each of them needs
its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.base import Rule
from wfplan.rules.wording import say_day, say_minutes

if TYPE_CHECKING:
    from datetime import date

    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek


@dataclass(frozen=True, kw_only=True)
class Readiness(Rule):
    """No duty before ``ready_from`` of the skill it needs."""

    name: ClassVar[str] = "readiness"
    source: str = "skills table"

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Shifts and channels of dates before she is ready, and the minutes there."""
        found = []
        for duty in week.duties:
            valid = _valid(week, duty.day)
            if valid and all(not ready for ready in valid.values()):
                why = (
                    f"has {say_minutes(duty.paid_min)} of paid time on {say_day(duty.day)}, before "
                    f"she is ready for {' or '.join(valid)}"
                )
                found.append(
                    self.breach(week, duty.start, duty.paid_min, "min", why, reason="skill")
                )
        for measure, minutes_of_day in week.measures.items():
            channel = measure.removeprefix("channel:")
            for day, minutes in minutes_of_day.items():
                valid = _valid(week, day) if day in week.dates else {}
                if channel != measure and minutes > 0 and valid.get(channel, True) is False:
                    why = (
                        f"works {say_minutes(minutes)} on {channel} on {say_day(day)}, before she "
                        "is ready for it"
                    )
                    at = week.midnight(day)
                    found.append(self.breach(week, at, minutes, "min", why, reason="skill"))
        return found

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Dates before she is ready for any of her skills are days off."""
        idle = [
            day
            for day in limits.dates
            if (valid := [s for s in person.agent.skills if s.is_valid(day)])
            and all(s.ready_from is not None and day < s.ready_from for s in valid)
        ]
        return replace(limits, days_off=limits.days_off.union(idle))


def _valid(week: AgentWeek, day: date) -> dict[str, bool]:
    """The skills that are valid on a date, and whether she is ready for each."""
    return {
        skill.skill: skill.ready_from is None or skill.ready_from <= day
        for skill in week.agent.skills
        if (skill.valid_from or day) <= day <= (skill.valid_to or day)
    }
