"""Beside the line: what a given schedule, or the same week under changes, will give.

Nothing is searched here: the stages of the line are asked about a schedule that
is already there, a roster from elsewhere or that of a run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from time import monotonic

from wfplan import evaluation, hr, pipeline, rosters, runs, scheduling, staffing, store
from wfplan.domain.atomic import MANIFEST
from wfplan.domain.offers import Offer
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.progress import Control
from wfplan.domain.results import Outcome, Run
from wfplan.domain.schedule import Schedule
from wfplan.errors import UsageError
from wfplan.evaluation import Difference, Meeting, ScenarioColumn
from wfplan.scheduling.offers import find_offers
from wfplan.staffing import Scenario
from wfplan.store import RunParts, there

AS_IS = "as it is"
SCENARIOS = "scenarios"  # folder of a run's scenarios inside it


def weigh(run: RunParts, schedule: Schedule, control: Control) -> RunParts:
    """What a given schedule will give: everything of the line but the search."""
    run = scheduled(run, schedule, control)
    return pipeline.take(pipeline.take(run, "simulate", control), "audit", control)


def scheduled(run: RunParts, schedule: Schedule, control: Control) -> RunParts:
    """A run with a given schedule in place of one that is searched, and what comes before it."""
    for stage, part in (("forecast", run.demand), ("staff", run.need)):
        run = run if part is not None else pipeline.take(run, stage, control)
    is_kept = run.problem.published is not None and run.problem.published.is_kept
    here = _of_people_here(run.problem, schedule, run.problem if is_kept else None)
    solution = scheduling.evaluate(run.problem, there(run.need, "staff"), here)
    return replace(run.until("simulate"), solution=solution)


def begin_with(
    source: Path, paths: Sequence[Path], asked: rosters.Asked
) -> tuple[RunParts, Schedule, rosters.Roster]:
    """A run of a plan, or one with the forecast of a run, and a schedule from elsewhere for it."""
    if (source / MANIFEST).exists():
        run = runs.go_on(source)
        asked = replace(asked, week=run.horizon.first_day)
        problem, schedule, roster = read_roster(paths, run.problem, asked)
        return replace(run.until("schedule"), problem=problem), schedule, roster
    problem, schedule, roster = read_roster(paths, hr.load_plan(source), asked)
    horizon = problem.horizon(schedule.first_day, schedule.days)
    return RunParts(problem, source, horizon, 0), schedule, roster


def read_roster(
    paths: Sequence[Path], problem: PlanningProblem, asked: rosters.Asked
) -> tuple[PlanningProblem, Schedule, rosters.Roster]:
    """
    A schedule from elsewhere, with all that was read.

    The problem that comes back knows the files, and what had to be guessed in them.
    """
    roster = rosters.read_roster(paths, problem, asked)
    name = ", ".join(map(str, paths[:3]))
    first_day, kept, left = rosters.in_its_period(
        roster.shifts, problem, asked.week, name, roster.left
    )
    schedule = Schedule(
        schedule_id=f"given-{first_day:%G-W%V}",
        timezone=problem.timezone,
        first_day=first_day,
        days=rosters.roster_days(problem),
        shifts=kept,
    )
    more = {
        "warnings": (*problem.warnings, *roster.notes, *left),
        "inputs": (*problem.inputs, *roster.inputs),
    }
    return problem.model_copy(update=more), schedule, roster


def offers(run: RunParts, most: int) -> tuple[RunParts, tuple[Offer, ...]]:
    """
    What could be offered where supply does not fit, and the run that knows it.

    An offer is legal when the schedule in which it is taken has no more breaches of
    hard rules than before.
    """
    need = there(run.need, "staff")
    schedule = there(run.solution, "schedule").schedule

    def broken(some: Schedule) -> Counter[tuple[str, str]]:
        audit = evaluation.audit(run.problem, run.horizon, some, need)
        return Counter((breach.rule, breach.agent_id) for breach in audit.hard_breaches)

    before = broken(schedule)
    found = find_offers(
        run.problem, need, schedule, is_legal=lambda some: broken(some) <= before, most=most
    )
    return replace(run, offers=store.offers_frame(found)), found


def in_scenario(run: RunParts, changes: Sequence[str]) -> RunParts:
    """A run under changes on top of its own: its demand, and who is there."""
    if not changes:
        return run
    problem = staffing.with_scenario(run.problem, changes)
    demand = staffing.in_scenario(there(run.demand, "forecast"), changes, problem.as_of)
    solution = run.solution and replace(
        run.solution, schedule=_of_people_here(problem, run.solution.schedule, run.problem)
    )
    return replace(run, problem=problem, demand=demand, need=None, solution=solution)


def folders_of(folder: Path, scenarios: Sequence[Scenario]) -> tuple[Path, ...]:
    """Where the plans of scenarios lie: folders of their own inside that of the run."""
    return tuple(folder / SCENARIOS / slug for slug in staffing.slugs(scenarios))


def plan_each(
    run: RunParts,
    scenarios: Sequence[Scenario],
    folder: Path,
    control: Control,
    tell: Callable[[str], None],
) -> Iterator[tuple[str, Run, Path]]:
    """
    A week planned as it is, under each scenario alone, and under all together.

    All have one forecast and one seed. An interruption ends the plan that is
    being made, which is handed on as far as it is; no other is begun.

    Yields
    ------
    tuple
        The name of the plan, the run and its folder, as soon as it is written.
    """
    columns = staffing.columns_of(scenarios)
    names = [AS_IS, *(one.name for one in columns)]
    run = pipeline.take(run, "forecast", control)
    weeks = [run, *(in_scenario(run, one.changes) for one in columns)]
    places = [folder, *folders_of(folder, columns)]
    for i, (name, week, place) in enumerate(zip(names, weeks, places, strict=True), start=1):
        if i > 1 and control.stop.interrupt.is_set():
            return
        tell(f"Plan {i} of {len(names)}: {name}")
        anew = replace(control, stop=replace(control.stop, started=monotonic()))
        yield name, *pipeline.plan_week(week, place, anew, keeps_state=False)


def scenario_table(
    run: RunParts, scenarios: Sequence[Scenario], control: Control
) -> tuple[tuple[ScenarioColumn, ...], Meeting | None]:
    """
    What scenarios do to a run's schedule, each alone and all together; nothing is kept.

    All are simulated with the same random numbers, piece by piece. The meeting
    is what the scenarios cost beyond their sum, where there are two or more
    that do not contradict each other.
    """
    channels = there(run.demand, "forecast").channels
    columns = staffing.columns_of(scenarios)
    base = _pieces(run, run, control)
    pieces = [_pieces(in_scenario(run, one.changes), run, control) for one in columns]
    found = tuple(
        evaluation.scenario_column(one.name, one.changes, base, of, channels)
        for one, of in zip(columns, pieces, strict=True)
    )
    is_met = len(columns) > len(scenarios)
    return found, evaluation.meeting(base, pieces[:-1], pieces[-1]) if is_met else None


def paired(weeks: Sequence[RunParts], control: Control) -> tuple[tuple[Difference, ...], ...]:
    """
    Differences of runs from the first, all simulated again with its random numbers.

    Raises
    ------
    UsageError
        When the runs are not of the same dates and channels: then no random
        numbers are common.
    """
    first = weeks[0]
    channels = there(first.demand, "forecast").channels
    for week in weeks:
        if (week.horizon, there(week.demand, "forecast").channels) != (first.horizon, channels):
            raise UsageError(
                "--replications compares runs of the same dates and channels, which these are not: "
                "leave it out."
            )
    pieces = [_pieces(week, week, control, seed=first.seed) for week in weeks]
    return tuple(evaluation.differences(pieces[0], of, channels) for of in pieces)


def _pieces(
    week: RunParts, plan: RunParts, control: Control, *, seed: int | None = None
) -> list[Outcome]:
    """A week simulated in pieces, worked as the plan of a run says; only its totals are held."""
    pieces = evaluation.in_pieces(
        week.problem,
        runs.first_contacts(week, plan),
        there(week.solution, "schedule").schedule,
        seed=plan.seed if seed is None else seed,
        reserve=runs.kept_free(plan),
        assumptions=runs.assumed(week, plan),
        watch=control.watch,
        workers=control.workers,
        cluster=control.cluster,
    )
    return [evaluation.totals(piece) for piece in pieces]


def _of_people_here(
    problem: PlanningProblem, schedule: Schedule, before: PlanningProblem | None = None
) -> Schedule:
    """
    A schedule without the shifts of people whom a scenario has taken out, or on some dates.

    Dates on which people were absent ``before`` are settled: what stands on them stays.
    """
    settled = {} if before is None else {a.agent_id: a.absent_on for a in before.agents}
    absent = {
        agent.agent_id: set(agent.absent_on).difference(settled.get(agent.agent_id, ()))
        for agent in problem.agents
    }
    shifts = tuple(
        shift
        for shift in schedule.shifts
        if shift.agent_id in absent and shift.shift_date not in absent[shift.agent_id]
    )
    return schedule.model_copy(update={"shifts": shifts})
