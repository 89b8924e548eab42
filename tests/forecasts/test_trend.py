"""Tests for forecasts.models.trend."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from forecasts.history.series import ordinal, weekday_of
from forecasts.models.trend import DAMPING, MOST_A_WEEK, trend_logs, weekly_slope

FIRST = ordinal(date(2023, 1, 2))
WEEKDAYS = np.array([1.4, 1.1, 1.0, 0.9, 1.0, 0.6, 0.5])


def days_of(count: int) -> np.ndarray:
    return FIRST + np.arange(count, dtype=np.int64)


def slope_of(logs: np.ndarray, *, noise: float = 0.05, seed: int = 0) -> float:
    """The slope that is found in days of 400 contacts around some log level."""
    days = days_of(logs.size)
    rng = np.random.default_rng(seed)
    rate = 400 * WEEKDAYS[weekday_of(days)] * np.exp(logs + noise * rng.standard_normal(logs.size))
    return weekly_slope(days, rng.poisson(rate).astype(float), np.ones(days.size))


@pytest.mark.parametrize("times", [60.0, 3.0, 1 / 30])
def test_a_queue_that_grows_or_dies_steadily_is_followed(times):
    logs = np.log(times) * np.arange(1095) / 1095
    assert slope_of(logs) == pytest.approx(7 * np.log(times) / 1095, rel=0.1)


@pytest.mark.parametrize("seed", range(6))
def test_a_level_that_wanders_has_hardly_a_trend(seed):
    steps = 0.02 * np.random.default_rng(seed).standard_normal(500)
    assert abs(slope_of(np.cumsum(steps), seed=seed)) < 0.006


def test_a_step_is_no_trend():
    logs = np.where(np.arange(400) < 300, 0.0, np.log(1.3))
    assert slope_of(logs) == 0.0


def test_growth_of_half_a_year_may_be_a_season_and_is_left_alone():
    assert slope_of(np.arange(150) / 100) == 0.0


def test_growth_ahead_is_damped_and_the_past_is_followed_for_a_year():
    days, logs = days_of(700), np.arange(700) / 700
    rates = np.exp(logs) * WEEKDAYS[weekday_of(days)]
    wanted = np.array([days[0], days[-1] - 364, days[-1], days[-1] + 28, days[-1] + 10_000])
    found = trend_logs(days, 1e6 * rates, np.ones(700), wanted)
    assert found[0] == found[1] == pytest.approx(-364 / 700, rel=0.02)
    assert found[2] == 0.0
    assert 0.8 < found[3] / (28 / 700) < 1.0
    assert found[4] == pytest.approx(DAMPING / (1 - DAMPING) / 700, rel=0.03)


def test_no_slope_is_steeper_than_a_queue_can_be():
    assert slope_of(np.arange(300) / 20.0 - 10.0) == MOST_A_WEEK
