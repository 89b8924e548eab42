"""Tests for wfplan.rules.time_off."""

from datetime import date

import pytest

from wfplan.domain.people import TimeOff as Off
from wfplan.domain.people import TimeOffStatus
from wfplan.rules.time_off import TimeOff

RULE = TimeOff()


def plan(bench, first="00:00", last="24:00", *, day=1, monday=date(2026, 11, 2), **more):
    off = Off(
        start=bench.wall(day, first, monday=monday),
        end=bench.wall(day, last, monday=monday),
        **more,
    )
    return bench.plan(people=[bench.agent(time_off=(off,))])


@pytest.mark.parametrize(
    ("shift", "inside"),
    [
        ((1, "09:00", 480), [480]),
        ((0, "16:00", 480), []),  # ends as it begins
        ((0, "22:00", 480), [360]),  # overnight into the day off
        ((1, "22:00", 480), [120]),
        ((2, "00:00", 480), []),  # begins as it ends
        ((0, "16:15", 480), [15]),
    ],
)
def test_breaches_count_the_minutes_inside(bench, shift, inside):
    assert bench.amounts(RULE, shift, problem=plan(bench)) == inside


def test_nobody_without_time_off_breaks_it(bench):
    assert bench.amounts(RULE, (1, "09:00", 480)) == []
    assert bench.amounts(RULE, problem=plan(bench)) == []


def test_requested_time_off_is_a_wish(bench):
    problem = plan(bench, status=TimeOffStatus.REQUESTED)
    (found,) = bench.breaches(RULE, (1, "09:00", 480), problem=problem)
    assert found.hardness == "soft"
    assert "time off that was requested" in found.why
    limits = bench.tightened(RULE, problem)
    assert (limits.blocked, limits.days_off) == ((), frozenset())


def test_approved_time_off_is_hard_and_named(bench):
    (found,) = bench.breaches(RULE, (0, "22:00", 480), problem=plan(bench))
    assert found.hardness == "hard"
    assert found.why == (
        "time_off: agent A1 works from Monday 2026-11-02 22:00 to Tuesday 2026-11-03 06:00, 6 h of "
        "it in time off that was approved (time-off table)."
    )


def test_whole_dates_are_days_off_and_parts_of_them_are_not(bench):
    limits = bench.tightened(RULE, plan(bench))
    assert limits.days_off == {date(2026, 11, 3)}
    assert len(limits.blocked) == 1
    part = bench.tightened(RULE, plan(bench, "09:00", "12:00"))
    assert part.days_off == frozenset()
    assert part.blocked == ((bench.wall(1, "09:00"), bench.wall(1, "12:00")),)


@pytest.mark.parametrize("monday", [date(2026, 3, 23), date(2026, 10, 19)])
def test_a_day_off_of_23_or_25_hours_is_a_day_off(bench, monday):
    problem = plan(bench, day=6, monday=monday)
    assert bench.tightened(RULE, problem, monday=monday).days_off == {problem_day(monday)}
    assert bench.amounts(RULE, (5, "16:00", 480), problem=problem, monday=monday) == []
    assert bench.amounts(RULE, (5, "22:00", 480), problem=problem, monday=monday) == [360]


def problem_day(monday):
    return date.fromordinal(monday.toordinal() + 6)


def test_time_off_of_other_weeks_is_left_out(bench):
    assert bench.tightened(RULE, plan(bench, day=-30)).blocked == ()
    assert bench.tightened(RULE, plan(bench, day=30)).blocked == ()


def test_a_locked_shift_in_time_off_names_the_lock(bench):
    off = Off(start=bench.wall(1, "00:00"), end=bench.wall(2, "00:00"))
    problem = bench.plan(people=[bench.agent(time_off=(off,))], locks=[bench.lock(1, "09:00", 480)])
    (found,) = bench.breaches(RULE, (1, "09:00", 480), problem=problem)
    assert (found.hardness, found.why.split(":")[0]) == ("hard", "time_off_from_lock")
