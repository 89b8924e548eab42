"""Swaps: who could exchange her shift of a date with a person, and who best."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wfplan.scheduling.team.oracle import Shifts, is_allowed, week_of
from wfplan.scheduling.team.team import Member
from wfplan.scheduling.why.choice import Choice, day_of, option_on
from wfplan.scheduling.why.standing import Standing

IntArray = NDArray[np.int64]

BEST = 2  # partners whose exchange is priced
TRIED = 24  # whose weeks are looked at for it

_Slots = tuple[int, int]
"""First slot and length of a shift."""


def partners(standing: Standing, i: int, d: int) -> list[tuple[int, Choice, Choice]]:
    """
    The best colleagues to exchange the shift of a date with, and what both would get.

    They work on that date at another time, and both may have the other's shift beside the rest of
    their weeks. They are ranked by what customers and both would lose, slot by slot.
    """
    mine = _shift_on(standing, i, d)
    if mine is None:
        return []
    ranked = []
    for j in range(len(standing.weeks)):
        theirs = _shift_on(standing, j, d) if j != i else None
        if theirs is not None and theirs != mine:
            ranked.append((_customers(standing, i, j, d, mine, theirs), j, theirs))
    ranked.sort(key=lambda one: (one[0], one[1]))
    found = []
    for cost, j, theirs in ranked:
        both = _exchanged(standing, i, d, theirs), _exchanged(standing, j, d, mine)
        if both[0] is None or both[1] is None:
            continue
        found.append((cost + both[0] + both[1], j, theirs))
        if len(found) >= TRIED:
            break
    found.sort(key=lambda one: (one[0], one[1]))
    return [
        (
            j,
            Choice(d, start=theirs[0], length=theirs[1]),
            Choice(d, start=mine[0], length=mine[1]),
        )
        for _, j, theirs in found[:BEST]
    ]


def _shift_on(standing: Standing, i: int, d: int) -> _Slots | None:
    """First slot and length of a person's shift of a date."""
    member = standing.team.members[i]
    if d >= len(member.limits.dates):
        return None
    found = option_on(member, standing.weeks[i].shifts, d)
    if found is None:
        return None
    space = member.space
    return int(space.opt_start[found[0]]), int(space.lengths.slots[space.opt_len[found[0]]])


def _customers(standing: Standing, i: int, j: int, d: int, mine: _Slots, theirs: _Slots) -> float:
    """What customers lose by the exchange, by what people of both kinds save slot by slot."""
    kinds = standing.team.members[i].kinds[d], standing.team.members[j].kinds[d]
    if kinds[0] == kinds[1]:
        return 0.0
    gain = standing.begun.arrays["gain"]
    total = 0.0
    for kind, (own, other) in zip(kinds, ((mine, theirs), (theirs, mine)), strict=True):
        if kind >= 0:
            sums = gain[kind]
            total += float(sums[own[0] : sum(own)].sum() - sums[other[0] : sum(other)].sum())
    return total


def _exchanged(standing: Standing, i: int, d: int, other: _Slots) -> float | None:
    """By how much a person's own week costs more with another shift; None where it is not legal."""
    member, week = standing.team.members[i], standing.weeks[i]
    option = _option(member, d, other)
    if option is None:
        return None
    shifts = [one for one in week.shifts if day_of(member, one[0]) != d]
    space = member.space
    row = int(space.opt_len[option])
    starts = space.lengths.break_slots[row, : space.lengths.break_count[row], 1]
    trial: Shifts = tuple(sorted([*shifts, (option, tuple(int(at) for at in starts))]))
    if not is_allowed(member, [one for one, _ in trial]):
        return None
    return week_of(member, trial).cost - week.cost


def _option(member: Member, d: int, shift: _Slots) -> int | None:
    """The option of a day that is a shift; None where there is none."""
    space = member.space
    first, last = int(space.day_ptr[d]), int(space.day_ptr[d + 1])
    start = space.opt_start[first:last]
    length = space.lengths.slots[space.opt_len[first:last]]
    found: IntArray = np.flatnonzero((start == shift[0]) & (length == shift[1]))
    return first + int(found[0]) if len(found) else None
