"""
Double-seasonal exponential smoothing, in steps of a day.

Taylor's method [1]_ has a level, an intraday season and a weekly season, each smoothed by its own
constant. It is written for the next half-hour; here, where no forecast is made within the day,
the errors of a whole day update the three states at once: their mean the level, their vector
the seasons. Counts are taken on the square-root scale, where their variances are equal.
Combinations of a small grid run together, weighted by their errors one and two weeks ahead.

References
----------
.. [1] Taylor, J. W. (2003). Short-term electricity demand forecasting using double seasonal
       exponential smoothing. *Journal of the Operational Research Society*, 54(8): 799-805.
       https://doi.org/10.1057/palgrave.jors.2601589
"""

from __future__ import annotations

from itertools import product

import numpy as np

from forecasts.history.series import BoolArray, FloatArray, IntArray, weekday_of

LEVEL = (0.02, 0.1, 0.3)
DAY = (0.0, 0.05)
WEEK = (0.05, 0.15, 0.3)
LEADS = (7, 14)
_DAYS_MOST = 182
_START_WEEKS = 3
_SHARPNESS = 20.0


def double_seasonal(
    days: IntArray, counts: FloatArray, mask: BoolArray, ahead: IntArray
) -> FloatArray | None:
    """
    Contacts of the days ``ahead``, (day ahead, slot); None where three weeks are not known.

    ``counts`` (day, slot) of consecutive days hold NaN where nothing is known or to be learned;
    ``mask`` are the open slots (weekday, slot).
    """
    recent = days > days[-1] - _DAYS_MOST
    days, counts = days[recent], counts[recent]
    weekdays = weekday_of(days)
    if days.size < 7 * (_START_WEEKS + 2):
        return None
    roots = np.where(mask[weekdays], np.sqrt(counts), np.nan)
    constants = np.array(list(product(LEVEL, DAY, WEEK)))
    level, daily, weekly, error = run(roots, weekdays, constants)
    best = float(error.min())
    weight = np.exp(-_SHARPNESS * (error / best - 1)) if best > 0 else np.ones_like(error)
    weight /= weight.sum()
    states = level[:, None] + daily
    per_weekday = np.einsum("p,pws->ws", weight, states[:, None, :] + weekly)
    found: FloatArray = np.where(mask, np.maximum(per_weekday, 0.0) ** 2, 0.0)[weekday_of(ahead)]
    return found


def run(
    roots: FloatArray, weekdays: IntArray, constants: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """
    States after the last day, and the errors one and two weeks ahead.

    Parameters
    ----------
    roots
        Square roots of counts, (day, slot), NaN where unknown.
    constants
        Rows of level, day and week constant, (set, 3).

    Returns
    -------
    tuple of FloatArray
        Level (set,), daily season (set, slot), weekly season (set, weekday, slot), error (set,).
    """
    rate_level, rate_day, rate_week = (column[:, None] for column in constants.T)
    level, daily, weekly = _start(roots, weekdays, len(constants))
    error = np.full(len(constants), 1e-9)
    said: list[FloatArray] = []
    for day, weekday in enumerate(map(int, weekdays)):
        own = level[:, None] + daily + weekly[:, weekday]
        said.append(own)
        known = np.isfinite(roots[day])
        if not known.any():
            continue
        value = np.where(known, roots[day], 0.0)
        if day >= 7 * _START_WEEKS:
            for lead in LEADS:
                miss = np.abs(value**2 - np.maximum(said[day - lead], 0.0) ** 2)
                error += (miss * known).sum(axis=1)
        missed = np.where(known, value - own, 0.0)
        mean = missed.sum(axis=1) / known.sum()
        level = level + rate_level[:, 0] * mean
        rest = missed - mean[:, None] * known
        daily = daily + rate_day * rest
        weekly[:, weekday] += rate_week * (
            missed - rate_day * rest - rate_level * mean[:, None] * known
        )
    return level, daily, weekly, error


def _start(
    roots: FloatArray, weekdays: IntArray, sets: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Means of the first three weeks."""
    first, on = roots[: 7 * _START_WEEKS], weekdays[: 7 * _START_WEEKS]
    known = np.isfinite(first)
    values = np.where(known, first, 0.0)
    level = float(values.sum() / max(int(known.sum()), 1))
    daily = values.sum(axis=0) / np.maximum(known.sum(axis=0), 1) - level
    weekly = np.zeros((7, roots.shape[1]))
    for weekday in range(7):
        own = known[on == weekday].sum(axis=0)
        mean = values[on == weekday].sum(axis=0) / np.maximum(own, 1)
        weekly[weekday] = np.where(own > 0, mean - level - daily, 0.0)
    return (
        np.full(sets, level),
        np.tile(daily, (sets, 1)),
        np.tile(weekly, (sets, 1, 1)),
    )
