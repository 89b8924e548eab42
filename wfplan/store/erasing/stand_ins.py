"""
Stand-ins: who works the shifts of somebody who was forgotten, in a run that is read again.

A run's totals, its coverage and its audit need somebody under a contract, with skills. What a
stand-in has of the person is what the work needs, and nothing that tells who it was: no name,
no dates of employment, no wishes, no time off. It is kept in the manifest of its run alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from wfplan.domain.people import Agent, Skill, StandIn
from wfplan.domain.problem import PlanningProblem
from wfplan.store.manifest import STAND_INS, read_manifest

_WHOLE_WEEK_H = 60.0
_USUAL_H = 40.0


def stand_in_for(agent: Agent, gone: str) -> StandIn:
    """What a run needs of a person who is still in the plan."""
    return StandIn(
        agent_id=gone,
        site=agent.site,
        team=agent.team,
        timezone=agent.timezone,
        contract_type=agent.contract_type,
        contract_hours_week=agent.contract_hours_week,
        min_hours_week=agent.min_hours_week,
        max_hours_week=agent.max_hours_week,
        rule_pack=agent.rule_pack,
        skills=tuple(
            Skill(skill=one.skill, level=one.level, aht_factor=one.aht_factor)
            for one in agent.skills
        ),
    )


def stand_in_of_rows(
    row: Mapping[str, str], contract: str, skills: Iterable[str], gone: str
) -> StandIn:
    """What a run itself says of a person whom the plan has no more; her limits are not known."""
    return StandIn(
        agent_id=gone,
        site=row.get("site", ""),
        team=row.get("group", ""),
        timezone=row.get("timezone") or "UTC",
        contract_type=contract,
        contract_hours_week=_USUAL_H,
        min_hours_week=0.0,
        max_hours_week=_WHOLE_WEEK_H,
        skills=tuple(Skill(skill=name) for name in skills),
    )


def stand_ins_of(folder: Path) -> tuple[StandIn, ...]:
    """The stand-ins in a run folder."""
    found: list[Any] = read_manifest(folder).get(STAND_INS, [])
    return tuple(StandIn.model_validate(one, strict=False) for one in found)


def with_stand_ins(problem: PlanningProblem, folder: Path) -> PlanningProblem:
    """The problem of a run folder with those who stand there for people who were forgotten."""
    more = stand_ins_of(folder)
    if not more:
        return problem
    return problem.model_copy(update={"agents": (*problem.agents, *more)})
