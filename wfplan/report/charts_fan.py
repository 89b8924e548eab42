"""The fan chart: day totals that came, then what was expected, with the ranges it might take.

One unit of x is a day. Ranges hold 80 and 95 of 100 days; a dot is what came on a day that was
forecast. Days on which nothing is expected and nothing came are gaps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wfplan.report.charts_interval import Mark, axis_marks
from wfplan.report.numbers import counted, percent, short_day, signed, whole
from wfplan.report.svg import Scale, band_path, nice_top, step_path
from wfplan.report.timeline import Tick

FAN_PX = 170
BEFORE_DAYS = 28  # of history that are shown before the forecast
_LABELS = 9  # ticks of an axis at most
_KEPT = 4  # of them on narrow screens
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class FanRow:
    """A day of the forecast as its table shows it."""

    day: str
    mean: str
    range80: str
    range95: str
    came: str
    error: str


@dataclass(frozen=True)
class FanChart:
    """What the template needs to draw the days of one channel."""

    channel: str
    title: str
    summary: str
    count: int
    begins_at: float  # percent of the axis at which the forecast begins
    past: str
    band95: str
    band80: str
    mean: str
    dots: str
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    rows: tuple[FanRow, ...]


def fan_chart(
    channel: str, title: str, past: pd.DataFrame, ahead: pd.DataFrame, *, total: str = ""
) -> FanChart | None:
    """
    The chart of one channel; None where nothing is forecast.

    Parameters
    ----------
    past
        Columns day and offered: what came, of any days; those just before the forecast are shown.
    ahead
        Columns day, offered_mean, its quantiles, and ``actual`` where known, in order of days.
    total
        A sentence for the summary, such as the total of the week.
    """
    if ahead.empty:
        return None
    first, last = ahead["day"].min(), ahead["day"].max()
    before = past[(past["day"] < first)].sort_values("day").tail(BEFORE_DAYS)
    start = max(before["day"].min(), _back(first)) if len(before) else first
    days = [one.date() for one in pd.date_range(start, last)]
    came = _placed(before, "offered", days)
    found = {name: _placed(ahead, name, days) for name in _COLUMNS if name in ahead}
    mean = np.where(found["offered_mean"] > 0, found["offered_mean"], np.nan)
    bands = {
        name: np.where(np.isfinite(mean), values, np.nan)
        for name, values in found.items()
        if name != "actual"
    }
    actual = np.where(np.isfinite(mean), found.get("actual", np.full(len(days), np.nan)), np.nan)
    everything = np.concatenate([came, actual, *bands.values()])
    scale = Scale(nice_top(float(np.nan_to_num(everything).max(initial=0.0))), FAN_PX)
    return FanChart(
        channel,
        title,
        _summary(channel, days, mean, bands, actual, total),
        len(days),
        round(100 * days.index(first) / len(days), 3),
        step_path(np.where(came > 0, came, np.nan), scale),
        band_path(bands["offered_q025"], bands["offered_q975"], scale),
        band_path(bands["offered_q10"], bands["offered_q90"], scale),
        step_path(mean, scale),
        _dots(actual, scale),
        axis_marks(scale),
        tuple(_ticks(days)),
        tuple(_rows(days, mean, bands, actual)),
    )


_COLUMNS = (
    "offered_mean", "offered_q025", "offered_q10", "offered_q50", "offered_q90", "offered_q975",
    "actual",
)  # fmt: skip


def _back(first: date) -> date:
    """The first day of history that is shown."""
    back: date = (pd.Timestamp(first) - pd.Timedelta(days=BEFORE_DAYS)).date()
    return back


def _placed(frame: pd.DataFrame, column: str, days: Sequence[date]) -> FloatArray:
    """A column by day, NaN where there is none."""
    values = pd.Series(frame[column].to_numpy(np.float64), index=list(frame["day"]))
    return values.reindex(list(days)).to_numpy(np.float64)


def _dots(values: FloatArray, scale: Scale) -> str:
    """A point in the middle of every day: strokes without length, whose round ends are drawn."""
    y = scale.y(values)
    return "".join(f"M{t}.5 {y[t]:g}h0" for t in np.flatnonzero(np.isfinite(values)).tolist())


def _ticks(days: Sequence[date]) -> list[Tick]:
    """Mondays, or every second, third ... of them."""
    mondays = [t for t, day in enumerate(days) if day.weekday() == 0] or [0]
    step = -(-len(mondays) // _LABELS)
    shown = mondays[::step]
    every = -(-len(shown) // _KEPT)
    return [
        Tick(round(100 * t / len(days), 3), f"{days[t].day} {days[t]:%b}", i % every == 0)
        for i, t in enumerate(shown)
    ]


def _rows(
    days: Sequence[date], mean: FloatArray, bands: dict[str, FloatArray], actual: FloatArray
) -> list[FanRow]:
    """The days of the forecast in numbers."""
    rows = []
    for t in np.flatnonzero(np.isfinite(mean)).tolist():
        known = bool(np.isfinite(actual[t]))
        low95, low80, high80, high95 = (
            whole(float(bands[f"offered_q{name}"][t])) for name in ("025", "10", "90", "975")
        )
        rows.append(
            FanRow(
                short_day(days[t]),
                whole(float(mean[t])),
                f"{low80} to {high80}",
                f"{low95} to {high95}",
                whole(float(actual[t])) if known else "",
                f"{signed(100 * float(mean[t] / actual[t] - 1))} %" if known and actual[t] else "",
            )
        )
    return rows


def _summary(
    channel: str,
    days: Sequence[date],
    mean: FloatArray,
    bands: dict[str, FloatArray],
    actual: FloatArray,
    total: str,
) -> str:
    """The chart in words, for readers who do not see it."""
    open_days = np.flatnonzero(np.isfinite(mean))
    if not open_days.size:
        return f"{channel}: nothing is expected."
    most = int(open_days[np.nanargmax(mean[open_days])])
    text = (
        f"{channel}: {counted(open_days.size, 'day')} forecast, {whole(float(np.nansum(mean)))} "
        f"contacts; busiest is {short_day(days[most])} with {whole(float(mean[most]))}."
    )
    known = np.isfinite(actual) & np.isfinite(mean)
    if known.any():
        inside = (actual >= bands["offered_q10"]) & (actual <= bands["offered_q90"])
        share = percent(float(inside[known].mean()))
        text += f" {share} of the {known.sum()} days that came lie in the 80 % range."
    return f"{text} {total}".strip()
