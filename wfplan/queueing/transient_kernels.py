"""The compiled clock of the queue in time: a uniformised birth-death chain on a moving window.

With constant rates, ``law(t) = sum over k of Poisson(clock t; k) * P^k law(0)``, where
``P = I + Q / clock`` moves the chain by one tick. All terms are positive and sums
of probabilities, so no digit is lost. The window holds the states that weigh
more than ``NEGLIGIBLE``; it follows the queue up and down.

Agents who finish their last contact after the staff have fallen are a second
dimension: ``overrun[e, w]`` is the probability that ``e + 1`` more are busy than
whole agents are on duty while ``w`` contacts wait. Nobody is taken from the
queue there; a completion leads one level down and, from level 0, back to the
chain. Levels die out in a few service completions and are dropped with them.

References
----------
.. [1] Jensen, A. (1953). Markoff chains as an aid in the study of Markoff
       processes. *Skandinavisk Aktuarietidskrift* 36: 87-91.
       https://doi.org/10.1080/03461238.1953.10419459
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

NEGLIGIBLE = 1e-18  # of all probability: a state that weighs less is let go
PAD = 3  # empty states on both sides of the window, so that no step asks where it is
RATE, STAFF, MU, THETA = 0, 1, 2, 3  # columns of a plan; per second, in the clock per tick
NOW, AFTER, END, SUMS = 0, 1, 2, 3  # laws of an interval under way; the first two take turns


@njit(cache=True, nogil=True)
def run_clock(
    line: FloatArray,
    busy: FloatArray,
    tick: FloatArray,
    down: FloatArray,
    at: FloatArray,
    over: FloatArray,
    window: tuple[int, int, int, int, int],
) -> bool:
    """
    Whether the window was large enough; fills the laws at the end and over the time.

    Parameters
    ----------
    line
        Laws of the chain, shape (4, PAD + state + PAD), of which NOW is given
        and END and SUMS are found.
    busy
        The same for the overrun, shape (4, level + 1, PAD + waiting + PAD).
    tick
        RATE, MU and THETA per tick, and the STAFF.
    down
        Chance of one contact less in a tick, by padded state.
    at, over
        Weights of the law after each tick in the law at the end and over the time.
    window
        The first and last state of the chain that weigh something; the first
        level of the overrun that does and those after the last level and the
        most contacts waiting that do.
    """
    lo, hi, first, last, width = window
    whole = int(tick[STAFF])
    roof = line.shape[1] - 2 * PAD - 1
    for step in range(len(at)):
        turn = step % 2
        now, after = line[turn], line[1 - turn]
        if last > 0:
            for i in range(min(lo, whole) - 2, lo):
                now[i + PAD] = 0.0
            for i in range(hi + 1, whole + 4 + width):
                now[i + PAD] = 0.0
            lo, hi = min(lo, whole), max(hi, whole + 1 + width)
        _collect_and_tick(
            now, after, line[END], line[SUMS], down, tick[RATE], lo, hi, at[step], over[step]
        )
        if last > 0:
            _finish_tick(busy, turn, after, (first, last, width), tick, at[step], over[step])
            first, last, width = _live(busy, turn, max(first - 1, 0), last, width + 1)
        lo, hi = lo - 1, hi + 1
        while hi > max(lo, 0) and after[hi + PAD] < NEGLIGIBLE:
            after[hi + PAD] = 0.0
            hi -= 1
        while lo < 0 or (lo < hi and after[lo + PAD] < NEGLIGIBLE):
            after[lo + PAD] = 0.0
            lo += 1
        if hi >= roof or (last > 0 and whole + 2 + width >= roof):
            return False
    return True


@njit(cache=True, nogil=True)
def _collect_and_tick(
    now: FloatArray,
    after: FloatArray,
    end: FloatArray,
    sums: FloatArray,
    down: FloatArray,
    up: float,
    lo: int,
    hi: int,
    at: float,
    over: float,
) -> None:
    """Add the law to its sums; one step from the states lo .. hi to lo - 1 .. hi + 1."""
    first, last = lo - 1 + PAD, hi + 2 + PAD
    old, new, fall = now[first - 1 : last + 1], after[first:last], down[first - 1 : last + 1]
    last_sum, time_sum = end[first:last], sums[first:last]
    if at > 0.0:
        for i in range(len(new)):
            last_sum[i] += at * old[i + 1]
    for i in range(len(new)):
        time_sum[i] += over * old[i + 1]
        new[i] = (1.0 - up - fall[i + 1]) * old[i + 1] + up * old[i] + fall[i + 2] * old[i + 2]
    for i in range(2):
        after[first - 1 - i] = 0.0
        after[last + i] = 0.0


@njit(cache=True, nogil=True)
def _finish_tick(
    busy: FloatArray,
    turn: int,
    chain: FloatArray,
    window: tuple[int, int, int],
    tick: FloatArray,
    at: float,
    over: float,
) -> None:
    """Add the law of those who finish to its sums; one step, and who is done joins the chain."""
    first, last, width = window
    up, mu, theta, whole = tick[RATE], tick[MU], tick[THETA], int(tick[STAFF])
    stays = tick[STAFF] - whole
    if first == 0:
        for w in range(width):
            chain[whole + w + PAD] += (whole + 1) * mu * busy[turn, 0, w + PAD]
    if first <= 1:
        for w in range(width):
            chain[whole + 1 + w + PAD] += stays * (whole + 2) * mu * busy[turn, 1, w + PAD]
    for e in range(max(first - 1, 0), last):
        working = (whole + 1 + e) * mu
        fed = (working + mu) * (1.0 - stays if e == 0 else 1.0)
        old, new = busy[turn, e, PAD - 1 : PAD + width + 2], busy[1 - turn, e, PAD:]
        above = busy[turn, e + 1, PAD:]
        end, sums = busy[END, e, PAD:], busy[SUMS, e, PAD:]
        for w in range(width + 1):
            end[w] += at * old[w + 1]
            sums[w] += over * old[w + 1]
            new[w] = (
                (1.0 - up - working - w * theta) * old[w + 1]
                + up * old[w]
                + (w + 1) * theta * old[w + 2]
                + fed * above[w]
            )


@njit(cache=True, nogil=True)
def _live(busy: FloatArray, turn: int, first: int, last: int, width: int) -> tuple[int, int, int]:
    """Levels and width of the overrun that still weigh something; the rest is emptied."""
    law = busy[1 - turn]
    while last > first and _most(law, last - 1, last, width, width) < NEGLIGIBLE:
        last -= 1
        _clear(busy, last, width)
    while last > first and _most(law, first, first + 1, width, width) < NEGLIGIBLE:
        _clear(busy, first, width)
        first += 1
    while width > 1 and _most(law, first, last, width, 1) < NEGLIGIBLE:
        width -= 1
    for e in range(first, last):
        for i in range(width + PAD, width + PAD + 3):
            law[e, i] = 0.0
    if last == first:
        first = last = width = 0
    return first, last, width


@njit(cache=True, nogil=True)
def _clear(busy: FloatArray, level: int, width: int) -> None:
    """Empty a level in both laws that take turns."""
    for i in range(width + PAD + 2):
        busy[NOW, level, i] = 0.0
        busy[AFTER, level, i] = 0.0


@njit(cache=True, nogil=True)
def _most(law: FloatArray, first: int, last: int, width: int, count: int) -> float:
    """The largest weight of some levels, in the last ``count`` of ``width`` states of waiting."""
    most = 0.0
    for e in range(first, last):
        for w in range(width - count, width):
            most = max(most, law[e, w + PAD])
    return most
