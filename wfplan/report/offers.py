"""What could be offered where supply does not fit, as rows of the report."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from wfplan.domain.results import Run
from wfplan.report.numbers import signed

KINDS = {
    "overtime": "overtime",
    "open_shift": "open shift",
    "voluntary_time_off": "voluntary time off",
}


@dataclass(frozen=True)
class OfferRow:
    """One offer in words."""

    kind: str
    agent_id: str
    group: str
    when: str
    hours: str
    saves: str
    why: str


def offer_rows(run: Run) -> tuple[OfferRow, ...] | None:
    """The offers of a run; None where nobody asked for any."""
    if run.offers is None:
        return None
    return tuple(_row(run, one) for one in run.offers.to_dict("records"))


def _row(run: Run, one: Mapping[Hashable, Any]) -> OfferRow:
    start, end = (
        run.horizon.local(pd.Timestamp(str(one[name])).to_pydatetime()) for name in ("start", "end")
    )
    contract = f"{one['group']}, {one['contract_type']}"
    return OfferRow(
        kind=KINDS[str(one["kind"])],
        agent_id=str(one["agent_id"]) if isinstance(one["agent_id"], str) else "",
        group=contract,
        when=f"{start:%a %H:%M}–{end:%H:%M}",
        hours=signed(float(str(one["costs_hours"]))),
        saves=signed(float(str(one["saves_harm"]))),
        why=str(one["why"]),
    )
