"""Moves: changes of a few days of one or two people by the ten thousand a second, as kernels.

Slots are independent and a person is in a slot once or not at all, so what a
changed week costs is exactly the losses in the slots that she leaves less the
gains in those that she joins (:mod:`wfplan.scheduling.service.slots`), plus her own
wishes, rules and paid time. Moves of one person are redraws
(:mod:`wfplan.scheduling.search.redraw`); exchanges of two are accepted by Metropolis'
rule (Kirkpatrick, Gelatt and Vecchi 1983, doi:10.1126/science.220.4598.671).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wfplan.compiled import kept, kernel, part
from wfplan.scheduling.person.legal import LegalDays, cost_of_days
from wfplan.scheduling.search.exchange import (
    choose_counter_day,
    choose_one_day,
    choose_run,
    take_over,
)
from wfplan.scheduling.search.redraw import redraw
from wfplan.scheduling.search.trial import (
    ANY,
    FREE,
    WORKED,
    Traits,
    Trial,
    Weeks,
    cheapest_break,
    day_from,
    draw,
    draw_below,
    list_changes,
    mark_days,
    own_cost,
    place_breaks,
    rest_rise,
    unmark,
)  # fmt: skip
from wfplan.scheduling.service.slots import SECOND, WAS, WILL, Slots, make_changes, price_changes

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

BREAK, START, RESIZE, TRANSFER, SWAP, OTHER_DAY, REDRAW, BOTH, GIVE, CROSS, RUN = range(11)
KINDS_OF_MOVE = 11
_ROWS = 3.0  # rows of the table of lengths that a length moves by at most


@part
def _choose_days(legal: LegalDays, trial: Trial, option: IntArray, move: int) -> int:
    """The days that a move of one person draws anew; returns how many, 0 if there are none."""
    days, span = trial.days, option.shape[0]
    kind = ANY if move == REDRAW else WORKED
    days[0] = day_from(legal, option, draw_below(trial.chance, span), kind, -1)
    if days[0] < 0 or move in (BREAK, START, RESIZE):
        return 1 if days[0] >= 0 else 0
    kind = FREE if move == OTHER_DAY else kind
    days[1] = day_from(legal, option, draw_below(trial.chance, span), kind, days[0])
    return 2 if days[1] >= 0 else 0


@part
def _want_rows(who: Traits, trial: Trial, option: IntArray, move: int, count: int) -> None:
    """The lengths that a move may choose from on each of its days."""
    wanted, rows = trial.is_wanted, who.len_slots.shape[0]
    for row in range(rows + 1):
        wanted[0, row] = wanted[1, row] = move == REDRAW
    if move == REDRAW:
        return
    on_d = who.opt_row[option[trial.days[0]]]
    wanted[0, on_d] = True
    u = draw(trial.chance)
    step = 1 + int(_ROWS * u * u)
    step = step if draw(trial.chance) < 0.5 else -step
    if move in (RESIZE, TRANSFER) and 0 <= on_d + step < rows:
        wanted[0, on_d + step] = True
    if move == OTHER_DAY:
        wanted[0, rows] = wanted[1, rows] = wanted[1, on_d] = True
    elif count > 1:
        on_e = who.opt_row[option[trial.days[1]]]
        wanted[1, on_e] = True
        if move == SWAP:
            wanted[0, on_e] = wanted[1, on_d] = True
        elif 0 <= on_e - step < rows:
            wanted[1, on_e - step] = True


@part
def _copy_week(weeks: Weeks, trial: Trial, p: int, i: int) -> None:
    """Put a person's week on trial."""
    for d in range(weeks.option.shape[1]):
        trial.option[p, d] = weeks.option[i, d]
        for b in range(weeks.breaks.shape[2]):
            trial.breaks[p, d, b] = weeks.breaks[i, d, b]


@part
def _take(weeks: Weeks, trial: Trial, p: int, i: int, count: int, rules: float) -> None:
    """Let the week on trial be a person's week."""
    for d in trial.days[:count]:
        weeks.option[i, d] = trial.option[p, d]
        for b in range(weeks.breaks.shape[2]):
            weeks.breaks[i, d, b] = trial.breaks[p, d, b]
    weeks.rules[i] = rules
    weeks.is_changed[i] = True


@part
def _move_one(
    at: Slots, weeks: Weeks, legal: LegalDays, who: Traits, trial: Trial, i: int, move: int,
    heat: FloatArray,
) -> float:  # fmt: skip
    """Draw days of one person anew; returns the rise of the objective."""
    option, breaks = weeks.option[i], weeks.breaks[i]
    count = _choose_days(legal, trial, option, move)
    if count == 0:
        return 0.0
    _copy_week(weeks, trial, 0, i)
    mark_days(legal, who, trial, option, breaks, count, WAS)
    rules = weeks.rules[i]
    if move == BREAK:
        d = trial.days[0]
        start, row = legal.start[option[d]], who.opt_row[option[d]]
        if who.break_count[row] > 0:
            b = draw_below(trial.chance, who.break_count[row])
            trial.breaks[0, d, b] = cheapest_break(at, who, trial, start, row, b, heat[1])
    else:
        _want_rows(who, trial, option, move, count)
        rules = redraw(at, legal, who, trial, count, heat[0])
        place_breaks(at, legal, who, trial, count)
    rise, size = 0.0, 0
    if rules < np.inf:
        trial.tally[move, 1] += 1
        mark_days(legal, who, trial, trial.option[0], trial.breaks[0], count, WILL)
        rise = rules - weeks.rules[i]
        rise += own_cost(legal, who, trial.option[0], trial.days[:count])
        rise -= own_cost(legal, who, option, trial.days[:count])
        rise += rest_rise(legal, who, trial, 0, option, breaks, count)
        size = list_changes(legal, trial, 0, option, count, 0)
        touched = trial.touched[:size]
        rise += price_changes(at, who.kind_at, who.kind_at, touched, trial.mark)
        make_changes(at, who.kind_at, who.kind_at, touched, trial.mark)
    unmark(legal, who, trial, 0, option, count)
    if rules < np.inf:
        trial.tally[move, 2] += size > 0
        _take(weeks, trial, 0, i, count, rules)
    return rise


