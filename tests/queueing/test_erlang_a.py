"""Tests for wfplan.queueing.erlang_a."""

from dataclasses import fields
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from wfplan.errors import InputError
from wfplan.queueing import erlang_a, erlang_b, erlang_c
from wfplan.queueing.measures import QueueMeasures

rates = st.floats(min_value=0.1, max_value=5000.0)
staffs = st.floats(min_value=0.0, max_value=600.0)
patiences = st.floats(min_value=0.1, max_value=10_000.0)


def random_queues(count: int, seed: int) -> np.ndarray:
    """Small random queues: whole staff, contacts per hour, handle time, patience, time."""
    rng = np.random.default_rng(seed)
    aht = rng.uniform(60, 600, count)
    load = 10 ** rng.uniform(-1, 1.2, count)
    return np.column_stack(
        [
            np.maximum(1, rng.poisson(load * rng.uniform(0.5, 1.6, count))),
            load * 3600 / aht,
            aht,
            aht * 10 ** rng.uniform(-1, 0.5, count),
            rng.uniform(0, 120, count),
        ]
    )


def assert_matches_the_chain(chain: ModuleType, queues: np.ndarray) -> None:
    staff, per_h, aht, patience, within = queues.T
    found = erlang_a.steady_state(staff, per_h, aht, patience, answer_within_s=within)
    for i, (n, rate, handle, calm, time) in enumerate(queues):
        load = rate * handle / 3600
        states = int(max(n, load + 60) + 12 * np.sqrt(load * max(1, calm / handle)) + 40)
        slow = chain.measures(int(n), rate / 3600, 1 / handle, 1 / calm, time, states)
        for name, value in slow.items():
            assert getattr(found, name)[i] == pytest.approx(value, rel=1e-9, abs=1e-10), (name, i)


def test_measures_match_a_markov_chain_solved_as_linear_equations(chain):
    assert_matches_the_chain(chain, random_queues(60, seed=1))


@pytest.mark.slow
def test_two_thousand_random_queues_match_the_markov_chain(chain):
    assert_matches_the_chain(chain, random_queues(2000, seed=2))


@pytest.mark.parametrize("load", [0.3, 5.0, 48.0, 1000.0])
def test_with_patience_equal_to_the_handle_time_the_number_present_is_poisson(load):
    staff = np.array([1, int(load) + 1, int(1.2 * load) + 2])
    measures = erlang_a.steady_state(staff, load * 12, 300, 300)
    np.testing.assert_allclose(measures.p_wait, poisson.sf(staff - 1, load), rtol=1e-11)


@given(staff=st.floats(0.1, 300), load=st.floats(0.1, 200))
def test_no_patience_is_erlang_b(staff, load):
    measures = erlang_a.steady_state(staff, load * 20, 180, 0)
    assert measures.p_abandon == pytest.approx(erlang_b.blocking(staff, load), rel=1e-12)
    assert measures.mean_wait_all_s == 0


@given(load=st.floats(0.1, 100), spare=st.floats(0.5, 20))
def test_endless_patience_is_erlang_c_and_a_long_one_comes_close(load, spare):
    arguments = (load + spare, load * 20, 180)
    patient = erlang_c.steady_state(*arguments)
    endless = erlang_a.steady_state(*arguments, np.inf)
    long = erlang_a.steady_state(*arguments, 1e9)
    for field in fields(QueueMeasures):
        value = getattr(patient, field.name)
        assert getattr(endless, field.name) == pytest.approx(value)
        assert getattr(long, field.name) == pytest.approx(value, rel=1e-3, abs=1e-5)


@given(staff=st.floats(0.5, 300), rate=rates, patience=patiences)
def test_what_comes_in_is_served_or_lost_and_littles_law_holds(staff, rate, patience):
    m = erlang_a.steady_state(staff, rate, 240, patience)
    assert m.mean_queue == pytest.approx(rate / 3600 * m.mean_wait_all_s)
    lost_wait = m.mean_wait_all_s - (1 - m.p_abandon) * m.mean_wait_served_s
    assert lost_wait >= -1e-9 * (1 + m.mean_wait_all_s)
    assert 0 <= m.sl_offered <= 1 - m.p_abandon + 1e-12


@settings(max_examples=50)
@given(staff=st.floats(0.5, 200), rate=rates, patience=patiences, share=st.floats(0.01, 0.999))
def test_the_quantile_is_where_the_tail_of_the_offered_wait_is_left(staff, rate, patience, share):
    seconds = float(erlang_a.offered_wait_quantile_s(share, staff, rate, 240, patience))
    at = erlang_a.steady_state(staff, rate, 240, patience, answer_within_s=seconds)
    tail = at.p_wait_beyond * np.exp(min(seconds / patience, 700))
    if 0 < seconds < 500 * patience:
        assert tail == pytest.approx(1 - share, rel=1e-8)
    elif seconds == 0:
        assert at.p_wait <= 1 - share + 1e-12


