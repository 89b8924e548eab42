"""Slots: one person more or less in a slot, and what that is worth, as kernels.

A slot is changed by placing or taking out a person of a kind
(:mod:`wfplan.scheduling.spread`). What one more of a kind would save there
(``gain``) and what losing one would cost (``loss``) are kept until the slot
changes; a ``stamp`` tells when it did last, so that only stale slots are asked
again.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wfplan.compiled import kernel, part
from wfplan.scheduling.spread import channel_cost, place, take_out

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Slots(NamedTuple):
    """
    Everything about the slots of a coverage; the arrays are changed in place.

    Costs are harm points of whole intervals, gains and losses of slots.
    """

    slot_share: float
    head_price: float
    empowered_price: float
    cost: FloatArray  # (channel, interval, staff)
    speed: FloatArray  # (group, channel)
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
def slot_cost(
    interval: int,
    cost: FloatArray,
    staff: FloatArray,
    empowered: float,
    empowered_min: float,
    empowered_price: float,
) -> float:
    """Cost of a slot but for its heads, in harm points of a whole interval."""
    total = empowered_price * max(0.0, empowered_min - empowered)
    for c in range(staff.shape[0]):
        total += channel_cost(cost, c, interval, staff[c])
    return total


@kernel
def change_over(at: Slots, kind_at: IntArray, slots: IntArray, there: IntArray) -> None:
    """
    Take a person off queue in those of ``slots`` where she is, put her on queue in the others.

    ``kind_at`` says what she is to each slot, -1 for nothing; ``there`` is 1
    where she is on queue, (slot,) both.
    """
    interval_of, cost, speed, waiting = at.interval_of, at.cost, at.speed, at.waiting
    spread, staff, idle = at.spread, at.staff, at.idle
    value, via_group, via_channel = at.value, at.via_group, at.via_channel
    heads, empowered, present, stamp = at.heads, at.empowered, at.present, at.stamp
    at.clock[0] += 1
    for s in slots:
        k, t = kind_at[s], interval_of[s]
        if k < 0:
            continue
        group, mass = at.kind_group[k], at.kind_mass[k]
        sign = -1 if there[s] == 1 else 1
        heads[s] += sign
        empowered[s] += sign * at.kind_empowered[k]
        present[k, s] += sign
        stamp[s] = at.clock[0]
        if t < 0:
            continue
        if sign > 0:
            waiting[group] = mass
        else:
            take_out(group, mass, waiting, t, cost, speed, spread[s], staff[s], idle[s],
                     value, via_group, via_channel)  # fmt: skip
        place(waiting, t, cost, speed, spread[s], staff[s], idle[s],
              value, via_group, via_channel)  # fmt: skip


@part
def _copy_slot(at: Slots, s: int) -> None:
    """Take a slot on trial."""
    for g in range(at.idle.shape[1]):
        at.trial_idle[g] = at.idle[s, g]
        for c in range(at.staff.shape[1]):
            at.trial_spread[g, c] = at.spread[s, g, c]
    for c in range(at.staff.shape[1]):
        at.trial_staff[c] = at.staff[s, c]


@kernel
def price_change(at: Slots, kind_at: IntArray, slots: IntArray, there: IntArray) -> float:
    """
    Harm points that the change of :func:`change_over` would cost, without doing it.

    Its parts are kept: ``loss`` where she is on queue, ``gain`` elsewhere.
    """
    interval_of, cost, speed, waiting = at.interval_of, at.cost, at.speed, at.waiting
    spread, staff, idle = at.trial_spread, at.trial_staff, at.trial_idle
    value, via_group, via_channel = at.value, at.via_group, at.via_channel
    gain, gain_stamp, loss, loss_stamp = at.gain, at.gain_stamp, at.loss, at.loss_stamp
    stamp, empowered, least, price = at.stamp, at.empowered, at.empowered_min, at.empowered_price
    total = 0.0
    for s in slots:
        k, t, is_there = kind_at[s], interval_of[s], there[s] == 1
        if k < 0 or t < 0:
            continue
        if is_there and loss_stamp[k, s] == stamp[s]:
            total += loss[k, s]
            continue
        if not is_there and gain_stamp[k, s] == stamp[s]:
            total -= gain[k, s]
            continue
        group, mass, changed = at.kind_group[k], at.kind_mass[k], at.kind_empowered[k]
        _copy_slot(at, s)
        if is_there:
            changed = -changed
            take_out(group, mass, waiting, t, cost, speed, spread, staff, idle,
                     value, via_group, via_channel)  # fmt: skip
        else:
            waiting[group] = mass
        place(waiting, t, cost, speed, spread, staff, idle,
              value, via_group, via_channel)  # fmt: skip
        more = slot_cost(t, cost, staff, empowered[s] + changed, least[t], price)
        more -= slot_cost(t, cost, at.staff[s], empowered[s], least[t], price)
        if is_there:
            loss[k, s] = (max(0.0, more) - at.head_price) * at.slot_share
            loss_stamp[k, s] = stamp[s]
            total += loss[k, s]
        else:
            gain[k, s] = (max(0.0, -more) - at.head_price) * at.slot_share
            gain_stamp[k, s] = stamp[s]
            total -= gain[k, s]
    return total


@kernel
def total_cost(at: Slots) -> float:
    """Cost of all slots as they are staffed, in harm points."""
    total = 0.0
    for s in range(at.interval_of.shape[0]):
        t = at.interval_of[s]
        if t >= 0:
            total += at.head_price * at.heads[s] + slot_cost(
                t, at.cost, at.staff[s], at.empowered[s], at.empowered_min[t], at.empowered_price
            )
    return total * at.slot_share
