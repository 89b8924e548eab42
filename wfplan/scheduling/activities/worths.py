"""What a person's best week is worth with a session at each moment.

Of every date on which she could sit in it her best week that works on that date is
found by the oracle; on the date itself every shift and every moment of the session is
tried, the other days as in that week. What she earns in the slots of the session is lost,
and breaks that lie there go to the next best place.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wfplan.compiled import pack
from wfplan.scheduling.person.legal import LegalDays, cost_of_days, inner, kernel
from wfplan.scheduling.person.pricing import DaysSolver
from wfplan.scheduling.team.couples import Own
from wfplan.scheduling.team.oracle import prices_of_moments, worth_of_options
from wfplan.scheduling.team.team import NEVER, Member

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class Worths(NamedTuple):
    """Values in harm points: with the session at each slot, in the shift of which date, without."""

    value: FloatArray  # (slot,) minus infinity where it cannot be
    day: IntArray  # (slot,)
    free: float

    @property
    def loss(self) -> FloatArray:
        """What a session that begins in a slot costs, (slot,); infinite where it cannot be."""
        loss: FloatArray = self.free - self.value
        return loss


@kernel
def session_values(
    legal: LegalDays,
    opt_row: IntArray,
    len_paid: IntArray,
    break_count: IntArray,
    break_slots: IntArray,
    break_kind: IntArray,
    paid_cost: float,
    chosen: IntArray,
    d: int,
    gain: FloatArray,
    burden: FloatArray,
    rest: FloatArray,
    is_start: BoolArray,
    taken: IntArray,
    size: int,
    out: FloatArray,
) -> None:
    """
    Best value of a date's shift with a session in it, by the slot in which that begins.

    ``chosen`` are the options of the other days; what rules ask for the week is taken off.
    ``gain`` and the others are of slots, ``rest`` (kind, slot) of breaks beside the gain,
    ``taken`` counts the slots of other sessions before each slot, (slot + 1,).
    """
    slots = gain.shape[0]
    earned, net = np.zeros(slots + 1), np.zeros(slots + 1)
    rested = np.zeros((rest.shape[0], slots + 1))
    for s in range(slots):
        earned[s + 1] = earned[s] + gain[s]
        net[s + 1] = net[s] + gain[s] - burden[s]
        for what in range(rest.shape[0]):
            rested[what, s + 1] = rested[what, s] + gain[s] + rest[what, s]
    trial = chosen.copy()
    least, where = np.zeros(break_slots.shape[1]), np.zeros(break_slots.shape[1], np.int64)
    for o in range(legal.day_ptr[d], legal.day_ptr[d + 1]):
        start, end, row = legal.start[o], legal.end[o], opt_row[o]
        trial[d] = o
        rules = np.inf
        if legal.price[o] < np.inf:
            rules = cost_of_days(legal, trial)
        if rules == np.inf:
            continue
        worth = net[end] - net[start] - paid_cost * len_paid[row] - rules
        windows, kinds = break_slots[row], break_kind[row]
        for b in range(break_count[row]):
            least[b], where[b] = _least(rested[kinds[b]], windows[b], start, end, end)
        for t in range(start, end - size + 1):
            if not is_start[t] or taken[t + size] > taken[t]:
                continue
            value = worth - (earned[t + size] - earned[t])
            for b in range(break_count[row]):
                if where[b] + windows[b, 0] <= t or where[b] >= t + size:
                    value -= least[b]
                else:
                    value -= _least(rested[kinds[b]], windows[b], start, t, t + size)[0]
            out[t] = max(out[t], value)


@inner
def _least(
    rested: FloatArray, window: IntArray, start: int, first: int, stop: int
) -> tuple[float, int]:
    """What a break costs at least outside some slots, and where it begins then."""
    best, where = np.inf, start
    for at in range(start + window[1], start + window[2] + 1):
        if at + window[0] <= first or at >= stop:
            lost = rested[at + window[0]] - rested[at]
            if lost < best:
                best, where = lost, at
    return best, where


class WorthOracle:
    """Asks for worths; owns the memory it works in."""

    def __init__(self) -> None:
        self._solver = DaysSolver()

    def of(
        self, member: Member, gain: FloatArray, own: Own | None, is_start: BoolArray, size: int
    ) -> Worths:
        """Worths of a session of so many slots for a member at what slots save."""
        space, slots = member.space, len(gain)
        burden, rest = prices_of_moments(member, own)
        value, _ = worth_of_options(member, gain, burden, rest)
        free = self._solver.best(space.legal, value, member.paid_cost)
        found, day = np.full(slots, -np.inf), np.zeros(slots, dtype=np.int64)
        if free.chosen is None:
            return Worths(found, day, -np.inf)
        taken = np.zeros(slots + 1, dtype=np.int64)
        taken[1:][member.away_slots] = 1
        np.cumsum(taken, out=taken)
        net = np.append(value - member.paid_cost * space.len_paid[space.opt_len], 0.0)
        for d in range(len(space.day_ptr) - 1):
            if not _can_hold(space.legal, d, is_start, size):
                continue
            chosen: IntArray | None = free.chosen
            if free.chosen[d] < 0:
                chosen = self._with_work(space.legal, d, value, member.paid_cost)
            if chosen is None:
                continue
            chosen = chosen.copy()
            chosen[d] = -1
            others = float(net[chosen].sum())
            out = np.full(slots, -np.inf)
            session_values(
                pack(space.legal), space.opt_len, space.len_paid, space.lengths.break_count,
                space.lengths.break_slots, space.lengths.break_kind, float(member.paid_cost),
                chosen, d, gain, burden, rest, is_start, taken, size, out,
            )  # fmt: skip
            out += others + member.owed_cost
            better = (out > found) & (out > -NEVER / 2)
            found[better], day[better] = out[better], d
        return Worths(found, day, free.value + member.owed_cost)

    def _with_work(
        self, legal: LegalDays, d: int, value: FloatArray, paid_cost: float
    ) -> IntArray | None:
        """The best days that work on a date."""
        following = legal.next_state.copy()
        following[d, :, 0] = -1
        best = self._solver.best(legal._replace(next_state=following), value, paid_cost)
        return best.chosen


def _can_hold(legal: LegalDays, d: int, is_start: BoolArray, size: int) -> bool:
    """Whether some shift of a date could hold a session."""
    first, last = int(legal.day_ptr[d]), int(legal.day_ptr[d + 1])
    if first == last:
        return False
    begin, end = int(legal.start[first:last].min()), int(legal.end[first:last].max())
    return bool(is_start[begin : max(end - size + 1, begin)].any())
