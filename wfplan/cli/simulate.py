"""``wfplan simulate``: a week as it will be lived: a run again, under changes, or a roster."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wfplan.cli.options import Debug, Force, Json, Quiet, SaveScenario, Scenario, Week, folder_of
from wfplan.cli.talk import talking

EXAMPLE = "wfplan simulate runs/harbour-bank/2026-10-19 --scenario volume=+10%"

_SOURCE = typer.Argument(
    metavar="RUN|PLAN", help="A run folder; or a plan, for a --schedule.", exists=True
)
_SCHEDULE = typer.Option(
    "--schedule",
    metavar="FILE",
    exists=True,
    help="A roster from elsewhere, in any layout that wfplan import-schedule reads: a list of "
    "shifts (wfplan schema roster), schedule.csv, calendars, Genesys, ...",
)
_OUT = typer.Option(
    "--out",
    "-o",
    parser=folder_of,
    metavar="PATH",
    help="Write a run folder of its own. Default: the run itself; runs/PLAN/WEEK-FILE for a "
    "--schedule; none for a --scenario.",
)
_SEED = typer.Option("--seed", min=0, help="For a --schedule: same inputs and seed, same week.")
_REPLICATIONS = typer.Option(
    "--replications", "-n", min=2, max=100_000, help="Simulated weeks. Default: what the plan says."
)
_WORKERS = typer.Option("--workers", min=1, help="Weeks at once. Default: one per core.")
_CLUSTER = typer.Option(
    "--cluster",
    metavar="WHERE",
    help="threads, processes, or a Dask scheduler such as tcp://scheduler:8786.",
)
_CONTACTS = typer.Option(
    "--contacts",
    metavar="FILE",
    help="Write simulated contacts, one row each: .csv, .csv.gz or .parquet.",
)
_KEEP = typer.Option(
    "--keep", min=1, max=1000, help="How many simulated weeks --contacts writes. Default: 1."
)
_DRY = typer.Option("--dry", help="Only print; write no run folder.")


def simulate(
    source: Annotated[Path, _SOURCE],
    schedule: Annotated[Path | None, _SCHEDULE] = None,
    week: Week = None,
    scenario: Scenario = None,
    save_scenario: SaveScenario = None,
    out: Annotated[Path | None, _OUT] = None,
    replications: Annotated[int | None, _REPLICATIONS] = None,
    seed: Annotated[int | None, _SEED] = None,
    workers: Annotated[int | None, _WORKERS] = None,
    cluster: Annotated[str, _CLUSTER] = "threads",
    contacts: Annotated[Path | None, _CONTACTS] = None,
    keep: Annotated[int | None, _KEEP] = None,
    dry: Annotated[bool, _DRY] = False,
    force: Force = False,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """
    Simulate a week as customers and staff will live it.

    RUN alone: its schedule.csv as it stands, edits included.

    RUN --scenario: what changes would do to that schedule, beside the run as it is:
    each alone, and all together; nothing is kept, unless --out makes a run of it.

    PLAN --schedule: what a roster from elsewhere will give; nothing is searched.
    """
    with talking("simulate", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import looks, looks_end, scenario_end

        look = looks.Look(
            source=source,
            schedule=schedule,
            week=week,
            out=out,
            scenario=tuple(scenario or ()),
            saved=save_scenario,
            seed=seed,
            replications=replications,
            workers=workers,
            cluster=cluster,
            contacts=contacts,
            kept=keep,
            is_dry=dry,
            is_forced=force,
        )
        looks.check(look)
        if save_scenario is not None:
            talk.say(f"Saved in {looks.save_scenario(look)}")
        if schedule is not None:
            looks_end.weighed(talk, *looks.given(look, talk.watch))
        elif scenario and out is not None:
            looks_end.weighed(talk, *looks.changed(look, talk.watch))
        elif scenario:
            scenario_end.scenarios(talk, *looks.beside(look, talk.watch))
        else:
            looks_end.simulated(talk, *looks.again(look, talk.watch))
