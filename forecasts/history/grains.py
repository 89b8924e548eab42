"""
Rows that are longer than the interval: which they are, and their contacts spread over intervals.

A history may have been kept by the hour in old years and by the quarter of an hour since, or
by the day only. Days whose rows all lie on a coarser grid are told apart in stretches so long
that chance does not put fine rows there. The contacts of a long row are spread over its
intervals by a profile; an even spread is the last resort, and is said.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasts.history.series import (
    DAY_MIN,
    BoolArray,
    FloatArray,
    IntArray,
    LocalTime,
    Series,
    weekday_of,
)

COARSE_MIN = (1440, 720, 480, 360, 240, 180, 120, 60, 30, 20, 15, 12, 10)
_ROWS_LEAST = 24  # of a stretch: a fine row lies on a twice coarser grid by chance of 1 in 2
_DAYS_LEAST = 3
_TOTALS_LEAST = 7  # days with a row at midnight and no other
_FEW_ROWS = 9  # of a whole history, from which its grain can be told


@dataclass(frozen=True)
class Coarse:
    """Rows of one length, minutes: local day, first minute, contacts; handle time, its contacts."""

    grain_min: int
    day: IntArray
    minute: IntArray
    offered: FloatArray
    handle_s: FloatArray
    handled: FloatArray


def grains(local: LocalTime, interval_min: int) -> IntArray:
    """Minutes that each row lasts where that is longer than the interval, else 0, (row,)."""
    found = np.zeros(local.day.size, dtype=np.int64)
    days, of_day = np.unique(local.day, return_inverse=True)
    left = np.ones(days.size, dtype=np.bool_)
    rows = np.bincount(of_day, minlength=days.size)
    finest = int(np.gcd.reduce(np.unique(local.minute))) if local.minute.size else 0
    for grain in (g for g in COARSE_MIN if g > interval_min and g % interval_min == 0):
        anchor = _anchor(local.minute, grain)
        if anchor % interval_min or not left.any():
            continue
        off = np.bincount(of_day, local.minute % grain != anchor, days.size)
        for first, end in _stretches((off == 0) & left):
            if _is_long(rows[first:end], grain):
                found[(of_day >= first) & (of_day < end)] = grain
                left[first:end] = False
    if left.all() and days.size and rows.sum() >= _FEW_ROWS:
        found[:] = _of_few(local, interval_min, finest)
    return found


def utc_days(local: LocalTime) -> LocalTime:
    """
    Day totals that stand at midnight of UTC, moved to midnight of the local day of that date.

    Other rows are left alone; so are rows that are not one a day.
    """
    is_midnight = local.utc_min % DAY_MIN == 0
    days = local.utc_min // DAY_MIN
    alone = np.unique(days).size == days.size
    if not is_midnight.all() or not alone or days.size < _TOTALS_LEAST:
        return local
    return LocalTime(days, np.zeros_like(days), local.utc_min)


def spread(
    coarse: Coarse, profile: FloatArray, slots: int, days: IntArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """
    The contacts of long rows on the grid of ``days`` and slots, by a profile (weekday, slot).

    Returns
    -------
    tuple of FloatArray
        Counts and handle times, NaN where nothing is known or the profile is 0 in a span that it
        knows, and the contacts that handle times speak of; (day, slot) each.
    """
    interval_min = DAY_MIN // slots
    length = coarse.grain_min // interval_min
    first = (coarse.day - days[0]) * slots + coarse.minute // interval_min
    at = first[:, None] + np.arange(length)
    weekday = weekday_of(days[0] + at // slots)
    weight = profile[weekday, at % slots]
    total = weight.sum(axis=1, keepdims=True)
    weight = np.where(total > 0, weight, 1.0)
    share = weight / weight.sum(axis=1, keepdims=True)
    inside = (at < days.size * slots) & (share > 0)
    cell, size = at[inside], days.size * slots

    def summed(values: FloatArray) -> FloatArray:
        found: FloatArray = np.bincount(cell, values[inside], size).astype(np.float64)
        return found.reshape(days.size, slots)

    covers = summed(np.ones_like(share))
    handled = summed(share * coarse.handled[:, None])
    work = summed(share * (coarse.handled * np.nan_to_num(coarse.handle_s))[:, None])
    with np.errstate(invalid="ignore", divide="ignore"):
        counts = np.where(covers > 0, summed(share * coarse.offered[:, None]) / covers, np.nan)
        handle = np.where(handled > 0, work / handled, np.nan)
    return counts, handle, handled


def merged(
    fine: Series | None,
    coarse: tuple[FloatArray, FloatArray, FloatArray],
    days: IntArray,
    channel: str,
    interval_min: int,
) -> Series:
    """Fine rows and, where there are none, the spread contacts of longer ones."""
    counts, handle, handled = (values.copy() for values in coarse)
    if fine is not None:
        at = np.flatnonzero(np.isin(days, fine.days))
        own = np.isfinite(fine.counts)
        counts[at] = np.where(own, fine.counts, counts[at])
        handle[at] = np.where(own, fine.handle_s, handle[at])
        handled[at] = np.where(own, fine.contacts, handled[at])
    return Series(channel, interval_min, days, counts, handled, handle)


def _anchor(minute: IntArray, grain: int) -> int:
    """Minutes after the grid of midnight at which most rows lie; 0 for day totals."""
    if grain == DAY_MIN or not minute.size:
        return 0
    return int(np.argmax(np.bincount(minute % grain)))


def _stretches(flags: BoolArray) -> list[tuple[int, int]]:
    """First and end of the stretches of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _is_long(rows: IntArray, grain: int) -> bool:
    """Whether days with so many rows each are too many for chance."""
    if grain == DAY_MIN:
        return rows.size >= _TOTALS_LEAST
    return rows.size >= _DAYS_LEAST and int(rows.sum()) >= _ROWS_LEAST


def _of_few(local: LocalTime, interval_min: int, finest: int) -> int:
    """The grain of a short history: what all of its steps within days are multiples of."""
    order = np.argsort(local.utc_min, kind="stable")
    step = np.diff(local.utc_min[order])
    steps = step[(np.diff(local.day[order]) == 0) & (step > 0)]
    if steps.size < _FEW_ROWS - 1:
        return 0
    grain = int(np.gcd.reduce(steps))
    fits = grain > interval_min and grain % interval_min == 0 and DAY_MIN % grain == 0
    return grain if fits and finest % interval_min == 0 else 0
