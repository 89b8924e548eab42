"""Rosters of fixed shifts: one shift of a given kind a day, or a day off.

Where shifts have fixed hours a day needs no clock: it has *cells* (a kind of shift,
or a kind and a skill) in which people are counted, each with a convex cost of their
number. A person's row holds one cell a day, numbered from 1, or 0 for a day off.
Rules of sequences are day automata (:mod:`wfplan.rules.automaton`), which read the
kinds of the days by a virtual clock: kind k begins at minute k and ends a minute later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from wfplan.rules.automaton import DayAutomaton

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class RosterPerson:
    """
    What one person's row may be and costs.

    Attributes
    ----------
    wish
        Harm points of a day spent in a cell, (day, cell + 1), off in column 0;
        infinite where she cannot.
    automata
        Rules of sequences, over kinds.
    paid_cost
        Harm points of a total of paid time, (total,); infinite where not allowed.
    caps
        Most shifts of a kind.
    """

    wish: FloatArray
    automata: tuple[DayAutomaton, ...]
    paid_cost: FloatArray
    caps: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Roster:
    """
    People, their rules, and the cover that is wanted.

    Attributes
    ----------
    cover_cost
        Harm points of so many people in a cell, (day, cell, people); convex in people.
    kind_of
        The kind of shift of each cell, (cell,).
    paid
        Units of paid time of each kind, (kind,).
    """

    cover_cost: FloatArray
    kind_of: IntArray
    paid: IntArray
    people: tuple[RosterPerson, ...]

    @property
    def days(self) -> int:
        """Days of the horizon."""
        return len(self.cover_cost)

    @property
    def cells(self) -> int:
        """Cells of a day."""
        return len(self.kind_of)

    @cached_property
    def _tables(self) -> dict[int, IntArray]:
        """How automata read the days, (day, kind + 1) each, by their identity."""
        return {}

    @cached_property
    def kind_at(self) -> IntArray:
        """The kind of a cell as a row holds it, from 1 on, 0 for a day off, (cell + 1,)."""
        return np.concatenate([[0], self.kind_of + 1])

    @cached_property
    def paid_at(self) -> IntArray:
        """Paid time of a cell as a row holds it, (cell + 1,)."""
        return np.concatenate([[0], self.paid[self.kind_of]])

    def row_cost(self, i: int, row: IntArray) -> float:
        """Harm points of a person's row, infinite where it breaks a hard rule."""
        person = self.people[i]
        kinds = self.kind_at[row]
        cost = float(person.wish[np.arange(self.days), row].sum())
        total = int(self.paid_at[row].sum())
        cost += float(person.paid_cost[total]) if total < len(person.paid_cost) else np.inf
        for automaton in person.automata:
            table = self._tables.get(id(automaton))
            if table is None:
                table = symbol_table(automaton, self.days, len(self.paid))
                self._tables[id(automaton)] = table
            cost += automaton.price_of(table[np.arange(self.days), kinds].tolist())
        for kind, most in person.caps.items():
            cost += np.inf if int((kinds == kind + 1).sum()) > most else 0.0
        return cost

    def counts(self, rows: IntArray) -> IntArray:
        """People in each cell, (day, cell)."""
        table = np.zeros((self.days, self.cells + 1), dtype=np.int64)
        for row in rows:
            table[np.arange(self.days), row] += 1
        return table[:, 1:]

    def cover(self, rows: IntArray, days: slice = slice(None)) -> float:
        """Harm points of the cover that rows make together, on some days."""
        count = np.minimum(self.counts(rows), self.cover_cost.shape[2] - 1)[days, :, None]
        return float(np.take_along_axis(self.cover_cost[days], count, axis=2).sum())

    def cost(self, rows: IntArray) -> float:
        """Harm points of everybody's rows, (person, day)."""
        return self.cover(rows) + sum(self.row_cost(i, row) for i, row in enumerate(rows))


def symbol_table(automaton: DayAutomaton, days: int, kinds: int) -> IntArray:
    """The symbol of every kind on every day, (day, kind + 1), off in column 0."""
    start = np.arange(kinds, dtype=np.int64)
    table = np.zeros((days, kinds + 1), dtype=np.int64)
    for day in range(days):
        table[day, 0] = automaton.symbol.off_symbol(day)
        table[day, 1:] = automaton.symbol.classify(day, start, start + 1, np.ones_like(start))
    return table
