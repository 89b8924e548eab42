"""What a forecast hands over: tables, totals with their quantiles, scenarios, the day so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from forecasts.errors import ForecastError
from forecasts.hierarchy import group_totals, groups_of
from forecasts.history.series import FloatArray, IntArray, date_of
from forecasts.uncertainty.distribution import (
    TAIL_HIGH,
    TAIL_LOW,
    central_interval,
    count_quantiles,
)
from forecasts.uncertainty.handle_law import HandleLaw
from forecasts.uncertainty.scenarios import Cells, draw, total_variance
from forecasts.uncertainty.so_far import Busyness, Seen, busyness
from forecasts.uncertainty.so_far_rows import checked_instant, checked_so_far

HANDLE_TIMES = ("aht_s", "aht_q10", "aht_q90")
QUANTILES = ("offered_q025", "offered_q10", "offered_q50", "offered_q90", "offered_q975")


@dataclass(frozen=True)
class ChannelCells:
    """
    One channel's rows of ``intervals`` in order of time, with what scenarios need.

    ``row`` are positions in ``intervals``; ``tail`` is the factor on variances with which
    95 % intervals hold what they promise.
    """

    channel: str
    row: IntArray
    cells: Cells
    tail: float
    handle: HandleLaw = field(default_factory=HandleLaw)


@dataclass(frozen=True)
class Forecast:
    """
    Demand of a horizon with its uncertainty.

    ``intervals`` has one row per row of ``future``, in its order: channel,
    interval_start, offered_mean, offered_q025, offered_q10, offered_q50,
    offered_q90, offered_q975 (contacts), aht_s (seconds; NaN only where a channel's
    history has not one handle time, since none can be made up), aht_q10, aht_q90 (seconds,
    quantiles of an interval's mean handle time at the expected contacts), rate_cv (coefficient of
    variation of the unknown arrival rate; Poisson noise comes on top). ``channels`` has per
    channel day_share (part of that variance which a day's intervals share),
    wape_backtest and coverage80_backtest (shares; NaN where the history is too
    short to measure them) and weeks_used. ``notes`` say what was set aside,
    assumed or could not be known. ``models`` says per channel and week of lead how much each
    model weighs and how wrong it was from past origins. ``interval_min`` is the length of an
    interval, minutes. ``set_aside`` has what of the history was not learned from: channel,
    start, end (instants), offered, expected, why. ``special_days`` has the effects of the
    calendar that were used: channel, day, label, kind, factor, low, high (central 80 %),
    days_seen (past days it is learned from), how (stated, learned, other channels, like others,
    guessed).
    """

    intervals: pd.DataFrame
    channels: pd.DataFrame
    notes: tuple[str, ...]
    models: pd.DataFrame = field(default_factory=pd.DataFrame)
    parts: tuple[ChannelCells, ...] = ()
    correlation: FloatArray = field(default_factory=lambda: np.zeros((0, 0)))
    interval_min: int = 15
    set_aside: pd.DataFrame = field(default_factory=pd.DataFrame)
    level_changes: pd.DataFrame = field(default_factory=pd.DataFrame)
    special_days: pd.DataFrame = field(default_factory=pd.DataFrame)

    def scenarios(self, count: int, rng: np.random.Generator) -> FloatArray:
        """
        Counts that might come, (scenario, row of ``intervals``).

        Days, intervals of a day and channels vary together as past errors did.
        """
        found = np.zeros((count, len(self.intervals)))
        drawn = draw([part.cells for part in self.parts], self.correlation, count, rng)
        for part, counts in zip(self.parts, drawn, strict=True):
            found[:, part.row] = counts
        return found

    def days(self) -> pd.DataFrame:
        """Totals of local days: channel, day, offered_mean and the quantiles of ``intervals``."""
        return self._totals("day", 0)

    def weeks(self, week_start: int = 0) -> pd.DataFrame:
        """Totals of the weeks that begin on the days in column week; 0 begins them on Mondays."""
        return self._totals("week", 7, week_start)

    def totals(
        self,
        hierarchy: pd.DataFrame | Mapping[str, str] | None = None,
        *,
        period: Literal["interval", "day", "week"] = "week",
        week_start: int = 0,
    ) -> pd.DataFrame:
        """
        Totals of channels, of groups of them, and of all, which add up at every level.

        Parameters
        ----------
        hierarchy
            Column channel and one column per level above it, from low to high, or a mapping from
            channels to groups (see :func:`forecasts.hierarchy.groups_of`).
        period
            What is added up in time.
        week_start
            Weekday on which weeks begin, Monday is 0.

        Returns
        -------
        pandas.DataFrame
            level (channel, those of the hierarchy, all), name, period, start (an instant of
            intervals, else a local date), offered_mean, the quantiles of ``intervals`` and
            rate_cv. Means are sums; quantiles are of the joint distribution.

        Raises
        ------
        ForecastError
            When the hierarchy has no one place for a channel.
        """
        if period not in ("interval", "day", "week") or week_start not in range(7):
            raise ForecastError(
                f"period = '{period}', week_start = {week_start}: totals are of an interval, a day "
                "or a week, which begins on a weekday from 0 (Monday) to 6."
            )
        starts, totals = self._periods(period, week_start)
        cells = [part.cells for part in self.parts]
        wild = [one.widened(TAIL_HIGH) for one in cells]
        pieces = []
        for group in groups_of([part.channel for part in self.parts], hierarchy):
            numbers, mean, variance = group_totals(
                cells, self.correlation, group, totals, of_intervals=period == "interval"
            )
            tail: float | FloatArray = max(self.parts[c].tail for c in group.members)
            if period != "interval":
                _, _, extreme = group_totals(wild, self.correlation, group, totals)
                tail = extreme / np.maximum(variance, 1e-12)
            frame = pd.DataFrame({"start": [starts[number] for number in numbers.tolist()]})
            frame.insert(0, "level", group.level)
            frame.insert(1, "name", group.name)
            frame.insert(2, "period", period)
            made = quantile_columns(mean, variance, tail)
            pieces.append(frame.assign(offered_mean=mean, **made, rate_cv=np.sqrt(variance)))
        return pd.concat(pieces, ignore_index=True)

    def _periods(self, period: str, week_start: int) -> tuple[dict[int, object], list[IntArray]]:
        """Starts of periods by number, and the number of each channel's rows."""
        if period == "interval":
            number, instants = pd.factorize(self.intervals["interval_start"], sort=True)
            return dict(enumerate(instants)), [number[part.row] for part in self.parts]
        found = [part.cells.day for part in self.parts]
        if period == "week":
            found = [day - (day + 3 - week_start) % 7 for day in found]
        every = np.unique(np.concatenate(found)) if found else np.zeros(0, np.int64)
        return {int(number): date_of(int(number)) for number in every}, found

    def reforecast(self, so_far: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
        """
        The rest of today and of the horizon, given what has come since its beginning.

        Parameters
        ----------
        so_far
            Columns channel, interval_start, offered, and aht_s where known (seconds). The row of
            the interval under way holds what came in it before ``as_of``. Rows of before the
            horizon and from ``as_of`` on are not looked at. Absent rows of open intervals are
            unknown, not zero.
        as_of
            An instant within the horizon, with its time zone.

        Returns
        -------
        pandas.DataFrame
            Rows of ``intervals`` that are not over at ``as_of``, to the end of the horizon, with
            its columns made new, handle times by those of today. The interval under way counts
            in full, and ``arrived`` says how many of its contacts have come. Beside them ``day``
            (the local date) and ``busyness``, the factor that the day's expectation was
            multiplied by; ``busyness_cv`` is how much of it is still unknown.

        Raises
        ------
        ForecastError
            When ``as_of`` lies outside the horizon, or ``so_far`` cannot be read.
        """
        as_of = checked_instant(as_of, self.intervals["interval_start"], self.interval_min)
        known = checked_so_far(so_far, self.intervals, as_of)
        seen = [self._seen(part, known, as_of) for part in self.parts]
        found = busyness([part.cells for part in self.parts], self.correlation, seen)
        pieces = [
            self._rest(part, one, days).assign(**self._handle(part, one, known))
            for part, one, days in zip(self.parts, seen, found, strict=True)
        ]
        return pd.concat(pieces, ignore_index=True)

    def _seen(self, part: ChannelCells, known: pd.DataFrame, as_of: pd.Timestamp) -> Seen:
        """What is known of one channel's rows."""
        rows = self.intervals.iloc[part.row]
        began_min = (as_of - rows["interval_start"]).dt.total_seconds().to_numpy(np.float64) / 60.0
        index = pd.MultiIndex.from_frame(rows[["channel", "interval_start"]])
        arrived = known["offered"].reindex(index).to_numpy(np.float64)
        return Seen(np.clip(began_min / self.interval_min, 0.0, 1.0), arrived)

    def _handle(self, part: ChannelCells, seen: Seen, known: pd.DataFrame) -> dict[str, FloatArray]:
        """Handle times of one channel's rows that are not over, given those of today."""
        rows, rest = self.intervals.iloc[part.row], seen.elapsed < 1.0
        times = {name: rows[name].to_numpy(np.float64) for name in HANDLE_TIMES}
        index = pd.MultiIndex.from_frame(rows[["channel", "interval_start"]])
        took = known["aht_s"].reindex(index).to_numpy(np.float64)
        begun = part.cells.day[seen.elapsed > 0]
        today = part.cells.day == (begun[-1] if begun.size else -1)
        weight = np.where(today & (took > 0) & (seen.some > 0), np.nan_to_num(seen.arrived), 0.0)
        weight = np.where(np.isfinite(times["aht_s"]), weight, 0.0)
        expected = float((weight * np.nan_to_num(times["aht_s"])).sum())
        if expected <= 0:
            return {name: values[rest] for name, values in times.items()}
        ratio = float((weight * np.nan_to_num(took)).sum()) / expected
        lead = np.ones(1, dtype=np.int64)
        factor = part.handle.given(np.log(ratio), float(weight.sum()), lead, today[rest])
        return {name: factor * values[rest] for name, values in times.items()}

    def _rest(self, part: ChannelCells, seen: Seen, days: Busyness) -> pd.DataFrame:
        """One channel's rows that are not over."""
        rest = seen.elapsed < 1.0
        rows, cells = self.intervals.iloc[part.row[rest]], part.cells
        at = np.searchsorted(days.days, cells.day[rest])
        factor = days.factor[at]
        day, within = days.variance[at], cells.interval_variance[rest]
        variance = day + within + day * within
        known = (seen.some > 0)[rest]
        arrived = np.where(known, seen.arrived[rest], 0.0)
        to_come = cells.mean[rest] * factor * np.where(known, 1.0 - seen.elapsed[rest], 1.0)
        made = quantile_columns(to_come, variance, part.tail)
        quantiles = {name: arrived + value for name, value in made.items()}
        found: pd.DataFrame = rows.assign(
            offered_mean=arrived + to_come,
            **quantiles,
            rate_cv=np.sqrt(variance),
            day=[date_of(day) for day in cells.day[rest]],
            busyness=factor,
            busyness_cv=np.sqrt(day),
            arrived=arrived,
        )
        return found

    def _totals(self, name: str, length: int, start: int = 0) -> pd.DataFrame:
        """Totals of days or weeks, all channels below each other."""
        pieces = []
        for part in self.parts:
            day = part.cells.day
            groups = day - (day + 3 - start) % length if length else day
            numbers, mean, variance = total_variance(part.cells, groups)
            _, _, extreme = total_variance(part.cells.widened(TAIL_HIGH), groups)
            tail = extreme / np.maximum(variance, 1e-12)
            made = quantile_columns(mean, variance, tail)
            frame = pd.DataFrame({"channel": part.channel, name: [date_of(n) for n in numbers]})
            pieces.append(frame.assign(offered_mean=mean, **made))
        return pd.concat(pieces, ignore_index=True)


def quantile_columns(
    mean: FloatArray, variance: FloatArray, tail: float | FloatArray
) -> dict[str, FloatArray]:
    """The five quantiles of counts with that mean and variance of the rate."""
    low, middle, high = count_quantiles(mean, variance)
    lowest, highest = central_interval(mean, tail * variance, TAIL_LOW, TAIL_HIGH)
    values = (np.minimum(lowest, low), low, middle, high, np.maximum(highest, high))
    return dict(zip(QUANTILES, values, strict=True))
