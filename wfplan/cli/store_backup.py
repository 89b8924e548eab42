"""``wfplan store backup``: a copy of the planning store, while others work in it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wfplan.cli.options import Debug, Json, Quiet, Store
from wfplan.cli.talk import talking

EXAMPLE = "wfplan store backup copy.db --plan demo"
_FILE = typer.Argument(metavar="FILE", dir_okay=False, help="The copy: a store in one file.")
_PLAN = typer.Option(
    "--plan", exists=True, metavar="PLAN", help="The plan beside which the store lies."
)
_FORCE = typer.Option("--force", help="Replace a file that stands there.")


def store_backup(
    file: Annotated[Path, _FILE],
    plan: Annotated[Path, _PLAN] = Path(),
    store: Store = None,
    force: Annotated[bool, _FORCE] = False,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """
    Copy the store as of now into one file, whole or not at all, and verify the copy.

    It works for a file and for a server, whoever writes meanwhile. The copy is
    a store as well: --store FILE looks into it.
    """
    with talking("store backup", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import store_end

        store_end.backup(talk, file, plan, store, is_forced=force)
