"""Whom a limit is about, and which channels they serve."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wfplan.domain.people import Agent
    from wfplan.domain.problem import PlanningProblem
    from wfplan.horizon import Horizon

_COLUMN = {"site": "site", "team": "team", "agent": "agent_id", "contract_type": "contract_type"}


def is_in(agent: Agent, scope: str, name: str) -> bool:
    """Whether somebody is in a scope of HR's tables."""
    if scope == "all":
        return True
    if scope == "skill":
        return any(skill.skill == name for skill in agent.skills)
    return str(getattr(agent, _COLUMN[scope])) == name


def served(problem: PlanningProblem, people: Iterable[Agent], horizon: Horizon) -> tuple[str, ...]:
    """The real-time channels that some people serve in a week; only those have an occupancy."""
    skills = {
        skill.skill
        for agent in people
        for skill in agent.skills
        if any(skill.is_valid(day) for day in horizon.dates)
    }
    return tuple(c.name for c in problem.channels if c.is_realtime and c.name in skills)
