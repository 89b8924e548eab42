"""
Recent same weekdays, interval by interval: the yardstick of the field.

At lead times of one to four weeks a plain average of recent weeks is hard to beat [1]_; every
other model is measured against these, and one that does not beat them is not used.

References
----------
.. [1] Taylor, J. W. (2008). A comparison of univariate time series methods for forecasting
       intraday arrivals at a call center. *Management Science*, 54(2): 253-265.
       https://doi.org/10.1287/mnsc.1070.0786
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from forecasts.history.series import FloatArray, IntArray, weekday_of

YARDSTICKS: dict[str, tuple[int, Callable[[FloatArray], FloatArray]]] = {
    "same weekday last": (1, lambda past: past[-1]),
    "mean of 4 weeks": (4, lambda past: past.mean(axis=0)),
    "median of 6 weeks": (6, lambda past: np.median(past, axis=0)),
    "mean of 8 weeks": (8, lambda past: past.mean(axis=0)),
}


def recent_weeks(name: str, days: IntArray, counts: FloatArray, ahead: IntArray) -> FloatArray:
    """
    What a yardstick says of the days ``ahead``, (day ahead, slot); NaN for unseen weekdays.

    ``counts`` (day, slot) may hold NaN; a slot looks back to the days that know it.
    """
    count, mean = YARDSTICKS[name]
    found = np.full((ahead.size, counts.shape[1]), np.nan)
    weekdays = weekday_of(days)
    for weekday in np.unique(weekday_of(ahead)):
        past = counts[(weekdays == weekday) & np.isfinite(counts).any(axis=1)][-count:]
        if not len(past):
            continue
        known = np.isfinite(past)
        value = np.full(counts.shape[1], np.nan)
        whole = known.all(axis=0)
        value[whole] = mean(past[:, whole])
        for slot in np.flatnonzero(known.any(axis=0) & ~whole):
            value[slot] = mean(past[known[:, slot], slot][:, None])[0]
        found[weekday_of(ahead) == weekday] = value
    return found
