"""The least staff that reaches a target: a real number of effective agents.

Service level rises, occupancy and abandonment fall with every agent (and
part of one), so the least staff is found between two whole numbers and then
inside. Chat agents are whole: between two whole numbers the measure is read
on the straight line, as for a team that has one more agent part of the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, floor, inf, sqrt

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from wfplan.errors import InputError
from wfplan.queueing.chat import level_rates
from wfplan.queueing.kernels import (
    abandon_share,
    chat_idle,
    idle_weight,
    queue_shares,
    wait_beyond,
    waiting_sums,
)
from wfplan.queueing.measures import broadcast, flat

FloatArray = NDArray[np.float64]

_SERVICE_LEVEL, _OCCUPANCY, _ABANDONMENT, _LONGEST_WAIT = 0, 1, 2, 3
_EXACT = 1e-10  # agents
_USUAL = 1.5  # square roots of the load on either side of it, where most requirements lie


def for_service_level(
    answer_share: float,
    arrivals_per_h: ArrayLike,
    aht_s: ArrayLike,
    patience_s: ArrayLike,
    *,
    answer_within_s: ArrayLike = 20.0,
    concurrency_rates: Sequence[float] = (1.0,),
) -> FloatArray:
    """
    Least staff that answers ``answer_share`` of all offered contacts in time.

    Parameters
    ----------
    answer_share
        Answered within the time / offered, in (0, 1).
    arrivals_per_h
        Contacts per hour; where nobody calls, nobody is required.
    aht_s
        Mean handle time, seconds.
    patience_s
        Mean patience, seconds; infinite is Erlang C.
    answer_within_s
        The time of the service level, seconds.
    concurrency_rates
        Completions of an agent who holds 1, 2, ... contacts, relative to one.

    Raises
    ------
    InputError
        When the target is not in (0, 1) or another number cannot be.
    """
    return _required(
        _SERVICE_LEVEL, "answer_share", answer_share, concurrency_rates,
        arrivals_per_h=arrivals_per_h, aht_s=aht_s, patience_s=patience_s,
        answer_within_s=answer_within_s,
    )  # fmt: skip


def for_occupancy(
    occupancy_max: float,
    arrivals_per_h: ArrayLike,
    aht_s: ArrayLike,
    patience_s: ArrayLike,
    *,
    concurrency_rates: Sequence[float] = (1.0,),
) -> FloatArray:
    """Least staff whose occupancy is at most ``occupancy_max``; see :func:`for_service_level`."""
    return _required(
        _OCCUPANCY, "occupancy_max", occupancy_max, concurrency_rates,
        arrivals_per_h=arrivals_per_h, aht_s=aht_s, patience_s=patience_s, answer_within_s=0.0,
    )  # fmt: skip


def for_abandonment(
    abandon_share_max: float,
    arrivals_per_h: ArrayLike,
    aht_s: ArrayLike,
    patience_s: ArrayLike,
    *,
    concurrency_rates: Sequence[float] = (1.0,),
) -> FloatArray:
    """Least staff that lose at most ``abandon_share_max``; see :func:`for_service_level`."""
    return _required(
        _ABANDONMENT, "abandon_share_max", abandon_share_max, concurrency_rates,
        arrivals_per_h=arrivals_per_h, aht_s=aht_s, patience_s=patience_s, answer_within_s=0.0,
    )  # fmt: skip


def for_longest_wait(
    answer_most_share: float,
    arrivals_per_h: ArrayLike,
    aht_s: ArrayLike,
    patience_s: ArrayLike,
    *,
    answer_most_s: ArrayLike,
    concurrency_rates: Sequence[float] = (1.0,),
) -> FloatArray:
    """
    Least staff with whom ``answer_most_share`` of patient contacts wait at most ``answer_most_s``.

    The wait is the offered wait: that of a contact which would never hang up,
    among others who do. See :func:`for_service_level`.
    """
    return _required(
        _LONGEST_WAIT, "answer_most_share", answer_most_share, concurrency_rates,
        arrivals_per_h=arrivals_per_h, aht_s=aht_s, patience_s=patience_s,
        answer_within_s=answer_most_s,
    )  # fmt: skip


def critical_arrivals_per_h(
    answer_share: float,
    staff: float,
    aht_s: float,
    patience_s: float,
    *,
    answer_within_s: float = 20.0,
) -> float:
    """Largest contacts per hour at which ``staff`` still answer ``answer_share`` in time."""
    _check_share("answer_share", answer_share)
    args = broadcast(
        staff=staff, aht_s=aht_s, patience_s=patience_s, answer_within_s=answer_within_s
    )
    n, aht, patience, within = (float(value) for value in args.values())
    if n == 0:
        return 0.0
    voice = level_rates((1.0,))
    low, high = 0.0, n
    while _excess(_SERVICE_LEVEL, answer_share, n, high, aht, patience, within, voice) >= 0:
        low, high = high, 2 * high
    while high - low > 1e-13 * high:
        middle = (low + high) / 2
        if not low < middle < high:
            break
        if _excess(_SERVICE_LEVEL, answer_share, n, middle, aht, patience, within, voice) >= 0:
            low = middle
        else:
            high = middle
    return low / aht * 3600


def _required(
    kind: int, name: str, target: float, concurrency_rates: Sequence[float], **arguments: ArrayLike
) -> FloatArray:
    """The least staff for one kind of target, of the shape of the arguments."""
    _check_share(name, target)
    args = broadcast(**arguments)
    aht = args["aht_s"]
    load = args["arrivals_per_h"] / 3600 * aht
    rates = level_rates(concurrency_rates)
    found = _least_staff(
        kind,
        float(target),
        flat(load),
        flat(aht),
        flat(args["patience_s"]),
        flat(args["answer_within_s"]),
        rates,
    )
    return found.reshape(load.shape)


def _check_share(name: str, share: float) -> None:
    """Refuse a target that nobody can miss or reach."""
    if not 0 < share < 1:
        raise InputError(
            f"{name} = {share:g} is not in (0, 1): write 80 % as 0.8. "
            "No number of staff reaches 1 with certainty."
        )


@njit(cache=True, nogil=True)
def _least_staff(
    kind: int,
    target: float,
    load: FloatArray,
    aht: FloatArray,
    patience: FloatArray,
    within: FloatArray,
    rates: FloatArray,
) -> FloatArray:
    found = np.zeros(len(load))
    for i in range(len(load)):
        if load[i] == 0.0:
            continue
        args = (load[i], aht[i], patience[i], within[i], rates)
        usual = load[i] / rates[-1]
        few, many = max(0.0, floor(usual - _USUAL * sqrt(usual))), 1.0 + floor(usual)
        if _excess(kind, target, few, *args) >= 0.0:
            few, many = 0.0, few
        while _excess(kind, target, many, *args) < 0.0:
            few, many = many, many + 1.0 + floor(_USUAL * sqrt(many))
        while many - few > 1.0:
            middle = floor(0.5 * (few + many))
            if _excess(kind, target, middle, *args) < 0.0:
                few = middle
            else:
                many = middle
        found[i] = _between(kind, target, few, many, *args)
    return found


@njit(cache=True, nogil=True)
def _between(
    kind: int,
    target: float,
    few: float,
    many: float,
    load: float,
    aht: float,
    patience: float,
    within: float,
    rates: FloatArray,
) -> float:
    """The crossing between two whole numbers: Illinois false position, from the side that holds."""
    miss = _excess(kind, target, few, load, aht, patience, within, rates)
    reach = _excess(kind, target, many, load, aht, patience, within, rates)
    if len(rates) > 2:
        return few - miss / (reach - miss) * (many - few)
    for step in range(200):
        if many - few <= _EXACT or reach == 0.0:
            break
        guess = few - miss / (reach - miss) * (many - few) + 0.5 * _EXACT
        if step % 3 == 2 or not few < guess < many:
            guess = 0.5 * (few + many)
        value = _excess(kind, target, guess, load, aht, patience, within, rates)
        if value < 0.0:
            few, miss, reach = guess, value, 0.5 * reach
        else:
            many, reach, miss = guess, value, 0.5 * miss
    return many


@njit(cache=True, nogil=True)
def _excess(
    kind: int,
    target: float,
    staff: float,
    load: float,
    aht: float,
    patience: float,
    within: float,
    rates: FloatArray,
) -> float:
    """How far the staff reach the target: negative while they miss it."""
    if staff == 0.0:
        return -1.0
    chats = len(rates) - 1
    if chats > 1:
        top, idle, held = chat_idle(int(staff), load, rates)
    else:
        top, idle, held = 1.0, idle_weight(staff, load), 0.0
    capacity = staff * rates[-1]
    if patience == inf:
        return _excess_patient(kind, target, capacity, load, idle / top, within / aht)
    c, eta = capacity * patience / aht, load * patience / aht
    ahead = within / patience if patience > 0.0 else inf
    if kind == 1 and chats > 1:
        total, _, base = waiting_sums(c, eta)
        full = top * total
        return target - (base * held / (staff * chats) + full) / (base * idle + full)
    if kind == 0:
        _, lost, late, _ = queue_shares(idle, top, c, eta, ahead)
        return 1.0 - lost - late - target
    if kind == 3:
        total, _, base = waiting_sums(c, eta)
        p_wait = top * total / (base * idle + top * total)
        return 1.0 - p_wait * wait_beyond(c, eta, ahead)[0] - target
    lost = abandon_share(idle, top, c, eta)
    return target - load * (1.0 - lost) / capacity if kind == 1 else target - lost


@njit(cache=True, nogil=True)
def _excess_patient(
    kind: int, target: float, capacity: float, load: float, idle: float, within: float
) -> float:
    """As :func:`_excess` where nobody hangs up; ``within`` in handle times."""
    if kind == 1:
        return target - load / capacity
    if kind == 2:
        return target
    if capacity <= load:
        return -target
    waiting = 1.0 / (1.0 + (1.0 - load / capacity) * idle)
    return 1.0 - waiting * exp(-(capacity - load) * within) - target
