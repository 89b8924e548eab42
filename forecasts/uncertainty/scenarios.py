"""
Days that might come: counts of all intervals together, drawn from the forecast's distribution.

The rate of an interval is its mean times a busyness of the day times one of the interval, both
Gamma with mean 1; counts are Poisson [1]_. The variance of the busyness of a scenario's days is
itself drawn (:mod:`forecasts.uncertainty.day_law`), once for each channel: some horizons are
wilder than others. What the forecast's errors had in common joins days, intervals and channels
(a Gaussian copula with the correlations of :mod:`forecasts.uncertainty.dependence`).

References
----------
.. [1] Jongbloed, G., and G. Koole (2001). Managing uncertainty in call centres using Poisson
       mixtures. *Applied Stochastic Models in Business and Industry*, 17(4): 307-318.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.special import gammaincinv, ndtr

from forecasts.history.series import FloatArray, IntArray
from forecasts.uncertainty.day_law import SURE, DayLaw, wildness
from forecasts.uncertainty.dependence import Dependence
from forecasts.uncertainty.distribution import HIGH

CELLS_AT_ONCE = 2_000_000
WILDNESSES = 64
_CUBE_MOST = 0.04


@dataclass(frozen=True)
class Cells:
    """
    Rows of one channel in order of time: mean, variances of the two factors, day; (row,).

    ``day_variance`` is that of the Gamma law which has the quantiles at 10 and 90 % of ``law``.
    """

    mean: FloatArray
    day_variance: FloatArray
    interval_variance: FloatArray
    day: IntArray
    dependence: Dependence
    law: DayLaw = field(default_factory=lambda: DayLaw(freedom=SURE))

    def of_days(self, days: IntArray) -> FloatArray:
        """Variance of the busyness of days, (day,): the mean of their rows, by contacts."""
        at = np.searchsorted(days, self.day)
        weight = np.maximum(self.mean, 1e-12)
        total = np.bincount(at, weight, days.size)
        variance = np.bincount(at, weight * self.day_variance, days.size)
        found: FloatArray = variance / np.where(total > 0, total, 1.0)
        return found

    def widened(self, share: float) -> Cells:
        """The same with variances of days that give Gamma laws their quantile at ``share``."""
        wider = self.law.widening(share) / self.law.widening(HIGH)
        return replace(self, day_variance=wider * self.day_variance)


def draw(
    channels: list[Cells], correlation: FloatArray, count: int, rng: np.random.Generator
) -> Iterator[FloatArray]:
    """
    Counts of every channel, (scenario, row), one channel after the other.

    ``correlation`` is that of the channels' busyness on one day, (channel, channel). Beside what
    is handed over, about :data:`CELLS_AT_ONCE` values are held at a time.
    """
    days = np.unique(np.concatenate([cells.day for cells in channels]))
    root = np.linalg.cholesky(correlation + 1e-9 * np.eye(len(channels)))
    white = rng.standard_normal((count, len(channels), days.size))
    mixed = np.einsum("ij,njd->nid", root, white)
    for number, cells in enumerate(channels):
        along = np.linalg.cholesky(cells.dependence.between_days(days) + 1e-9 * np.eye(days.size))
        variance = cells.of_days(days) / cells.law.widening(HIGH)
        wild = rng.choice(wildness(cells.law.freedom, WILDNESSES), (count, 1))
        busy = _gamma(mixed[:, number] @ along.T, variance * wild)
        found = np.empty((count, cells.mean.size))
        at, step = (
            np.searchsorted(days, cells.day),
            max(1, CELLS_AT_ONCE // max(cells.mean.size, 1)),
        )
        for first in range(0, count, step):
            some = slice(first, min(first + step, count))
            latent = _along_the_day(cells, some.stop - first, rng)
            inside = _gamma(latent, cells.interval_variance)
            found[some] = rng.poisson(cells.mean * busy[some][:, at] * inside)
        yield found


def total_variance(cells: Cells, groups: IntArray) -> tuple[IntArray, FloatArray, FloatArray]:
    """
    Mean and squared coefficient of variation of the rate of totals of rows.

    ``groups`` numbers each row's total, (row,); returns (group,) numbers, means and variances.
    """
    numbers, at = np.unique(groups, return_inverse=True)
    days, of_day = np.unique(cells.day, return_inverse=True)
    deviation = cells.mean * np.sqrt(cells.day_variance)
    by_day = np.zeros((numbers.size, days.size))
    np.add.at(by_day, (at, of_day), deviation)
    shared = np.einsum("gd,de,ge->g", by_day, cells.dependence.between_days(days), by_day)
    inside = np.bincount(at, _inside(cells), numbers.size)
    mean = np.bincount(at, cells.mean, numbers.size).astype(np.float64)
    variance = (shared + inside) / np.maximum(mean, 1e-12) ** 2
    return numbers, mean, np.where(mean > 0, variance, 0.0)


def _inside(cells: Cells) -> FloatArray:
    """What each row adds to the variance of its total, with the rows of its day before it."""
    own = cells.mean * np.sqrt(cells.interval_variance)
    same = np.diff(cells.day, prepend=-1) == 0
    carried, before = np.zeros(own.size), 0.0
    for row, value in enumerate(own):
        before = cells.dependence.slots * (before + (own[row - 1] if row else 0.0)) * same[row]
        carried[row] = value * (value + 2.0 * before)
    return carried


def _gamma(latent: FloatArray, variance: FloatArray) -> FloatArray:
    """
    Gamma factors of mean 1 at the levels of standard normal values.

    Small variances by the cube of Wilson and Hilferty, whose error is below 0.001 there.
    """
    variance = np.broadcast_to(variance, latent.shape)
    cube = (1.0 - variance / 9.0 + latent * np.sqrt(variance) / 3.0) ** 3
    factor = np.maximum(cube, 0.0)
    wide = variance > _CUBE_MOST
    shape = 1.0 / variance[wide]
    level = np.clip(ndtr(latent[wide]), 1e-12, 1 - 1e-12)
    factor[wide] = gammaincinv(shape, level) / shape
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
