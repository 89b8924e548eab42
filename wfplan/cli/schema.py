"""``wfplan schema``: columns, units and meanings of all tables."""

from __future__ import annotations

from typing import Annotated

import typer

from wfplan.cli.options import Debug, Json, Quiet
from wfplan.cli.talk import talking
from wfplan.errors import UsageError, did_you_mean

EXAMPLE = "wfplan schema contacts"


def schema(
    table: Annotated[str, typer.Argument(metavar="[TABLE]", help="One table. Default: all.")] = "",
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Show the tables that wfplan reads and writes: columns, units, meanings."""
    with talking("schema", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.domain.tables import TABLES

        if table and table not in TABLES:
            near = did_you_mean(table, TABLES) or f"the tables are {', '.join(TABLES)}."
            raise UsageError(f"There is no table '{table}': {near}")
        tables = [TABLES[table]] if table else list(TABLES.values())
        text = "\n\n".join(shown.as_text() for shown in tables)
        talk.finish({"tables": [shown.as_dict() for shown in tables]}, text)
