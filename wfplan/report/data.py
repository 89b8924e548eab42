"""What the charts draw: a run's results as series per channel, and as JSON for the page.

Arrays are (interval,) over the whole horizon. Staff are effective heads, times
seconds, shares 0 to 1; NaN where nothing is known. A closed interval in which
nothing is offered has no service level and no occupancy.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wfplan.domain.results import Outcome, Run
from wfplan.report.numbers import wall
from wfplan.report.timeline import DayAxis

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Figure:
    """A simulated number: its mean, its 95 % half-width and its quantiles over replications."""

    value: float
    half_width: float
    q10: float
    q90: float


UNKNOWN = Figure(*[float("nan")] * 4)


class Measures:
    """The tidy table of an outcome, by measure and channel."""

    def __init__(self, outcome: Outcome) -> None:
        self.horizon = outcome.horizon
        table = outcome.measures
        at = pd.to_datetime(table["interval_start"], utc=True)
        is_week = at.isna().to_numpy()
        keys = [(str(m), str(c)) for m, c in zip(table["measure"], table["channel"], strict=True)]
        numbers = table[["value", "half_width", "q10", "q90"]].to_numpy(dtype=np.float64)
        self._week = {keys[i]: Figure(*map(float, numbers[i])) for i in np.flatnonzero(is_week)}
        start = np.datetime64(self.horizon.start.replace(tzinfo=None), "s")
        instants = at.dt.tz_localize(None).to_numpy().astype("datetime64[s]")
        elapsed_s = (instants[~is_week] - start).astype(np.int64)
        index = np.full(len(table), -1)
        index[~is_week] = elapsed_s // (self.horizon.interval_min * 60)
        self._grids = self._fill(keys, index, numbers)

    def week(self, measure: str, channel: str = "") -> Figure:
        """The week's figure, or dashes where the simulation has none."""
        return self._week.get((measure, channel), UNKNOWN)

    def has(self, measure: str, channel: str) -> bool:
        """Whether the measure is known interval by interval."""
        return (measure, channel) in self._grids

    def grid(self, measure: str, channel: str, column: str = "value") -> FloatArray:
        """Values per interval, shape (interval,); NaN where unknown."""
        empty = np.full((4, self.horizon.interval_count), np.nan)
        row = ("value", "half_width", "q10", "q90").index(column)
        grid: FloatArray = self._grids.get((measure, channel), empty)[row]
        return grid

    def _fill(
        self, keys: Sequence[tuple[str, str]], index: NDArray[Any], numbers: FloatArray
    ) -> dict[tuple[str, str], FloatArray]:
        rows_of: dict[tuple[str, str], list[int]] = {}
        for row in np.flatnonzero((index >= 0) & (index < self.horizon.interval_count)).tolist():
            rows_of.setdefault(keys[row], []).append(row)
        grids: dict[tuple[str, str], FloatArray] = {}
        for key, rows in rows_of.items():
            grid = np.full((4, self.horizon.interval_count), np.nan)
            grid[:, index[rows].astype(np.int64)] = numbers[rows].T
            grids[key] = grid
        return grids


@dataclass(frozen=True)
class ChannelSeries:
    """Everything that is drawn or listed of one channel."""

    name: str
    is_realtime: bool
    is_open: NDArray[np.bool_]
    offered: FloatArray
    offered_q10: FloatArray
    offered_q90: FloatArray
    required: FloatArray
    binding: NDArray[np.str_]
    scheduled: FloatArray
    present: FloatArray  # simulated heads on queue who can serve the channel
    service_measure: str
    service: FloatArray
    service_q10: FloatArray
    service_q90: FloatArray
    target: float  # share, NaN where the service measure has none
    occupancy: FloatArray
    occupancy_max: float  # share, NaN where not asked for

    @cached_property
    def net(self) -> FloatArray:
        """Scheduled less required staff; NaN where nothing is open, needed or there."""
        is_idle = ~self.is_open & (self.required <= 0) & (self.scheduled <= 1e-9)
        return np.where(is_idle, np.nan, self.scheduled - self.required)

    @property
    def service_name(self) -> str:
        """The service measure as it is read."""
        if not self.is_share:
            return "Backlog"
        return "Service level" if self.is_realtime else "Done in time"

    @property
    def is_share(self) -> bool:
        """Whether the service measure is a share (and not a count of waiting contacts)."""
        return self.service_measure != "backlog"


