"""Tests for forecasts.history.shape."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from forecasts.history.series import Series, ordinal
from forecasts.history.shape import fit_shape

SLOTS = 24


def series_of(counts: np.ndarray) -> Series:
    days = ordinal(date(2025, 1, 6)) + np.arange(len(counts))
    return Series("v", 60, days, counts, np.zeros(counts.shape), np.full(counts.shape, np.nan))


def open_from(first: int, end: int) -> np.ndarray:
    mask = np.zeros((7, SLOTS), dtype=bool)
    mask[:, first:end] = True
    return mask


def fitted(counts: np.ndarray, mask: np.ndarray):
    series = series_of(counts)
    return fit_shape(series, mask, series.has_rows, np.ones(len(counts)))


def bell(day_count: int, level: np.ndarray | float = 1.0) -> np.ndarray:
    shape = np.exp(-0.5 * ((np.arange(SLOTS) - 12) / 4) ** 2)
    return np.ones((day_count, 1)) * shape * np.broadcast_to(level, (day_count,))[:, None]


def test_a_shape_without_noise_is_returned_whatever_the_levels_of_the_days():
    counts = 200 * bell(28, np.linspace(0.5, 2.0, 28))
    shape = fitted(counts, open_from(6, 20))
    expected = bell(1)[0, 6:20] / bell(1)[0, 6:20].mean()
    np.testing.assert_allclose(shape.values[3, 6:20], expected, rtol=0.02)
    assert (shape.values[:, :6] == 0).all()


def test_a_weekday_with_its_own_shape_keeps_it():
    rng = np.random.default_rng(3)
    rate = 300 * bell(56)
    rate[4::7] = np.roll(rate[4::7], 3, axis=1)  # Fridays are later
    counts = rng.poisson(rate).astype(float)
    shape = fitted(counts, open_from(4, 22))
    assert np.argmax(shape.values[4]) == pytest.approx(15, abs=1)
    assert np.argmax(shape.values[1]) == pytest.approx(12, abs=1)


def test_a_quiet_channel_is_smoothed_towards_what_its_weekdays_share():
    """Pooled and smoothed shapes err less than each weekday's own raw mean."""
    rng = np.random.default_rng(4)
    truth = bell(1)[0] / bell(1)[0, 6:20].mean()
    raw_error, fit_error = 0.0, 0.0
    for _ in range(5):
        counts = rng.poisson(2.0 * bell(56)).astype(float)
        shape = fitted(counts, open_from(6, 20))
        for weekday in range(7):
            raw = counts[weekday::7].mean(axis=0)
            raw = raw / raw[6:20].mean()
            raw_error += float(((raw - truth)[6:20] ** 2).sum())
            own = shape.values[weekday] / shape.values[weekday, 6:20].mean()
            fit_error += float(((own - truth)[6:20] ** 2).sum())
    assert fit_error < 0.2 * raw_error


def test_one_wild_day_hardly_moves_the_shape():
    rng = np.random.default_rng(5)
    counts = rng.poisson(100 * bell(56)).astype(float)
    calm = fitted(counts, open_from(6, 20)).values
    counts[20, 7:9] *= 20
    wild = fitted(counts, open_from(6, 20)).values
    assert np.abs(wild - calm).max() < 0.15


def test_exposure_and_arrivals_count_present_slots_only():
    counts = 100 * bell(14)
    counts[3, 6:13] = np.nan
    series = series_of(counts)
    shape = fit_shape(series, open_from(6, 20), series.has_rows, np.ones(14))
    exposure, arrived = shape.exposure(series), shape.arrived(series)
    assert exposure[3] == pytest.approx(shape.values[3, 13:20].sum())
    assert arrived[3] / exposure[3] == pytest.approx(arrived[4] / exposure[4], rel=0.02)
