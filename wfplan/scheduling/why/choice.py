"""Choices: what a date of a person is made to be, and her legal days with it.

A choice leaves out options and, where she must work, the day off; what is left is
again what the oracle runs on. Its bounds on what lies ahead stay valid, only looser.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from wfplan.scheduling.person.legal import LegalDays
from wfplan.scheduling.person.patterns import AgentSpace
from wfplan.scheduling.team.oracle import Shifts
from wfplan.scheduling.team.team import Member

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

_HELD = 1e6  # harm points that no small move gives up


@dataclass(frozen=True)
class Choice:
    """
    What a date is made to be: off, or a shift of some start and length, in slots.

    ``covers`` are the first and last slot that the shift must hold, ``clear`` spans of
    slots that it must not touch. ``must_work`` bars the day off.
    """

    day: int
    is_off: bool = False
    must_work: bool = True
    start: int | None = None
    length: int | None = None
    covers: tuple[int, int] | None = None
    clear: tuple[tuple[int, int], ...] = ()

    def keeps(self, space: AgentSpace) -> BoolArray:
        """The options that the choice leaves, (option,)."""
        keep = np.ones(space.option_count, dtype=np.bool_)
        first, last = space.day_ptr[self.day], space.day_ptr[self.day + 1]
        start = space.opt_start[first:last]
        end = start + space.lengths.slots[space.opt_len[first:last]]
        day = np.full(len(start), not self.is_off)
        if self.start is not None:
            day &= start == self.start
        if self.length is not None:
            day &= end - start == self.length
        if self.covers is not None:
            day &= (start <= self.covers[0]) & (end > self.covers[1])
        for begin, stop in self.clear:
            day &= (end <= begin) | (start >= stop)
        keep[first:last] = day
        return keep


def restricted(member: Member, choice: Choice) -> tuple[Member, IntArray]:
    """The member with what a choice leaves of her days, and her own numbers of its options."""
    space, legal = member.space, member.space.legal
    keep = choice.keeps(space)
    ids = np.flatnonzero(keep).astype(np.int64)
    before = np.concatenate([[0], np.cumsum(keep)]).astype(np.int64)
    following = legal.next_state
    if choice.must_work and not choice.is_off:
        following = following.copy()
        following[choice.day, :, 0] = -1
    legal = legal._replace(
        day_ptr=np.ascontiguousarray(before[legal.day_ptr]),
        start=legal.start[ids],
        end=legal.end[ids],
        paid=legal.paid[ids],
        symbol=legal.symbol[ids],
        price=legal.price[ids],
        next_state=following,
    )
    space = replace(space, legal=legal, opt_len=space.opt_len[ids])
    return replace(member, space=space), ids


def held(member: Member, choice: Choice) -> LegalDays:
    """Her legal days, so priced that small moves keep to a choice."""
    space, legal = member.space, member.space.legal
    price = np.where(choice.keeps(space), legal.price, np.inf)
    if choice.must_work and not choice.is_off:
        price[space.day_ptr[choice.day] : space.day_ptr[choice.day + 1]] -= _HELD
    return legal._replace(price=price)


def in_own_numbers(shifts: Shifts, ids: IntArray) -> Shifts:
    """Shifts of restricted days as options of the member herself."""
    return tuple((int(ids[option]), starts) for option, starts in shifts)


def day_of(member: Member, option: int) -> int:
    """The day of an option."""
    return int(np.searchsorted(member.space.day_ptr, option, side="right")) - 1


def option_on(member: Member, shifts: Shifts, day: int) -> tuple[int, tuple[int, ...]] | None:
    """The shift of a day, if there is one."""
    return next((one for one in shifts if day_of(member, one[0]) == day), None)
