"""Exchanges: two people take over each other's shifts, as kernels.

What a slot costs changes only where the two serve different channels, or where
one is on break and the other is not: an exchange is accepted long after single
shifts have stopped to move.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wfplan.compiled import apart, part
from wfplan.scheduling.person.legal import LegalDays
from wfplan.scheduling.search.trial import Traits, Trial, draw_below, first_from

IntArray = NDArray[np.int64]

_NONE = -2  # no such shift


@part
def find_option(legal: LegalDays, who: Traits, d: int, start: int, length: int) -> int:
    """The option of a day that starts in a slot and lasts so many; _NONE if there is none."""
    low, last = first_from(legal, d, start), legal.day_ptr[d + 1]
    while low < last and legal.start[low] == start:
        if who.len_slots[who.opt_row[low]] == length:
            return int(low)
        low += 1
    return _NONE


@part
def choose_one_day(trial: Trial, mine: IntArray, hers: IntArray, is_both: bool) -> int:
    """A day on which both work, or only one of the two; returns how many days were found."""
    days = mine.shape[0]
    d = draw_below(trial.chance, days)
    for _ in range(days):
        both = mine[d] >= 0 and hers[d] >= 0
        one = (mine[d] >= 0) != (hers[d] >= 0)
        if (both and is_both) or (one and not is_both):
            trial.days[0] = d
            return 1
        d = (d + 1) % days
    return 0


@part
def choose_counter_day(trial: Trial, mine: IntArray, hers: IntArray) -> int:
    """A further day on which the other one works; returns how many days there are then."""
    days, d = mine.shape[0], trial.days[0]
    e = draw_below(trial.chance, days)
    for _ in range(days):
        if (mine[e] >= 0) == (hers[d] >= 0) and (hers[e] >= 0) == (mine[d] >= 0):
            trial.days[1] = e
            return 2
        e = (e + 1) % days
    return 0


@part
def choose_run(trial: Trial, days: int) -> int:
    """Some days in a row."""
    first = draw_below(trial.chance, days)
    count = 1 + draw_below(trial.chance, days - first)
    for n in range(count):
        trial.days[n] = first + n
    return count


@apart
def take_over(
    trial: Trial, p: int, legal: LegalDays, who: Traits,
    other: LegalDays, her: Traits, option: IntArray, breaks: IntArray, count: int,
) -> bool:  # fmt: skip
    """Give the p-th person the other one's shifts on the days; whether she has such options."""
    for d in trial.days[:count]:
        o = option[d]
        trial.option[p, d] = -1
        if o < 0:
            continue
        row = her.opt_row[o]
        found = find_option(legal, who, d, other.start[o], her.len_slots[row])
        if found < 0:
            return False
        mine = who.opt_row[found]
        if who.break_count[mine] != her.break_count[row]:
            return False
        trial.option[p, d] = found
        for b in range(who.break_count[mine]):
            length, first, last = who.break_slots[mine, b]
            if length != her.break_slots[row, b, 0]:
                return False
            trial.breaks[p, d, b] = min(max(breaks[d, b], first), last)
    return True
