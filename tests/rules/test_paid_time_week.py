"""Tests for wfplan.rules.paid_time_week."""

from datetime import date

import pytest

from wfplan.domain.people import Skill, TimeOff, TimeOffStatus
from wfplan.rules.paid_time_week import PaidTimeWeek

MONDAY = date(2026, 11, 2)
FIVE = [(d, "09:00", 480) for d in range(5)]


def person(bench, *off, low=38, hours=40, high=42, **more):
    return bench.agent(
        min_hours_week=low, contract_hours_week=hours, max_hours_week=high, time_off=off, **more
    )


def away(bench, first, last, *, monday=MONDAY, **more):
    """Whole days off, both included."""
    return TimeOff(
        start=bench.wall(first, "00:00", monday=monday),
        end=bench.wall(last + 1, "00:00", monday=monday),
        **more,
    )


def plan(bench, *off, monday=MONDAY, **more):
    work = bench.contract(work_days_max=5, length_step_min=15)
    return bench.plan(people=[person(bench, *off, **more)], work=work)


def rule(problem):
    return PaidTimeWeek.of(problem.agents[0])


@pytest.mark.parametrize(
    ("hours", "amount"),
    [(40, []), (38, []), (42, []), (37.75, [15]), (42.25, [15]), (0, [38 * 60]), (50, [480])],
)
def test_breaches_count_the_minutes_outside_the_hours(bench, hours, amount):
    problem = plan(bench)
    shifts = [(d, "08:00", int(hours * 12)) for d in range(5)] if hours else []
    assert bench.amounts(rule(problem), *shifts, problem=problem) == amount


def test_a_message_names_the_week_and_the_bound(bench):
    problem = plan(bench)
    (found,) = bench.breaches(rule(problem), *FIVE[:4], problem=problem)
    assert found.why == (
        "paid_time_week_from_contract: agent A1 has 32 h of paid time in the 7 days from Monday "
        "2026-11-02, 6 h less than the least of 38 h (contract)."
    )


def test_unpaid_meals_are_not_paid_time(bench):
    work = bench.with_breaks(bench.contract(work_days_max=5))
    problem = bench.plan(people=[person(bench)], work=work)
    assert bench.amounts(rule(problem), *FIVE, problem=problem) == [30]  # 37 h 30 min


@pytest.mark.parametrize(
    ("first", "last", "is_paid", "bounds_h"),
    [
        (0, 0, True, (30, 34)),  # a Monday is eight of forty hours
        (0, 0, False, (30, 42)),  # nobody pays for it
        (5, 5, True, (30, 42)),  # a Saturday may have been a rest day
        (3, 6, True, (6, 26)),  # Thursday to Sunday: two to four working days
        (0, 6, True, (0, 2)),  # a week away is one week's hours
        (0, 6, False, (0, 42)),
    ],
)
def test_whole_days_off_lower_the_hours(bench, first, last, is_paid, bounds_h):
    problem = plan(bench, away(bench, first, last, is_paid=is_paid))
    limits = bench.tightened(rule(problem), problem)
    assert (limits.paid_week_min / 60, limits.paid_week_max / 60) == bounds_h


def test_too_little_beside_time_off_names_it(bench):
    problem = plan(bench, away(bench, 0, 0))
    (found,) = bench.breaches(rule(problem), *FIVE[1:4], problem=problem)
    assert found.amount == 360
    assert found.why.startswith("paid_time_week_from_time_off: agent A1 has 24 h of paid time")
    assert bench.amounts(rule(problem), *FIVE[1:], problem=problem) == []
    assert bench.amounts(rule(problem), *FIVE[1:], (5, "09:00", 480), problem=problem) == [360]


def test_part_of_a_day_counts_with_its_minutes(bench):
    part = TimeOff(start=bench.wall(1, "09:00"), end=bench.wall(1, "12:00"), is_all_day=False)
    problem = plan(bench, part)
    limits = bench.tightened(rule(problem), problem)
    assert (limits.paid_week_min, limits.paid_week_max) == (35 * 60, 39 * 60)
    assert bench.amounts(rule(problem), *FIVE[:4], problem=problem) == [180]
    assert bench.amounts(rule(problem), *FIVE, problem=problem) == [60]
    long = TimeOff(start=bench.wall(1, "00:30"), end=bench.wall(1, "23:30"), is_all_day=False)
    limits = bench.tightened(rule(problem), plan(bench, long))
    assert limits.paid_week_min == 30 * 60  # a day's worth, not 23 hours


def test_requests_change_nothing(bench):
    problem = plan(bench, away(bench, 0, 4, status=TimeOffStatus.REQUESTED))
    assert bench.tightened(rule(problem), problem).paid_week_min == 38 * 60


def test_days_before_the_hire_date_and_without_a_skill_lower_the_least(bench):
    late = plan(bench, hire_date=date(2026, 11, 4))
    assert bench.tightened(rule(late), late).paid_week_min == 22 * 60
    assert bench.amounts(rule(late), *FIVE[2:], problem=late) == []
    learner = plan(bench, skills=(Skill(skill="voice", valid_from=date(2026, 11, 5)),))
    limits = bench.tightened(rule(learner), learner)
    assert (limits.paid_week_min, limits.paid_week_max) == (14 * 60, 42 * 60)


def test_uneven_credits_are_rounded_to_the_contract_s_step_outwards(bench):
    work = bench.contract(work_days_max=5, length_step_min=30)
    people = [person(bench, away(bench, 0, 0), low=38.5, hours=38.5, high=38.5)]
    problem = bench.plan(people=people, work=work)
    limits = bench.tightened(rule(problem), problem)
    assert (limits.paid_week_min, limits.paid_week_max) == (1830, 1860)  # 1848 exactly


@pytest.mark.parametrize("monday", [date(2026, 3, 23), date(2026, 10, 19)])
def test_elapsed_minutes_are_paid_in_clock_change_nights(bench, monday):
    problem = bench.plan(people=[person(bench, low=8, high=8, hours=8)])
    rule_ = rule(problem)
    assert bench.amounts(rule_, (5, "22:00", 480), problem=problem, monday=monday) == []
    # a day off of 23 or 25 hours is still one day
    off = away(bench, 6, 6, monday=monday)
    absent = plan(bench, off, low=40, hours=40, high=40)
    assert bench.tightened(rule(absent), absent, monday=monday).paid_week_min == 32 * 60


def test_a_night_shift_counts_in_the_week_in_which_it_starts(bench):
    problem = plan(bench, low=8, hours=8, high=8)
    assert bench.amounts(rule(problem), (6, "22:00", 480), problem=problem) == []


def test_a_short_horizon_asks_for_its_share(bench):
    problem = plan(bench, low=35, hours=40)
    limits = bench.tightened(rule(problem), problem, days=3)
    assert (limits.paid_week_min, limits.paid_week_max) == (15 * 60, 42 * 60)
    assert bench.amounts(rule(problem), (0, "09:00", 480), problem=problem, days=3) == [420]


def test_each_week_of_a_fortnight_is_judged(bench):
    problem = plan(bench)
    shifts = [*FIVE, *((d + 7, "09:00", 480) for d in range(4))]
    assert bench.amounts(rule(problem), *shifts, problem=problem, days=14) == [360]
    limits = bench.tightened(rule(problem), problem, days=14)
    assert (limits.paid_week_min, limits.paid_week_max) == (76 * 60, 84 * 60)
