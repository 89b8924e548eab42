"""``wfplan hr forget``: a person taken out of store, runs and exports."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wfplan.cli.hr_options import PlanOf
from wfplan.cli.options import Debug, DryRun, Json, Quiet, Store
from wfplan.cli.talk import talking

EXAMPLE = "wfplan hr forget A017 --plan demo"
_ID = typer.Argument(metavar="AGENT_ID", help="Her id, as in the table agents.")
_RUNS = typer.Option(
    "--runs",
    metavar="FOLDER",
    exists=True,
    file_okay=False,
    help="A further folder to look through, where runs or exports lie outside the plan's folder. "
    "Repeatable.",
)
_TABLES = typer.Option(
    "--tables", help="Take her rows out of the plan's own tables, too (text tables only)."
)


def hr_forget(
    agent_id: Annotated[str, _ID],
    plan: PlanOf = None,
    store: Store = None,
    runs: Annotated[list[Path] | None, _RUNS] = None,
    tables: Annotated[bool, _TABLES] = False,
    dry_run: DryRun = False,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """
    Forget a person: out of the planning store, of runs, exports and reports.

    In runs a pseudonym works her shifts, so that coverage and totals stay what
    they were. Files of your own that still name her are listed. Interrupted
    work can be run again.
    """
    with talking("hr forget", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import forgetting_end

        forgetting_end.forget(
            talk, agent_id, plan, store, runs or [], with_tables=tables, is_dry=dry_run
        )
