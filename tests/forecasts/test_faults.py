"""Tests for forecasts.history.faults."""

from __future__ import annotations

from datetime import date

import numpy as np

from forecasts.history.faults import (
    OUTAGE,
    SHUT,
    SPIKE,
    copies,
    found_faults,
    outages,
    said_of,
    set_aside,
    spikes,
)
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
    counts[10, 1:3] = 0.0
    counts[15, 0] = 0.0
    found = outages(series_of(counts), open_from(0, 24))
    assert np.argwhere(found).tolist() == [[10, 1], [10, 2]]


def test_a_day_that_is_down_is_flagged_with_its_quiet_hours():
    counts = 100 * np.ones((28, SLOTS))
    counts[:, 0] = 3.0
    counts[10] = 0.0
    assert outages(series_of(counts), open_from(0, 24))[10].all()


def test_quiet_hours_in_a_row_are_judged_together():
    """Six contacts an hour may fail to come once; for five hours they do not."""
    rng = np.random.default_rng(1)
    counts = np.maximum(rng.poisson(6.0, (84, SLOTS)), 1).astype(float)
    counts[40, 9:14] = 0.0
    counts[60, 9] = 0.0
    found = outages(series_of(counts), open_from(0, 24))
    assert np.argwhere(found).tolist() == [[40, slot] for slot in range(9, 14)]


def test_days_without_contacts_are_usual_where_contacts_come_in_bursts():
    rng = np.random.default_rng(2)
    counts = np.where(rng.random((200, 1)) < 0.3, rng.poisson(9.0, (200, SLOTS)), 0).astype(float)
    assert not outages(series_of(counts), open_from(0, 24)).any()


def test_the_spike_of_a_short_history_does_not_hide_itself():
    counts = np.full((2, SLOTS), 10.0)
    counts[0, 5] = 1e9
    assert np.argwhere(spikes(series_of(counts), open_from(0, 24))).tolist() == [[0, 5]]


def test_a_week_pasted_twice_is_found_and_only_its_copy():
    rng = np.random.default_rng(3)
    counts = rng.poisson(4.0, (70, SLOTS)).astype(float)
    counts[35:42] = counts[28:35]
    series = series_of(counts)
    flags, original = copies(series)
    assert np.flatnonzero(flags).tolist() == list(range(35, 42))
    assert original[35] == series.days[28]


def test_a_week_of_day_totals_pasted_twice_is_found():
    rng = np.random.default_rng(4)
    counts = rng.poisson(1000.0, (140, 1)).astype(float)
    counts[70:77] = counts[56:63]
    days = ordinal(date(2025, 1, 6)) + np.arange(140)
    flags, _ = copies(Series("v", 1440, days, counts, np.zeros((140, 1)), np.zeros((140, 1))))
    assert np.flatnonzero(flags).tolist() == list(range(70, 77))


def test_chance_and_a_source_that_repeats_itself_make_no_copies():
    rng = np.random.default_rng(5)
    assert not copies(series_of(rng.poisson(0.2, (700, SLOTS)).astype(float)))[0].any()
    assert not copies(series_of(np.tile(rng.poisson(9.0, (7, SLOTS)).astype(float), (20, 1))))[
        0
    ].any()


def test_what_is_set_aside_is_told_with_time_and_reason():
    counts = np.full((28, SLOTS), 100.0)
    counts[9, 9] = 1e9
    counts[16, 10:13] = 0.0
    counts[20] = 0.0
    series, off = series_of(counts), np.zeros(28, dtype=bool)
    kept, faults = found_faults(series, open_from(0, 24), off)
    assert np.isnan(kept).sum() == 1 + 3 + SLOTS
    frame = set_aside("v", faults, 60, "Europe/Dublin")
    assert frame["why"].tolist() == [SPIKE, OUTAGE, SHUT]
    assert frame["offered"].tolist() == [1e9, 0.0, 0.0]
    assert frame["expected"].tolist() == [100.0, 300.0, 2400.0]
    assert frame["start"][1].isoformat() == "2025-01-22T10:00:00+00:00"
    assert frame["end"][1].isoformat() == "2025-01-22T13:00:00+00:00"
    spiked, down = said_of(faults, 60)
    assert spiked == "1 impossible counts were set aside (2025-01-15 09:00-10:00)"
    assert "27 intervals without a single contact" in down
    assert "(2025-01-22 10:00-13:00, 2025-01-26)" in down


def test_a_closed_day_of_the_calendar_is_set_aside_without_a_word():
    counts = np.full((28, SLOTS), 100.0)
    counts[20] = 0.0
    off = np.arange(28) == 20
    kept, faults = found_faults(series_of(counts), open_from(0, 24), off)
    assert np.isnan(kept[20]).all()
    assert not faults
