"""People come, go off queue, come back and go home, as their shifts say."""

from __future__ import annotations

from wfplan.compiled import part
from wfplan.simulation.agenda import leave, put
from wfplan.simulation.frames import BREAK, END, FIXED, Floor
from wfplan.simulation.hands import go_off
from wfplan.simulation.routing import seek_work


@part
def change_activity(floor: Floor, person: int, now: float) -> None:
    """A stretch off queue ends, or is due: at once, or when the hands are empty."""
    if not floor.people[person].is_on:
        floor.people[person].off_at += 1
        follow_shift(floor, person, now)
    elif floor.people[person].level == 0:
        follow_shift(floor, person, now)
    else:
        floor.people[person].wants_off = True
        leave(floor.queues, floor.people, person)


@part
def follow_shift(floor: Floor, person: int, now: float) -> None:
    """With empty hands: go off queue if the shift asks for it by now, else (back) to work."""
    leave(floor.queues, floor.people, person)
    floor.people[person].wants_off = False
    toggle = len(floor.people) + person
    while floor.stretches[floor.people[person].off_at].start <= now:
        stretch = floor.stretches[floor.people[person].off_at]
        late_s = now - stretch.start
        if stretch.kind == END:
            go_off(floor, person, now)
            floor.week[0].overtime += late_s
            floor.people[person].overtime += late_s
            return
        # Not now + length: begun on time, it must end to the bit where the next stretch starts.
        until = stretch.end if stretch.kind == FIXED else stretch.end + late_s
        until = min(until, floor.people[person].shift_end)
        if until > now:
            go_off(floor, person, now)
            if stretch.kind == BREAK:
                floor.week[0].break_delay += late_s
                floor.people[person].break_delay += late_s
            put(floor.week, floor.agenda, toggle, until)
            return
        floor.people[person].off_at += 1
    if not floor.people[person].is_on:
        floor.people[person].is_on = True
        floor.people[person].on_since = now
    put(floor.week, floor.agenda, toggle, floor.stretches[floor.people[person].off_at].start)
    seek_work(floor, person, now)
