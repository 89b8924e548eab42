"""
What special days of the past brought, against what their weekday would have brought.

The measure of a day is the median of the same weekdays within four weeks before and after, days of
the calendar left out. Ordinary days measured in the same way say how far such a measure is off by
chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasts.history.series import BoolArray, FloatArray, IntArray, weekday_of
from forecasts.special_days.label import Label

Labels = tuple[Label, ...]
_AROUND_WEEKS = (-4, -3, -2, -1, 1, 2, 3, 4)
_NEAR_LEAST = 2
_SHUT_SHARE = 0.02  # a holiday with less than this share of the usual volume was closed
_NOISE_SD = 0.06  # of the log of an ordinary day against its measure, before any is seen
_NOISE_DAYS = 10.0  # days that weigh as much as that
_NOISE_LEAST_SD = 0.02
_LAST_DAYS = 56  # which say what weekdays are like now


@dataclass(frozen=True)
class Usual:
    """
    What days ordinarily bring, all of shape (day,): rate (NaN where unknown) and quiet.

    ``quiet`` is the log rate of the quietest weekday around, relative to the day's own weekday,
    ``quiet_now`` the same at the end of the history, (weekday,). ``known_from`` is the day from
    which on the measure could be known, ``off`` the log of what came against it (NaN where
    unknown), and ``noise`` the variance of that on ordinary days. ``is_mild`` are days whose
    measure are days of soft labels, for want of others: such a measure knows nothing of those.
    """

    rate: FloatArray
    quiet: FloatArray
    quiet_now: FloatArray
    known_from: IntArray
    off: FloatArray
    noise: float
    is_mild: BoolArray


@dataclass(frozen=True)
class Evidence:
    """Labels, day, log factor, its variance, the quiet of its weekday, (observation,)."""

    labels: tuple[Labels, ...]
    day: IntArray
    value: FloatArray
    noise: FloatArray
    quiet: FloatArray
    known_from: IntArray


def usual(
    days: IntArray,
    arrived: FloatArray,
    exposure: FloatArray,
    clear: BoolArray,
    mild: BoolArray,
) -> Usual:
    """
    What days ordinarily bring, from consecutive days.

    ``arrived`` and ``exposure`` are contacts of the day and the intervals, weighted by the day's
    shape and by what the calendar states, in which they came; ``clear`` are days without any
    label, ``mild`` those that may stand in for them where there are none.
    """
    known = exposure > 0
    rate = np.where(known, arrived / np.where(known, exposure, 1.0), np.nan)
    middle, until = _around(days, np.where(clear, rate, np.nan))
    other, other_until = _around(days, np.where(mild, rate, np.nan))
    missing = ~np.isfinite(middle)
    middle, until = np.where(missing, other, middle), np.where(missing, other_until, until)
    expected = middle * exposure
    with np.errstate(invalid="ignore"):
        off = np.log((arrived + 0.5) / (np.maximum(expected, 0.0) + 0.5))
    quiet = _quiet(middle)
    return Usual(
        middle,
        quiet,
        _quiet_now(days, rate, clear if clear.any() else mild),
        np.maximum(until, days) + 1,
        off,
        _noise(off[clear & np.isfinite(off)]),
        missing,
    )


def measured(
    labels: list[Labels], days: IntArray, arrived: FloatArray, exposure: FloatArray, usual: Usual
) -> Evidence:
    """What labelled days show; closed ones, and those without a measure, show nothing."""
    expected = usual.rate * exposure
    with np.errstate(invalid="ignore"):
        was_shut = (arrived <= _SHUT_SHARE * expected) & (expected >= 5)
        good = np.isfinite(usual.off) & (exposure > 0) & (expected > 0) & ~was_shut
    shown = [
        tuple(label for label in found if not (is_mild and label.is_soft)) if found else ()
        for found, is_mild in zip(labels, usual.is_mild, strict=True)
    ]
    at = np.flatnonzero(np.array([bool(found) for found in shown], dtype=np.bool_) & good)
    return Evidence(
        tuple(shown[k] for k in at),
        days[at],
        usual.off[at],
        usual.noise + 1.0 / np.maximum(arrived[at], 1.0),
        np.nan_to_num(usual.quiet[at]),
        usual.known_from[at],
    )


def _around(days: IntArray, rate: FloatArray) -> tuple[FloatArray, IntArray]:
    """Median of the same weekdays around, and the last of them that it looked at."""
    size, reach = rate.size, 7 * max(_AROUND_WEEKS)
    padded = np.pad(rate, reach, constant_values=np.nan)
    near = np.stack([padded[reach + 7 * w : reach + 7 * w + size] for w in _AROUND_WEEKS])
    seen = np.isfinite(near)
    count = seen.sum(axis=0)
    ordered = np.sort(near, axis=0)  # NaN last
    at = np.arange(size)
    low, high = np.maximum(count - 1, 0) // 2, np.maximum(count, 1) // 2
    middle = 0.5 * (ordered[low, at] + ordered[np.minimum(high, len(near) - 1), at])
    last = np.max(np.where(seen, 7 * np.array(_AROUND_WEEKS)[:, None], -reach), axis=0)
    return np.where(count >= _NEAR_LEAST, middle, np.nan), days + last


def _quiet(rate: FloatArray) -> FloatArray:
    """Log rate of the quietest day of the week around, relative to the day itself."""
    logs = np.log(np.where(rate > 0, rate, np.nan))
    padded = np.pad(np.where(np.isfinite(logs), logs, np.inf), 3, constant_values=np.inf)
    least = np.lib.stride_tricks.sliding_window_view(padded, 7).min(axis=1)
    with np.errstate(invalid="ignore"):
        quiet: FloatArray = np.where(np.isfinite(logs) & np.isfinite(least), least - logs, np.nan)
    return quiet


def _quiet_now(days: IntArray, rate: FloatArray, clear: BoolArray) -> FloatArray:
    """Log rate of the quietest weekday relative to each, of late, shape (weekday,)."""
    weekdays = weekday_of(days)
    medians = np.full(7, np.nan)
    for weekday in range(7):
        own = np.flatnonzero((weekdays == weekday) & clear & np.isfinite(rate))
        recent = own[days[own] > days[-1] - _LAST_DAYS]
        if own.size:
            medians[weekday] = np.median(rate[recent if recent.size else own[-8:]])
    known = medians[np.isfinite(medians) & (medians > 0)]
    if not known.size:
        return np.zeros(7)
    own_rate = np.where(np.isfinite(medians) & (medians > 0), medians, known.min())
    quiet: FloatArray = np.log(known.min() / own_rate)
    return quiet


def _noise(off: FloatArray) -> float:
    """Variance of ordinary days against their measure, shrunk to what is known before."""
    spread = 1.4826 * float(np.median(np.abs(off))) if off.size else 0.0
    total = off.size * spread**2 + _NOISE_DAYS * _NOISE_SD**2
    return max(total / (off.size + _NOISE_DAYS), _NOISE_LEAST_SD**2)
