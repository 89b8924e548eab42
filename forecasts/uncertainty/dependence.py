"""
What the errors of a forecast have in common: days of a horizon, slots of a day, channels.

A day that is busier than expected says something about the next days (the level was wrong), its
first hours about the later ones, one channel about another. Three correlations describe this:
between the busyness of days of one forecast, fading with the days between them; between
neighbouring intervals beside the busyness of their day; between channels on one day. All come
from out-of-sample errors, net of Poisson noise, and are shrunk towards what is usual [1]_ [2]_.

References
----------
.. [1] Avramidis, A. N., A. Deslauriers, and P. L'Ecuyer (2004). Modeling daily arrivals to a
       telephone call center. *Management Science*, 50(7): 896-908.
       https://doi.org/10.1287/mnsc.1040.0236
.. [2] Ibrahim, R., and P. L'Ecuyer (2013). Forecasting call center arrivals. *Manufacturing &
       Service Operations Management*, 15(1): 72-85. https://doi.org/10.1287/msom.1120.0405
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasts.backtests.origins import Errors
from forecasts.backtests.selection import week_of_lead
from forecasts.history.series import FloatArray, IntArray
from forecasts.uncertainty.distribution import Uncertainty

USUAL_NEXT_DAY = 0.7  # at leads of weeks most of an error is one of level, which days share
USUAL_FADE = 0.98  # a day
USUAL_SLOTS = 0.3
_PRIOR_ORIGINS = 4.0
_PRIOR_DAYS = 20.0
_NEAR, _FAR = (1, 4), (7, 12)  # days apart


@dataclass(frozen=True)
class DayErrors:
    """Standardised errors of day totals, (day,): origin, date, error, and its share of signal."""

    origin: IntArray
    date: IntArray
    error: FloatArray
    signal: FloatArray


@dataclass(frozen=True)
class Dependence:
    """
    Correlations of one channel.

    ``next_day`` between neighbouring days of a forecast, times ``fade`` for every further day;
    ``slots`` between neighbouring intervals.
    """

    next_day: float = USUAL_NEXT_DAY
    fade: float = USUAL_FADE
    slots: float = USUAL_SLOTS

    def between_days(self, days: IntArray) -> FloatArray:
        """Correlation matrix of the busyness of days, (day, day)."""
        apart = np.abs(days[:, None] - days[None, :])
        matrix: FloatArray = np.where(
            apart == 0, 1.0, self.next_day * self.fade ** np.maximum(apart - 1.0, 0.0)
        )
        return matrix


def learn_dependence(errors: Errors, unsure: Uncertainty) -> tuple[Dependence, DayErrors | None]:
    """The correlations that out-of-sample errors show, and the errors of the days."""
    if not errors.size or not errors.origin.size or errors.mean.sum() <= 0:
        return Dependence(), None
    group = week_of_lead(errors.lead)
    day_variance = unsure.day_part(errors.variance, group)
    within = unsure.interval[errors.slot]
    slots = _slots(errors)
    numbers, at = np.unique(errors.day, return_inverse=True)
    mean: FloatArray = np.bincount(at, errors.mean, numbers.size).astype(np.float64)
    actual: FloatArray = np.bincount(at, errors.actual, numbers.size).astype(np.float64)
    shared = np.bincount(at, day_variance * errors.mean, numbers.size) / np.maximum(mean, 1e-9)
    inside = np.bincount(at, within * errors.mean**2, numbers.size) * (1 + slots) / (1 - slots)
    rest = 1 / np.maximum(mean, 1e-9) + inside / np.maximum(mean, 1e-9) ** 2
    some = mean > 0
    first = np.unique(at, return_index=True)[1]
    days = DayErrors(
        errors.origin[first][some],
        errors.date[first][some],
        (actual[some] / mean[some] - 1) / np.sqrt(shared[some] + rest[some]),
        shared[some] / (shared[some] + rest[some]),
    )
    next_day, fade = _between_days(days, errors.origins)
    return Dependence(next_day, fade, slots), days


def between_channels(errors: list[DayErrors | None]) -> FloatArray:
    """Correlation matrix of the busyness of channels on one day, (channel, channel)."""
    matrix = np.eye(len(errors))
    for i, one in enumerate(errors):
        for j, other in enumerate(errors[:i]):
            if one is not None and other is not None:
                matrix[i, j] = matrix[j, i] = _in_common(one, other)
    values, vectors = np.linalg.eigh(matrix)
    if values[0] >= 1e-6:
        return matrix
    mended = (vectors * np.maximum(values, 1e-6)) @ vectors.T
    scale = np.sqrt(np.diag(mended))
    correlation: FloatArray = mended / scale[:, None] / scale[None, :]
    return correlation


def _between_days(days: DayErrors, origins: int) -> tuple[float, float]:
    """Correlation of neighbouring days, and how it fades."""
    near, far = (_lagged(days, *lags) for lags in (_NEAR, _FAR))
    trust = origins / (origins + _PRIOR_ORIGINS)
    next_day = USUAL_NEXT_DAY if near is None else trust * near + (1 - trust) * USUAL_NEXT_DAY
    next_day = float(np.clip(next_day, 0.05, 0.95))
    if near is None or far is None:
        return next_day, USUAL_FADE
    apart = np.mean(_FAR) - np.mean(_NEAR)
    seen = np.clip(max(far, 0.02) / max(near, 0.05), 0.2, 1.0) ** (1 / apart)
    return next_day, float(trust * seen + (1 - trust) * USUAL_FADE)


def _lagged(days: DayErrors, first: int, last: int) -> float | None:
    """Mean correlation of days of one forecast that lie so many days apart."""
    apart = days.date[None, :] - days.date[:, None]
    pairs = (days.origin[:, None] == days.origin[None, :]) & (apart >= first) & (apart <= last)
    if pairs.sum() < 10:
        return None
    held = np.clip(days.error, -3, 3)
    product = float((held[:, None] * held[None, :])[pairs].mean())
    signal = np.sqrt(days.signal[:, None] * days.signal[None, :])
    return float(np.clip(product / max(float(signal[pairs].mean()), 0.05), -1.0, 1.0))


def _in_common(one: DayErrors, other: DayErrors) -> float:
    """Correlation of two channels over the days that both were forecast from one origin."""
    keys, others = (days.date * 4096 + days.origin for days in (one, other))
    _, left, right = np.intersect1d(keys, others, return_indices=True)
    if left.size < 5:
        return 0.0
    held = np.clip(one.error[left], -3, 3) * np.clip(other.error[right], -3, 3)
    signal = float(np.sqrt(one.signal[left] * other.signal[right]).mean())
    independent = left.size / 5.0  # days of one origin err together
    trust = independent / (independent + _PRIOR_DAYS / 5.0)
    return float(np.clip(trust * held.mean() / max(signal, 0.05), -0.9, 0.95))


def _slots(errors: Errors) -> float:
    """Correlation of neighbouring intervals beside the busyness of their day, net of noise."""
    numbers, at = np.unique(errors.day, return_inverse=True)
    actual = np.bincount(at, errors.actual, numbers.size)
    mean = np.bincount(at, errors.mean, numbers.size)
    scaled = errors.mean * (actual / np.maximum(mean, 1e-9))[at]
    left = errors.actual - scaled
    pairs = (np.diff(errors.slot) == 1) & (np.diff(at) == 0)
    if pairs.sum() < 50:
        return USUAL_SLOTS
    top = float((left[1:] * left[:-1])[pairs].sum())
    bottom = float(((left**2)[1:] - scaled[1:])[pairs].sum())  # net of Poisson noise
    noise = float(scaled[1:][pairs].sum())
    if bottom <= 0.05 * noise:
        return USUAL_SLOTS
    return float(np.clip(top / bottom, 0.0, 0.9))
