"""Tests for forecasts.models.gamma_poisson."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from scipy.stats import nbinom

from forecasts.history.series import ordinal, weekday_of
from forecasts.models import gamma_poisson as module
from forecasts.models.gamma_poisson import by_week, gamma_poisson, posterior

FIRST = ordinal(date(2025, 1, 6))
MASK = np.ones((7, 3), dtype=bool)


def test_the_posterior_is_the_conjugate_one_by_hand():
    """One cell type with equal margins: prior mean 1 worth 2 weeks; 3 weeks with 0, 1, 2."""
    arrived = np.zeros((3, 7, 3))
    arrived[:] = np.array([0.0, 1.0, 2.0])[:, None, None]
    shape, weeks = posterior(arrived, np.ones_like(arrived), 2.0, 1.0)
    np.testing.assert_allclose(weeks, 5.0)
    np.testing.assert_allclose(shape, 3.0 + 2.0 * 1.0, rtol=1e-6)


def test_discount_makes_old_weeks_count_less():
    arrived = np.zeros((2, 7, 3))
    arrived[1] = 1.0
    shape, weeks = posterior(arrived, np.ones_like(arrived), 1e-9, 0.5)
    np.testing.assert_allclose(shape / weeks, 1 / 1.5, rtol=1e-6)


def test_the_likelihood_is_the_negative_binomial_of_the_weeks_before():
    rng = np.random.default_rng(0)
    arrived = rng.poisson(1.5, (5, 7, 3)).astype(float)
    seen = np.ones_like(arrived)
    found = module._log_likelihood(arrived, seen, 2.0, 0.9)
    expected = 0.0
    for week in range(1, 5):
        shape, weeks = posterior(arrived[:week], seen[:week], 2.0, 0.9)
        expected += nbinom.logpmf(arrived[week], shape, weeks / (weeks + 1)).sum()
    assert found == pytest.approx(expected)


def test_days_fall_into_weeks_that_end_today():
    days = FIRST + np.arange(10)
    arrived, seen = by_week(days, np.arange(30.0).reshape(10, 3), np.ones((10, 3), bool))
    assert arrived.shape == (2, 7, 3)
    assert seen[0].sum() == 9
    np.testing.assert_array_equal(arrived[1, weekday_of(days[-1:])[0]], [27, 28, 29])


def test_an_intermittent_queue_is_forecast_with_less_error_than_by_its_own_cells():
    rng = np.random.default_rng(1)
    rate = 0.2 * np.linspace(0.5, 1.5, 7)[:, None] * np.array([0.5, 1.0, 1.5])
    days, ahead = FIRST + np.arange(140), FIRST + np.arange(140, 147)
    pooled, own = 0.0, 0.0
    for _ in range(10):
        counts = rng.poisson(rate[weekday_of(days)]).astype(float)
        found = gamma_poisson(days, counts, MASK, ahead)
        mean = np.array([counts[weekday_of(days) == w].mean(axis=0) for w in weekday_of(ahead)])
        pooled += np.abs(found - rate[weekday_of(ahead)]).sum()
        own += np.abs(mean - rate[weekday_of(ahead)]).sum()
    assert pooled < 0.9 * own


def test_a_busy_queue_is_left_to_other_models_and_an_empty_one_gets_zeros():
    days = FIRST + np.arange(28)
    assert gamma_poisson(days, np.full((28, 3), 50.0), MASK, days + 28) is None
    assert (gamma_poisson(days, np.zeros((28, 3)), MASK, days + 28) == 0).all()
    assert gamma_poisson(days, np.full((28, 3), np.nan), MASK, days + 28) is None
