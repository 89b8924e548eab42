"""Tests for wfplan.scheduling.person.legal, week, days and budget against every sequence of days.

The twin below knows nothing of arrays, states or labels: it lists all sequences
of days and judges each whole, from the limits themselves.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, product
from math import inf

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wfplan.domain.contracts import Contract
from wfplan.horizon import Horizon
from wfplan.rules.automaton import DayAutomaton
from wfplan.rules.limits import GapPrice, LockedDay, PaidPrice, WorkLimits
from wfplan.rules.prices import PricedShifts
from wfplan.scheduling.person.grid import Grid
from wfplan.scheduling.person.labels import TRAIL_WIDTH
from wfplan.scheduling.person.legal import cost_of, is_legal
from wfplan.scheduling.person.patterns import agent_space
from wfplan.scheduling.person.pricing import DaysSolver, _corridor
from wfplan.scheduling.person.week import best_days

MONDAY = date(2026, 6, 1)
HOUR = timedelta(hours=1)
SMALL = (23, 34, 60, 117, 130, 131, 172, 213, 218)  # every rule among them, few sequences
LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)
CONTRACT = Contract(
    name="any",
    shortest_min=360,
    longest_min=720,
    length_step_min=360,
    start_window=(360, 1320),
    start_step_min=480,
)


def at(day, hour):
    return datetime.combine(MONDAY, datetime.min.time(), UTC) + timedelta(days=day, hours=hour)


@dataclass(frozen=True)
class Reading:
    """Shifts by start and length, days off by date."""

    shift_kinds: int
    off_kinds: int

    def classify(self, day, start_min, end_min, paid_min):
        return 1 + self.off_kinds + (start_min // 480 + paid_min // 360 + day) % self.shift_kinds

    def off_symbol(self, day):
        return day % (1 + self.off_kinds)


def random_automaton(rng, name):
    """A few states, some days forbidden, some priced, some ends forbidden."""
    states, reading = int(rng.integers(1, 4)), Reading(int(rng.integers(1, 3)), 1)
    symbols = 2 + reading.off_kinds + reading.shift_kinds
    following = rng.integers(0, states, (states, symbols))
    following[rng.random((states, symbols)) < 0.1] = -1
    final = rng.integers(0, 3, states) * 0.7
    final[rng.random(states) < 0.1] = inf
    return DayAutomaton(
        next_state=following,
        cost=rng.exponential(1.0, (states, symbols)) * (rng.random((states, symbols)) < 0.4),
        final_cost=final,
        start=int(rng.integers(0, states)),
        symbol=reading,
        rule=name,
    )


def random_limits(rng):
    """Limits in which every rule is at hand, each about every other time."""
    days, step_min = [(3, 480), (4, 480), (5, 960), (6, 960)][rng.integers(4)]
    dates = tuple(MONDAY + timedelta(days=d) for d in range(days))
    limits = WorkLimits(
        agent_id="A1",
        timezone="UTC",
        contract=CONTRACT,
        dates=dates,
        lengths_min=CONTRACT.lengths_min,
        start_windows=(CONTRACT.start_window,),
        start_step_min=step_min,
        work_days_max=days,
        consecutive_days_max=int(rng.integers(2, 7)),
        run_days_before=int(rng.integers(0, 3)),
    )
    if rng.random() < 0.6:
        limits = replace(limits, **weeks_of(rng, dates))
    if rng.random() < 0.5:
        low, high = rng.integers(0, 4 * days), rng.integers(4 * days, 9 * days)
        limits = replace(limits, paid_week_min=int(low) * 60, paid_week_max=int(high) * 60)
    if rng.random() < 0.4:
        limits = replace(limits, paid_prices=paid_prices_of(rng, limits))
    limits = replace(limits, **rests_of(rng, days))
    if rng.random() < 0.5:
        day = int(rng.integers(0, days))
        hour = int(rng.integers(8, 20))
        shift = LockedDay(dates[day], at(day, hour), at(day, hour + 6))
        limits = replace(limits, locked=(shift if rng.random() < 0.5 else LockedDay(dates[day]),))
    automata = [random_automaton(rng, f"rule_{i}") for i in range(int(rng.integers(0, 3)))]
    return replace(limits, automata=tuple(automata), **prices_of(rng))


def weeks_of(rng, dates):
    """Planning weeks of one or two days, with bounds of their own."""
    cuts = sorted({0, *rng.integers(0, len(dates), 2).tolist()})
    paid = [(int(rng.integers(0, 7)), int(rng.integers(7, 30))) for _ in cuts]
    return {
        "week_firsts": tuple(dates[d] for d in cuts),
        "paid_weeks": tuple((low * 60, high * 60) for low, high in paid),
        "work_days_weeks": tuple((int(rng.integers(0, 2)), int(rng.integers(1, 4))) for _ in cuts),
        "work_days_min": int(rng.integers(0, 3)),
        "work_days_max": int(rng.integers(2, len(dates) + 1)),
    }


def paid_prices_of(rng, limits):
    """Soft bounds of the paid time of all days and of every planning week."""
    days, price = len(limits.dates), rng.exponential(0.4, 2).tolist()
    prices = [PaidPrice("paid_time_period", 0, days, int(rng.integers(0, 6 * days)) * 60, price[0])]
    if limits.week_firsts:
        edges = [(first - MONDAY).days for first in limits.week_firsts] + [days]
        prices += [PaidPrice("overtime_max", a, b, 500, price[1]) for a, b in pairwise(edges)]
    if rng.random() < 0.5:
        least = int(rng.integers(0, 6 * days)) * 60
        prices.insert(1, PaidPrice("paid_time_period", 0, days, least, price[1], is_below=True))
    return tuple(prices[int(rng.integers(0, 2)) :])


def rests_of(rng, days):
    """Rests, with and without a shift before the horizon."""
    found = {"daily_rest_min": int(rng.choice([0, 420, 660]))}
    if rng.random() < 0.5:
        hour = int(rng.integers(8, 28))
        found |= {"last_end": at(-1, hour), "last_start": at(-1, hour - 6)}
    if rng.random() < 0.4:
        found["start_distance_min"] = int(rng.choice([900, 1200, 1440]))
    if rng.random() < 0.5:
        length = int(rng.integers(2, 4))
        inside = int(rng.choice([0, 12 * 60]))
        spans = tuple((at(d, 0), at(d + length, 0)) for d in range(-1, days - length + 1))
        found |= {
            "weekly_rest_min": int(rng.choice([16 * 60, 26 * 60])),
            "weekly_rest_inside_min": inside,
            "weekly_rest_spans": spans,
        }
    if rng.random() < 0.4:
        left = np.sort(rng.integers(0, 3, days)).tolist()
        found |= {"quick_return_min": 660, "quick_returns_max": tuple(left)}
    if rng.random() < 0.4:
        left = np.sort(rng.integers(0, 3, days)).tolist()
        found |= {"quick_return_min": 660, "quick_returns_free": tuple(left)}
        found |= {"quick_return_price": float(rng.exponential(1.0))}
    if rng.random() < 0.4:
        length = int(rng.integers(2, 4))
        found |= {
            "wished_rest_min": int(rng.choice([18 * 60, 30 * 60])),
            "wished_rest_inside_min": int(rng.choice([0, 12 * 60])),
            "wished_rest_spans": tuple(
                (at(d, 0), at(d + length, 0)) for d in range(-1, days - length + 1)
            ),
            "wished_rest_price": float(rng.exponential(1.0)),
        }
    return found


def prices_of(rng):
    """Soft rules of single shifts and of gaps; some shifts are forbidden by price."""
    if rng.random() < 0.5:
        return {}
    late, short, forbidden = [*rng.exponential(1.0, 2).tolist(), float(rng.random() < 0.2)]

    def of_shifts(day, start_min, end_min, paid_min):
        price = late * (end_min > 1200) + short * (paid_min < 400)
        return np.where((forbidden > 0) & (end_min > 1700), inf, price)

    return {
        "prices": (PricedShifts(of_shifts, lambda day: 0.25 * day),),
        "gap_prices": (
            GapPrice("daily_rest", 13 * 60, each=0.5, per_h=0.1),
            *([GapPrice("start_distance", 22 * 60, True, 0.0, 0.2)] if rng.random() < 0.5 else []),
        ),
    }


def every_sequence(space):
    """All ways to choose an option or a day off for each day."""
    ptr = space.day_ptr
    days = [range(ptr[d], ptr[d + 1]) for d in range(len(ptr) - 1)]
    return product(*([-1, *options] for options in days))


def slow_cost(limits, grid, space, chosen):
    """Harm points that rules ask for a sequence of days, inf where one is broken."""
    shifts = [None if o < 0 else _shift(grid, space, o) for o in chosen]
    worked = [shift for shift in shifts if shift]
    return (
        _time_cost(limits, worked)
        + _paid_cost(limits, shifts)
        + _days_cost(limits, shifts)
        + _symbols_cost(limits, shifts)
    )


def _shift(grid, space, option):
    kind = space.opt_len[option]
    start = grid.instant(int(space.opt_start[option]))
    minutes = space.lengths.minutes[kind]
    return start, start + timedelta(minutes=minutes), space.lengths.paid_min[kind]


def _time_cost(limits, worked):
    """Rests, distances and the price of gaps."""
    past = [(limits.last_start, limits.last_end, 0)] if limits.last_end else []
    total, quick = 0.0, 0
    for (started, ended, _), (start, _, _) in pairwise([*past, *worked]):
        gap, distance = (start - ended) / HOUR * 60, (start - started) / HOUR * 60
        if gap < 0 or gap < limits.daily_rest_min or distance < limits.start_distance_min:
            return inf
        if gap < limits.quick_return_min:
            quick += 1
            day = (start.date() - MONDAY).days
            if limits.quick_returns_max and quick > limits.quick_returns_max[day]:
                return inf
            if limits.quick_returns_free and quick > limits.quick_returns_free[day]:
                total += limits.quick_return_price
        total += sum(p.of(distance if p.is_from_start else gap) for p in limits.gap_prices)
    ends = [limits.last_end or LONG_AGO, *(shift[1] for shift in worked)]
    starts = [*(shift[0] for shift in worked), at(len(limits.dates), 0)]
    gaps = list(zip(ends, starts, strict=True))
    inside = limits.weekly_rest_inside_min or limits.weekly_rest_min
    if not all(
        _has_rest(gaps, s, limits.weekly_rest_min, inside) for s in limits.weekly_rest_spans
    ):
        return inf
    inside, clear = limits.wished_rest_inside_min or limits.wished_rest_min, LONG_AGO
    for span in limits.wished_rest_spans:
        if span[0] >= clear and not _has_rest(gaps, span, limits.wished_rest_min, inside):
            total, clear = total + limits.wished_rest_price, span[1]
    return total


def _has_rest(gaps, span, rest_min, inside_min):
    """Whether one of the gaps is a rest for a span."""
    rest = timedelta(minutes=max(rest_min, inside_min))
    return any(
        start - end >= rest
        and min(start, span[1]) - max(end, span[0]) >= timedelta(minutes=inside_min)
        for end, start in gaps
    )


def _paid_cost(limits, shifts):
    """Bounds of paid time: of the horizon and of its weeks."""
    paid = [shift[2] if shift else 0 for shift in shifts]
    if not limits.paid_week_min <= sum(paid) <= limits.paid_week_max:
        return inf
    blocks = _blocks(limits, paid)
    bounds = limits.paid_weeks
    if any(not a <= sum(b) <= c for (a, c), b in zip(bounds, blocks, strict=False)):
        return inf
    over = [
        max((sum(paid[p.first : p.stop]) - p.above_min) * (-1 if p.is_below else 1), 0)
        for p in limits.paid_prices
    ]
    return sum(p.per_h * more / 60 for p, more in zip(limits.paid_prices, over, strict=True))


def _blocks(limits, values):
    """Values of days by planning week."""
    firsts = limits.week_firsts or limits.dates[:1]
    edges = [(first - MONDAY).days for first in firsts] + [len(values)]
    return [values[a:b] for a, b in pairwise(edges)]


def _days_cost(limits, shifts):
    """Locks, working days and runs of them."""
    on = [shift is not None for shift in shifts]
    for lock in limits.locked:
        shift = shifts[(lock.day - MONDAY).days]
        if (shift and shift[:2]) != (lock.start and (lock.start, lock.end)):
            return inf
    if not limits.work_days_min <= sum(on) <= limits.work_days_max:
        return inf
    weeks = zip(limits.work_days_weeks, _blocks(limits, on), strict=False)
    if any(not least <= sum(block) <= most for (least, most), block in weeks):
        return inf
    run = limits.run_days_before
    for is_on in on:
        run = run + 1 if is_on else 0
        if is_on and run > limits.consecutive_days_max:
            return inf
    return 0.0


def _symbols_cost(limits, shifts):
    """What the automata and the prices of shifts ask."""
    total = 0.0
    wall = [_wall(d, shift) for d, shift in enumerate(shifts)]
    for one in limits.automata:
        read = [
            one.symbol.off_symbol(d) if row is None else int(one.symbol.classify(d, *row)[0])
            for d, row in enumerate(wall)
        ]
        total += one.price_of(read)
    for price in limits.prices:
        for d, row in enumerate(wall):
            total += price.of_day_off(d) if row is None else float(price.of_shifts(d, *row)[0])
    return total


def _wall(day, shift):
    if shift is None:
        return None
    minutes = [(moment - at(day, 0)) / HOUR * 60 for moment in shift[:2]]
    return tuple(np.array([int(value)]) for value in (*minutes, shift[2]))


def best_of(space, value, paid_cost, pool=1 << 14):
    chosen = np.empty(len(space.day_ptr) - 1, dtype=np.int64)
    trail = np.empty((pool, TRAIL_WIDTH), dtype=np.int64)
    return best_days(space.legal, value, paid_cost, np.empty(pool), trail, chosen), chosen


def case_of(seed):
    """Limits that leave something to choose, and everything about their sequences."""
    rng = np.random.default_rng(seed)
    limits = random_limits(rng)
    grid = Grid.around(Horizon("UTC", MONDAY, len(limits.dates), interval_min=60, slot_min=60))
    return rng, limits, grid, agent_space(limits, grid)


def check_oracle(seed):
    """The oracle's best days against the best of all sequences."""
    rng, limits, grid, space = case_of(seed)
    value = rng.normal(1.0, 2.0, space.option_count)
    paid_cost = float(rng.normal(0.0, 0.3))
    best = -inf
    for chosen in every_sequence(space):
        options = [o for o in chosen if o >= 0]
        paid = sum(int(space.len_paid[space.opt_len[o]]) for o in options)
        worth = sum(value[o] for o in options) - paid_cost * paid
        best = max(best, worth - slow_cost(limits, grid, space, chosen))
    found, chosen = best_of(space, value, paid_cost)
    assert found == pytest.approx(best, abs=1e-9)
    if best > -inf:
        options = chosen[chosen >= 0]
        worth = value[options].sum() - paid_cost * space.legal.paid[options].sum()
        assert worth - cost_of(space.legal, chosen) == pytest.approx(found, abs=1e-9)


