"""Square-root staffing ``n = a + beta sqrt(a)``: why a big team needs proportionally fewer spares.

For explanation, starting points and sanity bands; the evaluators are
:mod:`wfplan.queueing.erlang_a` and :mod:`wfplan.queueing.erlang_c`. The limits
hold for teams of hundreds; at ten thousand agents they are within 0.003.

References
----------
.. [1] Halfin, S., and W. Whitt (1981). Heavy-traffic limits for queues with many
       exponential servers. *Operations Research* 29(3): 567-588.
       https://doi.org/10.1287/opre.29.3.567
.. [2] Garnett, O., A. Mandelbaum, and M. Reiman (2002). Designing a call center
       with impatient customers. *Manufacturing & Service Operations Management*
       4(3): 208-227. https://doi.org/10.1287/msom.4.3.208.7753
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import erfcx

from wfplan.errors import require
from wfplan.queueing.measures import broadcast

FloatArray = NDArray[np.float64]

_HALVINGS = 200  # of a bracket: more than a double can follow


def staff(load_erlangs: ArrayLike, beta: ArrayLike) -> FloatArray:
    """Agents for a load with ``beta`` times its square root to spare; never below zero."""
    a = broadcast(load_erlangs=load_erlangs)["load_erlangs"]
    agents: FloatArray = np.maximum(a + _checked(beta) * np.sqrt(a), 0.0)
    return agents


def spare_roots(staff: ArrayLike, load_erlangs: ArrayLike) -> FloatArray:
    """Spare agents in square roots of the load, the ``beta`` of a team; infinite without load."""
    args = broadcast(staff=staff, load_erlangs=load_erlangs)
    n, a = args["staff"], args["load_erlangs"]
    beta: FloatArray = np.divide(n - a, np.sqrt(a), out=np.full(n.shape, np.inf), where=a > 0)
    return beta


def wait_probability(beta: ArrayLike, patience_in_aht: ArrayLike = np.inf) -> FloatArray:
    """
    Probability of having to wait in a very large team.

    Parameters
    ----------
    beta
        Spare agents in square roots of the load, any real number.
    patience_in_aht
        Mean patience over the mean handle time; infinite is Halfin and Whitt's
        limit of Erlang C [1]_, else Garnett's of Erlang A [2]_.

    Raises
    ------
    InputError
        When ``beta`` is not a number or the patience is not above 0.
    """
    spare, patience = np.broadcast_arrays(
        _checked(beta), np.asarray(patience_in_aht, dtype=np.float64)
    )
    require(
        patience > 0,
        "patience_in_aht{at} = {patience:g} is not above 0: where nobody waits, use "
        "wfplan.queueing.erlang_b.",
        patience=patience,
    )
    endless = np.isinf(patience)
    root = np.where(endless, 1.0, np.sqrt(np.where(endless, 1.0, patience)))  # 1 / sqrt(r)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        slow = np.where(endless, np.maximum(spare, 0.0), _hazard(spare * root) / root)
        waiting = 1 / (1 + slow / _hazard(-spare))
    # hazards far out on the idle side vanish: nobody waits, but 0 / 0 must not say so of overload
    return np.where((spare < 0) & endless, 1.0, np.nan_to_num(waiting, nan=0.0))


def beta_for(wait_probability_max: ArrayLike, patience_in_aht: ArrayLike = np.inf) -> FloatArray:
    """
    The spare square roots at which a share of contacts has to wait.

    The inverse of :func:`wait_probability`, which falls in ``beta``.

    Raises
    ------
    InputError
        When the probability is not in (0, 1) or the patience is not above 0.
    """
    target, patience = np.broadcast_arrays(
        np.asarray(wait_probability_max, dtype=np.float64),
        np.asarray(patience_in_aht, dtype=np.float64),
    )
    require(
        (target > 0) & (target < 1),
        "wait_probability_max{at} = {target:g} is not in (0, 1): write one in five as 0.2.",
        target=target,
    )
    low, high = np.where(np.isinf(patience), 0.0, -1.0), np.ones(target.shape)
    while (short := wait_probability(low, patience) < target).any():
        low = np.where(short, 2 * low, low)
    while (short := wait_probability(high, patience) > target).any():
        high = np.where(short, 2 * high, high)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        more = wait_probability(middle, patience) > target
        low, high = np.where(more, middle, low), np.where(more, high, middle)
        if (high - low <= 2e-16 * np.abs(high)).all():
            break
    return high


def _checked(beta: ArrayLike) -> FloatArray:
    """Spare square roots as numbers."""
    spare = np.asarray(beta, dtype=np.float64)
    require(np.isfinite(spare), "beta{at} = {beta:g} is not a number of square roots.", beta=spare)
    return spare


def _hazard(x: FloatArray) -> FloatArray:
    """Hazard of the standard normal law, density over tail, without cancellation."""
    hazard: FloatArray = np.sqrt(2 / np.pi) / erfcx(x / np.sqrt(2))
    return hazard
