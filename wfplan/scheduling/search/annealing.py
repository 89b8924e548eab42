"""Annealing of a plan: passes of small moves at falling temperatures, and what is left of them.

People are moved block by block, a few dozen at a time: what their moves look at
stays near at hand, which makes a pass of ten thousand people as quick a person
as one of fifty. A pass has several looks: prices of what couples people are made
anew, and the plan is kept if it is the best. The temperature falls with the share of
the budget that is used, be it passes, moves or seconds; where the budget holds
far more than one cooling wants, the best plan is warmed up again and again
(restarts; Hajek 1988, doi:10.1287/moor.13.2.311, on how slowly one cooling
would have to go).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.progress import MANY_PASSES
from wfplan.scheduling.search.anneal import Mover
from wfplan.scheduling.search.turns import take_turns
from wfplan.scheduling.search.whole_days import WholeDays

if TYPE_CHECKING:
    from wfplan.domain.progress import Stop, Watch
    from wfplan.scheduling.search.search import Search
    from wfplan.scheduling.search.state import Keep, State

IntArray = NDArray[np.int64]

_MOVES, _MOVES_LEAST = 160, 4_000  # of everybody in a pass; of a small team in all
_BLOCK = 32  # people who are moved beside each other
_AT_ONCE = 2_000  # moves of a small team between two looks at the clock
_LOOKS, _LOOK_MOVES = 4, 4_000  # looks in a pass at most; moves between them at least
_ENOUGH = 8  # passes in which a plan can cool down
_SESSION_TURNS = 10  # in a budget, each as much work as a pass
RESPONSE_WORK = 100  # small moves that a best response counts as


class Annealing:
    """The annealing of one search, within what a stop allows."""

    def __init__(self, search: Search, stop: Stop, watch: Watch) -> None:
        self.search, self.stop, self.watch = search, stop, watch
        self.moves = pass_moves(len(search.weeks))
        self._coupled = search.tally.coupled()
        one = bool(self._coupled) or search.people.is_silent
        self.looks = 1 if one else int(np.clip(self.moves // _LOOK_MOVES, 1, _LOOKS))
        self._mover = Mover(search.team, search.weeks)

    def anneal(self, state: State, keep: Keep) -> State:
        """Go on from a state for what is left of the budget."""
        assert state.began is not None
        search, stop = self.search, self.stop
        self._first, self._last = state.began.passes, planned_passes(search, stop, state)
        self._from_s, begun = stop.elapsed_s, search.passes
        self._days = WholeDays.of(search.team, self._first, self._last)
        while search.passes < self._last and not search.is_due(stop):
            before = self._share()
            is_turn = self._days.is_turn(before)
            state = self._move_sessions(state, before)
            state, is_whole = self._choose_days(state) if is_turn else self._pass(state)
            if is_whole:
                state = replace(state, heat=state.heat.planned(self._share() - before))
                keep(state)
            told = {"pass": search.passes, "best": state.best_cost}
            self.watch("search", {**told, "temperature": state.heat.at(before)})
        is_cool = self._last >= MANY_PASSES and search.passes - begun >= _ENOUGH
        search.is_settled = search.passes >= self._last or is_cool
        return state

    def _share(self, within: float = 0.0) -> float:
        """The part of the budget for annealing that is used, so far within a pass."""
        passes = self._days.from_pass - self._first
        done = (self.search.passes + within - self._first) / max(passes, 1)
        left = (self.stop.seconds - self._from_s) * self._days.from_share
        timed = (self.stop.elapsed_s - self._from_s) / left if left > 0 else 1.0
        return min(max(done, timed), 1.0)

    def _pass(self, state: State) -> tuple[State, bool]:
        """
        Move everybody some times; the state after that.

        Also whether the pass was whole: only then may another search go on from it.
        """
        search, share, is_whole = self.search, self._share(), True
        if state.heat.turn(share) > state.turn:
            search.put_back(state)
            self._learn()
            state = replace(state, turn=state.heat.turn(share))
        self._mover.begin((search.seed, search.passes))
        for look in range(self.looks):
            self._mover.reprice([member.space.legal for member in search.people.priced])
            temperature = state.heat.at(share if look == 0 else self._share(look / self.looks))
            is_whole = self._move(look, temperature)
            state = self._looked(state)
            if not is_whole:
                break
        search.tally.raise_prices()
        search.passes += is_whole
        heat = state.heat.after(share, search.true_cost() >= state.heat.enough)
        return replace(state, passes=search.passes, heat=heat), is_whole

    def _choose_days(self, state: State) -> tuple[State, bool]:
        """Choose days of the best plan anew; the state then, and whether there was time for all."""
        search = self.search
        search.restore(state.best, state.best_sessions)
        self._learn()
        cold = state.heat.at(1.0)
        is_whole = self._days.choose(search, self._mover, cold, self.stop, self.watch)
        self._learn()
        if not search.move_tail():
            search.coverage.reprice()
        search.reprice_people()
        search.passes += is_whole
        return replace(search.as_state(state), passes=search.passes), is_whole

    def _move_sessions(self, state: State, share: float) -> State:
        """Now and then sessions go where they cost less; the state then."""
        search = self.search
        if search.arrange is None or int(share * _SESSION_TURNS) < state.moved:
            return state
        search.arrange.move(search, self.stop, state.moved, float(self.moves))
        self._learn()
        if not search.move_tail():
            search.coverage.reprice()
        search.reprice_people()
        return replace(search.as_state(state), moved=state.moved + 1)

    def _learn(self) -> None:
        """Take over everybody's week."""
        if self._mover.team is not self.search.team:
            self._mover = Mover(self.search.team, self.search.weeks)
        for i, week in enumerate(self.search.weeks):
            self._mover.learn(i, week)

    def _move(self, look: int, temperature: float) -> bool:
        """The moves between two looks; whether there was time for all of them."""
        search, people = self.search, len(self.search.weeks)
        moves = self.moves // self.looks
        if self._coupled:
            return take_turns(search, self._mover, self._coupled, moves, temperature, self.stop)
        if people <= _BLOCK:
            return self._move_all(moves, temperature)
        rng = np.random.default_rng([search.seed, search.passes, look])
        blocks = np.array_split(rng.permutation(people), -(-people // _BLOCK))
        for done, block in enumerate(blocks):
            if search.is_due(self.stop):
                return False
            each = moves // people * len(block)
            self._mover.move_some(search.coverage, block, each, temperature)
            search.work += each
            self._tell((look + done / len(blocks)) / self.looks)
        return True

    def _move_all(self, moves: int, temperature: float) -> bool:
        """The same for a team that is one block."""
        left = moves
        while left > 0 and not self.search.is_due(self.stop):
            self._mover.move(self.search.coverage, min(left, _AT_ONCE), temperature)
            self.search.work += min(left, _AT_ONCE)
            left -= _AT_ONCE
        return left <= 0

    def _tell(self, share: float) -> None:
        self.watch("pass", {"pass": self.search.passes + 1, "share": share})

    def _looked(self, state: State) -> State:
        """The plan as it stands, prices made anew; the best one if it is."""
        search = self.search
        for i in self._mover.changed():
            search.weeks[i] = self._mover.week(i)
            self._mover.tidy(i)
            search.tally.put(i, search.weeks[i])
        if not search.move_tail():
            search.coverage.reprice()
        search.reprice_people()
        return search.as_state(state)


def pass_moves(people: int) -> int:
    """Small moves in a pass."""
    return max(_MOVES * people, _MOVES_LEAST)


def planned_passes(search: Search, stop: Stop, state: State) -> int:
    """
    The passes in which a search cools down.

    Where moves alone are the budget, so many as they are enough for, counted from the
    very beginning: a search that goes on from a state plans the same.
    """
    assert state.began is not None
    first, people = state.began.passes, len(search.weeks)
    if stop.passes < MANY_PASSES or stop.work == float("inf"):
        return stop.passes
    left = stop.work - first * people * RESPONSE_WORK
    return first + max(int(left // pass_moves(people)), 1)
