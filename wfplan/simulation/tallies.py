"""What happened in a replication, counted per channel and interval of arrival.

Contacts count in the interval in which they arrive, whatever becomes of them
later. Conservation is asserted on every replication (SCIENCE 9.3, R24): every
contact that came was answered, lost, blocked or is still there, and nobody was
busy for longer than she was on queue.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from math import frexp
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wfplan.compiled import kernel, part
from wfplan.simulation.estimates import OCTAVES, STEPS, WAIT_EDGES_S
from wfplan.simulation.frames import (
    BUSY_DEFERRED,
    BUSY_REALTIME,
    ESCALATION,
    FRESH,
    ON_QUEUE,
    RECONTACT,
    REDIAL,
    BoolArray,
    FloatArray,
    Floor,
    Records,
)
from wfplan.simulation.model import Model

_ROUNDING_S = 1e-3  # of person-seconds that a week of events adds up


class Count(IntEnum):
    """What is counted per channel and interval of arrival."""

    OFFERED = 0
    ANSWERED = 1
    ABANDONED = 2
    BLOCKED = 3
    STILL_THERE = 4
    IN_TIME = 5  # answered within the target; deferred: done when due
    JUDGED = 6  # deferred: done or past due; realtime: all offered
    LATE = 7  # deferred: past due, done or not
    WAIT_S = 8  # until answered, lost or the end of the horizon
    BEGUN = 9  # answered in this interval, whenever it arrived
    PATIENT = 10  # would wait longer than the longest wait that is promised
    PATIENT_LATE = 11  # of those: not answered within it
    CALLED_BACK = 12
    FRESH = 13  # first attempts; in the order of causes from here
    REDIALS = 14
    RECONTACTS = 15
    CHASERS = 16
    LOST_CUSTOMERS = 17  # of the fresh: the last attempt was lost
    ESCALATIONS = 18  # passed on to empowered people
    ESCALATION_WAIT_S = 19  # their wait for one


@dataclass(frozen=True)
class Tallies:
    """Counts of some replications; the last channel of staff times is everybody."""

    counts: NDArray[np.floating]  # (replication, channel, Count, interval)
    on_s: NDArray[np.floating]  # (replication, channel + 1, interval), person-seconds on queue
    busy_s: NDArray[np.floating]  # (replication, real-time or deferred, channel + 1, interval)
    late_s: NDArray[np.floating]  # (replication, 2): overtime, break delay

    def of(self, kind: Count) -> FloatArray:
        """Counts of a kind, (replication, channel, interval)."""
        return self.counts[:, :, kind].astype(np.float64)


EMPOWERED = "empowered"
"""Stands for a channel where contacts wait for empowered people, after the plan's channels."""


def lane_count(model: Model) -> int:
    """Number of channels, and one more where contacts are passed on to empowered people."""
    return len(model.centre.channels)


@dataclass(frozen=True)
class Yardsticks:
    """What contacts are judged by; channels here include the one of empowered people."""

    is_deferred: BoolArray  # (channel,)
    within_s: FloatArray  # (channel,), target of realtime answers
    most_s: FloatArray  # (channel,), longest wait that is promised, inf: none
    closes: FloatArray  # (channel, interval), when the channel closes next
    able: FloatArray  # (channel + 1, group), 1 where a group serves the channel; all

    @classmethod
    def of(cls, model: Model) -> Yardsticks:
        """The yardsticks of a model."""
        channels, more = model.channels, lane_count(model) - len(model.channels)
        serves = model.centre.serves[:, : len(channels)]
        closes = np.array([source.closes for source in model.sources])
        never = np.full((more, closes.shape[1]), model.centre.end_s)
        most = [channel.answer_most_s or np.inf for channel in channels]
        return cls(
            is_deferred=np.array([not c.is_realtime for c in channels] + [False] * more),
            within_s=np.array([c.answer_within_s for c in channels] + [0.0] * more),
            most_s=np.array(most + [np.inf] * more),
            closes=np.vstack((closes, never)),
            able=np.vstack((serves.T, np.ones(len(serves)))).astype(float),
        )


