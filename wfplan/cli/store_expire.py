"""``wfplan store expire``: past weeks lose what is about people when their time is over."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wfplan.cli.options import Debug, Json, Quiet, Store
from wfplan.cli.talk import talking

EXAMPLE = "wfplan store expire --plan demo --dry-run"
_PLAN = typer.Option("--plan", metavar="PLAN", help="The plan; its [retention] says how long.")
_RUNS = typer.Option(
    "--runs",
    metavar="FOLDER",
    exists=True,
    file_okay=False,
    help="A further folder to look through, where runs or exports lie outside the plan's folder. "
    "Repeatable.",
)
_MONTHS = typer.Option("--months", min=1, help="Months that weeks are kept, instead of the plan's.")
_DRY = typer.Option("--dry-run", help="Only say what would go.")


def store_expire(
    plan: Annotated[Path, _PLAN] = Path(),
    store: Store = None,
    runs: Annotated[list[Path] | None, _RUNS] = None,
    months: Annotated[int | None, _MONTHS] = None,
    dry_run: Annotated[bool, _DRY] = False,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """
    Empty past weeks whose time is over: in the store, in runs, exports and quarters.

    Shifts, ledger, promises and HR's rows go; that a week was published, when
    and by whom stays, and the log still verifies. Runs keep their forecast and
    requirement. What rules look back on is never taken.
    """
    with talking("store expire", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import expiring_end

        expiring_end.expire(talk, plan, store, runs or [], months, is_dry=dry_run)
