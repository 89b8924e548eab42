"""
How good forecasts would have been: rolling origins over a history, each as if it were today.

At every origin the whole procedure runs again on the rows before it: clean, learn, select, blend,
quantiles. Origins lie a week apart and are never shuffled; nothing later is handed over [1]_.
Beside it stand the yardsticks of recent weeks, judged on the same intervals.

References
----------
.. [1] Tashman, L. J. (2000). Out-of-sample tests of forecasting accuracy: an analysis and review.
       *International Journal of Forecasting*, 16(4): 437-450.
       https://doi.org/10.1016/S0169-2070(00)00065-0
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasts.backtests.scores import OURS, Backtest, Scored, joined
from forecasts.backtests.yardsticks import yardstick
from forecasts.errors import ForecastError
from forecasts.history.checks import checked_future, checked_history
from forecasts.history.faults import outages, spikes
from forecasts.history.series import (
    HOUR_MIN,
    BoolArray,
    FloatArray,
    IntArray,
    LocalTime,
    Series,
    date_of,
    grid,
    open_mask,
    ordinal,
    with_dropped_zeros,
)
from forecasts.line import forecast
from forecasts.models.recent_weeks import YARDSTICKS
from forecasts.result import QUANTILES, Forecast

ORIGINS = 12
LEADS = (1, 2, 4)
LEARN_DAYS = 21  # history that the first origin has at least
Watch = Callable[[int, int], bool]


def backtest(
    history: pd.DataFrame,
    opening: pd.DataFrame | None = None,
    *,
    timezone: str,
    calendar: pd.DataFrame | None = None,
    interval_min: int = 15,
    weeks: int = 8,
    origins: int = ORIGINS,
    leads: Sequence[int] = LEADS,
    week_start: int = 0,
    watch: Watch | None = None,
) -> Backtest:
    """
    Forecasts from past origins, with what came: scored whole weeks ahead.

    Parameters
    ----------
    history, timezone, calendar, interval_min, weeks
        As for :func:`forecasts.forecast`. The calendar is taken as known at every origin.
    opening
        Columns channel, interval_start, is_open of the days of the history; by default every
        slot of a weekday is open at which at least half of its days have rows.
    origins
        Forecasts at most, a week apart, the last one a week before the history ends.
    leads
        Weeks ahead that are scored: 1 is the week that begins at the origin.
    week_start
        Weekday on which weeks begin, 0 is Monday.
    watch
        Called before every origin with how many are done and how many there are; when it
        returns False, what is scored so far is handed over.

    Raises
    ------
    ForecastError
        When a setting has no meaning, or the history is too short for one origin.
    """
    leads = _checked_leads(leads, origins)
    past = checked_history(history, history["interval_start"].max() + pd.Timedelta(days=1))
    local = LocalTime.of(past["interval_start"], timezone)
    series = _all_series(past, local, interval_min)
    opening = _opening(opening, series, timezone, interval_min)
    days = LocalTime.of(opening["interval_start"], timezone).day
    starts = _origins(series, origins, week_start)
    came = {name: _came(one, opening, days, timezone) for name, one in series.items()}
    found: list[Scored] = []
    notes: list[str] = []
    for done, start in enumerate(starts):
        if watch is not None and not watch(done, len(starts)):
            break
        names = [n for n, one in series.items() if one.days[0] <= start - LEARN_DAYS]
        ahead = (days >= start) & (days < start + 7 * max(leads)) & opening["channel"].isin(names)
        try:
            made = forecast(
                past[local.day < start],
                opening[ahead],
                timezone=timezone,
                calendar=calendar,
                interval_min=interval_min,
                weeks=weeks,
            )
        except ForecastError as error:
            notes.append(f"no forecast was possible from {date_of(start)}: {error}")
            continue
        found += [_scored(made, came[name], name, start, leads, timezone) for name in names]
    notes += [note for one in came.values() for note in one.notes]
    return joined(found, interval_min, len(starts), tuple(notes))


@dataclass(frozen=True)
class _Came:
    """What came on one channel: counts (day, slot), NaN where unknown, closed or at fault."""

    days: IntArray
    counts: FloatArray
    notes: tuple[str, ...]


def _checked_leads(leads: Sequence[int], origins: int) -> tuple[int, ...]:
    """The leads in order, refused where they have no meaning."""
    if not leads or not all(1 <= lead <= 52 for lead in leads):
        raise ForecastError(f"leads = {tuple(leads)}: give weeks ahead from 1 to 52, such as 1, 2.")
    if origins < 1:
        raise ForecastError(f"origins = {origins}: a backtest has 1 origin or more.")
    return tuple(sorted(set(leads)))


def _all_series(past: pd.DataFrame, local: LocalTime, interval_min: int) -> dict[str, Series]:
    """The history of every channel on its grid."""
    names = past["channel"].to_numpy()
    found: dict[str, Series] = {}
    for name in dict.fromkeys(names):
        on = np.flatnonzero(names == name)
        when = LocalTime(local.day[on], local.minute[on], local.utc_min[on])
        one = grid(past.iloc[on], when, str(name), interval_min)
        found[str(name)] = with_dropped_zeros(one)[0]
    if not found:
        raise ForecastError("the history has no rows: a backtest needs what came before.")
    return found


def _opening(
    opening: pd.DataFrame | None, series: dict[str, Series], timezone: str, interval_min: int
) -> pd.DataFrame:
    """Intervals of the days of the history, and whether they are open."""
    if opening is not None:
        return checked_future(opening, interval_min)
    pieces = []
    for name, one in series.items():
        starts = _starts_of(one, timezone, interval_min)
        local = LocalTime.of(starts, timezone)
        none = np.zeros(0, dtype=np.int64)
        mask = open_mask(none, none, np.zeros(0, dtype=np.bool_), one)
        is_open = mask[(local.day + 3) % 7, local.minute // interval_min]
        pieces.append(pd.DataFrame({"channel": name, "interval_start": starts, "is_open": is_open}))
    return checked_future(pd.concat(pieces, ignore_index=True), interval_min)


def _starts_of(series: Series, timezone: str, interval_min: int) -> pd.Series:
    """Instants at which the intervals of a history's days begin."""
    days = [pd.Timestamp(date_of(int(day))) for day in (series.days[0], series.days[-1] + 1)]
    step = f"{interval_min}min"
    if interval_min <= HOUR_MIN:
        first, last = (day.tz_localize(timezone).tz_convert("UTC") for day in days)
        return pd.Series(pd.date_range(first, last, freq=step, inclusive="left"))
    wall = pd.Series(pd.date_range(days[0], days[1], freq=step, inclusive="left"))
    shown = wall.dt.tz_localize(timezone, ambiguous=True, nonexistent="shift_forward")
    return shown.dt.tz_convert("UTC").drop_duplicates(ignore_index=True)


