"""Tests for forecasts.models.regression."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from forecasts.history.series import ordinal, weekday_of
from forecasts.models.day_level import month_phase
from forecasts.models.regression import regressed_rates

FIRST = ordinal(date(2025, 1, 6))
WEEKDAYS = np.array([1.4, 1.1, 1.0, 0.9, 1.0, 0.6, 0.5])


def days_of(first: int, end: int) -> np.ndarray:
    return FIRST + np.arange(first, end, dtype=np.int64)


def month(days: np.ndarray) -> np.ndarray:
    return np.exp(0.1 * np.cos(2 * np.pi * month_phase(days)))


def rates(days: np.ndarray, arrived: np.ndarray, ahead: np.ndarray) -> np.ndarray:
    return regressed_rates(days, arrived, np.ones(days.size), ahead, np.ones(7, bool))


def test_weekdays_and_the_beat_of_the_month_are_found():
    days, ahead = days_of(0, 360), days_of(360, 388)
    arrived = 800 * WEEKDAYS[weekday_of(days)] * month(days)
    expected = 800 * WEEKDAYS[weekday_of(ahead)] * month(ahead)
    np.testing.assert_allclose(rates(days, arrived, ahead), expected, rtol=0.025)


def test_one_wild_day_changes_next_to_nothing():
    days, ahead = days_of(0, 120), days_of(120, 127)
    arrived = 800 * WEEKDAYS[weekday_of(days)]
    wild = arrived.copy()
    wild[60] *= 20
    np.testing.assert_allclose(rates(days, wild, ahead), rates(days, arrived, ahead), rtol=0.01)


def test_what_is_left_over_of_the_last_weeks_is_carried_forward_and_fades():
    days = days_of(0, 200)
    arrived = 800 * np.where(np.arange(200) < 180, 1.0, 1.08)
    near, far = rates(days, arrived, days_of(200, 201)), rates(days, arrived, days_of(284, 285))
    assert 1.03 < near[0] / 800 < 1.09
    assert far[0] < near[0]


def test_few_days_give_the_weekdays_little_say():
    days = days_of(0, 21)
    arrived = np.random.default_rng(0).poisson(400, 21).astype(float)
    found = rates(days, arrived, days_of(21, 28))
    assert found.mean() == pytest.approx(400, rel=0.05)
    assert found.std() / found.mean() < 0.06
