"""Swaps: two people of a roster change places for some days, by the million a second.

A swap leaves the cover of the days as it is, so what it costs is what the two rows
cost: wishes, totals of paid time, and rules, whose automata are read on from the
changed days until they are in the state in which they were before. Stretches of days
keep runs of work whole. Beside swaps
days of one person are changed, which changes the cover too. Both are accepted by
Metropolis' rule at a falling temperature (Kirkpatrick, Gelatt and Vecchi 1983,
doi:10.1126/science.220.4598.671).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wfplan.compiled import apart, kernel, pack, part
from wfplan.domain.progress import Stop
from wfplan.rules.automaton import DayAutomaton
from wfplan.scheduling.rosters.roster import Roster, symbol_table
from wfplan.scheduling.search.trial import draw, draw_below

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_HOT, _COLD = 3.0, 0.05  # in typical wishes; shifts that nobody takes cost far more
_CHANGES = 0.4  # share of moves that change days of one person
_GOING_ON = 0.6  # chance that a stretch of days has one more
_AT_ONCE = 50_000
_COOLINGS = 200
_TRIFLE = 1e-9


class Rows(NamedTuple):
    """A roster as the swaps see it; the arrays of the second half are changed in place."""

    cover_cost: FloatArray  # (day, cell, people)
    wish: FloatArray  # (person, day, cell + 1)
    paid_cost: FloatArray  # (person, total), infinite beyond
    paid_at: IntArray  # (cell + 1,)
    kind_at: IntArray  # (cell + 1,)
    caps: IntArray  # (person, kind + 1)
    rules: IntArray  # (person, rule) automata, -1 for none
    symbol: IntArray  # (automaton, day, kind + 1)
    next_state: IntArray  # (automaton, state, symbol)
    cost: FloatArray
    final_cost: FloatArray  # (automaton, state)
    row: IntArray  # (person, day)
    state: IntArray  # (person, rule, day + 1) before each day
    total: IntArray  # (person,) paid time
    of_kind: IntArray  # (person, kind + 1) days
    heads: IntArray  # (day, cell + 1)
    asked: IntArray  # (2, day) days that are tried
    going_on: FloatArray  # (1,) chance that a stretch of days has one more
    chance: NDArray[np.uint64]  # (1,)


@part
def _kind_then(at: Rows, i: int, x: int, d: int, last: int, k: int) -> int:
    """The kind of a person's day where days from d to last (exclusive) are as asked in row k."""
    cell = at.asked[k, x] if d <= x < last else at.row[i, x]
    return int(at.kind_at[cell])


@part
def _read_on(at: Rows, i: int, r: int, d: int, last: int, k: int, is_kept: bool) -> float:
    """By how much a rule's cost rises when days change; the states are noted if that is kept."""
    a, days = at.rules[i, r], at.row.shape[1]
    now, new, rise = at.state[i, r, d], at.state[i, r, d], 0.0
    for x in range(d, days):
        was = at.symbol[a, x, at.kind_at[at.row[i, x]]]
        then = at.symbol[a, x, _kind_then(at, i, x, d, last, k)]
        if at.next_state[a, new, then] < 0:
            return np.inf
        rise += at.cost[a, new, then] - at.cost[a, now, was]
        now, new = at.state[i, r, x + 1], at.next_state[a, new, then]
        if now == new and x + 1 >= last:
            return float(rise)
        if is_kept:
            at.state[i, r, x + 1] = new
    return float(rise + at.final_cost[a, new] - at.final_cost[a, now])


@part
def _breaks_cap(at: Rows, i: int, d: int, last: int, k: int) -> bool:
    """Whether days as asked in row k give a person more days of a kind than she may have."""
    for x in range(d, last):
        at.of_kind[i, at.kind_at[at.row[i, x]]] -= 1
        at.of_kind[i, at.kind_at[at.asked[k, x]]] += 1
    is_over = False
    for x in range(d, last):
        kind = at.kind_at[at.asked[k, x]]
        is_over |= at.of_kind[i, kind] > at.caps[i, kind]
    for x in range(d, last):
        at.of_kind[i, at.kind_at[at.row[i, x]]] += 1
        at.of_kind[i, at.kind_at[at.asked[k, x]]] -= 1
    return is_over


