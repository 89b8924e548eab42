"""Faults of a source of counts: what it says that no customer did."""

from __future__ import annotations

import numpy as np

from forecasts.history.series import BoolArray, Series

_SPIKE_TIMES = 10.0  # times the 95th percentile, and
_SPIKE_OWN_TIMES = 4.0  # times the slot's own median: no customers do that
_OUTAGE_CONTACTS = 20.0  # expected, and none came: the chance is e-20, or e-10 at half the rate


def spikes(series: Series, mask: BoolArray) -> BoolArray:
    """Cells that are no demand but a fault of the source, shape (day, slot)."""
    counts = series.counts
    inside: BoolArray = np.isfinite(counts) & mask[series.weekdays]
    if not inside.any():
        return np.zeros_like(inside)
    limit = np.maximum(_SPIKE_TIMES * np.percentile(counts[inside], 95), 30.0)
    suspects: BoolArray = np.isfinite(counts) & (counts > limit)
    for day, slot in np.argwhere(suspects):
        same = (series.weekdays == series.weekdays[day]) & np.isfinite(counts[:, slot])
        same[day] = False
        own = float(np.median(counts[same, slot])) if same.sum() >= 2 else 0.0
        suspects[day, slot] = counts[day, slot] > _SPIKE_OWN_TIMES * own
    return suspects


def outages(series: Series, mask: BoolArray) -> BoolArray:
    """
    Cells without a single contact where the weekday usually has 20 or more, (day, slot).

    A day that consists of such cells by half is flagged as a whole.
    """
    inside = np.isfinite(series.counts) & mask[series.weekdays]
    zero: BoolArray = (series.counts == 0) & inside
    for weekday in np.unique(series.weekdays[zero.any(axis=1)]):
        on = (series.weekdays == weekday) & series.has_rows
        slots = np.flatnonzero(zero[on].any(axis=0))
        seen = np.where(
            np.isfinite(series.counts[np.ix_(on, slots)]), series.counts[np.ix_(on, slots)], 0.0
        )
        zero[np.ix_(on, slots[np.median(seen, axis=0) < _OUTAGE_CONTACTS])] = False
    whole = (zero.sum(axis=1) > 0) & (2 * zero.sum(axis=1) >= inside.sum(axis=1))
    flagged: BoolArray = zero | (whole[:, None] & (series.counts == 0))
    return flagged
