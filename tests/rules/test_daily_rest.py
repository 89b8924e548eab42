"""Tests for wfplan.rules.daily_rest."""

from datetime import date, timedelta

import pytest

from wfplan.domain.problem import RuleSetting
from wfplan.errors import InputError
from wfplan.rules.daily_rest import DailyRest

RULE = DailyRest(rest_min=660, source="Directive 2003/88/EC, article 3")
SPRING, AUTUMN = date(2026, 3, 23), date(2026, 10, 19)
LATE, EARLY, NOON = (0, "14:00", 480), (1, "06:00", 480), (1, "09:00", 240)


@pytest.mark.parametrize(
    ("shifts", "missing_min"),
    [
        ([LATE, EARLY], [180]),  # 8 h of rest, 11 asked
        ([LATE, NOON], []),  # exactly 11 h
        ([LATE, (1, "08:45", 240)], [15]),  # a quarter short
        ([(0, "22:00", 480), (1, "22:00", 480), (2, "16:00", 120)], [60]),  # overnight
        ([LATE, EARLY, (2, "00:30", 60)], [180, 30]),
        ([LATE, (3, "06:00", 480)], []),
        ([LATE], []),  # nothing follows
        ([], []),
    ],
)
def test_breaches_count_the_missing_minutes(bench, shifts, missing_min):
    assert bench.amounts(RULE, *shifts) == missing_min


def test_the_message_says_who_when_and_how_much(bench):
    (found,) = bench.breaches(RULE, LATE, EARLY)
    assert found.agent_id == "A1"
    assert found.at == bench.wall(1, "06:00")
    assert found.why == (
        "daily_rest: agent A1 starts on Tuesday 2026-11-03 06:00, 8 h after the shift that ends "
        "on Monday 2026-11-02 22:00; 11 h of rest are due, 3 h are missing "
        "(Directive 2003/88/EC, article 3)."
    )


def test_the_last_shift_of_the_history_counts(bench):
    problem = bench.plan(history=[bench.past(-1, "16:00", 480), bench.past(-3, "22:00", 480)])
    (found,) = bench.breaches(RULE, (0, "07:00", 240), problem=problem)
    assert found.amount == 240
    assert found.why.startswith("daily_rest_from_history: agent A1 starts on Monday")
    assert bench.amounts(RULE, (0, "11:00", 240), problem=problem) == []
    limits = bench.tightened(RULE, problem)
    assert limits.earliest_start == bench.wall(0, "11:00")
    assert limits.last_end == bench.wall(0, "00:00")


def test_the_history_of_another_person_does_not_count(bench):
    problem = bench.plan(history=[bench.past(-1, "16:00", 480, agent_id="B2")])
    assert bench.amounts(RULE, (0, "07:00", 240), problem=problem) == []
    assert bench.tightened(RULE, problem).earliest_start is None


def test_the_planned_week_itself_is_not_history(bench):
    problem = bench.plan(history=[bench.past(0, "09:00", 480), bench.past(5, "09:00", 480)])
    assert bench.amounts(RULE, (0, "18:00", 240), problem=problem) == []
    assert bench.tightened(RULE, problem).last_end is None


def test_in_the_spring_night_the_clock_shows_an_hour_of_rest_that_is_not_there(bench):
    shifts = [(5, "14:00", 480), (6, "09:00", 240)]  # Saturday 22:00 to Sunday 09:00
    (found,) = bench.breaches(RULE, *shifts, monday=SPRING)
    assert found.amount == 60
    assert found.why.startswith("daily_rest_from_dst:")
    later = [(5, "14:00", 480), (6, "10:00", 240)]
    assert bench.amounts(RULE, *later, monday=SPRING) == []


def test_in_the_autumn_night_ten_hours_on_the_clock_are_eleven(bench):
    shifts = [(5, "14:00", 480), (6, "08:00", 240)]
    assert bench.amounts(RULE, *shifts, monday=AUTUMN) == []
    assert bench.amounts(RULE, (5, "14:00", 480), (6, "07:45", 240), monday=AUTUMN) == [15]


def test_two_locked_shifts_name_the_lock(bench):
    problem = bench.plan(locks=[bench.lock(0, "14:00", 480), bench.lock(1, "06:00", 480)])
    (found,) = bench.breaches(RULE, LATE, EARLY, problem=problem)
    assert found.why.startswith("daily_rest_from_lock:")
    assert found.hardness == "hard"


def test_shifts_at_once_miss_the_whole_rest_and_their_common_time(bench):
    assert bench.amounts(RULE, (0, "22:00", 480), (1, "05:00", 120)) == [660 + 60]


def test_the_longest_rest_of_several_rules_holds(bench):
    problem = bench.plan(packs=[bench.EU], rules=bench.settings(daily_rest=12))
    assert bench.limits_of(problem).daily_rest_min == 720
    weaker = bench.plan(packs=[bench.EU], rules=bench.settings(daily_rest=9))
    assert bench.limits_of(weaker).daily_rest_min == 660


def test_the_rest_is_elapsed_time_in_utc(bench):
    problem = bench.plan(history=[bench.past(-1, "14:00", 480, monday=SPRING)])
    limits = bench.tightened(RULE, problem, monday=SPRING)
    assert limits.earliest_start - limits.last_end == timedelta(hours=11)


@pytest.mark.parametrize(
    ("value", "unit", "message"),
    [
        (11, "days", "daily_rest: unit = 'days' is not a unit of time"),
        (0, "hours", "daily_rest: value = 0 is not above 0"),
        (float("inf"), "hours", "daily_rest: value = inf is not above 0"),
    ],
)
def test_a_setting_that_means_nothing_is_refused(value, unit, message):
    with pytest.raises(InputError, match=message):
        DailyRest.from_setting(RuleSetting(rule="daily_rest", value=value, unit=unit))
