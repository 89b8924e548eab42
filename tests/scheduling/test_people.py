"""Tests for wfplan.scheduling.terms.people: what couples people, exactly and as prices."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.domain.channels import Channel
from wfplan.domain.people import Agent, PastLoad
from wfplan.domain.problem import Objective, RuleSetting
from wfplan.domain.progress import Stop
from wfplan.domain.schedule import PastShift
from wfplan.engagement import gini, overload_ledger, planned_occupancy
from wfplan.engagement.ledger import ACUTE_KEPT, CHRONIC_KEPT, MEASURES
from wfplan.evaluation.exposure import ledger_off
from wfplan.scheduling import evaluate, solve
from wfplan.scheduling.search.search import Search
from wfplan.scheduling.team.decode import schedule_of
from wfplan.scheduling.team.team import assemble
from wfplan.scheduling.terms.duties import DutyBook, duties_of
from wfplan.scheduling.terms.people import PeopleCosts
from wfplan.scheduling.terms.strain import Strain

FREE = {"preference_per_h": 0.0, "paid_hour": 0.0, "change_per_day": 0.0}


def whole_day(bench, hours=10, **more):
    """Shifts of one length without breaks that start at eight."""
    minutes = hours * 60
    return bench.contract(
        shortest_min=minutes, longest_min=minutes, start_window=(480, 480), break_tiers=(), **more
    )


def busy_need(bench, horizon, load, *, channels=("voice",), staff=3):
    """Harm that one person already prevents, and a load in all intervals."""
    asked = bench.need(horizon, channels, presence=1.0, staff=staff, volume=10.0)
    harm = np.zeros_like(asked.harm)
    harm[:, :, 0] = 10.0
    loads = np.full(asked.load_erlangs.shape, load)
    return replace(asked, harm=harm, load_erlangs=loads)


def with_load(need, rng):
    """The same need with a random load."""
    load = rng.uniform(0.3, 1.2, need.load_erlangs.shape) * (need.harm.shape[2] - 1) / 2
    return replace(need, load_erlangs=load * (need.volume > 0))


def alone(bench, **goals):
    """One person who owes fifty hours a week of ten-hour days, at an occupancy of 0.9."""
    person = bench.agent("A1", contract_hours_week=50, min_hours_week=50, max_hours_week=50)
    problem = bench.plan(
        [person], contracts={"any": whole_day(bench)}, objective=Objective(**FREE | goals)
    )
    return problem, busy_need(bench, problem.horizon(bench.MONDAY, 7), 0.9)


def part(solution, name):
    return next(term for term in solution.parts if term.name == name)


def test_five_days_at_an_occupancy_of_nine_tenths_by_hand(bench):
    """Ten hours at 0.5 are 300 minutes, heavier from the second day in a row on."""
    problem, need = alone(bench, strain_per_h=2.0, overload_per_h=30.0)
    solution = solve(problem, need, stop=Stop(passes=3))
    days = sorted(shift.shift_date for shift in solution.schedule.shifts)
    assert len(days) == 5
    weights = np.array([1.00, 1.02, 1.07, 1.17, 1.25])
    loads, run = np.zeros(7), 0
    for d in range(7):
        is_worked = bench.MONDAY + timedelta(days=d) in days
        loads[d] = 300 * weights[run] if is_worked else 0.0
        run = run + 1 if is_worked else 0
    acute = chronic = over = 0.0
    for load in loads:
        acute = ACUTE_KEPT * acute + (1 - ACUTE_KEPT) * load
        chronic = CHRONIC_KEPT * chronic + (1 - CHRONIC_KEPT) * load
        over += max(load - 150, 0) + max(acute - 90, 0) + max(chronic - 60, 0)
    assert part(solution, "strain").amount == pytest.approx(loads.sum() / 60)
    assert part(solution, "strain").points == pytest.approx(2.0 * loads.sum() / 60)
    assert part(solution, "overload").amount == pytest.approx(over)
    assert part(solution, "overload").points == pytest.approx(30.0 * over / 60)
    assert part(solution, "over_caps").amount == 1


def test_what_was_carried_in_counts_towards_the_caps(bench):
    problem, need = alone(bench)
    eve = bench.MONDAY - timedelta(days=2)
    load = PastLoad(agent_id="A1", day=eve, acute_min=100.0, chronic_min=50.0)
    problem = problem.model_copy(update={"past_loads": (load,)})
    cost = PeopleCosts(assemble(problem, need)).facts.carried_min
    assert cost[1, 0] == pytest.approx(100 * ACUTE_KEPT)  # one day has passed since
    assert cost[2, 0] == pytest.approx(50 * CHRONIC_KEPT)


@pytest.mark.parametrize("seed", range(8))
def test_the_ledger_of_the_search_is_that_of_the_finished_schedule(bench, seed):
    """R26: recomputed from the schedule by other code, at the occupancy that the plan says."""
    rng = np.random.default_rng(seed)
    problem, horizon = bench.random_plan(rng)
    need = with_load(bench.random_need(rng, problem, horizon), rng)
    team = assemble(problem, need)
    search = Search(team, seed)
    search.settle(Stop(passes=1), lambda *_: None)
    found = search.refine(Stop(passes=2), lambda *_: None)
    cost = search.people.measure(found.weeks, found.coverage)
    plan = evaluate(problem, need, schedule_of(problem, team, found.weeks))
    ledger = overload_ledger(
        problem, horizon, plan.schedule, plan.channel_share,
        planned_occupancy(problem, need, plan.staff),
    )  # fmt: skip
    wide = ledger.pivot(index="agent_id", columns="date", values="overload_min")
    own = [agent.agent_id for agent in problem.agents]
    assert cost.measures[0] == pytest.approx(wide.loc[own].to_numpy(), abs=1e-6)
    off = [minutes for own in ledger_off(problem, need, plan).values() for minutes in own]
    assert max(off, default=0.0) < 1e-6
    acute = ledger.pivot(index="agent_id", columns="date", values="acute_min")
    assert cost.measures[1] == pytest.approx(acute.loc[own].to_numpy(), abs=1e-6)


@pytest.mark.parametrize("timezone", ["Europe/Dublin", "America/New_York"])
def test_a_night_that_runs_into_the_week_is_in_both_ledgers(bench, timezone):
    """What no plan changes counts towards the first day's cap, at the weight of its own day."""
    people = [bench.agent(name, timezone=timezone) for name in ("A1", "A2")]
    problem = bench.plan(people, contracts={"any": whole_day(bench)}, interval_min=15)
    horizon = problem.horizon(bench.MONDAY, 7)
    start = horizon.start - timedelta(hours=2)
    before = [
        PastShift(agent_id="A1", start=start - timedelta(days=n), end=start + timedelta(hours=8),
                  away=((start + timedelta(hours=3), start + timedelta(hours=4)),))
        for n in (0,)
    ]  # fmt: skip
    problem = problem.model_copy(update={"past_shifts": tuple(before)})
    plan = solve(problem, busy_need(bench, horizon, 0.9), stop=Stop(passes=2))
    need = busy_need(bench, horizon, 0.9)
    off = ledger_off(problem, need, plan)
    assert max(minutes for own in off.values() for minutes in own) < 1e-6
    silent = replace(plan, schedule=plan.schedule.model_copy(update={"shifts": ()}))
    ledger = overload_ledger(
        problem, horizon, silent.schedule, plan.channel_share,
        planned_occupancy(problem, need, plan.staff),
    )  # fmt: skip
    assert ledger["overload_min"].to_numpy()[0] > 0
    assert not ledger["overload_min"].to_numpy()[1:].any()


