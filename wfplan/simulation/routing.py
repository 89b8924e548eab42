"""Who takes which contact: the lists of those who wait, on either side."""

from __future__ import annotations

import numpy as np

from wfplan.compiled import inlined, part
from wfplan.simulation.agenda import leave, put
from wfplan.simulation.frames import HELPS, NOBODY, Floor, whole
from wfplan.simulation.hands import take_up, wait_in


@part
def line_up(floor: Floor, channel: int, i: int) -> None:
    """A contact joins those that wait, at the back."""
    tail = floor.channels[channel].tail
    if floor.channels[channel].head < 0:
        floor.channels[channel].head = i
    else:
        floor.contacts[tail].behind = i
    floor.channels[channel].tail = i


@inlined
def step_forward(floor: Floor, channel: int, now: float) -> int:
    """The contact that waits longest leaves the line; returns it."""
    i = floor.channels[channel].head
    floor.channels[channel].head = floor.contacts[i].behind
    if floor.channels[channel].has_helpers:
        expect_helpers(floor, channel, now)
    return int(i)


@part
def expect_helpers(floor: Floor, channel: int, now: float) -> None:
    """Be told when the contact that waits longest may be taken by helpers."""
    head = floor.channels[channel].head
    node = 2 * len(floor.people) + channel
    if head >= 0 and floor.agenda[node].place < 0:
        moment = floor.contacts[head].arrived + floor.channels[channel].overflow_s
        if moment > now:
            put(floor.week, floor.agenda, node, moment)


@part
def place_waiting(floor: Floor, channel: int, now: float) -> None:
    """Hand the waiting contacts of a channel to people while there are both."""
    while floor.channels[channel].head >= 0:
        person = _find_free(floor, channel, now)
        if person < 0 and floor.channels[channel].holds > 1:
            person = _find_room(floor, channel, now)
        if person < 0:
            return
        _hand_over(floor, channel, person, now)


@part
def place_ripe(floor: Floor, channel: int, now: float) -> None:
    """Hand contacts that have waited for the overflow delay to people whose hands are empty."""
    while floor.channels[channel].head >= 0:
        person = _find_free(floor, channel, now)
        if person < 0:
            return
        _hand_over(floor, channel, person, now)


@inlined
def _hand_over(floor: Floor, channel: int, person: int, now: float) -> None:
    """A person reaches the contact at the head, and takes it unless the customer is gone."""
    i = step_forward(floor, channel, now)
    if floor.contacts[i].leaves < now:
        floor.contacts[i].reached = now
    else:
        take_up(floor, person, channel, i, now)


@part
def _find_free(floor: Floor, channel: int, now: float) -> int:
    """Who with empty hands takes the contact at the head: fewest skills, free for longest."""
    best, skills, ticket = NOBODY, whole(0), whole(0)
    for j in range(floor.routes.shape[1]):
        group = floor.routes[channel, j]
        if group < 0 or (best >= 0 and floor.skills[group] > skills):
            break
        person = floor.queues[group * floor.week[0].rows].front
        if person < 0 or (best >= 0 and floor.people[person].ticket > ticket):
            continue
        if _may_take(floor, group, channel, whole(1), now):
            best, skills = person, floor.skills[group]
            ticket = floor.people[person].ticket
    return int(best)


@part
def _find_room(floor: Floor, channel: int, now: float) -> int:
    """Who with room in her hands takes it: fewest in hand, fewest skills, ready for longest."""
    for level in range(1, floor.channels[channel].holds):
        row = floor.channels[channel].row + level - 1
        best, skills, ticket = NOBODY, whole(0), whole(0)
        for j in range(floor.routes.shape[1]):
            group = floor.routes[channel, j]
            if group < 0 or (best >= 0 and floor.skills[group] > skills):
                break
            person = floor.queues[group * floor.week[0].rows + row].front
            if person < 0 or (best >= 0 and floor.people[person].ticket > ticket):
                continue
            if _choose(floor, group, np.bool_(False), now) == channel:
                best, skills = person, floor.skills[group]
                ticket = floor.people[person].ticket
        if best >= 0:
            return int(best)
    return NOBODY


