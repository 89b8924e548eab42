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
whole: Any = np.int64
"""Makes whole numbers for kernels: numba compiles a version for these and one for every bare 0."""

NOBODY: int = whole(-1)
"""No person, no channel, no contact."""

WORK, SPELL, BREAK, FIXED, END = 0, 1, 2, 3, 4
"""What a stretch of a shift is: work; an unplanned spell off queue; a break or meal, both
taken in full however late they begin; anything with a fixed end; the end of the shift."""

FRESH, REDIAL, RECONTACT, CHASE, ESCALATION = map(whole, range(5))
"""Why a contact came: of its own; after its parent was lost or blocked; after its parent was
served; because its parent was late; because its parent was passed on to an empowered person."""

ON_QUEUE, BUSY_REALTIME, BUSY_DEFERRED = map(whole, range(3))
"""What person-seconds are spent on; busy ones are on queue too."""

ABLE, HELPS = 1, 2
"""Whether a group serves a channel: always; only contacts that have waited long enough."""

CHANNEL = np.dtype(
    [
        ("head", np.int64),  # contact that waits longest, -1 none
        ("tail", np.int64),  # contact that came last of those that wait
        ("next", np.int64),  # next fresh contact to arrive
        ("next_at", np.float64),  # when it does, inf never
        ("last", np.int64),  # one after the last fresh contact
        ("priority", np.int64),  # smaller goes first
        ("holds", np.int64),  # contacts that a person may have in hand
        ("row", np.int64),  # list of people with one contact of it in hand; two in the next
        ("overflow_s", np.float64),  # seconds of waiting after which helpers may take a contact
        ("places", np.int64),  # in the queue, -1 no limit
        ("taken", np.int64),  # places, at most: some may have been left
        ("is_deferred", np.bool_),
        ("has_helpers", np.bool_),
    ],
    align=True,
)

CUSTOMER = np.dtype(  # what customers of a channel are like, as `chance.factor` reads it
    [
        ("handle_law", np.int64),
        ("handle_shape", np.float64),
        ("patience_law", np.int64),
        ("patience_shape", np.float64),
        ("patience_s", np.float64),  # mean, inf: nobody hangs up
        ("balk_share", np.float64),
        ("callback_after_s", np.float64),  # inf: never offered
        ("callback_share", np.float64),
        ("due_s", np.float64),  # open seconds until a contact is due, inf for realtime
        ("redial_s", np.float64),  # mean delay
        ("recontact_s", np.float64),
    ],
    align=True,
)

PERSON = np.dtype(
    [
        ("level", np.int64),  # number of contacts in hand
        ("serving", np.int64),  # channel of the contacts in hand
        ("group", np.int64),
        ("row", np.int64),  # list of free people that holds her, -1 none
        ("before", np.int64),  # her neighbours in it
        ("after", np.int64),
        ("ticket", np.int64),  # order of joining
        ("busy_since", np.float64),
        ("changed", np.float64),  # when the hands changed last
        ("worked", np.float64),  # work done by then on each contact since the hands were empty
        ("is_on", np.bool_),
        ("wants_off", np.bool_),  # as soon as her hands are empty
        ("start", np.float64),
        ("shift_end", np.float64),
        ("off_at", np.int64),  # her current or next stretch off queue
        ("on_since", np.float64),
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
        ("behind", np.int32),  # the contact that waits behind it, -1 none
        ("cause", np.int8),
        ("is_blocked", np.bool_),  # found all places in the queue taken
        ("is_called_back", np.bool_),  # reached after its offer of a call-back was accepted
    ],
    align=True,
)

STRETCH = np.dtype([("start", np.float64), ("end", np.float64), ("kind", np.int64)], align=True)
IN_HAND = np.dtype([("contact", np.int64), ("ready", np.float64)], align=True)
NODE = np.dtype([("time", np.float64), ("node", np.int64), ("place", np.int64)], align=True)
COMING = np.dtype(
    [("time", np.float64), ("parent", np.int32), ("channel", np.int16), ("cause", np.int16)],
    align=True,
)
QUEUE = np.dtype([("front", np.int64), ("back", np.int64), ("size", np.int64)], align=True)
WEEK = np.dtype(
    [
        ("end", np.float64),
        ("interval", np.float64),
        ("rows", np.int64),  # lists of free people per group
        ("coming", np.int64),  # person whose shift begins next
        ("start_at", np.float64),  # when it does, inf never
        ("fresh", np.int64),  # channel of the next fresh contact
        ("fresh_at", np.float64),  # when it arrives, inf never
        ("events", np.int64),  # in the heap
        ("returns", np.int64),  # contacts that may follow others, in their heap
        ("return_at", np.float64),  # the first of them, inf none
        ("contacts", np.int64),  # that have a record
        ("ticket", np.int64),  # the next to give
        ("overtime", np.float64),  # person-seconds past the end of shifts
        ("break_delay", np.float64),  # person-seconds that breaks began late
        ("escalated_share", np.float64),
        ("escalated_s", np.float64),  # mean handle time of empowered people
        ("has_deferred", np.bool_),
        ("has_reserve", np.bool_),
        ("has_repeats", np.bool_),
        ("is_full", np.bool_),  # there was no room for another contact: to be run again
    ],
    align=True,
)


