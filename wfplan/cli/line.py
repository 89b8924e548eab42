"""The one place where commands call the pipeline and the rooms below it.

Everything heavy is imported inside the functions, so that commands which do
not plan start at once.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from wfplan.domain.atomic import CHECKPOINT, MANIFEST
from wfplan.domain.hand_tables import SUFFICIENCY
from wfplan.domain.progress import ENDLESS, Control, Stop, Watch
from wfplan.errors import OutputError, UsageError

if TYPE_CHECKING:
    from wfplan.domain.offers import Offer
    from wfplan.domain.problem import PlanningProblem
    from wfplan.domain.results import Run
    from wfplan.horizon import Horizon
    from wfplan.keeping import Keeping
    from wfplan.scheduling import Standing
    from wfplan.scheduling.shifts import ShiftDesign, ShiftQuestion
    from wfplan.store import RunParts


@dataclass(frozen=True)
class Keep:
    """What the planner wants kept: a run, a file or ``published``, as of when; and more locks."""

    keep: str = ""
    as_of: datetime | None = None
    told: date | None = None
    locks: Path | None = None


@dataclass(frozen=True)
class Ask:
    """What the planner asked of a build or a forecast."""

    plan: Path
    week: date | None = None
    out: Path | None = None
    seed: int = 0
    scenario: Sequence[str] = ()
    is_forced: bool = False
    keep: Keep | None = None
    forecast: Path | None = None


def load(plan: Path) -> PlanningProblem:
    """The checked problem of a plan folder."""
    from wfplan import hr

    return hr.load_plan(plan)


def planned_problem(
    folder: Path, week: date | None, scenario: Sequence[str]
) -> tuple[PlanningProblem, Horizon]:
    """The problem and horizon of a run folder, or of a plan folder before anything is planned."""
    from wfplan import runs, staffing, store

    own: tuple[str, ...] = ()  # changes that the run was made with
    if (folder / MANIFEST).exists():
        content = store.read_manifest(folder)
        week = date.fromisoformat(content["week"])
        own, folder = store.scenario_of(folder), store.plan_path_of(folder)
    parts = runs.begin(folder, week=week, scenario=scenario)
    return staffing.with_scenario(parts.problem, own), parts.horizon


def build(ask: Ask, stop: Stop, watch: Watch, *, resumed: bool = False) -> tuple[Run, Path]:
    """The whole line."""
    from wfplan import pipeline

    return pipeline.build(
        ask.plan,
        week=ask.week,
        out=ask.out,
        seed=ask.seed,
        scenario=ask.scenario,
        keep=keeping_of(ask),
        force=ask.is_forced,
        control=Control(stop, watch, is_resumed=resumed),
        forecast=ask.forecast,
    )


def forecast(
    ask: Ask,
    watch: Watch,
    weeks: int | None = None,
    as_of: datetime | None = None,
    so_far: Path | None = None,
) -> tuple[RunParts, Path]:
    """Demand of a week (or some), into a new run folder; as of a moment, it knows what came."""
    from wfplan import foresight, hindsight, pipeline, runs, store

    moment = None if as_of is None else runs.moment_of(ask.plan, as_of)
    week = ask.week if moment is None else ask.week or moment.date()
    parts = runs.begin(ask.plan, week=week, seed=ask.seed, scenario=ask.scenario)
    if so_far is not None:
        parts = runs.with_so_far(parts, so_far)
    if weeks is not None:
        parts = runs.for_weeks(parts, weeks)
    folder = ask.out or store.run_folder(ask.plan, parts.problem, parts.horizon.first_day)
    _check_out(folder, ask)
    if folder.exists() and not ask.is_forced:
        raise OutputError(
            f"{folder} holds a run already, and a forecast alone would replace all of it. "
            "Give another --out, or --force."
        )
    if moment is None:
        parts = hindsight.remember(pipeline.take(parts, "forecast", Control(watch=watch)))
    else:
        watch("forecast", {})
        parts = replace(parts, demand=foresight.demand_as_of(parts, moment))
    return parts, store.write_parts(parts, folder)


def take(
    run: Path, stage: str, stop: Stop, watch: Watch, *, resumed: bool = False
) -> tuple[RunParts, Path]:
    """One stage of the line, from run folder to run folder."""
    from wfplan import hindsight, pipeline, runs, store

    control = Control(stop, watch, keep_in=run, is_resumed=resumed)
    parts = pipeline.take(runs.go_on(run), stage, control)
    if stage == "staff":  # the forecast may have been edited by hand
        parts = hindsight.remember(parts)
    return parts, store.write_parts(parts, run)


def refine(run: Path, rounds: int | None, stop: Stop, watch: Watch) -> tuple[RunParts, Path]:
    """A simulated week planned again, so often."""
    from wfplan import pipeline, runs, store

    parts = runs.go_on(run)
    asked = rounds or max(parts.problem.simulation.rounds, 1)
    parts = pipeline.take(runs.in_rounds(parts, asked), "refine", Control(stop, watch))
    return parts, store.write_parts(parts, run)


def report(run: Path) -> tuple[Run, Path]:
    """The report of a run folder, made again."""
    from wfplan import runs

    return runs.report(runs.go_on(run), run)


def read(run: Path) -> RunParts:
    """A run folder with its plan, as far as it has come."""
    from wfplan import runs

    return runs.go_on(run)


def read_whole(run: Path) -> Run:
    """A run folder with its plan, when every stage is there."""
    return read(run).whole(run)


def standing(run: Path) -> Standing:
    """The plan of a run folder, ready to be asked for reasons."""
    from wfplan.scheduling import Standing
    from wfplan.store import there

    parts = read(run)
    return Standing(
        parts.problem,
        there(parts.need, "staff"),
        there(parts.demand, "forecast"),
        there(parts.solution, "schedule").schedule,
    )


def manifest(run: Path) -> Mapping[str, Any]:
    """The manifest of a run folder."""
    from wfplan import store

    return store.read_manifest(run)


def write_example(kind: str, folder: Path, *, seed: int, is_dry: bool) -> list[Path]:
    """An example plan folder, or only the names of its files."""
    from wfplan.intake import write_example

    if not is_dry:
        return write_example(kind, folder, seed=seed)
    with TemporaryDirectory() as scratch:
        return [folder / path.name for path in write_example(kind, Path(scratch), seed=seed)]


def report_of_pseudonyms(run: Path, page: Path, key: Path) -> Path:
    """The report of a run folder as a page of its own, in which people are pseudonyms."""
    from wfplan import report as reporting
    from wfplan.domain.atomic import write_file
    from wfplan.export import key_of, pseudonymised_text

    whole = read_whole(run)
    text = pseudonymised_text(reporting.render(whole), whole.problem.agents, key_of(key))
    write_file(page, text.encode())
    return page


def key_beside(run: Path, asked: Path | None) -> Path:
    """Where the key of pseudonyms lies: as asked, or beside the plan."""
    from wfplan import store
    from wfplan.export import KEY_FILE

    plan = store.plan_path_of(run)
    return asked or (plan if plan.is_dir() else plan.parent) / KEY_FILE


def offers(run: Path, most: int, watch: Watch) -> tuple[RunParts, Sequence[Offer], Path]:
    """What could be offered where supply does not fit the demand of a run, kept in its folder."""
    from wfplan import runs, store, what_if

    watch("offers", {})
    parts, found = what_if.offers(read(run), most)
    if parts.audit is not None and parts.outcome is not None and parts.ledger is not None:
        return parts, found, runs.report(parts, run)[1]
    return parts, found, store.write_parts(parts, run)


def design_shifts(
    path: Path, week: date | None, scenario: Sequence[str], question: ShiftQuestion, watch: Watch
) -> tuple[RunParts, ShiftDesign]:
    """Shift templates for the requirement of a run, or of a week of a plan."""
    from wfplan import pipeline, runs
    from wfplan.scheduling.shifts import design_shifts
    from wfplan.store import there

    if (path / MANIFEST).is_file():
        if week or scenario:
            raise UsageError(
                f"{path} is a run and has its week already: leave --week and --scenario out, or "
                "give the plan folder."
            )
        parts = read(path)
    else:
        parts = runs.begin(path, week=week, scenario=scenario)
        for stage in ("forecast", "staff"):
            parts = pipeline.take(parts, stage, Control(watch=watch))
    watch("shifts", {})
    return parts, design_shifts(parts.problem, there(parts.need, "staff"), question)


def stop_after(passes: int | None, seconds: float | None, work: float | None = None) -> Stop:
    """When to stop searching: as by default, or as soon as one of the limits that are given."""
    planned = ENDLESS if seconds or work else Stop.passes
    return Stop(passes=passes or planned, seconds=seconds or Stop.seconds, work=work or Stop.work)


def save_scenario(plan: Path, texts: Sequence[str], name: str) -> Path:
    """The changes of some scenarios, all together, under a name in the plan file."""
    from wfplan import hr, intake, staffing

    problem = hr.load_plan(plan)
    changes = staffing.all_changes(staffing.read_scenarios(texts, problem))
    return intake.save_scenario(plan, name, changes)


def planned_files(ask: Ask) -> list[Path]:
    """Files that a build would write."""
    from wfplan import runs, store

    parts = runs.begin(
        ask.plan, week=ask.week, seed=ask.seed, scenario=ask.scenario, keep=keeping_of(ask)
    )
    folder = ask.out or store.run_folder(ask.plan, parts.problem, parts.horizon.first_day)
    _check_out(folder, ask)
    more = store.KEPT_FILES if ask.keep and ask.keep.keep else (CHECKPOINT,)
    known = (*store.RUN_FILES, *store.FORECAST_FILES, SUFFICIENCY.file)
    return [folder / name for name in (*known, *more)]


@contextmanager
def stopping(stop: Stop, tell: Callable[[str], None], said: str = "") -> Iterator[Stop]:
    """
    Ctrl-C once sets the stop and tells what is ``said``, a second time ends the process at once.

    A search then hands on the best plan so far, and the line finishes it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def on_interrupt(*_: object) -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        stop.interrupt.set()
        tell(said or "Stopping: the best plan so far is being finished. Ctrl-C again ends at once.")

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def require_forecast(*, is_each: bool) -> None:
    """Refuse what a given forecast does not go with."""
    if is_each:
        raise UsageError("--each makes one forecast for all scenarios: leave out it or --forecast.")


