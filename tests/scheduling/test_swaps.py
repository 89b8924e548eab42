"""Tests for wfplan.scheduling.rosters.swaps: rosters whose rows are swapped about."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.scheduling.rosters import Kinds, legal_rows, optimum, tiny
from wfplan.domain.progress import Stop
from wfplan.rules.days import built
from wfplan.scheduling.rosters.roster import Roster, RosterPerson
from wfplan.scheduling.rosters.swaps import Swaps, typical_wish


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


def test_people_who_may_only_change_places_for_whole_runs_do_so():
    """Work comes in runs of three days, so that no single day can be exchanged."""

    def step(run, symbol):
        if symbol:
            return min(run + 1, 3), 0.0
        return 0, np.inf if run in (1, 2) else 0.0

    in_threes = built("threes", Kinds(), 2, 0, step)
    wishes = np.zeros((2, 8, 2))
    wishes[0, 1:4, 1], wishes[1, 5:8, 1] = 5.0, 5.0
    people = tuple(
        RosterPerson(wish=wish, automata=(in_threes,), paid_cost=np.zeros(9)) for wish in wishes
    )
    wanted = np.array([0, 1, 1, 1, 0, 1, 1, 1])[:, None, None]
    cover = 100.0 * np.abs(wanted - np.arange(3))
    roster = Roster(cover, np.array([0]), np.array([1]), people)
    rows = np.array([[0, 1, 1, 1, 0, 0, 0, 0], [0, 0, 0, 0, 0, 1, 1, 1]])
    assert roster.cost(rows) == 30.0
    swaps = Swaps(roster, rows, 1)
    swaps.anneal(Stop(), 50_000)
    assert swaps.cost == roster.cost(rows[::-1]) == 0.0


def test_the_typical_wish_is_the_median_of_those_there_are():
    roster = tiny(1)
    for person in roster.people:
        person.wish[:] = 0.0
        person.wish[0, 1] = np.inf
    assert typical_wish(roster) == 1.0
    roster.people[0].wish[0, 2:] = -7.0, 9.0
    assert typical_wish(roster) == 8.0


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
