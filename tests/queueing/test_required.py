"""Tests for wfplan.queueing.required."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from wfplan.errors import InputError
from wfplan.queueing import chat, erlang_a, erlang_c, required

rates = st.floats(min_value=0.5, max_value=5000.0)
patiences = st.floats(min_value=1.0, max_value=3000.0)
targets = st.floats(min_value=0.05, max_value=0.99)
CURVE = (1.0, 1.6, 1.95)


@given(target=targets, rate=rates, patience=patiences)
def test_the_least_staff_reach_the_service_level_and_less_does_not(target, rate, patience):
    n = float(required.for_service_level(target, rate, 240, patience))
    reach, miss = erlang_a.steady_state([n, n - 1e-6], rate, 240, patience).sl_offered
    assert reach >= target - 1e-12
    assert miss < target


@given(target=targets, rate=rates, patience=patiences)
def test_the_least_staff_keep_the_occupancy_and_less_does_not(target, rate, patience):
    n = float(required.for_occupancy(target, rate, 240, patience))
    assume(n > 1e-3)  # callers who leave at once keep even the smallest team idle
    keep, break_ = erlang_a.steady_state([n, n - 1e-6], rate, 240, patience).occupancy
    assert keep <= target + 1e-12
    assert break_ > target


@given(target=targets, rate=rates, patience=patiences)
def test_the_least_staff_keep_the_abandonment_and_less_does_not(target, rate, patience):
    n = float(required.for_abandonment(target, rate, 240, patience))
    keep, break_ = erlang_a.steady_state([n, max(n - 1e-6, 0)], rate, 240, patience).p_abandon
    assert keep <= target + 1e-12
    assert break_ > target - 1e-12


@given(target=targets, rate=rates, patience=patiences, most=st.floats(1.0, 300.0))
def test_the_least_staff_keep_the_longest_wait_and_less_does_not(target, rate, patience, most):
    n = float(required.for_longest_wait(target, rate, 240, patience, answer_most_s=most))
    assume(n > 1e-3)
    keep, miss = erlang_a.offered_wait_quantile_s(
        target, [n * (1 + 1e-9), max(n - 1e-4, 0)], rate, 240, patience
    )
    assert keep <= most * (1 + 1e-6)
    assert miss > most * (1 - 1e-6)


def test_without_patience_the_longest_wait_is_that_of_the_textbook():
    n = float(required.for_longest_wait(0.95, 200, 180, np.inf, answer_most_s=60))
    assert erlang_c.wait_quantile_s(0.95, n, 200, 180) == pytest.approx(60, rel=1e-6)
    longer = required.for_longest_wait(0.95, 200, 180, 1e7, answer_most_s=60)
    assert longer == pytest.approx(n, rel=1e-5)


def test_chats_that_wait_longest_are_read_between_whole_agents():
    n = float(required.for_longest_wait(
        0.95, 120, 300, 100, answer_most_s=45, concurrency_rates=CURVE))  # fmt: skip
    queue = chat.steady_state(
        [np.floor(n), np.ceil(n)], 120, 300, 100, answer_within_s=45, concurrency_rates=CURVE
    ).queue
    tails = queue.p_wait_beyond * np.exp(45 / 100)  # of those who never hang up
    assert np.interp(n, [np.floor(n), np.ceil(n)], tails) == pytest.approx(0.05, rel=1e-6)


@settings(max_examples=40)
@given(target=targets, rate=st.floats(1, 300), patience=patiences)
def test_chat_staff_lie_between_the_whole_numbers_that_miss_and_reach(target, rate, patience):
    for least, name in (
        (required.for_service_level, "sl_offered"),
        (required.for_occupancy, "occupancy"),
        (required.for_abandonment, "p_abandon"),
    ):
        n = float(least(target, rate, 300, patience, concurrency_rates=CURVE))
        around = np.array([max(np.ceil(n) - 1, 0), np.ceil(n)])
        queue = chat.steady_state(around, rate, 300, patience, concurrency_rates=CURVE).queue
        values = getattr(queue, name)
        ends = np.array([values[0] if around[0] > 0 else np.nan, values[1]])
        sign = 1 if name == "sl_offered" else -1
        assert sign * ends[1] >= sign * target - 1e-9
        assert np.isnan(ends[0]) or sign * ends[0] < sign * target + 1e-9
        if not np.isnan(ends).any():
            assert np.interp(n, around, ends) == pytest.approx(target, rel=1e-6)


@given(target=targets, rate=rates, patience=patiences, more=st.floats(1.0, 1.5))
def test_more_contacts_never_require_fewer_staff(target, rate, patience, more):
    few, many = required.for_service_level(target, [rate, rate * more], 240, patience)
    assert many >= few - 1e-9


def test_nobody_calling_requires_nobody():
    assert required.for_service_level(0.8, [0.0, 10.0], 240, 120)[0] == 0


def test_without_patience_the_textbook_needs_fourteen_agents():
    n = required.for_service_level(0.8, 200, 180, np.inf)
    assert 13 < n <= 14


def test_endless_patience_loses_nobody_and_is_as_busy_as_its_load():
    assert required.for_occupancy(0.8, 200, 180, np.inf) == pytest.approx(12.5)
    assert required.for_abandonment(0.05, 200, 180, np.inf) <= 1 + 200 * 180 / 3600


@pytest.mark.parametrize("staff", [1.0, 14.0, 50.5])
def test_the_critical_rate_is_where_the_service_level_is_left(staff):
    rate = required.critical_arrivals_per_h(0.8, staff, 180, 120)
    inside, outside = erlang_a.steady_state(staff, [rate, rate * (1 + 1e-9)], 180, 120).sl_offered
    assert inside >= 0.8 > outside
    assert required.for_service_level(0.8, rate, 180, 120) == pytest.approx(staff, abs=1e-6)


def test_nobody_on_duty_answers_nobody_at_any_rate():
    assert required.critical_arrivals_per_h(0.8, 0, 180, 120) == 0


def test_staff_of_many_intervals_keep_their_shape():
    assert required.for_occupancy(0.85, np.full((2, 3), 60.0), 240, 120).shape == (2, 3)


@pytest.mark.parametrize("target", [0, 1, 80, float("nan")])
def test_a_target_in_percent_or_out_of_reach_is_refused(target):
    with pytest.raises(InputError, match=r"answer_share = .* is not in \(0, 1\): write 80 % as"):
        required.for_service_level(target, 100, 240, 120)
