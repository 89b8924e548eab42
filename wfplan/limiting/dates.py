"""Limits that begin or end inside the planned dates: for all of them the stricter value holds.

A rule that counts over a week, or looks at the rest between two dates, has no other plain
meaning in half a week; so every row in force on one of the planned dates holds on all, for the
planner and for the audit alike. It is said, once for all rows.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from wfplan.errors import Fault, Severity

if TYPE_CHECKING:
    from wfplan.domain.limits import Constraint
    from wfplan.domain.problem import PlanningProblem
    from wfplan.horizon import Horizon

_SHOWN = 6


def begun_inside(problem: PlanningProblem, horizon: Horizon) -> tuple[Fault, ...]:
    """A warning with the rows that begin or end between the first and the last planned date."""
    first, last = horizon.dates[0], horizon.dates[-1]
    said = [
        (row, text)
        for row in problem.constraints
        if row.holds(first, last) and (text := _inside(row, horizon))
    ]
    if not said:
        return ()
    row = said[0][0]
    names = ", ".join(text for _, text in said[:_SHOWN])
    names += f" and {len(said) - _SHOWN} more" if len(said) > _SHOWN else ""
    text = f"{names}: held from {first} to {last}, of several rows the stricter"
    hint = "let limits begin with a planning week where they need not hold before"
    return (Fault(text, row.file, row.line, hint=hint, severity=Severity.WARNING),)


def _inside(row: Constraint, horizon: Horizon) -> str:
    """What happens to a row inside the planned dates."""
    first, last = horizon.dates[0], horizon.dates[-1]
    begins = row.valid_from is not None and row.valid_from > first
    ends = row.valid_to is not None and row.valid_to < last
    if begins and ends:
        return f"{row.constraint_id} holds from {row.valid_from} to {row.valid_to} only"
    if begins:
        return f"{row.constraint_id} begins on {row.valid_from}"
    day = (row.valid_to or last) + timedelta(days=1)
    return f"{row.constraint_id} ends before {day}" if ends else ""
