"""When people meet, and who with whom: times, groups, rooms and leaders, chosen together.

Of every request a few dozen moments are candidates. Everybody is given one of them,
and sessions are opened there: an assignment with capacities and fixed costs. CP-SAT
chooses for all requests at once, so that nobody is in two places, no room holds two
sessions and no leader leads two. Costs are worths of single people's weeks
(:mod:`wfplan.scheduling.activities.worths`); what several sessions at once cost beyond
that is a price of each overlap. What comes out is a proposal: it is priced and improved
in the plan itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from wfplan.scheduling.activities.placing import Leader, Placer, session_at
from wfplan.scheduling.activities.worths import Worths
from wfplan.scheduling.coupling.sat import Chosen, Model, Row, choose
from wfplan.scheduling.team.sessions import Session

FloatArray = NDArray[np.float64]

_MOMENTS = 48  # of a request at most, beside the best of each person
_OWN_MOMENTS = 3
_BLOCK = 4  # slots of which the best moment is one of them
_RANGE = 1_000_000  # integers that all costs of people span
_BUDGET = 1.5  # deterministic time of CP-SAT
_AT_ONCE = 3  # sessions of a request without a room that begin at once at most


@dataclass
class _Meeting:
    """One request of the choice: whom it waits for, what moments cost, and its literals."""

    k: int
    people: list[int]
    worths: Mapping[int, Worths]
    leaders: list[Leader]
    moments: list[int]
    opened: dict[tuple[int, int], int] = field(default_factory=dict)  # by moment and copy
    led: dict[tuple[int, int], list[int]] = field(default_factory=dict)  # of each leader
    given: dict[tuple[int, int], int] = field(default_factory=dict)  # by person and moment


class Meetings:
    """The choice of all sessions in which people meet, as a model for CP-SAT."""

    def __init__(self, placer: Placer, waiting: Mapping[int, Sequence[int]]) -> None:
        """Take whom each request waits for."""
        self.placer, self.asked, self.model = placer, placer.asked, Model()
        found = [self._meeting(k, list(people)) for k, people in waiting.items()]
        self._meetings = [one for one in found if one.moments]
        self._scale = _RANGE / max(self._spread(), 1e-9)
        people = sum(len(one.people) for one in self._meetings)
        self._dear = _RANGE + 1  # of a person who is left out
        self._never = self._dear * (people + 1)
        for one in self._meetings:
            self._open(one)
            if self.asked[one.k].is_whole:
                self._give_whole(one)
            else:
                self._give(one)
        self._keep_apart()
        self._price_overlaps()

    def chosen(self, seed: int) -> list[Session]:
        """The sessions of the best choice that is found, in order; none where none is."""
        answer = choose(self.model, budget=_BUDGET, seed=seed) if self._meetings else None
        return [] if answer is None else sorted(self._decoded(answer))

    def _meeting(self, k: int, people: list[int]) -> _Meeting:
        """A request with the worths of its people and its candidates."""
        placer, one = self.placer, self.asked[k]
        is_start, group = placer.starts(k), min(one.group, len(people))
        worths = placer.worths(people, k, is_start, group)
        leaders = placer.leaders(k, is_start) if one.is_led else []
        losses = np.array([worths[i].loss for i in people])
        known = np.isfinite(losses).any(axis=1)
        people = [i for i, can in zip(people, known, strict=True) if can]
        if not people:
            return _Meeting(k, [], worths, leaders, [])
        if one.is_whole and not known.all():
            return _Meeting(k, [], worths, leaders, [])
        regret = losses[known] - losses[known].min(axis=1, keepdims=True)
        total = np.sort(regret, axis=0)[:group].sum(axis=0)
        if leaders:
            total = total + np.min([leader.loss for leader in leaders], axis=0)
        own_moments = 0 if one.is_whole else _OWN_MOMENTS
        return _Meeting(k, people, worths, leaders, _moments(total, regret, own_moments))

    def _spread(self) -> float:
        """Harm points between the dearest and the cheapest choice, at most."""
        total = 0.0
        for one in self._meetings:
            for loss in (*(one.worths[i].loss for i in one.people), *(x.loss for x in one.leaders)):
                some = loss[one.moments]
                some = some[np.isfinite(some)]
                total += float(np.ptp(some)) if len(some) else 0.0
        return total

    def _cost(self, loss: FloatArray, t: int, least: float) -> int:
        return round((float(loss[t]) - least) * self._scale)

    def _open(self, one: _Meeting) -> None:
        """Literals of sessions at each moment, each with one of its leaders."""
        asked, model = self.asked[one.k], self.model
        most = -(-len(one.people) // asked.group)
        copies = 1 if asked.request.room or asked.is_whole else min(most, _AT_ONCE)
        least = [float(np.min(x.loss[one.moments])) for x in one.leaders]
        for t in one.moments:
            for copy in range(copies):
                literal = one.opened[t, copy] = model.literal()
                if not asked.is_led:
                    continue
                led = []
                for leader, low in zip(one.leaders, least, strict=True):
                    if np.isfinite(leader.loss[t]):
                        led.append(model.literal(self._cost(leader.loss, t, low)))
                    else:
                        led.append(-1)
                one.led[t, copy] = led
                model.sums.append((literal, *(n for n in led if n >= 0)))

    def _give_whole(self, one: _Meeting) -> None:
        """One of the moments is that of all."""
        asked = self.asked[one.k]
        total = np.sum([one.worths[i].loss for i in one.people], axis=0)
        least = float(np.min(total[one.moments]))
        price = self._dear * len(one.people)
        if not asked.is_hard:
            gained = asked.price * asked.size * len(one.people) - least
            price = min(max(round(gained * self._scale), 0), price)
        given = []
        for t in one.moments:
            given.append(self.model.literal(self._cost(total, t, least)))
            for i in one.people:
                one.given[i, t] = given[-1]
            opened = one.opened[t, 0]
            self.model.rows.append(Row((given[-1], opened), (1, -1), 0, self._never))
        self.model.groups.append((self.model.literal(price), *given))

    def _give(self, one: _Meeting) -> None:
        """Everybody is given a moment at which there is a session with room for her."""
        model, asked = self.model, self.asked[one.k]
        for i in one.people:
            loss = one.worths[i].loss
            able = [t for t in one.moments if np.isfinite(loss[t])]
            least = min((float(loss[t]) for t in able), default=0.0)
            price = self._dear
            if not asked.is_hard:
                gained = asked.price * asked.size - least
                price = min(max(round(gained * self._scale), 0), self._dear)
            for t in able:
                one.given[i, t] = model.literal(self._cost(loss, t, least))
            out = model.literal(price)
            model.groups.append((out, *(one.given[i, t] for t in able)))
        for t in one.moments:
            mine = [n for (_, at), n in one.given.items() if at == t]
            rooms = [n for (at, _), n in one.opened.items() if at == t]
            factors = (*(1 for _ in mine), *(-asked.group for _ in rooms))
            model.rows.append(Row((*mine, *rooms), factors, 0, self._never))

    def _keep_apart(self) -> None:
        """Nobody in two places, one session in a room, one for a leader: from moment to moment."""
        users: dict[object, list[tuple[int, int, int]]] = {}  # first, stop, literal
        for one in self._meetings:
            asked = self.asked[one.k]
            for (i, t), n in one.given.items():
                users.setdefault(i, []).append((t, t + asked.size, n))
            for (t, copy), n in one.opened.items():
                if asked.request.room:
                    users.setdefault(("room", asked.request.room), []).append(
                        (t, t + asked.size, n)
                    )
                for leader, led in zip(one.leaders, one.led.get((t, copy), ()), strict=False):
                    who = leader.place if leader.place >= 0 else ("leader", leader.name)
                    if led >= 0:
                        users.setdefault(who, []).append((t, t + asked.size, led))
        for spans in users.values():
            for some in _overlaps(spans):
                self.model.rows.append(Row(some, (1,) * len(some), 1, self._never))

    def _price_overlaps(self) -> None:
        """A price of every further session that runs at the same time."""
        spans, most = [], 0
        for one in self._meetings:
            asked = self.asked[one.k]
            most = max(most, min(asked.group, len(one.people)))
            spans += [(t, t + asked.size, n) for (t, _), n in one.opened.items()]
        if not spans:
            return
        rise = self._rise(most)
        for some in _overlaps(spans):
            at = max(first for first, _, n in spans if n in some)
            price = round(most * float(rise[at]) * self._scale)
            if price > 0:
                self.model.rows.append(Row(some, (1,) * len(some), 1, min(price, self._dear)))

    def _rise(self, heads: int) -> FloatArray:
        """By how much one more person is worth more in a slot where so many have left, (slot,)."""
        search = self.placer.search
        coverage, team = search.coverage, search.team
        there = [
            (kind, np.flatnonzero(coverage.slots.present[kind] > 0))
            for kind in np.argsort(-coverage.slots.present.sum(axis=1), kind="stable").tolist()
        ]
        most = there[0][0] if there else 0
        before = coverage.gains(most).copy()
        taken = []
        for n in range(heads):
            kind = there[n % len(there)][0]
            slots = np.flatnonzero(coverage.slots.present[kind] > 0)
            coverage.remove(kind, slots)
            taken.append((kind, slots))
        rise = np.maximum(coverage.gains(most) - before, 0.0)
        for kind, slots in reversed(taken):
            coverage.add(kind, slots)
        rise[team.interval_of < 0] = 0.0
        return rise

    def _decoded(self, answer: Chosen) -> Iterator[Session]:
        """The sessions of a choice; people who share a moment fill one after the other."""
        for one in self._meetings:
            asked = self.asked[one.k]
            for t in one.moments:
                mine = [i for i in one.people if one.given.get((i, t), -1) in answer.literals]
                copies = [
                    c for (at, c), n in one.opened.items() if at == t and n in answer.literals
                ]
                count = -(-len(mine) // asked.group)
                if not mine or len(copies) < count:
                    continue
                for n, copy in enumerate(copies[:count]):
                    led = one.led.get((t, copy), [])
                    leads = [x for x, lit in zip(one.leaders, led, strict=False)
                             if lit in answer.literals]  # fmt: skip
                    worths = {i: one.worths[i] for i in mine[n::count]}
                    yield session_at(one.k, asked.size, t, worths, leads)


def _moments(total: FloatArray, regret: FloatArray, own_moments: int) -> list[int]:
    """The best moment of each block for a group, the best of them, and the best of each person."""
    blocks: dict[int, int] = {}
    for t in np.flatnonzero(np.isfinite(total)).tolist():
        block = t // _BLOCK
        if block not in blocks or total[t] < total[blocks[block]]:
            blocks[block] = t
    best = sorted(blocks.values(), key=lambda t: float(total[t]))[:_MOMENTS]
    chosen = set(best)
    for own in np.where(np.isfinite(total), regret, np.inf):
        if np.isfinite(own[best]).sum() < own_moments:
            able = np.argsort(own, kind="stable")[:own_moments]
            chosen.update(int(t) for t in able if np.isfinite(own[t]))
    return sorted(chosen)


def _overlaps(spans: Sequence[tuple[int, int, int]]) -> Iterator[tuple[int, ...]]:
    """The literals of spans that overlap at the beginning of one of them, each set once."""
    known = set()
    for at in sorted({first for first, _, _ in spans}):
        some = tuple(n for first, stop, n in spans if first <= at < stop)
        if len(some) > 1 and some not in known:
            known.add(some)
            yield some
