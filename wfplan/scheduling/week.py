"""The oracle: the best legal days of one person at given prices per slot.

A dynamic program over days, of one week or several. A label is a beginning:
its value, when the next shift may start, when the last one started and ended,
the state of the automaton of days (:mod:`wfplan.scheduling.days`), the paid time
of the week and, where the weeks share a budget, of those before it, how many
spans have had their weekly rest, and how many quick returns there were. Labels
of equal paid time and state are kept only while none is at least as valuable, as
early at rest and as well rested (resource-constrained shortest paths; Irnich and
Desaulniers, 2005, doi:10.1007/0-387-25486-2_2). Within a day every start and
length is tried, each at its own value (:mod:`wfplan.scheduling.worth`).

The program is exact for horizons of any length. Weeks do not multiply: what is
carried over a midnight does not grow with the number of days before it, except
for the used budget where that binds (:mod:`wfplan.scheduling.budget`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wfplan.scheduling.labels import (
    ENDED,
    NEXT,
    NO_WEEK,
    OPTION,
    PARENT,
    READY,
    STARTED,
    best_before,
    insert,
)
from wfplan.scheduling.legal import LegalDays, inlined, inner, kernel, rested_spans

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@inlined
def _parents(
    first: int,
    begin: int,
    rested: int,
    rests: tuple[int, int, int, int, int, int, bool],
    quick: tuple[int, int, int],
    gap_cost: FloatArray,
    spans: IntArray,
    worth: FloatArray,
    trail: IntArray,
) -> tuple[int, float, int, float, int, float]:
    """The best label to follow at ``begin`` without haste, after a weekly rest, and in haste."""
    _, _, weekly_rest, inside, quick_rest, ever, is_flat = rests
    _, count, most_quick = quick
    rest, rest_worth, hasty, hasty_worth = -1, NO_WEEK, -1, NO_WEEK
    calm, calm_worth = best_before(
        first, begin, ever, begin - quick_rest, is_flat, gap_cost, worth, trail
    )
    if rested < spans.shape[0]:
        limit = min(begin - weekly_rest, spans[rested, 1] - inside)
        rest, rest_worth = best_before(first, begin, ever, limit, is_flat, gap_cost, worth, trail)
    if quick_rest > 0 and count < most_quick:
        hasty, hasty_worth = best_before(
            first, begin, begin - quick_rest, begin, is_flat, gap_cost, worth, trail
        )
    return calm, calm_worth, rest, rest_worth, hasty, hasty_worth


@inner
def _work(
    first_option: int,
    options_end: int,
    first: int,
    rested: int,
    paid: int,
    low: int,
    high: int,
    start: IntArray,
    end: IntArray,
    extra: IntArray,
    symbol: IntArray,
    net: FloatArray,
    dues: FloatArray,
    following: IntArray,
    cost: FloatArray,
    least_ahead: IntArray,
    most_ahead: IntArray,
    rests: tuple[int, int, int, int, int, int, bool],
    quick: tuple[int, int, int],
    gap_cost: FloatArray,
    spans: IntArray,
    next_start: int,
    place: tuple[int, int, int, int, int, int, bool],
    totals: IntArray,
    after: IntArray,
    size: int,
    worth: FloatArray,
    trail: IntArray,
) -> int:
    """
    Extend the labels of one cell, the list from ``first``, by every shift of a day.

    ``dues`` are what a week asks for its paid time on its last day, by that time.
    A shift follows the best label that is ready for it; where a weekly rest is
    still wanted also the best one that makes it, and where quick returns are
    counted also the best one for which it is one.
    """
    daily_rest, distance, weekly_rest, inside, _, _, is_flat = rests
    counts, count, _ = quick
    seen, calm, rest, hasty = -1, -1, -1, -1
    calm_worth, rest_worth, hasty_worth = NO_WEEK, NO_WEEK, NO_WEEK
    for o in range(first_option, options_end):
        state = following[symbol[o]]
        total = paid + extra[o]
        if state < 0 or total + most_ahead[state] < low or total + least_ahead[state] > high:
            continue
        begin = start[o]
        if begin != seen:
            seen = begin
            calm, calm_worth, rest, rest_worth, hasty, hasty_worth = _parents(
                first, begin, rested, rests, quick, gap_cost, spans, worth, trail
            )
        for way in range(3):
            level, returns = rested, count
            if way == 0 and rest >= 0:
                parent, value = rest, rest_worth
                level = rested_spans(rested, trail[rest, ENDED], begin, weekly_rest, inside, spans)
            elif way == 1 and calm_worth > rest_worth:
                parent, value = calm, calm_worth
            elif way == 2 and hasty_worth > max(calm_worth, rest_worth):
                parent, value, returns = hasty, hasty_worth, count + 1
            else:
                continue
            finish = end[o]
            level = _still(level, finish, next_start, weekly_rest, inside, spans)
            if level >= 0:
                size = insert(
                    after, _cell(state * counts + returns, level, total, place, totals),
                    value + net[o] - cost[symbol[o]] - dues[total],
                    max(finish + daily_rest, begin + distance), finish,
                    finish if is_flat else begin, parent, o, size, is_flat, worth, trail,
                )  # fmt: skip
    return size


@inner
def _still(
    rested: int, ended: int, until: int, weekly_rest: int, inside: int, spans: IntArray
) -> int:
    """
    Spans that have had their rest when nothing starts before ``until``.

    -1 where the next span can have none any more: rests yet to come begin later.
    """
    rested = rested_spans(rested, ended, until, weekly_rest, inside, spans)
    if rested < spans.shape[0] and spans[rested, 1] - max(ended, spans[rested, 0]) < inside:
        return -1
    return rested


@inner
def _cell(
    state: int,
    rested: int,
    paid: int,
    place: tuple[int, int, int, int, int, int, bool],
    totals: IntArray,
) -> int:
    """The cell of a label after a day; where its week ends, its paid time joins what is used."""
    base, levels, room, width, used, week, is_end = place
    if is_end:
        used = _merged(used + paid, totals[week])
        paid = 0
    return ((state * levels + rested - base) * room + used - int(totals[week, 4])) * width + paid


@inner
def _merged(used: int, row: IntArray) -> int:
    """The total that stands for a total at the start of a week."""
    return int(row[3]) if row[2] <= used <= row[3] else used


@inner
def _stay_off(
    first: int,
    state: int,
    rested: int,
    paid: int,
    cost: float,
    rests: tuple[int, int, int, int, int, int, bool],
    spans: IntArray,
    next_start: int,
    place: tuple[int, int, int, int, int, int, bool],
    totals: IntArray,
    after: IntArray,
    size: int,
    worth: FloatArray,
    trail: IntArray,
) -> int:
    """Copy the labels of one cell, the list from ``first``, over a day off."""
    _, _, weekly_rest, inside, _, _, is_flat = rests
    at = first
    while at >= 0:
        ended = trail[at, ENDED]
        now = _still(rested, ended, next_start, weekly_rest, inside, spans)
        if now >= 0:
            size = insert(
                after, _cell(state, now, paid, place, totals), worth[at] - cost,
                trail[at, READY], ended, trail[at, STARTED], trail[at, PARENT], trail[at, OPTION],
                size, is_flat, worth, trail,
            )  # fmt: skip
        at = trail[at, NEXT]
    return size


@inlined
def _day(
    d: int,
    legal: LegalDays,
    net: FloatArray,
    head: IntArray,
    after: IntArray,
    size: int,
    worth: FloatArray,
    trail: IntArray,
) -> int:
    """Extend every label by one day; returns the new size of the pool."""
    levels, totals, room, width = legal.span_levels, legal.totals, legal.room, legal.width
    counts, week, later = legal.quick_counts, legal.week_of[d], legal.week_of[d + 1]
    rests = (legal.daily_rest, legal.start_distance, legal.weekly_rest, legal.inside,
             legal.quick_rest, legal.last_end - 1, legal.is_flat)  # fmt: skip
    dues = legal.week_price[week] if later != week else np.zeros(width)
    for row in range(legal.next_state.shape[1] * counts * levels * room):
        count = row // (levels * room) % counts
        state, rested = row // (counts * levels * room), row // room % levels + legal.span_base[d]
        used = row % room + totals[week, 4]
        place = (legal.span_base[d + 1], levels, room, width, used, later, later != week)
        low = max(legal.week_low[week], totals[week + 1, 0] - used)
        high = min(legal.week_high[week], totals[week + 1, 1] - used)
        off = legal.next_state[d, state, 0]
        if later == len(legal.week_low):
            dues = legal.week_price[week] + legal.total_price[used : used + width]
        for paid in range(min(legal.most_before[d], high) + 1):
            first = head[row * width + paid]
            if first < 0:
                continue
            if (
                off >= 0
                and paid + legal.most_ahead[d + 1, off] >= low
                and paid + legal.least_ahead[d + 1, off] <= high
            ):
                size = _stay_off(
                    first, off * counts + count, rested, paid,
                    legal.cost[d, state, 0] + dues[paid], rests,
                    legal.spans, legal.next_start[d + 1], place, totals, after, size, worth, trail,
                )  # fmt: skip
            size = _work(
                legal.day_ptr[d], legal.day_ptr[d + 1], first, rested, paid, low, high,
                legal.start, legal.end, legal.paid, legal.symbol, net, dues,
                legal.next_state[d, state], legal.cost[d, state], legal.least_ahead[d + 1],
                legal.most_ahead[d + 1], rests, (counts, count, legal.quick_left[d]),
                legal.gap_cost, legal.spans, legal.next_start[d + 1], place, totals, after, size,
                worth, trail,
            )  # fmt: skip
    return size


@kernel
def best_days(
    legal: LegalDays,
    value: FloatArray,
    paid_cost: float,
    worth: FloatArray,
    trail: IntArray,
    chosen: IntArray,
) -> float:
    """
    Value of the best legal days, and in ``chosen`` the option of each (-1: off).

    ``value`` is that of every option and ``paid_cost`` the price of a unit of
    paid time. ``worth`` and ``trail`` are the pool of labels. Returns minus
    infinity when no days are legal, nan when the pool was too small.
    """
    days, states, _ = legal.next_state.shape
    if legal.first_rested < 0 or legal.totals[0, 0] > 0 or legal.totals[0, 1] < 0:
        return NO_WEEK
    net = value - legal.price - paid_cost * legal.paid
    rows = states * legal.quick_counts * legal.span_levels * legal.room
    head = np.full(rows * legal.width, -1, np.int64)
    after = head.copy()
    worth[0] = 0.0
    trail[0, READY], trail[0, ENDED] = legal.ready, legal.last_end
    trail[0, STARTED] = legal.last_end if legal.is_flat else legal.last_start
    trail[0, PARENT] = trail[0, OPTION] = trail[0, NEXT] = -1
    used = _merged(legal.paid_before, legal.totals[0]) - legal.totals[0, 4]
    head[((legal.first_rested - legal.span_base[0]) * legal.room + used) * legal.width] = 0
    size = min(1, len(worth))
    for d in range(days):
        size = _day(d, legal, net, head, after, size, worth, trail)
        head, after = after, head
        after[:] = -1
    if size >= len(worth):
        return np.nan
    best, found = _best_end(legal, head, worth, trail)
    _trace(best, legal.day_ptr, trail, chosen)
    return found


@inner
def _best_end(
    legal: LegalDays, head: IntArray, worth: FloatArray, trail: IntArray
) -> tuple[int, float]:
    """The most valuable label at the end, every span with its rest."""
    best, found = -1, NO_WEEK
    level = legal.spans.shape[0] - legal.span_base[-1]
    for row in range(len(legal.final_cost) * legal.quick_counts):
        ends = legal.final_cost[row // legal.quick_counts]
        at = head[(row * legal.span_levels + level) * legal.room * legal.width]
        while at >= 0:
            if worth[at] - ends > found:
                best, found = at, worth[at] - ends
            at = trail[at, NEXT]
    return best, found


@inner
def _trace(label: int, day_ptr: IntArray, trail: IntArray, chosen: IntArray) -> None:
    """The option of each day (-1: off) on the way to a label."""
    chosen[:] = -1
    while label >= 0 and trail[label, OPTION] >= 0:
        option = trail[label, OPTION]
        chosen[np.searchsorted(day_ptr, option, side="right") - 1] = option
        label = trail[label, PARENT]
