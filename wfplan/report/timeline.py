"""The time axes of the charts: which part of each local day is shown, and its ticks.

All days of a report share one window of wall time, from the first to the last
hour in which anything is open or anybody works. An axis runs in elapsed time,
so that a day of 23 or 25 hours is drawn as long as it is; the ticks carry the
wall time, and the moment of a clock change is marked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.calendar import CalendarDay, DayKind
from wfplan.domain.results import Run
from wfplan.horizon import DAY_MIN, Horizon
from wfplan.report.numbers import long_day, short_day, wall

DEFAULT_WINDOW = (8 * 60, 18 * 60)
WHOLE_DAY_FROM_MIN = 19 * 60
LONG_MIN = 18 * 60


@dataclass(frozen=True)
class Tick:
    """A mark at ``at`` percent of the axis; ``is_kept`` on narrow screens too."""

    at: float
    label: str
    is_kept: bool


@dataclass(frozen=True)
class ClockChange:
    """The moment at which wall clocks jump, in percent of the axis and in words."""

    at: float
    label: str


@dataclass(frozen=True)
class DayAxis:
    """The shown part of one local day: intervals ``first`` to ``last`` (excluded)."""

    index: int
    day: date
    first: int
    last: int
    start: datetime
    interval_min: int
    hours: float
    times: tuple[str, ...]
    ticks: tuple[Tick, ...]
    change: ClockChange | None
    note: str

    @property
    def count(self) -> int:
        """Number of intervals shown."""
        return self.last - self.first

    @property
    def shown(self) -> slice:
        """The shown intervals of the horizon."""
        return slice(self.first, self.last)

    @property
    def minutes(self) -> int:
        """Elapsed minutes shown."""
        return self.count * self.interval_min

    @property
    def label(self) -> str:
        """``Mon 1 Jun``, with the length of a clock-change day."""
        return short_day(self.day) + (f" ({self.hours:g} hours)" if self.change else "")

    @property
    def title(self) -> str:
        """The date in full, with what is special about it."""
        return long_day(self.day) + (f": {self.note}" if self.note else "")

    @property
    def end(self) -> datetime:
        """The instant at the right edge."""
        return self.start + timedelta(minutes=self.minutes)

    def minute_of(self, instant: datetime) -> int:
        """Elapsed minutes from the left edge to an instant, kept inside the axis."""
        elapsed = int((instant - self.start).total_seconds()) // 60
        return min(max(elapsed, 0), self.minutes)


def shown_window(run: Run) -> tuple[int, int]:
    """First and last minute after local midnight that the charts show, on whole hours."""
    horizon = run.horizon
    active = run.demand.is_open.any(axis=0) | _is_worked(run)
    if not active.any():
        return DEFAULT_WINDOW
    at = horizon.interval_minutes[active]
    first = int(at.min()) // 60 * 60
    last = min(-(-(int(at.max()) + horizon.interval_min) // 60) * 60, DAY_MIN)
    return (0, DAY_MIN) if last - first > WHOLE_DAY_FROM_MIN else (first, last)


def day_axes(run: Run) -> tuple[DayAxis, ...]:
    """One axis per local date of the horizon; a date that its zone skipped has none."""
    window = shown_window(run)
    names = {
        one: day.name or day.kind.value.replace("_", " ")
        for day in sorted(run.problem.calendar, key=_by_weight)
        for one in day.dates
    }
    return tuple(
        _axis(run.horizon, d, window, names.get(day, ""))
        for d, day in enumerate(run.horizon.dates)
        if run.horizon.day_slots[d] < run.horizon.day_slots[d + 1]
    )


def _by_weight(day: CalendarDay) -> tuple[bool, tuple[int, ...]]:
    """What is said last of a date stands: stretches and pay days give way, then by kind."""
    is_background = day.kind in (DayKind.PERIOD, DayKind.PAYDAY)
    return not is_background, tuple(-ord(letter) for letter in day.kind.value)


def _is_worked(run: Run) -> NDArray[np.bool_]:
    """In which intervals anybody has a shift."""
    step = timedelta(minutes=run.horizon.interval_min)
    worked = np.zeros(run.horizon.interval_count, dtype=np.bool_)
    for shift in run.solution.schedule.shifts:
        first = (shift.start - run.horizon.start) // step
        last = -((run.horizon.start - shift.end) // step)
        worked[max(first, 0) : max(last, 0)] = True
    return worked


def _axis(horizon: Horizon, d: int, window: tuple[int, int], name: str) -> DayAxis:
    edges = horizon.day_slots[d : d + 2] // horizon.slots_per_interval
    day_first, day_last = int(edges[0]), int(edges[1])
    at = horizon.interval_minutes[day_first:day_last]
    inside = np.flatnonzero((at >= window[0]) & (at < window[1]))
    inside = inside if len(inside) else np.arange(len(at))
    first, last = day_first + int(inside[0]), day_first + int(inside[-1]) + 1
    hours = (day_last - day_first) * horizon.interval_min / 60
    change = _clock_change(horizon, first, last)
    notes = [name, f"{hours:g} hours, {change.label}" if change else ""]
    return DayAxis(
        index=d,
        day=horizon.dates[d],
        first=first,
        last=last,
        start=horizon.interval_instant(first),
        interval_min=horizon.interval_min,
        hours=hours,
        times=tuple(wall(int(m)) for m in horizon.interval_minutes[first:last]),
        ticks=tuple(_ticks(horizon, first, last, is_long=window[1] - window[0] > LONG_MIN)),
        change=change,
        note="; ".join(note for note in notes if note),
    )


def _clock_change(horizon: Horizon, first: int, last: int) -> ClockChange | None:
    """The clock change between two shown intervals, if there is one."""
    before = horizon.local(horizon.interval_instant(first)).utcoffset() or timedelta()
    for t in range(first + 1, last):
        offset = horizon.local(horizon.interval_instant(t)).utcoffset() or timedelta()
        if offset != before:
            way = "forward" if offset > before else "back"
            was = (horizon.interval_instant(t) + before).strftime("%H:%M")
            return ClockChange(_percent(t - first, last - first), f"clocks go {way} at {was}")
    return None


def _ticks(horizon: Horizon, first: int, last: int, *, is_long: bool) -> Iterator[Tick]:
    """Ticks on full hours: all of them, or every second one of a long day."""
    for t in range(first, last):
        minute = int(horizon.interval_minutes[t])
        if minute % 60 or (is_long and minute % 120):
            continue
        is_kept = minute % (360 if is_long else 180) == 0
        yield Tick(_percent(t - first, last - first), wall(minute), is_kept)


def _percent(part: float, whole: float) -> float:
    return round(100 * part / whole, 3)