@apart
def _rise_of_row(at: Rows, i: int, d: int, last: int, k: int) -> float:
    """By how much a person's row costs more with days as asked in row k, infinite if not legal."""
    total, rise = at.total[i], 0.0
    for x in range(d, last):
        was, cell = at.row[i, x], at.asked[k, x]
        rise += at.wish[i, x, cell] - at.wish[i, x, was]
        total += at.paid_at[cell] - at.paid_at[was]
    if rise == np.inf or total >= at.paid_cost.shape[1]:
        return np.inf
    rise += at.paid_cost[i, total] - at.paid_cost[i, at.total[i]]
    if rise == np.inf or _breaks_cap(at, i, d, last, k):
        return np.inf
    for r in range(at.rules.shape[1]):
        if rise < np.inf and at.rules[i, r] >= 0:
            rise += _read_on(at, i, r, d, last, k, False)
    return float(rise)


@apart
def _change_row(at: Rows, i: int, d: int, last: int, k: int) -> None:
    """Give a person days as asked in row k."""
    for r in range(at.rules.shape[1]):
        if at.rules[i, r] >= 0:
            _read_on(at, i, r, d, last, k, True)
    for x in range(d, last):
        was, cell = at.row[i, x], at.asked[k, x]
        at.total[i] += at.paid_at[cell] - at.paid_at[was]
        at.of_kind[i, at.kind_at[was]] -= 1
        at.of_kind[i, at.kind_at[cell]] += 1
        at.heads[x, was] -= 1
        at.heads[x, cell] += 1
        at.row[i, x] = cell


@part
def _cover_rise(at: Rows, d: int, was: int, cell: int) -> float:
    """By how much the cover of a day costs more when somebody changes cells."""
    rise = 0.0
    if was > 0:
        n = at.heads[d, was]
        rise += at.cover_cost[d, was - 1, n - 1] - at.cover_cost[d, was - 1, n]
    if cell > 0:
        n = at.heads[d, cell]
        rise += at.cover_cost[d, cell - 1, n + 1] - at.cover_cost[d, cell - 1, n]
    return rise


@part
def _stretch(at: Rows, d: int) -> int:
    """Where a stretch of days from d on ends, exclusive: shorter ones more often."""
    last = d + 1
    while last < at.row.shape[1] and draw(at.chance) < at.going_on[0]:
        last += 1
    return last


@part
def _try_change(at: Rows, i: int, d: int, last: int, temperature: float) -> float:
    """Another cell on some days of one person, the same on each; by how much the cost rose."""
    cell, rise = draw_below(at.chance, at.paid_at.shape[0]), 0.0
    for x in range(d, last):
        at.asked[0, x] = cell
        if cell != at.row[i, x]:
            rise += _cover_rise(at, x, at.row[i, x], cell)
    rise += _rise_of_row(at, i, d, last, 0)
    if rise > -temperature * np.log(draw(at.chance)):
        return 0.0
    _change_row(at, i, d, last, 0)
    return rise


@part
def _try_swap(at: Rows, i: int, j: int, d: int, last: int, temperature: float) -> float:
    """Two people change places for some days; by how much the roster's cost rose."""
    is_same = True
    for x in range(d, last):
        at.asked[0, x], at.asked[1, x] = at.row[j, x], at.row[i, x]
        is_same &= at.row[i, x] == at.row[j, x]
    if is_same:
        return 0.0
    rise = _rise_of_row(at, i, d, last, 0)
    if rise < np.inf:
        rise += _rise_of_row(at, j, d, last, 1)
    if rise > -temperature * np.log(draw(at.chance)):
        return 0.0
    _change_row(at, i, d, last, 0)
    _change_row(at, j, d, last, 1)
    return rise


@kernel
def make_swaps(at: Rows, moves: int, temperature: float, changes: float) -> float:
    """So many moves; by how much the roster's cost rose. ``at`` is packed."""
    people, days = at.row.shape
    total = 0.0
    for _ in range(moves):
        i, d = draw_below(at.chance, people), draw_below(at.chance, days)
        last = _stretch(at, d)
        if draw(at.chance) < changes:
            total += _try_change(at, i, d, last, temperature)
        else:
            total += _try_swap(at, i, draw_below(at.chance, people), d, last, temperature)
    return total


