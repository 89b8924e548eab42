"""
How busy days turn out to be, given what has come: the posterior of their busyness.

Before anything is seen, the busyness of a day is Gamma with mean 1. The intervals of a day are
negative binomial around it, so that the posterior of one day alone is a one-dimensional integral;
where intervals have no factor of their own it is the Gamma law with shape ``k + sum y`` and rate
``k + sum m`` [1]_. What one day says goes to the other days and channels on the logarithmic
scale, where dependence is that of scenarios (a Gaussian copula): each day's own posterior stands
for one observation with its mean and variance, and all are combined at once [2]_. The result is
read as the Gamma law with that mean and variance of the logarithm, which gives the conjugate
posterior back where there is one day and one channel.

References
----------
.. [1] Weinberg, J., L. D. Brown, and J. R. Stroud (2007). Bayesian forecasting of an
       inhomogeneous Poisson process with applications to call center data. *Journal of the
       American Statistical Association*, 102(480): 1185-1198.
       https://doi.org/10.1198/016214506000001455
.. [2] Minka, T. P. (2001). Expectation propagation for approximate Bayesian inference.
       *Uncertainty in Artificial Intelligence* 17: 362-369 (a single pass of it).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, polygamma

from forecasts.history.series import FloatArray, IntArray
from forecasts.uncertainty.scenarios import Cells

_VARIANCE_LEAST = 1e-8
_NODES = 257
_REACH_SD = 9.0
_STEPS = 100
_HELD = 0.999

Posterior = tuple[float, float, float, float]


@dataclass(frozen=True)
class Seen:
    """
    What is known of the rows of one channel, (row,) each.

    ``elapsed`` is the share of each interval that is over, ``arrived`` the contacts that came in
    it; NaN where nobody knows.
    """

    elapsed: FloatArray
    arrived: FloatArray

    @property
    def some(self) -> FloatArray:
        """1 where something is known, else 0."""
        return (np.isfinite(self.arrived) & (self.elapsed > 0)).astype(np.float64)


@dataclass(frozen=True)
class Busyness:
    """Expected busyness of one channel's days and its squared coefficient of variation, (day,)."""

    days: IntArray
    factor: FloatArray
    variance: FloatArray


def busyness(channels: list[Cells], correlation: FloatArray, seen: list[Seen]) -> list[Busyness]:
    """
    The busyness of every day of every channel, given what has come.

    Parameters
    ----------
    correlation
        Of the busyness of channels on one day, (channel, channel).
    """
    days = np.unique(np.concatenate([cells.day for cells in channels]))
    prior = [cells.of_days(days) for cells in channels]
    shape = 1.0 / np.maximum(np.concatenate(prior), _VARIANCE_LEAST)
    middle, spread = digamma(shape) - np.log(shape), polygamma(1, shape)
    own = [
        _of_day(cells, known, day, float(variance[number]))
        for cells, known, variance in zip(channels, seen, prior, strict=True)
        for number, day in enumerate(days)
    ]
    at = np.array([n for n, one in enumerate(own) if one is not None], dtype=np.int64)
    found = np.array([one for one in own if one is not None]).reshape(-1, 4)
    if at.size:
        found[:, 1] = np.minimum(found[:, 1], _HELD * spread[at])  # news never take certainty away
        covariance = _correlation(channels, correlation, days)
        covariance *= np.sqrt(spread[:, None] * spread[None, :])
        middle, spread = _together(middle, covariance, at, found)
    factor, variance = _as_gamma(middle, spread)
    own_factor, own_variance = _as_gamma(found[:, 0], found[:, 1])
    factor[at] *= found[:, 2] / own_factor  # what the Gamma law does not hold of the posterior
    variance[at] *= found[:, 3] / own_variance
    size = len(channels), days.size
    return [
        Busyness(days, *both)
        for both in zip(factor.reshape(size), variance.reshape(size), strict=True)
    ]


