"""Recombining rows: the best choice of one row for each person out of many.

A set-partitioning problem over columns, each a whole row of one person, with convex
costs of the people in every cell; its linear relaxation prices the cells, at which the
oracle finds columns that are missing (Dantzig and Wolfe 1960, doi:10.1287/opre.8.1.101;
for rosters Jaumard, Semet and Vovor 1998, doi:10.1016/S0377-2217(97)00330-2). Prices are
smoothed towards those of the best bound so far (Wentges 1997,
doi:10.1016/S0969-6016(97)00001-4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csc_array

from wfplan.domain.progress import Stop
from wfplan.scheduling.rosters.roster import Roster
from wfplan.scheduling.rosters.rows import RowOracle

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_CLOSE = 1e-6
_SMOOTH = 0.5  # share of the best prices so far in those that are asked
_TAIL = 2e-4  # of the value: columns that save less are not waited for
_MOST, _FEWER = 45, 30  # columns of a person before and after some are laid aside


class Pool:
    """Rows seen so far, each once, by person; some may be laid aside."""

    def __init__(self, roster: Roster) -> None:
        self.roster = roster
        self.rows: list[list[IntArray]] = [[] for _ in roster.people]
        self.costs: list[list[float]] = [[] for _ in roster.people]
        self._known: list[set[bytes]] = [set() for _ in roster.people]
        self._aside: list[dict[bytes, float]] = [{} for _ in roster.people]

    def add(self, i: int, row: IntArray) -> bool:
        """Keep a legal row of a person; whether it was not there."""
        key = row.astype(np.int16).tobytes()
        if key in self._known[i]:
            return False
        cost = self._aside[i].pop(key, None)
        if cost is None:
            cost = self.roster.row_cost(i, row)
        assert cost < np.inf, "rows of the oracle are legal"
        self._known[i].add(key)
        self.rows[i].append(row)
        self.costs[i].append(cost)
        return True

    def keep(self, i: int, which: IntArray) -> None:
        """Lay all rows of a person aside but some."""
        every = {
            row.astype(np.int16).tobytes(): cost
            for row, cost in zip(self.rows[i], self.costs[i], strict=True)
        }
        self.rows[i] = [self.rows[i][n] for n in which]
        self.costs[i] = [self.costs[i][n] for n in which]
        self._known[i] = {row.astype(np.int16).tobytes() for row in self.rows[i]}
        self._aside[i] |= {key: every[key] for key in every.keys() - self._known[i]}

    def recall(self) -> None:
        """Take back all rows that were laid aside."""
        for i, aside in enumerate(self._aside):
            for key in sorted(aside):
                self.add(i, np.frombuffer(key, dtype=np.int16).astype(np.int64))


@dataclass(frozen=True)
class Mixture:
    """A solution of the linear master: everybody's weightiest row, and the prices of the cells."""

    value: float
    rows: tuple[IntArray, ...]  # per free person
    weight: FloatArray  # (free person,) of that row in the mixture
    price: FloatArray  # (day of the window, cell) harm points of one person more


