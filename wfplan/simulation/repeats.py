"""Contacts that follow others: redials, repeat contacts, chasers, and what is passed on.

What may follow is put on a heap as soon as its time is known: a redial when
its parent begins to wait, at the time at which she will have given up and come
back; a chaser when its parent arrives. Whether it does follow is looked up when
that time has come. A contact whose channel is closed then comes during its next
opening, at any time of it; what would come after the end of the horizon is not
counted.
"""

from __future__ import annotations

import numpy as np

from wfplan.compiled import part
from wfplan.simulation.chance import (
    CHILD,
    DELAY,
    ESCALATES,
    HANDLE,
    OPENING,
    TURNS,
    bits,
    uniform,
)
from wfplan.simulation.customers import nobody_has_had, when_open, write_customer
from wfplan.simulation.frames import (
    CHASE,
    ESCALATION,
    NOBODY,
    RECONTACT,
    REDIAL,
    Floor,
    Records,
    whole,
)


@part
def may_redial(floor: Floor, i: int, lost_at: float) -> None:
    """A contact that is lost at a time, if not answered by then, may come back after a while."""
    kind = floor.customers.kinds[floor.contacts[i].channel]
    if lost_at < np.inf:
        gap = -kind.redial_s * np.log(uniform(floor.contacts[i].key, DELAY + REDIAL))
        _expect(floor, i, REDIAL, lost_at + gap)


@part
def may_recontact(floor: Floor, i: int, now: float) -> None:
    """Somebody served may come back with the same matter."""
    kind = floor.customers.kinds[floor.contacts[i].channel]
    gap = -kind.recontact_s * np.log(uniform(floor.contacts[i].key, DELAY + RECONTACT))
    _expect(floor, i, RECONTACT, now + gap)


@part
def may_chase(floor: Floor, i: int) -> None:
    """Somebody whose contact is late may ask where it is."""
    _expect(floor, i, CHASE, floor.contacts[i].due)


@part
def _expect(floor: Floor, i: int, cause: int, time: float) -> None:
    """Put what may follow on the heap, if this customer is one to whom it happens."""
    turns = floor.customers.turns[floor.contacts[i].channel, cause - 1]
    if turns[len(turns) - 1] == 0:
        return
    drawn, channel = uniform(floor.contacts[i].key, TURNS + cause), whole(0)
    while channel < len(turns) and drawn >= turns[channel]:
        channel += 1
    if channel == len(turns):
        return
    drawn = uniform(floor.contacts[i].key, OPENING + cause)
    time = when_open(floor.customers.open_s[channel], floor.week[0].interval, time, drawn)
    if time < floor.week[0].end:
        _push(floor, time, i, channel, cause)


@part
def _push(floor: Floor, time: float, parent: int, channel: int, cause: int) -> None:
    """Add to the heap of what may follow."""
    heap, at = floor.returns, floor.week[0].returns
    if at == len(heap):
        floor.week[0].is_full = True
        return
    floor.week[0].returns += 1
    heap[at].time, heap[at].parent = time, parent
    heap[at].channel, heap[at].cause = channel, cause
    while at > 0 and _is_before(heap, at, (at - 1) >> 1):
        _swap(heap, at, (at - 1) >> 1)
        at = (at - 1) >> 1
    floor.week[0].return_at = heap[0].time


@part
def follow(floor: Floor) -> int:
    """Take the first of what may follow; a contact number if it does, else -1."""
    first = floor.returns[0]
    time, cause = first.time, whole(first.cause)
    parent, channel = whole(first.parent), whole(first.channel)
    _drop_first(floor)
    if cause == REDIAL and not _is_lost(floor, parent):
        return NOBODY
    if cause == CHASE and not _is_late(floor, parent):
        return NOBODY
    i = _begin(floor, time, parent, channel, cause)
    if i >= 0:
        write_customer(floor.customers, floor.contacts, i, floor.week[0].interval)
    return int(i)


@part
def pass_on(floor: Floor, parent: int, now: float) -> int:
    """The contact for empowered people that follows from one just finished, else -1."""
    share, key = floor.week[0].escalated_share, floor.contacts[parent].key
    channel = whole(len(floor.channels) - 1)
    if floor.contacts[parent].channel == channel or uniform(key, ESCALATES) >= share:
        return NOBODY
    i = _begin(floor, now, parent, channel, ESCALATION)
    if i >= 0:
        contact = floor.contacts[i]
        contact.work = -floor.week[0].escalated_s * np.log(uniform(contact.key, HANDLE))
        contact.leaves = contact.due = np.inf
        nobody_has_had(contact)
    return int(i)


@part
def _begin(floor: Floor, time: float, parent: int, channel: int, cause: int) -> int:
    """A record for a contact that follows; -1 when there is no room for it."""
    i = floor.week[0].contacts
    if i == len(floor.contacts):
        floor.week[0].is_full = True
        return NOBODY
    floor.week[0].contacts += 1
    contact = floor.contacts[i]
    contact.arrived = time
    contact.interval = int(time / floor.week[0].interval)
    contact.channel = channel
    contact.key = bits(floor.contacts[parent].key, CHILD + cause)
    contact.parent = parent
    contact.cause = cause
    return int(i)


@part
def _is_lost(floor: Floor, i: int) -> bool:
    """Whether a contact that waits no more was not answered; its patience is over by now."""
    return bool(floor.contacts[i].person < 0)


@part
def _is_late(floor: Floor, i: int) -> bool:
    """Whether a contact was not finished when due, and its customer had not given up."""
    contact = floor.contacts[i]
    if contact.finished <= contact.due:
        return False
    is_lost = contact.person < 0 and contact.leaves < contact.due
    return not (is_lost or contact.is_blocked)


@part
def _drop_first(floor: Floor) -> None:
    """Take the first out of the heap."""
    floor.week[0].returns -= 1
    heap, size, at = floor.returns, floor.week[0].returns, whole(0)
    _swap(heap, at, size)
    while 2 * at + 1 < size:
        below = 2 * at + 1
        if below + 1 < size and _is_before(heap, below + 1, below):
            below += 1
        if _is_before(heap, at, below):
            break
        _swap(heap, at, below)
        at = below
    floor.week[0].return_at = heap[0].time if size > 0 else np.inf


@part
def _swap(heap: Records, one: int, other: int) -> None:
    a, b = heap[one], heap[other]
    a.time, b.time = b.time, a.time
    a.parent, b.parent = b.parent, a.parent
    a.channel, b.channel = b.channel, a.channel
    a.cause, b.cause = b.cause, a.cause


@part
def _is_before(heap: Records, one: int, other: int) -> bool:
    a, b = heap[one], heap[other]
    if a.time != b.time:
        return bool(a.time < b.time)
    return bool(a.parent < b.parent or (a.parent == b.parent and a.cause < b.cause))
