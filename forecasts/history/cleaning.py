"""One channel's history made fit to learn from: dropped zeros, open slots, faults set aside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasts.errors import ForecastError
from forecasts.history.faults import Fault, found_faults, said_of
from forecasts.history.series import (
    BoolArray,
    IntArray,
    Series,
    open_mask,
    with_dropped_zeros,
)


@dataclass(frozen=True)
class Cleaned:
    """A history without faults of its source, open slots (weekday, slot), notes, the faults."""

    series: Series
    mask: BoolArray
    notes: tuple[str, ...]
    faults: tuple[Fault, ...]


def cleaned(
    series: Series,
    off: BoolArray,
    day: IntArray,
    slot: IntArray,
    is_open: BoolArray,
    is_spread: BoolArray | None = None,
) -> Cleaned:
    """
    The history of a channel, cleaned for a horizon.

    Parameters
    ----------
    off
        Days of the history that the calendar calls holidays or closed, (day,).
    day, slot, is_open
        Rows of the horizon, (row,).
    is_spread
        Days whose contacts were spread from longer rows, (day,).

    Raises
    ------
    ForecastError
        When the horizon opens only at hours that the history has never seen.
    """
    notes: list[str] = []
    has_dropped = False
    if is_spread is None or not is_spread.any():
        series, has_dropped = with_dropped_zeros(series)
    if has_dropped:
        notes.append("the history leaves out intervals without contacts; they are read as zeros")
    mask = open_mask(day, slot, is_open, series)
    if is_open.any() and not (np.isfinite(series.counts) & mask[series.weekdays]).any():
        raise ForecastError(
            f"channel '{series.channel}' opens only at hours that its contact history has never "
            "seen: add rows of these hours, or check opening hours and time zone."
        )
    counts, faults = found_faults(series, mask, off, is_spread)
    if not (np.isfinite(counts) & mask[series.weekdays]).any():  # nothing else is known
        return Cleaned(series, mask, tuple(notes), ())
    notes += said_of(faults, series.interval_min)
    return Cleaned(series.with_counts(counts), mask, tuple(notes), tuple(faults))
