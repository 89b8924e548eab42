"""Erlang A: the M/M/n+M queue, in which contacts hang up after an exponential patience.

Arguments are scalars, or arrays that broadcast: one element is one interval of
one queue. ``staff`` is a real number (effective heads); an infinite patience
is Erlang C, a patience of zero Erlang B.

References
----------
.. [1] Garnett, O., A. Mandelbaum, and M. Reiman (2002). Designing a call center
       with impatient customers. *Manufacturing & Service Operations Management*
       4(3): 208-227. https://doi.org/10.1287/msom.4.3.208.7753
.. [2] Mandelbaum, A., and S. Zeltyn (2007). Service engineering in action: the
       Palm/Erlang-A queue, with applications to call centers.
       https://doi.org/10.1007/978-3-540-29860-1_2
"""

from __future__ import annotations

from dataclasses import fields
from math import log

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from wfplan.queueing import erlang_c
from wfplan.queueing.erlang_b import idle_weights
from wfplan.queueing.kernels import queue_shares, wait_beyond
from wfplan.queueing.measures import QueueMeasures, broadcast, check_quantile, flat, measured

FloatArray = NDArray[np.float64]

SHORTEST_PATIENCE = 1e-9  # of the handle time: what stands for no patience in offered waits


def steady_state(
    staff: ArrayLike,
    arrivals_per_h: ArrayLike,
    aht_s: ArrayLike,
    patience_s: ArrayLike,
    *,
    answer_within_s: ArrayLike = 20.0,
) -> QueueMeasures:
    """
    All measures of the queue.

    Parameters
    ----------
    staff
        Effective agents, >= 0, a real number.
    arrivals_per_h
        Contacts per hour, >= 0.
    aht_s
        Mean handle time, seconds.
    patience_s
        Mean time after which a waiting contact hangs up, seconds; may be infinite.
    answer_within_s
        The time of the service level, seconds.

    Raises
    ------
    InputError
        When a number is negative or not finite, or a handle time is zero.

    Notes
    -----
    Exact for real numbers of staff: the idle weight is ``1/B - 1`` of Erlang B,
    the queue adds positive terms only (see :mod:`wfplan.queueing.kernels`).
    """
    args = broadcast(
        staff=staff,
        arrivals_per_h=arrivals_per_h,
        aht_s=aht_s,
        patience_s=patience_s,
        answer_within_s=answer_within_s,
    )
    n, aht, patience = args["staff"], args["aht_s"], args["patience_s"]
    load = args["arrivals_per_h"] / 3600 * aht
    endless = np.isinf(patience)
    finite = np.where(endless, 1.0, patience)
    idle = idle_weights(n, load)
    measures = measured(
        idle,
        np.ones(idle.shape),
        capacity=n,
        load_erlangs=load,
        aht_s=aht,
        patience_s=finite,
        answer_within_s=args["answer_within_s"],
    )
    return _with_erlang_c(measures, endless, args) if endless.any() else measures


def offered_wait_quantile_s(
    share: float,
    staff: ArrayLike,
    arrivals_per_h: ArrayLike,
    aht_s: ArrayLike,
    patience_s: ArrayLike,
) -> FloatArray:
    """
    Seconds that a contact of endless patience would wait at most, with probability ``share``.

    Infinite without staff. Arguments as in :func:`steady_state`.
    """
    check_quantile(share)
    args = broadcast(staff=staff, arrivals_per_h=arrivals_per_h, aht_s=aht_s, patience_s=patience_s)
    n, aht, patience = args["staff"], args["aht_s"], args["patience_s"]
    load = args["arrivals_per_h"] / 3600 * aht
    endless = np.isinf(patience)
    finite = np.where(endless, 1.0, np.maximum(patience, SHORTEST_PATIENCE * aht))
    scaled = _quantiles(idle_weights(n, load), flat(n), flat(load), flat(finite / aht), 1.0 - share)
    seconds = scaled.reshape(n.shape) * finite
    if endless.any():
        patient = erlang_c.wait_quantile_s(share, n, args["arrivals_per_h"], aht)
        seconds = np.where(endless, patient, seconds)
    return seconds


def _with_erlang_c(
    measures: QueueMeasures, endless: NDArray[np.bool_], args: dict[str, FloatArray]
) -> QueueMeasures:
    """The measures with Erlang C where the patience is endless."""
    patient = erlang_c.steady_state(
        args["staff"],
        args["arrivals_per_h"],
        args["aht_s"],
        answer_within_s=args["answer_within_s"],
    )
    return QueueMeasures(
        **{
            field.name: np.where(
                endless, getattr(patient, field.name), getattr(measures, field.name)
            )
            for field in fields(QueueMeasures)
        }
    )


@njit(cache=True, nogil=True)
def _quantiles(
    idle: FloatArray,
    staff: FloatArray,
    load: FloatArray,
    patience_in_aht: FloatArray,
    tail: float,
) -> FloatArray:
    """Offered-wait quantiles over the patience."""
    found = np.zeros(len(load))
    for i in range(len(load)):
        c, eta = staff[i] * patience_in_aht[i], load[i] * patience_in_aht[i]
        p_wait = queue_shares(idle[i], 1.0, c, eta, 0.0)[0]
        if p_wait > tail:
            found[i] = _tail_crossing(c, eta, log(tail / p_wait)) if c > 0.0 else np.inf
    return found


@njit(cache=True, nogil=True)
def _tail_crossing(c: float, eta: float, target: float) -> float:
    """Where the log tail of the wait of those who wait falls to ``target`` (Illinois)."""
    low, above = 0.0, -target
    high = max(1.0 / c, log(max(1.0, eta / c)))
    below = log(wait_beyond(c, eta, high)[0]) - target
    while below > 0.0:
        low, above = high, below
        high *= 2.0
        below = log(wait_beyond(c, eta, high)[0]) - target
    for step in range(100):
        if high - low <= 1e-15 * high or below == 0.0:
            break
        guess = low + above / (above - below) * (high - low)
        if step % 4 == 3 or not low < guess < high:
            guess = 0.5 * (low + high)
        value = log(wait_beyond(c, eta, guess)[0]) - target
        if abs(value) <= 4e-16 * (1.0 - target):
            return guess
        if value > 0.0:
            low, above, below = guess, value, 0.5 * below
        else:
            high, below, above = guess, value, 0.5 * above
    return high
