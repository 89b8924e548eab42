"""What one person could be offered as a plan stands, the best of it first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.schedule import Shift
from wfplan.scheduling.offers.market import Market, Priced
from wfplan.scheduling.person.patterns import AgentSpace
from wfplan.scheduling.team.oracle import Shifts, is_allowed, week_of
from wfplan.scheduling.team.team import Member

IntArray = NDArray[np.int64]
_NOTHING = np.zeros(0, dtype=np.int64)

EXTRA_MAX_MIN = 180  # that a shift is made longer by
TRIES = 60  # options of a date that are looked at, best first
_ENOUGH = 1e-9


@dataclass(frozen=True, eq=False)
class Chance:
    """
    A change of one date of a member: another option, or none.

    ``worth`` are harm points per paid hour: saved, or with time off lost.
    """

    member: Member
    day: int
    old: Shift | None
    option: int  # -1: free
    breaks: tuple[int, ...]
    before: IntArray  # slots on queue
    after: IntArray
    extra_min: int  # paid minutes more, below 0 fewer
    saves: float
    own: float  # harm points of her own: wishes
    worth: float
    peak: int  # slot in which it counts most


def more(market: Market, i: int, barred: frozenset[int]) -> Iterator[Chance]:
    """Longer shifts and one more day of a member, not on barred dates; the best of each date."""
    for day, base, priced in _days(market, i, barred):
        found = _best(market, i, base, day, priced, is_more=True)
        if found is not None:
            yield found


def less(market: Market, i: int, barred: frozenset[int]) -> Iterator[Chance]:
    """Shorter shifts and free dates of a member; the one of each date that loses least."""
    for day, base, priced in _days(market, i, barred):
        if base is not None:
            found = _best(market, i, base, day, priced, is_more=False)
            if found is not None:
                yield found


@dataclass(frozen=True)
class _Base:
    """The shift of a date as it is."""

    shift: Shift
    option: int
    on: IntArray


def _days(
    market: Market, i: int, barred: frozenset[int]
) -> Iterator[tuple[int, _Base | None, Priced]]:
    """The dates of a member that may change, what she works there, and prices without it."""
    member, week = market.team.members[i], market.week(i)
    if week is None:
        return
    limits = member.limits
    settled = {limits.dates.index(lock.day) for lock in limits.locked if lock.day in limits.dates}
    of_day = {_day_of(member.space, option): option for option, _ in week}
    free: Priced | None = None
    for day in range(len(limits.dates)):
        if day in barred or day in settled:
            continue
        if day not in of_day:
            free = free or market.priced(member, _NOTHING)
            yield day, None, free
            continue
        shift = market.shift_on(member, of_day[day])
        if shift is not None:
            on = market.on_queue(shift)
            yield day, _Base(shift, of_day[day], on), market.priced(member, on)


def _day_of(space: AgentSpace, option: int) -> int:
    return int(np.searchsorted(space.day_ptr, option, side="right")) - 1


def _best(
    market: Market, i: int, base: _Base | None, day: int, priced: Priced, *, is_more: bool
) -> Chance | None:
    """The legal change of a date that is worth most, or None."""
    member, week = market.team.members[i], market.week(i) or ()
    others = tuple(part for part in week if base is None or part[0] != base.option)
    chances = [
        one
        for option in _options(member.space, base, day, is_more=is_more)
        if (one := _chance(member, base, day, option, priced)) is not None
    ]
    chances.sort(key=lambda one: (-one.worth if is_more else one.worth, -abs(one.extra_min)))
    return next((one for one in chances[:TRIES] if _is_legal(member, others, one)), None)


def _options(space: AgentSpace, base: _Base | None, day: int, *, is_more: bool) -> list[int]:
    """Options that only add to a shift at one of its ends, or only take away; -1 is a free date."""
    first, last = int(space.day_ptr[day]), int(space.day_ptr[day + 1])
    if base is None:
        return list(range(first, last)) if is_more else []
    options = np.arange(first, last)
    start, end = space.opt_start[options], space.legal.end[options]
    old_start, old_end = int(space.opt_start[base.option]), int(space.legal.end[base.option])
    is_at_one_end = (start == old_start) ^ (end == old_end)
    if is_more:
        fits = is_at_one_end & (start <= old_start) & (end >= old_end)
        return [int(option) for option in options[fits]]
    fits = is_at_one_end & (start >= old_start) & (end <= old_end)
    return [*options[fits].tolist(), -1]


def _chance(
    member: Member, base: _Base | None, day: int, option: int, priced: Priced
) -> Chance | None:
    """A change of a date with what it is worth; None where it pays no other time."""
    space = member.space
    extra = (0 if option < 0 else space.lengths.paid_min[int(space.opt_len[option])]) - (
        base.shift.paid_min if base else 0
    )
    if not extra or (base and extra > EXTRA_MAX_MIN):
        return None
    breaks: tuple[int, ...] = ()
    after = _NOTHING
    if option >= 0:
        count = int(space.lengths.break_count[int(space.opt_len[option])])
        breaks = tuple(int(at) for at in priced.breaks[option, :count])
        after = week_of(member, [(option, breaks)]).on_queue
    before = base.on if base else _NOTHING
    saves = float(priced.gain[after].sum() - priced.gain[before].sum())
    own = _burden(member, option) - (_burden(member, base.option) if base else 0.0)
    changed = np.setxor1d(before, after)
    if not len(changed):
        return None
    worth = (saves - own) / (extra / 60)
    return Chance(
        member, day, base.shift if base else None, option, breaks, before, after, extra, saves,
        own, worth, int(changed[np.argmax(priced.gain[changed])]),
    )  # fmt: skip


def _burden(member: Member, option: int) -> float:
    """Harm points of being on shift against her wishes."""
    if option < 0:
        return 0.0
    space = member.space
    start, end = int(space.opt_start[option]), int(space.legal.end[option])
    return float(member.burden[start:end].sum())


def _is_legal(member: Member, others: Shifts, chance: Chance) -> bool:
    """Whether her week stays legal."""
    options = [option for option, _ in others]
    if chance.option >= 0:
        options.append(chance.option)
    return is_allowed(member, sorted(options))


def measured(market: Market, chance: Chance, member: Member) -> Chance:
    """The chance taken: the market changed, and what that saved for sure."""
    cost = market.cost()
    market.take(member, chance.before)
    market.put(member, chance.after)
    return replace(chance, saves=cost - market.cost())


def undone(market: Market, chance: Chance, member: Member) -> None:
    """The market as it was before the chance was taken."""
    market.take(member, chance.after)
    market.put(member, chance.before)
