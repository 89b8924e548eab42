"""Weeks that a person might have instead of her own, for a choice among several people's."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from wfplan.scheduling.person.legal import cost_of
from wfplan.scheduling.person.worth import value_shifts
from wfplan.scheduling.team.couples import Own
from wfplan.scheduling.team.oracle import Oracle, Week, week_of
from wfplan.scheduling.team.team import Member

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

TRIED_MAX = 20_000  # choices of shifts that are looked through for all legal ones
KEPT_MAX = 1_500


def every_week(member: Member, gain: FloatArray, own: Own) -> list[Week] | None:
    """All legal weeks of a member, breaks where they cost least; None where there are too many."""
    ends = member.space.day_ptr
    days = [[-1, *range(ends[d], ends[d + 1])] for d in range(len(ends) - 1)]
    if np.prod([float(len(day)) for day in days]) > TRIED_MAX:
        return None
    legal = [
        chosen
        for chosen in product(*days)
        if cost_of(member.space.legal, np.array(chosen, dtype=np.int64)) < np.inf
    ]
    if len(legal) > KEPT_MAX:
        return None
    breaks = _best_breaks(member, gain, own)
    return [week_of(member, [(o, breaks[o]) for o in chosen if o >= 0]) for chosen in legal]


def some_weeks(
    member: Member,
    oracle: Oracle,
    gain: FloatArray,
    owns: Sequence[Own],
    rng: np.random.Generator,
) -> list[Week]:
    """Best responses of a member to prices of her moments, and to prices drawn around them."""
    days = len(member.space.day_ptr) - 1
    edges = np.linspace(0, len(gain), days + 1).astype(np.int64)
    of_day = np.repeat(np.arange(days), np.diff(edges))
    usual = float(np.abs(gain).mean()) + 1e-9
    found: dict[tuple[tuple[int, tuple[int, ...]], ...], Week] = {}
    for n, own in enumerate(owns):
        drawn = gain
        if n:
            by_day = rng.normal(0.0, 1.0, days)[of_day]
            by_slot = np.repeat(rng.normal(0.0, 1.0, len(gain) // 8 + 1), 8)[: len(gain)]
            drawn = gain * rng.exponential(1.0) + usual * (by_day + by_slot)
        _, week = oracle.best(member, drawn, own)
        if week is not None:
            found.setdefault(week.shifts, week)
    return list(found.values())


def _best_breaks(member: Member, gain: FloatArray, own: Own) -> IntArray:
    """Where the breaks of every shift cost least, (option, break)."""
    space = member.space
    value = np.empty(space.option_count)
    breaks = np.zeros((space.option_count, space.lengths.break_slots.shape[1]), dtype=np.int64)
    rest = own.rest + member.rest_price if member.away else own.rest
    value_shifts(
        gain, member.burden + own.burden, space.opt_start, space.opt_len, space.lengths.slots,
        space.lengths.break_count, space.lengths.break_slots, space.lengths.break_kind, rest,
        value, breaks,
    )  # fmt: skip
    return breaks
