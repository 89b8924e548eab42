"""``wfplan hr import``: HR's tables into the planning store."""

from __future__ import annotations

from typing import Annotated

import typer

from wfplan.cli.hr_options import (
    DateFormat,
    DecimalComma,
    Delimiter,
    Files,
    FullTime,
    Layout,
    Maps,
    PlanOf,
)
from wfplan.cli.options import Debug, DryRun, Json, Quiet, Store
from wfplan.cli.talk import talking

EXAMPLE = "wfplan hr import agents.csv time_off.csv --plan demo"
_ADD = typer.Option("--add", help="The files are a part of their tables: nothing is taken away.")
_REMOVE = typer.Option(
    "--remove", help="Take away more than a fifth of the people, or than half of a table's rows."
)


def hr_import(
    files: Files,
    plan: PlanOf = None,
    store: Store = None,
    maps: Maps = None,
    layout: Layout = None,
    full_time_hours: FullTime = None,
    decimal_comma: DecimalComma = False,
    date_format: DateFormat = None,
    delimiter: Delimiter = None,
    add: Annotated[bool, _ADD] = False,
    remove: Annotated[bool, _REMOVE] = False,
    dry_run: DryRun = False,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """
    Take over what HR says: all of it or nothing, with what changed.

    A file is its whole table: rows that it no longer has end. Every fault is
    shown at once with its line (exit code 3), and nothing is written then.
    """
    with talking("hr import", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import hr_end

        asked = hr_end.asked(
            files, maps, layout, full_time_hours, decimal_comma, date_format, delimiter
        )
        hr_end.take_over(talk, asked, plan, store, is_part=add, is_sure=remove, is_dry=dry_run)
