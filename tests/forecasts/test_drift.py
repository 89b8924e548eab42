"""The forecast does not get worse unnoticed: scores of fixed series against stored ones (R29).

Whoever improves the forecast stores the new numbers here; whoever worsens it by more than 1 % has
to say why.
"""

from __future__ import annotations

import numpy as np
import pytest

from forecasts import forecast
from forecasts.backtests.metrics import crps
from tests.forecasts.conftest import make_centre

WORSE = 1.01


def steady():
    """A voice channel of every day: 12 weeks, half-hours, a week's busyness of 5 %."""
    return make_centre(days=84, ahead=14, interval_min=30, seed=11)


def growing():
    """A channel that grows by a half in half a year, in hours."""
    return make_centre(
        days=182, ahead=14, interval_min=60, peak=80.0, seed=12,
        level=lambda day: 1.0 + 0.5 * day / 182,
    )  # fmt: skip


def rare():
    """A queue of a contact an hour, around the clock."""
    return make_centre(
        days=112, ahead=28, interval_min=60, peak=2.0, window=(0, 1440), weekdays=range(7),
        day_cv=0.2, seed=13,
    )  # fmt: skip


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


@pytest.mark.parametrize(
    ("make", "interval_min", "stored"),
    [(steady, 30, 1.0), (growing, 60, 1.0), (rare, 60, 1.0)],
)
def test_scores_of_fixed_series_have_not_worsened(make, interval_min, stored):
    assert score_of(make(), interval_min) <= WORSE * stored
