"""Tiny rosters of fixed shifts, and what brute force says of them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from wfplan.rules.automaton import DayAutomaton
from wfplan.rules.days import built
from wfplan.scheduling.rosters.roster import Roster, RosterPerson

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Kinds:
    """Reads a day as its kind, 0 for a day off."""

    def classify(
        self, day: int, start_min: IntArray, end_min: IntArray, paid_min: IntArray
    ) -> IntArray:
        """The kind of each shift, from 1 on."""
        return start_min + 1

    def off_symbol(self, day: int) -> int:
        """A day off."""
        return 0


def no_second_after_first(toll: float) -> DayAutomaton:
    """Kind 1 may not follow kind 2; three days of work in a row cost a toll."""

    def step(state: tuple[int, int], symbol: int) -> tuple[tuple[int, int], float]:
        last, run = state
        if (last, symbol) == (2, 1):
            return state, np.inf
        after = min(run + 1, 3) if symbol else 0
        return (symbol, after), toll * (after == 3)

    return built("tiny", Kinds(), 3, (0, 0), step)


def tiny(seed: int, *, people: int = 2, days: int = 4) -> Roster:
    """A random roster of two kinds, the first in two cells, with caps and wishes."""
    rng = np.random.default_rng(seed)
    need = rng.integers(0, 3, size=(days, 3, 1))
    heads = np.arange(people + 1)
    cover = 10.0 * np.maximum(need - heads, 0) + 1.0 * np.maximum(heads - need, 0)
    paid_cost = np.zeros(2 * days)
    paid_cost[: int(rng.integers(0, 3))] = np.inf
    everybody = []
    for _ in range(people):
        wish = rng.integers(-3, 4, size=(days, 4)).astype(np.float64)
        wish[int(rng.integers(days)), int(rng.integers(1, 4))] = np.inf
        everybody.append(
            RosterPerson(
                wish=wish,
                automata=(no_second_after_first(float(rng.integers(0, 5))),),
                paid_cost=paid_cost,
                caps={1: int(rng.integers(1, 3))},
            )
        )
    kind_of, paid = np.array([0, 0, 1]), np.array([1, 2])
    return Roster(cover, kind_of, paid, tuple(everybody))


def legal_rows(roster: Roster, i: int) -> list[tuple[IntArray, float]]:
    """Every legal row of a person and its cost."""
    rows = (np.array(row) for row in product(range(roster.cells + 1), repeat=roster.days))
    priced = ((row, roster.row_cost(i, row)) for row in rows)
    return [(row, cost) for row, cost in priced if cost < np.inf]


def optimum(roster: Roster) -> float:
    """The least cost of any roster."""
    each = [legal_rows(roster, i) for i in range(len(roster.people))]
    return min(
        roster.cover(np.array([row for row, _ in choice])) + sum(cost for _, cost in choice)
        for choice in product(*each)
    )
