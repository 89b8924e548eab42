"""Tests for bound: against the true optimum of tiny problems, by brute force."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import numpy as np
import pytest

from wfplan.domain.problem import Objective, RuleSetting
from wfplan.domain.progress import Stop, no_watch
from wfplan.domain.results import GapReason
from wfplan.domain.schedule import PastShift
from wfplan.horizon import Horizon
from wfplan.scheduling import solve
from wfplan.scheduling.bound.alike import Alike
from wfplan.scheduling.bound.bound import LowerBound
from wfplan.scheduling.bound.market import Prices
from wfplan.scheduling.bound.waiting import SoonAfter
from wfplan.scheduling.person.legal import is_legal
from wfplan.scheduling.search.search import Search
from wfplan.scheduling.team.oracle import week_of
from wfplan.scheduling.team.team import assemble
from wfplan.scheduling.terms.customers import customer_cost


def tiny(bench, seed, *, is_ruled=False):
    """
    Two or three people, one long shift a day or two short ones, two channels, two days.

    Where it is ruled, late shifts have a price, a rest of 11 hours is asked for, and
    the first person worked the night before, into the opening hours.
    """
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
        plan_rules=RULES if is_ruled else (),
        past_shifts=(night(bench),) if is_ruled else (),
    )
    horizon = Horizon("UTC", bench.MONDAY, 2, interval_min=60, slot_min=60)
    hour = horizon.interval_minutes // 60
    is_open = (hour >= 4) & (hour < 23)
    is_open[-1] = False  # closed at the end, so that no hour after the horizon counts
    need = bench.need(
        horizon, ("voice", "chat"), rng=rng, staff=3, floor=2.0, empowered=1.0, is_open=is_open
    )
    return problem, need


RULES = (
    RuleSetting(rule="daily_rest", value=11, unit="hours"),
    RuleSetting(rule="late_shifts_week", value=0, unit="shifts", hardness="soft", weight=2.5),
)


def night(bench):
    """The shift of P0 from the eve of the horizon to 05:00, an hour after the opening."""
    start = bench.at(0, "00:00", timezone="UTC") - timedelta(hours=3)
    return PastShift(agent_id="P0", start=start, end=start + timedelta(hours=8), paid_min=480)


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
            numbers = np.array([-1 if o is None else o for o in chosen], dtype=np.int64)
            if is_legal(space.legal, numbers):
                weeks.append(week_of(member, [(o, ()) for o in options]))
        per_member.append(weeks)
    return product(*per_member)


@pytest.mark.slow
@pytest.mark.parametrize("is_ruled", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_bound_optimum_and_plan_lie_in_this_order(bench, seed, is_ruled):
    """
    The optimum over all joint weeks, spreads and tail levels, tail and floors and all.

    Every joint week is read by the quick cost; the best forty by the linear
    program that is the truth, which is never above the quick cost.
    """
    problem, need = tiny(bench, seed, is_ruled=is_ruled)
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
    solution = solve(problem, need, stop=Stop(passes=18), seed=seed)
    assert optimum / 2 <= solution.lower_bound <= optimum + 1e-6
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


@pytest.mark.slow
def test_a_gap_is_told_in_hours_and_with_what_keeps_it_open(bench):
    """Two whole people for a little work at every hour: no prices close the gap."""
    problem, need = tiny(bench, 1)
    solution = solve(problem, need, stop=Stop(passes=30))
    gap = solution.gap_reading
    assert gap is not None
    assert gap.points == pytest.approx(solution.objective - solution.lower_bound)
    assert gap.hours == pytest.approx(gap.points / gap.hour_points)
    assert gap.money is None
    if gap.reason is GapReason.WHOLE:
        assert gap.whole_share >= 0.5


def test_money_is_what_the_hours_of_the_gap_are_paid(bench):
    search = settled(bench, 2)
    bound = LowerBound(search.team, search.coverage, search.weeks)
    best = bound.improve(search.objective(), 3, Stop(), no_watch)
    paid = replace(
        search.team,
        members=tuple(
            replace(member, agent=member.agent.model_copy(update={"cost_per_hour": 20.0}))
            for member in search.team.members
        ),
    )
    free = best.reading(search.team, best.value + 10, 0.0)
    known = best.reading(paid, best.value + 10, 0.0)
    assert free is not None
    assert known is not None
    assert free.points == pytest.approx(10)
    assert known.money == pytest.approx(free.hours / search.team.need.presence_share * 20)


def test_a_gap_that_prices_could_close_says_so(bench):
    search = settled(bench, 2)
    bound = LowerBound(search.team, search.coverage, search.weeks)
    best = bound.improve(search.objective(), 1, Stop(), no_watch)
    far = best.value + 1000.0
    reasons = {reach: best.reaching(reach).reading(search.team, far, 0.0) for reach in
               (best.value, far)}  # fmt: skip
    assert reasons[best.value].reason is GapReason.WHOLE
    assert reasons[far].reason is GapReason.PRICES
    assert best.reading(search.team, best.value, 0.0).reason is GapReason.CLOSE
    assert best.reaching(best.value).is_settled
    assert not best.reaching(np.inf).is_settled  # no round has said how far prices can get
    known = best.reaching(best.value).reading(search.team, far, 0.0, 700.0)
    assert known.reason is GapReason.LEFT_OUT
    assert known.left_out_share == pytest.approx(0.7)
    assert known.whole_share == pytest.approx(0.3)


@pytest.mark.parametrize("seed", [2, 9, 31])
def test_a_bound_that_takes_up_an_earlier_proof_begins_where_that_ended(bench, seed):
    search, seen = settled(bench, seed), []
    plan = search.objective()
    first = LowerBound(search.team, search.coverage, search.weeks)
    best = first.improve(plan, 6, Stop(), no_watch)
    again = LowerBound(search.team, search.coverage, search.weeks, best.proof)
    better = again.improve(plan, 1, Stop(), lambda _, figures: seen.append(figures["bound"]))
    assert best.value - 1e-9 <= seen[0] <= better.value == seen[1] <= plan


def test_a_proof_of_other_slots_is_left_alone(bench):
    search = settled(bench, 2)
    bound = LowerBound(search.team, search.coverage, search.weeks)
    proof = bound.improve(search.objective(), 2, Stop(), no_watch).proof
    other = replace(proof, staff=proof.staff[:, 1:], empowered=proof.empowered[1:])
    alone = LowerBound(search.team, search.coverage, search.weeks, other)
    assert alone.improve(search.objective(), 2, Stop(), no_watch).is_proven


def test_people_who_are_alike_are_asked_once_and_counted(bench):
    """A team of three times the same people: as many members, and the same bound as apart."""
    rng = np.random.default_rng(9)
    problem, horizon = bench.random_plan(rng)
    names = [agent.agent_id for agent in problem.agents]
    thrice = [
        agent.model_copy(update={"agent_id": f"{agent.agent_id}-{k}"})
        for agent in problem.agents
        for k in range(3)
    ]
    many = problem.model_copy(update={"agents": tuple(thrice), "past_shifts": ()})
    team = assemble(many, bench.random_need(rng, problem, horizon))
    alike = Alike.among(team.members)
    assert len(alike.members) <= len(names)
    assert alike.count.sum() == len(thrice)
    for i, k in enumerate(alike.of):
        assert alike.members[k].space is team.members[i].space
    search = Search(team, 0)
    search.settle(Stop(passes=1), no_watch)
    bound = LowerBound(team, search.coverage, search.weeks)
    apart = replace(team, members=tuple(replace(m, burden=m.burden.copy()) for m in team.members))
    each = LowerBound(apart, search.coverage, search.weeks)
    prices = Prices(
        rng.exponential(1.0, bound.first_prices.shape), np.zeros(len(each.market.slots))
    )
    assert len(each.market.sellers.alike.members) == len(thrice)
    assert bound.prove(prices, Stop()).value == pytest.approx(each.prove(prices, Stop()).value)


def test_a_sample_stands_for_all_people_evenly(bench):
    rng = np.random.default_rng(9)
    problem, horizon = bench.random_plan(rng)
    many = tuple(
        agent.model_copy(update={"agent_id": f"{agent.agent_id}-{k}"})
        for agent in problem.agents
        for k in range(12)
    )
    problem = problem.model_copy(update={"agents": many, "past_shifts": ()})
    team = assemble(problem, bench.random_need(rng, problem, horizon))
    alike = Alike.among(team.members)
    few = alike.sample(len(many) // 4)
    assert few.count.sum() == pytest.approx(len(many))
    for kinds in {member.kinds for member in team.members}:
        people, taken = (
            sum(n for m, n in zip(one.members, one.count, strict=True) if m.kinds == kinds)
            for one in (alike, few)
        )
        assert abs(people - taken) <= 4
    for i, k in enumerate(few.of):
        assert k < 0 or few.members[k].space is team.members[i].space


@pytest.mark.parametrize("seed", [2, 9, 31])
def test_prices_learnt_from_a_sample_are_proven_for_everybody(bench, seed, monkeypatch):
    search, seen = settled(bench, seed), []
    monkeypatch.setattr("wfplan.scheduling.bound.bound._MANY", 1)
    monkeypatch.setattr("wfplan.scheduling.bound.bound._FEW", 2)
    bound = LowerBound(search.team, search.coverage, search.weeks)
    plan = search.objective()
    best = bound.improve(plan, 6, Stop(), lambda _, figures: seen.append(figures["bound"]))
    assert len(bound.market.sellers.alike.members) > 1
    assert seen[0] == bound.prove(bound._earlier, Stop()).value
    assert seen == sorted(seen)
    assert best.value == seen[-1] <= plan


def test_a_bound_has_little_more_time_than_the_search(monkeypatch):
    clock = [100.0]
    monkeypatch.setattr("wfplan.scheduling.bound.waiting.thread_time", lambda: clock[0])
    until = SoonAfter(Stop())
    clock[0] += 200.0
    assert not until.is_due  # the bound asks for the first time
    until.search_ended()
    clock[0] += 239.0
    assert not until.is_due
    clock[0] += 2.0
    assert until.is_due
    stopped = SoonAfter(Stop())
    stopped.interrupt.set()
    assert stopped.is_due
