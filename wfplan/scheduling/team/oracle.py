"""The oracle of one person: her best legal days at given prices, and their cost.

Prices are what a slot on queue saves. Search, bound, conflicts and narrow passes
ask here; the program itself is in :mod:`wfplan.scheduling.person.week`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from wfplan.scheduling.person.legal import cost_of
from wfplan.scheduling.person.pricing import BestDays, DaysSolver
from wfplan.scheduling.person.worth import value_shifts
from wfplan.scheduling.team.couples import Own
from wfplan.scheduling.team.team import Member

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


Shifts = tuple[tuple[int, tuple[int, ...]], ...]
"""Options with the starts of their breaks, in slots."""


@dataclass(frozen=True)
class Week:
    """A member's week: the shifts (options) with the starts of their breaks, in slots."""

    shifts: Shifts
    on_queue: IntArray  # slots that serve contacts
    cost: float  # wishes and paid time beyond what is owed, in harm points


class Oracle:
    """The best days of one member at given prices; owns the memory it works in."""

    def __init__(self) -> None:
        self._solver = DaysSolver()

    def best(
        self, member: Member, gain: FloatArray, own: Own | None = None
    ) -> tuple[float, Week | None]:
        """The value of the best legal week and that week; None when none is legal."""
        found, week = self._find(member, gain, own)
        return found.value + member.owed_cost, week

    def ceiling(self, member: Member, gain: FloatArray) -> tuple[float, Week | None]:
        """
        What no legal week is worth more than, and the week of :meth:`best`.

        It is that week's value, except where weeks share a budget of paid time
        (:mod:`wfplan.scheduling.person.pricing`).
        """
        found, week = self._find(member, gain)
        return found.ceiling + member.owed_cost, week

    def _find(
        self, member: Member, gain: FloatArray, own: Own | None = None
    ) -> tuple[BestDays, Week | None]:
        value, breaks = worth_of_options(member, gain, *prices_of_moments(member, own))
        found = self._solver.best(member.space.legal, value, member.paid_cost)
        if found.chosen is None:
            return found, None
        parts = [(int(o), breaks[o]) for o in found.chosen if o >= 0]
        return found, week_of(member, parts)


def prices_of_moments(member: Member, own: Own | None = None) -> tuple[FloatArray, FloatArray]:
    """What being on shift asks of a member, (slot,), and breaks beside that, (kind, slot)."""
    burden = member.burden if own is None else member.burden + own.burden
    rest = Own.nothing(len(burden)).rest if own is None else own.rest
    return burden, rest + member.rest_price if member.away else rest


def worth_of_options(
    member: Member, gain: FloatArray, burden: FloatArray, rest: FloatArray
) -> tuple[FloatArray, IntArray]:
    """What each shift of a member is worth, (option,), and where its breaks go, (option, break)."""
    space = member.space
    value = np.empty(space.option_count)
    breaks = np.zeros((space.option_count, space.lengths.break_slots.shape[1]), dtype=np.int64)
    value_shifts(
        gain, burden, space.opt_start, space.opt_len, space.lengths.slots,
        space.lengths.break_count, space.lengths.break_slots, space.lengths.break_kind, rest,
        value, breaks,
    )  # fmt: skip
    return value, breaks


def week_of(member: Member, shifts: Sequence[tuple[int, Sequence[int] | IntArray]]) -> Week:
    """A week from its options and break starts."""
    space = member.space
    slots, parts, cost = [], [], -member.owed_cost
    for option, starts in shifts:
        kind, start = space.opt_len[option], space.opt_start[option]
        length = int(space.lengths.slots[kind])
        placed = tuple(int(at) for at in starts[: space.lengths.break_count[kind]])
        sizes = space.lengths.break_slots[kind, : len(placed), 0].tobytes()
        slots.append(start + _between_breaks(length, placed, sizes))
        cost += member.burden[start : start + length].sum()
        cost += member.paid_cost * space.len_paid[kind]
        parts.append((option, placed))
    if space.is_priced:
        cost += rules_cost(member, [option for option, _ in shifts])
    on_queue = np.concatenate(slots) if slots else np.zeros(0, dtype=np.int64)
    if member.away:
        on_queue = np.setdiff1d(on_queue, member.away_slots)
    return Week(tuple(parts), on_queue.astype(np.int64), float(cost))


@lru_cache(maxsize=1 << 16)
def _between_breaks(length: int, starts: tuple[int, ...], sizes: bytes) -> IntArray:
    """Slots on queue of a shift, from its start, whose breaks have sizes; not to be changed."""
    on = np.ones(length, dtype=np.bool_)
    for at, size in zip(starts, np.frombuffer(sizes, dtype=np.int64), strict=True):
        on[at : at + size] = False
    return np.flatnonzero(on)


def rules_cost(member: Member, options: Sequence[int]) -> float:
    """Harm points that the rules ask for some shifts; 0 where a hard one is broken."""
    cost = _cost(member, options)
    return cost if cost < np.inf else 0.0


def is_allowed(member: Member, options: Sequence[int]) -> bool:
    """Whether some shifts break no hard rule."""
    return _cost(member, options) < np.inf


def _cost(member: Member, options: Sequence[int]) -> float:
    chosen = np.full(len(member.space.day_ptr) - 1, -1, dtype=np.int64)
    for option in options:
        chosen[np.searchsorted(member.space.day_ptr, option, side="right") - 1] = option
    return float(cost_of(member.space.legal, chosen))
