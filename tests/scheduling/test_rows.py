"""Tests for wfplan.scheduling.rosters.rows and wfplan.scheduling.rosters.roster."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scheduling import rosters
from wfplan.scheduling.rosters import rows as rows_module
from wfplan.scheduling.rosters.roster import symbol_table
from wfplan.scheduling.rosters.rows import RowOracle

seeds = st.integers(min_value=0, max_value=10_000)


def priced(roster, i, price, keep=None):
    """Every legal row of a person with its cost at prices, the kept days as they are."""
    days = np.arange(roster.days)
    padded = np.concatenate([np.zeros((roster.days, 1)), price], axis=1)
    return [
        (row, cost + padded[days, row].sum())
        for row, cost in rosters.legal_rows(roster, i)
        if keep is None or ((keep < 0) | (keep == row)).all()
    ]


@settings(max_examples=30, deadline=None)
@given(seed=seeds)
def test_the_cheapest_row_is_the_one_that_brute_force_finds(seed):
    roster = rosters.tiny(seed)
    price = np.random.default_rng(seed).normal(0, 5, size=(roster.days, roster.cells))
    every = priced(roster, 0, price)
    cost, row = RowOracle(roster).best(0, price)
    if not every:
        assert row is None
        assert cost == np.inf
        return
    assert cost == pytest.approx(min(c for _, c in every))
    days = np.arange(roster.days)
    own = roster.row_cost(0, row) + np.where(row > 0, price[days, row - 1], 0.0).sum()
    assert own == pytest.approx(cost)


@settings(max_examples=20, deadline=None)
@given(seed=seeds)
def test_days_that_are_kept_stay_as_they_are(seed):
    roster = rosters.tiny(seed)
    every = rosters.legal_rows(roster, 0)
    if not every:
        return
    keep = every[seed % len(every)][0].copy()
    keep[seed % roster.days] = -1
    price = np.zeros((roster.days, roster.cells))
    cost, row = RowOracle(roster).best(0, price, keep)
    assert ((keep < 0) | (keep == row)).all()
    assert cost == pytest.approx(min(c for _, c in priced(roster, 0, price, keep)))


@settings(max_examples=20, deadline=None)
@given(seed=seeds)
def test_where_caps_are_tolled_the_row_keeps_them_and_the_cost_is_a_floor(seed):
    roster = rosters.tiny(seed)
    price = np.zeros((roster.days, roster.cells))
    price[:, 2] = -8.0  # the capped kind is wanted
    every = priced(roster, 0, price)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows_module, "_CELLS_MAX", 0)
        floor, row = RowOracle(roster).best(0, price)
    if every:
        assert row is not None
        assert roster.row_cost(0, row) < np.inf
        assert floor <= min(c for _, c in every) + 1e-9


def test_a_row_that_breaks_a_rule_costs_without_end():
    roster = rosters.tiny(1, days=3)
    person = roster.people[0]
    automaton = rosters.no_second_after_first(0.0)
    assert symbol_table(automaton, 2, 2).tolist() == [[0, 1, 2], [0, 1, 2]]
    assert automaton.price_of([2, 1, 0]) == np.inf
    over = np.full(roster.days, 3)
    assert roster.row_cost(0, over) == np.inf
    assert person.caps[1] < roster.days


def test_cover_counts_people_by_cell():
    roster = rosters.tiny(2, people=2, days=3)
    rows = np.array([[0, 1, 2], [3, 1, 0]])
    counts = roster.counts(rows)
    assert counts.tolist() == [[0, 0, 1], [2, 0, 0], [0, 1, 0]]
    expected = sum(
        roster.cover_cost[d, c, counts[d, c]] for d in range(3) for c in range(roster.cells)
    )
    assert roster.cover(rows) == expected
