"""Tests for the rules of a contract's shapes: lengths, starts, ends, one shift a day."""

from datetime import date

import pytest

from wfplan.domain.problem import RuleSetting
from wfplan.rules.one_shift_a_day import OneShiftADay
from wfplan.rules.paid_time_day import PaidTimeDay
from wfplan.rules.shift_length import ShiftLength
from wfplan.rules.shift_start_window import ShiftStartWindow
from wfplan.rules.shift_stop_window import ShiftStopWindow
from wfplan.rules.start_increment import StartIncrement
from wfplan.rules.work_days_week import WorkDaysWeek

MONDAY, SPRING, AUTUMN = date(2026, 11, 2), date(2026, 3, 23), date(2026, 10, 19)
LENGTH = ShiftLength(shortest_min=240, longest_min=480, step_min=30)
STARTS = ShiftStartWindow(window=(360, 840), step_min=30)
LATE_STARTS = ShiftStartWindow(window=(1320, 1560), step_min=45)  # 22:00 to 02:00
STEPS = StartIncrement(step_min=30, anchor_min=375)  # 06:15, 06:45 ...
STOPS = ShiftStopWindow(window=(720, 1320))
DAYS = WorkDaysWeek(least=2, most=5)


@pytest.mark.parametrize(
    ("length", "amount"),
    [
        (240, []),
        (480, []),
        (270, []),
        (225, [15]),
        (120, [120]),
        (495, [15]),
        (600, [120]),
        (255, [15]),
        (285, [15]),
    ],
)
def test_lengths_lie_on_the_steps_of_the_contract(bench, length, amount):
    assert bench.amounts(LENGTH, (0, "09:00", length)) == amount


@pytest.mark.parametrize("monday", [SPRING, AUTUMN])
def test_a_length_is_elapsed_time_in_clock_change_nights(bench, monday):
    assert bench.amounts(LENGTH, (5, "22:00", 480), monday=monday) == []
    assert bench.amounts(LENGTH, (5, "22:00", 540), monday=monday) == [60]


def test_a_length_message_names_the_bound(bench):
    (found,) = bench.breaches(LENGTH, (0, "09:00", 225))
    assert found.why == (
        "shift_length_from_contract: agent A1 has a shift of 3 h 45 min from Monday 2026-11-02 "
        "09:00, 15 min under the shortest 4 h (contract)."
    )


@pytest.mark.parametrize("rule", [LENGTH, STARTS, STEPS, STOPS])
def test_a_lock_stands_above_the_contract_s_shapes(bench, rule):
    odd = (0, "03:05", 525)
    problem = bench.plan(locks=[bench.lock(*odd)])
    (found,) = bench.breaches(rule, odd, problem=problem)
    assert found.hardness == "soft"
    assert found.why.startswith(f"{rule.name}_from_lock:")
    (hard,) = bench.breaches(rule, odd)
    assert hard.hardness == "hard"


@pytest.mark.parametrize("rule", [LENGTH, STARTS, STEPS, STOPS, OneShiftADay()])
def test_an_empty_week_has_no_wrong_shape(bench, rule):
    assert bench.amounts(rule) == []


def test_lengths_off_the_planning_grid_are_no_lengths(bench):
    rule = ShiftLength(shortest_min=240, longest_min=300, step_min=20)
    assert bench.tightened(rule, bench.plan()).lengths_min == (240, 300)


@pytest.mark.parametrize(
    ("clock", "away"),
    [
        ("06:00", []),
        ("14:00", []),
        ("05:45", [15]),
        ("14:15", [15]),
        ("00:00", [360]),
        ("22:00", [480]),
    ],
)
def test_starts_lie_in_the_window(bench, clock, away):
    assert bench.amounts(STARTS, (0, clock, 240)) == away


@pytest.mark.parametrize(
    ("clock", "away"),
    [
        ("22:00", []),
        ("23:45", []),
        ("00:00", []),
        ("02:00", []),
        ("02:15", [15]),
        ("21:30", [30]),
        ("12:00", [600]),
    ],
)
def test_a_window_past_midnight_holds_starts_of_both_dates(bench, clock, away):
    assert bench.amounts(LATE_STARTS, (0, clock, 240)) == away
    windows = bench.tightened(LATE_STARTS, bench.plan()).start_windows
    assert windows == ((1320, 1439), (15, 120))  # 22:00, 22:45, 23:30, then 00:15


def test_a_window_round_the_clock_offers_every_start_once(bench):
    rule = ShiftStartWindow(window=(0, 1440), step_min=30)
    assert bench.tightened(rule, bench.plan()).start_windows == ((0, 1439), (0, 0))
    assert bench.amounts(rule, (0, "23:45", 240)) == []


@pytest.mark.parametrize(("monday", "clock"), [(SPRING, "06:00"), (AUTUMN, "14:00")])
def test_a_start_is_wall_time_on_clock_change_days(bench, monday, clock):
    assert bench.amounts(STARTS, (6, clock, 240), monday=monday) == []
    assert bench.amounts(STARTS, (6, "05:00", 240), monday=monday) == [60]


@pytest.mark.parametrize(
    ("clock", "past"),
    [("06:15", []), ("06:45", []), ("06:00", [15]), ("06:30", [15]), ("00:15", [])],
)
def test_starts_lie_on_the_steps_from_the_window_s_opening(bench, clock, past):
    assert bench.amounts(STEPS, (0, clock, 240)) == past


