"""
The level of a day: a regression on weekday and position in the month.

Ridge regression of the log rate with weights that halve in half a year and residuals held
within reach (Huber); what is left over of the last weeks is carried forward and fades. Waves of
the month are penalised the more, the shorter they are, so that few days change little. The
season of the year is taken out before (:mod:`forecasts.models.year_season`).

References
----------
.. [1] Hyndman, R. J., and G. Athanasopoulos (2021). *Forecasting: Principles and Practice*, 3rd
       edition, section 10.5 (dynamic harmonic regression). https://otexts.com/fpp3/dhr.html
.. [2] Huber, P. J. (1964). Robust estimation of a location parameter. *Annals of Mathematical
       Statistics*, 35(1): 73-101. https://doi.org/10.1214/aoms/1177703732
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasts.history.series import BoolArray, FloatArray, IntArray, weekday_of
from forecasts.models.day_level import month_phase

HALF_LIFE_DAYS = 182.0
MONTH_WAVES = 4
_WEEKDAY_PENALTY = 0.5  # in days of one observation each
_MONTH_PENALTY = 10.0
_REACH_SD = 2.0
_REST_HALF_LIFE_DAYS = 14.0
_REST_PRIOR_DAYS = 2.0
_REST_FADE = 0.98  # a day


def regressed_rates(
    days: IntArray,
    arrived: FloatArray,
    exposure: FloatArray,
    ahead: IntArray,
    served: BoolArray,
) -> FloatArray:
    """
    Rates of the days ``ahead``, from the days that have been; all ascending.

    ``arrived`` are contacts of the day, ``exposure`` the intervals in which they came;
    ``served`` are the weekdays that count in a month.
    """
    fit = _Fit.of(days, arrived, exposure, served)
    left = np.clip(fit.left, -1.5 * fit.reach, 1.5 * fit.reach)
    recent = 0.5 ** ((days[-1] - days) / _REST_HALF_LIFE_DAYS)
    rest = float((recent * left).sum() / (recent.sum() + _REST_PRIOR_DAYS))
    fade = _REST_FADE ** (ahead - days[-1]).astype(np.float64)
    rates: FloatArray = np.exp(_loads(ahead, served)[0] @ fit.effects + rest * fade)
    return rates


def month_factors(
    days: IntArray,
    arrived: FloatArray,
    exposure: FloatArray,
    wanted: IntArray,
    served: BoolArray,
) -> FloatArray:
    """What the position in the month does to the level of the ``wanted`` days, as factors."""
    fit = _Fit.of(days, arrived, exposure, served)
    waves = slice(1 + 7, None)
    factors: FloatArray = np.exp(_loads(wanted, served)[0][:, waves] @ fit.effects[waves])
    return factors


@dataclass(frozen=True)
class _Fit:
    """Effects, what is left of every day, and how far that counts in full."""

    effects: FloatArray
    left: FloatArray
    reach: float

    @classmethod
    def of(
        cls, days: IntArray, arrived: FloatArray, exposure: FloatArray, served: BoolArray
    ) -> _Fit:
        """The regression of the log rate on weekday and position in the month."""
        logs = np.log((arrived + 0.5) / exposure)
        loads, penalty = _loads(days, served)
        weight = 0.5 ** ((days[-1] - days) / HALF_LIFE_DAYS)
        effects, reach = _fitted(loads, logs, weight, penalty)
        return cls(effects, logs - loads @ effects, reach)


def _loads(days: IntArray, served: BoolArray) -> tuple[FloatArray, FloatArray]:
    """What days load on, (day, effect), and the penalty of every effect."""
    columns = [np.ones((days.size, 1)), np.eye(7)[weekday_of(days)]]
    penalty = [1e-6] + [_WEEKDAY_PENALTY] * 7
    phase = month_phase(days, served)
    for wave in range(1, MONTH_WAVES + 1):
        angle = 2 * np.pi * wave * phase
        columns.append(np.column_stack([np.cos(angle), np.sin(angle)]))
        penalty += [_MONTH_PENALTY * wave] * 2
    return np.hstack(columns), np.array(penalty)


def _fitted(
    loads: FloatArray, logs: FloatArray, weight: FloatArray, penalty: FloatArray
) -> tuple[FloatArray, float]:
    """Effects by reweighted ridge regression, and how far a residual counts in full."""
    held = weight
    effects: FloatArray = np.zeros(penalty.size)
    reach = 1.0
    for _ in range(4):
        normal = loads.T @ (held[:, None] * loads) + np.diag(penalty)
        effects = np.asarray(np.linalg.solve(normal, loads.T @ (held * logs)), dtype=np.float64)
        left = np.abs(logs - loads @ effects)
        reach = _REACH_SD * (1.4826 * float(np.median(left)) + 0.02)
        held = weight * np.minimum(1.0, reach / np.maximum(left, 1e-12))
    return effects, reach
