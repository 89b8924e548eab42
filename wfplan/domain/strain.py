"""Strain: how much a minute of contact work weighs in the overload ledger.

SCIENCE 4.3: the strain rate of an interval is convex and piecewise linear in
its predicted occupancy, times the channel's weight, the weight of the k-th
working day in a row, and a weight for the night. These are policy defaults,
not measured effects. A plan may have a table of its own under ``[strain]``; every
entry of the ledger names the table that it was weighed by.

References
----------
.. [1] Folkard, S., and P. Tucker (2003). Shift work, safety and productivity.
       *Occupational Medicine*, 53(2): 95-101. https://doi.org/10.1093/occmed/kqg047
       (successive day shifts 1.00, 1.02, 1.07, 1.17; night against morning 1.28)
"""

from __future__ import annotations

from hashlib import sha256
from itertools import pairwise
from typing import Annotated

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field, model_validator

from wfplan.domain.base import Model

FloatArray = NDArray[np.float64]

OURS = "2026.1"
"""The version of the table that wfplan comes with."""

NIGHT_BEGINS_MIN, NIGHT_ENDS_MIN = 23 * 60, 6 * 60

HARD_STRAIN = 1.25
"""Weight of a channel in the overload ledger from which it is a hard queue."""

_Weight = Annotated[float, Field(ge=0.1, le=10)]
_MARK = 8  # letters of the hash that tells tables of one version apart


class StrainTable(Model):
    """
    What work weighs: strain-minutes per worked minute, and its multipliers.

    ``occupancy`` and ``strain`` are the knots of the strain rate, flat outside
    them. ``day_weights[k]`` is the weight of the (k+1)-th working day in a row;
    the last one holds for all further days. A table that is not ours has a
    version of its own; more occupancy may never weigh less.
    """

    version: str = Field(default=OURS, pattern=r"^[A-Za-z0-9._-]{1,40}$")
    occupancy: tuple[Annotated[float, Field(ge=0, le=1)], ...] = (0.75, 0.85, 0.90, 0.95, 1.00)
    strain: tuple[Annotated[float, Field(ge=0, le=100)], ...] = (0.0, 0.25, 0.50, 1.00, 2.00)
    day_weights: tuple[_Weight, ...] = Field(default=(1.00, 1.02, 1.07, 1.17, 1.25), min_length=1)
    night_weight: _Weight = 1.28

    @model_validator(mode="after")
    def _check(self) -> StrainTable:
        if len(self.occupancy) != len(self.strain) or len(self.occupancy) < 2:
            raise ValueError(
                f"occupancy has {len(self.occupancy)} values and strain {len(self.strain)}: give "
                "as many of each, two or more"
            )
        knots = list(zip(self.occupancy, self.strain, strict=True))
        if any(b[0] <= a[0] for a, b in pairwise(knots)):
            raise ValueError(f"occupancy {list(self.occupancy)} must rise")
        slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(knots)]
        if any(b < a - 1e-9 for a, b in pairwise((0.0, *slopes))):
            raise ValueError(
                f"strain {list(self.strain)} must rise ever more steeply with occupancy, so that a "
                "busy hour is never made lighter by a busier one"
            )
        if self.version == OURS and self._numbers() != _our_numbers():
            raise ValueError(
                f"version {OURS} is the table that wfplan comes with: give yours a version of its "
                "own, such as 'works-council-1'"
            )
        return self

    @property
    def name(self) -> str:
        """Version and, of a table that is not ours, a mark of what is in it: ``house-1+3fa2``."""
        if self.version == OURS:
            return self.version
        return f"{self.version}+{sha256(repr(self._numbers()).encode()).hexdigest()[:_MARK]}"

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

    def _numbers(self) -> tuple[object, ...]:
        return self.occupancy, self.strain, self.day_weights, self.night_weight


def _our_numbers() -> tuple[object, ...]:
    """The numbers of our own table, as its fields say."""
    names = ("occupancy", "strain", "day_weights", "night_weight")
    return tuple(StrainTable.model_fields[name].default for name in names)


STRAIN_TABLE = StrainTable()

UNWEIGHTED = StrainTable(version="none", day_weights=(1.0,), night_weight=1.0)
"""Minutes as they are, for what is counted and not weighed."""
