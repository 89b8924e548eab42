"""``wfplan override``: the planner's layers on the forecast, added, shown, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from wfplan.cli.options import Debug, Json, Plan, Quiet
from wfplan.cli.talk import talking
from wfplan.errors import UsageError

if TYPE_CHECKING:
    pass

EXAMPLE = "wfplan override demo --from 2026-10-19 --change +9% --author ada --reason ad"
_CHANNEL = typer.Option("--channel", metavar="NAME", help="The channel. Default: all channels.")
_FROM = typer.Option("--from", metavar="DATE", help="First date, like 2026-10-19.")
_UNTIL = typer.Option("--until", metavar="DATE", help="Last date, included. Default: one date.")
_TIMES = typer.Option("--times", metavar="HOURS", help="Such as 10:00-14:00. Default: all day.")
_CHANGE = typer.Option(
    "--change",
    metavar="CHANGE",
    help='+10%, =12/interval, =1200/day, "copy 2026-W41" or "copy 2026-W41 +5%".',
)
_REASON = typer.Option("--reason", metavar="TEXT", help="Why.")
_AUTHOR = typer.Option("--author", metavar="NAME", help="Who answers for it.")
_ID = typer.Option("--id", metavar="ID", help="The layer's name. Default: the next of L001, ...")
_UNDO = typer.Option("--undo", metavar="ID", help="Take a layer back; its row stays.")
_REDO = typer.Option("--redo", metavar="ID", help="Put a layer back that was taken back.")
_LIST = typer.Option("--list", help="Show all layers, the lowest first.")


def override(
    plan: Plan,
    channel: Annotated[str, _CHANNEL] = "",
    first: Annotated[str, _FROM] = "",
    until: Annotated[str, _UNTIL] = "",
    times: Annotated[str, _TIMES] = "",
    change: Annotated[str, _CHANGE] = "",
    reason: Annotated[str, _REASON] = "",
    author: Annotated[str, _AUTHOR] = "",
    name: Annotated[str, _ID] = "",
    undo: Annotated[str, _UNDO] = "",
    redo: Annotated[str, _REDO] = "",
    show: Annotated[bool, _LIST] = False,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """
    Lay a change on the forecast, with its author and reason; show the layers, or take one back.

    Layers lie on top of each other in the order in which they were made: a percentage is of what
    lies below, a value and a copied week replace it. They are rows of the plan's table
    'overrides' and hold from the next forecast or build on, which says what each one made.
    """
    with talking("override", json=json, quiet=quiet, debug=debug) as talk:
        row = {
            "channel": channel, "from": first, "until": until, "times": times, "change": change,
            "reason": reason, "author": author, "id": name,
        }  # fmt: skip
        _require_one_wish(row, undo=undo, redo=redo, show=show)
        from wfplan.cli import overriding

        if undo or redo:
            overriding.switch(talk, plan, undo or redo, is_active=bool(redo))
        elif any(row.values()):
            overriding.add(talk, plan, row)
        else:
            overriding.show(talk, plan)


def _require_one_wish(row: dict[str, str], *, undo: str, redo: str, show: bool) -> None:
    """Refuse to add, take back and put back at once."""
    given = [f"--{name}" for name, text in row.items() if text]
    wishes = [f"--undo {undo}"] * bool(undo) + [f"--redo {redo}"] * bool(redo)
    wishes += ["--list"] * show + ([" ".join(given)] if given else [])
    if len(wishes) > 1:
        raise UsageError(f"{' and '.join(wishes)} are several wishes: give one at a time.")
