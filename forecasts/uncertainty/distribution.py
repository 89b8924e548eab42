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

from forecasts.backtests.origins import Errors
from forecasts.backtests.selection import GROUPS
from forecasts.history.series import FloatArray, IntArray
from forecasts.uncertainty.day_law import SURE, DayLaw

LOW, HIGH = 0.1, 0.9
TAIL_LOW, TAIL_HIGH = 0.025, 0.975
_POISSON_VARIANCE = 1e-6  # v m below which a negative binomial is a Poisson count
INTERVAL_VARIANCE = 0.05**2  # of the rate within the day, before any error is seen
_PRIOR_DAYS = 5.0  # days of errors that weigh as much as what is known before
_SMOOTH_MIN = 60.0
_TAIL = 9.0  # a day's squared error counts up to this multiple of its variance
RATE_VARIANCE_MAX = 4.0


@dataclass(frozen=True)
class Uncertainty:
    """
    What the errors say: the law of days, variances within the day, the tail of intervals.

    ``interval`` is of shape (slot,); ``tail`` the factor on the variance of the rate with which
    95 % intervals hold what they promise, where the variance is that of 80 % intervals.
    """

    law: DayLaw
    interval: FloatArray
    tail: float = 1.0

    def day_part(self, foreseen: FloatArray, group: IntArray | None = None) -> FloatArray:
        """
        Variance of the busyness of days in some week of lead, by what the day model foresaw.

        That of the Gamma law which has the quantiles of the day's law at 10 and 90 %.
        """
        scale = self.law.scale[group] if group is not None else self.law.scale.mean()
        part: FloatArray = scale * self.law.widening(HIGH) * foreseen
        return part

    def rate_variance(
        self, foreseen: FloatArray, slot: IntArray, group: IntArray | None = None
    ) -> FloatArray:
        """Squared ``rate_cv`` of cells; ``group`` is the week of lead of each."""
        day, within = self.day_part(foreseen, group), self.interval[slot]
        return np.minimum(day + within + day * within, RATE_VARIANCE_MAX)

    def day_share(
        self,
        foreseen: FloatArray,
        mean: FloatArray,
        slot: IntArray,
        group: IntArray | None = None,
    ) -> float:
        """Part of the variance that a day's intervals have in common, contact-weighted."""
        weight = mean**2
        day = float((weight * self.day_part(foreseen, group)).sum())
        within = float((weight * self.interval[slot]).sum())
        return day / (day + within) if day + within > 0 else 0.0


def by_moments(errors: Errors, slots: int, interval_min: int) -> Uncertainty:
    """
    A first reading of the two variances: products and squares of errors, net of Poisson noise.

    Where the days are the intervals, all that is not Poisson noise is the day's.
    """
    error = errors.actual - errors.mean
    day_scale = _day_scale(errors, error)
    within = np.zeros(slots)
    if not whole_days(errors):
        within = _within(errors, error, day_scale, slots, interval_min)
    return Uncertainty(DayLaw(np.full(GROUPS, day_scale), SURE), within)


def whole_days(errors: Errors) -> bool:
    """Whether the errors are of days that are one interval each."""
    return bool(errors.slot.size) and int(errors.slot.min()) == int(errors.slot.max())


def count_quantiles(
    mean: FloatArray, rate_variance: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Quantiles of counts at 0.1, 0.5 and 0.9: whole numbers, of the shape of ``mean``."""
    low, high = central_interval(mean, rate_variance, LOW, HIGH)
    middle = np.zeros(mean.shape)
    some = mean > 0
    size, success = _law(mean[some], rate_variance[some])
    middle[some] = nbinom.ppf(0.5, size, success)
    return np.minimum(low, middle), middle, np.maximum(high, middle)


def central_interval(
    mean: FloatArray, rate_variance: FloatArray, low_share: float, high_share: float
) -> tuple[FloatArray, FloatArray]:
    """
    Whole counts between which a count lies with probability ``high_share - low_share``.

    Counts jump, so no interval holds exactly that. The bounds are those whose
    outside probabilities, P(Y < low) and P(Y > high), lie nearest to what is asked for.
    """
    low, high = np.zeros(mean.shape), np.zeros(mean.shape)
    some = mean > 0
    if not some.any():
        return low, high
    size, success = _law(mean[some], rate_variance[some])
    first, last = (
        np.asarray(nbinom.ppf(p, size, success), dtype=np.float64) for p in (low_share, high_share)
    )
    below, up_to = _cumulative(first - 1.0, size, success), _cumulative(first, size, success)
    low[some] = first + (up_to - low_share < low_share - below)
    below, up_to = _cumulative(last - 1.0, size, success), _cumulative(last, size, success)
    high[some] = last - ((high_share - below < up_to - high_share) & (last > 0))
    return low, high


def _law(mean: FloatArray, rate_variance: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Size and chance of success of the negative binomial with that mean."""
    size = 1.0 / np.maximum(rate_variance, _POISSON_VARIANCE / np.maximum(mean, 1e-9))
    return size, size / (size + mean)


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
    Where a day is one cell, all that is not Poisson noise is taken for the day's.
    Also the weight of each day (0 where one cell stands alone) and its contacts.
    """
    days = int(errors.day.max()) + 1

    def by_day(values: FloatArray) -> FloatArray:
        return np.bincount(errors.day, values, days).astype(np.float64)

    contacts = by_day(errors.mean)
    pairs = contacts**2 - by_day(errors.mean**2)
    products = by_day(error) ** 2 - by_day(error**2)
    if whole_days(errors):
        pairs, products = contacts**2, by_day(error**2 - errors.mean)
    known = pairs > 1e-9 * contacts**2
    common = np.where(known, products / np.where(known, pairs, 1.0), 0.0)
    return common, known.astype(np.float64), contacts


def _day_scale(errors: Errors, error: FloatArray, start: float = 1.0) -> float:
    """Common variance of a day's intervals relative to what the day model foresaw."""
    common, known, contacts = _common(errors, error)
    cells = np.bincount(errors.day, minlength=known.size)
    foreseen = start * np.bincount(errors.day, errors.variance) / np.maximum(cells, 1)
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
    expected = errors.mean + (foreseen + INTERVAL_VARIANCE) * errors.mean**2
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
    overall = max((overall_top + INTERVAL_VARIANCE) / (overall_bottom + 1.0), 1e-4)
    local = (top + 20.0 * overall) / (bottom + 20.0)
    variance: FloatArray = np.clip(local, 0.2 * overall, 2.0)
    return variance


def held_share(
    actual: FloatArray, mean: FloatArray, variance: FloatArray, shares: tuple[float, float]
) -> float:
    """Share of counts in a central interval, jumps of the distribution counted in part."""
    low, high = shares
    size = 1.0 / np.maximum(variance, 1e-6)
    success = size / (size + mean)
    whole = np.floor(actual)
    upper = _cumulative(whole, size, success)
    lower = _cumulative(whole - 1.0, size, success)
    inside = np.minimum(upper, high) - np.maximum(lower, low)
    jump = upper - lower
    share = np.where(
        jump > 1e-12,
        np.clip(inside, 0.0, None) / np.maximum(jump, 1e-12),
        ((upper >= low) & (upper <= high)).astype(np.float64),
    )
    return float(share.mean())
