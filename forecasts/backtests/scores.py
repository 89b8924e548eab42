"""
Scores of a backtest: every method on the same cells, by channel, week of lead and grain.

A cell is one interval of one channel as one origin saw it. Errors are shares of the contacts that
came; the floor is what Poisson noise alone would give at this volume, were the rate known exactly.
Calibration is told by the probability integral transform for counts, which is not randomised [1]_.

References
----------
.. [1] Czado, C., T. Gneiting, and L. Held (2009). Predictive model assessment for count data.
       *Biometrics*, 65(4): 1254-1261. https://doi.org/10.1111/j.1541-0420.2009.01191.x
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.stats import t

from forecasts.backtests.metrics import (
    PINBALL_AT,
    bias,
    coverage,
    crps,
    mean_deviation,
    noise_floor,
    pinball,
    pit,
    wape,
)
from forecasts.backtests.yardsticks import LEVELS
from forecasts.history.series import BoolArray, FloatArray, IntArray, date_of, weekday_of

OURS = "wfplan"
PIT_BINS = 10
SCORE_COLUMNS = (
    "channel", "lead", "grain", "method", "wape", "mase", "pinball", "crps", "bias",
    "coverage80", "coverage95", "floor", "contacts", "cells", "origins",
)  # fmt: skip


@dataclass(frozen=True)
class Scored:
    """
    One channel from one origin, cell by cell, (cell,).

    ``said`` holds mean and quantiles of every method, (value, cell); ``usual_change`` is the mean
    absolute change from week to week before the origin. ``days`` and ``weeks`` are totals with
    their quantiles, what came (``actual``) and what yardsticks said.
    """

    channel: str
    origin: int
    starts: FloatArray
    day: IntArray
    minute: IntArray
    lead: IntArray
    actual: FloatArray
    said: Mapping[str, FloatArray]
    rate_cv: FloatArray
    usual_change: float
    days: pd.DataFrame
    weeks: pd.DataFrame
    models: pd.DataFrame


@dataclass(frozen=True)
class Backtest:
    """
    What forecasts said from past origins, and what came.

    ``cells`` has a row per channel, origin and interval: channel, origin (date), lead (weeks),
    interval_start, day, minute (after local midnight), actual, rate_cv. ``said`` are mean and
    quantiles (0.025, 0.1, 0.5, 0.9, 0.975) of every method for the rows of ``cells``,
    (value, cell). ``days`` and ``weeks`` are totals; ``models`` the blends of every origin.
    ``planned`` counts the origins that were to be made, ``origins`` those that were.
    """

    cells: pd.DataFrame
    said: Mapping[str, FloatArray]
    usual_change: Mapping[str, float]
    days: pd.DataFrame
    weeks: pd.DataFrame
    models: pd.DataFrame
    interval_min: int
    planned: int
    origins: int
    notes: tuple[str, ...] = ()
    methods: tuple[str, ...] = field(default=())

    def scores(self) -> pd.DataFrame:
        """
        Scores by channel, lead, grain (interval, day, week) and method.

        Columns wape, pinball (twice the mean over 0.1, 0.5 and 0.9, so that a sure forecast has
        its absolute error), crps (ours only), bias, floor: shares of the contacts; mase: of the
        mean change from week to week; coverage80, coverage95: shares of cells; contacts, cells,
        origins. NaN where a method has no such number.
        """
        rows = [row for on in self._groups() for row in self._scores_of(on)]
        frame = pd.DataFrame(rows, columns=list(SCORE_COLUMNS))
        totals = [
            row
            for table, grain in ((self.days, "day"), (self.weeks, "week"))
            for row in _total_scores(_of_leads(table, self.cells["lead"]), grain, self.methods)
        ]
        return pd.concat([frame, pd.DataFrame(totals, columns=list(SCORE_COLUMNS))])[
            list(SCORE_COLUMNS)
        ].reset_index(drop=True)

    def by_hour(self) -> pd.DataFrame:
        """Errors by channel, lead, weekday and hour: contacts (a week), wape, bias, floor."""
        hour = (self.cells["minute"] // 60).to_numpy()
        weekday = weekday_of(_ordinals(self.cells["day"]))
        frame = pd.DataFrame(
            {
                "channel": self.cells["channel"],
                "lead": self.cells["lead"],
                "weekday": weekday,
                "hour": hour,
                "actual": self.cells["actual"],
                "missed": np.abs(self.said[OURS][0] - self.cells["actual"]),
                "more": self.said[OURS][0] - self.cells["actual"],
                "noise": mean_deviation(self.said[OURS][0]),
                "origin": self.cells["origin"],
            }
        )
        found = frame.groupby(["channel", "lead", "weekday", "hour"], sort=False)
        sums = found[["actual", "missed", "more", "noise"]].sum()
        total = sums["actual"].where(sums["actual"] > 0)
        result = pd.DataFrame(
            {
                "contacts": sums["actual"] / found["origin"].nunique(),
                "wape": sums["missed"] / total,
                "bias": sums["more"] / total,
                "floor": sums["noise"] / total,
            }
        )
        return result.reset_index()

    def calibration(self) -> pd.DataFrame:
        """
        Probability integral transform by channel and lead: share of cells in ten equal bins.

        Columns channel, lead, low, high, share, cells; every share is 0.1 where the forecast's
        distribution is right, more at both ends where it is too narrow.
        """
        rows = []
        for channel, lead, on in self._groups():
            mean, cv = self.said[OURS][0][on], self.cells["rate_cv"].to_numpy()[on]
            shares = pit(self.cells["actual"].to_numpy()[on], mean, cv, bins=PIT_BINS)
            edges = np.linspace(0, 1, PIT_BINS + 1)
            rows += [
                (channel, lead, low, high, float(share), int(on.sum()))
                for low, high, share in zip(edges, edges[1:], shares, strict=False)
            ]
        return pd.DataFrame(rows, columns=["channel", "lead", "low", "high", "share", "cells"])

    def winners(self) -> pd.DataFrame:
        """
        Who weighed how much by channel and week of lead, means over the origins.

        Columns channel, week, model, weight (0 where an origin had not the model), wape (of the
        origins that had it) and origins (that had it; ``blend`` has them all).
        """
        columns = ["channel", "week", "model", "weight", "wape", "origins"]
        if self.models.empty:
            return pd.DataFrame(columns=columns)
        of_model = self.models.groupby(["channel", "week", "model"], sort=False)
        found = of_model.agg(
            weight=("weight", "sum"), wape=("wape", "mean"), origins=("weight", "size")
        ).reset_index()
        every = found.groupby(["channel", "week"])["origins"].transform("max")
        return found.assign(weight=found["weight"] / every)[columns]

    def gains(self) -> pd.DataFrame:
        """
        How much less was missed than by each yardstick: by channel, lead and method.

        Columns gain (difference of WAPE, shares; above 0 we are better) and half_width (of its
        95 % interval, from the spread over origins; NaN with fewer than three).
        """
        rows = []
        actual, origin = self.cells["actual"].to_numpy(), self.cells["origin"].to_numpy()
        for channel, lead, on in self._groups():
            at = np.unique(origin[on], return_inverse=True)[1]
            total = float(actual[on].sum())
            ours = np.abs(self.said[OURS][0][on] - actual[on])
            for method in self.methods[1:]:
                theirs = np.abs(self.said[method][0][on] - actual[on])
                by_origin: FloatArray = np.bincount(at, theirs - ours).astype(np.float64)
                gain = float(by_origin.sum()) / total if total > 0 else float("nan")
                rows.append((channel, lead, method, gain, _half_width(by_origin, total)))
        return pd.DataFrame(rows, columns=["channel", "lead", "method", "gain", "half_width"])

    def _groups(self) -> Iterator[tuple[str, int, BoolArray]]:
        """Rows of every channel and lead."""
        channels, leads = self.cells["channel"].to_numpy(), self.cells["lead"].to_numpy()
        for channel in dict.fromkeys(channels):
            for lead in np.unique(leads[channels == channel]):
                yield str(channel), int(lead), (channels == channel) & (leads == lead)

    def _scores_of(self, group: tuple[str, int, BoolArray]) -> Iterator[tuple[object, ...]]:
        """The scores of single intervals, method by method."""
        channel, lead, on = group
        actual = self.cells["actual"].to_numpy()[on]
        total = float(actual.sum())
        origins = int(self.cells["origin"][on].nunique())
        floor = noise_floor(self.said[OURS][0][on])
        cv = self.cells["rate_cv"].to_numpy()[on]
        nan = float("nan")
        usual = self.usual_change.get(channel, nan)
        for method in self.methods:
            mean, *quantiles = self.said[method][:, on]
            low95, low80, _, high80, high95 = quantiles
            error = float(np.abs(mean - actual).mean()) if actual.size else nan
            yield (
                channel, lead, "interval", method,
                wape(actual, mean),
                error / usual if usual > 0 else nan,
                _pinball(actual, quantiles),
                _share(float(crps(actual, mean, cv).sum()), total) if method == OURS else nan,
                bias(actual, mean),
                coverage(actual, low80, high80),
                coverage(actual, low95, high95),
                floor, total, actual.size, origins,
            )  # fmt: skip


def joined(
    found: Sequence[Scored], interval_min: int, planned: int, notes: tuple[str, ...]
) -> Backtest:
    """All channels and origins together."""
    methods = tuple(found[0].said) if found else (OURS,)
    pieces = [_cells(one) for one in found]
    empty = pd.DataFrame(
        columns=["channel", "origin", "lead", "interval_start", "day", "minute", "actual",
                 "rate_cv"]
    )  # fmt: skip
    said = {
        method: np.concatenate([one.said[method] for one in found], axis=1)
        if found
        else np.zeros((1 + len(LEVELS), 0))
        for method in methods
    }
    usual: dict[str, float] = {}
    for one in found:
        usual.setdefault(one.channel, one.usual_change)
    return Backtest(
        pd.concat(pieces, ignore_index=True) if pieces else empty,
        said,
        usual,
        _stacked([one.days for one in found]),
        _stacked([one.weeks for one in found]),
        _stacked([one.models.assign(origin=date_of(one.origin)) for one in found]),
        interval_min,
        planned,
        len({one.origin for one in found}),
        notes,
        methods,
    )


def _cells(one: Scored) -> pd.DataFrame:
    """The rows of one channel and origin."""
    return pd.DataFrame(
        {
            "channel": one.channel,
            "origin": date_of(one.origin),
            "lead": one.lead,
            "interval_start": one.starts,
            "day": [date_of(int(day)) for day in one.day],
            "minute": one.minute,
            "actual": one.actual,
            "rate_cv": one.rate_cv,
        }
    )


def _stacked(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Frames below each other, those without rows left out."""
    some = [frame for frame in frames if len(frame)]
    return pd.concat(some, ignore_index=True) if some else pd.DataFrame()


