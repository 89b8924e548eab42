"""Harm curves: what an interval costs customers, as a function of the staff that serve it.

In the steady state of Erlang A the mean wait of all is the abandoned share
times the mean patience, so harm is proportional to the contacts that hang up.
Those are convex and falling in staff (numerically; see the check of
:func:`convex_minorant`), and so are their averages over rates and presence.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from wfplan.queueing.kernels import abandon_share, chat_idle

FloatArray = NDArray[np.float64]

_GONE = 1e-13  # share of contacts below which more staff is worth nothing


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
            a = load[t, s]
            if a == 0.0 or chances[t, s] == 0.0:
                continue
            weight = chances[t, s] * a
            eta = a * patience_in_aht[t]
            idle = 0.0
            for n in range(staff_max + 1):
                top = 1.0
                if len(rates) == 2:
                    idle = n / a * (1.0 + idle)
                elif n > 0:
                    top, idle, _ = chat_idle(n, a, rates)
                share = abandon_share(idle, top, n * rates[-1] * patience_in_aht[t], eta)
                rows[t, n] += weight * share
                if share < _GONE:
                    break
    return rows


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