def test_a_start_that_the_spring_change_moved_on_counts_where_it_was_meant(bench):
    hourly = StartIncrement(step_min=120, anchor_min=90)  # 01:30, 03:30, and so on
    # Dublin skips 01:00 to 02:00: the planner's 01:30 is 02:30 on the clock
    assert bench.make_shift((6, "01:30", 240), monday=SPRING).start == bench.wall(
        6, "02:30", monday=SPRING
    )
    assert bench.amounts(hourly, (6, "01:30", 240), monday=SPRING) == []
    assert bench.amounts(hourly, (0, "02:30", 240), monday=SPRING) == [60]
    assert bench.amounts(hourly, (6, "04:30", 240), monday=SPRING) == [60]


@pytest.mark.parametrize(
    ("shift", "away"),
    [
        ((0, "14:00", 480), []),  # ends at 22:00, the last end
        ((0, "14:15", 480), [15]),
        ((0, "04:00", 480), []),  # ends at 12:00, the first
        ((0, "03:45", 480), [15]),
        ((0, "20:00", 480), [360]),  # 04:00 the day after
    ],
)
def test_ends_lie_in_the_window(bench, shift, away):
    assert bench.amounts(STOPS, shift) == away


@pytest.mark.parametrize("monday", [SPRING, AUTUMN])
def test_an_end_is_wall_time_on_clock_change_days(bench, monday):
    length = {SPRING: 420, AUTUMN: 540}[monday]  # 00:00 to 08:00 on the clock
    rule = ShiftStopWindow(window=(480, 480))
    assert bench.amounts(rule, (6, "00:00", length), monday=monday) == []
    assert bench.amounts(rule, (6, "00:00", 480), monday=monday) == [60]


def test_the_last_end_is_blocked_time_for_the_planner(bench):
    problem = bench.plan(work=bench.contract(start_window=(360, 840), stop_latest=(600, 1260)))
    limits = bench.limits_of(problem)
    assert limits.stop_window == (600, 1260)
    assert (bench.wall(0, "21:00"), bench.wall(1, "06:00")) in limits.blocked


def test_one_shift_a_day_counts_the_shifts_too_many(bench):
    rule = OneShiftADay()
    assert bench.amounts(rule, (0, "06:00", 120), (0, "12:00", 120), (0, "18:00", 120)) == [2]
    assert bench.amounts(rule, (0, "06:00", 120), (1, "06:00", 120)) == []
    assert bench.amounts(rule, (0, "22:00", 480), (1, "12:00", 120)) == []  # overnight
    assert bench.amounts(rule, (5, "22:00", 240), (6, "22:00", 240), monday=AUTUMN) == []
    assert bench.amounts(rule, (6, "00:00", 120), (6, "23:00", 120), monday=SPRING) == [1]


def days(*which):
    return [(d, "22:00", 240) for d in which]


@pytest.mark.parametrize(
    ("shifts", "amount"),
    [
        (days(0, 1, 2, 3, 4), []),
        (days(0, 1), []),
        (days(0), [1]),
        ([], [2]),
        (days(0, 1, 2, 3, 4, 5, 6), [2]),
    ],
)
def test_working_days_lie_between_least_and_most(bench, shifts, amount):
    assert bench.amounts(DAYS, *shifts) == amount


@pytest.mark.parametrize("monday", [SPRING, AUTUMN])
def test_clock_change_weeks_have_seven_days(bench, monday):
    assert bench.amounts(DAYS, *days(1, 2, 3, 4, 5, 6), monday=monday) == [1]


def test_days_away_lower_the_least(bench):
    from wfplan.domain.people import TimeOff

    off = TimeOff(start=bench.wall(0, "00:00"), end=bench.wall(3, "00:00"))
    problem = bench.plan(people=[bench.agent(time_off=(off,))])
    rule = WorkDaysWeek(least=4, most=5)
    assert bench.amounts(rule, *days(3), problem=problem) == []
    (found,) = bench.breaches(rule, problem=problem)
    assert found.why.startswith("work_days_week_from_time_off: agent A1 works on 0 days")
    assert bench.tightened(rule, problem).work_days_min == 1


def test_a_plan_may_lower_the_most_days_and_keeps_the_contract_s_least(bench):
    problem = bench.plan(
        work=bench.contract(work_days_max=6, work_days_min=3),
        rules=[RuleSetting(rule="work_days_week", value=4, unit="days")],
    )
    limits = bench.limits_of(problem)
    assert (limits.work_days_min, limits.work_days_max) == (3, 4)


def test_paid_time_of_a_day_is_capped(bench):
    rule = PaidTimeDay(minutes=480)
    assert bench.amounts(rule, (0, "09:00", 480)) == []
    assert bench.amounts(rule, (0, "09:00", 495)) == [15]
    assert bench.amounts(rule, (0, "00:00", 300), (0, "12:00", 300)) == [120]
    assert bench.amounts(rule, (0, "22:00", 480), (1, "22:00", 480)) == []
    assert bench.amounts(rule, (5, "22:00", 540), monday=AUTUMN) == [60]
    assert bench.amounts(rule) == []
    problem = bench.plan(rules=bench.settings(paid_time_day=8))
    assert bench.limits_of(problem).paid_day_max == 480
    assert max(bench.limits_of(problem).lengths_min) == 480