def _ordinals(days: pd.Series) -> IntArray:
    """Dates as days since 1970-01-01."""
    return pd.to_datetime(days).to_numpy().astype("datetime64[D]").astype(np.int64)


def _pinball(actual: FloatArray, quantiles: Sequence[FloatArray]) -> float:
    """Twice the mean pinball loss at 0.1, 0.5 and 0.9, as a share of the contacts."""
    if not actual.size:
        return float("nan")
    wanted = np.array([quantiles[LEVELS.index(level)] for level in PINBALL_AT])
    return _share(2.0 * actual.size * pinball(actual, wanted), float(actual.sum()))


def _share(part: float, total: float) -> float:
    """Part of a total; NaN where there is none."""
    return part / total if total > 0 else float("nan")


def _half_width(by_origin: FloatArray, total: float) -> float:
    """Half-width of the 95 % interval of a sum over origins, as a share of the contacts."""
    if by_origin.size < 3 or total <= 0:
        return float("nan")
    reach = float(t.ppf(0.975, by_origin.size - 1))
    return reach * float(by_origin.std(ddof=1) * np.sqrt(by_origin.size)) / total


def _of_leads(table: pd.DataFrame, leads: pd.Series) -> pd.DataFrame:
    """Totals at the leads that are scored."""
    return table if table.empty else table[table["lead"].isin(leads.unique())]


