"""``wfplan staff``: one stage, from run folder to run folder."""

from __future__ import annotations

from wfplan.cli.options import Debug, Json, Quiet, RunFolder
from wfplan.cli.talk import talking

EXAMPLE = "wfplan staff runs/harbour-bank/2026-10-19"


def staff(run: RunFolder, json: Json = False, quiet: Quiet = False, debug: Debug = False) -> None:
    """
    Work out what every extra person is worth, from a run's forecast.

    Edit requirement.csv afterwards to ask for more or fewer people in an interval, then go on
    with 'wfplan schedule'.
    """
    with talking("staff", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import finish, line

        _, folder = line.take(run, "staff", line.stop_after(None, None), talk.watch)
        finish.stage(talk, folder, "requirement.csv", "schedule")
