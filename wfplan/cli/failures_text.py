"""What a forecast says on the terminal of who comes back, and of groups and the site."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from wfplan.domain.forecast_tables import FORECAST_TOTALS

if TYPE_CHECKING:
    from wfplan.staffing import FreshDemand
    from wfplan.store import RunParts


def fresh_of(parts: RunParts) -> FreshDemand | None:
    """First contacts of a forecast; None where nobody comes back."""
    from wfplan import staffing

    assert parts.demand is not None
    if not staffing.comes_back(parts.problem):
        return None
    need = parts.need or staffing.staff_need(parts.problem, parts.demand)
    return staffing.fresh_demand(parts.problem, parts.demand, need)


def lines(parts: RunParts, fresh: FreshDemand | None) -> list[str]:
    """Totals of groups and the site, and who comes back."""
    from wfplan.cli.summary import plain, table
    from wfplan.report.failures import sentence

    said = [plain(sentence(row)) for row in fresh.channels] if fresh else []
    said += [fresh.why_not] if fresh and fresh.why_not else []
    rows = [
        ["Totals", "from", "contacts", "80 % range"],
        *(
            [f"  {name}", f"{first}", f"{mean:,.0f}", f"{low:,.0f} to {high:,.0f}"]
            for level, name, span, first, mean, low, high in _totals(parts)
            if level != "channel" and span == "week"
        ),
    ]
    is_one = parts.demand is not None and len(parts.demand.channels) < 2
    totals = [] if is_one or len(rows) == 1 else [*table(rows, range(2, 4)), ""]
    return [*totals, *said, *([""] if said else [])]


def figures(parts: RunParts, fresh: FreshDemand | None) -> dict[str, Any]:
    """The same as an object: all levels, by day and week."""
    assert parts.demand is not None
    table = parts.demand.tables.get(FORECAST_TOTALS.name)
    rows = (
        []
        if table is None
        else json.loads(table.astype({"first_day": str}).to_json(orient="records"))
    )
    return {"totals": rows, "fresh_demand": fresh.as_dict() if fresh else None}


def _totals(parts: RunParts) -> list[tuple[Any, ...]]:
    """Level, name, span, first day, mean and range of every total."""
    assert parts.demand is not None
    table = parts.demand.tables.get(FORECAST_TOTALS.name)
    names = ("level", "name", "span", "first_day", "offered_mean", "offered_q10", "offered_q90")
    return [] if table is None else list(zip(*(table[name] for name in names), strict=True))