def _total_scores(
    table: pd.DataFrame, grain: str, methods: tuple[str, ...]
) -> Iterator[tuple[object, ...]]:
    """The scores of totals of days or weeks; yardsticks have no distribution of these."""
    nan = float("nan")
    if table.empty:
        return
    for (channel, lead), rows in table.dropna(subset=["actual"]).groupby(
        ["channel", "lead"], sort=False
    ):
        actual = rows["actual"].to_numpy(np.float64)
        total = float(actual.sum())
        ours = rows["offered_mean"].to_numpy(np.float64)
        floor = noise_floor(ours)
        for method in methods:
            is_ours = method == OURS
            mean = ours if is_ours else rows[method].to_numpy(np.float64)
            low95, low80, mid, high80, high95 = (
                rows[f"offered_q{name}"].to_numpy(np.float64)
                for name in ("025", "10", "50", "90", "975")
            )
            bands = (low95, low80, mid, high80, high95)
            yield (
                channel, lead, grain, method, wape(actual, mean), nan,
                _pinball(actual, bands) if is_ours else nan, nan,
                bias(actual, mean),
                coverage(actual, low80, high80) if is_ours else nan,
                coverage(actual, low95, high95) if is_ours else nan,
                floor, total, actual.size, int(rows["origin"].nunique()),
            )  # fmt: skip
