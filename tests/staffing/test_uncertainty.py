"""Tests for wfplan.staffing.uncertainty."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, gamma

from wfplan.queueing import erlang_a, required
from wfplan.staffing import uncertainty

cvs = st.floats(min_value=0.01, max_value=1.0)


@given(cv=cvs, points=st.integers(2, 12))
def test_nodes_average_polynomials_of_a_gamma_rate_exactly(cv, points):
    factors, chances = uncertainty.rate_nodes(np.array([cv]), points)
    law = gamma(1 / cv**2, scale=cv**2)
    for power in range(min(2 * points, 6)):
        expected = 1.0 if power == 0 else law.moment(power)
        assert (chances * factors**power).sum() == pytest.approx(expected, rel=1e-9)


def test_a_known_rate_is_its_mean():
    factors, chances = uncertainty.rate_nodes(np.zeros(2), 7)
    np.testing.assert_allclose((factors * chances).sum(axis=1), 1.0, rtol=1e-12)
    np.testing.assert_allclose(factors, 1.0, atol=1e-6)


@given(cv=cvs, share=st.floats(0.01, 0.99))
def test_the_quantile_of_the_rate_is_that_of_a_gamma_law(cv, share):
    expected = gamma(1 / cv**2, scale=cv**2).ppf(share)
    assert uncertainty.rate_quantile(np.array(cv), share) == pytest.approx(expected, rel=1e-9)


def test_the_quantile_of_a_known_rate_is_its_mean():
    assert uncertainty.rate_quantile(np.zeros(3), 0.9).tolist() == [1, 1, 1]


@given(mean=st.floats(0.1, 50), cv=cvs, level=st.floats(0, 100))
def test_the_expected_excess_is_the_integral_of_the_tail(mean, cv, level):
    law = gamma(1 / cv**2, scale=mean * cv**2)
    found = uncertainty.expected_excess(np.array(mean), np.array(cv), np.array(level))
    top = max(law.ppf(1 - 1e-12), level)
    x = np.linspace(level, top, 20_001)
    assert found == pytest.approx(np.trapezoid(law.sf(x), x), rel=1e-3, abs=1e-6 * mean)


def test_no_work_exceeds_nothing():
    found = uncertainty.expected_excess(np.zeros(2), np.full(2, 0.1), np.array([0.0, 3.0]))
    assert found.tolist() == [0, 0]


@given(staff=st.integers(0, 150), presence=st.floats(0.5, 1.0))
def test_presence_keeps_the_mean_and_the_variance(staff, presence):
    chances = uncertainty.presence_matrix(staff, presence).toarray()
    k = np.arange(chances.shape[1])
    mean = chances @ k
    np.testing.assert_allclose(chances.sum(axis=1), 1, atol=1e-12)
    assert (chances >= -1e-12).all()
    np.testing.assert_allclose(mean, np.arange(staff + 1), atol=0.02)
    if presence > 0.7 and staff > 5:
        variance = chances @ k**2 - mean**2
        wanted = np.arange(staff + 1) * (1 - presence) - 1 / 6
        np.testing.assert_allclose(variance[5:], np.maximum(wanted, 0)[5:], rtol=5e-3, atol=1e-3)


def test_everybody_always_present_changes_nothing():
    chances = uncertainty.presence_matrix(20, 1.0).toarray()
    np.testing.assert_allclose(chances[:, :21], np.eye(21), atol=1e-12)


@pytest.mark.parametrize("load", [0.7, 3.0, 12.0, 60.0])
def test_curves_read_at_whole_heads_are_close_to_a_binomial_number_present(load):
    """Effective staff are heads x presence; the curve is read on straight lines between whole j."""
    presence = 0.92
    heads = np.arange(1, int(1.6 * load) + 8)
    alone = erlang_a.steady_state(np.arange(heads[-1] + 40), load * 12, 300, 120).p_abandon
    exact = np.array([binom.pmf(np.arange(h + 1), h, presence) @ alone[: h + 1] for h in heads])
    chances = uncertainty.presence_matrix(heads[-1], presence).toarray()
    curve = chances @ alone[: chances.shape[1]]
    read = np.interp(heads * presence, np.arange(len(curve)), curve)
    blind = np.interp(heads * presence, np.arange(len(alone)), alone)
    assert np.abs(read - exact).max() < 0.012
    assert np.abs(read - exact).sum() < 0.7 * np.abs(blind - exact).sum()


def test_averages_over_a_gamma_rate_match_a_fine_grid():
    law = gamma(100, scale=0.01)
    x = np.linspace(law.ppf(1e-15), law.isf(1e-15), 20_001)
    grid = erlang_a.steady_state(58, 1000 * x, 180, 120).sl_offered
    factors, chances = uncertainty.rate_nodes(np.array(0.1), 40)
    level = erlang_a.steady_state(58, 1000 * factors, 180, 120).sl_offered
    average = (chances * factors * level).sum()
    assert average == pytest.approx(np.trapezoid(x * law.pdf(x) * grid, x), abs=1e-10)


def test_the_table_of_uncertain_rates_is_reproduced(shared):
    """Its averages stop at some quantile of the rate: they are exact to 2e-6."""
    for row in pd.read_csv(shared / "truth" / "uncertain.csv").itertuples():
        factors, chances = uncertainty.rate_nodes(np.array(row.cv_of_rate), 60)
        rates = row.mean_per_hour * factors
        found = erlang_a.steady_state(row.staff, rates, 180, 120)
        weight = chances * factors  # a share of calls, not of days
        assert (weight * found.sl_offered).sum() == pytest.approx(row.sl_offered, abs=2e-6)
        assert (weight * found.p_abandon).sum() == pytest.approx(row.p_abandon, abs=2e-6)
        critical = required.critical_arrivals_per_h(0.8, row.staff, 180, 120)
        if row.cv_of_rate == 0:
            assert (row.mean_per_hour <= critical) == bool(row._6)
        else:
            shape = row.cv_of_rate**-2
            assert critical == pytest.approx(row.critical_rate_per_hour, rel=1e-9)
            chance = gamma(shape, scale=row.mean_per_hour / shape).cdf(critical)
            assert chance == pytest.approx(row._6, abs=1e-9)
