"""Tests for start_distance, start_variance and quick_returns_28d."""

from datetime import date

import pytest

from wfplan.rules.quick_returns_28d import QuickReturns28d
from wfplan.rules.start_distance import StartDistance
from wfplan.rules.start_variance import StartVariance

SPRING, AUTUMN = date(2026, 3, 23), date(2026, 10, 19)
DISTANCE = StartDistance(least_min=22 * 60)
SPREAD = StartVariance(spread_min=120)
RETURNS = QuickReturns28d(most=1)


def at(*clocks, length=480):
    """A shift a day at these times; empty is a day off."""
    return [(d, clock, length) for d, clock in enumerate(clocks) if clock]


@pytest.mark.parametrize(
    ("rule", "shifts", "amounts"),
    [
        (DISTANCE, at("08:00", "06:00"), []),  # 22 hours exactly
        (DISTANCE, at("08:00", "09:00"), []),
        (DISTANCE, at("14:00", "", "06:00"), []),
        (DISTANCE, at("08:00", "05:45"), [15]),
        (DISTANCE, at("14:00", "06:00"), [360]),
        (DISTANCE, at("14:00", "08:00", "00:30"), [240, 330]),
        (SPREAD, at("08:00", "10:00", "09:00"), []),  # two hours exactly
        (SPREAD, at("", "22:00"), []),
        (SPREAD, at(), []),
        (SPREAD, at("08:00", "10:15"), [15]),
        (SPREAD, at("08:00", "22:00", "06:00"), [840]),
        (SPREAD, at("00:30", "23:00"), [1230]),  # the clock of a date, not the night
        (RETURNS, at("06:00", "06:00"), []),
        (RETURNS, at("14:00", "09:00"), []),  # 11 hours exactly
        (RETURNS, at("14:00", "06:00"), []),  # one is allowed
        (RETURNS, at("14:00", "06:00", "14:00", "06:00"), [1]),
        (QuickReturns28d(most=0), at("14:00", "08:45"), [1]),
        (QuickReturns28d(most=0), at("22:00", "14:00", "06:00"), [1, 1]),
    ],
)
def test_what_breaks_a_rule_is_measured(bench, rule, shifts, amounts):
    assert bench.amounts(rule, *shifts) == amounts


@pytest.mark.parametrize(
    ("monday", "distance", "rest"),
    [(SPRING, [60], [1]), (AUTUMN, [], [])],
)
def test_distance_and_rest_are_elapsed_time_in_clock_change_nights(bench, monday, distance, rest):
    shifts = [(5, "14:00", 480), (6, "09:00", 480)]  # 19 hours on the clock, 11 of rest
    assert bench.amounts(StartDistance(least_min=19 * 60), *shifts, monday=monday) == distance
    assert bench.amounts(QuickReturns28d(most=0), *shifts, monday=monday) == rest


def test_a_distance_that_the_spring_night_took_says_so(bench):
    shifts = [(5, "14:00", 480), (6, "09:00", 480)]
    (found,) = bench.breaches(StartDistance(least_min=19 * 60), *shifts, monday=SPRING)
    assert found.why == (
        "start_distance_from_dst: agent A1 starts on Sunday 2026-03-29 09:00, 18 h after the start "
        "on Saturday 2026-03-28 14:00; 19 h are due, 1 h are missing (contract)."
    )


@pytest.mark.parametrize("monday", [SPRING, AUTUMN])
def test_the_spread_of_starts_is_that_of_the_clock(bench, monday):
    assert bench.amounts(SPREAD, (5, "08:00", 480), (6, "10:00", 480), monday=monday) == []
    assert bench.amounts(SPREAD, (5, "08:00", 480), (6, "10:30", 480), monday=monday) == [30]


def test_the_last_start_and_rest_of_the_history_count(bench):
    problem = bench.plan(history=[bench.past(-1, "18:00", 480)])
    (distance,) = bench.breaches(DISTANCE, (0, "08:00", 480), problem=problem)
    assert (distance.amount, distance.why.split(":")[0]) == (480, "start_distance_from_history")
    assert bench.amounts(QuickReturns28d(most=0), (0, "08:00", 480), problem=problem) == [1]
    assert bench.amounts(QuickReturns28d(most=0), (0, "13:00", 480), problem=problem) == []


@pytest.mark.parametrize(("day", "amounts"), [(-26, [1]), (-27, [])])
def test_quick_returns_leave_the_count_after_28_days(bench, day, amounts):
    """The quick return of the history starts on that day; that of the week on day 1."""
    problem = bench.plan(history=[bench.past(day - 1, "14:00", 480), bench.past(day, "06:00", 480)])
    assert bench.amounts(RETURNS, *at("14:00", "06:00"), problem=problem) == amounts


def test_starts_of_the_same_planning_week_before_the_horizon_count(bench):
    wednesday = date(2026, 11, 4)
    problem = bench.plan(history=[bench.past(-1, "06:00", 480, monday=wednesday)])
    (found,) = bench.breaches(SPREAD, (0, "09:00", 480), problem=problem, monday=wednesday)
    assert found.amount == 60
    assert found.why == (
        "start_variance_from_history: agent A1 starts between 06:00 and 09:00 in the 7 days from "
        "Monday 2026-11-02, 1 h more than the spread of 2 h allowed (contract)."
    )
    assert bench.amounts(SPREAD, (5, "09:00", 480), problem=problem, monday=wednesday) == []


def test_soft_rules_of_gaps_price_what_is_missing(bench):
    problem = bench.plan(history=[bench.past(-1, "18:00", 480)])
    soft = StartDistance(least_min=1320, hardness="soft", weight=3.0)
    limits = bench.softened(soft, problem)
    (gap,) = limits.gap_prices
    assert limits.start_distance_min == 0
    assert limits.last_start == bench.wall(-1, "18:00")
    found = bench.breaches(soft, (0, "08:00", 480), problem=problem)
    assert gap.of(14 * 60) == pytest.approx(soft.price(found[0].amount, "min")) == 24


def test_a_soft_most_of_quick_returns_prices_those_beyond_it(bench):
    history = [bench.past(-3, "14:00", 480), bench.past(-2, "06:00", 480)]
    soft = QuickReturns28d(most=2, hardness="soft", weight=2.0)
    limits = bench.softened(soft, bench.plan(history=history))
    assert limits.quick_returns_free == (1,) * 7  # the history has used one of two
    assert (limits.quick_return_min, limits.quick_return_price) == (660, 2.0)
    assert limits.quick_returns_max == ()
