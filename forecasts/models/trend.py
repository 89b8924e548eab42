"""
The trend of a day's level: growth or decline of the recent months, as far as it is certain.

Weekly medians of the log rate, each weekday against its own median, get a straight line. Its
slope is doubted as much as neighbouring weeks err alike (autocorrelated errors make slopes look
surer than they are [1]_) and shrunk by that doubt (James and Stein's rule, positive part), so
that a wandering or jumping level has no trend. Ahead it is damped [2]_: growth goes on for some
weeks, not for ever.

References
----------
.. [1] Bence, J. R. (1995). Analysis of short time series: correcting for autocorrelation.
       *Ecology*, 76(2): 628-639. https://doi.org/10.2307/1941218
.. [2] Gardner, E. S., and E. McKenzie (1985). Forecasting trends in time series. *Management
       Science*, 31(10): 1237-1246. https://doi.org/10.1287/mnsc.31.10.1237
"""

from __future__ import annotations

import numpy as np

from forecasts.history.series import FloatArray, IntArray, weekday_of

WINDOW_WEEKS = 52  # half a year of growth may be a season
WEEKS_LEAST = 26
DAMPING = 0.99  # a day
MOST_A_WEEK = 0.12  # of the log; twelvefold in 21 weeks
_CAUTION = 12.0  # on the variance of the slope: 3.5 standard errors come to nothing


def trend_logs(
    days: IntArray, arrived: FloatArray, exposure: FloatArray, wanted: IntArray
) -> FloatArray:
    """
    Log of the level that the trend expects against that of the last day, (wanted,).

    ``arrived`` are contacts of the ascending ``days``, ``exposure`` the intervals they came in.
    Before the window that the slope is learned from it goes no further down.
    """
    slope = weekly_slope(days, arrived, exposure) / 7.0
    ahead = np.maximum(wanted - days[-1], 0)
    back = np.clip(wanted - days[-1], -7 * WINDOW_WEEKS, 0)
    damped = DAMPING * (1.0 - DAMPING**ahead) / (1.0 - DAMPING)
    logs: FloatArray = slope * (back + damped)
    return logs


def weekly_slope(days: IntArray, arrived: FloatArray, exposure: FloatArray) -> float:
    """Change of the log level a week, shrunk by its doubt; 0 where too few weeks are known."""
    level = _weekly_levels(days, arrived, exposure)
    week = np.flatnonzero(np.isfinite(level)).astype(np.float64)
    if week.size < WEEKS_LEAST:
        return 0.0
    value = level[np.isfinite(level)]
    centred = week - week.mean()
    spread = float(centred @ centred)
    slope = float(centred @ value) / spread
    left = value - value.mean() - slope * centred
    variance = float(left @ left) / (week.size - 2) / spread * _inflation(left)
    shrunk = slope * max(0.0, 1.0 - _CAUTION * variance / max(slope**2, 1e-12))
    return float(np.clip(shrunk, -MOST_A_WEEK, MOST_A_WEEK))


def _weekly_levels(days: IntArray, arrived: FloatArray, exposure: FloatArray) -> FloatArray:
    """Medians of the log rate of the last weeks, oldest first, (week,); NaN where unknown."""
    back = (days[-1] - days) // 7
    recent = back < WINDOW_WEEKS
    logs = np.log((arrived[recent] + 0.5) / exposure[recent])
    back, weekdays = back[recent], weekday_of(days[recent])
    for weekday in np.unique(weekdays):
        on = weekdays == weekday
        logs[on] -= np.median(logs[on])
    level = np.full(WINDOW_WEEKS, np.nan)
    for week in np.unique(back):
        level[WINDOW_WEEKS - 1 - week] = np.median(logs[back == week])
    return level


def _inflation(left: FloatArray) -> float:
    """How much the variance of a slope grows as neighbouring errors are alike."""
    square = float(left @ left)
    alike = float(left[1:] @ left[:-1]) / square if square > 0 else 0.0
    alike += (1.0 + 3.0 * max(alike, 0.0)) / left.size  # two fitted constants hide some of it
    alike = min(max(alike, 0.0), 0.9)
    return (1.0 + alike) / (1.0 - alike)
