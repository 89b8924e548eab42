"""What a week costs as it was lived in simulation: by this, plans of different curves compare."""

from __future__ import annotations

import numpy as np

from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import Outcome, Solution, StaffNeed
from wfplan.evaluation.tails import tail_mean

_PLANNED = (
    "floors", "empowered", "wishes", "paid_time", "overtime", "changes", "rules", "strain",
    "overload", "fair_nights", "fair_weekends", "fair_lates", "fair_hard_hours",
    "team_rules",
    "activities",
)  # fmt: skip
"""Terms of the objective that are taken as planned."""


def lived_cost(
    problem: PlanningProblem, need: StaffNeed, reading: Solution, outcome: Outcome
) -> float:
    """
    The objective in harm points, with the harm that customers lived through in simulation.

    Harm and its tail are the simulated ones; floors, empowered people, wishes
    and paid time are those of ``reading``, the schedule as the curves of
    ``need`` read it. Compare plans by readings of one need: what is missing
    under a floor depends on how a reading spreads people over channels. The
    noise of single intervals makes the tail a little worse than it is, for
    every plan alike.
    """
    weights = problem.objective
    harm = np.nan_to_num(outcome.by_interval("harm", need.channels))
    per_contact = np.divide(harm, need.volume, out=np.zeros_like(harm), where=need.volume > 0)
    tail = tail_mean(per_contact.ravel(), need.volume.ravel(), 1 - weights.tail)
    tail_harm = float(np.nan_to_num(tail)) * float(need.volume.sum())
    planned = sum(reading.terms.get(name, 0.0) for name in _PLANNED)
    return (1 - weights.balance) * float(harm.sum()) + weights.balance * tail_harm + planned
