"""Paid time granularity: the paid time of a shift comes in steps.

Source: the contract, a works agreement or the plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.base import HARD, SettableRule, common, minutes_of
from wfplan.rules.limits import only_lengths
from wfplan.rules.prices import PricedShifts
from wfplan.rules.wording import say_minutes, say_moment

if TYPE_CHECKING:
    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.prices import ShiftPrices
    from wfplan.rules.week import AgentWeek


@dataclass(frozen=True, kw_only=True)
class PaidTimeGranularity(SettableRule):
    """Paid minutes of a shift are a multiple of ``step_min``."""

    name: ClassVar[str] = "paid_time_granularity"
    step_min: int

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> PaidTimeGranularity:
        """The rule from a setting in hours or minutes."""
        return cls(step_min=minutes_of(setting), **common(setting))

    @property
    def strictness(self) -> float:
        """Wider steps are stricter."""
        return self.step_min

    @property
    def family(self) -> tuple[object, ...]:
        """Two steps hold together: neither is the stricter one."""
        return self.name, self.step_min

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Shifts between two steps, and the minutes past the lower one."""
        return [
            self.breach(
                week,
                duty.start,
                duty.paid_min % self.step_min,
                "min",
                f"has {say_minutes(duty.paid_min)} of paid time in the shift from "
                f"{say_moment(duty.start, week.timezone)}, "
                f"{say_minutes(duty.paid_min % self.step_min)} past a step of "
                f"{say_minutes(self.step_min)}",
                reason="lock" if duty.is_locked else "contract",
            )
            for duty in week.duties
            if duty.paid_min % self.step_min
        ]

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Drop the lengths whose paid time lies between two steps."""
        return only_lengths(
            limits, person, lambda n: limits.contract.paid_min(n) % self.step_min == 0
        )

    def prices(self, person: Person) -> ShiftPrices | None:
        """Price the minutes past a step of a soft rule."""
        if self.hardness == HARD:
            return None
        return PricedShifts(
            lambda day, start_min, end_min, paid_min: (
                self.price(1, "min") * (paid_min % self.step_min)
            )
        )
