"""Buyers: what every slot of every channel does at a price per effective head.

In the Lagrangian of the coverage a channel's slot buys the staff that make its
cost least, price paid. For any tail weights that its dual admits (between 0 and
1/(1 - tail), 1 on average over contacts; Rockafellar and Uryasev 2000,
doi:10.21314/JOR.2000.038) the sum over all slots underestimates the customers'
cost of every schedule. The weights that underestimate least have a closed form
but for one number, the tail level: a slot whose harm per contact is above it
counts full, one below it not, and one that the level holds in place as much as
keeps it there.

A quadratic term of ``stiffness`` around some staff makes the value smooth in the
prices (Nesterov 2005, doi:10.1007/s10107-004-0552-5); it is without bias where
that staff is what is bought.

A *cell* is a slot of a channel. Cost curves are convex and falling in staff.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wfplan.scheduling.objective import CostCurves

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_HALVINGS = 30
_LEVEL_CLOSE = 1e-6  # of the tail level


@dataclass(frozen=True)
class Bought:
    """What the cells buy: its value, prices paid, the staff, tail weights and tail level."""

    value: float
    staff: FloatArray  # (cell,) effective heads
    weights: FloatArray  # (cell,) tail weights
    level: float  # harm per contact


class Buyers:
    """The cells of a coverage, (channel, slot) in one row."""

    def __init__(self, curves: CostCurves, interval: IntArray, slot_share: float) -> None:
        """Take the curves of the slots' intervals; a slot is a share of its interval."""
        levels = curves.harm.shape[2]
        self.harm = (curves.harm[:, interval] * slot_share).reshape(-1, levels)
        self.floors = (curves.floors[:, interval] * slot_share).reshape(-1, levels)
        self._balance = curves.settings.balance
        self._top = 1 / (1 - curves.settings.tail)
        shape = (len(curves.harm), len(interval))
        inside = np.broadcast_to(interval < curves.horizon_intervals, shape).ravel()
        volume = np.where(inside, (curves.volume[:, interval] * slot_share).ravel(), 0.0)
        self._least = np.where(inside, 1 - self._balance, 1.0)  # factor of harm without tail
        self._all = np.arange(len(self.harm))
        self._steps = (np.diff(self.harm, axis=1), np.diff(self.floors, axis=1))
        self._tail = np.flatnonzero((volume > 0) & (self._balance > 0))  # cells of the tail
        self._volume = volume[self._tail]
        most = self._factor(np.full(len(self.harm), self._top))
        harm, floors = self._steps
        self._slow = _Curves(self._least[:, None] * harm + floors)
        self._fast = _Curves(most[:, None] * harm + floors)
        per_contact = np.negative(self.harm[self._tail]) / self._volume[:, None]
        self._fall = _Rows(per_contact)

    @property
    def levels(self) -> int:
        """The most staff that a cell can use."""
        return self.harm.shape[1] - 1

    def buy(self, prices: FloatArray, stiffness: float = 0.0, near: FloatArray | None = None
            ) -> Bought:  # fmt: skip
        """
        What the cells buy at prices, (cell,), at the best tail weights.

        With ``stiffness`` their staff are held ``near`` some, (cell,).
        """
        near = np.zeros(len(prices)) if near is None else near
        staff = self._slow.staff(prices, stiffness, near)
        weights, level = np.zeros(len(prices)), 0.0
        if len(self._tail):
            most = self._fast.staff(prices, stiffness, near)
            tail = _Tail(self, prices, stiffness, near, staff, most)
            weights[self._tail], level = tail.settle()
            staff = staff.copy()
            staff[self._tail] = tail.staff(level)
        held = stiffness / 2 * (staff - near) ** 2
        cost = self._factor(weights) * _at(self.harm, staff) + _at(self.floors, staff)
        return Bought(float((cost + prices * staff + held).sum()), staff, weights, level)

    def value(self, prices: FloatArray, weights: FloatArray) -> float:
        """The value at prices under given tail weights, exactly."""
        admitted = np.clip(weights, 0.0, self._top)
        total, most = float((admitted[self._tail] * self._volume).sum()), self._volume.sum()
        if total > most:
            admitted = admitted * (most / total)
        cost = self._factor(admitted)[:, None] * self.harm + self.floors
        cost += prices[:, None] * np.arange(self.harm.shape[1])
        return float(cost.min(axis=1).sum())

    def _factor(self, weights: FloatArray) -> FloatArray:
        """By what the harm of each cell counts."""
        factor = self._least.copy()
        factor[self._tail] += self._balance * weights[self._tail]
        return factor


