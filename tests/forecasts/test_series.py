"""Tests for forecasts.history.series."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from forecasts.errors import ForecastError
from forecasts.history.series import (
    LocalTime,
    Series,
    date_of,
    dates_text,
    grid,
    open_mask,
    ordinal,
    weekday_of,
    with_dropped_zeros,
)


def rows(starts, offered, aht=np.nan, **more) -> pd.DataFrame:
    when = pd.to_datetime(starts, utc=True)
    return pd.DataFrame({"interval_start": when, "offered": offered, "aht_s": aht, **more})


def on_grid(frame: pd.DataFrame, timezone: str = "UTC", interval_min: int = 60) -> Series:
    return grid(frame, LocalTime.of(frame["interval_start"], timezone), "voice", interval_min)


def series_of(counts: np.ndarray, first: str = "2025-01-06") -> Series:
    days = ordinal(date.fromisoformat(first)) + np.arange(len(counts))
    nothing = np.full(counts.shape, np.nan)
    return Series("voice", 1440 // counts.shape[1], days, counts, np.zeros(counts.shape), nothing)


def test_days_and_dates_are_the_same_thing():
    assert date_of(ordinal(date(2024, 2, 29))) == date(2024, 2, 29)
    assert weekday_of(np.array([ordinal(date(2025, 1, 6))])) == [0]
    assert weekday_of(np.array([ordinal(date(1969, 12, 28))])) == [6]


def test_rows_are_summed_into_their_interval_and_absence_stays_absent():
    made = on_grid(
        rows(["2025-01-06 09:00", "2025-01-06 09:30", "2025-01-08 10:00"], [2.0, 3.0, 4.0])
    )
    assert made.counts.shape == (3, 24)
    assert made.counts[0, 9] == 5.0
    assert made.counts[2, 10] == 4.0
    assert np.isfinite(made.counts).sum() == 2
    assert made.has_rows.tolist() == [True, False, True]


def test_handle_times_are_weighted_by_the_contacts_that_were_answered():
    made = on_grid(
        rows(
            ["2025-01-06 09:00", "2025-01-06 09:30"],
            [9.0, 9.0],
            [100.0, 400.0],
            answered=[2.0, 1.0],
        )
    )
    assert made.handle_s[0, 9] == pytest.approx(200.0)
    assert made.contacts[0, 9] == 3.0


def test_a_night_belongs_to_the_local_day():
    made = on_grid(rows(["2025-07-01 23:30"], [1.0]), "Europe/Dublin")
    assert date_of(made.days[0]) == date(2025, 7, 2)
    assert made.counts[0, 0] == 1.0


def test_the_repeated_hour_is_a_rate_per_elapsed_hour():
    made = on_grid(rows(["2025-10-26 00:00", "2025-10-26 01:00"], [30.0, 10.0]), "Europe/Dublin")
    assert made.counts[0, 1] == 20.0


def test_small_counts_without_a_single_zero_are_a_source_that_drops_zeros():
    rng = np.random.default_rng(1)
    counts = rng.poisson(1.0, (84, 24)).astype(float)
    kept, changed = with_dropped_zeros(series_of(counts))
    assert not changed
    assert kept.counts is counts
    filled, changed = with_dropped_zeros(series_of(np.where(counts == 0, np.nan, counts)))
    assert changed
    np.testing.assert_array_equal(filled.counts, counts)


def test_large_counts_without_a_single_zero_are_left_alone():
    counts = np.full((28, 24), 50.0)
    counts[3, 4] = np.nan
    _, changed = with_dropped_zeros(series_of(counts))
    assert not changed


def test_open_slots_come_from_the_horizon_and_else_from_the_history():
    counts = np.full((14, 24), np.nan)
    counts[:, 9:17] = 1.0
    series = series_of(counts)
    monday = np.full(3, ordinal(date(2025, 1, 20)))
    mask = open_mask(monday, np.array([9, 10, 11]), np.array([True, True, False]), series)
    assert np.flatnonzero(mask[0]).tolist() == [9, 10]
    assert np.flatnonzero(mask[1]).tolist() == list(range(9, 17))


def test_rows_that_straddle_the_interval_are_refused():
    starts = pd.date_range("2025-01-06", periods=20, freq="6min")
    with pytest.raises(
        ForecastError, match=r"row every 6 minutes .* straddle the edges of 15-minute"
    ):
        on_grid(rows(starts, 1.0), interval_min=15)


def test_many_dates_are_shortened():
    day = ordinal(date(2025, 1, 6))
    assert dates_text([day]) == "2025-01-06"
    assert dates_text(range(day, day + 6)).endswith("2025-01-09 and 2 more")
