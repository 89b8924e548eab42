"""Tests for buyers and its kernel, against the linear program they stand for."""

from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

from wfplan.domain.problem import Objective
from wfplan.horizon import Horizon
from wfplan.scheduling.bound.buyers import Buyers
from wfplan.scheduling.service.objective import CostCurves


def market(bench, seed, *, beyond=0, balance=None):
    """Buyers of some hours of two channels, half an interval a slot, with their curves."""
    rng = np.random.default_rng(seed)
    horizon = Horizon("UTC", bench.MONDAY, 1, interval_min=60, slot_min=60)
    need = bench.need(horizon, ("voice", "chat"), rng=rng, staff=4, floor=3.0)
    balance = float(rng.uniform(0.1, 0.9)) if balance is None else balance
    goals = Objective(tail=0.7, balance=balance)
    curves = CostCurves.of(need, goals, beyond=beyond, top_speed=np.ones(2))
    interval = np.arange(horizon.interval_count + beyond)
    return Buyers(curves, interval, 0.5), curves, interval, rng


def least_cost(curves, interval, prices):
    """What customers and staff cost at prices, by a linear program in staff, harm and tail."""
    goals, levels = curves.settings, curves.harm.shape[2]
    cells = list(product(range(len(curves.harm)), interval))
    n = 4 * len(cells) + 1  # staff, harm, floors, excess of each cell; the tail level
    cost, rows, right = np.zeros(n), [], []
    for k, (c, t) in enumerate(cells):
        staff, harm, floors, excess = (k + part * len(cells) for part in range(4))
        inside = t < curves.horizon_intervals
        volume = curves.volume[c, t] * 0.5 if inside else 0.0
        cost[staff], cost[floors] = prices[k], 1.0
        cost[harm] = 1 - goals.balance if inside else 1.0
        cost[excess] = goals.balance / (1 - goals.tail)
        cost[-1] += goals.balance * volume
        for curve, column in ((curves.harm, harm), (curves.floors, floors)):
            for j in range(levels - 1):
                low, slope = curve[c, t, j] * 0.5, (curve[c, t, j + 1] - curve[c, t, j]) * 0.5
                row = np.zeros(n)
                row[staff], row[column] = slope, -1
                rows.append(row)
                right.append(slope * j - low)
        if inside:
            row = np.zeros(n)
            row[harm], row[excess], row[-1] = 1, -1, -volume
            rows.append(row)
            right.append(0.0)
    bounds = [(0, levels - 1)] * len(cells) + [(0, None)] * (3 * len(cells) + 1)
    found = linprog(cost, A_ub=np.array(rows), b_ub=right, bounds=bounds)
    assert found.status == 0
    return float(found.fun)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("beyond", [0, 2])
def test_buying_at_the_best_tail_weights_costs_what_the_linear_program_says(bench, seed, beyond):
    buyers, curves, interval, rng = market(bench, seed, beyond=beyond)
    for scale in (0.0, 1.0, 5.0):
        prices = scale * rng.exponential(1.0, 2 * len(interval))
        bought = buyers.buy(prices)
        truth = least_cost(curves, interval, prices)
        assert bought.value == pytest.approx(truth, rel=1e-5)
        assert buyers.value(prices, bought.weights) == pytest.approx(truth, rel=1e-5)


@pytest.mark.parametrize("seed", range(4))
def test_no_other_admissible_weights_underestimate_less(bench, seed):
    buyers, curves, interval, rng = market(bench, seed)
    prices = rng.exponential(1.0, 2 * len(interval))
    best = buyers.value(prices, buyers.buy(prices).weights)
    volume = curves.volume[:, interval].ravel()
    for _ in range(20):
        weights = rng.dirichlet(np.ones(len(prices))) * volume.sum() / volume
        assert buyers.value(prices, weights) <= best + 1e-6


def test_weights_that_exceed_what_is_admitted_are_cut_down(bench):
    buyers, _, interval, rng = market(bench, 1)
    prices = rng.exponential(1.0, 2 * len(interval))
    best = buyers.value(prices, buyers.buy(prices).weights)
    assert buyers.value(prices, np.full(len(prices), 99.0)) <= best + 1e-6


@pytest.mark.parametrize("stiffness", [0.05, 1.0])
def test_what_stiff_buyers_take_is_the_slope_of_their_value(bench, stiffness):
    buyers, _, interval, rng = market(bench, 3)
    near = rng.uniform(0, 4, 2 * len(interval))
    prices = rng.exponential(1.0, len(near))
    bought = buyers.buy(prices, stiffness, near)
    for k in range(len(near)):
        step = np.zeros(len(near))
        step[k] = 1e-4
        rise = (
            buyers.buy(prices + step, stiffness, near).value
            - buyers.buy(prices - step, stiffness, near).value
        )
        assert rise / 2e-4 == pytest.approx(bought.staff[k], abs=0.02)


def test_without_a_tail_every_cell_minimises_its_own_cost(bench):
    buyers, curves, interval, rng = market(bench, 5, balance=0.0)
    prices = rng.exponential(1.0, 2 * len(interval))
    total = (curves.harm + curves.floors)[:, interval].reshape(len(prices), -1) * 0.5
    total = total + prices[:, None] * np.arange(total.shape[1])
    bought = buyers.buy(prices)
    assert bought.value == pytest.approx(total.min(axis=1).sum())
    assert not bought.weights.any()
