"""Erlang C: the M/M/n queue, in which contacts wait and never hang up.

Arguments are scalars, or arrays that broadcast: one element is one interval of
one queue. ``staff`` is a real number (effective heads). A team no larger than
its load has no steady state: by convention everybody waits, for ever.

References
----------
.. [1] Gans, N., G. Koole, and A. Mandelbaum (2003). Telephone call centers:
       tutorial, review, and research prospects. *Manufacturing & Service
       Operations Management*, 5(2): 79-141.
       https://doi.org/10.1287/msom.5.2.79.16071
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wfplan.queueing.erlang_b import idle_weights
from wfplan.queueing.measures import QueueMeasures, broadcast, check_quantile

FloatArray = NDArray[np.float64]


def wait_probability(staff: ArrayLike, load_erlangs: ArrayLike) -> FloatArray:
    """
    Probability that a contact has to wait; 1 where the load is not below ``staff``.

    Raises
    ------
    InputError
        When a number is negative or not finite.

    Notes
    -----
    ``1 / C = rho + (1 - rho) / B`` [1]_ with ``rho = load / staff`` and the
    Erlang B blocking ``B`` of a real number of staff.
    """
    args = broadcast(staff=staff, load_erlangs=load_erlangs)
    n, a = args["staff"], args["load_erlangs"]
    idle = idle_weights(n, a).reshape(n.shape)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        waiting = 1 / (1 + (1 - a / n) * idle)  # rho + (1 - rho)(1 + idle)
    return np.where(a == 0, 0.0, np.where(a < n, waiting, 1.0))


def steady_state(
    staff: ArrayLike,
    arrivals_per_h: ArrayLike,
    aht_s: ArrayLike,
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
    answer_within_s
        The time of the service level, seconds.

    Raises
    ------
    InputError
        When a number is negative or not finite, or a handle time is zero.
    """
    args = broadcast(
        staff=staff,
        arrivals_per_h=arrivals_per_h,
        aht_s=aht_s,
        answer_within_s=answer_within_s,
    )
    n, aht = args["staff"], args["aht_s"]
    rate = args["arrivals_per_h"] / 3600
    load = rate * aht
    p_wait = wait_probability(n, load)
    stable = (load < n) | (load == 0)
    spare = np.where(stable & (load > 0), n - load, 1.0)
    wait = np.where(stable, p_wait * aht / spare, np.inf)
    decay = np.exp(-np.minimum(spare * args["answer_within_s"] / aht, 745.0))
    beyond = np.where(stable, p_wait * decay, 1.0)
    level = 1 - beyond
    busy = np.divide(np.minimum(load, n), n, out=np.full(n.shape, np.nan), where=n > 0)
    return QueueMeasures(
        p_wait=p_wait,
        p_abandon=np.zeros(n.shape),
        mean_wait_all_s=wait,
        mean_wait_served_s=wait.copy(),
        sl_offered=level,
        sl_served=level.copy(),
        p_wait_beyond=beyond,
        occupancy=np.where(load == 0, 0.0, busy),
        mean_queue=np.where(stable, rate * np.where(stable, wait, 0.0), np.inf),
    )


def wait_quantile_s(
    share: float, staff: ArrayLike, arrivals_per_h: ArrayLike, aht_s: ArrayLike
) -> FloatArray:
    """Seconds within which that share of contacts is answered; infinite in overload."""
    check_quantile(share)
    args = broadcast(staff=staff, arrivals_per_h=arrivals_per_h, aht_s=aht_s)
    n, aht = args["staff"], args["aht_s"]
    load = args["arrivals_per_h"] / 3600 * aht
    p_wait = wait_probability(n, load)
    spare = np.where(load < n, n - load, 1.0)
    waits = p_wait > 1 - share
    seconds = np.log(np.where(waits, p_wait / (1 - share), 1.0)) * aht / spare
    return np.where((load >= n) & (load > 0), np.inf, seconds)
