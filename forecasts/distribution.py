"""
How wrong the forecast is: a busyness of the day and one of the interval.

Counts are Poisson around ``mean x B_day x B_interval``, with gamma factors of
mean 1; the count is then negative binomial with variance m + v m^2, v being
the squared ``rate_cv``. The two variances come from out-of-sample errors by
the method of moments, net of Poisson noise: products of errors of different
intervals of one day for the day [1]_, squares for the interval. A last factor
on v makes the central 80 % hold 80 % of the past counts (in the sense of the
non-randomised probability integral transform for counts [2]_). All estimates
are shrunk towards what is known without errors, so few origins change little.

References
----------
.. [1] Avramidis, A. N., A. Deslauriers, and P. L'Ecuyer (2004). Modeling daily
       arrivals to a telephone call center. *Management Science*, 50(7): 896-908.
       https://doi.org/10.1287/mnsc.1040.0236
.. [2] Czado, C., T. Gneiting, and L. Held (2009). Predictive model assessment
       for count data. *Biometrics*, 65(4): 1254-1261.
       https://doi.org/10.1111/j.1541-0420.2009.01191.x
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc
from scipy.stats import nbinom

from forecasts.backtest import Errors
from forecasts.series import FloatArray, IntArray

LOW, HIGH = 0.1, 0.9
_POISSON_VARIANCE = 1e-6  # v m below which a negative binomial is a Poisson count
_INTERVAL_VARIANCE = 0.05**2  # of the rate within the day, before any error is seen
_PRIOR_DAYS = 5.0  # days of errors that weigh as much as what is known before
_SMOOTH_MIN = 60.0
_TAIL = 9.0  # a day's squared error counts up to this multiple of its variance
_RATE_VARIANCE_MAX = 4.0
_CELLS_MAX = 3000


@dataclass(frozen=True)
class Uncertainty:
    """
    What the errors say: scale of the day's variance, variances within the day.

    ``interval`` is of shape (slot,); ``width`` the factor on the whole variance
    that makes intervals hold what they promise.
    """

    day_scale: float
    interval: FloatArray
    width: float

    def rate_variance(self, day_variance: FloatArray, slot: IntArray) -> FloatArray:
        """Squared ``rate_cv`` of cells."""
        day, within = self.day_scale * day_variance, self.interval[slot]
        total: FloatArray = self.width * (day + within + day * within)
        return np.minimum(total, _RATE_VARIANCE_MAX)

    def day_share(self, day_variance: FloatArray, mean: FloatArray, slot: IntArray) -> float:
        """Part of the variance that a day's intervals have in common, contact-weighted."""
        weight = mean**2
        day = float((weight * self.day_scale * day_variance).sum())
        within = float((weight * self.interval[slot]).sum())
        return day / (day + within) if day + within > 0 else 0.0


def learn_uncertainty(errors: Errors, slots: int, interval_min: int) -> Uncertainty:
    """The uncertainty that out-of-sample errors show; the prior where there are none."""
    flat = np.full(slots, _INTERVAL_VARIANCE)
    if not errors.size or errors.mean.sum() <= 0:
        return Uncertainty(1.0, flat, 1.0)
    error = errors.actual - errors.mean
    day_scale = _day_scale(errors, error)
    within = _within(errors, error, day_scale, slots, interval_min)
    rough = Uncertainty(day_scale, within, 1.0)
    return Uncertainty(day_scale, within, _width(errors, rough))


