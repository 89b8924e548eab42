"""The oracle: the best legal days of one person at given prices per slot.

A dynamic program over days, of one week or several. A label is a beginning:
its value, when the next shift may start, when the last one started and ended,
the state of the automaton of days (:mod:`wfplan.scheduling.person.days`), the paid time
of the week and, where the weeks share a budget, of those before it, how many
spans have had their weekly rest, hard and wished, and how many quick returns there were. Labels
of equal paid time and state are kept only while none is at least as valuable, as
early at rest and as well rested (resource-constrained shortest paths; Irnich and
Desaulniers, 2005, doi:10.1007/0-387-25486-2_2). Within a day every start and
length is tried, each at its own value (:mod:`wfplan.scheduling.person.worth`).

The program is exact for horizons of any length. Weeks do not multiply: what is
carried over a midnight does not grow with the number of days before it, except
for the used budget where that binds (:mod:`wfplan.scheduling.person.budget`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wfplan.scheduling.person.labels import (
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
from wfplan.scheduling.person.legal import (
    LegalDays,
    inlined,
    inner,
    kernel,
    rested_spans,
    settled_spans,
    unrested,
)

Rests = tuple[int, int, int, int, int, int, bool, int, int, float]
Place = tuple[int, int, int, int, int, int, bool, int, int]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@inlined
def _parents(
    first: int,
    begin: int,
    rested: int,
    wished: int,
    rests: Rests,
    hasty_price: float,
    gap_cost: FloatArray,
    spans: IntArray,
    wishes: IntArray,
    ways: IntArray,
    ways_worth: FloatArray,
    worth: FloatArray,
    trail: IntArray,
) -> None:
    """
    The best labels to follow at ``begin``: after both rests, after one, in no haste, in haste.

    Each way is only left where it is worth more than those before it, which
    have more behind them.
    """
    _, _, weekly_rest, inside, quick_rest, ever, is_flat, wished_rest, wished_inside, _ = rests
    ways[:], ways_worth[:] = -1, NO_WEEK
    latest = begin - quick_rest
    both, either = latest, latest
    if rested < spans.shape[0]:
        both = min(latest, begin - weekly_rest, spans[rested, 1] - inside)
    if wished < wishes.shape[0]:
        either = min(latest, begin - wished_rest, wishes[wished, 1] - wished_inside)
    both, either = min(both, either), max(both, either)
    limits = (both, either, latest)
    for way in range(3):
        if way > 0 and limits[way] == limits[way - 1]:
            continue
        at, value = best_before(first, begin, ever, limits[way], is_flat, gap_cost, worth, trail)
        if way == 0 or value > max(ways_worth[0], ways_worth[1]):
            ways[way], ways_worth[way] = at, value
    if quick_rest > 0 and hasty_price < np.inf:
        at, value = best_before(first, begin, latest, begin, is_flat, gap_cost, worth, trail)
        if value - hasty_price > max(ways_worth[0], ways_worth[1], ways_worth[2]):
            ways[3], ways_worth[3] = at, value - hasty_price


@inner
def _work(
    first_option: int,
    options_end: int,
    first: int,
    rested: int,
    wished: int,
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
    rests: Rests,
    quick: tuple[int, int, float],
    gap_cost: FloatArray,
    spans: IntArray,
    wishes: IntArray,
    next_start: int,
    place: Place,
    totals: IntArray,
    after: IntArray,
    ways: IntArray,
    ways_worth: FloatArray,
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
    daily_rest, distance, weekly_rest, inside, _, _, is_flat, wish, wish_inside, price = rests
    counts, count, hasty_price = quick
    seen = -1
    for o in range(first_option, options_end):
        state = following[symbol[o]]
        total = paid + extra[o]
        if state < 0 or total + most_ahead[state] < low or total + least_ahead[state] > high:
            continue
        begin = start[o]
        if begin != seen:
            seen = begin
            _parents(
                first, begin, rested, wished, rests, hasty_price, gap_cost, spans, wishes, ways,
                ways_worth, worth, trail,
            )  # fmt: skip
        finish = end[o]
        for way in range(4):
            parent = ways[way]
            if parent < 0:
                continue
            ended = trail[parent, ENDED]
            level = rested_spans(rested, ended, begin, weekly_rest, inside, spans)
            level, lost = settled_spans(level, finish, next_start, weekly_rest, inside, spans)
            if lost == 0:
                mild = rested_spans(wished, ended, begin, wish, wish_inside, wishes)
                mild, lost = settled_spans(mild, finish, next_start, wish, wish_inside, wishes)
                returns = count if way < 3 else min(count + 1, counts - 1)
                size = insert(
                    after, _cell(state * counts + returns, level, mild, total, place, totals),
                    ways_worth[way] + net[o] - cost[symbol[o]] - dues[total] - price * lost,
                    max(finish + daily_rest, begin + distance), finish,
                    finish if is_flat else begin, parent, o, size, is_flat, worth, trail,
                )  # fmt: skip
    return size


@inner
def _cell(
    state: int,
    rested: int,
    wished: int,
    paid: int,
    place: Place,
    totals: IntArray,
) -> int:
    """The cell of a label after a day; where its week ends, its paid time joins what is used."""
    base, levels, room, width, used, week, is_end, wished_base, wished_levels = place
    if is_end:
        used = _merged(used + paid, totals[week])
        paid = 0
    row = (state * levels + rested - base) * wished_levels + wished - wished_base
    return (row * room + used - int(totals[week, 4])) * width + paid


@inner
def _merged(used: int, row: IntArray) -> int:
    """The total that stands for a total at the start of a week."""
    return int(row[3]) if row[2] <= used <= row[3] else used


@inner
def _stay_off(
    first: int,
    state: int,
    rested: int,
    wished: int,
    paid: int,
    cost: float,
    rests: Rests,
    spans: IntArray,
    wishes: IntArray,
    next_start: int,
    place: Place,
    totals: IntArray,
    after: IntArray,
    size: int,
    worth: FloatArray,
    trail: IntArray,
) -> int:
    """Copy the labels of one cell, the list from ``first``, over a day off."""
    _, _, weekly_rest, inside, _, _, is_flat, wish, wish_inside, price = rests
    at = first
    while at >= 0:
        ended = trail[at, ENDED]
        now, lost = settled_spans(rested, ended, next_start, weekly_rest, inside, spans)
        if lost == 0:
            mild, lost = settled_spans(wished, ended, next_start, wish, wish_inside, wishes)
            size = insert(
                after, _cell(state, now, mild, paid, place, totals),
                worth[at] - cost - price * lost,
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
    ways: IntArray,
    ways_worth: FloatArray,
    rests: Rests,
    size: int,
    worth: FloatArray,
    trail: IntArray,
) -> int:
    """Extend every label by one day; returns the new size of the pool."""
    levels, totals, room, width = legal.span_levels, legal.totals, legal.room, legal.width
    counts, week, later = legal.quick_counts, legal.week_of[d], legal.week_of[d + 1]
    mild_levels = legal.wished_levels
    dues = legal.week_price[week] if later != week else np.zeros(width)
    each = levels * mild_levels * room
    for row in range(legal.next_state.shape[1] * counts * each):
        state, count = row // (counts * each), row // each % counts
        rested = row // (mild_levels * room) % levels + legal.span_base[d]
        wished = row // room % mild_levels + legal.wished_base[d]
        used = row % room + totals[week, 4]
        place = (legal.span_base[d + 1], levels, room, width, used, later, later != week,
                 legal.wished_base[d + 1], mild_levels)  # fmt: skip
        low = max(legal.week_low[week], totals[week + 1, 0] - used)
        high = min(legal.week_high[week], totals[week + 1, 1] - used)
        off = legal.next_state[d, state, 0]
        if later == len(legal.week_low) and used <= totals[week, 1]:  # no label has used more
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
                    first, off * counts + count, rested, wished, paid,
                    legal.cost[d, state, 0] + dues[paid], rests, legal.spans, legal.wished_spans,
                    legal.next_start[d + 1], place, totals, after, size, worth, trail,
                )  # fmt: skip
            size = _work(
                legal.day_ptr[d], legal.day_ptr[d + 1], first, rested, wished, paid, low, high,
                legal.start, legal.end, legal.paid, legal.symbol, net, dues,
                legal.next_state[d, state], legal.cost[d, state], legal.least_ahead[d + 1],
                legal.most_ahead[d + 1], rests, (counts, count, legal.quick_price[d, count]),
                legal.gap_cost, legal.spans, legal.wished_spans, legal.next_start[d + 1], place,
                totals, after, ways, ways_worth, size, worth, trail,
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
    levels = legal.span_levels * legal.wished_levels
    rows = states * legal.quick_counts * levels * legal.room
    ways, ways_worth = np.empty(4, np.int64), np.empty(4)
    rests = (legal.daily_rest, legal.start_distance, legal.weekly_rest, legal.inside,
             legal.quick_rest, legal.last_end - 1, legal.is_flat, legal.wished_rest,
             legal.wished_inside, legal.wished_price)  # fmt: skip
    head = np.full(rows * legal.width, -1, np.int64)
    after = head.copy()
    worth[0] = -legal.wished_price * legal.first_lost
    trail[0, READY], trail[0, ENDED] = legal.ready, legal.last_end
    trail[0, STARTED] = legal.last_end if legal.is_flat else legal.last_start
    trail[0, PARENT] = trail[0, OPTION] = trail[0, NEXT] = -1
    used = _merged(legal.paid_before, legal.totals[0]) - legal.totals[0, 4]
    row = (legal.first_rested - legal.span_base[0]) * legal.wished_levels
    row += legal.first_wished - legal.wished_base[0]
    head[(row * legal.room + used) * legal.width] = 0
    size = min(1, len(worth))
    for d in range(days):
        size = _day(d, legal, net, head, after, ways, ways_worth, rests, size, worth, trail)
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
    for row in range(len(legal.final_cost) * legal.quick_counts * legal.wished_levels):
        mild, state = row % legal.wished_levels, row // legal.wished_levels
        cell = (state * legal.span_levels + level) * legal.wished_levels + mild
        at = head[cell * legal.room * legal.width]
        if at < 0:
            continue
        ends = legal.final_cost[state // legal.quick_counts] + legal.wished_price * unrested(
            legal.wished_base[-1] + mild, legal.wished_spans
        )
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
