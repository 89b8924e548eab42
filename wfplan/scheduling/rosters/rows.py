"""The oracle of a roster: the cheapest legal row of one person at given prices of the cells.

A dynamic program over days on the layered automaton of a person's rules
(:mod:`wfplan.scheduling.person.days`) and her paid time: shifts of fixed kinds need no list of
labels, so that one step of the program is a minimum over a whole range of paid times.
Caps on kinds would multiply the states; they are read only once a row breaks one
(lazily, as a cut is), so that most rows cost a program without any.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wfplan.rules.automaton import DayAutomaton
from wfplan.rules.days import built
from wfplan.scheduling.person.days import DayCounts, DayReading, Layers, day_layers
from wfplan.scheduling.person.legal import inner, kernel
from wfplan.scheduling.rosters.roster import Roster, symbol_table

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


_CELLS_MAX = 30_000_000  # states, days and paid times of a program, 240 MB
_TOLLS = 10  # steps of a toll on a capped kind


@inner
def _extend(
    now: FloatArray, then: FloatArray, first: int, last: int, shift: int, price: float
) -> None:
    """Offer the values of a state, from one paid time to another, to a state of the next day."""
    for p in range(first, last):
        value = now[p] + price
        held = then[p + shift]
        then[p + shift] = value if value < held else held


@kernel
def cheapest(
    next_state: IntArray,
    cost: FloatArray,
    final_cost: FloatArray,
    price: FloatArray,
    paid: IntArray,
    paid_cost: FloatArray,
    value: FloatArray,
    chosen: IntArray,
) -> float:
    """
    The cost of the cheapest row, and in ``chosen`` the symbol of each day.

    ``price`` is (day, symbol), ``paid`` (symbol,), ``paid_cost`` (total,) and
    ``value`` (day + 1, state, total) the memory to work in. Infinite when no row is legal.
    """
    days, states, symbols = next_state.shape
    width = paid_cost.shape[0]
    low = 0
    while low < width and paid_cost[low] == np.inf:
        low += 1
    most = paid.max()
    begin = np.zeros((days + 1, states), dtype=np.int64)
    end = np.zeros((days + 1, states), dtype=np.int64)
    value[0, 0, 0], end[0, 0] = 0.0, 1
    for d in range(days):
        least = max(0, low - most * (days - d - 1))
        for s in range(states):
            if end[d, s] <= begin[d, s]:
                continue
            for k in range(symbols):
                to = next_state[d, s, k]
                if to < 0 or price[d, k] == np.inf:
                    continue
                first = max(begin[d, s], least - paid[k])
                last = min(end[d, s], width - paid[k])
                if first >= last:
                    continue
                if end[d + 1, to] == 0:
                    begin[d + 1, to] = width
                    value[d + 1, to, :width] = np.inf
                _extend(value[d, s], value[d + 1, to], first, last, paid[k],
                        cost[d, s, k] + price[d, k])  # fmt: skip
                begin[d + 1, to] = min(begin[d + 1, to], first + paid[k])
                end[d + 1, to] = max(end[d + 1, to], last + paid[k])
    best, state, total = np.inf, -1, -1
    for s in range(states):
        for p in range(begin[days, s], end[days, s]):
            ended = value[days, s, p] + final_cost[s] + paid_cost[p]
            if ended < best:
                best, state, total = ended, s, p
    if state >= 0:
        _trace(next_state, cost, price, paid, value, begin, end, state, total, chosen)
    return best


@inner
def _trace(
    next_state: IntArray,
    cost: FloatArray,
    price: FloatArray,
    paid: IntArray,
    value: FloatArray,
    begin: IntArray,
    end: IntArray,
    state: int,
    total: int,
    chosen: IntArray,
) -> None:
    """The symbols on the way to a state and a total of the last day."""
    days, states, symbols = next_state.shape
    for d in range(days - 1, -1, -1):
        held, found = value[d + 1, state, total], False
        for s in range(states):
            for k in range(symbols):
                p = total - paid[k]
                if next_state[d, s, k] != state or not begin[d, s] <= p < end[d, s]:
                    continue
                if value[d, s, p] + (cost[d, s, k] + price[d, k]) == held:
                    state, total, chosen[d], found = s, p, k, True
                    break
            if found:
                break


@dataclass(frozen=True)
class _Reading:
    """A person's layers, and which cells each of their symbols stands for."""

    layers: Layers
    cells: tuple[IntArray, ...]  # per symbol from 1 on, as rows hold them
    paid: IntArray  # (symbol,)


