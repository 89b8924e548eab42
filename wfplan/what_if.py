"""Beside the line: what a given schedule, or the same week under changes, will give.

Nothing is searched here: the stages of the line are asked about a schedule that
is already there, a roster from elsewhere or that of a run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from wfplan import evaluation, intake, pipeline, scheduling, staffing, store
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.progress import Control
from wfplan.domain.schedule import Schedule
from wfplan.evaluation import Difference
from wfplan.store import RunParts, there


def weigh(run: RunParts, schedule: Schedule, control: Control) -> RunParts:
    """What a given schedule will give: everything of the line but the search."""
    for stage, part in (("forecast", run.demand), ("staff", run.need)):
        run = run if part is not None else pipeline.take(run, stage, control)
    here = _of_people_here(run.problem, schedule)
    solution = scheduling.evaluate(run.problem, there(run.need, "staff"), here)
    run = replace(run.until("simulate"), solution=solution)
    return pipeline.take(pipeline.take(run, "simulate", control), "audit", control)


def read_roster(
    path: Path, problem: PlanningProblem, week: date | None
) -> tuple[PlanningProblem, Schedule]:
    """A schedule from elsewhere; the problem knows the file, and what had to be guessed in it."""
    shifts, notes = (
        (store.read_shifts(path, problem.agents), ())
        if intake.is_long_table(path)
        else intake.read_roster(path, problem)
    )
    first_day, kept, left = intake.in_its_period(shifts, problem, week, path)
    schedule = Schedule(
        schedule_id=f"given-{first_day:%G-W%V}",
        timezone=problem.timezone,
        first_day=first_day,
        days=intake.roster_days(problem),
        shifts=kept,
    )
    more = {
        "warnings": (*problem.warnings, *notes, *left),
        "inputs": (*problem.inputs, intake.as_input(path)),
    }
    return problem.model_copy(update=more), schedule


def in_scenario(run: RunParts, changes: Sequence[str]) -> RunParts:
    """A run under changes on top of its own: its demand, and who is there."""
    if not changes:
        return run
    problem = staffing.with_scenario(run.problem, changes)
    every = {"scenario": (*run.problem.scenario, *changes)}
    demand = staffing.in_scenario(there(run.demand, "forecast"), changes)
    solution = run.solution and replace(
        run.solution, schedule=_of_people_here(problem, run.solution.schedule)
    )
    problem = problem.model_copy(update=every)
    return replace(run, problem=problem, demand=demand, need=None, solution=solution)


def differences(run: RunParts, changes: Sequence[str], control: Control) -> tuple[Difference, ...]:
    """What changes do to a run's schedule, on common random numbers; nothing is kept."""
    first, second = (
        evaluation.in_pieces(
            week.problem,
            pipeline.first_contacts(week, run),
            there(week.solution, "schedule").schedule,
            seed=run.seed,
            reserve=pipeline.kept_free(run),
            watch=control.watch,
            workers=control.workers,
            cluster=control.cluster,
        )
        for week in (run, in_scenario(run, changes))
    )
    return evaluation.differences(first, second, there(run.demand, "forecast").channels)


def _of_people_here(problem: PlanningProblem, schedule: Schedule) -> Schedule:
    """A schedule without the shifts of people whom a scenario has taken out."""
    here = {agent.agent_id for agent in problem.agents}
    shifts = tuple(shift for shift in schedule.shifts if shift.agent_id in here)
    return schedule.model_copy(update={"shifts": shifts})
