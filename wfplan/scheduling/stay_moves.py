"""Moves of people who stay on what they serve: shifts and stays changed together, as kernels.

People are on one channel at a time, so slots need no spread: a channel's staff
is the sum of who serves it. A move takes a person out of one or two of her
days, puts other shifts there (:mod:`wfplan.scheduling.moves`), or weighs all of
them, and fills them with the best stays (:mod:`wfplan.scheduling.stays`) at
prices with a little noise (the noising method of Charon and Hudry 1993,
doi:10.1016/0167-6377(93)90023-A). What she no longer serves may be passed on:
a colleague on shift there gets new stays too, and so on for a few steps (an
ejection chain; Glover 1996, doi:10.1016/0166-218X(94)00037-E). The whole stands
or falls by Metropolis' rule.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wfplan.compiled import kernel, part
from wfplan.scheduling.legal import LegalDays, cost_of
from wfplan.scheduling.moves import BREAK, KINDS_OF_MOVE, REDRAW, _choose_days, _propose
from wfplan.scheduling.serving import price_stays, serve_all
from wfplan.scheduling.slots import Slots
from wfplan.scheduling.spread import channel_cost
from wfplan.scheduling.stays import NEVER, NOBODY, Memo, StayRules, trace_stays, weigh_stays
from wfplan.scheduling.trial import Traits, Trial, own_cost

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_EPS = 1e-9


class Tours(NamedTuple):
    """Everybody's shifts and stays; the arrays are changed in place."""

    option: IntArray  # (person, day) -1: off
    first: IntArray  # (person, day) slot in which the shift begins
    last: IntArray  # (person, day) its end; equal to first where there is none
    breaks: IntArray  # (person, day, break) starts, from the start of the shift
    count: IntArray  # (person, day) breaks
    windows: IntArray  # (person, day, break, 3): length, earliest and latest start
    serving: IntArray  # (person, slot) channel, -1: none
    kind_at: IntArray  # (person, slot)


class Chain(NamedTuple):
    """What a chain has changed, to be undone: a step is a person's shift as it was."""

    person: IntArray  # (step,)
    day: IntArray  # (step,)
    first: IntArray  # (step,) the slots in which she was on shift
    last: IntArray  # (step,)
    option: IntArray  # (day,) the week with which the chain began
    breaks: IntArray  # (step, break)
    serving: IntArray  # (step, slot)


@part
def _reach(legal: LegalDays, d: int) -> tuple[int, int]:
    """First slot and end of what the shifts of a day may touch."""
    first, last = legal.day_ptr[d], legal.day_ptr[d + 1]
    end = 0
    for o in range(first, last):
        end = max(end, legal.end[o])
    return (legal.start[first], end) if first < last else (0, 0)


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


@kernel
def value_days(
    at: Slots, legal: LegalDays, who: Traits, rules: StayRules, memo: Memo, worth: FloatArray
) -> None:
    """Value of every shift of a person who is nowhere on queue, (option,)."""
    for d in range(legal.day_ptr.shape[0] - 1):
        first, last = _reach(legal, d)
        price_stays(at, who.kind_at, first, last, memo, 0.0, 0.0)
        value_day(legal, who, d, rules, memo, worth)


@part
def put_shift(tours: Tours, i: int, d: int, o: int, legal: LegalDays, who: Traits) -> None:
    """Write a shift of a person down, without its stays."""
    tours.option[i, d] = o
    if o < 0:
        tours.first[i, d] = tours.last[i, d] = 0
        return
    row = who.opt_row[o]
    tours.first[i, d], tours.last[i, d] = legal.start[o], legal.end[o]
    tours.count[i, d] = who.break_count[row]
    for b in range(who.break_count[row]):
        for part_of in range(3):
            tours.windows[i, d, b, part_of] = who.break_slots[row, b, part_of]


