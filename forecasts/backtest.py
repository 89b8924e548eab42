"""
Out-of-sample errors: forecasts from past origins, with what came afterwards.

Every origin sees only the days before it and looks as far ahead as the real
forecast does (the same gap between the last known day and the first day
planned). Origins lie a week apart, closer where the history is short; those
beyond the eighth have at least half of the history to learn from.
The standard deviations of the day model are learned before the first origin.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasts.calendar import Calendar
from forecasts.models.two_level import look_ahead
from forecasts.series import BoolArray, FloatArray, IntArray, Series

ORIGINS = 12
ORIGINS_LEAST = 8
_LEARN_DAYS = 14  # history that an origin has at least
_AHEAD_DAYS = 14  # days of an origin that are looked at, at most


@dataclass(frozen=True)
class Errors:
    """
    Forecast and actual of past cells, all of shape (cell,).

    ``day`` numbers the forecast days (the same date seen from two origins is
    two days); ``variance`` is that of the log of the day's level as the model
    foresaw it. ``origins`` counts the origins.
    """

    actual: FloatArray
    mean: FloatArray
    day: IntArray
    slot: IntArray
    variance: FloatArray
    origins: int

    @property
    def size(self) -> int:
        """Number of cells."""
        return self.actual.size

    def thinned(self, most: int) -> Errors:
        """Evenly spread cells, about ``most`` of them when there are more."""
        step = max(1, round(self.size / most))
        return Errors(
            self.actual[::step],
            self.mean[::step],
            self.day[::step],
            self.slot[::step],
            self.variance[::step],
            self.origins,
        )


def backtest(
    series: Series, calendar: Calendar, mask: BoolArray, *, weeks: int, gap: int, length: int
) -> Errors:
    """
    Errors of rolling origins.

    Parameters
    ----------
    gap
        Days between the last day known and the first day forecast.
    length
        Days of the horizon.
    """
    length = min(length, _AHEAD_DAYS)
    end = int(series.days[-1]) + 1
    starts = _starts(series, end, gap, length)
    pieces: list[tuple[FloatArray, FloatArray, IntArray, IntArray, FloatArray]] = []
    spread = None
    for number, start in enumerate(starts):
        past = series.before(start - gap)
        ahead = np.arange(start, min(start + length, end), dtype=np.int64)
        shut = frozenset(
            int(d)
            for d, has_rows in zip(ahead, series.has_rows[ahead - series.days[0]], strict=True)
            if calendar.is_off(int(d)) and not has_rows
        )
        outlook = look_ahead(
            past, calendar, mask, ahead, weeks=weeks, spread=spread, shut_ahead=shut
        )
        spread = outlook.spread
        actual = series.counts[ahead - series.days[0]]
        mean = outlook.mean
        off = np.array([calendar.is_off(int(day)) for day in ahead])
        cells = np.isfinite(actual) & mask[series.weekdays[ahead - series.days[0]]] & ~off[:, None]
        day, slot = np.nonzero(cells)
        pieces.append(
            (actual[cells], mean[cells], day + number * length, slot, outlook.variance[day])
        )
    if not pieces:
        empty = np.zeros(0)
        none = np.zeros(0, dtype=np.int64)
        return Errors(empty, empty, none, none, empty, 0)
    actual, mean, day, slot, variance = (np.concatenate(part) for part in zip(*pieces, strict=True))
    return Errors(actual, mean, day, slot, variance, len(starts))


def _starts(series: Series, end: int, gap: int, length: int) -> list[int]:
    """First days of the backtest's horizons, oldest first."""
    first = int(series.days[series.has_rows][0])
    room = end - length - gap - _LEARN_DAYS - first
    if room < 0:
        return []
    step = 7 if room >= 7 * (ORIGINS_LEAST - 1) else max(1, room // (ORIGINS_LEAST - 1))
    with_half = (room - (end - first) // 2) // step + 1
    count = min(max(with_half, ORIGINS_LEAST), ORIGINS, room // step + 1)
    starts = [end - length - step * back for back in reversed(range(count))]
    return [s for s in starts if series.has_rows[: s - gap - int(series.days[0])].sum() >= 2]
