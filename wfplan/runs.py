"""A run, beside the line: how it begins, comes back, is read for simulation, and is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from wfplan import (
    engagement,
    hr,
    intake,
    keeping,
    limiting,
    memory,
    scheduling,
    simulation,
    staffing,
    store,
)
from wfplan import report as reporting
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import DemandForecast, FloatArray, Run
from wfplan.errors import InputError
from wfplan.keeping import NOTHING_KEPT, Keeping
from wfplan.store import RunParts, there


def begin(
    plan: Path,
    *,
    week: date | None = None,
    seed: int = 0,
    scenario: Sequence[str] = (),
    keep: Keeping = NOTHING_KEPT,
) -> RunParts:
    """A run before its first stage: the plan, checked, and the week to be planned."""
    problem = keeping.kept(hr.load_plan(plan), keep, plan, week)
    changes = staffing.all_changes(staffing.read_scenarios(scenario, problem))
    problem = staffing.with_scenario(problem, changes)
    if week is None and keep.keep and problem.published is not None:
        week = problem.published.schedule.first_day
    horizon = problem.horizon(problem.week_of(week))
    keeping.require_in_week(problem, horizon)
    problem = limiting.in_force(memory.remembered(problem, horizon, plan), horizon)
    return RunParts(_seen(problem), plan, horizon, seed)


def follow(
    problem: PlanningProblem, plan: Path, first_day: date, seed: int, address: str | None
) -> RunParts:
    """A run of a week of a problem; it knows the weeks of a store where one is given."""
    horizon = problem.horizon(first_day)
    if address is not None:
        problem = memory.remembered(problem, horizon, plan, address)
    return RunParts(limiting.in_force(problem, horizon), plan, horizon, seed)


def go_on(folder: Path, address: str | None = None) -> RunParts:
    """
    A run as its folder has it; what the planner edited there is read anew.

    ``address`` is the store whose weeks it follows, by default the one beside it or its plan.
    """
    path = store.plan_path_of(folder)
    problem = store.with_stand_ins(hr.load_plan(path), folder)
    problem = keeping.kept_again(problem, folder)
    problem = staffing.with_scenario(problem, store.scenario_of(folder))
    horizon = store.horizon_of(folder)
    problem = memory.remembered(problem, horizon, path, memory.store_of(folder, address))
    problem = limiting.in_force(problem, horizon)
    problem = problem.model_copy(update={"seen_revision": store.seen_revision(folder)})
    run = store.read_parts(folder, problem)
    if run.need and run.solution and "schedule.csv" in store.edited_files(folder):
        edited = scheduling.evaluate(run.problem, run.need, run.solution.schedule)
        return replace(run.until("simulate"), solution=edited)
    return run


def _seen(problem: PlanningProblem) -> PlanningProblem:
    """The problem that has seen the revision which it keeps, whatever was published since."""
    kept = problem.published.revision if problem.published else None
    return problem if kept is None else problem.model_copy(update={"seen_revision": kept})


def moment_of(plan: Path, as_of: datetime) -> datetime:
    """A moment that somebody typed, on the clock of a plan's site where it has no offset."""
    zone = ZoneInfo(hr.load_plan(plan).timezone)
    return intake.as_instant(as_of, zone).astimezone(zone)


def with_so_far(run: RunParts, path: Path) -> RunParts:
    """A run whose contacts know those of a file, too."""
    return replace(run, problem=intake.with_so_far(run.problem, path))


def with_forecast(run: RunParts, folder: Path) -> RunParts:
    """
    A run that has the forecast of a run folder; changes of its own scenario are laid on it.

    Raises
    ------
    InputError
        When the folder has none, or one of another week or of other channels.
    """
    parts = store.read_parts(folder, run.problem)
    demand = there(parts.demand, "forecast")
    if (demand.horizon, demand.channels) != (run.horizon, run_channels(run)):
        raise InputError(
            f"--forecast {folder} is one of {demand.horizon.days} days from "
            f"{demand.horizon.first_day} for {', '.join(demand.channels)}, and not of the "
            f"{run.horizon.days} days from {run.horizon.first_day} for "
            f"{', '.join(run_channels(run))}: make one for this week, or plan that one."
        )
    known = store.scenario_of(folder)
    more = tuple(change for change in run.problem.scenario if change not in known)
    since = run.problem.as_of or demand.as_of
    return replace(run, demand=staffing.in_scenario(demand, more, since))


def run_channels(run: RunParts) -> tuple[str, ...]:
    """The channels of a run's plan."""
    return tuple(channel.name for channel in run.problem.channels)


def for_weeks(run: RunParts, weeks: int) -> RunParts:
    """A run of so many weeks, whatever its plan says."""
    horizon = run.problem.horizon(run.horizon.first_day, 7 * weeks)
    return replace(run, horizon=horizon)


def in_rounds(run: RunParts, rounds: int) -> RunParts:
    """A run that is refined so often, whatever its plan says."""
    simulation = run.problem.simulation.model_copy(update={"rounds": rounds})
    return replace(run, problem=run.problem.model_copy(update={"simulation": simulation}))


def first_contacts(run: RunParts, plan: RunParts) -> DemandForecast:
    """Who comes of their own accord: those who come back follow in simulation."""
    demand = there(run.demand, "forecast")
    return staffing.first_contacts(run.problem, demand, there(plan.need, "staff"))


def assumed(run: RunParts, plan: RunParts) -> simulation.Assumptions:
    """What a simulation of a run takes from load: absences, where a calibration found an effect."""
    if run.problem.load_effects is None:
        return simulation.Assumptions()
    solution, need = there(run.solution, "schedule"), there(plan.need, "staff")
    occupancy = engagement.planned_occupancy(run.problem, need, solution.staff)
    shares = engagement.absence_shares(
        run.problem, run.horizon, solution.schedule, solution.channel_share, occupancy
    )
    return simulation.Assumptions(absence=shares)


def kept_free(run: RunParts) -> FloatArray:
    """People whom the plan keeps free on each channel, (channel, interval)."""
    solution = there(run.solution, "schedule")
    return staffing.planned_reserve(there(run.need, "staff"), solution.staff)


def report(run: RunParts, folder: Path) -> tuple[Run, Path]:
    """The report of a whole run, and the run folder that holds it."""
    whole = run.whole(folder)
    return whole, store.write_run(whole, folder, report=reporting.render(whole))
