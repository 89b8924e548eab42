"""What single shifts cost the plan: the planner's face of rules that see one shift at a time.

A hard rule of single shifts costs more than any price: ``inf`` forbids a shift.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wfplan.rules.base import HARD
from wfplan.rules.clock import instant, minutes_between

if TYPE_CHECKING:
    from wfplan.domain.contracts import Contract
    from wfplan.rules.base import SettableRule
    from wfplan.rules.person import Person

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class ShiftPrices(Protocol):
    """Harm points of the shifts of a date, by wall minutes after its local midnight."""

    def of_shifts(
        self, day: int, start_min: IntArray, end_min: IntArray, paid_min: IntArray
    ) -> FloatArray:
        """Harm points of each shift of the day-th date of the horizon, (shift,)."""
        ...

    def of_day_off(self, day: int) -> float:
        """Harm points of the day-th date of the horizon without a shift."""
        ...


@dataclass(frozen=True, eq=False)
class PricedShifts:
    """Prices from two functions: of (day, start, end, paid) arrays, and of a day off."""

    shifts: Callable[[int, IntArray, IntArray, IntArray], ArrayLike]
    day_off: Callable[[int], float] = lambda day: 0.0

    def of_shifts(
        self, day: int, start_min: IntArray, end_min: IntArray, paid_min: IntArray
    ) -> FloatArray:
        """See :class:`ShiftPrices`."""
        return np.asarray(self.shifts(day, start_min, end_min, paid_min), dtype=np.float64)

    def of_day_off(self, day: int) -> float:
        """See :class:`ShiftPrices`."""
        return float(self.day_off(day))


def elapsed_minutes(person: Person, day: int, start_min: IntArray, end_min: IntArray) -> IntArray:
    """Elapsed minutes of shifts of the day-th date from what the clock shows, (shift,)."""
    date, zone = person.dates[day], person.timezone
    two_days = minutes_between(instant(date, 0, zone), instant(date + timedelta(days=2), 0, zone))
    if two_days == 2 * 24 * 60:
        return end_min - start_min
    lengths = [
        minutes_between(instant(date, int(a), zone), instant(date, int(b), zone))
        for a, b in zip(start_min, end_min, strict=True)
    ]
    return np.array(lengths, dtype=np.int64)


def window_prices(
    rule: SettableRule, person: Person, away: Callable[[IntArray, IntArray], IntArray]
) -> ShiftPrices:
    """
    Prices of shifts that begin or end so many minutes outside a window of the clock.

    A lock stands whatever a hard rule says, as the auditor tells it.
    """
    locked = {person.dates.index(lock.day) for lock in person.locks if lock.start is not None}

    def of_shifts(
        day: int, start_min: IntArray, end_min: IntArray, paid_min: IntArray
    ) -> FloatArray:
        out = away(start_min, end_min)
        if rule.hardness == HARD:
            return np.where((out > 0) & (day not in locked), np.inf, 0.0)
        return rule.price(1, "min") * out.astype(np.float64)

    return PricedShifts(of_shifts)


def lack_prices(
    rule: SettableRule, person: Person, lacks: Callable[[Contract, int], int]
) -> ShiftPrices:
    """Prices of the minutes that shifts lack by their elapsed length under the contract."""

    def of_shifts(
        day: int, start_min: IntArray, end_min: IntArray, paid_min: IntArray
    ) -> FloatArray:
        lengths, at = np.unique(
            elapsed_minutes(person, day, start_min, end_min), return_inverse=True
        )
        tolls = [rule.toll(lacks(person.contract, int(n)), "min") for n in lengths]
        return np.array(tolls)[at]

    return PricedShifts(of_shifts)
