"""Options that the commands of ``wfplan hr`` share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Files = Annotated[
    list[str],
    typer.Argument(
        metavar="FILES...",
        help="Tables (CSV, XLSX), calendars (.ics), people (SCIM, .json); TABLE=FILE says which "
        "table a file is.",
    ),
]
PlanOf = Annotated[
    Path | None,
    typer.Option(
        "--plan",
        metavar="PLAN",
        exists=True,
        help="The plan that the rows must fit. Default: this folder, where it has a plan.toml.",
    ),
]
Maps = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="CAPTION=COLUMN",
        help='Which column a caption is: "Scheduled Weekly Hours=contract_hours_week"; "Grade=-" '
        "leaves it out. Repeatable.",
    ),
]
Layout = Annotated[
    str | None,
    typer.Option(
        "--layout",
        metavar="NAME|FILE",
        help="Captions of an HR system: workday, successfactors, bamboohr, personio, or a .toml "
        "file of your own. Default: a guess, which is said.",
    ),
]
FullTime = Annotated[
    float | None,
    typer.Option(
        "--full-time-hours", min=1, max=60, help="Hours of a full-time week, where a file has FTE."
    ),
]
DecimalComma = Annotated[
    bool, typer.Option("--decimal-comma", help="Numbers have a decimal comma: 37,5.")
]
Delimiter = Annotated[
    str | None,
    typer.Option(
        "--delimiter",
        metavar="comma|semicolon|tab|bar",
        help="What separates the columns of text files. Default: a guess, which is said.",
    ),
]
DateFormat = Annotated[
    str | None,
    typer.Option(
        "--date-format",
        metavar="dmy|mdy|ymd",
        help="Order of day, month and year. Default: a guess where only one fits.",
    ),
]
