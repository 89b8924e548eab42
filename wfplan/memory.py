"""
What the planning store remembers of a plan: the past that its next week follows.

Where a store lies beside a plan (or is named), published weeks are its history: shifts for the
rules that look back, the ledger for what people carry, burdens for a fair share. What the plan's
own tables say of a person and a day counts before it: in the weeks of which its history tells
somebody's shifts, what was published and worked otherwise, or not at all, is not counted.
"""

from __future__ import annotations

from datetime import date, timedelta
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from wfplan import engagement
from wfplan.addresses import FILE, address_beside, address_of, is_there, store_of
from wfplan.domain.problem import PlanningProblem
from wfplan.errors import InputError
from wfplan.horizon import Horizon
from wfplan.rules.hr_limits import REFERENCE_WEEKS
from wfplan.store import slug_of

if TYPE_CHECKING:
    from wfplan.store.database import Past

__all__ = [
    "FILE",
    "address_beside",
    "address_of",
    "back_days",
    "is_there",
    "remembered",
    "store_of",
]

_MEMORIES = 2  # of burdens: of what is older less than a seventh counts
_NO_HISTORY = "HR301"


def back_days(problem: PlanningProblem) -> int:
    """How many days before a week its rules, averages and memories look, at most."""
    names = {*problem.site_packs, *(agent.rule_pack for agent in problem.agents)}
    packs = [pack for name, pack in problem.packs.items() if name in names]
    rules = (*problem.plan_rules, *(rule for pack in packs for rule in pack.rules))
    periods = [setting.weeks or 0 for setting in rules]
    memory = ceil(_MEMORIES * problem.objective.fairness_weeks)
    return 7 * max(REFERENCE_WEEKS, memory, *periods)


def remembered(
    problem: PlanningProblem, horizon: Horizon, plan: Path, asked: str | None = None
) -> PlanningProblem:
    """The problem with the past that the store knows; as it is where there is none."""
    address = address_of(plan, asked)
    if not is_there(address):
        if asked:
            raise InputError(f"there is no planning store at {asked}: check --store.")
        return problem.model_copy(update={"seen_revision": 0})
    from wfplan.store import database

    name = slug_of(problem.name)
    with database.opened(address) as engine, database.reading(engine) as connection:
        past = database.past_of(connection, name, horizon.first_day, back_days(problem))
        seen = database.current_number(connection, name, horizon.first_day)
    here = {agent.agent_id for agent in problem.agents}
    problem = problem.model_copy(update={"seen_revision": seen})
    if not past.weeks:
        return problem
    return engagement.protected(_with(problem, past, here), horizon.first_day)


def _with(problem: PlanningProblem, past: Past, here: set[str]) -> PlanningProblem:
    """The problem with shifts and loads of people who are in it, its own rows first."""
    told = _told_days(problem)
    worked = problem.past_shifts_of
    zones = {agent.agent_id: ZoneInfo(agent.timezone) for agent in problem.agents}
    plain = here.difference(told, worked)  # of most people the plan's tables say nothing
    shifts = [
        one
        for one in past.shifts
        if one.agent_id in plain
        or (
            one.agent_id in here
            and one.start.astimezone(zones[one.agent_id]).date() not in told.get(one.agent_id, ())
            and not any(
                one.start < own.end and own.start < one.end for own in worked.get(one.agent_id, ())
            )
        )
    ]
    dated = {(one.agent_id, one.day) for one in problem.past_loads}
    loads = [
        one for one in past.loads if one.agent_id in here and (one.agent_id, one.day) not in dated
    ]
    promises = tuple(one for one in past.kept if one.agent_id in here)
    warnings = tuple(one for one in problem.warnings if one.code != _NO_HISTORY)
    return problem.model_copy(
        update={
            "past_shifts": (*problem.past_shifts, *shifts),
            "past_loads": (*problem.past_loads, *loads),
            "past_promises": promises,
            "warnings": warnings if shifts else problem.warnings,
        }
    )


def _told_days(problem: PlanningProblem) -> dict[str, set[date]]:
    """
    By person the dates of which the plan's own history tells what was worked.

    They are those of planning weeks with a row of anybody, from the first to the last week with
    one of hers, and within all rows: a week that ends after the last row is told up to it.
    """
    days = {
        agent.agent_id: {
            shift.start.astimezone(ZoneInfo(agent.timezone)).date()
            for shift in problem.past_shifts_of.get(agent.agent_id, ())
        }
        for agent in problem.agents
    }
    of_all = set().union(*days.values())
    if not of_all:
        return {}
    first, last = min(of_all), max(of_all)
    weeks = {_week_of(problem, day) for day in of_all}
    found = {}
    for agent_id, own in days.items():
        mine = {_week_of(problem, day) for day in own}
        told = [week for week in weeks if mine and min(mine) <= week <= max(mine)]
        dates = {week + timedelta(days=day) for week in told for day in range(7)}
        found[agent_id] = {day for day in dates if first <= day <= last}
    return found


def _week_of(problem: PlanningProblem, day: date) -> date:
    """The first date of the planning week of a date."""
    return day - timedelta(days=(day.weekday() - problem.week_start) % 7)