class Swaps:
    """A roster whose rows are swapped about; ``rows`` (person, day) is the best one met."""

    def __init__(self, roster: Roster, rows: IntArray, seed: int = 0) -> None:
        self.roster = roster
        self.rows, self.cost = rows.copy(), roster.cost(rows)
        self._at = _rows(roster, rows, seed)
        self._packed = pack(self._at)

    def move(self, moves: int, temperature: float) -> float:
        """So many moves; by how much the cost of the roster at hand rose, in harm points."""
        rise: float = make_swaps(self._packed, moves, temperature, _CHANGES)
        return rise

    @property
    def at_hand(self) -> IntArray:
        """The roster at hand, (person, day)."""
        return self._at.row

    def anneal(self, stop: Stop, moves: int, hot: float = _HOT) -> None:
        """
        Moves at a falling temperature; the best roster that was met is kept.

        It begins at ``hot`` typical wishes and has fallen when so many moves are
        made or the seconds are used, whichever is first.
        """
        cost, done, began, wish = self.cost, 0, stop.elapsed_s, typical_wish(self.roster)
        while done < moves and not stop.is_due:
            used = (stop.elapsed_s - began) / max(stop.seconds - began, _TRIFLE)
            heat = wish * hot * (_COLD / hot) ** max(done / moves, used)
            now = min(_AT_ONCE, -(-moves // _COOLINGS), moves - done)
            cost, done = cost + self.move(now, heat), done + now
            if cost < self.cost - _TRIFLE:
                self.rows, self.cost = self._at.row.copy(), cost


def typical_wish(roster: Roster) -> float:
    """Harm points of the median wish, or of one where nobody has any."""
    wishes = np.abs(np.concatenate([person.wish.ravel() for person in roster.people]))
    wishes = wishes[np.isfinite(wishes) & (wishes > 0)]
    return float(np.median(wishes)) if len(wishes) else 1.0


def _rows(roster: Roster, rows: IntArray, seed: int) -> Rows:
    """The arrays of a roster."""
    people, kinds = roster.people, len(roster.paid)
    automata = list({id(a): a for person in people for a in person.automata}.values())
    tables = _tables(automata, roster.days, kinds)
    index = {id(automaton): n for n, automaton in enumerate(automata)}
    rules = np.full((len(people), max(len(p.automata) for p in people)), -1, dtype=np.int64)
    paid_cost = np.full((len(people), max(len(p.paid_cost) for p in people)), np.inf)
    caps = np.full((len(people), kinds + 1), roster.days, dtype=np.int64)
    for i, person in enumerate(people):
        paid_cost[i, : len(person.paid_cost)] = person.paid_cost
        rules[i, : len(person.automata)] = [index[id(one)] for one in person.automata]
        for kind, most in person.caps.items():
            caps[i, kind + 1] = most
    kind_at = roster.kind_at[rows]
    nobody = np.zeros((roster.days, 1), dtype=np.int64)
    return Rows(
        **tables,
        cover_cost=np.ascontiguousarray(roster.cover_cost, dtype=np.float64),
        wish=np.array([person.wish for person in people]),
        paid_cost=paid_cost,
        paid_at=roster.paid_at.astype(np.int64),
        kind_at=roster.kind_at.astype(np.int64),
        caps=caps,
        rules=rules,
        row=rows.astype(np.int64).copy(),
        state=_states(automata, rules, tables, kind_at),
        total=roster.paid_at[rows].sum(axis=1).astype(np.int64),
        of_kind=np.stack([(kind_at == k).sum(axis=1) for k in range(kinds + 1)], axis=1),
        heads=np.concatenate([nobody, roster.counts(rows)], axis=1),
        asked=np.zeros((2, roster.days), dtype=np.int64),
        going_on=np.array([_GOING_ON]),
        chance=np.array(np.random.SeedSequence(seed).generate_state(1, np.uint64), dtype=np.uint64),
    )


def _tables(automata: Sequence[DayAutomaton], days: int, kinds: int) -> dict[str, Any]:
    """The automata in arrays of one size."""
    states = max((len(one.final_cost) for one in automata), default=1)
    symbols = max((one.next_state.shape[1] for one in automata), default=1)
    shape = (len(automata), states, symbols)
    next_state, cost = np.full(shape, -1, dtype=np.int64), np.zeros(shape)
    final_cost = np.zeros(shape[:2])
    symbol = np.zeros((len(automata), days, kinds + 1), dtype=np.int64)
    for n, one in enumerate(automata):
        rows, columns = one.next_state.shape
        next_state[n, :rows, :columns] = one.next_state
        cost[n, :rows, :columns] = one.cost
        final_cost[n, :rows] = one.final_cost
        symbol[n] = symbol_table(one, days, kinds)
    return {"symbol": symbol, "next_state": next_state, "cost": cost, "final_cost": final_cost}


def _states(
    automata: Sequence[DayAutomaton], rules: IntArray, tables: dict[str, Any], kind_at: IntArray
) -> IntArray:
    """The state of every rule of a person before each day, (person, rule, day + 1)."""
    days = kind_at.shape[1]
    state = np.zeros((*rules.shape, days + 1), dtype=np.int64)
    for (i, r), n in np.ndenumerate(rules):
        if n >= 0:
            state[i, r, 0] = automata[int(n)].start
            for d in range(days):
                read = tables["symbol"][n, d, kind_at[i, d]]
                state[i, r, d + 1] = tables["next_state"][n, state[i, r, d], read]
    return state
