"""The queue in time: M(t)/M/n(t)+M with rates that are constant within an interval.

Each interval starts with what the one before left behind, so a queue that built
up at noon is still felt at one, and a morning starts empty. Exact: the law of
the number of contacts is followed, not its mean (uniformisation, see

:mod:`wfplan.queueing.transient_chain`).

Index order of arrays: (..., interval); the leading axes are channels, each a
queue of its own. When staff fall, those too many finish the contact they have
and then leave (``end_of_shift="finish"``), or hand it back to the front of the
queue at once (``"hand_back"``, pessimistic). Real numbers of staff are straight
lines between whole ones in every rate, which lies a little above or below the
smooth curve of :mod:`wfplan.queueing.erlang_a` between whole numbers and
equals it at them.

References
----------
.. [1] Green, L. V., P. J. Kolesar, and W. Whitt (2007). Coping with time-varying
       demand when setting staffing requirements for a service system.
       *Production and Operations Management* 16(1): 13-39.
       https://doi.org/10.1111/j.1937-5956.2007.tb00164.x
.. [2] Ingolfsson, A., et al. (2007). A survey and experimental comparison of
       service-level-approximation methods for nonstationary M(t)/M/s(t)
       queueing systems with exhaustive discipline. *INFORMS Journal on
       Computing* 19(2): 201-214. https://doi.org/10.1287/ijoc.1050.0157
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wfplan.errors import InputError, require
from wfplan.queueing import transient_chain as chain
from wfplan.queueing.measures import broadcast
from wfplan.queueing.transient_chain import TransientState
from wfplan.queueing.transient_kernels import RATE, STAFF, SUMS, THETA

FloatArray = NDArray[np.float64]
EndOfShift = Literal["finish", "hand_back"]

HEAD = np.eye(4)[STAFF]  # one agent more in a row of a plan
NOBODY = 1e-9  # contacts in an interval, or people, of which shares mean nothing
SHORTEST_PATIENCE_S = 1.0  # below it the clock of the chain would tick without need


@dataclass(frozen=True)
class TransientMeasures:
    """
    What happens in each interval; arrays of shape (..., interval).

    Averages are over the time of the interval, which is what its arrivals see.
    Contacts that hang up and seconds waited count where they happen, so a
    share of the interval's arrivals can exceed 1 behind a busier interval.
    Nobody calling means a service level of 1; where nobody can be on the phone
    the occupancy is not a number.
    """

    p_wait: FloatArray  # finds no free agent
    p_abandon: FloatArray  # hung up in the interval / arrivals, 0 without arrivals
    mean_wait_all_s: FloatArray  # seconds waited in the interval / arrivals
    service_level: FloatArray  # answered in time / arrivals; NaN when no time was given
    mean_queue: FloatArray  # contacts waiting
    occupancy: FloatArray  # busy / (busy + available), those who finish are busy
    finishing: FloatArray  # agents busy beyond the staff, finishing their last contact
    abandoned: FloatArray  # contacts
    waiting_s: FloatArray  # seconds waited by all
    end_in_system: FloatArray  # contacts waiting or served when the interval ends
    end_p_wait: FloatArray  # all busy when the interval ends
    end_queue: FloatArray  # contacts waiting when the interval ends
    final: tuple[TransientState, ...]  # one per channel, in the order of the raveled axes


@dataclass(frozen=True)
class CarryOver:
    """
    What one more head in an interval changes, there and in the intervals after.

    Shapes (..., interval) and, for the changes, (..., interval, lag): lag 0 is
    the interval itself. Changes are negative where the head helps; beyond the
    horizon they are 0.
    """

    abandoned: FloatArray  # contacts
    waiting_s: FloatArray  # seconds waited by all
    abandoned_change: FloatArray  # contacts per head
    waiting_change_s: FloatArray  # seconds per head


def evolve(
    arrivals_per_h: ArrayLike,
    staff: ArrayLike,
    aht_s: ArrayLike,
    patience_s: ArrayLike,
    interval_s: float,
    *,
    end_of_shift: EndOfShift = "finish",
    answer_within_s: float | None = None,
    start: Sequence[TransientState] | None = None,
) -> TransientMeasures:
    """
    Measures of every interval of a day or a week.

    Parameters
    ----------
    arrivals_per_h
        Contacts per hour, shape (..., interval) after broadcasting.
    staff
        Effective agents, >= 0, real numbers; likewise.
    aht_s, patience_s
        Mean handle time and patience in seconds; likewise. Patience may be
        infinite, also in overload: then the queue grows through the horizon.
    interval_s
        Length of an interval, seconds.
    end_of_shift
        What leaving agents do with the contact they have.
    answer_within_s
        Time of the service level, seconds. An arrival's virtual wait is taken
        at the state it meets, with the interval's own staff held on, and
        agents who are finishing as if their contacts stood before it in the
        queue; both are approximations near a change of staff only.
    start
        One state per channel, as ``final`` of an earlier horizon; empty
        systems when left out.

    Raises
    ------
    InputError
        When a number is negative or not finite, a patience below a second, or
        the states are not one per channel.
    """
    plan, shape = _plan(arrivals_per_h, staff, aht_s, patience_s, interval_s)
    finish = _finishes(end_of_shift)
    tables, final = [], []
    for rows, state in zip(plan, _starts(start, plan), strict=True):
        table, last = _follow(rows, state, interval_s, finish, answer_within_s)
        tables.append(table)
        final.append(last)
    stacked = np.array(tables).reshape(*shape, chain.COLUMNS)
    return _measures(stacked, plan.reshape(*shape, plan.shape[-1]), interval_s, tuple(final))


def carry_over(
    arrivals_per_h: ArrayLike,
    staff: ArrayLike,
    aht_s: ArrayLike,
    patience_s: ArrayLike,
    interval_s: float,
    *,
    reach: int = 3,
    head: float = 1.0,
    end_of_shift: EndOfShift = "finish",
    start: Sequence[TransientState] | None = None,
) -> CarryOver:
    """
    Contacts lost and seconds waited, and what one more head in each interval does to them.

    The week is followed once, and from every interval on once more with
    ``head`` agents added to it alone, through ``reach`` intervals; differences
    are per head. Other arguments as in :func:`evolve`.

    Raises
    ------
    InputError
        As :func:`evolve`; when ``reach`` is below 1 or ``head`` not above 0.
    """
    if reach < 1 or not head > 0:
        raise InputError(
            f"reach = {reach}, head = {head:g}: the change is followed for at least 1 interval "
            "and needs some staff added. Use reach=3 and head=1."
        )
    plan, shape = _plan(arrivals_per_h, staff, aht_s, patience_s, interval_s)
    found = [
        _carried(rows, state, interval_s, _finishes(end_of_shift), reach, head)
        for rows, state in zip(plan, _starts(start, plan), strict=True)
    ]
    queue = np.array([base for base, _ in found]).reshape(shape)
    change = np.array([changed for _, changed in found]).reshape(*shape, reach)
    theta = plan[:, :, THETA].reshape(shape)
    lag_theta = np.stack([_shifted(theta, lag) for lag in range(reach)], axis=-1)
    waiting = change * interval_s / head
    return CarryOver(
        abandoned=queue * theta * interval_s,
        waiting_s=queue * interval_s,
        abandoned_change=waiting * lag_theta,
        waiting_change_s=waiting,
    )


def _plan(
    arrivals_per_h: ArrayLike,
    staff: ArrayLike,
    aht_s: ArrayLike,
    patience_s: ArrayLike,
    interval_s: float,
) -> tuple[FloatArray, tuple[int, ...]]:
    """Rates per second, shape (channel, interval, column), and the shape of the arguments."""
    if not (np.isfinite(interval_s) and interval_s > 0):
        raise InputError(
            f"interval_s = {interval_s:g} is not a length of time: give seconds above 0, as 900."
        )
    args = broadcast(arrivals_per_h=arrivals_per_h, staff=staff, aht_s=aht_s, patience_s=patience_s)
    patience, shape = args["patience_s"], args["staff"].shape
    require(
        patience >= SHORTEST_PATIENCE_S,
        "patience_s{at} = {patience:g} is below a second: use 1 for contacts that never wait, "
        "or wfplan.queueing.erlang_a for a queue without memory.",
        patience=patience,
    )
    if not shape:
        raise InputError("staff and arrivals_per_h have no interval: give a value per interval.")
    columns = (args["arrivals_per_h"] / 3600, args["staff"], 1 / args["aht_s"], 1 / patience)
    plan = np.stack(columns, axis=-1)
    return np.ascontiguousarray(plan.reshape(prod(shape[:-1]), shape[-1], len(columns))), shape


def _finishes(end_of_shift: str) -> bool:
    """Whether leaving agents finish the contact they have."""
    if end_of_shift not in ("finish", "hand_back"):
        raise InputError(
            f"end_of_shift = {end_of_shift!r} is no rule: leaving agents 'finish' the contact "
            "they have, or 'hand_back' what they cannot finish."
        )
    return end_of_shift == "finish"


def _starts(start: Sequence[TransientState] | None, plan: FloatArray) -> list[TransientState]:
    """The given states, or empty systems."""
    if start is None:
        return [chain.empty(float(rows[:1, STAFF].sum())) for rows in plan]
    if len(start) != len(plan):
        raise InputError(
            f"start has {len(start)} states for {len(plan)} channels: give one per channel, "
            "as evolve(...).final of the horizon before."
        )
    return list(start)


def _follow(
    rows: FloatArray,
    state: TransientState,
    interval_s: float,
    finish: bool,
    within_s: float | None = None,
) -> tuple[FloatArray, TransientState]:
    """Measures of one queue, shape (interval, measure), and its state at the end."""
    table = np.zeros((len(rows), chain.COLUMNS))
    for t, row in enumerate(rows):
        state = chain.shift_change(state, float(row[STAFF]), finish=finish)
        state, laws = chain.advance(state, row, interval_s)
        table[t] = chain.measure(laws, row, within_s)
    return table, state


def _carried(
    rows: FloatArray,
    state: TransientState,
    interval_s: float,
    finish: bool,
    reach: int,
    head: float,
) -> tuple[FloatArray, FloatArray]:
    """Mean queue of one channel, shape (interval,), and its changes, (interval, lag)."""
    queue, change = np.zeros(len(rows)), np.zeros((len(rows), reach))
    for t in range(len(rows)):
        helped = state
        for lag, row in enumerate(rows[t : t + reach]):
            more = row + (head * HEAD if lag == 0 else 0.0)
            change[t, lag], helped = _queue_after(more, helped, interval_s, finish)
        queue[t], state = _queue_after(rows[t], state, interval_s, finish)
    for lag in range(reach):
        inside = max(len(rows) - lag, 0)
        change[:inside, lag] -= queue[lag:][:inside]
    return queue, change


def _queue_after(
    row: FloatArray, state: TransientState, interval_s: float, finish: bool
) -> tuple[float, TransientState]:
    """Mean queue through one interval, and the state after it."""
    state = chain.shift_change(state, float(row[STAFF]), finish=finish)
    state, laws = chain.advance(state, row, interval_s)
    return chain.waiting(laws, SUMS, float(row[STAFF])), state


def _measures(
    table: FloatArray, plan: FloatArray, interval_s: float, final: tuple[TransientState, ...]
) -> TransientMeasures:
    """The kernel's table in words, with the conventions for nobody calling or serving."""
    rate, staff, theta = (plan[..., column] for column in (RATE, STAFF, THETA))
    queue, finishing = table[..., chain.QUEUE], table[..., chain.FINISHING]
    present = staff + finishing
    arrivals = rate * interval_s
    waiting = queue * interval_s
    nobody = arrivals < NOBODY
    some = np.where(nobody, np.inf, arrivals)
    level = table[..., chain.LEVEL]
    unstaffed = present < NOBODY
    busy = table[..., chain.BUSY] / np.where(unstaffed, np.nan, present)
    busy = np.where(unstaffed & nobody, 0.0, busy)
    return TransientMeasures(
        p_wait=table[..., chain.P_WAIT],
        p_abandon=waiting * theta / some,
        mean_wait_all_s=waiting / some,
        service_level=np.where(nobody & ~np.isnan(level), 1.0, level),
        mean_queue=queue,
        occupancy=np.minimum(busy, 1.0),
        finishing=finishing,
        abandoned=waiting * theta,
        waiting_s=waiting,
        end_in_system=table[..., chain.END_SYSTEM],
        end_p_wait=table[..., chain.END_WAIT],
        end_queue=table[..., chain.END_QUEUE],
        final=final,
    )


def _shifted(values: FloatArray, lag: int) -> FloatArray:
    """The values ``lag`` intervals later, 0 beyond the horizon."""
    later = np.zeros_like(values)
    if lag < values.shape[-1]:
        later[..., : values.shape[-1] - lag] = values[..., lag:]
    return later
