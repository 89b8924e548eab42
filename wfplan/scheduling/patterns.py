"""Patterns: the legal days of one person, and which days may follow each other.

From a person's work limits to the arrays that the oracle runs on: the options
of each day (start and length, with the windows of their breaks) and a small
layered automaton that admits exactly the legal sequences of days on and off.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from math import gcd
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.contracts import Break
from wfplan.horizon import DAY_MIN, Horizon, Window, wall_instant
from wfplan.rules.limits import LockedDay, WorkLimits
from wfplan.scheduling.days import days_automaton

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

NIGHT: Window = (23 * 60, 30 * 60)
_NIGHT_SHIFT_MIN = 180  # a shift with this much night is a night shift
_LONG_AGO = -(10**6)  # slot of the last shift of a person without history
_BREAKS_MAX = 8


@dataclass(frozen=True)
class Grid:
    """The slots of a coverage: from ``lead`` slots before the horizon to some after it."""

    horizon: Horizon
    lead: int
    slots: int

    @classmethod
    def around(cls, horizon: Horizon) -> Grid:
        """A day before the horizon to a day and a half after it."""
        per_day = DAY_MIN // horizon.slot_min
        return cls(horizon, per_day, horizon.slot_count + per_day * 5 // 2)

    def slot(self, instant: datetime) -> int:
        """The slot of the coverage that contains an instant."""
        return self.lead + self.horizon.slot_at(instant)

    def slot_from(self, instant: datetime) -> int:
        """The first slot that begins at or after an instant."""
        return self.slot(instant) + (0 if self.is_on_slot(instant) else 1)

    def is_on_slot(self, instant: datetime) -> bool:
        """Whether a slot begins at the instant."""
        return self.horizon.instant_at(self.horizon.slot_at(instant)) == instant

    def instant(self, slot: int) -> datetime:
        """The instant at which a slot begins."""
        return self.horizon.instant_at(slot - self.lead)

    def span(self, start: datetime, end: datetime) -> slice:
        """The slots that a span touches, clipped to the grid."""
        last = self.lead - ((self.horizon.start - end) // timedelta(minutes=self.horizon.slot_min))
        return slice(max(self.slot(start), 0), max(min(last, self.slots), 0))


@dataclass(frozen=True)
class Lengths:
    """
    The shift lengths of a contract on the slot grid.

    ``break_slots[l, b]`` are length, earliest and latest start of break b of
    length l, in slots from the shift's start.
    """

    minutes: tuple[int, ...]
    slots: IntArray
    paid_min: tuple[int, ...]
    break_count: IntArray
    break_slots: IntArray
    breaks: tuple[tuple[Break, ...], ...]


@dataclass(frozen=True)
class AgentSpace:
    """Everything the oracle needs to know of one agent's legal weeks."""

    agent_id: str
    lengths: Lengths
    unit_min: int  # paid time is counted in these
    len_paid: IntArray
    day_ptr: IntArray
    opt_start: IntArray
    opt_len: IntArray
    on: IntArray
    off: IntArray
    most_on: IntArray  # days on that can still follow, (day + 1, state)
    paid_low: int
    paid_high: int
    daily_rest: int
    last_end: int
    weekly_rest: int
    weekly_inside: int  # slots of that rest that must lie in each of the spans
    weekly_spans: IntArray  # (span, 2): first slot and end, both rising
    last_slot: int

    @property
    def option_count(self) -> int:
        """Number of shifts over all days."""
        return len(self.opt_start)


