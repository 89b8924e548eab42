"""What one person may have on a day or two while her other days stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from wfplan.scheduling.person.legal import cost_of
from wfplan.scheduling.person.worth import value_shifts
from wfplan.scheduling.team.couples import Own
from wfplan.scheduling.team.oracle import Shifts
from wfplan.scheduling.team.team import Member

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Candidates:
    """Options of the free days, -1 for a day off, and what they cost her, in harm points."""

    options: IntArray  # (candidate, free day)
    cost: FloatArray  # (candidate,) of wishes, rules and paid time, up to what stays
    now: int  # the candidate that she has

    @property
    def key(self) -> tuple[bytes, bytes]:
        """The same for people who may have the same at the same cost."""
        return self.options.tobytes(), self.cost.tobytes()


def candidates(
    member: Member, chosen: IntArray, days: Sequence[int], price: FloatArray, most: int
) -> Candidates:
    """
    What a member may have on some days in a legal week, of much what is worth most.

    ``chosen`` are her options by day, ``price`` what a slot on queue is worth, (slot,).
    """
    ends, at = member.space.day_ptr, list(days)
    whole, options, asked = chosen.copy(), [], []
    for row in product(*((-1, *range(ends[d], ends[d + 1])) for d in at)):
        whole[at] = row
        rules = cost_of(member.space.legal, whole)
        if rules < np.inf:
            options.append(row)
            asked.append(rules)
    found = np.array(options, dtype=np.int64)
    every = np.arange(member.space.option_count)
    own = np.append(own_costs(member, every), 0.0)  # of no shift, by its index -1
    on_queue = np.append(_worth_on_queue(member, price), 0.0)
    cost: FloatArray = np.array(asked) + own[found].sum(axis=1)
    is_now = (found == chosen[at]).all(axis=1)
    worth = np.where(is_now, np.inf, on_queue[found].sum(axis=1) - cost)
    keep = np.sort(np.argsort(-worth, kind="stable")[:most])
    return Candidates(found[keep], cost[keep], int(np.flatnonzero(is_now[keep])[0]))


def own_costs(member: Member, options: IntArray) -> FloatArray:
    """Wishes and paid time of some shifts, (shift,)."""
    space = member.space
    total = np.concatenate([[0.0], np.cumsum(member.burden)])
    first, row = space.opt_start[options], space.opt_len[options]
    cost: FloatArray = total[first + space.lengths.slots[row]] - total[first]
    return cost + member.paid_cost * space.len_paid[row]


def chosen_of(member: Member, shifts: Shifts) -> IntArray:
    """A week's options by day, -1 for a day off, (day,)."""
    ends = member.space.day_ptr
    chosen = np.full(len(ends) - 1, -1, dtype=np.int64)
    for option, _ in shifts:
        chosen[np.searchsorted(ends, option, side="right") - 1] = option
    return chosen


def _worth_on_queue(member: Member, price: FloatArray) -> FloatArray:
    """What each shift is worth to customers with its best breaks, (option,)."""
    space = member.space
    value = np.empty(space.option_count)
    breaks = np.zeros((space.option_count, space.lengths.break_slots.shape[1]), dtype=np.int64)
    nothing = np.zeros(len(price))
    value_shifts(
        price, nothing, space.opt_start, space.opt_len, space.lengths.slots,
        space.lengths.break_count, space.lengths.break_slots, space.lengths.break_kind,
        Own.nothing(len(price)).rest, value, breaks,
    )  # fmt: skip
    return value