def channel_series(run: Run, measures: Measures) -> tuple[ChannelSeries, ...]:
    """The series of every channel, in the order of the plan."""
    return tuple(_series(run, measures, c) for c in range(len(run.demand.channels)))


def page_data(run: Run, days: Sequence[DayAxis], series: Sequence[ChannelSeries]) -> str:
    """The page's JSON: wall times, days and series, for tables and read-outs."""
    data = {
        "times": [wall(int(minute)) for minute in run.horizon.interval_minutes],
        "days": [{"label": a.label, "first": a.first, "last": a.last} for a in days],
        "channels": [_json_series(s) for s in series],
    }
    return safe_json(data)


def safe_json(data: object) -> str:
    """
    JSON that can stand inside a ``<script>`` element.

    ``<``, ``>`` and ``&`` are escaped, so that no text can end the element or begin another
    (HTML Living Standard, 4.12.1.3).
    """
    text = json.dumps(data, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
    escapes = {
        "<": "\\u003c",
        ">": "\\u003e",
        "&": "\\u0026",
        "\u2028": "\\u2028",
        "\u2029": "\\u2029",
    }
    return "".join(escapes.get(letter, letter) for letter in text)


def _series(run: Run, measures: Measures, c: int) -> ChannelSeries:
    name = run.demand.channels[c]
    channel = run.problem.channel(name)
    is_open = run.demand.is_open[c]
    is_asked = is_open | (run.demand.offered_mean[c] > 0)
    measure = _service_measure(measures, name, channel.is_realtime)
    is_served = is_asked if measure != "backlog" else np.ones_like(is_asked)

    def service(column: str) -> FloatArray:
        return np.where(is_served, measures.grid(measure, name, column), np.nan)

    promised = channel.answer_share if channel.is_realtime else channel.due_share
    return ChannelSeries(
        name=name,
        is_realtime=channel.is_realtime,
        is_open=is_open,
        offered=run.demand.offered_mean[c],
        offered_q10=run.demand.offered_q10[c],
        offered_q90=run.demand.offered_q90[c],
        required=run.need.staff_required[c],
        binding=run.need.binding[c],
        scheduled=run.solution.staff[c],
        present=measures.grid("staff_present", name),
        service_measure=measure,
        service=service("value"),
        service_q10=service("q10"),
        service_q90=service("q90"),
        target=promised if measure != "backlog" else float("nan"),
        occupancy=np.where(run.solution.staff[c] > 1e-9, measures.grid("occupancy", name), np.nan),
        occupancy_max=float("nan") if channel.occupancy_max is None else channel.occupancy_max,
    )


def _service_measure(measures: Measures, name: str, is_realtime: bool) -> str:
    """
    What is promised on the channel, else the backlog where that is all there is.

    Deferred work that is done in time is its ``due_share``, or its ``service_level``.
    """
    wanted = ("service_level",) if is_realtime else ("due_share", "service_level", "backlog")
    return next((measure for measure in wanted if measures.has(measure, name)), "service_level")


def _json_series(series: ChannelSeries) -> dict[str, Any]:
    digits = 3 if series.is_share else 1
    return {
        "name": series.name,
        "service": series.service_name,
        "is_share": series.is_share,
        "open": [int(is_open) for is_open in series.is_open],
        "offered": _rounded(series.offered, 1),
        "offered_q10": _rounded(series.offered_q10, 0),
        "offered_q90": _rounded(series.offered_q90, 0),
        "required": _rounded(series.required, 1),
        "binding": [str(b) for b in series.binding],
        "scheduled": _rounded(series.scheduled, 1),
        "net": _rounded(series.net, 1),
        "present": _rounded(series.present, 1),
        "level": _rounded(series.service, digits),
        "level_q10": _rounded(series.service_q10, digits),
        "level_q90": _rounded(series.service_q90, digits),
        "occupancy": _rounded(series.occupancy, 3),
    }


def _rounded(values: FloatArray, places: int) -> list[float | int | None]:
    """Rounded for reading; whole numbers without a point, unknown ones as null."""
    rounded = np.round(values.astype(np.float64), places) + 0.0
    return [
        None if not np.isfinite(v) else int(v) if v == int(v) else float(v)
        for v in rounded.tolist()
    ]
