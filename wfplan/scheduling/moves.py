"""Moves: changes of one or two days of a person by the ten thousand a second, as kernels.

Slots are independent and a person is in a slot once or not at all, so what a
changed week costs is exactly the losses in the slots that she leaves less the
gains in those that she joins (:mod:`wfplan.scheduling.slots`), plus her own
wishes, rules and paid time. Small moves are accepted by Metropolis' rule
(Kirkpatrick, Gelatt and Vecchi 1983, doi:10.1126/science.220.4598.671); a redraw
weighs all shifts of two days at once and takes one by its Boltzmann probability
(the heat bath of Geman and Geman 1984, doi:10.1109/TPAMI.1984.4767596).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wfplan.compiled import kernel, part
from wfplan.scheduling.legal import LegalDays, cost_of
from wfplan.scheduling.slots import Slots, change_over, price_change
from wfplan.scheduling.trial import (
    Traits,
    Trial,
    copy_breaks,
    draw_breaks,
    list_changes,
    list_days,
    list_windows,
    mark,
    own_cost,
    place_breaks,
    unmark,
)  # fmt: skip

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

DRAWS = 9  # random numbers of a move
BREAK, SLIDE, RESIZE, TRANSFER, SWAP, OTHER_DAY, REDRAW = range(7)
KINDS_OF_MOVE = 7
_WORKED, _FREE, _ANY = range(3)
_LUCK = 12.0  # temperatures by which chance hardly ever lifts an option
_LCG = np.uint64(6364136223846793005)  # Knuth's multiplier, for noise inside a kernel
_STEP = np.uint64(1442695040888963407)
_FAR = 12.0  # slots that a start moves by at most
_GREEDY = 0.5  # share of small moves that put breaks where they cost least
_ROWS = 3.0  # rows of the table of lengths that a length moves by at most


@part
def _option_from(legal: LegalDays, who: Traits, d: int, start: int, row: int) -> int:
    """The first option of a day that starts at or after a slot and has a row; -1 if none does."""
    at, last = legal.day_ptr[d], legal.day_ptr[d + 1]
    high = last
    while at < high:
        middle = (at + high) // 2
        if legal.start[middle] < start:
            at = middle + 1
        else:
            high = middle
    while at < last and who.opt_row[at] != row:
        at += 1
    return at if at < last else -1


@part
def _option_at(legal: LegalDays, who: Traits, d: int, start: int, row: int) -> int:
    """The option of a day that starts in a slot and has a row; -1 if there is none."""
    at = _option_from(legal, who, d, start, row)
    return at if at >= 0 and legal.start[at] == start else -1


@part
def _resized(legal: LegalDays, who: Traits, d: int, option: int, step: int, keeps_end: bool) -> int:
    """The option with a length some rows from another's, start or end kept; -1 if none is."""
    row = who.opt_row[option]
    to = row + step
    if to < 0 or to >= who.len_slots.shape[0]:
        return -1
    start = legal.start[option]
    if keeps_end:
        start += who.len_slots[row] - who.len_slots[to]
    return _option_at(legal, who, d, start, to)


@part
def _day_from(legal: LegalDays, option: IntArray, first: int, kind: int, but: int) -> int:
    """The first day of a kind from one on, around the horizon, other than one; -1 if none."""
    days = option.shape[0]
    for step in range(days):
        d = (first + step) % days
        is_possible = legal.day_ptr[d] < legal.day_ptr[d + 1]
        is_kind = kind == _ANY or (option[d] >= 0) == (kind == _WORKED)
        if is_possible and is_kind and d != but:
            return int(d)
    return -1


@part
def _choose_days(legal: LegalDays, trial: Trial, option: IntArray, move: int, u: FloatArray) -> int:
    """The days that a move changes, and the week as it is put on trial; returns how many."""
    new, days = trial.option, trial.days
    for d in range(option.shape[0]):
        new[d] = option[d]
    kind = _ANY if move == REDRAW else _WORKED
    days[0] = _day_from(legal, new, int(u[1] * new.shape[0]), kind, -1)
    if days[0] < 0:
        return 0
    if move in (BREAK, SLIDE, RESIZE):
        return 1
    kind = _FREE if move == OTHER_DAY else kind
    days[1] = _day_from(legal, new, int(u[2] * new.shape[0]), kind, days[0])
    return 2 if days[1] >= 0 else 0


