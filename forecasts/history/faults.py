"""
Faults of a source of counts: what it says that no customer did.

Spikes (a count that no crowd makes), outages (hours without a single contact where nine in ten
of the same weekdays had many), copies (days that equal earlier ones contact for contact). Each
is found by a rule that is wrong less than once in many years of history, because what is set
aside cannot teach anything; what is merely odd stays and is held within reach by the models.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasts.history.series import (
    DAY_MIN,
    BoolArray,
    FloatArray,
    IntArray,
    Series,
    date_of,
)

SPIKE = "a count beyond everything else"
OUTAGE = "no contact at busy hours"
SHUT = "no contact all day: an outage, or a closure that the calendar does not know"
COPY = "the same counts as on {day}"
STRANGE = "a day far from its weekday and the days around it"
COLUMNS = ("channel", "start", "end", "offered", "expected", "why")

_SPIKE_TIMES = 10.0  # times the 95th percentile, and
_SPIKE_OWN_TIMES = 4.0  # times the slot's own median: no customers do that
_OUTAGE_CONTACTS = 20.0  # expected, and none came: the chance is e-20, or e-10 at half the rate
_OUTAGE_LOW = 8.0  # contacts that nine in ten of the other days had in these hours
_OUTAGE_WEEKS = 26  # around an outage that say what is usual
_COPY_BITS = 40.0  # information in counts that agree by chance once in a million histories
_COPY_LAGS = (1, *range(7, 53 * 7, 7))  # days
_COPIES_MOST = 0.25  # of all days; beyond, the source repeats itself and is no log of contacts


@dataclass(frozen=True)
class Fault:
    """Consecutive slots of one day that are set aside; ``expected`` is NaN where unknown."""

    day: int
    slot: int
    end: int
    offered: float
    expected: float
    why: str


def spikes(series: Series, mask: BoolArray) -> BoolArray:
    """Cells that are no demand but a fault of the source, shape (day, slot)."""
    counts = series.counts
    inside: BoolArray = np.isfinite(counts) & mask[series.weekdays]
    if not inside.any():
        return np.zeros_like(inside)
    usual = np.percentile(counts[inside], 95, method="lower")  # of few cells, not the spike itself
    suspects: BoolArray = np.isfinite(counts) & (counts > max(_SPIKE_TIMES * float(usual), 30.0))
    for day, slot in np.argwhere(suspects):
        same = (series.weekdays == series.weekdays[day]) & np.isfinite(counts[:, slot])
        same[day] = False
        own = float(np.median(counts[same, slot])) if same.sum() >= 2 else 0.0
        suspects[day, slot] = counts[day, slot] > _SPIKE_OWN_TIMES * own
    return suspects


def outages(series: Series, mask: BoolArray) -> BoolArray:
    """
    Cells without a single contact where the weekday usually has many, (day, slot).

    Hours in a row are judged together: 20 contacts at the median of the weekdays around, and 8
    in nine of ten of them. A day that consists of such hours by half is flagged as a whole.
    """
    inside = np.isfinite(series.counts) & mask[series.weekdays]
    zero: BoolArray = (series.counts == 0) & inside
    flagged: BoolArray = np.zeros_like(zero)
    usual = _weekday_means(series, inside)
    for day in np.flatnonzero((np.where(zero, usual[series.weekdays], 0.0)).sum(axis=1) >= 10.0):
        for first, end in _runs(zero[day] | ~inside[day]):
            at = np.flatnonzero(zero[day, first:end]) + first
            if at.size and _is_outage(series, int(day), at):
                flagged[day, at] = True
    whole = flagged.any(axis=1) & (2 * flagged.sum(axis=1) >= inside.sum(axis=1))
    flagged |= whole[:, None] & (series.counts == 0)
    return flagged


def copies(series: Series, is_spread: BoolArray | None = None) -> tuple[BoolArray, IntArray]:
    """
    Days that equal a day some weeks before, or the day before, in every count.

    Returns the flags and the days that they equal, (day,). Days in a row that lie equally far
    from their originals are judged together by the information in their counts; a day that
    ``is_spread`` from longer rows has that of its total only.
    """
    counts = series.counts
    size = series.days.size
    flags, original = np.zeros(size, dtype=np.bool_), np.zeros(size, dtype=np.int64)
    bits = _bits(counts)
    if is_spread is not None and is_spread.any():
        bits[is_spread] = _bits(np.nansum(counts[is_spread], axis=1)[:, None])
    for lag in _COPY_LAGS:
        if lag >= size:
            break
        later, before = counts[lag:], counts[:-lag]
        same = ((later == before) | (np.isnan(later) & np.isnan(before))).all(axis=1)
        same &= ~flags[:-lag] & (bits[lag:] > 0)
        for first, end in _runs(same):
            here = slice(first + lag, end + lag)
            if bits[here].sum() >= _COPY_BITS and not flags[here].any():
                flags[here] = True
                original[here] = series.days[first:end]
    if flags.sum() > _COPIES_MOST * max(1, int(series.has_rows.sum())):
        flags[:] = False
    return flags, original


def found_faults(
    series: Series, mask: BoolArray, off: BoolArray, is_spread: BoolArray | None = None
) -> tuple[FloatArray, list[Fault]]:
    """
    Counts without the faults of their source, and the faults.

    Days ``off`` (day,) without contacts, holidays or closed, are set aside silently; days that
    were spread from longer rows are known by their totals only.
    """
    spiked = spikes(series, mask)
    clean = series.with_counts(np.where(spiked, np.nan, series.counts))
    down = outages(clean, mask)
    copied, original = copies(clean, is_spread)
    counts: FloatArray = np.where(down | copied[:, None], np.nan, clean.counts)
    usual = _weekday_means(series.with_counts(counts), np.isfinite(counts) & mask[series.weekdays])
    expected = usual[series.weekdays]
    told = _faults(series, spiked, expected, SPIKE)
    whole = ~np.isfinite(counts).any(axis=1)
    told += _faults(series, down & (~off & whole)[:, None], expected, SHUT)
    told += _faults(series, down & (~off & ~whole)[:, None], expected, OUTAGE)
    for day in np.flatnonzero(copied):
        why = COPY.format(day=date_of(original[day]).isoformat())
        here = np.zeros_like(spiked)
        here[day] = np.isfinite(series.counts[day])
        told += _faults(series, here, expected, why)
    return counts, told


def strange_days(series: Series, mask: BoolArray, days: Iterable[int]) -> list[Fault]:
    """Days that models set aside because they lie far from the days around, as faults."""
    inside = np.isfinite(series.counts) & mask[series.weekdays]
    usual = _weekday_means(series, inside)[series.weekdays]
    flags = inside & np.isin(series.days, np.array(list(days), dtype=np.int64))[:, None]
    return [
        Fault(
            int(series.days[day]),
            int(at[0]),
            int(at[-1]) + 1,
            float(series.counts[day, at].sum()),
            float(usual[day, at].sum()),
            STRANGE,
        )
        for day in np.flatnonzero(flags.any(axis=1))
        for at in [np.flatnonzero(flags[day])]
    ]


def said_of(faults: Sequence[Fault], interval_min: int) -> list[str]:
    """Short notes on what was set aside, one per kind."""
    notes = []
    spiked = [f for f in faults if f.why == SPIKE]
    if spiked:
        count = sum(f.end - f.slot for f in spiked)
        notes.append(f"{count} impossible counts were set aside ({_when(spiked, interval_min)})")
    down = [f for f in faults if f.why in (OUTAGE, SHUT)]
    if down:
        count = sum(f.end - f.slot for f in down)
        notes.append(
            f"{count} intervals without a single contact at busy hours were taken for outages "
            f"({_when(down, interval_min)}); put days on which you were closed into the calendar"
        )
    copied = [f for f in faults if f.why.startswith(COPY[:12])]
    if copied:
        days = sorted({f.day for f in copied})
        notes.append(
            f"{len(days)} days have the same counts as earlier days, contact for contact, and were "
            f"set aside as copies ({date_of(days[0])} has {copied[0].why})"
        )
    return notes


def set_aside(
    channel: str, faults: Iterable[Fault], interval_min: int, timezone: str
) -> pd.DataFrame:
    """
    What was set aside: channel, start and end (instants), offered, expected, why.

    ``offered`` is what the history says of that time, ``expected`` what is usual there.
    """
    ordered = sorted(faults, key=lambda f: (f.day, f.slot, f.why))
    day = np.array([f.day for f in ordered], dtype=np.int64)
    start = day * DAY_MIN + np.array([f.slot for f in ordered], dtype=np.int64) * interval_min
    end = day * DAY_MIN + np.array([f.end for f in ordered], dtype=np.int64) * interval_min
    return pd.DataFrame(
        {
            "channel": pd.Series([channel] * len(ordered), dtype=object),
            "start": instants_of(start, timezone),
            "end": instants_of(end, timezone),
            "offered": np.array([f.offered for f in ordered], dtype=np.float64),
            "expected": np.array([f.expected for f in ordered], dtype=np.float64),
            "why": pd.Series([f.why for f in ordered], dtype=object),
        }
    )


def instants_of(wall_min: IntArray, timezone: str) -> pd.DatetimeIndex:
    """Wall minutes since 1970-01-01 as UTC instants; of two the first, of none the next."""
    wall = pd.DatetimeIndex(wall_min.astype("datetime64[m]").astype("datetime64[ns]"))
    first = np.ones(wall.size, dtype=np.bool_)
    local = wall.tz_localize(timezone, ambiguous=first, nonexistent="shift_forward")
    return local.tz_convert("UTC")


def _weekday_means(series: Series, inside: BoolArray) -> FloatArray:
    """Mean counts per weekday and slot, single ones held within reach, (weekday, slot)."""
    means = np.zeros((7, series.slots))
    for weekday in range(7):
        on = series.weekdays == weekday
        seen = inside[on].sum(axis=0)
        held = np.where(inside[on], series.counts[on], 0.0)
        if seen.any():
            held = np.minimum(held, 4.0 * np.median(held, axis=0) + 10.0)
        means[weekday] = held.sum(axis=0) / np.maximum(seen, 1)
    return means


def _runs(flags: BoolArray) -> list[tuple[int, int]]:
    """First and end of the stretches of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _is_outage(series: Series, day: int, at: IntArray) -> bool:
    """Whether hours without contacts had many on the same weekday around."""
    near = (series.weekdays == series.weekdays[day]) & series.has_rows
    near &= np.abs(series.days - series.days[day]) <= 7 * _OUTAGE_WEEKS
    near[day] = False
    others = series.counts[np.ix_(near, at)]
    others = others[np.isfinite(others).all(axis=1)].sum(axis=1)
    if others.size < 2:
        return False
    return bool(
        np.median(others) >= _OUTAGE_CONTACTS
        and np.percentile(others, 10) >= min(_OUTAGE_LOW, float(np.median(others)) / 2)
    )


