"""What the objective asks for people beyond single weeks: caps of the ledger, shares, memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import StaffNeed
from wfplan.domain.strain import HARD_STRAIN, StrainTable
from wfplan.engagement import BurdenBook, burden_book, occupancy_curves
from wfplan.engagement.ledger import ACUTE_KEPT, CHRONIC_KEPT, MEASURES, carried_in, running_in
from wfplan.rules import ledger_caps
from wfplan.rules.limits import MeasureCap, WorkLimits
from wfplan.scheduling.person.grid import Grid

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

KEPT = (0.0, ACUTE_KEPT, CHRONIC_KEPT, 0.0)
"""The share of each measure that a day keeps of the day before."""


@dataclass(frozen=True)
class PeopleFacts:
    """
    Facts about a problem's people, in its order; arrays are (person,) unless said otherwise.

    ``cap_min`` are minutes, infinite where there is no cap, ``cap_price`` harm
    points per minute above it, (measure, person) both. ``clock_row`` is the row
    of ``clock``, the strain weights of intervals by the person's wall time.
    """

    problem: PlanningProblem
    need: StaffNeed
    cap_min: FloatArray
    cap_price: FloatArray
    carried_min: FloatArray  # (measure, person) memories carried in
    run_before: IntArray  # working days in a row that end on the eve
    clock_row: IntArray
    clock: FloatArray  # (row, interval)
    night: tuple[IntArray, IntArray]  # person and slot of what shifts of the week before run in

    @classmethod
    def of(
        cls, problem: PlanningProblem, need: StaffNeed, grid: Grid, limits: list[WorkLimits]
    ) -> PeopleFacts:
        """The facts of a problem's people."""
        people = problem.agents
        caps = np.array([_caps(problem, one) for one in limits]).reshape(
            len(people), 2, len(MEASURES)
        )
        zones = sorted({agent.timezone for agent in people})
        return cls(
            problem=problem,
            need=need,
            cap_min=np.ascontiguousarray(caps[:, 0].T),
            cap_price=np.ascontiguousarray(caps[:, 1].T),
            carried_min=_memories(problem, grid),
            run_before=np.array([_run_before(problem, a, grid) for a in people], dtype=np.int64),
            clock_row=np.array([zones.index(a.timezone) for a in people], dtype=np.int64),
            night=_night(problem, grid),
            clock=np.array([_clock(problem.strain, grid, zone) for zone in zones]).reshape(
                len(zones), grid.horizon.interval_count
            ),
        )

    @property
    def table(self) -> StrainTable:
        """What work weighs."""
        return self.problem.strain

    @cached_property
    def eve_weight(self) -> FloatArray:
        """The weight of the day in a row that each person's eve is, (person,)."""
        return np.array([self.table.day_weight(max(int(run), 1)) for run in self.run_before])

    @property
    def strain_price(self) -> float:
        """Harm points of a minute of strain, whoever bears it."""
        return self.problem.objective.strain_per_h / 60

    @property
    def fairness(self) -> float:
        """Harm points of the first unit of burden above a fair share."""
        return self.problem.objective.fairness

    @property
    def is_silent(self) -> bool:
        """Whether no plan costs anything by what is asked here."""
        has_load = bool((self.need.load_erlangs > 0).any())
        is_capped = has_load and bool((self.cap_price > 0).any())
        return not (is_capped or (has_load and self.strain_price) or self.fairness)

    @cached_property
    def weight(self) -> FloatArray:
        """The channels' weights in the ledger, (channel,)."""
        return np.array([channel.strain_weight for channel in self.problem.channels])

    @cached_property
    def is_hard(self) -> FloatArray:
        """1 for channels that are hard queues, (channel,)."""
        return (self.weight >= HARD_STRAIN).astype(np.float64)

    @cached_property
    def book(self) -> BurdenBook:
        """Burdens carried in, and exposure."""
        weeks = self.problem.objective.fairness_weeks
        return burden_book(self.problem, self.need.horizon, weeks)

    @cached_property
    def strain_curves(self) -> FloatArray:
        """Weighted strain rate with j effective staff, (channel, interval, staff)."""
        rate = self.table.rate(occupancy_curves(self.problem, self.need))
        return rate * self.weight[:, None, None]


def _caps(problem: PlanningProblem, limits: WorkLimits) -> FloatArray:
    """Caps and prices of one person, (2, measure): those of the plan's rules, else the ledger's."""
    found = ledger_caps(problem.objective, limits)
    caps = [found.get(name) for name in MEASURES]
    return np.array(
        [
            [np.inf if cap is None else cap.most_min for cap in caps],
            [0.0 if cap is None else _per_min(problem, cap) for cap in caps],
        ]
    )


def _per_min(problem: PlanningProblem, cap: MeasureCap) -> float:
    """
    Harm points per minute above a cap; no plan keeps a hard one for certain.

    A minute a day of a memory stands for all the minutes that it takes to make one: of a hard
    cap each of them costs what a missing person does.
    """
    if cap.per_h is not None:
        return cap.per_h / 60
    kept = KEPT[MEASURES.index(cap.measure)]
    return problem.objective.presence_per_h / 60 / (1 - kept)


def _memories(problem: PlanningProblem, grid: Grid) -> FloatArray:
    """Memories that people bring in, (measure, person)."""
    carried = np.zeros((len(MEASURES), len(problem.agents)))
    known = carried_in(problem, grid.horizon)
    for i, agent in enumerate(problem.agents):
        carried[1:3, i] = known.get(agent.agent_id, (0.0, 0.0))
    return carried


def _night(problem: PlanningProblem, grid: Grid) -> tuple[IntArray, IntArray]:
    """Person and slot of what shifts of the week before work in the horizon, not yet weighed."""
    nights = running_in(problem, grid.horizon)
    rows = [
        (i, slot)
        for i, agent in enumerate(problem.agents)
        for shift in nights.get(agent.agent_id, ())
        for slot in grid.slots_on_queue(shift, grid.horizon.start)
    ]
    table = np.array(rows, dtype=np.int64).reshape(len(rows), 2)
    return table[:, 0], table[:, 1]


def _run_before(problem: PlanningProblem, agent: Agent, grid: Grid) -> int:
    """Working days in a row of an agent that end on the eve of the horizon."""
    zone = ZoneInfo(agent.timezone)
    past = problem.past_shifts_of.get(agent.agent_id, ())
    days = {p.start.astimezone(zone).date() for p in past if p.start < grid.horizon.start}
    count = 0
    while grid.horizon.first_day - timedelta(days=count + 1) in days:
        count += 1
    return count


def _clock(table: StrainTable, grid: Grid, timezone: str) -> FloatArray:
    """Strain weights of the horizon's intervals by a zone's wall time, (interval,)."""
    horizon = grid.horizon
    at = grid.lead + np.arange(horizon.interval_count) * horizon.slots_per_interval
    wall = grid.wall_min(horizon.first_day, timezone)[at] % (24 * 60)
    return table.clock_weight(wall)
