"""The interval chart: required and scheduled staff, over and under, and service, of one day.

Three panels over one time axis. The bands are the 10th to the 90th percentile
of the simulated weeks, interval by interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

import numpy as np
from numpy.typing import NDArray

from wfplan.report.data import ChannelSeries
from wfplan.report.numbers import decimal, percent, signed, whole
from wfplan.report.svg import (
    Scale,
    area_path,
    band_path,
    bar_path,
    cell_path,
    nice_top,
    runs,
    step_path,
)
from wfplan.report.timeline import DayAxis

STAFF_PX, NET_PX, SERVICE_PX = 190, 28, 92
STAFF_Y, NET_Y, SERVICE_Y = 22, 246, 342  # tops of the panels, pixels
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Mark:
    """A label of a value axis, ``y`` pixels from the top of its panel."""

    y: float
    label: str


@dataclass(frozen=True)
class IntervalChart:
    """What the template needs to draw one day of one channel."""

    key: str
    axis: DayAxis
    channel: str
    summary: str
    is_empty: bool
    closed: str
    scheduled_area: str
    scheduled: str
    required: str
    staff_marks: tuple[Mark, ...]
    over: str
    under: str
    net_top: str
    service_title: str
    service_band: str
    service: str
    service_marks: tuple[Mark, ...]
    target_y: float | None
    target: str


def interval_charts(
    days: Sequence[DayAxis], series: Sequence[ChannelSeries]
) -> tuple[IntervalChart, ...]:
    """The charts of every day and channel; a channel keeps its scales over the week."""
    return tuple(_chart(axis, one) for one in series for axis in days)


def _chart(axis: DayAxis, series: ChannelSeries) -> IntervalChart:
    shown = axis.shown
    staff = Scale(_staff_top(series), STAFF_PX)
    net = Scale(nice_top(_largest(np.abs(series.net))), NET_PX)
    service = Scale(1.0 if series.is_share else _service_top(series), SERVICE_PX)
    has_target = np.isfinite(series.target)
    is_quiet = (series.required[shown] <= 0) & (series.scheduled[shown] <= 1e-9)
    return IntervalChart(
        key=f"{axis.index}/{series.name}",
        axis=axis,
        channel=series.name,
        summary=_summary(axis, series),
        is_empty=not series.is_open[shown].any() and bool(is_quiet.all()),
        closed=_full_height(~series.is_open[shown]),
        scheduled_area=area_path(series.scheduled[shown], staff),
        scheduled=step_path(series.scheduled[shown], staff),
        required=step_path(series.required[shown], staff),
        staff_marks=axis_marks(staff),
        over=bar_path(series.net[shown], net, is_down=False),
        under=bar_path(series.net[shown], net, is_down=True),
        net_top=decimal(net.top, 0 if net.top >= 1 else 1),
        service_title=series.service_name,
        service_band=band_path(series.service_q10[shown], series.service_q90[shown], service),
        service=step_path(series.service[shown], service),
        service_marks=_service_marks(service, series.is_share),
        target_y=float(service.y(np.array(series.target))) if has_target else None,
        target=percent(series.target) if has_target else "",
    )


def _full_height(is_in: NDArray[np.bool_]) -> str:
    """Strips over the whole height of a panel, 1 unit of y high."""
    return cell_path([(a, 0, b - a, 1) for a, b in runs(is_in)])


def _staff_top(series: ChannelSeries) -> float:
    return nice_top(max(_largest(series.required), _largest(series.scheduled)))


def _service_top(series: ChannelSeries) -> float:
    return nice_top(max(_largest(series.service), _largest(series.service_q90)))


def _largest(values: FloatArray) -> float:
    return float(np.nan_to_num(values).max(initial=0.0))


def axis_marks(scale: Scale) -> tuple[Mark, ...]:
    """Zero and three to five round steps above it."""
    leading = round(scale.top / 10 ** floor(log10(scale.top)), 1)
    parts = {1.5: 3, 2: 4, 3: 3, 4: 4, 6: 3, 8: 4}.get(leading, 5)
    places = 0 if (scale.top / parts) % 1 == 0 else 1
    return tuple(
        Mark(scale.height * (1 - i / parts), decimal(scale.top * i / parts, places))
        for i in range(parts + 1)
    )


def _service_marks(scale: Scale, is_share: bool) -> tuple[Mark, ...]:
    texts = [percent(v) if is_share else whole(v * scale.top) for v in (0.0, 0.5, 1.0)]
    return tuple(Mark(scale.height * (1 - i / 2), text) for i, text in enumerate(texts))


def _summary(axis: DayAxis, series: ChannelSeries) -> str:
    """The chart in one sentence, for readers who do not see it."""
    shown, hour = axis.shown, axis.interval_min / 60
    net = np.nan_to_num(series.net[shown])
    if not series.is_open[shown].any():
        return f"{series.name} is closed on {axis.label}."
    worst = int(net.argmin())
    hours = {
        "required": series.required[shown].sum() * hour,
        "scheduled": series.scheduled[shown].sum() * hour,
        "over": net.clip(min=0).sum() * hour,
        "under": -net.clip(max=0).sum() * hour,
    }
    listing = ", ".join(f"{decimal(value)} {name}" for name, value in hours.items())
    text = f"{series.name}, {axis.label}, staff hours: {listing}"
    if net[worst] < -0.05:
        text += f"; most is missing at {axis.times[worst]} ({signed(float(net[worst]))} staff)"
    return text + "."
