"""Patterns: the legal days of one person, and which days may follow each other.

From a person's work limits to the arrays that the oracle runs on: the options
of each day (start and length, with the windows of their breaks) and what may
follow what (:mod:`wfplan.scheduling.person.legal`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from math import gcd, inf
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.contracts import Break
from wfplan.horizon import Window, wall_instant
from wfplan.rules.coupling import PAUSES
from wfplan.rules.limits import LockedDay, WorkLimits
from wfplan.scheduling.person.arrays import Shifts, legal_days
from wfplan.scheduling.person.grid import Grid
from wfplan.scheduling.person.kept import keep_shifts
from wfplan.scheduling.person.legal import LegalDays
from wfplan.scheduling.person.lengths import Lengths, by_the_clock

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

NIGHT: Window = (23 * 60, 30 * 60)
_NIGHT_SHIFT_MIN = 180  # a shift with this much night is a night shift
_BREAKS_MAX = 8


@dataclass(frozen=True)
class AgentSpace:
    """
    Everything the oracle needs to know of one agent's legal days; people may share it.

    ``paid_low`` and ``paid_high`` bound the paid time of the horizon, in units.
    """

    lengths: Lengths
    unit_min: int  # paid time is counted in these
    len_paid: IntArray
    opt_len: IntArray  # (option,) row of the lengths
    legal: LegalDays
    is_priced: bool  # whether rules ask harm points of some legal days

    @property
    def day_ptr(self) -> IntArray:
        """What delimits the options of each day, (day + 1,)."""
        return self.legal.day_ptr

    @property
    def opt_start(self) -> IntArray:
        """The slot in which each option begins, (option,)."""
        return self.legal.start

    @property
    def paid_low(self) -> int:
        """Least paid time of the horizon, in units."""
        return self.legal.paid_low

    @property
    def paid_high(self) -> int:
        """Most paid time of the horizon, in units."""
        return self.legal.paid_high

    @property
    def option_count(self) -> int:
        """Number of shifts over all days."""
        return len(self.opt_len)


def agent_space(limits: WorkLimits, grid: Grid) -> AgentSpace:
    """The legal days of one agent, as arrays for the oracle."""
    slot_min = grid.horizon.slot_min
    lengths = _lengths(limits, slot_min)
    by_day = [_day_options(limits, lengths, grid, day) for day in limits.dates]
    if limits.meal_clocks:
        lengths, by_day = by_the_clock(limits, grid, lengths, by_day)
    if limits.kept or limits.as_of:
        lengths, by_day = keep_shifts(limits, grid, lengths, by_day)
    unit = gcd(*lengths.paid_min) if lengths.paid_min else slot_min
    len_paid = np.array([paid // unit for paid in lengths.paid_min], dtype=np.int64)
    shifts, legal = legal_days(limits, grid, by_day, unit)
    return AgentSpace(
        lengths=lengths,
        unit_min=unit,
        len_paid=len_paid,
        opt_len=shifts.length,
        legal=legal,
        is_priced=_is_priced(legal),
    )


def _is_priced(legal: LegalDays) -> bool:
    """Whether rules ask harm points of some legal days."""
    ends = legal.final_cost[legal.final_cost < inf]
    tables = (legal.price, legal.cost, ends, legal.gap_cost, legal.week_price, legal.total_price)
    return any(table.any() for table in tables)


def _lengths(limits: WorkLimits, slot_min: int) -> Lengths:
    """The lengths that the limits leave, and those of locked shifts."""
    contract = limits.contract
    allowed = [
        minutes
        for minutes in limits.lengths_min
        if limits.break_over_min is None
        or minutes <= limits.break_over_min
        or contract.breaks_of(minutes)
    ]
    locked = [
        int((lock.end - lock.start).total_seconds()) // 60
        for lock in limits.locked
        if lock.start is not None and lock.end is not None
    ]
    locked = [length for length in locked if length not in limits.barred_lengths]
    minutes = tuple(
        m
        for m in sorted({*allowed, *locked})
        if m % slot_min == 0 and _windows(contract.breaks_of(m), m, slot_min) is not None
    )
    breaks = tuple(contract.breaks_of(m) for m in minutes)
    table = np.zeros((len(minutes), _BREAKS_MAX, 3), dtype=np.int64)
    kind = np.zeros(table.shape[:2], dtype=np.int64)
    for row, (m, parts) in enumerate(zip(minutes, breaks, strict=True)):
        kind[row, : len(parts)] = [PAUSES.index(part.kind) for part in parts]
        for b, window in enumerate(_windows(parts, m, slot_min) or ()):
            table[row, b] = window
    return Lengths(
        minutes=minutes,
        slots=np.array([m // slot_min for m in minutes], dtype=np.int64),
        paid_min=tuple(contract.paid_min(m) for m in minutes),
        break_count=np.array([len(parts) for parts in breaks], dtype=np.int64),
        break_slots=table,
        break_kind=kind,
        breaks=breaks,
    )


def _windows(
    breaks: tuple[Break, ...], shift_min: int, slot_min: int
) -> list[tuple[int, int, int]] | None:
    """Length, earliest and latest start of each break in slots; None when one does not fit."""
    windows = []
    for part in breaks:
        latest = min(part.latest_min, shift_min - part.before_end_min - part.length_min)
        first, last = -(-part.earliest_min // slot_min), latest // slot_min
        if last < first or part.length_min % slot_min:
            return None
        windows.append((part.length_min // slot_min, first, last))
    return windows if len(windows) <= _BREAKS_MAX else None


def _day_options(limits: WorkLimits, lengths: Lengths, grid: Grid, day: date) -> Shifts:
    """The shifts that a date may hold by the rules of single days, sorted by start."""
    none = np.zeros(0, dtype=np.int64)
    lock = next((lock for lock in limits.locked if lock.day == day), None)
    if day in limits.days_off or not lengths.minutes or (lock is not None and lock.start is None):
        return Shifts(none, none, none, none, np.zeros(0), np.zeros(0, dtype=np.bool_))
    start, row = _candidates(limits, lengths, grid, day, lock)
    end = start + lengths.slots[row]
    ok = (start >= 0) & (end <= grid.slots)
    start, row, end = start[ok], row[ok], end[ok]
    night = np.concatenate([[0], np.cumsum(_night(grid, limits.timezone))])
    is_night = (night[end] - night[start]) * grid.horizon.slot_min >= _NIGHT_SHIFT_MIN
    paid = np.array(lengths.paid_min, dtype=np.int64)[row]
    ok = (paid <= limits.paid_day_max) & ~(is_night & (paid > limits.paid_night_shift_max))
    spans = limits.blocked if lock is None else limits.absences
    taken = np.concatenate([[0], np.cumsum(_blocked(spans, grid))])
    ok &= taken[end] == taken[start]
    if lock is None and limits.stop_window is not None:
        first, last = limits.stop_window
        minute = grid.wall_min(day, limits.timezone)[end]
        ok &= (minute >= first) & (minute <= last)
    free = np.zeros(int(ok.sum()))
    return Shifts(start[ok], end[ok], row[ok], paid[ok], free, free > 0)


def _candidates(
    limits: WorkLimits, lengths: Lengths, grid: Grid, day: date, lock: LockedDay | None
) -> tuple[IntArray, IntArray]:
    """The locked shift of a date, or all of its starts and lengths."""
    if lock is not None and lock.start is not None and lock.end is not None:
        minutes = int((lock.end - lock.start).total_seconds()) // 60
        is_known = minutes in lengths.minutes and grid.is_on_slot(lock.start)
        starts = [grid.slot(lock.start)] if is_known else []
        rows = [lengths.minutes.index(minutes)] if is_known else []
    else:
        starts = list(
            _start_slots(grid, day, limits.timezone, limits.start_windows, limits.start_step_min)
        )
        offered = set(limits.lengths_min)
        rows = [r for r, m in enumerate(lengths.minutes) if m in offered]
    start, row = np.meshgrid(
        np.array(starts, dtype=np.int64), np.array(rows, dtype=np.int64), indexing="ij"
    )
    return start.ravel(), row.ravel()


def _blocked(spans: Sequence[tuple[datetime, datetime]], grid: Grid) -> NDArray[np.bool_]:
    """The slots of some spans."""
    blocked = np.zeros(grid.slots, dtype=np.bool_)
    for start, end in spans:
        blocked[grid.span(start, end)] = True
    return blocked


@lru_cache(maxsize=1024)
def _start_slots(
    grid: Grid, day: date, timezone: str, windows: tuple[Window, ...], step_min: int
) -> tuple[int, ...]:
    """Slots at which a shift of a date may start, in order; none at a time that no clock shows."""
    midnight = datetime.combine(day, datetime.min.time())
    instants = set()
    for first, last in windows:
        for minute in range(first, last + 1, step_min):
            instant = wall_instant(day, minute, timezone)
            shown = instant.astimezone(ZoneInfo(timezone)).replace(tzinfo=None)
            if shown == midnight + timedelta(minutes=minute) and grid.is_on_slot(instant):
                instants.add(instant)
    return tuple(sorted(grid.slot(i) for i in instants))


@lru_cache(maxsize=64)
def _night(grid: Grid, timezone: str) -> NDArray[np.bool_]:
    """Slots between 23:00 and 06:00 of the agent's wall time."""
    night = np.zeros(grid.slots, dtype=np.bool_)
    first = grid.horizon.first_day - timedelta(days=3)
    for d in range(grid.horizon.days + 6):
        day = first + timedelta(days=d)
        night[grid.span(*(wall_instant(day, m, timezone) for m in NIGHT))] = True
    return night
