"""Paid time of a day: the most paid minutes of the shifts that start on one date.

Source: a law pack or the plan (DE ArbZG section 3 asks for it, the EU directive does not).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wfplan.rules.base import HARD, SettableRule, common, minutes_of
from wfplan.rules.prices import PricedShifts
from wfplan.rules.wording import say_day, say_minutes

if TYPE_CHECKING:
    from datetime import date, datetime

    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.prices import ShiftPrices
    from wfplan.rules.week import AgentWeek


@dataclass(frozen=True, kw_only=True)
class PaidTimeDay(SettableRule):
    """At most ``most_min`` paid minutes on a date."""

    name: ClassVar[str] = "paid_time_day"
    most_min: int

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> PaidTimeDay:
        """The rule from a setting in hours or minutes."""
        return cls(
            most_min=minutes_of(setting),
            **common(setting),
        )

    @property
    def strictness(self) -> float:
        """Fewer minutes are stricter."""
        return -self.most_min

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Dates with more paid time than the most, and the minutes above it."""
        paid: dict[date, int] = defaultdict(int)
        begins: dict[date, datetime] = {}
        for duty in week.duties:
            paid[duty.day] += duty.paid_min
            begins.setdefault(duty.day, duty.start)
        return [
            self.breach(
                week,
                begins[day],
                minutes - self.most_min,
                "min",
                f"has {say_minutes(minutes)} of paid time on {say_day(day)}, "
                f"{say_minutes(minutes - self.most_min)} more than the most of "
                f"{say_minutes(self.most_min)}",
            )
            for day, minutes in paid.items()
            if minutes > self.most_min
        ]

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Cap the paid minutes of a day and drop the lengths that pay more."""
        kept = tuple(n for n in limits.lengths_min if limits.contract.paid_min(n) <= self.most_min)
        return replace(
            limits, lengths_min=kept, paid_day_max=min(limits.paid_day_max, self.most_min)
        )

    def prices(self, person: Person) -> ShiftPrices | None:
        """Price the hours above a soft most."""
        if self.hardness == HARD:
            return None
        return PricedShifts(
            lambda day, start_min, end_min, paid_min: (
                self.price(1, "min") * np.maximum(paid_min - self.most_min, 0)
            )
        )
