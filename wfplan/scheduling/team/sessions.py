"""Sessions: stretches of people's shifts that are given to what was asked for.

A member with sessions serves nobody in them. Her shift of that date covers them, and
her breaks lie elsewhere: options that cannot do so have an infinite price, so
that options and weeks keep their numbers, and a break inside one is dearer than anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.schedule import Schedule
from wfplan.scheduling.person.patterns import AgentSpace
from wfplan.scheduling.team.oracle import Shifts, is_allowed
from wfplan.scheduling.team.team import Away, Member, Team

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class Session(NamedTuple):
    """One session: the request it serves, its slots, and who is in it in the shift of what date."""

    request: int  # place among the requests of the team
    first: int
    stop: int
    people: tuple[tuple[int, int], ...]  # place in the team and date, in order; a leader as well
    leader: str = ""  # her id, "" without one


Sessions = tuple[Session, ...]


def away_of(sessions: Iterable[Session]) -> dict[int, tuple[Away, ...]]:
    """What each member is away for, by her place in the team, in order."""
    found: dict[int, list[Away]] = {}
    for one in sessions:
        for i, day in one.people:
            found.setdefault(i, []).append(Away(one.request, one.first, one.stop, day))
    return {i: tuple(sorted(own, key=lambda a: (a.first, a.request))) for i, own in found.items()}


def with_sessions(team: Team, sessions: Iterable[Session]) -> Team:
    """The team with these sessions in its people's weeks, and no others."""
    return with_others(team, sessions)[0]


def with_others(team: Team, sessions: Iterable[Session]) -> tuple[Team, list[int]]:
    """The same, and whose sessions are others than before."""
    away, members = away_of(sessions), list(team.members)
    changed = [i for i, member in enumerate(members) if member.away != away.get(i, ())]
    for i in changed:
        members[i] = appointed(members[i], away.get(i, ()))
    return (replace(team, members=tuple(members)) if changed else team), changed


def appointed(member: Member, away: tuple[Away, ...]) -> Member:
    """A member who is away for these sessions, and no others."""
    free = member.free or member
    if not away:
        return free
    return replace(free, space=_narrowed(free.space, away), away=away, free=free)


def reading(member: Member, away: tuple[Away, ...]) -> Member:
    """The same without narrowing her shifts, for schedules that may be anything."""
    free = member.free or member
    return replace(free, away=away, free=free) if away else free


def _narrowed(space: AgentSpace, away: Sequence[Away]) -> AgentSpace:
    """The legal days of one who is away, on the dates of her sessions their shifts alone."""
    legal = space.legal
    price, following = legal.price.copy(), legal.next_state.copy()
    for day in sorted({one.day for one in away}):
        spans = [(one.first, one.stop) for one in away if one.day == day]
        first, last = int(space.day_ptr[day]), int(space.day_ptr[day + 1])
        price[first:last][~covers(space, day, spans)] = np.inf
        following[day, :, 0] = -1
    legal = legal._replace(price=price, next_state=following)
    return replace(space, legal=legal, is_priced=True)


def covers(space: AgentSpace, day: int, spans: Sequence[tuple[int, int]]) -> BoolArray:
    """Which options of a date hold all of some spans with room for breaks beside them."""
    options = slice(int(space.day_ptr[day]), int(space.day_ptr[day + 1]))
    start, end, row = space.opt_start[options], space.legal.end[options], space.opt_len[options]
    begin, stop = min(first for first, _ in spans), max(last for _, last in spans)
    ok: BoolArray = (start <= begin) & (end >= stop)
    if not ok.any():
        return ok
    taken = np.zeros(int(end.max()) + 1, dtype=np.int64)
    for first, last in spans:
        taken[first + 1 : last + 1] = 1
    before = np.cumsum(taken)
    lengths = space.lengths
    for r in np.unique(row[ok]):
        which = np.flatnonzero(ok & (row == r))
        for length, early, late in lengths.break_slots[r, : lengths.break_count[r]]:
            at = start[which][:, None] + np.arange(early, late + 1)
            ok[which] &= (before[at + length] == before[at]).any(axis=1)
    return ok


