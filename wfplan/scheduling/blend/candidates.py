"""What one person may have on a day while her other days stay."""

from __future__ import annotations

from dataclasses import dataclass

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
    """Options of a day, -1 for a day off, and what each costs her, in harm points."""

    options: IntArray  # (candidate,)
    cost: FloatArray  # (candidate,) of wishes, rules and paid time, up to what stays
    now: int  # the candidate that she has

    @property
    def key(self) -> tuple[bytes, bytes]:
        """The same for people who may have the same at the same cost."""
        return self.options.tobytes(), self.cost.tobytes()


def candidates(
    member: Member, chosen: IntArray, day: int, price: FloatArray, most: int
) -> Candidates:
    """
    The legal options of a member on a day, of many those worth most.

    ``chosen`` are her options by day, ``price`` what a slot on queue is worth, (slot,).
    """
    whole, options, cost = chosen.copy(), [], []
    for option in (-1, *range(member.space.day_ptr[day], member.space.day_ptr[day + 1])):
        whole[day] = option
        asked = cost_of(member.space.legal, whole)
        if asked < np.inf:
            options.append(option)
            cost.append(asked)
    found, total = np.array(options, dtype=np.int64), np.array(cost)
    works = found >= 0
    total[works] += own_costs(member, found[works])
    worth = -total
    worth[works] += _worth_on_queue(member, price)[found[works]]
    worth[found == chosen[day]] = np.inf
    keep = np.sort(np.argsort(-worth, kind="stable")[:most])
    now = int(np.flatnonzero(found[keep] == chosen[day])[0])
    return Candidates(found[keep], total[keep], now)


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
