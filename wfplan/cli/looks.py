"""What ``wfplan simulate`` calls: a run again, a run under changes, a roster from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from wfplan.domain.progress import Control, Watch
from wfplan.errors import UsageError

if TYPE_CHECKING:
    from wfplan.domain.problem import PlanningProblem
    from wfplan.domain.results import Run
    from wfplan.domain.schedule import Schedule
    from wfplan.evaluation import Meeting, ScenarioColumn
    from wfplan.store import RunParts


@dataclass(frozen=True)
class Look:
    """What the planner asked of a simulation."""

    source: Path  # a run folder; a plan, for a roster from elsewhere
    schedule: Path | None = None
    week: date | None = None
    out: Path | None = None
    scenario: Sequence[str] = ()
    saved: str | None = None  # name under which the scenario goes into the plan
    seed: int | None = None
    replications: int | None = None
    workers: int | None = None
    cluster: str = "threads"
    contacts: Path | None = None
    kept: int | None = None  # weeks of contacts; None: one
    is_dry: bool = False
    is_forced: bool = False

    def control(self, watch: Watch) -> Control:
        """Who watches, and where the work is done."""
        return Control(watch=watch, workers=self.workers, cluster=self.cluster)


def check(look: Look) -> None:
    """
    Refuse what has no meaning or no place to go, before any work is done.

    Raises
    ------
    UsageError
        Naming the options that do not go together.
    """
    from wfplan import store

    for option, value in (("--week", look.week), ("--seed", look.seed)):
        if value is not None and (not look.schedule or is_run(look.source)):
            raise UsageError(f"{option} is for a plan and its --schedule; a run has its own.")
    if not look.schedule and look.source.is_dir() and not is_run(look.source):
        raise UsageError(
            f"{look.source} is no run folder. Give the folder that 'wfplan build' wrote, such as "
            "runs/PLAN/WEEK; or, with a plan, the roster that it is to be simulated with: "
            "--schedule FILE."
        )
    if look.saved is not None and not look.scenario:
        raise UsageError("--save-scenario has nothing to save: give it a --scenario.")
    if look.out and look.is_dry:
        raise UsageError("--dry writes no run folder: leave out --out or --dry.")
    if look.kept is not None and not look.contacts:
        raise UsageError("--keep says how many weeks --contacts writes: give it a FILE, too.")
    if look.contacts:
        store.check_contacts_file(look.contacts)
    if look.out:
        store.check_run_folder(look.out, force=look.is_forced)


def save_scenario(look: Look) -> Path:
    """The changes under their name in the plan file of a run, or in the plan."""
    from wfplan import store
    from wfplan.cli import line

    plan = store.plan_path_of(look.source) if is_run(look.source) else look.source
    return line.save_scenario(plan, look.scenario, look.saved or "")


def again(look: Look, watch: Watch) -> tuple[RunParts, Path | None]:
    """The schedule of a run simulated once more, into its folder or another one."""
    from wfplan import pipeline, store

    parts = pipeline.take(_begun(look), "simulate", look.control(watch))
    _write_contacts(look, parts, parts)
    return parts, None if look.is_dry else store.write_parts(parts, look.out or look.source)


def beside(look: Look, watch: Watch) -> tuple[RunParts, tuple[ScenarioColumn, ...], Meeting | None]:
    """A run and what scenarios would do to it; nothing is kept."""
    from wfplan import staffing, what_if

    run, control = _begun(look), look.control(watch)
    scenarios = staffing.read_scenarios(look.scenario, run.problem)
    changes = staffing.all_changes(scenarios) if look.contacts else ()
    watch("simulate", {})
    columns, meeting = what_if.scenario_table(run, scenarios, control)
    if look.contacts:
        _write_contacts(look, what_if.in_scenario(run, changes), run)
    return run, columns, meeting


def changed(look: Look, watch: Watch) -> tuple[Run, Path | None]:
    """A run under changes, as a run of its own."""
    from wfplan import what_if

    assert look.out is not None
    begun = _begun(look)
    run = what_if.in_scenario(begun, _changes(look, begun.problem))
    assert run.solution is not None
    return _weighed(look, run, run.solution.schedule, look.out, watch)


def given(look: Look, watch: Watch) -> tuple[Run, Path | None]:
    """A roster from elsewhere, on a plan or on the forecast of a run."""
    from wfplan import exporting, staffing, store, what_if
    from wfplan.rosters import Asked

    assert look.schedule is not None
    plan = store.plan_path_of(look.source) if is_run(look.source) else look.source
    asked = Asked(week=look.week, ids=exporting.ids_beside(None, plan))
    run, schedule, _ = what_if.begin_with(look.source, [look.schedule], asked)
    run = replace(run, problem=_replicated(run.problem, look))
    changes = _changes(look, run.problem)
    if is_run(look.source):
        near, run = look.source.absolute(), what_if.in_scenario(run, changes)
    else:
        problem = staffing.with_scenario(run.problem, changes)
        run = replace(run, problem=problem, seed=look.seed or 0)
        near = store.run_folder(look.source, problem, run.horizon.first_day)
    folder = near.with_name(f"{near.name}-{look.schedule.name.partition('.')[0]}")
    if look.out is None and not look.is_dry:
        store.check_run_folder(folder, force=look.is_forced)
    return _weighed(look, run, schedule, look.out or folder, watch)


def is_run(folder: Path) -> bool:
    """Whether a folder holds a run, and not a plan."""
    return (folder / "manifest.json").exists()


def _begun(look: Look) -> RunParts:
    """The run of a folder, with as many replications as asked for."""
    from wfplan import runs

    run = runs.go_on(look.source)
    return replace(run, problem=_replicated(run.problem, look))


def _changes(look: Look, problem: PlanningProblem) -> tuple[str, ...]:
    """Everything that the scenarios change, together."""
    from wfplan import staffing

    return staffing.all_changes(staffing.read_scenarios(look.scenario, problem))


def _replicated(problem: PlanningProblem, look: Look) -> PlanningProblem:
    """A plan that simulates as many weeks as asked for."""
    if look.replications is None:
        return problem
    settings = problem.simulation.model_copy(update={"replications": look.replications})
    return problem.model_copy(update={"simulation": settings})


def _weighed(
    look: Look, run: RunParts, schedule: Schedule, folder: Path, watch: Watch
) -> tuple[Run, Path | None]:
    """A given schedule weighed, with its report in a run folder unless that is not wanted."""
    from wfplan import runs, what_if

    weighed = what_if.weigh(run, schedule, look.control(watch))
    _write_contacts(look, weighed, weighed)
    return (weighed.whole(folder), None) if look.is_dry else runs.report(weighed, folder)


def _write_contacts(look: Look, run: RunParts, plan: RunParts) -> None:
    """The contacts of the first weeks, where a file is asked for, worked as a plan says."""
    if look.contacts is None:
        return
    from wfplan import runs, simulation, store

    outcome = simulation.simulate(
        run.problem,
        runs.first_contacts(run, plan),
        store.there(run.solution, "schedule").schedule,
        replications=look.kept or 1,
        seed=run.seed,
        reserve=runs.kept_free(plan),
        assumptions=runs.assumed(run, plan),
        workers=look.workers,
        keep_contacts=look.kept or 1,
    )
    store.write_contacts(outcome.contacts, look.contacts)
