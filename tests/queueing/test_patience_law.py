"""Tests for wfplan.queueing.patience_law."""

from math import exp, inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import lognorm, weibull_min

from wfplan.errors import InputError
from wfplan.queueing.patience_law import PatienceLaw

curves = st.lists(
    st.tuples(st.one_of(st.just(0.0), st.floats(0.1, 100)), st.floats(0.3, 1)),
    min_size=1,
    max_size=6,
)  # steps: how much later, times how much of who is left


def law_of(steps: list[tuple[float, float]]) -> PatienceLaw:
    times = np.concatenate(([0.0], np.cumsum([later for later, _ in steps])))
    return PatienceLaw(times, np.concatenate(([1.0], np.cumprod([left for _, left in steps]))))


def test_an_exponential_law_is_its_formula_at_every_time():
    law, t = PatienceLaw.exponential(120), np.array([0.0, 1.0, 119.0, 121.0, 5000.0])
    np.testing.assert_allclose(law.still_waiting(t), np.exp(-t / 120), rtol=1e-12)
    np.testing.assert_allclose(law.waited_s(t), 120 * -np.expm1(-t / 120), rtol=1e-12)
    assert law.mean_s == pytest.approx(120)


def test_those_who_balk_are_gone_at_once():
    law = PatienceLaw.exponential(100, balking=0.2)
    assert law.still_waiting([0.0, 100.0]) == pytest.approx([0.8, 0.8 * exp(-1)])
    assert law.mean_s == pytest.approx(80)


def test_endless_patience_never_ends():
    law = PatienceLaw.exponential(inf, balking=0.1)
    assert law.still_waiting([0.0, 1e9]).tolist() == [0.9, 0.9]
    assert law.waited_s([0.0, 10.0]).tolist() == [0, 9]
    assert law.mean_s == inf


def test_a_deterministic_patience_is_a_jump():
    law = PatienceLaw.deterministic(60)
    assert law.still_waiting([0, 59.999, 60, 1e9]).tolist() == [1, 1, 0, 0]
    assert law.waited_s([30, 60, 1e9, inf]).tolist() == [30, 60, 60, 60]


def test_a_time_that_stands_twice_is_a_jump_between_two_pieces():
    law = PatienceLaw(np.array([0.0, 30.0, 30.0, 60.0]), np.array([0.9, 0.8, 0.5, 0.4]))
    assert law.still_waiting([29.999999, 30.0, 60.0]) == pytest.approx([0.8, 0.5, 0.4])
    assert law.still_waiting(90.0) == pytest.approx(0.32)  # the last rate goes on
    first = 30 * 0.1 / np.log(0.9 / 0.8)
    assert law.waited_s(30.0) == pytest.approx(first)


@pytest.mark.parametrize("cv", [0.3, 1.0, 2.5])
def test_a_tabled_log_normal_law_is_close_to_scipy(cv):
    law = PatienceLaw.lognormal(200, cv)
    sigma = np.sqrt(np.log1p(cv**2))
    t = np.geomspace(1, 5000, 50)
    exact = lognorm.sf(t, sigma, scale=200 * np.exp(-(sigma**2) / 2))
    np.testing.assert_allclose(law.still_waiting(t), exact, atol=2e-4)
    assert law.mean_s == pytest.approx(200, rel=3e-4)


@pytest.mark.parametrize("shape", [0.4, 1.0, 3.0])
def test_a_tabled_weibull_law_is_close_to_scipy(shape):
    law = PatienceLaw.weibull(200, shape)
    scale = 200 / weibull_min.mean(shape)
    t = np.geomspace(0.1, 2000, 50)
    np.testing.assert_allclose(
        law.still_waiting(t), weibull_min.sf(t, shape, scale=scale), atol=2e-4
    )
    assert law.mean_s == pytest.approx(200, rel=2e-4)


