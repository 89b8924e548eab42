"""Serving: a person on one channel more or less, and what that is worth, as kernels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wfplan.compiled import part
from wfplan.scheduling.service.slots import Slots
from wfplan.scheduling.service.spread import channel_cost
from wfplan.scheduling.stays.stays import Memo

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_LCG = np.uint64(6364136223846793005)  # Knuth's multiplier, for noise inside a kernel
_STEP = np.uint64(1442695040888963407)


@part
def serve(at: Slots, s: int, k: int, c: int, sign: int) -> float:
    """
    Let a person of a kind serve a channel in a slot (1) or no longer (-1).

    Returns by how many harm points the slot costs more.
    """
    t, group = at.interval_of[s], at.kind_group[k]
    change = sign * at.kind_mass[k]
    before = at.staff[s, c]
    staff = before + change * at.speed[group, c]
    empowered = at.empowered[s]
    at.heads[s] += sign
    at.present[k, s] += sign
    at.spread[s, group, c] += change
    at.staff[s, c] = staff
    at.empowered[s] = empowered + sign * at.kind_empowered[k]
    if t < 0:
        return 0.0
    rise = sign * at.head_price + channel_cost(at.cost, c, t, max(staff, 0.0))
    rise -= channel_cost(at.cost, c, t, max(before, 0.0))
    if at.kind_empowered[k] > 0.0:
        least = at.empowered_min[t]
        missing = max(0.0, least - at.empowered[s]) - max(0.0, least - empowered)
        rise += at.empowered_price * missing
    return float(rise * at.slot_share)


@part
def serve_all(
    at: Slots, kind_at: IntArray, serving: IntArray, first: int, last: int, sign: int
) -> float:
    """Let a person serve what she serves in a stretch of slots, or no longer."""
    rise = 0.0
    for s in range(first, last):
        if serving[s] >= 0:
            rise += serve(at, s, kind_at[s], serving[s], sign)
    return rise


@part
def price_stays(
    at: Slots, kind_at: IntArray, first: int, last: int, memo: Memo, noise: float, seed: float
) -> None:
    """
    Add up what a person who is not there would save on each channel in a stretch of slots.

    ``noise`` is the width of a uniform number on each saving, in harm points.
    """
    state = np.uint64(seed * 2.0**52)
    channels = at.staff.shape[1]
    for c in range(channels):
        memo.total[first, c] = 0.0
        memo.since[first, c] = first
    for s in range(first, last):
        k, t = kind_at[s], at.interval_of[s]
        extra, group, mass = 0.0, 0, 0.0
        if k >= 0:
            group, mass = at.kind_group[k], at.kind_mass[k]
        if k >= 0 and t >= 0:
            missing = max(0.0, at.empowered_min[t] - at.empowered[s])
            extra = at.empowered_price * min(missing, at.kind_empowered[k]) - at.head_price
        before, total = memo.total[s], memo.total[s + 1]
        for c in range(channels):
            pace, saved = mass * at.speed[group, c], 0.0
            if t >= 0 and pace > 0.0:
                staff = max(at.staff[s, c], 0.0)
                saved = channel_cost(at.cost, c, t, staff)
                saved -= channel_cost(at.cost, c, t, staff + pace)
                saved = (saved + extra) * at.slot_share
            if noise > 0.0:
                state = state * _LCG + _STEP
                saved += noise * (np.float64(state >> np.uint64(11)) / 2.0**53 - 0.5)
            total[c] = before[c] + saved
            memo.since[s + 1, c] = memo.since[s, c] if pace > 0.0 else s + 1
