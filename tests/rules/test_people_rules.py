"""Tests for wfplan.rules.employment, skill_required and locked."""

from datetime import date

import pytest

from wfplan.domain.people import Skill
from wfplan.rules.employment import Employment
from wfplan.rules.locked import Locked
from wfplan.rules.skill_required import SkillRequired

WEDNESDAY, THURSDAY = date(2026, 11, 4), date(2026, 11, 5)
SPRING, AUTUMN = date(2026, 3, 23), date(2026, 10, 19)


@pytest.mark.parametrize(
    ("shift", "away"),
    [
        ((2, "00:00", 480), []),  # the hire date
        ((3, "22:00", 480), []),  # the last date, and the night after it
        ((1, "09:00", 480), [1]),
        ((1, "22:00", 480), [1]),  # overnight into the hire date: it belongs to its start
        ((0, "09:00", 480), [2]),
        ((4, "09:00", 480), [1]),
        ((6, "09:00", 480), [3]),
    ],
)
def test_shifts_lie_inside_employment(bench, shift, away):
    problem = bench.plan(people=[bench.agent(hire_date=WEDNESDAY, end_date=THURSDAY)])
    assert bench.amounts(Employment(), shift, problem=problem) == away


def test_employment_without_dates_is_open(bench):
    assert bench.amounts(Employment(), (0, "09:00", 480)) == []
    assert bench.tightened(Employment(), bench.plan()).days_off == frozenset()


def test_an_employment_message_names_the_date(bench):
    problem = bench.plan(people=[bench.agent(hire_date=WEDNESDAY)])
    (found,) = bench.breaches(Employment(), (0, "09:00", 480), problem=problem)
    assert found.why == (
        "employment_from_contract: agent A1 has a shift on Monday 2026-11-02, 2 days before the "
        "hire date 2026-11-04 (agents table)."
    )


@pytest.mark.parametrize("monday", [SPRING, AUTUMN])
def test_employment_ends_with_the_local_date_of_a_clock_change(bench, monday):
    sunday = date.fromordinal(monday.toordinal() + 6)
    problem = bench.plan(people=[bench.agent(hire_date=sunday)])
    assert bench.amounts(Employment(), (6, "00:00", 480), problem=problem, monday=monday) == []
    assert bench.amounts(Employment(), (5, "23:30", 480), problem=problem, monday=monday) == [1]


@pytest.mark.parametrize(
    ("skills", "shift", "found"),
    [
        ([Skill(skill="voice")], (0, "09:00", 480), []),
        ([], (0, "09:00", 480), [480]),
        ([Skill(skill="voice", valid_from=WEDNESDAY)], (1, "22:00", 480), [480]),
        ([Skill(skill="voice", valid_from=WEDNESDAY)], (2, "00:00", 480), []),
        ([Skill(skill="voice", valid_to=WEDNESDAY)], (2, "22:00", 480), []),
        ([Skill(skill="voice", valid_to=WEDNESDAY)], (3, "00:00", 240), [240]),
        (
            [Skill(skill="empowered"), Skill(skill="voice", valid_from=THURSDAY)],
            (0, "09:00", 480),
            [],
        ),
    ],
)
def test_a_shift_needs_a_valid_skill(bench, skills, shift, found):
    problem = bench.plan(people=[bench.agent(skills=tuple(skills))])
    assert bench.amounts(SkillRequired(), shift, problem=problem) == found
    assert bench.amounts(SkillRequired(), problem=problem) == []


@pytest.mark.parametrize("monday", [SPRING, AUTUMN])
def test_a_skill_holds_from_local_midnight_of_a_clock_change(bench, monday):
    sunday = date.fromordinal(monday.toordinal() + 6)
    problem = bench.plan(people=[bench.agent(skills=(Skill(skill="voice", valid_from=sunday),))])
    rule = SkillRequired()
    assert bench.amounts(rule, (6, "00:00", 240), problem=problem, monday=monday) == []
    assert bench.amounts(rule, (5, "23:45", 240), problem=problem, monday=monday) == [240]


def test_dates_without_a_skill_are_days_off(bench):
    problem = bench.plan(people=[bench.agent(skills=(Skill(skill="voice", valid_to=WEDNESDAY),))])
    limits = bench.tightened(SkillRequired(), problem)
    assert sorted(limits.days_off) == [date(2026, 11, day) for day in (5, 6, 7, 8)]


@pytest.mark.parametrize(
    ("shifts", "changed"),
    [
        ([(0, "22:00", 480)], 0),
        ([], 1),  # the shift is gone
        ([(0, "22:15", 480)], 1),
        ([(0, "22:00", 465)], 1),
        ([(0, "22:00", 480), (0, "06:00", 120)], 1),  # another beside it
        ([(0, "22:00", 480), (2, "06:00", 480)], 1),  # on the locked day off
        ([(0, "22:00", 480), (3, "06:00", 480)], 0),
    ],
)
def test_locks_stay_as_they_are(bench, shifts, changed):
    problem = bench.plan(locks=[bench.lock(0, "22:00", 480), bench.lock(2)])
    found = bench.breaches(Locked(), *shifts, problem=problem)
    assert len(found) == changed
    assert all(b.why.startswith("locked_from_lock: agent A1 ") for b in found)


def test_a_lost_lock_is_told_in_words(bench):
    problem = bench.plan(locks=[bench.lock(0, "22:00", 480)])
    (found,) = bench.breaches(Locked(), problem=problem)
    assert (
        "lacks the locked shift from Monday 2026-11-02 22:00 to Tuesday 2026-11-03 06:00"
        in found.why
    )


def test_locks_of_other_people_and_weeks_do_not_bind(bench):
    other = bench.lock(1).model_copy(update={"agent_id": "B2"})
    problem = bench.plan(locks=[bench.lock(9, "09:00", 480), other])
    assert bench.amounts(Locked(), (1, "09:00", 480), problem=problem) == []
    assert bench.tightened(Locked(), problem).locked == ()


@pytest.mark.parametrize("monday", [SPRING, AUTUMN])
def test_a_lock_in_a_clock_change_night_keeps_its_instants(bench, monday):
    problem = bench.plan(locks=[bench.lock(5, "22:00", 480, monday=monday)])
    assert bench.amounts(Locked(), (5, "22:00", 480), problem=problem, monday=monday) == []
    (day,) = bench.tightened(Locked(), problem, monday=monday).locked
    assert (day.end - day.start).total_seconds() == 8 * 3600
