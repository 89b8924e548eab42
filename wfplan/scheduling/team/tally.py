"""The tally of rules that couple people: prices of one person's moments, given everybody else.

Every such rule counts heads of some people in some parts of their shifts, or
money (:mod:`wfplan.rules.coupling`). With everybody else fixed, what a count
above its limit costs is a sum over the moments of one person's week, so that
her best response and her small moves see it exactly, as a price of being on
shift and of being at rest or at a meal. A soft rule has its own price. A hard
one has a price that begins near what a person is worth and doubles wherever
the rule is broken after a pass, and weighs more than everything else when the
best plan is chosen. A budget is a price of paid time that follows what is
spent (Everett 1963, doi:10.1287/opre.11.3.399).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wfplan.rules.base import HARD
from wfplan.rules.coupling import PARTS, PAUSES, WORK
from wfplan.scheduling.team.couples import Budget, Own
from wfplan.scheduling.team.oracle import Week
from wfplan.scheduling.team.team import Member, Team

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_OFF = 0  # a person's code in a slot; from 1 on PARTS
_RISE = 2.0  # of a hard price where the rule is broken
_FORGETS = 0.1  # of what was learned about the price of money, from pass to pass


class Moments(NamedTuple):
    """What a week is in every slot: 0 off, 1 on queue, then PAUSES; and of what day."""

    code: IntArray  # (slot,)
    day: IntArray  # (slot,) the date on which the shift began


def moments_of(member: Member, week: Week, slots: int) -> Moments:
    """A member's week, slot by slot."""
    space = member.space
    code, day = np.zeros(slots, dtype=np.int64), np.zeros(slots, dtype=np.int64)
    for option, starts in week.shifts:
        row, first = int(space.opt_len[option]), int(space.opt_start[option])
        span = slice(first, first + int(space.lengths.slots[row]))
        code[span] = 1 + PARTS.index(WORK)
        day[span] = int(np.searchsorted(space.day_ptr, option, side="right")) - 1
        sizes, parts = space.lengths.break_slots[row, :, 0], space.lengths.breaks[row]
        for at, size, part in zip(starts, sizes, parts, strict=False):
            code[first + at : first + at + size] = 1 + PARTS.index(part.kind)
    code[member.away_slots] = _OFF  # neither on queue nor at rest: she counts for nothing
    return Moments(code, day)


