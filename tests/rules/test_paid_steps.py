"""Tests for paid_time_granularity, overtime_max and the periods of paid_time_period."""

from datetime import date

import pytest

from wfplan.domain.people import TimeOff
from wfplan.rules.overtime_max import OvertimeMax
from wfplan.rules.paid_time_granularity import PaidTimeGranularity
from wfplan.rules.paid_time_period import PaidTimePeriod

STEP = PaidTimeGranularity(step_min=30)
NONE = OvertimeMax(most_min=0)
SOME = OvertimeMax(most_min=120)


def eight(*days, length=480):
    return [(d, "08:00", length) for d in days]


@pytest.mark.parametrize(
    ("rule", "shifts", "amounts"),
    [
        (STEP, eight(0, 1), []),
        (STEP, eight(0, length=450), []),
        (STEP, [], []),
        (STEP, eight(0, length=465), [15]),
        (STEP, eight(0, 3, length=495), [15, 15]),
        (PaidTimeGranularity(step_min=120), eight(0, length=450), [90]),
        (NONE, eight(0, 1, 2), []),
        (NONE, eight(0, 1, 2, 3, 4), []),  # 40 hours exactly
        (NONE, eight(0, 1, 2, 3, 4, 5), [480]),
        (NONE, eight(0, 1, 2, 3, 4, length=495), [75]),
        (SOME, eight(0, 1, 2, 3, length=630), []),  # two hours exactly
        (SOME, eight(0, 1, 2, 3, 4, length=540), [180]),
    ],
)
def test_what_breaks_a_rule_is_measured(bench, rule, shifts, amounts):
    assert bench.amounts(rule, *shifts) == amounts


@pytest.mark.parametrize("monday", [date(2026, 3, 23), date(2026, 10, 19)])
def test_paid_time_is_elapsed_time_in_clock_change_nights(bench, monday):
    assert bench.amounts(STEP, (5, "22:00", 480), monday=monday) == []
    assert bench.amounts(STEP, (5, "22:00", 465), monday=monday) == [15]


def test_paid_time_off_counts_as_worked_for_overtime(bench):
    off = TimeOff(start=bench.wall(0, "00:00"), end=bench.wall(1, "00:00"))
    problem = bench.plan(
        people=[bench.agent(time_off=(off,))], work=bench.contract(work_days_max=5)
    )
    (found,) = bench.breaches(NONE, *eight(1, 2, 3, 4, length=495), problem=problem)
    assert found.amount == 60
    assert found.why.startswith("overtime_max_from_time_off: agent A1 has 1 h of overtime")


def test_each_planning_week_has_its_own_overtime(bench):
    shifts = eight(0, 1, 2, 3, 4, 5, 8, 9, 10, 14, 15, 16, 17, 18, 19)
    assert bench.amounts(NONE, *shifts, days=21) == [480, 480]
    limits = bench.tightened(NONE, bench.plan(), days=21)
    assert limits.paid_weeks == ((0, 2400),) * 3
    soft = bench.softened(
        OvertimeMax(most_min=60, hardness="soft", weight=5.0), bench.plan(), days=9
    )
    assert [(p.first, p.stop, p.above_min, p.per_h) for p in soft.paid_prices] == [
        (0, 7, 2460, 5.0),
        (7, 9, 2460, 5.0),
    ]


@pytest.mark.parametrize(
    ("shifts", "amounts"),
    [(eight(0, 1, 2, 3, 4), []), (eight(0, 1, 2, 3, 4, 5), [480]), (eight(0, 7, 8), [])],
)
def test_a_period_of_one_week_is_each_planning_week(bench, shifts, amounts):
    rule = PaidTimePeriod(average_min=2400, weeks=1)
    assert bench.amounts(rule, *shifts, days=14) == amounts
    assert bench.tightened(rule, bench.plan(), days=14).paid_weeks == ((0, 2400),) * 2


def test_a_period_of_24_weeks_takes_the_history_that_there_is(bench):
    history = [bench.past(7 * w + d, "08:00", 600) for w in (-2, -1) for d in range(5)]
    rule = PaidTimePeriod(average_min=2880, weeks=24)
    problem = bench.plan(history=history)
    shifts = [(d, "08:00", 720) for d in range(6)]
    assert bench.amounts(rule, *shifts, problem=problem) == [6000 + 4320 - 3 * 2880]
    assert bench.tightened(rule, problem).paid_week_max == 3 * 2880 - 6000
