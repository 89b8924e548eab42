"""``wfplan store restore``: a copy put into an empty store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wfplan.cli.options import Debug, Json, Quiet, Store
from wfplan.cli.talk import talking

EXAMPLE = "wfplan store restore copy.db --store postgresql://wfplan@db/wfplan"
_FILE = typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="A copy, or any store.")
_PLAN = typer.Option(
    "--plan", exists=True, metavar="PLAN", help="The plan beside which the store is to lie."
)


def store_restore(
    file: Annotated[Path, _FILE],
    plan: Annotated[Path, _PLAN] = Path(),
    store: Store = None,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """
    Put a copy into a new store, in a file or on a server, and verify it.

    A store that has anything in it is left alone. So a team moves from a file
    to a server, too.
    """
    with talking("store restore", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import store_end

        store_end.restore(talk, file, plan, store)
