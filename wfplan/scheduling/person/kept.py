"""Shifts of a kept plan: as they were published, and what is left to change of what has begun.

A published shift is an option of its own, before those with the same span: its breaks lie
where they lay, while breaks that are placed anew have a price. A shift that has
begun keeps its start and the breaks that were taken; what is over is the only option of its date.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.contracts import Break
from wfplan.rules.coupling import PAUSES
from wfplan.rules.limits import KeptShift, WorkLimits
from wfplan.scheduling.person.arrays import Shifts
from wfplan.scheduling.person.grid import Grid
from wfplan.scheduling.person.lengths import Lengths

IntArray = NDArray[np.int64]


def keep_shifts(
    limits: WorkLimits, grid: Grid, lengths: Lengths, by_day: Sequence[Shifts]
) -> tuple[Lengths, list[Shifts]]:
    """The shifts of each date beside those of a kept plan, and all of their lengths."""
    rows = _Rows(lengths)
    kept = {one.day: _Placed.of(one, grid) for one in limits.kept}
    first = grid.slot_from(limits.as_of) if limits.as_of else 0
    days = []
    for day, shifts in zip(limits.dates, by_day, strict=True):
        placed = kept.get(day)
        if placed is None or not placed.is_done:
            shifts = shifts.taken(shifts.start >= first)
        if placed is not None:
            shifts = _done(placed, shifts, rows) if placed.is_done else _free(placed, shifts, rows)
        days.append(shifts)
    return rows.all(), days


@dataclass(frozen=True)
class _Placed:
    """A kept shift on the slots; ``done`` is the slot before which it has happened."""

    kept: KeptShift
    start: int
    end: int
    done: int
    pauses: tuple[tuple[int, int], ...]  # first slot after the start, and slots
    slot_min: int

    @classmethod
    def of(cls, kept: KeptShift, grid: Grid) -> _Placed:
        """A kept shift; parts of slots count as whole ones."""
        start = grid.slot(kept.start)
        pauses = []
        for pause in kept.pauses or ():
            begin = kept.start + timedelta(minutes=pause.start_min)
            finish = begin + timedelta(minutes=pause.length_min)
            pauses.append((grid.slot(begin) - start, grid.slot_from(finish) - grid.slot(begin)))
        done = start if kept.done_until is None else grid.slot_from(kept.done_until)
        return cls(
            kept, start, grid.slot_from(kept.end), done, tuple(pauses), grid.horizon.slot_min
        )

    @property
    def is_done(self) -> bool:
        """Whether it has begun."""
        return self.kept.done_until is not None

    @property
    def taken(self) -> list[tuple[int, int]]:
        """The pauses that have begun."""
        return [one for one in self.pauses if self.start + one[0] < self.done]

    def windows(self) -> IntArray:
        """Its breaks where they lie, (break, 3)."""
        return np.array([(n, at, at) for at, n in self.pauses], dtype=np.int64).reshape(-1, 3)


class _Rows:
    """A table of lengths that grows."""

    def __init__(self, lengths: Lengths) -> None:
        self._lengths = lengths
        self._more: list[Lengths] = []
        self._count = len(lengths.minutes)

    def windows(self, row: int) -> IntArray:
        """The breaks of a row of the contract, (break, 3)."""
        table: IntArray = self._lengths.break_slots[row, : self._lengths.break_count[row]]
        return table

    def kinds(self, row: int) -> list[str]:
        """What the breaks of a row of the contract are."""
        return [part.kind for part in self._lengths.breaks[row]]

    def narrowed(self, row: int, windows: IntArray) -> int:
        """A row of the contract with other windows, as a row of its own."""
        table = self._lengths.break_slots[[row]].copy()
        table[0, : len(windows)] = windows
        return self._add(self._lengths.taken([row], table))

    def odd(self, placed: _Placed) -> int:
        """A row for a shift as it was done, whatever the contract says."""
        kept, windows = placed.kept, placed.windows()
        most = max(self._lengths.break_slots.shape[1], len(windows))
        table = np.zeros((1, most, 3), dtype=np.int64)
        table[0, : len(windows)] = windows
        kind = np.zeros((1, most), dtype=np.int64)
        parts = []
        for b, pause in enumerate(kept.pauses or ()):
            kind[0, b] = PAUSES.index(pause.kind)
            parts.append(
                Break.model_construct(
                    kind=pause.kind,
                    length_min=int(windows[b, 0]) * placed.slot_min,
                    is_paid=pause.is_paid,
                    earliest_min=pause.start_min,
                    latest_min=pause.start_min,
                    before_end_min=0,
                )
            )
        slots = placed.end - placed.start
        return self._add(
            Lengths(
                minutes=(slots * placed.slot_min,),
                slots=np.array([slots], dtype=np.int64),
                paid_min=(kept.paid_min,),
                break_count=np.array([len(parts)], dtype=np.int64),
                break_slots=table,
                break_kind=kind,
                breaks=(tuple(parts),),
            )
        )

    def all(self) -> Lengths:
        """The whole table."""
        return self._lengths.beside(self._more) if self._more else self._lengths

    def _add(self, one: Lengths) -> int:
        self._more.append(one)
        self._count += 1
        return self._count - 1


def _free(placed: _Placed, shifts: Shifts, rows: _Rows) -> Shifts:
    """A date's shifts beside the published one, which nobody has begun."""
    same = (shifts.start == placed.start) & (shifts.end == placed.end)
    if placed.kept.pauses is None or not same.any():
        return shifts
    priced = replace(shifts, price=shifts.price + np.where(same, placed.kept.moved_pauses, 0.0))
    kinds = [pause.kind for pause in placed.kept.pauses]
    for n in np.flatnonzero(same).tolist():
        row = int(shifts.length[n])
        if kinds == rows.kinds(row) and _lies_in(placed.windows(), rows.windows(row)):
            own = rows.narrowed(row, placed.windows())
            one = replace(shifts.taken(np.arange(len(same)) == n), length=np.array([own]))
            return _before(one, priced, n)
    return priced