def empty_tallies(model: Model, replications: int, dtype: type = np.float64) -> Tallies:
    """Room for the counts of some replications."""
    n, intervals, heads = replications, model.horizon.interval_count, len(model.channels) + 1
    return Tallies(
        counts=np.zeros((n, lane_count(model), len(Count), intervals), dtype),
        on_s=np.zeros((n, heads, intervals), dtype),
        busy_s=np.zeros((n, 2, heads, intervals), dtype),
        late_s=np.zeros((n, 2), dtype),
    )


def empty_waits(model: Model) -> NDArray[np.int32]:
    """Room for a histogram of offered waits, (channel, interval, bin)."""
    shape = (lane_count(model), model.horizon.interval_count, len(WAIT_EDGES_S))
    return np.zeros(shape, np.int32)


def tally(
    floor: Floor, yardsticks: Yardsticks, into: Tallies, row: int, waits: NDArray[np.int32]
) -> None:
    """Count a week that has run into a row of tallies, and add its waits to a histogram."""
    is_tried_again = np.zeros(len(floor.contacts), np.bool_)
    in_hand = _count_contacts(
        floor.week, floor.contacts, is_tried_again, yardsticks.is_deferred, yardsticks.within_s,
        yardsticks.most_s, yardsticks.closes, into.counts[row], waits,
    )  # fmt: skip
    _check_contacts(floor, into.counts[row], in_hand)
    _check_seconds(floor.seconds)
    into.on_s[row] = yardsticks.able @ floor.seconds[:, ON_QUEUE]
    into.busy_s[row, 0] = yardsticks.able @ floor.seconds[:, BUSY_REALTIME]
    into.busy_s[row, 1] = yardsticks.able @ floor.seconds[:, BUSY_DEFERRED]
    into.late_s[row] = floor.week[0]["overtime"], floor.week[0]["break_delay"]


def _check_contacts(floor: Floor, counts: NDArray[np.floating], in_hand: int) -> None:
    """Every contact that came was answered, lost, blocked or is still there, and is counted."""
    fates = (Count.ANSWERED, Count.ABANDONED, Count.BLOCKED, Count.STILL_THERE)
    ended = sum(counts[:, fate] for fate in fates)
    assert np.array_equal(counts[:, Count.OFFERED], ended), "contacts lost"
    assert counts[:, Count.OFFERED].sum() == len(floor.contacts), "contacts not counted"
    assert in_hand == floor.people["level"].sum(), "contacts in hand that nobody holds"


def _check_seconds(seconds: FloatArray) -> None:
    """Nobody is busy for longer than she is on queue, (group, purpose, interval)."""
    busy = seconds[:, BUSY_REALTIME] + seconds[:, BUSY_DEFERRED]
    assert (busy <= seconds[:, ON_QUEUE] + _ROUNDING_S).all(), "busy while off queue"