def require_one(*, is_backtest: bool, as_of: datetime | None, so_far: Path | None) -> None:
    """Refuse options of a forecast that say nothing without, or beside, one another."""
    if is_backtest and as_of is not None:
        raise UsageError("--backtest looks back and --as-of ahead: leave out one of them.")
    if so_far is not None and as_of is None:
        raise UsageError("--so-far holds what came until --as-of: give the moment, too.")


def require_meaning(keep: Keep, *, resumed: bool) -> None:
    """Refuse options that say nothing without, or beside, --keep."""
    if keep.as_of is not None and not keep.keep:
        raise UsageError("--as-of says until when a kept plan has happened: give --keep, too.")
    if keep.told is not None and not keep.keep:
        raise UsageError("--told says when people learn of changes: give --keep, too.")
    if keep.keep and resumed:
        raise UsageError("--resume goes on with a search of a whole plan: leave out it or --keep.")


def keeping_of(ask: Ask) -> Keeping:
    """What is to be kept, as the line wants it said."""
    from wfplan.keeping import NOTHING_KEPT, Keeping

    return Keeping(**vars(ask.keep)) if ask.keep else NOTHING_KEPT


def _check_out(folder: Path, ask: Ask) -> None:
    """Refuse a folder that must not be replaced, before any work is done."""
    from wfplan import store

    store.check_run_folder(folder, force=ask.is_forced)
