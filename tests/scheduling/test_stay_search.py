"""Tests for wfplan.scheduling.stays.stay_search, stay_moves, stay_chain, tours and serving."""

import numpy as np
import pytest

from wfplan.domain.progress import Stop, no_watch
from wfplan.errors import InfeasibleError
from wfplan.scheduling.conflict import require_legal_weeks
from wfplan.scheduling.person.legal import cost_of
from wfplan.scheduling.search.search import Search
from wfplan.scheduling.stays.stay_moves import make_stay_moves
from wfplan.scheduling.stays.stay_proposals import DRAWS, KINDS_OF_MOVE
from wfplan.scheduling.stays.stay_search import Stay, StaySearch, stay_rules, stays_of
from wfplan.scheduling.team.team import assemble

LONGEST = 96


def made_up(bench, seed, at_least=2, at_most=None):
    rng = np.random.default_rng(seed)
    problem, horizon = bench.random_plan(rng)
    need = bench.random_need(rng, problem, horizon)
    team = assemble(problem, need)
    require_legal_weeks(team)
    channels = len(team.channels)
    rules = stay_rules([at_least] * channels, [at_most] * channels, LONGEST)
    return team, StaySearch(team, rules, seed)


def from_the_beginning(search):
    """The objective of the tours, everybody counted into an empty coverage: the slow twin."""
    team, tours = search.team, search.tours()
    coverage = team.coverage(0.0)
    for member, tour in zip(team.members, tours, strict=True):
        for stay in tour.stays:
            for s in range(stay.first, stay.last):
                kind = next(k for k, slots in team.by_kind(member, np.array([s])))
                one = team.kinds[kind]
                coverage.heads[s] += 1
                coverage.staff[s, stay.channel] += one.mass * team.speed[one.group, stay.channel]
                coverage.empowered[s] += one.is_empowered
    return coverage.total_cost() + sum(tour.week.cost for tour in tours)


def one_kind(search, move):
    search._mix = np.cumsum(np.eye(KINDS_OF_MOVE)[move])


@pytest.mark.slow
@pytest.mark.parametrize("move", range(KINDS_OF_MOVE))
def test_the_rise_that_moves_report_is_that_of_the_objective(bench, move):
    accepted = 0
    for seed in range(6):
        team, search = made_up(bench, seed)
        search.settle(Stop(passes=1), no_watch)
        one_kind(search, move)
        rng = np.random.default_rng(seed)
        for i in range(len(team.members)):
            before = from_the_beginning(search)
            assert search.objective() == pytest.approx(before, rel=1e-9)
            rise = make_stay_moves(
                search.coverage.packed, search._packed_tours, i, search._legal[i],
                search._who[i], search._rules, search._memo, search._draft, search._chain,
                search._mix, rng.random((12, DRAWS)), (0.01, 5.0, 50.0)[seed % 3], 1.0,
            )  # fmt: skip
            after = from_the_beginning(search)
            assert after - before == pytest.approx(rise, abs=1e-9 * max(1.0, abs(before)))
            accepted += after != before
    assert accepted or move >= 4  # to swap days, or to work on another, is seldom legal


@pytest.mark.slow
def test_weeks_are_legal_and_stays_as_long_as_they_are_asked_to_be(bench):
    for seed in range(8):
        team, search = made_up(bench, seed, at_least=3, at_most=9)
        try:
            search.settle(Stop(passes=2), no_watch)
        except InfeasibleError:
            continue
        found = search.refine(Stop(passes=12), no_watch)
        for member, tour in zip(team.members, found.tours, strict=True):
            chosen = np.full(len(member.space.day_ptr) - 1, -1, dtype=np.int64)
            for option, _ in tour.week.shifts:
                chosen[np.searchsorted(member.space.day_ptr, option, side="right") - 1] = option
            assert cost_of(member.space.legal, chosen) < np.inf
            served = np.concatenate([np.arange(s.first, s.last) for s in tour.stays] or [[]])
            assert served.tolist() == sorted(tour.week.on_queue.tolist())
            for stay in tour.stays:
                assert 3 <= stay.last - stay.first <= 9
                assert team.serves(member)[stay.channel]


@pytest.mark.slow
def test_people_who_stay_cost_no_less_than_the_same_people_spread(bench):
    for seed in range(6):
        team, search = made_up(bench, seed)
        search.settle(Stop(passes=2), no_watch)
        found = search.refine(Stop(passes=8), no_watch)
        spread = Search(team, seed)
        for i, tour in enumerate(found.tours):
            spread.put_in(i, tour.week)
        assert spread.objective() <= found.objective + 1e-6 * abs(found.objective)


@pytest.mark.slow
def test_annealing_never_returns_worse_than_it_began_with_and_repeats_itself(bench):
    costs = []
    for _ in range(2):
        _, search = made_up(bench, 4)
        search.settle(Stop(passes=2), no_watch)
        settled = search.objective()
        found = search.refine(Stop(passes=10), no_watch)
        assert found.objective <= settled + 1e-6
        costs.append(found.objective)
    assert costs[0] == costs[1]


def test_a_least_stay_that_no_shift_holds_is_said(bench):
    _, search = made_up(bench, 0, at_least=95)
    with pytest.raises(InfeasibleError, match="Shorten the least time on a channel"):
        search.settle(Stop(passes=1), no_watch)


def test_stays_are_parted_by_breaks_and_other_channels():
    serving = np.array([-1, 0, 0, 1, 1, 1, -1, 1, -1])
    assert stays_of(serving) == (Stay(0, 1, 3), Stay(1, 3, 6), Stay(1, 7, 8))
