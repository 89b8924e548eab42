"""What a queue in its steady state does to customers and staff, and the checks all models share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wfplan.errors import InputError, require
from wfplan.queueing.kernels import queue_table

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class QueueMeasures:
    """
    Steady-state measures; every field has the shape of the broadcast arguments.

    Shares are of all offered contacts unless the name says otherwise. Nobody
    calling means a service level of 1 and no wait; nobody on duty a service
    level of 0, an undefined (NaN) occupancy and undefined means of the served.
    """

    p_wait: FloatArray  # finds no free agent
    p_abandon: FloatArray  # abandoned / offered
    mean_wait_all_s: FloatArray  # including those who hang up
    mean_wait_served_s: FloatArray  # average speed of answer
    sl_offered: FloatArray  # answered within the time / offered
    sl_served: FloatArray  # answered within the time / answered
    p_wait_beyond: FloatArray  # waits longer than the time, served or not
    occupancy: FloatArray  # busy / (busy + available)
    mean_queue: FloatArray  # contacts waiting


def broadcast(**arguments: ArrayLike) -> dict[str, FloatArray]:
    """
    Arguments as float arrays of one shape, checked.

    Raises
    ------
    InputError
        When a number is negative or not a number, or a handle time is zero;
        the message names the argument, its place and its value.
    """
    arrays = np.broadcast_arrays(*(np.asarray(a, dtype=np.float64) for a in arguments.values()))
    named = dict(zip(arguments, arrays, strict=True))
    for name, array in named.items():
        _check(name, array)
    return named


def check_quantile(share: float) -> None:
    """Refuse a quantile that nobody can reach."""
    if not 0 <= share < 1:
        raise InputError(f"share = {share:g} is not in [0, 1): use 0.95 for the 95th percentile.")


def flat(array: FloatArray) -> FloatArray:
    """The elements in one dimension, contiguous, as the kernels want them: a copy of their own."""
    return np.array(array, dtype=np.float64, order="C").reshape(-1)


def measured(
    idle: FloatArray,
    top: FloatArray,
    *,
    capacity: FloatArray,
    load_erlangs: FloatArray,
    aht_s: FloatArray,
    patience_s: FloatArray,
    answer_within_s: FloatArray,
) -> QueueMeasures:
    """
    Measures of queues whose teams are known by two weights.

    ``idle`` is the weight of all states below a full team, ``top`` that of a
    full team with nobody waiting, both in one dimension. ``capacity`` is what a
    full team completes per handle time: its agents, or for chats its agents
    times the rate of a full agent. The patience is finite.
    """
    patient = np.where(patience_s > 0, patience_s, 1.0)
    horizon = np.where(patience_s > 0, answer_within_s / patient, np.inf)
    table = queue_table(
        idle, top, flat(capacity), flat(load_erlangs), flat(patience_s / aht_s), flat(horizon)
    )
    return _from_table(table, capacity, load_erlangs, aht_s, patience_s)


def _check(name: str, array: FloatArray) -> None:
    """Refuse what no queue can have."""
    endless = name == "patience_s"  # an infinite patience is Erlang C
    handle_time = name.endswith("aht_s")
    low = array > 0 if handle_time else array >= 0
    meaning = "a mean handle time in seconds, above 0" if handle_time else "a number >= 0"
    meaning = "a number of agents, >= 0" if name == "staff" else meaning
    require(
        low & (np.isfinite(array) | endless) & ~np.isnan(array),
        f"{name}{{at}} = {{value:g}} is not {meaning}: "
        "correct it, or leave the interval out where it is not known.",
        value=array,
    )


def _from_table(
    table: FloatArray,
    capacity: FloatArray,
    load_erlangs: FloatArray,
    aht_s: FloatArray,
    patience_s: FloatArray,
) -> QueueMeasures:
    """Measures from the rows of :func:`wfplan.queueing.kernels.queue_table`."""
    p_wait, p_abandon, late, beyond, served_wait = (row.reshape(capacity.shape) for row in table)
    nobody_calls = load_erlangs == 0
    nobody_serves = (capacity == 0) & ~nobody_calls
    p_abandon = np.where(nobody_serves, 1.0, p_abandon)
    served = np.where(nobody_serves, 0.0, 1 - p_abandon)
    level = np.where(nobody_serves, 0.0, np.clip(served - late, 0.0, 1.0))
    some = np.where(served > 0, served, np.nan)
    safe = np.where(capacity > 0, capacity, np.nan)
    wait = p_abandon * patience_s
    busy = np.minimum(load_erlangs * served, safe) / safe
    return QueueMeasures(
        p_wait=p_wait,
        p_abandon=p_abandon,
        mean_wait_all_s=wait,
        mean_wait_served_s=np.where(nobody_serves, np.nan, served_wait * patience_s),
        sl_offered=level,
        sl_served=np.clip(level / some, 0.0, 1.0),
        p_wait_beyond=beyond,
        occupancy=np.where(nobody_calls, 0.0, busy),
        mean_queue=load_erlangs / aht_s * wait,
    )
