"""
Days that might come: counts of all intervals together, drawn from the forecast's distribution.

The rate of an interval is its mean times a busyness of the day times one of the interval, both
Gamma with mean 1; counts are Poisson [1]_. What the forecast's errors had in common joins days,
intervals and channels (a Gaussian copula with the correlations of
:mod:`forecasts.uncertainty.dependence`).

References
----------
.. [1] Jongbloed, G., and G. Koole (2001). Managing uncertainty in call centres using Poisson
       mixtures. *Applied Stochastic Models in Business and Industry*, 17(4): 307-318.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincinv, ndtr

from forecasts.history.series import FloatArray, IntArray
from forecasts.uncertainty.dependence import Dependence

_VARIANCE_LEAST = 1e-8


@dataclass(frozen=True)
class Cells:
    """Rows of one channel in order of time: mean, variances of the two factors, day; (row,)."""

    mean: FloatArray
    day_variance: FloatArray
    interval_variance: FloatArray
    day: IntArray
    dependence: Dependence


def draw(
    channels: list[Cells], correlation: FloatArray, count: int, rng: np.random.Generator
) -> list[FloatArray]:
    """
    Counts of every channel, (scenario, row).

    ``correlation`` is that of the channels' busyness on one day, (channel, channel).
    """
    days = np.unique(np.concatenate([cells.day for cells in channels]))
    root = np.linalg.cholesky(correlation + 1e-9 * np.eye(len(channels)))
    white = rng.standard_normal((count, len(channels), days.size))
    mixed = np.einsum("ij,njd->nid", root, white)
    found = []
    for number, cells in enumerate(channels):
        along = np.linalg.cholesky(cells.dependence.between_days(days) + 1e-9 * np.eye(days.size))
        latent = (mixed[:, number] @ along.T)[:, np.searchsorted(days, cells.day)]
        busy = _gamma(latent, cells.day_variance)
        inside = _gamma(_along_the_day(cells, count, rng), cells.interval_variance)
        found.append(rng.poisson(cells.mean * busy * inside).astype(np.float64))
    return found


def total_variance(cells: Cells, groups: IntArray) -> tuple[IntArray, FloatArray, FloatArray]:
    """
    Mean and squared coefficient of variation of the rate of totals of rows.

    ``groups`` numbers each row's total, (row,); returns (group,) numbers, means and variances.
    """
    numbers, at = np.unique(groups, return_inverse=True)
    days, of_day = np.unique(cells.day, return_inverse=True)
    slots = cells.dependence.slots
    deviation = cells.mean * np.sqrt(cells.day_variance)
    by_day = np.zeros((numbers.size, days.size))
    np.add.at(by_day, (at, of_day), deviation)
    shared = np.einsum("gd,de,ge->g", by_day, cells.dependence.between_days(days), by_day)
    own = (cells.mean**2 * cells.interval_variance * (1 + slots) / (1 - slots)).astype(np.float64)
    inside = np.bincount(at, own, numbers.size)
    mean = np.bincount(at, cells.mean, numbers.size).astype(np.float64)
    variance = (shared + inside) / np.maximum(mean, 1e-12) ** 2
    return numbers, mean, np.where(mean > 0, cells.dependence.day_width * variance, 0.0)


def _gamma(latent: FloatArray, variance: FloatArray) -> FloatArray:
    """Gamma factors of mean 1 at the levels of standard normal values."""
    shape = 1.0 / np.maximum(variance, _VARIANCE_LEAST)
    level = np.clip(ndtr(latent), 1e-12, 1 - 1e-12)
    factor = np.where(variance > _VARIANCE_LEAST, gammaincinv(shape, level) / shape, 1.0)
    return np.asarray(factor, dtype=np.float64)


def _along_the_day(cells: Cells, count: int, rng: np.random.Generator) -> FloatArray:
    """Standard normal values whose neighbours within a day are correlated, (scenario, row)."""
    values: FloatArray = rng.standard_normal((count, cells.mean.size))
    keep, fresh = cells.dependence.slots, np.sqrt(1 - cells.dependence.slots**2)
    same = np.diff(cells.day) == 0
    for row in range(1, cells.mean.size):
        if same[row - 1]:
            values[:, row] = keep * values[:, row - 1] + fresh * values[:, row]
    return values
