"""Harm curves: what an interval costs customers, as a function of the staff that serve it.

In the steady state of Erlang A the mean wait of all is the abandoned share
times the mean patience, so harm is proportional to the contacts that hang up.
Those are convex and falling in staff (numerically; see the check of
:func:`convex_minorant`), and so are their averages over rates and presence.
"""

from __future__ import annotations

from math import log, sqrt

import numpy as np
from numba import njit
from numpy.typing import NDArray

from wfplan.queueing.kernels import abandon_share, chat_idle

FloatArray = NDArray[np.float64]

_GONE = 1e-12  # share of contacts below which more staff is worth nothing
_NEVER_IDLE = 30.0  # minus log of the chance that a queue is empty, where nobody is ever idle
_SMOOTH = 16.0  # parts of the square root of the load within which a curve is straight


@njit(cache=True, nogil=True)
def abandoned_rows(
    load: FloatArray,
    chances: FloatArray,
    patience_in_aht: FloatArray,
    rates: FloatArray,
    staff_max: int,
) -> FloatArray:
    """
    Expected load that hangs up, for every interval and whole number of staff.

    Parameters
    ----------
    load
        Erlangs at each node of the rate, shape (interval, node).
    chances
        Probabilities of the nodes, shape (interval, node).
    patience_in_aht
        Mean patience over mean handle time, shape (interval,).
    rates
        Completions of an agent who holds 0, 1, 2, ... contacts, relative to one.
    staff_max
        The last number of staff.

    Returns
    -------
    FloatArray
        Erlangs, shape (interval, staff), for 0 to ``staff_max`` staff.
    """
    rows = np.zeros((load.shape[0], staff_max + 1))
    for t in range(load.shape[0]):
        for s in range(load.shape[1]):
            if load[t, s] > 0.0 and chances[t, s] > 0.0:
                _add_row(rows[t], chances[t, s], load[t, s], patience_in_aht[t], rates)
    return rows


@njit(cache=True, nogil=True)
def _add_row(
    row: FloatArray, chance: float, load: float, patience_in_aht: float, rates: FloatArray
) -> None:
    """
    Add the load that hangs up, at one rate, for every number of staff.

    Beyond a thousand erlangs only every so many staff are computed and the
    curve is straight between them (an error of 1e-3 of the knee).
    """
    eta = load * patience_in_aht
    step = max(1, int(sqrt(load) / _SMOOTH))
    idle = 0.0
    before = 1.0
    for n in range(len(row)):
        if len(rates) == 2:
            idle = n / load * (1.0 + idle)
        if n % step:
            continue
        share = _share(n, idle, load, eta, patience_in_aht, rates)
        for m in range(max(0, n - step + 1), n + 1):
            row[m] += chance * load * (share + (before - share) * (n - m) / step)
        if share < _GONE:
            break
        before = share


@njit(cache=True, nogil=True)
def _share(
    n: int, idle: float, load: float, eta: float, patience_in_aht: float, rates: FloatArray
) -> float:
    """Share of contacts that hang up on n staff; far below the load, all that exceeds them."""
    capacity = n * float(rates[-1])
    c = capacity * patience_in_aht
    if 0.0 < c < eta and c * log(c / eta) + eta - c > _NEVER_IDLE:
        return 1.0 - capacity / load
    top = 1.0
    if len(rates) > 2 and n > 0:
        top, idle, _ = chat_idle(n, load, rates)
    return abandon_share(idle, top, c, eta)


@njit(cache=True, nogil=True)
def convex_minorant(rows: FloatArray) -> float:
    """
    Make every row convex and non-increasing, from below, in place.

    Returns the largest gap that was closed, as a share of the row's first value.
    """
    widest = 0.0
    corners = np.empty(rows.shape[1], dtype=np.int64)
    for t in range(rows.shape[0]):
        row = rows[t]
        scale = row[0]
        if scale <= 0.0:
            row[:] = 0.0
            continue
        for j in range(1, len(row)):
            if row[j] > row[j - 1]:
                widest = max(widest, (row[j] - row[j - 1]) / scale)
                row[j] = row[j - 1]
        count = 0
        for j in range(len(row)):
            while count >= 2:
                a, b = corners[count - 2], corners[count - 1]
                if (row[b] - row[a]) * (j - a) < (row[j] - row[a]) * (b - a):
                    break
                count -= 1
            corners[count] = j
            count += 1
        for i in range(count - 1):
            a, b = corners[i], corners[i + 1]
            slope = (row[b] - row[a]) / (b - a)
            for j in range(a + 1, b):
                line = row[a] + slope * (j - a)
                widest = max(widest, (row[j] - line) / scale)
                row[j] = line
    return widest
