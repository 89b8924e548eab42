"""``wfplan build --each``: a plan per scenario, and all of them side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from wfplan.cli.talk import Talk
from wfplan.domain.progress import Control, Stop
from wfplan.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from wfplan.cli.line import Ask
    from wfplan.staffing import Scenario
    from wfplan.store import RunParts


def check(scenario: Sequence[str], is_each: bool, saved: str | None, is_resumed: bool) -> None:
    """
    Refuse options that do not go together, before any work is done.

    Raises
    ------
    UsageError
        Naming them.
    """
    if is_each and not scenario:
        raise UsageError("--each has nothing to plan apart: give it a --scenario, or several.")
    if is_each and is_resumed:
        raise UsageError(
            "--resume goes on with one plan, --each makes several and keeps no state of their "
            "searches: leave out one of the two."
        )
    if saved is not None and not scenario:
        raise UsageError("--save-scenario has nothing to save: give it a --scenario.")


def planned(talk: Talk, ask: Ask, stop: Stop, *, is_strict: bool, seconds: float | None) -> None:
    """Plan the week as it is, under each scenario and under all together; compare."""
    from wfplan import what_if
    from wfplan.cli import comparing, finish
    from wfplan.cli.compare_text import comparison_text
    from wfplan.cli.summary import run_figures
    from wfplan.evaluation import compare

    run, scenarios, folders = _begun(ask)
    control = Control(stop, talk.watch)
    done = list(what_if.plan_each(run, scenarios, folders[0], control, talk.say))
    names, runs, places = (list(part) for part in zip(*done, strict=True))
    talk.warn(runs[0].problem.warnings)
    found = comparing.Compared(places, names, runs, compare(runs))
    result = finish.figures(talk, places[0]) | run_figures(runs[0])
    result |= {"comparison": comparing.figures(found)}
    lines = [comparison_text(runs, found.found, names, people_max=0), ""]
    lines += [f"Report: {place / 'report.html'}" for place in places]
    left = len(folders) - len(done)
    lines += [f"Interrupted: {left} more plans were not begun."] if left else []
    code = ExitCode.INTERRUPTED if stop.interrupt.is_set() else finish.code_of(
        runs[0].solution, seconds
    )  # fmt: skip
    if not code and is_strict and result["missed"]:
        code = ExitCode.TARGETS_MISSED
    talk.finish(result, "\n".join(lines), exit_code=code)


def planned_files(ask: Ask) -> list[Path]:
    """Files that would be written."""
    from wfplan import store
    from wfplan.domain.atomic import CHECKPOINT

    _, _, folders = _begun(ask)
    return [folder / name for folder in folders for name in (*store.RUN_FILES, CHECKPOINT)]


def _begun(ask: Ask) -> tuple[RunParts, tuple[Scenario, ...], list[Path]]:
    """The run before its first stage, its scenarios, and folders that may be written."""
    from wfplan import runs, staffing, store, what_if
    from wfplan.cli.line import keeping_of

    run = runs.begin(ask.plan, week=ask.week, seed=ask.seed, keep=keeping_of(ask))
    scenarios = staffing.read_scenarios(ask.scenario, run.problem)
    folder = ask.out or store.run_folder(ask.plan, run.problem, run.horizon.first_day)
    folders = [folder, *what_if.folders_of(folder, staffing.columns_of(scenarios))]
    for one in folders:
        store.check_run_folder(one, force=ask.is_forced)
    return run, scenarios, folders
