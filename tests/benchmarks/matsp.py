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

import argparse
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.bridge import module_of, need_of
from tests.benchmarks.contact_weeks import Clock
from tests.benchmarks.lines import Line
from wfplan.domain.channels import Channel
from wfplan.domain.contracts import Contract
from wfplan.domain.people import Agent, Skill
from wfplan.domain.problem import Objective, PlanningProblem
from wfplan.domain.progress import Stop, Watch, no_watch
from wfplan.domain.results import StaffNeed
from wfplan.horizon import DAY_MIN, Horizon, wall_instant
from wfplan.rules import WorkLimits
from wfplan.scheduling.person.grid import Grid
from wfplan.scheduling.person.patterns import agent_space
from wfplan.scheduling.search.search import Search
from wfplan.scheduling.service.coverage import Kind
from wfplan.scheduling.service.objective import CostCurves
from wfplan.scheduling.stays.stay_search import StaySearch, Toured, stay_rules
from wfplan.scheduling.team.couples import Couples
from wfplan.scheduling.team.people_facts import PeopleFacts
from wfplan.scheduling.team.team import Member, Team

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MONDAY = date(2026, 3, 2)
SLOT_MIN = 15
DAY_BEGINS = 6 * 60  # the horizon runs from 06:00 to 06:00
# matsp/README.md
LENGTHS_MIN = tuple(range(360, 601, SLOT_MIN))
START_WINDOWS = ((0, 0), (360, 600), (840, 1080), (1200, 1425))
REST_MIN, RUN_MAX, STAY_MIN = 14 * 60, 5, 60
SECONDS = 60.0
SHORT, DEAR = 4.0, 40.0  # harm points of a missing head, first and last
OVER_MAX = 4  # heads too many up to which the square is exact


_SPREAD_SHARE = 0.4  # of the time, for weeks alone
_MEND_SHARE = 0.1  # of what is left then, kept for making shortages dear

Roster = dict[str, list[tuple[int, list[tuple[int, int]]]]]
"""Of each person her shifts: the minute of the start and (task, minutes) of each stay."""


