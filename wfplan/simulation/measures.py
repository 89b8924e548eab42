"""What is measured: ratios of sums over replications, as numerators and denominators.

Contacts in the target over contacts offered, say: the value is that of the sums
over all replications (:mod:`wfplan.simulation.estimates`). Contacts count in
the interval in which they arrive.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from wfplan.simulation.frames import BoolArray, FloatArray, IntArray
from wfplan.simulation.model import Model
from wfplan.simulation.tallies import Count, Tallies, lane_count


@dataclass(frozen=True)
class Measure:
    """
    A ratio over (replication, channel + all, interval + week).

    A denominator that is the same in all replications has no axis of them.
    ``cells`` says where it is shown: see :mod:`wfplan.simulation.table`.
    """

    name: str
    unit: str
    top: FloatArray
    bottom: FloatArray
    when_empty: float = 0.0
    cells: str = "contacts"
    is_proportion: bool = False  # of replications: each says yes or no


ONE: FloatArray = np.ones(1)
_COUNTED = {
    "offered": (Count.OFFERED, "contacts"),
    "answered": (Count.ANSWERED, "contacts"),
    "abandoned": (Count.ABANDONED, "contacts"),
    "blocked": (Count.BLOCKED, "blocked"),
    "still_there": (Count.STILL_THERE, "contacts"),
    "late": (Count.LATE, "deferred"),
    "called_back": (Count.CALLED_BACK, "called_back"),
    "fresh": (Count.FRESH, "repeats"),
    "redials": (Count.REDIALS, "repeats"),
    "recontacts": (Count.RECONTACTS, "repeats"),
    "chasers": (Count.CHASERS, "repeats"),
    "lost_customers": (Count.LOST_CUSTOMERS, "repeats"),
    "escalations": (Count.ESCALATIONS, "escalated"),
}
"""What is in the table as it is counted, and where."""


def ratios(model: Model, is_open: BoolArray, tallies: Tallies) -> Iterator[Measure]:
    """Every measure that is a ratio of sums, for some replications; always in the same order."""
    yield from _of_contacts(model, tallies)
    yield from _of_waits(model, tallies)
    yield from _of_promises(model, tallies)
    yield from _of_staff(model, is_open, tallies)


def _of_contacts(model: Model, tallies: Tallies) -> Iterator[Measure]:
    """What becomes of contacts, and which of them failure brought on."""
    every = lanes_in_all(model)
    for name, (kind, cells) in _COUNTED.items():
        yield Measure(name, "contacts", _whole(tallies.of(kind), every), ONE, cells=cells)
    offered = _whole(tallies.of(Count.OFFERED), every)
    lost = _whole(tallies.of(Count.ABANDONED), every)
    came_again = tallies.of(Count.REDIALS) + tallies.of(Count.RECONTACTS)
    caused = _whole(came_again + tallies.of(Count.CHASERS), every)
    harm, backlog = _whole(_harm(model, tallies), every), _backlog(model, tallies)
    yield Measure("abandon_rate", "share", lost, offered)
    yield Measure("failure_demand", "share", caused, offered, cells="repeats")
    yield Measure("harm", "points", harm, ONE, cells="customers")
    yield Measure("backlog", "contacts", *backlog, cells="deferred")


def _of_waits(model: Model, tallies: Tallies) -> Iterator[Measure]:
    """How long customers wait; those who were blocked do not."""
    every, waiting = lanes_in_all(model), lanes_that_wait(model)
    placed = tallies.of(Count.OFFERED) - tallies.of(Count.BLOCKED)
    wait_s = _whole(tallies.of(Count.WAIT_S), waiting), _whole(placed, waiting)
    kinds = (Count.ESCALATION_WAIT_S, Count.ESCALATIONS)
    passed_on = [_whole(tallies.of(kind), every) for kind in kinds]
    kinds = (Count.PATIENT_LATE, Count.PATIENT)
    late = [_whole(tallies.of(kind), every) for kind in kinds]
    yield Measure("wait_mean_s", "s", *wait_s)
    yield Measure("escalation_wait_s", "s", passed_on[0], passed_on[1], cells="escalated")
    yield Measure("served_late_share", "share", late[0], late[1], cells="longest")


def _of_promises(model: Model, tallies: Tallies) -> Iterator[Measure]:
    """How often promises are kept, by interval, day and week."""
    every, first = lanes_in_all(model), first_of_days(model)
    in_time, judged = tallies.of(Count.IN_TIME), tallies.of(Count.JUDGED)
    level = _whole(in_time, every), _whole(judged, every)
    yield Measure("service_level", "share", *level, 1.0)
    days = [_whole(np.add.reduceat(part, first, axis=-1), every) for part in (in_time, judged)]
    yield Measure("service_level_day", "share", days[0], days[1], 1.0, "day")
    kept = _kept(model, _week(in_time), _week(judged))
    yield Measure("promise_kept", "share", kept, ONE, 0.0, "customers", True)


def _kept(model: Model, in_time: FloatArray, judged: FloatArray) -> FloatArray:
    """1 where a channel kept its service level; all channels did where each did."""
    promised = np.zeros(in_time.shape[1])  # of empowered people: nothing
    promised[: len(model.channels)] = [
        channel.answer_share if channel.is_realtime else channel.due_share
        for channel in model.channels
    ]
    # Nine of ten keep a promise of 0.9 however 0.9 * 10 rounds.
    kept = in_time >= promised[:, None] * judged * (1 - 1e-12)
    return np.concatenate((kept, kept.all(axis=1, keepdims=True)), axis=1).astype(np.float64)


def _of_staff(model: Model, is_open: BoolArray, tallies: Tallies) -> Iterator[Measure]:
    """What people live through."""
    on_s, busy_s = tallies.on_s.astype(np.float64), tallies.busy_s.astype(np.float64)
    late_min = tallies.late_s.astype(np.float64)[:, :, None, None] / 60
    week = _week(on_s)
    yield Measure("occupancy", "share", _occupied_s(model, busy_s), week, cells="staff")
    yield Measure("weighted_occupancy", "share", _weighted_s(model, busy_s), week, cells="staff")
    yield Measure("staff_present", "heads", *_heads(model, is_open, on_s), cells="staff")
    yield Measure("overtime_min", "min", late_min[:, 0], ONE, cells="week")
    yield Measure("break_delay_min", "min", late_min[:, 1], ONE, cells="week")


def lanes_in_all(model: Model) -> BoolArray:
    """Which channels count in all channels: not that of empowered people; (channel,)."""
    return np.arange(lane_count(model)) < len(model.channels)


def lanes_that_wait(model: Model) -> BoolArray:
    """
    Which channels' waits count in the wait of all channels, (channel,).

    An e-mail's hours would drown a caller's seconds: realtime ones where there are any.
    """
    every = lanes_in_all(model)
    deferred = np.zeros(len(every), np.bool_)
    deferred[: len(model.channels)] = model.is_deferred
    return every & (deferred if model.is_deferred.all() else ~deferred)


def first_of_days(model: Model) -> IntArray:
    """The first interval of each day, (day,)."""
    return np.unique(model.horizon.interval_days, return_index=True)[1]


def _whole(by_channel: FloatArray, counts_in_all: BoolArray) -> FloatArray:
    """With the sum over channels as last channel and the week as last interval."""
    n, channels, intervals = by_channel.shape
    whole = np.empty((n, channels + 1, intervals + 1))
    whole[:, :-1, :-1] = by_channel
    np.sum(by_channel, axis=1, out=whole[:, -1, :-1], where=counts_in_all[:, None])
    np.sum(whole[:, :, :-1], axis=-1, out=whole[:, :, -1])
    return whole


def _week(by_interval: FloatArray) -> FloatArray:
    """With the sum over intervals as last interval."""
    week = by_interval.sum(axis=-1, keepdims=True)
    return np.concatenate((by_interval, week), axis=-1)


def _harm(model: Model, tallies: Tallies) -> FloatArray:
    """Harm points: waiting and loss of realtime contacts, lateness of deferred ones."""
    lost = tallies.of(Count.ABANDONED) + tallies.of(Count.BLOCKED)
    waited_min, late = tallies.of(Count.WAIT_S) / 60, tallies.of(Count.LATE)
    harm = np.zeros(lost.shape)  # of empowered people's own: none
    for c, channel in enumerate(model.channels):
        if channel.is_realtime:
            harm[:, c] = channel.wait_weight * waited_min[:, c]
            harm[:, c] += channel.abandon_weight * lost[:, c]
        else:
            harm[:, c] = channel.late_weight * late[:, c]
    return harm


def _backlog(model: Model, tallies: Tallies) -> tuple[FloatArray, FloatArray]:
    """Deferred contacts not yet begun at the end of each interval; the week is the mean."""
    gone = tallies.of(Count.ABANDONED) + tallies.of(Count.BLOCKED) + tallies.of(Count.BEGUN)
    waiting = np.cumsum(tallies.of(Count.OFFERED) - gone, axis=-1)
    deferred = lanes_in_all(model)
    deferred[: len(model.channels)] &= model.is_deferred
    backlog = _whole(waiting, deferred)
    return backlog, _intervals_or_week(np.ones(gone.shape[-1]))


def _intervals_or_week(weights: FloatArray) -> FloatArray:
    """The divisor that makes the week's entry the weighted mean of the intervals."""
    return np.append(np.ones_like(weights), weights.sum())


def _occupied_s(model: Model, busy_s: FloatArray) -> FloatArray:
    """Busy seconds; to a real-time channel, work that can wait counts as available time."""
    counts = np.append(model.is_deferred, True)[:, None]
    return _week(busy_s[:, 0] + np.where(counts, busy_s[:, 1], 0.0))


def _weighted_s(model: Model, busy_s: FloatArray) -> FloatArray:
    """Busy seconds, those of deferred work counted as it strains."""
    weights = [channel.strain_weight for channel in model.channels if not channel.is_realtime]
    weight = min(float(np.mean(weights)), 1.0) if weights else 0.0
    return _week(busy_s[:, 0] + weight * busy_s[:, 1])


def _heads(model: Model, is_open: BoolArray, on_s: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean people on queue; the week is the mean over the open intervals."""
    is_open = np.vstack((is_open, is_open.any(axis=0)))
    heads = on_s / model.centre.interval_s
    week = (heads * is_open).sum(axis=-1, keepdims=True)
    bottom = np.array([_intervals_or_week(row.astype(float)) for row in is_open])
    return np.concatenate((heads, week), axis=-1), bottom