@part
def fill(
    at: Slots, tours: Tours, i: int, d: int, rules: StayRules, memo: Memo, noise: float,
    seed: float,
) -> tuple[bool, float]:  # fmt: skip
    """
    Give a person's shift its best stays and breaks, and put her on queue there.

    She must be off queue in all of its slots. Returns whether the shift can have
    stays, and by how much the coverage costs more.
    """
    first, last, count = tours.first[i, d], tours.last[i, d], tours.count[i, d]
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
def _redraw_days(
    at: Slots, legal: LegalDays, who: Traits, rules: StayRules, memo: Memo, trial: Trial,
    worth: FloatArray, noise: float, u: FloatArray,
) -> None:  # fmt: skip
    """Choose the best shifts of two days at noisy prices, given her other days."""
    new, d, e = trial.option, trial.days[0], trial.days[1]
    nothing = who.len_slots.shape[0]
    for side in range(2):
        day = trial.days[side]
        first, last = _reach(legal, day)
        price_stays(at, who.kind_at, first, last, memo, noise, u[3 + side])
        value_day(legal, who, day, rules, memo, worth)
        value, chosen = trial.row_value[side], trial.row_option[side]
        for row in range(nothing):
            value[row] = NEVER
        value[nothing], chosen[nothing] = 0.0, -1
        for o in range(legal.day_ptr[day], legal.day_ptr[day + 1]):
            row = who.opt_row[o]
            if worth[o] > value[row]:
                value[row], chosen[row] = worth[o], o
    best, best_d, best_e = NEVER, new[d], new[e]
    for r in range(nothing + 1):
        for q in range(nothing + 1):
            value = trial.row_value[0, r] + trial.row_value[1, q]
            if value > best:
                new[d], new[e] = trial.row_option[0, r], trial.row_option[1, q]
                value -= cost_of(legal, new)
                if value > best:
                    best, best_d, best_e = value, new[d], new[e]
    new[d], new[e] = best_d, best_e


@part
def _keep(tours: Tours, i: int, d: int, chain: Chain, step: int) -> None:
    """Write down what a person serves on a day, before a chain changes it."""
    first, last = tours.first[i, d], tours.last[i, d]
    chain.person[step], chain.day[step] = i, d
    chain.first[step], chain.last[step] = first, last
    for b in range(tours.breaks.shape[2]):
        chain.breaks[step, b] = tours.breaks[i, d, b]
    for s in range(first, last):
        chain.serving[step, s] = tours.serving[i, s]


@part
def _give_back(at: Slots, tours: Tours, chain: Chain, step: int) -> None:
    """Let a person serve what she served before a step; her shift is again what it was."""
    i, d = chain.person[step], chain.day[step]
    first, last = tours.first[i, d], tours.last[i, d]
    for b in range(tours.breaks.shape[2]):
        tours.breaks[i, d, b] = chain.breaks[step, b]
    for s in range(first, last):
        tours.serving[i, s] = chain.serving[step, s]
    serve_all(at, tours.kind_at[i], tours.serving[i], first, last, 1)


@part
def _worst_hole(
    at: Slots, tours: Tours, chain: Chain, step: int, is_down: bool
) -> tuple[int, float]:
    """The slot in which what a step left is worth most to be served again."""
    i, worst, found = chain.person[step], -1, _EPS
    first, last = chain.first[step], chain.last[step]
    for n in range(first, last):
        s = first + last - 1 - n if is_down else n
        c, t, k = chain.serving[step, s], at.interval_of[s], tours.kind_at[i, s]
        if c < 0 or t < 0 or tours.serving[i, s] == c:
            continue
        pace = at.kind_mass[k] * at.speed[at.kind_group[k], c]
        saved = channel_cost(at.cost, c, t, at.staff[s, c])
        saved -= channel_cost(at.cost, c, t, at.staff[s, c] + pace) + at.head_price
        if saved > found:
            worst, found = s, saved
    return worst, found


@part
def _colleague(at: Slots, tours: Tours, s: int, c: int, but: int, u: float) -> tuple[int, int]:
    """
    Somebody on shift in a slot who serves another channel but could serve this one, and her day.

    Those without whom their channel costs no more come first.
    """
    people, t = tours.serving.shape[0], at.interval_of[s]
    begin, second = int(u * people), -1
    for n in range(people):
        j = (begin + n) % people
        on, k = tours.serving[j, s], tours.kind_at[j, s]
        if j == but or on < 0 or on == c or at.speed[at.kind_group[k], c] <= 0.0:
            continue
        pace = at.kind_mass[k] * at.speed[at.kind_group[k], on]
        lost = channel_cost(at.cost, on, t, max(at.staff[s, on] - pace, 0.0))
        lost -= channel_cost(at.cost, on, t, at.staff[s, on]) + at.head_price
        if lost <= _EPS:
            return j, _day_of(tours, j, s)
        if second < 0:
            second = j
    return second, _day_of(tours, second, s) if second >= 0 else -1


@part
def _day_of(tours: Tours, i: int, s: int) -> int:
    """The day whose shift of a person covers a slot."""
    for d in range(tours.first.shape[1]):
        if tours.first[i, d] <= s < tours.last[i, d]:
            return d
    return -1


