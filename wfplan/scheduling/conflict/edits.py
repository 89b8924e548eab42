"""Changes of a plan for one person: rows taken out, values of hers, of her contract, of a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wfplan.domain.conflicts import Change
from wfplan.domain.contracts import Contract
from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem, RuleSetting
from wfplan.domain.schedule import LockedShift, PastShift
from wfplan.rules.base import HARD, SettableRule
from wfplan.rules.registry import SETTABLE, concerns

Edit = Callable[[PlanningProblem], PlanningProblem]


@dataclass(frozen=True)
class Step:
    """A change in words, and the plan with it."""

    change: Change
    edit: Edit


@dataclass(frozen=True)
class Way:
    """
    Something that can give way, in steps from the least, 1, to the most, ``count``.

    ``name`` tells it from other ways of the person; ``at_least`` is what its
    first step costs.
    """

    name: tuple[object, ...]
    count: int
    at: Callable[[int], Step]

    @property
    def at_least(self) -> float:
        """Points of the first step."""
        return self.at(1).change.cost


def agent_of(problem: PlanningProblem, agent_id: str) -> Agent:
    """A person of a plan."""
    return next(agent for agent in problem.agents if agent.agent_id == agent_id)


def with_agent(agent_id: str, **values: Any) -> Edit:
    """A plan in which a person has other values."""
    return with_changed(agent_id, lambda agent: values)


def with_changed(agent_id: str, values_of: Callable[[Agent], Mapping[str, Any]]) -> Edit:
    """A plan in which a person has values that are made from those that she has then."""

    def edit(problem: PlanningProblem) -> PlanningProblem:
        agents = tuple(
            one.model_copy(update=values_of(one)) if one.agent_id == agent_id else one
            for one in problem.agents
        )
        return problem.model_copy(update={"agents": agents})

    return edit


def with_contract(agent_id: str, **values: Any) -> Edit:
    """A plan in which a person has a contract of her own with other values."""

    def edit(problem: PlanningProblem) -> PlanningProblem:
        agent = agent_of(problem, agent_id)
        old = problem.contract_of(agent)
        own = f"{old.name}_of_{agent_id}" if f"_of_{agent_id}" not in old.name else old.name
        contract = Contract.model_validate({**dict(old), **values, "name": own})
        kept = [
            rule.model_copy(update={"scope": "agent", "scope_value": agent_id})
            for rule in problem.plan_rules
            if rule.scope == "contract" and rule.scope_value == agent.contract_type
        ]
        problem = problem.model_copy(
            update={
                "contracts": {**problem.contracts, own: contract},
                "plan_rules": (*problem.plan_rules, *kept),
            }
        )
        return with_agent(agent_id, contract_type=own)(problem)

    return edit


def without_lock(lock: LockedShift) -> Edit:
    """A plan without a lock."""
    return lambda problem: problem.model_copy(
        update={"locks": tuple(one for one in problem.locks if one != lock)}
    )


def without_past(gone: PastShift) -> Edit:
    """A plan whose history has a shift less."""
    return lambda problem: problem.model_copy(
        update={"past_shifts": tuple(one for one in problem.past_shifts if one != gone)}
    )


def settings_of(problem: PlanningProblem, agent: Agent) -> Iterator[RuleSetting]:
    """The values of packs and of the plan that concern a person."""
    packs = dict.fromkeys((*problem.site_packs, *filter(None, [agent.rule_pack])))
    for setting in (*(s for name in packs for s in problem.packs[name].rules), *problem.plan_rules):
        if concerns(setting, agent):
            yield setting


def as_rule(setting: RuleSetting) -> SettableRule:
    """The rule of a setting."""
    return SETTABLE[setting.rule].from_setting(setting)


def with_setting(agent_id: str, old: RuleSetting, new: RuleSetting | None) -> Edit:
    """
    A plan in which a looser value of a rule, or none, holds for one person.

    Values at least as strict that concern her are replaced; for everybody else
    they stay as they were.
    """
    rule = as_rule(old)
    floor = as_rule(new).strictness if new else -float("inf")

    def is_in_the_way(one: RuleSetting, agent: Agent) -> bool:
        if one.rule != old.rule or not concerns(one, agent):
            return False
        other = as_rule(one)
        return other.hardness == HARD and other.family == rule.family and other.strictness > floor

    def edit(problem: PlanningProblem) -> PlanningProblem:
        agent = agent_of(problem, agent_id)
        moved = [one for one in settings_of(problem, agent) if is_in_the_way(one, agent)]
        own = [
            one.model_copy(update={"scope": "agent", "scope_value": other.agent_id})
            for one in moved
            for other in problem.agents
            if other.agent_id != agent_id and concerns(one, other)
        ]
        if new is not None:
            own.append(new.model_copy(update={"scope": "agent", "scope_value": agent_id}))
        packs = {
            name: pack.model_copy(update={"rules": _left(pack.rules, moved)})
            for name, pack in problem.packs.items()
        }
        rules = (*_left(problem.plan_rules, moved), *own)
        return problem.model_copy(update={"packs": packs, "plan_rules": rules})

    return edit


def _left(settings: tuple[RuleSetting, ...], moved: list[RuleSetting]) -> tuple[RuleSetting, ...]:
    """Settings without those that were moved."""
    return tuple(one for one in settings if one not in moved)