class Master:
    """
    The choice of rows of some people, on some days, while all else stays.

    Parameters
    ----------
    rows
        Everybody's rows, (person, day).
    free
        The people who may have others.
    window
        First and last day (exclusive) on which theirs may differ.
    """

    def __init__(
        self, pool: Pool, rows: IntArray, free: Sequence[int], window: tuple[int, int]
    ) -> None:
        self.pool, self.roster, self.free = pool, pool.roster, list(free)
        self.first, self.last = window
        self.keep = rows.copy()
        self.keep[:, self.first : self.last] = -1
        fixed = rows[np.setdiff1d(np.arange(len(rows)), self.free)]
        base = self.roster.counts(fixed)[self.first : self.last]
        curve = self.roster.cover_cost[self.first : self.last]
        levels = np.minimum(base[:, :, None] + np.arange(len(free) + 1), curve.shape[2] - 1)
        self.values = np.take_along_axis(curve, levels, axis=2)
        self._cut()
        self.else_cost = self.roster.cover(rows, slice(0, self.first)) + self.roster.cover(
            rows, slice(self.last, None)
        )

    def _cut(self) -> None:
        """The pieces of the cover's costs above the people who are there anyway."""
        slopes = np.diff(self.values, axis=2)
        is_first = np.ones(slopes.shape, dtype=np.bool_)
        is_first[:, :, 1:] = slopes[:, :, 1:] != slopes[:, :, :-1]
        is_first &= (slopes != 0).max(axis=2, keepdims=True)  # else no row
        day, cell, first = np.nonzero(is_first)
        following = np.append(first[1:], 0)
        self.constant = float(self.values[:, :, 0].sum())
        self.cells, self.piece_row = np.unique(
            day * self.roster.cells + cell, return_inverse=True
        )  # the cells that have a row, and the row of each piece
        self.piece_cost = slopes[day, cell, first]
        self.piece_width = np.where(following > first, following, len(self.free)) - first

    def _matrix(self) -> tuple[FloatArray, csc_array]:
        """Costs and rows (person, then cell) of the columns and the pieces."""
        pool, cells, people = self.pool, self.roster.cells, len(self.free)
        rows = np.array([row for i in self.free for row in pool.rows[i]])
        cost = np.array([cost for i in self.free for cost in pool.costs[i]])
        owner = np.repeat(np.arange(people), self._sizes())
        column, day = np.nonzero(rows[:, self.first : self.last])
        cell = day * cells + rows[column, self.first + day] - 1
        row = np.searchsorted(self.cells, cell)
        is_kept = np.append(self.cells, -1)[row] == cell
        row, column = row[is_kept], column[is_kept]
        pieces = len(self.piece_row)
        entry = np.concatenate([owner, people + row, people + self.piece_row])
        where = np.concatenate([np.arange(len(rows)), column, len(rows) + np.arange(pieces)])
        sign = np.ones(len(entry))
        sign[len(entry) - pieces :] = -1.0
        shape = (people + len(self.cells), len(rows) + pieces)
        return np.concatenate([cost, self.piece_cost]), csc_array(
            (sign, (entry, where)), shape=shape
        )

    def _sizes(self) -> list[int]:
        """Number of columns of everybody free."""
        return [len(self.pool.rows[i]) for i in self.free]

    def relaxed(self) -> Mixture:
        """The linear relaxation over the pool."""
        cost, table = self._matrix()
        people, columns = len(self.free), sum(self._sizes())
        upper = np.concatenate([np.full(columns, np.inf), self.piece_width])
        bounds = np.stack([np.zeros_like(upper), upper], axis=1)
        right = np.zeros(table.shape[0])
        right[:people] = 1.0
        found = cast(Any, linprog)(cost, A_eq=table, b_eq=right, bounds=bounds, method="highs-ds")
        assert found.status == 0, found.message
        price = np.zeros((self.last - self.first) * self.roster.cells)
        price[self.cells] = -found.eqlin.marginals[people:]
        parts = np.split(found.x[:columns], np.cumsum(self._sizes())[:-1])
        top = [int(np.argmax(part)) for part in parts]
        return Mixture(
            value=float(found.fun) + self.constant,
            rows=tuple(self.pool.rows[i][n] for i, n in zip(self.free, top, strict=True)),
            weight=np.array([part[n] for part, n in zip(parts, top, strict=True)]),
            price=price.reshape(self.last - self.first, self.roster.cells),
        )

    def slopes(self, heads: FloatArray) -> FloatArray:
        """What one more costs beside a mean of so many, over half a head on either side."""
        return self._between(heads + 0.5) - self._between(np.maximum(heads - 0.5, 0.0))

    def _between(self, heads: FloatArray) -> FloatArray:
        """Costs of the cover at real numbers of heads, (day, cell)."""
        level = np.clip(heads, 0, self.values.shape[2] - 1)
        below = np.minimum(level.astype(np.int64), self.values.shape[2] - 2)[:, :, None]
        low = np.take_along_axis(self.values, below, axis=2)
        high = np.take_along_axis(self.values, below + 1, axis=2)
        between: FloatArray = (low + (high - low) * (level[:, :, None] - below))[:, :, 0]
        return between

    def bound_at(self, price: FloatArray, rows_value: float) -> float:
        """The Lagrangian bound at prices, (day, cell), where everybody's best rows cost so much."""
        heads = np.arange(self.values.shape[2])
        cover = (self.values - price[:, :, None] * heads).min(axis=2)
        return rows_value + float(cover.sum())

    def thin(self, price: FloatArray) -> None:
        """Lay aside the columns that cost most at prices, of people who have many."""
        everywhere = np.zeros((self.last - self.first, self.roster.cells + 1))
        everywhere[:, 1:] = price
        days = np.arange(self.last - self.first)
        for i in self.free:
            if len(self.pool.rows[i]) > _MOST:
                rows = np.array(self.pool.rows[i])[:, self.first : self.last]
                asked = self.pool.costs[i] + everywhere[days, rows].sum(axis=1)
                self.pool.keep(i, np.sort(np.argsort(asked, kind="stable")[:_FEWER]))

    def best_of(self, price: FloatArray, within: float, seconds: float) -> list[IntArray] | None:
        """
        The best choice of all rows seen, by branch and bound; None without any in time.

        At the prices of the relaxation no choice that costs less than ``within`` more
        than it holds a row that alone costs so much more than its person's cheapest.
        """
        self.pool.recall()
        cost, table = self._matrix()
        people, sizes = len(self.free), self._sizes()
        columns = sum(sizes)
        asked = np.concatenate([np.zeros(people), price.ravel()[self.cells]]) @ table[:, :columns]
        parts = np.split(cost[:columns] + asked, np.cumsum(sizes)[:-1])
        excess = np.concatenate([part - part.min() for part in parts])
        upper = np.concatenate([excess <= within, self.piece_width]).astype(np.float64)
        right = np.zeros(table.shape[0])
        right[:people] = 1.0
        found = milp(
            cost,
            integrality=(np.arange(len(cost)) < columns).astype(np.int64),
            bounds=Bounds(0.0, upper),
            constraints=LinearConstraint(table, right, right),
            options={"time_limit": seconds, "mip_rel_gap": 0.0},
        )
        if found.x is None:
            return None
        taken = np.split(found.x[:columns], np.cumsum(sizes)[:-1])
        return [
            self.pool.rows[i][int(np.argmax(part))]
            for i, part in zip(self.free, taken, strict=True)
        ]