@kernel
def _count_contacts(
    week: Records,
    contacts: Records,
    is_tried_again: BoolArray,
    is_deferred: BoolArray,
    within_s: FloatArray,
    most_s: FloatArray,
    closes: FloatArray,
    counts: FloatArray,
    waits: NDArray[np.int32],
) -> int:
    """
    What became of every contact, and its offered wait; how many are still in hand.

    A contact that gave up counts with the wait until a person was free for it,
    but not beyond closing time: a night without staff is not a wait. One that
    was blocked has no wait.
    """
    end_s, in_hand = week[0].end, 0
    _note_repeats(contacts, is_tried_again, end_s, counts)
    for i in range(len(contacts)):
        contact = contacts[i]
        c = contact.channel
        cell = counts[c, :, contact.interval]
        is_answered = contact.person >= 0
        if is_answered:
            in_hand += np.isnan(contact.finished)
            counts[c, Count.BEGUN, int(contact.reached / week[0].interval)] += 1
        is_lost = _count_fate(contact, end_s, cell)
        if is_lost and not is_tried_again[i]:
            _lose_customer(contacts, i, counts)
        if contact.is_blocked:
            cell[Count.JUDGED] += 1
            continue
        until = contact.reached if is_answered else min(contact.leaves, end_s)
        wait = until - contact.arrived
        cell[Count.WAIT_S] += wait
        if is_deferred[c]:
            _judge_deferred(contact, end_s, cell)
        else:
            cell[Count.JUDGED] += 1
            cell[Count.IN_TIME] += is_answered and wait <= within_s[c]
        if contact.leaves - contact.arrived > most_s[c]:
            cell[Count.PATIENT] += 1
            cell[Count.PATIENT_LATE] += not is_answered or wait > most_s[c]
        if not is_answered:
            reached = contact.reached if contact.reached >= 0 else end_s
            wait = min(reached, max(until, closes[c, contact.interval])) - contact.arrived
        waits[c, contact.interval, _bin(wait)] += 1
    return in_hand


@part
def _count_fate(contact: Any, end_s: float, cell: FloatArray) -> bool:
    """What it was and what became of it; whether it was lost."""
    is_gone = contact.person < 0 and not contact.is_blocked
    is_lost = is_gone and contact.leaves < end_s
    cell[Count.OFFERED] += 1
    cell[Count.ANSWERED] += contact.person >= 0
    cell[Count.ABANDONED] += is_lost
    cell[Count.BLOCKED] += contact.is_blocked
    cell[Count.STILL_THERE] += is_gone and contact.leaves >= end_s
    cell[Count.CALLED_BACK] += contact.is_called_back
    if contact.cause < ESCALATION:
        cell[Count.FRESH + contact.cause] += 1
    return bool(is_lost or contact.is_blocked)


@part
def _judge_deferred(contact: Any, end_s: float, cell: FloatArray) -> None:
    """Work that may wait is in time when it is done by its due time."""
    is_in_time = contact.finished <= contact.due
    is_late = not is_in_time and contact.due < end_s
    cell[Count.IN_TIME] += is_in_time
    cell[Count.JUDGED] += is_in_time or is_late
    cell[Count.LATE] += is_late


@part
def _note_repeats(
    contacts: Records, is_tried_again: BoolArray, end_s: float, counts: FloatArray
) -> None:
    """Of what follows from other contacts, behind all that came of its own: what they caused."""
    for i in range(len(contacts) - 1, -1, -1):
        contact = contacts[i]
        if contact.parent < 0:
            return
        if contact.cause == REDIAL:
            is_tried_again[contact.parent] = True
        if contact.cause == ESCALATION:
            parent = contacts[contact.parent]
            cell = counts[parent.channel, :, parent.interval]
            until = contact.reached if contact.person >= 0 else min(contact.leaves, end_s)
            cell[Count.ESCALATIONS] += 1
            cell[Count.ESCALATION_WAIT_S] += until - contact.arrived


@part
def _lose_customer(contacts: Records, last: int, counts: FloatArray) -> None:
    """Count a customer whose last attempt was lost where she first came."""
    at = last
    while contacts[at].cause == REDIAL or contacts[at].cause == RECONTACT:
        at = contacts[at].parent
    if contacts[at].cause == FRESH:
        counts[contacts[at].channel, Count.LOST_CUSTOMERS, contacts[at].interval] += 1


@part
def _bin(wait: float) -> int:
    """Where a wait lies between ``WAIT_EDGES_S``: by its exponent and the first of its digits."""
    if wait < 1:
        return int(wait > 0)
    digits, power = frexp(wait)
    return min(2 + (power - 1) * STEPS + int((2 * digits - 1) * STEPS), 1 + OCTAVES * STEPS)
