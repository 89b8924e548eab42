"""``wfplan quarter``: weeks planned one after another, and the load they put on people."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from wfplan.cli.options import Debug, Force, Json, Out, Passes, Plan, Quiet, Seed, week_of
from wfplan.cli.talk import talking

EXAMPLE = "wfplan quarter demo --weeks 13 --compare"
_WEEKS = typer.Option("--weeks", min=1, max=53, help="How many weeks are planned.")
_FROM = typer.Option(
    "--from",
    parser=week_of,
    metavar="DATE|WEEK",
    help="A date of the first week (2026-10-26) or an ISO week (2026-W44). Default: the week after "
    "the contact history.",
)
_STORE = typer.Option(
    "--store",
    metavar="FILE|URL",
    help="Publish the weeks into this planning store: people are told. Default: one of the "
    "quarter's own, that begins with what the plan's store knows.",
)
_NO_MEMORY = typer.Option(
    "--no-memory", help="Let no week know the weeks that were planned before it."
)
_COMPARE = typer.Option(
    "--compare", help="Plan every week a second time without memory, and show both side by side."
)
_OVERRIDE = typer.Option(
    "--override",
    metavar="REASON",
    help="With --store: publish weeks with a side out of its limits, too, and why.",
)
_RESUME = typer.Option("--resume", help="Go on after the last week that is planned.")


def quarter(
    plan: Plan,
    weeks: Annotated[int, _WEEKS] = 13,
    first: Annotated[date | None, _FROM] = None,
    out: Out = None,
    store: Annotated[str | None, _STORE] = None,
    no_memory: Annotated[bool, _NO_MEMORY] = False,
    compare: Annotated[bool, _COMPARE] = False,
    override: Annotated[str, _OVERRIDE] = "",
    seed: Seed = 0,
    passes: Passes = None,
    resume: Annotated[bool, _RESUME] = False,
    force: Force = False,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """
    Plan a quarter: each week knows the weeks before it.

    Every week is a run folder with its report; the page of the quarter shows what
    people carry over the weeks. It stops at the first week that cannot be planned
    or published; --resume goes on there, also after Ctrl-C.
    """
    with talking("quarter", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import quarter_end

        ask = quarter_end.Ask(
            plan, weeks, first, out, store, seed, passes, override,
            is_resumed=resume, is_forced=force,
        )  # fmt: skip
        quarter_end.run(talk, ask, has_memory=not no_memory, is_compared=compare)
