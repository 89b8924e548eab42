"""Tests for forecasts.uncertainty.learn and day_law: what past errors say of the next ones."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import nbinom, t

from forecasts.backtests.origins import Errors
from forecasts.uncertainty.day_law import (
    SURE,
    DayLaw,
    DayTotals,
    independent_errors,
    learn_day_law,
    log_chance,
    wildness,
)
from forecasts.uncertainty.distribution import central_interval, count_quantiles
from forecasts.uncertainty.learn import learn

SLOTS = 20


def errors_of(
    day_cv: float,
    cell_cv: float,
    *,
    origins: int = 60,
    mean: float = 60.0,
    freedom: float = np.inf,
    slots: int = SLOTS,
    seed: int = 0,
) -> Errors:
    """Cells of a forecast with perfect means; days of one origin alike by 0.3; a week each."""
    rng = np.random.default_rng(seed)
    common = rng.standard_normal((origins, 1))
    normal = np.sqrt(0.3) * common + np.sqrt(0.7) * rng.standard_normal((origins, 7))
    wild = 1.0 if np.isinf(freedom) else np.sqrt(freedom / rng.chisquare(freedom, (origins, 1)))
    day = np.exp(day_cv * normal * wild)
    cell = np.exp(cell_cv * rng.standard_normal((origins, 7, slots)))
    actual = rng.poisson(mean * day[..., None] * cell).astype(float)
    origin, weekday, slot = (a.ravel() for a in np.indices(actual.shape))
    return Errors(
        actual.ravel(),
        np.full(actual.size, mean),
        origin * 7 + weekday,
        slot,
        np.full(actual.size, 0.01),
        origins,
        lead=weekday + 1,
        origin=origin,
        date=origin * 7 + weekday,
    )


def held(errors: Errors, low: np.ndarray, high: np.ndarray) -> float:
    return float(((errors.actual >= low) & (errors.actual <= high)).mean())


def coverages(slots: int, mean: float, freedom: float, **cv: float) -> np.ndarray:
    """Shares of fresh counts in 80 and 95 % intervals, mean of several histories."""
    found = []
    for seed in range(6):
        errors = errors_of(**cv, mean=mean, freedom=freedom, slots=slots, seed=seed)
        unsure = learn(errors, slots, 1440 // slots).unsure
        fresh = errors_of(**cv, mean=mean, freedom=freedom, slots=slots, seed=100 + seed)
        variance = unsure.rate_variance(fresh.variance, fresh.slot)
        low, _, high = count_quantiles(fresh.mean, variance)
        outer = central_interval(fresh.mean, unsure.tail * variance, 0.025, 0.975)
        found.append((held(fresh, low, high), held(fresh, *outer)))
    return np.mean(found, axis=0)


@pytest.mark.parametrize("mean", [20.0, 60.0, 1000.0])
@pytest.mark.parametrize("freedom", [np.inf, 4.0])
def test_intervals_hold_what_they_promise(mean, freedom):
    of_80, of_95 = coverages(SLOTS, mean, freedom, day_cv=0.15, cell_cv=0.1)
    assert 0.77 < of_80 < 0.83
    assert 0.93 < of_95 < 0.97


@pytest.mark.parametrize("freedom", [np.inf, 4.0])
def test_days_that_are_intervals_hold_what_they_promise(freedom):
    of_80, of_95 = coverages(1, 2000.0, freedom, day_cv=0.1, cell_cv=0.0)
    assert 0.77 < of_80 < 0.83
    assert 0.93 < of_95 < 0.97


def test_heavy_tails_are_told_from_light_ones():
    light, heavy = (
        learn(errors_of(0.15, 0.05, mean=200.0, freedom=freedom), SLOTS, 30).unsure.law
        for freedom in (np.inf, 3.0)
    )
    assert heavy.freedom < 6.0 < light.freedom


def test_few_origins_promise_wider_intervals_than_many():
    few, many = (
        learn(errors_of(0.1, 0.05, origins=origins), SLOTS, 30).unsure for origins in (3, 100)
    )
    assert few.law.errors < 0.2 * many.law.errors
    assert few.law.freedom < many.law.freedom
    assert few.law.widening(0.975) > many.law.widening(0.975)


def test_without_errors_the_day_model_is_believed_but_not_surely():
    nothing, none = np.zeros(0), np.zeros(0, dtype=np.int64)
    found = learn(Errors(nothing, nothing, none, none, nothing, 0), SLOTS, 30)
    assert found.days is None
    assert found.unsure.law.freedom == DayLaw().freedom
    assert found.unsure.rate_variance(np.array([0.04]), np.array([0]))[0] > 0.04
    assert found.unsure.tail > 1.0


def test_widening_gives_the_quantiles_of_students_t():
    law = DayLaw(freedom=5.0)
    assert law.widening(0.9) == pytest.approx((t.ppf(0.9, 5) / 1.2815515655) ** 2)
    assert DayLaw(freedom=SURE).widening(0.9) == 1.0
    assert wildness(5.0, 4000).mean() == pytest.approx(5 / 3, rel=0.05)


def test_the_chance_of_counts_is_negative_binomial():
    found = log_chance(np.array([7.0]), np.array([5.0]), np.array([0.2]))
    assert found[0] == pytest.approx(nbinom.logpmf(7, 5, 5 / 10))


def totals_of(days: int, *, origins: int = 1, mean: float = 1e6) -> tuple[DayTotals, np.ndarray]:
    number = np.arange(days)
    flat, none = np.ones(days), np.zeros(days)
    origin = number % origins
    totals = DayTotals(
        mean * flat, mean * flat, 0.01 * flat, none, none.astype(int), origin, number
    )
    return totals, 7 * origin


def test_independent_days_count_in_full_and_alike_ones_as_one():
    totals, known = totals_of(40)
    assert independent_errors(totals, 0.0, 0.9, known) == pytest.approx(40, rel=0.01)
    assert independent_errors(totals, 1.0, 1.0, known) == pytest.approx(1, rel=0.01)


def test_poisson_noise_says_nothing_of_the_rate():
    totals, known = totals_of(40, mean=1.0)
    assert independent_errors(totals, 0.0, 0.9, known) < 0.1


def test_one_day_teaches_nothing():
    totals, known = totals_of(1)
    assert learn_day_law(totals, 0.5, 0.9, known).freedom == DayLaw().freedom


def test_a_wrong_variance_is_corrected_as_far_as_errors_speak():
    errors = errors_of(0.2, 0.02, mean=500.0)
    law = learn(errors, SLOTS, 30).unsure.law
    assert law.scale[0] * 0.01 == pytest.approx(0.04, rel=0.3)