@given(steps=curves, time=st.floats(0, 500))
def test_the_mean_waited_is_the_area_under_the_curve(steps, time):
    law = law_of(steps)
    breaks = [t for t in law.times_s if 0 < t < time]
    area = quad(law.still_waiting, 0, time, points=breaks or None, limit=200)[0]
    assert law.waited_s(time) == pytest.approx(area, rel=1e-6, abs=1e-6)


@given(steps=curves, times=st.lists(st.floats(0, 1000), min_size=2, max_size=2))
def test_the_longer_the_wait_the_fewer_are_still_there(steps, times):
    early, late = law_of(steps).still_waiting(sorted(times))
    assert 0 <= late <= early <= 1


def test_a_curve_that_ends_above_zero_goes_on_with_the_tail_it_is_given():
    law = PatienceLaw.from_kaplan_meier([10.0, 20.0], [0.8, 0.5], tail_mean_s=100)
    assert law.still_waiting([20.0, 120.0]) == pytest.approx([0.5, 0.5 * exp(-1)])
    for_ever = PatienceLaw.from_kaplan_meier([10.0, 20.0], [0.8, 0.5])
    assert for_ever.still_waiting(1e9) == pytest.approx(0.5)


def test_a_coarser_law_keeps_jumps_and_ends_and_stays_close():
    rng = np.random.default_rng(2)
    times = np.sort(rng.exponential(100, 4000))
    fine = PatienceLaw(np.append(0.0, times), np.linspace(1, 0.02, 4001))
    coarse = fine.coarser(200)
    t = np.linspace(0, 500, 300)
    assert len(coarse.times_s) <= 202
    assert coarse.times_s[-1] == fine.times_s[-1]
    np.testing.assert_allclose(coarse.still_waiting(t), fine.still_waiting(t), atol=5e-3)
    jump = PatienceLaw(np.array([0.0, 9.0, 9.0, 20.0]), np.array([1.0, 1.0, 0.1, 0.1]))
    assert jump.coarser(2).still_waiting([8.9, 9.0]).tolist() == [1, 0.1]
    assert fine.coarser(5000) is fine


def test_a_law_cannot_be_changed_afterwards():
    law = PatienceLaw.exponential(100)
    with pytest.raises(ValueError, match="read-only"):
        law.survival[0] = 0.5


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: PatienceLaw([0, 1], [1]), r"shape \(2,\) and survival of shape \(1,\)"),
        (lambda: PatienceLaw([], []), r"are no curve: give one survival per time"),
        (lambda: PatienceLaw([1, 2], [1, 0.5]), r"times_s from 1 to 2 do not rise from 0"),
        (lambda: PatienceLaw([0, 5, 3], [1, 0.5, 0.2]), r"times_s from 0 to 3 do not rise"),
        (lambda: PatienceLaw([0, 1, 2], [1, 0.5, 0.6]), r"survival\[2\] = 0\.6 is not a share"),
        (lambda: PatienceLaw([0, 1], [1, -0.5]), r"survival\[1\] = -0\.5 is not a share"),
        (lambda: PatienceLaw([0, 1], [1.5, 0.5]), r"survival\[0\] = 1\.5 is not a share"),
        (lambda: PatienceLaw([0, 1], [1, np.nan]), r"survival\[1\] = nan is not a share"),
        (lambda: PatienceLaw.exponential(0), r"mean_s = 0 is not a finite number above 0"),
        (lambda: PatienceLaw.exponential(60, balking=5), r"balking = 5 is not in \[0, 1\)"),
        (lambda: PatienceLaw.deterministic(inf), r"after_s = inf is not a finite number"),
        (lambda: PatienceLaw.lognormal(60, 0), r"cv = 0 is not a finite number above 0"),
        (lambda: PatienceLaw.weibull(60, -1), r"shape = -1 is not a finite number above 0"),
        (lambda: PatienceLaw.exponential(60).coarser(1), r"points = 1 .* at least 2"),
    ],
)
def test_a_bad_law_is_named(call, message):
    with pytest.raises(InputError, match=message):
        call()