@pytest.mark.parametrize("seed", range(4))
def test_duties_of_weeks_are_those_of_their_schedule(bench, seed):
    rng = np.random.default_rng(seed)
    problem, horizon = bench.random_plan(rng)
    need = with_load(bench.random_need(rng, problem, horizon), rng)
    team = assemble(problem, need)
    search = Search(team, seed)
    search.settle(Stop(passes=1), lambda *_: None)
    read = duties_of(team, schedule_of(problem, team, search.weeks))
    own = DutyBook(team).of(search.weeks)
    assert own.counts == pytest.approx(read.counts)
    assert (own.worked == read.worked).all()
    strain = Strain.of(team, search.coverage)
    assert strain.minutes(own) == pytest.approx(strain.minutes(read))


@pytest.mark.parametrize("seed", range(4))
def test_pricing_changes_nothing_of_what_a_plan_is_said_to_cost(bench, seed):
    """Prices steer; costs of weeks are those of the objective, before and after."""
    rng = np.random.default_rng(seed)
    problem, horizon = bench.random_plan(rng)
    goals = problem.objective.model_copy(update={"strain_per_h": 3.0, "fairness": 2.0})
    problem = problem.model_copy(update={"objective": goals})
    need = with_load(bench.random_need(rng, problem, horizon), rng)
    plan = solve(problem, need, stop=Stop(passes=3), seed=seed)
    read = evaluate(problem, need, plan.schedule)
    assert read.objective == pytest.approx(plan.objective, abs=1e-6)
    assert dict(read.terms) == pytest.approx(dict(plan.terms), abs=1e-6)
    assert plan.lower_bound <= plan.objective


