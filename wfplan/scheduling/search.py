"""The search: best response of one person at a time, then annealing.

Taking one person out, pricing every slot by what one more of her kind saves
there, and putting her back with the oracle is an exact best response: slots
are independent, so the prices add up to the fall of the objective. Passes over
the team settle where a week seldom improves any more. Then people drawn at random
are moved about at a falling temperature (:mod:`wfplan.scheduling.moves`). After each
pass the slots are spread anew from who is on queue, so that nothing drifts and a pass
depends on :class:`State` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.progress import Stop, Watch
from wfplan.domain.results import SolveStatus
from wfplan.scheduling.anneal import Mover
from wfplan.scheduling.coverage import Coverage, at_staff
from wfplan.scheduling.oracle import Oracle, Week, week_of
from wfplan.scheduling.people import Multipliers, PeopleCosts
from wfplan.scheduling.team import Member, Team

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_IMPROVES = 1e-6
_TRIFLE = 1e-3  # harm points that sums of slots may differ by
_SAME_LEVEL = 1e-3  # a tail level that moves by less than this share stays where it is
_LEVEL_FACTOR = 1.5  # between tail levels that are tried, its root next
_LEVEL_FACTOR_LEAST = 1.05
_SLIGHT = 0.01  # of the objective: a pass of best responses that saves less is the last
_HOT, _COLD = 1.1, 0.14  # first and last temperature in spreads of what a person is worth
_MOVES = 160  # of everybody in a pass
_AT_ONCE = 2000  # moves between two looks at the clock


@dataclass(frozen=True)
class State:
    """All that the next pass of a search depends on, but for its team and its budget."""

    seed: int
    passes: int
    eta: float  # tail level at which people are spread
    weeks: tuple[Week, ...]
    best: tuple[Week, ...]
    best_cost: float  # harm points, the tail at its own level
    scale: float  # harm points by which what a person is worth varies from slot to slot
    multipliers: Multipliers  # of what couples people (wfplan.scheduling.people)


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

    def __init__(self, team: Team, seed: int) -> None:
        self.team = team
        self.seed = seed
        self.oracle = Oracle()
        self.people = PeopleCosts(team)
        self.eta = 0.0
        self.coverage: Coverage = team.coverage(self.eta)
        self.weeks: list[Week] = [week_of(member, []) for member in team.members]
        self.passes = 0

    def begin_with(self, weeks: Mapping[int, Week]) -> None:
        """Put members' weeks of an earlier plan in, by their place in the team."""
        for i, week in weeks.items():
            self.put_in(i, week)
        self._move_tail()

    def settle(self, stop: Stop, watch: Watch) -> None:
        """
        Best responses until no single week can be improved.

        The first pass always ends, so that there is a legal plan however early
        the planner stops.
        """
        self._pass(Stop())
        self._move_tail()
        self.passes = 1
        saved = np.inf
        while self.passes < stop.passes and not stop.is_due:
            if saved <= max(_IMPROVES, _SLIGHT * abs(self.objective())):
                break
            saved = self._pass(stop)
            self.passes += 1
            if self._move_tail():
                saved = np.inf
            watch("search", {"pass": self.passes, "best": self.objective()})
        self._reprice_people()

    def refine(self, stop: Stop, watch: Watch, state: State | None = None) -> Found:
        """Annealing for what is left of the budget, from a state of it if given; the best plan."""
        state = state or self._first_state()
        self._restore(state.weeks)
        self.passes, self.eta = state.passes, state.eta
        self.coverage.reprice(self.people.curves.at_level(self.eta))
        self.people.restore(state.multipliers, self.weeks, self.coverage)
        self.coverage.reprice(self.people.curves.at_level(self.eta))
        mover = Mover(self.team, self.weeks)
        first, began = self.passes, stop.elapsed_s
        while self.passes < stop.passes and not stop.is_due:
            done = (self.passes - first) / (stop.passes - first)
            timed = (stop.elapsed_s - began) / (stop.seconds - began)
            heat = _HOT * (_COLD / _HOT) ** max(done, timed)
            state = self._anneal(mover, state, heat * state.scale, stop)
            watch("search", {"pass": self.passes, "best": state.best_cost})
        self._restore(state.best)
        personal = sum(week.cost for week in self.weeks)
        customers = settle_tail(self.team, self.coverage)
        return Found(
            weeks=tuple(self.weeks),
            objective=customers + personal + self.people.points(self.weeks, self.coverage),
            customers=customers,
            status=self._status(stop),
            passes=self.passes,
            coverage=self.coverage,
        )

    def objective(self) -> float:
        """
        Harm points of the plan as the search sees it.

        Coverage, tail at the level of the search, wishes, rules and paid time; of
        what couples people only what staff spare those who are there.
        """
        personal = sum(week.cost for week in self.weeks)
        return self.coverage.total_cost() + self.team.curves.tail_constant(self.eta) + personal

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
        self.weeks[i] = week

    def _change(self, i: int, week: Week, change: Callable[[int, IntArray], None]) -> None:
        for kind, slots in self.team.by_kind(self.team.members[i], week.on_queue):
            change(kind, slots)

    def _pass(self, stop: Stop) -> float:
        """One best response of everybody, in random order; returns what was saved."""
        saved = 0.0
        rng = np.random.default_rng([self.seed, self.passes])
        for i in rng.permutation(len(self.weeks)):
            if stop.is_due:
                break
            saved += self._respond(int(i))
        return saved

    def _respond(self, i: int) -> float:
        member = self.team.members[i]
        old = self.take_out(i)
        gain = self.gain(member)
        worth = float(gain[old.on_queue].sum()) - old.cost - self.people.extra_of(i, old)
        value, week = self.oracle.best(self.people.priced[i], gain)
        if week is None:
            return 0.0  # conflict.py has said so before the search began
        week = replace(week, cost=week.cost - self.people.extra_of(i, week))
        # No shifts yet is no week yet; a week worth more than the best legal one is not legal.
        is_kept = bool(old.shifts) and worth - _TRIFLE < value <= worth + _IMPROVES
        if is_kept:
            self.put_in(i, old)
            return 0.0
        self.put_in(i, week)
        return value - worth

    def _first_state(self) -> State:
        """The state of a search that has settled."""
        known = self.coverage.interval_of >= 0
        gains = [self.coverage.gains(kind)[known].copy() for kind in range(len(self.team.kinds))]
        weeks = tuple(self.weeks)
        scale = float(np.std(gains)) if gains else 0.0
        cost = self._true_cost()
        return State(
            self.seed, self.passes, self.eta, weeks, weeks, cost, scale, self.people.multipliers
        )

    def _anneal(self, mover: Mover, state: State, temperature: float, stop: Stop) -> State:
        """Move everybody some times at a temperature; the state after the pass."""
        mover.reprice([member.space.legal for member in self.people.priced])
        mover.begin((self.seed, self.passes))
        left = _MOVES * len(self.weeks)
        while left > 0 and not stop.is_due:
            mover.move(self.coverage, min(left, _AT_ONCE), temperature)
            left -= _AT_ONCE
        for i in mover.changed():
            self.weeks[i] = mover.week(i)
        if not self._move_tail():
            self.coverage.reprice()
        self._reprice_people()
        self.passes += 1
        cost, weeks = self._true_cost(), tuple(self.weeks)
        is_best = cost < state.best_cost - _IMPROVES
        best, best_cost = (weeks, cost) if is_best else (state.best, state.best_cost)
        return replace(
            state, passes=self.passes, eta=self.eta, weeks=weeks, best=best, best_cost=best_cost,
            multipliers=self.people.multipliers,
        )  # fmt: skip

    def _true_cost(self) -> float:
        """Harm points of the plan as it is spread, with its tail at its own level."""
        own = sum(week.cost for week in self.weeks) + self.people.points(self.weeks, self.coverage)
        return customer_cost(self.team, self.coverage) + own

    def _reprice_people(self) -> None:
        """Move the prices of what couples people to what the plan as it stands asks for."""
        curves = self.people.curves
        self.people.reprice(self.weeks, self.coverage)
        if self.people.curves is not curves:
            self.coverage.reprice(self.people.curves.at_level(self.eta))

    def _move_tail(self) -> bool:
        """Move the tail level to where the plan's own tail begins; whether it moved by much."""
        eta = tail_level(self.team, self.coverage)
        moved = abs(eta - self.eta) > _SAME_LEVEL * max(eta, self.eta)
        if moved:
            self.eta = eta
            self.coverage.reprice(self.people.curves.at_level(eta))
        return moved

    def _restore(self, weeks: Sequence[Week]) -> None:
        for i, week in enumerate(weeks):
            if self.weeks[i] is not week:
                self.take_out(i)
                self.put_in(i, week)

    def _status(self, stop: Stop) -> SolveStatus:
        if stop.interrupt.is_set():
            return SolveStatus.PARTIAL
        return SolveStatus.SETTLED if self.passes >= stop.passes else SolveStatus.STOPPED


