"""``wfplan rules of``: which limits hold for a person, and where each comes from."""

from __future__ import annotations

from typing import Annotated

import typer

from wfplan.cli.options import Debug, Json, Plan, Quiet, Week
from wfplan.cli.talk import talking

EXAMPLE = "wfplan rules of demo A001"
_WHO = typer.Argument(metavar="AGENT_ID", help="A person of the plan.")


def rules_of(
    plan: Plan,
    agent_id: Annotated[str, _WHO],
    week: Week = None,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """
    Show the limits that hold for a person in a week: law, contract, agreement, HR's rows.

    Rows of HR that have no effect for them are shown with what holds in their place.
    """
    with talking("rules of", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import rules_end

        rules_end.show_person(talk, plan, agent_id, week)
