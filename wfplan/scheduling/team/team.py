"""The team: everybody's legal weeks, skill groups and wishes, ready for the search."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.people import Agent, AvailabilityKind, Skill, TimeOffStatus
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import StaffNeed
from wfplan.horizon import wall_instant
from wfplan.rules import work_limits
from wfplan.rules.coupling import PAUSES
from wfplan.rules.limits import WorkLimits
from wfplan.scheduling.person.grid import Grid
from wfplan.scheduling.person.patterns import AgentSpace, agent_space
from wfplan.scheduling.service.coverage import Coverage, Kind
from wfplan.scheduling.service.objective import CostCurves
from wfplan.scheduling.team.asked import Asked, asked_of
from wfplan.scheduling.team.couples import Couples
from wfplan.scheduling.team.own_prices import hour_price, wish_weights, with_own_prices
from wfplan.scheduling.team.people_facts import PeopleFacts

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

GROUPS_MAX = 32
NEVER = 1e8  # harm points of a slot of a break inside a session: more than any plan costs


class Away(NamedTuple):
    """Slots of a member's shift of a date that are given to a request instead of service."""

    request: int
    first: int
    stop: int
    day: int


@dataclass(frozen=True)
class Member:
    """One agent as the search sees her."""

    agent: Agent
    limits: WorkLimits
    space: AgentSpace
    kinds: tuple[int, ...]  # per date: her kind to the coverage, -1 without a skill
    burden: FloatArray  # (slot,) harm points of being on shift against her wishes
    paid_cost: float  # harm points per unit of paid time
    away: tuple[Away, ...] = ()  # her sessions, in order
    free: Member | None = None  # the same member without them

    @property
    def agent_id(self) -> str:
        """The agent's id."""
        return self.agent.agent_id

    @property
    def owed_cost(self) -> float:
        """Cost of the paid time that her contract owes her whatever the plan, in harm points."""
        return self.paid_cost * self.space.paid_low

    @cached_property
    def away_slots(self) -> IntArray:
        """The slots of her sessions."""
        spans = [np.arange(one.first, one.stop, dtype=np.int64) for one in self.away]
        return np.concatenate([np.zeros(0, dtype=np.int64), *spans])

    @cached_property
    def rest_price(self) -> FloatArray:
        """Harm points of a break in every slot, (kind, slot): none lies in a session."""
        price = np.zeros((len(PAUSES), len(self.burden)))
        price[:, self.away_slots] = NEVER
        return price


@dataclass(frozen=True)
class Team:
    """All members on one grid, with the curves that say what they are worth."""

    grid: Grid
    channels: tuple[str, ...]
    members: tuple[Member, ...]
    kinds: tuple[Kind, ...]
    speed: FloatArray  # (group, channel)
    curves: CostCurves
    interval_of: IntArray  # (slot,)
    day_edges: IntArray  # slot of each date's start, (day + 1,)
    need: StaffNeed
    carried: tuple[tuple[int, IntArray], ...]  # kind and slots of last week's running shifts
    couples: Couples
    facts: PeopleFacts  # what the objective asks for people beyond single weeks
    asked: tuple[Asked, ...] = ()  # activities to be placed inside shifts

    def coverage(self, eta: float) -> Coverage:
        """A coverage with nobody of this week in it, under the costs of a tail level."""
        horizon = self.grid.horizon
        empowered = self.need.empowered_min
        beyond = self.curves.harm.shape[1] - self.curves.horizon_intervals
        hours = horizon.interval_min / 60
        coverage = Coverage(
            cost=self.curves.at_level(eta),
            speed=self.speed,
            interval_of=self.interval_of,
            slots_per_interval=horizon.slots_per_interval,
            empowered_min=np.concatenate([empowered, empowered[:beyond]]),
            empowered_price=self.curves.settings.presence_per_h * hours,
            kinds=self.kinds,
        )
        for kind, slots in self.carried:
            coverage.add(kind, slots)
        return coverage

    def gain_of(self, member: Member, gain_of_kind: Callable[[int], FloatArray]) -> FloatArray:
        """What a member earns in every slot, given what each kind earns, (slot,)."""
        if member.away:
            gain = self.gain_of(replace(member, away=()), gain_of_kind).copy()
            gain[member.away_slots] = 0.0
            return gain
        if len(set(member.kinds)) == 1 and member.kinds[0] >= 0:
            return gain_of_kind(member.kinds[0])
        gain = np.zeros(self.grid.slots)
        edges = [0, *self.day_edges[1:-1], len(gain)]
        for kind, first, last in zip(member.kinds, edges[:-1], edges[1:], strict=True):
            if kind >= 0:
                gain[first:last] = gain_of_kind(kind)[first:last]
        return gain

    def serves(self, member: Member) -> NDArray[np.bool_]:
        """The channels that a member serves on some date, (channel,)."""
        groups = [self.kinds[kind].group for kind in member.kinds if kind >= 0]
        served: NDArray[np.bool_] = np.any(self.speed[groups] > 0, axis=0)
        return served

    def by_interval(self, slots: FloatArray) -> FloatArray:
        """Means over the slots of each interval of the horizon, (row, slot) to (row, interval)."""
        horizon = self.grid.horizon
        inside = slots[:, self.grid.lead : self.grid.lead + horizon.slot_count]
        shape = (len(slots), horizon.interval_count, horizon.slots_per_interval)
        means: FloatArray = inside.reshape(shape).mean(axis=2)
        return means

    def by_kind(self, member: Member, slots: IntArray) -> list[tuple[int, IntArray]]:
        """Slots of a member, by what she is to the coverage on their date."""
        kinds = member.kinds
        if len(set(kinds)) == 1:
            return [(kinds[0], slots)] if kinds[0] >= 0 else []
        day = np.searchsorted(self.day_edges[1:-1], slots, side="right")
        return [
            (kind, slots[day == d])
            for d, kind in enumerate(kinds)
            if kind >= 0 and (day == d).any()
        ]


