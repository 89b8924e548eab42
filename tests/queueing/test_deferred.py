"""Tests for wfplan.queueing.deferred."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize

from wfplan.errors import InputError
from wfplan.queueing import deferred


def earliest_due_first(work, last, capacity):
    """Minutes of work left undone when due (or at the end), served earliest due first."""
    waiting, late = {}, 0.0
    for t, (arrives, due) in enumerate(zip(work, last, strict=True)):
        waiting[due] = waiting.get(due, 0.0) + arrives
        room = capacity[t]
        for key in sorted(waiting):
            done = min(room, waiting[key])
            waiting[key] -= done
            room -= done
        late += waiting.pop(t, 0.0)
    return late + sum(waiting.values())


def random_week(rng, size):
    """Work, due times that never go back, and opening of a small horizon; always feasible."""
    work = rng.exponential(10, size) * (rng.random(size) < 0.7)
    is_open = rng.random(size) < 0.7
    is_open[-1] = True
    last = deferred.last_intervals(is_open, float(rng.integers(1, 6)), 60)
    return work, last, is_open


def gates(work, last, is_open):
    """Cumulative bounds (early, late) after each interval."""
    done_by = np.minimum(last, len(work) - 1)
    due = np.array([work[done_by <= t].sum() for t in range(len(work))])
    return due, np.cumsum(work)


@pytest.mark.parametrize("seed", range(60))
def test_the_even_pace_is_in_time_and_has_the_lowest_peak(seed):
    work, last, is_open = random_week(np.random.default_rng(seed), 14)
    pace = deferred.flattest_work(work, last, is_open)
    assert earliest_due_first(work, last, pace) == pytest.approx(0, abs=1e-9)
    due, arrived = gates(work, last, is_open)
    lower = np.tril(np.ones((14, 14)))
    bounds = [(0, None if o else 0) for o in is_open]
    lowest = linprog(
        np.r_[np.zeros(14), 1],
        A_ub=np.block(
            [
                [lower, np.zeros((14, 1))],
                [-lower, np.zeros((14, 1))],
                [np.eye(14), -np.ones((14, 1))],
            ]
        ),
        b_ub=np.r_[arrived, -due, np.zeros(14)],
        bounds=[*bounds, (0, None)],
    )
    assert pace.max() == pytest.approx(lowest.fun, abs=1e-7)


@pytest.mark.parametrize("seed", range(12))
def test_the_even_pace_has_the_least_sum_of_squares(seed):
    work, last, is_open = random_week(np.random.default_rng(100 + seed), 8)
    pace = deferred.flattest_work(work, last, is_open)
    due, arrived = gates(work, last, is_open)
    found = minimize(
        lambda x: float(x @ x),
        pace + 0.1,
        jac=lambda x: 2 * x,
        bounds=[(0, None if o else 0) for o in is_open],
        constraints=[
            {"type": "ineq", "fun": lambda x: arrived - np.cumsum(x)},
            {"type": "ineq", "fun": lambda x: np.cumsum(x) - due},
        ],
        method="SLSQP",
        options={"ftol": 1e-12, "maxiter": 500},
    )
    assert pace @ pace <= found.fun * (1 + 1e-6) + 1e-9


@pytest.mark.slow
def test_a_thousand_weeks_are_in_time_by_a_brute_force_simulator():
    rng = np.random.default_rng(8)
    for _ in range(1000):
        work, last, is_open = random_week(rng, int(rng.integers(1, 60)))
        pace = deferred.flattest_work(work, last, is_open)
        assert earliest_due_first(work, last, pace) == pytest.approx(0, abs=1e-8)
        assert pace.sum() == pytest.approx(work.sum())
        assert (pace[~is_open] == 0).all()


@given(factor=st.floats(0.01, 100), seed=st.integers(0, 1000))
def test_twice_the_work_is_twice_the_pace(factor, seed):
    work, last, is_open = random_week(np.random.default_rng(seed), 20)
    one = deferred.flattest_work(work, last, is_open)
    many = deferred.flattest_work(work * factor, last, is_open)
    np.testing.assert_allclose(many, one * factor, rtol=1e-9, atol=1e-9 * factor)


@given(seed=st.integers(0, 1000))
def test_a_later_due_time_never_raises_the_peak(seed):
    work, last, is_open = random_week(np.random.default_rng(seed), 20)
    later = np.minimum(last + 2, 20)
    soon = deferred.flattest_work(work, last, is_open).max()
    assert deferred.flattest_work(work, later, is_open).max() <= soon * (1 + 1e-9) + 1e-9


def test_even_arrivals_are_worked_off_evenly():
    work = np.full(10, 6.0)
    last = deferred.last_intervals(np.ones(10, dtype=bool), 3, 60)
    np.testing.assert_allclose(deferred.flattest_work(work, last, np.ones(10, dtype=bool)), 6.0)


def test_work_of_one_interval_is_spread_over_its_due_time():
    work = np.array([0.0, 12.0, 0, 0, 0, 0])
    is_open = np.ones(6, dtype=bool)
    pace = deferred.flattest_work(work, deferred.last_intervals(is_open, 4, 60), is_open)
    np.testing.assert_allclose(pace, [0, 3, 3, 3, 3, 0])


def test_work_of_the_night_waits_for_the_morning():
    work = np.array([4.0, 4.0, 0, 0])
    is_open = np.array([False, False, True, True])
    pace = deferred.flattest_work(work, deferred.last_intervals(is_open, 2, 60), is_open)
    np.testing.assert_allclose(pace, [0, 0, 4, 4])


def test_due_times_count_open_hours_and_stop_at_night():
    is_open = np.array([True, True, False, False, True, True, False, True])
    assert deferred.last_intervals(is_open, 2, 60).tolist() == [1, 4, 5, 5, 5, 7, 8, 8]


def test_due_times_may_count_all_hours():
    is_open = np.array([True, True, False, False, True])
    last = deferred.last_intervals(is_open, 2, 60, in_open_hours=False)
    assert last.tolist() == [1, 2, 3, 4, 5]


def test_a_due_time_shorter_than_an_interval_is_the_interval():
    assert deferred.last_intervals(np.ones(3, dtype=bool), 0.1, 30).tolist() == [0, 1, 2]


def test_a_channel_that_never_opens_does_no_work():
    shut = np.zeros(3, dtype=bool)
    last = deferred.last_intervals(shut, 2, 60)
    assert deferred.flattest_work(np.ones(3), last, shut).tolist() == [0, 0, 0]


def test_no_horizon_is_no_work():
    nothing = np.zeros(0)
    last = deferred.last_intervals(nothing.astype(bool), 2, 60)
    assert deferred.flattest_work(nothing, last, nothing.astype(bool)).size == 0


def plain_string(lower, upper):
    """Twin of the taut string by its definition: relax midpoints into their gates until still."""
    path = np.concatenate(([0.0], (lower + upper) / 2))
    for _ in range(20_000):
        before = path.copy()
        for k in range(1, len(path) - 1):
            path[k] = np.clip((path[k - 1] + path[k + 1]) / 2, lower[k - 1], upper[k - 1])
        if np.abs(path - before).max() < 1e-13:
            break
    return path[1:]


@pytest.mark.parametrize("seed", range(10))
def test_the_taut_string_is_where_relaxed_midpoints_come_to_rest(seed):
    rng = np.random.default_rng(seed)
    upper = np.cumsum(rng.exponential(5, 12))
    lower = np.maximum(0, upper - rng.exponential(8, 12))
    lower = np.maximum.accumulate(lower)
    lower[-1] = upper[-1]
    np.testing.assert_allclose(
        deferred.taut_string(lower, upper), plain_string(lower, upper), atol=1e-9
    )


def test_negative_work_is_refused():
    with pytest.raises(InputError, match=r"work_min\[1\] = -2 is not an amount of work"):
        deferred.flattest_work(np.array([1.0, -2.0]), np.array([0, 1]), np.ones(2, dtype=bool))


def test_shapes_that_differ_are_refused():
    with pytest.raises(InputError, match="have 2, 1 and 2 intervals"):
        deferred.flattest_work(np.ones(2), np.array([0]), np.ones(2, dtype=bool))
