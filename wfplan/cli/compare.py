"""``wfplan compare``: runs side by side, customers and staff, and what changes for whom."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wfplan.cli.options import Debug, Json, Quiet
from wfplan.cli.talk import talking

EXAMPLE = "wfplan compare runs/harbour-bank/2026-10-19 runs/harbour-bank/less-volume"
_RUNS = typer.Argument(
    metavar="RUN RUN...", help="Two run folders or more; the first is compared with.", exists=True
)
_HTML = typer.Option("--html", metavar="FILE", help="Write a page with pictures.")
_REPLICATIONS = typer.Option(
    "--replications",
    "-n",
    min=2,
    max=100_000,
    help="Simulate all again so often with the same random numbers, so that small differences "
    "show. Default: what the runs say.",
)


def compare(
    runs: Annotated[list[Path], _RUNS],
    html: Annotated[Path | None, _HTML] = None,
    replications: Annotated[int | None, _REPLICATIONS] = None,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """
    Show runs side by side: both sides, fairness, cost, and what changes for whom.

    Every average has its worst tenth and its worst beside it, every difference
    how much of it may be chance.
    """
    with talking("compare", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import comparing

        comparing.check(runs, html)
        found = comparing.compared(runs, replications, talk.watch)
        comparing.finish(talk, found, html)
