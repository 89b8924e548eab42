"""Moves of people who stay on what they serve: shifts and stays changed together, as kernels.

People are on one channel at a time, so slots need no spread: a channel's staff
is the sum of who serves it. A move takes a person out of one or two of her
days, puts other shifts there (:mod:`wfplan.scheduling.stays.stay_proposals`), or weighs all
of them, and fills them with the best stays (:mod:`wfplan.scheduling.stays.stays`) at
prices with a little noise (the noising method of Charon and Hudry 1993,
doi:10.1016/0167-6377(93)90023-A). What she no longer serves may be passed on:
a colleague on shift there gets new stays too, and so on for a few steps (an
ejection chain; Glover 1996, doi:10.1016/0166-218X(94)00037-E). The whole stands
or falls by Metropolis' rule.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wfplan.compiled import kernel, part
from wfplan.scheduling.person.legal import LegalDays, cost_of_days
from wfplan.scheduling.search.trial import Traits, own_cost
from wfplan.scheduling.service.slots import Slots
from wfplan.scheduling.stays.serving import price_stays
from wfplan.scheduling.stays.stay_chain import Chain, keep, pass_on, undo
from wfplan.scheduling.stays.stay_proposals import (
    KINDS_OF_MOVE,
    REDRAW,
    STAYS,
    Draft,
    choose_days,
    propose,
)
from wfplan.scheduling.stays.stays import NEVER, Memo, StayRules
from wfplan.scheduling.stays.tours import Tours, clear, fill, put_shift, reach, value_day

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@part
def _redraw_days(
    at: Slots, legal: LegalDays, who: Traits, rules: StayRules, memo: Memo, draft: Draft,
    noise: float, u: FloatArray,
) -> None:  # fmt: skip
    """Choose the best shifts of two days at noisy prices, given her other days."""
    new, d, e = draft.option, draft.days[0], draft.days[1]
    nothing, worth = who.len_slots.shape[0], draft.worth
    for side in range(2):
        day = draft.days[side]
        first, last = reach(legal, day)
        price_stays(at, who.kind_at, first, last, memo, noise, u[3 + side])
        value_day(legal, who, day, rules, memo, worth)
        value, chosen = draft.row_value[side], draft.row_option[side]
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
            value = draft.row_value[0, r] + draft.row_value[1, q]
            if value > best:
                new[d], new[e] = draft.row_option[0, r], draft.row_option[1, q]
                value -= cost_of_days(legal, new)
                if value > best:
                    best, best_d, best_e = value, new[d], new[e]
    new[d], new[e] = best_d, best_e


@part
def _clear_days(at: Slots, tours: Tours, i: int, days: IntArray, chain: Chain) -> float:
    """Take a person off queue on some days, written down; by how much the coverage costs more."""
    rise = 0.0
    for d in range(chain.option.shape[0]):
        chain.option[d] = tours.option[i, d]
    for step in range(days.shape[0]):
        keep(tours, i, days[step], chain, step)
        rise += clear(at, tours, i, days[step])
    return rise


@part
def _fill_days(
    at: Slots, tours: Tours, i: int, legal: LegalDays, who: Traits, rules: StayRules, memo: Memo,
    draft: Draft, days: IntArray, noise: float, u: FloatArray,
) -> tuple[bool, float]:  # fmt: skip
    """Give a person the shifts on trial with their best stays; as :func:`tours.fill`."""
    is_filled, rise = True, 0.0
    for step in range(days.shape[0]):
        d = days[step]
        put_shift(tours, i, d, draft.option[d], legal, who)
        is_full, more = fill(at, tours, i, d, rules, memo, noise, u[5 + step])
        rise, is_filled = rise + more, is_filled and is_full
    return is_filled, rise


@kernel
def make_stay_moves(
    at: Slots,
    tours: Tours,
    i: int,
    legal: LegalDays,
    who: Traits,
    rules: StayRules,
    memo: Memo,
    draft: Draft,
    chain: Chain,
    mix: FloatArray,
    draws: FloatArray,
    temperature: float,
    noise: float,
) -> float:
    """
    Try one move of person ``i`` for each row of ``draws``; returns the rise of the objective.

    ``noise`` is in temperatures, ``mix`` the shares of the kinds of moves, added
    up, ``draws`` uniform numbers, (move, DRAWS). All tuples are packed.
    """
    rise, option = 0.0, tours.option[i]
    now, old = cost_of_days(legal, option), chain.option
    for n in range(draws.shape[0]):
        u = draws[n]
        move = 0
        while move < KINDS_OF_MOVE - 1 and u[0] >= mix[move]:
            move += 1
        draft.tally[move, 0] += 1
        days = draft.days[: choose_days(legal, draft, option, move, u)]
        if days.shape[0] == 0 or not propose(legal, who, draft, move, u):
            continue
        then = now if move in (STAYS, REDRAW) else cost_of_days(legal, draft.option)
        if then == np.inf:
            continue
        draft.tally[move, 1] += 1
        width, price = noise * temperature, _clear_days(at, tours, i, days, chain)
        if move == REDRAW:
            _redraw_days(at, legal, who, rules, memo, draft, width, u)
            then = cost_of_days(legal, draft.option)
        is_filled, more = _fill_days(at, tours, i, legal, who, rules, memo, draft, days, width, u)
        price += more
        own = then - now + own_cost(legal, who, draft.option, days)
        own -= own_cost(legal, who, old, days)
        limit = -temperature * np.log(1.0 - u[7]) - own
        steps = days.shape[0]
        if is_filled and price > limit:
            steps, price = pass_on(at, tours, chain, steps, rules, memo, price, limit, width, u)
        if is_filled and price <= limit:
            rise, now = rise + price + own, then
            draft.tally[move, 2] += 1
        else:
            undo(at, tours, chain, steps, i, days, old, legal, who)
    return rise
