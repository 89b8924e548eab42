"""Tests for wfplan.scheduling.blend.candidates."""

import numpy as np
import pytest

from wfplan.scheduling.blend.candidates import candidates, chosen_of
from wfplan.scheduling.person.legal import cost_of
from wfplan.scheduling.team.oracle import Oracle, week_of
from wfplan.scheduling.team.team import assemble


def member_with_a_week(bench, seed):
    rng = np.random.default_rng(seed)
    problem, horizon = bench.random_plan(rng)
    team = assemble(problem, bench.random_need(rng, problem, horizon))
    member = team.members[int(rng.integers(len(team.members)))]
    price = rng.exponential(1.0, team.grid.slots)
    _, week = Oracle().best(member, price)
    return member, week, price, int(rng.integers(7))


@pytest.mark.parametrize("seed", range(8))
def test_candidates_are_the_shifts_that_leave_a_legal_week(bench, seed):
    member, week, price, day = member_with_a_week(bench, seed)
    chosen = chosen_of(member, week.shifts)
    found = candidates(member, chosen, [day], price, 10_000)
    first, last = member.space.day_ptr[day : day + 2]
    legal = []
    for option in (-1, *range(first, last)):
        whole = chosen.copy()
        whole[day] = option
        if cost_of(member.space.legal, whole) < np.inf:
            legal.append(option)
    assert found.options[:, 0].tolist() == legal
    assert found.options[found.now] == chosen[day]


@pytest.mark.parametrize("seed", range(8))
def test_candidates_differ_in_cost_by_what_their_weeks_cost(bench, seed):
    member, week, price, day = member_with_a_week(bench, seed)
    found = candidates(member, chosen_of(member, week.shifts), [day], price, 10_000)
    first, last = member.space.day_ptr[day : day + 2]
    rest = [shift for shift in week.shifts if not first <= shift[0] < last]
    none = [0] * member.space.lengths.break_slots.shape[1]
    costs = [
        week_of(member, [*rest, *([(option, none)] if option >= 0 else [])]).cost
        for option in found.options[:, 0].tolist()
    ]
    assert found.cost - found.cost[found.now] == pytest.approx(np.array(costs) - costs[found.now])


@pytest.mark.parametrize("seed", range(4))
def test_of_many_candidates_the_present_one_and_the_best_for_customers_stay(bench, seed):
    member, week, price, day = member_with_a_week(bench, seed)
    chosen = chosen_of(member, week.shifts)
    every = candidates(member, chosen, [day], price, 10_000)
    few = candidates(member, chosen, [day], price, 3)
    assert len(few.options) == min(3, len(every.options))
    assert set(few.options[:, 0]) <= set(every.options[:, 0])
    assert few.options[few.now] == chosen[day]


@pytest.mark.parametrize("seed", range(4))
def test_candidates_of_two_days_are_the_pairs_that_leave_a_legal_week(bench, seed):
    rng = np.random.default_rng(seed)
    rigid = bench.contract(shortest_min=240, longest_min=480, length_step_min=240)
    problem = bench.plan([bench.agent()], contracts={"any": rigid})
    team = assemble(problem, bench.need(problem.horizon(bench.MONDAY, 7), rng=rng))
    member, price = team.members[0], rng.exponential(1.0, team.grid.slots)
    _, week = Oracle().best(member, price)
    chosen = chosen_of(member, week.shifts)
    found = candidates(member, chosen, [1, 4], price, 10_000)
    ends, legal = member.space.day_ptr, []
    for first in (-1, *range(ends[1], ends[2])):
        for second in (-1, *range(ends[4], ends[5])):
            whole = chosen.copy()
            whole[1], whole[4] = first, second
            if cost_of(member.space.legal, whole) < np.inf:
                legal.append([first, second])
    assert found.options.tolist() == legal
    assert found.options[found.now].tolist() == [chosen[1], chosen[4]]
