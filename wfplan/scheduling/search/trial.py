"""Weeks on trial: what moves know of people, and which slots a change would touch, as kernels."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wfplan.compiled import apart, part
from wfplan.scheduling.person.legal import LegalDays
from wfplan.scheduling.service.slots import SECOND, WAS, WILL, Slots, worth_of

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
WORKED, FREE, ANY = range(3)  # kinds of days
_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


class Traits(NamedTuple):
    """What the moves have to know of one person beside her legal days; nothing here changes."""

    opt_row: IntArray  # (option,) row of the table of lengths
    len_slots: IntArray  # (row,)
    len_paid: IntArray
    break_count: IntArray
    break_slots: IntArray  # (row, break, 3): length, earliest and latest start
    break_kind: IntArray  # (row, break) place among the PAUSES
    burden_sum: FloatArray  # (slot + 1,), burdens added up
    rest_sum: FloatArray  # (2, slot + 1), what slots of a rest, of a meal cost, added up
    paid_cost: float
    kind_at: IntArray  # (slot,) what she is to each slot, -1 for nothing
    origin: IntArray  # (day,) first slot of each date
    day_span: IntArray  # (day, 2) first slot of any shift of a date, and the end of the last one


class Weeks(NamedTuple):
    """Everybody's weeks; the arrays are changed in place."""

    legal: IntArray  # (person, word) her legal days, as they lie in memory
    who: IntArray  # (person, word) her traits
    option: IntArray  # (person, day), -1 for a day off
    breaks: IntArray  # (person, day, break)
    rules: FloatArray  # (person,) harm points that rules ask for her week
    is_changed: BoolArray  # (person,)


class Trial(NamedTuple):
    """Weeks of up to two people on trial, and working memory; the arrays are changed in place."""

    chance: NDArray[np.uint64]  # (1,) state of the random numbers
    option: IntArray  # (2, day)
    breaks: IntArray  # (2, day, break)
    days: IntArray  # (day,) the days on which they differ
    mark: IntArray  # (slot,)
    touched: IntArray  # (slots,) list of slots
    worth: FloatArray  # (slot + 1,) sums of what a person saves from slot to slot
    is_wanted: BoolArray  # (2, row + 1) lengths to choose from on each day; last a day off
    row_value: FloatArray  # (2, row + 1) of the best option of each length
    row_option: IntArray  # (2, row + 1)
    tally: IntArray  # (kind of move, 3): tried, legal, accepted


@part
def day_from(legal: LegalDays, option: IntArray, first: int, kind: int, but: int) -> int:
    """The first day of a kind from one on, around the horizon, other than one; -1 if none."""
    days = option.shape[0]
    for step in range(days):
        d = (first + step) % days
        is_possible = legal.day_ptr[d] < legal.day_ptr[d + 1]
        is_kind = kind == ANY or (option[d] >= 0) == (kind == WORKED)
        if is_possible and is_kind and d != but:
            return int(d)
    return -1


@part
def first_from(legal: LegalDays, d: int, start: int) -> int:
    """The first option of a day that starts at or after a slot; the end of the day's if none."""
    low, high = legal.day_ptr[d], legal.day_ptr[d + 1]
    while low < high:
        middle = (low + high) // 2
        if legal.start[middle] < start:
            low = middle + 1
        else:
            high = middle
    return int(low)


@part
def draw(chance: NDArray[np.uint64]) -> float:
    """A uniform number in (0, 1): splitmix64 (Steele et al. 2014, doi:10.1145/2714064.2660195)."""
    chance[0] += _GOLDEN
    z = chance[0]
    z = (z ^ (z >> np.uint64(30))) * _MIX_1
    z = (z ^ (z >> np.uint64(27))) * _MIX_2
    z = z ^ (z >> np.uint64(31))
    return (np.float64(z >> np.uint64(11)) + 0.5) / 2.0**53


@part
def draw_below(chance: NDArray[np.uint64], count: int) -> int:
    """A whole number from 0 to below ``count``."""
    return int(draw(chance) * count)


@part
def draw_noise(chance: NDArray[np.uint64]) -> float:
    """Gumbel's noise: of values with it the largest is each one with its Boltzmann probability."""
    return float(-np.log(-np.log(draw(chance))))