def _bits(counts: FloatArray) -> FloatArray:
    """Information in the counts of a day: the entropy of Poisson counts of that size, (day,)."""
    some = np.where(np.isfinite(counts) & (counts >= 1), counts, 0.0)
    own = np.where(some > 0, 0.5 * np.log2(2 * np.pi * np.e * np.maximum(some, 1.0)), 0.0)
    bits: FloatArray = own.sum(axis=1)
    return bits


def _faults(series: Series, flags: BoolArray, expected: FloatArray, why: str) -> list[Fault]:
    """Flagged cells as stretches of a day."""
    found = []
    for day in np.flatnonzero(flags.any(axis=1)):
        for first, end in _runs(flags[day]):
            counts = np.nan_to_num(series.counts[day, first:end])
            usual = float(expected[day, first:end].sum())
            number = int(series.days[day])
            found.append(Fault(number, first, end, float(counts.sum()), usual, why))
    return found


def _when(faults: Sequence[Fault], interval_min: int, limit: int = 3) -> str:
    """``2025-03-12 09:00-11:30, 2025-03-14 and 2 more``."""
    slots = DAY_MIN // interval_min
    days: dict[int, list[Fault]] = {}
    for fault in sorted(faults, key=lambda f: (f.day, f.slot)):
        days.setdefault(fault.day, []).append(fault)
    texts = []
    for day, own in list(days.items())[:limit]:
        first, end = min(f.slot for f in own), max(f.end for f in own)
        is_part = own[0].why != SHUT and end - first < slots
        hours = f" {_clock(first * interval_min)}-{_clock(end * interval_min)}" if is_part else ""
        texts.append(f"{date_of(day).isoformat()}{hours}")
    more = len(days) - limit
    return ", ".join(texts) + (f" and {more} more" if more > 0 else "")


def _clock(minute: int) -> str:
    """``09:30``."""
    return f"{minute // 60:02d}:{minute % 60:02d}"