@dataclass(frozen=True)
class _CountsOne:
    """A reading of days by the virtual clock that sees one kind only."""

    kind: int

    def classify(
        self, day: int, start_min: IntArray, end_min: IntArray, paid_min: IntArray
    ) -> IntArray:
        """See :class:`wfplan.rules.automaton.SymbolOf`."""
        return np.asarray(start_min == self.kind, dtype=np.int64)

    def off_symbol(self, day: int) -> int:
        """See :class:`wfplan.rules.automaton.SymbolOf`."""
        return 0


class RowOracle:
    """Cheapest rows of the people of a roster; owns the memory it works in."""

    def __init__(self, roster: Roster) -> None:
        self.roster = roster
        self._readings: dict[tuple[int, tuple[int, ...]], _Reading] = {}
        self._value = np.empty((0, 0, 0))
        self._kinds = len(roster.paid)

    def best(
        self, i: int, cell_price: FloatArray, keep: IntArray | None = None
    ) -> tuple[float, IntArray | None]:
        """
        The cost of person i's cheapest row at prices of the cells, (day, cell), and that row.

        The prices are added to her wishes and rules. ``keep`` holds the cell of each day
        that must stay as it is, -1 where it is free. None where no row is legal. Where caps
        make the program too large, the row is a good one and the cost a floor.
        """
        caps = self.roster.people[i].caps
        read: tuple[int, ...] = ()
        cost, row = self._run(i, read, cell_price, keep)
        while row is not None:
            count = self._counts(row)
            broken = [kind for kind, most in caps.items() if count[kind] > most]
            if not broken:
                return cost, row
            read = tuple(sorted({*read, *broken}))
            if self._size(i, read) > _CELLS_MAX:
                return self._at_tolls(i, read, cell_price, keep)
            cost, row = self._run(i, read, cell_price, keep)
        return cost, None

    def _counts(self, row: IntArray) -> IntArray:
        """Days of each kind in a row, (kind,)."""
        return np.bincount(self.roster.kind_at[row], minlength=self._kinds + 1)[1:]

    def _size(self, i: int, read: tuple[int, ...]) -> int:
        """Cells that a program with the caps of some kinds may have."""
        person = self.roster.people[i]
        states: int = self._reading(i, ()).layers.next_state.shape[1]
        for kind in read:
            states *= person.caps[kind] + 1
        return states * len(person.paid_cost) * self.roster.days

    def _at_tolls(
        self, i: int, capped: tuple[int, ...], cell_price: FloatArray, keep: IntArray | None
    ) -> tuple[float, IntArray | None]:
        """
        A cheap row that keeps all caps, and a floor of what any costs, where states are too many.

        Kinds beyond their caps are tolled more and more; tolls less what a row at its
        caps would pay make a floor by weak duality (Geoffrion 1974, doi:10.1007/BFb0120690).
        """
        caps = self.roster.people[i].caps
        toll = np.zeros(self._kinds)
        step = float(np.ptp(cell_price)) / _TOLLS
        floor, best, least = -np.inf, None, np.inf
        for _ in range(2 * _TOLLS):
            tolled = cell_price + toll[self.roster.kind_of]
            cost, row = self._run(i, (), tolled, keep)
            if row is None:
                return np.inf, None
            count = self._counts(row)
            floor = max(floor, cost - sum(toll[kind] * most for kind, most in caps.items()))
            over = [kind for kind, most in caps.items() if count[kind] > most]
            if not over:
                spent = cost - float(toll @ count)
                if spent < least:
                    best, least = row, spent
                break
            toll[over] += max(step, 1.0)
        if best is None:
            return self._run(i, capped, cell_price, keep)
        return floor, best

    def _run(
        self, i: int, read: tuple[int, ...], cell_price: FloatArray, keep: IntArray | None
    ) -> tuple[float, IntArray | None]:
        """The program with the caps of some kinds."""
        person, reading = self.roster.people[i], self._reading(i, read)
        asked = person.wish.copy()
        asked[:, 1:] += cell_price
        if keep is not None:
            day = np.flatnonzero(keep >= 0)
            kept = asked[day, keep[day]]
            asked[day] = np.inf
            asked[day, keep[day]] = kept
        price = np.empty((self.roster.days, len(reading.cells) + 1))
        price[:, 0] = asked[:, 0]
        for s, cells in enumerate(reading.cells):
            price[:, s + 1] = asked[:, cells].min(axis=1)
        layers, width = reading.layers, len(person.paid_cost)
        self._make_room(layers.next_state.shape[1], width)
        chosen = np.zeros(self.roster.days, dtype=np.int64)
        cost = float(
            cheapest(
                layers.next_state, layers.cost, layers.final_cost, price, reading.paid,
                person.paid_cost, self._value, chosen,
            )
        )  # fmt: skip
        if cost == np.inf:
            return cost, None
        row = np.zeros(self.roster.days, dtype=np.int64)
        for d in np.flatnonzero(chosen):
            cells = reading.cells[chosen[d] - 1]
            row[d] = cells[np.argmin(asked[d, cells])]
        return cost, row

    def _make_room(self, states: int, width: int) -> None:
        _, held_states, held_width = self._value.shape
        if states > held_states or width > held_width:
            shape = (self.roster.days + 1, max(states, held_states), max(width, held_width))
            self._value = np.empty(shape)

    def _reading(self, i: int, read: tuple[int, ...]) -> _Reading:
        if (i, read) not in self._readings:
            self._readings[i, read] = self._read(i, read)
        return self._readings[i, read]

    def _read(self, i: int, read: tuple[int, ...]) -> _Reading:
        """The layers of a person's automata and of the caps of some kinds."""
        roster, person = self.roster, self.roster.people[i]
        automata = [*person.automata, *(_cap(kind, person.caps[kind]) for kind in read)]
        tables = [symbol_table(one, roster.days, self._kinds) for one in automata]
        stacked = np.stack(tables)  # (automaton, day, kind + 1)
        facts = np.vstack([stacked[:, :, 1:].reshape(-1, self._kinds), roster.paid])
        _, group = np.unique(facts, axis=1, return_inverse=True)
        group = group.reshape(-1)
        first = [int(np.flatnonzero(group == g)[0]) for g in range(group.max() + 1)]
        kinds = roster.kind_at[1:] - 1
        layers = day_layers(
            DayReading(
                shifts=tuple(
                    tuple(tuple(stacked[:, d, k + 1].tolist()) for k in first)
                    for d in range(roster.days)
                ),
                off=tuple(tuple(stacked[:, d, 0].tolist()) for d in range(roster.days)),
                off_cost=(0.0,) * roster.days,
                must_work=(False,) * roster.days,
            ),
            DayCounts(blocks=(), run_max=roster.days),
            automata,
        )
        return _Reading(
            layers=layers,
            cells=tuple(np.flatnonzero(group[kinds] == g) + 1 for g in range(len(first))),
            paid=np.concatenate([[0], roster.paid[first]]),
        )


def _cap(kind: int, most: int) -> DayAutomaton:
    """At most so many days of a kind."""

    def step(count: int, symbol: int) -> tuple[int, float]:
        count += symbol
        return count, np.inf if count > most else 0.0

    return built(f"cap of kind {kind}", _CountsOne(kind), 2, 0, step)
