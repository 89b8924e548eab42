"""Tests for sellers and narrow: known weeks, and known shifts combined anew."""

import numpy as np
import pytest

from wfplan.domain.progress import Stop, no_watch
from wfplan.scheduling.bound.narrow import KnownShifts
from wfplan.scheduling.bound.sellers import Sellers
from wfplan.scheduling.person.pricing import DaysSolver
from wfplan.scheduling.search.search import Search
from wfplan.scheduling.team.oracle import Oracle
from wfplan.scheduling.team.team import assemble


@pytest.fixture
def known(bench):
    """A random team with three weeks of everybody, and offers per kind and slot."""
    rng = np.random.default_rng(9)
    problem, horizon = bench.random_plan(rng)
    team = assemble(problem, bench.random_need(rng, problem, horizon))
    slots = np.flatnonzero(team.interval_of >= 0)
    sellers, weeks, oracle = Sellers(team, slots), [], Oracle()
    for _ in range(3):
        gains = rng.exponential(1.0, (len(team.kinds), team.grid.slots))
        for i, member in enumerate(sellers.alike.members):
            _, week = oracle.best(member, team.gain_of(member, list(gains).__getitem__))
            assert week is not None
            if sellers.learn(i, week):
                weeks.append((i, week))
    sellers.gather()
    return team, slots, sellers, weeks, rng.exponential(1.0, (len(team.kinds), len(slots)))


def values(team, alike, slots, weeks, offers):
    """Worth of each week at offers, slot by slot."""
    where = {int(slot): k for k, slot in enumerate(slots)}
    return [
        sum(
            offers[kind, where[int(slot)]]
            for kind, taken in team.by_kind(alike.members[i], week.on_queue)
            for slot in taken
            if int(slot) in where
        )
        - week.cost
        for i, week in weeks
    ]


def test_sellers_are_worth_their_best_known_weeks(known):
    team, slots, sellers, weeks, offers = known
    best = [-np.inf] * len(sellers.alike.members)
    for (i, _), value in zip(weeks, values(team, sellers.alike, slots, weeks, offers), strict=True):
        best[i] = max(best[i], value)
    carried = float((sellers.carried * offers).sum())
    assert sellers.worth(offers) == pytest.approx(sellers.alike.count @ best + carried)
    assert len(sellers) == len(weeks)


def test_a_week_that_is_known_is_not_learnt_again(known):
    _, _, sellers, weeks, _ = known
    assert not sellers.learn(*weeks[0])


@pytest.mark.parametrize("temperature", [0.01, 0.5])
def test_smooth_sellers_are_worth_a_little_more_and_work_where_that_rises(known, temperature):
    team, _, sellers, weeks, offers = known
    sold = sellers.sell(offers, temperature)
    most = temperature * len(team.members) * np.log(len(weeks))
    assert sellers.worth(offers) <= sold.worth <= sellers.worth(offers) + most
    rng = np.random.default_rng(0)
    for _ in range(10):
        step = np.zeros(offers.shape)
        step[rng.integers(len(offers)), rng.integers(offers.shape[1])] = 1e-5
        rise = (
            sellers.sell(offers + step, temperature).worth
            - sellers.sell(offers - step, temperature).worth
        )
        assert rise / 2e-5 == pytest.approx(float((sold.heads * step).sum() / 1e-5), abs=1e-4)


def test_known_shifts_are_combined_as_well_as_the_oracle_would(bench):
    rng = np.random.default_rng(31)
    problem, horizon = bench.random_plan(rng)
    search = Search(assemble(problem, bench.random_need(rng, problem, horizon)), 0)
    search.settle(Stop(passes=2), no_watch)
    solver, oracle = DaysSolver(), Oracle()
    for member, own in zip(search.team.members, search.weeks, strict=True):
        shifts = KnownShifts(member)
        shifts.learn(own)
        for _ in range(4):
            gain = rng.exponential(1.0, search.team.grid.slots)
            most, week = oracle.best(member, gain)
            among = shifts.best(solver, gain)
            assert among is not None
            assert gain[among.on_queue].sum() - among.cost <= most + 1e-9
            assert week is not None
            shifts.learn(week)
            again = shifts.best(solver, gain)
            assert again is not None
            assert gain[again.on_queue].sum() - again.cost == pytest.approx(most)
