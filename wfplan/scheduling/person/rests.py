"""Rests between shifts as arrays: from the history on, weekly rests, and quick returns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wfplan.horizon import DAY_MIN, wall_instant
from wfplan.rules.limits import WorkLimits
from wfplan.scheduling.person.grid import Grid

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Parts = dict[str, Any]

_LONG_AGO = -(10**6)  # slot of the last shift of a person without history


def rests(limits: WorkLimits, grid: Grid, options: Parts) -> Parts:
    """
    Rests between shifts, from the history on, and the weekly rest.

    A span is settled by a rest that lies behind, or lost, once nothing that
    begins later can serve it: between the first that may still be open and the
    last that can have been served already lie those to be told apart at a midnight.
    """
    started, ended, ready = _history(limits, grid)
    quick_rest, quick_price = _quick_returns(limits, grid)
    last_slot = grid.slot(wall_instant(limits.dates[-1], DAY_MIN, limits.timezone))
    next_start = _next_starts(options["day_ptr"], options["start"], last_slot)
    latest = _latest_starts(options["day_ptr"], options["start"])
    rest, inside, spans = _spans(
        limits.weekly_rest_min, limits.weekly_rest_inside_min, limits.weekly_rest_spans, grid
    )
    base, top = _levels(next_start, latest, rest, inside, spans)
    is_from_start = any(gap.is_from_start for gap in limits.gap_prices)
    return {
        "daily_rest": _slots(limits.daily_rest_min, grid),
        "start_distance": _slots(limits.start_distance_min, grid),
        "last_end": ended,
        "last_start": started,
        "ready": ready,
        "gap_cost": _gap_costs(limits, grid),
        "quick_rest": quick_rest,
        "quick_price": quick_price,
        "quick_counts": quick_price.shape[1],
        "is_flat": not (limits.start_distance_min or is_from_start),
        "weekly_rest": rest,
        "inside": inside,
        "last_slot": last_slot,
        "spans": spans,
        "next_start": next_start,
        **_wished_rests(limits, grid, ended, next_start, latest),
        "span_base": base,
        "span_levels": int((top - base).max()) + 1,
        "first_rested": _first_rested(ended, int(next_start[0]), rest, inside, spans),
    }


def _history(limits: WorkLimits, grid: Grid) -> tuple[int, int, int]:
    """When the shift before the horizon started and ended, and when the next one may start."""
    started, ended, ready = _LONG_AGO, _LONG_AGO, _LONG_AGO
    last_end = limits.last_end
    if last_end is None and limits.earliest_start is not None:
        last_end = limits.earliest_start - timedelta(minutes=limits.daily_rest_min)
    if last_end is not None:
        ended = grid.slot_from(last_end)
        ready = ended + _slots(limits.daily_rest_min, grid)
    if limits.last_start is not None:
        started = grid.slot_from(limits.last_start)
        ready = max(ready, started + _slots(limits.start_distance_min, grid))
    return started, ended, ready


def _gap_costs(limits: WorkLimits, grid: Grid) -> FloatArray:
    """Harm points of gaps of so many slots from the end and the start of a shift, (2, gap)."""
    longest = max((gap.below_min for gap in limits.gap_prices), default=0)
    cost = np.zeros((2, _slots(longest, grid) + 1))
    minutes = np.arange(cost.shape[1]) * grid.horizon.slot_min
    for gap in limits.gap_prices:
        cost[int(gap.is_from_start)] += [gap.of(length) for length in minutes.tolist()]
    return cost


def _quick_returns(limits: WorkLimits, grid: Grid) -> tuple[int, FloatArray]:
    """The rest under which returns are counted, and what one costs, (day, returns before it)."""
    days = len(limits.dates)
    hard, free = (
        np.clip(np.array(left or (days,) * days, dtype=np.int64), 0, days)
        for left in (limits.quick_returns_max, limits.quick_returns_free)
    )
    rest = _slots(limits.quick_return_min, grid)
    is_free = rest <= _slots(limits.daily_rest_min, grid) or min(hard.min(), free.min()) >= days
    if is_free:
        return 0, np.zeros((days, 1))
    told_apart = max(int(left.max()) for left in (hard, free) if left.min() < days)
    before = np.arange(told_apart + 1)
    price = np.where(before >= free[:, None], limits.quick_return_price, 0.0)
    return rest, np.where(before >= hard[:, None], inf, price)


def _wished_rests(
    limits: WorkLimits, grid: Grid, ended: int, next_start: IntArray, latest: IntArray
) -> Parts:
    """The rests whose lack is priced; a lost one settles the spans that overlap it too."""
    rest, inside, spans = _spans(
        limits.wished_rest_min, limits.wished_rest_inside_min, limits.wished_rest_spans, grid
    )
    base, top = _levels(next_start, latest, rest, inside, spans)
    first, lost = _first_settled(ended, int(next_start[0]), rest, inside, spans)
    ends = np.append(spans[:, 1], grid.slots)
    top = np.searchsorted(spans[:, 0], ends[top])
    return {
        "wished_rest": rest,
        "wished_inside": inside,
        "wished_spans": spans,
        "wished_price": float(limits.wished_rest_price),
        "wished_base": base,
        "wished_levels": int((top - base).max()) + 1,
        "first_wished": first,
        "first_lost": lost,
    }


def _next_starts(day_ptr: IntArray, start: IntArray, last_slot: int) -> IntArray:
    """The first slot in which a shift of each day or a later one may start, or the end."""
    first = np.full(len(day_ptr), last_slot, dtype=np.int64)
    for d in reversed(range(len(day_ptr) - 1)):
        own = start[day_ptr[d] : day_ptr[d + 1]]
        first[d] = min(first[d + 1], own[0] if len(own) else last_slot)
    return first


def _latest_starts(day_ptr: IntArray, start: IntArray) -> IntArray:
    """The last slot in which a shift before each midnight may start, (day + 1,)."""
    latest = np.full(len(day_ptr), _LONG_AGO, dtype=np.int64)
    for d in range(len(day_ptr) - 1):
        own = start[day_ptr[d] : day_ptr[d + 1]]
        latest[d + 1] = max(latest[d], own[-1] if len(own) else latest[d])
    return latest


def _levels(
    next_start: IntArray, latest: IntArray, rest: int, inside: int, spans: IntArray
) -> tuple[IntArray, IntArray]:
    """Least and most spans that can be settled at each midnight, (day + 1,) each."""
    base = np.searchsorted(spans[:, 1], next_start - (rest - inside), side="right")
    top = np.searchsorted(spans[:, 0] + inside, np.maximum(next_start, latest), side="right")
    return base.astype(np.int64), top.astype(np.int64)


def _spans(
    rest_min: int, inside_min: int, spans: Sequence[tuple[datetime, datetime]], grid: Grid
) -> tuple[int, int, IntArray]:
    """A weekly rest, the part of it inside each span, and the spans, all in slots."""
    edges = [(grid.slot_from(first), grid.slot(last)) for first, last in spans]
    table = np.array(sorted(edges), dtype=np.int64).reshape(-1, 2)
    inside = _slots(inside_min or rest_min, grid)
    return max(_slots(rest_min, grid), inside), inside, table


def _first_rested(ended: int, until: int, rest: int, inside: int, spans: IntArray) -> int:
    """Spans that a rest from the history to the first shift serves; -1 where one is lost."""
    rested = 0
    for first, last in spans:
        served = min(until, last) - max(ended, first) >= inside and until - ended >= rest
        if not served:
            return rested if last - max(ended, first) >= inside else -1
        rested += 1
    return rested


def _slots(minutes: int, grid: Grid) -> int:
    """Whole slots that hold so many minutes."""
    return -(-minutes // grid.horizon.slot_min)


def _first_settled(
    ended: int, until: int, rest: int, inside: int, spans: IntArray
) -> tuple[int, int]:
    """Wished rests that are settled before the first shift, and how many of them are lost."""
    settled, lost = 0, 0
    while settled < len(spans):
        first, last = spans[settled]
        if until - ended >= rest and min(until, last) - max(ended, first) >= inside:
            settled += 1
        elif last - max(ended, first) < inside:
            lost += 1
            settled = int(np.searchsorted(spans[:, 0], last))
        else:
            break
    return settled, lost
