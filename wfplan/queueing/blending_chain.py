"""The Markov chain of a blended team: its stationary law, and where a waiting contact goes.

A state is a level - the contacts waiting, or minus the idle agents - and the
number of agents on contacts; all others are on back-office work. The rules are
those of :mod:`wfplan.queueing.blending`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array
from scipy.sparse.linalg import splu
from scipy.special import gammaln, xlogy

from wfplan.errors import InputError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_CUT_OFF = 1e-13  # probability of the longest queue that is followed
_GONE = 1e-17  # of those who wait: nobody is left to follow
_STATES = 250_000  # of a chain: beyond it the solution takes minutes
_SELDOM = 1e-6  # relative to the likeliest state
_JUMPS = 64.0  # of the clock of a slice of time, on average


@dataclass(frozen=True)
class Team:
    """The chain's numbers, per second; ``reserve`` no larger than ``staff``."""

    staff: int
    reserve: int
    arrivals: float
    serve: float
    finish: float  # back-office work
    hang_up: float


def stationary(team: Team) -> tuple[IntArray, IntArray, FloatArray]:
    """Level, agents on contacts and probability of every state."""
    longest = _first_guess(team)
    while True:
        levels, inbound = _states(team, longest)
        law = _solve(team, levels, inbound)
        if law[levels == longest].sum() <= _CUT_OFF:
            return levels, inbound, law
        longest *= 2


def served_and_waiting(team: Team, busy: FloatArray, within: float) -> tuple[float, float]:
    """
    Shares that are served within a time, and that wait longer (uniformisation).

    The time is cut into slices: once the states that change fast are left for
    good, the clock of the next slice runs slower.
    """
    contact, back, step, total = _rates(team, busy.shape[1])
    mass, served, left = busy, 0.0, within
    negligible = _GONE * float(busy.sum())
    while left > 0 and mass.sum() > negligible:
        mass = np.where(mass > negligible / mass.size, mass, 0.0)
        fewest, longest = (int(at) for at in (np.nonzero(mass)[0].min(), np.nonzero(mass)[1].max()))
        clock = float(max(total[fewest, longest], total[-1, longest]))  # of all states ahead
        length = min(left, _JUMPS / clock)
        chances = _jump_chances(clock * length)
        ends = np.append(np.cumsum(chances[:0:-1])[::-1], 0.0)  # of more jumps than so many
        after = np.zeros(mass.shape)
        for chance, more in zip(chances, ends, strict=True):
            after += chance * mass
            served += float((mass[:, 0] * step[:, 0]).sum()) / clock * more
            later = mass * (1 - total / clock)
            later[:, :-1] += (mass * contact)[:, 1:] / clock
            later[1:, :-1] += (mass * back)[:-1, 1:] / clock
            mass = later
        mass, left = after, left - length
    return served, float(mass.sum())


def served_wait(team: Team, busy: FloatArray) -> tuple[float, float]:
    """Of those who find everybody busy: the share served, and its mean of wait x served."""
    contact, back, step, total = _rates(team, busy.shape[1])
    served = step[:, 0] / total[:, 0]
    wait = served / total[:, 0]
    shares, waits = busy[:, 0] @ served, busy[:, 0] @ wait
    for r in range(1, busy.shape[1]):
        same, new = contact[:, r] / total[:, r], back[:, r] / total[:, r]
        served_next = same * served + new * np.append(served[1:], 0.0)
        wait = same * wait + new * np.append(wait[1:], 0.0) + served_next / total[:, r]
        served = served_next
        shares, waits = shares + busy[:, r] @ served, waits + busy[:, r] @ wait
    return float(shares), float(waits)


def _first_guess(team: Team) -> int:
    """A queue that is seldom exceeded."""
    spare = team.staff * team.serve - team.arrivals
    spread = sqrt(team.arrivals / team.hang_up) if team.hang_up > 0 else inf
    mode = -min(spare, 0.0) / team.hang_up if team.hang_up > 0 else 0.0
    geometric = 30 * team.arrivals / spare if spare > 0 else inf
    return ceil(mode + min(8 * spread, geometric) + 10)


