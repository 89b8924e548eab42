"""Tests for wfplan.rules.automaton: the product and its slow, obvious twin."""

from __future__ import annotations

from itertools import product as every
from math import inf, isfinite

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.rules.automaton import (
    FORBIDDEN,
    DayAutomaton,
    DayOptions,
    minimised,
    product,
)

EARLY, LATE, NIGHT = (360, 840), (840, 1320), (1320, 1800)
SHIFTS = DayOptions(
    start_min=np.array([s for s, _ in (EARLY, LATE, NIGHT)]),
    end_min=np.array([e for _, e in (EARLY, LATE, NIGHT)]),
    paid_min=np.full(3, 480),
)


class ByStart:
    """Symbol 1 before the edge, 2 from there on; every seventh date has symbols of its own."""

    def __init__(self, edge, marks_weeks=False):
        self.edge, self.marks_weeks = edge, marks_weeks

    def classify(self, day, start_min, end_min, paid_min):
        return 1 + (start_min >= self.edge) + self._mark(day)

    def off_symbol(self, day):
        return self._mark(day)

    def _mark(self, day):
        return 3 if self.marks_weeks and day % 3 == 0 else 0


def twin_price(automata, days, choices):
    """Harm points of choices (None or the number of a shift), one rule and day after another."""
    total = 0.0
    for one in automata:
        state = one.start
        for day in range(days):
            if choices[day] is None:
                symbol = one.symbol.off_symbol(day)
            else:
                shift = [np.array([x[choices[day]]]) for x in vars(SHIFTS).values()]
                symbol = int(one.symbol.classify(day, *shift)[0])
            total += float(one.cost[state, symbol])
            state = int(one.next_state[state, symbol])
            if state == FORBIDDEN:
                return inf
        total += float(one.final_cost[state])
    return total


def joint_price(joint, days, choices):
    """The same by the product."""
    worked = [
        joint.symbol.classify(d, SHIFTS.start_min, SHIFTS.end_min, SHIFTS.paid_min)
        for d in range(days)
    ]
    return joint.price_of(
        [
            joint.symbol.off_symbol(d) if c is None else int(worked[d][c])
            for d, c in enumerate(choices)
        ]
    )


@st.composite
def automata(draw, states=4):
    """A random rule: some transitions forbidden, some priced, some ends not allowed."""
    count = draw(st.integers(1, states))
    width = 6
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    next_state = rng.integers(-1 if count > 1 else 0, count, (count, width))
    final = rng.choice([0.0, 0.0, 2.0, inf], count)
    return DayAutomaton(
        next_state=next_state,
        cost=rng.choice([0.0, 0.0, 1.0, 2.5], (count, width)),
        final_cost=final,
        start=int(rng.integers(count)),
        symbol=ByStart(draw(st.sampled_from([600, 1300, 2000])), draw(st.booleans())),
        rule="random",
    )


@settings(max_examples=30)
@given(rules=st.lists(automata(), min_size=1, max_size=3), days=st.integers(1, 4))
def test_the_product_prices_every_sequence_as_the_rules_do_one_by_one(rules, days):
    joint = product(rules, days, SHIFTS)
    for choices in every((None, 0, 1, 2), repeat=days):
        expected = twin_price(rules, days, choices)
        found = joint_price(joint, days, choices)
        assert found == pytest.approx(expected, abs=1e-9) if isfinite(expected) else found == inf


@settings(max_examples=30)
@given(rules=st.lists(automata(), min_size=2, max_size=3))
def test_the_order_of_the_rules_changes_neither_states_nor_prices(rules):
    one, other = product(rules, 3, SHIFTS), product(rules[::-1], 3, SHIFTS)
    for choices in every((None, 0, 1, 2), repeat=3):
        assert joint_price(one, 3, choices) == pytest.approx(joint_price(other, 3, choices))


@settings(max_examples=30)
@given(rules=st.lists(automata(), min_size=2, max_size=3))
def test_no_two_symbols_of_a_product_are_alike(rules):
    joint = product(rules, 3, SHIFTS)
    columns = np.vstack([joint.next_state, joint.cost]).T
    assert len(np.unique(columns, axis=0)) == len(columns)


def twin_classes(automaton, depth):
    """How many states differ in the price of some sequence of symbols up to a depth."""
    width = automaton.next_state.shape[1]
    seen = set()
    for state in range(automaton.state_count):
        moved = DayAutomaton(**{**vars(automaton), "start": state})
        seen.add(
            tuple(
                tuple(_prefix_prices(moved, symbols))
                for n in range(depth + 1)
                for symbols in every(range(width), repeat=n)
            )
        )
    return len(seen)


def _prefix_prices(automaton, symbols):
    """The price of each day and of the end, None from a forbidden day on."""
    state = automaton.start
    for symbol in symbols:
        after = int(automaton.next_state[state, symbol])
        if after == FORBIDDEN:
            yield None
            return
        yield float(automaton.cost[state, symbol])
        state = after
    yield float(automaton.final_cost[state])


@settings(max_examples=30)
@given(automaton=automata(states=5))
def test_no_two_states_of_a_minimal_automaton_are_alike(automaton):
    small = minimised(automaton)
    narrow = DayAutomaton(
        **{
            **vars(automaton),
            "next_state": automaton.next_state[:, :2],
            "cost": automaton.cost[:, :2],
        }
    )
    assert small.state_count <= automaton.state_count
    assert minimised(narrow).state_count == twin_classes(narrow, depth=5)


def test_a_horizon_that_no_rule_admits_has_one_state_and_no_way_on():
    never = DayAutomaton(
        next_state=np.full((1, 3), FORBIDDEN),
        cost=np.zeros((1, 3)),
        final_cost=np.zeros(1),
        start=0,
        symbol=ByStart(600),
        rule="never",
    )
    joint = product([never], 3, SHIFTS)
    assert joint.state_count == 1
    assert (joint.next_state == FORBIDDEN).all()
    assert joint.final_cost[joint.start] == inf
