"""``wfplan report``: the report of a run folder, made again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wfplan.cli.options import Debug, Json, Key, Pseudonymise, Quiet, RunFolder
from wfplan.cli.talk import talking

EXAMPLE = "wfplan report runs/harbour-bank/2026-10-19"
_OUT = typer.Option(
    "--out",
    "-o",
    metavar="FILE",
    help="With --pseudonymise: the page to make. Default: RUN-pseudonyms.html beside the run.",
)


def report(
    run: RunFolder,
    pseudonymise: Pseudonymise = False,
    key: Key = None,
    out: Annotated[Path | None, _OUT] = None,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """
    Make the report of a run again: one HTML file that opens without a network.

    With --pseudonymise it becomes a page of its own that names nobody.
    """
    with talking("report", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import finish, line

        if pseudonymise or key:
            whole = run.absolute()
            page = out or whole.with_name(f"{whole.name}-pseudonyms.html")
            line.report_of_pseudonyms(run, page, line.key_beside(run, key))
            talk.finish({"page": str(page)}, f"Wrote {page}")
            return
        _, folder = line.report(run)
        finish.stage(talk, folder, "report.html", "")
