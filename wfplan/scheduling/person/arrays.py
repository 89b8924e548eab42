"""From a person's limits and shifts to the arrays of ``LegalDays``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wfplan.rules.limits import WorkLimits
from wfplan.scheduling.person.budget import merged_totals
from wfplan.scheduling.person.days import DayCounts, DayReading, Layers, day_layers
from wfplan.scheduling.person.grid import Grid
from wfplan.scheduling.person.legal import LegalDays
from wfplan.scheduling.person.rests import rests

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

Parts = dict[str, Any]
"""Some of the fields of :class:`LegalDays`."""


@dataclass(frozen=True)
class Shifts:
    """The shifts of one date or of all of them in order, (option,) each, sorted by start."""

    start: IntArray
    end: IntArray
    length: IntArray  # row of the lengths
    paid_min: IntArray
    price: FloatArray  # harm points of where their breaks lie
    is_done: NDArray[np.bool_]  # whether they have begun already: no rule can forbid them

    def beside(self, others: Shifts) -> Shifts:
        """These, and others behind them."""
        return _joined([self, others])

    def taken(self, keep: NDArray[np.bool_] | IntArray) -> Shifts:
        """Some of them, by whether or in which order."""
        return Shifts(
            self.start[keep], self.end[keep], self.length[keep], self.paid_min[keep],
            self.price[keep], self.is_done[keep],
        )  # fmt: skip


def legal_days(
    limits: WorkLimits, grid: Grid, by_day: Sequence[Shifts], unit_min: int
) -> tuple[Shifts, LegalDays]:
    """The shifts that single days may hold, and what may follow what."""
    days = [_priced(limits, grid, d, shifts) for d, shifts in enumerate(by_day)]
    symbols, reading = _reading(limits, grid, [shifts for shifts, _ in days])
    layers = day_layers(reading, _counts(limits), limits.automata)
    shifts = _joined([shifts for shifts, _ in days])
    options: Parts = {
        "day_ptr": np.cumsum([0, *(len(one.start) for one, _ in days)]).astype(np.int64),
        "start": shifts.start,
        "end": shifts.end,
        "paid": shifts.paid_min // unit_min,
        "symbol": np.concatenate(symbols),
        "price": np.concatenate([price for _, price in days]),
        "next_state": layers.next_state,
        "cost": layers.cost,
        "final_cost": layers.final_cost,
    }
    paid = _paid_time(limits, layers, options, unit_min)
    return shifts, LegalDays(**options, **paid, **rests(limits, grid, options))


def _paid_time(limits: WorkLimits, layers: Layers, options: Parts, unit_min: int) -> Parts:
    """Bounds and prices of paid time by week and in all."""
    least, most = _paid_of_symbols(layers, options["day_ptr"], options["symbol"], options["paid"])
    most_of_day = np.maximum(most.max(axis=1), 0)
    weeks, low, high = _weeks(limits, unit_min, most_of_day)
    week_of = np.searchsorted(weeks, np.arange(len(least)), side="right") - 1
    is_last = np.append(week_of[1:] != week_of[:-1], True)
    paid_low, paid_high = _bounds(limits.paid_week_min, limits.paid_week_max, unit_min)
    paid_low, paid_high = max(paid_low, int(low.sum())), min(paid_high, int(high.sum()))
    week_price, total_price = _paid_prices(limits, weeks, high, unit_min)
    free = np.flatnonzero(total_price == 0)  # one stretch: every price is convex
    free_from, free_to = (int(free[0]), int(free[-1])) if len(free) else (0, -1)
    totals = merged_totals(low, high, paid_low, paid_high, free_to, free_from)
    return {
        "week_of": np.append(week_of, len(weeks)).astype(np.int64),
        "week_low": low,
        "week_high": high,
        "week_price": week_price,
        "total_price": total_price,
        "paid_low": paid_low,
        "paid_high": paid_high,
        "totals": totals,
        "least_ahead": -_most_ahead(layers, -least, is_last),
        "most_ahead": _most_ahead(layers, most, is_last),
        "most_before": _most_before(most_of_day, is_last),
        "room": max(1, int((totals[:, 1] - totals[:, 4]).max()) + 1),
        "width": max(1, int(high.max()) + 1),
        "paid_before": 0,
    }


def _bounds(low_min: float, high_min: float, unit_min: int) -> tuple[int, int]:
    """Bounds of paid time in units."""
    return int(-(-low_min // unit_min)), int(high_min // unit_min)


def _wall(
    limits: WorkLimits, grid: Grid, d: int, shifts: Shifts
) -> tuple[int, IntArray, IntArray, IntArray]:
    """A date's shifts as the rules read them: the day, wall minutes of start and end, paid time."""
    wall = grid.wall_min(limits.dates[d], limits.timezone)
    return d, wall[shifts.start], wall[shifts.end], shifts.paid_min


