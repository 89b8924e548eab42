"""Tests for forecasts.models.double_seasonal."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from forecasts.history.series import ordinal, weekday_of
from forecasts.models.double_seasonal import double_seasonal, run

FIRST = ordinal(date(2025, 1, 6))
MASK = np.ones((7, 4), dtype=bool)
WEEK = np.array([1.4, 1.1, 1.0, 0.9, 1.0, 0.6, 0.5])
DAY = np.array([10.0, 40.0, 30.0, 20.0])


def counts_of(days: np.ndarray) -> np.ndarray:
    return WEEK[weekday_of(days)][:, None] * DAY


def test_a_step_moves_the_three_states_by_hand():
    days = FIRST + np.arange(22)
    roots = np.full((22, 2), 5.0)
    roots[21] = (7.0, 6.0)  # errors 2 and 1, mean 1.5
    constants = np.array([[0.2, 0.1, 0.3]])
    level, daily, weekly, _ = run(roots, weekday_of(days), constants)
    assert level[0] == pytest.approx(5 + 0.2 * 1.5)
    np.testing.assert_allclose(daily[0], [0.1 * 0.5, -0.1 * 0.5])
    rest = np.array([2.0, 1.0]) - 0.1 * np.array([0.5, -0.5]) - 0.2 * 1.5
    np.testing.assert_allclose(weekly[0, 0], 0.3 * rest)


def test_a_week_without_noise_is_repeated():
    days, ahead = FIRST + np.arange(84), FIRST + np.arange(84, 98)
    found = double_seasonal(days, counts_of(days), MASK, ahead)
    np.testing.assert_allclose(found, counts_of(ahead), rtol=1e-6)


def test_a_change_of_level_is_followed_in_all_slots():
    days, ahead = FIRST + np.arange(112), FIRST + np.arange(112, 119)
    counts = counts_of(days) * np.where(np.arange(112) < 70, 1.0, 1.44)[:, None]
    found = double_seasonal(days, counts, MASK, ahead)
    assert found.sum() == pytest.approx(1.44 * counts_of(ahead).sum(), rel=0.05)


def test_days_that_nobody_knows_move_nothing():
    days, ahead = FIRST + np.arange(84), FIRST + np.arange(84, 91)
    counts = counts_of(days)
    counts[70:75] = np.nan
    found = double_seasonal(days, counts, MASK, ahead)
    np.testing.assert_allclose(found, counts_of(ahead), rtol=1e-6)


def test_four_weeks_are_too_few():
    days = FIRST + np.arange(28)
    assert double_seasonal(days, counts_of(days), MASK, days + 28) is None
