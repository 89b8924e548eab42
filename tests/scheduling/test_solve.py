"""Tests for wfplan.scheduling: solve and evaluate as the line calls them."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from wfplan.domain.problem import Objective
from wfplan.domain.progress import Stop
from wfplan.domain.schedule import PastShift
from wfplan.evaluation import audit
from wfplan.scheduling import evaluate, solve
from wfplan.scheduling.team.team import assemble

CUSTOMER_TERMS = ("harm_weighted", "tail_weighted", "floors", "empowered", "next_week_first_hours")
BESIDE = ("harm", "tail_harm_per_contact")


def solved(bench, seed, passes=2, days=7):
    rng = np.random.default_rng(seed)
    problem, horizon = bench.random_plan(rng, days=days)
    need = bench.random_need(rng, problem, horizon)
    return problem, need, solve(problem, need, stop=Stop(passes=passes), seed=seed)


@pytest.mark.parametrize("seed", [1, 6, 14, 23])
def test_the_terms_add_up_to_the_objective(bench, seed):
    problem, need, solution = solved(bench, seed)
    terms = solution.terms
    total = sum(points for name, points in terms.items() if name not in BESIDE)
    assert total == pytest.approx(solution.objective, abs=1e-6)
    weighed = [term.points for term in solution.parts if term.points is not None]
    assert sum(weighed) == pytest.approx(solution.objective, abs=1e-6)
    b, contacts = problem.objective.balance, need.volume.sum()
    assert terms["harm_weighted"] == pytest.approx((1 - b) * terms["harm"])
    assert terms["tail_weighted"] == pytest.approx(b * terms["tail_harm_per_contact"] * contacts)
    assert min(terms[name] for name in CUSTOMER_TERMS) >= -1e-6


def test_no_hours_after_a_horizon_that_closes_cost_nothing(bench):
    """What is called the first hours of the next week is nothing else."""
    problem = bench.plan([bench.agent("P1", "voice", "chat")], ("voice", "chat"))
    horizon = problem.horizon(bench.MONDAY, 7)
    minute = horizon.interval_minutes
    need = bench.need(
        horizon, ("voice", "chat"), is_open=((minute >= 480) & (minute < 1200))[None], floor=2.0
    )
    solution = solve(problem, need, stop=Stop(passes=3))
    assert solution.terms["next_week_first_hours"] == pytest.approx(0, abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 6, 14])
def test_one_person_fewer_never_helps_customers(bench, seed):
    problem, need, solution = solved(bench, seed)
    before = sum(solution.terms[name] for name in CUSTOMER_TERMS)
    for agent in problem.agents:
        shifts = tuple(s for s in solution.schedule.shifts if s.agent_id != agent.agent_id)
        fewer = evaluate(problem, need, solution.schedule.model_copy(update={"shifts": shifts}))
        after = sum(fewer.terms[name] for name in CUSTOMER_TERMS)
        assert after >= before * (1 - 2e-3)  # tail levels are tried, not proved
        assert (fewer.heads <= solution.heads + 1e-9).all()


@pytest.mark.parametrize("seed", [1, 6, 14])
def test_the_order_of_people_and_shifts_changes_nothing(bench, seed):
    problem, need, solution = solved(bench, seed)
    rng = np.random.default_rng(seed)
    people = [problem.agents[i] for i in rng.permutation(len(problem.agents))]
    shifts = [solution.schedule.shifts[i] for i in rng.permutation(len(solution.schedule.shifts))]
    shuffled = problem.model_copy(update={"agents": tuple(people)})
    shuffled.__dict__.pop("past_shifts_of", None)
    other = evaluate(shuffled, need, solution.schedule.model_copy(update={"shifts": tuple(shifts)}))
    assert other.objective == pytest.approx(solution.objective, rel=1e-9)
    assert other.staff == pytest.approx(solution.staff)


def test_no_demand_gives_no_harm_and_asks_nobody_to_work(bench):
    people = [bench.agent("P1"), bench.agent("P2", min_hours_week=8)]
    problem = bench.plan(people)
    need = bench.need(problem.horizon(bench.MONDAY, 7), is_open=False)
    solution = solve(problem, need, stop=Stop(passes=3))
    assert sum(abs(solution.terms[name]) for name in CUSTOMER_TERMS) == pytest.approx(0)
    assert solution.objective == pytest.approx(0)
    assert {shift.agent_id for shift in solution.schedule.shifts} == {"P2"}
    assert sum(shift.paid_min for shift in solution.schedule.shifts) == 8 * 60
    assert solution.misses == ()
    assert solution.gap == 0


@pytest.mark.parametrize("days", [1, 2, 3, 5, 6])
def test_shorter_horizons_are_planned_legally(bench, days):
    for seed in range(6):
        rng = np.random.default_rng(seed)
        problem, horizon = bench.random_plan(rng, bench.MONDAY, days)
        # a day that is locked free cannot hold its share of the least hours
        problem = problem.model_copy(update={"locks": ()})
        problem.__dict__.pop("locks_of", None)
        need = bench.random_need(rng, problem, horizon)
        solution = solve(problem, need, stop=Stop(passes=2), seed=seed)
        hard = [
            b.why for b in audit(problem, horizon, solution.schedule).hard_breaches if b.agent_id
        ]
        assert not hard
        assert solution.staff.shape == need.harm.shape[:2]
        assert solution.lower_bound <= solution.objective + 1e-9


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_plans_of_several_weeks_pass_the_audit(bench, seed):
    """Weeks that begin on any day, cut short at both ends, some with a clock change."""
    rng = np.random.default_rng(1000 + seed)
    days = int(rng.integers(8, 29))
    problem, horizon = bench.random_plan(rng, days=days)
    problem = problem.model_copy(update={"locks": (), "week_start": int(rng.integers(0, 7))})
    problem.__dict__.pop("locks_of", None)
    need = bench.random_need(rng, problem, horizon)
    solution = solve(problem, need, stop=Stop(passes=1), seed=seed)
    audited = audit(problem, horizon, solution.schedule)
    assert not [b.why for b in audited.hard_breaches if b.agent_id]
    assert solution.lower_bound <= solution.objective + 1e-9


@pytest.mark.slow
def test_six_weeks_are_planned_at_once(bench):
    problem = bench.plan([bench.agent("A1", min_hours_week=20), bench.agent("A2")])
    horizon = problem.horizon(bench.MONDAY, 42)
    solution = solve(problem, bench.need(horizon), stop=Stop(passes=1))
    assert not audit(problem, horizon, solution.schedule).hard_breaches
    weeks = Counter(
        (s.shift_date - bench.MONDAY).days // 7
        for s in solution.schedule.shifts
        if s.agent_id == "A1"
    )
    assert sorted(weeks) == list(range(6))


def test_shares_of_a_person_are_those_of_her_group_and_never_above_one(bench):
    problem, need, solution = solved(bench, 6)
    for agent in problem.agents:
        share = solution.channel_share[agent.agent_id]
        assert share.shape == need.harm.shape[:2]
        assert share.min() >= 0
        assert share.sum(axis=0).max() <= 1 + 1e-9
        unskilled = [
            c
            for c, name in enumerate(need.channels)
            if not any(skill.skill == name for skill in agent.skills)
        ]
        assert not share[unskilled].any()


def test_only_shifts_that_began_before_the_week_run_into_it(bench):
    """A history that holds the planned week itself is no staff for it."""
    inside = bench.at(0, "09:00")
    over = bench.at(-1, "22:00")
    past = [
        PastShift(agent_id="P1", start=inside, end=inside + timedelta(hours=8)),
        PastShift(agent_id="P1", start=over, end=over + timedelta(hours=4)),
    ]
    problem = bench.plan([bench.agent("P1")], past_shifts=tuple(past))
    need = bench.need(problem.horizon(bench.MONDAY, 7))
    ((_, slots),) = assemble(problem, need).carried
    lead = assemble(problem, need).grid.lead
    assert (slots - lead).tolist() == list(range(8))  # two hours of quarter-hour slots


def test_shifts_of_people_who_have_left_count_for_nothing(bench):
    problem, need, solution = solved(bench, 1)
    gone = problem.agents[0].agent_id
    left = problem.model_copy(update={"agents": problem.agents[1:]})
    kept = tuple(s for s in solution.schedule.shifts if s.agent_id != gone)
    with_them = evaluate(left, need, solution.schedule)
    without = evaluate(left, need, solution.schedule.model_copy(update={"shifts": kept}))
    assert with_them.objective == pytest.approx(without.objective)


def test_prices_are_what_staff_save_and_nothing_where_all_is_served(bench):
    problem = bench.plan([bench.agent("P1")], objective=Objective(balance=0.0))
    need = bench.need(problem.horizon(bench.MONDAY, 7))
    nobody = solve(problem, need, stop=Stop(passes=1)).schedule.model_copy(update={"shifts": ()})
    prices = evaluate(problem, need, nobody).prices
    # nobody there: half a person up from zero
    assert prices == pytest.approx(need.harm[:, :, 0] - need.harm[:, :, 1])
    flat = replace(need, harm=np.zeros_like(need.harm))
    assert not evaluate(problem, flat, nobody).prices.any()