@dataclass(frozen=True)
class Instance:
    """An instance, its team and its evaluator."""

    name: str
    x: Any  # the evaluator's Instance
    judge: ModuleType

    @classmethod
    def read(cls, name: str, shared: Path) -> Instance:
        """An instance by its name."""
        judge = module_of(shared / "bench" / "tools" / "matsp_eval.py")
        return cls.at(shared / "bench" / "matsp" / "week" / f"{name}.txt", judge)

    @classmethod
    def at(cls, path: Path, judge: ModuleType) -> Instance:
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
        members = tuple(self._member(agent, grid) for agent in self.problem.agents)
        interval_of = np.full(grid.slots, -1, dtype=np.int64)
        inside = np.arange(horizon.interval_count)
        known = (self.cover[0] >= 0).any(axis=0)
        interval_of[grid.lead + inside[known]] = inside[known]
        return Team(
            grid=grid,
            channels=need.channels,
            members=members,
            kinds=(Kind(0, 1.0, False),),
            speed=np.ones((1, self.x.tasks)),
            curves=CostCurves.of(
                need, self.problem.objective, beyond=0, top_speed=np.ones(self.x.tasks)
            ),
            interval_of=interval_of,
            day_edges=grid.lead + horizon.day_slots,
            need=need,
            carried=(),
            facts=PeopleFacts.of(self.problem, need, grid, [one.limits for one in members]),
            couples=Couples.of(self.problem, grid),
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
        tasks = tuple(f"task{k + 1}" for k in range(self.x.tasks))
        return need_of(self.horizon, tasks, harm)

    @cached_property
    def offset(self) -> float:
        """What is to be taken from the search's objective to have penalty and shortage."""
        high = self.cover[1]
        top = int(high.max()) + OVER_MAX
        over = top - high[high >= 0]
        square = OVER_MAX**2 + (over - OVER_MAX) * self.head_price
        return float((self.head_price * top - square).sum())

    @property
    def counting_bound(self) -> int:
        """Least hours beyond the whole demand: each such slot is a head too many somewhere."""
        least = sum(low for low, _ in self.x.staff.values()) // SLOT_MIN
        spare = least - sum(high for _, high in self.x.cover.values())
        cells = len(self.x.cover)
        each, more = divmod(max(spare, 0), cells)
        return int(cells * each**2 + more * (2 * each + 1))

    def search(self, seed: int) -> StaySearch:
        """A search over the instance."""
        slots = STAY_MIN // SLOT_MIN
        tasks = self.x.tasks
        rules = stay_rules([slots] * tasks, [None] * tasks, LENGTHS_MIN[-1] // SLOT_MIN)
        return StaySearch(self.team, rules, seed, head_price=self.head_price)

    def solve(self, seed: int, stop: Stop, watch: Watch = no_watch) -> Toured:
        """
        A roster: weeks first, with people spread over their tasks, then weeks with their stays.

        A missing head costs a little more than any surplus while the search is
        hot, so that it finds ways around; in the end it is made dear.
        """
        spread = Search(self.team, seed)
        spread.coverage.price_heads(self.head_price)
        first = stop.part(_SPREAD_SHARE, _SPREAD_SHARE)
        spread.settle(first, watch)
        search = self.search(seed)
        search.begin_with(dict(enumerate(spread.refine(first, watch).weeks)))
        found = search.refine(stop.part(1 - _MEND_SHARE, 1 - _MEND_SHARE), watch)
        if self.short(found):
            search.reprice(search.coverage.cost + (DEAR - SHORT) * self._missing)
            found = search.refine(stop, watch)
        return found

    def short(self, found: Toured) -> int:
        """Heads that are missing, over all cells."""
        team, low = self.team, self.cover[0]
        known = team.interval_of >= 0
        staff = found.coverage.staff[known].T
        return int(np.maximum(low[:, team.interval_of[known]] - staff, 0).sum())

    def rows(self, found: Toured) -> Roster:
        """Start minutes and stays (task, minutes) of each person, as the evaluator reads them."""
        lead, space_of = self.team.grid.lead, [m.space for m in self.team.members]
        rows: Roster = {}
        for key, space, tour in zip(self.x.staff, space_of, found.tours, strict=True):
            shifts = []
            for option, _ in tour.week.shifts:
                first = int(space.opt_start[option])
                last = first + int(space.lengths.slots[space.opt_len[option]])
                stays = [
                    (stay.channel + 1, (min(stay.last, last) - max(stay.first, first)) * SLOT_MIN)
                    for stay in tour.stays
                    if stay.first < last and stay.last > first
                ]
                shifts.append(((first - lead) * SLOT_MIN, stays))
            rows[key] = sorted(shifts)
        return rows

    def verdict(self, found: Toured) -> dict[str, Any]:
        """What the evaluator says."""
        breaches, cost = self.judge.evaluate(self.x, self.rows(found))
        return {"breaches": breaches, **cost}

    @cached_property
    def _missing(self) -> FloatArray:
        """Heads that are missing with so many there, (task, interval, staff)."""
        levels = np.arange(self.need.harm.shape[2])
        return np.maximum(self.cover[0][:, :, None] - levels, 0).astype(np.float64)

    @cached_property
    def problem(self) -> PlanningProblem:
        """Who there is and what there is to do."""
        contract = Contract(
            name="tour",
            shortest_min=LENGTHS_MIN[0],
            longest_min=LENGTHS_MIN[-1],
            length_step_min=SLOT_MIN,
            start_window=(0, DAY_MIN - SLOT_MIN),
            start_step_min=SLOT_MIN,
            consecutive_days_max=RUN_MAX,
        )
        return PlanningProblem(
            name=self.name,
            timezone="UTC",
            interval_min=SLOT_MIN,
            channels=tuple(Channel(name=n, open=["daily 00:00-24:00"]) for n in self.need.channels),
            agents=tuple(self._agent(key, contract.name) for key in self.x.staff),
            contracts={contract.name: contract},
            objective=Objective(balance=0.0, paid_hour=0.0, fairness=0.0),
        )

    def _agent(self, key: str, contract: str) -> Agent:
        """A person, with her hours of the horizon as those of a week."""
        low, high = self.x.staff[key]
        return Agent(
            agent_id=f"E{key}",
            timezone="UTC",
            contract_type=contract,
            contract_hours_week=high / 60,
            min_hours_week=low / 60,
            max_hours_week=high / 60,
            skills=tuple(Skill(skill=name) for name in self.need.channels),
        )

    def _member(self, agent: Agent, grid: Grid) -> Member:
        """A person with her legal days."""
        low, high = self.x.staff[agent.agent_id[1:]]
        contract = self.problem.contract_of(agent)
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


def main() -> None:
    """Solve instances and say what their evaluator says."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.matsp")
    parser.add_argument("names", nargs="*", help="default: all of one week")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of processor time, each")
    parser.add_argument("--passes", type=int, default=10**6)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    total, least = 0, 0
    for instance, stop, found in solved(options.names, options):
        verdict, bound = instance.verdict(found), instance.counting_bound
        total, least = total + verdict["penalty"], least + bound
        print(
            f"{instance.name:<14} penalty {verdict['penalty']:6d}  counting bound {bound:6d}  "
            f"{len(verdict['breaches'])} breaches  {stop.elapsed_s:6.1f} s",
            flush=True,
        )
    print(f"{'sum':<14} penalty {total:6d}  counting bound {least:6d}")


def lines(seconds: float | None, only: str | None = None) -> Iterator[Line]:
    """A line for every instance, each with a budget of processor seconds, and their sums."""
    options = argparse.Namespace(seconds=seconds or SECONDS, passes=10**6, seed=0)
    total, least, breaches = 0, 0, 0
    for instance, stop, found in solved([only] if only else [], options):
        verdict, bound = instance.verdict(found), instance.counting_bound
        total, least = total + verdict["penalty"], least + bound
        breaches += len(verdict["breaches"])
        yield Line(instance.name, (float(verdict["penalty"]),), "", f"at least {bound}")
        yield Line("  breaches", (float(len(verdict["breaches"])),), "", "0")
        yield Line("  seconds", (stop.elapsed_s,), "s", "< 120")
    yield Line("sum of penalties", (float(total),), "", f"at least {least}")
    yield Line("breaches of all", (float(breaches),), "", "0")


def solved(
    wanted: Sequence[str], options: argparse.Namespace
) -> Iterator[tuple[Instance, Stop, Toured]]:
    """Instances with what was found in the time that is given to each."""
    shared = Path(os.environ.get("WFPLAN_SHARED", Path(__file__).parents[3] / "shared"))
    Instance.read("0_toy", shared).solve(0, Clock(passes=10))  # compiles
    for name in wanted or names(shared):
        instance = Instance.read(name, shared)
        stop = Clock(passes=options.passes, seconds=options.seconds)
        yield instance, stop, instance.solve(options.seed, stop)


def names(shared: Path) -> list[str]:
    """The instances of one week but the toy, in their order."""
    found = [path.stem for path in (shared / "bench" / "matsp" / "week").glob("*_7_*.txt")]
    return sorted(found, key=lambda name: int(name.split("_")[0]))


if __name__ == "__main__":
    main()
