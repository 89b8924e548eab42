"""The moments of those who sit alone: coaching, development, in one piece or several.

With everybody else fixed, a slot of a person's shifts that is given away loses
what her service there saves. The cheapest slots of a week, in pieces that are long
enough, come from a small dynamic program over its shifts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wfplan.scheduling.team.asked import Asked
from wfplan.scheduling.team.oracle import Week
from wfplan.scheduling.team.team import Away, Member

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_FEW = 1e-7  # harm points of a piece: few long ones rather than many short ones

Pieces = list[tuple[int, int]]


def cheapest_pieces(
    price: FloatArray, stretch: IntArray, size: int, piece: int, left_out: float = np.inf
) -> tuple[float, Pieces]:
    """
    The cheapest pieces of at least ``piece`` slots each that come to ``size`` slots.

    Parameters
    ----------
    price
        What each slot costs, (slot,).
    stretch
        What a slot is part of, -1 where nothing may lie, (slot,). No piece is in two stretches.
    left_out
        What a slot less than ``size`` costs; infinite where all have to be given.

    Returns
    -------
    tuple
        The cost, and the pieces in order as (first, stop); infinite and none without room.
    """
    where = np.flatnonzero(stretch >= 0)
    total = np.concatenate([[0.0], np.cumsum(price[where])])
    is_next = np.diff(where) == 1
    same = np.concatenate([[False], is_next & (np.diff(stretch[where]) == 0)])
    begins = np.maximum.accumulate(np.where(same, 0, np.arange(len(where))))  # of each one's run
    best = np.full((len(where) + 1, size + 1), np.inf)
    taken = np.zeros(best.shape, dtype=np.int64)
    best[:, 0] = 0.0
    for n in range(1, len(where) + 1):
        best[n] = best[n - 1]
        for length in range(piece, min(size, n - int(begins[n - 1])) + 1):
            cost = best[n - length, : size + 1 - length] + total[n] - total[n - length] + _FEW
            better = cost < best[n, length:]
            best[n, length:][better] = cost[better]
            taken[n, length:][better] = length
    missing = size - np.arange(size + 1)
    asked = np.where(missing > 0, left_out, 0.0) * np.maximum(missing, 1)
    given = int(np.argmin(best[-1] + asked))
    cost = float(best[-1, given] + asked[given])
    return (cost, _traced(where, taken, given)) if np.isfinite(cost) else (np.inf, [])


def _traced(where: IntArray, taken: IntArray, given: int) -> Pieces:
    """The pieces behind the best sum, those that touch made one."""
    found: Pieces = []
    n = len(where)
    while given > 0:
        length = int(taken[n, given])
        if not length:
            n -= 1
            continue
        first, stop = int(where[n - length]), int(where[n - 1]) + 1
        if found and found[-1][0] == stop:
            found[-1] = (first, found[-1][1])
        else:
            found.append((first, stop))
        n, given = n - length, given - length
    return found[::-1]


def stretches(member: Member, week: Week, slots: int) -> tuple[IntArray, IntArray]:
    """The shift of each slot on queue, -1 elsewhere, and the dates of shifts, (slot,), (shift,)."""
    at = np.full(slots, -1, dtype=np.int64)
    starts = np.array([member.space.opt_start[option] for option, _ in week.shifts], np.int64)
    at[week.on_queue] = np.searchsorted(starts, week.on_queue, side="right") - 1
    options = np.array([option for option, _ in week.shifts], dtype=np.int64)
    return at, np.searchsorted(member.space.day_ptr, options, side="right") - 1


def pieces_in(
    member: Member, week: Week, gain: FloatArray, asked: list[tuple[int, Asked]]
) -> tuple[float, list[Away]] | None:
    """
    Where a member's requests cost least in the shifts of a week, one request after another.

    ``gain`` is what her slots on queue save. None where one that must be placed has no room.
    """
    at, days = stretches(member, week, len(gain))
    total, away = 0.0, []
    for k, one in asked:
        open_at = np.where(one.is_open, at, -1)
        left_out = one.price if not one.is_hard else np.inf
        cost, found = cheapest_pieces(gain, open_at, one.size, one.piece, left_out)
        if not np.isfinite(cost):
            return None
        total += cost
        for first, stop in found:
            away.append(Away(k, first, stop, int(days[at[first]])))
            at[first:stop] = -1
    return total, away
