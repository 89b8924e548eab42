"""Contiguous work: least and most time at work without a break, within a shift.

Source: the contract, a law pack (DE ArbZG section 4: no more than six hours) or the plan.

Work is all of a shift but breaks and meals; those shorter than ``part_min``
do not interrupt it. Minutes are elapsed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from wfplan.domain.schedule import ActivityCategory
from wfplan.rules.base import MOST, BreakMinutesRule
from wfplan.rules.break_room import Distances, with_room, with_wished_room
from wfplan.rules.wording import say_minutes, say_moment

if TYPE_CHECKING:
    from datetime import datetime

    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek, Duty

PAUSES = (ActivityCategory.BREAK, ActivityCategory.MEAL, ActivityCategory.TIME_OFF)


@dataclass(frozen=True, kw_only=True)
class ContiguousWork(BreakMinutesRule):
    """At most, or at least, ``minutes`` between the start, the breaks and the end of a shift."""

    name: ClassVar[str] = "contiguous_work"

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Stretches of work that are too long or too short, and the minutes in question."""
        found = []
        for duty in week.duties:
            for begin, end in self._stretches(duty):
                minutes = (end - begin).total_seconds() / 60
                is_most = self.bound == MOST
                wrong = minutes - self.minutes if is_most else self.minutes - minutes
                if wrong <= 0:
                    continue
                why = (
                    f"works {say_minutes(minutes)} without a break from "
                    f"{say_moment(begin, week.timezone)}, {say_minutes(wrong)} "
                    f"{'more than the most' if is_most else 'less than the least'} of "
                    f"{say_minutes(self.minutes)}"
                )
                found.append(self.breach(week, begin, wrong, "min", why, reason="contract"))
        return found

    def _stretches(self, duty: Duty) -> list[tuple[datetime, datetime]]:
        """Work from one break to the next."""
        edges = [duty.start]
        for activity in duty.activities:
            minutes = (activity.end - activity.start).total_seconds() / 60
            if activity.category in PAUSES and minutes >= self.part_min:
                edges += [activity.start, activity.end]
        edges.append(duty.end)
        pairs = zip(edges[::2], edges[1::2], strict=True)
        return [(begin, end) for begin, end in pairs if begin < end]

    def _distances(self) -> Distances:
        """The planner's reading."""
        if self.bound == MOST:
            return Distances(most=self.minutes, is_to_ends=True, part_min=self.part_min)
        return Distances(least=self.minutes, is_to_ends=True, part_min=self.part_min)

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Narrow the break windows, and drop the lengths in which they have no room."""
        return with_room(limits, person, self._distances())

    def soften(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Narrow the break windows where they have room, and price the lengths without."""
        return with_wished_room(self, limits, person, self._distances())