@part
def _choose_exchange(trial: Trial, mine: IntArray, hers: IntArray, move: int) -> int:
    """The days that two people exchange; returns how many, 0 if there are none."""
    if move == RUN:
        return int(choose_run(trial, mine.shape[0]))
    count = choose_one_day(trial, mine, hers, move == BOTH)
    return choose_counter_day(trial, mine, hers) if move == CROSS and count else count


@part
def _exchange(
    at: Slots, weeks: Weeks, legal: LegalDays, who: Traits, other: LegalDays, her: Traits,
    trial: Trial, i: int, j: int, move: int, heat: float,
) -> float:  # fmt: skip
    """Try to let two people take over each other's shifts; returns the rise of the objective."""
    mine, hers = weeks.option[i], weeks.option[j]
    count = _choose_exchange(trial, mine, hers, move)
    days = trial.days[:count]
    _copy_week(weeks, trial, 0, i)
    _copy_week(weeks, trial, 1, j)
    if count == 0 or not (
        take_over(trial, 0, legal, who, other, her, hers, weeks.breaks[j], count)
        and take_over(trial, 1, other, her, legal, who, mine, weeks.breaks[i], count)
    ):
        return 0.0
    rules, her_rules = cost_of_days(legal, trial.option[0]), np.inf
    if rules < np.inf:
        her_rules = cost_of_days(other, trial.option[1])
    if her_rules == np.inf:
        return 0.0
    trial.tally[move, 1] += 1
    mark_days(legal, who, trial, mine, weeks.breaks[i], count, WAS)
    mark_days(legal, who, trial, trial.option[0], trial.breaks[0], count, WILL)
    mark_days(other, her, trial, hers, weeks.breaks[j], count, WAS * SECOND)
    mark_days(other, her, trial, trial.option[1], trial.breaks[1], count, WILL * SECOND)
    size = list_changes(legal, trial, 0, mine, count, 0)
    size = list_changes(other, trial, 1, hers, count, size)
    touched = trial.touched[:size]
    rise = price_changes(at, who.kind_at, her.kind_at, touched, trial.mark)
    rise += rules + her_rules - weeks.rules[i] - weeks.rules[j]
    rise += own_cost(legal, who, trial.option[0], days) - own_cost(legal, who, mine, days)
    rise += rest_rise(legal, who, trial, 0, mine, weeks.breaks[i], count)
    rise += own_cost(other, her, trial.option[1], days) - own_cost(other, her, hers, days)
    rise += rest_rise(other, her, trial, 1, hers, weeks.breaks[j], count)
    is_taken = rise <= -heat * np.log(draw(trial.chance))
    if is_taken:
        make_changes(at, who.kind_at, her.kind_at, touched, trial.mark)
    unmark(legal, who, trial, 0, mine, count)
    unmark(other, her, trial, 1, hers, count)
    if not is_taken:
        return 0.0
    trial.tally[move, 2] += size > 0
    _take(weeks, trial, 0, i, count, rules)
    _take(weeks, trial, 1, j, count, her_rules)
    return float(rise)


@kernel
def make_moves(
    at: Slots,
    weeks: Weeks,
    legal_of_one: LegalDays,
    who_of_one: Traits,
    trial: Trial,
    mix: FloatArray,
    heat: FloatArray,
    moves: int,
) -> float:
    """
    Make so many moves of people drawn at random; returns the rise of the objective.

    ``mix`` are the shares of the kinds of moves, added up; ``heat`` the
    temperatures of shifts and of breaks, in harm points. ``legal_of_one`` and
    ``who_of_one`` are anybody's and only tell the types. All tuples are packed.
    """
    people, rise = weeks.option.shape[0], 0.0
    for _ in range(moves):
        u, move = draw(trial.chance), 0
        while move < KINDS_OF_MOVE - 1 and u >= mix[move]:
            move += 1
        trial.tally[move, 0] += 1
        i = draw_below(trial.chance, people)
        legal, who = kept(legal_of_one, weeks.legal, i), kept(who_of_one, weeks.who, i)
        if move < BOTH:
            rise += _move_one(at, weeks, legal, who, trial, i, move, heat)
        elif people > 1:
            j = (i + 1 + draw_below(trial.chance, people - 1)) % people
            other, her = kept(legal_of_one, weeks.legal, j), kept(who_of_one, weeks.who, j)
            rise += _exchange(
                at, weeks, legal, who, other, her, trial, i, j, move, heat[0]
            )  # fmt: skip
    return rise
