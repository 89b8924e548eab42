"""Many simulated weeks, contact by contact, and estimates with their errors from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import DemandForecast
from wfplan.domain.schedule import Schedule
from wfplan.simulation.engine import run_week
from wfplan.simulation.model import Assumptions, Model, build_model
from wfplan.simulation.one_week import empty_replication, run_replication

FloatArray = NDArray[np.float64]
Records = NDArray[Any]


@dataclass(frozen=True)
class Estimate:
    """A ratio of sums over replications with its standard error."""

    value: float
    error: float

    def z(self, truth: float) -> float:
        """Standard errors away from a truth."""
        return (self.value - truth) / max(self.error, 1e-12)


def model_of(problem: PlanningProblem, demand: DemandForecast, schedule: Schedule) -> Model:
    """The model that the plan describes, nothing assumed."""
    return build_model(problem, demand, schedule, None, Assumptions())


def contacts(model: Model, weeks: int, seed: int) -> Iterator[Records]:
    """Contacts of each of so many weeks, those that customers cause by being lost included."""
    for week in range(weeks):
        yield run_replication(model, week, seed).contacts


def changed_contacts(
    model: Model, week: int, seed: int, change: Callable[[Records, np.random.Generator], None]
) -> Records:
    """Contacts of one week of which something was changed before it began."""
    floor = empty_replication(model, week, seed)
    change(floor.contacts, np.random.default_rng([seed, week]))
    run_week(floor)
    return floor.contacts


def busy_s(week: Records, until_s: float) -> float:
    """Person-seconds with a contact in hand, up to a time."""
    own = week[(week["person"] >= 0) & (week["reached"] < until_s)]
    finished = np.where(np.isnan(own["finished"]), np.inf, own["finished"])
    return float((np.minimum(finished, until_s) - own["reached"]).sum())


def ratio(top: FloatArray, bottom: FloatArray) -> Estimate:
    """Sum over replications by sum over replications, and the error by the delta method."""
    value = top.sum() / bottom.sum()
    n = len(top)
    spread = np.sqrt(np.sum((top - value * bottom) ** 2) * n / (n - 1))
    return Estimate(float(value), float(spread / bottom.sum()))


def tallied(
    weeks: Iterator[Records], channels: int, begin_s: float, end_s: float, within_s: float
) -> list[dict[str, Estimate]]:
    """What became of the contacts of each channel that arrived between two times."""
    rows = [[_counts(week, c, begin_s, end_s, within_s) for c in range(channels)] for week in weeks]
    return [_estimates(table) for table in np.array(rows).transpose(1, 2, 0)]


def _counts(
    week: Records, channel: int, begin_s: float, end_s: float, within_s: float
) -> tuple[float, ...]:
    """Sums of one week."""
    arrived = week["arrived"]
    own = week[(week["channel"] == channel) & (arrived >= begin_s) & (arrived < end_s)]
    answered, blocked = own["person"] >= 0, own["is_blocked"]
    lost = ~answered & ~blocked
    until = np.where(answered, own["reached"], own["leaves"])
    wait = np.where(blocked, 0.0, until - own["arrived"])
    waits = (lost | (wait > 0)) & ~blocked
    return (
        len(own), waits.sum(), lost.sum(), blocked.sum(), wait.sum(),
        (answered & (wait <= within_s)).sum(), answered.sum(), wait[answered].sum(),
    )  # fmt: skip


def _estimates(table: FloatArray) -> dict[str, Estimate]:
    """Ratios of the sums, (sum, week)."""
    offered, waited, lost, blocked, wait, in_time, answered, wait_answered = table
    return {
        "p_wait": ratio(waited, offered),
        "p_abandon": ratio(lost, offered),
        "p_blocked": ratio(blocked, offered),
        "mean_wait_all_s": ratio(wait, offered),
        "mean_wait_served_s": ratio(wait_answered, answered),
        "sl_offered": ratio(in_time, offered),
        "offered": ratio(offered, np.ones(len(offered))),
    }