def assemble(problem: PlanningProblem, need: StaffNeed) -> Team:
    """
    The team of a planning problem.

    Raises
    ------
    InputError
        When an agent works under a contract that the plan does not have.
    """
    horizon = need.horizon
    grid = Grid.around(horizon)
    limits = [
        with_own_prices(problem, agent, work_limits(problem, agent, horizon))
        for agent in problem.agents
    ]
    groups = _Groups(problem, need, limits)
    shared = _Shared(grid, wish_weights(problem, horizon.dates))
    members = [
        _member(problem, shared, groups, agent, limit)
        for agent, limit in zip(problem.agents, limits, strict=True)
    ]
    beyond = _beyond(problem, need)
    carried = _carried(problem, groups, grid)
    speed = groups.speed()
    curves = CostCurves.of(need, problem.objective, beyond=beyond, top_speed=speed.max(axis=0))
    interval_of = np.full(grid.slots, -1, dtype=np.int64)
    wanted = (need.horizon.interval_count + beyond) * horizon.slots_per_interval
    interval_of[grid.lead : grid.lead + wanted] = np.arange(wanted) // horizon.slots_per_interval
    return Team(
        grid=grid,
        channels=need.channels,
        members=tuple(members),
        kinds=tuple(groups.kinds),
        speed=speed,
        curves=curves,
        interval_of=interval_of,
        day_edges=grid.lead + horizon.day_slots,
        need=need,
        carried=carried,
        couples=Couples.of(problem, grid),
        facts=PeopleFacts.of(problem, need, grid, [member.limits for member in members]),
        asked=asked_of(problem, grid),
    )


def _member(
    problem: PlanningProblem, shared: _Shared, groups: _Groups, agent: Agent, limits: WorkLimits
) -> Member:
    """An agent as the search sees her."""
    space = shared.space(limits)
    return Member(
        agent=agent,
        limits=limits,
        space=space,
        kinds=groups.kinds_on(agent, limits.dates),
        burden=shared.burden(
            _burden(problem, agent, limits, shared.grid) * shared.weight_of(agent)
        ),
        paid_cost=hour_price(problem, agent) * space.unit_min / 60,
    )


class _Shared:
    """What people have in common, made and kept once: ten thousand are few different ones."""

    def __init__(self, grid: Grid, wishes: Mapping[str, float]) -> None:
        self.grid = grid
        self._wishes = wishes
        self._spaces: dict[WorkLimits, AgentSpace] = {}
        self._burdens: dict[bytes, FloatArray] = {}

    def space(self, limits: WorkLimits) -> AgentSpace:
        """The legal days of a person; those of another one whose limits are the same."""
        anybody = replace(limits, agent_id="")
        if anybody not in self._spaces:
            self._spaces[anybody] = agent_space(anybody, self.grid)
        return self._spaces[anybody]

    def weight_of(self, agent: Agent) -> float:
        """How often her wishes count, by rank."""
        return self._wishes.get(agent.agent_id, 1.0)

    def burden(self, burden: FloatArray) -> FloatArray:
        """The same array for all people with the same wishes."""
        return self._burdens.setdefault(burden.tobytes(), burden)


