"""Tests for wfplan.queueing.fluctuation."""

from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wfplan.errors import InputError
from wfplan.queueing import erlang_a, fluctuation


def by_poisson_equation(
    chain: ModuleType, staff: int, rate: float, mu: float, theta: float, states: int
) -> tuple[float, float]:
    """Share of busy time and its asymptotic variance from the generator: -Q h = f - mean."""
    k = np.arange(states + 1)
    deaths = np.minimum(k, staff) * mu + np.maximum(k - staff, 0) * theta
    law = chain.stationary(np.full(states, rate), deaths[1:])
    generator = np.diag(np.full(states, rate), 1) + np.diag(deaths[1:], -1)
    generator -= np.diag(generator.sum(axis=1))
    centred = (k >= staff) - law[staff:].sum()
    potential = np.linalg.solve(np.outer(np.ones(states + 1), law) - generator, centred)
    return float(law[staff:].sum()), float(2 * (law * centred) @ potential)


def test_every_row_of_the_exact_table_is_reproduced(shared):
    rows = pd.read_csv(shared / "truth" / "variance.csv")
    found = fluctuation.all_busy(
        rows["staff"], rows["arrivals_per_hour"], rows["aht_s"], rows["mean_patience_s"]
    )
    for value, column in (
        (found.p_wait, "p_wait"),
        (found.asymptotic_variance_s, "asymptotic_variance_s"),
        (found.correlation_time_s, "correlation_time_s"),
        (found.sd_over(900), "sd_of_15min_average"),
        (found.sd_over(36_000), "sd_of_10h_average"),
    ):
        np.testing.assert_allclose(value, rows[column], rtol=1e-11, err_msg=column)


@pytest.mark.parametrize("staff", [1, 4, 9])
@pytest.mark.parametrize("load", [0.5, 4.0, 12.0])
@pytest.mark.parametrize("patience", [30.0, 400.0])
def test_the_sums_are_the_solution_of_the_poisson_equation(chain, staff, load, patience):
    mu = 1 / 180
    share, variance = by_poisson_equation(chain, staff, load * mu, mu, 1 / patience, 80)
    found = fluctuation.all_busy(staff, load * 20, 180, patience)
    assert found.p_wait == pytest.approx(share, rel=1e-9)
    assert found.asymptotic_variance_s == pytest.approx(variance, rel=1e-7)


@given(staff=st.integers(1, 400), relative=st.floats(0.3, 2.5), patience=st.floats(1, 1e5))
def test_the_long_run_share_is_that_of_erlang_a(staff, relative, patience):
    per_h = relative * staff * 20
    exact = float(erlang_a.steady_state(staff, per_h, 180, patience).p_wait)
    found = fluctuation.all_busy(staff, per_h, 180, patience)
    assert found.p_wait == pytest.approx(exact, rel=1e-9, abs=1e-20)
    assert found.asymptotic_variance_s >= 0


def test_endless_patience_is_the_limit_of_a_long_one():
    long, endless = fluctuation.all_busy(100, 1140, 300, [1e10, np.inf]).asymptotic_variance_s
    assert endless == pytest.approx(long, rel=1e-6)


def test_one_agent_without_a_queue_is_a_switch():
    """On and off at rates l and m: variance 2 l m / (l + m)^3, the textbook switch."""
    up, down = 1 / 120, 1 / 180
    found = fluctuation.all_busy(1, up * 3600, 180, 0)
    assert found.asymptotic_variance_s == pytest.approx(2 * up * down / (up + down) ** 3)
    assert found.correlation_time_s == pytest.approx(1 / (up + down))


def test_near_the_limit_of_a_huge_patient_team_the_answer_stays_finite_and_quick():
    found = fluctuation.all_busy(100_000, 99_999.99 * 12, 300, np.inf)
    assert 0.99 < float(found.p_wait) < 1
    assert np.isfinite(found.asymptotic_variance_s)


def test_part_of_an_agent_lies_on_the_line_between_whole_ones():
    at = fluctuation.all_busy([12, 12.25, 13], 200, 180, 120).asymptotic_variance_s
    assert at[1] == pytest.approx(0.75 * at[0] + 0.25 * at[2])


def test_what_never_changes_has_no_variance_and_no_correlation_time():
    found = fluctuation.all_busy([5, 0, 10], [0, 200, 200], 180, [120, 120, np.inf])
    assert found.p_wait.tolist() == [0, 1, 1]
    assert found.asymptotic_variance_s.tolist() == [0, 0, 0]
    assert np.isnan(found.correlation_time_s).all()


def test_a_simulated_day_is_as_noisy_as_said():
    """Ten-hour averages of the jump chain, 14 agents: the sd within its own sampling error."""
    rng = np.random.default_rng(5)
    rate, mu, theta, staff = 200 / 3600, 1 / 180, 1 / 120, 14
    days, horizon = 400, 36_000.0
    clock, busy = np.zeros(days), np.zeros(days)
    present = rng.poisson(10, days)
    while (clock < horizon).any():
        deaths = np.minimum(present, staff) * mu + np.maximum(present - staff, 0) * theta
        stay = np.minimum(rng.exponential(1 / (rate + deaths)), horizon - clock)
        busy += stay * (present >= staff)
        clock += stay
        present += np.where(rng.random(days) * (rate + deaths) < rate, 1, -1)
    expected = float(fluctuation.all_busy(staff, 200, 180, 120).sd_over(horizon))
    assert (busy / horizon).std(ddof=1) == pytest.approx(expected, rel=4 / np.sqrt(2 * days))


@pytest.mark.parametrize("horizon", [0.0, -5.0, np.nan])
def test_a_horizon_without_length_is_refused(horizon):
    found = fluctuation.all_busy(14, 200, 180, 120)
    with pytest.raises(InputError, match=r"horizon_s = .* is not a time above 0"):
        found.sd_over(horizon)


def test_a_bad_input_is_named_with_its_interval():
    with pytest.raises(InputError, match=r"staff\[1\] = -1 is not a number of agents"):
        fluctuation.all_busy([14, -1], 200, 180, 120)


def test_a_queue_too_long_to_follow_is_refused_with_a_way_out():
    with pytest.raises(InputError, match=r"staff = 100 with a load .* Use an infinite patience"):
        fluctuation.all_busy(100, 1199.9999, 300, 1e14)


def test_in_deep_overload_nobody_is_ever_free_and_nothing_fluctuates():
    found = fluctuation.all_busy([14, 100_000], [5_000_000, 8e7], 300, [200_000, 1000])
    assert found.p_wait.tolist() == [1, 1]
    assert found.asymptotic_variance_s.tolist() == [0, 0]
