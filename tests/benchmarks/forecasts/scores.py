"""Scores of one series at one lead, over every interval that came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tests.benchmarks.forecasts.yardsticks import LEVELS

PINBALL_AT = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class Score:
    """WAPE and pinball in % of the contacts, coverage in %."""

    wape: float
    pinball: float
    covers80: float
    covers95: float
    bias: float
    cells: int


def score(actual: np.ndarray, mean: np.ndarray, quantiles: np.ndarray) -> Score:
    """Scores over cells; ``quantiles`` of shape (level, cell), at the levels of the yardsticks."""
    total = max(actual.sum(), 1e-12)
    low95, low80, _, high80, high95 = quantiles
    return Score(
        100 * np.abs(actual - mean).sum() / total,
        200 * pinball(actual, quantiles) / total,
        100 * ((actual >= low80) & (actual <= high80)).mean(),
        100 * ((actual >= low95) & (actual <= high95)).mean(),
        100 * (mean.sum() / total - 1),
        actual.size,
    )


def pinball(
    actual: np.ndarray, quantiles: np.ndarray, levels: Sequence[float] = PINBALL_AT
) -> float:
    """Sum over cells of the mean pinball loss over levels."""
    losses = []
    for level in levels:
        error = actual - quantiles[LEVELS.index(level)]
        losses.append(np.maximum(level * error, (level - 1) * error).sum())
    return float(np.mean(losses))
