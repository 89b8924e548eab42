"""The two structures that make the engine fast: an event heap and lists of free people.

Both live in records that the caller owns, so that they compile once and
allocate nothing. The heap is an indexed binary heap: every node has at most
one time, which can be moved; equal times go by node. The lists are doubly
linked: a person is in at most one of them, joins at the back and can leave
from anywhere.
"""

from __future__ import annotations

from wfplan.simulation.compiled import kernel
from wfplan.simulation.frames import Records


@kernel
def put(week: Records, agenda: Records, node: int, time: float) -> None:
    """Set the time of a node, which need not be in the heap yet."""
    if agenda[node].place < 0:
        agenda[node].place = week[0].events
        week[0].events += 1
    agenda[node].time = time
    _settle(week, agenda, node)


@kernel
def pop(week: Records, agenda: Records) -> int:
    """Take the node with the earliest time out of the heap."""
    first = agenda[0].node
    agenda[first].place = -1
    week[0].events -= 1
    moved = agenda[week[0].events].node
    if moved != first:
        agenda[moved].place = 0
        _settle(week, agenda, moved)
    return int(first)


@kernel
def _settle(week: Records, agenda: Records, node: int) -> None:
    """Move a node up or down to where its time belongs."""
    size, at, time = week[0].events, agenda[node].place, agenda[node].time
    while at > 0:
        above = agenda[(at - 1) >> 1].node
        if not _is_before(time, node, agenda[above].time, above):
            break
        agenda[at].node = above
        agenda[above].place = at
        at = (at - 1) >> 1
    while 2 * at + 1 < size:
        below = 2 * at + 1
        other = agenda[below].node
        if below + 1 < size:
            right = agenda[below + 1].node
            if _is_before(agenda[right].time, right, agenda[other].time, other):
                below, other = below + 1, right
        if _is_before(time, node, agenda[other].time, other):
            break
        agenda[at].node = other
        agenda[other].place = at
        at = below
    agenda[at].node = node
    agenda[node].place = at


@kernel
def _is_before(time: float, node: int, other_time: float, other: int) -> bool:
    return time < other_time or (time == other_time and node < other)


@kernel
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


@kernel
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
