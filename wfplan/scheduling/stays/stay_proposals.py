"""Proposals: other shifts on one or two days of a person, as kernels.

What is served in them is of no concern here (:mod:`wfplan.scheduling.stays.stay_moves`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wfplan.compiled import part
from wfplan.scheduling.person.legal import LegalDays
from wfplan.scheduling.search.trial import ANY, FREE, WORKED, Traits, day_from, first_from

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

STAYS, SLIDE, RESIZE, TRANSFER, SWAP, OTHER_DAY, REDRAW = range(7)
KINDS_OF_MOVE = 7
DRAWS = 9  # random numbers of a move
_FAR = 12.0  # slots that a start moves by at most
_ROWS = 3.0  # rows of the table of lengths that a length moves by at most


class Draft(NamedTuple):
    """A week on trial, and working memory; the arrays are changed in place."""

    option: IntArray  # (day,)
    days: IntArray  # (2,) the days on which it differs
    worth: FloatArray  # (option,) of shifts with their best stays
    row_value: FloatArray  # (2, row + 1) of the best option of each length, last of a day off
    row_option: IntArray  # (2, row + 1)
    tally: IntArray  # (kind of move, 3): tried, legal, accepted


@part
def choose_days(legal: LegalDays, draft: Draft, option: IntArray, move: int, u: FloatArray) -> int:
    """The days that a move changes, and the week as it is put on trial; returns how many."""
    new, days = draft.option, draft.days
    for d in range(option.shape[0]):
        new[d] = option[d]
    kind = ANY if move == REDRAW else WORKED
    days[0] = day_from(legal, new, int(u[1] * new.shape[0]), kind, -1)
    if days[0] < 0:
        return 0
    if move in (STAYS, SLIDE, RESIZE):
        return 1
    kind = FREE if move == OTHER_DAY else kind
    days[1] = day_from(legal, new, int(u[2] * new.shape[0]), kind, days[0])
    return 2 if days[1] >= 0 else 0


@part
def propose(legal: LegalDays, who: Traits, draft: Draft, move: int, u: FloatArray) -> bool:
    """Change the days of the week on trial; whether there are such shifts."""
    new, d, e = draft.option, draft.days[0], draft.days[1]
    if move in (STAYS, REDRAW):
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
        return bool(new[e] >= 0)
    if move == TRANSFER:
        new[d] = _resized(legal, who, d, on_d, size, u[3] < 0.5)
        new[e] = _resized(legal, who, e, on_e, -size, u[5] < 0.5)
    else:
        new[d] = _option_at(legal, who, d, legal.start[on_e] - across, who.opt_row[on_e])
        new[e] = _option_at(legal, who, e, legal.start[on_d] + across, row)
    return bool(new[d] >= 0 and new[e] >= 0)


@part
def _option_from(legal: LegalDays, who: Traits, d: int, start: int, row: int) -> int:
    """The first option of a day that starts at or after a slot and has a row; -1 if none does."""
    at, last = first_from(legal, d, start), legal.day_ptr[d + 1]
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
