"""Tests of the rules about weekends and sequences, by cases to check by hand.

e, l, n are an early, a late and a night of eight hours, a dot is a day off.
"""

from datetime import date

import pytest

from wfplan.domain.people import TimeOff
from wfplan.rules.base import LEAST
from wfplan.rules.complete_weekend import CompleteWeekend
from wfplan.rules.consecutive_work_weekends import ConsecutiveWorkWeekends
from wfplan.rules.day_off_after import DayOffAfter
from wfplan.rules.day_off_before import DayOffBefore
from wfplan.rules.forbidden_sequence import ForbiddenSequence
from wfplan.rules.required_sequence import RequiredSequence
from wfplan.rules.rotation import Rotation
from wfplan.rules.work_weekends_period import WorkWeekendsPeriod

SPRING, AUTUMN = date(2026, 3, 23), date(2026, 10, 19)
CLOCK = {"e": "06:00", "l": "14:00", "n": "22:00"}


def days(text, first=0):
    return [(d, CLOCK[c], 480) for d, c in enumerate(text, first) if c != "."]


def before(bench, text):
    return [bench.past(*spec) for spec in days(text, -len(text))]


WHOLE = CompleteWeekend()
ONE = WorkWeekendsPeriod(count=1, weeks=2)
ROW = ConsecutiveWorkWeekends(most=1)
AFTER = DayOffAfter(kinds=("night",), days=2)
BEFORE = DayOffBefore(kinds=("night",), days=1)
NO_LE = ForbiddenSequence(kinds=("late", "early"))
NO_NOE = ForbiddenSequence(kinds=("night", "off", "early"))
LL = RequiredSequence(kinds=("late", "late"))
CYCLE = Rotation(kinds=("early", "late", "off"), begins=date(2026, 11, 2))
WEEKS = Rotation(kinds=("early", "late"), begins=date(2026, 10, 26), step_days=7, is_weekly=True)