def slot_harm(team: Team, coverage: Coverage) -> tuple[FloatArray, FloatArray]:
    """Harm and contacts of every channel and slot of the horizon, (channel, slot) each."""
    grid = team.grid
    horizon = grid.horizon
    staff = coverage.staff[grid.lead : grid.lead + horizon.slot_count].T
    interval = np.arange(horizon.slot_count) // horizon.slots_per_interval
    harm = at_staff(team.curves.harm, interval, staff) * coverage.slot_share
    return harm, team.curves.volume[:, interval] * coverage.slot_share


def tail_level(team: Team, coverage: Coverage) -> float:
    """The tail level of the plan as it stands."""
    return team.curves.tail_level(*slot_harm(team, coverage))


def customer_cost(team: Team, coverage: Coverage) -> float:
    """Harm, tail, floors and presence of the people as they are spread, in harm points."""
    curves = team.curves
    harm, volume = slot_harm(team, coverage)
    plain = curves.at_weights(np.zeros(curves.volume.shape))
    tail = curves.settings.balance * curves.tail(harm, volume) * float(volume.sum())
    return coverage.total_cost(plain) + tail


def settle_tail(team: Team, coverage: Coverage) -> float:
    """
    Spread everybody for the tail that this makes; returns the customers' cost.

    Spread and tail level depend on each other and may hold each other up, so
    levels around the settled one are tried as well. The answer depends only on
    who is on queue when.
    """
    best = (np.inf, 0.0)

    def spread_at(eta: float) -> bool:
        nonlocal best
        coverage.reprice(team.curves.at_level(eta))
        cost = customer_cost(team, coverage)
        is_better = cost < best[0] - _IMPROVES
        best = (cost, eta) if is_better else best
        return is_better

    eta = 0.0
    while spread_at(eta):
        eta = tail_level(team, coverage)
    factor = _LEVEL_FACTOR
    while factor > _LEVEL_FACTOR_LEAST and (team.speed > 0).sum(axis=1).max() > 1:
        if not (spread_at(best[1] * factor) or spread_at(best[1] / factor)):
            factor **= 0.5
    coverage.reprice(team.curves.at_level(best[1]))
    return customer_cost(team, coverage)
