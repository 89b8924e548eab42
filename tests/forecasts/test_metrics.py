"""Tests for forecasts.backtests.metrics."""

import math

import numpy as np
import pytest
from scipy.stats import nbinom, poisson

from forecasts import metrics
from forecasts.backtests.metrics import (
    bias,
    coverage,
    crps,
    mase,
    mean_deviation,
    noise_floor,
    pinball,
    pit,
    wape,
)

MEANS = [0.01, 0.5, 1.0, 4.0, 37.3, 400.0]
SPREADS = [0.0, 0.05, 0.3, 1.0, 2.0]


def law_of(mean, rate_cv):
    """The distribution by its name in scipy, and counts up to its far end."""
    deviation = math.sqrt(mean + (rate_cv * mean) ** 2)
    counts = np.arange(int(mean + 60 * deviation) + 60)
    if rate_cv == 0:
        return poisson(mean), counts
    return nbinom(rate_cv**-2, 1 / (1 + rate_cv**2 * mean)), counts


def test_wape_is_the_sum_of_errors_over_the_sum_of_actuals():
    assert wape(np.array([10.0, 0.0, 30.0]), np.array([8.0, 2.0, 30.0])) == pytest.approx(0.1)


def test_bias_has_the_sign_of_what_was_forecast_too_much():
    actual = np.array([10.0, 30.0])
    assert bias(actual, np.array([14.0, 30.0])) == pytest.approx(0.1)
    assert bias(actual, np.array([10.0, 20.0])) == pytest.approx(-0.25)


def test_scores_of_nothing_are_not_numbers():
    empty = np.zeros(0)
    assert math.isnan(wape(np.zeros(3), np.ones(3)))
    assert math.isnan(bias(np.zeros(3), np.ones(3)))
    assert math.isnan(coverage(empty, empty, empty))
    assert math.isnan(noise_floor(np.zeros(3)))
    assert np.isnan(pit(empty, empty)).all()


def test_mase_is_one_for_errors_as_large_as_those_of_the_last_season():
    """History 1 2 | 3 5 | 4 np.nan: changes of 2, 3 and 1 with a season of two."""
    history = np.array([1.0, 2.0, 3.0, 5.0, 4.0, np.nan])
    assert mase(np.array([6.0, 6.0]), np.array([4.0, 8.0]), history, 2) == pytest.approx(1.0)
    assert mase(np.array([6.0, 6.0]), np.array([5.0, 7.0]), history, 2) == pytest.approx(0.5)


@pytest.mark.parametrize("history", [np.ones(3), np.ones(20), np.full(20, np.nan)])
def test_mase_needs_a_history_that_changes(history):
    assert math.isnan(mase(np.ones(2), np.zeros(2), history, 7))


def test_pinball_by_hand():
    """10 came: 8 at level 0.9 costs 0.9 x 2; 14 at level 0.1 costs 0.9 x 4; 12 at 0.5 half of 2."""
    said = np.array([[14.0], [12.0], [8.0]])
    assert pinball(np.array([10.0]), said) == pytest.approx((3.6 + 1.0 + 1.8) / 3)
    assert pinball(np.array([10.0]), said[2], (0.9,)) == pytest.approx(1.8)


def test_pinball_at_the_median_is_half_the_absolute_error():
    rng = np.random.default_rng(0)
    actual, said = rng.poisson(20, 50).astype(float), rng.uniform(0, 40, 50)
    assert pinball(actual, said, (0.5,)) == pytest.approx(np.abs(actual - said).mean() / 2)


def test_coverage_includes_the_bounds():
    actual, low, high = np.array([1.0, 2.0, 3.0, 4.0]), np.full(4, 2.0), np.full(4, 3.0)
    assert coverage(actual, low, high) == 0.5


@pytest.mark.parametrize("mean", MEANS)
@pytest.mark.parametrize("rate_cv", SPREADS)
def test_crps_is_its_defining_sum(mean, rate_cv):
    law, counts = law_of(mean, rate_cv)
    for actual in (0.0, float(np.floor(mean)), float(np.floor(1.5 * mean) + 2)):
        expected = ((law.cdf(counts) - (counts >= actual)) ** 2).sum()
        found = crps(np.array([actual]), np.array([mean]), rate_cv)[0]
        assert found == pytest.approx(expected, rel=3e-6)


