"""Tests for wfplan.rules.split_shift, split_gap and optional_day, and for what a gap is to others.

A day of two pieces is one shift with an unpaid gap in it.
"""

from datetime import timedelta

import pytest

from wfplan.domain.contracts import Break, BreakTier, SplitDay
from wfplan.domain.problem import RuleSetting
from wfplan.domain.schedule import ActivityCategory
from wfplan.rules import TeamRoster, rules_of, team_rules_of
from wfplan.rules.base import HARD, LEAST, MOST, SOFT
from wfplan.rules.optional_day import OptionalDay
from wfplan.rules.split_gap import SplitGap
from wfplan.rules.split_shift import SplitShift

REST = Break(kind="rest", length_min=15, is_paid=True, earliest_min=60, latest_min=90)


def gap(minutes, first, last):
    return Break(
        kind="gap", length_min=minutes, is_paid=False, earliest_min=first, latest_min=last,
        before_end_min=120,
    )  # fmt: skip


SHORT = SplitDay(length_min=540, breaks=(REST, gap(120, 180, 240)))
LONG = SplitDay(length_min=600, breaks=(gap(240, 180, 240),))


@pytest.fixture
def work(bench):
    return bench.contract(
        shortest_min=240, longest_min=480, length_step_min=60, work_days_max=2,
        splits=(SHORT, LONG),
    )  # fmt: skip


def setting(rule, value, unit, hardness="hard", **more):
    return RuleSetting(rule=rule, value=value, unit=unit, hardness=hardness, **more)


def found(bench, problem, *specs, hardness="hard"):
    week = bench.week(*specs, problem=problem)
    rules = rules_of(problem, problem.agents[0])
    return [b for rule in rules for b in rule.breaches(week) if b.hardness == hardness]


def test_a_split_shift_is_legal_where_the_contract_has_one(bench, work):
    problem = bench.plan(work=work)
    assert found(bench, problem, (0, "08:00", 540), (1, "08:00", 600)) == []
    (breach,) = found(bench, bench.plan(work=bench.contract(longest_min=480)), (0, "08:00", 540))
    assert breach.rule == "shift_length"


def test_the_gap_is_not_paid(bench, work):
    assert (work.paid_min(540), work.paid_min(600)) == (420, 360)
    week = bench.week((0, "08:00", 540), problem=bench.plan(work=work))
    assert week.duties[0].paid_min == 420


def test_a_gap_that_is_not_taken_is_a_fault_of_the_breaks(bench, work):
    problem = bench.plan(work=work)
    week = bench.week((0, "08:00", 540), problem=bench.plan(work=bench.contract()))
    rules = rules_of(problem, problem.agents[0])
    said = [b.why for rule in rules if rule.name == "break_window" for b in rule.breaches(week)]
    assert said == []  # her contract has no splits
    week = bench.week((0, "08:00", 540), problem=problem)
    bare = week.duties[0].activities[0].model_copy(update={"end": week.duties[0].end})
    object.__setattr__(week.duties[0], "activities", (bare,))
    said = [b.why for rule in rules if rule.name == "break_window" for b in rule.breaches(week)]
    assert any("0 gaps instead of 1" in why for why in said)


@pytest.mark.parametrize(
    ("bound", "count", "days", "amount"),
    [(MOST, 1, 2, 1), (MOST, 2, 2, 0), (LEAST, 3, 2, 1), (LEAST, 2, 2, 0), (MOST, 0, 0, 0)],
)
def test_split_shifts_of_a_week_are_counted(bench, work, bound, count, days, amount):
    problem = bench.plan(work=work)
    rule = SplitShift(count=count, bound=bound)
    specs = [(d, "08:00", 540) for d in range(days)] + [(5, "08:00", 480)]
    assert sum(bench.amounts(rule, *specs, problem=problem)) == amount


def test_split_shifts_of_the_history_count_by_their_length(bench, work):
    history = [bench.past(-1, "08:00", 540), bench.past(-2, "08:00", 480)]
    problem = bench.plan(work=work, history=history, week_start=6)
    (breach,) = bench.breaches(SplitShift(count=1), (0, "08:00", 540), problem=problem)
    assert (breach.amount, breach.unit) == (1, "shifts")
    assert breach.why.startswith("split_shift_from_history: agent A1 has 2 split shifts")


def test_of_two_past_shifts_of_a_date_the_first_counts(bench, work):
    """As for all rules that count shifts by their date."""
    history = [bench.past(-1, "06:00", 240), bench.past(-1, "12:00", 540)]
    problem = bench.plan(work=work, history=history, week_start=6)
    assert bench.amounts(SplitShift(count=1), (0, "08:00", 540), problem=problem) == []


@pytest.mark.parametrize(
    ("bound", "minutes", "amounts"),
    [(LEAST, 150, [30]), (LEAST, 120, []), (MOST, 180, [60]), (MOST, 240, [])],
)
def test_gaps_are_held_to_least_and_most(bench, work, bound, minutes, amounts):
    problem = bench.plan(work=work)
    rule = SplitGap(minutes=minutes, bound=bound)
    specs = ((0, "08:00", 540), (1, "08:00", 600), (2, "08:00", 480))
    assert bench.amounts(rule, *specs, problem=problem) == amounts


