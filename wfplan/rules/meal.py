"""Meal: a long shift has a meal of some length, at a time of the clock.

Source: a law pack, a works agreement or the plan (state laws of the United
States and the orders of Trinidad and Tobago ask for one).

A shift longer than ``over_min`` elapsed minutes has meals of ``least_min``
together; where there is a ``window``, each begins inside it, ends included.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING, ClassVar

from wfplan.domain.schedule import ActivityCategory
from wfplan.rules.base import SOFT, SettableRule, common, minutes_of
from wfplan.rules.limits import MealClock, only_lengths
from wfplan.rules.prices import lack_prices
from wfplan.rules.wording import say_clock, say_minutes, say_moment

if TYPE_CHECKING:
    from wfplan.domain.contracts import Contract
    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.domain.schedule import Activity
    from wfplan.horizon import Window
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.prices import ShiftPrices
    from wfplan.rules.week import AgentWeek


@dataclass(frozen=True, kw_only=True)
class Meal(SettableRule):
    """Meals of ``least_min`` in shifts longer than ``over_min``, begun inside ``window``."""

    name: ClassVar[str] = "meal"
    least_min: int
    over_min: int = 0
    window: Window | None = None

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> Meal:
        """The rule from a setting in hours or minutes."""
        return cls(
            least_min=minutes_of(setting),
            over_min=round(setting.over_h * 60),
            window=setting.window,
            **common(setting),
        )

    @property
    def strictness(self) -> float:
        """Longer meals are stricter."""
        return self.least_min

    @property
    def family(self) -> tuple[object, ...]:
        """Another threshold or window is another rule."""
        return self.name, self.over_min, self.window

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Long shifts with too little of a meal, and meals outside the window."""
        found = []
        for duty in week.duties:
            if duty.length_min <= self.over_min:
                continue
            meals = [a for a in duty.activities if a.category is ActivityCategory.MEAL]
            missing = self.least_min - sum((a.end - a.start).total_seconds() / 60 for a in meals)
            if missing > 0:
                why = (
                    f"has {say_minutes(self.least_min - missing)} of a meal in the shift from "
                    f"{say_moment(duty.start, week.timezone)}, {say_minutes(missing)} less than "
                    f"{say_minutes(self.least_min)}"
                )
                told = {"reason": "contract"}
                found.append(self.breach(week, duty.start, missing, "min", why, **told))
            found += [b for meal in meals if (b := self._misplaced(week, meal)) is not None]
        return found

    def _misplaced(self, week: AgentWeek, meal: Activity) -> Breach | None:
        """The breach of a meal that begins outside the window."""
        if self.window is None:
            return None
        wall = week.local(meal.start)
        minute = wall.hour * 60 + wall.minute
        first, last = self.window
        away = min(max(first - m, m - last, 0) for m in (minute - 1440, minute, minute + 1440))
        if away == 0:
            return None
        why = (
            f"begins a meal on {say_moment(meal.start, week.timezone)}, {say_minutes(away)} "
            f"outside {say_clock(first)} to {say_clock(last)}"
        )
        return self.breach(week, meal.start, away, "min", why)

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Drop the lengths whose meals are too short, and say by which clock meals begin."""
        kept = only_lengths(limits, person, lambda n: self._lacks(limits.contract, n) <= 0)
        return self._with_clock(kept, inf)

    def soften(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Price the hours of the clock by which meals begin beside the window."""
        return self._with_clock(limits, self.weight)

    def _with_clock(self, limits: WorkLimits, per_h: float) -> WorkLimits:
        """The limits with the window of this rule."""
        if self.window is None:
            return limits
        clock = MealClock(self.window, self.over_min, per_h)
        return replace(limits, meal_clocks=(*limits.meal_clocks, clock))

    def prices(self, person: Person) -> ShiftPrices | None:
        """Price the minutes of a meal that a soft rule lacks."""
        return lack_prices(self, person, self._lacks) if self.hardness == SOFT else None

    def _lacks(self, contract: Contract, length: int) -> int:
        """Minutes of a meal that a shift of a length lacks under a contract."""
        if length <= self.over_min:
            return 0
        meals = (b.length_min for b in contract.breaks_of(length) if b.kind == "meal")
        return self.least_min - sum(meals)