def _states(team: Team, longest: int) -> tuple[IntArray, IntArray]:
    """Levels from all of the reserve idle to the longest queue, each with 0 to all on contacts."""
    level = np.arange(-team.reserve, longest + 1)
    width = team.staff + np.minimum(level, 0) + 1
    if width.sum() > _STATES:
        raise InputError(
            f"staff = {team.staff} and queues of up to {longest} make a blended team of "
            f"{width.sum()} states, more than can be solved at hand: use "
            "wfplan.queueing.blending.back_capacity, or a shorter patience."
        )
    first = np.cumsum(width) - width
    return np.repeat(level, width), np.arange(width.sum()) - np.repeat(first, width)


def _solve(team: Team, levels: IntArray, inbound: IntArray) -> FloatArray:
    """Stationary law: what enters a state leaves it."""
    states = len(levels)
    into, out_of, speed = _moves(team, levels, inbound)
    diagonal = np.arange(states)
    leaving = np.bincount(out_of, speed, states)
    rates: FloatArray = np.concatenate((speed, -leaving)).astype(np.float64)
    flow = csc_array(
        (
            rates,
            (np.concatenate((into, diagonal)), np.concatenate((out_of, diagonal))),
        ),
        shape=(states, states),
    )
    level, i = _likely(team, int(levels[-1]))
    unit = int(np.flatnonzero((levels == level) & (inbound == i))[0])
    while True:
        law = _in_units_of(flow, unit)
        likeliest = int(law.argmax())
        if law[unit] >= _SELDOM * law[likeliest]:
            share: FloatArray = law / law.sum()
            return share
        unit = likeliest  # measured in a state that is hardly ever seen, the others lose digits


def _in_units_of(flow: csc_array[np.float64], unit: int) -> FloatArray:
    """The stationary law as multiples of one state's probability."""
    states = np.arange(flow.shape[0])
    rest = np.delete(states, unit)
    law = np.ones(len(states))
    law[rest] = splu(flow[:, rest][rest]).solve(-flow[:, [unit]].toarray()[rest, 0])
    return np.abs(law)


def _moves(
    team: Team, levels: IntArray, inbound: IntArray
) -> tuple[IntArray, IntArray, FloatArray]:
    """Where the chain goes, from where, and how often per second."""
    contacts, queue = inbound.astype(np.float64), np.maximum(levels, 0).astype(np.float64)
    back = team.staff + np.minimum(levels, 0) - contacts
    waiting = levels > 0
    starts_back = ~waiting & (levels == -team.reserve)  # who ends a piece starts the next
    falls = ~starts_back
    moves = (
        (np.full(len(levels), team.arrivals), levels < levels[-1], 1, np.where(levels < 0, 1, 0)),
        (team.serve * contacts, falls, -1, np.where(waiting, 0, -1)),
        (team.serve * contacts, starts_back, 0, np.full(len(levels), -1)),
        (team.finish * back, falls, -1, np.where(waiting, 1, 0)),
        (team.hang_up * queue, waiting, -1, np.zeros(len(levels), dtype=np.int64)),
    )
    first = np.flatnonzero(inbound == 0)  # of the levels
    into, out_of, speed = [], [], []
    for rate, happens, up, more in moves:
        at = np.flatnonzero(happens & (rate > 0))
        into.append(first[levels[at] + up + team.reserve] + inbound[at] + more[at])
        out_of.append(at)
        speed.append(np.asarray(rate[at], dtype=np.float64))
    return np.concatenate(into), np.concatenate(out_of), np.concatenate(speed)


def _likely(team: Team, longest: int) -> tuple[int, int]:
    """A state that is often seen: its probability is the unit of all others."""
    load = team.arrivals / team.serve
    idle = min(team.reserve, max(round(team.staff - load), 0))
    if load <= team.staff:
        return -idle, min(round(load), team.staff - idle)
    queue = (team.arrivals - team.staff * team.serve) / team.hang_up
    return min(round(queue), longest), team.staff


def _rates(team: Team, ahead: int) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Of a waiting contact, (on contacts, ahead): its ways forward, their sum, and with its end."""
    i = np.arange(team.staff + 1.0)[:, None]
    r = np.arange(ahead)
    contact = i * team.serve + r * team.hang_up
    back = (team.staff - i) * team.finish + 0 * r
    return contact, back, contact + back, contact + back + team.hang_up


def _jump_chances(mean: float) -> FloatArray:
    """Poisson probabilities of 0, 1, ... jumps, as many as matter."""
    counts = np.arange(ceil(mean + 10 * sqrt(mean) + 30))
    chances: FloatArray = np.exp(xlogy(counts, mean) - mean - gammaln(counts + 1))
    return chances
