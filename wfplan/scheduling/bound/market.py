"""The market of a coverage: slots that buy staff, people who sell weeks, and prices between.

The Lagrangian of the coverage is concave in the prices per channel and slot, and
in the premium of empowered heads per slot. Here its smooth neighbour over known
weeks is climbed by limited-memory BFGS (Byrd, Lu, Nocedal and Zhu 1995,
doi:10.1137/0916069); what the prices prove is for :mod:`wfplan.scheduling.bound.bound`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.progress import Stop
from wfplan.scheduling.bound.alike import Alike
from wfplan.scheduling.bound.buyers import Bought, Buyers
from wfplan.scheduling.bound.climbing import Climber
from wfplan.scheduling.bound.sellers import Sellers
from wfplan.scheduling.service.coverage import Coverage
from wfplan.scheduling.team.team import Team

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_SOME = 1e-12


@dataclass(frozen=True)
class Prices:
    """Prices per effective head, (channel, slot), and premium per empowered head, (slot,)."""

    staff: FloatArray
    empowered: FloatArray

    def towards(self, others: Prices, share: float) -> Prices:
        """Prices a share of the way to others."""
        return Prices(
            (1 - share) * self.staff + share * others.staff,
            (1 - share) * self.empowered + share * others.empowered,
        )


@dataclass(frozen=True)
class Smoothing:
    """
    How far from the Lagrangian its smooth neighbour is.

    ``people`` and ``channels`` are harm points by which weeks of a person and
    channels of a head count as equal; ``stiffness`` holds what slots buy
    ``near`` some staff, (channel, slot), in harm points per head squared.
    """

    people: float
    channels: float
    stiffness: float
    near: FloatArray


class Market:
    """Buyers and sellers of one team, and what a head is offered at given prices."""

    def __init__(self, team: Team, coverage: Coverage, alike: Alike | None = None) -> None:
        self.slots = np.flatnonzero(team.interval_of >= 0)
        interval = team.interval_of[self.slots]
        share = 1.0 / team.grid.horizon.slots_per_interval
        self.team = team
        self.buyers = Buyers(team.curves, interval, share)
        self.sellers = Sellers(team, self.slots, alike)
        self.empowered_min = coverage.empowered_min[interval]
        self.empowered_price = coverage.empowered_price * share
        self.head_price = coverage.head_price * share
        groups = [kind.group for kind in team.kinds]
        mass = np.array([kind.mass for kind in team.kinds])
        self.speed = team.speed[groups] * mass[:, None]  # (kind, channel)
        most = np.full((len(team.channels) + 1, len(self.slots)), np.inf)
        most[-1] = self.empowered_price
        self._climber = Climber(0.0, most.ravel())
        self.is_empowered = np.array([kind.is_empowered for kind in team.kinds], dtype=np.float64)

    def offers(self, prices: Prices) -> FloatArray:
        """What a head of each kind earns in each slot, (kind, slot)."""
        best = (self.speed[:, :, None] * prices.staff).max(axis=1)
        return self._with_premium(best, prices)

    def climb(
        self, prices: Prices, smoothing: Smoothing, steps: int, stop: Stop
    ) -> tuple[Prices, FloatArray]:
        """Better prices for the smooth market, and the staff that are bought at them."""
        shape, size = prices.staff.shape, prices.staff.size

        def value(x: FloatArray) -> tuple[float, FloatArray]:
            at = Prices(x[:size].reshape(shape), x[size:])
            worth, slope, of_empowered, _ = self._smooth(at, smoothing)
            return worth, np.concatenate([slope.ravel(), of_empowered])

        begin = np.concatenate([prices.staff.ravel(), prices.empowered])
        found = self._climber.climb(value, begin, steps, stop)
        better = Prices(found[:size].reshape(shape), found[size:])
        *_, bought = self._smooth(better, smoothing)
        return better, bought.staff.reshape(shape)

    def empowered_value(self, premium: FloatArray) -> float:
        """What slots pay for empowered heads, who come whole, at a premium (slot,)."""
        low, high = np.floor(self.empowered_min + _SOME), np.ceil(self.empowered_min - _SOME)
        missing = self.empowered_price * (self.empowered_min - low)
        least = np.minimum(missing + premium * low, premium * high)
        paid = np.minimum(least, self.empowered_price * self.empowered_min)
        return float(paid.sum())

    def _smooth(
        self, prices: Prices, smoothing: Smoothing
    ) -> tuple[float, FloatArray, FloatArray, Bought]:
        """Its value, the slopes by (channel, slot) and by (slot,), and what is bought."""
        bought = self.buyers.buy(prices.staff.ravel(), smoothing.stiffness, smoothing.near.ravel())
        worth = np.where(self.speed[:, :, None] > 0, self.speed[:, :, None] * prices.staff, -np.inf)
        best = worth.max(axis=1)
        part = np.exp((worth - best[:, None]) / smoothing.channels)
        total = part.sum(axis=1)
        offers = self._with_premium(best + smoothing.channels * np.log(total), prices)
        sold = self.sellers.sell(offers, smoothing.people)
        staff = (part * (sold.heads / total)[:, None] * self.speed[:, :, None]).sum(axis=0)
        empowered = self.is_empowered @ sold.heads
        value = bought.value + float((prices.empowered * self.empowered_min).sum()) - sold.worth
        slope = bought.staff.reshape(staff.shape) - staff
        return value, slope, self.empowered_min - empowered, bought

    def _with_premium(self, best: FloatArray, prices: Prices) -> FloatArray:
        premium = self.is_empowered[:, None] * prices.empowered
        offers: FloatArray = best + premium - self.head_price
        return offers