def test_the_quantile_without_patience_is_the_wait_for_a_free_agent():
    """All busy: the next of n agents is free after an exponential time."""
    p_wait = float(erlang_b.blocking(10, 12.0))
    expected = np.log(p_wait / 0.05) * 180 / 10
    found = erlang_a.offered_wait_quantile_s(0.95, 10, 12.0 * 20, 180, 0)
    assert found == pytest.approx(expected, rel=1e-6)


def test_nobody_on_duty_loses_everybody_after_their_patience():
    m = erlang_a.steady_state(0, 200, 180, 120)
    assert (m.p_wait, m.p_abandon, m.sl_offered, m.mean_wait_all_s) == (1, 1, 0, 120)
    assert np.isnan(m.occupancy)
    assert np.isnan(m.mean_wait_served_s)
    assert np.isinf(erlang_a.offered_wait_quantile_s(0.95, 0, 200, 180, 120))


def test_nobody_calling_is_answered_at_once():
    m = erlang_a.steady_state([0, 5], 0, 300, 120)
    assert m.sl_offered.tolist() == [1, 1]
    assert m.mean_wait_all_s.tolist() == [0, 0]
    assert m.p_abandon.tolist() == [0, 0]
    assert m.occupancy.tolist() == [0, 0]


@pytest.mark.parametrize("overload", [1.5, 10.0, 1e4])
def test_the_deepest_overload_ends_and_serves_what_it_can(overload):
    """Weights beyond 1e308 once kept the sum from ever stopping."""
    m = erlang_a.steady_state(1000, 12_000 * overload, 300, 3600)
    assert m.p_abandon == pytest.approx(1 - 1 / overload, rel=1e-9)
    assert m.occupancy == pytest.approx(1, abs=1e-9)


def test_a_hundred_thousand_agents_are_close_to_the_square_root_law():
    """Garnett et al. (2002): with r = 1, P(wait) = 1 - Phi(beta) in the limit; here beta = 0."""
    assert erlang_a.steady_state(100_000, 1_200_000, 300, 300).p_wait == pytest.approx(
        0.5, abs=2e-3
    )


@pytest.mark.slow
def test_a_hundred_thousand_extreme_inputs_give_numbers_in_range():
    rng = np.random.default_rng(11)
    size = 100_000

    def spread(low: float, high: float) -> np.ndarray:
        return 10 ** rng.uniform(np.log10(low), np.log10(high), size)

    rate, aht = spread(1e-6, 1e6), spread(0.1, 1e4)
    near = rate / 3600 * aht * rng.uniform(0.8, 1.2, size)
    staff = np.minimum(np.where(rng.random(size) < 0.5, near, spread(1e-6, 1e5)), 1e5)
    staff[::10] = 0
    rate[::17] = 0
    patience = spread(1e-3, 1e6)
    patience[::13] = np.inf
    m = erlang_a.steady_state(staff, rate, aht, patience, answer_within_s=spread(1e-2, 1e4))
    for share in (m.p_wait, m.p_abandon, m.sl_offered, m.p_wait_beyond):
        assert ((share >= 0) & (share <= 1)).all()
    assert (m.mean_wait_all_s >= 0).all()
    assert (np.isnan(m.occupancy) == ((staff == 0) & (rate > 0))).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((3, 20, 180, -1), r"patience_s = -1 is not a number >= 0"),
        ((3, 20, [180, np.nan], 60), r"aht_s\[1\] = nan .*\(1 of 2 intervals\)"),
        ((np.nan, 20, 180, 60), r"staff = nan is not a number of agents"),
        ((3, np.inf, 180, 60), r"arrivals_per_h = inf"),
    ],
)
def test_a_bad_input_is_named_with_its_interval(arguments, message):
    with pytest.raises(InputError, match=message):
        erlang_a.steady_state(*arguments)


def test_a_quantile_of_one_is_refused():
    with pytest.raises(InputError, match=r"share = 1 is not in \[0, 1\)"):
        erlang_a.offered_wait_quantile_s(1, 3, 20, 180, 60)


def test_the_quantile_of_endless_patience_is_that_of_erlang_c():
    found = erlang_a.offered_wait_quantile_s(0.95, [14, 9], 200, 180, [np.inf, np.inf])
    np.testing.assert_allclose(found, erlang_c.wait_quantile_s(0.95, [14, 9], 200, 180))
