"""The forecast of a horizon: checks, grid, outlook, errors, quantiles, channel by channel."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from forecasts.backtests.metrics import coverage, wape
from forecasts.backtests.origins import ORIGINS_LEAST, Errors, backtest
from forecasts.backtests.selection import Blend, table_of, week_of_lead
from forecasts.errors import ForecastError
from forecasts.history.checks import checked_future, checked_history
from forecasts.history.faults import outages, spikes
from forecasts.history.series import (
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
from forecasts.models.handle_time import handle_profile
from forecasts.models.two_level import Outlook, look_ahead
from forecasts.result import QUANTILES, ChannelCells, Forecast, quantile_columns
from forecasts.special_days.calendar import Calendar, read_calendar, said
from forecasts.uncertainty.dependence import (
    DayErrors,
    Dependence,
    between_channels,
    learn_dependence,
)
from forecasts.uncertainty.distribution import (
    HIGH,
    LOW,
    Uncertainty,
    central_interval,
    learn_uncertainty,
)
from forecasts.uncertainty.scenarios import Cells

INTERVALS_MIN = (5, 6, 10, 12, 15, 20, 30, 60, 120, 180, 240, 360, 480, 720, 1440)
FAR_DAYS = 28  # without contacts before the period, from which that is said
_SCORED_CELLS = 3000  # cells of the backtest whose interval is looked at, at most


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
    found: list[_Channel] = []
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
        found.append(_forecast_channel(series, calendars[channel], rows, weeks, columns))
    return Forecast(
        future[["channel", "interval_start"]].reset_index(drop=True).assign(**columns),
        pd.DataFrame([one.row for one in found]),
        tuple(f"{one.part.channel}: {note}." for one in found for note in one.notes),
        pd.concat([one.models for one in found], ignore_index=True),
        tuple(one.part for one in found),
        between_channels([one.errors for one in found]),
        interval_min,
    )


_COLUMNS = ("offered_mean", *QUANTILES, "aht_s", "rate_cv")


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


@dataclass(frozen=True)
class _Channel:
    """What one channel adds to the forecast."""

    row: dict[str, object]
    notes: list[str]
    models: pd.DataFrame
    part: ChannelCells
    errors: DayErrors | None


def _forecast_channel(
    series: Series,
    calendar: Calendar,
    rows: _Rows,
    weeks: int,
    columns: dict[str, FloatArray],
) -> _Channel:
    """Fill the columns of one channel; what else there is to say of it."""
    series, mask, notes = _cleaned(series, calendar, rows)
    ahead = np.unique(rows.day)
    shut = frozenset(int(day) for day in ahead if not rows.is_open[rows.day == day].any())
    outlook = look_ahead(series, calendar, mask, ahead, weeks=weeks, shut_ahead=shut)
    gap = max(0, int(ahead[0]) - int(series.days[-1]) - 1)
    length = int(ahead[-1] - ahead[0]) + 1
    models = tuple(outlook.candidates)
    errors = backtest(series, calendar, mask, weeks=weeks, gap=gap, length=length, models=models)
    unsure = learn_uncertainty(errors, series.slots, series.interval_min)
    dependence, of_days = learn_dependence(errors, unsure)

    at = np.searchsorted(ahead, rows.day)
    lead = week_of_lead(ahead - int(series.days[-1]))
    blend = errors.choice.blend if errors.choice else Blend.before_errors(models)
    blended = np.maximum(blend.mean(outlook.candidates, lead), 0.0)
    mean = np.where(rows.is_open, blended[at, rows.slot], 0.0)
    variance = unsure.rate_variance(outlook.variance[at], rows.slot, lead[at])
    handle_s, said_of_handle = _handle_times(series, weeks, rows)
    made = quantile_columns(mean, variance, unsure.tail)
    for name, value in {"offered_mean": mean, **made, "rate_cv": np.sqrt(variance)}.items():
        columns[name][rows.index] = value
    columns["aht_s"][rows.index] = handle_s
    cells = _cells(rows, mean, variance, unsure, outlook.variance[at], lead[at], dependence)
    on = rows.is_open
    share = unsure.day_share(outlook.variance[at[on]], mean[on], rows.slot[on], lead[at[on]])
    return _Channel(
        _row(series, outlook, errors, unsure, share),
        [*notes, *said_of_handle, *_notes(outlook, errors, series, gap)],
        table_of(series.channel, errors.choice, blend),
        ChannelCells(series.channel, *cells, unsure.tail),
        of_days,
    )


def _handle_times(series: Series, weeks: int, rows: _Rows) -> tuple[FloatArray, list[str]]:
    """Handle times of rows in seconds, and what to say where none is known."""
    handle = handle_profile(series, weeks)
    if handle is None:
        said_of_it = "no handle times in the history; they must come from the plan (aht_s)"
        return np.full(rows.day.size, np.nan), [said_of_it]
    return handle[weekday_of(rows.day), rows.slot], []


def _cells(
    rows: _Rows,
    mean: FloatArray,
    variance: FloatArray,
    unsure: Uncertainty,
    foreseen: FloatArray,
    lead: IntArray,
    dependence: Dependence,
) -> tuple[IntArray, Cells]:
    """Positions of the channel's rows in order of time, and their two variances."""
    day = np.minimum(unsure.width * unsure.day_part(foreseen, lead), variance)
    order = np.lexsort((rows.index, rows.slot, rows.day))
    cells = Cells(
        mean[order],
        day[order],
        ((variance - day) / (1.0 + day))[order],
        rows.day[order],
        dependence,
    )
    return rows.index[order], cells


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