@part
def _pass_on(
    at: Slots, tours: Tours, chain: Chain, steps: int, rules: StayRules, memo: Memo,
    rise: float, limit: float, noise: float, u: FloatArray,
) -> tuple[int, float]:  # fmt: skip
    """
    Pass on what the first steps of a chain left until the whole costs no more than ``limit``.

    Returns the number of steps and the rise of the coverage's cost.
    """
    oldest = 0
    while rise > limit and steps < chain.person.shape[0]:
        worst, found, left = -1, _EPS, oldest
        for step in range(oldest, steps):
            s, saved = _worst_hole(at, tours, chain, step, u[steps % u.shape[0]] < 0.5)
            if saved > found:
                worst, found, left = s, saved, step
        if worst < 0:
            break
        c, but = chain.serving[left, worst], chain.person[left]
        draw = u[(steps + 3) % u.shape[0]]
        j, d = _colleague(at, tours, worst, c, but, draw)
        if j < 0 or d < 0:
            break
        _keep(tours, j, d, chain, steps)
        rise += clear(at, tours, j, d)
        is_filled, more = fill(at, tours, j, d, rules, memo, noise, draw)
        rise += more
        oldest = max(oldest, steps - 2)
        steps += 1
        if not is_filled:
            rise = np.inf
    return steps, rise


@part
def _undo(
    at: Slots, tours: Tours, chain: Chain, steps: int, i: int, days: IntArray,
    old: IntArray, legal: LegalDays, who: Traits,
) -> None:  # fmt: skip
    """Undo a chain from its last step to its first, and the shifts that it began with."""
    for step in range(steps - 1, days.shape[0] - 1, -1):
        clear(at, tours, chain.person[step], chain.day[step])
        _give_back(at, tours, chain, step)
    for d in days:
        clear(at, tours, i, d)
        put_shift(tours, i, d, old[d], legal, who)
    for step in range(days.shape[0]):
        _give_back(at, tours, chain, step)


@kernel
def make_stay_moves(
    at: Slots,
    tours: Tours,
    i: int,
    legal: LegalDays,
    who: Traits,
    rules: StayRules,
    memo: Memo,
    trial: Trial,
    chain: Chain,
    worth: FloatArray,
    mix: FloatArray,
    draws: FloatArray,
    temperature: float,
    noise: float,
) -> float:
    """
    Try one move of person ``i`` for each row of ``draws``; returns the rise of the objective.

    Moves are those of :func:`wfplan.scheduling.moves.make_moves`, but that the
    one of breaks gives a shift new stays and breaks. ``noise`` is in
    temperatures, ``mix`` the shares of the kinds of moves, added up.
    """
    rise, option = 0.0, tours.option[i]
    now, old = cost_of(legal, option), chain.option
    for n in range(draws.shape[0]):
        u = draws[n]
        move = 0
        while move < KINDS_OF_MOVE - 1 and u[0] >= mix[move]:
            move += 1
        trial.tally[move, 0] += 1
        days = trial.days[: _choose_days(legal, trial, option, move, u)]
        if days.shape[0] == 0 or not _propose(legal, who, trial, move, u):
            continue
        then = now if move in (BREAK, REDRAW) else cost_of(legal, trial.option)
        if then == np.inf:
            continue
        trial.tally[move, 1] += 1
        width, price = noise * temperature, 0.0
        for d in range(option.shape[0]):
            old[d] = option[d]
        for step in range(days.shape[0]):
            d = days[step]
            _keep(tours, i, d, chain, step)
            price += clear(at, tours, i, d)
        if move == REDRAW:
            _redraw_days(at, legal, who, rules, memo, trial, worth, width, u)
            then = cost_of(legal, trial.option)
        is_filled = True
        for step in range(days.shape[0]):
            d = days[step]
            put_shift(tours, i, d, trial.option[d], legal, who)
            is_full, more = fill(at, tours, i, d, rules, memo, width, u[5 + step])
            price, is_filled = price + more, is_filled and is_full
        own = then - now + own_cost(legal, who, trial.option, days)
        own -= own_cost(legal, who, old, days)
        limit = -temperature * np.log(1.0 - u[7]) - own
        steps = days.shape[0]
        if is_filled and price > limit:
            steps, price = _pass_on(at, tours, chain, steps, rules, memo, price, limit, width, u)
        if is_filled and price <= limit:
            rise, now = rise + price + own, then
            trial.tally[move, 2] += 1
        else:
            _undo(at, tours, chain, steps, i, days, old, legal, who)
    return rise
