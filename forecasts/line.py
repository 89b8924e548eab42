"""The forecast of a horizon: checks, grid, one task a channel, and their results together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from forecasts.channel import COLUMNS, ChannelForecast, ChannelTask, Rows, forecast_channel
from forecasts.errors import ForecastError, did_you_mean, together
from forecasts.history.checks import checked_frames
from forecasts.history.faults import set_aside
from forecasts.history.levels import levels_frame
from forecasts.history.loans import Statement, read_statements
from forecasts.history.series import (
    DAY_MIN,
    BoolArray,
    IntArray,
    LocalTime,
    open_mask,
    ordinal,
    weekday_of,
)
from forecasts.history.sources import Histories, Source
from forecasts.result import Forecast
from forecasts.special_days.calendar import Calendar, checked_frame, read_calendar
from forecasts.special_days.study import collect, with_pooled
from forecasts.special_days.table import all_of
from forecasts.uncertainty.dependence import between_channels

INTERVALS_MIN = (5, 6, 10, 12, 15, 20, 30, 60, 120, 180, 240, 360, 480, 720, 1440)
Mapper = Callable[
    [Callable[[ChannelTask], ChannelForecast], Iterable[ChannelTask]], Iterable[ChannelForecast]
]


def forecast(
    history: pd.DataFrame,
    future: pd.DataFrame,
    *,
    timezone: str,
    calendar: pd.DataFrame | None = None,
    interval_min: int = 15,
    weeks: int = 8,
    profiles: pd.DataFrame | None = None,
    run: Mapper = map,
) -> Forecast:
    """
    The forecast of every interval of a horizon, from what came before it.

    Parameters
    ----------
    history
        Columns channel, interval_start (instants), offered, aht_s (seconds, NaN
        where unknown), and answered where known. Rows may be finer than the
        interval, or longer (their contacts are spread by a profile). Absent intervals
        are unknown, not zero. Rows at or after the first instant of ``future`` are not
        looked at.
    future
        Columns channel, interval_start, is_open. Closed intervals get 0.
    timezone
        IANA zone in which days and times of day are read.
    calendar
        Columns day, kind (holiday, half_holiday, closed, event, campaign, payday, period),
        name, channel (empty: all), factor on volume (NaN: learn it), and where a row lasts
        longer than its day: until (a date), or days and lag_days (numbers).
    interval_min
        Length of an interval, minutes.
    weeks
        Recent weeks that shape the day; the level of the day looks at up to
        four times as many, effects of special days at all.
    profiles
        What is stated of channels with little history or none: columns channel, like (a channel
        with history, of this horizon or not), and share (of its volume) or offered_week (contacts
        of an ordinary week). A channel with three weeks of its own does not need it.
    run
        Applies a function to every task and returns the results in order, as ``map`` does: the
        ``map`` of a process pool or of a cluster gives the same numbers in less time.

    Raises
    ------
    ForecastError
        When a frame lacks columns, holds impossible values, or a channel has
        no history before the horizon and nothing is stated of it.
    """
    _check_settings(timezone, interval_min, weeks)
    given = len(history)
    history, future = checked_frames(history, future)
    origin = future["interval_start"].min()
    channels = list(dict.fromkeys(future["channel"]))
    calendars = read_calendar(checked_frame(calendar), channels)
    local = LocalTime.of(history["interval_start"], timezone)
    known = _positions(history["channel"])
    stated = read_statements(profiles, channels, known)
    _check_known(channels, known, stated, origin)
    histories = Histories(
        history, local, known, stated, interval_min, _day_before(origin, timezone)
    )
    tasks = _tasks(histories, future, calendars, timezone, weeks)
    found = list(run(forecast_channel, tasks))
    columns = {name: np.zeros(len(future)) for name in COLUMNS}
    positions = _positions(future["channel"])
    for channel, one in zip(channels, found, strict=True):
        for name, values in one.columns.items():
            columns[name][positions[channel]] = values
    return Forecast(
        future[["channel", "interval_start"]].reset_index(drop=True).assign(**columns),
        pd.DataFrame([one.row for one in found]),
        (
            *_said_of_rest(given - len(history)),
            *(f"{one.part.channel}: {note}." for one in found for note in one.notes),
        ),
        pd.concat([one.models for one in found], ignore_index=True),
        tuple(one.part for one in found),
        between_channels([one.errors for one in found]),
        interval_min,
        level_changes=pd.concat(
            [levels_frame(one.part.channel, one.changes) for one in found], ignore_index=True
        ),
        set_aside=pd.concat(
            [set_aside(one.part.channel, one.faults, interval_min, timezone) for one in found],
            ignore_index=True,
        ),
        special_days=all_of([one.special_days for one in found]),
    )


def _tasks(
    histories: Histories,
    future: pd.DataFrame,
    calendars: dict[str, Calendar],
    timezone: str,
    weeks: int,
) -> Iterator[ChannelTask]:
    """The task of every channel, made when it is asked for."""
    local_future = LocalTime.of(future["interval_start"], timezone)
    ahead = _positions(future["channel"])
    rows = {
        channel: _rows(future, local_future, ahead[channel], calendar, histories.interval_min)
        for channel, calendar in calendars.items()
    }

    def source_of(channel: str) -> Source:
        return histories.source(channel, _opened(rows[channel], histories.interval_min))

    sources: dict[str, Source] = {}
    if len(calendars) > 1 and any(calendar.entries for calendar in calendars.values()):
        sources = {channel: source_of(channel) for channel in calendars}
        own = {channel: one for channel, one in sources.items() if not one.is_lent}
        evidences = {
            channel: collect(one.series, calendars[channel], _learned_from(rows[channel], one))
            for channel, one in own.items()
        }
        calendars = with_pooled(calendars, evidences)
    for channel, calendar in calendars.items():
        source = sources.get(channel) or source_of(channel)
        yield ChannelTask(source, calendar, rows[channel], weeks)


def _opened(rows: Rows, interval_min: int) -> BoolArray:
    """The slots that a horizon opens, (weekday, slot)."""
    mask = np.zeros((7, DAY_MIN // interval_min), dtype=np.bool_)
    mask[weekday_of(rows.day[rows.is_open]), rows.slot[rows.is_open]] = True
    return mask


def _learned_from(rows: Rows, source: Source) -> BoolArray:
    """The slots that a channel learns from, (weekday, slot)."""
    return open_mask(rows.day, rows.slot, rows.is_open, source.series)


def _positions(names: pd.Series) -> dict[str, IntArray]:
    """Positions of every channel's rows, in one pass over all of them."""
    codes, found = pd.factorize(names)
    order = np.argsort(codes, kind="stable")[int((codes < 0).sum()) :]  # none without a name
    counts = np.bincount(codes[codes >= 0], minlength=len(found))
    pieces = np.split(order, np.cumsum(counts)[:-1])
    return dict(zip(found, pieces, strict=True)) if len(found) else {}


