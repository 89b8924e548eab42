"""Tours: everybody's shifts with what is served in them, as kernels.

A person is off queue or on one channel in every slot. Her shifts are given the
best stays at the prices of the moment (:mod:`wfplan.scheduling.stays.stays`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wfplan.compiled import apart, kernel, part
from wfplan.scheduling.person.legal import LegalDays
from wfplan.scheduling.search.trial import Traits
from wfplan.scheduling.service.slots import Slots
from wfplan.scheduling.stays.serving import price_stays, serve_all
from wfplan.scheduling.stays.stays import NEVER, NOBODY, Memo, StayRules, trace_stays, weigh_stays

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Tours(NamedTuple):
    """Everybody's shifts and stays; the arrays are changed in place."""

    option: IntArray  # (person, day) -1: off
    first: IntArray  # (person, day) slot in which the shift begins
    last: IntArray  # (person, day) its end; equal to first where there is none
    breaks: IntArray  # (person, day, break) starts, from the start of the shift
    pauses: IntArray  # (person, day) how many breaks
    windows: IntArray  # (person, day, break, 3): length, earliest and latest start
    serving: IntArray  # (person, slot) channel, -1: none
    kind_at: IntArray  # (person, slot)


@kernel
def value_days(
    at: Slots, legal: LegalDays, who: Traits, rules: StayRules, memo: Memo, worth: FloatArray
) -> None:
    """Value of every shift of a person who is nowhere on queue, (option,)."""
    for d in range(legal.day_ptr.shape[0] - 1):
        first, last = reach(legal, d)
        price_stays(at, who.kind_at, first, last, memo, 0.0, 0.0)
        value_day(legal, who, d, rules, memo, worth)


@kernel
def leave(at: Slots, tours: Tours, i: int) -> float:
    """Take a person out; by how much the coverage costs more."""
    rise = 0.0
    for d in range(tours.first.shape[1]):
        rise += clear(at, tours, i, d)
    return rise


@kernel
def join(
    at: Slots, tours: Tours, i: int, legal: LegalDays, who: Traits, rules: StayRules,
    memo: Memo, chosen: IntArray,
) -> float:  # fmt: skip
    """Give a person who is off queue these shifts, with their best stays; as :func:`leave`."""
    rise = 0.0
    for d in range(chosen.shape[0]):
        put_shift(tours, i, d, chosen[d], legal, who)
        rise += fill(at, tours, i, d, rules, memo, 0.0, 0.0)[1]
    return rise


@part
def value_day(
    legal: LegalDays, who: Traits, d: int, rules: StayRules, memo: Memo, worth: FloatArray
) -> None:
    """
    Value of every shift of a day with its best stays and breaks, less wishes and paid time.

    Shifts without breaks that start together are beginnings of the longest of
    them, so that the program runs once for all.
    """
    seen = -1
    for o in range(legal.day_ptr[d], legal.day_ptr[d + 1]):
        start, row = legal.start[o], who.opt_row[o]
        count, length = who.break_count[row], who.len_slots[row]
        if count > 0:
            weigh_stays(start, length, who.break_slots[row], count, rules, memo)
        elif start != seen:
            longest, p = length, o
            while p < legal.day_ptr[d + 1] and legal.start[p] == start:
                if who.break_count[who.opt_row[p]] == 0:
                    longest = max(longest, who.len_slots[who.opt_row[p]])
                p += 1
            weigh_stays(start, longest, who.break_slots[row], 0, rules, memo)
        seen = start if count == 0 else -1
        worth[o] = memo.top[count, length] - who.paid_cost * who.len_paid[row]
        worth[o] -= who.burden_sum[legal.end[o]] - who.burden_sum[start]


@part
def put_shift(tours: Tours, i: int, d: int, o: int, legal: LegalDays, who: Traits) -> None:
    """Write a shift of a person down, without its stays."""
    tours.option[i, d] = o
    if o < 0:
        tours.first[i, d] = tours.last[i, d] = 0
        return
    row = who.opt_row[o]
    tours.first[i, d], tours.last[i, d] = legal.start[o], legal.end[o]
    tours.pauses[i, d] = who.break_count[row]
    for b in range(who.break_count[row]):
        for part_of in range(3):
            tours.windows[i, d, b, part_of] = who.break_slots[row, b, part_of]


@apart
def fill(
    at: Slots, tours: Tours, i: int, d: int, rules: StayRules, memo: Memo, noise: float,
    seed: float,
) -> tuple[bool, float]:  # fmt: skip
    """
    Give a person's shift its best stays and breaks, and put her on queue there.

    She must be off queue in all of its slots. Returns whether the shift can have
    stays, and by how much the coverage costs more.
    """
    first, last, count = tours.first[i, d], tours.last[i, d], tours.pauses[i, d]
    if first == last:
        return True, 0.0
    windows, serving, kind_at = tours.windows[i, d], tours.serving[i], tours.kind_at[i]
    price_stays(at, kind_at, first, last, memo, noise, seed)
    weigh_stays(first, last - first, windows, count, rules, memo)
    if memo.top[count, last - first] == NEVER:
        return False, 0.0
    trace_stays(first, last - first, windows, count, rules, memo, serving, tours.breaks[i, d])
    return True, serve_all(at, kind_at, serving, first, last, 1)


@part
def clear(at: Slots, tours: Tours, i: int, d: int) -> float:
    """Take a person off queue on a day; by how much the coverage costs more."""
    first, last, serving = tours.first[i, d], tours.last[i, d], tours.serving[i]
    rise = serve_all(at, tours.kind_at[i], serving, first, last, -1)
    for s in range(first, last):
        serving[s] = NOBODY
    return rise


@part
def reach(legal: LegalDays, d: int) -> tuple[int, int]:
    """First slot and end of what the shifts of a day may touch."""
    first, last = legal.day_ptr[d], legal.day_ptr[d + 1]
    end = 0
    for o in range(first, last):
        end = max(end, legal.end[o])
    return (legal.start[first], end) if first < last else (0, 0)
