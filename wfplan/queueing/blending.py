"""Blending: agents do back-office work while more than a reserve of them is idle.

The back office never runs out. Agents above the reserve start its work at
once; nobody is interrupted, so a contact that finds no idle agent waits until
somebody finishes either kind of work, and then goes first. With ``i`` agents
on contacts, ``k`` on back-office work and ``q`` contacts waiting this is a
Markov chain; as soon as contacts wait everybody is busy, so it has two
dimensions: the level ``q`` or minus the idle agents, and ``i``.

References
----------
.. [1] Bhulai, S., and G. Koole (2003). A queueing model for call blending in call
       centers. *IEEE Transactions on Automatic Control* 48(8): 1434-1438.
       https://doi.org/10.1109/TAC.2003.815038
.. [2] Gans, N., and Y.-P. Zhou (2003). A call-routing problem with service-level
       constraints. *Operations Research* 51(2): 255-271.
       https://doi.org/10.1287/opre.51.2.255.12787
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf, sqrt
from operator import index

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csc_array
from scipy.sparse.linalg import splu
from scipy.special import gammaln, pdtrc

from wfplan.errors import InputError, require
from wfplan.queueing import erlang_a
from wfplan.queueing.measures import QueueMeasures, broadcast

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_CUT_OFF = 1e-13  # probability of the longest queue that is followed
_GONE = 1e-17  # of those who wait: nobody is left to follow
_STATES = 3_000_000  # of a chain: beyond it the solution takes minutes


@dataclass(frozen=True)
class Blended:
    """What a blended team does; its occupancy counts both kinds of work."""

    inbound: QueueMeasures
    back_per_h: float  # back-office items finished per hour
    back_staff: float  # mean agents on back-office work
    inbound_staff: float  # mean agents on contacts


@dataclass(frozen=True)
class _Team:
    """The chain's numbers, per second; ``reserve`` no larger than ``staff``."""

    staff: int
    reserve: int
    arrivals: float
    serve: float
    finish: float  # back-office work
    hang_up: float


def steady_state(
    staff: int,
    arrivals_per_h: float,
    aht_s: float,
    patience_s: float,
    *,
    reserve: int,
    back_aht_s: float,
    answer_within_s: float = 20.0,
) -> Blended:
    """
    Contacts and back-office work of one team with a reserve for contacts.

    Parameters
    ----------
    staff
        Agents, a whole number >= 0.
    arrivals_per_h
        Contacts per hour.
    aht_s
        Mean handle time of a contact, seconds.
    patience_s
        Mean patience, seconds; may be infinite.
    reserve
        Back-office work is started only while more agents than this are idle;
        from ``staff`` on, never.
    back_aht_s
        Mean length of a piece of back-office work, seconds.
    answer_within_s
        The time of the service level, seconds.

    Raises
    ------
    InputError
        When a number cannot be, or the chain has more states than can be solved.
    """
    team, within = _team(
        staff, reserve, arrivals_per_h=arrivals_per_h, aht_s=aht_s, patience_s=patience_s,
        back_aht_s=back_aht_s, answer_within_s=answer_within_s,
    )  # fmt: skip
    free = max(team.staff - team.reserve, 0)
    stuck = team.hang_up == 0 and team.arrivals >= team.staff * team.serve
    if team.staff == 0 or team.arrivals == 0 or stuck:
        alone = erlang_a.steady_state(
            staff, arrivals_per_h, aht_s, patience_s, answer_within_s=answer_within_s
        )
        back = float(free if team.arrivals == 0 else 0)
        return Blended(alone, back * team.finish * 3600, back, float(staff - back if stuck else 0))
    levels, inbound, law = _stationary(team)
    return _blended(team, within, levels, inbound, law)


