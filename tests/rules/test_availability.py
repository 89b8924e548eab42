"""Tests for wfplan.rules.availability."""

from datetime import date
from itertools import pairwise

import pytest

from wfplan.domain.people import Availability as Row
from wfplan.rules.availability import Availability

RULE = Availability()
MONDAY, SPRING, AUTUMN = date(2026, 11, 2), date(2026, 3, 23), date(2026, 10, 19)
OFFICE = Row(kind="available", weekday=0, start_min=540, end_min=1020)  # Monday 09:00-17:00
NIGHTS = Row(kind="available", weekday=0, start_min=1320, end_min=1800)  # 22:00-06:00
SCHOOL = Row(kind="unavailable", weekday=0, start_min=780, end_min=900)  # 13:00-15:00


def plan(bench, *rows):
    return bench.plan(people=[bench.agent(availability=rows)])


@pytest.mark.parametrize(
    ("rows", "shift", "outside"),
    [
        ([], (0, "00:00", 720), []),
        ([OFFICE], (0, "09:00", 480), []),  # the exact window
        ([OFFICE], (0, "08:45", 480), [15]),
        ([OFFICE], (0, "09:15", 480), [15]),
        ([OFFICE], (0, "18:00", 480), [360]),  # Monday's six hours; Tuesday has no rows
        ([OFFICE], (0, "06:00", 180), [180]),
        ([OFFICE], (1, "06:00", 720), []),  # another day
        ([SCHOOL], (0, "09:00", 480), [120]),
        ([SCHOOL], (0, "15:00", 480), []),
        ([SCHOOL], (0, "09:00", 240), []),
        ([OFFICE, SCHOOL], (0, "08:00", 600), [60 + 120 + 60]),
        ([NIGHTS], (0, "22:00", 480), []),
        ([NIGHTS], (0, "21:00", 480), [60]),
        ([NIGHTS], (0, "22:00", 600), []),  # Tuesday is free after 06:00
        ([NIGHTS, OFFICE.model_copy(update={"weekday": 1})], (0, "22:00", 600), [120]),
        (
            [Row(kind="unavailable", weekday=0, start_min=1320, end_min=1800)],
            (1, "05:00", 120),
            [60],
        ),
        ([Row(kind="prefer", weekday=0, start_min=540, end_min=600)], (0, "12:00", 480), []),
        ([Row(kind="avoid", weekday=0, start_min=0, end_min=1440)], (0, "12:00", 480), []),
    ],
)
def test_breaches_count_the_minutes_outside(bench, rows, shift, outside):
    assert bench.amounts(RULE, shift, problem=plan(bench, *rows)) == outside


def test_rows_of_a_date_replace_the_weekday_s_of_the_same_kind(bench):
    dated = Row(kind="available", day=MONDAY, start_min=720, end_min=1440)
    problem = plan(bench, OFFICE, dated, SCHOOL)
    assert bench.amounts(RULE, (0, "15:00", 480), problem=problem) == []
    assert bench.amounts(RULE, (0, "12:00", 180), problem=problem) == [120]  # school still counts
    later = bench.week((0, "09:00", 240), problem=problem, monday=date(2026, 11, 9))
    assert RULE.breaches(later) == []  # the week after, the weekday's row counts again


def test_rows_out_of_date_say_nothing(bench):
    old = SCHOOL.model_copy(update={"valid_to": date(2026, 11, 1)})
    assert bench.amounts(RULE, (0, "09:00", 480), problem=plan(bench, old)) == []


def test_the_message_names_the_hours(bench):
    (found,) = bench.breaches(RULE, (0, "08:45", 480), problem=plan(bench, OFFICE))
    assert found.why == (
        "availability: agent A1 works from Monday 2026-11-02 08:45 to Monday 2026-11-02 16:45, "
        "15 min of it outside the hours of availability (availability table)."
    )


def test_a_locked_shift_outside_names_the_lock(bench):
    problem = bench.plan(
        people=[bench.agent(availability=(OFFICE,))], locks=[bench.lock(0, "08:00", 480)]
    )
    (found,) = bench.breaches(RULE, (0, "08:00", 480), problem=problem)
    assert found.why.startswith("availability_from_lock:")


@pytest.mark.parametrize(
    ("monday", "window_min"), [(SPRING, 420), (AUTUMN, 540)]
)  # 22:00 to 06:00 on the clock
def test_a_window_through_a_clock_change_has_its_elapsed_length(bench, monday, window_min):
    night = Row(kind="available", weekday=5, start_min=1320, end_min=1800)
    morning = Row(kind="unavailable", weekday=6, start_min=360, end_min=1440)
    problem = plan(bench, night, morning)
    assert bench.amounts(RULE, (5, "22:00", window_min), problem=problem, monday=monday) == []
    over = (5, "22:00", window_min + 15)
    assert bench.amounts(RULE, over, problem=problem, monday=monday) == [15]


def test_windows_are_of_the_agent_s_clock_and_not_of_the_site_s(bench):
    far = bench.agent(availability=(OFFICE,), timezone="America/New_York")
    problem = bench.plan(people=[far])
    assert bench.amounts(RULE, (0, "09:00", 480), problem=problem) == []
    assert bench.tightened(RULE, problem).blocked[0][1] == bench.wall(
        0, "09:00", timezone="America/New_York"
    )


def test_blocked_spans_are_joined_and_in_order(bench):
    rows = [Row(kind="available", weekday=w, start_min=540, end_min=1020) for w in range(7)]
    blocked = bench.tightened(RULE, plan(bench, *rows)).blocked
    assert len(blocked) == 9  # before, between and after seven days, and the day after
    assert all(a[1] < b[0] for a, b in pairwise(blocked))
