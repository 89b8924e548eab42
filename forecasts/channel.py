"""
The forecast of one channel: history cleaned, outlook, errors of the past, quantiles.

A channel depends on nothing but its task, so channels can be computed in any order, in other
processes or on other machines, with identical numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from forecasts.backtests.metrics import coverage, wape
from forecasts.backtests.origins import ORIGINS_LEAST, Errors, backtest
from forecasts.backtests.selection import Blend, table_of, week_of_lead
from forecasts.history.cleaning import Cleaned, cleaned
from forecasts.history.faults import Fault, strange_days
from forecasts.history.levels import LevelChange, level_changes, said_of_levels
from forecasts.history.series import (
    WEEKDAYS,
    BoolArray,
    FloatArray,
    IntArray,
    Series,
    dates_text,
)
from forecasts.history.silence import said_of_silence, silent_rate, with_silence
from forecasts.history.sources import Source
from forecasts.models.two_level import Outlook, look_ahead
from forecasts.models.year_season import year_season
from forecasts.one_thread import one_thread
from forecasts.result import HANDLE_TIMES, QUANTILES, ChannelCells, quantile_columns
from forecasts.special_days.calendar import Calendar
from forecasts.special_days.table import no_days
from forecasts.special_days.table import notes as special_notes
from forecasts.special_days.table import table_of as special_table
from forecasts.uncertainty.dependence import DayErrors, Dependence
from forecasts.uncertainty.distribution import HIGH, LOW, Uncertainty, central_interval
from forecasts.uncertainty.handle_law import handle_times
from forecasts.uncertainty.learn import learn
from forecasts.uncertainty.scenarios import Cells

COLUMNS = ("offered_mean", *QUANTILES, *HANDLE_TIMES, "rate_cv")
FAR_DAYS = 28  # without contacts before the period, from which that is said
_NOT_ITS_OWN = {"wape_backtest": np.nan, "coverage80_backtest": np.nan, "weeks_used": 0}
_SCORED_CELLS = 3000  # cells of the backtest whose interval is looked at, at most


@dataclass(frozen=True)
class Rows:
    """The rows of one channel in the horizon; ``index`` are positions in the whole of it."""

    index: IntArray
    day: IntArray
    slot: IntArray
    is_open: BoolArray


@dataclass(frozen=True)
class ChannelTask:
    """All that the forecast of one channel depends on."""

    source: Source
    calendar: Calendar
    rows: Rows
    weeks: int


@dataclass(frozen=True)
class ChannelForecast:
    """
    What one channel adds to the forecast.

    ``columns`` holds :data:`COLUMNS`, (row of the task,) each; ``row`` is the channel's row of
    the channel table, ``models`` its part of the table of models.
    """

    columns: dict[str, FloatArray]
    row: dict[str, object]
    notes: tuple[str, ...]
    models: pd.DataFrame
    part: ChannelCells
    errors: DayErrors | None
    faults: tuple[Fault, ...] = ()
    changes: tuple[LevelChange, ...] = ()
    special_days: pd.DataFrame = field(default_factory=no_days)


@dataclass(frozen=True)
class _Past:
    """What a channel's history says: cleaned, looked ahead from, and tested."""

    clean: Cleaned
    off: BoolArray
    ahead: IntArray
    gap: int
    outlook: Outlook
    errors: Errors


@one_thread()
def forecast_channel(task: ChannelTask) -> ChannelForecast:
    """
    The forecast of one channel: a pure function of its task.

    Raises
    ------
    ForecastError
        When the channel opens only at hours that its history has never seen.
    """
    rows, source, lent = task.rows, task.source, task.source.is_lent
    past = _past(task)
    series, outlook, errors = past.clean.series, past.outlook, past.errors
    learned = learn(errors, series.slots, series.interval_min)
    unsure = learned.unsure

    at = np.searchsorted(past.ahead, rows.day)
    lead = week_of_lead(past.ahead - int(series.days[-1]))
    models = tuple(outlook.candidates)
    blend = errors.choice.blend if errors.choice else Blend.before_errors(models)
    blended = np.maximum(blend.mean(outlook.candidates, lead), 0.0)
    mean = np.where(rows.is_open, source.scale * blended[at, rows.slot], 0.0)
    foreseen = outlook.variance[at] + source.level_variance
    variance = unsure.rate_variance(foreseen, rows.slot, lead[at]) + source.shape_variance
    dependence = _with_shared_level(learned.dependence, source.level_variance, outlook.variance)
    own = source.own if lent else series
    handle = handle_times(own, task.weeks, rows.day, rows.slot, mean)
    silent = 0.0 if lent else silent_rate(series, past.clean.mask)
    made = with_silence(quantile_columns(mean, variance, unsure.tail), silent, rows.is_open)
    cells = _cells(rows, mean, variance, unsure, foreseen, lead[at], dependence)
    on = rows.is_open
    share = unsure.day_share(foreseen[on], mean[on], rows.slot[on], lead[at[on]])
    facts = {"aht_with_volume": handle.with_volume, **source.columns}
    changes = () if lent else _levels(outlook, series, past.off)
    notes = [] if lent else [*past.clean.notes, *said_of_levels(changes)]
    notes += said_of_silence(silent, rows.is_open)
    return ChannelForecast(
        {"offered_mean": mean, **made, **handle.columns(), "rate_cv": np.sqrt(variance)},
        _row(series, outlook, errors, unsure, share) | facts | (_NOT_ITS_OWN if lent else {}),
        (*source.notes, *notes, *handle.notes(), *_notes(outlook, errors, series, past.gap, lent)),
        table_of(series.channel, errors.choice, blend),
        ChannelCells(series.channel, *cells, unsure.tail, handle.law),
        None if lent else learned.days,
        () if lent else _faults(past),
        changes,
        special_table(series.channel, task.calendar, past.ahead, outlook.effects),
    )


