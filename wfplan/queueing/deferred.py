"""Deferred work: contacts that may wait inside a promise, as a fluid of work minutes.

Work cannot be done before it arrives and has to be done before it is due, so
cumulative work done runs between two cumulative curves. The flattest such
path needs the fewest people at its peak and has the least sum of any convex
cost of the rate: it is the taut string, and the shortest line between the two.
With one turnaround time for all, first come first served is earliest due
first, so the two curves suffice.

References
----------
.. [1] Modigliani, F., and F. Hohn (1955). Production planning over time and the
       nature of the expectation and planning horizon. *Econometrica* 23(1):
       46-66 (the string between cumulative requirements).
       https://doi.org/10.2307/1905580
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from wfplan.errors import InputError, require

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


def last_intervals(
    is_open: BoolArray, due_h: float, interval_min: int, *, in_open_hours: bool = True
) -> IntArray:
    """
    The last interval in which the work of each interval can be done in time, shape (interval,).

    ``due_h`` runs from the start of the interval in which the work arrives,
    so that its first contact is in time too; it counts open hours, or all
    hours. A value of ``len(is_open)`` lies beyond the horizon. Due hours
    shorter than an interval are read as one interval.
    """
    turnaround = max(1, int(due_h * 60 // interval_min))
    count = len(is_open)
    if not in_open_hours:
        return np.minimum(np.arange(count) + turnaround - 1, count)
    opens = np.flatnonzero(is_open)
    before = np.concatenate(([0], np.cumsum(is_open)[:-1])) if count else np.zeros(0)
    place = before.astype(np.int64) + turnaround - 1
    beyond = np.append(opens, count)
    return beyond[np.minimum(place, len(opens))]


def flattest_work(work_min: FloatArray, last: IntArray, is_open: BoolArray) -> FloatArray:
    """
    Work minutes to do in every interval: on time, never early, and as even as can be.

    Parameters
    ----------
    work_min
        Minutes of work that arrive in each interval, shape (interval,).
    last
        The last interval in which that work is in time; beyond the horizon it
        is still finished inside it, so that no debt is left.
    is_open
        Intervals in which work can be done.

    Returns
    -------
    FloatArray
        Shape (interval,), 0 where closed. Work that cannot be in time (it
        falls due before anything opens) is done as soon as it can be; work
        that arrives after the last open interval is left.

    Raises
    ------
    InputError
        When work is negative or not finite, or the shapes differ.
    """
    if not work_min.shape == last.shape == is_open.shape:
        raise InputError(
            f"work_min, last and is_open have {len(work_min)}, {len(last)} and {len(is_open)} "
            "intervals: give one value per interval of the horizon to each."
        )
    require(
        np.isfinite(work_min) & (work_min >= 0),
        "work_min{at} = {work:g} is not an amount of work: it must be finite and >= 0.",
        work=work_min,
    )
    opens = np.flatnonzero(is_open)
    rates = np.zeros(len(work_min))
    if not len(opens):
        return rates
    arrived = np.cumsum(work_min)
    due = np.cumsum(np.bincount(np.minimum(last, len(last)), work_min, len(last) + 1))[:-1]
    upper = arrived[opens]
    lower = np.minimum(due[np.append(opens[1:] - 1, len(due) - 1)], upper)
    lower[-1] = upper[-1]
    rates[opens] = np.maximum(np.diff(taut_string(lower, upper), prepend=0.0), 0.0)
    return rates


@njit(cache=True, nogil=True)
def taut_string(lower: FloatArray, upper: FloatArray) -> FloatArray:
    """
    The shortest path from 0 through ``[lower[k], upper[k]]`` at k + 1, to ``lower[-1]``.

    From each anchor the cone of slopes that pass all gates narrows until it
    closes; the gate that closed it last on the violated side is the next anchor.
    """
    count = len(lower)
    path = np.empty(count)
    anchor, height = -1, 0.0
    while anchor < count - 1:
        steepest, flattest = np.inf, -np.inf
        at_upper = at_lower = anchor
        k = anchor + 1
        while k < count:
            top = lower[k] if k == count - 1 else upper[k]
            slope_up = (top - height) / (k - anchor)
            slope_down = (lower[k] - height) / (k - anchor)
            if slope_down > steepest or slope_up < flattest:
                break
            if slope_up <= steepest:
                steepest, at_upper = slope_up, k
            if slope_down >= flattest:
                flattest, at_lower = slope_down, k
            k += 1
        if k == count:
            corner, slope = count - 1, (lower[count - 1] - height) / (count - 1 - anchor)
        elif slope_down > steepest:
            corner, slope = at_upper, steepest
        else:
            corner, slope = at_lower, flattest
        for i in range(anchor + 1, corner + 1):
            path[i] = height + slope * (i - anchor)
        anchor, height = corner, path[corner]
    return path
