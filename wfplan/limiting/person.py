"""Which limits hold for a person in a week, whence each comes, and which rows do nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wfplan.errors import InputError, did_you_mean
from wfplan.limiting.people import is_in, served
from wfplan.limiting.words import value_said
from wfplan.rules.base import SettableRule
from wfplan.rules.hr_limits import OF_CHANNELS, OF_PUBLISHING, reference_weeks, setting_of
from wfplan.rules.registry import SETTABLE, rules_of

if TYPE_CHECKING:
    from wfplan.domain.limits import Constraint
    from wfplan.domain.people import Agent
    from wfplan.domain.problem import PlanningProblem
    from wfplan.horizon import Horizon
    from wfplan.rules.base import Rule


@dataclass(frozen=True)
class Held:
    """A limit: what it asks, where it is from; ``because`` says why it has no effect."""

    rule: str
    said: str
    source: str
    constraint: str = ""
    because: str = ""


def agent_named(problem: PlanningProblem, agent_id: str) -> Agent:
    """
    Somebody of a plan.

    Raises
    ------
    InputError
        When nobody has the id.
    """
    by_id = {agent.agent_id: agent for agent in problem.agents}
    if agent_id not in by_id:
        hint = did_you_mean(agent_id, by_id) or "'wfplan schema agents' explains the table."
        raise InputError(f"nobody of the plan has the id '{agent_id}': {hint}")
    return by_id[agent_id]


def held_for(problem: PlanningProblem, agent: Agent, horizon: Horizon) -> tuple[Held, ...]:
    """Every limit of a person in a week: those that hold, then HR's rows that do not."""
    rules = rules_of(problem, agent, horizon.dates)
    places = {row.origin: _place(row) for row in problem.constraints}
    places["contract"] = f"contract {agent.contract_type}"
    found = [
        Held(rule.name, f"{said} ({rule.hardness})", places.get(rule.source, rule.source))
        for rule in rules
        if (said := value_said(rule))
    ]
    first, last = horizon.dates[0], horizon.dates[-1]
    for row in problem.constraints:
        if is_in(agent, row.scope, row.scope_value):
            if not row.holds(first, last):
                found.append(_row(row, "not in force in this week"))
            else:
                found += _of_row(problem, agent, horizon, row, rules)
    return tuple(found)


def _of_row(
    problem: PlanningProblem,
    agent: Agent,
    horizon: Horizon,
    row: Constraint,
    rules: tuple[Rule, ...],
) -> list[Held]:
    """What is to be said of a row in force beside the rules that hold."""
    if row.rule == OF_PUBLISHING:
        return [_row(row, "")]
    if row.rule == OF_CHANNELS:
        names = served(problem, [agent], horizon)
        caps = {name: problem.channel(name).occupancy_max or 1.0 for name in names}
        in_place = ", ".join(f"{name} {cap:g}" for name, cap in caps.items())
        is_kept = bool(caps) and min(caps.values()) >= row.value - 1e-9
        return [_row(row, "" if is_kept else f"in its place: {in_place or 'no such channel'}")]
    setting = setting_of(row, reference_weeks(problem))
    if setting is None or any(rule.source in (row.origin, row.note) for rule in rules):
        return []
    own = SETTABLE[setting.rule].from_setting(setting)
    others = [r for r in rules if isinstance(r, SettableRule) and r.family == own.family]
    why = "; ".join(f"{value_said(one)} from {one.source}" for one in others)
    return [_row(row, f"in its place: {why}")]


def _row(row: Constraint, because: str) -> Held:
    said = f"{row.value:g} {row.unit} ({row.strength})"
    return Held(row.rule, said, _place(row), row.constraint_id, because)


def _place(row: Constraint) -> str:
    """Where a row comes from and where it stands: ``law, constraint C1, constraints.csv:2``."""
    at = f", {row.file}:{row.line}" if row.file and row.line else ""
    return f"{row.origin}{at}"
