"""``wfplan forecast``: the first stage alone."""

from __future__ import annotations

from wfplan.cli.options import Debug, Force, Json, Out, Plan, Quiet, Scenario, Seed, Week
from wfplan.cli.talk import talking

EXAMPLE = "wfplan forecast demo --week 2026-W43 --out runs/demo"


def forecast(
    plan: Plan,
    week: Week = None,
    out: Out = None,
    seed: Seed = 0,
    scenario: Scenario = None,
    force: Force = False,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """
    Forecast the demand of a week into a new run folder.

    Edit forecast.csv there if you know better, then go on with 'wfplan staff'.
    """
    with talking("forecast", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import finish, line

        ask = line.Ask(plan, week, out, seed, tuple(scenario or ()), force)
        _, folder = line.forecast(ask, talk.watch)
        finish.stage(talk, folder, "forecast.csv", "staff")
