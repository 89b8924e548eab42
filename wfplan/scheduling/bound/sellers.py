"""Sellers: known weeks of every person, and what is best among them at given prices.

The bound's prices are those of a linear master over weeks that are known so far
(column generation; Dantzig and Wolfe 1960, doi:10.1287/opre.8.1.101), of which
only the dual is solved, smooth: a person's best week is an entropic mean of her
weeks at a ``temperature`` (Nesterov 2005, doi:10.1007/s10107-004-0552-5), so that
its prices lie in the middle of all that are best, as an interior point's do. A
week is kept as its runs on queue, and valued by prefix sums.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from wfplan.scheduling.bound.alike import Alike
from wfplan.scheduling.team.oracle import Shifts, Week
from wfplan.scheduling.team.team import Team

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Sold:
    """What the people sell: its worth, and the heads of each kind in each slot."""

    worth: float
    heads: FloatArray  # (kind, slot)


class Sellers:
    """The known weeks of a team over a stretch of slots; people who are alike share theirs."""

    def __init__(self, team: Team, slots: IntArray, alike: Alike | None = None) -> None:
        """``slots`` are those in which staff are wanted, without a hole; ``alike`` who sells."""
        self.team = team
        self.alike = alike or Alike.among(team.members)
        self._first, self._count = int(slots[0]), len(slots)
        self._seen: list[set[bytes]] = [set() for _ in self.alike.members]
        self._owner: list[int] = []
        self._shifts: list[Shifts] = []
        self._cost: list[float] = []
        self._at: list[IntArray] = []
        self._sign: list[FloatArray] = []
        self.carried = np.zeros((len(team.kinds), len(slots)))
        for kind, taken in team.carried:
            inside = taken - self._first
            inside = inside[(inside >= 0) & (inside < self._count)]
            np.add.at(self.carried[kind], inside, 1.0)

    def __len__(self) -> int:
        return len(self._owner)

    def learn(self, k: int, week: Week) -> bool:
        """Keep a week of those who are like the k-th; whether it is a new one."""
        key = week.on_queue.tobytes()
        if key in self._seen[k]:
            return False
        self._seen[k].add(key)
        at, sign = self._runs(k, week)
        self._owner.append(k)
        self._shifts.append(week.shifts)
        self._cost.append(week.cost)
        self._at.append(at)
        self._sign.append(sign)
        return True

    def gather(self) -> None:
        """Make the weeks learnt since part of what is sold; everybody has one."""
        owner = np.array(self._owner)
        order = np.argsort(owner, kind="stable")
        ends = np.cumsum([0, *(len(at) for at in self._at)])
        table = sparse.csr_matrix(
            (np.concatenate(self._sign), np.concatenate(self._at), ends),
            shape=(len(owner), len(self.team.kinds) * (self._count + 1)),
        )
        self._runs_of = table[order]
        self._weeks_at = self._runs_of.T.tocsr()
        self._price = np.array(self._cost)[order]
        self._of = owner[order]
        self._order = order
        self._begin = np.searchsorted(self._of, np.arange(len(self.alike.members)))

    def sell(self, offers: FloatArray, temperature: float) -> Sold:
        """What is sold at offers (kind, slot) per head."""
        best, weight, total = self._means(offers, temperature)
        people = self.alike.count
        edges = (self._weeks_at @ (weight * people[self._of])).reshape(len(offers), self._count + 1)
        heads = np.cumsum(edges[:, ::-1], axis=1)[:, ::-1][:, 1:] + self.carried
        worth = float(people @ (best + temperature * np.log(total)))
        return Sold(worth + float((self.carried * offers).sum()), heads)

    def worked(self, offers: FloatArray, temperature: float, least: float) -> list[list[Shifts]]:
        """The weeks that make up more than the least share of somebody's, (member, week)."""
        _, weight, _ = self._means(offers, temperature)
        weeks: list[list[Shifts]] = [[] for _ in self.alike.members]
        for at in np.flatnonzero(weight > least):
            weeks[self._of[at]].append(self._shifts[self._order[at]])
        return weeks

    def worth(self, offers: FloatArray) -> float:
        """What the best known weeks are worth at offers (kind, slot) per head."""
        best = np.maximum.reduceat(self._values(offers), self._begin)
        return float(self.alike.count @ best + (self.carried * offers).sum())

    def _means(
        self, offers: FloatArray, temperature: float
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """The best week's value, (member,), the share of each week, and what shares add up from."""
        value = self._values(offers)
        best = np.maximum.reduceat(value, self._begin)
        weight = np.exp((value - best[self._of]) / temperature)
        total = np.add.reduceat(weight, self._begin)
        return best, weight / total[self._of], total

    def _values(self, offers: FloatArray) -> FloatArray:
        sums = np.zeros((len(offers), self._count + 1))
        np.cumsum(offers, axis=1, out=sums[:, 1:])
        values: FloatArray = self._runs_of @ sums.ravel() - self._price
        return values

    def _runs(self, k: int, week: Week) -> tuple[IntArray, FloatArray]:
        """Places of prefix sums that make up a week, and their signs."""
        places, signs = [np.zeros(0, dtype=np.int64)], [np.zeros(0)]
        for kind, slots in self.team.by_kind(self.alike.members[k], week.on_queue):
            at = np.sort(slots) - self._first
            at = at[(at >= 0) & (at < self._count)]
            if not len(at):
                continue
            cut = np.flatnonzero(np.diff(at) > 1)
            begin, end = at[np.append(0, cut + 1)], at[np.append(cut, len(at) - 1)] + 1
            places += [kind * (self._count + 1) + end, kind * (self._count + 1) + begin]
            signs += [np.ones(len(end)), np.full(len(begin), -1.0)]
        return np.concatenate(places), np.concatenate(signs)
