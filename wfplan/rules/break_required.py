"""Break required: a long shift contains at least one break or meal.

Source: Directive 2003/88/EC, article 4 (working days longer than six hours).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wfplan.domain.schedule import ActivityCategory
from wfplan.rules.base import HARD, SettableRule, common, minutes_of
from wfplan.rules.limits import only_lengths
from wfplan.rules.prices import FloatArray, IntArray, PricedShifts, elapsed_minutes
from wfplan.rules.wording import say_minutes, say_moment

if TYPE_CHECKING:
    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.prices import ShiftPrices
    from wfplan.rules.week import AgentWeek

PAUSES = frozenset((ActivityCategory.BREAK, ActivityCategory.MEAL, ActivityCategory.TIME_OFF))


@dataclass(frozen=True, kw_only=True)
class BreakRequired(SettableRule):
    """A shift longer than ``over_min`` elapsed minutes contains a break."""

    name: ClassVar[str] = "break_required"
    over_min: int

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> BreakRequired:
        """The rule from a setting in hours or minutes."""
        return cls(
            over_min=minutes_of(setting),
            **common(setting),
        )

    @property
    def strictness(self) -> float:
        """Shorter shifts with a break are stricter."""
        return -self.over_min

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Long shifts without any break; one break is missing in each."""
        return [
            self.breach(
                week,
                duty.start,
                1,
                "breaks",
                f"works {say_minutes(duty.length_min)} without a break from "
                f"{say_moment(duty.start, week.timezone)}; shifts longer than "
                f"{say_minutes(self.over_min)} need one",
            )
            for duty in week.duties
            if duty.length_min > self.over_min
            and not any(activity.category in PAUSES for activity in duty.activities)
        ]

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Drop the lengths that need a break and get none from the contract."""
        over = min(self.over_min, limits.break_over_min or self.over_min)
        kept = only_lengths(
            limits, person, lambda n: n <= over or bool(limits.contract.breaks_of(n))
        )
        return replace(kept, break_over_min=over)

    def prices(self, person: Person) -> ShiftPrices | None:
        """Price the break that a soft rule lacks."""
        if self.hardness == HARD:
            return None

        def of_shifts(
            day: int, start_min: IntArray, end_min: IntArray, paid_min: IntArray
        ) -> FloatArray:
            lengths = elapsed_minutes(person, day, start_min, end_min).tolist()
            lacks = [n > self.over_min and not person.contract.breaks_of(n) for n in lengths]
            return np.array(lacks) * self.toll(1)

        return PricedShifts(of_shifts)
