"""``wfplan rules show``: the values of a law pack, each with its article."""

from __future__ import annotations

from typing import Annotated

import typer

from wfplan.cli.options import Debug, Json, Quiet
from wfplan.cli.talk import talking

EXAMPLE = "wfplan rules show eu --explain"
_PACK = typer.Argument(metavar="PACK", help="The id of a pack, such as eu, or a .toml file.")
_EXPLAIN = typer.Option("--explain", help="Say how each value is read.")


def rules_show(
    pack: Annotated[str, _PACK],
    explain: Annotated[bool, _EXPLAIN] = False,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Show a law pack: every value with its unit, its hardness and its article."""
    with talking("rules show", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import rules_end

        rules_end.show_pack(talk, pack, is_explained=explain)
