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


def pieces_left(work, release, due, capacity):
    """Minutes not done when due, piece by piece, earliest due first (independent of windows)."""
    left, late = work.copy(), 0.0
    for t, room in enumerate(capacity):
        for piece in sorted(range(len(work)), key=lambda i: due[i]):
            if release[piece] <= t <= due[piece]:
                done = min(room, left[piece])
                left[piece] -= done
                room -= done
        late += left[due == t].sum()
    return late


def least_by_programme(work, release, due, capacity):
    """Smallest factor of the capacity by linear programming over minutes by piece and interval."""
    pieces, count = len(work), len(capacity)
    use = np.zeros((count, pieces * count + 1))
    for t in range(count):
        use[t, t : pieces * count : count] = 1
        use[t, -1] = -capacity[t]
    whole = np.zeros((pieces, pieces * count + 1))
    bounds = []
    for i in range(pieces):
        whole[i, i * count : (i + 1) * count] = 1
        bounds += [(0, None if release[i] <= t <= due[i] else 0) for t in range(count)]
    cost = np.append(np.zeros(pieces * count), 1.0)
    return linprog(cost, use, np.zeros(count), whole, work, [*bounds, (0, None)])


def random_pieces(rng):
    count, pieces = int(rng.integers(2, 8)), int(rng.integers(1, 6))
    release = rng.integers(0, count, pieces)
    due = np.minimum(release + rng.integers(0, 4, pieces), count - 1)
    work = np.round(rng.exponential(20, pieces), 3)
    return work, release, due, np.round(rng.uniform(0, 40, count) * (rng.random(count) < 0.8), 3)


def test_windows_know_what_earliest_due_first_can_do():
    rng, told = np.random.default_rng(4), []
    for _ in range(1000):
        work, release, due, capacity = random_pieces(rng)
        fits = deferred.is_feasible(work, release, due, capacity)
        assert fits == (pieces_left(work, release, due, capacity) < 1e-7)
        told.append(fits)
        least = deferred.least_capacity(work, release, due, capacity)
        if 0 < least < np.inf:
            assert deferred.is_feasible(work, release, due, capacity * least)
            assert not deferred.is_feasible(work, release, due, capacity * least * 0.999)
            assert pieces_left(work, release, due, capacity * least) < 1e-7
    assert 100 < sum(told) < 900


@pytest.mark.slow
def test_the_least_capacity_is_that_of_a_linear_programme_in_a_thousand_weeks():
    rng = np.random.default_rng(5)
    for _ in range(1000):
        work, release, due, capacity = random_pieces(rng)
        least = deferred.least_capacity(work, release, due, capacity)
        found = least_by_programme(work, release, due, capacity)
        if found.success:
            assert least == pytest.approx(found.fun, rel=1e-7, abs=1e-9)
        else:
            assert least == np.inf


def test_work_due_beyond_the_horizon_is_no_burden():
    assert deferred.is_feasible(np.array([9.0]), np.array([1]), np.array([2]), np.zeros(2))
    assert deferred.least_capacity(np.array([9.0]), np.array([1]), np.array([2]), np.zeros(2)) == 0


def test_one_window_sets_the_least_capacity():
    """30 minutes in the first two intervals of 10 open minutes: one person and a half."""
    work, release, due = np.array([30.0, 5.0]), np.array([0, 2]), np.array([1, 3])
    assert deferred.least_capacity(work, release, due, np.full(4, 10.0)) == pytest.approx(1.5)


def test_a_piece_due_before_it_arrives_is_refused():
    with pytest.raises(InputError, match=r"piece\[1\] of 4 minutes .* from interval 3 to 2"):
        deferred.is_feasible(np.array([1.0, 4]), np.array([0, 3]), np.array([0, 2]), np.ones(4))


NIGHTS = np.array([0, 1, 1, 0, 0, 1, 1, 0], dtype=bool)  # open in hours 1, 2, 5 and 6


@pytest.mark.parametrize(
    ("arrival", "due_h", "expected"),
    [
        (75, 0.5, 105),  # inside one opening
        (75, 1.75, 180),  # runs out with the closing
        (75, 2.0, 315),  # goes on in the morning
        (10, 1.0, 120),  # written before the opening
        (200, 1.0, 360),  # written at night
        (330, 1.5, 420),
        (330, 1.6, np.inf),  # beyond the horizon
        (200, 0.0, 200),  # due at once
        (60, 0.1, 66),
    ],
)
def test_due_times_are_told_to_the_minute(arrival, due_h, expected):
    found = deferred.due_minutes(np.array([arrival]), NIGHTS, due_h, 60)
    assert found[0] == pytest.approx(expected)


def test_due_times_in_all_hours_are_a_sum():
    found = deferred.due_minutes(np.array([10.0, 400]), NIGHTS, 2, 60, in_open_hours=False)
    assert found.tolist() == [130, np.inf]


