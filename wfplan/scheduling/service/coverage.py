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
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from wfplan.compiled import pack
from wfplan.scheduling.service.slots import Slots, change_over, price_gains, total_cost
from wfplan.scheduling.service.spread import best_ratio

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_Number = TypeVar("_Number", np.float64, np.int64)

_STEP = 0.5  # effective staff on either side over which a price is taken


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
    head_price
        Harm points of a head on queue for an interval, whatever she serves.
    """

    cost: FloatArray
    speed: FloatArray
    interval_of: IntArray
    slots_per_interval: int
    empowered_min: FloatArray
    empowered_price: float
    kinds: tuple[Kind, ...]
    head_price: float = 0.0
    slots: Slots = field(init=False)
    packed: Slots = field(init=False)  # the same for kernels

    def __post_init__(self) -> None:
        groups, channels = self.speed.shape
        kinds, slots = len(self.kinds), len(self.interval_of)
        self._take(
            Slots(
                slot_share=self.slot_share,
                head_price=float(self.head_price),
                empowered_price=float(self.empowered_price),
                cost=_own(self.cost),
                speed=_own(self.speed),
                ratio=best_ratio(self.speed),
                interval_of=_own(self.interval_of),
                empowered_min=_own(self.empowered_min),
                kind_group=np.array([k.group for k in self.kinds], dtype=np.int64),
                kind_mass=np.array([k.mass for k in self.kinds], dtype=np.float64),
                kind_empowered=np.array([k.is_empowered for k in self.kinds], dtype=np.float64),
                spread=np.zeros((slots, groups, channels)),
                staff=np.zeros((slots, channels)),
                idle=np.zeros((slots, groups)),
                heads=np.zeros(slots),
                empowered=np.zeros(slots),
                present=np.zeros((kinds, slots), dtype=np.int64),
                clock=np.zeros(1, dtype=np.int64),
                stamp=np.zeros(slots, dtype=np.int64),
                gain=np.zeros((kinds, slots)),
                gain_stamp=np.full((kinds, slots), -1, dtype=np.int64),
                loss=np.zeros((kinds, slots)),
                loss_stamp=np.full((kinds, slots), -1, dtype=np.int64),
                waiting=np.zeros(groups),
                trial_spread=np.zeros((groups, channels)),
                trial_staff=np.zeros(channels),
                trial_idle=np.zeros(groups),
                value=np.zeros(channels),
                via_group=np.zeros(channels, dtype=np.int64),
                via_channel=np.zeros(channels, dtype=np.int64),
            )
        )

    def take_costs(self, cost: FloatArray) -> None:
        """Take other curves, (channel, interval, staff), and leave everybody where they are."""
        self.cost = cost
        self._take(self.slots._replace(cost=_own(cost)))

    def _take(self, slots: Slots) -> None:
        """Work on other arrays from now on."""
        self.slots, self.packed = slots, pack(slots)

    @property
    def slot_share(self) -> float:
        """The part of an interval that a slot is."""
        return 1.0 / self.slots_per_interval

    def price_heads(self, price: float) -> None:
        """Take another price of being on queue."""
        self.head_price = price
        self._take(self.slots._replace(head_price=float(price)))
        self._forget()

    @property
    def spread(self) -> FloatArray:
        """Heads of each group on each channel, (slot, group, channel)."""
        return self.slots.spread

    @property
    def staff(self) -> FloatArray:
        """Effective staff, (slot, channel)."""
        return self.slots.staff

    @property
    def idle(self) -> FloatArray:
        """Heads whom no channel needs, (slot, group)."""
        return self.slots.idle

    @property
    def heads(self) -> FloatArray:
        """People on queue, (slot,)."""
        return self.slots.heads

    @property
    def empowered(self) -> FloatArray:
        """Empowered people on queue, (slot,)."""
        return self.slots.empowered

    def add(self, kind: int, slots: IntArray) -> None:
        """Put a person of a kind on queue in slots."""
        change_over(self.packed, kind, slots, False)

    def remove(self, kind: int, slots: IntArray) -> None:
        """Take a person of a kind off queue in slots."""
        change_over(self.packed, kind, slots, True)

    def gains(self, kind: int) -> FloatArray:
        """Harm points that one more person of a kind saves in every slot, (slot,)."""
        price_gains(self.packed, kind)
        gains: FloatArray = self.slots.gain[kind]
        return gains

    def total_cost(self, cost: FloatArray | None = None) -> float:
        """Cost of all slots as they are staffed, in harm points; under other curves if given."""
        total: float = total_cost(
            self.packed if cost is None else pack(self.slots._replace(cost=_own(cost)))
        )
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

    def reprice(self, cost: FloatArray | None = None) -> None:
        """
        Spread everybody anew, under a new cost curve if one is given.

        What comes out depends on who is on queue when and on nothing else.
        """
        if cost is not None:
            self.take_costs(cost)
        at, present = self.slots, self.slots.present.copy()
        for array in (at.spread, at.staff, at.idle, at.heads, at.empowered, at.present):
            array.fill(0)
        self._forget()  # slots without anybody have new prices too
        for kind in sorted(range(len(self.kinds)), key=lambda k: astuple(self.kinds[k])):
            for least in range(int(present[kind].max(initial=0))):
                self.add(kind, np.flatnonzero(present[kind] > least))

    def value_at(self, cost: FloatArray) -> None:
        """Value people under a new cost curve where they are: nobody is spread anew."""
        self.take_costs(cost)
        self._forget()

    def _forget(self) -> None:
        """What people are worth is no longer known in any slot."""
        self.slots.clock[0] += 1
        self.slots.stamp[:] = self.slots.clock[0]


def _own(array: NDArray[_Number]) -> NDArray[_Number]:
    """The array, or a copy that may be written to and lies in order: kernels know no others."""
    return np.require(array, requirements=["C", "W"])
