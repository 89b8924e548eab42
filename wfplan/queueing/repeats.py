"""Redials and recontacts: a contact that is lost or not settled comes back, on any channel.

The total of channel c is ``total_c = fresh_c + sum over d of total_d (lost_d
R[d, c] + (1 - lost_d) F[d, c])``, where the share lost depends on the total
itself. History shows totals; forecasting them as if they were fresh bakes last
year's failures into next year's demand (:func:`fresh_demand` undoes that).

References
----------
.. [1] Ding, S., M. Remerova, R. van der Mei, and B. Zwart (2013). Fluid
       approximation of a call center model with redials and reconnects.
       https://arxiv.org/abs/1311.6248
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse.csgraph import connected_components

from wfplan.errors import InputError, require
from wfplan.queueing import erlang_a
from wfplan.queueing.measures import QueueMeasures, broadcast

FloatArray = NDArray[np.float64]

_ROUNDS = 10_000
_SETTLED = 1e-13  # of the total
_NO_END = 1e9  # times the fresh contacts and what the staff can serve: there is no fixed point


@dataclass(frozen=True)
class Repeats:
    """
    What fresh contacts become once the lost and the unsettled come back.

    Arrays of the fresh contacts' shape, (..., channel); the two sums over
    channels have the shape without it. Without fresh contacts they are
    undefined (NaN).
    """

    total_per_h: FloatArray  # fresh + redials + recontacts
    redials_per_h: FloatArray  # contacts that come back after hanging up, where they arrive
    recontacts_per_h: FloatArray  # contacts that come back after an answer, where they arrive
    lost_per_h: FloatArray  # hang up and do not come back
    queue: QueueMeasures  # at the totals
    amplification: FloatArray  # total / fresh, over all channels
    lost_customers_per_fresh_call: FloatArray  # over all channels


def with_repeats(
    fresh_per_h: ArrayLike,
    staff: ArrayLike,
    aht_s: ArrayLike,
    patience_s: ArrayLike,
    redial: ArrayLike,
    recontact: ArrayLike,
    *,
    answer_within_s: ArrayLike = 20.0,
    channels: Sequence[str] = (),
) -> Repeats:
    """
    The smallest totals that explain themselves, and the queues at these totals.

    Parameters
    ----------
    fresh_per_h
        First contacts per hour, (..., channel); leading axes are intervals,
        each on its own. With scalar ``redial`` and ``recontact`` there is one
        channel and no channel axis.
    staff, aht_s, patience_s, answer_within_s
        As in :func:`wfplan.queueing.erlang_a.steady_state`, broadcast with
        ``fresh_per_h``.
    redial
        ``redial[d, c]``: contacts on c that follow one lost on d, >= 0.
    recontact
        ``recontact[d, c]``: contacts on c that follow one answered on d, >= 0.
    channels
        Names for messages; numbers from 0 otherwise.

    Raises
    ------
    InputError
        When a number cannot be, or no totals exist: answered contacts bring
        on as many again, or the lost redial without end.

    Notes
    -----
    The right side rises in the totals, so the iteration from the fresh
    contacts rises to the smallest fixed point. Each step is lengthened by what
    every later state of the queue would add at least: lost contacts are
    convex in the total, so their slope so far is a lower bound from here on.
    """
    alone = np.ndim(redial) == 0 and np.ndim(recontact) == 0
    again, unsettled = _matrices(redial, recontact)
    arguments = broadcast(
        fresh_per_h=fresh_per_h,
        staff=staff,
        aht_s=aht_s,
        patience_s=patience_s,
        answer_within_s=answer_within_s,
    )
    fresh, n, aht, patience, within = (
        a[..., None] if alone else np.atleast_1d(a) for a in arguments.values()
    )
    _check_channels(fresh, again, channels)
    _check_answers_settle(unsettled, channels)
    total = _smallest(fresh, (n, aht, patience), again, unsettled, channels)
    queue = erlang_a.steady_state(n, total, aht, patience, answer_within_s=within)
    found = _measures(fresh, total, queue, again, unsettled)
    return _without_axis(found) if alone else found


def fresh_demand(
    total_per_h: ArrayLike, abandon_share: ArrayLike, redial: ArrayLike, recontact: ArrayLike
) -> FloatArray:
    """
    First contacts per hour behind observed totals: the inverse of :func:`with_repeats`.

    Parameters
    ----------
    total_per_h
        Observed offered contacts per hour, (..., channel).
    abandon_share
        Observed abandoned / offered, of the same shape.
    redial, recontact
        As in :func:`with_repeats`; scalars for one channel without channel axis.

    Raises
    ------
    InputError
        When a number cannot be, or the repeats explain more contacts than there were.
    """
    alone = np.ndim(redial) == 0 and np.ndim(recontact) == 0
    again, unsettled = _matrices(redial, recontact)
    args = broadcast(total_per_h=total_per_h, abandon_share=abandon_share)
    total, lost = (a[..., None] if alone else np.atleast_1d(a) for a in args.values())
    _check_channels(total, again, ())
    require(
        lost <= 1,
        "abandon_share{at} = {share:g} is above 1: write 5 % as 0.05.",
        share=lost,
    )
    fresh: FloatArray = total - total * lost @ again - total * (1 - lost) @ unsettled
    require(
        fresh >= -1e-9 * total.sum(axis=-1, keepdims=True),
        "total_per_h{at} = {total:g} is less than the redials and recontacts that the other "
        "numbers imply: lower redial or recontact, or use a longer interval.",
        total=total,
    )
    fresh = np.maximum(fresh, 0.0)
    return fresh[..., 0] if alone else fresh


def _matrices(redial: ArrayLike, recontact: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Both as matrices (channel, channel), checked."""
    pair = np.broadcast_arrays(
        np.atleast_2d(np.asarray(redial, dtype=np.float64)),
        np.atleast_2d(np.asarray(recontact, dtype=np.float64)),
    )
    for name, matrix in zip(("redial", "recontact"), pair, strict=True):
        if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
            raise InputError(
                f"{name} of shape {matrix.shape} is not a square of channels by channels: give one "
                "row per channel the contact came from, one column per channel it comes back on."
            )
        require(
            (matrix >= 0) & np.isfinite(matrix),
            f"{name}{{at}} = {{value:g}} is not a number of contacts >= 0 that follow one.",
            value=matrix,
        )
    return pair[0], pair[1]


