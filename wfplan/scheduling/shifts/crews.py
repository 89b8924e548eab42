"""Crews, and how many people each set of channels must have on queue.

A crew are the people of a skill group who work under one contract. Staff are
wanted per channel; who serves what inside an interval is left open. People are
enough for all channels exactly when, for every set of channels, those who serve
any of them are at least as many as the set needs (Gale 1957): so the cover needs
no variables for who serves what, and the right sides may be rounded up to whole
people, set by set.

References
----------
.. [1] Gale, D. (1957). A theorem on flows in networks. *Pacific Journal of
       Mathematics*, 7(2): 1073-1082. https://doi.org/10.2140/pjm.1957.7.1073
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import StaffNeed
from wfplan.errors import InputError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

EVERYBODY = "everybody"
EMPOWERED = "empowered"
CHANNELS_MAX = 10  # sets of channels double with each
_ROUNDING = 1e-6


@dataclass(frozen=True)
class Crew:
    """
    People who serve the same channels under the same contract.

    Hours are paid hours a week, the means of the crew; ``cost_per_h`` is None
    where it is not known of everybody.
    """

    group: str
    contract: str
    timezone: str
    channels: frozenset[str]
    is_empowered: bool
    agents: tuple[Agent, ...]
    hours_least: float
    hours_most: float
    work_days_max: int
    cost_per_h: float | None

    @property
    def name(self) -> str:
        """Group and contract, with the zone where the plan has several."""
        return ",".join(part for part in (self.group, self.contract, self.timezone) if part)


@dataclass(frozen=True)
class Wanted:
    """Whole people on queue who serve any of some channels, (slot,), and the crews that can."""

    name: str
    heads: IntArray
    crews: tuple[int, ...]
    exact: FloatArray  # (slot,), before rounding


def crews_of(problem: PlanningProblem, need: StaffNeed, *, by_group: bool) -> list[Crew]:
    """
    The crews of a plan; one skill group for all channels unless ``by_group``.

    Raises
    ------
    InputError
        When nobody serves any channel, or the plan has too many channels for groups.
    """
    if by_group and len(need.channels) > CHANNELS_MAX:
        raise InputError(
            f"The plan has {len(need.channels)} channels, and a cover by skill group looks at "
            f"every set of them: {CHANNELS_MAX} at most. Leave --by-group out."
        )
    days = need.horizon.dates
    members: dict[tuple[frozenset[str], bool, str, str], list[Agent]] = {}
    for agent in problem.agents:
        day = next((d for d in days if _serves(agent, need, d)), days[0])
        served = _serves(agent, need, day)
        if not served:
            continue
        boss = agent.skill(problem.empowered.skill, day) is not None
        group = (served, boss) if by_group else (frozenset(need.channels), False)
        key = (*group, agent.contract_type, agent.timezone)
        members.setdefault(key, []).append(agent)
    if not members:
        raise InputError(
            "Nobody has a skill for any channel in the week of the plan: no shift would cover "
            "anything. Fill in skills.csv, and see 'wfplan check'."
        )
    zones = {agent.timezone for agents in members.values() for agent in agents}
    order = {name: n for n, name in enumerate(need.channels)}
    crews = [
        _crew(problem, sorted(channels, key=order.__getitem__), boss, contract,
              zone if len(zones) > 1 else "", agents, by_group)
        for (channels, boss, contract, zone), agents in members.items()
    ]  # fmt: skip
    return sorted(crews, key=lambda crew: crew.name)


def _serves(agent: Agent, need: StaffNeed, day: date) -> frozenset[str]:
    """The channels that a person serves on a date."""
    return frozenset(channel for channel in need.channels if agent.skill(channel, day))


def _crew(
    problem: PlanningProblem,
    channels: Sequence[str],
    is_empowered: bool,
    contract: str,
    zone: str,
    agents: Sequence[Agent],
    by_group: bool,
) -> Crew:
    group = "+".join([*channels, *([EMPOWERED] if is_empowered else [])])
    plan, costs = problem.contracts[contract], [agent.cost_per_hour for agent in agents]
    longest = max(plan.paid_min(m) for m in plan.lengths_min) / 60 * plan.work_days_max
    known = [cost for cost in costs if cost is not None]
    return Crew(
        group=group if by_group else EVERYBODY,
        contract=contract,
        timezone=zone,
        channels=frozenset(channels),
        is_empowered=is_empowered,
        agents=tuple(agents),
        hours_least=min(float(np.mean([a.min_hours_week for a in agents])), longest),
        hours_most=float(np.mean([a.max_hours_week for a in agents])),
        work_days_max=plan.work_days_max,
        cost_per_h=float(np.mean(known)) if len(known) == len(costs) else None,
    )


def people_wanted(need: StaffNeed, crews: Sequence[Crew], *, by_group: bool) -> list[Wanted]:
    """
    Whole people wanted on queue, for every set of channels that matters.

    Effective staff become people by the share of scheduled time that is
    present; then they are rounded up to whole people, once for each set.
    """
    per_slot = need.horizon.slots_per_interval
    heads = np.maximum(need.staff_required / need.presence_share, need.staff_min)
    if not by_group:
        return [_wanted(EVERYBODY, heads.sum(axis=0), range(len(crews)), per_slot)]
    rows = [_wanted(name, exact, able, per_slot) for name, exact, able in _sets(need, heads, crews)]
    bosses = [n for n, crew in enumerate(crews) if crew.is_empowered]
    if need.empowered_min.any() and bosses:
        rows.append(_wanted(EMPOWERED, need.empowered_min, bosses, per_slot))
    return [row for row in _needed(rows) if row.heads.any()]


def _wanted(name: str, exact: FloatArray, crews: Sequence[int], per_slot: int) -> Wanted:
    whole = np.ceil(exact - _ROUNDING).astype(np.int64)
    return Wanted(name, np.repeat(whole, per_slot), tuple(crews), np.repeat(exact, per_slot))


def _sets(
    need: StaffNeed, heads: FloatArray, crews: Sequence[Crew]
) -> Iterator[tuple[str, FloatArray, tuple[int, ...]]]:
    """Sets of channels, each the largest of those that the same crews serve."""
    largest: dict[tuple[int, ...], tuple[str, ...]] = {}
    for size in range(1, len(need.channels) + 1):
        for chosen in combinations(need.channels, size):
            able = tuple(n for n, crew in enumerate(crews) if crew.channels & set(chosen))
            largest[able] = chosen
    for able, chosen in sorted(largest.items(), key=lambda one: len(one[1])):
        at = [need.channels.index(name) for name in chosen]
        yield "+".join(chosen), heads[at].sum(axis=0), able


def _needed(rows: Sequence[Wanted]) -> Iterator[Wanted]:
    """
    The rows without what others say already, slot by slot.

    A set says nothing that two others of it, served by different people, do not
    say together.
    """
    by_name = {frozenset(row.name.split("+")): row for row in rows}
    for row in rows:
        parts = frozenset(row.name.split("+"))
        heads = row.heads.copy()
        for size in range(1, len(parts)):
            for some in combinations(sorted(parts), size):
                one, other = by_name.get(frozenset(some)), by_name.get(parts - frozenset(some))
                if one and other and not set(one.crews) & set(other.crews):
                    heads[one.heads + other.heads >= heads] = 0
        yield Wanted(row.name, heads, row.crews, row.exact)
