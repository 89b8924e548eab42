"""Tests for wfplan.rules.break_window, break_required and night_work."""

from datetime import date, timedelta

import pytest

from wfplan.domain.schedule import Activity, ActivityCategory
from wfplan.rules.break_required import BreakRequired
from wfplan.rules.break_window import BreakWindow
from wfplan.rules.night_work import NightWork

RULE = BreakWindow()
REQUIRED = BreakRequired(over_min=360)
NIGHT = NightWork(average_min=480)
SPRING, AUTUMN = date(2026, 3, 23), date(2026, 10, 19)
GOOD = [("work", 75), ("rest", 15), ("work", 90), ("meal", 30), ("work", 270)]


def judged(
    bench,
    parts,
    *,
    rule=RULE,
    paid_meal=False,
    unpaid_rest=False,
    start="09:00",
    day=0,
    monday=date(2026, 11, 2),
):
    """The amounts of a shift of the given parts under a contract with a rest and a meal."""
    kinds = {"work": "work", "rest": "break", "meal": "meal"}
    begin = at = bench.wall(day, start, monday=monday)
    activities = []
    for kind, minutes in parts:
        is_paid = {"work": True, "rest": not unpaid_rest, "meal": paid_meal}[kind]
        until = at + timedelta(minutes=minutes)
        activities.append(
            Activity(
                code=kind,
                category=ActivityCategory(kinds[kind]),
                is_paid=is_paid,
                start=at,
                end=until,
            )
        )
        at = until
    problem = bench.plan(work=bench.with_breaks(bench.contract()))
    length = int((at - begin).total_seconds() // 60)
    shift = bench.make_shift((day, start, length), monday=monday)
    shift = shift.model_copy(update={"activities": tuple(activities)})
    person = problem.agents[0]
    week = type(bench.week()).of(problem, person, problem.horizon(monday), [shift])
    return [(b.amount, b.unit) for b in rule.breaches(week)]


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        (GOOD, []),
        ([("work", 150), ("rest", 15), ("work", 135), ("meal", 30), ("work", 150)], []),  # latest
        ([("work", 165), ("rest", 15), ("work", 120), ("meal", 30), ("work", 150)], [(15, "min")]),
        ([("work", 60), ("rest", 15), ("work", 105), ("meal", 30), ("work", 270)], [(15, "min")]),
        ([("work", 75), ("rest", 30), ("work", 75), ("meal", 30), ("work", 270)], [(15, "min")]),
        ([("work", 75), ("rest", 15), ("work", 90), ("meal", 15), ("work", 285)], [(15, "min")]),
        ([("work", 180), ("meal", 30), ("work", 270)], [(1, "breaks")]),  # no rest
        ([("work", 480)], [(1, "breaks"), (1, "breaks")]),
        ([*GOOD[:-1], ("work", 60), ("rest", 15), ("work", 195)], [(1, "breaks")]),  # one more
        ([("work", 360)], []),  # the tier begins above six hours
        ([("work", 375)], [(1, "breaks"), (1, "breaks")]),
        (
            [("work", 75), ("rest", 15), ("work", 245), ("meal", 30), ("work", 15)],
            [(35, "min"), (15, "min")],
        ),
    ],
)
def test_breaks_are_whole_and_in_their_windows(bench, parts, found):
    assert judged(bench, parts) == found


def test_breaks_are_paid_as_the_contract_says(bench):
    assert judged(bench, GOOD, paid_meal=True) == [(30, "min")]
    assert judged(bench, GOOD, unpaid_rest=True) == [(15, "min")]


@pytest.mark.parametrize(("day", "monday"), [(5, SPRING), (5, AUTUMN)])
def test_break_windows_are_elapsed_time_in_clock_change_nights(bench, day, monday):
    assert judged(bench, GOOD, start="23:00", day=day, monday=monday) == []
    late = [("work", 165), *GOOD[1:2], ("work", 120), ("meal", 30), ("work", 150)]
    assert judged(bench, late, start="23:00", day=day, monday=monday) == [(15, "min")]


