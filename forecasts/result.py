"""What a forecast hands over: tables, totals with their quantiles, scenarios, the day so far."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from forecasts.errors import ForecastError
from forecasts.history.series import FloatArray, IntArray, date_of
from forecasts.uncertainty.distribution import (
    TAIL_HIGH,
    TAIL_LOW,
    central_interval,
    count_quantiles,
)
from forecasts.uncertainty.scenarios import Cells, busyness, draw, total_variance

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


@dataclass(frozen=True)
class Forecast:
    """
    Demand of a horizon with its uncertainty.

    ``intervals`` has one row per row of ``future``, in its order: channel,
    interval_start, offered_mean, offered_q025, offered_q10, offered_q50,
    offered_q90, offered_q975 (contacts), aht_s (seconds; NaN only where a channel's
    history has not one handle time, since none can be made up), rate_cv (coefficient of
    variation of the unknown arrival rate; Poisson noise comes on top). ``channels`` has per
    channel day_share (part of that variance which a day's intervals share),
    wape_backtest and coverage80_backtest (shares; NaN where the history is too
    short to measure them) and weeks_used. ``notes`` say what was set aside,
    assumed or could not be known. ``models`` says per channel and week of lead how much each
    model weighs and how wrong it was from past origins.
    """

    intervals: pd.DataFrame
    channels: pd.DataFrame
    notes: tuple[str, ...]
    models: pd.DataFrame = field(default_factory=pd.DataFrame)
    parts: tuple[ChannelCells, ...] = ()
    correlation: FloatArray = field(default_factory=lambda: np.zeros((0, 0)))

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

    def weeks(self) -> pd.DataFrame:
        """Totals of the weeks that begin on the local Mondays in column week."""
        return self._totals("week", 7)

    def reforecast(self, so_far: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
        """
        The rest of the day of ``as_of``, given its contacts so far.

        Parameters
        ----------
        so_far
            Columns channel, interval_start and offered; intervals that begin before ``as_of``
            and have ended. Absent rows of open intervals are unknown, not zero.
        as_of
            An instant within the horizon.

        Returns
        -------
        pandas.DataFrame
            Rows of ``intervals`` from ``as_of`` to the end of that day, offered_mean,
            quantiles and rate_cv made new, and the column busyness that they were made with.

        Raises
        ------
        ForecastError
            When ``as_of`` lies outside the horizon.
        """
        starts = self.intervals["interval_start"]
        if not (starts <= as_of).any() or as_of > starts.max() + pd.Timedelta(days=1):
            raise ForecastError(
                f"as_of = {as_of} lies outside the forecast's horizon of {starts.min()} to "
                f"{starts.max()}: make a forecast that holds this day."
            )
        known = so_far.set_index(["channel", "interval_start"])["offered"]
        pieces = [self._rest_of_day(part, known, as_of) for part in self.parts]
        return pd.concat(pieces, ignore_index=True)

    def _rest_of_day(
        self, part: ChannelCells, known: pd.Series, as_of: pd.Timestamp
    ) -> pd.DataFrame:
        """One channel's rest of the day."""
        rows = self.intervals.iloc[part.row]
        began = (rows["interval_start"] < as_of).to_numpy()
        day = part.cells.day[max(0, int(began.sum()) - 1)]
        today = part.cells.day == day
        index = pd.MultiIndex.from_frame(rows[["channel", "interval_start"]])
        arrived = known.reindex(index).to_numpy(np.float64)
        seen = today & began & np.isfinite(arrived) & (part.cells.mean > 0)
        mean, within = part.cells.mean, part.cells.interval_variance
        before = float(part.cells.day_variance[today].mean())
        factor, left = busyness(mean[seen], arrived[seen], before, within[seen])
        rest = today & ~began
        cells = replace(part.cells, mean=mean * factor)
        variance = left / max(factor, 1e-9) ** 2 + within[rest]
        made = quantile_columns(cells.mean[rest], variance, part.tail)
        kept = rows[rest].drop(columns=list(QUANTILES))
        new = {"offered_mean": cells.mean[rest], **made, "rate_cv": np.sqrt(variance)}
        found: pd.DataFrame = kept.assign(**new, busyness=factor)
        return found

    def _totals(self, name: str, length: int) -> pd.DataFrame:
        """Totals of days or weeks, all channels below each other."""
        pieces = []
        for part in self.parts:
            day = part.cells.day
            groups = day - (day + 3) % length if length else day
            numbers, mean, variance = total_variance(part.cells, groups)
            made = quantile_columns(mean, variance, part.tail)
            frame = pd.DataFrame({"channel": part.channel, name: [date_of(n) for n in numbers]})
            pieces.append(frame.assign(offered_mean=mean, **made))
        return pd.concat(pieces, ignore_index=True)


def quantile_columns(mean: FloatArray, variance: FloatArray, tail: float) -> dict[str, FloatArray]:
    """The five quantiles of counts with that mean and variance of the rate."""
    low, middle, high = count_quantiles(mean, variance)
    lowest, highest = central_interval(mean, tail * variance, TAIL_LOW, TAIL_HIGH)
    values = (np.minimum(lowest, low), low, middle, high, np.maximum(highest, high))
    return dict(zip(QUANTILES, values, strict=True))
