"""``wfplan simulate``: one stage, from run folder to run folder."""

from __future__ import annotations

from wfplan.cli.options import Debug, Json, Quiet, RunFolder
from wfplan.cli.talk import talking

EXAMPLE = "wfplan simulate runs/harbour-bank/2026-10-19"


def simulate(
    run: RunFolder, json: Json = False, quiet: Quiet = False, debug: Debug = False
) -> None:
    """
    Simulate the schedule of a run as customers and staff will live it.

    Reads schedule.csv as it stands, edits included.
    """
    with talking("simulate", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import finish, line

        _, folder = line.take(run, "simulate", line.stop_after(None, None), talk.watch)
        finish.stage(talk, folder, "outcome.csv", "audit")
