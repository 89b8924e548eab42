"""
The season of the year: a factor on the level of a day that returns every year.

A trend with a bend every year, weekdays and waves of the year are fitted together; then
each year gets waves of its own, and a wave is believed as far as the years agree on it (James
and Stein's rule [1]_, positive part). A pattern of one year only, or of chance, so comes to
nothing, and histories of less than two years have no season.

References
----------
.. [1] Efron, B., and C. Morris (1973). Stein's estimation rule and its competitors. *Journal of
       the American Statistical Association*, 68(341): 117-130.
"""

from __future__ import annotations

import numpy as np

from forecasts.history.series import FloatArray, IntArray, weekday_of

WAVES = 26  # a week and more
YEAR_DAYS = 365.2425
_YEARS_LEAST = 2
_BEND_DAYS = YEAR_DAYS  # any oftener, and the trend would be a season itself
_RIDGE = 1.0  # in days of observation
_REACH_SD = 3.0
_AROUND_WAVES = 3
_DAYS_LEAST = 100  # of a year that may speak


def year_season(
    days: IntArray, arrived: FloatArray, exposure: FloatArray, wanted: IntArray
) -> FloatArray:
    """
    Factors on the level of the ``wanted`` days, (wanted,); 1 without two years of history.

    ``arrived`` are contacts of the ascending ``days``, ``exposure`` the intervals they came in.
    """
    years = int((days[-1] - days[0] + 1) / YEAR_DAYS)
    if years < _YEARS_LEAST:
        return np.ones(wanted.size)
    logs = np.log((arrived + 0.5) / exposure)
    waves = _waves(days)
    rest = _without_trend(days, logs, waves)
    block = ((days[-1] - days) / YEAR_DAYS).astype(np.int64)
    own = [
        _least_squares(waves[block == year], rest[block == year])
        for year in range(years)
        if (block == year).sum() >= _DAYS_LEAST
    ]
    if len(own) < _YEARS_LEAST:
        return np.ones(wanted.size)
    season = np.clip(_waves(wanted) @ believed(np.array(own)), -1.0, 1.0)
    factors: FloatArray = np.exp(season)
    return factors


def believed(own: FloatArray) -> FloatArray:
    """Mean coefficients of the waves, shrunk to what the years agree on; from (year, 2 x wave)."""
    mean = own.mean(axis=0)
    doubt = own.var(axis=0, ddof=1) / len(own)
    size = (mean**2).reshape(-1, 2).sum(axis=1)
    noise = _like_neighbours(doubt.reshape(-1, 2).sum(axis=1))
    share = np.maximum(1.0 - noise / np.maximum(size, 1e-15), 0.0)
    coefficients: FloatArray = mean * np.repeat(share, 2)
    return coefficients


def _like_neighbours(noise: FloatArray) -> FloatArray:
    """Mean of a wave's noise and that of the waves around it: two years alone tell little."""
    ones = np.ones(2 * _AROUND_WAVES + 1)
    near = np.convolve(np.ones_like(noise), ones, mode="full")[_AROUND_WAVES:][: noise.size]
    mean: FloatArray = np.convolve(noise, ones, mode="full")[_AROUND_WAVES:][: noise.size] / near
    return mean


def _waves(days: IntArray) -> FloatArray:
    """Cosine and sine of every wave of the year, (day, 2 x wave)."""
    angle = 2 * np.pi * days[:, None] / YEAR_DAYS * np.arange(1, WAVES + 1)
    pairs = np.stack([np.cos(angle), np.sin(angle)], axis=2)
    waves: FloatArray = pairs.reshape(days.size, 2 * WAVES)
    return waves


def _without_trend(days: IntArray, logs: FloatArray, waves: FloatArray) -> FloatArray:
    """Log rates less trend and weekday, held within reach."""
    bends = np.arange(float(days[0]), float(days[-1]) + _BEND_DAYS, _BEND_DAYS)
    trend = np.maximum(1.0 - np.abs(days[:, None] - bends) / _BEND_DAYS, 0.0)
    slow = np.hstack([trend, np.eye(7)[weekday_of(days)]])
    loads = np.hstack([slow, waves])
    weight: FloatArray = np.ones(days.size)
    rest = np.zeros(days.size)
    for _ in range(3):
        normal = loads.T @ (weight[:, None] * loads) + _RIDGE * np.eye(loads.shape[1])
        effects = np.linalg.solve(normal, loads.T @ (weight * logs)).astype(np.float64)
        left = logs - loads @ effects
        reach = _REACH_SD * (1.4826 * float(np.median(np.abs(left))) + 0.01)
        weight = np.asarray(np.minimum(1.0, reach / np.maximum(np.abs(left), 1e-12)))
        rest = np.clip(left, -reach, reach) + waves @ effects[slow.shape[1] :]
    return rest


def _least_squares(waves: FloatArray, rest: FloatArray) -> FloatArray:
    """Coefficients of one year's waves beside a constant, (2 x wave,)."""
    loads = np.hstack([np.ones((len(waves), 1)), waves])
    normal = loads.T @ loads + _RIDGE * np.eye(loads.shape[1])
    found = np.linalg.solve(normal, loads.T @ rest)[1:]
    coefficients: FloatArray = np.asarray(found, dtype=np.float64)
    return coefficients
