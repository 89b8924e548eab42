"""What the auditor says of a schedule: hard breaches, and what soft ones cost each person."""

from __future__ import annotations

from collections.abc import Sequence

from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import Breach
from wfplan.domain.schedule import Schedule, Shift
from wfplan.horizon import Horizon
from wfplan.rules import AgentWeek, rules_of
from wfplan.rules.base import SOFT


def judged(
    problem: PlanningProblem, agent: Agent, horizon: Horizon, shifts: Sequence[Shift]
) -> tuple[list[Breach], float]:
    """Hard breaches of a person's shifts, and the harm points of her soft rules."""
    week = AgentWeek.of(problem, agent, horizon, shifts)
    hard, cost = [], 0.0
    for rule in rules_of(problem, agent, horizon.dates):
        for breach in rule.breaches(week):
            hard += [breach] if breach.hardness != SOFT else []
            # what a hard rule tells softly binds no plan, and no plan pays for it
            cost += rule.price(breach.amount, breach.unit) if rule.hardness == SOFT else 0.0
    return hard, cost


def soft_costs(problem: PlanningProblem, horizon: Horizon, schedule: Schedule) -> dict[str, float]:
    """Harm points of everybody's soft rules, by agent."""
    shifts = schedule.by_agent()
    return {
        agent.agent_id: judged(problem, agent, horizon, shifts.get(agent.agent_id, []))[1]
        for agent in problem.agents
    }
