"""What can give way where demands leave no week, in steps from the least to the most."""

from __future__ import annotations

from wfplan.domain.people import Agent, TimeOff
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.schedule import LockedShift
from wfplan.scheduling.conflict import words
from wfplan.scheduling.conflict.asking import PRICES, Asking
from wfplan.scheduling.conflict.demands import Demand
from wfplan.scheduling.conflict.edits import (
    Way,
    without_past,
)
from wfplan.scheduling.conflict.ways_of_rows import available, dates_moved, released, withdrawn
from wfplan.scheduling.conflict.ways_of_values import hours, of_contract, of_settings


def ways_of(problem: PlanningProblem, agent: Agent, demand: Demand) -> list[Way]:
    """Everything that can give way in one demand."""
    asking, name = Asking(problem, agent, demand), demand.rule.name
    if isinstance(demand.row, LockedShift):
        return [released(asking, demand.row)]
    if isinstance(demand.row, TimeOff):
        return list(withdrawn(asking, demand.row))
    if name == "availability":
        return list(available(asking))
    if name == "paid_time_week":
        return [hours(asking)]
    if name in ("employment", "skill_required", "readiness"):
        return list(dates_moved(asking))
    if demand.rule.source == "contract":
        return list(of_contract(asking))
    return list(of_settings(asking))


def ways_of_past(problem: PlanningProblem, agent: Agent, demand: Demand) -> list[Way]:
    """Rows of the history that a demand depends on: none is given up, but one may be wrong."""
    asking, zone = Asking(problem, agent, demand), agent.timezone
    ways = []
    for gone in demand.person.past[-1:]:
        text = f"take {words.past([gone], zone)} out of history.csv, if that row is wrong"
        step = asking.step(
            without_past(gone), text, "history.csv", "row", words.at(gone.end, zone), "",
            PRICES["a shift of the history"],
        )  # fmt: skip
        ways.append(Way(("history", gone.start), 1, lambda k, step=step: step))  # type: ignore[misc]
    return ways
