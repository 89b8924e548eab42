"""``wfplan import-schedule``: a roster from elsewhere as a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wfplan.cli.options import Debug, DryRun, Force, Json, Quiet, Week, folder_of
from wfplan.cli.talk import talking

EXAMPLE = "wfplan import-schedule roster.json --plan demo --week 2026-10-19"

_FILES = typer.Argument(
    metavar="FILES...",
    exists=True,
    help="Files of one layout, or folders of them: what wfplan exports (json, csv, xlsx, ics), "
    "calendars of others, a list of shifts, Genesys, Teams, Amazon Connect.",
)
_PLAN = typer.Option(
    "--plan",
    metavar="PLAN|RUN",
    exists=True,
    help="The plan whose people they are, or a run whose forecast is to stand. Default: this "
    "folder, where it has a plan.toml.",
)
_LAYOUT = typer.Option(
    "--layout",
    metavar="NAME",
    help="wfplan, genesys, teams, ics, table, connect or shifts. Default: what the content is.",
)
_IDS = typer.Option(
    "--ids",
    metavar="FILE",
    exists=True,
    help="What people and activities are called there (wfplan schema external_ids). Default: "
    "external_ids.csv beside the plan.",
)
_AGENT = typer.Option("--agent", metavar="ID", help="Whose calendars they are.")
_OUT = typer.Option(
    "--out",
    "-o",
    parser=folder_of,
    metavar="RUN",
    help="The run folder to make. Default: runs/PLAN/WEEK-FILE beside the plan.",
)


def import_schedule(
    files: Annotated[list[Path], _FILES],
    plan: Annotated[Path | None, _PLAN] = None,
    week: Week = None,
    layout: Annotated[str, _LAYOUT] = "",
    ids: Annotated[Path | None, _IDS] = None,
    agent: Annotated[str, _AGENT] = "",
    out: Annotated[Path | None, _OUT] = None,
    force: Force = False,
    dry_run: DryRun = False,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """
    Make a run of a roster from elsewhere, to be simulated, audited and compared.

    Forecast and staffing of its week are made as for any plan; nothing is searched.
    Every fault of the files is shown at once (exit code 3), and nothing is written then.
    """
    with talking("import-schedule", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import importing

        ask = importing.Import(
            files=tuple(files),
            source=importing.source_of(plan),
            week=week,
            layout=layout,
            ids=ids,
            person=agent,
            out=out,
            is_forced=force,
        )
        if dry_run:
            importing.dry_run(talk, *importing.looked_at(ask))
        else:
            importing.finish(talk, importing.imported(ask, talk.watch))
