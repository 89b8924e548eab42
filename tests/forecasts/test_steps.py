"""Tests for forecasts.models.steps, and for what forecasts make of a step."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from forecasts import forecast
from forecasts.history.series import ordinal, weekday_of
from forecasts.models.steps import step_logs

FIRST = ordinal(date(2025, 1, 6))
WEEKDAYS = np.array([1.4, 1.1, 1.0, 0.9, 1.0, 0.6, 0.5])


def logs_of(level: np.ndarray, seed: int = 0) -> np.ndarray:
    days = FIRST + np.arange(level.size, dtype=np.int64)
    rng = np.random.default_rng(seed)
    busy = np.exp(0.04 * rng.standard_normal(level.size))
    arrived = rng.poisson(600 * WEEKDAYS[weekday_of(days)] * level * busy).astype(float)
    return step_logs(days, arrived, np.ones(level.size))


@pytest.mark.parametrize("times", [1.3, 0.7])
def test_a_step_of_two_weeks_makes_the_past_count_at_the_new_level(times):
    found = logs_of(np.where(np.arange(182) < 168, 1.0, times))
    assert (found[168:] == 0.0).all()
    assert found[0] == pytest.approx(-np.log(times), abs=0.05)


@pytest.mark.parametrize("times", [1.3, 0.7])
@pytest.mark.parametrize("weeks_ago", [0, 1])
def test_one_strange_week_is_no_step(times, weeks_ago):
    age = 181 - np.arange(182)
    found = logs_of(np.where(age // 7 == weeks_ago, times, 1.0))
    assert (found == 0.0).all()


def test_a_steady_level_has_no_step():
    assert (logs_of(np.ones(182)) == 0.0).all()


def test_two_weeks_after_a_step_the_forecast_is_at_the_new_level(centre):
    made = centre(
        days=126, interval_min=60, level=lambda day: np.where(day < 112, 1.0, 1.3), day_cv=0.03
    )
    found = forecast(made.history, made.future, timezone="Europe/Dublin", interval_min=60)
    assert found.intervals["offered_mean"].sum() == pytest.approx(made.rate.sum(), rel=0.05)