def _check_channels(contacts: FloatArray, matrix: FloatArray, channels: Sequence[str]) -> None:
    """Refuse contacts, or names, of other channels than the matrices'."""
    if channels and len(channels) != len(matrix):
        raise InputError(
            f"channels = {list(channels)} are {len(channels)} names for redial and recontact of "
            f"{len(matrix)} channels: give one name per row."
        )
    if contacts.shape[-1] != len(matrix):
        raise InputError(
            f"contacts of {contacts.shape[-1]} channels do not go with redial and recontact of "
            f"{len(matrix)}: the last axis is the channel, as in the matrices."
        )


def _check_answers_settle(unsettled: FloatArray, channels: Sequence[str]) -> None:
    """Refuse answers that bring on as many contacts again: no staff could ever finish."""
    circle, radius = _worst_circle(unsettled)
    if radius >= 1 - 1e-12:
        raise InputError(
            f"recontact among {_named(circle, channels)} multiplies by {radius:g} per answer: "
            "every answered contact brings on at least another one, without end. Give the "
            "contacts that follow one answer, on average, as numbers that settle below 1."
        )


def _smallest(
    fresh: FloatArray,
    queue: tuple[FloatArray, FloatArray, FloatArray],
    again: FloatArray,
    unsettled: FloatArray,
    channels: Sequence[str],
) -> FloatArray:
    """The smallest fixed point of every interval."""
    n, aht, patience = queue
    identity = np.eye(len(again))
    limit = _NO_END * (fresh + n / aht * 3600).sum(axis=-1, keepdims=True)
    total, slope = fresh, np.zeros(fresh.shape)
    lost = total * erlang_a.steady_state(n, total, aht, patience).p_abandon
    for _ in range(_ROUNDS):
        rise = np.maximum(fresh + lost @ again + (total - lost) @ unsettled - total, 0.0)
        if (rise <= _SETTLED * total).all():
            return total + rise
        least = np.where(
            again >= unsettled,
            unsettled + slope[..., None] * (again - unsettled),
            again,
        )
        endless = np.asarray((_radius(least) >= 1 - 1e-12) | (total > limit).any(axis=-1))
        if endless.any():
            _refuse(total, fresh, endless, least, channels)
        step = np.linalg.solve(np.swapaxes(identity - least, -1, -2), rise[..., None])[..., 0]
        before, total = total, total + np.maximum(step, rise)
        lost_before = lost
        lost = total * erlang_a.steady_state(n, total, aht, patience).p_abandon
        moved = total - before
        seen = np.divide(lost - lost_before, moved, out=slope.copy(), where=moved > 1e-7 * total)
        slope = np.clip(seen, slope, 1.0)
    moving = np.asarray((rise > _SETTLED * total).any(axis=-1))
    return _refuse(total, fresh, moving, least, channels)