@part
def _propose(legal: LegalDays, who: Traits, trial: Trial, move: int, u: FloatArray) -> bool:
    """Change the days of the week on trial; whether there are such shifts."""
    new, d, e = trial.option, trial.days[0], trial.days[1]
    if move in (BREAK, REDRAW):
        return True
    sign, size = 1 if u[3] < 0.5 else -1, 1 + int(_ROWS * u[4] * u[4])
    far = 1 + int(_FAR * u[4] * u[4])
    on_d, row = new[d], who.opt_row[new[d]]
    if move == SLIDE:
        new[d] = _option_from(legal, who, d, legal.start[on_d] + sign * far, row)
        return bool(new[d] >= 0 and new[d] != on_d)
    if move == RESIZE:
        new[d] = _resized(legal, who, d, on_d, sign * size, u[5] < 0.5)
        return bool(new[d] >= 0)
    on_e, across = new[e], who.origin[e] - who.origin[d]
    if move == OTHER_DAY:
        start = legal.start[on_d] + across + sign * (far - 1)
        new[d], new[e] = -1, _option_from(legal, who, e, start, row)
        copy_breaks(trial.breaks, trial.breaks, d, e)
        return bool(new[e] >= 0)
    if move == TRANSFER:
        new[d] = _resized(legal, who, d, on_d, size, u[3] < 0.5)
        new[e] = _resized(legal, who, e, on_e, -size, u[5] < 0.5)
    else:
        new[d] = _option_at(legal, who, d, legal.start[on_e] - across, who.opt_row[on_e])
        new[e] = _option_at(legal, who, e, legal.start[on_d] + across, row)
    return bool(new[d] >= 0 and new[e] >= 0)


@part
def _row_bests(
    at: Slots, legal: LegalDays, who: Traits, trial: Trial, side: int, temperature: float, u: float
) -> None:
    """
    The best option of each length on a day, chance added, and the day off.

    Of values with Gumbel's noise times a temperature the largest is each option
    with its Boltzmann probability.
    """
    d, worth = trial.days[side], trial.worth
    value, chosen, state = trial.row_value[side], trial.row_option[side], np.uint64(u * 2.0**52)
    begin, end = legal.start[legal.day_ptr[d]], 0
    for o in range(legal.day_ptr[d], legal.day_ptr[d + 1]):
        end = max(end, legal.end[o])
    worth[begin] = 0.0
    for s in range(begin, end):
        k, saved = who.kind_at[s], 0.0
        if k >= 0:
            saved = at.loss[k, s] if trial.mark[s] == 1 else at.gain[k, s]
        worth[s + 1] = worth[s] + saved
    for row in range(value.shape[0]):
        value[row] = -np.inf
    for o in range(legal.day_ptr[d] - 1, legal.day_ptr[d + 1]):
        total, row = 0.0, who.len_slots.shape[0]
        if o >= legal.day_ptr[d]:
            start, row = legal.start[o], who.opt_row[o]
            total = worth[legal.end[o]] - worth[start] - who.paid_cost * who.len_paid[row]
            total -= who.burden_sum[legal.end[o]] - who.burden_sum[start]
            for b in range(who.break_count[row]):
                length, first, last = who.break_slots[row, b]
                least = np.inf
                for s in range(start + first, start + last + 1):
                    least = min(least, worth[s + length] - worth[s])
                total -= least
        if total > value[row] - _LUCK * temperature:
            state = state * _LCG + _STEP
            draw = (np.float64(state >> np.uint64(11)) + 0.5) / 2.0**53
            total -= temperature * np.log(-np.log(draw))
            if total > value[row]:
                value[row], chosen[row] = total, o if o >= legal.day_ptr[d] else -1