def agent_space(limits: WorkLimits, grid: Grid) -> AgentSpace:
    """The legal weeks of one agent, as arrays for the oracle."""
    slot_min = grid.horizon.slot_min
    lengths = _lengths(limits, slot_min)
    unit = gcd(*lengths.paid_min) if lengths.paid_min else slot_min
    locked = {lock.day: lock for lock in limits.locked}
    per_day = [_day_options(limits, lengths, grid, day) for day in limits.dates]
    day_ptr = np.cumsum([0, *(len(starts) for starts, _ in per_day)]).astype(np.int64)
    has_options = tuple(len(starts) > 0 for starts, _ in per_day)
    forced = tuple(day in locked and locked[day].start is not None for day in limits.dates)
    on, off, most_on = days_automaton(
        has_options, forced, limits.work_days_min, limits.work_days_max,
        limits.consecutive_days_max, limits.run_days_before,
    )  # fmt: skip
    rest_start = limits.last_end
    if rest_start is None and limits.earliest_start is not None:
        rest_start = limits.earliest_start - timedelta(minutes=limits.daily_rest_min)
    return AgentSpace(
        agent_id=limits.agent_id,
        lengths=lengths,
        unit_min=unit,
        len_paid=np.array([paid // unit for paid in lengths.paid_min], dtype=np.int64),
        day_ptr=day_ptr,
        opt_start=np.concatenate([starts for starts, _ in per_day]).astype(np.int64),
        opt_len=np.concatenate([kinds for _, kinds in per_day]).astype(np.int64),
        on=on,
        off=off,
        most_on=most_on,
        paid_low=-(-limits.paid_week_min // unit),
        paid_high=max(min(limits.paid_week_max, 7 * DAY_MIN * len(limits.dates)) // unit, -1),
        daily_rest=-(-limits.daily_rest_min // slot_min),
        last_end=_LONG_AGO if rest_start is None else grid.slot_from(rest_start),
        weekly_rest=-(-limits.weekly_rest_min // slot_min),
        weekly_inside=-(-(limits.weekly_rest_inside_min or limits.weekly_rest_min) // slot_min),
        weekly_spans=_weekly_spans(limits, grid),
        last_slot=grid.slot(wall_instant(limits.dates[-1], DAY_MIN, limits.timezone)),
    )


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
    minutes = tuple(
        m
        for m in sorted({*allowed, *locked})
        if m % slot_min == 0 and _windows(contract.breaks_of(m), m, slot_min) is not None
    )
    breaks = tuple(contract.breaks_of(m) for m in minutes)
    table = np.zeros((len(minutes), _BREAKS_MAX, 3), dtype=np.int64)
    for row, (m, parts) in enumerate(zip(minutes, breaks, strict=True)):
        for b, window in enumerate(_windows(parts, m, slot_min) or ()):
            table[row, b] = window
    return Lengths(
        minutes=minutes,
        slots=np.array([m // slot_min for m in minutes], dtype=np.int64),
        paid_min=tuple(contract.paid_min(m) for m in minutes),
        break_count=np.array([len(parts) for parts in breaks], dtype=np.int64),
        break_slots=table,
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


def _day_options(
    limits: WorkLimits, lengths: Lengths, grid: Grid, day: date
) -> tuple[IntArray, IntArray]:
    """Starts (slots) and lengths (rows) of the legal shifts of a date, sorted by start."""
    none = np.zeros(0, dtype=np.int64)
    lock = next((lock for lock in limits.locked if lock.day == day), None)
    if day in limits.days_off or not lengths.minutes or (lock is not None and lock.start is None):
        return none, none
    start, row = _candidates(limits, lengths, grid, day, lock)
    end = start + lengths.slots[row]
    ok = (start >= 0) & (end <= grid.slots)
    start, row, end = start[ok], row[ok], end[ok]
    night = np.concatenate([[0], np.cumsum(_night(grid, limits.timezone))])
    is_night = (night[end] - night[start]) * grid.horizon.slot_min >= _NIGHT_SHIFT_MIN
    paid = np.array(lengths.paid_min, dtype=np.int64)[row]
    ok = (paid <= limits.paid_day_max) & ~(is_night & (paid > limits.paid_night_shift_max))
    if lock is None:
        taken = np.concatenate([[0], np.cumsum(_blocked(limits, grid))])
        ok &= taken[end] == taken[start]
        if limits.stop_window is not None:
            first, last = limits.stop_window
            minute = _wall_minutes(grid, day, limits.timezone)[end]
            ok &= (minute >= first) & (minute <= last)
    return start[ok], row[ok]


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


def _blocked(limits: WorkLimits, grid: Grid) -> NDArray[np.bool_]:
    """Slots in which the agent cannot be on shift."""
    blocked = np.zeros(grid.slots, dtype=np.bool_)
    for start, end in limits.blocked:
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


@lru_cache(maxsize=256)
def _wall_minutes(grid: Grid, day: date, timezone: str) -> IntArray:
    """What the agent's clock shows at every slot and at the end, in minutes after a midnight."""
    midnight = datetime.combine(day, datetime.min.time())
    zone = ZoneInfo(timezone)
    shown = (grid.instant(s).astimezone(zone).replace(tzinfo=None) for s in range(grid.slots + 1))
    return np.array([(wall - midnight) // timedelta(minutes=1) for wall in shown], dtype=np.int64)


@lru_cache(maxsize=64)
def _night(grid: Grid, timezone: str) -> NDArray[np.bool_]:
    """Slots between 23:00 and 06:00 of the agent's wall time."""
    night = np.zeros(grid.slots, dtype=np.bool_)
    first = grid.horizon.first_day - timedelta(days=3)
    for d in range(grid.horizon.days + 6):
        day = first + timedelta(days=d)
        night[grid.span(*(wall_instant(day, m, timezone) for m in NIGHT))] = True
    return night


def _weekly_spans(limits: WorkLimits, grid: Grid) -> IntArray:
    """The spans that want a weekly rest, in slots."""
    spans = [(grid.slot_from(first), grid.slot(last)) for first, last in limits.weekly_rest_spans]
    return np.array(sorted(spans), dtype=np.int64).reshape(-1, 2)
