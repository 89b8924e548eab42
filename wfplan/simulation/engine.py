"""The event-driven engine: one week of a contact centre, contact by contact.

The rules of the floor
----------------------
- An arriving contact goes to the free person who serves its channel with the
  fewest skills; among those, to the one free for longest. Specialists are so
  used before generalists.
- A person who becomes free takes the realtime contact that has waited longest
  among her channels (by channel priority first, where given); when none waits,
  the deferred contact with the earliest due time. Work begun is not interrupted.
- On a channel with concurrency a person holds several contacts of that channel
  at once, and new ones go to who holds fewest. k contacts in hand are finished
  at ``rates[k - 1]`` times the rate of one alone, shared equally (processor
  sharing). Nobody takes a further contact while another of her realtime
  channels has one that waited longer: she empties her hands for it.
- A break, a meal, an unplanned spell or the end of a shift waits until the
  hands are empty, and no new contact is taken meanwhile. Breaks, meals and
  spells keep their length and end late; meetings and trainings end on time.
  Nothing lasts beyond the end of the shift, except the contact in hand.

Customers who hang up need no events: a contact that a free person reaches
after its patience is set aside there and then, which also yields the wait that
a customer of infinite patience would have seen. This is exact, because an
abandonment changes nothing for anybody else before that moment.
"""

from __future__ import annotations

import numpy as np

from wfplan.simulation.agenda import join, leave, pop, put
from wfplan.simulation.compiled import kernel
from wfplan.simulation.frames import (
    BREAK,
    BUSY_DEFERRED,
    BUSY_REALTIME,
    END,
    FIXED,
    ON_QUEUE,
    Floor,
    Whole,
)


@kernel
def run_week(floor: Floor) -> None:
    """Run the floor from empty to the end of the horizon; fills contacts and seconds."""
    n = len(floor.people)
    while True:
        channel, arrival = _next_arrival(floor)
        coming = floor.week[0].coming
        start = floor.people[coming].start if coming < n else np.inf
        event = np.inf
        if floor.week[0].events > 0:
            event = floor.agenda[floor.agenda[0].node].time
        now = min(arrival, start, event)
        if now >= floor.week[0].end:
            break
        if start <= now:
            floor.week[0].coming += 1
            _follow_shift(floor, coming, now)
        elif event <= now:
            node = pop(floor.week, floor.agenda)
            if node < n:
                _complete(floor, node, now)
            else:
                _change_activity(floor, node - n, now)
        else:
            floor.channels[channel].tail += 1
            _place_waiting(floor, channel, now)
    _close(floor)


@kernel
def _next_arrival(floor: Floor) -> tuple[int, float]:
    """Channel and time of the next contact to arrive."""
    channel, time = -1, np.inf
    for c in range(len(floor.channels)):
        i = floor.channels[c].tail
        if i < floor.channels[c].last and floor.contacts[i].arrived < time:
            channel, time = c, floor.contacts[i].arrived
    return channel, time


@kernel
def _place_waiting(floor: Floor, channel: int, now: float) -> None:
    """Hand the waiting contacts of a channel to free people while there are both."""
    while floor.channels[channel].head < floor.channels[channel].tail:
        person = _find_person(floor, channel, now)
        if person < 0:
            return
        # Nobody in the queue has hung up: who is free-handed left no queue behind, and for
        # others `_choose` has just set aside who had.
        _take(floor, person, channel, now)


@kernel
def _find_person(floor: Floor, channel: int, now: float) -> int:
    """Who takes a contact that arrives: fewest in hand, fewest skills, free for longest."""
    levels = 1 if floor.channels[channel].is_deferred else floor.channels[channel].holds
    for level in range(levels):
        row = 0 if level == 0 else floor.channels[channel].row + level - 1
        best, skills, ticket = -1, 0, 0
        for j in range(floor.routes.shape[1]):
            group = floor.routes[channel, j]
            if group < 0 or (best >= 0 and floor.skills[group] > skills):
                break
            person = floor.queues[group * floor.week[0].rows + row].front
            if person < 0 or (best >= 0 and floor.people[person].ticket > ticket):
                continue
            if level == 0 or _choose(floor, group, np.bool_(False), now) == channel:
                best, skills = person, floor.skills[group]
                ticket = floor.people[person].ticket
        if best >= 0:
            return best
    return -1


