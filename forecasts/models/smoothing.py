"""
The level of a day: exponential smoothing with a damped trend and a weekday season.

Works on the logarithm of a day's rate, so that season and trend are factors. Days that are not
known move nothing but the trend; single strange days are held within reach. Every combination
of a grid of smoothing constants runs at once, and the forecasts are averaged with weights that
fall with the absolute errors which a combination made one and two weeks ahead: the horizons
that staff are planned for, not the next day, for which likelihoods are written.

References
----------
.. [1] Gardner, E. S., and E. McKenzie (1985). Forecasting trends in time series. *Management
       Science*, 31(10): 1237-1246. https://doi.org/10.1287/mnsc.31.10.1237
.. [2] Gelper, S., R. Fried, and C. Croux (2010). Robust forecasting with exponential and
       Holt-Winters smoothing. *Journal of Forecasting*, 29(3): 285-300.
       https://doi.org/10.1002/for.1125
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import isfinite

import numpy as np

from forecasts.history.series import FloatArray, IntArray, weekday_of

LEVEL = (0.02, 0.05, 0.1, 0.2, 0.35, 0.5)
TREND = (0.0, 0.02, 0.08)
SEASON = (0.02, 0.06, 0.15, 0.3)
DAMPING = (0.9, 0.97)
LEADS = (7, 14)
_START_DAYS = 56
_DAYS_MOST = 730
_REACH_SD = 3.0
_SHARPNESS = 20.0  # a combination with 5 % more error weighs 1/e of the best
_MEMORY_DAYS = 200.0


@dataclass(frozen=True)
class Constants:
    """Smoothing constants of level, trend and season, and the damping; all (set,)."""

    level: FloatArray
    trend: FloatArray
    season: FloatArray
    damping: FloatArray

    @classmethod
    def grid(cls) -> Constants:
        """Every combination; without a trend its damping says nothing."""
        rows = [
            row
            for row in product(LEVEL, TREND, SEASON, DAMPING)
            if row[1] > 0 or row[3] == DAMPING[-1]
        ]
        return cls(*np.array(rows, dtype=np.float64).T)


@dataclass
class State:
    """Level and trend (set,), season (weekday, set)."""

    level: FloatArray
    trend: FloatArray
    season: FloatArray

    def ahead(self, constants: Constants, days: int, season: FloatArray) -> FloatArray:
        """The log rate some days ahead of the last one seen, (set,)."""
        damping = constants.damping
        path = damping * (1 - damping**days) / (1 - damping)
        total: FloatArray = self.level + path * self.trend + season
        return total


def smoothed_rates(
    days: IntArray, arrived: FloatArray, exposure: FloatArray, ahead: IntArray
) -> FloatArray:
    """
    Rates of the days ``ahead``, from the days that have been; all ascending.

    ``arrived`` are contacts of the day, ``exposure`` the intervals in which they came.
    """
    recent = days > days[-1] - _DAYS_MOST
    days, arrived, exposure = days[recent], arrived[recent], exposure[recent]
    logs = np.log((arrived + 0.5) / exposure)
    every = np.full(int(days[-1] - days[0]) + 1, np.nan)
    every[days - days[0]] = logs
    weekdays = weekday_of(days[0] + np.arange(every.size))
    constants = Constants.grid()
    state, error = run(every, weekdays, constants)
    best = float(error.min())
    weight = np.exp(-_SHARPNESS * (error / best - 1)) if best > 0 else np.ones_like(error)
    weight /= weight.sum()
    found = [
        weight @ state.ahead(constants, int(day - days[-1]), state.season[weekday])
        for day, weekday in zip(ahead, weekday_of(ahead), strict=True)
    ]
    rates: FloatArray = np.exp(np.array(found))
    return rates


def run(logs: FloatArray, weekdays: IntArray, constants: Constants) -> tuple[State, FloatArray]:
    """
    The state after the last day, and the sum of absolute errors one and two weeks ahead.

    ``logs`` (day,) of consecutive days hold NaN where nothing is known; the error is (set,).
    """
    state = _start(logs, weekdays, constants)
    reach = _REACH_SD * _usual_change(logs)
    before = np.empty((3, logs.size, constants.level.size))  # level, trend, season of its weekday
    for day, (value, weekday) in enumerate(zip(logs.tolist(), weekdays.tolist(), strict=True)):
        before[:, day] = state.level, state.trend, state.season[weekday]
        _step(state, constants, value, weekday, reach)
    return state, _missed(before, constants, logs)


def _start(logs: FloatArray, weekdays: IntArray, constants: Constants) -> State:
    """Medians of the first eight weeks, weekdays shrunk where few were seen."""
    first, on = logs[:_START_DAYS], weekdays[:_START_DAYS]
    sets = constants.level.size
    level = float(np.nanmedian(first))
    season = np.zeros((7, sets))
    for weekday in range(7):
        own = first[(on == weekday) & np.isfinite(first)]
        if own.size:
            season[weekday] = (np.median(own) - level) * own.size / (own.size + 0.5)
    return State(np.full(sets, level), np.zeros(sets), season)


def _usual_change(logs: FloatArray) -> float:
    """Robust standard deviation of the change from one week to the next."""
    change = logs[7:] - logs[:-7]
    change = change[np.isfinite(change)]
    spread = 1.4826 * float(np.median(np.abs(change))) if change.size >= 5 else 0.2
    return float(np.clip(spread, 0.05, 1.0))


def _missed(before: FloatArray, constants: Constants, logs: FloatArray) -> FloatArray:
    """Sum of absolute errors of what was said one and two weeks ahead, late days first, (set,)."""
    first = min(_START_DAYS, logs.size // 2)
    error = np.full(constants.level.size, 1e-9)
    for lead in LEADS:
        day = np.arange(max(first, lead), logs.size)
        day = day[np.isfinite(logs[day])]
        level, trend, season = before[:, day - lead]  # before its day, so one day further ahead
        said = State(level, trend, season).ahead(constants, lead + 1, season)
        memory = np.exp((day - logs.size) / _MEMORY_DAYS)
        error += memory @ np.abs(logs[day, None] - said)
    return error


def _step(state: State, constants: Constants, value: float, weekday: int, reach: float) -> None:
    """Move the state over one day; an unknown day moves the trend only."""
    trend = constants.damping * state.trend
    level = state.level + trend
    if isfinite(value):
        missed = value - level - state.season[weekday]
        error = np.minimum(np.maximum(missed, -reach), reach)
        level = level + constants.level * error
        trend = trend + constants.level * constants.trend * error
        state.season[weekday] += constants.season * (1 - constants.level) * error
    state.level, state.trend = level, trend