@part
def _may_take(floor: Floor, group: int, channel: int, counted: int, now: float) -> bool:
    """
    Whether somebody of a group may take the contact at the head of her channel.

    ``counted`` is 1 when she is in the list of free people herself.
    """
    line = floor.channels[channel]
    helps = line.has_helpers and floor.able[group, channel] == HELPS
    if helps and now < floor.contacts[line.head].arrived + line.overflow_s:
        return False
    if not (line.is_deferred and floor.week[0].has_reserve):
        return True
    return _spares(floor, group, counted, now)


@part
def _spares(floor: Floor, group: int, counted: int, now: float) -> bool:
    """Whether enough others stay free for each realtime channel of the group's."""
    t = min(int(now / floor.week[0].interval), floor.reserve.shape[1] - 1)
    for c in range(len(floor.channels)):
        asked = floor.reserve[c, t]
        if asked == 0 or floor.able[group, c] == 0:
            continue
        free = -counted
        for other in range(len(floor.able)):
            if floor.able[other, c] > 0:
                free += floor.queues[other * floor.week[0].rows].size
        if free < asked:
            return False
    return True


@inlined
def _choose(floor: Floor, group: int, deferred: np.bool_, now: float) -> int:
    """The channel of the contact that a person of a group takes next, -1 when none waits."""
    while True:
        best, best_priority, best_key = NOBODY, whole(0), np.inf
        for c in range(len(floor.channels)):
            line = floor.channels[c]
            if line.head < 0 or line.is_deferred != deferred or floor.able[group, c] == 0:
                continue
            contact = floor.contacts[line.head]
            key = contact.due if deferred else contact.arrived
            is_tied = line.priority == best_priority and key < best_key
            is_first = best < 0 or line.priority < best_priority or is_tied
            if is_first and _may_take(floor, group, c, whole(0), now):
                best, best_priority, best_key = c, line.priority, key
        if best < 0 or floor.contacts[floor.channels[best].head].leaves >= now:
            return int(best)
        floor.contacts[step_forward(floor, best, now)].reached = now


@inlined
def seek_work(floor: Floor, person: int, now: float) -> None:
    """A person with empty hands takes what waits, or joins the free people of her group."""
    group = floor.people[person].group
    channel = _choose(floor, group, np.bool_(False), now)
    if channel < 0 and floor.week[0].has_deferred:
        channel = _choose(floor, group, np.bool_(True), now)
    if channel < 0:
        leave(floor.queues, floor.people, person)
        wait_in(floor, whole(0), person)
        if floor.week[0].has_reserve:
            place_deferred(floor, now)
        return
    take_up(floor, person, channel, step_forward(floor, channel, now), now)
    if not floor.channels[channel].is_deferred:
        fill_hands(floor, person, now)


@part
def fill_hands(floor: Floor, person: int, now: float) -> None:
    """Take further waiting contacts of the same channel while concurrency allows."""
    channel = floor.people[person].serving
    while floor.people[person].level < floor.channels[channel].holds:
        if _choose(floor, floor.people[person].group, np.bool_(False), now) != channel:
            return
        take_up(floor, person, channel, step_forward(floor, channel, now), now)


@part
def place_deferred(floor: Floor, now: float) -> None:
    """With one more person free, or fewer asked to be, begin work that waited for the reserve."""
    while True:
        best, best_priority, best_due, who = NOBODY, whole(0), np.inf, NOBODY
        for c in range(len(floor.channels)):
            line = floor.channels[c]
            if line.head < 0 or not line.is_deferred:
                continue
            due = floor.contacts[line.head].due
            is_tied = line.priority == best_priority and due < best_due
            if best < 0 or line.priority < best_priority or is_tied:
                person = _find_free(floor, c, now)
                if person >= 0:
                    best, best_priority, best_due, who = c, line.priority, due, person
        if best < 0:
            return
        _hand_over(floor, best, who, now)


@part
def has_place(floor: Floor, channel: int, now: float) -> bool:
    """Whether there is a place in the queue; those who have hung up give theirs back."""
    line, places = floor.channels[channel], floor.present[channel]
    if line.places < 0 or line.taken < line.places:
        return True
    kept: int = whole(0)
    for j in range(line.taken):
        contact = floor.contacts[places[j]]
        if contact.person < 0 and contact.leaves >= now:
            places[kept] = places[j]
            kept += 1
    line.taken = kept
    return bool(kept < line.places)


@part
def take_place(floor: Floor, channel: int, i: int) -> None:
    """A contact that waits takes up a place in the queue."""
    line = floor.channels[channel]
    if line.places >= 0:
        floor.present[channel, line.taken] = i
        line.taken += 1
