"""Stays: what a person serves when, in unbroken blocks, for one shift at given prices.

A *stay* is an unbroken time on one channel; each channel says how long one lasts
at least and at most. Given what every slot on every channel saves, the best
stays of a shift with the best places of its breaks are a small dynamic program
over slots, breaks taken and the channel served last: a regular language with
costs (Demassey, Pesant and Rousseau 2006, doi:10.1007/s10601-006-9003-7; as a
subproblem of multi-activity tours Restrepo, Gendron and Rousseau 2016,
doi:10.1287/ijoc.2015.0683). A break ends a stay.

Without an upper limit a stay of c that may end after t slots is one slot longer
than such a stay, or has just become long enough, so a slot costs one step a
channel; with a limit every length is tried.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wfplan.compiled import part

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

NEVER = -np.inf
NOBODY = -1  # no channel: off, or on a break
_BREAK = -2


class StayRules(NamedTuple):
    """How long stays last, in slots; ``at_most`` no less than any shift means no limit."""

    at_least: IntArray  # (channel,)
    at_most: IntArray  # (channel,)


class Memo(NamedTuple):
    """Working memory of the program; (break, slot of the shift) and (.., channel)."""

    value: FloatArray  # of the best stays whose last one is on the channel and may end
    length: IntArray  # of that last stay
    top: FloatArray  # the best that may end, whatever it ends with
    top_by: IntArray  # the channel it ends with, or that a break has ended
    second: FloatArray  # the best that ends with something else
    second_by: IntArray
    total: FloatArray  # (slot + 1, channel) of the grid: what slots save, added up
    since: IntArray  # (slot + 1, channel) first slot from which the channel is open up to here


def memo_for(slots: int, channels: int, longest: int, breaks: int) -> Memo:
    """Working memory for shifts of up to so many slots and breaks."""
    shape = (breaks + 1, longest + 1)
    return Memo(
        value=np.zeros((*shape, channels)),
        length=np.zeros((*shape, channels), dtype=np.int64),
        top=np.zeros(shape),
        top_by=np.zeros(shape, dtype=np.int64),
        second=np.zeros(shape),
        second_by=np.zeros(shape, dtype=np.int64),
        total=np.zeros((slots + 1, channels)),
        since=np.zeros((slots + 1, channels), dtype=np.int64),
    )


@part
def weigh_stays(
    first: int, length: int, windows: IntArray, count: int, rules: StayRules, memo: Memo
) -> None:
    """
    Run the program from slot ``first`` for ``length`` slots.

    ``windows`` (break, 3) are length, earliest and latest start of the
    ``count`` breaks, in slots from the start of the shift. What slots save is in
    ``memo.total``, where channels are open in ``memo.since``. The value of a
    shift that ends after t slots is then ``memo.top[count, t]``.
    """
    for b in range(count + 1):
        memo.top[b, 0] = memo.second[b, 0] = NEVER
        for c in range(memo.value.shape[2]):
            memo.value[b, 0, c] = NEVER
    memo.top[0, 0] = 0.0
    memo.top_by[0, 0] = NOBODY
    for t in range(1, length + 1):
        for b in range(count + 1):
            _weigh_slot(first, b, t, rules, memo)
            if b > 0:
                size, earliest, latest = windows[b - 1, 0], windows[b - 1, 1], windows[b - 1, 2]
                if earliest <= t - size <= latest:
                    _rank(memo, b, t, memo.top[b - 1, t - size], _BREAK)


@part
def _weigh_slot(first: int, b: int, t: int, rules: StayRules, memo: Memo) -> None:
    """Values of stays that may end after t slots, b breaks taken, and the best two of them."""
    at, tops, longest = first + t, memo.top[b], memo.value.shape[1] - 1
    now, before, total = memo.value[b, t], memo.value[b, t - 1], memo.total
    stay, stayed, since = memo.length[b, t], memo.length[b, t - 1], memo.since[at]
    top, top_by, second, second_by = NEVER, NOBODY, NEVER, NOBODY
    for c in range(total.shape[1]):
        least, most, open_for = rules.at_least[c], rules.at_most[c], at - since[c]
        best, long, here = NEVER, 0, total[at, c]
        if open_for > 0 and most >= longest:
            best, long = before[c] + here - total[at - 1, c], stayed[c] + 1
            if least <= min(t, open_for):
                begun = tops[t - least] + here - total[at - least, c]
                if begun > best:
                    best, long = begun, least
        elif open_for > 0:
            for n in range(least, min(most, t, open_for) + 1):
                is_same = memo.top_by[b, t - n] == c
                begun = memo.second[b, t - n] if is_same else tops[t - n]
                begun += here - total[at - n, c]
                if begun > best:
                    best, long = begun, n
        now[c], stay[c] = best, long
        if best > top:
            top, top_by, second, second_by = best, c, top, top_by
        elif best > second:
            second, second_by = best, c
    memo.top[b, t], memo.top_by[b, t] = top, top_by
    memo.second[b, t], memo.second_by[b, t] = second, second_by


@part
def _rank(memo: Memo, b: int, t: int, value: float, by: int) -> None:
    """Let a value be among the best two."""
    if value > memo.top[b, t]:
        memo.second[b, t], memo.second_by[b, t] = memo.top[b, t], memo.top_by[b, t]
        memo.top[b, t], memo.top_by[b, t] = value, by
    elif value > memo.second[b, t]:
        memo.second[b, t], memo.second_by[b, t] = value, by


@part
def trace_stays(
    first: int,
    length: int,
    windows: IntArray,
    count: int,
    rules: StayRules,
    memo: Memo,
    serving: IntArray,
    breaks: IntArray,
) -> None:
    """Write the best stays of a weighed shift into ``serving`` (slot,) and its ``breaks``."""
    b, t = count, length
    by = memo.top_by[b, t]
    while t > 0:
        if by == _BREAK:
            b -= 1
            size = windows[b, 0]
            _write(serving, first + t - size, first + t, NOBODY)
            t -= size
            breaks[b] = t
            by = memo.top_by[b, t]
            continue
        n = memo.length[b, t, by]
        _write(serving, first + t - n, first + t, by)
        t -= n
        is_limited = rules.at_most[by] < memo.value.shape[1] - 1
        is_same = is_limited and memo.top_by[b, t] == by
        by = memo.second_by[b, t] if is_same else memo.top_by[b, t]


@part
def _write(serving: IntArray, first: int, last: int, channel: int) -> None:
    """Serve a channel from one slot to another."""
    for s in range(first, last):
        serving[s] = channel
