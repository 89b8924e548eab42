"""The planner's reading of every rule against the auditor's, over all small weeks.

``admits`` reads the limits as a planner does; a rule's ``breaches`` read the
same week as the auditor does. Where they are not equal on purpose, it says so.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from wfplan.domain.people import Availability as Row
from wfplan.domain.people import Skill, TimeOff
from wfplan.domain.problem import RuleSetting
from wfplan.rules import RULES, work_limits
from wfplan.rules.availability import Availability
from wfplan.rules.base import Rule
from wfplan.rules.break_required import BreakRequired
from wfplan.rules.consecutive_work_days import ConsecutiveWorkDays
from wfplan.rules.daily_rest import DailyRest
from wfplan.rules.employment import Employment
from wfplan.rules.locked import Locked
from wfplan.rules.night_work import NightWork
from wfplan.rules.one_shift_a_day import OneShiftADay
from wfplan.rules.overtime_max import OvertimeMax
from wfplan.rules.paid_time_day import PaidTimeDay
from wfplan.rules.paid_time_granularity import PaidTimeGranularity
from wfplan.rules.paid_time_period import PaidTimePeriod
from wfplan.rules.paid_time_week import PaidTimeWeek
from wfplan.rules.quick_returns_28d import QuickReturns28d
from wfplan.rules.readiness import Readiness
from wfplan.rules.registry import rules_of
from wfplan.rules.shift_length import ShiftLength
from wfplan.rules.shift_start_window import ShiftStartWindow
from wfplan.rules.shift_stop_window import ShiftStopWindow
from wfplan.rules.skill_required import SkillRequired
from wfplan.rules.start_distance import StartDistance
from wfplan.rules.start_increment import StartIncrement
from wfplan.rules.time_off import TimeOff as TimeOffRule
from wfplan.rules.weekly_rest import WeeklyRest
from wfplan.rules.work_days_week import WorkDaysWeek

MONDAY, SPRING, AUTUMN = date(2026, 11, 2), date(2026, 3, 23), date(2026, 10, 19)
CLOCKS = ("00:30", "06:00", "13:15", "22:00")


def day(offset, monday=MONDAY):
    return monday + timedelta(days=offset)


def cases(bench):
    """A rule, a plan in which it bites, and shifts to choose from."""
    three = [(d, clock, 480) for d in range(3) for clock in CLOCKS]
    lengths = [
        (d, clock, n)
        for d in (0, 1)
        for clock in ("06:00", "22:00")
        for n in (120, 240, 375, 480, 600)
    ]
    weekend = [(d, clock, 480) for d in (4, 5, 6) for clock in CLOCKS]
    whole = [(d, clock, 480) for d in range(7) for clock in ("07:00",)]
    rests = [*whole, (1, "15:00", 480), (4, "15:00", 480), (6, "00:30", 300)]
    whole_off = TimeOff(start=bench.wall(1, "00:00"), end=bench.wall(2, "00:00"))
    part_off = TimeOff(start=bench.wall(1, "12:00"), end=bench.wall(1, "18:00"), is_all_day=False)
    late_off = TimeOff(start=bench.wall(4, "12:00"), end=bench.wall(4, "13:30"), is_all_day=False)
    before = [bench.past(d, "08:00", 480) for d in range(-6, 0)]
    week = [bench.past(d, "08:00", 600) for d in range(-14, -8)]
    part_time = bench.agent(
        min_hours_week=16,
        contract_hours_week=20,
        max_hours_week=24,
        time_off=(whole_off, late_off),
    )
    rows = (
        Row(kind="available", weekday=0, start_min=360, end_min=1320),
        Row(kind="unavailable", day=day(1), start_min=720, end_min=1600),
        Row(kind="available", day=day(2), start_min=0, end_min=1440),
    )
    night_rows = (Row(kind="available", weekday=5, start_min=1320, end_min=1320 + 540),)
    five_days = bench.contract(work_days_max=5, work_days_min=2)
    return {
        "daily_rest": (DailyRest(rest_min=660), {}, three),
        "daily_rest history": (
            DailyRest(rest_min=660),
            {"history": [bench.past(-1, "18:00", 480)]},
            three,
        ),
        "daily_rest spring": (DailyRest(rest_min=660), {"monday": SPRING}, weekend),
        "daily_rest autumn": (DailyRest(rest_min=660), {"monday": AUTUMN}, weekend),
        "shift_length": (ShiftLength(shortest_min=240, longest_min=480, step_min=30), {}, lengths),
        "paid_time_day": (PaidTimeDay(minutes=375), {}, lengths),
        "paid_time_week": (
            PaidTimeWeek.of(part_time),
            {"people": [part_time]},
            [(d, "19:00", n) for d in (0, 3, 5) for n in (120, 240, 375, 480, 600)],
        ),
        "paid_time_period": (
            PaidTimePeriod(average_min=1800),
            {"history": week},
            [(d, "08:00", n) for d in range(4) for n in (240, 600)],
        ),
        "work_days_week": (WorkDaysWeek(least=2, most=4), {"work": five_days}, whole),
        "work_days_week away": (
            WorkDaysWeek(least=4, most=5),
            {"people": [bench.agent(time_off=(whole_off,))]},
            whole,
        ),
        "consecutive_work_days": (ConsecutiveWorkDays(most=3), {}, whole),
        "consecutive_work_days history": (
            ConsecutiveWorkDays(most=4),
            {"history": before[3:]},
            whole,
        ),
        "weekly_rest": (WeeklyRest(rest_min=2100, inside_min=2100), {}, rests),
        "weekly_rest history": (
            WeeklyRest(rest_min=2100, inside_min=2100),
            {"history": before},
            rests,
        ),
        "break_required": (BreakRequired(over_min=360), {}, lengths),
        "shift_start_window": (ShiftStartWindow(window=(1320, 1490), step_min=15), {}, three),
        "start_increment": (StartIncrement(step_min=30, anchor_min=0), {}, three),
        "shift_stop_window": (ShiftStopWindow(window=(720, 1300)), {}, three),
        "one_shift_a_day": (OneShiftADay(), {}, three),
        "availability": (Availability(), {"people": [bench.agent(availability=rows)]}, three),
        "availability spring": (
            Availability(),
            {"people": [bench.agent(availability=night_rows)], "monday": SPRING},
            weekend,
        ),
        "availability autumn": (
            Availability(),
            {"people": [bench.agent(availability=night_rows)], "monday": AUTUMN},
            weekend,
        ),
        "time_off": (
            TimeOffRule(),
            {"people": [bench.agent(time_off=(whole_off, part_off))]},
            three,
        ),
        "employment": (
            Employment(),
            {"people": [bench.agent(hire_date=day(1), end_date=day(1))]},
            three,
        ),
        "skill_required": (
            SkillRequired(),
            {"people": [bench.agent(skills=(Skill(skill="voice", valid_from=day(1)),))]},
            three,
        ),
        "readiness": (
            Readiness(),
            {"people": [bench.agent(skills=(Skill(skill="voice", ready_from=day(2)),))]},
            three,
        ),
        "start_distance": (StartDistance(least_min=1380), {}, three),
        "start_distance history": (
            StartDistance(least_min=1200),
            {"history": [bench.past(-1, "21:00", 240)]},
            three,
        ),
        "start_distance spring": (StartDistance(least_min=1440), {"monday": SPRING}, weekend),
        "start_distance autumn": (StartDistance(least_min=1500), {"monday": AUTUMN}, weekend),
        "quick_returns_28d": (QuickReturns28d(most=1), {}, three),
        "quick_returns_28d history": (
            QuickReturns28d(most=2),
            {"history": [bench.past(d, c, 480) for d, c in SHORT_RESTS]},
            three,
        ),
        "quick_returns_28d spring": (QuickReturns28d(most=0), {"monday": SPRING}, weekend),
        "quick_returns_28d autumn": (QuickReturns28d(most=0), {"monday": AUTUMN}, weekend),
        "paid_time_granularity": (PaidTimeGranularity(step_min=120), {}, lengths),
        "overtime_max": (OvertimeMax(most_min=60), {"people": [bench.agent(**FEW)]}, lengths),
        "overtime_max away": (
            OvertimeMax(most_min=0),
            {"people": [bench.agent(**FEW, time_off=(whole_off,))], "work": five_days},
            [(d, "07:00", n) for d in (0, 3) for n in (240, 360, 480, 600)],
        ),
        "locked": (Locked(), {"locks": [bench.lock(0, "06:00", 480), bench.lock(1)]}, three),
    }


SHORT_RESTS = ((-29, "14:00"), (-28, "06:00"), (-27, "22:00"), (-26, "14:00"), (-1, "18:00"))
FEW = {"contract_hours_week": 10, "max_hours_week": 20}
NAMES = [
    "readiness",
    "start_distance",
    "start_distance history",
    "start_distance spring",
    "start_distance autumn",
    "quick_returns_28d",
    "quick_returns_28d history",
    "quick_returns_28d spring",
    "quick_returns_28d autumn",
    "paid_time_granularity",
    "overtime_max",
    "overtime_max away",
    "daily_rest",
    "daily_rest history",
    "daily_rest spring",
    "daily_rest autumn",
    "shift_length",
    "paid_time_day",
    "paid_time_week",
    "paid_time_period",
    "work_days_week",
    "work_days_week away",
    "consecutive_work_days",
    "consecutive_work_days history",
    "weekly_rest",
    "weekly_rest history",
    "break_required",
    "shift_start_window",
    "start_increment",
    "shift_stop_window",
    "one_shift_a_day",
    "availability",
    "availability spring",
    "availability autumn",
    "time_off",
    "employment",
    "skill_required",
    "locked",
]


@pytest.mark.parametrize("name", NAMES)
def test_limits_admit_exactly_the_weeks_without_a_breach(bench, name):
    rule, options, candidates = cases(bench)[name]
    monday = options.pop("monday", MONDAY)
    problem = bench.plan(**options)
    limits = bench.tightened(rule, problem, monday=monday)
    verdicts = set()
    for specs in bench.small_weeks(candidates, monday):
        shifts = [bench.make_shift(s, monday=monday) for s in specs]
        found = bench.breaches(rule, *specs, problem=problem, monday=monday)
        admitted = bench.admits(limits, shifts)
        assert admitted == (not found), (specs, [b.why for b in found])
        verdicts.add(admitted)
    assert verdicts == ({True} if name == "one_shift_a_day" else {True, False})


IN_DAY_FACES = {name for name, rule in RULES.items() if rule.automaton is not Rule.automaton}
IN_BREAK_ROOM = {"break_time", "meal", "break_spacing", "contiguous_work", "continuous_contact_max"}
IN_SPLITS = {"split_gap"}
OF_MEASURES = {"high_intensity_max", "overload_max", "skill_validity", "hot_work_max"}
OF_PRICES = {"risk_factor", "preference", "promise_change_price"}
OF_ACTIVITIES = {"activity_time_min", "development_min"}


def test_every_rule_stands_in_a_comparison(bench):
    compared = {case.split()[0] for case in cases(bench)}
    assert set(NAMES) == set(cases(bench))
    elsewhere = IN_DAY_FACES | IN_BREAK_ROOM | IN_SPLITS | OF_MEASURES | OF_PRICES | OF_ACTIVITIES
    assert set(RULES) - compared - elsewhere == {"night_work", "break_window"}


def test_the_planner_keeps_every_night_short_where_the_audit_averages_them(bench):
    """Deliberately stricter: a long night beside a short one has a legal average."""
    rule, problem = NightWork(average_min=480), bench.plan()
    limits = bench.tightened(rule, problem)
    nights = [
        (d, clock, n) for d in (0, 2) for clock in ("09:00", "22:00") for n in (360, 480, 600)
    ]
    only_planner = 0
    for specs in bench.small_weeks(nights):
        admitted = bench.admits(limits, [bench.make_shift(s) for s in specs])
        found = bench.breaches(rule, *specs)
        assert not (admitted and found)
        only_planner += not admitted and not found
    assert only_planner == 2


def whole_plans(bench):
    """Plans in which everything comes together, beside the monday of their week."""
    quarter = bench.with_breaks(
        bench.contract(
            shortest_min=240,
            longest_min=600,
            length_step_min=30,
            start_window=(300, 1380),
            start_step_min=30,
            work_days_max=5,
            work_days_min=1,
            consecutive_days_max=4,
        )
    )
    for monday in (MONDAY, SPRING, AUTUMN):
        off = TimeOff(
            start=bench.wall(2, "00:00", monday=monday), end=bench.wall(3, "00:00", monday=monday)
        )
        rows = (
            Row(kind="available", weekday=1, start_min=420, end_min=1560),
            Row(kind="unavailable", day=day(4, monday), start_min=0, end_min=720),
        )
        person = bench.agent(
            contract_hours_week=30,
            min_hours_week=8,
            max_hours_week=36,
            time_off=(off,),
            availability=rows,
            end_date=day(5, monday),
        )
        history = [bench.past(d, "09:00", 480, monday=monday) for d in (-9, -8, -5, -4, -2, -1)]
        yield monday, bench.plan(people=[person], work=quarter, history=history, packs=[bench.EU])
        yield (
            monday,
            bench.plan(
                people=[bench.agent(max_hours_week=44, min_hours_week=16)],
                work=bench.with_breaks(bench.contract(work_days_max=6, consecutive_days_max=5)),
                packs=[bench.EU],
                rules=[RuleSetting(rule="daily_rest", value=12, unit="hours")],
                locks=[bench.lock(3, "14:00", 480, monday=monday)],
            ),
        )


AGREEMENT = [
    ("consecutive_days_off", 2, "days", {}),
    ("consecutive_work_days", 2, "days", {"bound": "least"}),
    ("days_off_period", 2, "days", {"weeks": 1}),
    ("late_shifts_week", 2, "shifts", {}),
    ("day_off_after", 1, "days", {"kinds": ("night",)}),
    ("forbidden_sequence", 0, "count", {"kinds": ("late", "early")}),
    ("start_distance", 20, "hours", {}),
    ("start_variance", 8, "hours", {}),
    ("work_weekends_period", 1, "weekends", {"weeks": 2}),
    ("quick_returns_28d", 0, "returns", {}),
    ("risk_factor", 0, "count", {"kinds": ("night",), "scope": "agent", "scope_value": "A1"}),
    ("break_time", 45, "min", {"over_h": 6}),
    ("contiguous_work", 5, "hours", {"part_min": 15}),
    ("overtime_max", 0, "hours", {}),
    ("paid_time_granularity", 60, "min", {}),
    ("complete_weekend", 0, "count", {"hardness": "soft"}),
]


@pytest.mark.parametrize("monday", [MONDAY, SPRING, AUTUMN])
@pytest.mark.parametrize("first_rule", range(0, len(AGREEMENT), 4))
def test_an_agreement_over_two_weeks_agrees_on_random_plans(bench, monday, first_rule):
    """Four rules at a time, or nearly every random plan would be illegal."""
    settings = [
        RuleSetting(rule=rule, value=value, unit=unit, **more)
        for rule, value, unit, more in AGREEMENT[first_rule : first_rule + 4]
    ]
    work = bench.with_breaks(bench.contract(shortest_min=240, longest_min=600))
    history = [bench.past(d, "09:00", 480, monday=monday) for d in (-9, -8, -5, -4, -3)]
    problem = bench.plan(work=work, history=history, rules=settings)
    person = problem.agents[0]
    limits = work_limits(problem, person, problem.horizon(monday, 14))
    rng, agreed = random.Random(first_rule), {True: 0, False: 0}
    for _ in range(40):
        specs = random_week(rng, days=14)
        view = bench.week(*specs, problem=problem, monday=monday, days=14)
        rules = rules_of(problem, person, view.dates)
        found = [b for rule in rules for b in rule.breaches(view) if b.hardness == "hard"]
        shifts = [bench.make_shift(s, monday=monday, work=work) for s in specs]
        admitted = bench.admits(limits, shifts)
        assert admitted == (not found), (specs, [b.why for b in found])
        agreed[admitted] += 1
    assert agreed[False]


def random_week(rng, days=7):
    """A random week of the kind a planner makes: mostly sensible, sometimes not."""
    start = rng.choice([300, 420, 480, 540, 840, 1320])
    specs = []
    for d in range(days):
        if rng.random() < 0.6:
            minute = min(max(start + rng.choice([-60, -30, 0, 0, 0, 30, 120]), 0), 1425)
            length = rng.choice([240, 360, 390, 480, 480, 510, 600])
            specs.append((d, f"{minute // 60:02d}:{minute % 60:02d}", length))
    return specs


@pytest.mark.slow
def test_all_rules_together_agree_on_random_weeks(bench):
    rng = random.Random(20261102)
    agreed = {True: 0, False: 0}
    for monday, problem in whole_plans(bench):
        person = problem.agents[0]
        limits = work_limits(problem, person, problem.horizon(monday))
        rules = [rule for rule in rules_of(problem, person) if rule.name != "night_work"]
        limits = type(limits)(**{**limits.__dict__, "paid_night_shift_max": 1440})
        for _ in range(500):
            specs = random_week(rng)
            view = bench.week(*specs, problem=problem, monday=monday)
            found = [b for rule in rules for b in rule.breaches(view) if b.hardness == "hard"]
            shifts = [
                bench.make_shift(s, monday=monday, work=problem.contract_of(person)) for s in specs
            ]
            admitted = bench.admits(limits, shifts)
            assert admitted == (not found), (monday, specs, [b.why for b in found])
            agreed[admitted] += 1
    assert min(agreed.values()) > 50, agreed
