"""Notice of a plan: the days from its publishing to its first date that HR's rows ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wfplan.rules.hr_limits import OF_PUBLISHING

if TYPE_CHECKING:
    from datetime import datetime

    from wfplan.domain.problem import PlanningProblem
    from wfplan.horizon import Horizon


def short_notice(problem: PlanningProblem, horizon: Horizon, at: datetime) -> str:
    """Why a plan that is published at an instant comes too late; empty where it does not."""
    first, last = horizon.dates[0], horizon.dates[-1]
    days = (first - horizon.local(at).date()).days
    rows = [
        row
        for row in problem.constraints
        if row.rule == OF_PUBLISHING and row.is_hard and row.holds(first, last) and row.value > days
    ]
    if not rows:
        return ""
    most = max(rows, key=lambda row: row.value)
    return (
        f"the week from {first} is published {max(days, 0)} days before it begins, and "
        f"{most.value:g} days of notice are due ({most.origin}, {most.who})"
    )
