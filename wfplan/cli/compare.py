"""``wfplan compare``: two runs side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wfplan.cli.options import Debug, Json, Quiet
from wfplan.cli.talk import talking

EXAMPLE = "wfplan compare runs/harbour-bank/2026-10-19 runs/harbour-bank/less-volume"
_RUN = typer.Argument(metavar="RUN", help="A run folder.", exists=True)


def compare(
    first: Annotated[Path, _RUN],
    second: Annotated[Path, _RUN],
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Show the numbers of two runs side by side."""
    with talking("compare", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import line
        from wfplan.cli.summary import compared, compared_text

        rows = compared(line.read_whole(first), line.read_whole(second))
        talk.finish({"rows": rows}, compared_text(rows, first.name, second.name))
