"""From tallies to the tidy table of measures.

A measure is a ratio of sums over replications (contacts in the target over
contacts offered, say); its half-width is that of the 95 % interval of such a
ratio by the delta method, and q10 and q90 are quantiles of the replications'
own ratios: what a planner will see in one week out of ten. Contacts count in
the interval in which they arrive.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from wfplan.domain.results import DemandForecast
from wfplan.simulation.frames import FloatArray
from wfplan.simulation.model import Model
from wfplan.simulation.replicate import WAIT_EDGES_S, Count, Tallies


@dataclass(frozen=True)
class _Measure:
    """A ratio over (replication, channel + all, interval + week)."""

    name: str
    unit: str
    top: FloatArray
    bottom: FloatArray
    when_empty: float = 0.0
    cells: str = "contacts"  # where it is shown: contacts, staff, deferred, week


def measure_table(model: Model, demand: DemandForecast, tallies: Tallies) -> pd.DataFrame:
    """The tidy table: measure, channel, interval_start, value, half_width, unit, q10, q90."""
    names = (*demand.channels, "")
    shown = _shown(model, demand, tallies)
    parts = []
    for measure in _ratios(model, demand, tallies):
        value, half_width, q10, q90 = _estimate(measure)
        cells = np.argwhere(shown[measure.cells])
        parts.append(_rows(measure, cells, value, half_width, q10, q90))
    value, half_width = _quantile(tallies.waits, model.is_deferred, 0.95)
    empty = np.full_like(value, np.nan)
    p95 = _Measure("wait_p95_s", "s", empty, empty)
    parts.append(_rows(p95, np.argwhere(shown["contacts"]), value, half_width, empty, empty))
    return _table(parts, names, model)


def _ratios(model: Model, demand: DemandForecast, tallies: Tallies) -> list[_Measure]:
    """Every measure that is a ratio of sums."""
    realtime = ~model.is_deferred
    # An e-mail's hours would drown a caller's seconds, so waits over all channels are realtime.
    waiting = realtime if realtime.any() else ~realtime
    count = {kind: _whole(tallies.counts[:, :, kind]) for kind in Count}
    wait_s = _whole(tallies.counts[:, :, Count.WAIT_S], waiting)
    asked = _whole(tallies.counts[:, :, Count.OFFERED], waiting)
    offered, one = count[Count.OFFERED], np.ones(1)
    on_s = _week(tallies.on_s)
    counted = [
        _Measure(kind.name.lower(), "contacts", count[kind], one)
        for kind in (Count.OFFERED, Count.ANSWERED, Count.ABANDONED, Count.STILL_THERE)
    ]
    return [
        *counted,
        _Measure("late", "contacts", count[Count.LATE], one, cells="deferred"),
        _Measure("service_level", "share", count[Count.IN_TIME], count[Count.JUDGED], 1.0),
        _Measure("abandon_rate", "share", count[Count.ABANDONED], offered),
        _Measure("wait_mean_s", "s", wait_s, asked),
        _Measure("harm", "points", _whole(_harm(model, tallies.counts)), one),
        _Measure("backlog", "contacts", *_backlog(model, tallies.counts), cells="deferred"),
        _Measure("occupancy", "share", _occupied_s(model, tallies), on_s, cells="staff"),
        _Measure("weighted_occupancy", "share", _weighted_s(model, tallies), on_s, cells="staff"),
        _Measure("staff_present", "heads", *_heads(model, demand, tallies.on_s), cells="staff"),
        _Measure("overtime_min", "min", *_of_all(tallies.late_s[:, 0] / 60), cells="week"),
        _Measure("break_delay_min", "min", *_of_all(tallies.late_s[:, 1] / 60), cells="week"),
    ]


def _whole(by_channel: FloatArray, counts_in_all: NDArray[np.bool_] | None = None) -> FloatArray:
    """With the sum over channels as last channel and the week as last interval."""
    some = by_channel if counts_in_all is None else by_channel[:, counts_in_all]
    everything = some.sum(axis=1, keepdims=True)
    return _week(np.concatenate((by_channel, everything), axis=1))


def _week(by_interval: FloatArray) -> FloatArray:
    """With the sum over intervals as last interval."""
    week = by_interval.sum(axis=-1, keepdims=True)
    return np.concatenate((by_interval, week), axis=-1)


def _harm(model: Model, counts: FloatArray) -> FloatArray:
    """Harm points: waiting and loss of realtime contacts, lateness of deferred ones."""
    harm = np.empty((len(counts), len(model.channels), counts.shape[-1]))
    for c, channel in enumerate(model.channels):
        if channel.is_realtime:
            waited_min = counts[:, c, Count.WAIT_S] / 60
            lost = counts[:, c, Count.ABANDONED]
            harm[:, c] = channel.wait_weight * waited_min + channel.abandon_weight * lost
        else:
            harm[:, c] = channel.late_weight * counts[:, c, Count.LATE]
    return harm


def _backlog(model: Model, counts: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Deferred contacts not yet begun at the end of each interval; the week is the mean."""
    came = counts[:, :, Count.OFFERED] - counts[:, :, Count.ABANDONED]
    waiting = np.cumsum(came - counts[:, :, Count.BEGUN], axis=-1)
    backlog = _whole(waiting, model.is_deferred)
    return backlog, _intervals_or_week(np.ones(counts.shape[-1]))


