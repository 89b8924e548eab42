"""Charts over planned weeks: one unit of x is a week; bands of people, and lines of measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from wfplan.report.charts_interval import Mark
from wfplan.report.numbers import decimal
from wfplan.report.svg import Scale, band_path, nice_top, step_path
from wfplan.report.timeline import Tick

WEEKS_PX = 130
_STEPS = 4  # of a value axis, or a few more
_LABELS = 7  # ticks of an axis at most
_KEPT = 4  # of them on narrow screens
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Between(Scale):
    """Values from ``bottom``, which may lie below 0, to ``top``."""

    bottom: float = 0.0

    def y(self, values: FloatArray) -> FloatArray:
        """Pixels from the top, kept inside the panel."""
        inside = np.clip(values, self.bottom, self.top)
        share = (inside - self.bottom) / (self.top - self.bottom)
        return np.round(self.height * (1 - share), 1)


@dataclass(frozen=True)
class WeekChart:
    """What the template needs to draw measures over weeks; ``lines`` are (style, name, path)."""

    title: str
    style: str
    summary: str
    count: int
    wide: str
    near: str
    lines: tuple[tuple[str, str, str], ...]
    zero: float | None
    limit: float | None
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]


def scale_of(values: Sequence[FloatArray], *, floor_at: float = 0.0) -> Between:
    """A scale from ``floor_at``, or what lies below, on which all of them fit, in round steps."""
    known = np.concatenate([np.ravel(one) for one in values]) if values else np.zeros(0)
    known = known[np.isfinite(known)]
    high = float(known.max(initial=floor_at))
    low = float(known.min(initial=floor_at))
    step = nice_top(max(high - low, 1e-9) / _STEPS)
    bottom, top = step * floor(low / step + 1e-9), step * ceil(high / step - 1e-9)
    return Between(top if top > bottom else bottom + step, WEEKS_PX, bottom)


def band_chart(
    title: str, style: str, weeks: Sequence[date], bands: Mapping[str, FloatArray], scale: Between
) -> WeekChart:
    """People by quantiles: ``least, p10, median, p90, most``, (week,) each."""
    last = {name: decimal(float(values[-1])) for name, values in bands.items()}
    summary = (
        f"{title}: after the last week from {last['least']} to {last['most']}, eight in ten people "
        f"from {last['p10']} to {last['p90']}, half of them up to {last['median']}."
    )
    return WeekChart(
        title,
        style,
        summary,
        len(weeks),
        band_path(bands["least"], bands["most"], scale),
        band_path(bands["p10"], bands["p90"], scale),
        (("s-sch", "median", step_path(bands["median"], scale)),),
        float(scale.y(np.zeros(1))[0]) if scale.bottom < 0 < scale.top else None,
        None,
        _marks(scale),
        tuple(_ticks(weeks)),
    )


def line_chart(
    title: str,
    weeks: Sequence[date],
    lines: Mapping[str, FloatArray],
    *,
    factor: float = 1.0,
    floor_at: float = 0.0,
    limit: float | None = None,
    places: int = 1,
) -> WeekChart:
    """A measure over the weeks, (week,) for each way of planning; ``factor`` 100 shows percent."""
    shown = {name: factor * values for name, values in lines.items()}
    scale = scale_of([*shown.values(), *([np.array([limit])] if limit is not None else [])],
                     floor_at=floor_at)  # fmt: skip
    said = "; ".join(
        f"{name} memory {_extent(values, places)}"
        for name, values in shown.items()
        if np.isfinite(values).any()
    )
    return WeekChart(
        title,
        "",
        f"{title}: {said or 'nothing is known'}.",
        len(weeks),
        "",
        "",
        tuple((_LINES[name], name, step_path(values, scale)) for name, values in shown.items()),
        None,
        None if limit is None else float(scale.y(np.array([limit]))[0]),
        _marks(scale),
        tuple(_ticks(weeks)),
    )


_LINES = {"with": "s-run r1", "without": "s-run r2"}


def _extent(values: FloatArray, places: int) -> str:
    known = values[np.isfinite(values)]
    low, high = (decimal(float(one), places) for one in (known.min(), known.max()))
    last = decimal(float(known[-1]), places)
    return f"{low} to {high}, at the end {last}" if low != high else f"{low} in every week"


def _marks(scale: Between) -> tuple[Mark, ...]:
    """Round steps from the bottom to the top."""
    step = nice_top((scale.top - scale.bottom) / (_STEPS + 1.5))
    first = ceil(scale.bottom / step - 1e-9)
    values = [k * step for k in range(first, floor(scale.top / step + 1e-9) + 1)]
    places = next((p for p in range(4) if all(abs(v - round(v, p)) < 1e-9 for v in values)), 4)
    pixels = scale.y(np.array(values)).tolist()
    return tuple(Mark(y, decimal(v, places)) for v, y in zip(values, pixels, strict=True))


def _ticks(weeks: Sequence[date]) -> list[Tick]:
    """Weeks, or every second, third ... of them."""
    step = -(-len(weeks) // _LABELS)
    shown = list(range(0, len(weeks), step))
    every = -(-len(shown) // _KEPT)
    return [
        Tick(round(100 * t / len(weeks), 3), f"{weeks[t].day} {weeks[t]:%b}",
             i % every == 0)
        for i, t in enumerate(shown)
    ]  # fmt: skip
