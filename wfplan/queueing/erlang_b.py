"""Erlang B: a team without a queue; who finds everybody busy is lost.

References
----------
.. [1] Jagerman, D. L. (1974). Some properties of the Erlang loss function.
       *Bell System Technical Journal* 53(3): 525-551.
       https://doi.org/10.1002/j.1538-7305.1974.tb02756.x
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from wfplan.errors import InputError
from wfplan.queueing.kernels import idle_weight
from wfplan.queueing.measures import broadcast, flat

FloatArray = NDArray[np.float64]


def blocking(staff: ArrayLike, load_erlangs: ArrayLike) -> FloatArray:
    """
    Probability that a contact finds all of ``staff`` busy and is lost.

    Parameters
    ----------
    staff
        Agents, a real number (the continuation of [1]_).
    load_erlangs
        Offered load: arrivals per second times the mean handle time.

    Returns
    -------
    FloatArray
        Values in [0, 1]; 0 without load, 1 without staff.

    Raises
    ------
    InputError
        When a number is negative or not finite.
    """
    args = broadcast(staff=staff, load_erlangs=load_erlangs)
    shape = args["staff"].shape
    return 1 / (1 + idle_weights(args["staff"], args["load_erlangs"])).reshape(shape)


def idle_weights(staff: FloatArray, load_erlangs: FloatArray) -> FloatArray:
    """
    Weight of "somebody is free" relative to "all are busy", in one dimension.

    1 / blocking - 1; infinite where it is beyond 1e250 and where nobody calls.
    """
    return _idle_weights(flat(staff), flat(load_erlangs))


def required_staff(load_erlangs: ArrayLike, *, blocking_max: float) -> NDArray[np.int64]:
    """
    Fewest whole agents whom no more than a share of the contacts finds all busy.

    The blocking falls with every agent, so the first count that reaches
    ``blocking_max`` is the fewest. Without load nobody is required.

    Raises
    ------
    InputError
        When ``blocking_max`` is not in (0, 1) or a load is negative or not finite.
    """
    if not 0 < blocking_max < 1:
        raise InputError(
            f"blocking_max = {blocking_max:g} is not in (0, 1): give the share of contacts that "
            "may find everybody busy, such as 0.05."
        )
    load = broadcast(load_erlangs=load_erlangs)["load_erlangs"]
    found = np.zeros(load.shape, dtype=np.int64)
    blocked = np.where(load > 0, 1.0, 0.0)
    while (missing := blocked > blocking_max).any():
        found += missing
        lost = load * blocked
        blocked = np.where(missing, lost / (found + np.where(missing, lost, 1.0)), blocked)
    return found


@njit(cache=True, nogil=True)
def _idle_weights(staff: FloatArray, load: FloatArray) -> FloatArray:
    weights = np.empty(len(staff))
    for i in range(len(staff)):
        weights[i] = np.inf if load[i] == 0.0 else idle_weight(staff[i], load[i])
    return weights
