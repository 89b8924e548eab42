"""Scores of forecasts: plain functions of arrays of one shape."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def wape(actual: FloatArray, forecast: FloatArray) -> float:
    """Sum of absolute errors / sum of actuals; NaN where nothing came."""
    total = float(np.abs(actual).sum())
    return float(np.abs(actual - forecast).sum()) / total if total > 0 else float("nan")


def coverage(actual: FloatArray, lower: FloatArray, upper: FloatArray) -> float:
    """Share of actuals inside [lower, upper], bounds included; NaN where there are none."""
    return float(((actual >= lower) & (actual <= upper)).mean()) if actual.size else float("nan")
