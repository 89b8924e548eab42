"""What is to be known of the overload ledger of a week: its table, and caps that were loosened.

SCIENCE 4.3: the table is versioned, and whoever loosens a cap says why. Neither stops a plan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wfplan import engagement
from wfplan.errors import Fault, Severity
from wfplan.rules import loosened_caps

if TYPE_CHECKING:
    from wfplan.domain.problem import PlanningProblem
    from wfplan.horizon import Horizon

OTHER_TABLE, NO_REASON = "HR303", "HR304"


def about_load(problem: PlanningProblem, horizon: Horizon) -> tuple[Fault, ...]:
    """Warnings about memories of another strain table, and about caps loosened without a reason."""
    found = [
        Fault(
            f"the overload of the weeks before was weighed by the strain table {name} "
            f"({people} {'person' if people == 1 else 'people'}), and that of this week is weighed "
            f"by {problem.strain.name}: the two are not of one measure",
            hint="memories stay as they were and fade: half of the acute one in 5 days, half of "
            "the chronic one in 29; compare the weeks with that in mind",
            code=OTHER_TABLE,
            severity=Severity.WARNING,
        )
        for name, people in engagement.other_tables(problem, horizon).items()
    ]
    found += [
        Fault(
            f"{cap.said} is looser than the default of {cap.default:g} minutes, and nobody says "
            "why",
            hint=f"say why: {cap.key}",
            code=NO_REASON,
            severity=Severity.WARNING,
        )
        for cap in loosened_caps(problem, horizon.dates)
        if not cap.reason
    ]
    return tuple(found)
