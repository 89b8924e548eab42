"""Tests for wfplan.rules.weekly_rest."""

from datetime import date

import pytest

from wfplan.rules.weekly_rest import WeeklyRest

RULE = WeeklyRest(rest_min=2100, inside_min=1440, source="Directive 2003/88/EC, article 5")
SPRING, AUTUMN = date(2026, 3, 23), date(2026, 10, 19)


def days(*which, clock="08:00", length=480):
    return [(d, clock, length) for d in which]


@pytest.mark.parametrize(
    ("shifts", "missing_min"),
    [
        (days(0, 1, 2, 3, 4), []),  # the weekend
        (days(0, 1, 2, 3, 4, 5), [3 * 60]),  # Sunday off, but the week ends 32 h after Saturday
        (days(0, 1, 2, 3, 4, 6), []),  # Saturday off: 40 h
        (days(0, 1, 2, 3, 4, 5, 6), [16 * 60]),  # rested, but for 8 h of this week: 24 asked
        ([*days(0, 1, 2), (4, "03:00", 480), *days(5, 6)], []),  # exactly 35 h
        ([*days(0, 1, 2), (4, "02:45", 480), *days(5, 6)], [15]),
        ([*days(1, 2, 3, 4, 5, 6)], []),  # no history: rested until Monday
        ([(d, "20:00", 660) for d in range(7)], [4 * 60]),  # overnight: free until Monday 20:00
        ([], []),
    ],
)
def test_breaches_count_what_the_longest_rest_is_short_of(bench, shifts, missing_min):
    assert bench.amounts(RULE, *shifts) == missing_min


def test_the_message_names_the_seven_days(bench):
    (found,) = bench.breaches(RULE, *days(0, 1, 2, 3, 4, 5, 6))
    assert found.why == (
        "weekly_rest: agent A1 has no unbroken rest of 35 h with 24 h of it in the seven days from "
        "Monday 2026-11-02 to Sunday 2026-11-08; the best falls 16 h short "
        "(Directive 2003/88/EC, article 5)."
    )


def test_a_weekend_off_serves_the_weeks_on_both_sides_of_it(bench):
    """Monday to Friday, week after week: every seven days hold one free day whole."""
    history = [bench.past(d, "08:00", 480) for d in (-14, -13, -12, -11, -10, -7, -6, -5, -4, -3)]
    assert bench.amounts(RULE, *days(0, 1, 2, 3, 4), problem=bench.plan(history=history)) == []


def test_six_days_and_a_sunday_off_are_legal_when_the_eve_ends_early(bench):
    worked = [*range(-14, -8), *range(-7, -1)]
    history = [bench.past(d, "08:00", 480) for d in worked]
    week = [*days(0, 1, 2, 3, 4), (5, "06:00", 420)]
    assert bench.amounts(RULE, *week, problem=bench.plan(history=history)) == []


def test_days_worked_before_the_week_count(bench):
    history = [bench.past(d, "08:00", 480) for d in range(-7, 0)]
    problem = bench.plan(history=history)
    (found,) = bench.breaches(RULE, *days(0, 1, 2, 5, 6), problem=problem)
    assert found.why.startswith("weekly_rest_from_history: agent A1 has no unbroken rest")
    limits = bench.tightened(RULE, problem)
    assert limits.weekly_rest_due == bench.wall(1, "00:00")
    assert limits.last_end == bench.wall(-1, "16:00")
    assert bench.amounts(RULE, *days(1, 2, 3), problem=problem) == []  # 40 h from Sunday 16:00


def test_without_history_only_the_week_itself_is_judged(bench):
    limits = bench.tightened(RULE, bench.plan())
    assert limits.weekly_rest_spans == ((bench.wall(0, "00:00"), bench.wall(7, "00:00")),)
    assert limits.weekly_rest_due == bench.wall(7, "00:00")


def test_a_rest_after_the_last_past_shift_frees_the_coming_days(bench):
    history = [bench.past(d, "08:00", 480) for d in range(-10, -3)]
    limits = bench.tightened(RULE, bench.plan(history=history))
    assert limits.weekly_rest_due == bench.wall(7, "00:00")


def test_an_old_shift_before_a_long_absence_is_no_burden(bench):
    history = [bench.past(d, "08:00", 480) for d in (-40, -39)]
    problem = bench.plan(history=history)
    assert bench.amounts(RULE, *days(0, 1, 2, 3, 4), problem=problem) == []
    assert bench.amounts(RULE, *days(0, 1, 2, 3, 4, 5, 6), problem=problem) == [16 * 60]


def test_windows_before_the_history_are_taken_as_rested(bench):
    history = [bench.past(d, "08:00", 480) for d in (-3, -2, -1)]
    assert bench.amounts(RULE, *days(0, 1, 2), problem=bench.plan(history=history)) == []


