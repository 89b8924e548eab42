"""Tests for wfplan.scheduling.rosters.swaps: rosters whose rows are swapped about."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.scheduling.rosters import legal_rows, optimum, tiny
from wfplan.domain.progress import Stop
from wfplan.scheduling.rosters.swaps import Swaps


def any_rows(roster, rng):
    """A legal row of everybody, or None where somebody has none."""
    rows = [legal_rows(roster, i) for i in range(len(roster.people))]
    if not all(rows):
        return None
    return np.array([mine[rng.integers(len(mine))][0] for mine in rows])


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), temperature=st.sampled_from([0.01, 3.0, 100.0]))
def test_what_swaps_say_that_they_cost_is_what_the_roster_costs_from_the_beginning(
    seed, temperature
):
    roster = tiny(seed, people=3)
    rows = any_rows(roster, np.random.default_rng(seed))
    assume(rows is not None)
    swaps = Swaps(roster, rows, seed)
    before = roster.cost(rows)
    for moves in (1, 1, 2, 5, 50):
        rise = swaps.move(moves, temperature)
        after = roster.cost(swaps.at_hand)
        assert np.isfinite(after)  # legal
        assert after - before == pytest.approx(rise, abs=1e-9 * max(1.0, abs(before)))
        before = after


@pytest.mark.parametrize("seed", range(8))
def test_annealed_rosters_are_legal_never_worse_and_never_below_the_optimum(seed):
    roster = tiny(seed)
    rows = any_rows(roster, np.random.default_rng(seed))
    if rows is None:
        return
    swaps = Swaps(roster, rows, seed)
    swaps.anneal(Stop(), 20_000)
    assert roster.cost(swaps.rows) == pytest.approx(swaps.cost)
    assert optimum(roster) - 1e-9 <= swaps.cost <= roster.cost(rows)


def test_the_same_seed_makes_the_same_swaps():
    roster = next(
        roster
        for roster in map(tiny, range(100))
        if any_rows(roster, np.random.default_rng(0)) is not None
    )
    rows = any_rows(roster, np.random.default_rng(0))
    found = []
    for _ in range(2):
        swaps = Swaps(roster, rows, 7)
        swaps.move(200, 50.0)
        found.append(swaps.at_hand.copy())
    assert (found[0] == found[1]).all()