class Customers(NamedTuple):
    """What customers are like and when, the same in every replication."""

    kinds: Records  # (channel,) of CUSTOMER
    aht_s: FloatArray  # (channel, interval), above 0 wherever a contact may arrive
    open_s: FloatArray  # (channel, interval + 1), seconds that it was open by each start
    turns: FloatArray  # (channel, REDIAL to CHASE, channel), shares added up over the last


class Centre(NamedTuple):
    """What does not change between replications; passed-on contacts are the last channel."""

    end_s: float
    interval_s: float
    intervals: int
    channels: Records  # (channel,)
    rates: FloatArray  # (channel, contacts in hand - 1), completions relative to one alone
    serves: BoolArray  # (group, channel of the plan)
    able: NDArray[np.int8]  # (group, channel), 0, ABLE or HELPS
    routes: IntArray  # (channel, group), groups in order of preference, -1 beyond the last
    reserve: IntArray  # (channel, interval), people who stay free for it when others begin work
    rows: int  # lists of free people per group
    customers: Customers
    escalated_share: float  # of answered contacts
    escalated_s: float


class Floor(NamedTuple):
    """All that the engine reads and writes in a replication."""

    week: Records  # (1,)
    channels: Records  # (channel,)
    rates: FloatArray
    able: NDArray[np.int8]
    routes: IntArray
    skills: IntArray  # (group,), number of channels served
    reserve: IntArray
    people: Records  # (person,), by start of shift
    factor: FloatArray  # (person, channel), handle time relative to average speed
    stretches: Records  # off queue, by person, each closed by the end of the shift
    contacts: Records  # fresh ones by channel, then by arrival; then those that follow
    agenda: Records  # (2 person + channel + 1,): completions; stretches; overflows; intervals
    queues: Records  # (group and row,), lists of free people
    hands: Records  # (person, contact in hand)
    present: IntArray  # (channel, place in the queue), contacts that may hold it
    returns: Records  # heap of contacts that may follow others
    customers: Customers
    seconds: FloatArray  # (group, what they are spent on, interval), person-seconds


def empty_floor(
    centre: Centre, people: Records, factor: FloatArray, stretches: Records, contacts: Records,
    first: IntArray,
) -> Floor:  # fmt: skip
    """
    The floor before the first event: nobody there, nothing waiting.

    ``first`` (channel + 1,) has the first fresh contact of each channel; what
    ``contacts`` holds beyond the last is room for contacts that follow others.
    """
    n, groups = len(people), len(centre.able)
    channels = _before_the_first(centre, contacts, first)
    agenda = np.zeros(2 * n + len(channels) + 1, NODE)
    agenda["place"] = -1
    places = np.minimum(channels["places"], len(contacts))
    return Floor(
        week=_week(centre, people, channels, int(first[-1])),
        channels=channels,
        rates=centre.rates,
        able=centre.able,
        routes=centre.routes,
        skills=(centre.able > 0).sum(axis=1, dtype=np.int64),
        reserve=centre.reserve,
        people=people,
        factor=factor,
        stretches=stretches,
        contacts=contacts,
        agenda=agenda,
        queues=np.tile(np.array([(-1, -1, 0)], QUEUE), groups * centre.rows),
        hands=np.zeros((n, int(channels["holds"].max(initial=1))), IN_HAND),
        present=np.zeros((len(channels), int(places.max(initial=0))), np.int64),
        returns=np.zeros(2 * len(contacts) if has_repeats(centre) else 0, COMING),
        customers=centre.customers,
        seconds=np.zeros((groups, 3, centre.intervals)),
    )


def has_repeats(centre: Centre) -> bool:
    """Whether a contact can follow another."""
    return bool(centre.customers.turns.any() or centre.escalated_share)


def _before_the_first(centre: Centre, contacts: Records, first: IntArray) -> Records:
    """The channels with all their contacts to come."""
    channels = centre.channels.copy()
    fresh = len(first) - 1
    channels["head"] = channels["tail"] = -1
    channels["next"][:fresh], channels["last"][:fresh] = first[:-1], first[1:]
    channels["next_at"] = np.inf
    some = np.flatnonzero(np.diff(first))
    channels["next_at"][some] = contacts["arrived"][first[some]]
    return channels


def _week(centre: Centre, people: Records, channels: Records, fresh: int) -> Records:
    """The week before its first event."""
    week = np.zeros(1, WEEK)
    now = week[0]
    now["end"], now["interval"], now["rows"] = centre.end_s, centre.interval_s, centre.rows
    now["start_at"] = people["start"][0] if len(people) else np.inf
    now["fresh"] = channels["next_at"].argmin()
    now["fresh_at"] = channels["next_at"].min()
    now["return_at"] = np.inf
    now["contacts"] = fresh
    now["escalated_share"], now["escalated_s"] = centre.escalated_share, centre.escalated_s
    now["has_deferred"] = channels["is_deferred"].any()
    now["has_reserve"] = now["has_deferred"] and centre.reserve.any()
    now["has_repeats"] = has_repeats(centre)
    return week
