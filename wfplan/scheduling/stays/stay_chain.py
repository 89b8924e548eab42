"""Chains: what one person no longer serves is passed on from colleague to colleague, as kernels.

An ejection chain (Glover 1996, doi:10.1016/0166-218X(94)00037-E): the slot whose
service is missed most finds somebody on shift there, she gets new stays, and
leaves another slot, until the whole is cheap enough or the chain is too long.
Every step is written down before it is taken, so that all can be undone.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wfplan.compiled import part
from wfplan.scheduling.person.legal import LegalDays
from wfplan.scheduling.search.trial import Traits
from wfplan.scheduling.service.slots import Slots
from wfplan.scheduling.service.spread import channel_cost
from wfplan.scheduling.stays.serving import serve_all
from wfplan.scheduling.stays.stays import Memo, StayRules
from wfplan.scheduling.stays.tours import Tours, clear, fill, put_shift

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_EPS = 1e-9  # harm points


class Chain(NamedTuple):
    """What a chain has changed, to be undone: a step is a person's shift as it was."""

    person: IntArray  # (step,)
    day: IntArray  # (step,)
    first: IntArray  # (step,) the slots in which she was on shift
    last: IntArray  # (step,)
    option: IntArray  # (day,) the week with which the chain began
    breaks: IntArray  # (step, break)
    serving: IntArray  # (step, slot)


@part
def pass_on(
    at: Slots, tours: Tours, chain: Chain, steps: int, rules: StayRules, memo: Memo,
    rise: float, limit: float, noise: float, u: FloatArray,
) -> tuple[int, float]:  # fmt: skip
    """
    Pass on what the first steps of a chain left until the whole costs no more than ``limit``.

    Returns the number of steps and the rise of the coverage's cost.
    """
    oldest = 0
    while rise > limit and steps < chain.person.shape[0]:
        worst, found, left = -1, _EPS, oldest
        for step in range(oldest, steps):
            s, saved = _worst_hole(at, tours, chain, step, u[steps % u.shape[0]] < 0.5)
            if saved > found:
                worst, found, left = s, saved, step
        if worst < 0:
            break
        c, but = chain.serving[left, worst], chain.person[left]
        draw = u[(steps + 3) % u.shape[0]]
        j, d = _colleague(at, tours, worst, c, but, draw)
        if j < 0 or d < 0:
            break
        keep(tours, j, d, chain, steps)
        rise += clear(at, tours, j, d)
        is_filled, more = fill(at, tours, j, d, rules, memo, noise, draw)
        rise = rise + more if is_filled else np.inf
        oldest = max(oldest, steps - 2)
        steps += 1
        if not is_filled:
            break
    return steps, rise


@part
def undo(
    at: Slots, tours: Tours, chain: Chain, steps: int, i: int, days: IntArray,
    old: IntArray, legal: LegalDays, who: Traits,
) -> None:  # fmt: skip
    """Undo a chain from its last step to its first, and the shifts that it began with."""
    for step in range(steps - 1, days.shape[0] - 1, -1):
        clear(at, tours, chain.person[step], chain.day[step])
        _give_back(at, tours, chain, step)
    for d in days:
        clear(at, tours, i, d)
        put_shift(tours, i, d, old[d], legal, who)
    for step in range(days.shape[0]):
        _give_back(at, tours, chain, step)


@part
def keep(tours: Tours, i: int, d: int, chain: Chain, step: int) -> None:
    """Write down what a person serves on a day, before a chain changes it."""
    first, last = tours.first[i, d], tours.last[i, d]
    chain.person[step], chain.day[step] = i, d
    chain.first[step], chain.last[step] = first, last
    for b in range(tours.breaks.shape[2]):
        chain.breaks[step, b] = tours.breaks[i, d, b]
    for s in range(first, last):
        chain.serving[step, s] = tours.serving[i, s]


@part
def _give_back(at: Slots, tours: Tours, chain: Chain, step: int) -> None:
    """Let a person serve what she served before a step; her shift is again what it was."""
    i, d = chain.person[step], chain.day[step]
    first, last = tours.first[i, d], tours.last[i, d]
    for b in range(tours.breaks.shape[2]):
        tours.breaks[i, d, b] = chain.breaks[step, b]
    for s in range(first, last):
        tours.serving[i, s] = chain.serving[step, s]
    serve_all(at, tours.kind_at[i], tours.serving[i], first, last, 1)


@part
def _worst_hole(
    at: Slots, tours: Tours, chain: Chain, step: int, is_down: bool
) -> tuple[int, float]:
    """The slot in which what a step left is worth most to be served again."""
    i, worst, found = chain.person[step], -1, _EPS
    first, last = chain.first[step], chain.last[step]
    for n in range(first, last):
        s = first + last - 1 - n if is_down else n
        c, t, k = chain.serving[step, s], at.interval_of[s], tours.kind_at[i, s]
        if c < 0 or t < 0 or tours.serving[i, s] == c:
            continue
        pace = at.kind_mass[k] * at.speed[at.kind_group[k], c]
        saved = channel_cost(at.cost, c, t, at.staff[s, c])
        saved -= channel_cost(at.cost, c, t, at.staff[s, c] + pace) + at.head_price
        if saved > found:
            worst, found = s, saved
    return worst, found


@part
def _colleague(at: Slots, tours: Tours, s: int, c: int, but: int, u: float) -> tuple[int, int]:
    """
    Somebody on shift in a slot who serves another channel but could serve this one, and her day.

    Those without whom their channel costs no more come first.
    """
    people, t = tours.serving.shape[0], at.interval_of[s]
    begin, second = int(u * people), -1
    for n in range(people):
        j = (begin + n) % people
        on, k = tours.serving[j, s], tours.kind_at[j, s]
        if j == but or on < 0 or on == c or at.speed[at.kind_group[k], c] <= 0.0:
            continue
        pace = at.kind_mass[k] * at.speed[at.kind_group[k], on]
        lost = channel_cost(at.cost, on, t, max(at.staff[s, on] - pace, 0.0))
        lost -= channel_cost(at.cost, on, t, at.staff[s, on]) + at.head_price
        if lost <= _EPS:
            return j, _day_of(tours, j, s)
        if second < 0:
            second = j
    return second, _day_of(tours, second, s) if second >= 0 else -1


@part
def _day_of(tours: Tours, i: int, s: int) -> int:
    """The day whose shift of a person covers a slot."""
    for d in range(tours.first.shape[1]):
        if tours.first[i, d] <= s < tours.last[i, d]:
            return d
    return -1
