"""The forecast does not get worse unnoticed: scores of fixed series against stored ones (R29).

Whoever improves the forecast stores the new numbers here; whoever worsens it by more than 1 % has
to say why.
"""

from __future__ import annotations

import numpy as np
import pytest

from forecasts import forecast
from forecasts.backtests.metrics import crps

WORSE = 1.01


SERIES = {
    "steady: twelve weeks of half-hours": (
        {"days": 84, "ahead": 14, "interval_min": 30, "seed": 11},
        0.1153,
    ),
    "growing by a half in half a year, hours": (
        {"days": 182, "ahead": 14, "interval_min": 60, "peak": 80.0, "seed": 12,
         "level": lambda day: 1.0 + 0.5 * day / 182},
        0.0720,
    ),
    "rare: a contact an hour, around the clock": (
        {"days": 112, "ahead": 28, "interval_min": 60, "peak": 2.0, "window": (0, 1440),
         "weekdays": range(7), "day_cv": 0.2, "seed": 13},
        0.4950,
    ),
}  # fmt: skip


def score_of(centre, interval_min):
    """Mean CRPS of the open intervals / mean of what came in them."""
    found = forecast(
        centre.history, centre.future, timezone="Europe/Dublin", interval_min=interval_min
    ).intervals
    is_open = centre.future["is_open"].to_numpy()
    actual, mean, spread = (
        np.asarray(values, float)[is_open]
        for values in (centre.later, found["offered_mean"], found["rate_cv"])
    )
    return float(crps(actual, mean, spread).mean() / actual.mean())


@pytest.mark.parametrize("name", SERIES)
def test_the_score_of_a_fixed_series_has_not_worsened(centre, name):
    settings, stored = SERIES[name]
    assert score_of(centre(**settings), settings["interval_min"]) <= WORSE * stored
