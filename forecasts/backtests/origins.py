"""
Out-of-sample errors: forecasts from past origins, with what came afterwards.

Every origin sees only the days before it and looks as far ahead as the real
forecast does (the same gap between the last known day and the first day
planned). Origins lie a week apart, closer where the history is short; those
beyond the eighth have at least half of the history to learn from. Long histories
add origins further back, four weeks apart: errors come in seasons, too.
The standard deviations of the day model are learned before the first origin.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from forecasts.backtests.selection import Choice, Trials, choose, week_of_lead
from forecasts.history.series import BoolArray, FloatArray, IntArray, Series
from forecasts.models.candidates import MIXED
from forecasts.models.two_level import Outlook, look_ahead
from forecasts.special_days.calendar import Calendar

ORIGINS = 12
ORIGINS_LEAST = 8
FURTHER = 8  # origins before those, where the history is long,
FURTHER_WEEKS = 4  # and the weeks between them
_LEARN_DAYS = 14  # history that an origin has at least
_AHEAD_DAYS = 28  # days of an origin that are looked at, at most


@dataclass(frozen=True)
class Errors:
    """
    Forecast and actual of past cells, all of shape (cell,).

    ``day`` numbers the forecast days (the same date seen from two origins is
    two days); ``variance`` is that of the log of the day's level as the model
    foresaw it; ``lead`` counts days from the last one known, ``date`` is
    the day since 1970-01-01, ``origin`` numbers the origins and ``origins`` counts them;
    ``choice`` is the blend of models that they speak for.
    """

    actual: FloatArray
    mean: FloatArray
    day: IntArray
    slot: IntArray
    variance: FloatArray
    origins: int
    lead: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    choice: Choice | None = None
    origin: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    date: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    @property
    def size(self) -> int:
        """Number of cells."""
        return self.actual.size

    def thinned(self, most: int) -> Errors:
        """Evenly spread cells, about ``most`` of them when there are more."""
        if self.size <= most:
            return self
        at = np.linspace(0, self.size - 1, most).astype(np.int64)
        return replace(
            self,
            actual=self.actual[at],
            mean=self.mean[at],
            day=self.day[at],
            slot=self.slot[at],
            variance=self.variance[at],
            lead=self.lead[at] if self.lead.size else self.lead,
            origin=self.origin[at] if self.origin.size else self.origin,
            date=self.date[at] if self.date.size else self.date,
        )


def backtest(
    series: Series,
    calendar: Calendar,
    mask: BoolArray,
    *,
    weeks: int,
    gap: int,
    length: int,
    models: tuple[str, ...] = (),
) -> Errors:
    """
    Errors of rolling origins.

    Parameters
    ----------
    gap
        Days between the last day known and the first day forecast.
    length
        Days of the horizon.
    models
        Names of those to be blended; by default those of the last origin.
    """
    length = min(length, _AHEAD_DAYS)
    end = int(series.days[-1]) + 1
    pieces: list[_Piece] = []
    spread = None
    for start in _starts(series, end, gap, min(length, 7)):
        ahead = np.arange(start, min(start + length, end), dtype=np.int64)
        outlook = look_ahead(
            series.before(start - gap),
            calendar,
            mask,
            ahead,
            weeks=weeks,
            spread=spread,
            shut_ahead=_shut(series, calendar, ahead),
        )
        spread = outlook.spread
        pieces.append(_piece(series, calendar, mask, outlook, len(pieces), start - gap - 1))
    pieces = [piece for piece in pieces if piece.actual.size]
    if not pieces:
        return _nothing()
    return _together(pieces, length, models or tuple(pieces[-1].said))


@dataclass(frozen=True)
class _Piece:
    """Cells of one origin: what models said, (cell,) each, and what came."""

    said: dict[str, FloatArray]
    actual: FloatArray
    day: IntArray
    slot: IntArray
    variance: FloatArray
    lead: IntArray


def _piece(
    series: Series, calendar: Calendar, mask: BoolArray, outlook: Outlook, number: int, last: int
) -> _Piece:
    """The cells of one origin that were open and no holiday; ``last`` is the last day known."""
    at = outlook.ahead - series.days[0]
    actual = series.counts[at]
    off = np.array([calendar.is_off(int(day)) for day in outlook.ahead], dtype=np.bool_)
    cells = np.isfinite(actual) & mask[series.weekdays[at]] & ~off[:, None]
    day, slot = np.nonzero(cells)
    return _Piece(
        {name: mean[cells] for name, mean in outlook.candidates.items()},
        actual[cells],
        outlook.ahead[day],
        slot,
        outlook.variance[day],
        outlook.ahead[day] - last,
    )


def _shut(series: Series, calendar: Calendar, ahead: IntArray) -> frozenset[int]:
    """Days of the past that an origin's planner knew to be closed."""
    has_rows = series.has_rows[ahead - series.days[0]]
    return frozenset(
        int(day)
        for day, some in zip(ahead, has_rows, strict=True)
        if calendar.is_off(int(day)) and not some
    )


def _together(pieces: list[_Piece], length: int, models: tuple[str, ...]) -> Errors:
    """
    All origins, and the blend of models that they speak for.

    Where a model had too little to learn from, it is taken to have said what the first one did.
    """
    actual = np.concatenate([piece.actual for piece in pieces])
    origin = np.repeat(np.arange(len(pieces)), [piece.actual.size for piece in pieces])
    said = np.array(
        [
            np.concatenate([piece.said.get(name, piece.said[MIXED]) for piece in pieces])
            for name in models
        ]
    )
    lead = np.concatenate([piece.lead for piece in pieces])
    choice = choose(Trials(models, said, actual, week_of_lead(lead), origin))
    return Errors(
        actual,
        choice.mean,
        np.concatenate([piece.day for piece in pieces]) + origin * length,
        np.concatenate([piece.slot for piece in pieces]),
        np.concatenate([piece.variance for piece in pieces]),
        len(pieces),
        lead,
        choice,
        origin,
        np.concatenate([piece.day for piece in pieces]),
    )


def _nothing() -> Errors:
    """No errors, where nothing could be tested."""
    empty, none = np.zeros(0), np.zeros(0, dtype=np.int64)
    return Errors(empty, empty, none, none, empty, 0)


def _starts(series: Series, end: int, gap: int, length: int) -> list[int]:
    """First days of the backtest's horizons, oldest first."""
    first = int(series.days[series.has_rows][0])
    room = end - length - gap - _LEARN_DAYS - first
    if room < 0:
        return []
    step = 7 if room >= 7 * (ORIGINS_LEAST - 1) else max(1, room // (ORIGINS_LEAST - 1))
    with_half = (room - (end - first) // 2) // step + 1
    count = min(max(with_half, ORIGINS_LEAST), ORIGINS, room // step + 1)
    starts = [end - length - step * back for back in range(count)]
    half = first + (end - first) // 2  # what lies further back says how wild the year can be
    apart = step * FURTHER_WEEKS
    starts += [s for n in range(1, FURTHER + 1) if (s := starts[count - 1] - apart * n) >= half]
    starts = sorted(starts)
    known = [max(0, s - gap - int(series.days[0])) for s in starts]
    return [s for s, days in zip(starts, known, strict=True) if series.has_rows[:days].sum() >= 2]
