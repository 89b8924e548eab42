"""``wfplan offers``: open shifts, overtime and time off where supply does not fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wfplan.cli.options import Debug, Json, Quiet, RunFolder
from wfplan.cli.talk import talking

if TYPE_CHECKING:
    from wfplan.domain.offers import Offer
    from wfplan.store import RunParts

EXAMPLE = "wfplan offers runs/harbour-bank/2026-10-19"
_NAMES = {
    "overtime": "Overtime",
    "open_shift": "Open shifts",
    "voluntary_time_off": "Voluntary time off",
}


def offers(
    run: RunFolder,
    most: Annotated[
        int, typer.Option("--most", min=1, max=500, help="Offers of a kind, at most.")
    ] = 20,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """
    Show what could be offered where supply does not fit a run's demand.

    Open shifts that nobody has, overtime within everybody's limits, and voluntary time off that
    customers hardly notice, each in order of worth: what it saves customers beside what it costs.
    Offers are priced one after another, so that no two fill the same gap, and the audit has
    passed each that a person could take. They go into offers.csv and the report.
    """
    with talking("offers", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import line

        parts, found, folder = line.offers(run, most, talk.watch)
        result = {"offers": [_plain(one) for one in found], "notes": _notes(parts, found)}
        talk.finish(result, _text(parts, found, folder))


def _plain(one: Offer) -> dict[str, Any]:
    """An offer as plain values."""
    return {
        "kind": str(one.kind),
        "agent_id": one.agent_id or None,
        "group": one.group,
        "contract_type": one.contract,
        "start": one.start.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "end": one.end.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "saves_harm": one.saves_harm,
        "costs_hours": one.costs_hours,
        "costs_money": one.costs_money,
        "why": one.why,
    }


def _text(parts: RunParts, found: Sequence[Offer], folder: Path) -> str:
    lines = []
    for kind, name in _NAMES.items():
        some = [one for one in found if one.kind == kind]
        lines += [f"{name}: {'none' if not some else len(some)}"]
        lines += [f"  {line}" for line in _lines(parts, some)]
    lines += _notes(parts, found)
    return "\n".join([*lines, f"Wrote {folder / 'offers.csv'}"])


def _lines(parts: RunParts, some: Sequence[Offer]) -> Iterator[str]:
    horizon, currency = parts.horizon, parts.problem.currency
    for one in some:
        start, end = horizon.local(one.start), horizon.local(one.end)
        who = one.agent_id or f"{one.group}, {one.contract}"
        money = "" if one.costs_money is None else f", {one.costs_money:+.2f} {currency}"
        yield (
            f"{start:%a %d %b %H:%M}-{end:%H:%M}  {who}  {one.costs_hours:+g} h{money}  "
            f"harm points saved {one.saves_harm:+.2f}  ({one.why})"
        )


def _notes(parts: RunParts, found: Sequence[Offer]) -> list[str]:
    """Why there is nothing of a kind, where that can be said."""
    if any(one.kind == "overtime" for one in found):
        return []
    agents = parts.problem.agents
    stuck = sum(agent.max_hours_week <= agent.contract_hours_week for agent in agents)
    if not stuck:
        return []
    text = (
        f"{stuck} of {len(agents)} people may not work more than their contract's hours: "
        "max_hours_week in agents.csv leaves no room for overtime."
    )
    return [text]
