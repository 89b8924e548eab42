"""A small problem and its demand, for the tests of this room."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from hypothesis import settings

from wfplan.domain.channels import Channel
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import DemandForecast

settings.register_profile("compiled", deadline=None)  # the first example compiles a kernel
settings.load_profile("compiled")

MONDAY = date(2026, 3, 2)


def make_problem(*channels: Channel, **fields) -> PlanningProblem:
    """A plan of these channels, round a week of half-hours in Dublin."""
    settled = {"name": "Test", "timezone": "Europe/Dublin", "interval_min": 30, **fields}
    return PlanningProblem(channels=channels, **settled)


def make_demand(
    problem: PlanningProblem,
    offered,
    *,
    aht_s: float = 300.0,
    rate_cv: float = 0.1,
    patience_s: float = 120.0,
    day_share: float = 0.5,
    days: int = 7,
) -> DemandForecast:
    """Demand of that many contacts per channel and interval (broadcast), masked by opening."""
    horizon = problem.horizon(MONDAY, days)
    is_open = np.array(
        [horizon.open_intervals(c.open, problem.opening_by_date(c)) for c in problem.channels]
    )
    serves = is_open | np.array([[not c.is_realtime] for c in problem.channels])
    counts = np.where(serves, np.broadcast_to(np.asarray(offered, float), is_open.shape), 0.0)
    return DemandForecast(
        horizon=horizon,
        channels=tuple(c.name for c in problem.channels),
        is_open=is_open,
        offered_mean=counts,
        offered_q10=counts.copy(),
        offered_q50=counts.copy(),
        offered_q90=counts.copy(),
        aht_s=np.full(is_open.shape, aht_s),
        rate_cv=np.full(is_open.shape, rate_cv),
        day_share=np.full(len(problem.channels), day_share),
        patience_s=np.array([patience_s if c.is_realtime else np.inf for c in problem.channels]),
    )


@pytest.fixture(scope="session")
def problem_of() -> Callable[..., PlanningProblem]:
    return make_problem


@pytest.fixture(scope="session")
def demand_of() -> Callable[..., DemandForecast]:
    return make_demand
