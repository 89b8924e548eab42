"""``wfplan report``: the report of a run folder, made again."""

from __future__ import annotations

from wfplan.cli.options import Debug, Json, Quiet, RunFolder
from wfplan.cli.talk import talking

EXAMPLE = "wfplan report runs/harbour-bank/2026-10-19"


def report(run: RunFolder, json: Json = False, quiet: Quiet = False, debug: Debug = False) -> None:
    """Make the report of a run again: one HTML file that opens without a network."""
    with talking("report", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import finish, line

        _, folder = line.report(run)
        finish.stage(talk, folder, "report.html", "")
