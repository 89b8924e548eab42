"""``wfplan hr calibrate``: whether planned load goes before absence, in the user's own data."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from wfplan.cli.hr_options import PlanOf
from wfplan.cli.options import Debug, DryRun, Json, Out, Quiet, Store, day_of
from wfplan.cli.talk import talking

EXAMPLE = "wfplan hr calibrate absences.csv --plan demo"
_ABSENCES = typer.Argument(
    metavar="ABSENCES",
    exists=True,
    dir_okay=False,
    help="Dates of absence: agent_id, date, unplanned (true or false). Never a reason.",
)
_FROM = typer.Option(
    "--from",
    parser=day_of,
    metavar="DATE",
    help="First date that the absences speak of. Default: the Monday before the first of them.",
)
_UNTIL = typer.Option(
    "--until",
    parser=day_of,
    metavar="DATE",
    help="Last date. Default: the Sunday after the last of them.",
)


def hr_calibrate(
    absences: Annotated[Path, _ABSENCES],
    plan: PlanOf = None,
    store: Store = None,
    first: Annotated[date | None, _FROM] = None,
    last: Annotated[date | None, _UNTIL] = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", dir_okay=False, help="Write a page, too."),
    ] = None,
    out: Out = None,
    dry_run: DryRun = False,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """
    Ask your own data whether planned load goes before absence.

    The answer may be that no effect was found, or that there are not enough
    data. It is about all people together and changes no plan by itself: effects
    of load are zero until a plan file names it ([engagement] calibration).
    """
    with talking("hr calibrate", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import calibrating_end

        asked = calibrating_end.Asked(absences, plan or Path(), store, first, last)
        calibrating_end.calibrate(talk, asked, out, html, is_dry=dry_run)
