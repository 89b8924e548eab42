"""Spread: who serves what in one slot, and what one more person is worth there.

In a slot, the people on queue of each skill group are spread over the channels
they serve so that the cost of the slot is least. Costs are convex and
piecewise linear in the effective staff of a channel, with knots at whole
staff, so this is a tiny generalised transport problem. It is kept optimal
under single changes by successive best paths: a person who joins may push
others along from channel to channel until staff arrive where they are worth
most, and one who leaves is replaced along the cheapest such path (Ahuja,
Magnanti and Orlin, Network Flows, 1993, chapter 15). People differ in speed, so
two who change places may make staff out of nothing: where nobody wanted that
staff the circle lies unused, and once somebody does, the slot is spread anew.

Arrays of one slot are (group,), (group, channel), (channel,); ``cost`` is
(channel, interval, staff) and ``speed`` (group, channel) effective staff a head.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wfplan.compiled import apart, part

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

EPS = 1e-9
_IDLE = -2
_MOVES_MAX = 200  # single pushes along a path before the rest of a person stays idle


@part
def channel_cost(cost: FloatArray, channel: int, interval: int, staff: float) -> float:
    """Cost of a channel-interval at a real number of effective staff."""
    last = cost.shape[2] - 1
    j = min(int(staff), last - 1)
    below: float = cost[channel, interval, j]
    after: float = cost[channel, interval, j + 1]
    value: float = below + (after - below) * min(staff - j, 1.0)
    return value


def best_ratio(speed: FloatArray) -> FloatArray:
    """The most staff in d that one staff in c can become, (c, d); 0 where nobody serves both."""
    both = (speed[:, :, None] > 0) & (speed[:, None, :] > 0)
    ratio = np.divide(speed[:, None, :], speed[:, :, None], out=np.zeros(both.shape), where=both)
    best: FloatArray = ratio.max(axis=0, initial=0.0)
    return best


@part
def _worth(cost: FloatArray, channel: int, interval: int, staff: float) -> float:
    """What the next bit of staff saves, per effective person."""
    last = cost.shape[2] - 1
    j = int(staff + EPS)
    if j >= last:
        return 0.0
    saved: float = cost[channel, interval, j] - cost[channel, interval, j + 1]
    return saved


@part
def _loss(cost: FloatArray, channel: int, interval: int, staff: float) -> float:
    """What taking a bit of staff away costs, per effective person."""
    last = cost.shape[2] - 1
    j = int(np.ceil(staff - EPS)) - 1
    if j >= last:
        return 0.0
    j = max(j, 0)
    saved: float = cost[channel, interval, j] - cost[channel, interval, j + 1]
    return saved


@apart
def _best_ends(
    gaining: bool,
    interval: int,
    cost: FloatArray,
    speed: FloatArray,
    ratio: FloatArray,
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
    none. For a loss, ``via_channel`` _IDLE means idle people of the group step in.
    ``ratio[c, d]`` is the most staff in d that one staff in c can become.
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
                    via_channel[c] = _IDLE
    for _ in range(channels):
        changed = False
        for c in range(channels):
            for d in range(channels):
                if d == c or ratio[c, d] <= 0:
                    continue
                if gaining and ratio[c, d] * value[d] <= value[c] + EPS:
                    continue
                if not gaining and value[d] >= (value[c] - EPS) * ratio[d, c]:
                    continue
                for g in range(groups):
                    if spread[g, c if gaining else d] <= EPS:
                        continue
                    if speed[g, c] <= 0 or speed[g, d] <= 0:
                        continue
                    worth = speed[g, d] / speed[g, c] * value[d]
                    is_better = worth > value[c] + EPS if gaining else worth < value[c] - EPS
                    if is_better:
                        # somebody of the group who moves on from d can go there at once
                        is_relay = via_group[d] == g and via_channel[d] >= 0
                        value[c] = worth
                        via_group[c] = g
                        via_channel[c] = via_channel[d] if is_relay else d
                        changed = True
        if not changed:
            break


@apart
def _is_circular(via_channel: IntArray) -> bool:
    """Whether some best path runs in a circle, which a cheapest spread does not have."""
    channels = via_channel.shape[0]
    for c in range(channels):
        at, hops = c, 0
        while via_channel[at] >= 0:
            at = via_channel[at]
            hops += 1
            if hops >= channels:
                return True
    return False


@part
def _route(
    gaining: bool,
    first: int,
    scale: float,
    speed: FloatArray,
    spread: FloatArray,
    via_group: IntArray,
    via_channel: IntArray,
) -> tuple[int, float, float]:
    """
    Where a path from channel ``first`` ends, its scale there, and how many people fit.

    The scale is effective staff per person who joins or leaves, ``scale`` at
    ``first``; the movers along the path bound the people.
    """
    c, most = first, np.inf
    while via_channel[c] >= 0:
        g, d = via_group[c], via_channel[c]
        most = min(most, spread[g, c if gaining else d] * speed[g, c] / scale)
        scale *= speed[g, d] / speed[g, c]
        c = d
    return c, scale, most


@part
def _move_along(
    gaining: bool,
    first: int,
    flow: float,
    speed: FloatArray,
    spread: FloatArray,
    via_group: IntArray,
    via_channel: IntArray,
) -> float:
    """Move the people of a path; ``flow`` is effective staff, returned as it ends."""
    c = first
    while via_channel[c] >= 0:
        g, d = via_group[c], via_channel[c]
        people = flow / speed[g, c]
        source, target = (c, d) if gaining else (d, c)
        spread[g, source] = max(spread[g, source] - people, 0.0)
        spread[g, target] += people
        flow = people * speed[g, d]
        c = d
    return flow


@part
def _push(
    group: int,
    mass: float,
    interval: int,
    cost: FloatArray,
    speed: FloatArray,
    ratio: FloatArray,
    spread: FloatArray,
    staff: FloatArray,
    idle: FloatArray,
    value: FloatArray,
    via_group: IntArray,
    via_channel: IntArray,
) -> float:
    """Add ``mass`` people along best paths; what is left where those run in circles."""
    left: float = mass
    for _ in range(_MOVES_MAX):
        if left <= EPS:
            return 0.0
        _best_ends(
            True, interval, cost, speed, ratio, spread, staff, idle, value, via_group, via_channel
        )
        if _is_circular(via_channel):
            return left
        entry, best = -1, EPS
        for c in range(staff.shape[0]):
            if speed[group, c] * value[c] > best:
                entry, best = c, speed[group, c] * value[c]
        if entry < 0:
            break
        if via_group[entry] == group:
            entry = via_channel[entry]  # no colleague need make room where she can go herself
        pace = speed[group, entry]
        last, scale, most = _route(True, entry, pace, speed, spread, via_group, via_channel)
        amount = min(left, most, (np.floor(staff[last] + EPS) + 1 - staff[last]) / scale)
        flow = amount * pace
        staff[last] += _move_along(True, entry, flow, speed, spread, via_group, via_channel)
        spread[group, entry] += amount
        left -= amount
    idle[group] += max(left, 0.0)
    return 0.0


@part
def _pull(
    group: int,
    mass: float,
    interval: int,
    cost: FloatArray,
    speed: FloatArray,
    ratio: FloatArray,
    spread: FloatArray,
    staff: FloatArray,
    idle: FloatArray,
    value: FloatArray,
    via_group: IntArray,
    via_channel: IntArray,
) -> float:
    """Take ``mass`` people out along cheapest paths; what is left where those run in circles."""
    left: float = mass
    for _ in range(_MOVES_MAX):
        resting = min(left, idle[group])
        idle[group] -= resting
        left -= resting
        if left <= EPS:
            return 0.0
        _best_ends(
            False, interval, cost, speed, ratio, spread, staff, idle, value, via_group, via_channel
        )
        exit_, best = -1, np.inf
        for c in range(staff.shape[0]):
            if spread[group, c] > EPS and speed[group, c] * value[c] < best:
                exit_, best = c, speed[group, c] * value[c]
        if exit_ < 0 or _is_circular(via_channel):
            return left
        if via_group[exit_] == group:
            exit_ = via_channel[exit_]
        pace = speed[group, exit_]
        c, scale, most = _route(False, exit_, pace, speed, spread, via_group, via_channel)
        stands_in = via_group[c] if via_channel[c] == _IDLE else -1
        if stands_in >= 0:
            most = min(most, idle[stands_in] * speed[stands_in, c] / scale)
        else:
            most = min(most, (staff[c] - (np.ceil(staff[c] - EPS) - 1)) / scale)
        amount = min(left, spread[group, exit_], most)
        spread[group, exit_] -= amount
        flow = _move_along(False, exit_, amount * pace, speed, spread, via_group, via_channel)
        if stands_in >= 0:
            people = flow / speed[stands_in, c]
            idle[stands_in] = max(idle[stands_in] - people, 0.0)
            spread[stands_in, c] += people
        else:
            staff[c] = max(staff[c] - flow, 0.0)
        left -= amount
    return left


@apart
def place(
    waiting: FloatArray,
    interval: int,
    cost: FloatArray,
    speed: FloatArray,
    ratio: FloatArray,
    spread: FloatArray,
    staff: FloatArray,
    idle: FloatArray,
    value: FloatArray,
    via_group: IntArray,
    via_channel: IntArray,
) -> None:
    """
    Put waiting people of each group into a slot and move others where that helps.

    Should a best path run in a circle, everybody is spread anew from an empty
    slot, which never meets a circle worth running.
    """
    group, is_anew = 0, False
    while group < waiting.shape[0]:
        if waiting[group] <= EPS:
            waiting[group] = 0.0
            group += 1
            continue
        mass = min(waiting[group], 1.0)
        left = _push(group, mass, interval, cost, speed, ratio, spread, staff, idle,
                     value, via_group, via_channel)  # fmt: skip
        waiting[group] -= mass
        if left > 0 and is_anew:
            idle[group] += left
        elif left > 0:
            waiting[group] += left
            _empty(waiting, spread, staff, idle)
            group, is_anew = 0, True


@apart
def take_out(
    group: int,
    mass: float,
    waiting: FloatArray,
    interval: int,
    cost: FloatArray,
    speed: FloatArray,
    ratio: FloatArray,
    spread: FloatArray,
    staff: FloatArray,
    idle: FloatArray,
    value: FloatArray,
    via_group: IntArray,
    via_channel: IntArray,
) -> None:
    """
    Take ``mass`` people of a group out of a slot and refill where that hurts least.

    Where that cannot be done along paths, everybody else is left ``waiting``
    to be placed anew.
    """
    has_flat = False
    for c in range(staff.shape[0]):
        has_flat |= staff[c] > EPS and _worth(cost, c, interval, staff[c]) <= EPS
    left = _pull(group, mass, interval, cost, speed, ratio, spread, staff, idle,
                 value, via_group, via_channel)  # fmt: skip
    if left <= 0 and not has_flat:
        return
    if left <= 0:
        _best_ends(
            True, interval, cost, speed, ratio, spread, staff, idle, value, via_group, via_channel
        )
        if not _is_circular(via_channel):
            return
    for c in range(staff.shape[0]):
        gone = min(left, spread[group, c])
        spread[group, c] -= gone
        left -= gone
    _empty(waiting, spread, staff, idle)


@part
def _empty(waiting: FloatArray, spread: FloatArray, staff: FloatArray, idle: FloatArray) -> None:
    """Let everybody of a slot wait."""
    for g in range(idle.shape[0]):
        waiting[g] += idle[g]
        idle[g] = 0.0
        for c in range(staff.shape[0]):
            waiting[g] += spread[g, c]
            spread[g, c] = 0.0
    for c in range(staff.shape[0]):
        staff[c] = 0.0
