"""Tests for forecasts.uncertainty.distribution."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nbinom, poisson

from forecasts.backtests.origins import Errors
from forecasts.uncertainty.day_law import SURE, DayLaw
from forecasts.uncertainty.distribution import Uncertainty, by_moments, count_quantiles

SLOTS = 20


def errors_of(day_cv, cell_cv, *, days=400, mean=60.0, foreseen=0.01, seed=0) -> Errors:
    """Cells of a forecast with perfect means, gamma busy days and gamma busy intervals."""
    rng = np.random.default_rng(seed)

    def busy(cv, size):
        return rng.gamma(cv**-2, cv**2, size) if cv else np.ones(size)

    day, slot = np.divmod(np.arange(days * SLOTS), SLOTS)
    rate = mean * busy(day_cv, days)[day] * busy(cell_cv, day.size)
    actual = rng.poisson(rate).astype(float)
    flat = np.full(day.size, mean)
    return Errors(actual, flat, day, slot, np.full(day.size, foreseen), days // 7)


@pytest.mark.parametrize(("day_cv", "cell_cv"), [(0.1, 0.1), (0.2, 0.05), (0.05, 0.2)])
def test_both_variances_are_recovered_net_of_poisson_noise(day_cv, cell_cv):
    found = by_moments(errors_of(day_cv, cell_cv), SLOTS, 30)
    assert found.law.scale[0] * 0.01 == pytest.approx(day_cv**2, rel=0.15, abs=6e-4)
    assert found.interval.mean() == pytest.approx(cell_cv**2, rel=0.15)


def test_pure_poisson_counts_leave_hardly_any_rate_uncertainty():
    found = by_moments(errors_of(0.0, 0.0, foreseen=0.001), SLOTS, 30)
    variance = found.rate_variance(np.full(SLOTS, 0.001), np.arange(SLOTS))
    assert np.sqrt(variance).max() < 0.03


def test_the_share_of_the_day_is_that_of_its_variance():
    unsure = Uncertainty(DayLaw(np.full(4, 2.0), SURE), np.full(SLOTS, 0.01))
    share = unsure.day_share(np.full(3, 0.015), np.full(3, 9.0), np.arange(3))
    assert share == pytest.approx(0.03 / 0.04)
    assert unsure.day_share(np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.int64)) == 0.0


def test_wild_days_do_not_widen_everything():
    errors = errors_of(0.1, 0.05)
    wild = errors.actual.copy()
    wild[errors.day == 7] *= 20
    found = by_moments(
        Errors(wild, errors.mean, errors.day, errors.slot, errors.variance, 57), SLOTS, 30
    )
    assert found.law.scale[0] * 0.01 < 0.1**2 * 1.4


@given(
    mean=st.floats(0.01, 5000.0),
    cv=st.floats(0.0, 1.0),
)
def test_bounds_lie_nearest_to_ten_percent_outside(mean, cv):
    low, middle, high = (float(q[0]) for q in count_quantiles(np.array([mean]), np.array([cv**2])))
    law = nbinom(cv**-2, cv**-2 / (cv**-2 + mean)) if cv**2 * mean > 1e-5 else poisson(mean)
    assert 0 <= low <= middle <= high
    assert middle == law.ppf(0.5)
    step = 1e-3
    below = [abs(law.cdf(k - 1) - 0.1) for k in (low - 1, low, low + 1)]
    above = [abs(law.sf(k) - 0.1) for k in (high - 1, high, high + 1)]
    if low > 0 and low < middle:
        assert below[1] <= min(below) + step
    if high > middle:
        assert above[1] <= min(above) + step


def test_no_contacts_have_no_quantiles_but_zero():
    for quantile in count_quantiles(np.zeros(3), np.full(3, 0.5)):
        assert quantile.tolist() == [0.0, 0.0, 0.0]
