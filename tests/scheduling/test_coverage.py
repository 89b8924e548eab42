"""Tests for wfplan.scheduling.service.coverage and wfplan.scheduling.service.spread."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from wfplan.scheduling.service.coverage import Coverage, Kind

SPEED = np.array(
    [
        [1.0, 0.0, 0.0],
        [1.0, 0.9, 0.0],
        [0.0, 1.1, 0.8],
        [0.95, 1.0, 1.05],
    ]
)  # (group, channel)


def convex_costs(rng, channels=3, intervals=2, staff=12):
    """Falling convex curves, as staffing makes them."""
    slopes = np.sort(rng.exponential(3.0, (channels, intervals, staff)), axis=2)[:, :, ::-1]
    steps = np.concatenate([np.zeros((channels, intervals, 1)), np.cumsum(slopes, axis=2)], axis=2)
    return steps[:, :, -1:] - steps


def make_coverage(cost, masses=(0.9, 1.0, 0.85, 1.0)):
    return Coverage(
        cost=cost,
        speed=SPEED,
        interval_of=np.array([0, 1, -1]),
        slots_per_interval=1,
        empowered_min=np.array([2.0, 0.0]),
        empowered_price=50.0,
        kinds=tuple(Kind(g, m, g == 3) for g, m in enumerate(masses)),
    )


def least_cost(cost, interval, people):
    """The cost of the best spread, from a linear program over tangents."""
    groups, channels = SPEED.shape
    knots = cost.shape[2]
    # variables: spread (group x channel), staff cost (channel)
    rows, right = [], []
    for c in range(channels):
        for j in range(knots - 1):
            slope = cost[c, interval, j + 1] - cost[c, interval, j]
            row = np.zeros(groups * channels + channels)
            row[[g * channels + c for g in range(groups)]] = slope * SPEED[:, c]
            row[groups * channels + c] = -1
            rows.append(row)
            right.append(slope * j - cost[c, interval, j])
    for g in range(groups):
        row = np.zeros(groups * channels + channels)
        row[[g * channels + c for c in range(channels) if SPEED[g, c] > 0]] = 1
        rows.append(row)
        right.append(people[g])
    objective = np.concatenate([np.zeros(groups * channels), np.ones(channels)])
    bounds = [
        (0, None if SPEED[g, c] > 0 else 0) for g in range(groups) for c in range(channels)
    ] + [(cost[c, interval, -1], None) for c in range(channels)]
    found = linprog(objective, A_ub=np.array(rows), b_ub=right, bounds=bounds)
    assert found.status == 0
    return found.fun


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    moves=st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=40),
)
def test_spread_stays_the_cheapest_under_people_joining_and_leaving(seed, moves):
    cost = convex_costs(np.random.default_rng(seed))
    coverage = make_coverage(cost)
    present = np.zeros(4, dtype=int)
    both = np.array([0, 1, 2])
    for kind, joins in moves:
        if joins or present[kind] == 0:
            coverage.add(kind, both)
            present[kind] += 1
        else:
            coverage.remove(kind, both)
            present[kind] -= 1
    people = present * np.array([k.mass for k in coverage.kinds])
    empowered_cost = 50.0 * max(0, 2 - present[3])
    expected = sum(least_cost(cost, t, people) for t in (0, 1)) + empowered_cost
    assert coverage.total_cost() == pytest.approx(expected, rel=1e-7, abs=1e-7)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), present=st.lists(st.integers(0, 3), max_size=15))
def test_gain_is_what_the_total_cost_falls_by_when_one_more_joins(seed, present):
    coverage = make_coverage(convex_costs(np.random.default_rng(seed)))
    for kind in present:
        coverage.add(kind, np.array([0, 1]))
    for kind in range(4):
        gain = coverage.gains(kind).copy()
        before = coverage.total_cost()
        for slot in (0, 1, 2):
            coverage.add(kind, np.array([slot]))
            assert before - coverage.total_cost() == pytest.approx(gain[slot], abs=1e-7)
            coverage.remove(kind, np.array([slot]))


def test_slot_where_no_staff_is_wanted_is_worth_nothing():
    coverage = make_coverage(convex_costs(np.random.default_rng(1)))
    assert coverage.gains(0)[2] == 0


def test_repricing_spreads_the_same_people_under_the_new_curve():
    rng = np.random.default_rng(5)
    old, new = convex_costs(rng), convex_costs(rng)
    coverage, fresh = make_coverage(old), make_coverage(new)
    for board in (coverage, fresh):
        for kind in (0, 1, 1, 2, 3):
            board.add(kind, np.array([0, 1]))
    coverage.reprice(new)
    assert coverage.total_cost() == pytest.approx(fresh.total_cost())
    assert coverage.heads.tolist() == [5, 5, 0]


def test_repricing_renews_what_somebody_would_save_in_empty_slots():
    rng = np.random.default_rng(6)
    old, new = convex_costs(rng), convex_costs(rng)
    coverage, fresh = make_coverage(old), make_coverage(new)
    coverage.gains(1)
    coverage.reprice(new)
    assert coverage.gains(1).tolist() == fresh.gains(1).tolist()
