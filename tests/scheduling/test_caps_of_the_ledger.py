"""Caps of the overload ledger in searched plans: each holds where it can, or is named."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from wfplan.domain.people import PastLoad
from wfplan.domain.problem import Objective, RuleSetting
from wfplan.domain.progress import Stop
from wfplan.domain.schedule import PastShift
from wfplan.engagement import overload_ledger, planned_occupancy
from wfplan.scheduling import solve

SPANS = {"day": "overload_min", "acute": "acute_min", "chronic": "chronic_min"}


def centre(bench, rules=(), *, names=("A1",), load=0.9, least_h=0, past=(), **goals):
    """People of four to ten hours a day; one alone at a load of 0.9 has half a strain-minute."""
    contract = bench.contract(
        shortest_min=240, longest_min=600, length_step_min=60, start_window=(480, 480),
        break_tiers=(),
    )  # fmt: skip
    people = [
        bench.agent(name, contract_hours_week=max(least_h, 1), min_hours_week=least_h,
                    max_hours_week=50)
        for name in names
    ]  # fmt: skip
    free = {"preference_per_h": 0.0, "paid_hour": 0.0, "change_per_day": 0.0, "balance": 0.0}
    problem = bench.plan(
        people, contracts={"any": contract}, plan_rules=tuple(rules), past_loads=tuple(past),
        objective=Objective(**free | {"overload_per_h": 0.0} | goals),
    )  # fmt: skip
    asked = bench.need(problem.horizon(bench.MONDAY, 7), ("voice",), presence=1.0, staff=3,
                       volume=10.0)  # fmt: skip
    harm = np.zeros_like(asked.harm)
    harm[:, :, 0] = 10.0
    loads = np.full(asked.load_erlangs.shape, load)
    return problem, replace(asked, harm=harm, load_erlangs=loads)


def ledger_of(problem, need, plan):
    occupancy = planned_occupancy(problem, need, plan.staff)
    return overload_ledger(problem, need.horizon, plan.schedule, plan.channel_share, occupancy)


def cap(span, minutes, hardness="hard"):
    return RuleSetting(rule="overload_max", value=minutes, unit="minutes", of=(span,),
                       hardness=hardness, weight=400.0)  # fmt: skip


@pytest.mark.parametrize(("span", "most"), [("day", 150), ("acute", 60), ("chronic", 15)])
def test_each_cap_is_broken_without_it_and_kept_with_it(bench, span, most):
    peaks = {}
    for rules in ((), (cap(span, most),)):
        problem, need = centre(bench, rules)
        plan = solve(problem, need, stop=Stop(passes=20), seed=1)
        peaks[bool(rules)] = ledger_of(problem, need, plan)[SPANS[span]].max()
        assert not any("overload_max" in said for said in plan.misses)
    assert peaks[False] > most + 1
    assert peaks[True] <= most + 1e-6


def test_a_cap_that_no_week_can_keep_is_broken_by_as_little_as_can_be_and_named(bench):
    """Who comes with 140 acute minutes and owes thirty hours cannot stay under ninety."""
    eve = bench.MONDAY - timedelta(days=1)
    past = [PastLoad(agent_id="A1", day=eve, acute_min=140, chronic_min=0)]
    problem, need = centre(bench, [cap("acute", 90)], names=("A1", "A2"), least_h=30, past=past)
    plan = solve(problem, need, stop=Stop(passes=8), seed=1)
    (said,) = [one for one in plan.misses if "overload_max" in one]
    assert "is not kept by A1: " in said
    assert "at most 90" in said
    assert "A2" not in said


def test_the_plans_own_caps_are_named_together(bench):
    problem, need = centre(bench, names=("A1", "A2"), load=1.9, least_h=50, overload_per_h=0.01)
    plan = solve(problem, need, stop=Stop(passes=4), seed=1)
    (said,) = [one for one in plan.misses if "above caps of the overload ledger" in one]
    assert "A1: " in said
    assert "A2: " in said


def test_shifts_begin_where_they_usually_did_where_that_has_a_price(bench):
    """Nothing else asks for an hour of the day: the price of moved starts decides."""
    starts = {}
    for price in (0.0, 50.0):
        contract = bench.contract(
            shortest_min=300, longest_min=300, start_window=(360, 900), break_tiers=()
        )
        person = bench.agent("A1", contract_hours_week=25, min_hours_week=25, max_hours_week=25)
        usual = bench.at(-3, "14:00")
        problem = bench.plan(
            [person], contracts={"any": contract},
            past_shifts=(PastShift(agent_id="A1", start=usual, end=usual + timedelta(hours=5)),),
            objective=Objective(start_shift_per_h=price, start_shift_free_min=30, balance=0.0),
        )  # fmt: skip
        horizon = problem.horizon(bench.MONDAY, 7)
        need = bench.need(horizon, presence=1.0, staff=3, volume=1.0)
        harm = np.zeros_like(need.harm)
        harm[:, :, 0] = np.where(horizon.interval_minutes < 720, 1.0, 0.0)  # mornings are wanted
        plan = solve(problem, replace(need, harm=harm), stop=Stop(passes=3), seed=2)
        begun = [horizon.local(shift.start) for shift in plan.schedule.shifts]
        starts[price] = [one.hour * 60 + one.minute for one in begun]
    assert max(starts[0.0]) <= 720
    assert all(abs(minute - 840) <= 30 for minute in starts[50.0])
