"""Tests for forecasts.models.day_level."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from scipy.special import ive
from scipy.stats import multivariate_normal

from forecasts.history.series import ordinal, weekday_of
from forecasts.models import day_level
from forecasts.models.day_level import Spread, learn_spread, month_phase, predict, served_weekdays

FIRST = ordinal(date(2025, 1, 6))
WEEKDAYS = np.array([1.4, 1.1, 1.0, 0.9, 1.0, 0.6, 0.5])


def days_of(count: int) -> np.ndarray:
    return FIRST + np.arange(count, dtype=np.int64)


def counts_of(days, level=1.0, noise=0.0, seed=0, mean=500.0):
    rng = np.random.default_rng(seed)
    busy = np.exp(noise * rng.standard_normal(days.size) - noise**2 / 2)
    return rng.poisson(mean * WEEKDAYS[weekday_of(days)] * level * busy).astype(float)


def forecast_of(days, arrived, ahead, spread=None):
    exposure = np.ones(days.size)
    return predict(spread or learn_spread(days, arrived, exposure), days, arrived, exposure, ahead)


def covariance(spread: Spread, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The model's covariance of the log levels of days, entry by entry."""
    width = day_level.MONTH_WIDTH
    constant = ive(0, width**-2)  # the month effect has no constant of its own
    matrix = np.empty((a.size, b.size))
    for i, one in enumerate(a):
        for j, other in enumerate(b):
            apart = abs(int(one) - int(other))
            phases = month_phase(np.array([one, other]))
            month = np.exp(-2 * (np.sin(np.pi * (phases[0] - phases[1])) / width) ** 2) - constant
            matrix[i, j] = (
                day_level.CONSTANT_SD**2
                + day_level.WEEKDAY_SD**2 * (apart % 7 == 0)
                + spread.fast**2 * np.exp(-apart / day_level.FAST_DAYS)
                + spread.slow**2 * np.exp(-apart / day_level.SLOW_DAYS)
                + spread.month**2 * month
            )
    return matrix


def test_predictions_are_conditional_means_and_variances_of_the_stated_model():
    """With many contacts the response is the log rate itself, and noise that of the day."""
    days, ahead, spread = days_of(28), FIRST + np.array([28, 34, 50]), Spread(month=0.06)
    days = days[days != FIRST + 11]
    arrived = counts_of(days, mean=5e6, noise=0.02)
    found = forecast_of(days, arrived, ahead, spread)
    medians = {w: np.median(arrived[weekday_of(days) == w]) for w in range(7)}
    centre = float(np.median([np.log(medians[w]) for w in weekday_of(days)]))
    among = covariance(spread, days, days) + np.diag(1 / arrived + spread.noise**2)
    across = covariance(spread, ahead, days)
    mean = centre + across @ np.linalg.solve(among, np.log(arrived) - centre)
    left = covariance(spread, ahead, ahead) - across @ np.linalg.solve(among, across.T)
    np.testing.assert_allclose(np.log(found.rate), mean, atol=2e-3)
    np.testing.assert_allclose(found.variance, np.diag(left) + spread.noise**2, rtol=1e-3)


def test_the_likelihood_is_the_joint_normal_density():
    days, spread = days_of(40)[::3], Spread(0.07, 0.04, 0.1, 0.05)
    response = np.random.default_rng(2).normal(0.0, 0.3, days.size)
    noise = np.linspace(0.01, 0.05, days.size)
    fits = [
        day_level._Fit.of(spread, day_level._Chain.of(days), 1 / noise, y).log_likelihood
        for y in (response, np.zeros(days.size))
    ]
    law = multivariate_normal(np.zeros(days.size), covariance(spread, days, days) + np.diag(noise))
    expected = law.logpdf(response) + days.size / 2 * np.log(2 * np.pi)
    assert fits[0] == pytest.approx(expected, abs=1e-3)
    assert fits[1] > fits[0]


