"""Tests for days and budget: layers and budgets against plain enumeration."""

from itertools import pairwise, product
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.rules.automaton import DayAutomaton
from wfplan.scheduling.person.budget import merged_totals
from wfplan.scheduling.person.days import DayCounts, DayReading, day_layers


def automaton_of(rng, symbols):
    states = int(rng.integers(1, 4))
    following = rng.integers(-1, states, (states, symbols))
    return DayAutomaton(
        next_state=following,
        cost=rng.integers(0, 3, (states, symbols)) / 2,
        final_cost=np.where(rng.random(states) < 0.2, inf, rng.integers(0, 2, states) / 4),
        start=int(rng.integers(0, states)),
        symbol=None,
        rule="any",
    )


def reading_of(rng, days, automata):
    kinds = tuple(
        tuple(
            sorted({tuple(rng.integers(1, 3, automata).tolist()) for _ in range(rng.integers(3))})
        )
        for _ in range(days)
    )
    return DayReading(
        shifts=kinds,
        off=tuple(tuple(rng.integers(0, 2, automata).tolist()) for _ in range(days)),
        off_cost=tuple((rng.integers(0, 2, days) / 8).tolist()),
        must_work=tuple(bool(len(k) and rng.random() < 0.1) for k in kinds),
    )


def counts_of(rng, days):
    cut = int(rng.integers(1, days))
    whole = ((0, int(rng.integers(0, 3)), int(rng.integers(1, days + 1))),)
    weeks = ((0, int(rng.integers(0, 2)), 2), (cut, 0, int(rng.integers(1, days + 1))))
    return DayCounts((whole, weeks), int(rng.integers(1, 5)), int(rng.integers(0, 6)))


def slow_price(reading, counts, automata, symbols):
    """The harm points of a sequence of symbols, from the definitions."""
    days, total = len(symbols), 0.0
    for d, symbol in enumerate(symbols):
        if symbol == 0 and reading.must_work[d]:
            return inf
        total += reading.off_cost[d] if symbol == 0 else 0.0
    on = [symbol > 0 for symbol in symbols]
    for block in counts.blocks:
        edges = [*(first for first, _, _ in block), days]
        for (_, least, most), (a, b) in zip(block, pairwise(edges), strict=True):
            if not least <= sum(on[a:b]) <= most:
                return inf
    run = counts.run_before
    for is_on in on:
        run = run + 1 if is_on else 0
        if is_on and run > counts.run_max:
            return inf
    for a, one in enumerate(automata):
        read = [
            reading.off[d][a] if s == 0 else reading.shifts[d][s - 1][a]
            for d, s in enumerate(symbols)
        ]
        total += one.price_of(read)
    return total


def layered_price(layers, symbols):
    state, total = 0, 0.0
    for d, symbol in enumerate(symbols):
        total += layers.cost[d, state, symbol]
        state = layers.next_state[d, state, symbol]
        if state < 0:
            return inf
    return total + layers.final_cost[state]


@given(seed=st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_layers_admit_and_price_exactly_what_their_parts_do(seed):
    rng = np.random.default_rng(seed)
    days = int(rng.integers(2, 6))
    automata = [automaton_of(rng, 3) for _ in range(int(rng.integers(0, 3)))]
    reading, counts = reading_of(rng, days, len(automata)), counts_of(rng, days)
    layers = day_layers(reading, counts, automata)
    assert layers.next_state.shape[0] == days
    for symbols in product(*(range(len(kinds) + 1) for kinds in reading.shifts)):
        expected = slow_price(reading, counts, automata, symbols)
        assert layered_price(layers, symbols) == pytest.approx(expected, abs=1e-9)


def test_every_state_left_can_end_well_and_no_two_have_the_same_future():
    for seed in range(30):
        rng = np.random.default_rng(seed)
        automata = [automaton_of(rng, 3)]
        reading, counts = reading_of(rng, 5, 1), counts_of(rng, 5)
        layers = day_layers(reading, counts, automata)
        for d in range(5):
            rows = [
                (tuple(step), tuple(np.round(price, 9)))
                for step, price in zip(layers.next_state[d], layers.cost[d], strict=True)
                if (step >= 0).any()
            ]
            assert len(set(rows)) == len(rows)


def test_weeks_do_not_multiply_the_states():
    """Counts of a week begin anew, so six weeks need no more states at a time than two."""
    kinds = ((),)

    def states(days):
        reading = DayReading((kinds,) * days, ((),) * days, (0.0,) * days, (False,) * days)
        weeks = tuple((first, 2, 5) for first in range(0, days, 7))
        return day_layers(reading, DayCounts((weeks,), 5, 0)).next_state.shape[1]

    assert states(42) == states(14)


@given(
    bounds=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), min_size=1, max_size=4),
    low=st.integers(0, 12),
    spare=st.integers(0, 12),
)
def test_a_budget_that_is_told_by_its_totals_loses_and_adds_no_plan(bounds, low, spare):
    """Walking from total to total, merged where they are one, admits the same paid times."""
    lows = np.array([a for a, _ in bounds])
    highs = lows + np.array([b for _, b in bounds])
    high = low + spare
    rows = merged_totals(lows, highs, low, high, 10**6)
    for paid in product(*(range(a, b + 1) for a, b in zip(lows, highs, strict=True))):
        used, is_kept = 0, True
        for week, more in enumerate((*paid, 0)):
            least, most, free_low, free_high, origin = rows[week]
            is_kept &= bool(least <= used <= most)
            if not is_kept:
                break
            used = free_high if free_low <= used <= free_high else used
            assert used >= origin
            used += more
        assert is_kept == (low <= sum(paid) <= high)
