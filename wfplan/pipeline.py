"""THE LINE: contact history in, a published-quality week out. Read this first.

history -> forecast -> what one more person is worth -> a week for everybody ->
the week as customers and staff will live it -> planned again with what that
showed -> audit -> report -> run folder.

Every stage is also a command from run folder to run folder, so that a planner
can stop, edit a table (raise a requirement, say) and go on: how a run begins, comes
back from its folder and is written is in :mod:`wfplan.runs`; what is expected, and how
good that was, in :mod:`wfplan.foresight` and :mod:`wfplan.hindsight`. What a given schedule
or a change would give, without any search, is in :mod:`wfplan.what_if`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import perf_counter

from wfplan import (
    engagement,
    evaluation,
    foresight,
    hindsight,
    refining,
    runs,
    scheduling,
    simulation,
    staffing,
    store,
)
from wfplan.domain.progress import Control
from wfplan.domain.results import Run
from wfplan.keeping import NOTHING_KEPT, Keeping
from wfplan.store import RunParts, there

FIRST_LOOK = 10  # replications of an interrupted build


def forecast_demand(run: RunParts, control: Control) -> RunParts:
    """Demand of the week per channel, with its uncertainty."""
    return replace(run, demand=foresight.demand(run, control))


def value_staff(run: RunParts, control: Control) -> RunParts:
    """What every extra person is worth to customers, and the least that promises need."""
    demand = there(run.demand, "forecast")
    return replace(run, need=staffing.staff_need(run.problem, demand, watch=control.watch))


def schedule_people(run: RunParts, control: Control) -> RunParts:
    """A legal week for every named person, with a bound on how good a week can be."""
    need = there(run.need, "staff")
    solution = scheduling.solve(
        run.problem, need, stop=control.stop, seed=run.seed, watch=control.watch,
        keep_in=control.keep_in, is_resumed=control.is_resumed,
    )  # fmt: skip
    return replace(run, solution=solution)


def simulate_week(run: RunParts, control: Control) -> RunParts:
    """The week as customers and staff will live it, and the load it puts on each person."""
    demand, solution = there(run.demand, "forecast"), there(run.solution, "schedule")
    outcome = simulation.simulate(
        run.problem,
        runs.first_contacts(run, run),
        solution.schedule,
        reserve=runs.kept_free(run),
        assumptions=runs.assumed(run, run),
        replications=FIRST_LOOK if control.stop.interrupt.is_set() else None,
        seed=run.seed,
        watch=control.watch,
        workers=control.workers,
        cluster=control.cluster,
    )
    occupancy = outcome.by_interval("weighted_occupancy", demand.channels)
    ledger = engagement.overload_ledger(
        run.problem, run.horizon, solution.schedule, solution.channel_share, occupancy
    )
    return replace(run, outcome=outcome, ledger=ledger)


def refine_week(run: RunParts, control: Control) -> RunParts:
    """The week planned again with what its simulation showed; the best lived plan is kept."""
    return refining.refined(run, control, simulate_week)


def audit_week(run: RunParts, control: Control) -> RunParts:
    """What the finished schedule breaks, found by code that shares nothing with the planner."""
    plan, problem, measures = there(run.solution, "schedule"), run.problem, None
    if run.ledger is not None:
        measures = evaluation.exposure(problem, plan, run.outcome, run.ledger)
    audit = evaluation.audit(problem, run.horizon, plan.schedule, run.need, measures)
    return replace(run, audit=evaluation.with_agreement(audit, problem, run.need, plan))


LINE: Mapping[str, Callable[[RunParts, Control], RunParts]] = {
    "forecast": forecast_demand,
    "staff": value_staff,
    "schedule": schedule_people,
    "simulate": simulate_week,
    "refine": refine_week,
    "audit": audit_week,
}


def build(
    plan: Path,
    *,
    week: date | None = None,
    out: Path | None = None,
    seed: int = 0,
    scenario: Sequence[str] = (),
    keep: Keeping = NOTHING_KEPT,
    force: bool = False,
    control: Control | None = None,
    forecast: Path | None = None,
) -> tuple[Run, Path]:
    """
    Plan a week: the whole line, from a plan folder to a run folder.

    Parameters
    ----------
    week
        A date of the week; by default the week after the contact history.
    out
        The run folder; by default ``runs/<plan>/<first day>`` beside the plan.
    scenario
        Changes to try, such as ``volume=+10%``; nothing of them is saved in the plan.
    keep
        A published plan to begin with, of which as little is changed as pays.
    force
        Replace a run folder even where somebody edited it by hand.
    forecast
        A run folder whose forecast is planned with, as it stands there.

    Raises
    ------
    WfplanError
        Any error of ours; then nothing has been written but the state of the search.
    """
    if forecast is not None and week is None and not keep.keep:
        week = store.week_of(forecast)
    run = runs.begin(plan, week=week, seed=seed, scenario=scenario, keep=keep)
    if forecast is not None:
        run = runs.with_forecast(run, forecast)
    folder = out or store.run_folder(plan, run.problem, run.horizon.first_day)
    store.check_run_folder(folder, force=force)
    return plan_week(run, folder, control or Control(), keeps_state=not keep.keep)


def plan_week(
    run: RunParts,
    folder: Path,
    control: Control,
    *,
    keeps_state: bool = True,
    keeps_forecast: bool = True,
) -> tuple[Run, Path]:
    """
    The line into a run folder, from where a run is: a forecast that it has stands.

    ``keeps_state`` and ``keeps_forecast`` say whether the search can be resumed from the folder,
    and whether the plan remembers the forecast to judge it later.
    """
    scheduling.require_locks(run.problem, run.horizon)
    control = replace(control, keep_in=folder if keeps_state else None)
    first = control.part(1 / (1 + refining.ROUND_SHARE * run.problem.simulation.rounds))
    for stage in LINE:
        if stage != "forecast" or run.demand is None:
            run = take(run, stage, control if stage == "refine" else first)
    return runs.report(hindsight.remember(run) if keeps_forecast else run, folder)


def take(run: RunParts, stage: str, control: Control) -> RunParts:
    """One stage of the line; what later stages had made of the old numbers is dropped."""
    control.watch(stage, {})
    begun = perf_counter()
    after = LINE[stage](run.until(stage), control)
    return replace(after, stages={**after.stages, stage: perf_counter() - begun})
