"""Tests for forecasts.history.faults."""

from __future__ import annotations

from datetime import date

import numpy as np

from forecasts.history.faults import outages, spikes
from forecasts.history.series import Series, ordinal

SLOTS = 24


def series_of(counts: np.ndarray) -> Series:
    days = ordinal(date(2025, 1, 6)) + np.arange(len(counts))
    return Series("v", 60, days, counts, np.zeros(counts.shape), np.full(counts.shape, np.nan))


def open_from(first: int, end: int) -> np.ndarray:
    mask = np.zeros((7, SLOTS), dtype=bool)
    mask[:, first:end] = True
    return mask


def test_only_the_impossible_is_a_spike():
    counts = np.full((28, SLOTS), 10.0)
    counts[9, 9] = 1e9
    counts[16, 10] = 60.0  # a bad hour
    counts[::7, 3] = 500.0  # every Monday at three: real work
    found = spikes(series_of(counts), open_from(0, 24))
    assert np.argwhere(found).tolist() == [[9, 9]]


def test_an_outage_is_told_from_a_quiet_hour():
    counts = 100 * np.ones((28, SLOTS))
    counts[:, 0] = 3.0
    counts[10, :3] = 0.0
    found = outages(series_of(counts), open_from(0, 24))
    assert np.argwhere(found).tolist() == [[10, 1], [10, 2]]


def test_a_day_that_is_down_is_flagged_with_its_quiet_hours():
    counts = 100 * np.ones((28, SLOTS))
    counts[:, 0] = 3.0
    counts[10] = 0.0
    assert outages(series_of(counts), open_from(0, 24))[10].all()
