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

from wfplan.scheduling.bound.buying import buy_cells
from wfplan.scheduling.service.objective import CostCurves

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


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
        self._balance = float(curves.settings.balance)
        self._top = float(1 / (1 - curves.settings.tail))
        shape = (len(curves.harm), len(interval))
        inside = np.broadcast_to(interval < curves.horizon_intervals, shape).ravel()
        volume = (curves.volume[:, interval] * slot_share).ravel()
        self._volume = np.where(inside & (self._balance > 0), volume, 0.0)
        self._least = np.where(inside, 1 - self._balance, 1.0)  # factor of harm without tail
        self._few, self._many, self._high, self._low, self._fewer = np.zeros((5, len(self.harm)))
        self._level = 0.0  # the last one, to begin with

    @property
    def levels(self) -> int:
        """The most staff that a cell can use."""
        return self.harm.shape[1] - 1

    def buy(
        self, prices: FloatArray, stiffness: float = 0.0, near: FloatArray | None = None
    ) -> Bought:
        """
        What the cells buy at prices, (cell,), at the best tail weights.

        With ``stiffness`` their staff are held ``near`` some, (cell,).
        """
        near = np.zeros(len(prices)) if near is None else near
        staff, weights = np.empty(len(prices)), np.empty(len(prices))
        value, self._level = buy_cells(
            self.harm, self.floors, self._least, self._volume, prices, near, float(stiffness),
            self._balance, self._top, self._level, self._few, self._many, self._high,
            self._low, self._fewer, staff, weights,
        )  # fmt: skip
        return Bought(value, staff, weights, self._level)

    def value(self, prices: FloatArray, weights: FloatArray) -> float:
        """The value at prices under given tail weights, exactly."""
        admitted = np.where(self._volume > 0, np.clip(weights, 0.0, self._top), 0.0)
        total, most = float((admitted * self._volume).sum()), float(self._volume.sum())
        if total > most:
            admitted = admitted * (most / total)
        cost = (self._least + self._balance * admitted)[:, None] * self.harm + self.floors
        cost += prices[:, None] * np.arange(self.harm.shape[1])
        return float(cost.min(axis=1).sum())
