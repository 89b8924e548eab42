"""Spread: who serves what in one slot, and what one more person is worth there.

In a slot, the people on queue of each skill group are spread over the channels
they serve so that the cost of the slot is least. Costs are convex and
piecewise linear in the effective staff of a channel, with knots at whole
staff, so this is a tiny generalised transport problem. It is kept optimal
under single changes by successive best paths: a person who joins may push
others along from channel to channel until staff arrive where they are worth
most, and one who leaves is replaced along the cheapest such path (Ahuja,
Magnanti and Orlin, Network Flows, 1993, chapter 15).

Arrays of one slot are (group,), (group, channel), (channel,); ``cost`` is
(channel, interval, staff) and ``speed`` (group, channel) effective staff a head.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

EPS = 1e-9
_MOVES_MAX = 200  # single pushes along a path before the rest of a person stays idle


@njit(cache=True, nogil=True)
def channel_cost(cost: FloatArray, channel: int, interval: int, staff: float) -> float:
    """Cost of a channel-interval at a real number of effective staff."""
    last = cost.shape[2] - 1
    j = min(int(staff), last - 1)
    below: float = cost[channel, interval, j]
    after: float = cost[channel, interval, j + 1]
    value: float = below + (after - below) * min(staff - j, 1.0)
    return value


@njit(cache=True, nogil=True)
def _worth(cost: FloatArray, channel: int, interval: int, staff: float) -> float:
    """What the next bit of staff saves, per effective person."""
    last = cost.shape[2] - 1
    j = int(staff + EPS)
    if j >= last:
        return 0.0
    saved: float = cost[channel, interval, j] - cost[channel, interval, j + 1]
    return saved


@njit(cache=True, nogil=True)
def _loss(cost: FloatArray, channel: int, interval: int, staff: float) -> float:
    """What taking a bit of staff away costs, per effective person."""
    last = cost.shape[2] - 1
    j = int(np.ceil(staff - EPS)) - 1
    if j >= last:
        return 0.0
    j = max(j, 0)
    saved: float = cost[channel, interval, j] - cost[channel, interval, j + 1]
    return saved


@njit(cache=True, nogil=True)
def _best_ends(
    gaining: bool,
    interval: int,
    cost: FloatArray,
    speed: FloatArray,
    spread: FloatArray,
    staff: FloatArray,
    idle: FloatArray,
    value: FloatArray,
    via_group: IntArray,
    via_channel: IntArray,
) -> None:
    """
    Worth (or loss) of staff in each channel when others may move on.

    ``value[c]`` is the largest saving that a bit of effective staff arriving in
    c can lead to (gaining), or the least cost of taking a bit away from c.
    ``via_group[c], via_channel[c]`` is the first move of that path, -1 for
    none. For a loss, ``via_channel`` -2 means idle people of the group step in.
    """
    groups, channels = spread.shape
    for c in range(channels):
        via_group[c] = -1
        via_channel[c] = -1
        if gaining:
            value[c] = _worth(cost, c, interval, staff[c])
        else:
            value[c] = _loss(cost, c, interval, staff[c])
            for g in range(groups):
                if idle[g] > EPS and speed[g, c] > 0 and value[c] > 0:
                    value[c] = 0.0
                    via_group[c] = g
                    via_channel[c] = -2
    for _ in range(channels):
        changed = False
        for c in range(channels):
            for g in range(groups):
                if speed[g, c] <= 0:
                    continue
                for d in range(channels):
                    if d == c or speed[g, d] <= 0:
                        continue
                    rate = speed[g, d] / speed[g, c]
                    if gaining:
                        if spread[g, c] > EPS and rate * value[d] > value[c] + EPS:
                            value[c] = rate * value[d]
                            via_group[c] = g
                            via_channel[c] = d
                            changed = True
                    elif spread[g, d] > EPS and rate * value[d] < value[c] - EPS:
                        value[c] = rate * value[d]
                        via_group[c] = g
                        via_channel[c] = d
                        changed = True
        if not changed:
            break


@njit(cache=True, nogil=True)
def join(
    group: int,
    mass: float,
    interval: int,
    cost: FloatArray,
    speed: FloatArray,
    spread: FloatArray,
    staff: FloatArray,
    idle: FloatArray,
    value: FloatArray,
    via_group: IntArray,
    via_channel: IntArray,
) -> None:
    """Add ``mass`` people of a group to a slot and move others where that helps."""
    channels = staff.shape[0]
    left = mass
    for _ in range(_MOVES_MAX):
        if left <= EPS:
            return
        _best_ends(True, interval, cost, speed, spread, staff, idle, value, via_group, via_channel)
        entry, best = -1, EPS
        for c in range(channels):
            if speed[group, c] * value[c] > best:
                entry, best = c, speed[group, c] * value[c]
        if entry < 0:
            break
        # how much can flow: the path's movers, then the knot of its last channel
        amount, scale, c = left, speed[group, entry], entry
        hops = 0
        while via_channel[c] >= 0 and hops < channels:
            g, d = via_group[c], via_channel[c]
            amount = min(amount, spread[g, c] * speed[g, c] / scale)
            scale *= speed[g, d] / speed[g, c]
            c = d
            hops += 1
        amount = min(amount, (np.floor(staff[c] + EPS) + 1 - staff[c]) / scale)
        flow, c = amount * speed[group, entry], entry
        spread[group, entry] += amount
        for _hop in range(hops):
            g, d = via_group[c], via_channel[c]
            people = flow / speed[g, c]
            spread[g, c] = max(spread[g, c] - people, 0.0)
            spread[g, d] += people
            flow = people * speed[g, d]
            c = d
        staff[c] += flow
        left -= amount
    idle[group] += max(left, 0.0)


@njit(cache=True, nogil=True)
def leave(
    group: int,
    mass: float,
    interval: int,
    cost: FloatArray,
    speed: FloatArray,
    spread: FloatArray,
    staff: FloatArray,
    idle: FloatArray,
    value: FloatArray,
    via_group: IntArray,
    via_channel: IntArray,
) -> None:
    """Take ``mass`` people of a group out of a slot and refill where that hurts least."""
    channels = staff.shape[0]
    left = mass
    for _ in range(_MOVES_MAX):
        resting = min(left, idle[group])
        idle[group] -= resting
        left -= resting
        if left <= EPS:
            return
        _best_ends(False, interval, cost, speed, spread, staff, idle, value, via_group, via_channel)
        exit_, best = -1, np.inf
        for c in range(channels):
            if spread[group, c] > EPS and speed[group, c] * value[c] < best:
                exit_, best = c, speed[group, c] * value[c]
        if exit_ < 0:
            return
        amount, scale, c = min(left, spread[group, exit_]), speed[group, exit_], exit_
        hops = 0
        while via_channel[c] >= 0 and hops < channels:
            g, d = via_group[c], via_channel[c]
            amount = min(amount, spread[g, d] * speed[g, c] / scale)
            scale *= speed[g, d] / speed[g, c]
            c = d
            hops += 1
        if via_channel[c] == -2:
            amount = min(amount, idle[via_group[c]] * speed[via_group[c], c] / scale)
        else:
            room = staff[c] - (np.ceil(staff[c] - EPS) - 1)
            amount = min(amount, room / scale)
        flow, c = amount * speed[group, exit_], exit_
        spread[group, exit_] = max(spread[group, exit_] - amount, 0.0)
        for _hop in range(hops):
            g, d = via_group[c], via_channel[c]
            people = flow / speed[g, c]
            spread[g, c] += people
            spread[g, d] = max(spread[g, d] - people, 0.0)
            flow = people * speed[g, d]
            c = d
        if via_channel[c] == -2:
            people = flow / speed[via_group[c], c]
            idle[via_group[c]] = max(idle[via_group[c]] - people, 0.0)
            spread[via_group[c], c] += people
        else:
            staff[c] = max(staff[c] - flow, 0.0)
        left -= amount