def check_days(seed):
    """Every sequence as the kernels see it against the twin."""
    _, limits, grid, space = case_of(seed)
    for chosen in every_sequence(space):
        days = np.array(chosen, dtype=np.int64)
        expected = slow_cost(limits, grid, space, chosen)
        assert cost_of(space.legal, days) == pytest.approx(expected, abs=1e-9)
        assert is_legal(space.legal, days) == (expected < inf)


@pytest.mark.parametrize("seed", SMALL)
def test_the_oracle_finds_the_best_of_all_sequences(seed):
    check_oracle(seed)


@pytest.mark.parametrize("seed", SMALL)
def test_days_are_checked_as_the_oracle_sees_them(seed):
    check_days(seed)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_the_oracle_finds_the_best_of_all_sequences_of_any_rules(seed):
    check_oracle(seed)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_days_of_any_rules_are_checked_as_the_oracle_sees_them(seed):
    check_days(seed)


def test_somebody_without_any_shift_to_choose_has_a_week_off():
    _, _, _, space = case_of(SMALL[0])
    days = len(space.day_ptr) - 1
    none, nothing = np.zeros(0, dtype=np.int64), np.zeros(0)
    layers = (days, 1, space.legal.cost.shape[2])
    free = space.legal._replace(
        day_ptr=np.zeros(days + 1, dtype=np.int64), start=none, end=none, paid=none, symbol=none,
        price=nothing, next_state=np.zeros(layers, dtype=np.int64), cost=np.zeros(layers),
        final_cost=np.zeros(1), room=20,
    )  # fmt: skip
    assert _corridor(free, np.full(days, -1)).room >= 1


