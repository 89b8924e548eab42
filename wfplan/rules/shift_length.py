"""Shift length: elapsed minutes from start to end, from the contract's list of lengths.

Source: the contract (``shortest_min``, ``longest_min``, ``length_step_min``, ``splits``).
A shift that the planner locked keeps its length; the audit then says so softly.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.base import SOFT, Rule
from wfplan.rules.wording import say_minutes, say_moment

if TYPE_CHECKING:
    from wfplan.domain.contracts import Contract
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek


@dataclass(frozen=True, kw_only=True)
class ShiftLength(Rule):
    """Between ``shortest_min`` and ``longest_min``, in steps of ``step_min`` from the shortest."""

    name: ClassVar[str] = "shift_length"
    shortest_min: int
    longest_min: int
    step_min: int
    split_min: tuple[int, ...] = ()  # lengths of split shifts, from start to end

    @classmethod
    def of(cls, contract: Contract) -> ShiftLength:
        """The rule of a contract."""
        return cls(
            shortest_min=contract.shortest_min,
            longest_min=contract.longest_min,
            step_min=contract.length_step_min,
            split_min=tuple(split.length_min for split in contract.splits),
        )

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Shifts that are too short, too long or between two steps, and by how much."""
        found = []
        for duty in week.duties:
            amount, fault = self._fault(duty.length_min)
            if amount:
                why = (
                    f"has a shift of {say_minutes(duty.length_min)} from "
                    f"{say_moment(duty.start, week.timezone)}, {fault}"
                )
                reason, hardness = ("lock", SOFT) if duty.is_locked else ("contract", "")
                found.append(
                    self.breach(
                        week, duty.start, amount, "min", why, reason=reason, hardness=hardness
                    )
                )
        return found

    def _fault(self, length: int) -> tuple[int, str]:
        """How many minutes a length is away from what is allowed, and in words."""
        if length in self.split_min:
            return 0, ""
        if length < self.shortest_min:
            short = self.shortest_min - length
            return (
                short,
                f"{say_minutes(short)} under the shortest {say_minutes(self.shortest_min)}",
            )
        if length > self.longest_min:
            over = length - self.longest_min
            return over, f"{say_minutes(over)} over the longest {say_minutes(self.longest_min)}"
        beyond = (length - self.shortest_min) % self.step_min
        return beyond, (
            f"{say_minutes(beyond)} beyond the last step of {say_minutes(self.step_min)} "
            f"from {say_minutes(self.shortest_min)}"
        )

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Keep the lengths of the contract that lie on the planning grid."""
        allowed = {*range(self.shortest_min, self.longest_min + 1, self.step_min), *self.split_min}
        kept = tuple(n for n in limits.lengths_min if n in allowed and n % person.slot_min == 0)
        return replace(limits, lengths_min=kept)
