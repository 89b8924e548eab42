"""Redraws: one or two days of a person drawn anew from all shifts of some lengths, as kernels.

All shifts of a day are weighed at once, each with its breaks where they cost
least, and one is taken by its Boltzmann probability (the heat bath of Geman and
Geman 1984, doi:10.1109/TPAMI.1984.4767596): of values with Gumbel's noise times
the temperature it is the largest.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wfplan.compiled import apart, part
from wfplan.scheduling.person.legal import LegalDays, cost_of_days
from wfplan.scheduling.search.trial import Traits, Trial, draw_noise
from wfplan.scheduling.service.slots import WAS, Slots, worth_of

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_LUCK = 12.0  # temperatures by which chance hardly ever lifts an option
_NEVER = 1 << 40


@apart
def redraw(
    at: Slots, legal: LegalDays, who: Traits, trial: Trial, count: int, heat: float
) -> float:
    """
    Draw one or two days of the week on trial; what rules ask for it, infinite if none is legal.

    Her shifts of those days are marked, the lengths to choose from are ``is_wanted``.
    """
    new, rows = trial.option[0], who.len_slots.shape[0] + 1
    d, e = trial.days[0], trial.days[count - 1]
    for side in range(count):
        _weigh_day(at, legal, who, trial, side, count, heat)
    best, best_d, best_e, rules = -np.inf, new[d], new[e], np.inf
    for r in range(rows):
        for q in range(rows if count > 1 else 1):
            value = trial.row_value[0, r]
            if count > 1:
                value += trial.row_value[1, q]
            if value > best:
                if count > 1:
                    new[e] = trial.row_option[1, q]
                new[d] = trial.row_option[0, r]
                asked = cost_of_days(legal, new)
                value += _own_price(legal, new[d]) - asked
                if count > 1:
                    value += _own_price(legal, new[e])
                if value > best:
                    best, best_d, best_e, rules = value, new[d], new[e], asked
    new[e] = best_e
    new[d] = best_d
    return float(rules)


@apart
def _weigh_day(
    at: Slots, legal: LegalDays, who: Traits, trial: Trial, side: int, count: int, heat: float
) -> None:
    """The best option of each wanted length on a day, chance added, and the day off."""
    d, value, chosen = trial.days[side], trial.row_value[side], trial.row_option[side]
    wanted, off = trial.is_wanted[side], who.len_slots.shape[0]
    _sum_worth(at, who, trial, who.day_span[d, 0], who.day_span[d, 1])
    early, late = _room(legal, trial, d, count)
    for row in range(off + 1):
        value[row] = -np.inf
    if wanted[off]:
        value[off], chosen[off] = heat * draw_noise(trial.chance), -1
    for o in range(legal.day_ptr[d], legal.day_ptr[d + 1]):
        row, start, end = who.opt_row[o], legal.start[o], legal.end[o]
        if not wanted[row] or start < early or end > late:
            continue
        total = _worth_of_shift(who, trial.worth, start, end, row) - legal.price[o]
        if total > value[row] - _LUCK * heat:
            total += heat * draw_noise(trial.chance)
            if total > value[row]:
                value[row], chosen[row] = total, o


@part
def _own_price(legal: LegalDays, option: int) -> float:
    """What rules ask for a shift alone, which :func:`_weigh_day` has in its value."""
    return float(legal.price[option]) if option >= 0 else 0.0


@part
def _sum_worth(at: Slots, who: Traits, trial: Trial, begin: int, end: int) -> None:
    """Sums of what a person saves from slot to slot; her own days are marked."""
    trial.worth[begin] = 0.0
    for s in range(begin, end):
        saved = worth_of(at, who.kind_at[s], s, trial.mark[s] & WAS > 0)
        trial.worth[s + 1] = trial.worth[s] + saved


@part
def _room(legal: LegalDays, trial: Trial, d: int, count: int) -> tuple[int, int]:
    """Before and after which slots her other days leave no room for a shift of a day."""
    new, other = trial.option[0], -1
    if count > 1:
        other = trial.days[1] if trial.days[0] == d else trial.days[0]
    early, late, x = legal.ready, _NEVER, d - 1
    while x >= 0 and new[x] < 0 and x != other:
        x -= 1
    if x >= 0:
        early = -_NEVER
        if x != other:
            early = legal.end[new[x]] + legal.daily_rest
            early = max(early, legal.start[new[x]] + legal.start_distance)
    x = d + 1
    while x < new.shape[0] and new[x] < 0 and x != other:
        x += 1
    if x < new.shape[0] and x != other:
        late = legal.start[new[x]] - legal.daily_rest
    return early, late


@part
def _worth_of_shift(who: Traits, worth: FloatArray, start: int, end: int, row: int) -> float:
    """What a shift saves with its breaks where they cost least, less wishes and paid time."""
    total = worth[end] - worth[start] - who.paid_cost * who.len_paid[row]
    total -= who.burden_sum[end] - who.burden_sum[start]
    for b in range(who.break_count[row]):
        length, first, last = who.break_slots[row, b]
        least, eased = np.inf, who.rest_sum[who.break_kind[row, b]]
        for s in range(start + first, start + last + 1):
            lost = worth[s + length] - worth[s] + eased[s + length] - eased[s]
            least = min(least, lost)
        total -= least
    return float(total)
