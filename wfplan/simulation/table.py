"""From what was added up over replications to the tidy table of measures.

q10 and q90 are quantiles of the replications' own ratios: what a planner will
see in one week out of ten. Cells that say nothing have no rows: intervals in
which a channel is closed and nothing came, and of what the plan does not ask
for (a limit to the queue, say) all but the week.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wfplan.domain.channels import Channel
from wfplan.simulation.estimates import bin_quantile, proportion, quantiles, ratio, student
from wfplan.simulation.frames import BoolArray, FloatArray, IntArray
from wfplan.simulation.measures import (
    Measure,
    first_of_days,
    lanes_in_all,
    lanes_that_wait,
    ratios,
)
from wfplan.simulation.model import Model
from wfplan.simulation.replicate import Results
from wfplan.simulation.tallies import EMPOWERED, lane_count

LEVELS = (0.1, 0.9)
COLUMNS = ["measure", "channel", "interval_start", "value", "half_width", "unit", "q10", "q90"]

_Rows = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class _Cells:
    """Where a measure is shown, and what its rows and columns are called."""

    shown: BoolArray  # (channel + all, interval or day + week)
    names: NDArray[np.object_]  # of channels, "" for all
    starts: IntArray  # interval at which a column starts, the last one for the week


def measure_table(model: Model, is_open: BoolArray, results: Results) -> pd.DataFrame:
    """The tidy table: measure, channel, interval_start, value, half_width, unit, q10, q90."""
    cells = _cells(model, is_open, results)
    parts: list[_Rows] = []
    for measure, moments in zip(ratios(model, is_open, results.kept), results.moments, strict=True):
        at = _where(cells[measure.cells])
        found = proportion(moments) if measure.is_proportion else ratio(moments, measure.when_empty)
        value, half_width = (array[at] for array in found)
        q10, q90 = quantiles(_each(measure, at), LEVELS)
        if measure.cells == "day":
            _pool_days(measure, at, q10, q90)
        parts.append(_rows(measure, cells[measure.cells], at, value, half_width, q10, q90))
    parts.append(_tail_wait(model, cells["contacts"], results.waits))
    table = pd.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in COLUMNS})
    starts = pd.DatetimeIndex(np.append(model.horizon.interval_starts, np.datetime64("NaT", "s")))
    table["interval_start"] = starts[table["interval_start"].to_numpy()].tz_localize("UTC")
    return table


def _cells(model: Model, is_open: BoolArray, results: Results) -> dict[str, _Cells]:
    """Cells that each kind of measure has rows for."""
    means = {name: m.top for name, m in zip(results.names, results.moments, strict=True)}
    every = lanes_in_all(model)
    names = [channel.name for channel in model.channels]
    active = means["offered"][:-1, :-1] > 0
    active[every] |= is_open
    shown = np.vstack((active, active[every].any(axis=0)))
    labels = np.array([*names, *([EMPOWERED] * int((~every).sum())), ""], dtype=object)
    customers = np.append(every, True)
    weeks = {"contacts": np.ones(len(labels), np.bool_), "customers": customers}
    weeks["longest"] = _asked(model, lambda channel: channel.answer_most_s is not None)
    cells = {kind: _framed(shown & week[:, None], week, labels) for kind, week in weeks.items()}
    for kind, by_channel in _on_request(model).items():
        cells[kind] = _framed(shown & by_channel[:, None], customers, labels)
    deferred = _asked(model, lambda channel: not channel.is_realtime)
    # What is left over at night is there, whether or not anything comes.
    at_any_time = np.repeat(deferred[:, None], shown.shape[1], axis=1)
    cells["deferred"] = _framed(at_any_time, deferred, labels)
    first = first_of_days(model)
    days = np.logical_or.reduceat(shown, first, axis=1)
    cells["day"] = _framed(days, weeks["contacts"], labels, first)
    staffed = means["staff_present"][:, :-1] > 0
    cells["staff"] = _framed(shown[customers] | staffed, customers[customers], labels[customers])
    cells["week"] = _Cells(np.ones((1, 1), np.bool_), labels[-1:], np.array([shown.shape[1]]))
    return cells


def _framed(
    shown: BoolArray, week: BoolArray, names: NDArray[np.object_], starts: IntArray | None = None
) -> _Cells:
    """Cells with the week as last column."""
    columns = np.arange(shown.shape[1]) if starts is None else starts
    return _Cells(np.hstack((shown, week[:, None])), names, np.append(columns, -1))


def _asked(model: Model, wants: Callable[[Channel], bool]) -> BoolArray:
    """Which channels want something, and whether any does; (channel + all,)."""
    wanting = np.zeros(lane_count(model) + 1, np.bool_)
    wanting[: len(model.channels)] = [wants(channel) for channel in model.channels]
    wanting[-1] = wanting.any()
    return wanting


def _on_request(model: Model) -> dict[str, BoolArray]:
    """Channels with rows by interval of what has rows of the week in any case."""
    has_repeats = any(any(channel.repeats.values()) for channel in model.channels)
    passes_on = lane_count(model) > len(model.channels)
    return {
        "blocked": _asked(model, lambda channel: channel.waiting_max is not None),
        "called_back": _asked(model, lambda channel: channel.callback_share > 0),
        "repeats": _asked(model, lambda _: has_repeats),
        "escalated": _asked(model, lambda _: passes_on),
    }


def _where(cells: _Cells) -> tuple[IntArray, IntArray]:
    """Rows and columns of the cells that are shown."""
    rows, columns = np.nonzero(cells.shown)
    return rows, columns


def _each(measure: Measure, at: tuple[IntArray, IntArray]) -> FloatArray:
    """The replications' own ratios in some cells, (cell, replication)."""
    row, column = at
    top = measure.top[:, row, column].T
    whole = np.broadcast_to(measure.bottom, measure.top.shape)
    bottom = whole[:, row, column].T
    none = bottom == 0
    each: FloatArray = np.where(none, measure.when_empty, top / np.where(none, 1.0, bottom))
    return each


