"""The problem of a week with the limits that are in force in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wfplan.limiting.caps import capped
from wfplan.limiting.dates import begun_inside
from wfplan.limiting.history import CODE, blind_rules
from wfplan.limiting.load import about_load
from wfplan.limiting.packs import out_of_date
from wfplan.limiting.policy import loosened

if TYPE_CHECKING:
    from wfplan.domain.problem import PlanningProblem
    from wfplan.horizon import Horizon


def in_force(problem: PlanningProblem, horizon: Horizon) -> PlanningProblem:
    """
    The problem as a week has it: caps of occupancy, what a policy loosens, and warnings.

    Rules of single people know their dates themselves; those that begin or end inside the week
    hold for all of it (:mod:`wfplan.limiting.dates`).
    """
    kept = tuple(one for one in problem.warnings if one.code != CODE)
    said = (
        *blind_rules(problem, horizon),
        *out_of_date(problem, horizon),
        *begun_inside(problem, horizon),
        *about_load(problem, horizon),
    )
    after, more = capped(problem, horizon)
    return loosened(after, horizon).model_copy(update={"warnings": (*kept, *said, *more)})
