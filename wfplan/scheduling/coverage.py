"""Coverage: the people on queue in every slot, what the slot costs, what one more is worth.

The slots of a coverage run from a day before the horizon to a day and a half
after it, so that shifts of the evening before and of the last night fit. A
slot's cost is its interval's cost curve divided by the slots in an interval;
``interval_of`` is -1 where no staff is wanted. After the horizon the first
hours of the week stand in for those of the next one, up to the earliest start
of a day, so that the last night is worth working.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, field

import numpy as np
from numba import njit
from numpy.typing import NDArray

from wfplan.scheduling.spread import channel_cost, place, take_out

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_STEP = 0.5  # effective staff on either side over which a price is taken


@njit(cache=True, nogil=True)
def _slot_cost(
    interval: int,
    cost: FloatArray,
    staff: FloatArray,
    empowered: float,
    empowered_min: float,
    empowered_price: float,
) -> float:
    """Cost of a slot as it stands, in harm points of a whole interval."""
    total = empowered_price * max(0.0, empowered_min - empowered)
    for c in range(staff.shape[0]):
        total += channel_cost(cost, c, interval, staff[c])
    return total


@njit(cache=True, nogil=True)
def change_presence(
    slots: IntArray,
    sign: int,
    group: int,
    mass: float,
    is_empowered: bool,
    interval_of: IntArray,
    cost: FloatArray,
    speed: FloatArray,
    spread: FloatArray,
    staff: FloatArray,
    idle: FloatArray,
    heads: FloatArray,
    empowered: FloatArray,
    fresh: NDArray[np.bool_],
) -> None:
    """Put a person of a group on queue in ``slots`` (sign 1) or take her off (-1)."""
    groups, channels = speed.shape
    waiting = np.zeros(groups)
    value = np.empty(channels)
    via_group = np.empty(channels, np.int64)
    via_channel = np.empty(channels, np.int64)
    for s in slots:
        heads[s] += sign
        if is_empowered:
            empowered[s] += sign
        fresh[:, s] = False
        t = interval_of[s]
        if t < 0:
            continue
        if sign > 0:
            waiting[group] = mass
        else:
            take_out(group, mass, waiting, t, cost, speed, spread[s], staff[s], idle[s],
                     value, via_group, via_channel)  # fmt: skip
        place(waiting, t, cost, speed, spread[s], staff[s], idle[s],
              value, via_group, via_channel)  # fmt: skip


@njit(cache=True, nogil=True)
def refresh_gains(
    kind: int,
    group: int,
    mass: float,
    is_empowered: bool,
    slot_share: float,
    interval_of: IntArray,
    cost: FloatArray,
    speed: FloatArray,
    spread: FloatArray,
    staff: FloatArray,
    idle: FloatArray,
    empowered: FloatArray,
    empowered_min: FloatArray,
    empowered_price: float,
    gains: FloatArray,
    fresh: NDArray[np.bool_],
) -> None:
    """Bring up to date what one more person of a kind saves in every slot, in harm points."""
    groups, channels = speed.shape
    value = np.empty(channels)
    via_group = np.empty(channels, np.int64)
    via_channel = np.empty(channels, np.int64)
    spread_s = np.empty((groups, channels))
    staff_s = np.empty(channels)
    idle_s = np.empty(groups)
    waiting = np.zeros(groups)
    for s in range(interval_of.shape[0]):
        if fresh[kind, s]:
            continue
        fresh[kind, s] = True
        t = interval_of[s]
        if t < 0:
            gains[kind, s] = 0.0
            continue
        spread_s[:] = spread[s]
        staff_s[:] = staff[s]
        idle_s[:] = idle[s]
        waiting[group] = mass
        place(waiting, t, cost, speed, spread_s, staff_s, idle_s,
              value, via_group, via_channel)  # fmt: skip
        more = empowered[s] + (1.0 if is_empowered else 0.0)
        before = _slot_cost(t, cost, staff[s], empowered[s], empowered_min[t], empowered_price)
        after = _slot_cost(t, cost, staff_s, more, empowered_min[t], empowered_price)
        gains[kind, s] = max(0.0, before - after) * slot_share


@njit(cache=True, nogil=True)
def _total_cost(
    slot_share: float,
    interval_of: IntArray,
    cost: FloatArray,
    staff: FloatArray,
    empowered: FloatArray,
    empowered_min: FloatArray,
    empowered_price: float,
) -> float:
    total = 0.0
    for s in range(interval_of.shape[0]):
        t = interval_of[s]
        if t >= 0:
            total += _slot_cost(t, cost, staff[s], empowered[s], empowered_min[t], empowered_price)
    return total * slot_share


def at_staff(curve: FloatArray, interval: IntArray, staff: FloatArray) -> FloatArray:
    """Values of (channel, interval, staff) curves at real staff, (channel, slot)."""
    last = curve.shape[2] - 1
    level = np.clip(staff, 0, last)
    below = np.minimum(level.astype(np.int64), max(last - 1, 0))
    channel = np.arange(len(curve))[:, None]
    low = curve[channel, interval, below]
    high = curve[channel, interval, np.minimum(below + 1, last)]
    value: FloatArray = low + (high - low) * (level - below)
    return value


@dataclass(frozen=True)
class Kind:
    """What a person is to the coverage on a day: her group, her speed in it, empowered or not."""

    group: int
    mass: float  # present share times her speed relative to her group
    is_empowered: bool


@dataclass
class Coverage:
    """
    The people on queue in every slot; mutable, owned by one search.

    Parameters
    ----------
    cost
        Harm points of an interval with j effective staff, (channel, interval, staff).
    speed
        Effective staff of one present head, (group, channel); 0 where unskilled.
    interval_of
        Interval of every slot, -1 where no staff is wanted.
    slots_per_interval
        A slot costs this part of its interval.
    empowered_min
        Empowered heads wanted, (interval,).
    empowered_price
        Harm points per missing empowered head and interval.
    """

    cost: FloatArray
    speed: FloatArray
    interval_of: IntArray
    slots_per_interval: int
    empowered_min: FloatArray
    empowered_price: float
    kinds: tuple[Kind, ...]
    spread: FloatArray = field(init=False)
    staff: FloatArray = field(init=False)
    idle: FloatArray = field(init=False)
    heads: FloatArray = field(init=False)
    empowered: FloatArray = field(init=False)
    _gains: FloatArray = field(init=False)
    _fresh: NDArray[np.bool_] = field(init=False)
    _present: dict[int, IntArray] = field(init=False)

    def __post_init__(self) -> None:
        groups, channels = self.speed.shape
        slots = len(self.interval_of)
        self.spread = np.zeros((slots, groups, channels))
        self.staff = np.zeros((slots, channels))
        self.idle = np.zeros((slots, groups))
        self.heads = np.zeros(slots)
        self.empowered = np.zeros(slots)
        self._gains = np.zeros((len(self.kinds), slots))
        self._fresh = np.zeros((len(self.kinds), slots), dtype=np.bool_)
        self._present = {k: np.zeros(slots, dtype=np.int64) for k in range(len(self.kinds))}

    @property
    def slot_share(self) -> float:
        """The part of an interval that a slot is."""
        return 1.0 / self.slots_per_interval

    def add(self, kind: int, slots: IntArray) -> None:
        """Put a person of a kind on queue in slots."""
        self._change(kind, slots, 1)

    def remove(self, kind: int, slots: IntArray) -> None:
        """Take a person of a kind off queue in slots."""
        self._change(kind, slots, -1)

    def gains(self, kind: int) -> FloatArray:
        """Harm points that one more person of a kind saves in every slot, (slot,)."""
        k = self.kinds[kind]
        refresh_gains(
            kind, k.group, k.mass, k.is_empowered, self.slot_share, self.interval_of, self.cost,
            self.speed, self.spread, self.staff, self.idle, self.empowered, self.empowered_min,
            self.empowered_price, self._gains, self._fresh,
        )  # fmt: skip
        gains: FloatArray = self._gains[kind]
        return gains

    def total_cost(self, cost: FloatArray | None = None) -> float:
        """Cost of all slots as they are staffed, in harm points; under other curves if given."""
        total: float = _total_cost(
            self.slot_share, self.interval_of, self.cost if cost is None else cost, self.staff,
            self.empowered, self.empowered_min, self.empowered_price,
        )  # fmt: skip
        return total

    def prices(self) -> FloatArray:
        """
        What a bit more effective staff saves, (channel, slot), in harm points per head.

        The mean of what the next bit saves and what the last bit saved.
        """
        known = self.interval_of >= 0
        prices = np.zeros((self.staff.shape[1], len(self.interval_of)))
        interval, staff = self.interval_of[known], self.staff[known].T
        below = at_staff(self.cost, interval, np.maximum(staff - _STEP, 0.0))
        above = at_staff(self.cost, interval, staff + _STEP)
        width = np.minimum(staff, _STEP) + _STEP
        prices[:, known] = (below - above) / width * self.slot_share
        return prices

    def reprice(self, cost: FloatArray) -> None:
        """Take a new cost curve and spread everybody anew under it."""
        self.cost = cost
        present = self._present
        for array in (self.spread, self.staff, self.idle, self.heads, self.empowered):
            array.fill(0.0)
        self._fresh.fill(False)  # slots without anybody have new prices too
        self._present = {k: np.zeros_like(counts) for k, counts in present.items()}
        # in an order that does not depend on that of the people
        for kind in sorted(present, key=lambda k: astuple(self.kinds[k])):
            counts = present[kind]
            for least in range(int(counts.max(initial=0))):
                self.add(kind, np.flatnonzero(counts > least))

    def _change(self, kind: int, slots: IntArray, sign: int) -> None:
        k = self.kinds[kind]
        self._present[kind][slots] += sign
        change_presence(
            slots, sign, k.group, k.mass, k.is_empowered, self.interval_of, self.cost, self.speed,
            self.spread, self.staff, self.idle, self.heads, self.empowered, self._fresh,
        )  # fmt: skip