def test_a_pool_that_is_too_small_is_said_and_not_guessed():
    _, _, _, space = case_of(SMALL[0])
    value = np.ones(space.option_count)
    assert np.isnan(best_of(space, value, 0.0, pool=3)[0])
    assert np.isfinite(best_of(space, value, 0.0)[0])


def test_an_option_of_another_day_is_not_legal():
    _, _, _, space = case_of(SMALL[0])
    days = np.full(len(space.day_ptr) - 1, -1, dtype=np.int64)
    days[0] = space.day_ptr[1]
    assert not is_legal(space.legal, days)


@pytest.mark.parametrize("seed", [16228])
def test_a_rest_that_the_history_has_used_up_does_not_use_up_the_next_one(seed):
    """The first wished rest is lost before Monday; one before the first shift is not."""
    check_days(seed)
    check_oracle(seed)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
@example(seed=16228)  # a wished rest that is lost before the first day
@example(seed=253)  # a week that nothing can fill, and totals beyond those of all weeks
def test_a_priced_budget_keeps_every_feasible_plan_below_its_ceiling(seed):
    """Whatever the budget: a plan where there is one, legal, no better than the best, bounded."""
    rng, _, _, space = case_of(seed)
    value, paid_cost = rng.normal(1.0, 2.0, space.option_count), float(rng.normal(0.0, 0.3))
    exact = DaysSolver().best(space.legal, value, paid_cost)
    found = DaysSolver(room_exact=0).best(space.legal, value, paid_cost)
    assert (found.chosen is None) == (exact.chosen is None)
    assert found.value <= exact.value + 1e-9
    assert exact.value <= found.ceiling + 1e-9
    if found.chosen is not None:
        options = found.chosen[found.chosen >= 0]
        worth = value[options].sum() - paid_cost * space.legal.paid[options].sum()
        cost = cost_of(space.legal, found.chosen)
        assert worth - cost == pytest.approx(found.value, abs=1e-9)