def test_a_cap_moves_work_to_those_who_have_room_under_it(bench):
    """Two people, one of whom comes with a full ledger: the other gets the days."""
    people = [
        bench.agent(name, contract_hours_week=30, max_hours_week=50, min_hours_week=0)
        for name in ("A1", "A2")
    ]
    need_of = {}
    for price in (0.0, 60.0):
        problem = bench.plan(
            people,
            contracts={"any": whole_day(bench)},
            objective=Objective(**FREE | {"overload_per_h": price, "balance": 0.0}),
            past_loads=(
                PastLoad(agent_id="A1", day=bench.MONDAY - timedelta(days=1), acute_min=140.0,
                         chronic_min=80.0),
            ),
        )  # fmt: skip
        need = busy_need(bench, problem.horizon(bench.MONDAY, 7), 0.95)
        plan = solve(problem, need, stop=Stop(passes=12), seed=1)
        days = plan.schedule.by_agent()
        need_of[price] = len(days.get("A1", [])), len(days.get("A2", [])), plan
    with_cap = need_of[60.0]
    assert with_cap[1] > with_cap[0]
    free = evaluate(with_cap[2].schedule and problem, need, need_of[0.0][2].schedule)
    assert part(with_cap[2], "overload").points <= part(free, "overload").points


def nights(bench, past, **goals):
    """Two people, a night wanted of one of them on every date, and who had nights before."""
    people = [
        bench.agent(name, contract_hours_week=24, max_hours_week=32, min_hours_week=16)
        for name in ("A1", "A2")
    ]
    contract = bench.contract(
        shortest_min=480, longest_min=480, start_window=(1320, 1320), break_tiers=(),
        work_days_max=4,
    )  # fmt: skip
    shifts = [
        PastShift(
            agent_id=name,
            start=bench.at(-day, "22:00"),
            end=bench.at(-day, "30:00"),
        )
        for name, count in past.items()
        for day in range(2, 2 + count)
    ]
    problem = bench.plan(
        people, contracts={"any": contract}, past_shifts=tuple(shifts),
        objective=Objective(**FREE | {"balance": 0.0} | goals),
    )  # fmt: skip
    horizon = problem.horizon(bench.MONDAY, 7)
    need = bench.need(horizon, presence=1.0, staff=3, volume=10.0)
    minute = horizon.interval_minutes
    harm = np.zeros_like(need.harm)
    harm[:, :, 0] = np.where((minute >= 1320) | (minute < 360), 20.0, 0.0)
    return problem, replace(need, harm=harm)


def test_who_had_the_nights_gets_fewer(bench):
    problem, need = nights(bench, {"A1": 6}, fairness=5.0, fairness_weeks=20.0)
    plan = solve(problem, need, stop=Stop(passes=12), seed=3)
    shifts = plan.schedule.by_agent()
    assert len(shifts["A1"]) < len(shifts["A2"])
    problem, need = nights(bench, {"A2": 6}, fairness=5.0, fairness_weeks=20.0)
    plan = solve(problem, need, stop=Stop(passes=12), seed=3)
    shifts = plan.schedule.by_agent()
    assert len(shifts["A1"]) > len(shifts["A2"])


