"""The best days of one person where her weeks share a budget of paid time that binds.

The oracle's program is exact, but has to tell apart every total that earlier
weeks may have used. Where these are few it is run as it is. Where they are many
the budget is priced: at a price for a unit of paid time the weeks do not meet,
and by weak duality what is earned at any price, with the best total at that
price, is a ceiling of every legal choice (Geoffrion 1974, doi:10.1007/BFb0120690).
The best plan that keeps the budget on the way to the right price is then improved
by the exact program in a corridor of totals around its own. Feasibility is never
lost: where no price keeps the budget the whole program decides, and a plan lies in
its own corridor.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from wfplan.scheduling.person.budget import merged_totals
from wfplan.scheduling.person.labels import NO_WEEK, TRAIL_WIDTH
from wfplan.scheduling.person.legal import LegalDays
from wfplan.scheduling.person.week import best_days

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

ROOM_EXACT = 8  # totals at a time up to which the program is run as it is
_CORRIDOR = 3  # units of paid time on both sides of a plan's totals
_POOL = 1 << 17
_ROUNDS = 10
_CLOSE = 1e-9
_value = attrgetter("value")


@dataclass(frozen=True)
class BestDays:
    """
    Chosen options of each day (-1: off), what they are worth, and what none is worth more than.

    ``chosen`` is None, and both values minus infinity, where no days are legal.
    """

    value: float
    ceiling: float
    chosen: IntArray | None

    @property
    def is_proven(self) -> bool:
        """Whether no legal days are worth more."""
        return self.value > NO_WEEK and self.ceiling - self.value <= _CLOSE * max(
            1.0, abs(self.value)
        )


class DaysSolver:
    """Runs the oracle's program; owns the memory it works in."""

    def __init__(self, room_exact: int = ROOM_EXACT) -> None:
        self._room_exact = room_exact
        self._pool(_POOL)

    def best(self, legal: LegalDays, value: FloatArray, paid_cost: float) -> BestDays:
        """The best days at given values of the options, (option,), and price of paid time."""
        if legal.room > self._room_exact:
            return self._priced(legal, value, paid_cost)
        total, chosen = self._run(legal, value, paid_cost)
        return BestDays(total, total, chosen)

    def _priced(self, legal: LegalDays, value: FloatArray, paid_cost: float) -> BestDays:
        """The best plan that prices and a corridor find, with the ceiling of the prices."""
        found, nearest = self._at_prices(legal, value, paid_cost)
        if found.is_proven or nearest is None:
            return found
        total, chosen = self._run(_corridor(legal, nearest), value, paid_cost)
        if chosen is None:
            # Neither a price nor a corridor has kept the budget: the whole program decides.
            total, chosen = self._run(legal, value, paid_cost)
            return BestDays(total, total, chosen)
        return BestDays(total, max(found.ceiling, total), chosen)

    def _at_prices(
        self, legal: LegalDays, value: FloatArray, paid_cost: float
    ) -> tuple[BestDays, IntArray | None]:
        """
        The best plan inside the budget at some prices of it, and the least ceiling of all.

        Second that plan, or the one that misses the budget by least; None where no
        days are legal even without the budget.
        """
        free, totals = _unbound(legal), np.arange(legal.paid_low, legal.paid_high + 1)
        if not len(totals):
            return BestDays(NO_WEEK, NO_WEEK, None), None
        found = BestDays(NO_WEEK, np.inf, None)
        nearest, missed = None, np.inf
        price, step, edges = 0.0, _step(legal, value), [-np.inf, np.inf]
        for _ in range(_ROUNDS):
            worth, chosen = self._run(free, value, paid_cost + price)
            if chosen is None:
                return BestDays(NO_WEEK, NO_WEEK, None), None
            paid = int(legal.paid[chosen[chosen >= 0]].sum())
            gains = price * totals - legal.total_price[totals]
            found = replace(found, ceiling=min(found.ceiling, worth + float(gains.max())))
            if legal.paid_low <= paid <= legal.paid_high:
                own = worth + price * paid - float(legal.total_price[paid])
                found = max(found, replace(found, value=own, chosen=chosen), key=_value)
            by = max(legal.paid_low - paid, paid - legal.paid_high, 0)
            nearest, missed = (chosen, by) if by < missed else (nearest, missed)
            if found.is_proven:
                break
            edges[0 if paid > totals[gains.argmax()] else 1] = price
            step *= 2
            price = _between(edges, step)
        return found, nearest if found.chosen is None else found.chosen

    def _run(
        self, legal: LegalDays, value: FloatArray, paid_cost: float
    ) -> tuple[float, IntArray | None]:
        """The program, in a pool that grows until it is large enough."""
        chosen = np.empty(len(legal.day_ptr) - 1, dtype=np.int64)
        total = np.nan
        while np.isnan(total):
            total = best_days(legal, value, paid_cost, self._worth, self._trail, chosen)
            if np.isnan(total):
                self._pool(len(self._worth) * 2)
        return float(total), chosen if total > NO_WEEK else None

    def _pool(self, size: int) -> None:
        self._worth = np.empty(size)
        self._trail = np.empty((size, TRAIL_WIDTH), dtype=np.int64)


def _unbound(legal: LegalDays) -> LegalDays:
    """The same days without the budget of all weeks."""
    low, high = legal.week_low, legal.week_high
    least, most = int(low.sum()), int(high.sum())
    return legal._replace(
        totals=merged_totals(low, high, least, most, most),
        total_price=np.zeros_like(legal.total_price),
        paid_low=least,
        paid_high=most,
        room=1,
    )


def _step(legal: LegalDays, value: FloatArray) -> float:
    """A first step of the price: a fraction of what a unit of paid time earns."""
    paid = max(int(legal.paid.max(initial=1)), 1)
    return max(float(np.abs(value).max(initial=0.0)) / paid / 16, 1e-6)


def _between(edges: list[float], step: float) -> float:
    """The next price: a step beyond the only edge that is known, or halfway between both."""
    low, high = edges
    if np.isinf(high):
        return max(low, 0.0) + step
    return min(high, 0.0) - step if np.isinf(low) else (low + high) / 2


def _corridor(legal: LegalDays, chosen: IntArray) -> LegalDays:
    """The same days with totals near those of a plan only, by what it misses the budget wider."""
    paid = np.zeros(len(chosen), dtype=np.int64)
    paid[chosen >= 0] = legal.paid[chosen[chosen >= 0]]
    used = np.cumsum(np.bincount(legal.week_of[:-1], paid, len(legal.week_low))).astype(np.int64)
    wide = _CORRIDOR + max(legal.paid_low - int(used[-1]), int(used[-1]) - legal.paid_high, 0)
    totals = legal.totals.copy()
    inner = totals[1:-1]
    inner[:, 0] = np.maximum(inner[:, 0], used[:-1] - wide)
    inner[:, 1] = np.minimum(inner[:, 1], used[:-1] + wide)
    inner[:, 2], inner[:, 3], inner[:, 4] = 1, 0, inner[:, 0]
    return legal._replace(totals=totals, room=max(1, int((totals[:, 1] - totals[:, 4]).max()) + 1))
