"""Whose demand it is, and what it costs to ask for a change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wfplan.domain.conflicts import Change
from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.scheduling.conflict.demands import Demand
from wfplan.scheduling.conflict.edits import (
    Edit,
    Step,
)

PRICES: Mapping[str, float] = {
    "any change": 0.5,
    "an hour of her least or most hours": 1.0,
    "a lock": 2.0,
    "an hour of availability": 1.5,
    "an hour, a day or a step of a contract's rule": 6.0,
    "an hour, a day or a step of a rule of the plan": 4.0,
    "a day of a skill or of readiness": 4.0,
    "a day of time off": 8.0,
    "a day of employment": 50.0,
    "an hour, a day or a step of a law": 100.0,
    "a shift of the history": 500.0,
}
"""Points that rank relaxations: what is asked of whom, an hour of a person's hours being 1."""


@dataclass(frozen=True)
class Asking:
    """The person whose demand it is, and the plan."""

    problem: PlanningProblem
    agent: Agent
    demand: Demand

    def step(
        self, edit: Edit, text: str, where: str, field: str, before: str, after: str, cost: float
    ) -> Step:
        """A change with its words."""
        return Step(
            Change(
                rule=self.demand.rule.name, text=text, where=where, field=field, before=before,
                after=after, cost=round(cost + PRICES["any change"], 2), agent_id=self.who,
            ),
            edit,
        )  # fmt: skip

    @property
    def who(self) -> str:
        """The person's id."""
        return self.agent.agent_id
