"""The event-driven engine: one week of a contact centre, contact by contact.

The rules of the floor
----------------------
- An arriving contact goes to the free person who serves its channel with the
  fewest skills; among those, to the one free for longest. Specialists are so
  used before generalists.
- A person who becomes free takes the realtime contact that has waited longest
  among her channels (by channel priority first, where given); when none waits,
  the deferred contact with the earliest due time. Work begun is not interrupted.
- People whose skill is below the channel's preferred level help out: they take
  a contact only once it has waited for the overflow delay, at that very moment
  when their hands are empty. With a delay of 0 they are like anybody else.
- Somebody begins deferred work only if then, for each realtime channel of hers,
  at least the channel's reserve of other people who serve it are free. Work
  that had to wait is looked at again when somebody becomes free, and when an
  interval begins, with a reserve of its own. Who serves no realtime channel
  need not keep one free.
- On a channel with concurrency a person holds several contacts of that channel
  at once, and new ones go to who holds fewest. k contacts in hand are finished
  at ``rates[k - 1]`` times the rate of one alone, shared equally (processor
  sharing). Nobody takes a further contact while another of her realtime
  channels has one that waited longer: she empties her hands for it. She looks
  again when a contact of hers ends or one of the channel arrives.
- A contact that finds all places in its queue taken is blocked. Customers who
  accept a call-back keep their place and never hang up; those who balk hang up
  at once if they must wait.
- A share of contacts is passed on when finished: it waits for an empowered
  person, who takes it before anything else when she becomes free.
- A break, a meal, an unplanned spell or the end of a shift waits until the
  hands are empty, and no new contact is taken meanwhile. Breaks, meals and
  spells keep their length and end late; meetings and trainings end on time.
  Nothing lasts beyond the end of the shift, except the contact in hand.
- At one instant people who start come first, then what people finish, then
  contacts that follow others, then fresh ones; customers hang up last.

Customers who hang up need no events: a contact that a free person reaches
after its patience is set aside there and then, which also yields the wait that
a customer of infinite patience would have seen. This is exact, because an
abandonment changes nothing for anybody else before that moment, except that a
place in the queue is free: places are looked up when somebody needs one.
"""

from __future__ import annotations

import numpy as np

from wfplan.compiled import by_pointer, inlined, kernel, part
from wfplan.simulation.agenda import put, remove
from wfplan.simulation.frames import NOBODY, Floor, whole
from wfplan.simulation.hands import count_busy, go_off, go_on, put_down
from wfplan.simulation.repeats import follow, may_chase, may_recontact, may_redial, pass_on
from wfplan.simulation.routing import (
    expect_helpers,
    fill_hands,
    has_place,
    line_up,
    place_deferred,
    place_ripe,
    place_waiting,
    seek_work,
    take_place,
)
from wfplan.simulation.shifts import change_activity, follow_shift


@kernel
def run_week(floor: Floor) -> bool:
    """
    Run the floor from empty to the end of the horizon; fills contacts and seconds.

    Returns whether there was room for every contact that follows another;
    where not, the week is to be run again with more.
    """
    return _run(by_pointer(floor))


@part
def _run(floor: Floor) -> bool:
    """The events, one after the other."""
    if floor.week[0].has_reserve:
        _await_interval(floor, 0.0)
    while not floor.week[0].is_full:
        week = floor.week[0]
        event = floor.agenda[0].time if week.events > 0 else np.inf
        now = min(min(week.start_at, event), min(week.return_at, week.fresh_at))
        if now >= week.end:
            _close(floor)
            return True
        if week.start_at <= now:
            _start(floor, now)
        elif event <= now:
            _happen(floor, floor.agenda[0].node, now)
        elif week.return_at <= now:
            i = follow(floor)
            if i >= 0:
                _arrive(floor, whole(floor.contacts[i].channel), i, now)
        else:
            c = week.fresh
            i = floor.channels[c].next
            _await_next(floor, c)
            _arrive(floor, c, i, now)
    return False


@part
def _start(floor: Floor, now: float) -> None:
    """The next shift begins."""
    person = floor.week[0].coming
    floor.week[0].coming += 1
    more = person + 1 < len(floor.people)
    floor.week[0].start_at = floor.people[person + 1].start if more else np.inf
    follow_shift(floor, person, now)


