"""Curtois and Qu's shift-scheduling instances as rosters, judged by their own evaluator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import gcd, inf
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.bridge import module_of
from tests.benchmarks.contact_weeks import Clock
from tests.benchmarks.lines import Line
from tests.benchmarks.rosters import PASSES, SHARED, judged, known
from wfplan.domain.progress import no_watch
from wfplan.rules.automaton import DayAutomaton
from wfplan.rules.days import built
from wfplan.scheduling.rosters.roster import Roster, RosterPerson
from wfplan.scheduling.rosters.roster_search import RosterSearch

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_OFF = 0
_WEEK_DAYS = 7
_SATURDAY, _SUNDAY = 5, 6


@dataclass(frozen=True)
class ByClock:
    """Reads a day by the virtual clock: its kind (or whether it is worked), and what day it is."""

    classes: tuple[int, ...]  # per kind, from 1 on
    has_weekends: bool = False

    @property
    def width(self) -> int:
        """Classes of a day."""
        return max(self.classes) + 1

    @property
    def symbols(self) -> int:
        """Number of symbols."""
        return self.width * (3 if self.has_weekends else 1)

    def classify(
        self, day: int, start_min: IntArray, end_min: IntArray, paid_min: IntArray
    ) -> IntArray:
        """See :class:`wfplan.rules.automaton.SymbolOf`."""
        return np.array(self.classes, dtype=np.int64)[start_min] + self.off_symbol(day)

    def off_symbol(self, day: int) -> int:
        """See :class:`wfplan.rules.automaton.SymbolOf`."""
        weekday = day % _WEEK_DAYS
        mark = (weekday == _SATURDAY) + 2 * (weekday == _SUNDAY) if self.has_weekends else 0
        return mark * self.width


class CurtoisQu:
    """One instance with its reading as a roster."""

    def __init__(self, path: Path, judge: ModuleType) -> None:
        self.judge = judge
        self.x: Any = judge.Instance(path)
        self.names = list(self.x.shifts)
        self.staff = list(self.x.staff)
        self.roster = self._roster()

    @classmethod
    def named(cls, name: str, shared: Path) -> CurtoisQu:
        """A published instance."""
        bench = shared / "bench"
        path = bench / "curtois-qu" / "instances" / f"{name}.txt"
        return cls(path, module_of(bench / "tools" / "nrp_eval.py"))

    def verdict(self, rows: IntArray) -> tuple[int, int]:
        """Hard violations and penalty by the evaluator of rows, (person, day)."""
        cells = {
            name: [self.names[cell - 1] if cell else None for cell in row]
            for name, row in zip(self.staff, rows, strict=True)
        }
        violations, cost = self.judge.evaluate(self.x, cells)
        return len(violations), int(cost["penalty"])

    def _roster(self) -> Roster:
        lengths = [self.x.shifts[name]["len"] for name in self.names]
        unit = gcd(*lengths)
        paid = np.array([length // unit for length in lengths], dtype=np.int64)
        days, kinds = self.x.horizon, len(self.names)
        index = {name: k for k, name in enumerate(self.names)}
        cover = np.zeros((days, kinds, len(self.staff) + 1))
        heads = np.arange(len(self.staff) + 1)
        for day, name, need, under, over in self.x.cover:
            cover[day, index[name]] += under * np.maximum(need - heads, 0)
            cover[day, index[name]] += over * np.maximum(heads - need, 0)
        wishes = np.zeros((len(self.staff), days, kinds + 1))
        place = {name: i for i, name in enumerate(self.staff)}
        for name, day, shift, weight in self.x.on:
            wishes[place[name], day] += weight
            wishes[place[name], day, index[shift] + 1] -= weight
        for name, day, shift, weight in self.x.off:
            wishes[place[name], day, index[shift] + 1] += weight
        people = tuple(
            self._person(name, wish, unit, paid)
            for name, wish in zip(self.staff, wishes, strict=True)
        )
        return Roster(cover, np.arange(kinds, dtype=np.int64), paid, people)

    def _person(self, name: str, wish: FloatArray, unit: int, paid: IntArray) -> RosterPerson:
        limits = self.x.staff[name]
        caps = {k: limits["max_shifts"].get(s, inf) for k, s in enumerate(self.names)}
        for kind, most in caps.items():
            if most == 0:
                wish[:, kind + 1] = inf
        for day in self.x.days_off.get(name, ()):
            wish[day, 1:] = inf
        total = np.arange(limits["max_min"] // unit + 1)
        return RosterPerson(
            wish=wish,
            automata=_automata(
                tuple((s, tuple(sorted(self.x.shifts[s]["no_next"]))) for s in self.names),
                limits["max_cons"],
                limits["min_cons"],
                limits["min_off"],
                limits["max_wkd"],
            ),
            paid_cost=np.where(total * unit >= limits["min_min"], 0.0, inf),
            caps={k: int(n) for k, n in caps.items() if 0 < n < self.x.horizon},
        )


@lru_cache(maxsize=256)
def _automata(
    successions: tuple[tuple[str, tuple[str, ...]], ...],
    work_max: int, work_min: int, off_min: int, weekends_max: int,
) -> tuple[DayAutomaton, ...]:  # fmt: skip
    """Successions, runs and weekends."""
    return (
        succession_automaton(successions),
        run_automaton(len(successions), work_max, work_min, off_min),
        weekend_automaton(len(successions), weekends_max),
    )


def succession_automaton(successions: tuple[tuple[str, tuple[str, ...]], ...]) -> DayAutomaton:
    """Kinds that may not follow each other; kinds that are alike in it are one class."""
    names = [name for name, _ in successions]
    barred = {name: frozenset(after) for name, after in successions}
    facts = [(barred[name], frozenset(n for n in names if name in barred[n])) for name in names]
    different = list(dict.fromkeys(facts))
    clock = ByClock(tuple(different.index(fact) + 1 for fact in facts))
    example = [names[facts.index(fact)] for fact in different]

    def step(last: int, symbol: int) -> tuple[int, float]:
        is_barred = last and symbol and example[symbol - 1] in barred[example[last - 1]]
        return symbol, inf if is_barred else 0.0

    return built("succession", clock, clock.symbols, _OFF, step)


def run_automaton(kinds: int, work_max: int, work_min: int, off_min: int) -> DayAutomaton:
    """Runs of work and of days off, hard; one that touches a border may be as short as it is."""
    clock = ByClock((1,) * kinds)
    # worked so far in a row, and whether the run is long enough to end; days off below zero
    State = tuple[int, bool]

    def step(state: State, symbol: int) -> tuple[State, float]:
        run, is_enough = state
        if symbol:
            if run > 0:
                run += 1
                wrong = run > work_max
            else:
                wrong, run, is_enough = not is_enough, 1, run == 0
            return (run, is_enough or run >= work_min), inf if wrong else 0.0
        if run < 0 or (run, is_enough) == (0, True):
            run = max(run - 1, -off_min)
            return (run, is_enough or -run >= off_min), 0.0
        wrong = not is_enough
        return (-1, off_min <= 1), inf if wrong else 0.0

    return built("runs", clock, clock.symbols, (0, True), step)


def weekend_automaton(kinds: int, most: int) -> DayAutomaton:
    """At most so many weekends with work on Saturday or Sunday."""
    clock = ByClock((1,) * kinds, has_weekends=True)

    def step(state: tuple[int, bool], symbol: int) -> tuple[tuple[int, bool], float]:
        mark, worked = divmod(symbol, clock.width)
        count, memory = state
        count += bool(worked and (mark == 1 or (mark == 2 and not memory)))
        return (count, bool(worked and mark == 1)), inf if count > most else 0.0

    return built("weekends", clock, clock.symbols, (0, False), step)


def lines(seconds: float | None, only: str | None = None) -> Iterator[Line]:
    """A line for every instance, each with a budget of processor seconds (default 600)."""
    for name, facts in known("curtois-qu").items():
        if only in (None, name):
            instance = CurtoisQu.named(name, SHARED)
            search = RosterSearch(instance.roster)
            stop = Clock(passes=PASSES, seconds=600.0 if seconds is None else seconds)
            search.settle(stop, no_watch)
            search.refine(stop, no_watch)
            yield judged(
                name,
                instance.verdict(search.rows),
                float(facts["ub"]),
                bound=search.bound,
                seconds=stop.elapsed_s,
            )