@kernel
def _choose(floor: Floor, group: int, deferred: bool | np.bool_, now: float) -> int:
    """The channel of the contact that a person of a group takes next, -1 when none waits."""
    while True:
        best, best_priority, best_key = -1, 0, np.inf
        for c in range(len(floor.channels)):
            channel = floor.channels[c]
            if (
                channel.head >= channel.tail
                or channel.is_deferred != deferred
                or not floor.serves[group, c]
            ):
                continue
            contact = floor.contacts[channel.head]
            key = contact.due if deferred else contact.arrived
            if (
                best < 0
                or channel.priority < best_priority
                or (channel.priority == best_priority and key < best_key)
            ):
                best, best_priority, best_key = c, channel.priority, key
        if best < 0 or floor.contacts[floor.channels[best].head].leaves >= now:
            return best
        floor.contacts[floor.channels[best].head].reached = now
        floor.channels[best].head += 1


@kernel
def _take(floor: Floor, person: int, channel: int, now: float) -> None:
    """The contact that waits longest on a channel comes into a person's hands."""
    i = floor.channels[channel].head
    floor.channels[channel].head += 1
    floor.contacts[i].reached = now
    floor.contacts[i].person = person
    level = floor.people[person].level
    if level == 0:
        floor.people[person].busy_since = now
        floor.people[person].serving = channel
        floor.people[person].changed = now
        floor.people[person].worked = 0.0
    else:
        _advance(floor, person, now)
    work = floor.contacts[i].work * floor.factor[person, channel]
    floor.hands[person, level].contact = i
    floor.hands[person, level].ready = floor.people[person].worked + work
    floor.people[person].level = level + 1
    _go_on(floor, person, now)


@kernel
def _advance(floor: Floor, person: int, now: float) -> None:
    """Move a person's work clock to now: the work done on each contact in hand."""
    level, channel = floor.people[person].level, floor.people[person].serving
    speed = floor.rates[channel, level - 1] / level
    floor.people[person].worked += (now - floor.people[person].changed) * speed
    floor.people[person].changed = now


@kernel
def _go_on(floor: Floor, person: int, now: float) -> None:
    """With changed hands: plan the next completion, and be open to more contacts or not."""
    level, channel = floor.people[person].level, floor.people[person].serving
    soonest = floor.hands[person, 0].ready
    for j in range(1, level):
        soonest = min(soonest, floor.hands[person, j].ready)
    work = max(soonest - floor.people[person].worked, 0.0)
    time = now + work * level / floor.rates[channel, level - 1]
    put(floor.week, floor.agenda, person, time)
    leave(floor.queues, floor.people, person)
    if level < floor.channels[channel].holds and not floor.people[person].wants_off:
        _wait_in(floor, floor.channels[channel].row + level - 1, person)


@kernel
def _wait_in(floor: Floor, row: Whole, person: int) -> None:
    """Join a list of her group's people who can take a contact."""
    queue = floor.people[person].group * floor.week[0].rows + row
    join(floor.week, floor.queues, floor.people, queue, person)


@kernel
def _complete(floor: Floor, person: int, now: float) -> None:
    """A person finishes the contact in hand with the least work left."""
    _advance(floor, person, now)
    last = floor.people[person].level - 1
    done = 0
    for j in range(1, last + 1):
        if floor.hands[person, j].ready < floor.hands[person, done].ready:
            done = j
    floor.contacts[floor.hands[person, done].contact].finished = now
    floor.hands[person, done].contact = floor.hands[person, last].contact
    floor.hands[person, done].ready = floor.hands[person, last].ready
    floor.people[person].level = last
    if last > 0:
        _go_on(floor, person, now)
        if not floor.people[person].wants_off:
            _fill_hands(floor, person, now)
        return
    _count_busy(floor, person, now)
    if floor.people[person].wants_off:
        _follow_shift(floor, person, now)
    else:
        _seek_work(floor, person, now)


