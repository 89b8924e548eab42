"""Lengths of shifts with the windows of their breaks, and what the clock makes of them.

A rule that says by which clock meals begin leaves a length other windows at
every start: such shifts have a row of their own in the table of lengths.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.contracts import Break
from wfplan.rules.limits import WorkLimits
from wfplan.scheduling.person.arrays import Shifts
from wfplan.scheduling.person.grid import Grid

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Lengths:
    """
    The shift lengths of a contract on the slot grid.

    ``break_slots[l, b]`` are length, earliest and latest start of break b of
    length l, in slots from the shift's start. A length has several rows where
    the clock narrows the windows of its breaks.
    """

    minutes: tuple[int, ...]
    slots: IntArray
    paid_min: tuple[int, ...]
    break_count: IntArray
    break_slots: IntArray
    break_kind: IntArray  # (length, break) place among the PAUSES
    breaks: tuple[tuple[Break, ...], ...]

    def taken(self, rows: Sequence[int], break_slots: IntArray) -> Lengths:
        """Some rows, again and again if need be, with other windows."""
        at = np.array(rows, dtype=np.int64)
        return Lengths(
            minutes=tuple(self.minutes[row] for row in rows),
            slots=self.slots[at],
            paid_min=tuple(self.paid_min[row] for row in rows),
            break_count=self.break_count[at],
            break_slots=break_slots,
            break_kind=self.break_kind[at],
            breaks=tuple(self.breaks[row] for row in rows),
        )

    def beside(self, more: Sequence[Lengths]) -> Lengths:
        """These rows, and those of others behind them."""
        every = (self, *more)
        most = max(one.break_kind.shape[1] for one in every)

        def table(values: IntArray) -> IntArray:
            if values.shape[1] == most:
                return values
            wider = [(0, 0), (0, most - values.shape[1])] + [(0, 0)] * (values.ndim - 2)
            return np.pad(values, wider)

        return Lengths(
            minutes=tuple(m for one in every for m in one.minutes),
            slots=np.concatenate([one.slots for one in every]),
            paid_min=tuple(m for one in every for m in one.paid_min),
            break_count=np.concatenate([one.break_count for one in every]),
            break_slots=np.concatenate([table(one.break_slots) for one in every]),
            break_kind=np.concatenate([table(one.break_kind) for one in every]),
            breaks=tuple(parts for one in every for parts in one.breaks),
        )


def by_the_clock(
    limits: WorkLimits, grid: Grid, lengths: Lengths, by_day: Sequence[Shifts]
) -> tuple[Lengths, list[Shifts]]:
    """
    The shifts of each date with the windows of meals that the clock leaves them.

    Of a window the longest stretch of the cheapest starts is kept; shifts that
    no start of a meal suits are left out. What is beside the clock and only
    wished for is the price of the shift.
    """
    rows: dict[tuple[int, bytes], int] = {}
    tables: list[IntArray] = []
    days = []
    for day, shifts in zip(limits.dates, by_day, strict=True):
        wall = grid.wall_min(day, limits.timezone)
        row, price = shifts.length.copy(), np.zeros(len(row_of := shifts.length))
        for n, (start, old) in enumerate(zip(shifts.start, row_of, strict=True)):
            windows, price[n] = _windows(limits, lengths, wall, int(start), int(old))
            key = int(old), windows.tobytes()
            if key not in rows:
                rows[key] = len(tables)
                tables.append(windows)
            row[n] = rows[key]
        keep = price < inf
        days.append(replace(shifts, length=row, price=price).taken(keep))
    old_rows = [old for old, _ in rows]
    shape = (0, *lengths.break_slots.shape[1:])
    return lengths.taken(old_rows, np.array(tables, dtype=np.int64).reshape(-1, *shape[1:])), days


def _windows(
    limits: WorkLimits, lengths: Lengths, wall: IntArray, start: int, row: int
) -> tuple[IntArray, float]:
    """Windows of the breaks of one shift, and harm points of its meals."""
    windows, total = lengths.break_slots[row].copy(), 0.0
    clocks = [clock for clock in limits.meal_clocks if lengths.minutes[row] > clock.over_min]
    for b, part in enumerate(lengths.breaks[row] if clocks else ()):
        if part.kind != "meal":
            continue
        _, first, last = windows[b]
        minute = wall[start + first : start + last + 1]
        price = np.sum([clock.price(minute) for clock in clocks], axis=0)
        cheapest = float(price.min())
        total += cheapest
        begin, end = _longest_run(price <= cheapest)
        windows[b, 1:] = first + begin, first + end
    return windows, total


def _longest_run(wanted: NDArray[np.bool_]) -> tuple[int, int]:
    """First and last place of the longest stretch of wanted places."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], wanted.astype(np.int64), [0]])))
    first, stop = edges[::2], edges[1::2]
    at = int(np.argmax(stop - first))
    return int(first[at]), int(stop[at]) - 1
