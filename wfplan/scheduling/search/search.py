"""The search: best response of one person at a time, then annealing.

Taking one person out, pricing every slot by what one more of her kind saves
there, and putting her back with the oracle is an exact best response: slots
are independent, so the prices add up to the fall of the objective. Passes over
the team settle where a week seldom improves any more. Then people drawn at random
are moved about at a falling temperature (:mod:`wfplan.scheduling.search.moves`). After each
pass the slots are spread anew from who is on queue, so that nothing drifts and a pass
depends on :class:`State` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.progress import Stop, Watch, no_watch
from wfplan.domain.results import SolveStatus
from wfplan.scheduling.search.annealing import RESPONSE_WORK, Annealing
from wfplan.scheduling.search.heat import Heat
from wfplan.scheduling.search.state import Arrange, Began, Keep, State, keep_nothing
from wfplan.scheduling.service.coverage import Coverage
from wfplan.scheduling.team.oracle import Oracle, Shifts, Week, is_allowed, week_of
from wfplan.scheduling.team.sessions import Sessions, fits, missing_cost, with_others
from wfplan.scheduling.team.tally import Tally
from wfplan.scheduling.team.team import Member, Team
from wfplan.scheduling.terms.customers import customer_cost, tail_level
from wfplan.scheduling.terms.people import PeopleCosts
from wfplan.scheduling.terms.settled import settle

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_IMPROVES = 1e-6
_TRIFLE = 1e-3  # harm points that sums of slots may differ by
_SAME_LEVEL = 1e-3  # a tail level that moves by less than this share stays where it is
_SLIGHT = 0.01  # of the objective: a pass of best responses that saves less is the last
_DEAR = 0.9  # of the slots a person is worth less than what hard rules of the team cost at first
_TOLD_EVERY = 64  # people between two words of how far a pass is


@dataclass(frozen=True)
class Found:
    """What a search found."""

    weeks: tuple[Week, ...]
    objective: float
    customers: float  # of it: coverage and tail, in harm points
    status: SolveStatus
    passes: int
    coverage: Coverage


class Search:
    """A plan under construction: everybody's week and the coverage they make."""

    def __init__(self, team: Team, seed: int, arrange: Arrange | None = None) -> None:
        self.team = team
        self.arrange = arrange if team.asked else None
        self.seed = seed
        self.oracle = Oracle()
        self.people = PeopleCosts(team)
        self.eta = 0.0
        self.coverage: Coverage = team.coverage(self.eta)
        self.weeks: list[Week] = [week_of(member, []) for member in team.members]
        self.passes = 0
        self.work = 0
        self.is_settled = False  # whether annealing has come to its end
        self.tally = Tally(team)
        self._any: dict[int, Shifts] = {}  # a legal week of each space, by its identity
        self.sessions: Sessions = ()

    def begin_with(self, weeks: Mapping[int, Week], sessions: Sessions = ()) -> None:
        """Put members' weeks of an earlier plan in, by their place in the team."""
        self.have(sessions)
        for i, week in weeks.items():
            self.put_in(i, week)
        self.move_tail()

    def have(self, sessions: Sessions) -> list[int]:
        """
        Let people be away for these sessions and no others; whom that concerns.

        Their shifts stay where the sessions fit into them, else they have none yet.
        """
        if sessions == self.sessions:
            return []
        team, changed = with_others(self.team, sessions)
        shifts = {i: self.take_out(i).shifts for i in changed}
        self.team = self.tally.team = team
        self.people.appoint(team, changed)
        self.sessions = sessions
        self._any.clear()
        for i in changed:
            own = shifts[i] if fits(team.members[i], shifts[i]) else ()
            self.put_in(i, week_of(team.members[i], own))
        return changed

    def respond(self, i: int) -> bool:
        """Give a member her best week; whether there is a legal one with her sessions."""
        self._respond(i)
        self.work += RESPONSE_WORK
        return bool(self.weeks[i].shifts) or not self.team.members[i].away

    def settle(
        self, stop: Stop, watch: Watch, state: State | None = None, keep: Keep = keep_nothing
    ) -> State:
        """
        Best responses until no single week can be improved, from a state of them if given.

        There is a legal plan however early the planner stops: the first pass
        ends, and after an interrupt the rest of the people get any legal week.
        """
        state = self._go_on(state) if state else self._first_pass(stop, watch, keep)
        while state.began is None and self.passes < stop.passes and not self.is_due(stop):
            if state.saved <= max(_IMPROVES, _SLIGHT * abs(self.objective())):
                break
            saved = self._pass(stop, watch)
            if self.is_due(stop):
                break
            state = self._after_pass(saved, state)
            keep(state)
            watch("search", {"pass": self.passes, "best": state.best_cost})
        return state if state.began else self._settled(state)

    def refine(
        self, stop: Stop, watch: Watch, state: State | None = None, keep: Keep = keep_nothing
    ) -> Found:
        """Annealing for what is left of the budget, from a state of it if given; the best plan."""
        if state is None:
            self.reprice_people()
        state = self._go_on(state) if state else self._settled(self._state(0.0))
        state = Annealing(self, stop, watch).anneal(state, keep)
        self.restore(state.best, state.best_sessions)
        return self.found(stop)

    def found(self, stop: Stop) -> Found:
        """The plan as it stands, spread as it is read."""
        customers = settle(self.people, self.coverage, self.people.duties(self.weeks))
        return Found(
            weeks=tuple(self.weeks),
            objective=customers + self._personal() + self.people.points(self.weeks, self.coverage),
            customers=customers,
            status=self._status(stop),
            passes=self.passes,
            coverage=self.coverage,
        )

    def as_state(self, before: State) -> State:
        """A state of annealing with the plan as it stands, and the best of both."""
        cost, weeks = self.true_cost(), tuple(self.weeks)
        now = replace(
            before, eta=self.eta, weeks=weeks, best=weeks, best_cost=cost,
            multipliers=self.people.multipliers, sessions=self.sessions,
            best_sessions=self.sessions,
        )  # fmt: skip
        return now.with_best_of(before)

    def put_back(self, state: State) -> None:
        """Have the best plan of a state again."""
        self.restore(state.best, state.best_sessions)
        self.move_tail()
        self.coverage.reprice(self.people.curves.at_level(self.eta))

    def begin_at(self, began: Began) -> None:
        """Put the plan in with which annealing began, as it was then: the bound begins there."""
        cost = self.team.curves.at_level(began.eta)
        self._take_over(began.weeks, began.sessions, began.passes, cost, began.eta)
        self.people.multipliers = began.multipliers

    def is_due(self, stop: Stop) -> bool:
        """Whether time, work or the planner's patience has run out."""
        return stop.is_due or self.work >= stop.work

    def objective(self) -> float:
        """
        Harm points of the plan as the search sees it.

        Coverage, tail at the level of the search, wishes, rules and paid time; of
        what couples people only what staff spare those who are there.
        """
        total = self.coverage.total_cost() + self.team.curves.tail_constant(self.eta)
        return total + self._personal()

    def _personal(self) -> float:
        """Harm points of everybody's own week, soft rules of the team, activities left out."""
        own = sum(week.cost for week in self.weeks) + self.tally.soft_cost
        return own + missing_cost(self.team, self.sessions)

    def gain(self, member: Member) -> FloatArray:
        """What the member would save in every slot, given everybody else, (slot,)."""
        return self.team.gain_of(member, self.coverage.gains)

    def take_out(self, i: int) -> Week:
        """Remove a member's week from the coverage."""
        week = self.weeks[i]
        self._change(i, week, self.coverage.remove)
        self.weeks[i] = week_of(self.team.members[i], [])
        return week

    def put_in(self, i: int, week: Week) -> None:
        """Give a member a week."""
        self._change(i, week, self.coverage.add)
        self.tally.put(i, week)
        self.weeks[i] = week

    def _change(self, i: int, week: Week, change: Callable[[int, IntArray], None]) -> None:
        for kind, slots in self.team.by_kind(self.team.members[i], week.on_queue):
            change(kind, slots)

    def _first_pass(self, stop: Stop, watch: Watch, keep: Keep) -> State:
        """The first best response of everybody: a legal plan, whatever else the budget allows."""
        self._pass(replace(stop, seconds=np.inf, work=np.inf), watch)
        if self.arrange is not None:
            self.arrange.place(self)
        state = self._after_pass(np.inf)
        if not stop.interrupt.is_set():
            keep(state)
        watch("search", {"pass": self.passes, "best": state.best_cost})
        return state

    def _pass(self, stop: Stop, watch: Watch) -> float:
        """One best response of everybody, in random order; returns what was saved."""
        saved, people = 0.0, len(self.weeks)
        rng = np.random.default_rng([self.seed, self.passes])
        for done, i in enumerate(rng.permutation(people)):
            if self.is_due(stop):
                if self.passes:
                    break
                self._give_any(int(i))
                continue
            saved += self._respond(int(i))
            self.work += RESPONSE_WORK
            if done % _TOLD_EVERY == 0:
                watch("pass", {"pass": self.passes + 1, "share": done / people})
        self.tally.raise_prices()
        return saved

    def respond_all(self, stop: Stop) -> float:
        """One best response of everybody; returns what was saved, hard rules at their prices."""
        return self._pass(stop, no_watch)

    def answer(self, people: Iterable[int], stop: Stop) -> None:
        """Best responses of some, in order; any legal week for the rest when time is up."""
        for i in people:
            if self.is_due(stop):
                self._give_any(i)
            else:
                self._respond(i)
                self.work += RESPONSE_WORK

    def stands(self, before: State | None = None) -> State:
        """The plan as it stands, at no passing prices, and the best so far."""
        if not self.move_tail():
            self.coverage.reprice()
        return self._state(np.inf).with_best_of(before)

    def _give_any(self, i: int) -> None:
        """Give a member a legal week, any, if she has none."""
        member = self.team.members[i]
        options = [option for option, _ in self.weeks[i].shifts]
        if options and is_allowed(member, options):
            return
        known = id(member.space)
        if known not in self._any:
            _, week = self.oracle.best(member, np.zeros(self.team.grid.slots))
            self._any[known] = week.shifts if week else ()
        self.take_out(i)
        self.put_in(i, week_of(member, self._any[known]))

    def _after_pass(self, saved: float, before: State | None = None) -> State:
        """The state after a pass of best responses that was a whole one."""
        self.passes += 1
        if self.move_tail():
            saved = np.inf
        else:
            self.coverage.reprice()
        self.reprice_people()
        after = self._state(saved).with_best_of(before)
        if before is None or self.people.is_silent:
            return after
        return replace(after, saved=before.best_cost - after.best_cost)  # at no passing prices

    def _settled(self, state: State) -> State:
        """The state with which annealing begins."""
        weeks = tuple(self.weeks)
        return replace(
            self._state(state.saved).with_best_of(state),
            heat=Heat.begin(self.spread(), self.true_cost()),
            began=Began(weeks, self.passes, self.eta, self.people.multipliers, self.sessions),
        )

    def _state(self, saved: float) -> State:
        """The plan as it stands, as the best there is."""
        weeks = tuple(self.weeks)
        return State(
            seed=self.seed,
            passes=self.passes,
            eta=self.eta,
            weeks=weeks,
            best=weeks,
            best_cost=self.true_cost(),
            heat=Heat(),
            multipliers=self.people.multipliers,
            saved=saved,
            sessions=self.sessions,
            best_sessions=self.sessions,
        )

    def _go_on(self, state: State) -> State:
        """Put everything as it was after the pass of a state."""
        curves = self.people.relieved(state.multipliers.relief)
        self._take_over(
            state.weeks, state.sessions, state.passes, curves.at_level(state.eta), state.eta
        )
        self.people.restore(state.multipliers, self.weeks, self.coverage)
        if not curves is self.people.curves is self.team.curves:
            self.coverage.reprice(self.people.curves.at_level(self.eta))
        return state

    def _take_over(
        self,
        weeks: Sequence[Week],
        sessions: Sessions,
        passes: int,
        cost: FloatArray,
        eta: float,
    ) -> None:
        """Have these weeks, spread anew under a tail level's costs."""
        self.restore(weeks, sessions)
        self.passes, self.eta = passes, eta
        self.coverage.reprice(cost)

    def _respond(self, i: int) -> float:
        member = self.team.members[i]
        old = self.take_out(i)
        gain, own = self.gain(member), self.tally.own(i)
        worth = float(gain[old.on_queue].sum()) - old.cost - self.people.extra_of(i, old)
        worth -= self.tally.toll(i, old, own)
        value, week = self.oracle.best(self.people.priced[i], gain, own)
        if week is None:
            return 0.0  # conflict.py has said so, or sessions leave none
        week = replace(week, cost=week.cost - self.people.extra_of(i, week))
        # No shifts yet is no week yet; a week worth more than the best legal one is not legal.
        is_kept = bool(old.shifts) and worth - _TRIFLE < value <= worth + _IMPROVES
        if is_kept:
            self.put_in(i, old)
            return 0.0
        self.put_in(i, week)
        return value - worth

    def spread(self) -> float:
        """By how much what a person is worth varies from slot to slot, in harm points."""
        known = self.coverage.interval_of >= 0
        gains = [self.coverage.gains(kind)[known].copy() for kind in range(len(self.team.kinds))]
        self.tally.learn(float(np.quantile(gains, _DEAR)) if gains else 0.0)
        return float(np.std(gains)) if gains else 0.0

    def true_cost(self) -> float:
        """Harm points of the plan as it is spread, with its tail at its own level."""
        own = self.tally.cost + missing_cost(self.team, self.sessions)
        own += sum(week.cost for week in self.weeks) + self.people.points(self.weeks, self.coverage)
        return customer_cost(self.team, self.coverage) + own

    def reprice_people(self) -> None:
        """Move the prices of what couples people to what the plan as it stands asks for."""
        curves = self.people.curves
        self.people.reprice(self.weeks, self.coverage)
        if not curves is self.people.curves is self.team.curves:
            self.coverage.reprice(self.people.curves.at_level(self.eta))

    def move_tail(self) -> bool:
        """Move the tail level to where the plan's own tail begins; whether it moved by much."""
        eta = tail_level(self.team, self.coverage)
        moved = abs(eta - self.eta) > _SAME_LEVEL * max(eta, self.eta)
        if moved:
            self.eta = eta
            self.coverage.reprice(self.people.curves.at_level(eta))
        return moved

    def restore(self, weeks: Sequence[Week], sessions: Sessions) -> None:
        """Have these weeks with their sessions."""
        self.have(sessions)
        for i, week in enumerate(weeks):
            if self.weeks[i] is not week:
                self.take_out(i)
                self.put_in(i, week)

    def _status(self, stop: Stop) -> SolveStatus:
        if stop.interrupt.is_set():
            return SolveStatus.PARTIAL
        is_settled = self.is_settled or self.passes >= stop.passes
        return SolveStatus.SETTLED if is_settled else SolveStatus.STOPPED
