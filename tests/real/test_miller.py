"""The regression of Miller, *Modeling Techniques in Predictive Analytics*, ch. 6: calls to cost."""

from __future__ import annotations

from math import floor
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from wfplan.queueing import erlang_c

pytestmark = pytest.mark.real

CALLS_PER_AGENT_H = 15
WAIT_PROBABILITY_MAX = 0.5
REQUIRED = [1, 1, 1, 0, 1, 1, 1, 4, 8, 9, 10, 9, 8, 16, 10, 10, 6, 7, 8, 8, 6, 6, 5, 4]
SHIFT_STARTS_H = (0, 6, 8, 10, 12, 14, 16, 18)
SHIFT_COSTS = (252, 288, 180, 180, 180, 288, 288, 288)
SHIFT_LENGTH_H = 6
OPTIMAL_COST = 6336


def agents_required(calls_per_h: float) -> int:
    """Fewest agents with whom at most half of the callers wait; none where nobody calls."""
    load = calls_per_h / CALLS_PER_AGENT_H
    agents = floor(load) + 1 if load > 0 else 0
    while erlang_c.wait_probability(agents, load) > WAIT_PROBABILITY_MAX:
        agents += 1
    return agents


@pytest.fixture(scope="module")
def requirement(real_data: Path) -> list[int]:
    """Agents per hour of the day, from the mean of the February Wednesdays."""
    calls = pd.read_csv(
        real_data / "technion_1999_calls" / "calls_dev_1999_01_02.csv.gz", parse_dates=["arrival"]
    )
    is_wednesday = (calls["arrival"].dt.month == 2) & (calls["arrival"].dt.day_of_week == 2)
    asked = calls[is_wednesday & (calls["outcome"] != "PHANTOM")]
    wednesdays = asked["arrival"].dt.date.nunique()
    per_h = asked["arrival"].dt.hour.value_counts().reindex(range(24), fill_value=0) / wednesdays
    return [agents_required(calls_per_h) for calls_per_h in per_h]


def test_erlang_c_gives_the_published_requirement_hour_by_hour(requirement):
    assert requirement == REQUIRED


def test_the_cheapest_cover_of_the_requirement_costs_6336(requirement):
    needed = np.array(requirement, dtype=float)
    needed[:6] = 0
    covers = np.array(
        [
            [start <= hour < start + SHIFT_LENGTH_H for start in SHIFT_STARTS_H]
            for hour in range(24)
        ],
        dtype=float,
    )
    found = milp(
        np.array(SHIFT_COSTS, dtype=float),
        constraints=LinearConstraint(covers, lb=needed),
        integrality=np.ones(len(SHIFT_STARTS_H)),
        bounds=Bounds(lb=0),
    )
    assert found.success
    assert found.fun == pytest.approx(OPTIMAL_COST)
    assert (covers @ np.round(found.x) >= needed).all()