def _origins(series: dict[str, Series], most: int, week_start: int) -> list[int]:
    """First days of the weeks that begin right after what is known, oldest first."""
    first = min(int(one.days[0]) for one in series.values())
    end = max(int(one.days[-1]) for one in series.values()) + 1
    served = {int(w) for one in series.values() for w in one.weekdays[one.has_rows]}
    while (end + 3) % 7 != week_start and (end + 3) % 7 not in served:
        end += 1  # the week is whole when the days that are left have nothing to come
    last = end - 7 - (end + 3 - week_start) % 7
    starts = [last - 7 * back for back in range(most) if last - 7 * back >= first + LEARN_DAYS]
    if not starts:
        raise ForecastError(
            f"the history of {end - first} days is too short for a backtest: it takes "
            f"{LEARN_DAYS} days to learn from and a whole week that came afterwards. Add older "
            "contacts."
        )
    return starts[::-1]


def _came(series: Series, opening: pd.DataFrame, days: IntArray, timezone: str) -> _Came:
    """What a forecast of one channel is judged by."""
    on = (opening["channel"] == series.channel).to_numpy()
    local = LocalTime.of(opening["interval_start"][on], timezone)
    slot = local.minute // series.interval_min
    is_open = opening["is_open"].to_numpy(np.bool_)[on]
    mask = open_mask(days[on], slot, is_open, series)
    faults = spikes(series, mask) | outages(series, mask)
    inside: BoolArray = np.zeros(series.counts.shape, dtype=np.bool_)
    row = days[on] - int(series.days[0])
    kept = is_open & (row >= 0) & (row < series.days.size)
    inside[row[kept], slot[kept]] = True
    counts = np.where(inside & ~faults, series.counts, np.nan)
    count = int((faults & inside).sum())
    said = f"{series.channel}: intervals not scored, for faults of their source: {count}"
    return _Came(series.days, counts, (said,) if count else ())


