"""Tests of the rules about runs and counts of days, by cases to check by hand.

The week is Monday 2026-11-02 to Sunday; e, l, n are an early, a late and a
night of eight hours, a dot is a day off.
"""

from datetime import date

import pytest

from wfplan.domain.people import TimeOff
from wfplan.rules.base import LEAST, MOST
from wfplan.rules.consecutive_days_off import ConsecutiveDaysOff
from wfplan.rules.consecutive_work_days import ConsecutiveWorkDays
from wfplan.rules.days_off_period import DaysOffPeriod
from wfplan.rules.late_shifts_week import LateShiftsWeek
from wfplan.rules.nights_week import NightsWeek
from wfplan.rules.nonstandard_shifts_max import NonstandardShiftsMax
from wfplan.rules.shift_count_period import ShiftCountPeriod

SPRING, AUTUMN = date(2026, 3, 23), date(2026, 10, 19)
CLOCK = {"e": "06:00", "d": "09:00", "l": "14:00", "n": "22:00"}


def days(text, first=0):
    return [(d, CLOCK[c], 480) for d, c in enumerate(text, first) if c != "."]


def before(bench, text, **more):
    """A history that ends on the eve: its last letter is the Sunday before."""
    return [bench.past(*spec, **more) for spec in days(text, -len(text))]


OFF2 = ConsecutiveDaysOff(days=2)
OFF3_MOST = ConsecutiveDaysOff(days=3, bound=MOST)
RUN3 = ConsecutiveWorkDays(most=3, bound=LEAST)
NIGHTS2 = ConsecutiveWorkDays(most=2, kinds=("night",))
FREE2 = DaysOffPeriod(count=2)
LATES = LateShiftsWeek(count=2)
NIGHTS = NightsWeek(count=2)
EARLY_LEAST = ShiftCountPeriod(count=2, bound=LEAST, kinds=("early",))
ODD = NonstandardShiftsMax(count=2, weeks=1)


@pytest.mark.parametrize(
    ("rule", "week", "amounts"),
    [
        (OFF2, "eee..ee", []),
        (OFF2, ".eeeee.", []),  # runs at both ends may go on outside
        (OFF2, "e...eee", []),
        (OFF2, "eee.eee", [1]),
        (OFF2, "e.e.e.e", [1, 1, 1]),
        (OFF2, ".e.eeee", [1]),
        (OFF3_MOST, "ee...ee", []),
        (OFF3_MOST, "e..e...", []),
        (OFF3_MOST, "eeeeeee", []),
        (OFF3_MOST, "e....ee", [1]),
        (OFF3_MOST, ".......", [4]),
        (OFF3_MOST, "....e..", [1]),
        (RUN3, "eee.eee", []),
        (RUN3, "e..eee.", []),  # the first may have begun before
        (RUN3, ".eeeee.", []),
        (RUN3, ".ee..ee", [1]),
        (RUN3, ".e.e...", [2, 2]),
        (RUN3, "..ln..e", [1]),
        (NIGHTS2, "nn.nn.n", []),
        (NIGHTS2, "lllllll", []),
        (NIGHTS2, "nnlnn..", []),
        (NIGHTS2, "nnn....", [1]),
        (NIGHTS2, "nnnn.nn", [2]),
        (NIGHTS2, "nnn.nnn", [1, 1]),
        (FREE2, "eeeee..", []),
        (FREE2, ".......", []),
        (FREE2, "e.ee.ee", []),
        (FREE2, "eeeeee.", [1]),
        (FREE2, "eeeeeee", [2]),
        (FREE2, "nnn.nnn", [1]),
        (DaysOffPeriod(count=2, bound=MOST), "eeeee..", []),
        (DaysOffPeriod(count=2, bound=MOST), "eeee...", [1]),
        (LATES, "ll.....", []),
        (LATES, "eeeeell", []),
        (LATES, "nnnnn..", []),
        (LATES, "lll....", [1]),
        (LATES, "lllll..", [3]),
        (LATES, "l.l.l.l", [2]),
        (NIGHTS, "nn.....", []),
        (NIGHTS, "nnlllll", []),
        (NIGHTS, "n.....n", []),
        (NIGHTS, "nnn....", [1]),
        (NIGHTS, "nnnnnnn", [5]),
        (NIGHTS, "n.n.n.n", [2]),
        (EARLY_LEAST, "ee.....", []),
        (EARLY_LEAST, "eeeeeee", []),
        (EARLY_LEAST, "llelle.", []),
        (EARLY_LEAST, "e......", [1]),
        (EARLY_LEAST, ".......", [2]),
        (EARLY_LEAST, "lllllnn", [2]),
        (ShiftCountPeriod(count=5), "eeeee..", []),
        (ShiftCountPeriod(count=5), "eeeeee.", [1]),
        (ODD, "ddddd..", []),
        (ODD, "ddddddd", []),  # Saturday and Sunday: two exactly
        (ODD, "ld.d.dd", [1]),
        (ODD, "lllll..", [3]),
        (ODD, "eenn...", [2]),
    ],
)
def test_what_breaks_a_rule_is_counted(bench, rule, week, amounts):
    assert bench.amounts(rule, *days(week)) == amounts


