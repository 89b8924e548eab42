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
    window: tuple[int, int, int],
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
        The first and last state of the chain that weigh something, and the
        most contacts waiting in the overrun plus one.
    """
    lo, hi, width = window
    levels, whole, turn = busy.shape[1] - 1, int(tick[STAFF]), NOW
    roof = line.shape[1] - 2 * PAD - 1
    for step in range(len(at)):
        now, after = line[turn], line[1 - turn]
        if levels > 0:
            for i in range(min(lo, whole) - 2, lo):
                now[i + PAD] = 0.0
            for i in range(hi + 1, whole + 4 + width):
                now[i + PAD] = 0.0
            lo, hi = min(lo, whole), max(hi, whole + 1 + width)
            _collect_overrun(busy, turn, levels, width, at[step], over[step])
        _collect_and_tick(
            now, after, line[END], line[SUMS], down, tick[RATE], lo, hi, at[step], over[step]
        )
        if levels > 0:
            levels, width = _finish_tick(busy, turn, after, levels, width, tick)
        lo, hi, turn = lo - 1, hi + 1, 1 - turn
        while lo < 0 or (lo < hi and after[lo + PAD] < NEGLIGIBLE):
            after[lo + PAD] = 0.0
            lo += 1
        while hi > lo and after[hi + PAD] < NEGLIGIBLE:
            after[hi + PAD] = 0.0
            hi -= 1
        if hi >= roof or (levels > 0 and whole + 2 + width >= roof):
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
def _collect_overrun(
    busy: FloatArray, turn: int, levels: int, width: int, at: float, over: float
) -> None:
    """Add the law of those who finish to its sums."""
    for e in range(levels):
        for i in range(PAD, width + PAD):
            busy[END, e, i] += at * busy[turn, e, i]
            busy[SUMS, e, i] += over * busy[turn, e, i]


@njit(cache=True, nogil=True)
def _finish_tick(
    busy: FloatArray, turn: int, chain: FloatArray, levels: int, width: int, tick: FloatArray
) -> tuple[int, int]:
    """One step of the agents who finish; who is done joins the chain. Levels and width left."""
    up, mu, theta, whole = tick[RATE], tick[MU], tick[THETA], int(tick[STAFF])
    stays = tick[STAFF] - whole
    for w in range(width):
        chain[whole + w + PAD] += (whole + 1) * mu * busy[turn, 0, w + PAD]
        chain[whole + 1 + w + PAD] += stays * (whole + 2) * mu * busy[turn, 1, w + PAD]
    live = wide = 0
    for e in range(levels):
        working = (whole + 1 + e) * mu
        fed = (working + mu) * (1.0 - stays if e == 0 else 1.0)
        weight = 0.0
        for w in range(width + 1):
            i = w + PAD
            new = (
                (1.0 - up - working - w * theta) * busy[turn, e, i]
                + up * busy[turn, e, i - 1]
                + (w + 1) * theta * busy[turn, e, i + 1]
                + fed * busy[turn, e + 1, i]
            )
            busy[1 - turn, e, i] = new
            weight += new
            if new > NEGLIGIBLE:
                wide = max(wide, w + 1)
        live = e + 1 if weight > NEGLIGIBLE else live
    for e in range(levels + 1):  # what is let go is emptied, in both laws where it may be read
        for i in range((0 if e >= live else wide) + PAD, width + 3 + PAD):
            busy[1 - turn, e, i] = 0.0
            busy[turn, e, i] = 0.0 if e >= live else busy[turn, e, i]
    return live, wide