def least_reserve(
    answer_share: float,
    staff: int,
    arrivals_per_h: float,
    aht_s: float,
    patience_s: float,
    *,
    back_aht_s: float,
    answer_within_s: float = 20.0,
) -> int:
    """
    Fewest idle agents to keep for contacts so that ``answer_share`` of them is answered in time.

    Arguments as in :func:`steady_state`; the service level rises in the reserve.

    Raises
    ------
    InputError
        When the target is not in (0, 1), or is missed even without any back-office work.
    """
    if not 0 < answer_share < 1:
        raise InputError(f"answer_share = {answer_share:g} is not in (0, 1): write 80 % as 0.8.")

    def level(reserve: int) -> float:
        found = steady_state(
            staff, arrivals_per_h, aht_s, patience_s,
            reserve=reserve, back_aht_s=back_aht_s, answer_within_s=answer_within_s,
        )  # fmt: skip
        return float(found.inbound.sl_offered)

    best = erlang_a.steady_state(
        staff, arrivals_per_h, aht_s, patience_s, answer_within_s=answer_within_s
    )
    if best.sl_offered < answer_share:
        raise InputError(
            f"staff = {staff} answer {best.sl_offered:.1%} in time without any back-office work, "
            f"less than answer_share = {answer_share:g}: no reserve reaches it. Add agents."
        )
    few, many, step = -1, 0, 1  # few misses the target, many reaches it
    while many < staff and level(many) < answer_share:
        few, many, step = many, min(many + step, staff), 2 * step
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if level(middle) >= answer_share else (middle, many)
    return many


def back_capacity(
    staff: ArrayLike,
    arrivals_per_h: ArrayLike,
    aht_s: ArrayLike,
    p_abandon: ArrayLike,
    *,
    reserve: ArrayLike,
) -> FloatArray:
    """Agents left for back-office work in the fluid view: ``n - a (1 - P_ab) - b``, not below 0."""
    args = broadcast(
        staff=staff, arrivals_per_h=arrivals_per_h, aht_s=aht_s, p_abandon=p_abandon,
        reserve=reserve,
    )  # fmt: skip
    lost = args["p_abandon"]
    require(lost <= 1, "p_abandon{at} = {lost:g} is above 1: write 5 % as 0.05.", lost=lost)
    busy = args["arrivals_per_h"] / 3600 * args["aht_s"] * (1 - lost)
    return np.maximum(args["staff"] - busy - args["reserve"], 0.0)


def _team(staff: int, reserve: int, **numbers: float) -> tuple[_Team, float]:
    """The arguments in rates per second, checked, and the time of the service level."""
    try:
        whole = index(staff), index(reserve)
    except TypeError:
        whole = (-1, -1)
    if min(whole) < 0:
        raise InputError(
            f"staff = {staff} with reserve = {reserve} is no blended team: both are whole numbers "
            "of agents, >= 0. Round them, or interpolate between two teams."
        )
    args = broadcast(**numbers)
    if args["aht_s"].ndim:
        raise InputError("a blended team is solved one at a time: give numbers, not arrays.")
    aht = float(args["aht_s"])
    patience = max(float(args["patience_s"]), erlang_a.SHORTEST_PATIENCE * aht)
    team = _Team(
        staff=whole[0],
        reserve=min(whole[1], whole[0]),
        arrivals=float(args["arrivals_per_h"]) / 3600,
        serve=1 / aht,
        finish=1 / float(args["back_aht_s"]),
        hang_up=0.0 if patience == inf else 1 / patience,
    )
    return team, float(args["answer_within_s"])


def _stationary(team: _Team) -> tuple[IntArray, IntArray, FloatArray]:
    """Level, agents on contacts and probability of every state."""
    longest = _first_guess(team)
    while True:
        levels, inbound = _states(team, longest)
        law = _solve(team, levels, inbound)
        if law[levels == longest].sum() <= _CUT_OFF:
            return levels, inbound, law
        longest *= 2


def _first_guess(team: _Team) -> int:
    """A queue that is seldom exceeded."""
    spare = team.staff * team.serve - team.arrivals
    spread = sqrt(team.arrivals / team.hang_up) if team.hang_up > 0 else inf
    mode = -min(spare, 0.0) / team.hang_up if team.hang_up > 0 else 0.0
    geometric = 30 * team.arrivals / spare if spare > 0 else inf
    return ceil(mode + min(8 * spread, geometric) + 10)


def _states(team: _Team, longest: int) -> tuple[IntArray, IntArray]:
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


