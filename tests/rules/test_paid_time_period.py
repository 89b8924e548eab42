"""Tests for wfplan.rules.paid_time_period."""

from datetime import date

import pytest

from wfplan.rules.paid_time_period import PaidTimePeriod

RULE = PaidTimePeriod(average_min=48 * 60)
SIX = [(d, "08:00", 480) for d in range(6)]


def weeks(bench, count, hours, *, agent_id="A1", monday=date(2026, 11, 2)):
    """Full weeks of history before the horizon, most recent last."""
    return [
        bench.past(-7 * w + d, "08:00", hours * 12, agent_id=agent_id, monday=monday)
        for w in range(count, 0, -1)
        for d in range(5)
    ]


@pytest.mark.parametrize(
    ("shifts", "over"), [(SIX, []), ([*SIX, (6, "08:00", 120)], [120]), ([], [])]
)
def test_without_history_the_week_alone_is_averaged(bench, shifts, over):
    assert bench.amounts(RULE, *shifts) == over
    assert bench.tightened(RULE, bench.plan()).paid_week_max == 48 * 60


def test_lighter_weeks_before_leave_room_for_a_heavy_one(bench):
    problem = bench.plan(history=weeks(bench, 16, 45))
    week = [(d, "08:00", 720) for d in range(7)]  # 84 h; (16 x 45 + 84) / 17 = 47.3
    assert bench.amounts(RULE, *week, problem=problem) == []
    assert bench.tightened(RULE, problem).paid_week_max == (48 * 17 - 45 * 16) * 60


def test_heavier_weeks_before_leave_less(bench):
    problem = bench.plan(history=weeks(bench, 16, 50))
    limits = bench.tightened(RULE, problem)
    assert limits.paid_week_max == 16 * 60
    (found,) = bench.breaches(RULE, *SIX, problem=problem)
    assert found.amount == 32 * 60
    assert found.why.startswith("paid_time_period_from_history: agent A1 has 848 h of paid time")
    assert "17 weeks from Monday 2026-07-13" in found.why
    assert bench.amounts(RULE, (0, "08:00", 720), (1, "08:00", 240), problem=problem) == []


def test_weeks_beyond_the_period_are_forgotten(bench):
    problem = bench.plan(history=weeks(bench, 30, 50)[:70])  # weeks 30 to 17 before
    assert bench.tightened(RULE, problem).paid_week_max == 48 * 17 * 60
    assert bench.amounts(RULE, *((d, "00:00", 1440) for d in range(7)), problem=problem) == []


def test_a_short_history_is_averaged_over_the_weeks_there_are(bench):
    problem = bench.plan(history=weeks(bench, 2, 50))
    assert bench.tightened(RULE, problem).paid_week_max == (48 * 3 - 100) * 60
    assert bench.amounts(RULE, *SIX, problem=problem) == [4 * 60]


def test_paid_minutes_of_the_history_are_used_where_known(bench):
    history = [bench.past(-7 + d, "08:00", 600, paid_min=540) for d in range(5)]
    assert bench.tightened(RULE, bench.plan(history=history)).paid_week_max == (96 - 45) * 60


def test_nobody_is_left_less_than_nothing(bench):
    assert bench.tightened(RULE, bench.plan(history=weeks(bench, 16, 60))).paid_week_max == 0


def test_another_person_s_hours_do_not_count(bench):
    problem = bench.plan(history=weeks(bench, 16, 60, agent_id="B2"))
    assert bench.amounts(RULE, *SIX, problem=problem) == []


@pytest.mark.parametrize("monday", [date(2026, 3, 30), date(2026, 10, 26)])
def test_the_weeks_before_a_clock_change_count_whole(bench, monday):
    """The history ends with a day of 23 or 25 hours."""
    history = [bench.past(d, "00:00", 600, monday=monday) for d in (-7, -1)]
    limits = bench.tightened(RULE, bench.plan(history=history), monday=monday)
    assert limits.paid_week_max == (96 - 20) * 60
    over = [(d, "08:00", 720) for d in range(7)]
    assert bench.amounts(RULE, *over, problem=bench.plan(history=history), monday=monday) == [480]


def test_a_night_shift_on_the_eve_belongs_to_the_history(bench):
    problem = bench.plan(history=[bench.past(-1, "22:00", 480)])
    assert bench.tightened(RULE, problem).paid_week_max == (96 - 8) * 60
