"""What people have in hand, and where their time goes."""

from __future__ import annotations

from wfplan.compiled import inlined, part
from wfplan.simulation.agenda import join, leave, put
from wfplan.simulation.customers import accepts_callback
from wfplan.simulation.frames import BUSY_DEFERRED, BUSY_REALTIME, ON_QUEUE, Floor


@inlined
def take_up(floor: Floor, person: int, channel: int, i: int, now: float) -> None:
    """A contact comes into a person's hands."""
    contact = floor.contacts[i]
    contact.reached = now
    contact.person = person
    kind = floor.customers.kinds[channel]
    if now > contact.arrived + kind.callback_after_s:
        contact.is_called_back = accepts_callback(floor.customers, contact)
    level = floor.people[person].level
    if level == 0:
        floor.people[person].busy_since = now
        floor.people[person].serving = channel
        floor.people[person].changed = now
        floor.people[person].worked = 0.0
    else:
        advance(floor, person, now)
    work = contact.work * floor.factor[person, channel]
    floor.hands[person, level].contact = i
    floor.hands[person, level].ready = floor.people[person].worked + work
    floor.people[person].level = level + 1
    go_on(floor, person, now)


@part
def advance(floor: Floor, person: int, now: float) -> None:
    """Move a person's work clock to now: the work done on each contact in hand."""
    level, channel = floor.people[person].level, floor.people[person].serving
    speed = floor.rates[channel, level - 1] / level
    floor.people[person].worked += (now - floor.people[person].changed) * speed
    floor.people[person].changed = now


@inlined
def go_on(floor: Floor, person: int, now: float) -> None:
    """With changed hands: plan the next completion, and be open to more contacts or not."""
    level, channel = floor.people[person].level, floor.people[person].serving
    soonest = floor.hands[person, 0].ready
    for j in range(1, level):
        soonest = min(soonest, floor.hands[person, j].ready)
    work = max(soonest - floor.people[person].worked, 0.0)
    if level > 1:
        work *= level / floor.rates[channel, level - 1]
    put(floor.week, floor.agenda, person, now + work)
    leave(floor.queues, floor.people, person)
    if level < floor.channels[channel].holds and not floor.people[person].wants_off:
        wait_in(floor, floor.channels[channel].row + level - 1, person)


@part
def wait_in(floor: Floor, row: int, person: int) -> None:
    """Join a list of her group's people who can take a contact."""
    queue = floor.people[person].group * floor.week[0].rows + row
    join(floor.week, floor.queues, floor.people, queue, person)


@inlined
def put_down(floor: Floor, person: int, now: float) -> int:
    """The contact in hand with the least work left is finished; returns it."""
    last, done = floor.people[person].level - 1, 0
    if last > 0:
        advance(floor, person, now)
        for j in range(1, last + 1):
            if floor.hands[person, j].ready < floor.hands[person, done].ready:
                done = j
    else:
        count_busy(floor, person, now)
    i = floor.hands[person, done].contact
    floor.contacts[i].finished = now
    floor.hands[person, done].contact = floor.hands[person, last].contact
    floor.hands[person, done].ready = floor.hands[person, last].ready
    floor.people[person].level = last
    return int(i)


@part
def count_busy(floor: Floor, person: int, now: float) -> None:
    """Count the time since the hands were last empty."""
    deferred = floor.channels[floor.people[person].serving].is_deferred
    purpose = BUSY_DEFERRED if deferred else BUSY_REALTIME
    spread(floor, person, purpose, floor.people[person].busy_since, now)


@part
def go_off(floor: Floor, person: int, now: float) -> None:
    """Leave the queue, and count the time spent on it."""
    if floor.people[person].is_on:
        spread(floor, person, ON_QUEUE, floor.people[person].on_since, now)
        floor.people[person].is_on = False


@part
def spread(floor: Floor, person: int, purpose: int, start: float, end: float) -> None:
    """Add the time from start to end to the intervals it lies in."""
    group, length = floor.people[person].group, floor.week[0].interval
    t = int(start / length)
    while start < end and t < floor.seconds.shape[2]:
        stop = min(end, (t + 1) * length)
        floor.seconds[group, purpose, t] += max(stop - start, 0.0)
        start = max(stop, start)
        t += 1
