"""Options that several commands share, each said once."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

YEARS = (1990, 2100)  # of weeks that can be planned


def week_of(text: str) -> date:
    """A date, or the Monday of an ISO week such as ``2026-W43``."""
    try:
        day = date.fromisoformat(text.strip().upper())
    except ValueError:
        raise typer.BadParameter(
            f"'{text}' is neither a date like 2026-10-19 nor an ISO week like 2026-W43."
        ) from None
    if not YEARS[0] <= day.year <= YEARS[1]:
        raise typer.BadParameter(f"'{text}' is not in the years {YEARS[0]} to {YEARS[1]}.")
    return day


def moment_of(text: str) -> datetime:
    """A date with a time, such as ``2026-10-19 11:30``, on the site's clock or with an offset."""
    try:
        if len(text.strip()) <= len("2026-10-19"):
            raise ValueError
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise typer.BadParameter(
            f"'{text}' is no moment: write \"2026-10-19 11:30\", on the clock of the site, or with "
            "an offset."
        ) from None
    if not YEARS[0] <= moment.year <= YEARS[1]:
        raise typer.BadParameter(f"'{text}' is not in the years {YEARS[0]} to {YEARS[1]}.")
    return moment


def day_of(text: str) -> date:
    """A date."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise typer.BadParameter(f"'{text}' is not a date like 2026-10-19.") from None
    return day


def folder_of(text: str) -> Path:
    """A folder by the shortest way to it: ``runs/../week`` is ``week``, be there runs or not."""
    return Path(os.path.normpath(text))


Plan = Annotated[
    Path, typer.Argument(metavar="PLAN", help="The plan folder, or its plan.toml.", exists=True)
]
RunFolder = Annotated[
    Path,
    typer.Argument(
        metavar="RUN", help="A run folder, such as runs/harbour-bank/2026-10-19.", exists=True
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no talk on stderr.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of a fault.")]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        "-o",
        parser=folder_of,
        metavar="PATH",
        help="Where to write. Default: runs/PLAN/WEEK beside the plan.",
    ),
]
Week = Annotated[
    date | None,
    typer.Option(
        "--week",
        parser=week_of,
        metavar="DATE|WEEK",
        help="A date of the week to plan (2026-10-19) or an ISO week (2026-W43). "
        "Default: the week after the contact history.",
    ),
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Same inputs and seed, same plan.")]
Seconds = Annotated[
    float | None,
    typer.Option("--seconds", min=0.1, help="Search for so long. Makes runs irreproducible."),
]
Passes = Annotated[
    int | None,
    typer.Option("--passes", min=1, help="Stop the search after so many passes over the people."),
]
Work = Annotated[
    float | None,
    typer.Option(
        "--work",
        min=1,
        help="Search for so many small moves (a best response counts as 100). Reproducible; "
        "beside --passes, --resume goes on to the plan of the whole search.",
    ),
]
Resume = Annotated[
    bool,
    typer.Option(
        "--resume",
        help="Go on from where the search was stopped: its state is in search.npz. "
        "Not for an objective with stages.",
    ),
]
Scenario = Annotated[
    list[str] | None,
    typer.Option(
        "--scenario",
        metavar="CHANGES",
        help="A what-if: volume=+10%, aht.voice=+5%, absent=A017,A022, several with ';' between "
        "them, or the name of one in plan.toml. Repeatable.",
    ),
]
SaveScenario = Annotated[
    str | None,
    typer.Option(
        "--save-scenario",
        metavar="NAME",
        help="Write the changes into plan.toml under [scenarios], all together as one.",
    ),
]
KeepPlan = Annotated[
    str | None,
    typer.Option(
        "--keep",
        metavar="RUN|published",
        help="Begin with a plan that people know (a run folder, a schedule.csv, or the plan's "
        "table 'published') and change as little of it as pays.",
    ),
]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        parser=moment_of,
        metavar="MOMENT",
        help='With --keep: what lies before has happened and stays, such as "2026-10-19 11:30".',
    ),
]
Told = Annotated[
    date | None,
    typer.Option(
        "--told",
        parser=day_of,
        metavar="DATE",
        help="With --keep: when people learn of the changes. Default: --as-of, or [rules] told.",
    ),
]
Locks = Annotated[
    Path | None,
    typer.Option(
        "--lock",
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help="A further table of locks, with the columns of 'locks'.",
    ),
]
Strict = Annotated[
    bool, typer.Option("--strict", help="End with exit code 7 when a target is missed.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace what was edited by hand.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say which files would be written.")]
Store = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="FILE|URL",
        envvar="WFPLAN_STORE",
        help="The planning store: a file, or postgresql://USER@HOST/DATABASE. "
        "Default: wfplan.db in the plan's folder.",
    ),
]
Reason = Annotated[str, typer.Option("--reason", help="Why, for the log.")]
Pseudonymise = Annotated[
    bool,
    typer.Option(
        "--pseudonymise",
        help="Pseudonyms in place of ids, no names and addresses, no team or site under 5 people.",
    ),
]
Key = Annotated[
    Path | None,
    typer.Option(
        "--key",
        metavar="FILE",
        dir_okay=False,
        help="The key of the pseudonyms, made where there is none: the same key, the same "
        "pseudonyms. Default: pseudonyms.key beside the plan.",
    ),
]
