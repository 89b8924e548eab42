"""``wfplan forecast``: the first stage alone, how good it is, and the day under way."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from wfplan.cli.options import Debug, Force, Json, Out, Plan, Quiet, Scenario, Seed, Week, moment_of
from wfplan.cli.talk import talking

EXAMPLE = "wfplan forecast demo --week 2026-W43 --out runs/demo"
_WEEKS = typer.Option(
    "--weeks", min=1, max=6, help="How many weeks to forecast. Default: as the plan says."
)
_AS_OF = typer.Option(
    "--as-of",
    parser=moment_of,
    metavar="MOMENT",
    help='Forecast a week that has begun from what came before, such as "2026-10-28 11:30" on the '
    "clock of the site.",
)
_SO_FAR = typer.Option(
    "--so-far",
    metavar="FILE",
    exists=True,
    dir_okay=False,
    help="With --as-of: contacts of the day so far, in the layout of the plan's contacts or in "
    "wfplan's own columns, where the plan's own table has them not yet.",
)
_BACKTEST = typer.Option(
    "--backtest",
    help="Forecast the past instead, week by week, and compare with what came: tables and a page "
    "in runs/PLAN/backtest.",
)
_ORIGINS = typer.Option(
    "--origins", min=1, max=520, help="With --backtest: forecasts of the past at most."
)
_LEADS = typer.Option("--leads", metavar="WEEKS", help="With --backtest: weeks ahead, such as 1,2.")
_HTML = typer.Option("--html/--no-html", help="With --backtest: draw a page with pictures.")


def forecast(
    plan: Plan,
    week: Week = None,
    weeks: Annotated[int | None, _WEEKS] = None,
    out: Out = None,
    as_of: Annotated[datetime | None, _AS_OF] = None,
    so_far: Annotated[Path | None, _SO_FAR] = None,
    backtest: Annotated[bool, _BACKTEST] = False,
    origins: Annotated[int, _ORIGINS] = 12,
    leads: Annotated[str, _LEADS] = "1,2,4",
    html: Annotated[bool, _HTML] = True,
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
    With --as-of the day under way is forecast anew from what came so far.
    With --backtest: how good forecasts of past weeks would have been, against plain averages of
    recent weeks and against chance. Ctrl-C once writes what is scored so far.
    """
    with talking("forecast", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import backtesting, finish, line

        ask = line.Ask(plan, week, out, seed, tuple(scenario or ()), force)
        line.require_one(is_backtest=backtest, as_of=as_of, so_far=so_far)
        if backtest:
            question = backtesting.Question(origins, backtesting.leads_of(leads), html)
            backtesting.run(talk, ask, question)
            return
        parts, folder = line.forecast(ask, talk.watch, weeks, as_of, so_far)
        finish.forecast(talk, parts, folder)
