"""``wfplan store log``: what was done to the planning store, by whom, when."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wfplan.cli.options import Debug, Json, Quiet, Store
from wfplan.cli.talk import talking

EXAMPLE = "wfplan store log --plan demo"
_PLAN = typer.Option(
    "--plan", exists=True, metavar="PLAN", help="The plan beside which the store lies."
)
_LAST = typer.Option("--last", min=1, metavar="N", help="Only so many entries, the latest.")


def store_log(
    plan: Annotated[Path, _PLAN] = Path(),
    store: Store = None,
    last: Annotated[int | None, _LAST] = None,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """
    Show the log: every publication, rollback, import, calibration and person
    forgotten.

    Each entry is chained to the one before it by a hash; 'wfplan doctor
    --verify' takes them all again. People are numbers there.
    """
    with talking("store log", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import store_end

        store_end.show_log(talk, plan, store, last)
