"""Tests for wfplan.queueing.erlang_b."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from wfplan.errors import InputError
from wfplan.queueing import erlang_b

loads = st.floats(min_value=1e-3, max_value=300.0)


@pytest.mark.parametrize(("agents", "expected"), [(4, 0.0952380952381), (5, 0.0366972477064)])
def test_blocking_of_two_erlangs_matches_the_published_values(agents, expected):
    assert erlang_b.blocking(agents, 2.0) == pytest.approx(expected, rel=1e-11)


@given(load=loads)
def test_one_agent_loses_load_over_one_plus_load(load):
    assert erlang_b.blocking(1, load) == pytest.approx(load / (1 + load), rel=1e-13)


@pytest.mark.parametrize("staff", [0.01, 0.5, 0.999, 1.5, 7.25, 40.5])
@pytest.mark.parametrize("load", [0.2, 0.9, 1.0, 3.0, 20.0, 39.0])
def test_real_staff_match_the_integral_form(staff, load):
    """1 / B = integral of exp(-t) (1 + t / a) ** n (Jagerman 1974)."""
    inverse = quad(lambda t: np.exp(-t + staff * np.log1p(t / load)), 0, np.inf, limit=500)[0]
    assert erlang_b.blocking(staff, load) == pytest.approx(1 / inverse, rel=1e-7)


@given(load=loads, staff=st.floats(0, 400), more=st.floats(1e-3, 10))
def test_more_staff_never_block_more(load, staff, more):
    fewer, many = erlang_b.blocking([staff, staff + more], load)
    assert many <= fewer * (1 + 1e-12)


def test_nobody_on_duty_loses_everybody_and_nobody_calling_loses_nobody():
    assert erlang_b.blocking([0, 0, 5], [3.0, 0.0, 0.0]).tolist() == [1.0, 0.0, 0.0]


def test_a_hundred_thousand_agents_do_not_overflow():
    values = erlang_b.blocking([100_000, 100_000], [90_000.0, 100_000.0])
    assert values[0] == pytest.approx(0.0, abs=1e-200)
    assert values[1] == pytest.approx(np.sqrt(2 / np.pi / 100_000), rel=5e-3)


def test_a_triage_team_of_five_keeps_the_blocking_of_two_erlangs_below_a_twentieth():
    assert erlang_b.required_staff(2.0, blocking_max=0.05) == 5


@given(load=loads, limit=st.floats(1e-4, 0.9))
def test_required_staff_is_the_fewest(load, limit):
    staff = int(erlang_b.required_staff(load, blocking_max=limit))
    assert erlang_b.blocking(staff, load) <= limit * (1 + 1e-12)
    assert staff == 0 or erlang_b.blocking(staff - 1, load) > limit * (1 - 1e-12)


def test_required_staff_of_many_loads_keep_their_shape():
    found = erlang_b.required_staff([[0.0, 2.0], [2.0, 0.1]], blocking_max=0.05)
    assert found.tolist() == [[0, 5], [5, 2]]


@pytest.mark.parametrize(
    ("staff", "load", "message"),
    [
        (-1, 2.0, r"staff = -1 is not a number of agents"),
        ([1, 2], [2.0, np.nan], r"load_erlangs\[1\] = nan is not a number >= 0.*\(1 of 2"),
        (np.inf, 2.0, r"staff = inf is not"),
    ],
)
def test_a_bad_input_is_named_with_its_place(staff, load, message):
    with pytest.raises(InputError, match=message):
        erlang_b.blocking(staff, load)


def test_a_share_that_is_no_share_is_refused():
    with pytest.raises(InputError, match=r"blocking_max = 5 is not in \(0, 1\).*0\.05"):
        erlang_b.required_staff(2.0, blocking_max=5)


def test_two_thousand_random_teams_match_a_markov_chain_solved_as_linear_equations(chain):
    rng = np.random.default_rng(21)
    staff = rng.integers(1, 200, 2000)
    load = staff * 10 ** rng.uniform(-0.7, 0.7, 2000)
    slow = [
        chain.stationary(np.full(n, a), np.arange(1.0, n + 1))[-1]
        for n, a in zip(staff, load, strict=True)
    ]
    np.testing.assert_allclose(erlang_b.blocking(staff, load), slow, rtol=1e-9, atol=1e-14)


def test_a_hundred_thousand_extreme_inputs_give_shares():
    rng = np.random.default_rng(22)
    staff, load = 10 ** rng.uniform(-6, 5, (2, 100_000))
    near = rng.random(100_000) < 0.3
    load = np.where(near, staff * rng.uniform(0.9, 1.1, 100_000), load)
    staff[::50], load[::70] = 0, 0
    blocked = erlang_b.blocking(staff, load)
    assert ((blocked >= 0) & (blocked <= 1)).all()
    assert (blocked[(staff == 0) & (load > 0)] == 1).all()
