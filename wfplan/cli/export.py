"""``wfplan export``: the schedule for other systems."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wfplan.cli.options import Debug, DryRun, Json, Key, Pseudonymise, Quiet, RunFolder, Store
from wfplan.cli.talk import talking

EXAMPLE = "wfplan export runs/harbour-bank/2026-10-19 --to ics --since published"
_TO = typer.Option(
    "--to",
    metavar="TARGET",
    help="csv, json, ics, xlsx, genesys, teams, teams-xlsx, oracle, a profile (deputy, wheniwork, "
    "connecteam, 7shifts, calabrio, google-calendar, generic), or a profile of your own (.toml).",
)
_OUT = typer.Option("--out", "-o", help="The folder to make. Default: RUN-TARGET beside the run.")
_SINCE = typer.Option(
    "--since",
    metavar="published|RUN|FILE",
    help="Only what is new, changed or cancelled since: the last published revision, one of them "
    "(published:2), a run folder, or an exported schedule.csv or schedule.json.",
)
_WHOLE = typer.Option(
    "--whole", help="With --since: everything all the same, cancelled shifts included."
)
_PUBLISH = typer.Option(
    "--publish", help="Have the target show it to people at once. Default: a draft there."
)
_IDS = typer.Option(
    "--ids",
    metavar="FILE",
    exists=True,
    help="What people, teams and codes are called there (wfplan schema external_ids). Default: "
    "external_ids.csv beside the plan.",
)
_SETTINGS = typer.Option(
    "--settings",
    metavar="FILE",
    exists=True,
    help="Settings of targets, a table each (wfplan schema --target NAME). Default: export.toml "
    "beside the plan.",
)
_MISSING = typer.Option(
    "--write-missing",
    metavar="FILE",
    help="Where ids are missing, write their rows into this file, to be filled in.",
)


def export(
    run: RunFolder,
    to: Annotated[str, _TO],
    out: Annotated[Path | None, _OUT] = None,
    since: Annotated[str, _SINCE] = "",
    whole: Annotated[bool, _WHOLE] = False,
    publish: Annotated[bool, _PUBLISH] = False,
    ids: Annotated[Path | None, _IDS] = None,
    settings: Annotated[Path | None, _SETTINGS] = None,
    write_missing: Annotated[Path | None, _MISSING] = None,
    store: Store = None,
    pseudonymise: Pseudonymise = False,
    key: Key = None,
    dry_run: DryRun = False,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """
    Write the schedule of a run for another system, with a manifest of what it holds.

    What was published of the week is known: shifts keep their ids, only those that
    change get a higher revision, and those that are gone are cancelled. What a
    target cannot carry is said; a refused export writes nothing (exit code 8).
    """
    with talking("export", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import export_end, line
        from wfplan.errors import UsageError
        from wfplan.exporting import Asked

        if whole and not since:
            raise UsageError("--whole says what --since leaves out: give --since, too.")
        asked = Asked(
            to,
            since=since,
            is_whole=whole,
            is_publishing=publish,
            ids=ids,
            settings=settings,
            missing=write_missing,
            key=line.key_beside(run, key) if pseudonymise or key else None,
            store=store,
        )
        export_end.export(talk, run, out, asked, is_dry=dry_run)
