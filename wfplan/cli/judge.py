"""``wfplan judge``: past forecasts of a plan, judged by what came."""

from __future__ import annotations

from wfplan.cli.options import Debug, Json, Plan, Quiet
from wfplan.cli.talk import talking

EXAMPLE = "wfplan judge demo"


def judge(plan: Plan, json: Json = False, quiet: Quiet = False, debug: Debug = False) -> None:
    """
    Judge what past forecasts said by the contacts that came since.

    Every forecast and build keeps a snapshot in the plan's folder 'snapshots'. Add the contacts
    that came, and this shows how wrong each was by week of lead: the statistical forecast, what
    override layers made of it (did the hand help?), plain averages of recent weeks, and a
    forecast from elsewhere where the plan has the table 'external_forecast'. Says as well whether
    the history suffices, and what would help most.
    """
    with talking("judge", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import judging

        judging.run(talk, plan)
