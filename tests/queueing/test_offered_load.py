"""Tests for wfplan.queueing.offered_load."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import lognorm

from wfplan.errors import InputError
from wfplan.queueing import offered_load

RAGGED = np.array([100.0, 0.0, 400.0, 250.0, 30.0, 0.0, 80.0])


def sine(count, interval_s, period_s, mean=600.0, swing=200.0):
    """Mean rates per hour within intervals of a sine."""
    edges = 2 * np.pi * np.arange(count + 1) * interval_s / period_s
    wave = -np.diff(np.cos(edges)) / np.diff(edges)
    return mean + swing * wave


def test_the_load_of_a_sine_is_the_closed_form():
    """m = mean / mu + A (mu sin gt - g cos gt) / (mu^2 + g^2)."""
    aht, period, interval = 300.0, 86400.0, 10.0
    rates = sine(8640, interval, period)
    found = offered_load.modified(rates, aht, interval, start_erlangs=None)
    mu, g = 1 / aht, 2 * np.pi / period
    t = np.arange(1, 8641) * interval
    wave = (mu * np.sin(g * t) - g * np.cos(g * t)) / (mu**2 + g**2)
    np.testing.assert_allclose(
        found.end_erlangs, 600 / 3600 * aht + 200 / 3600 * wave, rtol=1e-6
    )  # the square of the step


def test_a_constant_rate_fills_up_exponentially():
    found = offered_load.modified(np.full(4, 120.0), 300, 900)
    np.testing.assert_allclose(found.end_erlangs, 10 * (1 - np.exp(-3.0 * np.arange(1, 5))))
    assert found.mean_erlangs[0] == pytest.approx(10 - 10 / 3 * (1 - np.exp(-3)))


def test_the_mean_is_the_integral_of_the_load():
    coarse = offered_load.modified(RAGGED, 400, 900, start_erlangs=5.0)
    fine = offered_load.modified(np.repeat(RAGGED, 300), 400, 3, start_erlangs=5.0)
    np.testing.assert_allclose(fine.end_erlangs[299::300], coarse.end_erlangs, rtol=1e-10)
    means = fine.mean_erlangs.reshape(-1, 300).mean(axis=1)
    np.testing.assert_allclose(means, coarse.mean_erlangs, rtol=1e-10)


def test_a_week_that_repeats_ends_where_it_began():
    once = offered_load.modified(
        RAGGED, [300, 200, 900, 300, 300, 60, 2000], 900, start_erlangs=None
    )
    again = offered_load.modified(
        RAGGED, [300, 200, 900, 300, 300, 60, 2000], 900, start_erlangs=once.end_erlangs[-1]
    )
    np.testing.assert_allclose(again.end_erlangs, once.end_erlangs, rtol=1e-12)


@pytest.mark.parametrize("cv", [0.3, 1.0, 1.6])
def test_the_lognormal_load_is_the_integral_over_ages(cv):
    variance = np.log1p(cv**2)
    law = lognorm(np.sqrt(variance), scale=500 * np.exp(-variance / 2))
    found = offered_load.general(RAGGED, 500, 900, handle_cv=cv)
    for t in range(len(RAGGED)):
        load = sum(
            RAGGED[i] / 3600 * quad(law.sf, (t - i) * 900, (t - i + 1) * 900, epsabs=1e-11)[0]
            for i in range(t + 1)
        )
        assert found.end_erlangs[t] == pytest.approx(load, rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("cv", [0.0, 0.5, 2.0])
def test_the_general_mean_is_the_average_of_many_ends(cv):
    coarse = offered_load.general(RAGGED, 500, 900, handle_cv=cv)
    fine = offered_load.general(np.repeat(RAGGED, 60), 500, 15, handle_cv=cv)
    ends = np.append(0.0, fine.end_erlangs)
    means = ((ends[1:] + ends[:-1]) / 2).reshape(-1, 60).mean(axis=1)
    np.testing.assert_allclose(coarse.mean_erlangs, means, rtol=2e-3, atol=1e-6)
    np.testing.assert_allclose(coarse.end_erlangs, fine.end_erlangs[59::60], rtol=1e-9, atol=1e-12)


def test_handle_times_all_alike_keep_the_arrivals_of_the_last_handle_time():
    found = offered_load.general(RAGGED, 1350, 900, handle_cv=0.0)
    per_s = np.append(0.0, RAGGED) / 3600
    np.testing.assert_allclose(found.end_erlangs, 900 * per_s[1:] + 450 * per_s[:-1])


@settings(max_examples=25)
@given(cv=st.floats(0, 3), aht=st.floats(10, 2000))
def test_all_work_is_done_in_the_end(cv, aht):
    """The load over all time is arrivals times handle time (Little)."""
    rates = np.append(RAGGED, np.zeros(100))
    found = offered_load.general(rates, aht, 900, handle_cv=cv)
    assert found.mean_erlangs.sum() <= rates.sum() / 3600 * aht * (1 + 1e-9)
    exponential = offered_load.modified(rates, aht, 900)
    assert exponential.mean_erlangs.sum() == pytest.approx(rates.sum() / 3600 * aht, rel=1e-9)


def test_the_lag_of_half_an_interval_is_the_mean_of_two_rates():
    found = offered_load.lagged_rates(RAGGED, 450, 900)
    np.testing.assert_allclose(found, (RAGGED + np.append(0.0, RAGGED[:-1])) / 2)


def test_the_worst_rate_of_a_shifted_interval_is_the_larger_of_two():
    found = offered_load.lagged_rates(RAGGED, 450, 900, worst=True, periodic=True)
    np.testing.assert_allclose(found, np.maximum(RAGGED, np.roll(RAGGED, 1)))


@pytest.mark.parametrize("worst", [False, True])
def test_a_lag_of_whole_intervals_is_a_shift(worst):
    found = offered_load.lagged_rates(RAGGED, 1800, 900, worst=worst, periodic=True)
    np.testing.assert_allclose(found, np.roll(RAGGED, 2))


@given(aht=st.floats(1, 20_000))
def test_the_lag_moves_contacts_and_loses_none(aht):
    found = offered_load.lagged_rates(RAGGED, aht, 900, periodic=True)
    assert found.sum() == pytest.approx(RAGGED.sum(), rel=1e-9)
    worst = offered_load.lagged_rates(RAGGED, aht, 900, worst=True, periodic=True)
    assert (worst >= found - 1e-9).all()


def test_channels_are_apart():
    both = offered_load.modified(np.stack([RAGGED, 2 * RAGGED]), [[300.0], [600.0]], 900)
    alone = offered_load.modified(2 * RAGGED, 600, 900)
    np.testing.assert_allclose(both.end_erlangs[1], alone.end_erlangs)
    general = offered_load.general(np.stack([RAGGED, RAGGED]), [[300.0], [600.0]], 900, handle_cv=1)
    alone = offered_load.general(RAGGED, 600, 900, handle_cv=1)
    np.testing.assert_allclose(general.mean_erlangs[1], alone.mean_erlangs)


def test_no_contacts_are_no_load():
    assert (offered_load.modified(np.zeros(3), 300, 900).mean_erlangs == 0).all()
    assert (offered_load.general(np.zeros(3), 300, 900, handle_cv=1).mean_erlangs == 0).all()


def test_a_handle_time_of_nothing_is_refused():
    with pytest.raises(InputError, match=r"aht_s\[1\] = 0 is not a mean handle time"):
        offered_load.modified([1.0, 2.0], [300.0, 0.0], 900)


def test_an_interval_of_nothing_is_refused():
    with pytest.raises(InputError, match=r"interval_s = 0 is not a length of time"):
        offered_load.lagged_rates(RAGGED, 300, 0)


def test_a_negative_spread_is_refused():
    with pytest.raises(InputError, match=r"handle_cv = -1 is not a spread"):
        offered_load.general(RAGGED, 300, 900, handle_cv=-1)


def test_a_rate_without_intervals_is_refused():
    with pytest.raises(InputError, match="give a value per interval"):
        offered_load.modified(100.0, 300, 900)
