"""Contact history on the grid of local days and wall-clock slots.

A row is a count of contacts that arrived in the time from ``interval_start``
on; rows finer than the interval are summed. A cell of the grid is a *rate*:
contacts per elapsed interval. The hour that the autumn change repeats holds two
intervals in one cell, which get the same rate; the hour that the spring change
skips holds none. A cell without rows is absent (NaN), which is not zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasts.errors import ForecastError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

DAY_MIN = 24 * 60
HOUR_MIN = 60
WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
_EPOCH = date(1970, 1, 1)
_GRAIN_PAIRS = 8  # neighbouring rows that it takes to tell the grain of a history


def ordinal(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def date_of(day: int) -> date:
    """The date of a number of days since 1970-01-01."""
    return _EPOCH + timedelta(days=int(day))


def weekday_of(days: IntArray) -> IntArray:
    """Weekday of days since 1970-01-01, 0 is Monday."""
    return (np.asarray(days, dtype=np.int64) + 3) % 7


@dataclass(frozen=True)
class LocalTime:
    """Wall time of instants: days since 1970-01-01, minutes after midnight, UTC minutes."""

    day: IntArray
    minute: IntArray
    utc_min: IntArray

    @classmethod
    def of(cls, instants: pd.Series, timezone: str) -> LocalTime:
        """The wall time of UTC instants in an IANA zone."""
        local = instants.dt.tz_convert(timezone).dt.tz_localize(None)
        minutes = local.to_numpy().astype("datetime64[m]").astype(np.int64)
        utc = instants.dt.tz_convert("UTC").dt.tz_localize(None)
        return cls(
            minutes // DAY_MIN,
            minutes % DAY_MIN,
            utc.to_numpy().astype("datetime64[m]").astype(np.int64),
        )


@dataclass(frozen=True)
class Series:
    """
    One channel's history: ``counts`` and ``handle_s`` of shape (day, slot).

    ``days`` are consecutive, in days since 1970-01-01. ``counts`` are contacts
    per elapsed interval, ``contacts`` all contacts of the cell, ``handle_s``
    contact-weighted mean handle times in seconds; NaN where there is nothing.
    """

    channel: str
    interval_min: int
    days: IntArray
    counts: FloatArray
    contacts: FloatArray
    handle_s: FloatArray

    @cached_property
    def weekdays(self) -> IntArray:
        """Weekday of every day, 0 is Monday, shape (day,)."""
        return weekday_of(self.days)

    @cached_property
    def has_rows(self) -> BoolArray:
        """Which days have any row, shape (day,)."""
        return np.asarray(np.isfinite(self.counts).any(axis=1), dtype=np.bool_)

    @property
    def slots(self) -> int:
        """Intervals of a day of 24 hours."""
        return DAY_MIN // self.interval_min

    def before(self, day: int) -> Series:
        """The history that ends before a day."""
        return self.window(int(self.days[0]) if self.days.size else day, day)

    def window(self, first: int, end: int) -> Series:
        """The days from ``first`` up to, not including, ``end``."""
        keep = (self.days >= first) & (self.days < end)
        return Series(
            self.channel,
            self.interval_min,
            self.days[keep],
            self.counts[keep],
            self.contacts[keep],
            self.handle_s[keep],
        )

    def with_counts(self, counts: FloatArray) -> Series:
        """The same days with other counts."""
        return Series(
            self.channel, self.interval_min, self.days, counts, self.contacts, self.handle_s
        )


def grid(rows: pd.DataFrame, local: LocalTime, channel: str, interval_min: int) -> Series:
    """
    The rows of one channel on the grid of days and slots.

    Raises
    ------
    ForecastError
        When the rows are coarser than the interval, or do not fall on it.
    """
    _check_grain(local, channel, interval_min)
    if interval_min > HOUR_MIN:  # so long that a clock change falls into an interval
        start = local.day * DAY_MIN + local.minute - local.minute % interval_min
    else:
        start = local.utc_min - local.minute % interval_min
    starts, inverse = np.unique(start, return_inverse=True)
    offered = rows["offered"].to_numpy(np.float64)
    total = np.bincount(inverse, offered).astype(np.float64)
    handled = handled_of(rows, offered)
    aht = rows["aht_s"].to_numpy(np.float64)
    known = np.isfinite(aht) & (aht > 0) & (handled > 0)
    answered = np.where(known, handled, 0.0)
    weight = np.bincount(inverse, answered, starts.size).astype(np.float64)
    work = np.bincount(inverse, answered * np.nan_to_num(aht), starts.size).astype(np.float64)

    first = int(local.day.min())
    days = np.arange(first, int(local.day.max()) + 1, dtype=np.int64)
    slots = DAY_MIN // interval_min
    cell = np.empty(starts.size, dtype=np.int64)
    cell[inverse] = (local.day - first) * slots + local.minute // interval_min
    shape, size = (days.size, slots), days.size * slots

    def summed(values: FloatArray) -> FloatArray:
        total: FloatArray = np.bincount(cell, values, size).astype(np.float64).reshape(shape)
        return total

    intervals = summed(np.ones(starts.size))
    with np.errstate(invalid="ignore", divide="ignore"):
        counts = summed(total) / np.where(intervals > 0, intervals, np.nan)
        weights = summed(weight)
        handle = np.where(weights > 0, summed(work) / weights, np.nan)
    contacts = np.where(weights > 0, weights, 0.0)
    return Series(channel, interval_min, days, counts, contacts, handle)


def with_dropped_zeros(series: Series) -> tuple[Series, bool]:
    """
    The series with zeros where its source leaves out intervals without contacts.

    Such a source shows itself: counts so small that zeros must occur, and not
    one zero among many rows (the Poisson chance of that is below 1 in 1000).
    Only slots that the weekday has seen, on days that have rows, are filled.
    """
    seen = np.isfinite(series.counts)
    if not seen.any() or (series.counts[seen] <= 0).any():
        return series, False
    filled = series.counts.copy()
    zeros_expected, holes = 0.0, np.zeros_like(seen)
    for weekday in range(7):
        on = (series.weekdays == weekday) & seen.any(axis=1)
        if not on.any():
            continue
        share = seen[on].mean(axis=0)
        rows = seen[on].sum(axis=0)
        mean = np.where(seen[on], series.counts[on], 0.0).sum(axis=0) / np.maximum(rows, 1)
        zeros_expected += float((np.exp(-mean) * rows).sum())
        holes |= on[:, None] & ~seen & (share > 0)
    if zeros_expected < 7.0 or not holes.any():
        return series, False
    filled[holes] = 0.0
    return series.with_counts(filled), True


def open_mask(day: IntArray, slot: IntArray, is_open: BoolArray, series: Series) -> BoolArray:
    """
    The slots that count per weekday, shape (weekday, slot).

    Those that the horizon opens on that weekday; for weekdays that it does not
    open, those that at least half of the weekday's days in the history have.
    """
    mask = np.zeros((7, series.slots), dtype=np.bool_)
    mask[weekday_of(day[is_open]), slot[is_open]] = True
    seen = np.isfinite(series.counts)
    for weekday in np.flatnonzero(~mask.any(axis=1)):
        on = (series.weekdays == weekday) & seen.any(axis=1)
        if on.any():
            mask[weekday] = seen[on].mean(axis=0) >= 0.5
    return mask


def dates_text(days: Iterable[int], limit: int = 4) -> str:
    """``2024-05-01, 2024-05-02 and 3 more``."""
    ordered = sorted({int(day) for day in days})
    text = ", ".join(date_of(day).isoformat() for day in ordered[:limit])
    more = len(ordered) - limit
    return f"{text} and {more} more" if more > 0 else text


def handled_of(rows: pd.DataFrame, offered: FloatArray) -> FloatArray:
    """Contacts that a handle time speaks of: the answered where known, else the offered."""
    if "answered" not in rows:
        return offered
    answered = rows["answered"].to_numpy(np.float64)
    return np.where(np.isfinite(answered), np.clip(answered, 0.0, None), offered)


def _check_grain(local: LocalTime, channel: str, interval_min: int) -> None:
    """Refuse rows that are longer than the interval or straddle its edges."""
    order = np.argsort(local.utc_min, kind="stable")
    step = np.diff(local.utc_min[order])
    same_day = np.diff(local.day[order]) == 0
    steps = step[same_day & (step > 0)]
    if steps.size < _GRAIN_PAIRS:
        _check_day_totals(local, channel, interval_min)
        return
    grain = int(np.gcd.reduce(steps))
    if grain > interval_min:
        raise ForecastError(
            f"The contact history of '{channel}' has a row every {grain} minutes, coarser than "
            f"the interval of {interval_min} minutes: give finer history, or plan in intervals "
            f"of {grain} minutes."
        )
    offset = local.minute % interval_min
    if interval_min % grain or (offset % grain).any():
        at = int(np.argmax(offset % grain > 0)) if (offset % grain).any() else 0
        wall = f"{local.minute[at] // 60:02d}:{local.minute[at] % 60:02d}"
        raise ForecastError(
            f"The contact history of '{channel}' has a row every {grain} minutes (such as "
            f"{date_of(local.day[at])} {wall} local time), which straddle the edges of "
            f"{interval_min}-minute intervals: plan in intervals that the rows divide."
        )


def _check_day_totals(local: LocalTime, channel: str, interval_min: int) -> None:
    """Refuse day totals that stand at midnight and pass for one interval."""
    days = np.unique(local.day).size
    if (
        interval_min < DAY_MIN
        and days >= 7
        and days == local.day.size
        and (local.minute == 0).all()
    ):
        raise ForecastError(
            f"The contact history of '{channel}' has one row a day, at midnight: these look like "
            f"day totals. Give rows of {interval_min} minutes or finer."
        )
