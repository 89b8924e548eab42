"""Heatmaps of the week: a row per day, a column per interval of wall time.

The columns are wall time so that days can be compared. A 23-hour day leaves
the skipped hour empty; the hour that a 25-hour day has twice is drawn as two
half-height cells, the first occurrence above.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from wfplan.horizon import Horizon
from wfplan.report.data import ChannelSeries
from wfplan.report.numbers import decimal, percent, wall
from wfplan.report.svg import cell_path
from wfplan.report.timeline import LONG_MIN, DayAxis, Tick

FloatArray = NDArray[np.float64]
Cell = tuple[float, float, float, float]
OCCUPANCY_EDGES = (0.60, 0.75, 0.85, 0.90, 0.95)
NET_STEPS = (0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0)


@dataclass(frozen=True)
class HeatClass:
    """One colour: its style name, what it means, and the path of its cells."""

    style: str
    label: str
    path: str
    strike: str = ""  # a line through the cells, where colour alone would not do


@dataclass(frozen=True)
class Heatmap:
    """One quantity of one channel over the week; rows are ``days`` high."""

    key: str
    channel: str
    quantity: str
    title: str
    columns: int
    days: tuple[DayAxis, ...]
    ticks: tuple[Tick, ...]
    classes: tuple[HeatClass, ...]
    unknown: str  # what an empty cell means
    is_empty: bool


def heatmaps(
    horizon: Horizon,
    window: tuple[int, int],
    days: Sequence[DayAxis],
    series: Sequence[ChannelSeries],
) -> tuple[Heatmap, ...]:
    """Over/under and occupancy of every channel."""
    grid = WeekGrid(horizon, window, tuple(days))
    return tuple(
        chart for one in series for chart in (_over_under(grid, one), _occupancy(grid, one))
    )


@dataclass(frozen=True)
class WeekGrid:
    """Where each interval of a week lies: rows are days, columns intervals of wall time."""

    horizon: Horizon
    window: tuple[int, int]
    days: tuple[DayAxis, ...]

    @property
    def columns(self) -> int:
        """Number of columns."""
        return (self.window[1] - self.window[0]) // self.horizon.interval_min

    def cells(self, is_in: NDArray[np.bool_]) -> list[Cell]:
        """The cells of some intervals, neighbours of one row joined."""
        cells: list[Cell] = []
        for axis in self.days:
            for t in range(axis.first, axis.last):
                if not is_in[t]:
                    continue
                x, y, height = self._place(axis, t)
                last = cells[-1] if cells else None
                if last and last[0] + last[2] == x and last[1] == y and last[3] == height:
                    cells[-1] = (last[0], y, last[2] + 1, height)
                else:
                    cells.append((x, y, 1, height))
        return cells

    def _place(self, axis: DayAxis, t: int) -> tuple[float, float, float]:
        """Column, top and height of an interval."""
        minutes = self.horizon.interval_minutes
        x = float((minutes[t] - self.window[0]) // self.horizon.interval_min)
        same = np.flatnonzero(minutes[axis.shown] == minutes[t]) + axis.first
        if len(same) == 1:
            return x, float(axis.index), 1.0
        return x, axis.index + (0.0 if t == same[0] else 0.5), 0.5

    def ticks(self) -> tuple[Tick, ...]:
        """Full hours of the window."""
        first, last = self.window
        step = 120 if last - first > LONG_MIN else 60
        kept = 3 * step
        return tuple(
            Tick(round(100 * (m - first) / (last - first), 3), wall(m), m % kept == 0)
            for m in range(-(-first // step) * step, last, step)
        )


def _over_under(grid: WeekGrid, series: ChannelSeries) -> Heatmap:
    net = series.net
    step = _net_step(net)
    small, middle, large = step / 2, step * 1.5, step * 3
    edges = (-large, -middle, -small, small, middle, large)
    ranges = (
        f"{_edge(small)} to {_edge(middle)}",
        f"{_edge(middle)} to {_edge(large)}",
        f"more than {_edge(large)}",
    )
    labels = (
        *(f"under by {part}" for part in reversed(ranges)),
        f"within {_edge(small)}",
        *(f"over by {part}" for part in ranges),
    )
    styles = ("u3", "u2", "u1", "z", "o1", "o2", "o3")
    return _heatmap(
        grid, series, "net", "staff over or under the requirement", net, edges, labels, styles
    )


def _occupancy(grid: WeekGrid, series: ChannelSeries) -> Heatmap:
    edges = OCCUPANCY_EDGES
    labels = (
        f"below {percent(edges[0])}",
        *(f"{percent(a)} to {percent(b)}" for a, b in pairwise(edges)),
        f"{percent(edges[-1])} and more",
    )
    styles = ("c1", "c2", "c3", "c4", "c5", "c6")
    return _heatmap(grid, series, "occupancy", "occupancy", series.occupancy, edges, labels, styles)


def _edge(value: float) -> str:
    places = next(p for p in (0, 1, 2) if p == 2 or round(value, p) == value)
    return decimal(value, places)


def _net_step(net: FloatArray) -> float:
    """A step of which three cover nearly all of the differences."""
    size = np.abs(net[np.isfinite(net)])
    reach = float(np.quantile(size, 0.95)) if len(size) else 0.0
    return next((step for step in NET_STEPS if 3 * step >= reach), NET_STEPS[-1])


def _heatmap(
    grid: WeekGrid,
    series: ChannelSeries,
    key: str,
    title: str,
    values: FloatArray,
    edges: Sequence[float],
    labels: Sequence[str],
    styles: Sequence[str],
) -> Heatmap:
    is_known = np.isfinite(values)
    level = np.searchsorted(np.array(edges), np.nan_to_num(values), side="right")
    return Heatmap(
        key=f"{key}/{series.name}",
        channel=series.name,
        quantity=key,
        title=title,
        columns=grid.columns,
        days=grid.days,
        ticks=grid.ticks(),
        classes=tuple(
            heat_class(
                style, label, grid.cells(is_known & (level == i)), is_struck=style.startswith("u")
            )
            for i, (style, label) in enumerate(zip(styles, labels, strict=True))
        ),
        unknown="closed" if key == "net" else "nobody there",
        is_empty=not is_known.any(),
    )


def heat_class(style: str, label: str, cells: Sequence[Cell], *, is_struck: bool) -> HeatClass:
    """A class of cells, with a line through them where colour alone would not do."""
    strike = "".join(f"M{x:g} {y + h / 2:g}h{w:g}" for x, y, w, h in cells)
    return HeatClass(style, label, cell_path(cells), strike if is_struck else "")
