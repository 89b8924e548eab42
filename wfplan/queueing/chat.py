"""Chat: agents who hold several contacts at once, each further one slowing the others.

A birth-death chain in the number of chats, with level-balanced routing: a new
chat goes to an agent who holds fewest. ``concurrency_rates[k - 1]`` are the
completions of an agent who holds k chats, relative to one who holds one; above
the last, chats wait and hang up. One rate only is Erlang A.

References
----------
.. [1] Luo, J., and J. Zhang (2013). Staffing and control of instant messaging
       contact centers. *Operations Research* 61(2): 328-343.
       https://doi.org/10.1287/opre.1120.1151
.. [2] Tezcan, T., and J. Zhang (2014). Routing and staffing in customer service
       chat systems with impatient customers. *Operations Research* 62(4):
       943-956. https://doi.org/10.1287/opre.2014.1284
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from wfplan.errors import InputError, require
from wfplan.queueing.kernels import chat_idle, waiting_sums
from wfplan.queueing.measures import QueueMeasures, broadcast, flat, measured

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class ChatMeasures:
    """
    Steady-state measures of a chat queue; fields have the shape of the arguments.

    ``queue`` speaks of the wait for the first reply; its occupancy is the
    share of the team's chat slots in use (agents times the most chats each).
    """

    queue: QueueMeasures
    chats_per_agent: FloatArray
    chat_duration_s: FloatArray  # mean time with an agent; NaN where nobody is served


def steady_state(
    staff: ArrayLike,
    arrivals_per_h: ArrayLike,
    aht_s: ArrayLike,
    patience_s: ArrayLike,
    *,
    concurrency_rates: Sequence[float],
    answer_within_s: ArrayLike = 20.0,
) -> ChatMeasures:
    """
    All measures of the queue.

    Parameters
    ----------
    staff
        Agents, whole numbers >= 0.
    arrivals_per_h
        Chats per hour, >= 0.
    aht_s
        Mean duration of a chat whose agent holds no other, seconds.
    patience_s
        Mean time after which a waiting chat leaves, seconds, finite.
    concurrency_rates
        Completions of an agent who holds 1, 2, ... chats, relative to one.
    answer_within_s
        The time of the service level, seconds.

    Raises
    ------
    InputError
        When a number is negative or not finite, staff are not whole, or the
        rates do not begin with 1 and rise by ever smaller steps.
    """
    rates = level_rates(concurrency_rates)
    args = broadcast(
        staff=staff,
        arrivals_per_h=arrivals_per_h,
        aht_s=aht_s,
        patience_s=patience_s,
        answer_within_s=answer_within_s,
    )
    n, aht, patience = args["staff"], args["aht_s"], args["patience_s"]
    whole = (n == np.floor(n)) & np.isfinite(patience)
    require(
        whole,
        "staff{at} = {staff:g} with patience_s = {patience:g} is not a chat queue: agents are "
        "whole and patience is finite. Round the staff, or interpolate between whole numbers.",
        staff=n,
        patience=patience,
    )
    load = args["arrivals_per_h"] / 3600 * aht
    top, idle, held = _weights(flat(n), flat(load), rates)
    queue = measured(
        idle,
        top,
        capacity=n * rates[-1],
        load_erlangs=load,
        aht_s=aht,
        patience_s=patience,
        answer_within_s=args["answer_within_s"],
    )
    in_hand = _in_hand(top, idle, held, flat(n), flat(load), flat(patience / aht), rates)
    return _chat_measures(queue, in_hand.reshape(n.shape), args, len(rates) - 1)


def level_rates(concurrency_rates: Sequence[float]) -> FloatArray:
    """Completion rates of an agent who holds 0, 1, 2, ... chats, relative to one; checked."""
    rates = np.array([0.0, *concurrency_rates], dtype=np.float64)
    steps = np.diff(rates)
    if len(rates) < 2 or rates[1] != 1 or not (steps > 0).all() or (np.diff(steps) > 1e-9).any():
        raise InputError(
            f"concurrency_rates = {list(concurrency_rates)} cannot be: they begin with 1 and rise "
            "by ever smaller steps, since a further chat slows the others. Lower the later rates, "
            "or cap the number of chats."
        )
    return rates


def _chat_measures(
    queue: QueueMeasures, in_hand: FloatArray, args: dict[str, FloatArray], slots: int
) -> ChatMeasures:
    """The queue's measures with those of the chats in hand."""
    n, rate = args["staff"], args["arrivals_per_h"] / 3600
    each = np.divide(in_hand, n, out=np.full(n.shape, np.nan), where=n > 0)
    served = rate * (1 - queue.p_abandon)
    duration = np.divide(in_hand, served, out=np.full(n.shape, np.nan), where=served > 0)
    occupancy = np.where(rate == 0, 0.0, np.minimum(each / slots, 1.0))
    return ChatMeasures(replace(queue, occupancy=occupancy), each, duration)


@njit(cache=True, nogil=True)
def _weights(
    staff: FloatArray, load: FloatArray, rates: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Weights of every queue's chain, as of :func:`wfplan.queueing.kernels.chat_idle`."""
    top, idle, held = np.ones(len(staff)), np.full(len(staff), np.inf), np.zeros(len(staff))
    for i in range(len(staff)):
        if load[i] > 0.0:
            top[i], idle[i], held[i] = chat_idle(int(staff[i]), load[i], rates)
    return top, idle, held


@njit(cache=True, nogil=True)
def _in_hand(
    top: FloatArray,
    idle: FloatArray,
    held: FloatArray,
    staff: FloatArray,
    load: FloatArray,
    patience_in_aht: FloatArray,
    rates: FloatArray,
) -> FloatArray:
    """Mean number of chats in hand of every queue."""
    chats = np.zeros(len(staff))
    for i in range(len(staff)):
        if load[i] == 0.0:
            continue
        c = staff[i] * rates[-1] * patience_in_aht[i]
        total, _, base = waiting_sums(c, load[i] * patience_in_aht[i])
        full = top[i] * total
        slots = staff[i] * (len(rates) - 1)
        chats[i] = (base * held[i] + full * slots) / (base * idle[i] + full)
    return chats
