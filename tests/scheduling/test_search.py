"""Tests for search: legal, complete, deterministic, never worse than before."""

from dataclasses import replace
from itertools import pairwise
from threading import Event
from time import monotonic

import numpy as np
import pytest

from wfplan.domain.problem import Objective
from wfplan.domain.progress import Stop, no_watch
from wfplan.domain.results import SolveStatus
from wfplan.evaluation import audit
from wfplan.scheduling import evaluate, solve
from wfplan.scheduling.conflict import require_legal_weeks
from wfplan.scheduling.search.search import Search
from wfplan.scheduling.team.team import assemble
from wfplan.scheduling.terms.customers import customer_cost, settle_tail


def small(bench, seed):
    rng = np.random.default_rng(seed)
    problem, horizon = bench.random_plan(rng)
    return problem, horizon, bench.random_need(rng, problem, horizon)


def search_of(problem, need, seed=0):
    team = assemble(problem, need)
    require_legal_weeks(team)
    return Search(team, seed)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(10))
def test_every_week_that_is_planned_is_legal_and_keeps_its_locks(bench, block):
    """Two hundred random centres, with history, wishes, time off, locks and clock changes."""
    for seed in range(20 * block, 20 * block + 20):
        problem, horizon, need = small(bench, seed)
        search = search_of(problem, need, seed)
        stop = Stop(passes=2)
        search.settle(stop, no_watch)
        found = search.refine(stop, no_watch)
        schedule = bench.schedule_of(problem, search.team, found.weeks)
        hard = [b.why for b in audit(problem, horizon, schedule, need).hard_breaches if b.agent_id]
        assert not hard, (seed, hard)
        starts = {(shift.agent_id, shift.start, shift.end) for shift in schedule.shifts}
        worked = {(shift.agent_id, shift.shift_date) for shift in schedule.shifts}
        for lock in problem.locks:
            if lock.is_day_off:
                assert (lock.agent_id, lock.day) not in worked
            else:
                assert (lock.agent_id, lock.start, lock.end) in starts


@pytest.mark.slow
@pytest.mark.parametrize("seed", [3, 21, 107])
def test_the_plan_never_gets_worse_after_its_first_pass(bench, seed):
    problem, _, need = small(bench, seed)
    search, trail = search_of(problem, need), []
    stop = Stop(passes=6)
    search.settle(Stop(passes=1), no_watch)
    first = search.objective()

    def watch(stage, figures):
        if stage == "search":
            trail.append(figures["best"])

    search.settle(replace(stop), watch)
    found = search.refine(stop, watch)
    tolerance = 1e-6 * abs(first)
    assert all(after <= before + tolerance for before, after in pairwise(trail))
    assert trail[0] <= first + tolerance
    assert found.objective <= trail[-1] + tolerance


def test_the_prices_add_up_to_the_fall_of_the_objective(bench):
    """A best response is exact: value promised, objective saved."""
    problem, _, need = small(bench, 12)
    search = search_of(problem, need)
    search.settle(Stop(passes=1), no_watch)
    for i, member in enumerate(search.team.members):
        search.take_out(i)
        without = search.objective()
        value, week = search.oracle.best(member, search.gain(member))
        idle_cost = search.weeks[i].cost
        search.put_in(i, week)
        assert without - idle_cost - search.objective() == pytest.approx(value, abs=1e-6)


@pytest.mark.slow
def test_a_seed_gives_the_same_plan_again_and_another_seed_may_not(bench):
    problem, _, need = small(bench, 5)
    one, two = (solve(problem, need, stop=Stop(passes=4), seed=9) for _ in range(2))
    assert one.schedule == two.schedule
    assert one.objective == two.objective
    assert one.lower_bound == two.lower_bound