@part
def _redraw(
    at: Slots, legal: LegalDays, who: Traits, trial: Trial, temperature: float, u: FloatArray
) -> None:
    """Draw two days of a person anew, by what all their shifts cost, given her other days."""
    new, d, e = trial.option, trial.days[0], trial.days[1]
    _row_bests(at, legal, who, trial, 0, temperature, u[3])
    _row_bests(at, legal, who, trial, 1, temperature, u[4])
    best, best_d, best_e = -np.inf, new[d], new[e]
    rows = trial.row_value.shape[1]
    for r in range(rows):
        for q in range(rows):
            value = trial.row_value[0, r] + trial.row_value[1, q]
            if value > best:
                new[d], new[e] = trial.row_option[0, r], trial.row_option[1, q]
                value -= cost_of(legal, new)
                if value > best:
                    best, best_d, best_e = value, new[d], new[e]
    new[d], new[e] = best_d, best_e


@part
def _list_slots(
    legal: LegalDays, who: Traits, trial: Trial, option: IntArray, days: IntArray, what: int
) -> int:
    """List the windows of breaks (0), all slots of the days (1) or those that change (2)."""
    if what == 2:
        return int(list_changes(legal, who, trial, option, days))
    if what == 1:
        return int(list_days(legal, who, trial, days))
    return int(list_windows(legal, who, trial, days))


@part
def _close_trial(
    legal: LegalDays, who: Traits, trial: Trial, option: IntArray, breaks: IntArray,
    days: IntArray, is_taken: bool,
) -> None:  # fmt: skip
    """Wipe the marks of a trial, and let it be her week if it is taken."""
    for d in days:
        unmark(legal, who, option[d], trial.mark)
        unmark(legal, who, trial.option[d], trial.mark)
        if is_taken:
            option[d] = trial.option[d]
            copy_breaks(trial.breaks, breaks, d, d)


@kernel
def make_moves(
    at: Slots,
    legal: LegalDays,
    who: Traits,
    trial: Trial,
    option: IntArray,
    breaks: IntArray,
    mix: FloatArray,
    draws: FloatArray,
    temperature: float,
) -> float:
    """
    Try one move of a person for each row of ``draws``; returns the rise of the objective.

    ``option`` (day,) and ``breaks`` (day, break) are her week and are changed;
    ``mix`` are the shares of the kinds of moves, added up; ``draws`` are uniform
    numbers, (move, DRAWS). The kernels that spread people are called from here
    alone: whatever calls them is compiled together with them.
    """
    rise, now = 0.0, cost_of(legal, option)
    for n in range(draws.shape[0]):
        u = draws[n]
        move = 0
        while move < KINDS_OF_MOVE - 1 and u[0] >= mix[move]:
            move += 1
        trial.tally[move, 0] += 1
        days = trial.days[: _choose_days(legal, trial, option, move, u)]
        for d in days:
            copy_breaks(breaks, trial.breaks, d, d)
        if days.shape[0] == 0 or not _propose(legal, who, trial, move, u):
            continue
        then = now if move in (BREAK, REDRAW) else cost_of(legal, trial.option)
        if then == np.inf:
            continue
        trial.tally[move, 1] += 1
        for d in days:
            mark(legal, who, option[d], breaks[d], 1, trial.mark)
        is_greedy = move == REDRAW or u[8] < _GREEDY
        if not is_greedy:
            draw_breaks(who, trial, days, move == BREAK, u)
        touched, price = trial.touched[:0], 0.0
        for step in range(0 if is_greedy else 1, 2):
            size = _list_slots(legal, who, trial, option, days, 2 if step else move == REDRAW)
            touched = trial.touched[:size]
            price = price_change(at, who.kind_at, touched, trial.mark)
            if step == 0 and move == REDRAW:
                _redraw(at, legal, who, trial, temperature, u)
                then = cost_of(legal, trial.option)
            if step == 0:
                place_breaks(at, legal, who, trial, days)
        price += then - now + own_cost(legal, who, trial.option, days)
        price -= own_cost(legal, who, option, days)
        is_taken = move == REDRAW or price <= -temperature * np.log(1.0 - u[7])
        if is_taken:
            rise, now = rise + price, then
            trial.tally[move, 2] += 1
            change_over(at, who.kind_at, touched, trial.mark)
        _close_trial(legal, who, trial, option, breaks, days, is_taken)
    return rise
