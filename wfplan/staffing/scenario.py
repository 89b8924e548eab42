"""Scenarios: what if volume is up, handling takes longer, or people are out.

A change is written ``volume=+10%``, ``volume.voice=-20%``, ``aht.chat=+5%`` or
``absent=A017,A022``. It lives in the run only; the plan folder stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import DemandForecast
from wfplan.errors import InputError, did_you_mean

_CHANGE = re.compile(
    r"(?P<what>volume|aht)(?:\.(?P<channel>[^=]+))?=(?P<percent>[+-]?\d+(?:\.\d+)?)%"
)
_ABSENT = re.compile(r"absent=(?P<agents>[^=]+)")
_LARGEST_PERCENT = 1000


def with_scenario(problem: PlanningProblem, changes: Sequence[str]) -> PlanningProblem:
    """
    The problem under some changes: absent people taken out, the others noted.

    Raises
    ------
    InputError
        When a change cannot be read or names an unknown channel or agent.
    """
    if not changes:
        return problem
    absent: set[str] = set()
    known = {agent.agent_id for agent in problem.agents}
    for change in changes:
        match = _ABSENT.fullmatch(change.strip())
        if match:
            absent |= {name.strip() for name in match["agents"].split(",")}
        else:
            _factor(change, [channel.name for channel in problem.channels])
    for name in sorted(absent - known):
        hint = did_you_mean(name, known) or "the ids are those of the agents table."
        raise InputError(f"absent={name}: there is no such agent: {hint}")
    agents = tuple(agent for agent in problem.agents if agent.agent_id not in absent)
    locks = tuple(lock for lock in problem.locks if lock.agent_id not in absent)
    return problem.model_copy(update={"agents": agents, "locks": locks, "scenario": tuple(changes)})


def in_scenario(demand: DemandForecast, changes: Sequence[str]) -> DemandForecast:
    """Demand with the scenario's volumes and handle times."""
    for change in changes:
        if _ABSENT.fullmatch(change.strip()):
            continue
        what, channel, factor = _factor(change, demand.channels)
        rows = np.array([channel in (None, name) for name in demand.channels])
        by = np.where(rows, factor, 1.0)[:, None]
        if what == "aht":
            demand = replace(demand, aht_s=demand.aht_s * by)
        else:
            counts = ("offered_mean", "offered_q10", "offered_q50", "offered_q90")
            demand = replace(demand, **{name: getattr(demand, name) * by for name in counts})
    return demand


def _factor(change: str, channels: Sequence[str]) -> tuple[str, str | None, float]:
    """What a change concerns, on which channel, and the factor."""
    match = _CHANGE.fullmatch(change.strip())
    if not match:
        raise InputError(
            f"'{change}' is not a scenario: write volume=+10%, volume.voice=-20%, aht.chat=+5% "
            "or absent=A017,A022."
        )
    channel, percent = match["channel"], float(match["percent"])
    if channel is not None and channel not in channels:
        hint = did_you_mean(channel, channels) or f"its channels are {', '.join(channels)}."
        raise InputError(f"'{change}' names no channel of the plan: {hint}")
    if not -100 < percent <= _LARGEST_PERCENT:
        raise InputError(
            f"'{change}' cannot be tried: use above -100 % and at most +{_LARGEST_PERCENT} %."
        )
    return match["what"], channel, 1 + percent / 100
