"""Tests for spread: people who differ in speed, against a linear program."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from wfplan.compiled import kernel
from wfplan.scheduling.service import spread


@kernel
def place(waiting, t, cost, speed, ratio, who, staff, idle, value, via_group, via_channel):
    """Only kernels can call the part."""
    spread.place(waiting, t, cost, speed, ratio, who, staff, idle, value, via_group, via_channel)


@kernel
def take_out(
    group, mass, waiting, t, cost, speed, ratio, who, staff, idle, value, via_group, via_channel
):
    """Only kernels can call the part."""
    spread.take_out(
        group, mass, waiting, t, cost, speed, ratio, who, staff, idle, value, via_group, via_channel
    )


@kernel
def channel_cost(cost, channel, interval, staff):
    """Only kernels can call the part."""
    return spread.channel_cost(cost, channel, interval, staff)


def least_cost(cost, speed, people):
    """The cost of the best spread of one slot, from a linear program over tangents."""
    groups, channels = speed.shape
    n = groups * channels
    rows, right = [], []
    for c in range(channels):
        for j in range(cost.shape[2] - 1):
            slope = cost[c, 0, j + 1] - cost[c, 0, j]
            row = np.zeros(n + channels)
            row[[g * channels + c for g in range(groups)]] = slope * speed[:, c]
            row[n + c] = -1
            rows.append(row)
            right.append(slope * j - cost[c, 0, j])
    for g in range(groups):
        row = np.zeros(n + channels)
        row[g * channels : (g + 1) * channels] = speed[g] > 0
        rows.append(row)
        right.append(people[g])
    bounds = [(0, None if s > 0 else 0) for s in speed.ravel()]
    bounds += [(low, None) for low in cost[:, 0, -1]]
    goal = np.concatenate([np.zeros(n), np.ones(channels)])
    found = linprog(goal, A_ub=np.array(rows), b_ub=right, bounds=bounds)
    assert found.status == 0
    return found.fun


def small_slot(rng):
    """Costs with whole slopes now and then (ties) and flat ends, and speeds that differ."""
    channels, groups = int(rng.integers(1, 5)), int(rng.integers(1, 9))
    slopes = np.sort(rng.exponential(3.0, (channels, 1, 6)), axis=2)[:, :, ::-1]
    slopes = np.round(slopes) if rng.random() < 0.5 else slopes
    down = np.concatenate([np.zeros((channels, 1, 1)), np.cumsum(slopes, axis=2)], axis=2)
    speed = rng.choice([0, 0.833, 1.0, 1.111], size=(groups, channels), p=[0.3, 0.2, 0.3, 0.2])
    for g in np.flatnonzero(~speed.any(axis=1)):
        speed[g, rng.integers(channels)] = 1.0
    return down[:, :, -1:] - down, speed, rng.choice([0.88, 0.95, 1.1], size=groups)


class Slot:
    """One slot with its people, as the kernels keep it."""

    def __init__(self, cost, speed):
        groups, channels = speed.shape
        self.cost, self.speed = cost, speed
        self.spread, self.staff = np.zeros((groups, channels)), np.zeros(channels)
        self.idle, self.ratio = np.zeros(groups), spread.best_ratio(speed)
        self._work = np.zeros(channels), np.zeros(channels, int), np.zeros(channels, int)

    def change(self, joins, group, mass):
        waiting = np.zeros(len(self.speed))
        slot = (
            0,
            self.cost,
            self.speed,
            self.ratio,
            self.spread,
            self.staff,
            self.idle,
            *self._work,
        )
        if joins:
            waiting[group] = mass
        else:
            take_out(group, mass, waiting, *slot)
        place(waiting, *slot)

    @property
    def total(self):
        return sum(channel_cost(self.cost, c, 0, level) for c, level in enumerate(self.staff))


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 100_000))
def test_uneven_people_are_all_kept_and_spread_at_least_cost(seed):
    rng = np.random.default_rng(seed)
    cost, speed, mass = small_slot(rng)
    slot, count = Slot(cost, speed), np.zeros(len(speed), int)
    for step in range(60):
        g = int(rng.integers(len(speed)))
        joins = rng.random() < 0.55 or count[g] == 0
        count[g] += 1 if joins else -1
        slot.change(joins, g, mass[g])
        assert slot.spread.sum(axis=1) + slot.idle == pytest.approx(count * mass, abs=1e-7)
        assert (slot.spread * speed).sum(axis=0) == pytest.approx(slot.staff, abs=1e-7)
        if step % 15 == 14:
            assert slot.total == pytest.approx(least_cost(cost, speed, count * mass), abs=1e-6)


def test_colleagues_who_gain_by_changing_places_are_not_counted_twice():
    """
    Two groups make staff out of nothing when they change places: 1 x 1 against 0.8 x 1.25.

    Where everything is served the circle is worth nothing; once people leave it is.
    """
    cost = np.array([[[2.0, 1.0, 0.0]], [[2.0, 1.0, 0.0]]])
    speed = np.array([[1.0, 1.25], [0.8, 1.25], [1.0, 0.8]])
    slot = Slot(cost, speed)
    present = np.array([2, 2, 2])
    for g in (0, 0, 1, 1, 2, 2):
        slot.change(True, g, 1.0)
    for g in (2, 1, 0, 2):
        slot.change(False, g, 1.0)
        present[g] -= 1
        assert slot.spread.sum(axis=1) + slot.idle == pytest.approx(present)
        assert slot.total == pytest.approx(least_cost(cost, speed, present), abs=1e-9)
    for g in (0, 1):
        slot.change(False, g, 1.0)
    assert slot.total == pytest.approx(4.0)
    assert slot.staff == pytest.approx([0, 0], abs=1e-9)


def test_staff_beyond_the_last_knot_cost_what_the_last_knot_costs():
    cost = np.array([[[3.0, 1.0, 0.5]]])
    values = [channel_cost(cost, 0, 0, level) for level in (0.0, 0.5, 1.0, 1.75, 2.0, 7.0)]
    assert values == pytest.approx([3.0, 2.0, 1.0, 0.625, 0.5, 0.5])


def test_nobody_is_put_where_nothing_is_saved():
    slot = Slot(np.zeros((2, 1, 3)), np.ones((1, 2)))
    slot.change(True, 0, 0.9)
    assert slot.idle.tolist() == [0.9]
    slot.change(False, 0, 0.9)
    assert not slot.idle.any()