def posterior(
    mean: FloatArray, arrived: FloatArray, day_variance: float, interval_variance: FloatArray
) -> Posterior:
    """
    The busyness of a day, given some of its intervals: mean and variance of its logarithm, its
    mean, its squared coefficient of variation.

    Parameters
    ----------
    mean, arrived, interval_variance
        Of the intervals that are known, (interval,).
    day_variance
        Of the busyness before anything is seen.
    """
    k = 1.0 / max(day_variance, _VARIANCE_LEAST)
    size = 1.0 / np.maximum(interval_variance, _VARIANCE_LEAST)

    def slope(x: float) -> float:
        rate = mean * np.exp(x)
        return float(k - k * np.exp(x) + (size * (arrived - rate) / (size + rate)).sum())

    total = float(mean.sum())
    ratio = float(arrived.sum()) / total if total > 0 else 1.0
    low, high = np.log(max(min(ratio, 1.0), 1e-9)) - 3.0, np.log(max(ratio, 1.0)) + 3.0
    while slope(low) < 0 and low > -60:
        low -= 5.0
    while slope(high) > 0 and high < 60:
        high += 5.0
    for _ in range(_STEPS):
        centre = (low + high) / 2
        low, high = (centre, high) if slope(centre) > 0 else (low, centre)
    rate = mean * np.exp(centre)
    bend = k * np.exp(centre) + float((size * rate * (size + arrived) / (size + rate) ** 2).sum())
    x = centre + np.linspace(-_REACH_SD, _REACH_SD, _NODES) / np.sqrt(bend)
    rates = mean[None, :] * np.exp(x)[:, None]
    log_density = k * x - k * np.exp(x)
    log_density += (arrived * x[:, None] - (arrived + size) * np.log1p(rates / size)).sum(axis=1)
    weight = np.exp(log_density - log_density.max())
    weight /= weight.sum()
    first, busy = float(weight @ x), np.exp(x - centre)
    average = float(weight @ busy)
    relative = float(weight @ (busy / average - 1.0) ** 2)
    return first, float(weight @ (x - first) ** 2), average * float(np.exp(centre)), relative


def _of_day(cells: Cells, seen: Seen, day: int, day_variance: float) -> Posterior | None:
    """The posterior of one day's busyness by its own intervals; None where none is known."""
    some = (cells.day == day) & (seen.some > 0) & (cells.mean > 0)
    if not some.any() or day_variance <= _VARIANCE_LEAST:
        return None
    slots = cells.dependence.slots  # neighbours err alike, so they count as fewer
    within = cells.interval_variance[some] * (1 + slots) / (1 - slots)
    mean = cells.mean[some] * seen.elapsed[some]
    return posterior(mean, seen.arrived[some], day_variance, within)


def _correlation(channels: list[Cells], between: FloatArray, days: IntArray) -> FloatArray:
    """Correlation of the busyness of all days of all channels, as scenarios have it."""
    small = 1e-9 * np.eye(days.size)
    roots = [np.linalg.cholesky(cells.dependence.between_days(days) + small) for cells in channels]
    blocks = [
        [between[i, j] * (one @ other.T) for j, other in enumerate(roots)]
        for i, one in enumerate(roots)
    ]
    return np.block(blocks)


def _together(
    middle: FloatArray, covariance: FloatArray, at: IntArray, found: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """
    Means and variances of the logs of all days, given the own posteriors of some.

    ``found`` (observed, ...) are mean and variance of days ``at``, each alone, and more.
    """
    spread = np.diag(covariance)
    before, after = 1.0 / spread[at], 1.0 / found[:, 1]
    precision = after - before
    value = (after * found[:, 0] - before * middle[at]) / precision
    seen = covariance[np.ix_(at, at)] + np.diag(1.0 / precision)
    gain = np.linalg.solve(seen, covariance[at]).T
    mean = middle + gain @ (value - middle[at])
    left = spread - np.einsum("ij,ji->i", gain, covariance[at])
    return mean, np.clip(left, 1e-7 * spread, spread)


def _as_gamma(middle: FloatArray, spread: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Means and squared CVs of the Gamma laws with these means and variances of the log."""
    shape = 1.0 / spread + 0.5
    for _ in range(30):  # inverse of the trigamma function
        step = (polygamma(1, shape) - spread) / polygamma(2, shape)
        shape = np.maximum(shape - step, 0.5 * shape)
    return np.exp(middle + np.log(shape) - digamma(shape)), 1.0 / shape
