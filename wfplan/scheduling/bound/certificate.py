"""What a bound proves, and what stands between it and the plan."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.results import GapReading, GapReason, Proof
from wfplan.scheduling.bound.market import Market, Prices
from wfplan.scheduling.team.team import Team

FloatArray = NDArray[np.float64]

_SETTLED = 0.03  # of what can be proven
_CLOSE = 0.01  # of the plan's cost
_CLOSE_HOURS = 0.003  # of the hours that are wanted


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
    proof: Proof | None = None

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

    @property
    def is_settled(self) -> bool:
        """Whether the prices are good enough to explain a plan: little more can be proven."""
        is_known = self.is_proven and np.isfinite(self.reach)
        return bool(is_known and self.reach - self.value <= _SETTLED * abs(self.reach))

    def reaching(self, reach: float) -> Certificate:
        """The same with a better estimate of what can be proven at all."""
        return replace(self, reach=reach)

    def proved_by(self, proof: Proof) -> Certificate:
        """The same with what another bound may begin with."""
        return replace(self, proof=proof)

    def reading(
        self, team: Team, objective: float, constant: float, left_out: float = 0.0
    ) -> GapReading | None:
        """
        The gap of a plan in hours and money; None where nothing is proven or worth anything.

        ``constant`` is a part of the objective that the bound adds as it is, and
        ``left_out`` one that it knows nothing of.
        """
        slot_h = team.grid.horizon.slot_min / 60
        wanted_h = float(self.wanted.sum()) * slot_h
        worth = float((self.wanted * self.prices).sum())
        if not self.is_proven or worth <= 0:
            return None
        points = max(objective - constant - self.value, 0.0)
        hours = points / worth * wanted_h
        aside = min(max(left_out, 0.0), points)
        whole = min(max(objective - constant - self.reach - aside, 0.0), points - aside)
        is_close = points <= _CLOSE * abs(objective) or points <= _CLOSE_HOURS * worth
        return GapReading(
            points=points,
            hours=hours,
            hours_share=points / worth,
            hour_points=worth / wanted_h,
            money=_money(team, hours),
            whole_share=whole / points if points else 0.0,
            reason=GapReason.CLOSE if is_close else self._reason(points, whole, aside),
            left_out_share=aside / points if points else 0.0,
        )

    def _reason(self, points: float, whole: float, left_out: float) -> GapReason:
        """The largest part of a gap; unsettled prices say nothing of whole people."""
        unproven = points - whole - left_out
        if left_out >= max(whole, unproven):
            return GapReason.LEFT_OUT
        is_whole = self.is_settled and whole >= unproven
        return GapReason.WHOLE if is_whole else GapReason.PRICES


def _money(team: Team, hours: float) -> float | None:
    """What effective hours are paid at the mean price of an hour, absence included."""
    paid = [member.agent.cost_per_hour for member in team.members]
    known = [price for price in paid if price is not None]
    if not known:
        return None
    return hours / team.need.presence_share * float(np.mean(known))
