"""Where in the week a forecast errs, and whether its ranges hold what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wfplan.report.charts_heat import Cell, HeatClass, heat_class
from wfplan.report.numbers import percent, signed, wall, whole
from wfplan.report.timeline import Tick

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
RATIO_EDGES = (1.25, 1.5, 2.0, 3.0)  # times the noise floor
BIAS_EDGES = (-0.1, -0.05, -0.02, 0.02, 0.05, 0.1)
PIT_PX = 90
_PIT_TOP = 0.2  # share of a bin that fills the picture
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class HourMap:
    """A quantity by weekday and hour: rows are weekdays, columns hours."""

    title: str
    summary: str
    columns: int
    rows: tuple[str, ...]
    ticks: tuple[Tick, ...]
    classes: tuple[HeatClass, ...]


@dataclass(frozen=True)
class HourRow:
    """A weekday of the table beside the maps: contacts, WAPE and bias by hour."""

    weekday: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class HourMaps:
    """Both maps of one channel, and their numbers."""

    channel: str
    maps: tuple[HourMap, ...]
    hours: tuple[str, ...]
    table: tuple[HourRow, ...]


@dataclass(frozen=True)
class Calibration:
    """Bars of ten bins, and what they say."""

    channel: str
    path: str
    even_y: float
    summary: str
    shares: tuple[str, ...]


def hour_maps(channel: str, hours: pd.DataFrame) -> HourMaps | None:
    """The maps of one channel from its rows of ``backtest_hours`` at one lead."""
    some = hours[hours["contacts"] > 0]
    if some.empty:
        return None
    first, last = int(some["hour"].min()), int(some["hour"].max()) + 1
    weekdays = sorted({int(day) for day in some["weekday"]})
    grids = {name: np.full((len(weekdays), last - first), np.nan) for name in _GRIDS}
    row = np.searchsorted(weekdays, some["weekday"].to_numpy())
    column = some["hour"].to_numpy() - first
    for name in _GRIDS:
        grids[name][row, column] = some[name].to_numpy(np.float64)
    labels = tuple(WEEKDAYS[day] for day in weekdays)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = grids["wape"] / grids["noise_floor"]
    spots = _Spots(labels, tuple(range(first, last)))
    return HourMaps(
        channel,
        (_ratio_map(channel, ratio, spots), _bias_map(channel, grids["bias"], spots)),
        tuple(wall(60 * hour) for hour in range(first, last)),
        tuple(
            HourRow(label, tuple(_cell(grids, r, c) for c in range(last - first)))
            for r, label in enumerate(labels)
        ),
    )


def calibration_chart(channel: str, bins: pd.DataFrame) -> Calibration:
    """The histogram of one channel from its rows of ``backtest_calibration`` at one lead."""
    shares = bins["share"].to_numpy(np.float64)
    height = np.minimum(np.nan_to_num(shares) / _PIT_TOP, 1.0) * PIT_PX
    path = "".join(
        f"M{bin_}.06 {PIT_PX - h:.1f}h.88v{h:.1f}h-.88z" for bin_, h in enumerate(height.tolist())
    )
    ends, middle = float(shares[[0, -1]].mean()), float(shares[4:6].mean())
    low, high = float(shares[:5].sum()), float(shares[5:].sum())
    if ends > 0.13:
        reading = "ranges are too narrow: more came at both ends than they say"
    elif ends < 0.07 and middle > 0.11:
        reading = "ranges are too wide: fewer came at both ends than they say"
    elif abs(high - low) > 0.1:
        side = "more" if high > low else "fewer"
        reading = f"the forecast leans: {side} came than its middle says"
    else:
        reading = "what came is spread as the forecast says it would be"
    return Calibration(
        channel,
        path,
        PIT_PX * (1 - 0.1 / _PIT_TOP),
        f"{channel}: {reading} (lowest tenth {percent(float(shares[0]))}, highest "
        f"{percent(float(shares[-1]))} of the intervals; 10 % each where right).",
        tuple(percent(float(share)) for share in shares),
    )


_GRIDS = ("contacts", "wape", "bias", "noise_floor")


@dataclass(frozen=True)
class _Spots:
    """Names of rows and hours of columns."""

    rows: tuple[str, ...]
    hours: tuple[int, ...]

    def at(self, place: tuple[int, int]) -> str:
        """``Mon 09:00``."""
        return f"{self.rows[place[0]]} {wall(60 * self.hours[place[1]])}"

    def ticks(self) -> tuple[Tick, ...]:
        """Every second hour, every sixth on narrow screens."""
        step = 2 if len(self.hours) > 8 else 1
        return tuple(
            Tick(round(100 * c / len(self.hours), 3), wall(60 * hour), c % (3 * step) == 0)
            for c, hour in enumerate(self.hours)
            if c % step == 0
        )


def _ratio_map(channel: str, ratio: FloatArray, spots: _Spots) -> HourMap:
    """Errors as multiples of the noise floor."""
    edges = RATIO_EDGES
    labels = (
        f"below {edges[0]:g} times",
        *(f"{a:g} to {b:g} times" for a, b in pairwise(edges)),
        f"{edges[-1]:g} times and more",
    )
    known = np.isfinite(ratio)
    worst = np.unravel_index(int(np.nanargmax(ratio)), ratio.shape) if known.any() else (0, 0)
    place = (int(worst[0]), int(worst[1]))
    said = f"{channel}: errors are largest on {spots.at(place)}, {ratio[place]:.1f} times the floor"
    styles = ("c1", "c2", "c3", "c4", "c6")
    return _map(
        "Error, as a multiple of the noise floor", said, ratio, edges, labels, styles, spots
    )


def _bias_map(channel: str, bias: FloatArray, spots: _Spots) -> HourMap:
    """Signed errors."""
    edges = BIAS_EDGES
    labels = (
        "more than 10 % too little", "5 to 10 % too little", "2 to 5 % too little", "within 2 %",
        "2 to 5 % too much", "5 to 10 % too much", "more than 10 % too much",
    )  # fmt: skip
    known = np.isfinite(bias)
    least = np.unravel_index(int(np.nanargmin(bias)), bias.shape) if known.any() else (0, 0)
    most = np.unravel_index(int(np.nanargmax(bias)), bias.shape) if known.any() else (0, 0)
    low, high = (int(least[0]), int(least[1])), (int(most[0]), int(most[1]))
    said = (
        f"{channel}: most too little on {spots.at(low)} ({signed(100 * bias[low])} %), most too "
        f"much on {spots.at(high)} ({signed(100 * bias[high])} %)"
    )
    styles = ("u3", "u2", "u1", "z", "o1", "o2", "o3")
    return _map("Bias: too little or too much", said, bias, edges, labels, styles, spots)


def _map(
    title: str,
    said: str,
    values: FloatArray,
    edges: Sequence[float],
    labels: Sequence[str],
    styles: Sequence[str],
    spots: _Spots,
) -> HourMap:
    """Cells sorted into classes of colour."""
    level = np.searchsorted(np.array(edges), np.nan_to_num(values), side="right")
    known = np.isfinite(values)
    classes = tuple(
        heat_class(style, label, _cells(known & (level == i)), is_struck=style.startswith("u"))
        for i, (style, label) in enumerate(zip(styles, labels, strict=True))
    )
    return HourMap(title, said, values.shape[1], spots.rows, spots.ticks(), classes)


def _cells(is_in: NDArray[np.bool_]) -> list[Cell]:
    """The cells of a class."""
    return [(float(c), float(r), 1.0, 1.0) for r, c in np.argwhere(is_in)]


def _cell(grids: dict[str, FloatArray], row: int, column: int) -> str:
    """``77: 20 %, -1.5 %``."""
    contacts = float(grids["contacts"][row, column])
    if not np.isfinite(contacts):
        return "–"
    wape, bias = float(grids["wape"][row, column]), float(grids["bias"][row, column])
    return f"{whole(contacts)}: {percent(wape)}, {signed(100 * bias)} %"
