"""``wfplan rollback``: a published revision brought back."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from wfplan.cli.options import Debug, Json, Plan, Quiet, Reason, Store, week_of
from wfplan.cli.talk import talking

EXAMPLE = 'wfplan rollback demo 2026-10-19 --reason "published the wrong run"'
_WEEK = typer.Argument(metavar="WEEK", parser=week_of, help="A published week, as 2026-10-19.")
_TO = typer.Option("--to", min=1, metavar="REVISION", help="Default: the one before the last.")


def rollback(
    plan: Plan,
    week: Annotated[date, _WEEK],
    to: Annotated[int | None, _TO] = None,
    reason: Reason = "",
    store: Store = None,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Bring a revision of a published week back, as a new one: nothing published is lost."""
    with talking("rollback", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import publishing_end

        publishing_end.rollback(talk, plan, week, to, reason, store)