class _Groups:
    """
    Skill groups: people who serve the same channels equally fast.

    When there are more than GROUPS_MAX of them, people who serve the same
    channels share a group of mean speed, and each counts in it by how much
    faster or slower she is than that mean.
    """

    def __init__(
        self, problem: PlanningProblem, need: StaffNeed, limits: Sequence[WorkLimits]
    ) -> None:
        self.channels = need.channels
        self._barred = _barred_channels(problem, limits)
        people = [self._as_planned(agent) for agent in problem.agents]
        self.presence = need.presence_share
        self.empowered = problem.empowered.skill
        self.kinds: list[Kind] = []
        self._index: dict[Kind, int] = {}
        self._of_skills: dict[tuple[Skill, ...], tuple[int, ...]] = {}
        days = [*need.horizon.dates, need.horizon.first_day - timedelta(days=1)]
        different = {agent.skills: agent for agent in people}.values()
        exact = {self._speeds(agent, day) for agent in different for day in days}
        exact.discard((0.0,) * len(self.channels))
        self.is_exact = len(exact) <= GROUPS_MAX
        keys = exact if self.is_exact else {self._mask(s) for s in exact}
        self._groups = {key: g for g, key in enumerate(sorted(keys, reverse=True))}
        self._members: dict[tuple[float, ...], list[tuple[float, ...]]] = {}
        for speeds in sorted(exact):
            self._members.setdefault(self._key(speeds), []).append(speeds)

    def speed(self) -> FloatArray:
        """Effective staff of one present head, (group, channel)."""
        table = np.zeros((max(len(self._groups), 1), len(self.channels)))
        for key, g in self._groups.items():
            table[g] = np.mean(self._members[key], axis=0)
        return table

    def kinds_on(self, agent: Agent, days: tuple[date, ...]) -> tuple[int, ...]:
        """The agent's kind on each date."""
        agent = self._as_planned(agent)
        known = self._of_skills.get(agent.skills)
        if known is None:
            known = tuple(self.kind(agent, day) for day in days)
            self._of_skills[agent.skills] = known
        return known

    def kind(self, agent: Agent, day: date) -> int:
        """The agent's kind on a date, -1 without any valid skill."""
        agent = self._as_planned(agent)
        speeds = self._speeds(agent, day)
        if not any(speeds):
            return -1
        key = self._key(speeds)
        mean = np.mean(self._members[key], axis=0)
        served = mean > 0
        pace = 1.0 if self.is_exact else float(np.mean(np.array(speeds)[served] / mean[served]))
        kind = Kind(
            self._groups[key],
            self.presence * pace,
            agent.skill(self.empowered, day) is not None,
        )
        if kind not in self._index:
            self._index[kind] = len(self.kinds)
            self.kinds.append(kind)
        return self._index[kind]

    def _as_planned(self, agent: Agent) -> Agent:
        """The agent without the skills that rules keep from her."""
        barred = self._barred.get(agent.agent_id)
        if barred is None:
            return agent
        kept = tuple(skill for skill in agent.skills if skill.skill not in barred)
        return agent.model_copy(update={"skills": kept})

    def _speeds(self, agent: Agent, day: date) -> tuple[float, ...]:
        skills = [agent.skill(channel, day) for channel in self.channels]
        ready = {s.skill: s for s in skills if s and (s.ready_from or day) <= day}
        return tuple(
            round(1 / ready[channel].aht_factor, 3) if channel in ready else 0.0
            for channel in self.channels
        )

    def _mask(self, speeds: tuple[float, ...]) -> tuple[float, ...]:
        return tuple(float(s > 0) for s in speeds)

    def _key(self, speeds: tuple[float, ...]) -> tuple[float, ...]:
        return speeds if self.is_exact else self._mask(speeds)


def _barred_channels(
    problem: PlanningProblem, limits: Sequence[WorkLimits]
) -> dict[str, frozenset[str]]:
    """
    Channels that rules keep from people, by agent; nobody else is in it.

    What a soft rule keeps from her she serves where nobody else has the skill.
    """
    served = {
        skill.skill
        for agent, limit in zip(problem.agents, limits, strict=True)
        for skill in agent.skills
        if skill.skill not in limit.barred_channels | limit.shunned_channels
    }
    barred = {one.agent_id: one.barred_channels | one.shunned_channels & served for one in limits}
    return {agent_id: channels for agent_id, channels in barred.items() if channels}


def _burden(problem: PlanningProblem, agent: Agent, limits: WorkLimits, grid: Grid) -> FloatArray:
    """Harm points per slot on shift: above 0 against a wish, below 0 inside one."""
    burden = np.zeros(grid.slots)
    price = problem.objective.preference_per_h * grid.horizon.slot_min / 60
    for day in limits.dates:
        for row in agent.availability:
            sign = {AvailabilityKind.PREFER: -1, AvailabilityKind.AVOID: 1}.get(row.kind, 0)
            if sign and row.applies(day):
                start = wall_instant(day, row.start_min, agent.timezone)
                end = wall_instant(day, row.end_min, agent.timezone)
                burden[grid.span(start, end)] += sign * row.weight * price
    for absence in agent.time_off:
        if absence.status is TimeOffStatus.REQUESTED:
            burden[grid.span(absence.start, absence.end)] += price
    return burden


def _beyond(problem: PlanningProblem, need: StaffNeed) -> int:
    """Intervals after the horizon that only this week's last night can serve."""
    if not problem.contracts or not need.harm[:, -1].any():
        return 0
    minutes = min(contract.start_window[0] for contract in problem.contracts.values())
    return min(minutes, 12 * 60) // need.horizon.interval_min


def _carried(
    problem: PlanningProblem, groups: _Groups, grid: Grid
) -> tuple[tuple[int, IntArray], ...]:
    """Shifts that began before the agent's week and run into the horizon."""
    eve = grid.horizon.first_day - timedelta(days=1)
    kind_of = {agent.agent_id: groups.kind(agent, eve) for agent in problem.agents}
    return tuple(
        (kind_of[shift.agent_id], grid.slots_on_queue(shift, grid.horizon.start))
        for shift in problem.night_before(grid.horizon)
        if kind_of[shift.agent_id] >= 0
    )
