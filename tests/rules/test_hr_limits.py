"""Every rule of HR's closed list: a week inside it is planned, one outside it is found."""

from datetime import date, timedelta

import pytest

from wfplan.domain.contracts import Break, BreakTier
from wfplan.domain.limit_kinds import LIMIT_KINDS
from wfplan.domain.limits import Constraint
from wfplan.domain.people import Availability
from wfplan.domain.published import Published
from wfplan.domain.schedule import Activity, ActivityCategory, Schedule
from wfplan.rules import AgentWeek, requests_of, rules_of
from wfplan.rules.hr_limits import OF_CHANNELS, OF_PUBLISHING, setting_of
from wfplan.rules.registry import SETTABLE, work_limits

EIGHT = tuple((d, "08:00", 480) for d in range(5))
NIGHTS = tuple((d, "22:00", 480) for d in range(4))
LATES = tuple((d, "14:00", 480) for d in range(3))
WEEKENDS = [(d, "08:00", 480) for d in (-9, -16)]
REST = Break(kind="rest", length_min=15, is_paid=True, earliest_min=120, latest_min=120)
MEAL = Break(kind="meal", length_min=30, is_paid=False, earliest_min=240, latest_min=240)
SHORT, LONG = 240, 480
MONDAY = date(2026, 11, 2)


def row(rule, value, strength="hard", **more):
    kind = LIMIT_KINDS[rule]
    given = {"constraint_id": "C1", "scope": "all", "source": "works_agreement"}
    return Constraint(**(given | more), rule=rule, value=value, unit=kind.unit, strength=strength)


CASES = {
    "min_rest_between_shifts": (12, EIGHT, ((0, "14:00", 480), (1, "09:00", 480)), {}),
    "min_weekly_rest": (48, EIGHT, tuple((d, "08:00", 480) for d in range(7)), {}),
    "max_hours_per_day": (8, EIGHT, ((0, "08:00", 540),), {}),
    "max_hours_per_week": (40, EIGHT, tuple((d, "08:00", 540) for d in range(5)), {}),
    "max_average_hours_per_week": (
        40, EIGHT, tuple((d, "08:00", 600) for d in range(5)),
        {"history": [(d, "08:00", 480) for d in range(-7, -2)]},
    ),
    "max_consecutive_days": (4, EIGHT[:4], EIGHT, {}),
    "max_consecutive_nights": (3, NIGHTS[:3], NIGHTS, {}),
    "max_late_shifts_per_week": (2, LATES[:2], LATES, {}),
    "max_quick_returns_per_28_days": (
        0, EIGHT, ((0, "14:00", 480), (1, "07:00", 480)), {},
    ),
    "min_full_weekends_off_per_4_weeks": (
        2, EIGHT, (*EIGHT[:4], (5, "08:00", 480)), {"history": WEEKENDS},
    ),
    "max_start_time_spread_per_week": (
        60, ((0, "08:00", 480), (1, "09:00", 480)), ((0, "08:00", 480), (1, "10:00", 480)), {},
    ),
    "min_break_minutes": (45, ((0, "08:00", LONG),), ((0, "08:00", SHORT),), {"breaks": True}),
    "min_meal_minutes": (30, ((0, "08:00", LONG),), ((0, "08:00", SHORT),), {"breaks": True}),
    "min_preferred_share": (
        1.0, ((0, "08:00", 480),), ((0, "14:00", 480),), {"prefer": True},
    ),
    "max_changes_after_publish": (
        1, ((0, "08:00", 480), (1, "10:00", 480)), ((0, "09:00", 480), (1, "10:00", 480)),
        {"told": ((0, "08:00", 480), (1, "08:00", 480))},
    ),
}  # fmt: skip
"""Value, a week inside the limit, a week outside it, and what else there is."""

BY_MEASURE = {"max_high_intensity_minutes_per_day", "max_continuous_contact"}
BY_ACTIVITY = {
    "min_off_queue_share": (0.05, 24),
    "training_minutes_per_week": (60, 60),
    "coaching_minutes_per_4_weeks": (120, 30),
}
"""Value, and the minutes that a week of one shift of 8 hours, of five dates, owes."""


def problem_of(bench, limit, *, history=(), breaks=False, prefer=False, told=()):
    """A plan of one person with one row of HR."""
    more = {}
    if prefer:
        wish = Availability(kind="prefer", weekday=0, start_min=480, end_min=960)
        more["availability"] = (wish,)
    work = None
    if breaks:
        tier = BreakTier(over_h=5, breaks=(REST, MEAL))
        work = bench.contract(
            shortest_min=SHORT, longest_min=LONG, length_step_min=SHORT, break_tiers=(tier,)
        )
    problem = bench.plan(
        people=[bench.agent(**more)],
        rules=[setting_of(limit)],
        history=[bench.past(*one) for one in history],
        **({"work": work} if work else {}),
    )
    if told:
        shifts = tuple(bench.make_shift(spec) for spec in told)
        schedule = Schedule(
            schedule_id="s", timezone=bench.ZONE, first_day=bench.MONDAY, days=7, shifts=shifts
        )
        problem = problem.model_copy(update={"published": Published(schedule=schedule)})
    return problem


def own_rule(problem, limit):
    """The rule that the row made, as it holds for the person."""
    rules = rules_of(problem, problem.agents[0], problem.horizon(MONDAY).dates)
    return next(rule for rule in rules if rule.source == limit.origin)


