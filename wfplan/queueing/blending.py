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
from math import inf
from operator import index

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wfplan.errors import InputError, require
from wfplan.queueing import erlang_a
from wfplan.queueing.blending_chain import Team, served_and_waiting, served_wait, stationary
from wfplan.queueing.measures import QueueMeasures, broadcast

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Blended:
    """What a blended team does; its occupancy counts both kinds of work."""

    inbound: QueueMeasures
    back_per_h: float  # back-office items finished per hour
    back_staff: float  # mean agents on back-office work
    inbound_staff: float  # mean agents on contacts


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
    if team.arrivals == 0:
        free = team.staff - team.reserve
        return Blended(_alone(team, within), free * team.finish * 3600, float(free), 0.0)
    stuck = team.hang_up == 0 and team.arrivals >= team.staff * team.serve
    if stuck or team.reserve == team.staff:
        inbound_only = _alone(team, within)
        busy = team.arrivals / team.serve * (1 - float(inbound_only.p_abandon))
        return Blended(inbound_only, 0.0, 0.0, min(busy, float(team.staff)))
    levels, inbound, law = stationary(team)
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


def _team(staff: int, reserve: int, **numbers: float) -> tuple[Team, float]:
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
    team = Team(
        staff=whole[0],
        reserve=min(whole[1], whole[0]),
        arrivals=float(args["arrivals_per_h"]) / 3600,
        serve=1 / aht,
        finish=1 / float(args["back_aht_s"]),
        hang_up=0.0 if patience == inf else 1 / patience,
    )
    return team, float(args["answer_within_s"])


def _alone(team: Team, within: float) -> QueueMeasures:
    """The contacts' queue without any back-office work."""
    patience = 1 / team.hang_up if team.hang_up > 0 else inf
    return erlang_a.steady_state(
        team.staff, team.arrivals * 3600, 1 / team.serve, patience, answer_within_s=within
    )


def _blended(
    team: Team, within: float, levels: IntArray, inbound: IntArray, law: FloatArray
) -> Blended:
    """Measures from the stationary law."""
    on_contacts = float(law @ inbound)
    idle = float(law @ np.maximum(-levels, 0))
    on_back = team.staff - idle - on_contacts
    queue = float(law @ np.maximum(levels, 0))
    busy = law[levels >= 0].reshape(-1, team.staff + 1).T  # (on contacts, ahead of an arrival)
    in_time, still = served_and_waiting(team, busy, within)
    served, wait_of_served = served_wait(team, busy)
    answered = float(law[levels < 0].sum()) + served
    level = 1 - float(busy.sum()) + in_time
    numbers = {
        "p_wait": float(busy.sum()),
        "p_abandon": team.hang_up * queue / team.arrivals,
        "mean_wait_all_s": queue / team.arrivals,
        "mean_wait_served_s": wait_of_served / answered,
        "sl_offered": level,
        "sl_served": min(level / answered, 1.0),
        "p_wait_beyond": still,
        "occupancy": 1 - idle / team.staff,
        "mean_queue": queue,
    }
    measures = QueueMeasures(**{name: np.asarray(value) for name, value in numbers.items()})
    return Blended(measures, team.finish * on_back * 3600, on_back, on_contacts)