def _pool_days(
    measure: Measure, at: tuple[IntArray, IntArray], q10: FloatArray, q90: FloatArray
) -> None:
    """Quantiles of the week's rows over all its days: the best and worst day in ten."""
    week = measure.top.shape[-1] - 1
    for row in np.flatnonzero(at[1] == week):
        top, bottom = (x[:, at[0][row], :week].ravel() for x in (measure.top, measure.bottom))
        days = top[bottom > 0] / bottom[bottom > 0]
        if len(days):
            q10[row], q90[row] = quantiles(days, LEVELS)


def _tail_wait(model: Model, cells: _Cells, waits: NDArray[np.int32]) -> _Rows:
    """Rows of the wait that 95 of 100 customers of infinite patience would not exceed."""
    some = waits[:, lanes_that_wait(model)]
    waits = np.concatenate((waits, some.sum(axis=1, keepdims=True, dtype=np.int32)), axis=1)
    week = waits.sum(axis=2, keepdims=True)
    value, half_width = (
        np.concatenate(pair, axis=-1)
        for pair in zip(_quantile(waits, 0.95), _quantile(week, 0.95), strict=True)
    )
    at = _where(cells)
    none = np.full(len(at[0]), np.nan)
    measure = Measure("wait_p95_s", "s", none, none)
    return _rows(measure, cells, at, value[at], half_width[at], none, none)


def _quantile(waits: NDArray[np.integer], level: float) -> tuple[FloatArray, FloatArray]:
    """Pooled quantile over the batches of replications, and its half-width."""
    value, n = bin_quantile(waits.sum(axis=0), level), len(waits)
    if n < 2:
        return value, np.full_like(value, np.nan)
    each = np.stack([bin_quantile(batch, level) for batch in waits])
    return value, student(n) * each.std(axis=0, ddof=1) / np.sqrt(n)


def _rows(
    measure: Measure, cells: _Cells, at: tuple[IntArray, IntArray], *columns: FloatArray
) -> _Rows:
    """The rows of a measure by column, with intervals as numbers."""
    names, n = ("value", "half_width", "q10", "q90"), len(at[0])
    return {
        "measure": np.full(n, measure.name, dtype=object),
        "channel": cells.names[at[0]],
        "interval_start": cells.starts[at[1]],
        **dict(zip(names, columns, strict=True)),
        "unit": np.full(n, measure.unit, dtype=object),
    }