class Tally:
    """What is counted of the weeks of a team as they stand, and its prices."""

    def __init__(self, team: Team) -> None:
        self.couples, self.team = team.couples, team
        couples, curves = team.couples, team.curves
        self.steep = 1.0 + float(curves.harm[:, :, 0].sum() + curves.floors[:, :, 0].sum())
        counts, slots = len(couples.counts), team.grid.slots
        self.count = np.zeros((counts, slots), dtype=np.int64)
        self.price = np.repeat(couples.soft_price[:, None], slots, axis=1)
        self.spent = [np.zeros(int(one.week_of.max()) + 1) for one in couples.budgets]
        self.money_price = [np.zeros_like(spent) for spent in self.spent]
        self._money_edges = [(np.zeros_like(s), np.full_like(s, np.inf)) for s in self.spent]
        self.moments: list[Moments | None] = [None] * len(team.members)
        self.weeks: list[Week | None] = [None] * len(team.members)
        days = len(team.day_edges) - 1
        at = np.searchsorted(team.day_edges[1:-1], np.arange(slots), side="right")
        self._day_at = np.minimum(at, days - 1).astype(np.int64)
        self._begin_prices()

    def put(self, i: int, week: Week) -> None:
        """Let a member have a week instead of the one that she had."""
        if self.couples.is_empty or self.weeks[i] is week:
            return
        self._add(i, -1)
        self.weeks[i] = week
        concerned = len(self.couples.of_member[i]) > 0
        member = self.team.members[i]
        self.moments[i] = moments_of(member, week, self.team.grid.slots) if concerned else None
        self._add(i, 1)

    def own(self, i: int) -> Own | None:
        """What a member's moments cost, given everybody else; None where nothing is counted."""
        couples = self.couples
        if couples.is_empty:
            return None
        own = Own.nothing(self.team.grid.slots)
        which = couples.of_member[i]
        if len(which):
            others = self.count[which] - self._heads(i, which)
            sign = couples.sign[which, i][:, self._day_at]
            over = [
                self._over(which, others + sign * couples.seen[which, code][:, None])
                for code in range(1 + len(PARTS))
            ]
            cost = [(self.price[which] * one).sum(axis=0) for one in over]
            own.burden[:] = cost[1] - cost[_OFF]
            own.rest[:] = np.array(cost[2:]) - cost[1]
            own.burden[self.team.members[i].away_slots] = 0.0
        for budget, price in zip(couples.budgets, self.money_price, strict=True):
            a_slot = price[budget.week_of][self._day_at] * budget.rate[i] * couples.hour_share
            own.burden[:] += a_slot
            for kind, is_unpaid in enumerate(_unpaid(self.team.members[i])):
                own.rest[kind] -= a_slot * is_unpaid
        return own

    def toll(self, i: int, week: Week, own: Own | None) -> float:
        """What the moments of a week cost a member, in harm points."""
        if own is None or not week.shifts:
            return 0.0
        code = moments_of(self.team.members[i], week, self.team.grid.slots).code
        total = float(own.burden[code > _OFF].sum())
        total += float(own.burden[self.team.members[i].away_slots].sum())  # paid all the same
        kinds = range(len(PAUSES))
        return total + sum(float(own.rest[kind][code == 2 + kind].sum()) for kind in kinds)

    @property
    def broken(self) -> float:
        """By how much hard rules are broken: heads too many times slots, and money."""
        hard = self.couples.is_hard
        total = float(self._over(np.flatnonzero(hard), self.count[hard]).sum())
        return total + sum(
            float(self.overspent(n).sum()) / max(one.most, 1.0)
            for n, one in enumerate(self.couples.budgets)
            if one.rule.hardness == HARD
        )

    @property
    def soft_cost(self) -> float:
        """Harm points of the soft rules as the weeks stand."""
        over = self._over(np.arange(len(self.count)), self.count)
        total = float((self.couples.soft_price[:, None] * over).sum())
        return total + sum(
            one.rule.price(float(self.overspent(n).sum()), "money")
            for n, one in enumerate(self.couples.budgets)
            if one.rule.hardness != HARD
        )

    @property
    def cost(self) -> float:
        """Harm points by which plans are compared: no plan that breaks a hard rule is cheap."""
        broken = self.broken
        return self.soft_cost + (broken * self.steep if broken else 0.0)

    def excess(self, k: int) -> IntArray:
        """Heads too many of one count, (slot,)."""
        found: IntArray = self._over(np.array([k]), self.count[[k]])[0]
        return found

    def share(self, i: int, k: int, over: IntArray) -> float:
        """What a member's week adds to a count where it is broken, in head-slots."""
        return float(np.maximum(self._heads(i, np.array([k]))[0], 0)[over > 0].sum())

    def coupled(self) -> set[int]:
        """The members whom some count or budget sees."""
        seen = self.couples.sign.any(axis=(0, 2)) | sum(
            (one.rate > 0 for one in self.couples.budgets),
            start=np.zeros(len(self.weeks), dtype=np.bool_),
        )
        return {int(i) for i in np.flatnonzero(seen)}

    def meets(self, i: int, other: int) -> bool:
        """Whether some count sees both members."""
        return bool(np.intersect1d(self.couples.of_member[i], self.couples.of_member[other]).size)

    def learn(self, worth: float) -> None:
        """Take what a person is worth in a slot at most for what hard rules cost at least."""
        hard = self.couples.is_hard
        self.price[hard] = np.maximum(self.price[hard], worth)

    def raise_prices(self) -> None:
        """Let hard rules cost more where they are broken, and follow the money."""
        couples = self.couples
        hard = np.flatnonzero(couples.is_hard)
        broken = self._over(hard, self.count[hard]) > 0
        self.price[hard] = np.where(
            broken, np.minimum(self.price[hard] * _RISE, self.steep), self.price[hard]
        )
        for n, budget in enumerate(couples.budgets):
            self._follow_money(n, budget)

    def _follow_money(self, n: int, budget: Budget) -> None:
        """Halve what is known of the right price of money, and forget some of it."""
        is_over, price = self.overspent(n) > 0, self.money_price[n]
        low, high = self._money_edges[n]
        low[:] = np.where(is_over, price, low * (1 - _FORGETS))
        high[:] = np.where(is_over, np.where(high > price, high * (1 + _FORGETS), np.inf), price)
        first = (
            self._least / self.couples.hour_share / max(float(budget.rate.max(initial=0.0)), 1e-9)
        )
        halfway = np.where(np.isinf(high), np.maximum(price * _RISE, first), (low + high) / 2)
        halfway[halfway < first * 1e-3] = 0.0
        most = np.inf if budget.rule.hardness == HARD else budget.rule.weight
        self.money_price[n] = np.minimum(halfway, most)

    def _begin_prices(self) -> None:
        """First prices of hard rules: what the first person saves in a slot on average."""
        curves = self.team.curves
        first = curves.harm[:, :, :2]
        drop = first[:, :, 0] - first[:, :, -1]
        share = 1 / self.team.grid.horizon.slots_per_interval
        self._least = max(float(drop.mean()) * share if drop.size else 0.0, 1e-3)
        self.learn(self._least)

    def _add(self, i: int, sign: int) -> None:
        """Count a member's week in, or out of, everything."""
        week = self.weeks[i]
        if week is None:
            return
        which = self.couples.of_member[i]
        if len(which):
            self.count[which] += sign * self._heads(i, which)
        for budget, spent in zip(self.couples.budgets, self.spent, strict=True):
            np.add.at(spent, *_money(self.team.members[i], week, budget, i, sign))

    def _heads(self, i: int, which: IntArray) -> IntArray:
        """What a member's week adds to counts, (count, slot)."""
        now = self.moments[i]
        if now is None:
            return np.zeros((len(which), self.count.shape[1]), dtype=np.int64)
        seen = self.couples.seen[which][:, now.code]
        heads: IntArray = self.couples.sign[which, i][:, now.day] * seen
        return heads

    def _over(self, which: IntArray, count: IntArray) -> IntArray:
        """Heads above the limits, (count, slot)."""
        over: IntArray = np.maximum(count - self.couples.limit[which], 0)
        return over

    def overspent(self, n: int) -> FloatArray:
        """Money above a budget, (week,)."""
        over: FloatArray = np.maximum(self.spent[n] - self.couples.budgets[n].most, 0.0)
        over[over < 1e-9] = 0.0
        return over


def _money(
    member: Member, week: Week, budget: Budget, i: int, sign: int
) -> tuple[IntArray, FloatArray]:
    """The planning weeks of a member's shifts, and what each shift costs."""
    space = member.space
    options = np.array([option for option, _ in week.shifts], dtype=np.int64)
    days = np.searchsorted(space.day_ptr, options, side="right") - 1
    paid = np.array(space.lengths.paid_min, dtype=np.float64)[space.opt_len[options]]
    return budget.week_of[days], sign * budget.rate[i] * paid / 60


def _unpaid(member: Member) -> list[float]:
    """The share of a member's pauses that are not paid, by their kind."""
    parts = [part for breaks in member.space.lengths.breaks for part in breaks]
    shares = []
    for kind in PAUSES:
        pay = [not part.is_paid for part in parts if part.kind == kind]
        shares.append(float(np.mean(pay)) if pay else 0.0)
    return shares