@kernel
def _seek_work(floor: Floor, person: int, now: float) -> None:
    """A person with empty hands takes what waits, or joins the free people of her group."""
    group = floor.people[person].group
    for deferred in (False, True):
        channel = _choose(floor, group, deferred, now)
        if channel >= 0:
            break
    if channel < 0:
        leave(floor.queues, floor.people, person)
        _wait_in(floor, np.int64(0), person)
        return
    _take(floor, person, channel, now)
    if not floor.channels[channel].is_deferred:
        _fill_hands(floor, person, now)


@kernel
def _fill_hands(floor: Floor, person: int, now: float) -> None:
    """Take further waiting contacts of the same channel while concurrency allows."""
    channel = floor.people[person].serving
    while floor.people[person].level < floor.channels[channel].holds:
        if _choose(floor, floor.people[person].group, np.bool_(False), now) != channel:
            return
        _take(floor, person, channel, now)


@kernel
def _change_activity(floor: Floor, person: int, now: float) -> None:
    """A stretch off queue ends, or is due: at once, or when the hands are empty."""
    if not floor.people[person].is_on:
        floor.people[person].off_at += 1
        _follow_shift(floor, person, now)
    elif floor.people[person].level == 0:
        _follow_shift(floor, person, now)
    else:
        floor.people[person].wants_off = True
        leave(floor.queues, floor.people, person)


@kernel
def _follow_shift(floor: Floor, person: int, now: float) -> None:
    """With empty hands: go off queue if the shift asks for it by now, else (back) to work."""
    leave(floor.queues, floor.people, person)
    floor.people[person].wants_off = False
    toggle = len(floor.people) + person
    while floor.stretches[floor.people[person].off_at].start <= now:
        stretch = floor.stretches[floor.people[person].off_at]
        if stretch.kind == END:
            _go_off(floor, person, now)
            floor.week[0].overtime += now - stretch.start
            floor.people[person].overtime += now - stretch.start
            return
        # Not now + length: begun on time, it must end to the bit where the next stretch starts.
        until = stretch.end if stretch.kind == FIXED else stretch.end + (now - stretch.start)
        until = min(until, floor.people[person].shift_end)
        if until > now:
            _go_off(floor, person, now)
            if stretch.kind == BREAK:
                floor.week[0].break_delay += now - stretch.start
                floor.people[person].break_delay += now - stretch.start
            put(floor.week, floor.agenda, toggle, until)
            return
        floor.people[person].off_at += 1
    if not floor.people[person].is_on:
        floor.people[person].is_on = True
        floor.people[person].on_since = now
    put(floor.week, floor.agenda, toggle, floor.stretches[floor.people[person].off_at].start)
    _seek_work(floor, person, now)


@kernel
def _go_off(floor: Floor, person: int, now: float) -> None:
    """Leave the queue, and count the time spent on it."""
    if floor.people[person].is_on:
        _spread(floor, person, np.int64(ON_QUEUE), floor.people[person].on_since, now)
        floor.people[person].is_on = False


@kernel
def _count_busy(floor: Floor, person: int, now: float) -> None:
    """Count the time since the hands were last empty."""
    deferred = floor.channels[floor.people[person].serving].is_deferred
    purpose = BUSY_DEFERRED if deferred else BUSY_REALTIME
    _spread(floor, person, purpose, floor.people[person].busy_since, now)


@kernel
def _close(floor: Floor) -> None:
    """Count the time of everybody who is on queue at the end of the horizon."""
    for person in range(len(floor.people)):
        if floor.people[person].level > 0:
            _count_busy(floor, person, floor.week[0].end)
        _go_off(floor, person, floor.week[0].end)


@kernel
def _spread(floor: Floor, person: int, purpose: Whole, start: float, end: float) -> None:
    """Add the time from start to end to the intervals it lies in."""
    group, length = floor.people[person].group, floor.week[0].interval
    t = int(start / length)
    while start < end and t < floor.seconds.shape[2]:
        stop = min(end, (t + 1) * length)
        floor.seconds[group, purpose, t] += max(stop - start, 0.0)
        start = max(stop, start)
        t += 1