@pytest.mark.parametrize("name", CASES)
def test_a_week_inside_a_limit_is_planned_and_one_outside_is_found(bench, name):
    value, inside, outside, more = CASES[name]
    limit = row(name, value)
    problem = problem_of(bench, limit, **more)
    rule = own_rule(problem, limit)
    limits = bench.limits_of(problem)
    work = problem.contract_of(problem.agents[0])
    for specs, is_kept in ((inside, True), (outside, False)):
        shifts = [bench.make_shift(spec, work=work) for spec in specs]
        week = AgentWeek.of(problem, problem.agents[0], problem.horizon(bench.MONDAY), shifts)
        found = rule.breaches(week)
        assert bool(found) is not is_kept, found
        assert bench.admits(limits, shifts) is is_kept
        assert all("works agreement, constraint C1" in breach.why for breach in found)


@pytest.mark.parametrize("name", BY_ACTIVITY)
def test_time_off_the_queue_is_asked_for_and_missed(bench, name):
    value, owed = BY_ACTIVITY[name]
    limit = row(name, value)
    problem = problem_of(bench, limit)
    rule = own_rule(problem, limit)
    horizon = problem.horizon(bench.MONDAY)
    shift = bench.make_shift((0, "08:00", 480))
    [breach] = rule.breaches(AgentWeek.of(problem, problem.agents[0], horizon, [shift]))
    assert breach.amount == pytest.approx(owed)
    [asked] = requests_of(problem, horizon)
    assert asked.minutes >= owed
    end = shift.start + timedelta(minutes=asked.minutes)
    first = shift.activities[0]
    given = Activity(
        code=asked.code, category=asked.category, is_paid=True, start=shift.start, end=end
    )
    cut = shift.model_copy(
        update={"activities": (given, first.model_copy(update={"start": end}),
                               *shift.activities[1:])}
    )  # fmt: skip
    assert first.category is ActivityCategory.WORK
    assert not rule.breaches(AgentWeek.of(problem, problem.agents[0], horizon, [cut]))


def test_what_is_asked_for_by_name_is_part_of_the_share(bench):
    limits = [row("min_off_queue_share", 0.05),
              row("training_minutes_per_week", 600, constraint_id="C2")]  # fmt: skip
    problem = bench.plan(rules=[setting_of(one) for one in limits])
    asked = requests_of(problem, problem.horizon(bench.MONDAY))
    assert [one.code for one in asked] == ["TRAINING"]


def test_hard_queues_and_stretches_on_queue_have_a_cap(bench):
    for name, value, measure in (
        ("max_high_intensity_minutes_per_day", 90, {"high_intensity_min": 120.0}),
        ("max_continuous_contact", 240, {}),
    ):
        limit = row(name, value)
        problem = problem_of(bench, limit)
        rule = own_rule(problem, limit)
        horizon = problem.horizon(bench.MONDAY)
        measures = {key: {bench.MONDAY: minutes} for key, minutes in measure.items()}
        shift = bench.make_shift((0, "08:00", 480))
        week = AgentWeek.of(problem, problem.agents[0], horizon, [shift], measures=measures)
        assert rule.breaches(week)
        short = bench.make_shift((0, "08:00", 240))
        assert not rule.breaches(AgentWeek.of(problem, problem.agents[0], horizon, [short]))
        planned = work_limits(problem, problem.agents[0], horizon)
        assert planned.measure_caps or not bench.admits(planned, [shift])


def test_every_rule_of_the_list_has_a_place():
    elsewhere = {OF_CHANNELS, OF_PUBLISHING}
    refused = {name for name, kind in LIMIT_KINDS.items() if kind.refused}
    assert {*CASES, *BY_MEASURE, *BY_ACTIVITY} == set(LIMIT_KINDS) - elsewhere - refused
    for name, kind in LIMIT_KINDS.items():
        for value in (kind.low, kind.high):
            setting = setting_of(row(name, value))
            assert (setting is None) == (name in elsewhere | refused)
            if setting is not None:
                assert SETTABLE[setting.rule].from_setting(setting).hardness == "hard"


def test_of_hard_rows_the_stricter_holds_whoever_it_is_for(bench):
    wide = row("min_rest_between_shifts", 12)
    narrow = row("min_rest_between_shifts", 11, constraint_id="C2", scope="agent",
                 scope_value="A1")  # fmt: skip
    for rows in ((wide, narrow), (narrow, wide)):
        problem = bench.plan(rules=[setting_of(one) for one in rows])
        rests = [r for r in rules_of(problem, problem.agents[0]) if r.name == "daily_rest"]
        assert [rest.rest_min for rest in rests] == [720]


@pytest.mark.parametrize(("narrow", "kept"), [("agent", 4), ("team", 3)])
def test_a_narrower_soft_row_takes_the_place_of_a_wider_one(bench, narrow, kept):
    rows = [
        row("max_late_shifts_per_week", 2, "soft"),
        row("max_late_shifts_per_week", 3, "soft", constraint_id="C2", scope="team",
            scope_value="red"),
    ]  # fmt: skip
    if narrow == "agent":
        rows.append(row("max_late_shifts_per_week", 4, "soft", constraint_id="C3",
                        scope="agent", scope_value="A1"))  # fmt: skip
    people = [bench.agent(team="red"), bench.agent("A2", team="blue")]
    problem = bench.plan(people=people, rules=[setting_of(one) for one in rows])
    counts = [
        [r.count for r in rules_of(problem, agent) if r.name == "late_shifts_week"]
        for agent in people
    ]
    assert counts == [[kept], [2]]


def test_a_soft_row_of_the_law_keeps_its_place(bench):
    rows = [
        row("max_late_shifts_per_week", 2, "soft", source="law"),
        row("max_late_shifts_per_week", 3, "soft", constraint_id="C2", scope="agent",
            scope_value="A1"),
    ]  # fmt: skip
    problem = bench.plan(rules=[setting_of(one) for one in rows])
    counts = [r.count for r in rules_of(problem, problem.agents[0]) if r.name == "late_shifts_week"]
    assert counts == [2]
