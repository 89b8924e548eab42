"""What a bound proves, and what stands between it and the plan."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from wfplan.scheduling.market import Market, Prices
from wfplan.scheduling.team import Team

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Certificate:
    """
    A bound and the prices that prove it.

    ``reach`` estimates what no prices prove more than: what is left between it
    and a plan is not due to the prices, but to people and shifts being whole.
    ``wanted`` are the staff that slots buy at the prices.
    """

    value: float
    prices: FloatArray  # (channel, slot of the grid) harm points per effective head
    wanted: FloatArray  # (channel, slot of the grid) effective heads
    reach: float = np.inf

    @classmethod
    def none(cls, team: Team, prices: Prices) -> Certificate:
        """Nothing proven."""
        shape = (len(prices.staff), team.grid.slots)
        return cls(-np.inf, np.zeros(shape), np.zeros(shape))

    @classmethod
    def of(cls, team: Team, market: Market, prices: Prices, value: float) -> Certificate:
        """A bound that a pass of the oracle has proven at some prices."""
        shape = (len(prices.staff), team.grid.slots)
        known, wanted = np.zeros(shape), np.zeros(shape)
        known[:, market.slots] = prices.staff
        bought = market.buyers.buy(prices.staff.ravel()).staff
        wanted[:, market.slots] = bought.reshape(prices.staff.shape)
        return cls(value, known, wanted)

    @property
    def is_proven(self) -> bool:
        """Whether any pass has been finished."""
        return bool(np.isfinite(self.value))

    def reaching(self, reach: float) -> Certificate:
        """The same with a better estimate of what can be proven at all."""
        return replace(self, reach=reach)
