"""A week on trial: which slots it would change, and where its breaks go, as kernels."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wfplan.compiled import part
from wfplan.scheduling.legal import LegalDays
from wfplan.scheduling.slots import Slots

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Traits(NamedTuple):
    """What the moves have to know of one person beside her legal days; nothing here changes."""

    opt_row: IntArray  # (option,) row of the table of lengths
    len_slots: IntArray  # (row,)
    len_paid: IntArray
    break_count: IntArray
    break_slots: IntArray  # (row, break, 3): length, earliest and latest start
    burden_sum: FloatArray  # (slot + 1,), burdens added up
    paid_cost: float
    kind_at: IntArray  # (slot,) what she is to each slot, -1 for nothing
    origin: IntArray  # (day,) first slot of each date


class Trial(NamedTuple):
    """A week on trial, and working memory; the arrays are changed in place."""

    option: IntArray  # (day,)
    breaks: IntArray  # (day, break)
    days: IntArray  # (2,) the days on which it differs
    mark: IntArray  # (slot,) 1 where she was on queue, 2 where she would be
    touched: IntArray  # (slots,) list of slots
    worth: FloatArray  # (slot + 1,) sums of what she saves from slot to slot
    row_value: FloatArray  # (2, row + 1) of the best option of each length, last of a day off
    row_option: IntArray  # (2, row + 1)
    tally: IntArray  # (kind of move, 3): tried, legal, accepted


@part
def copy_breaks(source: IntArray, target: IntArray, d: int, e: int) -> None:
    """Copy the breaks of a day to a day."""
    for b in range(source.shape[1]):
        target[e, b] = source[d, b]


@part
def mark(
    legal: LegalDays, who: Traits, option: int, breaks: IntArray, by: int, mark: IntArray
) -> None:
    """Add to the marks of the slots in which a shift is on queue."""
    if option < 0:
        return
    start, row = legal.start[option], who.opt_row[option]
    for s in range(start, start + who.len_slots[row]):
        mark[s] += by
    for b in range(who.break_count[row]):
        at = start + breaks[b]
        for s in range(at, at + who.break_slots[row, b, 0]):
            mark[s] -= by


@part
def unmark(legal: LegalDays, who: Traits, option: int, mark: IntArray) -> None:
    """Take all marks from the slots of a shift."""
    if option >= 0:
        start = legal.start[option]
        for s in range(start, start + who.len_slots[who.opt_row[option]]):
            mark[s] = 0


@part
def list_windows(legal: LegalDays, who: Traits, trial: Trial, days: IntArray) -> int:
    """List the slots in which the breaks of the week on trial may lie; returns how many."""
    size = 0
    for d in days:
        option = trial.option[d]
        if option < 0:
            continue
        start, row = legal.start[option], who.opt_row[option]
        for b in range(who.break_count[row]):
            length, first, last = who.break_slots[row, b]
            for s in range(start + first, start + last + length):
                trial.touched[size] = s
                size += 1
    return size


@part
def list_changes(
    legal: LegalDays, who: Traits, trial: Trial, option: IntArray, days: IntArray
) -> int:
    """Mark the week on trial and list the slots that it leaves or joins; returns how many."""
    size = 0
    for d in days:
        mark(legal, who, trial.option[d], trial.breaks[d], 2, trial.mark)
    for d in days:
        for wanted, one in ((1, option[d]), (2, trial.option[d])):
            if one < 0:
                continue
            start = legal.start[one]
            for s in range(start, start + who.len_slots[who.opt_row[one]]):
                if trial.mark[s] == wanted:
                    trial.touched[size] = s
                    size += 1
    return size


@part
def list_days(legal: LegalDays, who: Traits, trial: Trial, days: IntArray) -> int:
    """List the slots that any shift of the days touches; returns how many."""
    size = 0
    for d in days:
        end = 0
        for o in range(legal.day_ptr[d], legal.day_ptr[d + 1]):
            end = max(end, legal.end[o])
        for s in range(legal.start[legal.day_ptr[d]], end):
            trial.touched[size] = s
            size += 1
    return size


@part
def draw_breaks(who: Traits, trial: Trial, days: IntArray, is_one: bool, u: FloatArray) -> None:
    """Move one break to anywhere in its window; else keep those that may stay, draw the others."""
    for d in days:
        option, breaks = trial.option[d], trial.breaks[d]
        if option < 0:
            continue
        row = who.opt_row[option]
        count = who.break_count[row]
        for b in range(count):
            _, first, last = who.break_slots[row, b]
            draw = u[4] if is_one else u[b % 3 + 5]
            is_moved = b == int(u[3] * count) if is_one else not first <= breaks[b] <= last
            if is_moved:
                breaks[b] = first + int(draw * (last - first + 1))


@part
def place_breaks(at: Slots, legal: LegalDays, who: Traits, trial: Trial, days: IntArray) -> None:
    """Put the breaks of the week on trial where they cost least, all prices being known."""
    for d in days:
        option, breaks = trial.option[d], trial.breaks[d]
        if option < 0:
            continue
        start, row = legal.start[option], who.opt_row[option]
        for b in range(who.break_count[row]):
            length, first, last = who.break_slots[row, b]
            best = np.inf
            for begin in range(first, last + 1):
                lost = 0.0
                for s in range(start + begin, start + begin + length):
                    k = who.kind_at[s]
                    if k >= 0:
                        lost += at.loss[k, s] if trial.mark[s] == 1 else at.gain[k, s]
                if lost < best:
                    best, breaks[b] = lost, begin


@part
def own_cost(legal: LegalDays, who: Traits, option: IntArray, days: IntArray) -> float:
    """Wishes and paid time of some days, in harm points."""
    cost = 0.0
    for d in days:
        o = option[d]
        if o >= 0:
            cost += who.burden_sum[legal.end[o]] - who.burden_sum[legal.start[o]]
            cost += who.paid_cost * who.len_paid[who.opt_row[o]]
    return cost
