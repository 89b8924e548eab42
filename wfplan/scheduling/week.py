"""The oracle: the best legal week of one person at given prices per slot.

A dynamic program over days. A label is a partial week: its value, the slot at
which its last shift ended, the paid time so far, the state of the days-on-off
automaton (:mod:`wfplan.scheduling.patterns`) and how far the weekly rest has
been kept. Labels of equal paid time and state are kept only while none is at
least as valuable, as early at rest and as well rested (resource-constrained
shortest paths; Irnich and Desaulniers, 2005, doi:10.1007/0-387-25486-2_2).
Within a day every start and length is tried with its best placed breaks, from
prefix sums of the prices.

Slots are those of the coverage; paid time is in units of the agent's space.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

NO_WEEK = -np.inf
_TIE = 1e-9  # harm points: breaks prefer the middle of their window when all is equal


@njit(cache=True, nogil=True)
def value_shifts(
    gain: FloatArray,
    burden: FloatArray,
    opt_start: IntArray,
    opt_len: IntArray,
    len_slots: IntArray,
    break_count: IntArray,
    break_slots: IntArray,
    opt_value: FloatArray,
    opt_break: IntArray,
) -> None:
    """
    Value of every shift with its best breaks.

    ``gain`` is what a slot on queue saves, ``burden`` what a slot of the shift
    costs the person (wishes). ``break_slots[l, b]`` are the length, the
    earliest and the latest start of break b in a shift of length l, in slots
    from its start; the chosen starts go to ``opt_break``.
    """
    slots = gain.shape[0]
    worked = np.zeros(slots + 1)
    net = np.zeros(slots + 1)
    for s in range(slots):
        worked[s + 1] = worked[s] + gain[s]
        net[s + 1] = net[s] + gain[s] - burden[s]
    for o in range(opt_start.shape[0]):
        start, kind = opt_start[o], opt_len[o]
        total = net[start + len_slots[kind]] - net[start]
        for b in range(break_count[kind]):
            length, first, last = break_slots[kind, b]
            best, where = np.inf, first
            for at in range(first, last + 1):
                lost = worked[start + at + length] - worked[start + at]
                is_central = abs(2 * at - first - last) < abs(2 * where - first - last)
                if lost < best - _TIE or (lost < best + _TIE and is_central):
                    where = at
                best = min(best, lost)
            total -= best
            opt_break[o, b] = where
        opt_value[o] = total


@njit(cache=True, nogil=True)
def _insert(
    head: IntArray,
    cell: int,
    value: float,
    ended: int,
    parent: int,
    option: int,
    size: int,
    lab_value: FloatArray,
    lab_ended: IntArray,
    lab_parent: IntArray,
    lab_option: IntArray,
    lab_next: IntArray,
) -> int:
    """Insert a label into a list sorted by end, value rising; returns the new pool size."""
    previous, at = -1, head[cell]
    while at >= 0 and lab_ended[at] <= ended:
        previous = at
        at = lab_next[at]
    if previous >= 0 and lab_value[previous] >= value:
        return size
    while at >= 0 and lab_value[at] <= value:
        at = lab_next[at]
    if size >= lab_value.shape[0]:
        return size
    if previous >= 0 and lab_ended[previous] == ended:
        # the same end, less value: the new label takes its place
        before = head[cell]
        if before == previous:
            previous = -1
        else:
            while lab_next[before] != previous:
                before = lab_next[before]
            previous = before
    lab_value[size] = value
    lab_ended[size] = ended
    lab_parent[size] = parent
    lab_option[size] = option
    lab_next[size] = at
    if previous < 0:
        head[cell] = size
    else:
        lab_next[previous] = size
    return size + 1


@njit(cache=True, nogil=True)
def _rested_after(
    rested: int, ended: int, start: int, weekly_rest: int, inside: int, spans: IntArray
) -> int:
    """How many of the spans have had their weekly rest after one from ``ended`` to ``start``."""
    if start - ended < weekly_rest:
        return rested
    while (
        rested < spans.shape[0]
        and min(start, spans[rested, 1]) - max(ended, spans[rested, 0]) >= inside
    ):
        rested += 1
    return rested


@njit(cache=True, nogil=True)
def _work_day(
    first_option: int,
    options_end: int,
    first: int,
    state: int,
    rested: int,
    paid: int,
    least: int,
    width: int,
    opt_start: IntArray,
    opt_len: IntArray,
    opt_value: FloatArray,
    len_slots: IntArray,
    len_paid: IntArray,
    paid_cost: float,
    daily_rest: int,
    weekly_rest: int,
    inside: int,
    spans: IntArray,
    after: IntArray,
    size: int,
    lab_value: FloatArray,
    lab_ended: IntArray,
    lab_parent: IntArray,
    lab_option: IntArray,
    lab_next: IntArray,
) -> int:
    """
    Extend the labels of one cell, the list from ``first``, by every shift of a day.

    A shift follows the most valuable label that has its daily rest, and where
    a weekly rest is still wanted also the most valuable one that makes it.
    """
    full = spans.shape[0]
    levels = full + 1
    tight, long_ = -1, -1
    next_tight, next_long = first, first
    for o in range(first_option, options_end):
        start, kind = opt_start[o], opt_len[o]
        total = paid + len_paid[kind]
        while next_tight >= 0 and lab_ended[next_tight] + daily_rest <= start:
            tight = next_tight
            next_tight = lab_next[next_tight]
        if tight < 0 or total >= width or total < least:
            continue
        end = start + len_slots[kind]
        worth = opt_value[o] - paid_cost * len_paid[kind]
        if rested < full:
            limit = min(start - weekly_rest, spans[rested, 1] - inside)
            while next_long >= 0 and lab_ended[next_long] <= limit:
                long_ = next_long
                next_long = lab_next[next_long]
            if long_ >= 0 and lab_ended[long_] + daily_rest <= start:
                better = _rested_after(rested, lab_ended[long_], start, weekly_rest, inside, spans)
                size = _insert(
                    after, (state * levels + better) * width + total,
                    lab_value[long_] + worth, end, long_, o, size,
                    lab_value, lab_ended, lab_parent, lab_option, lab_next,
                )  # fmt: skip
        size = _insert(
            after, (state * levels + rested) * width + total,
            lab_value[tight] + worth, end, tight, o, size,
            lab_value, lab_ended, lab_parent, lab_option, lab_next,
        )  # fmt: skip
    return size


@njit(cache=True, nogil=True)
def best_week(
    day_ptr: IntArray,
    opt_start: IntArray,
    opt_len: IntArray,
    opt_value: FloatArray,
    len_slots: IntArray,
    len_paid: IntArray,
    on: IntArray,
    off: IntArray,
    most_on: IntArray,
    paid_low: int,
    paid_high: int,
    paid_cost: float,
    daily_rest: int,
    last_end: int,
    weekly_rest: int,
    inside: int,
    spans: IntArray,
    last_slot: int,
    lab_value: FloatArray,
    lab_ended: IntArray,
    lab_parent: IntArray,
    lab_option: IntArray,
    lab_next: IntArray,
    chosen: IntArray,
) -> float:
    """
    Value of the best legal week, and in ``chosen`` its option per day (-1: off).

    ``day_ptr`` delimits the options of each day, sorted by start. ``on`` and
    ``off`` are the automaton's next states, (day, state), -1 where forbidden,
    and ``most_on`` the most days on that can still follow.
    In each of ``spans`` (first slot and end, both rising) lie at least ``inside``
    slots of a rest of at least ``weekly_rest``. Returns minus infinity when no
    week is legal. The ``lab_`` arrays are the pool of labels.
    """
    days, states = on.shape
    width = paid_high + 1
    levels = spans.shape[0] + 1
    paid_most = len_paid.max() if len_paid.shape[0] else 0
    cells = states * levels * width
    head = np.full(cells, -1, np.int64)
    size = _insert(
        head, 0, 0.0, last_end, -1, -1, 0,
        lab_value, lab_ended, lab_parent, lab_option, lab_next,
    )  # fmt: skip
    for d in range(days):
        after = np.full(cells, -1, np.int64)
        for q in range(states):
            state = on[d, q]
            if state < 0:
                continue
            least = paid_low - most_on[d + 1, state] * paid_most  # to have after this day
            for rested in range(levels):
                for paid in range(width):
                    first = head[(q * levels + rested) * width + paid]
                    if first >= 0:
                        size = _work_day(
                            day_ptr[d], day_ptr[d + 1], first, state, rested, paid, least, width,
                            opt_start, opt_len, opt_value, len_slots, len_paid, paid_cost,
                            daily_rest, weekly_rest, inside, spans, after, size,
                            lab_value, lab_ended, lab_parent, lab_option, lab_next,
                        )  # fmt: skip
        size = _carry_days_off(
            d, off, most_on[d + 1] * paid_most, paid_low, head, after, levels, width, size,
            lab_value, lab_ended, lab_parent, lab_option, lab_next,
        )  # fmt: skip
        head = after
    if size >= lab_value.shape[0]:
        return np.nan  # the pool was too small; the caller enlarges it
    best, value = _best_end(
        head, states, width, paid_low, weekly_rest, inside, spans, last_slot,
        lab_value, lab_ended, lab_next,
    )  # fmt: skip
    _trace(best, day_ptr, lab_parent, lab_option, chosen)
    return value


@njit(cache=True, nogil=True)
def _trace(
    label: int, day_ptr: IntArray, lab_parent: IntArray, lab_option: IntArray, chosen: IntArray
) -> None:
    """The option of each day (-1: off) on the way to a label."""
    chosen[:] = -1
    while label >= 0 and lab_option[label] >= 0:
        option = lab_option[label]
        chosen[np.searchsorted(day_ptr, option, side="right") - 1] = option
        label = lab_parent[label]


@njit(cache=True, nogil=True)
def _carry_days_off(
    d: int,
    off: IntArray,
    paid_ahead: IntArray,
    paid_low: int,
    head: IntArray,
    after: IntArray,
    levels: int,
    width: int,
    size: int,
    lab_value: FloatArray,
    lab_ended: IntArray,
    lab_parent: IntArray,
    lab_option: IntArray,
    lab_next: IntArray,
) -> int:
    """Copy every label over a day off, keeping the shift it last worked."""
    for q in range(off.shape[1]):
        if off[d, q] < 0:
            continue
        for rested in range(levels):
            for paid in range(max(paid_low - paid_ahead[off[d, q]], 0), width):
                at = head[(q * levels + rested) * width + paid]
                while at >= 0:
                    size = _insert(
                        after, (off[d, q] * levels + rested) * width + paid,
                        lab_value[at], lab_ended[at], lab_parent[at], lab_option[at], size,
                        lab_value, lab_ended, lab_parent, lab_option, lab_next,
                    )  # fmt: skip
                    at = lab_next[at]
    return size


@njit(cache=True, nogil=True)
def _best_end(
    head: IntArray,
    states: int,
    width: int,
    paid_low: int,
    weekly_rest: int,
    inside: int,
    spans: IntArray,
    last_slot: int,
    lab_value: FloatArray,
    lab_ended: IntArray,
    lab_next: IntArray,
) -> tuple[int, float]:
    """The most valuable label that has paid time enough and its weekly rest."""
    levels = spans.shape[0] + 1
    best, value = -1, NO_WEEK
    for q in range(states):
        for rested in range(levels):
            for paid in range(paid_low, width):
                at = head[(q * levels + rested) * width + paid]
                while at >= 0:
                    kept = _rested_after(
                        rested, lab_ended[at], last_slot, weekly_rest, inside, spans
                    )
                    if kept == spans.shape[0] and lab_value[at] > value:
                        best, value = at, lab_value[at]
                    at = lab_next[at]
    return best, value
