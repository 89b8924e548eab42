"""``wfplan schedule``: plan again from the requirement of a run folder."""

from __future__ import annotations

from wfplan.cli.options import Debug, Json, Passes, Quiet, Resume, RunFolder, Seconds, Work
from wfplan.cli.talk import talking

EXAMPLE = "wfplan schedule runs/harbour-bank/2026-10-19"


def schedule(
    run: RunFolder,
    seconds: Seconds = None,
    passes: Passes = None,
    work: Work = None,
    resume: Resume = False,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """
    Find a week for every person, from a run's requirement.csv, edits included.

    Ctrl-C once keeps the best plan so far, marked partial (exit code 130).
    The search keeps its state in the run folder; --resume goes on from there.
    """
    with talking("schedule", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import finish, line

        with line.stopping(line.stop_after(passes, seconds, work), talk.say) as stop:
            parts, folder = line.take(run, "schedule", stop, talk.watch, resumed=resume)
        code = finish.code_of(parts.solution, seconds)
        finish.searched(talk, parts, folder, exit_code=code)
