"""Deferred work: contacts that may wait inside a promise, as a fluid of work minutes.

Work cannot be done before it arrives and has to be done before it is due, so
cumulative work done runs between two cumulative curves. The flattest such
path needs the fewest people at its peak and has the least sum of any convex
cost of the rate: it is the taut string, and the shortest line between the two.
With one turnaround time for all, first come first served is earliest due
first, so the two curves suffice; work of several due times fits a capacity when
no window of time holds more of it than the capacity there.

Work arrives evenly within its interval and is done evenly within an interval.

References
----------
.. [1] Modigliani, F., and F. Hohn (1955). Production planning over time and the
       nature of the expectation and planning horizon. *Econometrica* 23(1):
       46-66 (the string between cumulative requirements).
       https://doi.org/10.2307/1905580
.. [2] Horn, W. A. (1974). Some simple scheduling algorithms. *Naval Research
       Logistics Quarterly* 21(1): 177-185 (earliest due first with release times).
       https://doi.org/10.1002/nav.3800210113
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from wfplan.errors import InputError, require

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

ROUNDING_MIN = 1e-9  # of the clock: what sums of hours leave of a whole minute


@dataclass(frozen=True)
class Backlog:
    """Minutes of deferred work under a given capacity; arrays of shape (interval,)."""

    done_min: FloatArray  # in each interval
    waiting_min: FloatArray  # when the interval ends
    late_min: FloatArray  # of the work that arrived in it: not done when due
    overdue_min: FloatArray  # due, and not done when the interval ends

    @property
    def left_min(self) -> float:
        """Work that the next horizon begins with."""
        return float(self.waiting_min[-1]) if len(self.waiting_min) else 0.0

    def cost(self, *, per_late_min: float, per_left_min: float) -> float:
        """What lateness costs, and the debt left at the end at its terminal value."""
        return per_late_min * float(self.late_min.sum()) + per_left_min * self.left_min


def due_minutes(
    arrival_min: FloatArray,
    is_open: BoolArray,
    due_h: float,
    interval_min: int,
    *,
    in_open_hours: bool = True,
) -> FloatArray:
    """
    The minute in which contacts are due that arrive at given minutes of the horizon.

    ``due_h`` counts open hours (or all hours) from the arrival on; who writes
    at night is counted from the morning, and a time that runs out with the
    closing is due at the closing. Infinite beyond the horizon.

    Raises
    ------
    InputError
        When an arrival lies outside the horizon, or ``due_h`` is negative.
    """
    _check_due(due_h)
    edges, opened = _clock(is_open, interval_min)
    arrival = np.asarray(arrival_min, dtype=np.float64)
    require(
        (arrival >= 0) & (arrival <= edges[-1]),
        f"arrival_min{{at}} = {{arrival:g}} is outside the horizon of {edges[-1]:g} minutes: "
        "count minutes from its beginning.",
        arrival=arrival,
    )
    if not in_open_hours:
        due = arrival + due_h * 60
        return np.where(due <= edges[-1] + ROUNDING_MIN, due, np.inf)
    target = np.interp(arrival, edges, opened) + due_h * 60
    place = np.searchsorted(opened, target - ROUNDING_MIN)
    inside = np.minimum(place, len(edges) - 1)
    due = np.maximum(edges[inside] - (opened[inside] - target), arrival)
    return np.where(place < len(edges), due, np.inf)


def due_work(
    work_min: FloatArray,
    is_open: BoolArray,
    due_h: float,
    interval_min: int,
    *,
    in_open_hours: bool = True,
) -> FloatArray:
    """
    Minutes of work due by the end of each interval, summed from the start, shape (interval,).

    To the minute: of an interval's work that part is due whose own time has
    run out. Arguments as in :func:`due_minutes`; ``work_min`` as in :func:`flattest_work`.
    """
    _check_due(due_h)
    edges, opened = _clock(is_open, interval_min)
    arrived = np.append(0.0, np.cumsum(work_min))
    if in_open_hours:
        count = opened[1:] - due_h * 60  # open minutes at the last arrival that is due
        place = np.searchsorted(opened, count + ROUNDING_MIN, side="right") - 1
        latest = edges[place] + np.maximum(count - opened[place], 0.0)
        latest = np.where(count >= -ROUNDING_MIN, np.minimum(latest, edges[1:]), 0.0)
    else:
        latest = edges[1:] - due_h * 60
    due: FloatArray = np.interp(latest, edges, arrived)
    return due


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
    due = np.cumsum(np.bincount(np.minimum(last, len(last)), work_min, len(last) + 1))[:-1]
    return flattest_pace(work_min, due, is_open)


def flattest_pace(work_min: FloatArray, due_min: NDArray[Any], is_open: BoolArray) -> FloatArray:
    """
    The work of :func:`flattest_work` for work due by the end of each interval as summed up.

    ``due_min`` is what :func:`due_work` gives: no more than what has arrived.
    """
    opens = np.flatnonzero(is_open)
    rates = np.zeros(len(work_min))
    if not len(opens):
        return rates
    upper = np.cumsum(work_min)[opens]
    lower = np.minimum(due_min[np.append(opens[1:] - 1, len(due_min) - 1)], upper)
    lower[-1] = upper[-1]
    rates[opens] = np.maximum(np.diff(taut_string(lower, upper), prepend=0.0), 0.0)
    return rates


def backlog(
    work_min: FloatArray, capacity_min: FloatArray, last: IntArray, *, start_min: float = 0.0
) -> Backlog:
    """
    What a capacity does to the work: ``waiting += work - done``, first come first served.

    Parameters
    ----------
    work_min, capacity_min
        Minutes of work that arrive and that can be done, shape (interval,).
    last
        The last interval in which work is in time, never falling, so that
        first come is earliest due; work due beyond the horizon is not late in it.
    start_min
        Work from before the horizon, done first; its lateness is not counted again.

    Raises
    ------
    InputError
        When an amount is negative or not finite, or due times fall.
    """
    for name, minutes in (("work_min", work_min), ("capacity_min", capacity_min)):
        require(
            np.isfinite(minutes) & (minutes >= 0),
            f"{name}{{at}} = {{minutes:g}} is not an amount of work: it must be finite and >= 0.",
            minutes=minutes,
        )
    falls = np.diff(last, prepend=last[:1]) < 0
    require(
        ~falls,
        "last{at} = {last} is before that of the interval before: first come is not earliest due. "
        "Keep work of another due time in a backlog of its own.",
        last=last,
    )
    count, waiting, left = len(work_min), np.zeros(len(work_min)), start_min
    for t in range(count):
        left = max(left + work_min[t] - capacity_min[t], 0.0)
        waiting[t] = left
    came = start_min + np.cumsum(work_min)
    done = came - waiting
    in_time = np.where(last < count, np.append(done, np.inf)[np.minimum(last, count)], np.inf)
    late = work_min - np.clip(in_time - (came - work_min), 0.0, work_min)
    due = start_min + np.cumsum(np.bincount(np.minimum(last, count), work_min, count + 1))[:-1]
    each = np.diff(done, prepend=0.0)
    return Backlog(each, waiting, late, np.maximum(due - done, 0.0))


def is_feasible(
    work_min: FloatArray, release: IntArray, due: IntArray, capacity_min: FloatArray
) -> bool:
    """
    Whether a capacity can do all work in time, whatever the order of its due times.

    Parameters
    ----------
    work_min, release, due
        Minutes of each piece of work, and the first and last interval in which
        it can be done, shape (piece,); pieces due beyond the horizon are no burden.
    capacity_min
        Minutes of work that can be done in each interval, shape (interval,).

    Raises
    ------
    InputError
        When a piece is due before it arrives or its work is no amount.

    Notes
    -----
    Earliest due first works if any order does, and it does when no window holds
    more work that must begin and end in it than it has capacity [2]_.
    """
    slack = ROUNDING_MIN * max(1.0, float(np.sum(work_min)))
    needed, room = _windows(work_min, release, due, capacity_min)
    return bool((needed <= room + slack).all())


def least_capacity(
    work_min: FloatArray, release: IntArray, due: IntArray, capacity_min: FloatArray
) -> float:
    """
    The least factor of ``capacity_min`` with which all work is in time; infinite when none is.

    With the open minutes of each interval as capacity it is the least number of
    people on the work all the time. Arguments as in :func:`is_feasible`.
    """
    needed, room = _windows(work_min, release, due, capacity_min)
    asked = needed > 0
    if (room[asked] <= 0).any():
        return float("inf")
    return float((needed[asked] / room[asked]).max(initial=0.0))


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


def _check_due(due_h: float) -> None:
    """Refuse a time before the arrival."""
    if not due_h >= 0:
        raise InputError(f"due_h = {due_h:g} is before the arrival: give hours, 0 or more.")


def _clock(is_open: BoolArray, interval_min: int) -> tuple[FloatArray, FloatArray]:
    """Minutes at the edges of the intervals, and the open ones among them until there."""
    edges = np.arange(len(is_open) + 1, dtype=np.float64) * interval_min
    opened = np.append(0.0, np.cumsum(is_open, dtype=np.float64)) * interval_min
    return edges.astype(np.float64), opened.astype(np.float64)


def _windows(
    work_min: FloatArray, release: IntArray, due: IntArray, capacity_min: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Work that must be done in the windows from s to e, and their room, for all s <= e."""
    count = len(capacity_min)
    require(
        (release >= 0) & (due >= release) & np.isfinite(work_min) & (work_min >= 0),
        "piece{at} of {work:g} minutes can be done from interval {release} to {due}: it needs an "
        "amount of work and a due time that is not before it arrives.",
        work=work_min,
        release=release,
        due=due,
    )
    inside = due < count
    needed = np.zeros((count, count))
    np.add.at(needed, (release[inside], due[inside]), work_min[inside])
    np.cumsum(needed[::-1], axis=0, out=needed[::-1])
    np.cumsum(needed, axis=1, out=needed)
    until = np.append(0.0, np.cumsum(capacity_min))
    first, last = np.triu_indices(count)
    return needed[first, last], until[last + 1] - until[first]