def test_learned_standard_deviations_are_most_likely():
    days = days_of(70)
    arrived = counts_of(days, noise=0.08, mean=1e5)
    spread = learn_spread(days, arrived, np.ones(70))
    chain = day_level._Chain.of(days)
    response, poisson, _ = day_level._working_response(spread, chain, arrived, np.ones(70))
    prior = np.log(Spread().as_array())

    def posterior(logs: np.ndarray) -> float:
        tried = Spread(*np.exp(logs))
        weight = 1 / (poisson + tried.noise**2)
        fit = day_level._Fit.of(tried, chain, weight, response - np.median(response))
        return fit.log_likelihood - 0.5 * float(((logs - prior) ** 2).sum())

    best = np.log(spread.as_array())
    for axis in range(4):
        for step in (-0.4, 0.4):
            assert posterior(best) > posterior(best + step * np.eye(4)[axis]) - 0.02


def test_a_steady_centre_is_averaged_long():
    days = days_of(140)
    found = forecast_of(days, counts_of(days, noise=0.05), FIRST + 140 + np.arange(7))
    np.testing.assert_allclose(found.rate, 500 * WEEKDAYS, rtol=0.05)


def test_a_new_level_is_followed_within_two_weeks():
    days = days_of(112)
    level = np.where(days >= FIRST + 98, 1.5, 1.0)
    found = forecast_of(days, counts_of(days, level, 0.03), FIRST + 112 + np.arange(7))
    assert found.rate.sum() == pytest.approx(1.5 * 500 * WEEKDAYS.sum(), rel=0.08)


def test_a_monthly_pattern_is_found_where_there_is_one_and_not_where_there_is_none():
    days = days_of(210)
    start = np.array([np.datetime64(int(d), "D").astype(object).day <= 3 for d in days])
    monthly = learn_spread(days, counts_of(days, np.where(start, 1.3, 1.0), 0.03), np.ones(210))
    plain = learn_spread(days, counts_of(days, 1.0, 0.03), np.ones(210))
    assert monthly.month > 0.05
    assert plain.month < 0.02


@pytest.mark.parametrize("count", [0.0, 1e7])
def test_one_strange_day_moves_the_forecast_little(count):
    days = days_of(84)
    arrived = counts_of(days, noise=0.05)
    ahead = FIRST + 84 + np.arange(7)
    calm = forecast_of(days, arrived, ahead).rate
    arrived[80] = count
    np.testing.assert_allclose(forecast_of(days, arrived, ahead).rate, calm, rtol=0.08)


def test_doubt_grows_with_the_lead_and_shrinks_with_the_history():
    days = days_of(112)
    arrived = counts_of(days, noise=0.05)
    near = forecast_of(days, arrived, FIRST + np.array([112]))
    far = forecast_of(days, arrived, FIRST + np.array([112 + 56]))
    short = forecast_of(days[:14], arrived[:14], FIRST + np.array([14]))
    assert far.variance[0] >= near.variance[0]
    assert short.variance[0] > near.variance[0]


def test_days_of_few_contacts_keep_their_mean():
    days = days_of(140)
    arrived = counts_of(days, mean=1.0)
    found = forecast_of(days, arrived, FIRST + 140 + np.arange(7))
    assert found.rate.sum() == pytest.approx(arrived.mean() * 7, rel=0.15)


def test_no_contacts_at_all_are_a_rate_of_zero():
    days = days_of(21)
    found = forecast_of(days, np.zeros(21), FIRST + 21 + np.arange(7))
    assert (found.rate == 0).all()


def test_a_month_of_working_days_ends_on_its_last_one():
    served = np.array([True] * 5 + [False] * 2)
    days = np.array(
        [ordinal(date(2025, 8, 1)), ordinal(date(2025, 8, 29)), ordinal(date(2025, 9, 1))]
    )
    np.testing.assert_allclose(month_phase(days, served), [0.0, 20 / 21, 0.0])


def test_weekdays_that_open_by_way_of_exception_are_not_served():
    days = np.concatenate([weeks_of(10), [ordinal(date(2025, 1, 11))]])
    np.testing.assert_array_equal(served_weekdays(days), [True] * 5 + [False] * 2)


def weeks_of(count: int) -> np.ndarray:
    """Mondays to Fridays of some weeks."""
    days = ordinal(date(2025, 1, 6)) + np.arange(7 * count)
    return days[(days + 3) % 7 < 5]
