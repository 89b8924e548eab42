"""Tests for wfplan.queueing.erlang_c."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wfplan.errors import InputError
from wfplan.queueing import erlang_c

loads = st.floats(min_value=0.01, max_value=80.0)


@pytest.mark.parametrize("load", [0.1, 0.5, 0.9])
def test_one_agent_makes_a_contact_wait_as_often_as_the_agent_is_busy(load):
    assert erlang_c.wait_probability(1, load) == pytest.approx(load)


@pytest.mark.parametrize("load", [0.5, 1.0, 1.9])
def test_two_agents_match_the_closed_form(load):
    assert erlang_c.wait_probability(2, load) == pytest.approx(load**2 / (2 + load))


def test_the_textbook_case_of_200_calls_an_hour_and_14_agents():
    measures = erlang_c.steady_state(14, 200, 180)
    assert measures.sl_offered == pytest.approx(0.888350019179467, rel=1e-12)
    assert measures.p_wait == pytest.approx(0.174131933595050, rel=1e-12)


@given(load=loads, spare=st.floats(min_value=0.01, max_value=20))
def test_one_more_agent_never_lowers_the_service_level(load, spare):
    rate = load * 3600 / 180
    fewer, more = erlang_c.steady_state([load + spare, load + spare + 1], rate, 180).sl_offered
    assert fewer <= more + 1e-12


@given(load=loads, spare=st.floats(0.1, 20), scale=st.floats(0.01, 100))
def test_a_longer_second_scales_waits_and_nothing_else(load, spare, scale):
    one = erlang_c.steady_state(load + spare, load * 20, 180, answer_within_s=20)
    other = erlang_c.steady_state(
        load + spare, load * 20 / scale, 180 * scale, answer_within_s=20 * scale
    )
    assert other.sl_offered == pytest.approx(one.sl_offered, rel=1e-9)
    assert other.mean_wait_all_s == pytest.approx(one.mean_wait_all_s * scale, rel=1e-9)


@given(load=loads, spare=st.floats(0.1, 20), share=st.floats(0.01, 0.999))
def test_the_quantile_is_where_the_tail_is_left(load, spare, share):
    seconds = float(erlang_c.wait_quantile_s(share, load + spare, load * 20, 180))
    beyond = erlang_c.steady_state(load + spare, load * 20, 180, answer_within_s=seconds)
    if seconds > 0:
        assert beyond.p_wait_beyond == pytest.approx(1 - share, rel=1e-9)
    else:
        assert beyond.p_wait_beyond <= 1 - share + 1e-12


@pytest.mark.parametrize("staff", [0, 1, 9.5, 10])
def test_overload_is_unstable_by_convention_and_never_an_error(staff):
    measures = erlang_c.steady_state(staff, 200, 180)
    assert measures.p_wait == 1
    assert measures.sl_offered == 0
    assert np.isinf(measures.mean_wait_all_s)
    assert np.isinf(measures.mean_queue)
    assert np.isinf(erlang_c.wait_quantile_s(0.5, staff, 200, 180))


def test_nobody_calling_is_answered_at_once():
    measures = erlang_c.steady_state([0, 5], 0, 300)
    assert measures.sl_offered.tolist() == [1, 1]
    assert measures.mean_wait_all_s.tolist() == [0, 0]
    assert measures.occupancy.tolist() == [0, 0]


def test_arguments_broadcast_over_queues_and_intervals():
    rate = np.array([[20.0, 40.0, 60.0], [80.0, 100.0, 120.0]])  # (queue, interval)
    assert erlang_c.steady_state(10, rate, 180).p_wait.shape == (2, 3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((3, [[1.0, 2.0], [-1.0, 2.0]], 180), r"arrivals_per_h\[1, 0\] = -1 .*\(1 of 4"),
        ((3, float("nan"), 180), r"arrivals_per_h = nan is not a number >= 0"),
        ((3, 20, 0), r"aht_s = 0 is not a mean handle time in seconds, above 0"),
    ],
)
def test_a_bad_input_is_named_with_its_interval(arguments, message):
    with pytest.raises(InputError, match=message):
        erlang_c.steady_state(*arguments)


@pytest.mark.parametrize("share", [1, -0.1, 95])
def test_a_quantile_outside_zero_and_one_is_refused(share):
    with pytest.raises(InputError, match=r"is not in \[0, 1\): use 0.95"):
        erlang_c.wait_quantile_s(share, 3, 20, 180)


def test_two_thousand_random_teams_match_a_markov_chain_solved_as_linear_equations(chain):
    rng = np.random.default_rng(23)
    staff = rng.integers(1, 120, 2000)
    load = staff * rng.uniform(0.2, 0.95, 2000)
    found = erlang_c.steady_state(staff, load * 3600, 1.0)
    for i, (n, a) in enumerate(zip(staff, load, strict=True)):
        states = n + int(40 / np.log(n / a))
        law = chain.stationary(np.full(states, a), np.minimum(np.arange(1.0, states + 1), n))
        assert found.p_wait[i] == pytest.approx(law[n:].sum(), rel=1e-9, abs=1e-14)
        queue = np.arange(states + 1 - n) @ law[n:]
        assert found.mean_queue[i] == pytest.approx(queue, rel=1e-9, abs=1e-13)


def test_a_hundred_thousand_extreme_inputs_give_numbers_in_range():
    rng = np.random.default_rng(24)
    size = 100_000
    staff, load = 10 ** rng.uniform(-6, 5, (2, size))
    aht, within = 10 ** rng.uniform(-1, 4, (2, size))
    near = rng.random(size) < 0.5
    load = np.where(near, staff * rng.uniform(0.9, 1.1, size), load)
    staff[::50], load[::70] = 0, 0
    m = erlang_c.steady_state(staff, load / aht * 3600, aht, answer_within_s=within)
    for share in (m.p_wait, m.sl_offered, m.p_wait_beyond):
        assert ((share >= 0) & (share <= 1)).all()
    assert (m.mean_wait_all_s >= 0).all()
    assert (m.mean_queue >= 0).all()
    assert (np.isnan(m.occupancy) == ((staff == 0) & (load > 0))).all()
