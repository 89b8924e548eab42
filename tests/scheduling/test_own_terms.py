"""Tests for wfplan.scheduling.terms.own_terms: what single people's weeks cost."""

from datetime import timedelta

import pytest

from wfplan.domain.people import Availability
from wfplan.domain.problem import Objective
from wfplan.domain.progress import Stop
from wfplan.domain.published import Consent, Published
from wfplan.scheduling import evaluate, solve


def plain(bench, agent=None, **goals):
    """One person on eight-hour days without breaks that start at eight."""
    contract = bench.contract(
        shortest_min=480, longest_min=480, start_window=(480, 540), break_tiers=(), work_days_max=6
    )
    person = agent or bench.agent(
        "A1", contract_hours_week=32, min_hours_week=32, max_hours_week=48, cost_per_hour=20.0
    )
    problem = bench.plan([person], contracts={"any": contract}, objective=Objective(**goals))
    return problem, bench.need(problem.horizon(bench.MONDAY, 7), staff=2)


def part(solution, name):
    return next(term for term in solution.parts if term.name == name)


def moved(plan, by):
    """Every shift of a plan later by so much."""
    shifts = tuple(
        shift.model_copy(
            update={
                "activities": tuple(
                    a.model_copy(update={"start": a.start + by, "end": a.end + by})
                    for a in shift.activities
                )
            }
        )
        for shift in plan.schedule.shifts
    )
    return plan.schedule.model_copy(update={"shifts": shifts})


def test_paid_time_is_money_where_its_price_is_known(bench):
    problem, need = plain(bench, money=0.1, overtime_premium=0.5)
    plan = solve(problem, need, stop=Stop(passes=3))
    paid = sum(shift.paid_min for shift in plan.schedule.shifts) / 60
    over = max(paid - 32, 0)
    assert part(plan, "paid_time").amount == pytest.approx(paid - 32)
    assert part(plan, "paid_time").points == pytest.approx(0.1 * 20 * (paid - 32))
    assert part(plan, "overtime").amount == pytest.approx(over)
    assert part(plan, "overtime").points == pytest.approx(0.1 * 20 * 0.5 * over)
    assert part(plan, "money").amount == pytest.approx(20 * (paid + 0.5 * over))
    assert part(plan, "money").unit == "EUR"


def test_dear_overtime_is_not_worked(bench):
    problem, need = plain(bench, money=0.01, overtime_premium=10.0)
    cheap, dear = (
        solve(problem.model_copy(update={"objective": Objective(money=money,
              overtime_premium=premium)}), need, stop=Stop(passes=3))
        for money, premium in ((0.01, 0.0), (10.0, 10.0))
    )  # fmt: skip
    assert part(cheap, "overtime").amount > 0
    assert part(dear, "overtime").amount == 0


def test_an_unchanged_published_plan_costs_no_change(bench):
    problem, need = plain(bench)
    plan = solve(problem, need, stop=Stop(passes=3))
    known = problem.model_copy(update={"published": Published(schedule=plan.schedule)})
    read = evaluate(known, need, plan.schedule)
    assert part(read, "changes").points == 0
    assert part(read, "changes").amount == 0
    assert read.objective == pytest.approx(plan.objective)


@pytest.mark.parametrize(("notice", "share"), [(0, 1.0), (7, 0.5), (14, 0.0), (30, 0.0)])
def test_a_change_costs_less_the_longer_the_notice(bench, notice, share):
    """All days of the week change; the price of each falls with its own notice."""
    problem, need = plain(bench, change_per_day=6.0, change_notice_days=14)
    plan = solve(problem, need, stop=Stop(passes=3))
    late = moved(plan, timedelta(minutes=15))
    told = bench.at(-notice, "12:00")
    known = problem.model_copy(update={"published": Published(schedule=plan.schedule, told=told)})
    read = evaluate(known, need, late)
    shifts = plan.schedule.shifts
    each = [6.0 * (1 - min((s.shift_date - bench.MONDAY).days + notice, 14) / 14) for s in shifts]
    assert part(read, "changes").points == pytest.approx(sum(each))
    assert part(read, "changes").amount + part(read, "changed_freely").amount == len(shifts)
    assert each[0] <= 6.0 * share + 1e-9


def test_consent_makes_a_change_free(bench):
    problem, need = plain(bench, change_per_day=6.0)
    plan = solve(problem, need, stop=Stop(passes=3))
    late = moved(plan, timedelta(minutes=15))
    agreed = tuple(
        Consent(agent_id="A1", day=shift.shift_date) for shift in plan.schedule.shifts[1:]
    )
    known = problem.model_copy(
        update={"published": Published(schedule=plan.schedule, consents=agreed)}
    )
    read = evaluate(known, need, late)
    assert part(read, "changes").points == pytest.approx(6.0)
    assert part(read, "changed_freely").amount == len(agreed)


def test_a_dear_promise_is_kept_where_another_plan_would_be_better(bench):
    problem, need = plain(bench, change_per_day=0.0)
    at_eight = problem.contracts["any"].model_copy(update={"start_window": (480, 480)})
    first = problem.model_copy(update={"contracts": {"any": at_eight}})
    plan = solve(first, need, stop=Stop(passes=3))
    late = moved(plan, timedelta(hours=1))
    goals = Objective(change_per_day=1e4)
    known = problem.model_copy(update={"published": Published(schedule=late), "objective": goals})
    kept = solve(known, need, stop=Stop(passes=3))
    assert part(kept, "changes").amount == 0
    assert {s.start for s in kept.schedule.shifts} == {s.start for s in late.shifts}
    assert kept.lower_bound <= kept.objective


def test_wishes_are_told_in_hours_and_in_wishes(bench):
    avoid = [
        Availability(kind="avoid", weekday=day, start_min=480, end_min=600, weight=1.0)
        for day in range(7)
    ]
    person = bench.agent("A1", contract_hours_week=40, min_hours_week=40, availability=tuple(avoid))
    problem, need = plain(bench, person, preference_per_h=3.0)
    plan = solve(problem, need, stop=Stop(passes=3))
    wishes = part(plan, "wishes")
    assert part(plan, "wishes_broken").amount == 5
    assert wishes.points == pytest.approx(3.0 * wishes.amount)