@pytest.mark.parametrize(
    ("rule", "past", "week", "amounts"),
    [
        (OFF2, "ee.", ".eee...", []),
        (OFF2, "ee.", "eeee...", [1]),
        (OFF2, "e..", "eeee...", []),
        (OFF3_MOST, "e...", ".eeeee.", [1]),
        (OFF3_MOST, "e.....", "eeeee..", []),  # over before the week begins
        (OFF3_MOST, "e....", "..eeee.", [2]),
        (RUN3, ".e.ee", "e......", []),
        (RUN3, ".e.ee", ".......", [1]),
        (RUN3, "ee", ".......", []),  # may have begun before what is known
        (NIGHTS2, "n.nn", "n......", [1]),
        (NIGHTS2, "n.nn", "l......", []),
        (LATES, "lllll", "ll.....", []),  # weeks begin on Monday
        (ShiftCountPeriod(count=6, weeks=2), "eeeee..", "e......", []),
        (ShiftCountPeriod(count=6, weeks=2), "eeeee..", "ee.....", [1]),
        (ShiftCountPeriod(count=6, weeks=2), "eeeeeee", "ee.....", [2]),
        (ShiftCountPeriod(count=9, weeks=2, bound=LEAST), "eeeee..", "eee....", [1]),
        (ShiftCountPeriod(count=9, weeks=2, bound=LEAST), "eee", "eee....", []),  # not known
        (DaysOffPeriod(count=4, weeks=2), "eeeee..", "eeeee..", []),
        (DaysOffPeriod(count=4, weeks=2), "eeeeee.", "eeeee..", [1]),
        (NonstandardShiftsMax(count=2, weeks=4), "ddd.l.d", "d.e..d.", [2]),
    ],
)
def test_past_weeks_count(bench, rule, past, week, amounts):
    problem = bench.plan(history=before(bench, past))
    found = bench.breaches(rule, *days(week), problem=problem)
    assert [b.amount for b in found] == amounts
    assert all(f"{rule.name}_from_history: " in b.why for b in found)


def test_a_least_that_past_weeks_put_out_of_reach_is_told_softly(bench):
    rule = DaysOffPeriod(count=9, weeks=2)
    problem = bench.plan(history=before(bench, "eeeeee."))
    (found,) = bench.breaches(rule, problem=problem)
    assert (found.hardness, found.amount) == ("soft", 1)
    assert found.why == (
        "days_off_period_from_history: agent A1 has 8 free days in the 14 days from Monday "
        "2026-10-26, 1 fewer than the least of 9, and the past weeks leave no way to reach it "
        "(contract)."
    )


@pytest.mark.parametrize(("monday", "sunday"), [(SPRING, "22:00"), (AUTUMN, "22:00")])
def test_a_night_of_a_clock_change_is_one_night_by_the_clock(bench, monday, sunday):
    """Six elapsed hours from 23:00: by the clock to 06:00 in spring, to 04:00 in autumn."""
    shifts = [(5, "23:00", 360), (6, sunday, 480)]
    assert bench.amounts(NightsWeek(count=1), *shifts, monday=monday) == [1]
    assert bench.amounts(NightsWeek(count=2), *shifts, monday=monday) == []


@pytest.mark.parametrize(("monday", "is_night"), [(SPRING, True), (AUTUMN, False)])
def test_three_hours_of_the_night_are_read_on_the_clock(bench, monday, is_night):
    """20:00 and six hours more end at 03:00 in spring, at 01:00 in autumn."""
    view = bench.week((5, "20:00", 360), monday=monday)
    assert (view.kinds[view.dates[5]] == "night") is is_night


def test_a_kind_of_the_contract_goes_before_the_usual_ones(bench):
    work = bench.contract(
        kinds=({"name": "late", "starts": (720, 780)}, {"name": "split", "longest_min": 240})
    )
    view = bench.week(
        (0, "12:30", 480), (1, "14:00", 480), (2, "22:00", 240), (3, "12:00", 120),
        problem=bench.plan(work=work),
    )  # fmt: skip
    assert [view.kinds[day] for day in view.dates] == [
        "late", "late", "split", "late", "off", "off", "off",
    ]  # fmt: skip


def test_time_off_parts_runs_of_days_off_and_spares_runs_of_work(bench):
    off = TimeOff(start=bench.wall(2, "00:00"), end=bench.wall(4, "00:00"))
    problem = bench.plan(people=[bench.agent(time_off=(off,))])
    assert bench.amounts(OFF3_MOST, *days("......."), problem=problem) == []
    assert bench.amounts(OFF3_MOST, *days("e...e.."), problem=problem) == []
    assert bench.amounts(RUN3, *days("ee....."), problem=problem) == []
    assert bench.amounts(ConsecutiveWorkDays(most=2, bound=LEAST), *days(".e..e.."),
                         problem=problem) == [1]  # fmt: skip
    assert (
        bench.amounts(DaysOffPeriod(count=2, bound=MOST), *days("ee..ee."), problem=problem) == []
    )


def test_messages_name_the_days_and_the_amounts(bench):
    (short,) = bench.breaches(OFF2, *days("eee.eee"))
    assert short.why == (
        "consecutive_days_off: agent A1 has 1 day off in a row from Thursday 2026-11-05, 1 fewer "
        "than the least of 2 (contract)."
    )
    (late,) = bench.breaches(LATES, *days("lll...."))
    assert late.why == (
        "late_shifts_week: agent A1 has 3 late shifts in the 7 days from Monday 2026-11-02, 1 "
        "more than the most of 2 (contract)."
    )
    assert late.at == bench.wall(2, "00:00")
    (nights,) = bench.breaches(NIGHTS2, *days("nnn...."))
    assert "works 3 night days in a row, Monday 2026-11-02 to Wednesday" in nights.why


def test_each_planning_week_of_a_long_horizon_is_counted_by_itself(bench):
    text = "ll.....lll....lll.l.l"
    assert bench.amounts(LATES, *days(text), days=21) == [1, 3]
    assert bench.amounts(ShiftCountPeriod(count=5, weeks=2), *days(text), days=21) == [3]
    assert bench.amounts(ShiftCountPeriod(count=5), *days(text), days=21) == [5]
