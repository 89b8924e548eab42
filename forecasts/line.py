"""The forecast of a horizon: checks, grid, outlook, errors, quantiles, channel by channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from forecasts.backtest import ORIGINS_LEAST, Errors, backtest
from forecasts.calendar import Calendar, read_calendar, said
from forecasts.checks import checked_future, checked_history
from forecasts.distribution import (
    HIGH,
    LOW,
    TAIL_HIGH,
    TAIL_LOW,
    Uncertainty,
    central_interval,
    count_quantiles,
    learn_uncertainty,
)
from forecasts.errors import ForecastError
from forecasts.metrics import coverage, wape
from forecasts.models.handle_time import handle_profile
from forecasts.models.two_level import Outlook, look_ahead
from forecasts.profiles import outages, spikes
from forecasts.selection import Blend, table_of, week_of_lead
from forecasts.series import (
    WEEKDAYS,
    BoolArray,
    FloatArray,
    IntArray,
    LocalTime,
    Series,
    dates_text,
    grid,
    open_mask,
    weekday_of,
    with_dropped_zeros,
)

INTERVALS_MIN = (5, 6, 10, 12, 15, 20, 30, 60, 120, 180, 240, 360, 480, 720, 1440)
FAR_DAYS = 28  # without contacts before the period, from which that is said
_SCORED_CELLS = 3000  # cells of the backtest whose interval is looked at, at most


@dataclass(frozen=True)
class Forecast:
    """
    Demand of a horizon with its uncertainty.

    ``intervals`` has one row per row of ``future``, in its order: channel,
    interval_start, offered_mean, offered_q025, offered_q10, offered_q50,
    offered_q90, offered_q975 (contacts), aht_s (seconds; NaN only where a channel's history has not one
    handle time, since none can be made up), rate_cv (coefficient of variation of the
    unknown arrival rate; Poisson noise comes on top). ``channels`` has per
    channel day_share (part of that variance which a day's intervals share),
    wape_backtest and coverage80_backtest (shares; NaN where the history is too
    short to measure them) and weeks_used. ``notes`` say what was set aside,
    assumed or could not be known.
    """

    intervals: pd.DataFrame
    channels: pd.DataFrame
    notes: tuple[str, ...]
    models: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass(frozen=True)
class _Rows:
    """The rows of one channel in the horizon."""

    index: IntArray
    day: IntArray
    slot: IntArray
    is_open: BoolArray


def forecast(
    history: pd.DataFrame,
    future: pd.DataFrame,
    *,
    timezone: str,
    calendar: pd.DataFrame | None = None,
    interval_min: int = 15,
    weeks: int = 8,
) -> Forecast:
    """
    The forecast of every interval of a horizon, from what came before it.

    Parameters
    ----------
    history
        Columns channel, interval_start (instants), offered, aht_s (seconds, NaN
        where unknown), and answered where known. Rows may be finer than the
        interval. Absent intervals are unknown, not zero. Rows at or after the
        first instant of ``future`` are not looked at.
    future
        Columns channel, interval_start, is_open. Closed intervals get 0.
    timezone
        IANA zone in which days and times of day are read.
    calendar
        Columns day, kind (holiday, closed, event, campaign), name, channel
        (empty: all), factor on volume (NaN: learn it).
    interval_min
        Length of an interval, minutes.
    weeks
        Recent weeks that shape the day; the level of the day looks at up to
        four times as many, effects of special days at all.

    Raises
    ------
    ForecastError
        When a frame lacks columns, holds impossible values, or a channel has
        no history before the horizon.
    """
    _check_settings(timezone, interval_min, weeks)
    future = checked_future(future, interval_min)
    origin = future["interval_start"].min()
    history = checked_history(history, origin)
    channels = list(dict.fromkeys(future["channel"]))
    calendars = read_calendar(_calendar_frame(calendar), channels)
    local = LocalTime.of(history["interval_start"], timezone)
    local_future = LocalTime.of(future["interval_start"], timezone)
    columns = {name: np.zeros(len(future)) for name in _COLUMNS}
    table, notes, models = [], [], []
    names, future_names = history["channel"].to_numpy(), future["channel"].to_numpy()
    for channel in channels:
        index = np.flatnonzero(future_names == channel)
        rows = _rows(future, local_future, index, calendars[channel], interval_min)
        on = np.flatnonzero(names == channel)
        if not on.size:
            raise ForecastError(
                f"channel '{channel}' has no contact history before {origin:%Y-%m-%d %H:%M} UTC: "
                "add rows for it, or take the channel out of the plan."
            )
        when = LocalTime(local.day[on], local.minute[on], local.utc_min[on])
        series = grid(history.iloc[on], when, channel, interval_min)
        row, said_of_channel, chosen = _forecast_channel(series, calendars[channel], rows, weeks, columns)
        table.append(row)
        models.append(chosen)
        notes += [f"{channel}: {note}." for note in said_of_channel]
    intervals = future[["channel", "interval_start"]].reset_index(drop=True).assign(**columns)
    chosen = pd.concat(models, ignore_index=True)
    return Forecast(intervals, pd.DataFrame(table), tuple(notes), chosen)


_COLUMNS = (
    "offered_mean",
    "offered_q025",
    "offered_q10",
    "offered_q50",
    "offered_q90",
    "offered_q975",
    "aht_s",
    "rate_cv",
)


def _rows(
    future: pd.DataFrame, local: LocalTime, index: IntArray, calendar: Calendar, interval_min: int
) -> _Rows:
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
    return _Rows(index, day, minute // interval_min, is_open)


def _forecast_channel(
    series: Series,
    calendar: Calendar,
    rows: _Rows,
    weeks: int,
    columns: dict[str, FloatArray],
) -> tuple[dict[str, object], list[str], pd.DataFrame]:
    """Fill the columns of one channel; its row of the channel table and its notes."""
    series, mask, notes = _cleaned(series, calendar, rows)
    ahead = np.unique(rows.day)
    shut = frozenset(int(day) for day in ahead if not rows.is_open[rows.day == day].any())
    outlook = look_ahead(series, calendar, mask, ahead, weeks=weeks, shut_ahead=shut)
    gap = max(0, int(ahead[0]) - int(series.days[-1]) - 1)
    length = int(ahead[-1] - ahead[0]) + 1
    errors = backtest(
        series,
        calendar,
        mask,
        weeks=weeks,
        gap=gap,
        length=length,
        models=tuple(outlook.candidates),
    )
    unsure = learn_uncertainty(errors, series.slots, series.interval_min)

    at = np.searchsorted(ahead, rows.day)
    lead = week_of_lead(ahead - int(series.days[-1]))
    blend = errors.choice.blend if errors.choice else Blend.before_errors(outlook.candidates)
    blended = blend.mean(outlook.candidates, lead)
    mean = np.where(rows.is_open, np.maximum(blended[at, rows.slot], 0.0), 0.0)
    variance = unsure.rate_variance(outlook.variance[at], rows.slot, lead[at])
    handle = handle_profile(series, weeks)
    if handle is None:
        handle = np.full(mask.shape, np.nan)
        notes.append("no handle times in the history; they must come from the plan (aht_s)")
    handle_s = handle[weekday_of(rows.day), rows.slot]
    low, middle, high = count_quantiles(mean, variance)
    lowest, highest = central_interval(mean, unsure.tail * variance, TAIL_LOW, TAIL_HIGH)
    lowest, highest = np.minimum(lowest, low), np.maximum(highest, high)
    values = (mean, lowest, low, middle, high, highest, handle_s, np.sqrt(variance))
    for name, value in zip(_COLUMNS, values, strict=True):
        columns[name][rows.index] = value
    on = rows.is_open
    share = unsure.day_share(outlook.variance[at[on]], mean[on], rows.slot[on], lead[at[on]])
    notes += _notes(outlook, errors, series, gap)
    return _row(series, outlook, errors, unsure, share), notes, table_of(series.channel, errors.choice, blend)


def _cleaned(
    series: Series, calendar: Calendar, rows: _Rows
) -> tuple[Series, BoolArray, list[str]]:
    """The history without faults of its source, the open slots per weekday, and notes."""
    notes: list[str] = []
    series, has_dropped = with_dropped_zeros(series)
    if has_dropped:
        notes.append("the history leaves out intervals without contacts; they are read as zeros")
    mask = open_mask(rows.day, rows.slot, rows.is_open, series)
    if rows.is_open.any() and not (np.isfinite(series.counts) & mask[series.weekdays]).any():
        raise ForecastError(
            f"channel '{series.channel}' opens only at hours that its contact history has never "
            "seen: add rows of these hours, or check opening hours and time zone."
        )
    faults = spikes(series, mask)
    if faults.any():
        notes.append(
            f"{int(faults.sum())} impossible counts were set aside "
            f"({dates_text(series.days[faults.any(axis=1)])})"
        )
    holes = outages(series, mask)
    off = np.array([calendar.is_off(int(day)) for day in series.days], dtype=np.bool_)
    if holes[~off].any():
        notes.append(
            f"{int(holes[~off].sum())} intervals without a single contact at busy hours were taken "
            f"for outages ({dates_text(series.days[holes.any(axis=1) & ~off])})"
        )
    return series.with_counts(np.where(faults | holes, np.nan, series.counts)), mask, notes


def _row(
    series: Series, outlook: Outlook, errors: Errors, unsure: Uncertainty, share: float
) -> dict[str, object]:
    """The channel's row of the channel table."""
    some = errors.thinned(_SCORED_CELLS)
    variance = unsure.rate_variance(some.variance, some.slot, week_of_lead(some.lead))
    low, high = central_interval(some.mean, variance, LOW, HIGH)
    used = outlook.days_used
    return {
        "channel": series.channel,
        "day_share": share,
        "wape_backtest": wape(errors.actual, errors.mean),
        "coverage80_backtest": coverage(some.actual, low, high),
        "weeks_used": np.unique((used.max(initial=0) - used) // 7).size,
    }


def _notes(outlook: Outlook, errors: Errors, series: Series, gap: int) -> list[str]:
    """What a planner should know of one channel's forecast; ``gap`` in days since its history."""
    notes = []
    if gap >= FAR_DAYS:
        notes.append(f"{gap} days lie between history and forecast; what changes there is unknown")
    if outlook.strange:
        notes.append(
            f"days far from their neighbours were set aside ({dates_text(outlook.strange)})"
        )
    notes += [
        said(int(day), effect)
        for day, effect in zip(outlook.ahead, outlook.effects, strict=True)
        if effect.how
    ]
    if outlook.shape.borrowed:
        names = ", ".join(WEEKDAYS[weekday] for weekday in outlook.shape.borrowed)
        notes.append(f"no {names} in the recent history; their shape is that of other weekdays")
    if outlook.shape.guessed:
        names = ", ".join(WEEKDAYS[w] for w in sorted({w for w, _ in outlook.shape.guessed}))
        notes.append(
            f"hours without history on {names} are filled from other weekdays or neighbours"
        )
    if errors.origins < ORIGINS_LEAST:
        notes.append(
            f"the history of {series.days.size} days allows {errors.origins} test forecasts "
            f"instead of {ORIGINS_LEAST}; the stated uncertainty leans on general experience"
        )
    return notes


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


def _calendar_frame(calendar: pd.DataFrame | None) -> pd.DataFrame:
    """The calendar with all of its columns, empty when there is none."""
    if calendar is None:
        return pd.DataFrame(columns=["day", "kind", "name", "channel", "factor"])
    for name in ("day", "kind"):
        if name not in calendar:
            raise ForecastError(f"the calendar has no column '{name}': add it.")
    calendar = calendar.copy()
    for name, default in (("name", ""), ("channel", ""), ("factor", float("nan"))):
        if name not in calendar:
            calendar[name] = default
    return calendar