def _done(placed: _Placed, shifts: Shifts, rows: _Rows) -> Shifts:
    """The shift as it was published, and what else may become of one that still runs."""
    whole = Shifts(
        start=np.array([placed.start]),
        end=np.array([placed.end]),
        length=np.array([rows.odd(placed)]),
        paid_min=np.array([placed.kept.paid_min]),
        price=np.zeros(1),
        is_done=np.ones(1, dtype=np.bool_),
    )
    if placed.end <= placed.done:
        return whole
    return _before(whole, _going_on(placed, shifts, rows), 0)


def _going_on(placed: _Placed, shifts: Shifts, rows: _Rows) -> Shifts:
    """Shifts that begin as one that runs did, each with what is left of its breaks."""
    at, row_of, price = [], [], []
    for n in np.flatnonzero(shifts.start == placed.start).tolist():
        windows = _left(placed, rows, int(shifts.length[n]))
        if windows is None or shifts.end[n] < placed.done:
            continue
        is_same = bool(shifts.end[n] == placed.end) and placed.kept.pauses is not None
        at.append(n)
        row_of.append(rows.narrowed(int(shifts.length[n]), windows))
        price.append(float(shifts.price[n]) + is_same * placed.kept.moved_pauses)
    some = np.array(at, dtype=np.int64)
    return Shifts(
        start=shifts.start[some],
        end=shifts.end[some],
        length=np.array(row_of, dtype=np.int64),
        paid_min=shifts.paid_min[some],
        price=np.array(price, dtype=np.float64),
        is_done=np.zeros(len(at), dtype=np.bool_),
    )


def _left(placed: _Placed, rows: _Rows, row: int) -> IntArray | None:
    """Windows of a length's breaks after those taken; None where it does not begin with them."""
    windows, taken = rows.windows(row).copy(), placed.taken
    if placed.kept.pauses is None:
        return windows
    kinds = [pause.kind for pause in placed.kept.pauses[: len(taken)]]
    if kinds != rows.kinds(row)[: len(taken)]:
        return None
    for b, (at, slots) in enumerate(taken):
        if windows[b, 0] != slots:
            return None
        windows[b, 1:] = at
    later = windows[len(taken) :]
    later[:, 1] = np.maximum(later[:, 1], placed.done - placed.start)
    return windows if (later[:, 1] <= later[:, 2]).all() else None


def _lies_in(placed: IntArray, windows: IntArray) -> bool:
    """Whether breaks lie within the windows of a length's."""
    return placed.shape == windows.shape and bool(
        (placed[:, 0] == windows[:, 0]).all()
        and (placed[:, 1] >= windows[:, 1]).all()
        and (placed[:, 2] <= windows[:, 2]).all()
    )


def _before(one: Shifts, others: Shifts, at: int) -> Shifts:
    """Shifts with one more before the at-th of them."""
    order = np.insert(np.arange(1, len(others.start) + 1), at, 0)
    both = one.beside(others)
    return both.taken(order)
