"""Tests for wfplan.scheduling.rosters.recombine and wfplan.scheduling.rosters.roster_search."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.scheduling import rosters
from wfplan.domain.progress import Stop, no_watch
from wfplan.scheduling.rosters.recombine import Master, Mixtures, Pool, generate
from wfplan.scheduling.rosters.roster_search import RosterSearch
from wfplan.scheduling.rosters.rows import RowOracle

seeds = st.integers(min_value=0, max_value=10_000)


def solvable(seed):
    """A tiny roster in which everybody has a legal row."""
    roster = rosters.tiny(seed, days=3)
    assume(all(rosters.legal_rows(roster, i) for i in range(len(roster.people))))
    return roster


def settled(roster):
    search = RosterSearch(roster, seed=1)
    search.settle(Stop(), no_watch)
    return search


@settings(max_examples=10, deadline=None)
@given(seed=seeds)
def test_the_bound_of_the_master_never_exceeds_the_optimum(seed):
    roster = solvable(seed)
    rows = settled(roster).rows
    pool, oracle = Pool(roster), RowOracle(roster)
    for i, row in enumerate(rows):
        pool.add(i, row)
    master = Master(pool, rows, range(len(rows)), (0, roster.days))
    price = Mixtures(master, oracle, rows).price
    found = generate(master, oracle, Stop(), rounds=50, price=price)
    best = rosters.optimum(roster)
    assert found.bound <= best + 1e-6
    assert found.mixture.value >= found.bound - 1e-6
    assert found.mixture.value <= best + 1e-6 + 1e-3 * abs(best)


@settings(max_examples=10, deadline=None)
@given(seed=seeds)
def test_branch_and_bound_over_all_rows_finds_the_optimum(seed):
    roster = solvable(seed)
    rows, pool = settled(roster).rows, Pool(roster)
    for i in range(len(rows)):
        for row, _ in rosters.legal_rows(roster, i):
            pool.add(i, row)
    master = Master(pool, rows, range(len(rows)), (0, roster.days))
    chosen = master.best_of(np.zeros((roster.days, roster.cells)), 1e9, 10.0)
    assert chosen is not None
    assert roster.cost(np.array(chosen)) == pytest.approx(rosters.optimum(roster))


@settings(max_examples=5, deadline=None)
@given(seed=seeds)
def test_the_search_is_legal_never_worse_than_settled_and_not_below_its_bound(seed):
    roster = solvable(seed)
    search = settled(roster)
    before = search.cost
    search.refine(Stop(passes=20), no_watch)
    assert search.cost == pytest.approx(roster.cost(search.rows))
    assert search.cost <= before
    best = rosters.optimum(roster)
    assert best - 1e-9 <= search.cost <= best + 1e-9
    assert search.bound <= best + 1e-6


@settings(max_examples=10, deadline=None)
@given(seed=seeds)
def test_mixtures_are_shares_of_legal_rows_and_round_to_a_legal_roster(seed):
    roster = solvable(seed)
    rows, rng = settled(roster).rows, np.random.default_rng(seed)
    master = Master(Pool(roster), rows, range(len(rows)), (0, roster.days))
    mixtures = Mixtures(master, RowOracle(roster), rows)
    for share in (0.6, 0.4):
        mixtures.sweep(share, rng)
        assert mixtures.parts.min() >= -1e-12
        assert mixtures.parts.sum(axis=2) == pytest.approx(1.0)
        assert mixtures.heads == pytest.approx(mixtures.parts.sum(axis=0))
    rounded = mixtures.rounded(rows, rng)
    assert roster.cost(rounded) < np.inf
    assert mixtures.heads[:, 1:] == pytest.approx(roster.counts(rounded))


def test_a_window_changes_nothing_outside_of_it():
    roster = rosters.tiny(5, people=2, days=4)
    rows = settled(roster).rows
    pool, oracle = Pool(roster), RowOracle(roster)
    for i, row in enumerate(rows):
        pool.add(i, row)
    master = Master(pool, rows, [0, 1], (1, 3))
    generate(master, oracle, Stop(), rounds=10, price=np.zeros((2, roster.cells)))
    for i, row in enumerate(rows):
        for other in pool.rows[i]:
            assert (other[[0, 3]] == row[[0, 3]]).all()


@settings(max_examples=5, deadline=None)
@given(seed=seeds)
def test_without_any_time_there_is_a_legal_roster_all_the_same(seed):
    roster = solvable(seed)
    search, stop = RosterSearch(roster, seed=1), Stop(seconds=0.0)
    search.settle(stop, no_watch)
    first = search.cost
    search.refine(stop, no_watch)
    assert search.cost == roster.cost(search.rows) <= first < np.inf


@pytest.mark.slow
def test_a_horizon_too_long_for_one_dive_is_bettered_by_neighbourhoods():
    roster = rosters.tiny(8, people=2, days=57)
    search = settled(roster)
    before = search.cost
    search.refine(Stop(passes=1), no_watch)
    assert search.cost == pytest.approx(roster.cost(search.rows))
    assert search.cost < before
    assert not np.isnan(search.price).any()


def test_somebody_without_a_legal_row_is_named():
    roster = rosters.tiny(3)
    roster.people[1].wish[:] = np.inf
    with pytest.raises(ValueError, match=r"people\[1\] has no legal row"):
        settled(roster)
