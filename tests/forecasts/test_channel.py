"""Tests for forecasts.channel: a channel's forecast depends on its task and on nothing else."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

from forecasts import ForecastError, forecast

CLOCK = {"timezone": "Europe/Dublin", "interval_min": 60}


@pytest.fixture
def channels(centre):
    """Two channels of 40 and 8 contacts at the peak, as (history, future)."""
    made = [
        (name, centre(days=28, interval_min=60, peak=p, seed=s))
        for name, p, s in (("a", 40, 1), ("b", 8, 2))
    ]
    frames = [
        pd.concat([getattr(one, part).assign(channel=name) for name, one in made])
        for part in ("history", "future")
    ]
    return tuple(frame.reset_index(drop=True) for frame in frames)


def backwards(function, tasks):
    """Last task first, each sent through a pickle as another process would get it."""
    results = [function(pickle.loads(pickle.dumps(task))) for task in reversed(list(tasks))]
    return pickle.loads(pickle.dumps(results))[::-1]


def test_whoever_computes_the_channels_the_numbers_are_the_same(channels):
    history, future = channels
    alone = forecast(history, future, **CLOCK)
    other_way = forecast(history, future, **CLOCK, run=backwards)
    with ThreadPoolExecutor(2) as pool:
        at_once = forecast(history, future, **CLOCK, run=pool.map)
    for other in (other_way, at_once):
        pd.testing.assert_frame_equal(alone.intervals, other.intervals, check_exact=True)
        pd.testing.assert_frame_equal(alone.models, other.models, check_exact=True)
        assert alone.notes == other.notes
        np.testing.assert_array_equal(alone.correlation, other.correlation)


def test_rows_of_channels_may_be_mixed(channels):
    history, future = channels
    mixed = history.sample(frac=1.0, random_state=3)
    turned = future.iloc[::-1]
    straight = forecast(history, future, **CLOCK).intervals
    found = forecast(mixed, turned, **CLOCK).intervals.iloc[::-1]
    np.testing.assert_allclose(found["offered_mean"], straight["offered_mean"], rtol=1e-9)


def test_a_channel_without_history_is_named_before_any_is_computed(channels):
    history, future = channels
    with pytest.raises(ForecastError, match=r"channel 'b' has no contact history"):
        forecast(history[history["channel"] == "a"], future, **CLOCK)