def _priced(limits: WorkLimits, grid: Grid, d: int, shifts: Shifts) -> tuple[Shifts, FloatArray]:
    """A date's shifts without those that no price allows, and the prices of the others."""
    price = shifts.price.copy()
    for rule in limits.prices:
        asked = rule.of_shifts(*_wall(limits, grid, d, shifts))
        price += np.where(shifts.is_done & ~np.isfinite(asked), 0.0, asked)
    keep = np.isfinite(price)
    return shifts.taken(keep), price[keep]


def _joined(days: Sequence[Shifts]) -> Shifts:
    """The shifts of all dates."""

    def whole(of_day: Callable[[Shifts], IntArray]) -> IntArray:
        return np.concatenate([of_day(day) for day in days]).astype(np.int64)

    return Shifts(
        start=whole(lambda day: day.start),
        end=whole(lambda day: day.end),
        length=whole(lambda day: day.length),
        paid_min=whole(lambda day: day.paid_min),
        price=np.concatenate([day.price for day in days]),
        is_done=np.concatenate([day.is_done for day in days]),
    )


def _reading(
    limits: WorkLimits, grid: Grid, days: Sequence[Shifts]
) -> tuple[list[IntArray], DayReading]:
    """Per day the symbol of each shift from 1 on, and what the automata read in them."""
    locked = {lock.day for lock in limits.locked if lock.start is not None}
    locked |= {one.day for one in limits.kept if one.done_until is not None}
    symbols, kinds, off, off_cost = [], [], [], []
    for d, shifts in enumerate(days):
        rows = np.zeros((len(shifts.start), len(limits.automata)), dtype=np.int64)
        for a, one in enumerate(limits.automata):
            rows[:, a] = one.symbol.classify(*_wall(limits, grid, d, shifts))
        different, inverse = _different(rows)
        symbols.append(inverse + 1)
        kinds.append(tuple(map(tuple, different.tolist())))
        off.append(tuple(int(one.symbol.off_symbol(d)) for one in limits.automata))
        off_cost.append(float(sum(one.of_day_off(d) for one in limits.prices)))
    return symbols, DayReading(
        shifts=tuple(kinds),
        off=tuple(off),
        off_cost=tuple(0.0 if cost == inf else cost for cost in off_cost),
        must_work=tuple(
            day in locked or cost == inf for day, cost in zip(limits.dates, off_cost, strict=True)
        ),
    )


def _different(rows: IntArray) -> tuple[IntArray, IntArray]:
    """The rows that differ, and which of them each row is."""
    if not rows.shape[1]:
        return rows[:1], np.zeros(len(rows), dtype=np.int64)
    different, inverse = np.unique(rows, axis=0, return_inverse=True)
    return different, inverse.reshape(-1).astype(np.int64)


def _week_firsts(limits: WorkLimits) -> list[int]:
    """The day on which each planning week begins."""
    firsts: tuple[date, ...] = limits.week_firsts or limits.dates[:1]
    return [(first - limits.dates[0]).days for first in firsts]


def _counts(limits: WorkLimits) -> DayCounts:
    """Working days of each week, or of the horizon where weeks say nothing."""
    days = len(limits.dates)
    whole = (0, limits.work_days_min, min(limits.work_days_max, days))
    weeks = tuple(
        (first, low, high)
        for first, (low, high) in zip(_week_firsts(limits), limits.work_days_weeks, strict=False)
    )
    return DayCounts(
        blocks=((whole,), weeks) if weeks else ((whole,),),
        run_max=limits.consecutive_days_max,
        run_before=limits.run_days_before,
    )