def test_nights_above_a_fair_share_by_hand(bench):
    """Nothing before, three and one: each should have two, and one above costs its square."""
    problem, need = nights(bench, {}, fairness=5.0)
    plan = solve(problem, need, stop=Stop(passes=2))
    template = {a: [s for s in plan.schedule.shifts if s.agent_id == a] for a in ("A1", "A2")}
    chosen = (*template["A1"][:3], *template["A2"][:1])
    assert len(chosen) == 4 or len(template["A1"]) < 3
    read = evaluate(problem, need, plan.schedule.model_copy(update={"shifts": chosen}))
    counts = np.array([len(template["A1"][:3]), len(template["A2"][:1])], dtype=float)
    above = np.maximum(counts - counts.mean(), 0)
    assert part(read, "fair_nights").amount == pytest.approx(above.sum())
    assert part(read, "fair_nights").points == pytest.approx(5.0 * (above**2).sum())
    assert part(read, "nights_gini").amount == pytest.approx(gini(counts))
    assert part(read, "nights_max").amount == counts.max()
    assert part(read, "nights_min").amount == counts.min()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_linear_share_of_fairness_underestimates_every_plan(bench, seed):
    """For multipliers of any plan and the burdens of any other: why the bound may count it."""
    rng = np.random.default_rng(seed)
    problem, need = nights(bench, {"A1": int(rng.integers(0, 6))}, fairness=3.0)
    team = assemble(problem, need)
    people = PeopleCosts(team)
    above = np.zeros((2, 5))
    above[:, :3] = rng.uniform(0, 4, (2, 3))
    people.multipliers = replace(people.multipliers, above=above)
    linear, constant = people.bounded()
    search = Search(team, seed)
    for i, member in enumerate(team.members):
        _, week = search.oracle.best(member, rng.normal(0, 1, team.grid.slots))
        search.put_in(i, week)
    said = constant + sum(
        float((m.space.legal.price - plain.space.legal.price)[[o for o, _ in w.shifts]].sum())
        for m, plain, w in zip(linear.members, team.members, search.weeks, strict=True)
    )
    true = people.measure(search.weeks, search.coverage).fairness.sum()
    assert said <= true + 1e-9


def test_hard_queues_are_capped_for_those_whom_a_rule_protects(bench):
    """Complaints weigh 1.5: a soft rule of an hour a day prices the minutes above it."""
    person = bench.agent("A1", "complaints", contract_hours_week=50, min_hours_week=50,
                         max_hours_week=50)  # fmt: skip
    rule = RuleSetting(
        rule="high_intensity_max", value=1, unit="hours", hardness="soft", weight=4.0
    )
    problem = bench.plan(
        [person],
        contracts={"any": whole_day(bench)},
        objective=Objective(**FREE | {"overload_per_h": 0.0}),
        plan_rules=(rule,),
    )
    channel = Channel(name="complaints", open=["daily 00:00-24:00"], strain_weight=1.5)
    problem = problem.model_copy(update={"channels": (channel,)})
    need = busy_need(bench, problem.horizon(bench.MONDAY, 7), 0.9, channels=("complaints",))
    plan = solve(problem, need, stop=Stop(passes=2))
    assert part(plan, "over_high_intensity_min").amount == pytest.approx(5 * 540)
    assert part(plan, "overload").points == pytest.approx(4.0 * 5 * 9)


def test_a_rule_takes_the_place_of_the_cap_of_the_objective(bench):
    problem, need = alone(bench)
    rule = RuleSetting(rule="overload_max", value=100, unit="minutes", of=("acute",))
    problem = problem.model_copy(update={"plan_rules": (rule,)})
    facts = assemble(problem, need).facts
    assert facts.cap_min[:, 0] == pytest.approx([150, 100, 60, np.inf])
    assert facts.cap_price[:, 0] == pytest.approx(
        [20 / 60, 400 / 60 / (1 - ACUTE_KEPT), 20 / 60, 0]
    )
    assert MEASURES[1] == "acute_min"


def test_without_load_and_fairness_nothing_is_asked(bench):
    people = [bench.agent("A1"), bench.agent("A2")]
    problem = bench.plan(people)
    need = bench.need(problem.horizon(bench.MONDAY, 7))
    assert assemble(problem, need).facts.is_silent
    assert isinstance(people[0], Agent)
