"""``wfplan hr show``: what the planning store holds of HR's tables, and where it is from."""

from __future__ import annotations

from typing import Annotated

import typer

from wfplan.cli.hr_options import PlanOf
from wfplan.cli.options import Debug, Json, Quiet, Store
from wfplan.cli.talk import talking

EXAMPLE = "wfplan hr show A001 --plan demo"
_WHAT = typer.Argument(metavar="[TABLE|AGENT_ID]", help="One table, or all rows about one person.")


def hr_show(
    what: Annotated[str, _WHAT] = "",
    plan: PlanOf = None,
    store: Store = None,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """
    Show the rows that hold: file, line, when and by whom they were imported.

    Without an argument: the tables, and how many rows each has. Names and
    e-mail addresses are not shown.
    """
    with talking("hr show", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import hr_end

        hr_end.show(talk, what, plan, store)
