"""Strain: how much a minute of contact work weighs in the overload ledger.

SCIENCE 4.3: the strain rate of an interval is convex and piecewise linear in
its predicted occupancy, times the channel's weight, the weight of the k-th
working day in a row, and a weight for the night. These are policy defaults,
not measured effects; the table carries a version that every ledger names.

References
----------
.. [1] Folkard, S., and P. Tucker (2003). Shift work, safety and productivity.
       *Occupational Medicine*, 53(2): 95-101. https://doi.org/10.1093/occmed/kqg047
       (successive day shifts 1.00, 1.02, 1.07, 1.17; night against morning 1.28)
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wfplan.errors import InputError

FloatArray = NDArray[np.float64]

NIGHT_BEGINS_MIN, NIGHT_ENDS_MIN = 23 * 60, 6 * 60


@dataclass(frozen=True, slots=True)
class StrainTable:
    """
    What work weighs: strain-minutes per worked minute, and its multipliers.

    ``occupancy`` and ``strain`` are the knots of the strain rate, flat outside
    them. ``day_weights[k]`` is the weight of the (k+1)-th working day in a row;
    the last one holds for all further days.

    Raises
    ------
    InputError
        When the knots do not rise, or the strain rate is not convex and
        growing between them: more occupancy may never weigh less.
    """

    version: str = "2026.1"
    occupancy: tuple[float, ...] = (0.75, 0.85, 0.90, 0.95, 1.00)
    strain: tuple[float, ...] = (0.0, 0.25, 0.50, 1.00, 2.00)
    day_weights: tuple[float, ...] = (1.00, 1.02, 1.07, 1.17, 1.25)
    night_weight: float = 1.28

    def __post_init__(self) -> None:
        knots = list(zip(self.occupancy, self.strain, strict=True))
        if any(b[0] <= a[0] for a, b in pairwise(knots)):
            raise InputError(f"strain table {self.version}: occupancy {self.occupancy} must rise.")
        slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(knots)]
        if any(b < a - 1e-9 for a, b in pairwise((0.0, *slopes))):
            raise InputError(
                f"strain table {self.version}: strain {self.strain} must rise ever more steeply "
                "with occupancy, so that a busy hour is never made lighter by a busier one."
            )

    def rate(self, occupancy: ArrayLike) -> FloatArray:
        """Strain-minutes per worked minute at an occupancy; none where it is not known."""
        known = np.nan_to_num(np.asarray(occupancy, dtype=np.float64), nan=0.0)
        return np.interp(known, self.occupancy, self.strain)

    def day_weight(self, day_in_a_row: int) -> float:
        """Weight of the k-th working day in a row, k from 1."""
        return self.day_weights[min(day_in_a_row, len(self.day_weights)) - 1]

    def clock_weight(self, wall_minutes: NDArray[np.int64]) -> FloatArray:
        """Weight of intervals by the wall time of their start: nights are 23:00 to 06:00."""
        is_night = (wall_minutes >= NIGHT_BEGINS_MIN) | (wall_minutes < NIGHT_ENDS_MIN)
        return np.where(is_night, self.night_weight, 1.0)


STRAIN_TABLE = StrainTable()

UNWEIGHTED = StrainTable("none", day_weights=(1.0,), night_weight=1.0)
"""Minutes as they are, for what is counted and not weighed."""

HARD_STRAIN = 1.25
"""Weight of a channel in the overload ledger from which it is a hard queue."""
