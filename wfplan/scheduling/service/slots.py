"""Slots: one person more or less in a slot, and what that is worth, as kernels.

A slot is changed by placing or taking out a person of a kind
(:mod:`wfplan.scheduling.service.spread`). What one more of a kind would save there
(``gain``) and what losing one would cost (``loss``) are kept until the slot
changes; a ``stamp`` tells when it did last, so that only stale slots are asked
again. Two people who change places are priced together where that matters.

A ``mark`` tells of two people, the first and the second of a change, where they
are on queue (WAS, times SECOND for the second) and where they would be (WILL).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wfplan.compiled import apart, kernel, part
from wfplan.scheduling.service.spread import channel_cost, place, take_out

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

WAS, WILL, SECOND = 1, 2, 4
_BOTH = WAS | WILL


class Slots(NamedTuple):
    """
    Everything about the slots of a coverage; the arrays are changed in place.

    Kernels get it packed. Costs are harm points of whole intervals, gains and losses of slots.
    """

    slot_share: float
    head_price: float
    empowered_price: float
    cost: FloatArray  # (channel, interval, staff)
    speed: FloatArray  # (group, channel)
    ratio: FloatArray  # (channel, channel): see wfplan.scheduling.service.spread
    interval_of: IntArray  # (slot,), -1 where no staff is wanted
    empowered_min: FloatArray  # (interval,)
    kind_group: IntArray  # (kind,)
    kind_mass: FloatArray
    kind_empowered: FloatArray  # 1 where the kind is empowered
    spread: FloatArray  # (slot, group, channel)
    staff: FloatArray  # (slot, channel)
    idle: FloatArray  # (slot, group)
    heads: FloatArray  # (slot,)
    empowered: FloatArray  # (slot,)
    present: IntArray  # (kind, slot) people on queue
    clock: IntArray  # (1,) changes so far
    stamp: IntArray  # (slot,) when the slot changed last
    gain: FloatArray  # (kind, slot)
    gain_stamp: IntArray
    loss: FloatArray  # (kind, slot)
    loss_stamp: IntArray
    waiting: FloatArray  # working memory from here on: (group,)
    trial_spread: FloatArray  # (group, channel)
    trial_staff: FloatArray  # (channel,)
    trial_idle: FloatArray  # (group,)
    value: FloatArray  # (channel,)
    via_group: IntArray
    via_channel: IntArray


@part
def slot_cost(at: Slots, s: int, staff: FloatArray, empowered: float) -> float:
    """Cost of a slot with some staff but for its heads, in harm points of a whole interval."""
    t = at.interval_of[s]
    total = at.empowered_price * max(0.0, at.empowered_min[t] - empowered)
    for c in range(staff.shape[0]):
        total += channel_cost(at.cost, c, t, staff[c])
    return float(total)


@part
def _change(
    at: Slots, k: int, t: int, is_leaving: bool,
    spread: FloatArray, staff: FloatArray, idle: FloatArray,
) -> None:  # fmt: skip
    """Take a person of a kind out of a slot or put her in."""
    group, mass, waiting = at.kind_group[k], at.kind_mass[k], at.waiting
    cost, speed, ratio = at.cost, at.speed, at.ratio
    if is_leaving:
        take_out(group, mass, waiting, t, cost, speed, ratio, spread, staff, idle,
                 at.value, at.via_group, at.via_channel)  # fmt: skip
    else:
        waiting[group] = mass
    place(waiting, t, cost, speed, ratio, spread, staff, idle,
          at.value, at.via_group, at.via_channel)  # fmt: skip


@part
def _try(at: Slots, k: int, s: int, is_leaving: bool) -> None:
    """Change the slot on trial."""
    _change(at, k, at.interval_of[s], is_leaving, at.trial_spread, at.trial_staff, at.trial_idle)


@part
def _copy_slot(at: Slots, s: int) -> None:
    """Take a slot on trial."""
    for g in range(at.idle.shape[1]):
        at.trial_idle[g] = at.idle[s, g]
        for c in range(at.staff.shape[1]):
            at.trial_spread[g, c] = at.spread[s, g, c]
    for c in range(at.staff.shape[1]):
        at.trial_staff[c] = at.staff[s, c]


@part
def worth_of(at: Slots, k: int, s: int, is_there: bool) -> float:
    """Harm points that losing one of a kind costs in a slot, or that one more of it saves."""
    if k < 0 or at.interval_of[s] < 0:
        return 0.0
    if is_there:
        if at.loss_stamp[k, s] != at.stamp[s]:
            at.loss[k, s] = (max(0.0, _rise(at, k, s, True)) - at.head_price) * at.slot_share
            at.loss_stamp[k, s] = at.stamp[s]
        return float(at.loss[k, s])
    if at.gain_stamp[k, s] != at.stamp[s]:
        at.gain[k, s] = (max(0.0, -_rise(at, k, s, False)) - at.head_price) * at.slot_share
        at.gain_stamp[k, s] = at.stamp[s]
    return float(at.gain[k, s])


@apart
def _rise(at: Slots, k: int, s: int, is_leaving: bool) -> float:
    """By how much the cost of a slot rises when one of a kind leaves it or joins it."""
    before, change = at.empowered[s], at.kind_empowered[k]
    after = before - change if is_leaving else before + change
    _copy_slot(at, s)
    _try(at, k, s, is_leaving)
    return float(slot_cost(at, s, at.trial_staff, after) - slot_cost(at, s, at.staff[s], before))


@apart
def _rise_of_both(at: Slots, first: int, second: int, s: int, leaves: bool, goes: bool) -> float:
    """Harm points of a slot that two people leave or join, (first ``leaves``, second ``goes``)."""
    before, after, heads = at.empowered[s], at.empowered[s], 0.0
    _copy_slot(at, s)
    for is_leaving in (True, False):
        for k, is_hers in ((first, leaves), (second, goes)):
            if is_hers == is_leaving:
                sign = -1.0 if is_leaving else 1.0
                after += sign * at.kind_empowered[k]
                heads += sign
                _try(at, k, s, is_leaving)
    rise = slot_cost(at, s, at.trial_staff, after) - slot_cost(at, s, at.staff[s], before)
    return float((rise + heads * at.head_price) * at.slot_share)


@apart
def price_changes(
    at: Slots, first: IntArray, second: IntArray, slots: IntArray, mark: IntArray
) -> float:
    """
    Harm points that two people's changes would cost, without doing them.

    ``first`` and ``second`` say what they are to each slot, -1 for nothing.
    """
    total = 0.0
    for s in slots:
        a, b = mark[s] & _BOTH, mark[s] // SECOND & _BOTH
        j = first[s] if a in (WAS, WILL) else -1
        k = second[s] if b in (WAS, WILL) else -1
        if j >= 0 and k >= 0:
            if at.interval_of[s] >= 0 and (j != k or a == b):
                total += _rise_of_both(at, j, k, s, a == WAS, b == WAS)
        elif j >= 0:
            worth = worth_of(at, j, s, a == WAS)
            total += worth if a == WAS else -worth
        elif k >= 0:
            worth = worth_of(at, k, s, b == WAS)
            total += worth if b == WAS else -worth
    return total


@apart
def make_changes(
    at: Slots, first: IntArray, second: IntArray, slots: IntArray, mark: IntArray
) -> None:
    """Do what :func:`price_changes` prices."""
    at.clock[0] += 1
    for s in slots:
        a, b = mark[s] & _BOTH, mark[s] // SECOND & _BOTH
        j = first[s] if a in (WAS, WILL) else -1
        k = second[s] if b in (WAS, WILL) else -1
        if j >= 0 and j == k and a != b:
            continue
        for step in (WAS, WILL):
            if j >= 0 and a == step:
                _move_one(at, j, s, a == WAS)
            if k >= 0 and b == step:
                _move_one(at, k, s, b == WAS)


@apart
def _move_one(at: Slots, k: int, s: int, is_leaving: bool) -> None:
    """Take one of a kind off queue in a slot, or put her on."""
    sign = -1 if is_leaving else 1
    at.heads[s] += sign
    at.empowered[s] += sign * at.kind_empowered[k]
    at.present[k, s] += sign
    at.stamp[s] = at.clock[0]
    if at.interval_of[s] >= 0:
        _change(at, k, at.interval_of[s], is_leaving, at.spread[s], at.staff[s], at.idle[s])


@kernel
def change_over(at: Slots, kind: int, which: IntArray, is_leaving: bool) -> None:
    """Take a person of a kind off queue in some slots, or put her on queue there."""
    at.clock[0] += 1
    for s in which:
        _move_one(at, kind, s, is_leaving)


@kernel
def price_gains(at: Slots, kind: int) -> None:
    """See to it that ``gain`` of a kind is known in every slot."""
    for s in range(at.interval_of.shape[0]):
        worth_of(at, kind, s, False)


@kernel
def total_cost(at: Slots) -> float:
    """Cost of all slots as they are staffed, in harm points."""
    total = 0.0
    for s in range(at.interval_of.shape[0]):
        if at.interval_of[s] >= 0:
            total += at.head_price * at.heads[s] + slot_cost(at, s, at.staff[s], at.empowered[s])
    return total * at.slot_share
