"""Simulation of a week under a schedule: what customers and staff will live through.

Read :mod:`wfplan.simulation.engine` for the rules of the floor,
:mod:`wfplan.simulation.draws` for what is random. The week begins with empty
queues and no backlog of deferred work; people whose shift of the week before
runs into it finish that shift.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wfplan.domain.problem import PlanningProblem
from wfplan.domain.progress import Watch, no_watch
from wfplan.domain.results import DemandForecast, Outcome
from wfplan.domain.schedule import Schedule
from wfplan.errors import InputError
from wfplan.simulation.model import Assumptions, build_model
from wfplan.simulation.parallel import THREADS
from wfplan.simulation.records import contact_records
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
    reserve: NDArray[np.float64] | None = None,
    watch: Watch = no_watch,
    assumptions: Assumptions | None = None,
    workers: int | None = None,
    cluster: str = THREADS,
    keep_contacts: int = 0,
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
    reserve
        People who stay free for each channel before deferred work is begun,
        (channel, interval), where the channel leaves it to the plan; nobody by
        default. Parts of a person do not count.
    watch
        Told how many replications are done.
    assumptions
        What the plan does not say: laws, lengths of spells, priorities.
    workers
        How many replications run at once; all cores by default. The result
        does not depend on it, to the last bit.
    cluster
        Where they run: in ``threads``, in ``processes``, or on the Dask cluster
        of a scheduler's address such as ``tcp://scheduler:8786``.
    keep_contacts
        Replications, the first ones, whose contacts are kept one by one.

    Returns
    -------
    Outcome
        With the measures

        - of contacts: offered, answered, abandoned, blocked, still_there, late,
          called_back, escalations, abandon_rate, harm, backlog;
        - of waits: wait_mean_s, wait_p95_s (of the wait that a customer of infinite
          patience would see, up to closing time), served_late_share (where a
          longest wait is promised), escalation_wait_s;
        - of customers who come back: fresh, redials, recontacts, chasers,
          failure_demand, lost_customers;
        - of promises: service_level, service_level_day (at the day's first
          interval), promise_kept;
        - of staff: occupancy, weighted_occupancy (deferred work counted as it
          strains), staff_present, overtime_min, break_delay_min.

        Definitions: :data:`wfplan.domain.definitions.DEFINITIONS`. The channel
        ``empowered`` stands for waiting for an empowered person; it is not in
        the totals. Intervals in which a channel is closed and nothing came have
        no rows, and of what the plan does not ask for (limits, call-backs,
        repeats, escalations) only the week has. ``contacts`` has the columns of
        :data:`wfplan.domain.run_tables.SIMULATED_CONTACTS`.

    Raises
    ------
    InputError
        When there are no replications, fewer than shall be kept, no workers, the
        demand is not finite, counts are not counts, or a shift belongs to
        nobody in the plan.
    MissingExtraError, OutputError
        When a cluster is asked for that cannot be talked to.
    """
    count = problem.simulation.replications if replications is None else replications
    _check_counts(count, keep_contacts)
    model = build_model(problem, demand, schedule, actual, assumptions or Assumptions(), reserve)
    results = replicate(model, count, seed, watch, workers, is_open=demand.is_open, cluster=cluster)
    contacts = pd.DataFrame()
    if keep_contacts:
        contacts = contact_records(model, keep_contacts, seed)
    return Outcome(
        horizon=demand.horizon,
        measures=measure_table(model, demand.is_open, results),
        replications=count,
        contacts=contacts,
    )


def _check_counts(replications: int, keep_contacts: int) -> None:
    """Refuse numbers of replications that cannot be run or kept."""
    if replications < 1:
        raise InputError(f"replications = {replications} simulates nothing: ask for at least 1.")
    if not 0 <= keep_contacts <= replications:
        raise InputError(
            f"keep_contacts = {keep_contacts} cannot be kept of {replications} replications: ask "
            f"for 0 to {replications}."
        )
