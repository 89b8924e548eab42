"""Tests for forecasts.models.smoothing."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from forecasts.history.series import ordinal, weekday_of
from forecasts.models.smoothing import Constants, State, _step, run, smoothed_rates

FIRST = ordinal(date(2025, 1, 6))
WEEKDAYS = np.array([1.4, 1.1, 1.0, 0.9, 1.0, 0.6, 0.5])


def one(level: float, trend: float, season: float, damping: float) -> Constants:
    return Constants(*(np.array([value]) for value in (level, trend, season, damping)))


def test_a_step_is_that_of_the_error_correction_form_by_hand():
    state = State(np.array([2.0]), np.array([0.1]), np.zeros((7, 1)))
    _step(state, one(0.5, 0.2, 0.3, 0.9), 3.0, 0, reach=10.0)
    assert state.level[0] == pytest.approx(2.09 + 0.5 * 0.91)
    assert state.trend[0] == pytest.approx(0.09 + 0.5 * 0.2 * 0.91)
    assert state.season[0, 0] == pytest.approx(0.3 * 0.5 * 0.91)


def test_a_damped_trend_adds_its_powers():
    state = State(np.array([0.0]), np.array([1.0]), np.zeros((7, 1)))
    found = state.ahead(one(0.1, 0.1, 0.1, 0.9), 3, np.zeros(1))
    assert found[0] == pytest.approx(0.9 + 0.81 + 0.729)


def test_a_day_that_nobody_knows_moves_nothing_but_the_trend():
    state = State(np.array([2.0]), np.array([0.1]), np.zeros((7, 1)))
    _step(state, one(0.5, 0.2, 0.3, 0.9), float("nan"), 0, reach=10.0)
    assert state.level[0] == pytest.approx(2.09)
    assert state.trend[0] == pytest.approx(0.09)
    assert (state.season == 0).all()


def test_a_week_without_noise_is_repeated():
    days = FIRST + np.arange(84)
    arrived = 500 * WEEKDAYS[weekday_of(days)]
    ahead = FIRST + np.arange(84, 112)
    found = smoothed_rates(days, arrived, np.ones(84), ahead)
    np.testing.assert_allclose(found, 500.5 * WEEKDAYS[weekday_of(ahead)], rtol=0.02)


def test_a_lasting_change_of_level_is_followed():
    days = FIRST + np.arange(140)
    arrived = 500 * WEEKDAYS[weekday_of(days)] * np.where(np.arange(140) < 100, 1.0, 1.5)
    found = smoothed_rates(days, arrived, np.ones(140), FIRST + np.arange(140, 147))
    assert found.sum() == pytest.approx(1.5 * 500 * WEEKDAYS.sum(), rel=0.04)


def test_constants_that_missed_less_are_those_that_follow_a_wandering_level():
    rng = np.random.default_rng(1)
    logs = np.cumsum(0.1 * rng.standard_normal(300))
    _, error = run(logs, weekday_of(FIRST + np.arange(300)), Constants.grid())
    level = Constants.grid().level
    assert error[level == 0.5].min() < error[level == 0.02].min()
