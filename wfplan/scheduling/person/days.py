"""Days: which sequences of days are legal and at what price, as a layered automaton.

Counts of working days, runs and the automata of the rules are read together,
one layer a day: states are reached from the history on, and merged where no
continuation tells them apart (backward partition refinement; Moore 1956, as in
:mod:`wfplan.rules.automaton`). Counts that begin anew with every week stay
small that way, however many weeks there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from wfplan.rules.automaton import DayAutomaton

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_DIGITS = 12  # harm points closer than that are one price


@dataclass(frozen=True)
class DayCounts:
    """
    Bounds of working days and of runs of them.

    Each of ``blocks`` divides the horizon into stretches, (first day, least,
    most): the planning weeks, say, or the horizon itself.
    """

    blocks: tuple[tuple[tuple[int, int, int], ...], ...]
    run_max: int
    run_before: int = 0


@dataclass(frozen=True)
class Layers:
    """
    A layered automaton; state 0 begins, symbol 0 is a day off.

    ``next_state`` and ``cost`` are (day, state, symbol), ``final_cost``
    (state,); -1 where a day is forbidden, and no state left without an end.
    """

    next_state: IntArray
    cost: FloatArray
    final_cost: FloatArray


Symbols = tuple[tuple[tuple[int, ...], ...], ...]
"""Per day the classes of its shifts, each a symbol of every automaton."""


@dataclass(frozen=True)
class DayReading:
    """
    How the rules read a horizon.

    ``shifts`` become the symbols from 1 on; a day without any offers no shift.
    ``off`` are the symbols of each automaton for a day off, per day.
    """

    shifts: Symbols
    off: tuple[tuple[int, ...], ...]
    off_cost: tuple[float, ...]
    must_work: tuple[bool, ...]


Table = tuple[tuple[int, ...], bytes, bytes, bytes, int]
"""Shape, contents and start of an automaton, to remember it by."""


@dataclass(frozen=True)
class _Part:
    """One thing to keep count of, as tables (day or 1, state, symbol)."""

    next_state: IntArray
    cost: FloatArray
    final_cost: FloatArray
    start: int
    columns: tuple[IntArray, ...]  # per day its symbol for each joint one


def day_layers(
    reading: DayReading, counts: DayCounts, automata: Sequence[DayAutomaton] = ()
) -> Layers:
    """The layers of a horizon; people whose rules and days are alike share them."""
    tables = tuple(
        (one.next_state.shape, one.next_state.astype(np.int64).tobytes(), one.cost.tobytes(),
         one.final_cost.tobytes(), one.start)
        for one in automata
    )  # fmt: skip
    return _layers(reading, counts, tables)


@lru_cache(maxsize=4096)
def _layers(reading: DayReading, counts: DayCounts, tables: tuple[Table, ...]) -> Layers:
    """See :func:`day_layers`."""
    parts = [*_count_parts(reading, counts)]
    parts += [_rule_part(reading, a, table) for a, table in enumerate(tables)]
    layers, ends = _reached(reading, parts)
    return _merged(layers, ends)


def _count_parts(reading: DayReading, counts: DayCounts) -> list[_Part]:
    """Working days of each block and in a row, where their bounds can bind."""
    days = len(reading.shifts)
    columns = tuple(np.array([0, *(1 for _ in kinds)], dtype=np.int64) for kinds in reading.shifts)
    parts = []
    for block in counts.blocks:
        lengths = np.diff([*(first for first, _, _ in block), days]).tolist()
        stretches = list(zip(block, lengths, strict=True))
        if any(least > 0 or most < length for (_, least, most), length in stretches):
            tables = [_counter(bounds, n, max(lengths)) for bounds, n in stretches]
            parts.append(_plain_part(np.concatenate(tables), 0, columns))
    if counts.run_before + days > counts.run_max:
        run = np.minimum(np.arange(counts.run_max + 1), counts.run_max)
        table = np.stack([np.zeros_like(run), np.where(run < counts.run_max, run + 1, -1)], axis=1)
        parts.append(_plain_part(table[None], min(counts.run_before, counts.run_max), columns))
    return parts


def _counter(bounds: tuple[int, int, int], length: int, longest: int) -> IntArray:
    """Next numbers of days worked in a stretch, (day, number, off or on)."""
    _, least, most = bounds
    number = np.arange(longest + 1)
    day = np.stack([number, np.where(number < min(most, longest), number + 1, -1)], axis=1)
    last = np.where(day >= least, 0, -1)
    last[day < 0] = -1
    return np.stack([day] * (length - 1) + [last]).astype(np.int64)


def _plain_part(table: IntArray, start: int, columns: tuple[IntArray, ...]) -> _Part:
    """A part without prices that may end anywhere."""
    return _Part(table, np.zeros(table.shape), np.zeros(table.shape[1]), start, columns)


def _rule_part(reading: DayReading, a: int, table: Table) -> _Part:
    """The a-th automaton, with the symbols under which it reads the joint ones."""
    shape, following, cost, final_cost, start = table
    columns = tuple(
        np.array([off[a], *(kind[a] for kind in kinds)], dtype=np.int64)
        for off, kinds in zip(reading.off, reading.shifts, strict=True)
    )
    return _Part(
        next_state=np.frombuffer(following, dtype=np.int64).reshape(1, *shape),
        cost=np.frombuffer(cost).reshape(1, *shape),
        final_cost=np.frombuffer(final_cost),
        start=start,
        columns=columns,
    )


def _reached(
    reading: DayReading, parts: Sequence[_Part]
) -> tuple[list[tuple[IntArray, FloatArray]], FloatArray]:
    """Per day next states and costs of what is reached, and what ending there costs."""
    sizes = [part.next_state.shape[1] for part in parts]
    radix = np.concatenate([[1], np.cumprod(sizes)]).astype(np.int64)
    codes = np.array([sum(p.start * int(r) for p, r in zip(parts, radix, strict=False))])
    layers = []
    for d, kinds in enumerate(reading.shifts):
        shape = (len(codes), len(kinds) + 1)
        following, cost = np.zeros(shape, dtype=np.int64), np.zeros(shape)
        is_open = np.ones(shape, dtype=np.bool_)
        for part, factor, size in zip(parts, radix, sizes, strict=False):
            at = np.ix_(codes // factor % size, part.columns[d])
            step = part.next_state[min(d, len(part.next_state) - 1)][at]
            following += step * factor
            cost += part.cost[min(d, len(part.cost) - 1)][at]
            is_open &= step >= 0
        is_open[:, 0] &= not reading.must_work[d]
        cost[:, 0] += reading.off_cost[d]
        codes, number = np.unique(following[is_open], return_inverse=True)
        following[:] = -1
        following[is_open] = number
        layers.append((following, cost))
    ends = np.zeros(len(codes))
    for part, factor, size in zip(parts, radix, sizes, strict=False):
        ends += part.final_cost[codes // factor % size]
    return layers, ends


def _merged(layers: Sequence[tuple[IntArray, FloatArray]], ends: FloatArray) -> Layers:
    """States with the same future made one, those without a future left out."""
    final, number = np.unique(np.round(ends, _DIGITS), return_inverse=True)
    number = np.where(np.isfinite(ends), number, -1)
    rows: list[tuple[IntArray, FloatArray]] = []
    for following, cost in reversed(layers):
        step = np.where(following >= 0, np.append(number, -1)[following], -1)
        price = np.where(step >= 0, cost, 0.0)
        is_live = (step >= 0).any(axis=1)
        number = np.full(len(step), -1)
        if is_live.any():
            facts = np.concatenate([step, np.round(price, _DIGITS)], axis=1)[is_live]
            _, keep, inverse = np.unique(facts, axis=0, return_index=True, return_inverse=True)
            number[is_live] = inverse.reshape(-1)
            rows.append((step[is_live][keep], price[is_live][keep]))
        else:
            rows.append((step[:0], price[:0]))
    return _stacked(rows[::-1], final[np.isfinite(final)])


def _stacked(rows: Sequence[tuple[IntArray, FloatArray]], final: FloatArray) -> Layers:
    """Layers of different sizes in one table, -1 where there is nothing."""
    states = max(1, len(final), *(len(step) for step, _ in rows))
    symbols = max(step.shape[1] for step, _ in rows)
    following = np.full((len(rows), states, symbols), -1, dtype=np.int64)
    cost = np.zeros(following.shape)
    ends = np.full(states, np.inf)
    for d, (step, price) in enumerate(rows):
        following[d, : step.shape[0], : step.shape[1]] = step
        cost[d, : step.shape[0], : step.shape[1]] = price
    ends[: len(final)] = final
    return Layers(following, cost, ends)
