"""The records that the engine works on: channels, people, contacts, and the floor of the moment.

Structured arrays, because compiled code takes them as they are and keeps what
belongs together in one place. Times are seconds after the start of the
horizon. A *person* here is one shift of one agent: who works on two days is
two persons to the engine.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Records = NDArray[Any]
Whole = int | np.int64  # numba compiles one version for np.int64(0) and one more for a bare 0

WORK, SPELL, BREAK, FIXED, END = 0, 1, 2, 3, 4
"""What a stretch of a shift is: work; an unplanned spell off queue; a break or meal, both
taken in full however late they begin; anything with a fixed end; the end of the shift."""

FRESH, REDIAL, RECONTACT, CHASE, ESCALATION = 0, 1, 2, 3, 4
"""Why a contact came: of its own; after its parent was lost or blocked; after its parent was
served; because its parent was late; because its parent was passed on to an empowered person."""

ON_QUEUE, BUSY_REALTIME, BUSY_DEFERRED = 0, 1, 2
"""What person-seconds are spent on; busy ones are on queue too."""

CHANNEL = np.dtype(
    [
        ("is_deferred", np.bool_),
        ("holds", np.int64),  # contacts that a person may have in hand
        ("row", np.int64),  # list of people with one contact of it in hand; two in the next
        ("priority", np.int64),  # smaller goes first
        ("head", np.int64),  # contact that waits longest
        ("tail", np.int64),  # next contact to arrive
        ("last", np.int64),  # one after its last contact
    ],
    align=True,
)

PERSON = np.dtype(
    [
        ("start", np.float64),
        ("shift_end", np.float64),
        ("group", np.int64),
        ("off_at", np.int64),  # her current or next stretch off queue
        ("is_on", np.bool_),
        ("wants_off", np.bool_),  # as soon as her hands are empty
        ("on_since", np.float64),
        ("busy_since", np.float64),
        ("serving", np.int64),  # channel of the contacts in hand
        ("level", np.int64),  # number of contacts in hand
        ("changed", np.float64),  # when the hands changed last
        ("worked", np.float64),  # work done by then on each contact since the hands were empty
        ("row", np.int64),  # list of free people that holds her, -1 none
        ("before", np.int64),  # her neighbours in it
        ("after", np.int64),
        ("ticket", np.int64),  # order of joining
        ("shift", np.int64),  # number of her shift in the plan
        ("overtime", np.float64),  # seconds past the end of the shift
        ("break_delay", np.float64),  # seconds that her breaks began late
    ],
    align=True,
)

CONTACT = np.dtype(
    [
        ("arrived", np.float64),
        ("work", np.float64),  # handle time at average speed
        ("leaves", np.float64),  # when the customer hangs up, if not answered by then
        ("due", np.float64),  # inf for realtime
        # Filled by the engine: when a person was free for it (NaN never; after `leaves`: too
        # late), when it was finished (NaN not yet) and by whom (-1 nobody).
        ("reached", np.float64),
        ("finished", np.float64),
        ("key", np.uint64),  # of its own randomness and of all that follows from it
        ("interval", np.int32),  # of arrival
        ("channel", np.int32),  # one beyond the last: passed on to empowered people
        ("person", np.int32),
        ("parent", np.int32),  # the contact that it follows from, -1 none
        ("cause", np.int8),
        ("is_blocked", np.bool_),  # found all places in the queue taken
        ("is_called_back", np.bool_),  # reached after its offer of a call-back was accepted
    ],
    align=True,
)

STRETCH = np.dtype([("start", np.float64), ("end", np.float64), ("kind", np.int64)], align=True)
IN_HAND = np.dtype([("contact", np.int64), ("ready", np.float64)], align=True)
NODE = np.dtype([("time", np.float64), ("place", np.int64), ("node", np.int64)], align=True)
QUEUE = np.dtype([("front", np.int64), ("back", np.int64)], align=True)
WEEK = np.dtype(
    [
        ("end", np.float64),
        ("interval", np.float64),
        ("rows", np.int64),  # lists of free people per group
        ("coming", np.int64),  # person whose shift begins next
        ("events", np.int64),  # in the heap
        ("ticket", np.int64),  # the next to give
        ("overtime", np.float64),  # person-seconds past the end of shifts
        ("break_delay", np.float64),  # person-seconds that breaks began late
    ],
    align=True,
)


class Centre(NamedTuple):
    """What does not change between replications."""

    end_s: float
    interval_s: float
    intervals: int
    channels: Records  # (channel,)
    rates: FloatArray  # (channel, contacts in hand - 1), completions relative to one alone
    serves: BoolArray  # (group, channel)
    routes: IntArray  # (channel, group), groups in order of preference, -1 beyond the last
    rows: int  # lists of free people per group


class Floor(NamedTuple):
    """All that the engine reads and writes in a replication."""

    week: Records  # (1,)
    channels: Records  # (channel,)
    rates: FloatArray
    serves: BoolArray
    routes: IntArray
    skills: IntArray  # (group,), number of channels served
    people: Records  # (person,), by start of shift
    factor: FloatArray  # (person, channel), handle time relative to average speed
    stretches: Records  # off queue, by person, each closed by the end of the shift
    contacts: Records  # fresh ones by channel, then by arrival; then those that follow
    agenda: Records  # (2 person,): next completions; next begins or ends of stretches
    queues: Records  # (group and row,), lists of free people
    hands: Records  # (person, contact in hand)
    seconds: FloatArray  # (group, what they are spent on, interval), person-seconds


def empty_floor(
    centre: Centre, people: Records, factor: FloatArray, stretches: Records, contacts: Records,
    first: IntArray,
) -> Floor:  # fmt: skip
    """The floor before the first event: nobody there, nothing waiting."""
    n, groups = len(people), len(centre.serves)
    channels = centre.channels.copy()
    channels["head"] = channels["tail"] = first[:-1]
    channels["last"] = first[1:]
    agenda = np.zeros(2 * n, NODE)
    agenda["place"] = -1
    week = np.zeros(1, WEEK)
    week[0] = (centre.end_s, centre.interval_s, centre.rows, 0, 0, 0, 0.0, 0.0)
    return Floor(
        week=week,
        channels=channels,
        rates=centre.rates,
        serves=centre.serves,
        routes=centre.routes,
        skills=centre.serves.sum(axis=1, dtype=np.int64),
        people=people,
        factor=factor,
        stretches=stretches,
        contacts=contacts,
        agenda=agenda,
        queues=np.full(groups * centre.rows, -1, np.int64).repeat(2).view(QUEUE),
        hands=np.zeros((n, int(channels["holds"].max(initial=1))), IN_HAND),
        seconds=np.zeros((groups, 3, centre.intervals)),
    )
