"""Tests for wfplan.scheduling.terms.settled: customers and people weighed against each other."""

from dataclasses import replace

import numpy as np
import pytest

from wfplan.domain.progress import Stop, no_watch
from wfplan.scheduling.search.search import Search
from wfplan.scheduling.team.team import assemble
from wfplan.scheduling.terms.customers import customer_cost, settle_tail
from wfplan.scheduling.terms.people import PeopleCosts
from wfplan.scheduling.terms.settled import settle
from wfplan.scheduling.terms.strain import Strain


def planned(bench, seed, load):
    """A plan after one pass, at so many times a load that its people can serve."""
    rng = np.random.default_rng(seed)
    problem, horizon = bench.random_plan(rng)
    need = bench.random_need(rng, problem, horizon)
    loads = load * rng.uniform(0.3, 1.2, need.load_erlangs.shape) * (need.volume > 0)
    team = assemble(problem, replace(need, load_erlangs=loads))
    search = Search(team, seed)
    search.settle(Stop(passes=1), no_watch)
    return team, search


def cost_as_spread(people, coverage, duties):
    strain = people.cost_of(duties, Strain.of(people.team, coverage)).points
    return customer_cost(people.team, coverage) + strain


@pytest.mark.parametrize("seed", range(12))
def test_weighing_people_too_is_never_worse_than_customers_alone(bench, seed):
    team, search = planned(bench, seed, 3.0)
    people, duties = PeopleCosts(team), search.people.duties(search.weeks)
    settle_tail(team, search.coverage)
    alone = cost_as_spread(people, search.coverage, duties)
    customers = settle(people, search.coverage, duties)
    both = cost_as_spread(people, search.coverage, duties)
    assert both <= alone + 1e-6
    assert customers == customer_cost(team, search.coverage)


def test_where_people_serve_several_channels_some_of_them_are_spared(bench):
    """Else the page would do nothing: of twelve random centres some cost less."""
    gains = []
    for seed in range(12):
        team, search = planned(bench, seed, 6.0)
        people, duties = PeopleCosts(team), search.people.duties(search.weeks)
        settle_tail(team, search.coverage)
        alone = cost_as_spread(people, search.coverage, duties)
        settle(people, search.coverage, duties)
        gains.append(alone - cost_as_spread(people, search.coverage, duties))
    assert max(gains) > 1.0


@pytest.mark.parametrize("seed", range(4))
def test_the_spread_depends_on_who_is_on_queue_when_and_on_nothing_before(bench, seed):
    team, search = planned(bench, seed, 4.0)
    duties = search.people.duties(search.weeks)
    first = settle(PeopleCosts(team), search.coverage, duties)
    staff = search.coverage.staff.copy()
    search.coverage.reprice(team.curves.at_level(99.0))
    assert settle(search.people, search.coverage, duties) == first
    assert (search.coverage.staff == staff).all()