@pytest.mark.parametrize(
    "rules",
    [
        (),
        (setting("split_shift", 1, "shifts"),),
        (setting("split_shift", 1, "shifts", bound="least"),),
        (setting("split_gap", 3, "hours", bound="least"),),
        (setting("split_gap", 3, "hours", bound="most"),),
        (setting("break_required", 6, "hours"),),
        (setting("contiguous_work", 4, "hours", bound="most"),),
        (setting("optional_day", 1, "days"),),
        (setting("optional_day", 1, "days", of=("tue", "sun")),),
        (setting("optional_day", 1, "days", "soft"), setting("daily_rest", 12, "hours")),
        (setting("optional_day", 1, "days"), setting("work_days_week", 2, "days")),
    ],
)
def test_the_planner_admits_the_weeks_that_the_auditor_lets_pass(bench, work, rules):
    problem = bench.plan(work=work, rules=rules)
    limits = bench.limits_of(problem)
    shifts = [("08:00", 540), ("10:00", 600), ("07:00", 480)]
    weeks = bench.small_weeks([(d, *shift) for d in (0, 1, 2, 6) for shift in shifts])
    verdicts = set()
    for specs in weeks:
        made = [bench.make_shift(spec, work=limits.contract) for spec in specs]
        legal = not found(bench, problem, *specs)
        assert bench.admits(limits, made) == legal, specs
        verdicts.add(legal)
    assert verdicts == {True, False}


def test_a_soft_gap_costs_by_the_minute(bench, work):
    problem = bench.plan(work=work)
    rule = SplitGap(minutes=180, bound=MOST, hardness=SOFT, weight=3.0)
    price = rule.prices(bench.person(problem))
    start, end = bench.array([480, 480, 480]), bench.array([1020, 1080, 900])
    assert price.of_shifts(0, start, end, start).tolist() == [0.0, 3.0, 0.0]


def test_flex_days_come_on_top_of_the_contract(bench, work):
    for rules, most in (
        ((), 2),
        ((setting("optional_day", 2, "days"),), 4),
        ((setting("optional_day", 2, "days", "soft"),), 4),
        ((setting("optional_day", 1, "days"), setting("optional_day", 3, "days", "soft")), 3),
        ((setting("optional_day", 3, "days"), setting("work_days_week", 3, "days")), 3),
        ((setting("optional_day", 9, "days"),), 7),
    ):
        limits = bench.limits_of(bench.plan(work=work, rules=rules))
        assert limits.work_days_max == most, rules


def test_a_day_beyond_the_contract_lies_on_a_flex_day(bench, work):
    rule = OptionalDay(days=1, weekdays=frozenset((5, 6)))
    problem = bench.plan(work=work)
    days = [(0, "08:00", 240), (1, "08:00", 240)]
    assert bench.amounts(rule, *days, (5, "08:00", 240), problem=problem) == []
    (breach,) = bench.breaches(rule, *days, (2, "08:00", 240), problem=problem)
    assert (breach.amount, breach.unit, breach.hardness) == (1, "days", HARD)
    assert "optional_day_from_contract" in breach.why
    soft = OptionalDay(days=1, hardness=SOFT)
    assert bench.amounts(soft, *days, (5, "08:00", 240), problem=problem) == [1]


def test_nobody_needs_a_seat_or_keeps_a_pair_in_a_gap(bench, work):
    people = [bench.agent("A1"), bench.agent("A2")]
    rules = (
        setting("seats_max", 1, "seats"),
        setting("pairing", 1, "apart", of=("A1", "A2")),
    )
    problem = bench.plan(work=work, people=people, rules=rules)
    split = bench.make_shift((0, "08:00", 600), work=work)
    pause = next(a for a in split.activities if a.category is ActivityCategory.TIME_OFF)
    for begin, fits in ((0, True), (15, False)):
        other = bench.make_shift((0, "11:00", 240), agent_id="A2", work=bench.contract())
        assert (pause.start, pause.end) == (other.start, other.end)
        moved = [
            a.model_copy(update={"start": a.start + timedelta(minutes=begin),
                                 "end": a.end + timedelta(minutes=begin)})
            for a in other.activities
        ]  # fmt: skip
        other = other.model_copy(update={"activities": tuple(moved)})
        roster = TeamRoster.of(problem, problem.horizon(bench.MONDAY), [split, other])
        for rule in team_rules_of(problem):
            assert (rule.team_breaches(roster) == []) == fits


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SplitDay(length_min=540, breaks=(REST,)), "has one gap, not 0"),
        (lambda: BreakTier(over_h=4, breaks=(gap(60, 120, 120),)), "belongs to a split shift"),
        (
            lambda: Break(kind="meal", length_min=200, is_paid=False, earliest_min=0, latest_min=9),
            "a meal of 200 min is longer than 180",
        ),
        (
            lambda: Break(kind="gap", length_min=60, is_paid=True, earliest_min=0, latest_min=9),
            "is not paid",
        ),
    ],
)
def test_a_split_that_is_none_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_a_split_shift_is_told_from_others_by_its_length(bench):
    with pytest.raises(ValueError, match=r"two kinds of shift of 540 min, one of them split"):
        bench.contract(shortest_min=480, longest_min=600, length_step_min=60, splits=(SHORT,))
