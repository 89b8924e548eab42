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


def part(bench, monday, days, *, history=(), weeks_ago=False, off=(), **more):
    """A plan of somebody with 35 to 42 hours whose shifts pay 4 to 8, and her bounds in hours."""
    work = bench.contract(
        work_days_max=5, shortest_min=240, longest_min=480, length_step_min=60, **more
    )
    past = [bench.past(d, "08:00", n, monday=monday) for d, n in history]
    past += [bench.past(-20, "08:00", 480, monday=monday)] if weeks_ago else []
    people = [person(bench, *off, low=35, hours=40)]
    problem = bench.plan(people=people, work=work, history=past)
    limits = bench.tightened(rule(problem), problem, monday=monday, days=days)
    return problem, [(low / 60, high / 60) for low, high in limits.paid_weeks]


THURSDAY, SUNDAY = date(2026, 11, 5), date(2026, 11, 8)


def test_a_week_that_goes_on_asks_only_for_what_could_not_be_made_up_later(bench):
    for days, least in ((1, 0), (2, 0), (3, 3), (4, 11), (5, 19), (6, 27), (7, 35)):
        problem, bounds = part(bench, MONDAY, days)  # eight hours on each later date, five at most
        assert bounds == [(least, 42)]
        shifts = [(0, "09:00", 480)] if days < 6 else FIVE[:4]
        had = 8 if days < 6 else 32
        missing = [60 * (least - had)] if least > had else []
        assert bench.amounts(rule(problem), *shifts, problem=problem, days=days) == missing


def test_what_the_history_holds_of_a_week_counts_towards_both_bounds(bench):
    history = [(-3, 480), (-2, 480), (-1, 480)]  # Monday to Wednesday
    problem, bounds = part(bench, THURSDAY, 4, history=history, weeks_ago=True)
    assert bounds == [(11, 18)]
    shifts = [(0, "09:00", 300), (1, "09:00", 300)]
    view = {"problem": problem, "monday": THURSDAY, "days": 4}
    assert bench.amounts(rule(problem), *shifts, **view) == [60]
    assert bench.amounts(rule(problem), *shifts, (2, "09:00", 480), **view) == []
    more = [*shifts, (2, "09:00", 480), (3, "09:00", 240)]
    assert bench.amounts(rule(problem), *more, **view) == [240]


def test_a_week_whose_beginning_nobody_knows_owes_the_share_of_the_days_left(bench):
    assert part(bench, THURSDAY, 4)[1] == [(20, 42)]
    assert part(bench, SUNDAY, 1)[1] == [(5, 42)]
    # a history that begins on Wednesday says what was worked then, and no less than the share
    assert part(bench, THURSDAY, 4, history=[(-1, 480)])[1] == [(20, 34)]


def test_a_least_that_the_days_before_put_out_of_reach_binds_no_plan_and_is_told_softly(bench):
    problem, bounds = part(bench, SUNDAY, 1, weeks_ago=True)
    assert bounds == [(0, 42)]
    (found,) = bench.breaches(rule(problem), problem=problem, monday=SUNDAY, days=1)
    assert found.hardness == "soft"
    assert found.amount == 35 * 60
    assert found.why.startswith("paid_time_week_from_history: agent A1 has 0 min of paid time")
    assert "the days before leave no way to reach it" in found.why


def test_absence_on_dates_beside_the_horizon_counts_for_its_week(bench):
    off = away(bench, 3, 4, is_paid=True)  # Thursday and Friday, after the horizon
    assert part(bench, MONDAY, 3, off=(off,))[1] == [(3, 26)]  # 35 - 16 owed - 2 dates left


def test_the_last_days_of_a_horizon_do_not_owe_a_whole_week(bench):
    """Nine days from a Monday: the two of the second week can be made up later."""
    assert part(bench, MONDAY, 9)[1] == [(35, 42), (0, 42)]
    problem, _ = part(bench, MONDAY, 9)
    assert bench.amounts(rule(problem), *FIVE, problem=problem, days=9) == []


def test_each_week_of_a_fortnight_is_judged(bench):
    problem = plan(bench)
    shifts = [*FIVE, *((d + 7, "09:00", 480) for d in range(4))]
    assert bench.amounts(rule(problem), *shifts, problem=problem, days=14) == [360]
    limits = bench.tightened(rule(problem), problem, days=14)
    assert (limits.paid_week_min, limits.paid_week_max) == (76 * 60, 84 * 60)
