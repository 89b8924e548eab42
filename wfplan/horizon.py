"""Time: instants, intervals, slots, zones and the two clock changes.

Instants are UTC inside; wall time only at the edges. A horizon is some local
days of one site, cut into *intervals* of equal elapsed length (demand,
requirement, outcome) and finer *slots* (where shifts and breaks begin and
end). A week therefore has 167, 168 or 169 hours, and a clock-change day has 23
or 25. Windows of wall time (opening hours, availability) are minutes after
local midnight; an end beyond 24:00 lies on the next date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from math import gcd
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from wfplan.errors import InputError

DAY_MIN = 24 * 60
INTERVALS_MIN = (5, 6, 10, 12, 15, 20, 30, 60)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Window = tuple[int, int]  # (start, end) in minutes after local midnight; end may pass 24:00


def wall_instant(day: date, minute: int, timezone: str) -> datetime:
    """
    The UTC instant of a wall time: ``minute`` after local midnight of ``day``.

    A wall time that the spring change skips is read as the instant it would
    have been without the change; one that occurs twice in autumn means the
    first (RFC 5545, 3.3.5).
    """
    naive = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
    return naive.replace(tzinfo=ZoneInfo(timezone)).astimezone(UTC)


def occurs_twice(local: datetime) -> bool:
    """Whether clocks show a wall time, which has its zone, once more on that date."""
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def day_bounds(day: date, timezone: str) -> tuple[datetime, datetime]:
    """The instants at which a local date begins and ends: 23, 24 or 25 hours apart."""
    return wall_instant(day, 0, timezone), wall_instant(day, DAY_MIN, timezone)


@dataclass(frozen=True)
class Horizon:
    """
    Consecutive local days of one site, cut into intervals and slots.

    Slot indices count from the first local midnight; a shift that began the
    day before has negative ones, and a night shift of the last day runs past
    ``slot_count``.

    Raises
    ------
    InputError
        When the interval is not one of 5, 6, 10, 12, 15, 20, 30 or 60 minutes,
        when the slot does not divide it, or when a clock change of the zone
        is not a whole number of intervals.
    """

    timezone: str
    first_day: date
    days: int = 7
    interval_min: int = 15
    slot_min: int = 0  # 0: the largest step that divides both the interval and 15 minutes

    def __post_init__(self) -> None:
        if self.interval_min not in INTERVALS_MIN:
            raise InputError(
                f"interval_min = {self.interval_min} is not an interval length: "
                f"use one of {', '.join(map(str, INTERVALS_MIN))} minutes."
            )
        if self.slot_min == 0:
            object.__setattr__(self, "slot_min", gcd(self.interval_min, 15))
        if self.slot_min < 1 or self.interval_min % self.slot_min:
            raise InputError(
                f"slot_min = {self.slot_min} does not divide the interval of "
                f"{self.interval_min} minutes: use a divisor, such as {gcd(self.interval_min, 15)}."
            )
        off_grid = [
            self.dates[d]
            for d in range(self.days)
            if (self.day_starts[d + 1] - self.day_starts[d]) % timedelta(minutes=self.interval_min)
        ]
        if off_grid:
            raise InputError(
                f"interval_min = {self.interval_min} does not fit {off_grid[0]}: the clock change "
                f"in {self.timezone} is not a whole number of intervals. Use 30 or 15 minutes."
            )

    @cached_property
    def dates(self) -> tuple[date, ...]:
        """The local dates of the horizon."""
        return tuple(self.first_day + timedelta(days=d) for d in range(self.days))

    @cached_property
    def day_starts(self) -> tuple[datetime, ...]:
        """Instants of the local midnights, one more than there are days."""
        return tuple(
            wall_instant(self.first_day + timedelta(days=d), 0, self.timezone)
            for d in range(self.days + 1)
        )

    @property
    def start(self) -> datetime:
        """The first instant."""
        return self.day_starts[0]

    @property
    def end(self) -> datetime:
        """The instant after the last one."""
        return self.day_starts[-1]

    @cached_property
    def interval_count(self) -> int:
        """Number of intervals in the horizon."""
        return int((self.end - self.start) / timedelta(minutes=self.interval_min))

    @property
    def slots_per_interval(self) -> int:
        """Number of slots in an interval."""
        return self.interval_min // self.slot_min

    @property
    def slot_count(self) -> int:
        """Number of slots in the horizon."""
        return self.interval_count * self.slots_per_interval

    @cached_property
    def interval_starts(self) -> NDArray[np.datetime64]:
        """UTC start of every interval, ``datetime64[s]`` of shape (interval,)."""
        first = np.datetime64(self.start.replace(tzinfo=None), "s")
        return first + np.arange(self.interval_count) * np.timedelta64(self.interval_min * 60, "s")

    @cached_property
    def day_slots(self) -> NDArray[np.int64]:
        """Slot of every local midnight, shape (day + 1,)."""
        return np.array([self.slot_at(instant) for instant in self.day_starts], dtype=np.int64)

    @cached_property
    def interval_days(self) -> NDArray[np.int64]:
        """Index of the local date of every interval, shape (interval,)."""
        edges = self.day_slots // self.slots_per_interval
        return np.searchsorted(edges, np.arange(self.interval_count), side="right") - 1

    @cached_property
    def interval_minutes(self) -> NDArray[np.int64]:
        """Wall-clock minutes after midnight of every interval's start, shape (interval,)."""
        local = [self.local(self.interval_instant(t)) for t in range(self.interval_count)]
        return np.array([moment.hour * 60 + moment.minute for moment in local], dtype=np.int64)

    def interval_instant(self, interval: int) -> datetime:
        """The UTC instant at which an interval begins."""
        return self.start + timedelta(minutes=interval * self.interval_min)

    def slot_at(self, instant: datetime) -> int:
        """The slot that contains an instant (negative before the horizon)."""
        return int((instant - self.start) // timedelta(minutes=self.slot_min))

    def instant_at(self, slot: int) -> datetime:
        """The UTC instant at which a slot begins."""
        return self.start + timedelta(minutes=slot * self.slot_min)

    def local(self, instant: datetime) -> datetime:
        """The wall time of an instant at the site."""
        return instant.astimezone(ZoneInfo(self.timezone))

    def open_intervals(
        self,
        weekly: Mapping[int, Iterable[Window]],
        by_date: Mapping[date, Iterable[Window]] | None = None,
    ) -> NDArray[np.bool_]:
        """
        Which intervals begin inside windows of wall time, shape (interval,).

        Parameters
        ----------
        weekly
            Windows per weekday (0 is Monday).
        by_date
            Windows that replace the weekday's on a date; none means closed.
            A window of the evening before that passes midnight still counts.
        """
        is_open = np.zeros(self.interval_count, dtype=np.bool_)
        dated = by_date or {}
        starts = self.interval_starts
        for d in range(-1, self.days):
            day = self.first_day + timedelta(days=d)
            for begin, finish in dated.get(day, weekly.get(day.weekday(), ())):
                first, last = (
                    np.datetime64(wall_instant(day, m, self.timezone).replace(tzinfo=None), "s")
                    for m in (begin, finish)
                )
                is_open |= (starts >= first) & (starts < last)
        return is_open