def _check_known(
    channels: Iterable[str],
    known: Collection[str],
    stated: Mapping[str, Statement],
    origin: pd.Timestamp,
) -> None:
    """Refuse channels of which there is neither history nor a statement."""
    together(
        [
            f"channel '{channel}' has no contact history before {origin:%Y-%m-%d %H:%M} UTC: "
            "add rows for it, take the channel out of the plan, or state in profiles what it is "
            f"like and how much comes. {did_you_mean(channel, known)}".rstrip()
            for channel in channels
            if channel not in known and not (channel in stated and stated[channel].lends)
        ]
    )


def _said_of_rest(rows: int) -> list[str]:
    """What to say of rows of the history that lie in the horizon."""
    if not rows:
        return []
    return [f"{rows} rows of the history lie at or after the first interval to forecast: unused."]


def _day_before(origin: pd.Timestamp, timezone: str) -> int:
    """The last local day before an instant's day."""
    return ordinal(origin.tz_convert(timezone).date()) - 1


def _rows(
    future: pd.DataFrame, local: LocalTime, index: IntArray, calendar: Calendar, interval_min: int
) -> Rows:
    """The rows of one channel, closed where its calendar says that the day is closed."""
    day, minute = local.day[index], local.minute[index]
    if (minute % interval_min).any():
        at = int(np.argmax(minute % interval_min > 0))
        raise ForecastError(
            f"future[{index[at]}] begins at {minute[at] // 60:02d}:{minute[at] % 60:02d} local "
            f"time, which does not begin a {interval_min}-minute interval: check timezone and grid."
        )
    closed = np.array([calendar.is_closed(int(one)) for one in day], dtype=np.bool_)
    is_open = future["is_open"].to_numpy(np.bool_)[index] & ~closed
    return Rows(index, day, minute // interval_min, is_open)


def _check_settings(timezone: str, interval_min: int, weeks: int) -> None:
    """Refuse settings that have no meaning."""
    try:
        ZoneInfo(timezone)
    except (KeyError, ValueError, OSError) as problem:
        raise ForecastError(
            f"timezone = '{timezone}' is not an IANA time zone: write it like 'Europe/Dublin'."
        ) from problem
    if interval_min not in INTERVALS_MIN:
        raise ForecastError(
            f"interval_min = {interval_min} is not an interval length: "
            f"use one of {', '.join(map(str, INTERVALS_MIN))} minutes."
        )
    if weeks < 1:
        raise ForecastError(f"weeks = {weeks}: a forecast looks at 1 week or more.")
