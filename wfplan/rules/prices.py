"""What single shifts cost the plan under soft rules: the planner's face of rules of one shift."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

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

    shifts: Callable[[int, IntArray, IntArray, IntArray], FloatArray]
    day_off: Callable[[int], float] = lambda day: 0.0

    def of_shifts(
        self, day: int, start_min: IntArray, end_min: IntArray, paid_min: IntArray
    ) -> FloatArray:
        """See :class:`ShiftPrices`."""
        return np.asarray(self.shifts(day, start_min, end_min, paid_min), dtype=np.float64)

    def of_day_off(self, day: int) -> float:
        """See :class:`ShiftPrices`."""
        return float(self.day_off(day))