def _scored(
    made: Forecast, came: _Came, name: str, start: int, leads: tuple[int, ...], timezone: str
) -> Scored:
    """One channel from one origin: what every method said of the weeks that are scored."""
    rows = made.intervals[made.intervals["channel"] == name]
    local = LocalTime.of(rows["interval_start"], timezone)
    slot = local.minute // (24 * 60 // came.counts.shape[1])
    lead = (local.day - start) // 7 + 1
    at = local.day - int(came.days[0])
    known = (at >= 0) & (at < came.days.size)
    known[known] &= np.isfinite(came.counts[at[known], slot[known]])
    ahead = np.arange(start, start + 7 * max(leads), dtype=np.int64)
    plain = {
        one: yardstick(one, came.days, came.counts, ahead, start)[:, local.day - start, slot]
        for one in YARDSTICKS
    }
    for values in plain.values():
        known &= np.isfinite(values[0])
    ours = rows[["offered_mean", *QUANTILES]].to_numpy(np.float64).T
    said = {OURS: ours, **plain}
    cells = _Cells(local.day, lead, known, said, np.where(known, came.counts[at * known, slot], 0))
    days = _days(made, name, start, cells)
    known = known & np.isin(lead, leads)
    return Scored(
        name,
        start,
        rows["interval_start"].to_numpy()[known],
        local.day[known],
        local.minute[known],
        lead[known],
        came.counts[at[known], slot[known]],
        {method: values[:, known] for method, values in said.items()},
        rows["rate_cv"].to_numpy(np.float64)[known],
        _usual_change(came, start),
        days,
        _weeks(made, name, start, days),
        made.models[made.models["channel"] == name],
    )


@dataclass(frozen=True)
class _Cells:
    """All rows of a channel and origin: which are scored, what was said of them, what came."""

    day: IntArray
    lead: IntArray
    known: BoolArray
    said: dict[str, FloatArray]
    actual: FloatArray


def _days(made: Forecast, name: str, start: int, cells: _Cells) -> pd.DataFrame:
    """Totals of days with what came; NaN where an interval of the day is not known."""
    frame = made.days()
    frame = frame[frame["channel"] == name].reset_index(drop=True)
    numbers, at = np.unique(cells.day, return_inverse=True)
    on = cells.said[OURS][0] > 0
    missing = np.bincount(at, on & ~cells.known, numbers.size)
    total = np.bincount(at, np.where(cells.known, cells.actual, 0.0), numbers.size)
    came = np.bincount(at, cells.known, numbers.size) > 0
    lead = (numbers - start) // 7 + 1
    plain = {
        method: np.bincount(at, np.where(on, np.nan_to_num(values[0]), 0.0), numbers.size)
        for method, values in cells.said.items()
        if method != OURS
    }
    place = np.searchsorted(numbers, [ordinal(day) for day in frame["day"]])
    actual = np.where((missing == 0) & came, total, np.nan)
    columns = {"lead": lead, "actual": actual, **plain}
    return frame.assign(
        origin=date_of(start), **{column: values[place] for column, values in columns.items()}
    )


def _weeks(made: Forecast, name: str, start: int, days: pd.DataFrame) -> pd.DataFrame:
    """Totals of whole weeks from the origin on, with what came."""
    frame = made.weeks((start + 3) % 7)
    frame = frame[frame["channel"] == name].reset_index(drop=True)
    first = np.array([ordinal(day) for day in frame["week"]], dtype=np.int64)
    lead = (first - start) // 7 + 1
    served = days[days["offered_mean"] > 0]
    sums = ["actual", *YARDSTICKS]
    totals = served.groupby("lead")[sums].sum(min_count=1)
    totals.loc[served["actual"].isna().groupby(served["lead"]).any(), "actual"] = np.nan
    more = {column: totals[column].reindex(lead).to_numpy() for column in sums}
    return frame.assign(origin=date_of(start), lead=lead, **more)


def _usual_change(came: _Came, start: int) -> float:
    """Mean absolute change from one week to the next before an origin: the scale of MASE."""
    counts = came.counts[came.days < start]
    change = np.abs(counts[7:] - counts[:-7])
    change = change[np.isfinite(change)]
    return float(change.mean()) if change.size else float("nan")
