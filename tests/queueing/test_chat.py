"""Tests for wfplan.queueing.chat."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.errors import InputError
from wfplan.queueing import chat, erlang_a
from wfplan.queueing.measures import QueueMeasures

rates = st.floats(min_value=1.0, max_value=800.0)
patiences = st.floats(min_value=1.0, max_value=5000.0)
CURVE = (1.0, 1.6, 1.95)


@given(staff=st.integers(0, 80), rate=rates, patience=patiences)
def test_one_chat_at_a_time_is_erlang_a(staff, rate, patience):
    voice = erlang_a.steady_state(staff, rate, 300, patience)
    single = chat.steady_state(staff, rate, 300, patience, concurrency_rates=[1.0])
    for field in fields(QueueMeasures):
        expected = getattr(voice, field.name)
        found = getattr(single.queue, field.name)
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-12, nan_ok=True), field.name


@pytest.mark.parametrize("curve", [(1.0,), (1.0, 1.7), CURVE, (1.0, 2.0, 3.0)])
def test_measures_match_a_markov_chain_solved_as_linear_equations(chain, curve):
    rng = np.random.default_rng(3)
    for _ in range(15):
        staff = int(rng.integers(1, 12))
        rate, aht, patience = rng.uniform(5, 200), rng.uniform(60, 600), rng.uniform(20, 900)
        slow = chain.measures(
            staff, rate / 3600, 1 / aht, 1 / patience, 30.0, 180, (0.0, *curve)
        )  # fmt: skip
        found = chat.steady_state(
            staff, rate, aht, patience, concurrency_rates=curve, answer_within_s=30.0
        ).queue
        for name, value in slow.items():
            assert getattr(found, name) == pytest.approx(value, rel=1e-8, abs=1e-10), name


@settings(max_examples=50)
@given(staff=st.integers(0, 60), rate=rates, patience=patiences)
def test_one_more_agent_never_raises_abandonment(staff, rate, patience):
    queue = chat.steady_state(
        [staff, staff + 1], rate, 300, patience, concurrency_rates=CURVE
    ).queue
    assert queue.p_abandon[1] <= queue.p_abandon[0] + 1e-12


@given(staff=st.integers(1, 60), rate=rates, patience=patiences)
def test_a_further_chat_shortens_the_queue_and_lengthens_the_chats(staff, rate, patience):
    two, three = (
        chat.steady_state(staff, rate, 300, patience, concurrency_rates=CURVE[:k]) for k in (2, 3)
    )
    assert three.queue.mean_wait_all_s <= two.queue.mean_wait_all_s + 1e-9
    assert three.chat_duration_s >= two.chat_duration_s - 1e-6


def test_agents_who_never_hold_two_chats_serve_them_at_full_speed():
    calm = chat.steady_state(50, 1, 300, 120, concurrency_rates=CURVE)
    assert calm.chat_duration_s == pytest.approx(300, rel=1e-12)
    assert calm.queue.sl_offered == 1


def test_nobody_on_duty_and_nobody_calling():
    found = chat.steady_state([0, 0, 4], [60, 0, 0], 300, 120, concurrency_rates=CURVE)
    assert found.queue.p_abandon.tolist() == [1, 0, 0]
    assert found.queue.sl_offered.tolist() == [0, 1, 1]
    assert np.isnan(found.chats_per_agent[0])
    assert found.chats_per_agent[2] == 0


def test_a_large_team_far_from_full_does_not_overflow():
    found = chat.steady_state(3000, 6000, 600, 120, concurrency_rates=CURVE)
    assert found.queue.p_abandon == 0
    assert found.chats_per_agent == pytest.approx(1 / 3, rel=1e-9)


@pytest.mark.parametrize("curve", [(), (0.9,), (1.0, 1.0), (1.0, 1.5, 2.5)])
def test_a_curve_that_cannot_be_is_refused(curve):
    with pytest.raises(InputError, match=r"concurrency_rates = .* cannot be: they begin with 1"):
        chat.steady_state(3, 60, 300, 120, concurrency_rates=curve)


@pytest.mark.parametrize(("staff", "patience"), [(2.5, 120), (3, np.inf)])
def test_parts_of_agents_and_endless_patience_are_refused(staff, patience):
    with pytest.raises(InputError, match="is not a chat queue: agents are whole"):
        chat.steady_state(staff, 60, 300, patience, concurrency_rates=CURVE)
