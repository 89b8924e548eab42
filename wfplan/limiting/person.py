"""Which limits hold for a person in a week, whence each comes, and which rows do nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wfplan.errors import InputError, did_you_mean
from wfplan.limiting.people import is_in, served
from wfplan.rules.base import SettableRule
from wfplan.rules.hr_limits import OF_CHANNELS, OF_PUBLISHING, reference_weeks, setting_of
from wfplan.rules.registry import SETTABLE, rules_of
from wfplan.rules.wording import say_minutes

if TYPE_CHECKING:
    from wfplan.domain.limits import Constraint
    from wfplan.domain.people import Agent
    from wfplan.domain.problem import PlanningProblem
    from wfplan.horizon import Horizon
    from wfplan.rules.base import Rule

_VALUES = ("rest_min", "average_min", "least_min", "most_min", "spread_min", "over_min", "minutes")
_COUNTS = ("most", "count", "share", "days", "notice_days")


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
    found = [
        Held(rule.name, f"{said} ({rule.hardness})", rule.source)
        for rule in rules
        if (said := _said(rule))
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
    why = "; ".join(f"{_said(one)} from {one.source}" for one in others)
    return [_row(row, f"in its place: {why}")]


def _row(row: Constraint, because: str) -> Held:
    said = f"{row.value:g} {row.unit} ({row.strength})"
    return Held(row.rule, said, row.origin, row.constraint_id, because)


def _said(rule: Rule) -> str:
    """The value of a rule in words; empty where it has none."""
    bound = getattr(rule, "bound", "")
    side = f"{bound} " if bound else ""
    for name in _VALUES:
        if (minutes := getattr(rule, name, None)) is not None:
            weeks = getattr(rule, "weeks", 0)
            over = f" a week over {weeks} weeks" if name == "average_min" and weeks else ""
            return f"{side}{say_minutes(minutes)}{over}"
    for name in _COUNTS:
        if (count := getattr(rule, name, None)) is not None:
            return f"{side}{count:g}"
    return ""
