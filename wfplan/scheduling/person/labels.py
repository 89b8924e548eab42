"""Labels of the oracle: beginnings of a person's days, in lists of which none is dominated.

A label is a value and a trail: when the next shift may start, when the last one
ended and started, the label and option it came from, and the next label of its
list. A list holds the labels of one cell, sorted by when they are ready.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wfplan.scheduling.person.legal import gap_price, inner

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

NO_WEEK = -np.inf
READY, ENDED, STARTED, PARENT, OPTION, NEXT = range(6)  # columns of a label's trail
TRAIL_WIDTH = 6


@inner
def insert(
    head: IntArray,
    cell: int,
    value: float,
    ready: int,
    ended: int,
    started: int,
    parent: int,
    option: int,
    size: int,
    is_flat: bool,
    worth: FloatArray,
    trail: IntArray,
) -> int:
    """
    Insert a label into a list sorted by ``ready``; returns the new size of the pool.

    In a flat list labels that end later are ready later, so its values rise.
    """
    before, at = -1, head[cell]
    while at >= 0 and trail[at, READY] <= ready:
        if worth[at] >= value and trail[at, ENDED] <= ended and trail[at, STARTED] <= started:
            return size
        if trail[at, READY] < ready:
            before = at
        at = trail[at, NEXT]
    if size >= worth.shape[0]:
        return size
    worth[size] = value
    trail[size, READY], trail[size, ENDED], trail[size, STARTED] = ready, ended, started
    trail[size, PARENT], trail[size, OPTION] = parent, option
    at = head[cell] if before < 0 else trail[before, NEXT]
    if before < 0:
        head[cell] = size
    else:
        trail[before, NEXT] = size
    trail[size, NEXT] = at
    link = size
    while at >= 0:
        if worth[at] <= value and trail[at, ENDED] >= ended and trail[at, STARTED] >= started:
            trail[link, NEXT] = trail[at, NEXT]
        elif is_flat:
            break
        else:
            link = at
        at = trail[at, NEXT]
    return size + 1


@inner
def best_before(
    first: int,
    begin: int,
    after: int,
    until: int,
    is_flat: bool,
    gap_cost: FloatArray,
    worth: FloatArray,
    trail: IntArray,
) -> tuple[int, float]:
    """
    The best label to start after at ``begin``, and its value less the price of the gap.

    Only those count whose last shift ended later than ``after`` and by ``until``.
    """
    best, found, at = -1, NO_WEEK, first
    while at >= 0 and trail[at, READY] <= begin:
        ended = trail[at, ENDED]
        if after < ended <= until:
            value = worth[at] - gap_price(gap_cost, begin - ended, begin - trail[at, STARTED])
            if value > found:
                best, found = at, value
        elif is_flat and ended > until:
            break
        at = trail[at, NEXT]
    return best, found
