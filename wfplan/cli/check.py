"""``wfplan check``: every fault of a plan folder at once."""

from __future__ import annotations

from wfplan.cli.options import Debug, Json, Plan, Quiet
from wfplan.cli.talk import talking

EXAMPLE = "wfplan check demo"


def check(plan: Plan, json: Json = False, quiet: Quiet = False, debug: Debug = False) -> None:
    """
    Read a plan folder and show all its faults at once; nothing is written.

    Exit code 3 when anything has to be put right before the week can be planned.
    """
    with talking("check", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import line
        from wfplan.cli.summary import plan_figures, plan_text

        problem = line.load(plan)
        talk.inputs = [file.model_dump() for file in problem.inputs]
        talk.warn(problem.warnings)
        talk.finish(plan_figures(problem), plan_text(problem))
