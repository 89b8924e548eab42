"""The bound: no legal schedule can cost less.

Lagrangian relaxation of the coverage: at prices per channel and slot every
slot buys the staff that suit it and every person sells the week that earns
most, each on their own (Geoffrion 1974, doi:10.1007/BFb0120690). Whatever the
prices, what remains underestimates every schedule; the prices begin at half of
what the next people are worth in a settled plan and follow deflected subgradients (Camerini,
Fratta and Maffioli 1975, doi:10.1007/BFb0120697). The tail enters by weights
that its dual admits, so that the bound holds for the true CVaR.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.progress import Stop, Watch
from wfplan.scheduling.coverage import Coverage, at_staff
from wfplan.scheduling.oracle import Oracle, Week
from wfplan.scheduling.search import slot_harm
from wfplan.scheduling.team import Team

FloatArray = NDArray[np.float64]

_PATIENCE = 4  # rounds without a better bound before the step is halved
_DEFLECTION = 0.6
_CLOSE = 1e-3  # of the plan's cost: a bound this near is near enough
_NEXT_STAFF = 2.0  # people over which the first prices are taken


@dataclass(frozen=True)
class _Sold:
    """What the people sell at some prices: its worth, and the staff it makes."""

    worth: float
    staff: FloatArray  # (channel, slot) effective
    empowered: FloatArray  # (slot,) heads


class LowerBound:
    """The Lagrangian of a team's coverage problem for fixed tail weights."""

    def __init__(self, team: Team, coverage: Coverage) -> None:
        """Take the tail weights and the first prices from the coverage of a settled plan."""
        self.team = team
        grid = team.grid
        known = team.interval_of >= 0
        self.slots = np.flatnonzero(known)
        self.interval = team.interval_of[known]
        share = 1.0 / grid.horizon.slots_per_interval
        harm, volume = slot_harm(team, coverage)
        weights = np.zeros((len(team.channels), len(self.slots)))
        weights[:, : grid.horizon.slot_count] = team.curves.tail_weights(harm, volume)
        self.cost = self._slot_costs(weights, share)  # (channel, slot, staff)
        self.levels = np.arange(self.cost.shape[2], dtype=np.float64)
        self.empowered_min = coverage.empowered_min[self.interval]
        self.empowered_price = coverage.empowered_price * share
        self.head_price = coverage.head_price * share
        self.first_prices = self._next_worth(coverage.staff[self.slots].T) / 2
        self.oracles = [Oracle() for _ in range(min(cpu_count() or 1, 8))]

    def improve(self, plan_cost: float, rounds: int, stop: Stop, watch: Watch) -> float:
        """
        The best bound over some rounds of price changes.

        ``plan_cost`` is the cost of a known plan, at which the steps aim.
        """
        prices, extra = self.first_prices, np.zeros(len(self.slots))
        kept = (prices, extra)
        direction, extra_direction = np.zeros_like(prices), np.zeros_like(extra)
        best, step, idle = -np.inf, 1.0, 0
        for done in range(max(rounds, 1)):
            value, slope, extra_slope = self.value(prices, extra)
            if value > best:
                best, idle, kept = value, 0, (prices, extra)
            else:
                idle += 1
                if idle >= _PATIENCE:
                    step, idle = step / 2, 0
                    prices, extra = kept
            watch("bound", {"round": done + 1, "bound": best})
            direction = slope + _DEFLECTION * direction
            extra_direction = extra_slope + _DEFLECTION * extra_direction
            size = float((direction**2).sum() + (extra_direction**2).sum())
            if plan_cost - best <= _CLOSE * abs(plan_cost) or size <= 0 or stop.is_due:
                break
            move = step * (plan_cost - value) / size
            prices = np.maximum(prices + move * direction, 0.0)
            extra = np.clip(extra + move * extra_direction, 0.0, self.empowered_price)
        return best

    def value(self, prices: FloatArray, extra: FloatArray) -> tuple[float, FloatArray, FloatArray]:
        """The bound at prices (channel, slot) and ``extra`` (slot,), and its slopes."""
        total = self.cost + prices[:, :, None] * self.levels
        bought = total.argmin(axis=2)
        worth = float(np.take_along_axis(total, bought[:, :, None], axis=2).sum())
        worth += float((extra * self.empowered_min).sum())
        sold = self._sell(prices, extra)
        return (
            worth - sold.worth,
            bought - sold.staff,
            self.empowered_min - sold.empowered,
        )

    def _next_worth(self, staff: FloatArray) -> FloatArray:
        """What the next people save per head in each slot, (channel, slot)."""
        slot = np.arange(len(self.slots))
        more = at_staff(self.cost, slot, staff + _NEXT_STAFF)
        worth: FloatArray = (at_staff(self.cost, slot, staff) - more) / _NEXT_STAFF
        return worth

    def _slot_costs(self, weights: FloatArray, share: float) -> FloatArray:
        """Costs of slots, (channel, slot, staff), with the tail at its weights."""
        curves = self.team.curves
        by_slot = curves.harm[:, self.interval]
        factor = 1 - curves.settings.balance + curves.settings.balance * weights
        factor[:, self.interval >= curves.horizon_intervals] = 1.0
        return (factor[:, :, None] * by_slot + curves.floors[:, self.interval]) * share

    def _sell(self, prices: FloatArray, extra: FloatArray) -> _Sold:
        """Everybody's best week at the prices, and last week's shifts that run on."""
        team = self.team
        count = team.grid.slots
        offers = [self._offer(kind, prices, extra) for kind in range(len(team.kinds))]
        gains = [np.zeros(count) for _ in offers]
        for gain, (earned, _) in zip(gains, offers, strict=True):
            gain[self.slots] = earned - self.head_price
        staff = np.zeros((len(team.channels), count))
        empowered = np.zeros(count)
        serves = np.zeros((len(offers), count), dtype=np.int64)
        for kind, (_, channel) in enumerate(offers):
            serves[kind, self.slots] = channel
        worth = 0.0

        def count_in(kind: int, slots: NDArray[np.int64]) -> None:
            k = team.kinds[kind]
            channel = serves[kind, slots]
            np.add.at(staff, (channel, slots), k.mass * team.speed[k.group, channel])
            if k.is_empowered:
                empowered[slots] += 1

        for kind, slots in team.carried:
            worth += float(gains[kind][slots].sum())
            count_in(kind, slots)
        for member, (value, week) in zip(team.members, self._best_weeks(gains), strict=True):
            worth += value
            for kind, slots in team.by_kind(member, week.on_queue):
                count_in(kind, slots)
        return _Sold(worth, staff[:, self.slots], empowered[self.slots])

    def _offer(
        self, kind: int, prices: FloatArray, extra: FloatArray
    ) -> tuple[FloatArray, NDArray[np.int64]]:
        """What a head of a kind earns in each slot, and on which channel."""
        k = self.team.kinds[kind]
        earned = k.mass * self.team.speed[k.group][:, None] * prices
        return earned.max(axis=0) + (extra if k.is_empowered else 0.0), earned.argmax(axis=0)

    def _best_weeks(self, gains: list[FloatArray]) -> list[tuple[float, Week]]:
        """Everybody's most valuable week, on all processors."""
        members = self.team.members
        parts = np.array_split(np.arange(len(members)), len(self.oracles))

        def work(part: NDArray[np.int64], oracle: Oracle) -> list[tuple[float, Week]]:
            found = []
            for i in part:
                value, week = oracle.ceiling(
                    members[i], self.team.gain_of(members[i], gains.__getitem__)
                )
                if week is None:
                    raise RuntimeError(f"{members[i].agent_id} lost her legal weeks")
                found.append((value, week))
            return found

        with ThreadPoolExecutor(len(self.oracles)) as pool:
            return [one for part in pool.map(work, parts, self.oracles) for one in part]
