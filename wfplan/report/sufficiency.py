"""Whether the history suffices for a forecast, as the report shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wfplan.domain.results import Run

ENOUGH = "enough"
_RANK = (ENOUGH, "with care", "not enough")


@dataclass(frozen=True)
class DataLine:
    """One thing that a forecast of a channel needs to know and lacks."""

    channel: str
    what: str
    have: str
    need: str
    verdict: str
    help: str


@dataclass(frozen=True)
class DataPanel:
    """The verdict of each channel in a sentence, and what is short."""

    verdicts: tuple[str, ...]
    lines: tuple[DataLine, ...]


def data_panel(run: Run) -> DataPanel | None:
    """What the history of each channel lacks; None where a run does not know."""
    known = run.demand.sufficiency
    if not known:
        return None
    worst: dict[str, int] = {}
    for one in known:
        worst[one.channel] = max(worst.get(one.channel, 0), _RANK.index(one.verdict))
    short = sorted(
        (one for one in known if one.verdict != ENOUGH),
        key=lambda one: -_RANK.index(one.verdict),
    )
    return DataPanel(
        tuple(f"{channel}: {_RANK[rank]}" for channel, rank in worst.items()),
        tuple(DataLine(**vars(one)) for one in short),
    )


def data_context(run: Run) -> dict[str, Any]:
    """What the page's template is given."""
    return {"data_panel": data_panel(run)}