def _paid_of_symbols(
    layers: Layers, day_ptr: IntArray, symbol: IntArray, paid: IntArray
) -> tuple[IntArray, IntArray]:
    """Least and most paid time of a day by its symbol, (day, symbol)."""
    days, _, symbols = layers.next_state.shape
    least = np.full((days, symbols), np.iinfo(np.int32).max, dtype=np.int64)
    most = -least
    day = np.repeat(np.arange(days), np.diff(day_ptr))
    np.minimum.at(least, (day, symbol), paid)
    np.maximum.at(most, (day, symbol), paid)
    least[:, 0] = most[:, 0] = 0
    return least, most


def _weeks(
    limits: WorkLimits, unit_min: int, most_of_day: IntArray
) -> tuple[IntArray, IntArray, IntArray]:
    """
    First day, least and most paid time of each block of days that has bounds of its own.

    Where no week binds beyond what its days can hold, the horizon is one block. Weeks
    without bounds are blocks where soft rules price them.
    """
    priced = {p.first for p in limits.paid_prices if p.stop - p.first < len(limits.dates)}
    apart = _week_firsts(limits) if limits.paid_weeks else sorted({0, *priced})
    firsts = np.array(apart, dtype=np.int64)
    reach = np.add.reduceat(most_of_day, firsts)
    whole = _bounds(limits.paid_week_min, limits.paid_week_max, unit_min)
    bounds = [_bounds(low, high, unit_min) for low, high in limits.paid_weeks]
    table = np.array(bounds or [(0, most) for most in reach.tolist()], dtype=np.int64)
    low, high = np.ascontiguousarray(table.T)  # kernels read everybody's arrays alike
    if len(low) > 1 and (priced or (low > 0).any() or (high < reach).any()):
        return firsts, low, np.maximum(np.minimum(high, reach), -1)
    least, most = max(whole[0], int(low.sum())), min(whole[1], int(high.sum()), int(reach.sum()))
    return firsts[:1], np.array([least]), np.array([max(most, -1)])


def _paid_prices(
    limits: WorkLimits, weeks: IntArray, high: IntArray, unit_min: int
) -> tuple[FloatArray, FloatArray]:
    """Harm points of the paid time of each week and of all days, by units, each from 0 up."""
    width = max(1, int(high.max()) + 1)
    week_price = np.zeros((len(weeks), width))
    total_price = np.zeros(int(np.maximum(high, 0).sum()) + width)
    for price in limits.paid_prices:
        is_whole = price.stop - price.first == len(limits.dates)
        table = total_price if is_whole else week_price[weeks.tolist().index(price.first)]
        over = np.arange(len(table)) * unit_min - price.above_min
        table += np.maximum(-over if price.is_below else over, 0) / 60 * price.per_h
    return week_price, total_price


def _most_ahead(layers: Layers, paid: IntArray, is_last: NDArray[np.bool_]) -> IntArray:
    """Most paid time from each midnight and state to the end of the week, (day + 1, state)."""
    days, states, _ = layers.next_state.shape
    ahead = np.zeros((days + 1, states), dtype=np.int64)
    for d in reversed(range(days)):
        following = layers.next_state[d]
        then = np.zeros(states, dtype=np.int64) if is_last[d] else ahead[d + 1]
        sums = np.where(following >= 0, paid[d] + then[following], -(10**9))
        ahead[d] = sums.max(axis=1)
    ahead[1:][is_last] = 0
    return ahead


def _most_before(most_of_day: IntArray, is_last: NDArray[np.bool_]) -> IntArray:
    """The most paid time of its week that can lie before each day, (day,)."""
    before = np.zeros(len(most_of_day), dtype=np.int64)
    for d in range(1, len(before)):
        before[d] = 0 if is_last[d - 1] else before[d - 1] + most_of_day[d - 1]
    return before
