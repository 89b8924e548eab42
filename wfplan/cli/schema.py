"""``wfplan schema``: columns, units and meanings of all tables."""

from __future__ import annotations

from typing import Annotated

import typer

from wfplan.cli.options import Debug, Json, Quiet
from wfplan.cli.talk import Talk, talking
from wfplan.errors import UsageError, did_you_mean

EXAMPLE = "wfplan schema contacts"
_LAYOUT = typer.Option(
    "--layout",
    metavar="NAME",
    help="What a layout of another system's contacts reads: amazon-connect, dynamics-365, genesys, "
    "generic, or a TOML file.",
)
_TARGET = typer.Option(
    "--target",
    metavar="NAME|all",
    help="What an export takes, and its settings: genesys, teams, a profile; all: a line each.",
)


def schema(
    table: Annotated[str, typer.Argument(metavar="[TABLE]", help="One table. Default: all.")] = "",
    layout: Annotated[str, _LAYOUT] = "",
    target: Annotated[str, _TARGET] = "",
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Show the tables that wfplan reads and writes, and what exports take: units, meanings."""
    with talking("schema", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.domain.tables import TABLES

        if table and table not in TABLES:
            near = did_you_mean(table, TABLES) or f"the tables are {', '.join(TABLES)}."
            raise UsageError(f"There is no table '{table}': {near}")
        if target:
            _show_target(target, table, talk)
            return
        if layout:
            _show_layout(layout, table, talk)
            return
        tables = [TABLES[table]] if table else list(TABLES.values())
        text = "\n\n".join(shown.as_text() for shown in tables)
        talk.finish({"tables": [shown.as_dict() for shown in tables]}, text)


def _show_target(name: str, table: str, talk: Talk) -> None:
    """Show what an export takes, and its settings."""
    from wfplan.export.described import targets_dict, targets_text

    if table:
        raise UsageError(f"--target is of exports, and not of {table}: leave one of them out.")
    asked = "" if name == "all" else name
    talk.finish({"targets": targets_dict(asked)}, targets_text(asked))


def _show_layout(name: str, table: str, talk: Talk) -> None:
    """Show what a layout of contacts reads."""
    from wfplan import intake

    if table not in ("", "contacts"):
        raise UsageError(f"--layout is of contacts, and not of {table}: leave one of them out.")
    layout = intake.named_layout(name)
    talk.finish({"layout": intake.layout_dict(layout)}, intake.layout_text(layout))
