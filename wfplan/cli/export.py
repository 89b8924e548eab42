"""``wfplan export``: the schedule for other systems."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wfplan.cli.options import Debug, DryRun, Json, Key, Pseudonymise, Quiet, RunFolder
from wfplan.cli.talk import talking

EXAMPLE = "wfplan export runs/harbour-bank/2026-10-19 --to ics"
_TO = typer.Option("--to", metavar="csv|json|ics", help="What to write.")
_OUT = typer.Option("--out", "-o", help="The folder to make. Default: RUN-csv, RUN-json, RUN-ics.")
_SINCE = typer.Option(
    "--since",
    metavar="RUN",
    exists=True,
    help="What people were told before: unchanged shifts keep their revision, and shifts that "
    "are gone are cancelled.",
)


def export(
    run: RunFolder,
    to: Annotated[str, _TO],
    out: Annotated[Path | None, _OUT] = None,
    since: Annotated[Path | None, _SINCE] = None,
    pseudonymise: Pseudonymise = False,
    key: Key = None,
    dry_run: DryRun = False,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """
    Write the schedule of a run for other systems: csv, json or ics.

    ics: a calendar for every person and one for every site. Shifts are drafts
    until the schedule is published.
    """
    with talking("export", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import finish, line

        end = f"{to}-pseudonyms" if pseudonymise or key else to
        folder = out or run.absolute().with_name(f"{run.absolute().name}-{end}")
        file = line.key_beside(run, key) if pseudonymise or key else None
        files = line.export(run, to, folder, since=since, key=file, is_dry=dry_run)
        names = [str(path) for path in files]
        if dry_run:
            finish.dry_run(talk, names)
        else:
            text = f"Wrote {len(names)} files to {folder}"
            talk.finish({"folder": str(folder), "files": names}, text)