def test_crps_of_a_certain_zero_is_the_absolute_error():
    np.testing.assert_array_equal(crps(np.array([0.0, 3.0]), np.zeros(2), 0.2), [0.0, 3.0])


def test_crps_is_least_for_the_true_law():
    """It is proper: over counts of mean 20 and a rate cv of 0.2, nothing else scores better."""
    law, counts = law_of(20.0, 0.2)
    chance = law.pmf(counts)

    def expected(mean, rate_cv):
        return float(chance @ crps(counts.astype(float), np.full(counts.size, mean), rate_cv))

    best = expected(20.0, 0.2)
    for mean, rate_cv in ((18.0, 0.2), (22.0, 0.2), (20.0, 0.0), (20.0, 0.1), (20.0, 0.4)):
        assert expected(mean, rate_cv) > best


@pytest.mark.parametrize("rate_cv", [0.0, 0.3])
def test_pit_of_the_true_law_is_flat(rate_cv):
    """Each count with its own chance: every bin then holds its share exactly (Czado et al.)."""
    law, counts = law_of(3.0, rate_cv)
    chance = law.pmf(counts)
    found = sum(c * pit(np.array([y]), np.array([3.0]), rate_cv) for y, c in enumerate(chance))
    np.testing.assert_allclose(found, 0.1, atol=1e-6)


def test_pit_is_high_at_both_ends_where_intervals_are_too_narrow():
    rng = np.random.default_rng(1)
    actual = rng.poisson(50 * rng.gamma(25, 1 / 25, 4000)).astype(float)
    narrow, right = (pit(actual, np.full(4000, 50.0), cv) for cv in (0.0, 0.2))
    assert narrow[0] > 0.15
    assert narrow[-1] > 0.15
    assert right.sum() == pytest.approx(1.0)
    assert np.abs(right - 0.1).max() < 0.02


@pytest.mark.parametrize(
    ("mean", "percent"),
    [(1, 73.58), (4, 39.07), (10, 25.02), (25, 15.90), (50, 11.27), (100, 7.97), (400, 3.99),
     (1000, 2.52)],
)  # fmt: skip
def test_the_noise_floor_of_a_known_rate(mean, percent):
    """2 e^-m m^m / m! and the digits that it gives."""
    found = noise_floor(np.array([float(mean)]))
    exact = 2 * math.exp(-mean + mean * math.log(mean) - math.lgamma(mean + 1))
    assert found == pytest.approx(exact, rel=1e-9)
    assert 100 * found == pytest.approx(percent, abs=0.006)


@pytest.mark.parametrize("mean", MEANS)
@pytest.mark.parametrize("rate_cv", SPREADS)
def test_mean_deviation_is_its_defining_sum(mean, rate_cv):
    law, counts = law_of(mean, rate_cv)
    expected = (np.abs(counts - mean) * law.pmf(counts)).sum()
    assert mean_deviation(np.array([mean]), rate_cv)[0] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(("mean", "rate_cv"), [(100.0, 0.1), (400.0, 0.2), (1000.0, 0.05)])
def test_the_floor_of_an_unsure_rate_is_near_its_normal_form(mean, rate_cv):
    """sqrt(2 / pi) sqrt(1 / m + c^2)."""
    near = math.sqrt(2 / math.pi) * math.sqrt(1 / mean + rate_cv**2)
    assert noise_floor(np.array([mean]), rate_cv) == pytest.approx(near, rel=0.01)


def test_the_floor_of_several_cells_is_weighed_by_contacts():
    cells = np.array([1.0, 0.0, 100.0])
    expected = (1 * noise_floor(cells[:1]) + 100 * noise_floor(cells[2:])) / 101
    assert noise_floor(cells) == pytest.approx(expected)


def test_no_forecast_of_a_known_law_gets_below_its_floor():
    rng = np.random.default_rng(2)
    mean = np.tile([4.0, 50.0], 20_000)
    actual = rng.poisson(mean).astype(float)
    assert wape(actual, mean) == pytest.approx(noise_floor(mean), rel=0.02)


def test_metrics_are_part_of_the_package():
    assert metrics.wape is wape
