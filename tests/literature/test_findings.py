"""Findings that shaped the product, each as a number that the formulas must give."""

from __future__ import annotations

from math import inf

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from wfplan.queueing import erlang_a, required, transient

FloatArray = NDArray[np.float64]
CALLS = np.array([20, 40, 60, 80, 80, 60, 40, 20, 10, 5])  # in ten quarters of an hour
AHT_S, PATIENCE_S, INTERVAL_S = 300.0, 120.0, 900.0
STAFF = 150  # agent-intervals to be dealt out
WORST = 3  # intervals whose mean is the tail


@pytest.mark.parametrize(
    ("load", "staff", "abandon", "occupancy"),
    [(1000, 815, 0.185, 0.999999), (100, None, 0.118, 0.980)],
)
def test_an_80_20_plan_alone_wears_people_out_and_loses_callers(load, staff, abandon, occupancy):
    """Handle time 180 s, patience 60 s: the larger the team, the deeper the trap."""
    per_h = load * 20
    least = np.ceil(required.for_service_level(0.8, per_h, 180, 60))
    found = erlang_a.steady_state(least, per_h, 180, 60)
    assert staff in (None, int(least))
    assert 0.8 <= found.sl_offered < 0.81
    assert found.p_abandon == pytest.approx(abandon, abs=6e-4)
    assert found.occupancy == pytest.approx(occupancy, abs=6e-4 if load == 100 else 6e-7)


def test_caps_on_abandonment_and_occupancy_close_the_trap():
    """A thousand erlangs of which a twentieth may be lost need a sixth more people than 80/20."""
    level, lost, busy = (
        required.for_service_level(0.8, 20_000, 180, 60),
        required.for_abandonment(0.05, 20_000, 180, 60),
        required.for_occupancy(0.85, 20_000, 180, 60),
    )
    assert lost / level == pytest.approx(1.17, abs=0.01)
    assert busy > 1.2 * lost
    assert erlang_a.steady_state(lost, 20_000, 180, 60).sl_offered > 0.94


@pytest.fixture(scope="module")
def shares() -> FloatArray:
    """Share that hangs up with 0, 1, ... people, (interval, people)."""
    people = np.arange(STAFF + 1)
    found = erlang_a.steady_state(people, CALLS[:, None] * 4, AHT_S, PATIENCE_S)
    return found.p_abandon


def dealt(costs: FloatArray) -> NDArray[np.int64]:
    """The cheapest way to deal all people out: for each number of them, interval by interval."""
    best, choice = np.full(STAFF + 1, inf), []
    best[0] = 0.0
    for row in costs:
        table = np.full((STAFF + 1, STAFF + 1), inf)  # (people so far, of them here)
        for total in range(STAFF + 1):
            table[total, : total + 1] = best[total::-1] + row[: total + 1]
        choice.append(table.argmin(axis=1))
        best = table.min(axis=1)
    left, found = STAFF, []
    for chosen in reversed(choice):
        found.append(int(chosen[left]))
        left -= found[-1]
    return np.array(found[::-1])


def told(shares: FloatArray, staff: NDArray[np.int64]) -> dict[str, float]:
    """What an allocation does to callers."""
    lost = shares[np.arange(len(staff)), staff]
    return {
        "expected_abandoned_calls": float(lost @ CALLS),
        "worst_interval_abandon": float(lost.max()),
        "mean_of_worst_three": float(np.sort(lost)[-WORST:].mean()),
        "mean_abandon": float(lost.mean()),
    }


@pytest.mark.parametrize("objective", ["sum", "worst", "cvar"])
def test_the_published_allocations_do_what_is_said_of_them(shared, shares, objective):
    row = pd.read_csv(shared / "truth" / "allocation.csv").set_index("objective").loc[objective]
    staff = np.array(row["staff_per_interval"].split(), dtype=int)
    assert staff.sum() == STAFF
    for measure, value in told(shares, staff).items():
        assert value == pytest.approx(row[measure], rel=1e-10), measure


def test_fewest_lost_calls_leave_one_caller_in_four_without_an_answer_in_the_last_hour(shares):
    found = dealt(shares * CALLS[:, None])
    assert list(found) == [7, 15, 22, 28, 28, 22, 15, 7, 4, 2]
    assert told(shares, found)["worst_interval_abandon"] == pytest.approx(0.266, abs=5e-4)


def test_the_best_worst_interval_costs_three_per_cent_more_lost_calls(shares):
    levels = np.unique(shares[:, 1:])
    needed = np.array([(shares > level).sum(axis=1).sum() for level in levels])
    level = levels[needed <= STAFF].min()
    fair = dealt(np.where(shares <= level, shares * CALLS[:, None], inf))
    few = dealt(shares * CALLS[:, None])
    assert list(fair) == [8, 15, 21, 27, 27, 21, 15, 8, 5, 3]
    lost, least = (told(shares, plan)["expected_abandoned_calls"] for plan in (fair, few))
    assert lost / least - 1 == pytest.approx(0.033, abs=5e-4)
    assert told(shares, fair)["worst_interval_abandon"] == pytest.approx(0.105, abs=5e-4)


def test_the_best_tail_is_the_same_plan(shares):
    """CVaR by its definition: the level that leaves least above it, over all levels there are."""
    tails = []
    for level in np.unique(np.round(shares[(shares > 0.05) & (shares < 0.3)], 12)):
        plan = dealt(np.maximum(shares - level, 0.0) + 1e-9 * shares * CALLS[:, None])
        tails.append((told(shares, plan)["mean_of_worst_three"], plan.tolist()))
    least = min(tail for tail, _ in tails)
    fair = [8, 15, 21, 27, 27, 21, 15, 8, 5, 3]
    assert least == pytest.approx(told(shares, np.array(fair))["mean_of_worst_three"], rel=1e-9)


def test_after_the_peak_steady_states_are_wrong_by_a_factor_of_four():
    """Staff follow the load; in the eighth quarter 3.4 % are said to leave, and 13.0 % do."""
    staff = [8, 14, 21, 28, 29, 24, 17, 10, 6, 4]
    day = (CALLS * 4, staff, AHT_S, PATIENCE_S)
    stationary = erlang_a.steady_state(staff, CALLS * 4, AHT_S, PATIENCE_S).p_abandon
    finish = transient.evolve(*day, INTERVAL_S).p_abandon
    back = transient.evolve(*day, INTERVAL_S, end_of_shift="hand_back").p_abandon
    assert stationary[7] == pytest.approx(0.034, abs=5e-4)
    assert finish[7] == pytest.approx(0.130, abs=5e-4)
    assert back[7] == pytest.approx(0.179, abs=5e-4)
    assert finish[7] / stationary[7] > 3.7


def test_a_day_that_begins_empty_is_better_than_its_steady_state():
    stationary = erlang_a.steady_state(8, 80, AHT_S, PATIENCE_S).p_abandon
    began = transient.evolve([80], [8], AHT_S, PATIENCE_S, INTERVAL_S).p_abandon
    assert stationary == pytest.approx(0.103, abs=5e-4)
    assert began[0] == pytest.approx(0.041, abs=5e-4)
