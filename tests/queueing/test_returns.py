"""Tests for wfplan.queueing.returns: when contacts that come back arrive."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wfplan.queueing.returns import arrivals, weeks_before

ALWAYS = np.ones(400, dtype=bool)


def one_at(place: int, count: int = 400) -> np.ndarray:
    begun = np.zeros(count)
    begun[place] = 1.0
    return begun


@pytest.mark.parametrize("after_s", [60.0, 600.0, 3600.0])
def test_everybody_comes_back_after_the_mean_delay(after_s):
    came = arrivals(one_at(0), after_s, 900.0, ALWAYS)
    assert came.sum() == pytest.approx(1.0, abs=1e-9)
    # begun and come back at any time of their intervals: means lie half an interval in
    assert (came @ np.arange(400)) * 900 == pytest.approx(after_s, rel=1e-9)


def test_delays_are_those_of_a_slow_twin():
    rng = np.random.default_rng(3)
    at = rng.random(200_000) * 900 + rng.exponential(1200.0, 200_000)
    twin = np.bincount((at // 900).astype(int), minlength=400)[:20] / 200_000
    assert arrivals(one_at(0), 1200.0, 900.0, ALWAYS)[:20] == pytest.approx(twin, abs=0.004)


def test_who_would_come_while_closed_comes_at_any_time_of_the_next_opening():
    is_open = np.zeros(400, dtype=bool)
    is_open[[0, 1, 10, 11, 12, 13]] = True
    came = arrivals(one_at(1), 1800.0, 900.0, is_open)
    still = arrivals(one_at(1), 1800.0, 900.0, ALWAYS)
    assert came[1] == still[1]
    assert came[10:14] == pytest.approx(still[2:10].sum() / 4 + still[10:14])
    assert came[~is_open].sum() == 0
    assert came.sum() == pytest.approx(still[:14].sum())


@given(st.lists(st.booleans(), min_size=1, max_size=60), st.floats(1, 1e6), st.integers(0, 10))
def test_nobody_is_invented_and_nobody_comes_while_it_is_closed(open_now, after_s, seed):
    is_open = np.array(open_now)
    begun = np.random.default_rng(seed).random(len(is_open))
    came = arrivals(begun, after_s, 900.0, is_open)
    assert (came >= 0).all()
    assert (came[~is_open] == 0).all()
    assert came.sum() <= begun.sum() * (1 + 1e-9)


def test_as_many_weeks_are_looked_back_as_delays_are_long():
    assert weeks_before(600.0, 900.0, 672) == 1
    assert weeks_before(14 * 86_400.0, 900.0, 672) == 10
