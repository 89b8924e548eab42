"""Break spacing: least and most time between two breaks of a shift.

Source: the contract, a works agreement or the plan (breaks no more than two
hours apart: the risk of an accident doubles in the last half hour of a spell
of two in one plant: Tucker, Folkard and Macdonald, 2003, *Lancet* 361: 680; a
replication found it only up to the second half hour, doi:10.1080/07420520601070315).

Between the end of a break or meal and the start of the next; breaks shorter
than ``part_min`` are not seen. Minutes are elapsed.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from wfplan.domain.schedule import ActivityCategory
from wfplan.rules.base import MOST, BreakMinutesRule
from wfplan.rules.break_room import Distances, with_room, with_wished_room
from wfplan.rules.wording import say_minutes, say_moment

if TYPE_CHECKING:
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek


@dataclass(frozen=True, kw_only=True)
class BreakSpacing(BreakMinutesRule):
    """At most, or at least, ``minutes`` between two breaks."""

    name: ClassVar[str] = "break_spacing"

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Pairs of breaks that lie too far apart or too close, and the minutes in question."""
        found = []
        pauses = (ActivityCategory.BREAK, ActivityCategory.MEAL, ActivityCategory.TIME_OFF)
        for duty in week.duties:
            taken = [a for a in duty.activities if a.category in pauses]
            seen = [a for a in taken if (a.end - a.start).total_seconds() / 60 >= self.part_min]
            for first, second in pairwise(seen):
                minutes = (second.start - first.end).total_seconds() / 60
                is_most = self.bound == MOST
                wrong = minutes - self.minutes if is_most else self.minutes - minutes
                if wrong > 0:
                    why = (
                        f"has {say_minutes(minutes)} from the break that ends on "
                        f"{say_moment(first.end, week.timezone)} to the next, "
                        f"{say_minutes(wrong)} "
                        f"{'more than the most' if is_most else 'less than the least'} of "
                        f"{say_minutes(self.minutes)}"
                    )
                    at = first.end
                    found.append(self.breach(week, at, wrong, "min", why, reason="contract"))
        return found

    def _distances(self) -> Distances:
        """The planner's reading."""
        if self.bound == MOST:
            return Distances(most=self.minutes, part_min=self.part_min)
        return Distances(least=self.minutes, part_min=self.part_min)

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Narrow the break windows, and drop the lengths in which they have no room."""
        return with_room(limits, person, self._distances())

    def soften(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Narrow the break windows where they have room, and price the lengths without."""
        return with_wished_room(self, limits, person, self._distances())
