"""Sessions put into a plan under construction, one at a time, where service loses least.

What a session costs is what service loses: everybody in it is taken out, the
worth of her best week with it at each moment is asked for
(:mod:`wfplan.scheduling.activities.worths`), and the best few moments are tried with
everybody's best response, so that shifts bend to make room. To take a session out and
put it back where it costs least is a neighbourhood of its own (ruin and recreate:
Schrimpf et al. 2000, doi:10.1006/jcph.1999.6413). Service falls faster the more are
away at once: prices are those with half of the group taken out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wfplan.scheduling.activities.worths import WorthOracle, Worths
from wfplan.scheduling.team.oracle import Week
from wfplan.scheduling.team.sessions import Session, Sessions

if TYPE_CHECKING:
    from wfplan.scheduling.search.search import Search

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

IMPROVES = 1e-6
WORK = 300  # small moves that asking for worths counts as
TRIED = 4  # moments of a session that are tried with everybody's best response
_APART = 4  # slots between two of them at least


@dataclass(frozen=True)
class Leader:
    """Somebody who may lead, her place in the team (-1: none) and what that costs, (slot,)."""

    name: str
    place: int
    loss: FloatArray
    worths: Worths | None = None


@dataclass(frozen=True)
class Placed:
    """A plan that was tried: what it costs, its sessions and weeks."""

    cost: float
    sessions: Sessions
    weeks: tuple[Week, ...]


class Placer:
    """Places sessions in one search, which holds the plan."""

    def __init__(self, search: Search) -> None:
        self.search, self.asked = search, search.team.asked
        self.slots = search.team.grid.slots
        self.alone: dict[int, list[int]] = {}  # requests that each person sits alone for
        for k, one in enumerate(self.asked):
            for i in one.people if one.is_single else ():
                self.alone.setdefault(i, []).append(k)
        self._oracle = WorthOracle()

    def worths(
        self, people: Sequence[int], k: int, is_start: BoolArray, group: int
    ) -> dict[int, Worths]:
        """
        Worths of a session of a request for some people, by their place.

        Each is priced with herself taken out, and half of a group of so many.
        """
        search, size = self.search, self.asked[k].size
        out = {i: search.take_out(i) for i in people[::2][: group // 2]}
        found = {}
        for i in people:
            week = None if i in out else search.take_out(i)
            member, own = search.people.priced[i], search.tally.own(i)
            found[i] = self._oracle.of(member, search.gain(member), own, is_start, size)
            search.work += WORK
            if week is not None:
                search.put_in(i, week)
        for i, week in out.items():
            search.put_in(i, week)
        return found

    def piece_worths(self, i: int, k: int, size: int) -> Worths:
        """Worths of a piece of a request of so many slots for one person."""
        search, one = self.search, self.asked[k]
        week = search.take_out(i)
        member, own = search.people.priced[i], search.tally.own(i)
        is_start = one.is_open & ~touches(~one.is_open, size)
        found = self._oracle.of(member, search.gain(member), own, is_start, size)
        search.work += WORK
        search.put_in(i, week)
        return found

    def cost(self) -> float:
        """Harm points of the plan as best responses see it."""
        search = self.search
        extra = (search.people.extra_of(i, week) for i, week in enumerate(search.weeks))
        return search.objective() + sum(extra)

    def now(self) -> Placed:
        """The plan as it stands."""
        search = self.search
        return Placed(self.cost(), search.sessions, tuple(search.weeks))

    def back_to(self, plan: Placed) -> None:
        """Have a plan again."""
        self.search.restore(plan.weeks, plan.sessions)

    def attempt(self, sessions: Sessions) -> bool:
        """Have other sessions and let whom they concern respond; whether all have legal weeks."""
        concerned = self.search.have(sessions)
        legal = [self.search.respond(i) for i in concerned]
        return all(legal)

    def starts(self, k: int) -> BoolArray:
        """Where a session of a request may begin, by its window and its room."""
        one, taken = self.asked[k], np.zeros(self.slots, dtype=np.bool_)
        for session in self.search.sessions:
            room = self.asked[session.request].request.room
            if room and room == one.request.room:
                taken[session.first : session.stop] = True
        return one.is_start & ~touches(taken, one.size)

    def leaders(self, k: int, is_start: BoolArray) -> list[Leader]:
        """Who may lead a session of a request, and what that costs by its beginning."""
        one, found = self.asked[k], []
        for name in one.outsiders:
            taken = np.zeros(self.slots, dtype=np.bool_)
            for session in self.search.sessions:
                if session.leader == name:
                    taken[session.first : session.stop] = True
            loss = np.where(is_start & ~touches(taken, one.size), 0.0, np.inf)
            found.append(Leader(name, -1, loss))
        for i, worths in self.worths(one.leaders, k, is_start, 1).items():
            name = self.search.team.members[i].agent_id
            found.append(Leader(name, i, worths.loss, worths))
        return found

    def insert(self, k: int, people: Sequence[int], keep: int | None = None) -> bool:
        """
        Put a session of some people where it costs least; whether there is a place.

        ``keep`` is where it was, to be tried as well. Without a place the plan stays.
        """
        before, best = self.now(), None
        for session in self._candidates(k, people, keep):
            if self.attempt((*before.sessions, session)):
                now = self.now()
                if best is None or now.cost < best.cost - IMPROVES:
                    best = now
            self.back_to(before)
        if best is not None:
            self.back_to(best)
        return best is not None

    def _candidates(self, k: int, people: Sequence[int], keep: int | None) -> list[Session]:
        """Sessions of some people at the moments that seem best."""
        one, is_start = self.asked[k], self.starts(k)
        worths = self.worths(people, k, is_start, len(people))
        total = np.where(is_start, 0.0, np.inf)
        for own in worths.values():
            total = total + own.loss
        leaders = self.leaders(k, is_start) if one.is_led else []
        if leaders:
            total = total + np.min([leader.loss for leader in leaders], axis=0)
        return [
            session_at(k, one.size, t, {i: worths[i] for i in people}, leaders)
            for t in _apart(total, keep)
        ]

    def move(self, session: Session) -> bool:
        """Take a session out and put it where it costs least; whether the plan is better."""
        before, one = self.now(), self.asked[session.request]
        people = [i for i, _ in session.people if i in one.people]
        self.attempt(tuple(other for other in before.sessions if other != session))
        is_placed = self.insert(session.request, people, session.first)
        is_better = is_placed and self.cost() < before.cost - IMPROVES
        if not is_better:
            self.back_to(before)
        return is_better


def session_at(
    k: int, size: int, t: int, worths: Mapping[int, Worths], leaders: Sequence[Leader]
) -> Session:
    """The session of some people from a slot on, with the leader who costs least there."""
    people, name = [(i, int(own.day[t])) for i, own in worths.items()], ""
    if leaders:
        leader = min(leaders, key=lambda one: float(one.loss[t]))
        name = leader.name
        if leader.worths is not None:
            people.append((leader.place, int(leader.worths.day[t])))
    return Session(k, t, t + size, tuple(sorted(people)), name)


def touches(taken: BoolArray, size: int) -> BoolArray:
    """Where so many slots from a slot on would touch a taken one or the end, (slot,)."""
    before = np.concatenate([[0], np.cumsum(taken)])
    found = np.ones(len(taken), dtype=np.bool_)
    if len(taken) >= size:
        found[: len(taken) - size + 1] = before[size:] > before[:-size]
    return found


def _apart(total: FloatArray, keep: int | None) -> list[int]:
    """The slots of the least values, some slots apart; ``keep`` is among them where finite."""
    chosen = [keep] if keep is not None and np.isfinite(total[keep]) else []
    for t in np.argsort(total, kind="stable").tolist():
        if not np.isfinite(total[t]) or len(chosen) >= TRIED:
            break
        if all(abs(t - other) >= _APART for other in chosen):
            chosen.append(t)
    return chosen


def without(sessions: Iterable[Session], some: Iterable[Session]) -> Sessions:
    """All sessions but some."""
    left = set(some)
    return tuple(one for one in sessions if one not in left)
