"""``wfplan build``: the main job, from a plan folder to a week for everybody."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from wfplan.cli.options import (
    AsOf,
    Debug,
    DryRun,
    Force,
    Json,
    KeepPlan,
    Locks,
    Out,
    Passes,
    Plan,
    Quiet,
    Resume,
    SaveScenario,
    Scenario,
    Seconds,
    Seed,
    Strict,
    Told,
    Week,
    Work,
)
from wfplan.cli.talk import talking

_EACH = typer.Option(
    "--each",
    help="Plan the week as it is, under each --scenario alone, and under all together; compare.",
)
_FORECAST = typer.Option(
    "--forecast",
    metavar="RUN",
    exists=True,
    file_okay=False,
    help="Plan with the forecast of a run folder, as it stands there (edited by hand, or with "
    "--as-of), instead of making one.",
)
EXAMPLE = "wfplan build demo --week 2026-W43"


def build(
    plan: Plan,
    week: Week = None,
    out: Out = None,
    seed: Seed = 0,
    seconds: Seconds = None,
    passes: Passes = None,
    work: Work = None,
    resume: Resume = False,
    scenario: Scenario = None,
    keep: KeepPlan = None,
    as_of: AsOf = None,
    told: Told = None,
    lock: Locks = None,
    forecast: Annotated[Path | None, _FORECAST] = None,
    each: Annotated[bool, _EACH] = False,
    save_scenario: SaveScenario = None,
    strict: Strict = False,
    force: Force = False,
    dry_run: DryRun = False,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """
    Plan the week: forecast, staffing, schedule, simulation, audit and report.

    Ctrl-C once keeps the best plan so far, marked partial (exit code 130).
    The search keeps its state in the run folder; --resume goes on from there.
    With --keep a plan that people know is the beginning: every change of it has a price.

    With --scenario the week is planned under all of them together; with --each
    also as it is and under each alone, in folders of their own inside the run's.
    """
    with talking("build", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import each_end, finish, line

        kept = line.Keep(keep or "", as_of, told, lock)
        line.require_meaning(kept, resumed=resume)
        each_end.check(scenario or (), each, save_scenario, resume)
        ask = line.Ask(plan, week, out, seed, tuple(scenario or ()), force, kept)
        if forecast is not None:
            line.require_forecast(is_each=each)
            ask = replace(ask, forecast=forecast)
        if dry_run:
            files = each_end.planned_files(ask) if each else line.planned_files(ask)
            finish.dry_run(talk, [str(path) for path in files])
            return
        if save_scenario is not None:
            talk.say(f"Saved in {line.save_scenario(plan, ask.scenario, save_scenario)}")
        with line.stopping(line.stop_after(passes, seconds, work), talk.say) as stop:
            if each:
                each_end.planned(talk, ask, stop, is_strict=strict, seconds=seconds)
                return
            run, folder = line.build(ask, stop, talk.watch, resumed=resume)
        finish.plan(talk, run, folder, is_strict=strict, seconds=seconds)