@dataclass(frozen=True)
class Relaxed:
    """What column generation found: the last mixture, and the best bound."""

    mixture: Mixture
    bound: float


def generate(
    master: Master,
    oracle: RowOracle,
    stop: Stop,
    *,
    rounds: int,
    price: FloatArray,
    cutoff: float = np.inf,
) -> Relaxed:
    """
    Columns until none is missing, the bound exceeds a cutoff or the budget is used.

    ``price`` are prices to begin near to, (day of the window, cell).
    """
    bound, stable = -np.inf, price
    for _ in range(rounds):
        mixture = master.relaxed()
        master.thin(mixture.price)
        for asked in (_SMOOTH * stable + (1 - _SMOOTH) * mixture.price, mixture.price):
            total, is_new = _priced(master, oracle, asked)
            at = master.bound_at(asked, total)
            if at > bound:
                bound, stable = at, asked
            if is_new:
                break
        close = max(_CLOSE, _TAIL * abs(mixture.value))
        if not is_new or bound > min(cutoff, mixture.value - close) or stop.is_due:
            break
    return Relaxed(mixture, bound)


class Mixtures:
    """
    Everybody's mixture of rows, and the heads that all of them make together.

    Blockwise steps of Frank and Wolfe (Lacoste-Julien et al. 2013, arXiv:1207.4747):
    each person in turn mixes a cheapest row into hers, at the slopes of the cover of
    all mixtures. The rows found cover together nearly what is wanted, so that they are
    good columns for a start; rounded one person after the other they make a roster.
    """

    def __init__(self, master: Master, oracle: RowOracle, rows: IntArray) -> None:
        self.master, self.oracle = master, oracle
        self.days = np.arange(master.last - master.first)
        shape = (len(master.free), len(self.days), master.roster.cells + 1)
        self.parts = np.zeros(shape)
        for n, i in enumerate(master.free):
            self.parts[n, self.days, rows[i, master.first : master.last]] = 1.0
        self.heads = self.parts.sum(axis=0)

    @property
    def price(self) -> FloatArray:
        """What one more costs in each cell, (day of the window, cell)."""
        return self.master.slopes(self.heads[:, 1:])

    def sweep(self, share: float, rng: np.random.Generator) -> None:
        """Everybody mixes a share of a cheapest row into hers, in random order."""
        for n in rng.permutation(len(self.parts)):
            self._mix(int(n), share)

    def rounded(self, rows: IntArray, rng: np.random.Generator) -> IntArray:
        """Whole rows for everybody in random order, beside the mixtures of those to come."""
        rows = rows.copy()
        for n in rng.permutation(len(self.parts)):
            self.heads -= self.parts[n]
            self.parts[n] = 0.0
            row = self._mix(int(n), 1.0)
            if row is not None:
                rows[self.master.free[n]] = row
        return rows

    def _mix(self, n: int, share: float) -> IntArray | None:
        """Mix a share of the cheapest row into one person's; that row."""
        master, i = self.master, self.master.free[n]
        price = np.zeros((master.roster.days, master.roster.cells))
        price[master.first : master.last] = self.price
        _, row = self.oracle.best(i, price, master.keep[i])
        if row is not None:
            master.pool.add(i, row)
            at = row[master.first : master.last]
            self.heads -= share * self.parts[n]
            self.parts[n] *= 1 - share
            self.parts[n, self.days, at] += share
            self.heads[self.days, at] += share
        return row


def _priced(master: Master, oracle: RowOracle, price: FloatArray) -> tuple[float, bool]:
    """Everybody's cheapest row at prices put into the pool: their cost, and whether one is new."""
    total, is_new = 0.0, False
    everywhere = np.zeros(master.roster.cover_cost.shape[:2])
    everywhere[master.first : master.last] = price
    for i in master.free:
        value, row = oracle.best(i, everywhere, master.keep[i])
        total += value
        if row is not None:
            is_new |= master.pool.add(i, row)
    return total, is_new
