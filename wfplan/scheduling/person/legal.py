"""What one person's days may be, as arrays, and whether given days are legal.

The arrays are those of the oracle (:mod:`wfplan.scheduling.person.week`): a check of
finished days against them takes one step a day and admits exactly the
sequences that the oracle chooses from, at the same cost.

Moments are slots of the coverage; paid time is in units of the agent's space.
A *week* here is a block of days with bounds on its paid time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

from wfplan.compiled import apart, by_pointer, part

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_Kernel = TypeVar("_Kernel", bound=Callable[..., object])
_LEAN: dict[str, Any] = {"error_model": "numpy", "no_cfunc_wrapper": True}
_INNER: dict[str, Any] = {**_LEAN, "no_cpython_wrapper": True}


def kernel(function: _Kernel) -> _Kernel:
    """A kernel that Python calls; what no C code calls needs no entry for it."""
    return cast(_Kernel, njit(cache=True, nogil=True, **_LEAN)(function))


inner = part


def inlined(function: _Kernel) -> _Kernel:
    """An inner kernel that becomes part of its only caller, which compiles faster still."""
    return cast(_Kernel, njit(cache=True, nogil=True, inline="always", **_INNER)(function))


class LegalDays(NamedTuple):
    """
    Options, rules and history of one person; kernels take it whole.

    ``day_ptr`` delimits the options (shifts) of each day, sorted by start.
    ``next_state`` and ``cost`` are a layered automaton, (day, state, symbol):
    where a day leads, -1 where it is forbidden, and its harm points; symbol 0
    is a day off, others are classes of the day's options. State 0 begins.
    Each of ``spans`` (first slot and end, both rising) wants a rest of at least
    ``weekly_rest`` of which ``inside`` lie in it; the last rest ends with the
    horizon. What follows ``paid_high`` only helps the oracle to leave out what
    leads nowhere. All arrays are writeable, so that slices of a flat copy of
    many people's are of the same numba type.
    """

    day_ptr: IntArray  # (day + 1,)
    start: IntArray  # (option,)
    end: IntArray  # (option,)
    paid: IntArray  # (option,)
    symbol: IntArray  # (option,)
    price: FloatArray  # (option,) harm points of soft rules
    next_state: IntArray  # (day, state, symbol)
    cost: FloatArray  # (day, state, symbol)
    final_cost: FloatArray  # (state,)
    week_of: IntArray  # (day + 1,); one more than the last week at the end
    week_low: IntArray  # (week,) least paid time
    week_high: IntArray  # (week,)
    week_price: FloatArray  # (week, paid time) harm points
    total_price: FloatArray  # (paid time,) of all days
    paid_low: int  # of all days
    paid_high: int
    daily_rest: int
    start_distance: int
    last_end: int  # of the shift before the first day
    last_start: int
    ready: int  # earliest start after it
    gap_cost: FloatArray  # (2, gap) of slots from the end and the start of a shift to the next
    quick_rest: int  # a shorter gap from end to start is a quick return
    quick_price: FloatArray  # (day, returns before it) harm points of a quick return, inf if barred
    weekly_rest: int
    inside: int
    last_slot: int
    spans: IntArray  # (span, 2)
    wished_rest: int  # as the weekly rest, but a span without it costs a price
    wished_inside: int
    wished_spans: IntArray  # (span, 2); those that overlap one without a rest are not asked
    wished_price: float
    totals: IntArray  # (week + 1, 5): see wfplan.scheduling.person.budget
    least_ahead: IntArray  # (day + 1, state) paid time still to come in the week, at least
    most_ahead: IntArray  # (day + 1, state) and at most
    next_start: IntArray  # (day + 1,) of any later shift, or the end
    span_base: IntArray  # (day + 1,) spans that must have had their rest by then
    span_levels: int  # how many numbers of rested spans occur beside each other
    first_rested: int  # spans that had their rest before the first day; -1 where one cannot
    wished_base: IntArray  # (day + 1,) the same of the wished rests
    wished_levels: int
    first_wished: int
    first_lost: int  # wished rests that the history has used up
    most_before: IntArray  # (day,) paid time of the week that can lie before each day
    room: int  # totals of earlier weeks to tell apart
    width: int  # paid times of a week to tell apart
    quick_counts: int  # numbers of quick returns to tell apart
    is_flat: bool  # whether what ends later also lets the next shift start later
    paid_before: int  # 0, the total before the first week


@inner
def rested_spans(
    rested: int, ended: int, until: int, weekly_rest: int, inside: int, spans: IntArray
) -> int:
    """How many spans have had their weekly rest after one from ``ended`` to ``until``."""
    if until - ended < weekly_rest:
        return rested
    while (
        rested < spans.shape[0]
        and min(until, spans[rested, 1]) - max(ended, spans[rested, 0]) >= inside
    ):
        rested += 1
    return rested


@inner
def settled_spans(
    rested: int, ended: int, until: int, weekly_rest: int, inside: int, spans: IntArray
) -> tuple[int, int]:
    """
    Spans that are settled when nothing starts before ``until``, and rests that are lost.

    A rest is lost where those yet to come begin too late for the span; the spans
    that overlap it are settled with it.
    """
    lost = 0
    while True:
        rested = rested_spans(rested, ended, until, weekly_rest, inside, spans)
        if rested == spans.shape[0] or spans[rested, 1] - max(ended, spans[rested, 0]) >= inside:
            return rested, lost
        lost += 1
        rested = _without_overlap(rested, spans)


@inner
def unrested(rested: int, spans: IntArray) -> int:
    """Rests that are missing at the end, where so many spans are settled."""
    lost = 0
    while rested < spans.shape[0]:
        lost += 1
        rested = _without_overlap(rested, spans)
    return lost


@inner
def _without_overlap(span: int, spans: IntArray) -> int:
    """The first span after one that does not overlap it."""
    end = spans[span, 1]
    while span < spans.shape[0] and spans[span, 0] < end:
        span += 1
    return span


@inner
def gap_price(gap_cost: FloatArray, from_end: int, from_start: int) -> float:
    """Harm points of two shifts that follow each other after so many slots."""
    last = gap_cost.shape[1] - 1
    return float(gap_cost[0, min(from_end, last)] + gap_cost[1, min(from_start, last)])


@inner
def _rests_cost(legal: LegalDays, chosen: IntArray) -> float:
    """Harm points of the rests between the chosen days; infinite where one is too short."""
    rested, wished, quick, cost = 0, 0, 0, 0.0
    started, ended, ready = legal.last_start, legal.last_end, legal.ready
    rest, inside, spans = legal.wished_rest, legal.wished_inside, legal.wished_spans
    for d in range(chosen.shape[0]):
        if chosen[d] < 0:
            continue
        start, finish = legal.start[chosen[d]], legal.end[chosen[d]]
        if start < ready:
            return np.inf
        if start - ended < legal.quick_rest:
            cost += legal.quick_price[d, min(quick, legal.quick_counts - 1)]
            quick += 1
        cost += gap_price(legal.gap_cost, start - ended, start - started)
        rested = rested_spans(rested, ended, start, legal.weekly_rest, legal.inside, legal.spans)
        wished, lost = settled_spans(wished, ended, start, rest, inside, spans)
        cost += lost * legal.wished_price
        started, ended = start, finish
        ready = max(ended + legal.daily_rest, start + legal.start_distance)
    last = legal.last_slot
    if (
        rested_spans(rested, ended, last, legal.weekly_rest, legal.inside, legal.spans)
        < legal.spans.shape[0]
    ):
        return np.inf
    wished, lost = settled_spans(wished, ended, last, rest, inside, spans)
    return cost + (lost + unrested(wished, spans)) * legal.wished_price


@kernel
def cost_of(legal: LegalDays, chosen: IntArray) -> float:
    """
    Harm points that rules ask for the chosen days; infinite where one is broken.

    ``chosen`` is the option of each day, -1 for a day off. Wishes, paid time
    and coverage are not in it.
    """
    return cost_of_days(by_pointer(legal), chosen)


@apart
def cost_of_days(legal: LegalDays, chosen: IntArray) -> float:
    """:func:`cost_of` for kernels, which have the legal days by pointer."""
    state, paid, total = 0, 0, 0
    cost = _rests_cost(legal, chosen)
    for d in range(chosen.shape[0]):
        o, symbol = chosen[d], 0
        if o >= 0:
            if o < legal.day_ptr[d] or o >= legal.day_ptr[d + 1]:
                return np.inf
            cost += legal.price[o]
            paid += legal.paid[o]
            symbol = legal.symbol[o]
        cost += legal.cost[d, state, symbol]
        state = legal.next_state[d, state, symbol]
        if state < 0 or cost == np.inf:
            return np.inf
        week = legal.week_of[d]
        if legal.week_of[d + 1] != week:
            if paid < legal.week_low[week] or paid > legal.week_high[week]:
                return np.inf
            cost += legal.week_price[week, paid]
            total, paid = total + paid, 0
    if total < legal.paid_low or total > legal.paid_high:
        return np.inf
    return float(cost + legal.total_price[total] + legal.final_cost[state])


@kernel
def is_legal(legal: LegalDays, chosen: IntArray) -> bool:
    """Whether the chosen option of each day, -1 for a day off, breaks no hard rule."""
    return cost_of(legal, chosen) < np.inf