@pytest.mark.parametrize(
    ("rule", "text", "amounts"),
    [
        (WHOLE, "eeeee..", []),
        (WHOLE, ".....ee", []),
        (WHOLE, ".....ln.......", []),
        (WHOLE, ".....e.", [1]),
        (WHOLE, "......e", [1]),
        (WHOLE, "......n.....n.", [1, 1]),
        (ONE, ".....ee.......", []),
        (ONE, "eeeee..eeeee..", []),
        (ONE, ".....e........", []),
        (ONE, ".....ee.....ee", [1]),
        (ONE, "......e.....e.", [1]),
        (ONE, ".....ee.....ee.....ee", [1]),  # weeks 2 and 3; week 1 stands by itself
        (WorkWeekendsPeriod(count=0, weeks=1), ".....ee.....e.", [1, 1]),
        (WorkWeekendsPeriod(count=1, weeks=2, bound=LEAST), "eeeee..eeeee..", [1]),
        (WorkWeekendsPeriod(count=1, weeks=2, bound=LEAST), "eeeee..eeeee.e", []),
        (ROW, ".....ee.......", []),
        (ROW, ".....ee............e.", []),
        (ROW, "......e.......eeeee..", []),
        (ROW, ".....ee.....e.", [1]),
        (ROW, ".....e......ee......e", [1, 1]),
        (ROW, "......e......e.......", [1]),
        (AFTER, "nn..e..", []),
        (AFTER, "nnnnnnn", []),  # the run may go on
        (AFTER, "ee.n...", []),
        (AFTER, "..nn.e.", [1]),
        (AFTER, "nne....", [2]),
        (AFTER, "n.n.nee", [1, 1, 2]),
        (BEFORE, "e.nn...", []),
        (BEFORE, "nnnn...", []),  # what was before is not known
        (BEFORE, "l.n.n.n", []),
        (BEFORE, "en.....", [1]),
        (BEFORE, "nn.lnn.", [1]),
        (DayOffBefore(kinds=("night",), days=3), "e.n.n..", [2, 2]),
        (NO_LE, "eelllll", []),
        (NO_LE, "l.e.l.e", []),
        (NO_LE, "lnelnel", []),
        (NO_LE, "le.....", [1]),
        (NO_LE, "lelelel", [1, 1, 1]),
        (NO_LE, "..lee..", [1]),
        (NO_NOE, "n..e...", []),
        (NO_NOE, "n.e.n.e", [1, 1]),
        (ForbiddenSequence(kinds=("work", "off", "work")), "e.ln.e.", [1, 1]),
        (ForbiddenSequence(kinds=("late", "any", "early")), "l.ele..", [1]),
        (LL, "ll.....", [1]),
        (LL, "eeeeee.", []),
        (LL, "lllllll", []),  # the last has its morrow outside
        (LL, "......l", []),
        (LL, "l......", [1]),
        (LL, "le.l.el", [1, 1]),
        (RequiredSequence(kinds=("night", "off")), "n.n.n.n", []),
        (RequiredSequence(kinds=("night", "off")), "nn.....", [1]),
        (RequiredSequence(kinds=("late", "work", "off")), "lelelel", [1, 1, 1]),
        (CYCLE, "el.el.e", []),
        (CYCLE, "el..l.e", [1]),
        (CYCLE, ".......", [1, 1, 1, 1, 1]),
        (CYCLE, "ee.el.e", [1]),
        (CYCLE, "elnel.e", [1]),
        (WEEKS, "lllll..eeeee..", []),
        (WEEKS, "..l.........e.", []),
        (WEEKS, "...............l", []),
        (WEEKS, "eeeee..", [1] * 5),
        (WEEKS, "ll.l..ne", [1]),
        (WEEKS, "lllll..lle..", [1, 1]),
    ],
)
def test_what_breaks_a_rule_is_counted(bench, rule, text, amounts):
    length = -(-len(text) // 7) * 7
    assert bench.amounts(rule, *days(text), days=length) == amounts


@pytest.mark.parametrize(
    ("rule", "past", "text", "amounts"),
    [
        (ROW, "e......", ".....e.", []),
        (ROW, "e....ee", ".....e.", [1]),
        (ONE, "e....ee", ".....e.", [1]),
        (ONE, "e....e.", "eeeee..", []),
        (AFTER, "enn", "e......", [2]),
        (AFTER, "enn", "n..e...", []),
        (AFTER, "nn.", "e......", [1]),
        (BEFORE, "e.e", "n......", [1]),
        (BEFORE, "e.n", "n......", []),
        (BEFORE, "ee.", "n......", []),
        (NO_LE, "eel", "e......", [1]),
        (NO_LE, "el.", "e......", []),
        (NO_NOE, "n.", "e......", [1]),
        (LL, "eel", "e......", [1]),
        (LL, "eel", "l......", [1]),
        (LL, "ell", ".......", [1]),
    ],
)
def test_past_days_count(bench, rule, past, text, amounts):
    problem = bench.plan(history=before(bench, past))
    found = bench.breaches(rule, *days(text), problem=problem)
    assert [b.amount for b in found] == amounts


def test_a_sunday_that_begins_a_horizon_knows_its_saturday(bench):
    sunday = date(2026, 11, 8)
    problem = bench.plan(history=[bench.past(-1, "06:00", 480, monday=sunday)], week_start=6)
    (found,) = bench.breaches(WHOLE, problem=problem, monday=sunday)
    assert found.why == (
        "complete_weekend_from_history: agent A1 works on Saturday 2026-11-07 and is free on "
        "Sunday 2026-11-08 (contract)."
    )
    assert bench.breaches(WHOLE, (0, "06:00", 480), problem=problem, monday=sunday) == []


@pytest.mark.parametrize("monday", [SPRING, AUTUMN])
def test_a_weekend_of_a_clock_change_is_a_weekend(bench, monday):
    night = [(5, "22:00", 480)]
    assert bench.amounts(WHOLE, *night, monday=monday) == [1]
    assert bench.amounts(WHOLE, *night, (6, "22:00", 480), monday=monday) == []
    assert bench.amounts(AFTER, *night, (7, "22:00", 480), monday=monday, days=14) == [1]
    assert bench.amounts(NO_LE, (5, "14:00", 480), (6, "06:00", 480), monday=monday) == [1]


def test_time_off_excuses_half_weekends_turns_and_what_must_follow(bench):
    off = TimeOff(start=bench.wall(6, "00:00"), end=bench.wall(7, "00:00"))
    problem = bench.plan(people=[bench.agent(time_off=(off,))])
    assert bench.amounts(WHOLE, *days(".....e."), problem=problem) == []
    assert bench.amounts(LL, *days(".....l."), problem=problem) == []
    assert bench.amounts(CYCLE, *days("el.el.."), problem=problem) == []


def test_messages_name_what_stands_where(bench):
    (sequence,) = bench.breaches(NO_LE, *days("le....."))
    assert sequence.why == (
        "forbidden_sequence: agent A1 has the sequence late, early from Monday 2026-11-02 to "
        "Tuesday 2026-11-03 (contract)."
    )
    (after,) = bench.breaches(AFTER, *days("..nn.e."))
    assert after.why == (
        "day_off_after: agent A1 works on Saturday 2026-11-07, 1 free day after the night shift "
        "of Thursday 2026-11-05; 2 are due, 1 missing (contract)."
    )
    (turn,) = bench.breaches(CYCLE, *days("el..l.e"))
    assert "has off instead of early on Thursday 2026-11-05" in turn.why
    (must,) = bench.breaches(LL, *days("le....."))
    assert "begins the sequence late, late on Monday 2026-11-02 and has early instead" in must.why