def _past(task: ChannelTask) -> _Past:
    """The history cleaned, the outlook on the days ahead, the errors of past origins."""
    calendar, rows, source = task.calendar, task.rows, task.source
    off = np.array([calendar.is_off(int(day)) for day in source.series.days], dtype=np.bool_)
    clean = cleaned(source.series, off, rows.day, rows.slot, rows.is_open, source.is_spread)
    ahead = np.unique(rows.day)
    shut = frozenset(int(day) for day in ahead if not rows.is_open[rows.day == day].any())
    outlook = look_ahead(
        clean.series, calendar, clean.mask, ahead, weeks=task.weeks, shut_ahead=shut
    )
    gap = max(0, int(ahead[0]) - int(clean.series.days[-1]) - 1)
    errors = backtest(
        clean.series,
        calendar,
        clean.mask,
        weeks=task.weeks,
        gap=gap,
        length=int(ahead[-1] - ahead[0]) + 1,
        models=tuple(outlook.candidates),
    )
    return _Past(clean, off, ahead, gap, outlook, errors)


def _faults(past: _Past) -> tuple[Fault, ...]:
    """All that was set aside: faults of the source, and days far from the days around."""
    clean = past.clean
    return (*clean.faults, *strange_days(clean.series, clean.mask, past.outlook.strange))


def _with_shared_level(
    dependence: Dependence, level_variance: float, foreseen: FloatArray
) -> Dependence:
    """The dependence of days of which a part of the variance is one doubt about all of them."""
    if level_variance <= 0:
        return dependence
    share = level_variance / (level_variance + float(foreseen.mean()))
    next_day = share + (1 - share) * dependence.next_day
    return replace(dependence, next_day=min(next_day, 0.999), fade=1.0)


def _levels(outlook: Outlook, series: Series, off: BoolArray) -> tuple[LevelChange, ...]:
    """Lasting changes of level on ordinary days, beside the season of the year."""
    exposure, arrived = outlook.shape.exposure(series), outlook.shape.arrived(series)
    usual = float(np.median(exposure[exposure > 0])) if (exposure > 0).any() else 0.0
    plain = (exposure > 0.25 * usual) & ~off & ~np.isin(series.days, np.array(outlook.strange))
    if not plain.any():
        return ()
    days, arrived, exposure = series.days[plain], arrived[plain], exposure[plain]
    return level_changes(days, arrived, exposure * year_season(days, arrived, exposure, days))


def _cells(
    rows: Rows,
    mean: FloatArray,
    variance: FloatArray,
    unsure: Uncertainty,
    foreseen: FloatArray,
    lead: IntArray,
    dependence: Dependence,
) -> tuple[IntArray, Cells]:
    """Positions of the channel's rows in order of time, and their two variances."""
    day = np.minimum(unsure.day_part(foreseen, lead), variance)
    order = np.lexsort((rows.index, rows.slot, rows.day))
    cells = Cells(
        mean[order],
        day[order],
        ((variance - day) / (1.0 + day))[order],
        rows.day[order],
        dependence,
        unsure.law,
    )
    return rows.index[order], cells


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


def _notes(outlook: Outlook, errors: Errors, series: Series, gap: int, is_lent: bool) -> list[str]:
    """What a planner should know of one channel's forecast; ``gap`` in days since its history."""
    notes = []
    if gap >= FAR_DAYS:
        notes.append(f"{gap} days lie between history and forecast; what changes there is unknown")
    if outlook.strange and not is_lent:
        notes.append(
            f"days far from their neighbours were set aside ({dates_text(outlook.strange)})"
        )
    notes += special_notes(outlook.ahead, outlook.effects)
    if outlook.shape.borrowed:
        names = ", ".join(WEEKDAYS[weekday] for weekday in outlook.shape.borrowed)
        notes.append(f"no {names} in the recent history; their shape is that of other weekdays")
    if outlook.shape.guessed:
        names = ", ".join(WEEKDAYS[w] for w in sorted({w for w, _ in outlook.shape.guessed}))
        notes.append(
            f"hours without history on {names} are filled from other weekdays or neighbours"
        )
    if errors.origins < ORIGINS_LEAST and not is_lent:
        notes.append(
            f"the history of {series.days.size} days allows {errors.origins} test forecasts "
            f"instead of {ORIGINS_LEAST}; the stated uncertainty leans on general experience"
        )
    return notes
