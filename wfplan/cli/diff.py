"""``wfplan diff``: what changes for whom between two schedules, in words."""

from __future__ import annotations

from typing import Annotated

import typer

from wfplan.cli.options import Debug, Json, Plan, Quiet, Store
from wfplan.cli.talk import talking

EXAMPLE = "wfplan diff demo 2026-10-19:1 2026-10-19"
_WHAT = "A published week (2026-10-19, or 2026-10-19:1 for its first revision), or a run folder."


def diff(
    plan: Plan,
    first: Annotated[str, typer.Argument(metavar="A", help=_WHAT)],
    second: Annotated[str, typer.Argument(metavar="B", help="What A is compared with; the same.")],
    store: Store = None,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Say person by person what changes from one schedule to another."""
    with talking("diff", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import publishing_end

        publishing_end.diff(talk, plan, first, second, store)
