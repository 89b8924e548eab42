"""
Lasting steps of a day's level, taken out of the past before a model learns from it.

A step that :mod:`forecasts.history.levels` holds for certain (five standard errors) is not a
disturbance that fades: what came before is counted as if the level had always been the new one,
an intercept correction [1]_. One strange week is no step.

References
----------
.. [1] Clements, M. P., and D. F. Hendry (1996). Intercept corrections and structural change.
       *Journal of Applied Econometrics*, 11(5): 475-494.
"""

from __future__ import annotations

import numpy as np

from forecasts.history.levels import STEP, level_changes
from forecasts.history.series import FloatArray, IntArray, weekday_of

SINCE_DAYS = 10  # that a step must have lasted: more than a week and its weekend
_STILL_SHARE = 0.6  # of a step that the last week must show, or it was an episode
_BEFORE_DAYS = 56


def step_logs(days: IntArray, arrived: FloatArray, exposure: FloatArray) -> FloatArray:
    """
    Log of the level of every day against the last one, as far as steps made it differ, (day,).

    ``arrived`` are contacts of the ascending ``days``, ``exposure`` the intervals they came in.
    """
    logs = np.zeros(days.size)
    for change in level_changes(days, arrived, exposure):
        jump = float(np.log1p(change.change))
        if change.kind != STEP or change.day > days[-1] - SINCE_DAYS:
            continue
        if _last_week(days, arrived, exposure, change.day) / jump > _STILL_SHARE:
            logs[days < change.day] -= jump
    return logs


def _last_week(days: IntArray, arrived: FloatArray, exposure: FloatArray, day: int) -> float:
    """Median log level of the last seven days against the same weekdays before a day."""
    logs, weekdays = np.log((arrived + 0.5) / exposure), weekday_of(days)
    before = (days < day) & (days >= day - _BEFORE_DAYS)
    off = [
        logs[at] - np.median(logs[before & (weekdays == weekdays[at])])
        for at in np.flatnonzero(days > days[-1] - 7)
        if (before & (weekdays == weekdays[at])).any()
    ]
    return float(np.median(off)) if off else 0.0
