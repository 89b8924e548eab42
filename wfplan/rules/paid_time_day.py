"""Paid time of a day: the most, or least, paid minutes of the shifts that start on one date.

Source: a law pack or the plan (DE ArbZG section 3 asks for it, the EU directive does not).

A least speaks of dates that are worked.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wfplan.rules.base import HARD, LEAST, MOST, MinutesRule
from wfplan.rules.limits import only_lengths
from wfplan.rules.prices import PricedShifts
from wfplan.rules.wording import say_day, say_minutes

if TYPE_CHECKING:
    from datetime import date, datetime

    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.prices import ShiftPrices
    from wfplan.rules.week import AgentWeek


@dataclass(frozen=True, kw_only=True)
class PaidTimeDay(MinutesRule):
    """At most, or at least, ``minutes`` of paid time on a date that is worked."""

    name: ClassVar[str] = "paid_time_day"

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Dates with too much or too little paid time, and the minutes in question."""
        paid: dict[date, int] = defaultdict(int)
        begins: dict[date, datetime] = {}
        for duty in week.duties:
            paid[duty.day] += duty.paid_min
            begins.setdefault(duty.day, duty.start)
        found = []
        for day, minutes in paid.items():
            over = minutes - self.minutes
            wrong = over if self.bound == MOST else -over
            if wrong > 0:
                side = "more than the most" if self.bound == MOST else "less than the least"
                why = (
                    f"has {say_minutes(minutes)} of paid time on {say_day(day)}, "
                    f"{say_minutes(wrong)} {side} of {say_minutes(self.minutes)}"
                )
                found.append(self.breach(week, begins[day], wrong, "min", why))
        return found

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Cap the paid minutes of a day, or drop the lengths that pay less than the least."""
        paid_min = limits.contract.paid_min
        if self.bound == LEAST:
            return only_lengths(limits, person, lambda n: paid_min(n) >= self.minutes)
        kept = tuple(n for n in limits.lengths_min if paid_min(n) <= self.minutes)
        most = min(limits.paid_day_max, self.minutes)
        return replace(limits, lengths_min=kept, paid_day_max=most)

    def prices(self, person: Person) -> ShiftPrices | None:
        """Price the hours above a soft most, or below a soft least."""
        if self.hardness == HARD:
            return None
        sign = 1 if self.bound == MOST else -1
        return PricedShifts(
            lambda day, start_min, end_min, paid_min: (
                self.price(1, "min") * np.maximum(sign * (paid_min - self.minutes), 0)
            )
        )
