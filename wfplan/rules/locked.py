"""Locked: shifts and days off that the planner settled stay as they are.

Source: the locks table. A lock stands above the contract's shapes (length,
starts), never above rest, time off or pay.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.base import Rule
from wfplan.rules.limits import LockedDay
from wfplan.rules.wording import say_day, say_moment

if TYPE_CHECKING:
    from wfplan.domain.results import Breach
    from wfplan.domain.schedule import LockedShift
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek


@dataclass(frozen=True, kw_only=True)
class Locked(Rule):
    """Every locked date holds exactly its locked shift, or none."""

    name: ClassVar[str] = "locked"
    source: str = "locks table"

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Locked dates that were changed."""
        found = []
        for lock in week.locks:
            planned = [(duty.start, duty.end) for duty in week.duties if duty.day == lock.day]
            wanted = [] if lock.is_day_off else [(lock.start, lock.end)]
            if lock.day in week.dates and planned != wanted:
                why = f"{self._change(week, lock, bool(planned))} on {say_day(lock.day)}"
                at = lock.start or week.midnight(lock.day)
                found.append(self.breach(week, at, 1, "locks", why, reason="lock"))
        return found

    @staticmethod
    def _change(week: AgentWeek, lock: LockedShift, is_planned: bool) -> str:
        """What became of a lock, in words."""
        if lock.start is None or lock.end is None:
            return "has a shift and a locked day off"
        wanted = (
            f"the locked shift from {say_moment(lock.start, week.timezone)} "
            f"to {say_moment(lock.end, week.timezone)}"
        )
        return f"has another shift than {wanted}" if is_planned else f"lacks {wanted}"

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Settle the locked dates."""
        settled = tuple(LockedDay(lock.day, lock.start, lock.end) for lock in person.locks)
        return replace(limits, locked=(*limits.locked, *settled))
