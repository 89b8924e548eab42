"""Simulation of a week under a schedule: what customers and staff will live through.

Read :mod:`wfplan.simulation.engine` for the rules of the floor,
:mod:`wfplan.simulation.draws` for what is random. The week begins with empty
queues and no backlog of deferred work; people whose shift of the week before
runs into it finish that shift.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.problem import PlanningProblem
from wfplan.domain.progress import Watch, no_watch
from wfplan.domain.results import DemandForecast, Outcome
from wfplan.domain.schedule import Schedule
from wfplan.errors import InputError
from wfplan.simulation.model import Assumptions, build_model
from wfplan.simulation.parallel import THREADS
from wfplan.simulation.replicate import replicate
from wfplan.simulation.table import measure_table


def simulate(
    problem: PlanningProblem,
    demand: DemandForecast,
    schedule: Schedule,
    *,
    replications: int | None = None,
    seed: int = 0,
    actual: NDArray[np.float64] | None = None,
    watch: Watch = no_watch,
    assumptions: Assumptions | None = None,
    workers: int | None = None,
    cluster: str = THREADS,
) -> Outcome:
    """
    What a schedule gives customers and staff, over many replications of the week.

    Parameters
    ----------
    problem
        Channels with their standards, people with their skills, shrinkage.
    demand
        What is expected; its horizon is the one simulated.
    schedule
        The shifts. People serve from activities of category ``work`` only.
    replications
        Number of weeks; ``None`` for what the plan says.
    seed
        The same seed gives the same contacts to every schedule.
    actual
        Counts that really came, of shape (channel, interval), instead of drawn
        ones; NaN where none is known (drawn then).
    watch
        Told how many replications are done.
    assumptions
        What the plan does not say: laws, lengths of spells, priorities.
    workers
        Threads; all cores by default. The result does not depend on it.

    Returns
    -------
    Outcome
        With the measures offered, answered, abandoned, still_there, late,
        service_level, abandon_rate, wait_mean_s, wait_p95_s (of the wait that
        a customer of infinite patience would see, up to closing time), harm, backlog, occupancy,
        weighted_occupancy (deferred work counted as it strains), staff_present,
        overtime_min and break_delay_min. Intervals in which a channel is closed
        and nothing came have no rows.

    Raises
    ------
    InputError
        When there are no replications, the demand is not finite, counts are
        not counts, or a shift belongs to nobody in the plan.
    """
    count = problem.simulation.replications if replications is None else replications
    if count < 1:
        raise InputError(f"replications = {count} simulates nothing: ask for at least 1.")
    model = build_model(problem, demand, schedule, actual, assumptions or Assumptions())
    results = replicate(model, count, seed, watch, workers, is_open=demand.is_open, cluster=cluster)
    table = measure_table(model, demand.is_open, results)
    return Outcome(horizon=demand.horizon, measures=table, replications=count)