def _intervals_or_week(weights: FloatArray) -> FloatArray:
    """The divisor that makes the week's entry the weighted mean of the intervals."""
    return np.append(np.ones_like(weights), weights.sum())


def _occupied_s(model: Model, tallies: Tallies) -> FloatArray:
    """Busy seconds; to a real-time channel, work that can wait counts as available time."""
    counts = np.append(model.is_deferred, True)[:, None]
    return _week(tallies.busy_s[:, 0] + np.where(counts, tallies.busy_s[:, 1], 0.0))


def _weighted_s(model: Model, tallies: Tallies) -> FloatArray:
    """Busy seconds, those of deferred work counted as it strains."""
    weights = [channel.strain_weight for channel in model.channels if not channel.is_realtime]
    weight = min(float(np.mean(weights)), 1.0) if weights else 0.0
    return _week(tallies.busy_s[:, 0] + weight * tallies.busy_s[:, 1])


def _heads(model: Model, demand: DemandForecast, on_s: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean people on queue; the week is the mean over the open intervals."""
    is_open = np.vstack((demand.is_open, demand.is_open.any(axis=0)))
    heads = on_s / model.centre.interval_s
    week = (heads * is_open).sum(axis=-1, keepdims=True)
    bottom = np.array([_intervals_or_week(row.astype(float)) for row in is_open])
    return np.concatenate((heads, week), axis=-1), bottom[None]


def _of_all(by_replication: FloatArray) -> tuple[FloatArray, FloatArray]:
    """A number of the week and of everybody."""
    return by_replication[:, None, None], np.ones(1)


def _estimate(measure: _Measure) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Ratio of sums, half-width by the delta method, quantiles over replications."""
    top = measure.top
    bottom = np.broadcast_to(measure.bottom, top.shape)
    n = len(top)
    total = bottom.sum(axis=0)
    empty = total == 0
    value = np.where(empty, measure.when_empty, top.sum(axis=0) / np.where(empty, 1, total))
    spread = np.sqrt(((top - value * bottom) ** 2).sum(axis=0) * n / max(n - 1, 1))
    half_width = stdtrit(max(n - 1, 1), 0.975) * spread / np.where(empty, 1, total)
    half_width = np.where(empty, 0.0, half_width) if n > 1 else np.full_like(value, np.nan)
    none = bottom == 0
    each = np.sort(np.where(none, measure.when_empty, top / np.where(none, 1, bottom)), axis=0)
    q10, q90 = (each[round(q * (n - 1))] for q in (0.1, 0.9))
    return value, half_width, q10, q90


def _quantile(
    waits: NDArray[np.int64], is_deferred: NDArray[np.bool_], level: float
) -> tuple[FloatArray, FloatArray]:
    """Pooled quantile of offered waits and its half-width over the sections."""
    some = waits[:, ~is_deferred] if not is_deferred.all() else waits
    waits = np.concatenate((waits, some.sum(axis=1, keepdims=True)), axis=1)
    waits = np.concatenate((waits, waits.sum(axis=2, keepdims=True)), axis=2)
    value = _bin_quantile(waits.sum(axis=0), level)
    n = len(waits)
    if n < 2:
        return value, np.full_like(value, np.nan)
    each = _bin_quantile(waits, level)
    half_width = stdtrit(n - 1, 0.975) * each.std(axis=0, ddof=1) / np.sqrt(n)
    return value, half_width


def _bin_quantile(bins: NDArray[np.int64], level: float) -> FloatArray:
    """Quantile of a histogram over WAIT_EDGES_S, linear inside a bin; 0 when empty."""
    below = np.cumsum(bins, axis=-1)
    wanted = level * below[..., -1]
    at = (below < wanted[..., None]).sum(axis=-1)
    inside = np.take_along_axis(bins, at[..., None], axis=-1)[..., 0]
    before = np.take_along_axis(below, at[..., None], axis=-1)[..., 0] - inside
    share = (wanted - before) / np.maximum(inside, 1)
    low, high = WAIT_EDGES_S[np.maximum(at - 1, 0)], WAIT_EDGES_S[at]
    return np.where(at == 0, 0.0, low + share * (high - low))


def _shown(model: Model, demand: DemandForecast, tallies: Tallies) -> dict[str, NDArray[np.bool_]]:
    """Cells (channel + all, interval + week) that each kind of measure has rows for."""
    came = tallies.counts[:, :, Count.OFFERED].sum(axis=0) > 0
    active = demand.is_open | came
    contacts = np.vstack((active, active.any(axis=0)))
    staff = contacts | (tallies.on_s.sum(axis=0) > 0)
    deferred = np.append(model.is_deferred, model.is_deferred.any())
    late = np.repeat(deferred[:, None], contacts.shape[1], axis=1)
    week = np.ones((len(contacts), 1), np.bool_)
    return {
        "contacts": np.hstack((contacts, week)),
        "staff": np.hstack((staff, week)),
        "deferred": np.hstack((late, deferred[:, None])),
        "week": np.ones((1, 1), np.bool_),
    }


def _rows(measure: _Measure, cells: NDArray[np.int64], *columns: FloatArray) -> pd.DataFrame:
    """The rows of a measure, with channel and interval as numbers."""
    at = tuple(cells.T)
    names = ("value", "half_width", "q10", "q90")
    data = {name: column[at] for name, column in zip(names, columns, strict=True)}
    if measure.cells == "week":
        cells = np.full_like(cells, -1)  # everybody, the week
    return pd.DataFrame(
        {"measure": measure.name, "channel": cells[:, 0], "interval_start": cells[:, 1], **data}
    ).assign(unit=measure.unit)


def _table(parts: list[pd.DataFrame], names: tuple[str, ...], model: Model) -> pd.DataFrame:
    """All rows with names of channels and instants for numbers."""
    table = pd.concat(parts, ignore_index=True)
    starts = pd.DatetimeIndex(np.append(model.horizon.interval_starts, np.datetime64("NaT", "s")))
    table["channel"] = np.array(names, dtype=object)[table["channel"].to_numpy()]
    table["interval_start"] = starts[table["interval_start"].to_numpy()].tz_localize("UTC")
    columns = ["measure", "channel", "interval_start", "value", "half_width", "unit", "q10", "q90"]
    return table[columns]
