"""Tests for forecasts.backtests.origins."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from forecasts.backtests import origins as module
from forecasts.backtests.origins import FURTHER, ORIGINS, ORIGINS_LEAST, backtest
from forecasts.history.series import Series, ordinal
from forecasts.special_days.calendar import Calendar

FIRST = ordinal(date(2025, 1, 6))
MASK = np.zeros((7, 24), dtype=bool)
MASK[:5, 8:18] = True


def series_of(days: int, seed: int = 0) -> Series:
    rng = np.random.default_rng(seed)
    numbers = FIRST + np.arange(days, dtype=np.int64)
    counts = rng.poisson(30.0, (days, 24)).astype(float)
    counts[~MASK[(numbers + 3) % 7]] = np.nan
    nothing = np.full(counts.shape, np.nan)
    return Series("v", 60, numbers, counts, np.zeros(counts.shape), nothing)


def errors_of(days: int, gap: int = 0, length: int = 7):
    return backtest(series_of(days), Calendar(), MASK, weeks=8, gap=gap, length=length)


def test_a_history_of_28_weeks_has_twelve_origins_a_week_apart():
    errors = errors_of(28 * 7)
    assert errors.origins == ORIGINS
    assert errors.size == ORIGINS * 5 * 10
    assert set(np.diff(np.unique(errors.date[errors.lead == 1]))) == {7}


def test_a_history_of_years_has_origins_further_back_as_well():
    errors = errors_of(104 * 7)
    firsts = np.unique(errors.date[errors.lead == 1])
    assert errors.origins == ORIGINS + FURTHER
    assert set(np.diff(firsts)[: FURTHER - 1]) == {28}
    assert firsts[0] >= FIRST + 52 * 7


@pytest.mark.parametrize("days", [42, 56, 91])
def test_a_shorter_history_still_has_eight_origins(days):
    assert errors_of(days).origins == ORIGINS_LEAST


def test_a_history_of_three_weeks_or_less_has_none_or_few():
    assert errors_of(20).origins == 0
    assert errors_of(20).size == 0
    assert 0 < errors_of(24).origins < ORIGINS_LEAST


def test_every_origin_sees_only_the_days_before_its_gap(monkeypatch):
    seen = []
    real = module.look_ahead

    def watched(past, calendar, mask, ahead, **options):
        seen.append((int(past.days[-1]), int(ahead[0])))
        return real(past, calendar, mask, ahead, **options)

    monkeypatch.setattr(module, "look_ahead", watched)
    errors_of(280, gap=14)
    assert len(seen) > ORIGINS
    assert all(first - last == 15 for last, first in seen)


def test_later_days_do_not_change_the_errors_of_earlier_origins(monkeypatch):
    monkeypatch.setattr(module, "_starts", lambda *_: [FIRST + 70, FIRST + 77])
    series = series_of(140)
    changed = series.with_counts(series.counts.copy())
    changed.counts[84:] *= 3
    a, b = (backtest(s, Calendar(), MASK, weeks=8, gap=0, length=7) for s in (series, changed))
    np.testing.assert_array_equal(a.mean, b.mean)
    np.testing.assert_array_equal(a.actual, b.actual)


@pytest.mark.parametrize("gap", range(0, 98, 7))
def test_a_gap_of_any_length_leaves_only_origins_with_a_past(monkeypatch, gap):
    seen = []
    real = module.look_ahead

    def watched(past, calendar, mask, ahead, **options):
        seen.append(int(past.has_rows.sum()))
        return real(past, calendar, mask, ahead, **options)

    monkeypatch.setattr(module, "look_ahead", watched)
    errors = errors_of(63, gap=gap)
    assert errors.origins == len(seen)
    assert all(days >= 2 for days in seen)
    assert bool(seen) == (gap <= 42)