@part
def mark_shift(
    legal: LegalDays, who: Traits, option: int, breaks: IntArray, bit: int, mark: IntArray
) -> None:
    """Mark the slots in which a shift is on queue."""
    if option < 0:
        return
    start, row = legal.start[option], who.opt_row[option]
    for s in range(start, start + who.len_slots[row]):
        mark[s] |= bit
    for b in range(who.break_count[row]):
        at = start + breaks[b]
        for s in range(at, at + who.break_slots[row, b, 0]):
            mark[s] &= ~bit


@apart
def mark_days(
    legal: LegalDays, who: Traits, trial: Trial, option: IntArray, breaks: IntArray, count: int,
    bit: int,
) -> None:  # fmt: skip
    """Mark where a person is on queue on the days that differ."""
    for d in trial.days[:count]:
        mark_shift(legal, who, option[d], breaks[d], bit, trial.mark)


@apart
def unmark(
    legal: LegalDays, who: Traits, trial: Trial, p: int, option: IntArray, count: int
) -> None:
    """Take all marks from the slots of the shifts that differ."""
    for d in trial.days[:count]:
        for o in (option[d], trial.option[p, d]):
            if o >= 0:
                for s in range(legal.start[o], legal.end[o]):
                    trial.mark[s] = 0


@apart
def list_changes(
    legal: LegalDays, trial: Trial, p: int, option: IntArray, count: int, size: int
) -> int:
    """List the slots that the p-th person leaves or joins, behind those listed before."""
    scale, listed = SECOND if p else 1, SECOND * SECOND
    for d in trial.days[:count]:
        for o in (option[d], trial.option[p, d]):
            if o < 0:
                continue
            for s in range(legal.start[o], legal.end[o]):
                mine = trial.mark[s] // scale % SECOND
                if mine in (WAS, WILL) and trial.mark[s] < listed:
                    trial.mark[s] += listed
                    trial.touched[size] = s
                    size += 1
    return size


@part
def cheapest_break(
    at: Slots, who: Traits, trial: Trial, start: int, row: int, b: int, heat: float
) -> int:
    """Where a break of a shift costs least, chance added; she is on queue where marked."""
    length, first, last = who.break_slots[row, b]
    best, where, eased = np.inf, first, who.rest_sum[who.break_kind[row, b]]
    for begin in range(first, last + 1):
        lost = eased[start + begin + length] - eased[start + begin]
        for s in range(start + begin, start + begin + length):
            lost += worth_of(at, who.kind_at[s], s, trial.mark[s] & WAS > 0)
        if heat > 0.0 and lost < best + 12.0 * heat:
            lost -= heat * draw_noise(trial.chance)
        if lost < best:
            best, where = lost, begin
    return int(where)


@part
def place_breaks(at: Slots, legal: LegalDays, who: Traits, trial: Trial, count: int) -> None:
    """Put the breaks of the first person's days on trial where they cost least."""
    for d in trial.days[:count]:
        option = trial.option[0, d]
        if option >= 0:
            start, row = legal.start[option], who.opt_row[option]
            for b in range(who.break_count[row]):
                trial.breaks[0, d, b] = cheapest_break(at, who, trial, start, row, b, 0.0)


@apart
def own_cost(legal: LegalDays, who: Traits, option: IntArray, days: IntArray) -> float:
    """Wishes and paid time of some days, and prices of her moments, in harm points."""
    cost = 0.0
    for d in days:
        o = option[d]
        if o >= 0:
            cost += who.burden_sum[legal.end[o]] - who.burden_sum[legal.start[o]]
            cost += who.paid_cost * who.len_paid[who.opt_row[o]]
    return cost


@apart
def rest_rise(
    legal: LegalDays, who: Traits, trial: Trial, p: int, option: IntArray, breaks: IntArray,
    count: int,
) -> float:  # fmt: skip
    """By how much prices of the moments of her breaks rise with the p-th week on trial."""
    rise = 0.0
    for d in trial.days[:count]:
        for sign, o, starts in (
            (1.0, trial.option[p, d], trial.breaks[p, d]),
            (-1.0, option[d], breaks[d]),
        ):
            if o < 0:
                continue
            row = who.opt_row[o]
            for b in range(who.break_count[row]):
                at, eased = legal.start[o] + starts[b], who.rest_sum[who.break_kind[row, b]]
                rise += sign * (eased[at + who.break_slots[row, b, 0]] - eased[at])
    return rise
