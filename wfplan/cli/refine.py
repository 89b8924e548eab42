"""``wfplan refine``: plan again with what the simulation of a run showed."""

from __future__ import annotations

from typing import Annotated

import typer

from wfplan.cli.options import Debug, Json, Passes, Quiet, RunFolder, Seconds
from wfplan.cli.talk import talking

EXAMPLE = "wfplan refine runs/harbour-bank/2026-10-19 --rounds 2"

Rounds = Annotated[
    int | None,
    typer.Option("--rounds", min=1, max=5, help="How often. Default: what the plan says."),
]


def refine(
    run: RunFolder,
    rounds: Rounds = None,
    seconds: Seconds = None,
    passes: Passes = None,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """
    Plan a simulated week again with what its simulation showed, and keep the best.

    Simulation sees what curves of single intervals cannot: customers carried
    over, people tied up in another channel, people who help out. Every round
    is simulated; the week that costs customers and staff least is kept, which
    may be the one that was there. Ctrl-C once keeps the best so far (exit code 130).
    """
    with talking("refine", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import finish, line

        with line.stopping(line.stop_after(passes, seconds), talk.say) as stop:
            parts, folder = line.refine(run, rounds, stop, talk.watch)
        code = finish.code_of(parts.solution, seconds)
        finish.refined(talk, parts, folder, exit_code=code)
