"""The two structures that make the engine fast: an event heap and lists of free people.

Both live in records that the caller owns, so that they compile once and
allocate nothing. The heap is an indexed heap of four branches: every node has
at most one time, which can be moved; equal times go by node. The lists are
doubly linked: a person is in at most one of them, joins at the back and can
leave from anywhere.
"""

from __future__ import annotations

from wfplan.compiled import inlined, part
from wfplan.simulation.frames import Records


@inlined
def put(week: Records, agenda: Records, node: int, time: float) -> None:
    """Set the time of a node, which need not be in the heap yet."""
    at = agenda[node].place
    if at < 0:
        at = week[0].events
        week[0].events += 1
    _settle(week, agenda, at, node, time)


@part
def remove(week: Records, agenda: Records, node: int) -> None:
    """Take a node out of the heap, if it is there."""
    at = agenda[node].place
    if at < 0:
        return
    agenda[node].place = -1
    week[0].events -= 1
    last = week[0].events
    if at < last:
        _settle(week, agenda, at, agenda[last].node, agenda[last].time)


@part
def _settle(week: Records, agenda: Records, at: int, node: int, time: float) -> None:
    """Put a node from a place that is free up or down to where its time belongs."""
    while at > 0:
        above = (at - 1) >> 2
        if not _is_before(time, node, agenda[above].time, agenda[above].node):
            break
        _set(agenda, at, agenda[above].node, agenda[above].time)
        at = above
    size = week[0].events
    while 4 * at + 1 < size:
        best = 4 * at + 1
        for below in range(best + 1, min(best + 4, size)):
            slot, other = agenda[below], agenda[best]
            if _is_before(slot.time, slot.node, other.time, other.node):
                best = below
        if _is_before(time, node, agenda[best].time, agenda[best].node):
            break
        _set(agenda, at, agenda[best].node, agenda[best].time)
        at = best
    _set(agenda, at, node, time)


@part
def _set(agenda: Records, at: int, node: int, time: float) -> None:
    agenda[at].time = time
    agenda[at].node = node
    agenda[node].place = at


@part
def _is_before(time: float, node: int, other_time: float, other: int) -> bool:
    return (time < other_time) | ((time == other_time) & (node < other))


@part
def join(week: Records, queues: Records, people: Records, row: int, person: int) -> None:
    """Add a person at the back of a list of free people."""
    back = queues[row].back
    people[person].before = back
    people[person].after = -1
    people[person].row = row
    people[person].ticket = week[0].ticket
    week[0].ticket += 1
    if back >= 0:
        people[back].after = person
    else:
        queues[row].front = person
    queues[row].back = person
    queues[row].size += 1


@part
def leave(queues: Records, people: Records, person: int) -> None:
    """Take a person out of the list that holds her, if any."""
    row = people[person].row
    if row < 0:
        return
    before, after = people[person].before, people[person].after
    if before >= 0:
        people[before].after = after
    else:
        queues[row].front = after
    if after >= 0:
        people[after].before = before
    else:
        queues[row].back = before
    people[person].row = -1
    queues[row].size -= 1
