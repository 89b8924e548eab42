"""What several scenarios do to one schedule, in one table, on common random numbers.

Every column is simulated in the same pieces with the same seeds as the week as
it is (:mod:`wfplan.evaluation.differences`), so its differences carry half-widths.
Scenarios add up badly: what all together do beyond the sum of each alone is the
harm of their meeting, and has a half-width of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, nan, sqrt
from typing import Any

import numpy as np
from scipy.special import stdtrit

from wfplan.domain.results import FloatArray, Outcome
from wfplan.evaluation.differences import Difference, differences


@dataclass(frozen=True)
class ScenarioColumn:
    """One scenario beside the week as it is."""

    name: str
    changes: tuple[str, ...]
    found: tuple[Difference, ...]

    def as_dict(self) -> dict[str, Any]:
        """The column as plain values."""
        return {
            "name": self.name,
            "changes": list(self.changes),
            "differences": [one.as_dict() for one in self.found],
        }


@dataclass(frozen=True)
class Meeting:
    """Harm points that scenarios cost together beyond the sum of what each costs alone."""

    sum_alone: float
    together: float
    beyond: float
    half_width: float  # 95 %; NaN of a single piece

    @property
    def is_sure(self) -> bool:
        """Whether there is more in it than chance."""
        return isfinite(self.half_width) and abs(self.beyond) > self.half_width

    def as_dict(self) -> dict[str, Any]:
        """The meeting as plain values."""
        width = self.half_width if isfinite(self.half_width) else None
        return {**vars(self), "half_width": width, "is_sure": self.is_sure}


def scenario_column(
    name: str,
    changes: Sequence[str],
    firsts: Sequence[Outcome],
    seconds: Sequence[Outcome],
    channels: Sequence[str],
) -> ScenarioColumn:
    """A scenario's outcomes, piece by piece, beside those of the week as it is."""
    return ScenarioColumn(name, tuple(changes), differences(firsts, seconds, channels))


def meeting(
    base: Sequence[Outcome], alone: Sequence[Sequence[Outcome]], together: Sequence[Outcome]
) -> Meeting:
    """What scenarios do to harm together beyond the sum of each alone; all of the same pieces."""
    as_is = _harm(base)
    each = sum((_harm(pieces) - as_is for pieces in alone), np.zeros(len(base)))
    every = _harm(together) - as_is
    beyond = every - each
    width = nan
    if len(beyond) > 1:
        spread = float(beyond.std(ddof=1)) / sqrt(len(beyond))
        width = float(stdtrit(len(beyond) - 1, 0.975)) * spread
    return Meeting(float(each.mean()), float(every.mean()), float(beyond.mean()), width)


def _harm(pieces: Sequence[Outcome]) -> FloatArray:
    """Harm points of the week in every piece, (piece,)."""
    return np.array([piece.value("harm") for piece in pieces], dtype=np.float64)
