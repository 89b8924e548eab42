"""Prices of alternatives: she gets what is asked for, and others respond.

Her week is solved again with the choice, by the oracle at the prices that everybody
else makes. Then those respond who gain most by it: who could be where she is missed,
or need no longer be where she has come. A plan that was not settled leaves people
something to gain without any alternative. So that a price is the difference of two
solves and not of a solve and a plan, the same people respond first where she has what
the plan gives her; what that saves is told apart (``slack``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.reasons import Effect, Move
from wfplan.scheduling.why.choice import Choice, option_on
from wfplan.scheduling.why.effects import Look, effect, look, moves
from wfplan.scheduling.why.standing import Mark, Standing

FloatArray = NDArray[np.float64]

RESPONDERS = 12  # of an alternative
ALL_RESPOND = 16  # people at most where everybody does
POLISHED = 48  # of all alternatives of a question
ROUNDS = 2
STIRS = 4  # of a small team, each from the best so far
_TRIFLE = 1e-3  # harm points

Wanted = tuple[tuple[int, Choice], ...]
"""People and what is chosen for them: hers first, then a partner's."""


@dataclass(frozen=True)
class Priced:
    """An alternative that is legal, with what it would cost and who would move."""

    effect: Effect
    moves: tuple[Move, ...]


@dataclass
class Question:
    """
    Alternatives of one person, priced beside each other.

    ``slack`` are the harm points that people near her could save with her date as it is.
    """

    standing: Standing
    i: int
    day: int
    slack: float = 0.0
    _start: Look | None = field(default=None, repr=False)
    _mark: Mark | None = field(default=None, repr=False)
    _responders: dict[Wanted, list[int]] = field(default_factory=dict, repr=False)

    def price(self, asked: Sequence[Wanted]) -> list[Priced | None]:
        """What each alternative would cost; None where no legal week has it."""
        standing = self.standing
        with standing.trial():
            for wanted in asked:
                self._find_responders(wanted)
            self._polish()
            assert self._mark is not None
            standing.tidy_state = self._mark
            try:
                return [self._price(wanted) for wanted in asked]
            finally:
                standing.tidy_state = standing.begun

    def _find_responders(self, wanted: Wanted) -> None:
        """Who would respond to an alternative."""
        standing = self.standing
        with standing.trial():
            if _forced(standing, wanted):
                self._responders[wanted] = responders(standing, {i for i, _ in wanted})

    def _polish(self) -> None:
        """The plan with her date as it is, once those have responded who will be asked again."""
        standing = self.standing
        first = standing.cost()
        before = Mark(standing.search)
        ranked: dict[int, int] = {}
        for found in self._responders.values():
            for place, j in enumerate(found):
                ranked[j] = min(ranked.get(j, place), place)
        people = sorted(ranked, key=lambda j: (ranked[j], j))[:POLISHED]
        if len(standing.weeks) <= ALL_RESPOND:
            people = [j for j in range(len(standing.weeks)) if j != self.i]
        hers = ((self.i, as_it_is(standing, self.i, self.day)),)
        if settle_down(standing, people, hers, first) > first - _TRIFLE:
            standing.back_to(before)
        self.slack = first - standing.cost()
        self._start, self._mark = look(standing), Mark(standing.search)

    def _price(self, wanted: Wanted) -> Priced | None:
        """The price of one alternative, from the polished plan."""
        standing, start, mark = self.standing, self._start, self._mark
        assert start is not None
        assert mark is not None
        people = self._responders.get(wanted)
        if people is None or not _forced(standing, wanted):
            standing.back_to(mark)
            return None
        chosen = {i for i, _ in wanted}
        if len(standing.weeks) <= ALL_RESPOND:
            people = [j for j in range(len(standing.weeks)) if j not in chosen]
        settle_down(standing, people, wanted, standing.cost())
        after = look(standing, start)
        found = Priced(
            effect(standing, start, after),
            moves(standing, start, after, [i for i, _ in wanted]),
        )
        standing.back_to(mark)
        return found


def as_it_is(standing: Standing, i: int, day: int) -> Choice:
    """What a person has on a date in the plan."""
    member = standing.team.members[i]
    found = option_on(member, standing.begun.weeks[i].shifts, day)
    if found is None:
        return Choice(day, is_off=True)
    option = found[0]
    length = int(member.space.lengths.slots[member.space.opt_len[option]])
    return Choice(day, start=int(member.space.opt_start[option]), length=length)


def settle_down(standing: Standing, people: Sequence[int], wanted: Wanted, cost: float) -> float:
    """
    Some people respond, in a small team also moved about together; what the best of it costs.

    ``cost`` is that of the plan as it is: it stays where nothing is cheaper.
    """
    best = Mark(standing.search)
    for turn in range(1 + STIRS * (len(standing.weeks) <= ALL_RESPOND)):
        if turn:
            standing.back_to(best)
            standing.stir(people, wanted, turn)
        respond(standing, people, wanted)
        now = standing.cost()
        if now < cost - _TRIFLE and all(standing.has(i, choice) for i, choice in wanted):
            best, cost = Mark(standing.search), now
    standing.back_to(best)
    return cost


def respond(standing: Standing, people: Sequence[int], wanted: Wanted) -> None:
    """Best responses of some people in turn, and of those with a choice inside it."""
    for _ in range(ROUNDS):
        saved = sum(standing.respond(j) for j in people)
        for i, choice in wanted:
            saved += respond_inside(standing, i, choice)
        if saved < _TRIFLE:
            return


def respond_inside(standing: Standing, i: int, choice: Choice) -> float:
    """The best response of a person inside a choice; what it saves."""
    if i in standing.strays and not standing.weeks[i].shifts:
        return 0.0
    old = standing.search.take_out(i)
    gain, own = standing.search.gain(standing.team.members[i]), standing.search.tally.own(i)
    week = standing.best_with(i, choice)
    before = standing.worth_of(i, old, gain, own)
    after = -np.inf if week is None else standing.worth_of(i, week, gain, own)
    if week is None or after <= before + _TRIFLE:
        standing.search.put_in(i, old)
        return 0.0
    standing.search.put_in(i, week)
    return float(after - before)


def responders(standing: Standing, chosen: set[int]) -> list[int]:
    """
    Those who gain most by what has changed, the first of them first.

    Where somebody is missed, who serves as well gains by coming; where somebody has come, by going.
    """
    team, coverage = standing.team, standing.search.coverage
    were = standing.begun.arrays["gain"]
    more = np.array([coverage.gains(k).copy() - were[k] for k in range(len(team.kinds))])
    gained = np.zeros(len(team.members))
    edges = [0, *team.day_edges[1:-1].tolist(), team.grid.slots]
    touched = [d for d in range(len(edges) - 1) if np.abs(more[:, edges[d] : edges[d + 1]]).any()]
    for d in touched:
        span = slice(edges[d], edges[d + 1])
        there, could = standing.on_queue[:, span], standing.can_be[:, span]
        for kind in range(len(team.kinds)):
            who = np.flatnonzero(standing.kind_at[:, d] == kind)
            if len(who):
                change = more[kind, span]
                come = (could[who] & ~there[who]) @ np.maximum(change, 0.0)
                gained[who] += come + there[who] @ np.maximum(-change, 0.0)
    gained[list(chosen)] = 0.0
    order = np.argsort(-gained, kind="stable")[:RESPONDERS]
    return [int(j) for j in order if gained[j] > _TRIFLE]


def _forced(standing: Standing, wanted: Wanted) -> bool:
    """Give everybody named what is chosen for her; whether that can be."""
    return all(standing.force(i, choice) for i, choice in wanted)