@given(seed=st.integers(0, 500), due_h=st.floats(0, 5), in_open_hours=st.booleans())
def test_due_work_is_what_single_contacts_are_due(seed, due_h, in_open_hours):
    """Many contacts, evenly within their interval, counted one by one."""
    rng = np.random.default_rng(seed)
    is_open, work = rng.random(8) < 0.6, np.round(rng.exponential(10, 8))
    minutes = (np.arange(8 * 600) + 0.5) / 10
    due = deferred.due_minutes(minutes, is_open, due_h, 60, in_open_hours=in_open_hours)
    counted = [(np.repeat(work, 600) / 600)[due <= end].sum() for end in 60.0 * np.arange(1, 9)]
    found = deferred.due_work(work, is_open, due_h, 60, in_open_hours=in_open_hours)
    np.testing.assert_allclose(found, counted, rtol=0, atol=2 * work.max() / 600 + 1e-9)


def test_half_an_interval_of_due_time_puts_half_of_the_work_off():
    is_open, work = np.ones(4, dtype=bool), np.array([60.0, 0, 0, 0])
    assert deferred.due_work(work, is_open, 0.5, 60).tolist() == [30, 60, 60, 60]
    assert deferred.due_work(work, is_open, 1.5, 60).tolist() == [0, 30, 60, 60]


def test_the_pace_to_the_minute_needs_no_more_than_the_pace_by_intervals():
    rng = np.random.default_rng(6)
    for _ in range(50):
        work, _, is_open = random_week(rng, 20)
        last = deferred.last_intervals(is_open, 2.5, 60)
        due = deferred.due_work(work, is_open, 2.5, 60)
        pace = deferred.flattest_pace(work, due, is_open)
        assert pace.max() <= deferred.flattest_work(work, last, is_open).max() * (1 + 1e-9) + 1e-9
        assert pace.sum() == pytest.approx(work.sum())
        opens = np.flatnonzero(is_open)
        done = np.cumsum(pace)
        assert (done <= np.cumsum(work) + 1e-9).all()
        by_then = np.append(opens[1:] - 1, 19)
        assert (done[opens] >= due[by_then] - 1e-9).all()


def test_a_time_before_the_arrival_is_refused():
    with pytest.raises(InputError, match=r"due_h = -1 is before the arrival"):
        deferred.due_work(np.ones(8), NIGHTS, -1, 60)


def test_an_arrival_outside_the_horizon_is_refused():
    with pytest.raises(InputError, match=r"arrival_min\[0\] = 500 is outside the horizon of 480"):
        deferred.due_minutes(np.array([500.0]), NIGHTS, 1, 60)


def first_come(work, last, capacity):
    """Minutes of each arrival not done when due, and all left at the end; late work is kept."""
    left, late = np.zeros(len(work)), np.zeros(len(work))
    for t, room in enumerate(capacity):
        left[t] = work[t]
        for piece in range(t + 1):
            done = min(room, left[piece])
            left[piece] -= done
            room -= done
        late += np.where(last == t, left, 0.0)
    return late, left.sum()


@pytest.mark.parametrize("seed", range(40))
def test_the_backlog_is_what_a_simulator_leaves(seed):
    rng = np.random.default_rng(seed)
    work, last, is_open = random_week(rng, 15)
    capacity = rng.exponential(9, 15) * is_open
    found = deferred.backlog(work, capacity, last)
    late, left = first_come(work, last, capacity)
    np.testing.assert_allclose(found.late_min, late, rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.left_min, left, rtol=0, atol=1e-9)
    np.testing.assert_allclose(
        np.append(0, found.waiting_min[:-1]) + work - found.done_min, found.waiting_min, atol=1e-9
    )
    assert (found.done_min <= capacity + 1e-9).all()
    assert work.sum() == pytest.approx(found.done_min.sum() + found.left_min)


def test_late_work_is_told_by_its_arrival():
    """60 minutes a day, due in two intervals, with 20 minutes of capacity each."""
    found = deferred.backlog(np.array([60.0, 0, 0, 30]), np.full(4, 20.0), np.array([1, 2, 3, 4]))
    assert found.done_min.tolist() == [20, 20, 20, 20]
    assert found.waiting_min.tolist() == [40, 20, 0, 10]
    assert found.late_min.tolist() == [20, 0, 0, 0]
    assert found.overdue_min.tolist() == [0, 20, 0, 0]
    assert found.left_min == 10
    assert found.cost(per_late_min=2.0, per_left_min=0.5) == pytest.approx(45)


def test_work_from_before_is_done_first():
    found = deferred.backlog(
        np.array([20.0, 0]), np.full(2, 20.0), np.array([0, 1]), start_min=10.0
    )
    assert found.late_min.tolist() == [10, 0]
    assert found.left_min == 0


def test_due_times_that_fall_are_refused():
    with pytest.raises(InputError, match=r"last\[1\] = 0 is before that of the interval before"):
        deferred.backlog(np.ones(2), np.ones(2), np.array([1, 0]))


def test_a_negative_capacity_is_refused():
    with pytest.raises(InputError, match=r"capacity_min\[1\] = -1 is not an amount"):
        deferred.backlog(np.ones(2), np.array([1.0, -1]), np.array([0, 1]))
