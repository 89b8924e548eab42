"""``wfplan build``: the main job, from a plan folder to a week for everybody."""

from __future__ import annotations

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
    Scenario,
    Seconds,
    Seed,
    Strict,
    Told,
    Week,
    Work,
)
from wfplan.cli.talk import talking

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
    """
    with talking("build", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import finish, line

        kept = line.Keep(keep or "", as_of, told, lock)
        line.require_meaning(kept, resumed=resume)
        ask = line.Ask(plan, week, out, seed, tuple(scenario or ()), force, kept)
        if dry_run:
            finish.dry_run(talk, [str(path) for path in line.planned_files(ask)])
            return
        with line.stopping(line.stop_after(passes, seconds, work), talk.say) as stop:
            run, folder = line.build(ask, stop, talk.watch, resumed=resume)
        finish.plan(talk, run, folder, is_strict=strict, seconds=seconds)