def fits(member: Member, shifts: Shifts) -> bool:
    """Whether shifts are a legal week of a member with her sessions, on none of them a break."""
    if not member.away:
        return True
    if not is_allowed(member, [option for option, _ in shifts]):
        return False
    space, taken = member.space, member.rest_price[0] > 0
    for option, starts in shifts:
        row, first = int(space.opt_len[option]), int(space.opt_start[option])
        for at, length in zip(starts, space.lengths.break_slots[row, :, 0], strict=False):
            if taken[first + at : first + at + length].any():
                return False
    return True


def sessions_of(team: Team, schedule: Schedule) -> Sessions:
    """The sessions of a schedule that serve the team's requests, in order."""
    requests = {one.request.activity_id: k for k, one in enumerate(team.asked)}
    places = {member.agent_id: i for i, member in enumerate(team.members)}
    found: dict[tuple[int, int, int, int], list[tuple[int, int]]] = {}
    for shift in schedule.shifts:
        i, day = places.get(shift.agent_id), (shift.shift_date - team.grid.horizon.first_day).days
        if i is None or not 0 <= day < len(team.day_edges) - 1:
            continue
        for part in shift.activities:
            k = requests.get(part.activity_id) if part.activity_id else None
            if k is None:
                continue
            alone = -1 if team.asked[k].is_together else i
            key = (k, team.grid.slot(part.start), team.grid.slot_from(part.end), alone)
            found.setdefault(key, []).append((i, day))
    return tuple(
        one
        for (k, first, stop, _), people in sorted(found.items())
        for one in _split(team, k, first, stop, sorted(people))
    )


def is_proper(team: Team, one: Session) -> bool:
    """Whether a session is what was asked for: its length, its time, its people, its leader."""
    asked, size = team.asked[one.request], one.stop - one.first
    own = [i for i, _ in one.people if i in asked.people]
    if not own or len(own) > asked.group or (asked.is_led and not one.leader):
        return False
    if asked.is_single:
        return size >= asked.piece and bool(asked.is_open[one.first : one.stop].all())
    return size == asked.size and bool(asked.is_start[one.first])


def _split(
    team: Team, k: int, first: int, stop: int, people: Sequence[tuple[int, int]]
) -> list[Session]:
    """Who sits at one time for one request, in as many sessions as it takes."""
    asked = team.asked[k]
    leaders = [one for one in people if one[0] in asked.leaders]
    others = [one for one in people if one[0] not in asked.leaders]
    count = max(-(-len(others) // asked.group), 1)
    found = []
    for n in range(count):
        own = [*others[n * asked.group : (n + 1) * asked.group], *leaders[n : n + 1]]
        leader = team.members[leaders[n][0]].agent_id if n < len(leaders) else ""
        if not leader and n - len(leaders) < len(asked.outsiders) and asked.outsiders:
            leader = asked.outsiders[n - len(leaders)]
        if own:
            found.append(Session(k, first, stop, tuple(sorted(own)), leader))
    return found


def read_with(team: Team, schedule: Schedule) -> Team:
    """The team for reading a schedule: its people are away for the sessions in it."""
    if not team.asked:
        return team
    away = away_of(sessions_of(team, schedule))
    members = [reading(member, away.get(i, ())) for i, member in enumerate(team.members)]
    return replace(team, members=tuple(members))


def given(team: Team, sessions: Iterable[Session]) -> Mapping[tuple[int, int], int]:
    """Slots that each person of a request is given, by request and place."""
    slots: dict[tuple[int, int], int] = {}
    for one in sessions:
        for i, _ in one.people:
            if i in team.asked[one.request].people:
                slots[one.request, i] = slots.get((one.request, i), 0) + one.stop - one.first
    return slots


def missing_slots(team: Team, sessions: Iterable[Session]) -> dict[tuple[int, int], int]:
    """Slots that people of requests are not given, where that is any."""
    known = given(team, sessions)
    return {
        (k, i): short
        for k, one in enumerate(team.asked)
        for i in one.people
        if (short := one.size - known.get((k, i), 0)) > 0
    }


def missing_cost(team: Team, sessions: Iterable[Session]) -> float:
    """Harm points of what is only wished for and not placed."""
    return sum(
        short * team.asked[k].price
        for (k, _), short in missing_slots(team, sessions).items()
        if not team.asked[k].is_hard
    )