def _solve(team: _Team, levels: IntArray, inbound: IntArray) -> FloatArray:
    """Stationary law: what enters a state leaves it."""
    states = len(levels)
    into, out_of, speed = _moves(team, levels, inbound)
    leaving = np.bincount(out_of, speed, states)
    diagonal = np.arange(states)
    flow = csc_array(
        (
            np.concatenate((speed, -leaving)),
            (np.concatenate((into, diagonal)), np.concatenate((out_of, diagonal))),
        ),
        shape=(states, states),
    )
    level, i = _likely(team, int(levels[-1]))
    likely = int(np.flatnonzero((levels == level) & (inbound == i))[0])
    rest = np.delete(diagonal, likely)
    law = np.ones(states)
    law[rest] = splu(flow[:, rest][rest]).solve(-flow[:, [likely]].toarray()[rest, 0])
    law = np.maximum(law, 0.0)
    share: FloatArray = law / law.sum()
    return share


def _moves(
    team: _Team, levels: IntArray, inbound: IntArray
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


def _likely(team: _Team, longest: int) -> tuple[int, int]:
    """A state that is often seen: its probability is the unit of all others."""
    load = team.arrivals / team.serve
    idle = min(team.reserve, max(round(team.staff - load), 0))
    if load <= team.staff:
        return -idle, min(round(load), team.staff - idle)
    queue = (team.arrivals - team.staff * team.serve) / team.hang_up
    return min(round(queue), longest), team.staff


def _blended(
    team: _Team, within: float, levels: IntArray, inbound: IntArray, law: FloatArray
) -> Blended:
    """Measures from the stationary law."""
    on_contacts = float(law @ inbound)
    idle = float(law @ np.maximum(-levels, 0))
    on_back = team.staff - idle - on_contacts
    queue = float(law @ np.maximum(levels, 0))
    busy = law[levels >= 0].reshape(-1, team.staff + 1).T  # (on contacts, ahead of an arrival)
    in_time, still = _served_and_waiting(team, busy, within)
    served, served_wait = _served_wait(team, busy)
    answered = float(law[levels < 0].sum()) + served
    level = 1 - float(busy.sum()) + in_time
    numbers = {
        "p_wait": float(busy.sum()),
        "p_abandon": team.hang_up * queue / team.arrivals,
        "mean_wait_all_s": queue / team.arrivals,
        "mean_wait_served_s": served_wait / answered,
        "sl_offered": level,
        "sl_served": min(level / answered, 1.0),
        "p_wait_beyond": still,
        "occupancy": 1 - idle / team.staff,
        "mean_queue": queue,
    }
    measures = QueueMeasures(**{name: np.asarray(value) for name, value in numbers.items()})
    return Blended(measures, team.finish * on_back * 3600, on_back, on_contacts)


def _rates(team: _Team, ahead: int) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Of a waiting contact, (on contacts, ahead): its ways forward, their sum, and with its end."""
    i = np.arange(team.staff + 1.0)[:, None]
    r = np.arange(ahead)
    contact = i * team.serve + r * team.hang_up
    back = (team.staff - i) * team.finish + 0 * r
    return contact, back, contact + back, contact + back + team.hang_up


def _served_and_waiting(team: _Team, busy: FloatArray, within: float) -> tuple[float, float]:
    """Shares that are served within a time, and that wait longer (uniformisation)."""
    contact, back, step, total = _rates(team, busy.shape[1])
    clock = float(total.max())
    mean = clock * within
    mass, served, waiting, jump = busy, 0.0, 0.0, 0
    limit = _GONE * float(busy.sum())
    while mass.sum() > limit and (jump <= mean or pdtrc(jump, mean) > _GONE):
        log_chance = jump * np.log(mean) - mean - gammaln(jump + 1) if mean > 0 else 0.0
        waiting += float(mass.sum() * np.exp(log_chance))
        jump += 1
        served += float((mass[:, 0] * step[:, 0]).sum() / clock * pdtrc(jump - 1, mean))
        later = mass * (1 - total / clock)
        later[:, :-1] += (mass * contact)[:, 1:] / clock
        later[1:, :-1] += (mass * back)[:-1, 1:] / clock
        mass = later
    return served, waiting


def _served_wait(team: _Team, busy: FloatArray) -> tuple[float, float]:
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
