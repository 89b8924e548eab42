"""``wfplan audit``: a second program looks at the schedule."""

from __future__ import annotations

from wfplan.cli.options import Debug, Json, Quiet, RunFolder, Strict
from wfplan.cli.talk import talking

EXAMPLE = "wfplan audit runs/harbour-bank/2026-10-19"


def audit(
    run: RunFolder,
    strict: Strict = False,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """
    Check the schedule of a run against every rule, edits included.

    The auditor shares no code with the planner. Under --strict a broken hard
    rule ends the command with exit code 7.
    """
    with talking("audit", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import finish, line

        parts, folder = line.take(run, "audit", line.stop_after(None, None), talk.watch)
        finish.audit(talk, parts, folder, is_strict=strict)