def count_quantiles(
    mean: FloatArray, rate_variance: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """
    Quantiles of counts at 0.1, 0.5 and 0.9: whole numbers, of the shape of ``mean``.

    Counts jump, so no interval holds exactly 80 %. The bounds are those whose
    outside probabilities, P(Y < low) and P(Y > high), lie nearest to 10 %.
    """
    low, middle, high = (np.zeros(mean.shape) for _ in range(3))
    some = mean > 0
    if not some.any():
        return low, middle, high
    m = mean[some]
    size = 1.0 / np.maximum(rate_variance[some], _POISSON_VARIANCE / np.maximum(m, 1e-9))
    success = size / (size + m)
    first, half, last = (
        np.asarray(nbinom.ppf(p, size, success), dtype=np.float64) for p in (LOW, 0.5, HIGH)
    )
    middle[some] = half
    below, up_to = _cumulative(first - 1.0, size, success), _cumulative(first, size, success)
    low[some] = first + (up_to - LOW < LOW - below)
    below, up_to = _cumulative(last - 1.0, size, success), _cumulative(last, size, success)
    high[some] = last - ((HIGH - below < up_to - HIGH) & (last > 0))
    return np.minimum(low, middle), middle, np.maximum(high, middle)


def _cumulative(count: FloatArray, size: FloatArray, success: FloatArray) -> FloatArray:
    """P(Y <= count) of the negative binomial, 0 below zero."""
    known = betainc(size, np.maximum(count, 0.0) + 1.0, success)
    cumulative: FloatArray = np.where(count >= 0, known, 0.0)
    return cumulative


def _common(errors: Errors, error: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """
    Squared relative error that the cells of a day share, by day.

    The mean product of errors of different cells, relative to that of their
    means: unbiased, as Poisson noise and errors of single cells do not enter.
    Also the weight of each day (0 where one cell stands alone) and its contacts.
    """
    days = int(errors.day.max()) + 1

    def by_day(values: FloatArray) -> FloatArray:
        return np.bincount(errors.day, values, days).astype(np.float64)

    contacts = by_day(errors.mean)
    pairs = contacts**2 - by_day(errors.mean**2)
    products = by_day(error) ** 2 - by_day(error**2)
    known = pairs > 1e-9 * contacts**2
    common = np.where(known, products / np.where(known, pairs, 1.0), 0.0)
    return common, known.astype(np.float64), contacts


def _day_scale(errors: Errors, error: FloatArray) -> float:
    """Common variance of a day's intervals relative to what the day model foresaw."""
    common, known, contacts = _common(errors, error)
    cells = np.bincount(errors.day, minlength=known.size)
    foreseen = np.bincount(errors.day, errors.variance) / np.maximum(cells, 1)
    on = known > 0
    if not on.any():
        return 1.0
    ratio = common[on] / foreseen[on]
    # days whose total is mostly Poisson noise say little about the rate
    noise = 1.0 / (contacts[on] * foreseen[on])
    weight = 1.0 / (1.0 + noise) ** 2
    scale = max(1.0, float(np.median(ratio)))
    for _ in range(4):
        limit = _TAIL * (scale + noise)
        held = float((weight * np.clip(ratio, -limit, limit)).sum())
        scale = max(0.1, (held + _PRIOR_DAYS) / (float(weight.sum()) + _PRIOR_DAYS))
    return float(min(scale, 10.0))


def _within(
    errors: Errors, error: FloatArray, day_scale: float, slots: int, interval_min: int
) -> FloatArray:
    """Variance of the rate within the day, smoothed over the slots of the day."""
    common, known, _ = _common(errors, error)
    foreseen = day_scale * errors.variance
    day = np.where(known[errors.day] > 0, common[errors.day], foreseen)
    expected = errors.mean + (foreseen + _INTERVAL_VARIANCE) * errors.mean**2
    limit = 16.0 * (expected + np.maximum(day, 0.0) * errors.mean**2)
    excess = np.minimum(error**2, limit) - errors.mean - day * errors.mean**2
    kernel = np.abs(np.arange(slots)[:, None] - np.arange(slots)[None, :]) * float(interval_min)
    kernel = np.exp(-0.5 * (kernel / _SMOOTH_MIN) ** 2)
    # weights that are inverse to the sampling variance of a cell's excess
    weight = 1.0 / np.maximum(expected, 1e-9) ** 2
    top = kernel @ np.bincount(errors.slot, weight * excess * errors.mean**2, slots)
    bottom = kernel @ np.bincount(errors.slot, weight * errors.mean**4, slots)
    overall_top = float((weight * excess * errors.mean**2).sum())
    overall_bottom = float((weight * errors.mean**4).sum())
    overall = max((overall_top + _INTERVAL_VARIANCE) / (overall_bottom + 1.0), 1e-4)
    local = (top + 20.0 * overall) / (bottom + 20.0)
    variance: FloatArray = np.clip(local, 0.2 * overall, 2.0)
    return variance


def _width(errors: Errors, rough: Uncertainty) -> float:
    """The factor on the variance with which the central 80 % hold 80 % of the counts."""
    some = errors.thinned(_CELLS_MAX)
    used = some.mean > 0
    actual, mean = some.actual[used], some.mean[used]
    variance = rough.rate_variance(some.variance, some.slot)[used]
    if actual.size < 50:
        return 1.0
    low, high = np.log(0.3), np.log(4.0)
    for _ in range(8):
        middle = (low + high) / 2
        if _held_share(actual, mean, variance * np.exp(middle)) < HIGH - LOW:
            low = middle
        else:
            high = middle
    # where Poisson noise rules, the counts say next to nothing about the rate
    rate_part = variance * mean / (1.0 + variance * mean)
    days = np.unique(errors.day).size * float((rate_part**2).mean())
    return float(np.exp((low + high) / 2 * days / (days + _PRIOR_DAYS)))


def _held_share(actual: FloatArray, mean: FloatArray, variance: FloatArray) -> float:
    """Share of counts in the central 80 %, jumps of the distribution counted in part."""
    size = 1.0 / np.maximum(variance, 1e-6)
    success = size / (size + mean)
    whole = np.floor(actual)
    upper = _cumulative(whole, size, success)
    lower = _cumulative(whole - 1.0, size, success)
    inside = np.minimum(upper, HIGH) - np.maximum(lower, LOW)
    jump = upper - lower
    share = np.where(
        jump > 1e-12,
        np.clip(inside, 0.0, None) / np.maximum(jump, 1e-12),
        ((upper >= LOW) & (upper <= HIGH)).astype(np.float64),
    )
    return float(share.mean())
