"""``wfplan hr check``: whether HR's files could be imported."""

from __future__ import annotations

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
from wfplan.cli.options import Debug, Json, Quiet, Store
from wfplan.cli.talk import talking

EXAMPLE = "wfplan hr check agents.csv --plan demo"


def hr_check(
    files: Files,
    plan: PlanOf = None,
    store: Store = None,
    maps: Maps = None,
    layout: Layout = None,
    full_time_hours: FullTime = None,
    decimal_comma: DecimalComma = False,
    date_format: DateFormat = None,
    delimiter: Delimiter = None,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """
    Show every fault of HR's files at once; nothing is written.

    The rows are checked beside all other tables of the plan and the store.
    Exit code 3 when anything has to be put right before they can be imported.
    """
    with talking("hr check", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import hr_end

        asked = hr_end.asked(
            files, maps, layout, full_time_hours, decimal_comma, date_format, delimiter
        )
        hr_end.look_at(talk, asked, plan, store)
