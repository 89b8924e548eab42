"""Tests for wfplan.scheduling.bound: against the true optimum of tiny problems, by brute force."""

from itertools import product

import numpy as np
import pytest

from wfplan.domain.problem import Objective
from wfplan.domain.progress import Stop, no_watch
from wfplan.horizon import Horizon
from wfplan.scheduling import solve
from wfplan.scheduling.bound import LowerBound
from wfplan.scheduling.market import Prices
from wfplan.scheduling.oracle import week_of
from wfplan.scheduling.search import Search, customer_cost
from wfplan.scheduling.team import assemble


def tiny(bench, seed):
    """Two or three people, one long shift a day or two short ones, two channels, two days."""
    rng = np.random.default_rng(seed)
    work = bench.contract(
        shortest_min=480,
        longest_min=480,
        start_window=(0, 960),
        start_step_min=480,
        break_tiers=(),
        work_days_max=2,
    )
    skills = (["voice"], ["voice", "chat"], ["chat", "empowered"])
    people = [
        bench.agent(f"P{i}", *held, timezone="UTC", min_hours_week=float(rng.integers(0, 3) * 14))
        for i, held in enumerate(skills[: 2 + seed % 2])
    ]
    problem = bench.plan(
        people,
        ("voice", "chat"),
        timezone="UTC",
        contracts={"any": work},
        objective=Objective(
            tail=0.8, balance=float(rng.random()), presence_per_h=10, paid_hour=1.5
        ),
    )
    horizon = Horizon("UTC", bench.MONDAY, 2, interval_min=60, slot_min=60)
    hour = horizon.interval_minutes // 60
    is_open = (hour >= 4) & (hour < 23)
    is_open[-1] = False  # closed at the end, so that no hour after the horizon counts
    need = bench.need(
        horizon, ("voice", "chat"), rng=rng, staff=3, floor=2.0, empowered=1.0, is_open=is_open
    )
    return problem, need


def joint_weeks(team):
    """Every legal week of every member: each day off or one of its options."""
    per_member = []
    for member in team.members:
        space, weeks = member.space, []
        days = [
            [None, *range(space.day_ptr[d], space.day_ptr[d + 1])]
            for d in range(len(space.day_ptr) - 1)
        ]
        for chosen in product(*days):
            options = [o for o in chosen if o is not None]
            paid = int(space.len_paid[space.opt_len[options]].sum())
            starts = space.opt_start[options]
            ends = starts + space.lengths.slots[space.opt_len[options]]
            if not space.paid_low <= paid <= space.paid_high or (starts[1:] < ends[:-1]).any():
                continue
            weeks.append(week_of(member, [(o, ()) for o in options]))
        per_member.append(weeks)
    return product(*per_member)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_bound_optimum_and_plan_lie_in_this_order(bench, seed):
    """
    The optimum over all joint weeks, spreads and tail levels, tail and floors and all.

    Every joint week is read by the quick cost; the best forty by the linear
    program that is the truth, which is never above the quick cost.
    """
    problem, need = tiny(bench, seed)
    team = assemble(problem, need)
    assert team.curves.harm.shape[1] == team.curves.horizon_intervals
    search = Search(team, 0)
    quick = []
    for weeks in joint_weeks(team):
        coverage = team.coverage(0.5)
        for member, week in zip(team.members, weeks, strict=True):
            for kind, slots in team.by_kind(member, week.on_queue):
                coverage.add(kind, slots)
        search.coverage, search.weeks, search.eta = coverage, list(weeks), 0.5
        quick.append((search.objective(), weeks))
    quick.sort(key=lambda pair: pair[0])
    optimum = min(bench.true_objective(problem, need, team, weeks) for _, weeks in quick[:40])
    solution = solve(problem, need, stop=Stop(passes=8), seed=seed)
    assert solution.lower_bound <= optimum + 1e-6
    assert optimum <= solution.objective + 1e-6
    assert solution.objective <= optimum * 1.05


def settled(bench, seed):
    rng = np.random.default_rng(seed)
    problem, horizon = bench.random_plan(rng)
    team = assemble(problem, bench.random_need(rng, problem, horizon))
    search = Search(team, seed)
    search.settle(Stop(passes=2), no_watch)
    return search


@pytest.mark.parametrize("seed", [2, 9, 31])
def test_more_rounds_never_lower_the_bound_and_never_pass_the_plan(bench, seed):
    search, seen = settled(bench, seed), []
    bound = LowerBound(search.team, search.coverage, search.weeks)
    plan = search.objective()
    best = bound.improve(plan, 6, Stop(), lambda _, figures: seen.append(figures["bound"]))
    assert seen == sorted(seen)
    assert best.value == seen[-1] <= plan
    again = LowerBound(search.team, search.coverage, search.weeks)
    assert again.improve(plan, 2, Stop(), no_watch).value == seen[:2][-1]


@pytest.mark.parametrize("seed", [2, 9, 31])
def test_no_prices_make_the_bound_exceed_a_plan(bench, seed):
    """Weak duality: whatever the prices and the premium of empowered people."""
    search = settled(bench, seed)
    bound = LowerBound(search.team, search.coverage)
    rng = np.random.default_rng(seed)
    plan = customer_cost(search.team, search.coverage) + sum(week.cost for week in search.weeks)
    for scale in (0.0, 0.1, 1.0, 30.0):
        prices = Prices(
            scale * rng.exponential(1.0, bound.first_prices.shape),
            rng.uniform(0, bound.market.empowered_price, len(bound.market.slots)),
        )
        assert bound.prove(prices, Stop()).value <= plan + 1e-6


def test_a_bound_knows_no_weeks_but_those_that_it_finds(bench):
    search = settled(bench, 4)
    bound = LowerBound(search.team, search.coverage)
    assert bound.improve(search.objective(), 4, Stop(), no_watch).is_proven


def test_an_interrupted_bound_gives_what_it_has_proven(bench):
    search, stop, seen = settled(bench, 2), Stop(), []

    def interrupt(_, figures):
        seen.append(figures["bound"])
        if len(seen) == 2:
            stop.interrupt.set()

    bound = LowerBound(search.team, search.coverage, search.weeks)
    assert bound.improve(search.objective(), 50, stop, interrupt).value == seen[-1]
    assert len(seen) == 2
    assert not bound.improve(search.objective(), 50, stop, interrupt).is_proven


def test_the_bound_is_tight_where_nobody_has_a_choice(bench):
    """One person, one possible shift, which she owes: the plan is the only one there is."""
    work = bench.contract(
        shortest_min=480,
        longest_min=480,
        start_window=(480, 480),
        break_tiers=(),
        work_days_min=1,
        work_days_max=1,
    )
    problem = bench.plan(
        [bench.agent("P0", timezone="UTC", min_hours_week=8)],
        timezone="UTC",
        contracts={"any": work},
        objective=Objective(balance=0.0),
    )
    horizon = Horizon("UTC", bench.MONDAY, 1, interval_min=60, slot_min=60)
    hour = np.arange(24)
    need = bench.need(horizon, staff=1, presence=1.0, is_open=(hour >= 8) & (hour < 16))
    # the last day of a week of which nobody knows the rest: it owes a seventh of the hours
    owing = problem.agents[0].model_copy(update={"min_hours_week": 8 * 7.0})
    problem = problem.model_copy(update={"agents": (owing,), "week_start": 1})
    solution = solve(problem, need, stop=Stop(passes=2))
    assert len(solution.schedule.shifts) == 1
    assert solution.lower_bound == pytest.approx(solution.objective, rel=1e-3)
