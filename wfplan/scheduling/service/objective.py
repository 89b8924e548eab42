"""The objective: harm, tail, floors and presence as one convex cost per channel and slot.

SCIENCE.md 3.2 and 3.3: total harm and CVaR of harm per contact (Rockafellar
and Uryasev 2000, doi:10.21314/JOR.2000.038), with priced shortfalls under the
floors. For a given tail level eta the cost of a channel-interval is a convex
falling function of its staff; for given tail weights it is a valid lower
estimate, which the bound uses.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.problem import Objective
from wfplan.domain.results import StaffNeed

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class CostCurves:
    """
    Convex costs of the horizon's intervals, and of the first hours after it.

    ``harm`` and ``floors`` are (channel, interval, staff) harm points of whole
    intervals; intervals from ``horizon_intervals`` on stand for the first ones
    of the week that follows and carry no tail. ``relief`` (channel, interval of
    the horizon, staff) steers a search (:mod:`wfplan.scheduling.terms.people`); it is
    no part of the customers' cost.
    """

    harm: FloatArray
    floors: FloatArray
    volume: FloatArray  # (channel, interval)
    horizon_intervals: int
    settings: Objective
    relief: FloatArray | None = None  # what staff spares the people there, at the level of a search

    @classmethod
    def of(
        cls, need: StaffNeed, settings: Objective, *, beyond: int, top_speed: FloatArray
    ) -> CostCurves:
        """
        The curves of a need, with ``beyond`` intervals after the horizon.

        ``top_speed`` is the most effective staff that one present head can be,
        per channel: a minimum of heads is asked for in those.
        """
        hours = need.horizon.interval_min / 60
        levels = np.arange(need.harm.shape[2], dtype=np.float64)
        short = np.maximum(need.staff_required[:, :, None] - levels, 0.0)
        heads_short = np.maximum(
            (need.staff_min * need.presence_share * top_speed[:, None])[:, :, None] - levels, 0.0
        )
        floors = hours * (settings.shortfall_per_h * short + settings.presence_per_h * heads_short)
        count = need.harm.shape[1]
        index = np.concatenate([np.arange(count), np.arange(beyond)])
        return cls(need.harm[:, index], floors[:, index], need.volume[:, index], count, settings)

    def at_level(self, eta: float) -> FloatArray:
        """Costs when harm per contact above ``eta`` counts as tail."""
        b, beta = self.settings.balance, self.settings.tail
        excess = np.maximum(self.harm - eta * self.volume[:, :, None], 0.0)
        costs = (1 - b) * self.harm + b * excess / (1 - beta) + self.floors
        if self.relief is not None:
            costs[:, : self.horizon_intervals] += self.relief
        return self._plain_beyond(costs)

    def at_weights(self, weights: FloatArray) -> FloatArray:
        """Costs when each channel-interval's harm counts ``weights`` times in the tail."""
        b = self.settings.balance
        costs = (1 - b + b * weights[:, :, None]) * self.harm + self.floors
        return self._plain_beyond(costs)

    def tail_constant(self, eta: float) -> float:
        """The part of the objective at a tail level that no schedule changes."""
        total = self.volume[:, : self.horizon_intervals].sum()
        return float(self.settings.balance * eta * total)

    def tail_level(self, harm: FloatArray, volume: FloatArray) -> float:
        """
        The harm per contact that only the worst ``1 - tail`` share of contacts exceeds.

        ``harm`` and ``volume`` are of cells: channel-intervals or their slots.
        """
        order, share = _by_harm_per_contact(harm, volume)
        if not len(order):
            return 0.0
        at = int(np.searchsorted(share, self.settings.tail - 1e-12))
        cell = order[min(at, len(order) - 1)]
        return float(harm.ravel()[cell] / volume.ravel()[cell])

    def tail_weights(self, harm: FloatArray, volume: FloatArray) -> FloatArray:
        """
        The weights whose weighted harm is the tail of these cells, shaped like them.

        They are between 0 and 1/(1 - tail) and average 1 over contacts; by
        duality any such weights underestimate the tail of every schedule.
        """
        order, share = _by_harm_per_contact(harm, volume)
        weights = np.zeros(harm.size)
        if len(order):
            beta = self.settings.tail
            before = np.concatenate([[0.0], share[:-1]])
            width = share - before  # 0 for a cell too small for its share to be told
            part = np.clip(share - np.maximum(before, beta), 0.0, None)
            part = np.divide(part, width, out=np.zeros_like(part), where=width > 0)
            weights[order] = part / (1 - beta)
        return weights.reshape(harm.shape)

    def tail(self, harm: FloatArray, volume: FloatArray) -> float:
        """CVaR of harm per contact over the cells, in harm points per contact."""
        total = float(volume.sum())
        return float((self.tail_weights(harm, volume) * harm).sum() / total) if total else 0.0

    def _plain_beyond(self, costs: FloatArray) -> FloatArray:
        after = slice(self.horizon_intervals, None)
        costs[:, after] = self.harm[:, after] + self.floors[:, after]
        return np.ascontiguousarray(costs)


def _by_harm_per_contact(
    harm: FloatArray, volume: FloatArray
) -> tuple[NDArray[np.int64], FloatArray]:
    """Cells with contacts from best to worst, and the share of contacts up to each."""
    flat, weight = harm.ravel(), volume.ravel()
    cells = np.flatnonzero(weight > 0)
    order = cells[np.argsort(flat[cells] / weight[cells], kind="stable")]
    share = np.cumsum(weight[order])
    return order, share / share[-1] if len(share) else share
