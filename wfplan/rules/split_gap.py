"""Split gap: least and most time between the two pieces of a split shift.

Source: the contract (``splits``), a works agreement or the plan.

The gap is free time: unpaid and away from work. It interrupts work as a break does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from wfplan.domain.schedule import ActivityCategory
from wfplan.rules.base import LEAST, MOST, SOFT, MinutesRule
from wfplan.rules.limits import only_lengths
from wfplan.rules.prices import lack_prices
from wfplan.rules.wording import say_minutes, say_moment

if TYPE_CHECKING:
    from wfplan.domain.contracts import Contract
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.prices import ShiftPrices
    from wfplan.rules.week import AgentWeek


@dataclass(frozen=True, kw_only=True)
class SplitGap(MinutesRule):
    """At least, or at most, ``minutes`` between the pieces."""

    name: ClassVar[str] = "split_gap"

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Gaps that are too long or too short, and the minutes in question."""
        found = []
        for duty in week.duties:
            for gap in duty.activities:
                if gap.category is not ActivityCategory.TIME_OFF:
                    continue
                minutes = (gap.end - gap.start).total_seconds() / 60
                over = minutes - self.minutes
                wrong = over if self.bound == MOST else -over
                if wrong > 0:
                    side = "more than the most" if self.bound == MOST else "less than the least"
                    why = (
                        f"has a gap of {say_minutes(minutes)} from "
                        f"{say_moment(gap.start, week.timezone)}, {say_minutes(wrong)} {side} of "
                        f"{say_minutes(self.minutes)}"
                    )
                    reason = "lock" if duty.is_locked else "contract"
                    found.append(self.breach(week, gap.start, wrong, "min", why, reason=reason))
        return found

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Drop the split shifts with such a gap."""
        return only_lengths(limits, person, lambda n: self._lacks(person.contract, n) <= 0)

    def prices(self, person: Person) -> ShiftPrices | None:
        """Price the minutes of a soft rule."""
        return lack_prices(self, person, self._lacks) if self.hardness == SOFT else None

    def _lacks(self, contract: Contract, length: int) -> int:
        """Minutes by which the gap of a shift of a length is too long or too short."""
        split = contract.split_of.get(length)
        if split is None:
            return 0
        missing = self.minutes - split.gap_min
        return max(missing if self.bound == LEAST else -missing, 0)
