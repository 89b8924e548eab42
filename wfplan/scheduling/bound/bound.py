"""The bound: no legal schedule can cost less.

Lagrangian relaxation of the coverage: at prices per channel and slot every
slot buys the staff that suit it and every person sells the week that earns
most, each on their own (Geoffrion 1974, doi:10.1007/BFb0120690). Whatever the
prices, what remains underestimates every schedule. One pass of the whole oracle
over all people proves it; the tail enters by the weights of its dual that are
best at the prices.

The prices come from a linear master over weeks that are known (column
generation), whose dual is solved smooth (:mod:`wfplan.scheduling.bound.market`).
Between two whole passes known shifts are combined anew
(:mod:`wfplan.scheduling.bound.narrow`), which costs next to nothing. How smooth, follows
the gap that is left. What is proven lies between the master's prices and the best
that were proven before, which keeps early prices from running away (Wentges 1997,
doi:10.1016/S0969-6016(97)00001-4).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.progress import Stop, Watch, no_watch
from wfplan.domain.results import Proof
from wfplan.scheduling.bound.alike import Alike
from wfplan.scheduling.bound.certificate import Certificate
from wfplan.scheduling.bound.market import Market, Prices, Smoothing
from wfplan.scheduling.bound.narrow import KnownShifts
from wfplan.scheduling.person.pricing import DaysSolver
from wfplan.scheduling.service.coverage import Coverage, at_staff
from wfplan.scheduling.team.oracle import Oracle, Week, is_allowed, week_of
from wfplan.scheduling.team.team import Team

FloatArray = NDArray[np.float64]

_CLOSE = 1e-3  # of the plan's cost: a bound this near is near enough
_SPENT = 0.01  # of the gap that is left: prices that can prove so little more are good enough
_NEXT_STAFF = 2.0  # people over which the first prices are taken
_NARROW = 4  # passes over known shifts for one over all
_STEPS = 25  # of the prices between two passes
_INWARD = 0.3  # of the way back to the best prices that were proven
_BLUR = 0.01  # of the gap that is left: what smoothing may hide
_STIFF = 0.3  # of the spread of the first prices, per head
_MANY, _FEW = 400, 120  # different people: from when on prices are learnt from a sample, of whom
_TENTH = 10  # or a tenth of them: of four thousand 120 taught prices that proved nothing of all
_FEW_ROUNDS = 10  # of the sample at least; more where a round of all costs many of them
_WORKED = 0.01  # of somebody's mean week: known weeks of less are not handed on


class LowerBound:
    """The Lagrangian of a team's coverage problem."""

    def __init__(
        self,
        team: Team,
        coverage: Coverage,
        weeks: Sequence[Week] = (),
        proof: Proof | None = None,
        alike: Alike | None = None,
    ) -> None:
        """
        Take the first prices from the coverage of a settled plan, and its weeks.

        With the ``proof`` of an earlier bound of these people its prices and
        weeks are taken up, where they fit. A bound among a sample of people who
        are ``alike`` proves nothing of the team, but teaches prices.
        """
        self.team = team
        self.market = Market(team, coverage, alike)
        slots = self.market.slots
        self._staff = np.minimum(coverage.staff[slots].T, self.market.buyers.levels)
        self._heads = max(float(coverage.heads[slots].sum()), 1.0)
        self.first_prices = self._next_worth(coverage)
        self._oracle, self._solver = Oracle(), DaysSolver()
        self._alike = self.market.sellers.alike
        self._shifts = [KnownShifts(member) for member in self._alike.members]
        for k, week in zip(self._alike.of, weeks, strict=False):
            if k >= 0:
                self._learn(int(k), week_of(self._alike.members[k], week.shifts))
        self._earlier = self._take_up(proof) if proof else None
        is_taught = alike is None and not self._earlier and len(self._alike.members) > _MANY
        self._few: LowerBound | None = None
        if is_taught:  # made here and now: the search beside moves plan and coverage on
            few = self._alike.sample(max(_FEW, len(self._alike.members) // _TENTH))
            self._few = LowerBound(team, coverage, weeks, alike=few)

    def improve(self, plan_cost: float, rounds: int, stop: Stop, watch: Watch) -> Certificate:
        """
        The best bound over some rounds of price changes.

        ``plan_cost`` is the cost of a known plan: what is left between it and
        the bound says how exact the prices have to be.
        """
        if self._few:
            everybody, few = len(self._alike.members), len(self._few._alike.members)
            taught = max(_FEW_ROUNDS, everybody // few)
            proof = self._few.improve(plan_cost, taught, stop, no_watch).proof
            self._earlier = self._take_up(proof) if proof else None
        prices = self._earlier or Prices(self.first_prices, np.zeros(len(self.market.slots)))
        best = Certificate.none(self.team, prices)
        near, centre = self._staff, prices
        if not self.team.members:  # there is one plan, and it is known
            only = Certificate.of(self.team, self.market, prices, plan_cost)
            return only.reaching(plan_cost)
        if self._earlier or not len(self.market.sellers):
            best = self.prove(prices, stop) or best
            watch("bound", {"round": 0, "bound": best.value})
        for done in range(max(rounds, 1)):
            if stop.is_due:
                break
            gap = plan_cost - best.value if best.is_proven else abs(plan_cost)
            for left in reversed(range(_NARROW + 1)):
                prices, near = self._climb(prices, near, max(gap, _CLOSE), stop)
                if left:
                    self._recombine(prices, stop)
            reach = self._known_value(prices)
            asked = prices.towards(centre, _INWARD)
            proven = self.prove(asked, stop)
            if proven is None:
                break
            if proven.value > best.value:
                best, centre = proven, asked
            left_to_prove = reach - best.value  # below 0 the climb has not come far enough to tell
            best = best.reaching(max(reach, best.value))
            watch("bound", {"round": done + 1, "bound": best.value})
            gap = plan_cost - best.value
            if gap <= _CLOSE * abs(plan_cost) or 0 <= left_to_prove <= _SPENT * gap:
                break
        if not best.is_proven:
            return best
        return best.proved_by(self._proof(centre, max(plan_cost - best.value, _CLOSE)))

    def prove(self, prices: Prices, stop: Stop) -> Certificate | None:
        """The bound at some prices by a pass of the whole oracle; None when interrupted."""
        gains = self._gains(prices)
        value, _ = self._paid(prices)
        value -= float((self.market.sellers.carried * self.market.offers(prices)).sum())
        for k, (member, people) in enumerate(
            zip(self._alike.members, self._alike.count, strict=True)
        ):
            if stop.is_due:
                return None
            most, week = self._oracle.ceiling(member, self.team.gain_of(member, gains.__getitem__))
            if week is None:
                raise RuntimeError(f"{member.agent_id} lost her legal weeks")
            value -= people * most
            self._learn(k, week)
        return Certificate.of(self.team, self.market, prices, value)

    def _climb(
        self, prices: Prices, near: FloatArray, gap: float, stop: Stop
    ) -> tuple[Prices, FloatArray]:
        self.market.sellers.gather()
        hidden = _BLUR * gap
        smoothing = Smoothing(
            people=hidden / max(len(self.team.members), 1),
            channels=hidden / self._heads,
            stiffness=_STIFF * max(float(self.first_prices.std()), 1e-9),
            near=near,
        )
        return self.market.climb(prices, smoothing, _STEPS, stop)

    def _gains(self, prices: Prices) -> list[FloatArray]:
        """What a head of each kind earns in each slot of the grid, (slot,) each."""
        gains = np.zeros((len(self.team.kinds), self.team.grid.slots))
        gains[:, self.market.slots] = self.market.offers(prices)
        return list(gains)

    def _recombine(self, prices: Prices, stop: Stop) -> None:
        """The best week of known shifts of everybody."""
        gains = self._gains(prices)
        for k, shifts in enumerate(self._shifts):
            if stop.is_due:
                return
            week = shifts.best(self._solver, self.team.gain_of(shifts.member, gains.__getitem__))
            if week is not None:
                self._learn(k, week)

    def _learn(self, k: int, week: Week) -> None:
        if self.market.sellers.learn(k, week):
            self._shifts[k].learn(week)

    def _take_up(self, proof: Proof) -> Prices | None:
        """The prices of an earlier proof, its weeks learnt; None where it is of other slots."""
        if proof.staff.shape != self.first_prices.shape:
            return None
        for k, member in enumerate(self._alike.members):
            for shifts in proof.weeks.get(member.agent_id, ()):
                options = [option for option, _ in shifts]
                if max(options, default=-1) < member.space.option_count and is_allowed(
                    member, options
                ):
                    self._learn(k, week_of(member, shifts))
        premium = np.clip(proof.empowered, 0.0, self.market.empowered_price)
        return Prices(proof.staff, premium)

    def _proof(self, prices: Prices, gap: float) -> Proof:
        """The prices that proved most, and the weeks that are worked at them."""
        self.market.sellers.gather()
        warmth = _BLUR * gap / max(len(self.team.members), 1)
        worked = self.market.sellers.worked(self.market.offers(prices), warmth, _WORKED)
        members = self._alike.members
        weeks = {one.agent_id: own for one, own in zip(members, worked, strict=True)}
        return Proof(prices.staff, prices.empowered, weeks)

    def _known_value(self, prices: Prices) -> float:
        """The Lagrangian over known weeks, which is never below the whole one."""
        sold = self.market.sellers.worth(self.market.offers(prices))
        return self._paid(prices)[0] - sold

    def _paid(self, prices: Prices) -> tuple[float, FloatArray]:
        """What the slots pay, exactly, and the tail weights that make it most."""
        flat = prices.staff.ravel()
        weights = self.market.buyers.buy(flat).weights
        value = self.market.buyers.value(flat, weights)
        return value + self.market.empowered_value(prices.empowered), weights

    def _next_worth(self, coverage: Coverage) -> FloatArray:
        """What the next people save per head in each slot, (channel, slot)."""
        slots = self.market.slots
        interval, staff = self.team.interval_of[slots], coverage.staff[slots].T
        more = at_staff(coverage.cost, interval, staff + _NEXT_STAFF)
        saved = at_staff(coverage.cost, interval, staff) - more
        worth: FloatArray = saved * coverage.slot_share / _NEXT_STAFF
        return worth
