"""Activities of a whole search: placed once there are prices, moved where prices have changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wfplan.errors import InfeasibleError
from wfplan.scheduling.activities.meeting import Meetings
from wfplan.scheduling.activities.pieces import pieces_in
from wfplan.scheduling.activities.placing import IMPROVES, Placer, without
from wfplan.scheduling.activities.stuck import describe_stuck
from wfplan.scheduling.team.asked import Asked
from wfplan.scheduling.team.oracle import Week
from wfplan.scheduling.team.sessions import Session, Sessions, missing_slots
from wfplan.scheduling.team.team import Away

if TYPE_CHECKING:
    from wfplan.domain.progress import Stop
    from wfplan.scheduling.search.search import Search

IntArray = NDArray[np.int64]

_NONE = np.zeros(0, dtype=np.int64)
_FEW = 4  # sessions that are put in one by one
_SEED = 77  # apart from the orders in which people respond


class Activities:
    """Places what was asked for in a search."""

    def place(self, search: Search) -> None:
        """
        Place what has no place yet.

        Raises
        ------
        InfeasibleError
            When something that must be placed has no place; the message says why.
        """
        placer = Placer(search)
        rng = np.random.default_rng([search.seed, search.passes, _SEED])
        self._meet(placer, search.seed)
        order = rng.permutation(len(search.weeks)).tolist()
        for i in self._sit_where_they_are(placer, order):
            self._sit_alone(placer, i)
        stuck = {
            who: short
            for who, short in missing_slots(search.team, search.sessions).items()
            if search.team.asked[who[0]].is_hard
        }
        if stuck:
            raise InfeasibleError(describe_stuck(placer, stuck))

    def move(self, search: Search, stop: Stop, turn: int, work: float) -> bool:
        """
        Move sessions to where they cost less now, for so much work, in random order.

        Returns whether there was time for that.
        """
        placer, until = Placer(search), search.work + work
        rng = np.random.default_rng([search.seed, search.passes, turn, _SEED])
        alone = sorted({i for one in placer.asked if one.is_single for i in one.people})
        meetings = [s for s in search.sessions if not placer.asked[s.request].is_single]
        for n in rng.permutation(len(meetings) + len(alone)).tolist():
            if search.is_due(stop):
                return False
            if search.work >= until:
                break
            if n >= len(meetings):
                self._sit_alone(placer, alone[n - len(meetings)])
            else:
                placer.move(meetings[n])
        return True

    def _meet(self, placer: Placer, seed: int) -> None:
        """Place all that meet and have no place."""
        waiting = self._waiting(placer)
        if not waiting:
            return
        count = sum(-(-len(people) // placer.asked[k].group) for k, people in waiting.items())
        if count > _FEW:
            self._choose(placer, waiting, seed)
        for k, people in self._waiting(placer).items():
            self._insert_all(placer, k, people)
        left = {k: people for k, people in self._waiting(placer).items() if placer.asked[k].is_hard}
        if left and count <= _FEW:
            self._choose(placer, left, seed)

    def _choose(self, placer: Placer, waiting: Mapping[int, Sequence[int]], seed: int) -> None:
        """Let CP-SAT choose for those who wait, and put in what it chose."""
        for session in Meetings(placer, waiting).chosen(seed):
            self._hold(placer, session)

    def _waiting(self, placer: Placer) -> dict[int, list[int]]:
        """Whom each request of those that meet waits for, hard ones first."""
        found: dict[int, list[int]] = {}
        for k, i in missing_slots(placer.search.team, placer.search.sessions):
            if not placer.asked[k].is_single:
                found.setdefault(k, []).append(i)
        return dict(sorted(found.items(), key=lambda one: (not placer.asked[one[0]].is_hard, one)))

    def _hold(self, placer: Placer, session: Session) -> None:
        """Put a proposed session in, without those for whom there is no legal week with it."""
        before, one = placer.now(), placer.asked[session.request]
        people = session.people
        for _ in range(len(session.people)):
            held = session._replace(people=people)
            if placer.attempt((*before.sessions, held)):
                if not one.is_hard and placer.cost() >= before.cost - IMPROVES:
                    placer.back_to(before)
                return
            lost = {
                i for i, _ in people
                if not placer.search.weeks[i].shifts
            }  # fmt: skip
            placer.back_to(before)
            people = tuple(own for own in people if own[0] not in lost)
            if (
                one.is_whole
                or not lost
                or not any(i in one.people for i, _ in people)
                or lost & set(one.leaders)
            ):
                return

    def _insert_all(self, placer: Placer, k: int, people: Sequence[int]) -> None:
        """Put people who have no session yet in one, together where they can, else one by one."""
        one, left = placer.asked[k], list(people)
        while left:
            group = left[: one.group]
            left = left[one.group :]
            if placer.insert(k, group) or one.is_whole:
                continue
            for i in group:
                if not self._join(placer, k, i) and len(group) > 1:
                    placer.insert(k, [i])

    def _join(self, placer: Placer, k: int, i: int) -> bool:
        """Let a person take part in a session that has room, where that costs least."""
        one = placer.asked[k]
        before, best = placer.now(), None
        for session in before.sessions:
            inside = sum(j in one.people for j, _ in session.people)
            if session.request != k or inside >= one.group:
                continue
            is_start = np.zeros(placer.slots, dtype=np.bool_)
            is_start[session.first] = True
            worths = placer.worths([i], k, is_start, 1)[i]
            if not np.isfinite(worths.value[session.first]):
                continue
            people = (*session.people, (i, int(worths.day[session.first])))
            joined = session._replace(people=tuple(sorted(people)))
            if placer.attempt((*without(before.sessions, [session]), joined)):
                now = placer.now()
                if best is None or now.cost < best.cost - IMPROVES:
                    best = now
            placer.back_to(before)
        if best is None or (not one.is_hard and best.cost >= before.cost - IMPROVES):
            return False
        placer.back_to(best)
        return True

    def _sit_where_they_are(self, placer: Placer, order: Sequence[int]) -> list[int]:
        """
        Give people's own requests the cheapest moments of their shifts as they are.

        Returns for whom there is no room in these.
        """
        search, found, left = placer.search, placer.search.sessions, []
        taken: list[tuple[int, IntArray]] = []
        for i in order:
            asked = _own(placer, i)
            if not asked or any(s.people[0][0] == i and placer.asked[s.request].is_single
                                for s in search.sessions):  # fmt: skip
                left += [i] if asked else []
                continue
            week = search.take_out(i)
            member = search.team.members[i]
            placed = pieces_in(member, week, search.gain(member), asked)
            search.put_in(i, week)
            if placed is None:
                left.append(i)
                continue
            found = (*found, *_sessions(i, placed[1]))
            slots = np.concatenate([np.arange(one.first, one.stop) for one in placed[1]] or [_NONE])
            for kind, some in search.team.by_kind(member, slots.astype(np.int64)):
                search.coverage.remove(kind, some)
                taken.append((kind, some))
        for kind, some in taken:
            search.coverage.add(kind, some)
        search.have(found)
        return left

    def _sit_alone(self, placer: Placer, i: int) -> None:
        """Give a person's own requests the moments that cost least, her shifts bent for them."""
        search = placer.search
        asked = [
            (k, one) for k, one in enumerate(placer.asked) if one.is_single and i in one.people
        ]
        if not asked:
            return
        before = placer.now()
        own = [s for s in before.sessions if placer.asked[s.request].is_single
               and s.people[0][0] == i]  # fmt: skip
        rest = without(before.sessions, own)
        plans = [tuple(own)] if _is_whole(own, asked) else []
        plans += self._proposals(placer, i, asked, rest, before.weeks[i])
        best = None
        for plan in plans:
            search.restore(before.weeks, before.sessions)
            if placer.attempt((*rest, *plan)) or plan == tuple(own):
                now = placer.now()
                if best is None or now.cost < best.cost - IMPROVES:
                    best = now
        placer.back_to(best or before)

    def _proposals(
        self,
        placer: Placer,
        i: int,
        asked: list[tuple[int, Asked]],
        rest: Sessions,
        old: Week,
    ) -> list[Sessions]:
        """Sessions of a person alone: cheapest in her best week, in hers as it is, bent for."""
        search, found = placer.search, []
        search.have(rest)
        search.respond(i)
        best = search.take_out(i)
        member, gain = search.team.members[i], search.gain(search.team.members[i])
        search.put_in(i, best)
        for week in (best, old):
            placed = pieces_in(member, week, gain, asked)
            if placed is not None:
                found.append(_sessions(i, placed[1]))
        if not found:
            found += self._bent(placer, i, asked, rest)
        return found

    def _bent(
        self, placer: Placer, i: int, asked: list[tuple[int, Asked]], rest: Sessions
    ) -> list[Sessions]:
        """One piece after another, each where her best week with it is worth most."""
        placed = rest
        for k, one in sorted(asked, key=lambda pair: not pair[1].is_hard):
            left = one.size
            while left:
                size = one.piece if left >= 2 * one.piece else left
                worths = placer.piece_worths(i, k, size)
                if not np.isfinite(worths.value).any():
                    if one.is_hard:
                        return []
                    break
                t = int(np.argmax(worths.value))
                placed = (*placed, Session(k, t, t + size, ((i, int(worths.day[t])),)))
                if not placer.attempt(placed):
                    return []
                left -= size
        return [placed[len(rest) :]]


def _own(placer: Placer, i: int) -> list[tuple[int, Asked]]:
    """The requests that a person sits alone for."""
    return [(k, placer.asked[k]) for k in placer.alone.get(i, ())]


def _is_whole(own: Sequence[Session], asked: list[tuple[int, Asked]]) -> bool:
    """Whether sessions give all that must be given."""
    return all(
        sum(s.stop - s.first for s in own if s.request == k) >= one.size
        for k, one in asked
        if one.is_hard
    )


def _sessions(i: int, away: Sequence[Away]) -> Sessions:
    return tuple(Session(one.request, one.first, one.stop, ((i, one.day),)) for one in away)