class _Tail:
    """The cells of the tail at some prices: their weights and staff at a tail level."""

    def __init__(
        self, buyers: Buyers, prices: FloatArray, stiffness: float, near: FloatArray,
        least: FloatArray, most: FloatArray,
    ) -> None:  # fmt: skip
        """``least`` and ``most`` are the staff of cells that count nothing and in full."""
        at = buyers._tail
        self.volume, self.top, self.balance = buyers._volume, buyers._top, buyers._balance
        self.fall, self.harm_steps = buyers._fall, buyers._steps[0][at]
        self.floor_steps = buyers._steps[1][at]
        self.least, self.most = least[at], most[at]
        self.low = _at(buyers.harm[at], self.most) / self.volume
        self.high = _at(buyers.harm[at], self.least) / self.volume
        self.pull = (-prices + stiffness * near)[at]
        self.stiffness = stiffness

    def settle(self) -> tuple[FloatArray, float]:
        """Weights that average 1 over contacts, and their level."""
        low, high = 0.0, float(self.high.max()) * (1 + 1e-9) + 1e-12
        total = float(self.volume.sum())
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            if float((self.weights(middle) * self.volume).sum()) > total:
                low = middle
            else:
                high = middle
            if high - low <= _LEVEL_CLOSE * high:
                break
        more, fewer = self.weights(low), self.weights(high)
        above, below = float((more * self.volume).sum()), float((fewer * self.volume).sum())
        # Both are best at the level between them, and so is what lies between both.
        share = min(max((total - below) / (above - below), 0.0), 1.0) if above > below else 0.0
        return share * more + (1 - share) * fewer, (low + high) / 2

    def weights(self, level: float) -> FloatArray:
        """Tail weights at a level, (cell of the tail,)."""
        weights = np.where(level < self.low, self.top, 0.0)
        held = np.flatnonzero((level >= self.low) & (level <= self.high) & (self.high > self.low))
        staff, step = self._where(held, level)
        fall = self.harm_steps[held, step]
        asked = self.pull[held] - self.stiffness * staff - self.floor_steps[held, step]
        factor = np.divide(asked, fall, out=np.zeros_like(asked), where=fall < 0)
        weights[held] = np.clip((factor - 1 + self.balance) / self.balance, 0.0, self.top)
        return weights

    def staff(self, level: float) -> FloatArray:
        """Staff at a level, (cell of the tail,)."""
        staff, _ = self._where(np.arange(len(self.volume)), level)
        bought: FloatArray = np.clip(staff, self.least, self.most)
        return bought

    def _where(self, cells: IntArray, level: float) -> tuple[FloatArray, IntArray]:
        """The staff at which some cells' harm per contact falls to a level, and the step there."""
        last = self.harm_steps.shape[1] - 1
        step = np.clip(self.fall.count_below(cells, -level) - 1, 0, last)
        fall = self.harm_steps[cells, step] / self.volume[cells]
        above = -self.fall.table[cells, step] - level
        part = np.divide(above, -fall, out=np.zeros_like(above), where=fall < 0)
        return step + np.clip(part, 0.0, 1.0), step


class _Rows:
    """Rows that rise, to be searched all at once."""

    def __init__(self, table: FloatArray) -> None:
        self.table = table
        self._low = float(table.min(initial=0.0)) - 1.0
        self._high = float(table.max(initial=0.0)) + 1.0
        self._span = 2 * (self._high - self._low)
        self._flat = (table - self._low + self._span * np.arange(len(table))[:, None]).ravel()

    def count_below(self, rows: IntArray, values: FloatArray | float) -> IntArray:
        """How many entries of each of some rows are below a value."""
        asked = np.clip(values, self._low, self._high) - self._low + self._span * rows
        found: IntArray = np.searchsorted(self._flat, asked) - rows * self.table.shape[1]
        return found


class _Curves:
    """Slopes of convex curves, (cell, step)."""

    def __init__(self, slopes: FloatArray) -> None:
        self._slopes = slopes
        self._stiffness = -1.0
        self._rows = _Rows(slopes)

    def staff(self, prices: FloatArray, stiffness: float, near: FloatArray) -> FloatArray:
        """Where cost, price and what holds the staff near some are least together."""
        last, cells = self._slopes.shape[1], np.arange(len(prices))
        if stiffness != self._stiffness:
            self._rows = _Rows(self._slopes + stiffness * np.arange(1, last + 1))
            self._stiffness = stiffness
        full = self._rows.count_below(cells, stiffness * near - prices)
        if not stiffness:
            return full.astype(np.float64)
        slope = self._slopes[cells, np.minimum(full, last - 1)]
        best = near - (prices + slope) / stiffness
        staff: FloatArray = np.minimum(np.clip(best, full, full + 1), last)
        return staff


def _at(table: FloatArray, staff: FloatArray) -> FloatArray:
    """Values of curves, (cell, staff), at real staff."""
    cells = np.arange(len(staff))
    step = np.minimum(staff.astype(np.int64), table.shape[1] - 2)
    low = table[cells, step]
    value: FloatArray = low + (table[cells, step + 1] - low) * (staff - step)
    return value