def _refuse(
    total: FloatArray,
    fresh: FloatArray,
    endless: NDArray[np.bool_],
    least: FloatArray,
    channels: Sequence[str],
) -> NoReturn:
    """Say where redials never settle."""
    first = tuple(int(i) for i in np.argwhere(endless)[0])
    circle, _ = _worst_circle(least[first])
    at = f"[{', '.join(map(str, first))}]" if first else ""
    more = f" ({endless.sum()} of {endless.size} intervals)" if endless.size > 1 else ""
    raise InputError(
        f"fresh_per_h{at} has no end of redials on {_named(circle, channels)}: lost contacts come "
        "back faster than the staff can answer them; "
        f"{total[first].sum() / fresh[first].sum():.3g} times the fresh contacts and still "
        f"growing. Add staff there, or lower redial.{more}"
    )


def _measures(
    fresh: FloatArray,
    total: FloatArray,
    queue: QueueMeasures,
    again: FloatArray,
    unsettled: FloatArray,
) -> Repeats:
    """The result at the totals found."""
    lost = total * queue.p_abandon
    gone = lost * np.maximum(1 - again.sum(axis=1), 0.0)
    start = fresh.sum(axis=-1)
    undefined = np.full(start.shape, np.nan)
    return Repeats(
        total_per_h=total,
        redials_per_h=lost @ again,
        recontacts_per_h=(total - lost) @ unsettled,
        lost_per_h=gone,
        queue=queue,
        amplification=np.divide(total.sum(axis=-1), start, out=undefined.copy(), where=start > 0),
        lost_customers_per_fresh_call=np.divide(
            gone.sum(axis=-1), start, out=undefined, where=start > 0
        ),
    )


def _without_axis(found: Repeats) -> Repeats:
    """One channel without its axis."""
    arrays = {name: value for name, value in vars(found).items() if name.endswith("_per_h")}
    queue = QueueMeasures(**{name: value[..., 0] for name, value in vars(found.queue).items()})
    return replace(found, queue=queue, **{name: value[..., 0] for name, value in arrays.items()})


def _radius(matrix: FloatArray) -> FloatArray:
    """Spectral radius of every matrix."""
    radius: FloatArray = np.abs(np.linalg.eigvals(matrix)).max(axis=-1)
    return radius


def _worst_circle(matrix: FloatArray) -> tuple[NDArray[np.intp], float]:
    """The channels that feed each other the most, and the spectral radius among them."""
    _, label = connected_components(matrix > 0, connection="strong")
    circles = [np.flatnonzero(label == number) for number in np.unique(label)]
    radii = [float(_radius(matrix[np.ix_(circle, circle)])) for circle in circles]
    worst = int(np.argmax(radii))
    return circles[worst], radii[worst]


def _named(members: NDArray[np.intp], channels: Sequence[str]) -> str:
    """Channels by name, or by number."""
    names = [repr(channels[i]) if channels else str(i) for i in members]
    return f"channel {names[0]}" if len(names) == 1 else f"channels {', '.join(names)}"