@part
def _happen(floor: Floor, node: int, now: float) -> None:
    """What the agenda says is next: a completion, another activity, an overflow, an interval."""
    n = len(floor.people)
    if node < n:
        _complete(floor, node, now)
        return
    remove(floor.week, floor.agenda, node)
    if node < 2 * n:
        change_activity(floor, node - n, now)
        return
    channel = node - 2 * n
    if channel == len(floor.channels):
        _await_interval(floor, now)
        place_deferred(floor, now)
        return
    expect_helpers(floor, channel, now)  # those who were ahead may have gone
    if floor.agenda[node].place < 0:
        place_ripe(floor, channel, now)


@part
def _await_interval(floor: Floor, now: float) -> None:
    """Be told when the next interval begins."""
    node = 2 * len(floor.people) + len(floor.channels)
    length = floor.week[0].interval
    put(floor.week, floor.agenda, node, (np.floor(now / length + 0.5) + 1) * length)


@part
def _await_next(floor: Floor, channel: int) -> None:
    """Look up the fresh contact to arrive after one of a channel."""
    line = floor.channels[channel]
    line.next += 1
    line.next_at = floor.contacts[line.next].arrived if line.next < line.last else np.inf
    best, time = whole(0), floor.channels[0].next_at
    for c in range(1, len(floor.channels)):
        if floor.channels[c].next_at < time:
            best, time = c, floor.channels[c].next_at
    floor.week[0].fresh = best
    floor.week[0].fresh_at = time


@inlined
def _arrive(floor: Floor, channel: int, i: int, now: float) -> None:
    """A contact arrives: it is taken, waits, or is blocked."""
    line = floor.channels[channel]
    ahead = line.tail if line.head >= 0 else NOBODY
    line_up(floor, channel, i)
    # Whoever may take it would have taken those ahead, unless her hands were kept for others.
    if ahead < 0 or line.holds > 1:
        place_waiting(floor, channel, now)
    if floor.week[0].has_repeats and line.is_deferred:
        may_chase(floor, i)
    if floor.contacts[i].person >= 0:
        return
    if not has_place(floor, channel, now):
        _block(floor, channel, i, ahead, now)
        return
    take_place(floor, channel, i)
    if line.has_helpers:
        expect_helpers(floor, channel, now)
    if floor.week[0].has_repeats:
        may_redial(floor, i, floor.contacts[i].leaves)


@part
def _block(floor: Floor, channel: int, i: int, ahead: int, now: float) -> None:
    """A contact leaves the back of the line again, as all places are taken."""
    if floor.channels[channel].head == i:
        floor.channels[channel].head = -1
    else:
        floor.contacts[ahead].behind = -1
        floor.channels[channel].tail = ahead
    floor.contacts[i].is_blocked = True
    if floor.week[0].has_repeats:
        may_redial(floor, i, now)


@inlined
def _complete(floor: Floor, person: int, now: float) -> None:
    """A person finishes the contact in hand with the least work left."""
    i = put_down(floor, person, now)
    if floor.week[0].has_repeats:
        _follow_up(floor, i, now)
    if floor.people[person].level > 0:
        go_on(floor, person, now)
        if not floor.people[person].wants_off:
            fill_hands(floor, person, now)
        return
    if floor.people[person].wants_off:
        follow_shift(floor, person, now)
    else:
        seek_work(floor, person, now)
    if floor.people[person].level == 0:
        remove(floor.week, floor.agenda, person)


@part
def _follow_up(floor: Floor, i: int, now: float) -> None:
    """What follows from a contact that was finished."""
    may_recontact(floor, i, now)
    if floor.week[0].escalated_share > 0:
        passed_on = pass_on(floor, i, now)
        if passed_on >= 0:
            _arrive(floor, whole(len(floor.channels) - 1), passed_on, now)


@part
def _close(floor: Floor) -> None:
    """Count the time of everybody who is on queue at the end of the horizon."""
    for person in range(len(floor.people)):
        if floor.people[person].level > 0:
            count_busy(floor, person, floor.week[0].end)
        go_off(floor, person, floor.week[0].end)
