"""Tests for the sides of rules that speak of a least, of paid time or of a window of the plan.

Whatever weeks there are: the planner admits those that the auditor lets pass, and
a soft rule costs what the auditor tells.
"""

from datetime import date

import numpy as np
import pytest

from wfplan.domain.problem import RuleSetting
from wfplan.errors import InputError
from wfplan.rules import rules_of
from wfplan.rules.registry import SETTABLE
from wfplan.scheduling.person.budget import merged_totals

SETTINGS = {
    "paid_time_day least": RuleSetting(
        rule="paid_time_day", value=6, unit="hours", bound="least"
    ),
    "paid_time_period least": RuleSetting(
        rule="paid_time_period", value=13, unit="hours", bound="least", weeks=1
    ),
    "paid_time_period least history": RuleSetting(
        rule="paid_time_period", value=13, unit="hours", bound="least", weeks=2
    ),
    "start_variance paid": RuleSetting(
        rule="start_variance", value=2, unit="hours", of=("paid",)
    ),
    "start_variance start": RuleSetting(
        rule="start_variance", value=2, unit="hours", of=("start",)
    ),
    "shift_start_window": RuleSetting(
        rule="shift_start_window", value=1, unit="count", window=(360, 480)
    ),
    "shift_start_window night": RuleSetting(
        rule="shift_start_window", value=1, unit="count", window=(1260, 1560)
    ),
    "shift_stop_window": RuleSetting(
        rule="shift_stop_window", value=1, unit="count", window=(600, 960)
    ),
}  # fmt: skip
SHIFTS = [(d, clock, n) for d in (0, 1, 2) for clock in ("06:00", "13:00", "22:00")
          for n in (240, 480)]  # fmt: skip


def plan_of(bench, name, **more):
    history = [bench.past(-1, "08:00", 480), bench.past(-5, "08:00", 480)]
    about = {"history": history} if name.endswith("history") else {}
    return bench.plan(rules=[SETTINGS[name].model_copy(update=more)], **about)


@pytest.mark.parametrize("name", SETTINGS)
def test_the_planner_admits_what_the_auditor_lets_pass(bench, name):
    problem = plan_of(bench, name)
    limits, rules = bench.limits_of(problem), rules_of(problem, problem.agents[0])
    verdicts = set()
    for specs in bench.small_weeks(SHIFTS):
        week = bench.week(*specs, problem=problem)
        found = [b for rule in rules for b in rule.breaches(week) if b.hardness == "hard"]
        shifts = [bench.make_shift(spec) for spec in specs]
        assert bench.admits(limits, shifts) == (not found), (specs, [b.why for b in found])
        verdicts.add(not found)
    assert verdicts == {True, False}


@pytest.mark.parametrize("name", ["paid_time_day least", "shift_start_window", "shift_stop_window"])
def test_a_soft_side_costs_what_the_auditor_tells(bench, name):
    problem = plan_of(bench, name, hardness="soft", weight=3.0)
    (price,) = bench.limits_of(problem).prices
    rule = next(r for r in rules_of(problem, problem.agents[0]) if r.hardness == "soft")
    told = set()
    for spec in SHIFTS:
        day, clock, length = spec
        start = bench.array([60 * int(clock[:2])])
        asked = price.of_shifts(day, start, start + length, bench.array([length]))[0]
        cost = 3 * sum(bench.amounts(rule, spec, problem=problem)) / 60
        assert asked == pytest.approx(cost)
        told.add(cost > 0)
    assert told == {True, False}


def test_a_soft_least_is_a_price_of_what_is_missing(bench):
    problem = plan_of(bench, "paid_time_period least", hardness="soft", weight=2.0)
    (price,) = bench.limits_of(problem).paid_prices
    assert (price.is_below, price.above_min, price.per_h) == (True, 780, 2.0)
    rule = next(r for r in rules_of(problem, problem.agents[0]) if r.hardness == "soft")
    assert bench.amounts(rule, (0, "08:00", 480), problem=problem) == [300]


@pytest.mark.parametrize("name", ["shift_start_window", "shift_stop_window"])
def test_a_lock_stands_whatever_the_window_says(bench, name):
    lock = bench.lock(1, "22:00", 480)
    problem = bench.plan(rules=[SETTINGS[name]], locks=[lock])
    (price,) = bench.limits_of(problem).prices
    start = bench.array([1320])
    assert price.of_shifts(1, start, start + 480, start).tolist() == [0.0]
    assert price.of_shifts(2, start, start + 480, start).tolist() == [np.inf]
    rules = [r for r in rules_of(problem, problem.agents[0]) if r.name == name]
    found = bench.breaches(rules[-1], (1, "22:00", 480), problem=problem)
    assert [(b.hardness, "_from_lock" in b.why) for b in found] == [("soft", True)]


def test_a_window_holds_for_its_people_and_its_dates(bench):
    more = {"scope": "team", "scope_value": "red", "valid_to": date(2026, 11, 8)}
    people = [bench.agent("A1", team="red"), bench.agent("A2", team="blue")]
    rule = SETTINGS["shift_start_window"].model_copy(update=more)
    problem = bench.plan(people=people, rules=[rule])
    dates = problem.horizon(bench.MONDAY).dates
    held = [
        sum(r.name == "shift_start_window" for r in rules_of(problem, agent, dates))
        for agent in people
    ]
    assert held == [2, 1]
    late = problem.horizon(date(2026, 11, 9)).dates
    assert sum(r.name == "shift_start_window" for r in rules_of(problem, people[0], late)) == 1


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"rule": "shift_start_window", "value": 1, "unit": "count"}, "window is not said"),
        (
            {"rule": "start_variance", "value": 1, "unit": "hours", "of": ("length",)},
            "has no variance here",
        ),
    ],
)
def test_what_is_missing_is_said(setting, message):
    given = RuleSetting(**setting)
    with pytest.raises(InputError, match=message):
        SETTABLE[given.rule].from_setting(given)


def test_totals_below_what_is_free_of_a_price_stand_for_themselves():
    low, high = np.array([0, 0, 0]), np.array([10, 10, 10])
    free = merged_totals(low, high, 0, 30, 30)
    assert free[1].tolist() == [0, 10, 0, 10, 10]
    priced = merged_totals(low, high, 0, 30, 30, 12)
    assert priced[1].tolist() == [0, 10, 12, 10, 0]  # no stretch: any total may end below 12
    assert priced[2].tolist() == [0, 20, 12, 20, 0]