def test_an_interrupt_at_once_still_gives_everybody_a_legal_week(bench):
    problem, horizon, need = small(bench, 8)
    pressed = Event()
    pressed.set()
    solution = solve(problem, need, stop=Stop(interrupt=pressed))
    assert solution.status is SolveStatus.PARTIAL
    hard = [b for b in audit(problem, horizon, solution.schedule).hard_breaches if b.agent_id]
    assert not hard
    assert solution.passes == 1
    assert solution.lower_bound <= solution.objective
    owing = {a.agent_id for a in problem.agents if a.min_hours_week > 0 and not a.time_off}
    assert owing <= {shift.agent_id for shift in solution.schedule.shifts}


def test_time_that_is_up_stops_after_the_first_pass_and_a_used_budget_settles(bench):
    problem, _, need = small(bench, 8)
    late = solve(problem, need, stop=Stop(seconds=0.0))
    assert late.status is SolveStatus.STOPPED
    assert late.passes == 1
    assert solve(problem, need, stop=Stop(passes=2)).status is SolveStatus.SETTLED


@pytest.mark.slow
def test_seconds_bound_the_search_however_many_passes_are_left(bench):
    problem, _, need = small(bench, 8)
    solve(problem, need, stop=Stop(passes=1))  # kernels compiled
    began = monotonic()
    solution = solve(problem, need, stop=Stop(passes=10**6, seconds=1.0))
    assert solution.status is not SolveStatus.PARTIAL  # settled if it had time to cool down
    assert solution.passes > 1
    assert monotonic() - began < 60  # that it ends at all; how fast is measured in benchmarks


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 7, 16, 27, 38, 48, 79, 107])
def test_evaluate_reads_a_plan_as_the_search_does(bench, seed):
    """Seeds 16, 38, 79 and 107 once had staff out of nothing in the search."""
    problem, _, need = small(bench, seed)
    solution = solve(problem, need, stop=Stop(passes=3), seed=seed)
    read = evaluate(problem, need, solution.schedule)
    assert read.objective == pytest.approx(solution.objective, rel=1e-9)
    assert read.staff == pytest.approx(solution.staff)
    assert read.heads == pytest.approx(solution.heads)
    assert read.empowered == pytest.approx(solution.empowered)
    assert dict(read.terms) == pytest.approx(dict(solution.terms))


@pytest.mark.parametrize("seed", range(4))
def test_the_settled_cost_is_near_the_least_over_all_spreads_and_levels(bench, seed):
    """A linear program over spreads and tail level together is the truth."""
    rng = np.random.default_rng(seed)
    people = [
        bench.agent(f"P{i}", *held, min_hours_week=8)
        for i, held in enumerate((["voice"], ["chat"], ["voice", "chat"], ["voice", "chat"]))
    ]
    problem = bench.plan(
        people, ("voice", "chat"), objective=Objective(tail=0.8, balance=float(rng.random()))
    )
    need = bench.need(problem.horizon(bench.MONDAY, 2), ("voice", "chat"), rng=rng)
    need = replace(need, harm=need.harm * 1.0)
    search = search_of(problem, need)
    search.settle(Stop(passes=2), no_watch)
    beyond = search.team.curves.harm.shape[1] - search.team.curves.horizon_intervals
    assert beyond == 6
    personal = sum(week.cost for week in search.weeks)
    value = settle_tail(search.team, search.coverage)
    assert value == pytest.approx(customer_cost(search.team, search.coverage))
    after = bench.after_cost(need, search.team, search.coverage)
    truth = bench.true_objective(problem, need, search.team, search.weeks)
    assert truth <= value - after + personal + 1e-6
    assert value - after + personal <= truth * 1.02


def test_an_empty_team_is_an_empty_plan(bench):
    problem = bench.plan([])
    need = bench.need(problem.horizon(bench.MONDAY, 7))
    solution = solve(problem, need, stop=Stop(passes=2))
    assert solution.schedule.shifts == ()
    assert solution.lower_bound == pytest.approx(solution.objective, rel=1e-3)
