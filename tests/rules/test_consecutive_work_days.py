"""Tests for wfplan.rules.consecutive_work_days."""

from datetime import date

import pytest

from wfplan.domain.problem import RuleSetting
from wfplan.errors import InputError
from wfplan.rules.consecutive_work_days import ConsecutiveWorkDays

RULE = ConsecutiveWorkDays(most=5)


def days(*which, clock="08:00"):
    return [(d, clock, 480) for d in which]


@pytest.mark.parametrize(
    ("shifts", "over"),
    [
        (days(0, 1, 2, 3, 4), []),  # exactly five
        (days(0, 1, 2, 3, 4, 5), [1]),
        (days(0, 1, 2, 3, 4, 5, 6), [2]),
        (days(0, 1, 2, 4, 5, 6), []),
        (days(0, 1, 2, 3, 4, 5, clock="22:00"), [1]),  # nights count on their start
        ([], []),
    ],
)
def test_breaches_count_the_days_above_the_most(bench, shifts, over):
    assert bench.amounts(RULE, *shifts) == over


def test_a_run_that_began_in_the_history_names_it(bench):
    problem = bench.plan(history=[bench.past(d, "22:00", 480) for d in (-4, -3, -2, -1)])
    (found,) = bench.breaches(RULE, *days(0, 1), problem=problem)
    assert found.amount == 1
    assert found.at == bench.wall(1, "00:00")
    assert found.why.startswith(
        "consecutive_work_days_from_history: agent A1 works 6 days in a row, "
        "Thursday 2026-10-29 to Tuesday 2026-11-03"
    )
    assert bench.tightened(RULE, problem).run_days_before == 4


def test_a_long_run_of_the_past_alone_is_past(bench):
    problem = bench.plan(history=[bench.past(d, "08:00", 480) for d in range(-9, -1)])
    assert bench.amounts(RULE, *days(0, 1, 2), problem=problem) == []
    assert bench.tightened(RULE, problem).run_days_before == 0


def test_split_duty_of_one_past_day_counts_once(bench):
    worked = ((-2, "08:00"), (-1, "06:00"), (-1, "12:00"))
    history = [bench.past(d, clock, 120) for d, clock in worked]
    assert bench.tightened(RULE, bench.plan(history=history)).run_days_before == 2


def test_another_person_s_run_does_not_count(bench):
    problem = bench.plan(history=[bench.past(d, "08:00", 480, agent_id="B2") for d in range(-5, 0)])
    assert bench.amounts(RULE, *days(0, 1, 2), problem=problem) == []


@pytest.mark.parametrize("monday", [date(2026, 3, 23), date(2026, 10, 19)])
def test_clock_change_days_are_days_like_others(bench, monday):
    assert bench.amounts(RULE, *days(1, 2, 3, 4, 5, 6, clock="00:30"), monday=monday) == [1]
    assert bench.amounts(RULE, *days(2, 3, 4, 5, 6, clock="00:30"), monday=monday) == []


def test_a_shorter_run_of_the_plan_holds(bench):
    setting = RuleSetting(rule="consecutive_work_days", value=4, unit="days")
    problem = bench.plan(work=bench.contract(consecutive_days_max=6), rules=[setting])
    assert bench.limits_of(problem).consecutive_days_max == 4


@pytest.mark.parametrize(
    ("value", "unit", "message"),
    [(4.5, "days", "4.5 is not a whole day"), (4, "hours", "unit = 'hours' does not count days")],
)
def test_a_setting_that_counts_no_days_is_refused(value, unit, message):
    setting = RuleSetting(rule="consecutive_work_days", value=value, unit=unit)
    with pytest.raises(InputError, match=message):
        ConsecutiveWorkDays.from_setting(setting)
