"""
Scores of forecasts: plain functions of arrays of one shape, one element per cell.

A cell is an interval of a channel (or a day, or a week). Losses are those of the literature: all
but the plain percentages are proper, so that nobody gains by saying what he does not believe [1]_.
Distributions are the counts of a forecast's table: Poisson around a rate that is gamma with mean
``mean`` and coefficient of variation ``rate_cv``, thus negative binomial with variance
``mean + (rate_cv * mean)^2``; Poisson where ``rate_cv`` is 0.

References
----------
.. [1] Gneiting, T., and A. E. Raftery (2007). Strictly proper scoring rules, prediction, and
       estimation. *Journal of the American Statistical Association*, 102(477): 359-378.
       https://doi.org/10.1198/016214506000001437
.. [2] Hyndman, R. J., and A. B. Koehler (2006). Another look at measures of forecast accuracy.
       *International Journal of Forecasting*, 22(4): 679-688.
       https://doi.org/10.1016/j.ijforecast.2006.03.001
.. [3] Czado, C., T. Gneiting, and L. Held (2009). Predictive model assessment for count data.
       *Biometrics*, 65(4): 1254-1261. https://doi.org/10.1111/j.1541-0420.2009.01191.x
.. [4] Wei, W., and L. Held (2014). Calibration tests for count data. *TEST*, 23(4): 787-805.
       https://doi.org/10.1007/s11749-014-0380-8
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc, gammaln

FloatArray = NDArray[np.float64]

PINBALL_AT = (0.1, 0.5, 0.9)
_POISSON_VARIANCE = 1e-6  # squared cv times mean, below which a count is taken for Poisson
_STEP = 0.25  # of the logarithm of the frequency, where differences of two counts are summed up


def wape(actual: FloatArray, forecast: FloatArray) -> float:
    """Sum of absolute errors / sum of actuals; NaN where nothing came."""
    total = float(np.abs(actual).sum())
    return float(np.abs(actual - forecast).sum()) / total if total > 0 else float("nan")


def bias(actual: FloatArray, forecast: FloatArray) -> float:
    """What was forecast too much, as a share of what came (below 0: too little); NaN for none."""
    total = float(actual.sum())
    return float((forecast - actual).sum()) / total if total > 0 else float("nan")


def mase(actual: FloatArray, forecast: FloatArray, history: FloatArray, season: int) -> float:
    """
    Mean absolute error / that of the last season's value within the history [2]_.

    Parameters
    ----------
    history
        Counts in order of time, up to the first cell forecast; NaN where unknown.
    season
        Cells after which the history repeats (a week of half-hours: 336).

    Returns
    -------
    float
        Below 1: better than repeating the last season. NaN where the history is shorter than
        that, or repeats itself without any error.
    """
    change = np.abs(history[season:] - history[:-season])
    change = change[np.isfinite(change)]
    usual = float(change.mean()) if change.size else 0.0
    missed = np.abs(actual - forecast)
    return float(missed.mean()) / usual if usual > 0 and missed.size else float("nan")


def pinball(
    actual: FloatArray, quantiles: FloatArray, levels: Sequence[float] = PINBALL_AT
) -> float:
    """
    Mean loss of quantiles over cells and levels, contacts.

    Parameters
    ----------
    quantiles
        What was said at each of ``levels``, (level, cell).
    """
    level = np.asarray(levels, dtype=np.float64)[:, None]
    error = actual[None, :] - np.atleast_2d(quantiles)
    return float(np.maximum(level * error, (level - 1.0) * error).mean())


def coverage(actual: FloatArray, lower: FloatArray, upper: FloatArray) -> float:
    """Share of actuals inside [lower, upper], bounds included; NaN where there are none."""
    return float(((actual >= lower) & (actual <= upper)).mean()) if actual.size else float("nan")


def crps(actual: FloatArray, mean: FloatArray, rate_cv: ArrayLike = 0.0) -> FloatArray:
    """
    Continuous ranked probability score of the distribution of every cell, contacts.

    Notes
    -----
    ``sum_k (F(k) - 1{y <= k})^2``, the mean distance of a count drawn from the distribution to
    what came less half that of two such counts [1]_ [4]_. The first has a closed form; the second
    is an integral of the characteristic function, smooth enough for the trapezoidal rule to give
    twelve digits (six where ``rate_cv`` is 0).
    """
    y, m, cv = _same_shape(actual, mean, rate_cv)
    size = _size(m, cv)
    success = size / (size + m)
    up_to = _cumulative(np.floor(y), size, success)
    share = _cumulative(np.floor(y) - 1.0, size + 1.0, success)  # of contacts in counts up to y
    apart = y * (2.0 * up_to - 1.0) + m * (1.0 - 2.0 * share)
    score: FloatArray = np.where(m > 0, apart - 0.5 * _between_two(m, size), np.abs(y))
    return score


def pit(
    actual: FloatArray, mean: FloatArray, rate_cv: ArrayLike = 0.0, *, bins: int = 10
) -> FloatArray:
    """
    Histogram of the probability integral transform of counts, not randomised [3]_, (bin,).

    Shares of the cells, of sum 1: all alike for a calibrated forecast, high at both ends where
    intervals are too narrow, high in the middle where they are too wide, leaning where biased.
    All NaN where there are no cells.
    """
    y, m, cv = _same_shape(actual, mean, rate_cv)
    if not y.size:
        return np.full(bins, np.nan)
    size = _size(m, cv)
    success = size / (size + m)
    upper = _cumulative(np.floor(y), size, success).ravel()
    lower = _cumulative(np.floor(y) - 1.0, size, success).ravel()
    edge = np.linspace(0.0, 1.0, bins + 1)[:, None]
    jump = np.maximum(upper - lower, 1e-300)
    share: FloatArray = np.diff(np.clip((edge - lower) / jump, 0.0, 1.0).mean(axis=1))
    return share


def noise_floor(mean: FloatArray, rate_cv: ArrayLike = 0.0) -> float:
    """
    The WAPE that remains when the mean of every cell is known; NaN where nothing is expected.

    Parameters
    ----------
    mean
        Expected contacts.
    rate_cv
        Coefficient of variation of the rate that nobody can foresee; 0 where it is known.

    Notes
    -----
    ``2 e^-m m^m / m!`` for a whole mean m and a known rate; close to
    ``sqrt(2 / pi) * sqrt(1 / m + cv^2)`` for means that are not small.
    """
    total = float(np.sum(mean))
    return float(mean_deviation(mean, rate_cv).sum()) / total if total > 0 else float("nan")


def mean_deviation(mean: FloatArray, rate_cv: ArrayLike = 0.0) -> FloatArray:
    """
    Mean absolute deviation of counts from their mean, exactly.

    Notes
    -----
    ``2 (n + 1) f(n + 1) / p`` with n the whole part of the mean, f the negative binomial and p its
    chance of success: ``k f(k)`` grows from k to k + 1 by ``p (m - k) f(k)``, so the sum of the
    deviations below the mean telescopes. As the rate becomes known p tends to 1 and f to Poisson.
    """
    m, cv = np.broadcast_arrays(np.asarray(mean, np.float64), np.asarray(rate_cv, np.float64))
    some = np.maximum(m, 1e-12)
    size, above = _size(some, cv), np.floor(some) + 1.0
    log_f = above * np.log(some) - gammaln(above + 1.0) - (size + above) * np.log1p(some / size)
    log_f += gammaln(size + above) - gammaln(size) - above * np.log(size)
    poisson = above * np.log(some) - some - gammaln(above + 1.0)
    log_f = np.where(cv**2 * some <= _POISSON_VARIANCE, poisson, log_f)
    inverse = 1.0 + np.where(cv > 0, some / size, 0.0)
    deviation: FloatArray = np.where(m > 0, 2.0 * above * np.exp(log_f) * inverse, 0.0)
    return deviation


def _same_shape(*values: ArrayLike) -> list[FloatArray]:
    """Arrays of numbers of one shape."""
    arrays = np.broadcast_arrays(*(np.asarray(one, dtype=np.float64) for one in values))
    return [np.asarray(one) for one in arrays]


def _size(mean: FloatArray, rate_cv: FloatArray) -> FloatArray:
    """Size of the negative binomial; large where the rate is known."""
    least = _POISSON_VARIANCE / np.maximum(mean, 1e-9)
    size: FloatArray = 1.0 / np.maximum(rate_cv**2, least)
    return size


def _cumulative(count: FloatArray, size: FloatArray, success: FloatArray) -> FloatArray:
    """P(Y <= count) of the negative binomial, 0 below zero."""
    known = betainc(size, np.maximum(count, 0.0) + 1.0, success)
    cumulative: FloatArray = np.where(count >= 0, known, 0.0)
    return cumulative


def _between_two(mean: FloatArray, size: FloatArray) -> FloatArray:
    """
    Mean distance between two counts of the same distribution.

    ``(1 / 2 pi) * integral of (1 - |phi(t)|^2) / (1 - cos t)`` over a period, since Fejer's kernel
    integrates to the distance; then t = 2 atan(e^s), and geometric series beyond the grid.
    """
    spread = mean / size * (1.0 + mean / size)  # variance / size
    deviation = np.sqrt(np.maximum(size * spread, 1e-12))
    first = float(np.log(1e-4 / max(1.0, float(deviation.max(initial=1.0)))))
    grid = np.exp(np.arange(first, np.log(1e5), _STEP))
    total = np.zeros(mean.shape)
    for x in grid:
        total += _gone(4.0 * spread * x * x / (1.0 + x * x), size) / x
    left = 1.0 / np.expm1(_STEP)  # of a geometric series, relative to its first term
    total += left * (4.0 * spread * size * grid[0] + _gone(4.0 * spread, size) / grid[-1])
    distance: FloatArray = total * _STEP / np.pi
    return distance


def _gone(spread: FloatArray, size: FloatArray) -> FloatArray:
    """1 - (1 + spread)^-size."""
    lost: FloatArray = -np.expm1(-size * np.log1p(spread))
    return lost
