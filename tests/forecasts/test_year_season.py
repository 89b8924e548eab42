"""Tests for forecasts.models.year_season."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from forecasts.history.series import ordinal
from forecasts.models.year_season import YEAR_DAYS, believed, year_season

FIRST = ordinal(date(2019, 1, 7))


def days_of(years: float) -> np.ndarray:
    return FIRST + np.arange(int(years * YEAR_DAYS), dtype=np.int64)


def test_a_wave_of_the_year_is_found_beside_a_trend():
    days = days_of(4)
    wave = 0.2 * np.sin(2 * np.pi * days / YEAR_DAYS)
    arrived = 1000 * np.exp(wave + 0.1 * (days - FIRST) / YEAR_DAYS)
    ahead = days[-1] + np.arange(1, 366)
    found = np.log(year_season(days, arrived, np.ones(days.size), ahead))
    expected = 0.2 * np.sin(2 * np.pi * ahead / YEAR_DAYS)
    assert np.abs(found - expected).max() < 0.03


def test_less_than_two_years_have_no_season():
    days = days_of(1.9)
    arrived = 1000 * np.exp(0.2 * np.sin(2 * np.pi * days / YEAR_DAYS))
    assert (year_season(days, arrived, np.ones(days.size), days[-5:]) == 1).all()


def test_chance_is_hardly_taken_for_a_season():
    rng = np.random.default_rng(3)
    days = days_of(3)
    arrived = 1000 * np.exp(0.1 * rng.standard_normal(days.size))
    found = np.log(year_season(days, arrived, np.ones(days.size), days[-365:]))
    assert found.std() < 0.02  # a tenth of it would be the noise itself


def test_a_pattern_of_one_year_alone_is_not_believed():
    own = np.zeros((4, 2))
    own[0] = 0.4
    assert np.abs(believed(own)).max() == 0.0


def test_what_all_years_agree_on_is_believed_in_full():
    own = np.tile([0.3, -0.2], (3, 1))
    np.testing.assert_allclose(believed(own), [0.3, -0.2])


@pytest.mark.parametrize("seed", [0, 1])
def test_a_wild_day_does_not_make_a_season(seed):
    rng = np.random.default_rng(seed)
    days = days_of(3)
    arrived = rng.poisson(400, days.size).astype(float)
    arrived[500] = 1e6
    found = year_season(days, arrived, np.ones(days.size), days[-365:])
    assert np.abs(np.log(found)).max() < 0.05
