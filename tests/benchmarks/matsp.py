"""MATSP: multi-activity tours as teams of the core, judged by their own evaluator.

Tasks are channels that everybody serves, and a missing head costs more than
any surplus; the surplus itself costs its square. People are always on some
task, so the curves are tilted as in :mod:`tests.benchmarks.contact_weeks`:
what a head may cost at most is taken from the curves, which then fall, and
asked of every head on queue.

Starts of these shifts lie in several windows and hours count over eight dates
of which the first and the last are cut, which no contract of a plan says; so
people's limits are written down as the rules would leave them. ``python -m
tests.benchmarks.matsp 1_7_10_1 --seconds 60`` solves one instance.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.contracts import Contract
from wfplan.domain.people import Agent, Skill
from wfplan.domain.problem import Objective
from wfplan.domain.results import StaffNeed
from wfplan.horizon import DAY_MIN, Horizon, wall_instant
from wfplan.rules import WorkLimits
from wfplan.scheduling.coverage import Kind
from wfplan.scheduling.grid import Grid
from wfplan.scheduling.objective import CostCurves
from wfplan.scheduling.patterns import agent_space
from wfplan.scheduling.team import Member, Team

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MONDAY = date(2026, 3, 2)
SLOT_MIN = 15
DAY_BEGINS = 6 * 60  # the horizon runs from 06:00 to 06:00
# matsp/README.md
LENGTHS_MIN = tuple(range(360, 601, SLOT_MIN))
START_WINDOWS = ((0, 0), (360, 600), (840, 1080), (1200, 1425))
REST_MIN, RUN_MAX, STAY_MIN = 14 * 60, 5, 60
SHORT = 20.0  # harm points of a missing head
OVER_MAX = 4  # heads too many up to which the square is exact


@dataclass(frozen=True)
class Tour:
    """An instance, its team and its evaluator."""

    name: str
    x: Any  # the evaluator's Instance
    judge: ModuleType

    @classmethod
    def read(cls, name: str, shared: Path) -> Tour:
        """An instance by its name."""
        judge = module_of(shared / "bench" / "tools" / "matsp_eval.py")
        return cls.at(shared / "bench" / "matsp" / "week" / f"{name}.txt", judge)

    @classmethod
    def at(cls, path: Path, judge: ModuleType) -> Tour:
        """An instance by its path."""
        return cls(path.stem, judge.Instance(path), judge)

    @property
    def head_price(self) -> float:
        """What the last head too many costs in a cell, harm points."""
        return 2.0 * OVER_MAX - 1

    @cached_property
    def cover(self) -> tuple[IntArray, IntArray]:
        """Least and most heads of each task and interval of the eight dates; -1 where unsaid."""
        low = np.full((self.x.tasks, self.horizon.interval_count), -1, dtype=np.int64)
        high = low.copy()
        for (slot, task), (least, most) in self.x.cover.items():
            at = slot + DAY_BEGINS // SLOT_MIN
            low[task - 1, at], high[task - 1, at] = least, most
        return low, high

    @cached_property
    def horizon(self) -> Horizon:
        """The dates on which shifts may start: one more than the instance has days."""
        return Horizon("UTC", MONDAY, self.x.days + 1, interval_min=SLOT_MIN)

    @cached_property
    def team(self) -> Team:
        """The people on their grid, with the curves."""
        horizon, grid, need = self.horizon, Grid.around(self.horizon), self.need
        settings = Objective(balance=0.0, paid_hour=0.0)
        interval_of = np.full(grid.slots, -1, dtype=np.int64)
        inside = np.arange(horizon.interval_count)
        known = (self.cover[0] >= 0).any(axis=0)
        interval_of[grid.lead + inside[known]] = inside[known]
        return Team(
            grid=grid,
            channels=need.channels,
            members=tuple(self._member(i, grid) for i in self.x.staff),
            kinds=(Kind(0, 1.0, False),),
            speed=np.ones((1, self.x.tasks)),
            curves=CostCurves.of(need, settings, beyond=0, top_speed=np.ones(self.x.tasks)),
            interval_of=interval_of,
            day_edges=grid.lead + horizon.day_slots,
            need=need,
            carried=(),
        )

    @cached_property
    def need(self) -> StaffNeed:
        """Penalties less what heads pay for being there, as harm."""
        low, high = self.cover
        levels = np.arange(int(high.max()) + OVER_MAX + 1)
        least, most = np.maximum(low, 0)[:, :, None], np.maximum(high, 0)[:, :, None]
        over = np.maximum(levels - most, 0.0)
        square = np.minimum(over, OVER_MAX) ** 2
        square += np.maximum(over - OVER_MAX, 0) * self.head_price
        harm = SHORT * np.maximum(least - levels, 0) + square - self.head_price * levels
        harm = np.where(low[:, :, None] < 0, 0.0, harm - harm[:, :, -1:])
        nothing = np.zeros(low.shape)
        return StaffNeed(
            horizon=self.horizon,
            channels=tuple(f"task{k + 1}" for k in range(self.x.tasks)),
            harm=harm,
            volume=nothing.copy(),
            load_erlangs=nothing.copy(),
            staff_promise=nothing.copy(),
            staff_occupancy=nothing.copy(),
            staff_abandonment=nothing.copy(),
            staff_tail=nothing.copy(),
            staff_due=nothing.copy(),
            staff_required=nothing.copy(),
            binding=np.full(low.shape, "none"),
            staff_min=nothing.copy(),
            empowered_min=np.zeros(low.shape[1]),
            presence_share=1.0,
        )

    @cached_property
    def offset(self) -> float:
        """What is to be taken from the search's objective to have penalty and shortage."""
        low, high = self.cover
        top = int(high.max()) + OVER_MAX
        over = top - high[high >= 0]
        square = OVER_MAX**2 + (over - OVER_MAX) * self.head_price
        return float((self.head_price * top - square).sum())

    def verdict(self, rows: dict[str, list[tuple[int, list[tuple[int, int]]]]]) -> dict[str, Any]:
        """What the evaluator says of start minutes and stays (task, minutes) of each person."""
        breaches, cost = self.judge.evaluate(self.x, rows)
        return {"breaches": breaches, **cost}

    def _member(self, key: str, grid: Grid) -> Member:
        """A person; her contract says what her shifts look like."""
        low, high = self.x.staff[key]
        contract = Contract(
            name="tour",
            shortest_min=LENGTHS_MIN[0],
            longest_min=LENGTHS_MIN[-1],
            length_step_min=SLOT_MIN,
            start_window=(0, DAY_MIN - SLOT_MIN),
            start_step_min=SLOT_MIN,
            consecutive_days_max=RUN_MAX,
        )
        agent = Agent(
            agent_id=f"E{key}",
            timezone="UTC",
            contract_type=contract.name,
            contract_hours_week=high / 60,
            min_hours_week=low / 60,
            max_hours_week=high / 60,
            skills=tuple(Skill(skill=name) for name in self.need.channels),
        )
        first, last = self.horizon.start, self.horizon.end
        begin = wall_instant(MONDAY, DAY_BEGINS, "UTC")
        limits = WorkLimits(
            agent_id=agent.agent_id,
            timezone="UTC",
            contract=contract,
            dates=self.horizon.dates,
            lengths_min=LENGTHS_MIN,
            start_windows=START_WINDOWS,
            start_step_min=SLOT_MIN,
            paid_week_min=low,
            paid_week_max=high,
            consecutive_days_max=RUN_MAX,
            daily_rest_min=REST_MIN,
            blocked=(
                (first - timedelta(days=1), begin),
                (begin + timedelta(days=self.x.days), last + timedelta(days=1)),
            ),
        )
        space = agent_space(limits, grid)
        return Member(
            agent=agent,
            limits=limits,
            space=space,
            kinds=(0,) * len(limits.dates),
            burden=np.zeros(grid.slots),
            paid_cost=0.0,
        )


def module_of(path: Path) -> ModuleType:
    """A script as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
