"""INRC-II: nurses' weeks as rosters, all at once or week by week, judged by an evaluator.

A cell of a day is a kind of shift and a skill. Runs, successions and weekends are automata
that begin in the state the history left; the number of shifts is paid time of one unit
each. Week by week the planner knows the weeks up to the present one: those to come are
wanted like the mean of the weeks known so far, since a mean of convex costs is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.bridge import module_of
from tests.benchmarks.contact_weeks import Clock
from tests.benchmarks.curtois_qu import ByClock
from tests.benchmarks.lines import Line
from tests.benchmarks.rosters import PASSES, SHARED, judged, known
from wfplan.domain.progress import no_watch
from wfplan.rules.automaton import DayAutomaton
from wfplan.rules.days import built
from wfplan.scheduling.rosters.roster import Roster, RosterPerson
from wfplan.scheduling.rosters.roster_search import RosterSearch

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

WEEK_DAYS = 7
MISSING = 300.0  # harm points of somebody missing to the minimum, which is hard
MISSING_LATER = 60.0  # and in weeks that are not known yet
AHEAD = 1  # weeks to look ahead; with three n030w4 ends at the same cost after twice the work

Week = tuple[Mapping[tuple[str, str], Sequence[tuple[int, int]]], Sequence[tuple[str, str, int]]]
"""Minimal and optimal cover by shift and skill; shift-off requests."""
Row = tuple[str, int, str, str]
"""A line of a solution: nurse, day, shift, skill."""


@dataclass(frozen=True)
class Past:
    """What the weeks before left behind of one nurse."""

    total: int
    wkd: int
    last: str | None
    same: int
    work: int
    off: int


class Inrc2:
    """One instance: scenario, first history and weeks."""

    def __init__(
        self, scenario: Path, history: Path, weeks: Sequence[Path], judge: ModuleType
    ) -> None:
        self.judge = judge
        self.scenario: Any = judge.Scenario(scenario)
        self.history: Any = judge.read_history(history)
        self.weeks: list[Week] = [judge.read_week(week) for week in weeks]

    @classmethod
    def named(cls, name: str, shared: Path) -> Inrc2:
        """A published instance: scenario, history and weeks, joined by ``_``."""
        base, history, weeks = name.split("_")
        folder = shared / "bench" / "inrc2" / base
        return cls(
            folder / f"Sc-{base}.txt",
            folder / f"H0-{base}-{history}.txt",
            [folder / f"WD-{base}-{week}.txt" for week in weeks.split("-")],
            module_of(shared / "bench" / "tools" / "inrc2_eval.py"),
        )

    def verdict(self, solutions: Sequence[Sequence[Row]]) -> tuple[int, int]:
        """Hard violations and penalty by the evaluator."""
        weeks = self.weeks[: len(solutions)]
        hard, cost, _ = self.judge.evaluate(self.scenario, self.history, weeks, solutions)
        return sum(hard.values()), sum(cost.values())

    def static(self) -> Nurses:
        """All weeks at once."""
        return Nurses(self.scenario, self.pasts(), self.weeks, known=len(self.weeks), done=0)

    def pasts(self) -> dict[str, Past]:
        """The first history."""
        return {name: Past(**past) for name, past in self.history.items()}

    def by_weeks(self, seconds: float, seed: int = 0) -> list[list[Row]]:
        """Solutions of all weeks, each found without a look at those to come."""
        pasts, solutions, price = self.pasts(), [], None
        for done in range(len(self.weeks)):
            seen = self.weeks[: done + 1]
            nurses = Nurses(self.scenario, pasts, seen, known=1, done=done)
            search = nurses.search(seconds, seed, price)
            rows = search.rows[:, :WEEK_DAYS]
            price = search.price
            solutions.append(nurses.lines(rows, 0))
            pasts = nurses.after(rows)
        return solutions


class Nurses:
    """
    Weeks of a scenario as a roster.

    Of the ``weeks`` seen the last ``known`` are planned, and AHEAD of those
    that follow, as far as the scenario goes; ``done`` weeks lie before them.
    """

    def __init__(
        self,
        scenario: Any,
        pasts: Mapping[str, Past],
        weeks: Sequence[Week],
        *,
        known: int,
        done: int,
    ) -> None:
        self.x, self.pasts, self.done = scenario, pasts, done
        self.names = list(scenario.nurses)
        self.kinds = list(scenario.shifts)
        self.cells = [(shift, skill) for shift in self.kinds for skill in scenario.skills]
        self.ahead = min(AHEAD, scenario.weeks - done - known)
        self.days = WEEK_DAYS * (known + self.ahead)
        self.share = (done + known + self.ahead) / scenario.weeks
        planned = weeks[-known:]
        later = np.mean([self._cover(week, MISSING_LATER) for week in weeks], axis=0)
        cover = [self._cover(week, MISSING) for week in planned] + [later] * self.ahead
        wishes = self._wishes(planned)
        self.roster = Roster(
            cover_cost=np.concatenate(cover),
            kind_of=np.array([self.kinds.index(shift) for shift, _ in self.cells]),
            paid=np.ones(len(self.kinds), dtype=np.int64),
            people=tuple(
                self._person(name, wish) for name, wish in zip(self.names, wishes, strict=True)
            ),
        )

    def search(self, seconds: float, seed: int, before: FloatArray | None) -> RosterSearch:
        """
        A finished search with a budget of processor seconds.

        ``before`` are the prices of the search a week before, (day, cell).
        """
        search, stop = RosterSearch(self.roster, seed), Clock(passes=PASSES, seconds=seconds)
        if before is not None:
            again = np.arange(self.days) + WEEK_DAYS
            again[again >= len(before)] -= WEEK_DAYS
            search.price = before[again]
        search.settle(stop, no_watch)
        search.refine(stop, no_watch)
        return search

    def lines(self, rows: IntArray, week: int) -> list[Row]:
        """A week of rows as the evaluator reads it."""
        part = rows[:, WEEK_DAYS * week : WEEK_DAYS * (week + 1)]
        return [
            (self.names[i], int(d), *self.cells[part[i, d] - 1])
            for i, d in zip(*np.nonzero(part), strict=True)
        ]

    def after(self, rows: IntArray) -> dict[str, Past]:
        """What a week of rows leaves behind."""
        pasts = {}
        for name, row in zip(self.names, rows, strict=True):
            past = self.pasts[name]
            total, weekends = past.total + int((row > 0).sum()), int((row[5:7] > 0).any())
            last, same, work, off = past.last, past.same, past.work, past.off
            for cell in row:
                shift = self.cells[cell - 1][0] if cell else None
                same = same + 1 if shift and shift == last else int(shift is not None)
                work, off = (work + 1, 0) if shift else (0, off + 1)
                last = shift
            pasts[name] = Past(total, past.wkd + weekends, last, same, work, off)
        return pasts

    def _cover(self, week: Week, missing: float) -> FloatArray:
        """Costs of so many nurses, (day, cell, nurses)."""
        heads = np.arange(len(self.names) + 1)
        weight = self._weight("optimal")
        table = np.zeros((WEEK_DAYS, len(self.cells), len(heads)))
        for c, cell in enumerate(self.cells):
            for day, (least, best) in enumerate(week[0].get(cell, [(0, 0)] * WEEK_DAYS)):
                table[day, c] = missing * np.maximum(least - heads, 0)
                table[day, c] += weight * np.maximum(best - heads, 0)
        return table

    def _wishes(self, weeks: Sequence[Week]) -> FloatArray:
        """Costs of each cell to each nurse, (nurse, day, cell + 1)."""
        wishes = np.zeros((len(self.names), self.days, len(self.cells) + 1))
        for i, name in enumerate(self.names):
            for c, (_, skill) in enumerate(self.cells):
                if skill not in self.x.nurses[name][1]:
                    wishes[i, :, c + 1] = np.inf
        for w, (_, requests) in enumerate(weeks):
            for name, shift, day in requests:
                for c, (kind, _) in enumerate(self.cells):
                    if shift in ("Any", kind):
                        at = self.names.index(name), WEEK_DAYS * w + day, c + 1
                        wishes[at] += self._weight("pref")
        return wishes

    def _person(self, name: str, wish: FloatArray) -> RosterPerson:
        contract, past = self.x.contracts[self.x.nurses[name][0]], self.pasts[name]
        total = past.total + np.arange(self.days + 1)
        low, high = (bound * self.share for bound in contract["total"])
        outside = np.maximum(low - total, 0) + np.maximum(total - high, 0)
        return RosterPerson(
            wish=wish,
            automata=(
                self._kinds_automaton(past),
                self._runs_automaton(past, contract),
                self._weekends_automaton(past, contract),
            ),
            paid_cost=self._weight("total") * outside,
        )

    def _kinds_automaton(self, past: Past) -> DayAutomaton:
        """Successions, and runs of one kind."""
        clock = ByClock(tuple(range(1, len(self.kinds) + 1)))
        toll, limits = self._weight("shift_run"), list(self.x.shifts.values())
        barred = [self.x.forbid.get(kind, ()) for kind in self.kinds]

        def step(state: tuple[int, int], symbol: int) -> tuple[tuple[int, int], float]:
            last, run = state
            if last == symbol == 0:
                return state, 0.0
            if last == symbol:
                least, most = limits[last - 1]
                return (last, min(run + 1, max(least, most))), toll * (run >= most)
            if last and symbol and self.kinds[symbol - 1] in barred[last - 1]:
                return state, np.inf
            missing = max(0, limits[last - 1][0] - run) if last else 0
            return (symbol, int(symbol > 0)), toll * missing

        last = self.kinds.index(past.last) + 1 if past.last else 0
        start = (last, _capped(past.same, limits[last - 1]) if last else 0)
        return built("kinds", clock, clock.symbols, start, step)

    def _runs_automaton(self, past: Past, contract: Any) -> DayAutomaton:
        """Runs of work and of days off."""
        clock = ByClock((1,) * len(self.kinds))
        limits = (contract["off"], contract["work"])
        tolls = (self._weight("off_run"), self._weight("work_run"))

        def step(state: tuple[int, int], symbol: int) -> tuple[tuple[int, int], float]:
            kind, run = state
            least, most = limits[kind]
            if kind == symbol:
                return (kind, min(run + 1, max(least, most))), tolls[kind] * (run >= most)
            return (symbol, 1), tolls[kind] * (max(0, least - run) if run else 0)

        kind = int(past.last is not None)
        start = (kind, _capped(past.work if kind else past.off, limits[kind]))
        return built("runs", clock, clock.symbols, start, step)

    def _weekends_automaton(self, past: Past, contract: Any) -> DayAutomaton:
        """
        Weekends above the most, and those worked by half.

        Before the horizon ends the most is a share of it, and seldom whole.
        """
        clock = ByClock((1,) * len(self.kinds), has_weekends=True)
        share = contract["wkd"] * self.share
        most = int(np.ceil(share - 1e-9))
        beyond = np.maximum(np.arange(most + 2) - share, 0.0)
        each, half = self._weight("wkd"), self._weight("complete_wkd") * contract["complete"]

        def step(state: tuple[int, bool], symbol: int) -> tuple[tuple[int, bool], float]:
            mark, worked = divmod(symbol, clock.width)
            count, saturday = state
            is_hit = bool(worked and (mark == 1 or (mark == 2 and not saturday)))
            cost = half * (mark == 2 and bool(worked) != saturday)
            cost += each * (beyond[count + 1] - beyond[count]) * is_hit
            return (min(count + is_hit, most), bool(worked and mark == 1)), cost

        return built("weekends", clock, clock.symbols, (min(past.wkd, most), False), step)

    def _weight(self, name: str) -> float:
        return WEIGHTS[name]


WEIGHTS: Mapping[str, float] = {
    # Ceschia et al., INRC-II: Problem Description and Rules, 7 March 2015, section 2.5
    "optimal": 30, "shift_run": 15, "work_run": 30, "off_run": 30,
    "pref": 10, "complete_wkd": 30, "total": 20, "wkd": 30,
}  # fmt: skip


def _capped(run: int, limits: tuple[int, int]) -> int:
    """A run as far as its limits tell it from longer ones."""
    return min(run, max(limits))


def lines(seconds: float | None, only: str | None = None) -> Iterator[Line]:
    """
    A line for every instance, week by week.

    The budget is of processor seconds a week, that of the finalists by default.
    """
    for name, facts in known("inrc2").items():
        if only in (None, name):
            instance = Inrc2.named(name, SHARED)
            each = float(facts["dynamic_seconds_per_week"]) if seconds is None else seconds
            stop = Clock()
            yield judged(
                name,
                instance.verdict(instance.by_weeks(each)),
                float(facts["dynamic_best"]),
                bound=None,
                seconds=stop.elapsed_s,
            )
