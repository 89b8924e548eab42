"""Compiled sums against slow, obvious twins."""

from math import exp, inf, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import digamma, gammainc
from scipy.stats import poisson

from wfplan.queueing import kernels


def plain_waiting_sums(c: float, eta: float) -> tuple[float, float]:
    """The sums from nobody waiting upwards, relative to that state."""
    weight, total, lost = 1.0, 1.0, 1 / (c + 1)
    for j in range(1, 5000):
        weight *= eta / (c + j)
        total += weight
        lost += weight * (j + 1) / (c + j + 1)
    return total, lost


@given(c=st.floats(0, 500), eta=st.floats(0, 200))
def test_sums_outwards_from_the_largest_term_equal_sums_upwards(c, eta):
    total, lost, base = kernels.waiting_sums(c, eta)
    plain_total, plain_lost = plain_waiting_sums(c, eta)
    assert lost / total == pytest.approx(plain_lost / plain_total, rel=1e-11)
    if base > 0:
        assert total / base == pytest.approx(plain_total, rel=1e-11)
    else:
        assert 1 / plain_total < 1e-15


@given(c=st.floats(1e-3, 1e5), count=st.integers(0, 10_000))
def test_the_harmonic_sum_is_a_difference_of_digammas(c, count):
    difference = digamma(c + count + 1) - digamma(c + 1)
    assert kernels.harmonic(c, float(count)) == pytest.approx(difference, rel=1e-9, abs=1e-13)


def test_the_harmonic_sum_keeps_its_digits_where_digammas_cancel():
    plain = sum(1 / (1e9 + i) for i in range(1, 51))
    assert kernels.harmonic(1e9, 50.0) == pytest.approx(plain, rel=1e-14)


@given(x=st.integers(0, 2000), mean=st.floats(0.01, 3000))
def test_the_poisson_density_matches_scipy(x, mean):
    expected = poisson.logpmf(x, mean)
    found = kernels.log_poisson_density(float(x), mean)
    assert found == pytest.approx(expected, rel=1e-11, abs=1e-10)


@given(c=st.floats(0.05, 2000), y=st.floats(0.05, 3000))
def test_the_incomplete_gamma_share_matches_scipy(c, y):
    share = gammainc(c, y)
    if share > 1e-200:
        assert exp(kernels.log_gamma_share(c, y)) == pytest.approx(share, rel=1e-9)


@given(c=st.floats(0.5, 400), eta=st.floats(0.5, 400), horizon=st.floats(0, 5))
def test_waits_beyond_a_time_are_ratios_of_incomplete_gamma_functions(c, eta, horizon):
    base = gammainc(c, eta)
    if base < 1e-200:
        return
    y = eta * exp(-horizon)
    later, served = kernels.wait_beyond(c, eta, horizon)
    assert later == pytest.approx(gammainc(c, y) / base, rel=1e-8, abs=1e-100)
    assert served == pytest.approx(c / eta * gammainc(c + 1, y) / base, rel=1e-8, abs=1e-100)


def test_wait_beyond_survives_a_patience_far_shorter_than_the_time():
    """exp(-horizon) underflows, the share who would still wait does not."""
    c, eta, horizon = 1e-3, 1.2e-3, 1e4
    later, served = kernels.wait_beyond(c, eta, horizon)
    assert log(later) == pytest.approx(-c * horizon + eta, rel=1e-3)
    assert served == 0


def test_deep_overload_with_a_small_team_keeps_its_tail():
    """The weight of "nobody waits" is lost, the tail is not: no jump where the method changes."""
    tails = [kernels.wait_beyond(0.01, eta, 800.0)[0] for eta in np.linspace(20, 80, 61)]
    assert (np.diff(tails) > 0).all()
    expected = exp(0.01 * (log(30.0) - 800)) / gammainc(0.01, 30.0)
    assert kernels.wait_beyond(0.01, 30.0, 800.0)[0] == pytest.approx(expected, rel=1e-2)


def test_idle_weights_beyond_all_numbers_are_infinite():
    assert kernels.idle_weight(5000.0, 10.0) == inf


def test_served_waits_match_the_plain_double_sum():
    c, eta = 12.5, 40.0
    weight, total, plain = 1.0, 0.0, 0.0
    for j in range(600):
        weight *= eta / (c + j) if j else 1.0
        total += weight
        plain += weight * c / (c + j + 1) * sum(1 / (c + 1 + i) for i in range(j + 1))
    scale = kernels.waiting_sums(c, eta)[0]
    assert kernels.served_wait_sum(c, eta) / scale == pytest.approx(plain / total, rel=1e-11)