@pytest.mark.parametrize(
    ("monday", "last_start", "missing_min"),
    [
        (SPRING, (6, "07:00", 240), [60]),  # Friday 20:00 to Sunday 07:00 is 34 h that night
        (SPRING, (6, "08:00", 240), []),
        (AUTUMN, (6, "06:00", 240), []),  # and 35 h here, from 34 on the clock
        (AUTUMN, (6, "05:45", 240), [15]),
    ],
)
def test_clock_changes_move_the_rest_by_an_hour(bench, monday, last_start, missing_min):
    week = [*days(0, 1, 2, 3, 4, clock="12:00"), last_start]
    assert bench.amounts(RULE, *week, monday=monday) == missing_min


def test_other_people_rest_for_themselves(bench):
    history = [bench.past(d, "08:00", 480, agent_id="B2") for d in range(-7, 0)]
    assert bench.amounts(RULE, *days(0, 1, 2), problem=bench.plan(history=history)) == []


def test_a_horizon_of_one_day_has_no_window_of_its_own(bench):
    assert bench.amounts(RULE, (0, "08:00", 480), days=1) == []
    assert bench.tightened(RULE, bench.plan(), days=1).weekly_rest_due is None


def test_a_fortnight_holds_eight_windows(bench):
    spans = bench.tightened(RULE, bench.plan(), days=14).weekly_rest_spans
    assert len(spans) == 8
    week = days(0, 1, 2, 3, 4, 9, 10, 11, 12)
    assert bench.amounts(RULE, *week, days=14) == []
    assert bench.amounts(RULE, *days(*range(13)), days=14)


def test_the_daily_rest_in_force_is_the_part_that_may_lie_outside(bench):
    problem = bench.plan(packs=[bench.EU])
    limits = bench.limits_of(problem)
    assert (limits.weekly_rest_min, limits.weekly_rest_inside_min) == (2100, 1440)
    alone = bench.plan(rules=bench.settings(weekly_rest=35))
    assert bench.limits_of(alone).weekly_rest_inside_min == 2100
    assert WeeklyRest(rest_min=600, inside_min=600).beside(660).inside_min == 0


def test_stretches_of_bad_windows_are_told_once_with_their_worst(bench):
    history = [bench.past(d, "08:00", 480) for d in range(-12, 0)]
    found = bench.breaches(RULE, *days(*range(7)), problem=bench.plan(history=history))
    assert len(found) == 1
    assert found[0].amount == 19 * 60
    assert found[0].at == bench.wall(0, "00:00")


def nights_into_the_week(bench):
    """Nine days and a night that ends on Monday at 06:00: of its seven days 18 hours are left."""
    days_worked = [bench.past(d, "08:00", 480) for d in range(-9, -2)]
    return [*days_worked, bench.past(-2, "14:00", 480), bench.past(-1, "22:00", 480)]


def test_a_rest_that_the_past_has_used_up_is_told_and_binds_nobody(bench):
    problem = bench.plan(history=nights_into_the_week(bench))
    (lost,) = bench.breaches(RULE, problem=problem)
    assert (lost.hardness, lost.amount) == ("soft", 6 * 60)
    assert "the shifts of past weeks leave no way to give it" in lost.why
    limits = bench.tightened(RULE, problem)
    assert limits.weekly_rest_due == bench.wall(2, "00:00")
    assert bench.amounts(RULE, *days(2, 3, 4), problem=problem) == [6 * 60]


def test_the_windows_after_a_lost_one_are_as_hard_as_ever(bench):
    problem = bench.plan(history=nights_into_the_week(bench))
    found = bench.breaches(RULE, *days(1, 2, 3, 4), problem=problem)
    assert [breach.hardness for breach in found] == ["soft", "hard"]


WISHED = WeeklyRest(rest_min=2100, inside_min=1440, hardness="soft", weight=4.0)


def test_a_soft_rest_counts_windows_without_one_that_do_not_overlap(bench):
    worked = [(d, "08:00", 480) for d in range(14)]
    found = bench.breaches(WISHED, *worked, days=14)
    assert [(b.amount, b.unit, b.hardness) for b in found] == [(1, "rests", "soft")] * 2
    assert [b.at for b in found] == [bench.wall(0, "00:00"), bench.wall(7, "00:00")]
    assert "has no unbroken rest of 35 h in the seven days from Monday" in found[0].why
    free = [shift for shift in worked if shift[0] not in (5, 12)]
    assert bench.breaches(WISHED, *free, days=14) == []
    # a free Thursday serves the windows that hold it; the first without it begins a day later
    once = [shift for shift in worked if shift[0] != 3]
    assert [b.at for b in bench.breaches(WISHED, *once, days=14)] == [bench.wall(4, "00:00")]


def test_a_soft_rest_that_the_history_has_used_up_is_nobody_s_breach(bench):
    history = [bench.past(d, "18:00", 480) for d in range(-7, 0)]  # the last ends on Monday at two
    problem = bench.plan(history=history)
    assert bench.breaches(WISHED, problem=problem) == []
    limits = bench.softened(WISHED, problem)
    assert limits.weekly_rest_spans == ()
    assert limits.wished_rest_price == 4.0
    assert len(limits.wished_rest_spans) == 6  # all but the one that ends on the first date