def test_a_break_message_says_which_break_of_which_shift(bench):
    problem = bench.plan(work=bench.with_breaks(bench.contract()))
    bare = bench.make_shift((0, "09:00", 480))
    person = problem.agents[0]
    week = type(bench.week()).of(problem, person, problem.horizon(bench.MONDAY), [bare])
    where = "instead of 1 in the shift from Monday 2026-11-02 09:00 (contract)."
    assert [b.why for b in RULE.breaches(week)] == [
        f"break_window_from_contract: agent A1 has 0 rests {where}",
        f"break_window_from_contract: agent A1 has 0 meals {where}",
    ]


def test_no_shift_no_break(bench):
    assert bench.amounts(RULE) == []
    assert bench.amounts(RULE, (0, "09:00", 480)) == []  # a contract without tiers


def test_lengths_without_room_for_their_breaks_are_dropped(bench):
    work = bench.with_breaks(bench.contract(), over_h=2.0)
    lengths = bench.tightened(RULE, bench.plan(work=work)).lengths_min
    assert 120 in lengths  # no breaks at all
    assert 225 not in lengths  # the meal ends at 210 and wants 30 more
    assert 240 in lengths


@pytest.mark.parametrize(("length", "found"), [(360, []), (375, [1]), (600, [1]), (120, [])])
def test_long_shifts_need_a_break(bench, length, found):
    assert bench.amounts(REQUIRED, (0, "09:00", length)) == found
    assert bench.amounts(REQUIRED, (5, "22:00", length), monday=SPRING) == found
    assert bench.amounts(REQUIRED, (5, "22:00", length), monday=AUTUMN) == found


def test_a_rest_or_a_meal_is_a_break(bench):
    for kind in ("rest", "meal"):
        parts = [("work", 200), (kind, 15), ("work", 265)]
        assert judged(bench, parts, rule=REQUIRED) == []
    assert bench.amounts(REQUIRED) == []


def test_lengths_that_need_a_break_and_get_none_are_dropped(bench):
    assert max(bench.tightened(REQUIRED, bench.plan()).lengths_min) == 360
    rested = bench.plan(work=bench.with_breaks(bench.contract()))
    assert max(bench.tightened(REQUIRED, rested).lengths_min) > 360


@pytest.mark.parametrize(
    ("shifts", "over"),
    [
        ([(0, "22:00", 480)], []),
        ([(0, "22:00", 600)], [120]),
        ([(0, "22:00", 600), (2, "22:00", 360)], []),  # eight hours on average
        ([(0, "22:00", 600), (2, "22:00", 375)], [7.5]),
        ([(0, "16:00", 600)], [120]),  # 23:00 to 02:00 are three hours: a night shift
        ([(0, "15:45", 600)], []),
        ([(0, "09:00", 720)], []),
        ([], []),
    ],
)
def test_night_shifts_are_short_on_average(bench, shifts, over):
    assert bench.amounts(NIGHT, *shifts) == over


def test_three_hours_of_the_night_make_a_night_shift(bench):
    assert bench.amounts(NIGHT, (0, "16:00", 600)) == [120]  # until 02:00
    assert bench.amounts(NIGHT, (0, "15:59", 600)) == []
    assert bench.amounts(NIGHT, (0, "03:00", 600)) == [120]
    assert bench.amounts(NIGHT, (0, "03:01", 600)) == []


@pytest.mark.parametrize(
    ("monday", "start", "found"),
    [
        (SPRING, "03:00", []),  # 03:00 to 06:00 as ever
        (SPRING, "00:00", [60]),  # five hours of night on the clock change
        (AUTUMN, "03:00", []),
    ],
)
def test_a_night_is_elapsed_time(bench, monday, start, found):
    length = 540 if found else 480
    assert bench.amounts(NIGHT, (6, start, length), monday=monday) == found


def test_the_hour_that_comes_twice_makes_a_night_shift(bench):
    """Dublin, 25 October: 16:00 to 01:59 of the second round is four hours of night."""
    assert bench.amounts(NIGHT, (5, "17:00", 540), monday=AUTUMN) == [60]  # 23:00 to 01:00 + 1 h
    assert bench.amounts(NIGHT, (4, "17:00", 540), monday=AUTUMN) == [60]
    assert bench.amounts(NIGHT, (4, "16:45", 540), monday=AUTUMN) == []
