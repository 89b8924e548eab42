"""R8: every rule of WORK-RULES.md is there with all that a rule carries, and Genesys' kinds are.

The table below says of each name what it can be: hard, soft, for some people, for
some dates, with what came before. What a plan sets is checked from the registry; of
the others it is said where they come from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from wfplan.domain.channels import Channel
from wfplan.domain.contracts import Break, BreakTier
from wfplan.domain.problem import Objective, PlanningProblem, RuleSetting
from wfplan.errors import InputError
from wfplan.intake.packs import ELSEWHERE as SAID_ELSEWHERE
from wfplan.rules import RULES, TEAM_SETTABLE, rules_of, team_rules_of
from wfplan.rules.base import HARD, SOFT, Rule
from wfplan.rules.registry import SETTABLE
from wfplan.rules.team_roster import TeamRule

NIGHT = {"kinds": ("night",)}
TWO = {"of": ("A1", "A2")}
SET = {
    "paid_time_period": (40, "hours", {}),
    "paid_time_day": (8, "hours", {}),
    "paid_time_granularity": (30, "minutes", {}),
    "work_days_week": (4, "days", {}),
    "consecutive_work_days": (4, "days", {}),
    "consecutive_days_off": (2, "days", {}),
    "days_off_period": (2, "days", {}),
    "work_weekends_period": (1, "weekends", {}),
    "consecutive_work_weekends": (1, "weekends", {}),
    "complete_weekend": (0, "weekends", {}),
    "daily_rest": (11, "hours", {}),
    "weekly_rest": (35, "hours", {}),
    "start_distance": (20, "hours", {}),
    "start_variance": (2, "hours", {}),
    "shift_start_window": (1, "count", {"window": "08:00-10:00"}),
    "shift_stop_window": (1, "count", {"window": "14:00-20:00"}),
    "day_off_after": (1, "days", NIGHT),
    "day_off_before": (1, "days", NIGHT),
    "shift_count_period": (3, "shifts", NIGHT),
    "late_shifts_week": (2, "shifts", {}),
    "nights_week": (2, "nights", {}),
    "nonstandard_shifts_max": (2, "shifts", {}),
    "quick_returns_28d": (2, "returns", {}),
    "rotation": (1, "weeks", {"kinds": ("early", "late"), "valid_from": date(2026, 1, 5)}),
    "forbidden_sequence": (1, "count", {"kinds": ("night", "early")}),
    "required_sequence": (1, "count", {"kinds": ("night", "off")}),
    "break_spacing": (2, "hours", {}),
    "meal": (30, "minutes", {"over_h": 6}),
    "contiguous_work": (4, "hours", {}),
    "optional_day": (1, "days", {}),
    "split_shift": (1, "shifts", {}),
    "split_gap": (2, "hours", {}),
    "time_off_limit": (2, "people", {}),
    "preference": (0.5, "share", {}),
    "presence_min": (1, "people", {}),
    "seats_max": (1, "seats", {}),
    "escalation_presence_min": (1, "people", {}),
    "pairing": (1, "together", TWO),
    "risk_factor": (1, "count", NIGHT),
    "cost_budget": (100, "EUR", {}),
    "overtime_max": (2, "hours", {}),
    "activity_concurrency": (2, "people", {"of": ("training",)}),
    "overload_max": (90, "minutes", {"of": ("acute",)}),
    "continuous_contact_max": (2, "hours", {}),
    "high_intensity_max": (2, "hours", {}),
    "coverage_n_minus_k": (1, "people", {}),
    "promise_change_price": (14, "days", {}),
    "ranking": (3, "times", {}),
    "development_min": (60, "minutes", {}),
}
"""Value, unit and parameters of the rules that a law pack or a plan sets."""


@dataclass(frozen=True)
class Elsewhere:
    """Where a rule comes from that no setting gives, and how it is hard or soft there."""

    hard: str
    soft: str
    people: str
    dates: str


ELSEWHERE = {
    "paid_time_week": Elsewhere(
        "min_hours_week, max_hours_week", "paid_time_period over 1 week, least or most",
        "each person's", "paid_time_period has valid_from, valid_to",
    ),
    "shift_length": Elsewhere(
        "contract", "paid_time_day, least or most", "by contract", "paid_time_day has",
    ),
    "start_increment": Elsewhere("contract", "none: starts off the grid are no choice",
                                 "by contract", "none"),
    "break_window": Elsewhere(
        "contract (break_tiers)", "meal (window), break_spacing, contiguous_work",
        "by contract", "meal, break_spacing, contiguous_work have",
    ),
    "availability": Elsewhere(
        "available, unavailable", "prefer, avoid", "each person's", "valid_from, valid_to",
    ),
    "time_off": Elsewhere("approved", "requested", "each person's", "start, end"),
    "skill_required": Elsewhere("skills table", "risk_factor of channels",
                                "each person's", "valid_from, valid_to"),
    "skill_validity": Elsewhere("valid_from, valid_to", "none: law or certificate",
                                "each person's", "valid_from, valid_to"),
    "readiness": Elsewhere("ready_from", "none: nobody serves untrained",
                           "each person's", "ready_from"),
    "locked": Elsewhere("locks", "promise_change_price", "each person's", "date"),
    "occupancy_max": Elsewhere("none: a price", "floor of the need", "by channel", "none"),
    "burden_balance": Elsewhere("none: a price", "objective.fairness", "by contract type",
                                "objective.fairness_weeks"),
    "group_priority": Elsewhere(
        "none: an order of service", "priority of channels, preferred_level and skill level",
        "by channel and each person's", "valid_from, valid_to of the skill",
    ),
    "activity_placement": Elsewhere("activities table", "hardness of the activity",
                                    "who of the activity", "earliest, latest or start"),
    "history_carry_in": Elsewhere("history", "history", "each person's", "start, end"),
}  # fmt: skip

NEVER_HARD = {"ranking"}
"""Rules that no plan can promise, so that a hard setting is refused."""

OF_THE_HISTORY = {
    "paid_time_period", "work_days_week", "consecutive_work_days", "consecutive_days_off",
    "days_off_period", "work_weekends_period", "consecutive_work_weekends", "complete_weekend",
    "daily_rest", "weekly_rest", "start_distance", "start_variance", "day_off_after",
    "shift_count_period", "late_shifts_week", "nights_week", "nonstandard_shifts_max",
    "quick_returns_28d", "forbidden_sequence", "required_sequence", "optional_day", "split_shift",
    "overtime_max", "overload_max", "rotation", "day_off_before", "promise_change_price",
}  # fmt: skip
"""Rules of one person that what came before can break or keep."""

TOLD_BY_DATE = {"rotation", "day_off_before", "promise_change_price", "overload_max"}
"""Of those: the phase of a date, what was published and the ledger are carried in otherwise."""


def given(name, hardness="", **more):
    value, unit, parameters = SET[name]
    hardness = hardness or (SOFT if name in NEVER_HARD else HARD)
    return RuleSetting(rule=name, value=value, unit=unit, hardness=hardness, **(parameters | more))


def people(bench):
    return [
        bench.agent("A1", team="red", site="Cork", cost_per_hour=20.0),
        bench.agent("A2", team="blue", site="Cork", cost_per_hour=20.0),
    ]


def held(bench, setting, monday=None):
    """The rules of that name that hold, for each of two people, or for the team."""
    problem = bench.plan(people=people(bench), rules=[setting])
    dates = problem.horizon(monday or bench.MONDAY).dates
    if issubclass(SETTABLE[setting.rule], TeamRule):
        return [[r for r in team_rules_of(problem, dates) if r.name == setting.rule]]
    return [
        [r for r in rules_of(problem, agent, dates)
         if r.name == setting.rule and r.source == setting.source]
        for agent in problem.agents
    ]  # fmt: skip


def test_every_name_of_the_document_stands_in_one_place(shared):
    text = (shared / "WORK-RULES.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert named == {*SET, *ELSEWHERE}
    assert set(SET) <= set(SETTABLE)
    assert not set(SET) & set(ELSEWHERE)
    assert set(ELSEWHERE) - set(RULES) == {
        "occupancy_max", "burden_balance", "history_carry_in", "group_priority",
        "activity_placement",
    }  # fmt: skip


def test_a_name_that_no_setting_gives_a_value_says_where_it_is_set():
    """Whoever writes one in the plan is told where to."""
    assert set(ELSEWHERE) <= set(SAID_ELSEWHERE)
    assert not set(SAID_ELSEWHERE) & set(SETTABLE)


def test_what_is_no_rule_by_itself_is_a_key_of_the_plan():
    assert {"occupancy_max", "priority", "preferred_level"} <= set(Channel.model_fields)
    assert {"fairness", "fairness_weeks"} <= set(Objective.model_fields)
    assert {"past_shifts", "past_loads"} <= set(PlanningProblem.model_fields)


@pytest.mark.parametrize("hardness", [HARD, SOFT])
@pytest.mark.parametrize("name", SET)
def test_a_rule_is_hard_and_soft_with_its_source_and_weight(bench, name, hardness):
    setting = given(name, hardness, weight=2.5, source="agreement 7")
    if hardness == HARD and name in NEVER_HARD:
        with pytest.raises(InputError, match=f"rule {name}: hardness = 'hard'"):
            held(bench, setting)
        return
    rules = [rule for some in held(bench, setting) for rule in some]
    assert {(r.hardness, r.weight, r.source) for r in rules} == {(hardness, 2.5, "agreement 7")}


@pytest.mark.parametrize("name", sorted(set(SET) - {rule.name for rule in TEAM_SETTABLE}))
def test_a_rule_of_one_person_holds_in_its_scope_and_no_other(bench, name):
    for scope, value in (("team", "red"), ("site", "Cork"), ("agent", "A1"), ("contract", "any"),
                         ("skill", "voice"), ("all", "")):  # fmt: skip
        setting = given(name, scope=scope, scope_value=value, source="agreement 7")
        counts = [len(some) for some in held(bench, setting)]
        assert counts == ([1, 0] if scope in ("team", "agent") else [1, 1]), scope


@pytest.mark.parametrize("name", SET)
def test_a_rule_holds_from_its_first_date_to_its_last(bench, name):
    monday = bench.MONDAY
    setting = given(name, source="agreement 7")
    dated = setting.model_copy(
        update={"valid_from": setting.valid_from or monday, "valid_to": monday + timedelta(days=6)}
    )
    assert all(held(bench, dated))
    assert not any(held(bench, dated, monday + timedelta(days=7)))
    if setting.valid_from is None:
        assert not any(held(bench, dated, monday - timedelta(days=7)))


@pytest.mark.parametrize("name", SET)
def test_a_rule_has_both_faces(name):
    rule = SETTABLE[name]
    if issubclass(rule, TeamRule):
        assert rule.team_breaches is not TeamRule.team_breaches
        counts = rule.head_counts is not TeamRule.head_counts
        assert counts or rule.spending is not TeamRule.spending or rule.planner_face
        return
    assert rule.breaches is not Rule.breaches
    faces = ("tighten", "soften", "automaton", "prices", "requests")
    assert any(getattr(rule, face) is not getattr(Rule, face) for face in faces)


NIGHT_BEFORE = ((-1, "22:00", 480),)
LATES = ((-2, "14:00", 480), (-1, "14:00", 480))
BEFORE = {
    "complete_weekend": (((-1, "08:00", 480),), ((1, "08:00", 480),), {}, -1),
    "daily_rest": (NIGHT_BEFORE, ((0, "08:00", 480),), {}, 0),
    "day_off_after": (NIGHT_BEFORE, ((0, "14:00", 480),), {}, 0),
    "days_off_period": (((-14, "08:00", 480), (-1, "08:00", 480)),
                        tuple((d, "08:00", 480) for d in range(6)),
                        {"weeks": 2, "bound": "most"}, 0),
    "forbidden_sequence": (NIGHT_BEFORE, ((0, "06:30", 480),), {}, 0),
    "late_shifts_week": (LATES, ((0, "14:00", 480),), {}, 0),
    "optional_day": (tuple((-d, "08:00", 480) for d in (1, 2, 3, 4)),
                     tuple((d, "08:00", 480) for d in range(3)), {"of": ("sun",)}, 0),
    "quick_returns_28d": (LATES[1:], ((0, "06:30", 480),), {"value": 0}, 0),
    "shift_count_period": (((-3, "22:00", 480), (-2, "22:00", 480), (-1, "22:00", 480)),
                           ((0, "22:00", 480),), {"weeks": 1}, 0),
    "split_shift": (((-1, "08:00", 540),), ((0, "08:00", 540),), {}, 0),
    "start_distance": (LATES[1:], ((0, "08:00", 480),), {}, 0),
}  # fmt: skip
"""Shifts before the horizon and in it, parameters, and where the horizon begins."""

MUCH = tuple((-d, "22:00", 600) for d in range(1, 20))
BUSY, LIGHT = tuple((d, "22:00", 600) for d in range(7)), ((1, "06:00", 480),)


def _reads_history(bench, name):
    """Whether what a rule finds in a week depends on the shifts before it."""
    cases = [BEFORE[name]] if name in BEFORE else [(MUCH, BUSY, {}, 0), (MUCH, LIGHT, {}, 0)]
    gap = Break(kind="gap", length_min=120, is_paid=False, earliest_min=240, latest_min=240)
    work = bench.contract(
        shortest_min=480, length_step_min=120, longest_min=600, work_days_max=5,
        splits=[{"length_min": 540, "breaks": (gap,)}],
    )  # fmt: skip
    for past, specs, parameters, shift in cases:
        monday = bench.MONDAY + timedelta(days=shift)
        history = [bench.past(*one, monday=monday) for one in past]
        found = []
        for known in ((), history):
            setting = given(name).model_copy(update=parameters)
            problem = bench.plan(rules=[setting], history=known, week_start=3, work=work)
            week = bench.week(*specs, problem=problem, monday=monday)
            rules = [r for r in rules_of(problem, problem.agents[0]) if r.name == name]
            found.append([(b.amount, b.why) for one in rules for b in one.breaches(week)])
        if found[0] != found[1]:
            return True
    return False


OF_PERSON = sorted(name for name in SET if name in RULES)


@pytest.mark.parametrize("name", [n for n in OF_PERSON if n not in TOLD_BY_DATE])
def test_a_rule_counts_what_came_before_where_it_speaks_of_it(bench, name):
    assert _reads_history(bench, name) == (name in OF_THE_HISTORY)


SUFFIXES = ("history", "time_off", "dst", "skill", "lock", "contract", "availability")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_reason_is_told_by_some_rule(bench, suffix):
    assert suffix in {reason for reason, *_ in reasons(bench)}


def reasons(bench):
    """Breaches with a reason, from small weeks."""
    from wfplan.domain.people import Availability, Skill, TimeOff

    shut = tuple(
        Availability(kind="unavailable", weekday=d, start_min=0, end_min=1440) for d in range(4)
    )
    away = TimeOff(start=bench.wall(0, "00:00"), end=bench.wall(2, "00:00"))
    unready = Skill(skill="voice", ready_from=bench.MONDAY + timedelta(days=3))
    late, early = (5, "14:00", 480), (6, "09:00", 240)
    few = bench.contract(work_days_min=4, work_days_max=5)
    eleven = [RuleSetting(rule="daily_rest", value=11, unit="hours")]
    lock = [bench.lock(0, "08:00", 765)]
    cases = [
        (bench.plan(rules=eleven, history=[bench.past(-1, "20:00", 600)]), (0, "08:00", 480)),
        (bench.plan(rules=eleven), late, early, bench.SPRING),
        (bench.plan(people=[bench.agent(availability=shut)], work=few), (5, "08:00", 480)),
        (bench.plan(people=[bench.agent(time_off=(away,))], work=few), (5, "08:00", 480)),
        (bench.plan(people=[bench.agent(skills=(unready,))]), (0, "08:00", 480)),
        (bench.plan(locks=lock), (0, "08:00", 765)),
        (bench.plan(work=few), (5, "08:00", 480)),
    ]
    for problem, *specs in cases:
        monday = bench.MONDAY
        if isinstance(specs[-1], date):
            monday = specs.pop()
        week = bench.week(*specs, problem=problem, monday=monday)
        for rule in rules_of(problem, problem.agents[0]):
            for breach in rule.breaches(week):
                label = breach.why.split(":")[0]
                if "_from_" in label:
                    yield label.split("_from_")[1], rule.name


REST = Break(kind="rest", length_min=30, is_paid=False, earliest_min=120, latest_min=180,
             before_end_min=120)  # fmt: skip
DAY, NINE, NIGHTS = (0, "08:00", 480), (0, "09:00", 480), [(d, "22:00", 480) for d in range(3)]
WEEK = [(d, "08:00", 480) for d in range(7)]


@dataclass(frozen=True)
class Kind:
    """One of Genesys Cloud's kinds: what expresses it, a week against it and one for it."""

    rule: str
    bad: list
    good: list
    rules: tuple = ()
    contract: dict | None = None
    agent: dict | None = None
    moved_min: int | None = None  # where the break begins in the bad week, after the start


def rule(name, value, unit, **more):
    return (RuleSetting(rule=name, value=value, unit=unit, **more),)


TIERED = {"break_tiers": (BreakTier(over_h=4, breaks=(REST,)),)}
LUNCH = {"break_tiers": (BreakTier(over_h=4, breaks=(
    Break(kind="meal", length_min=30, is_paid=False, earliest_min=240, latest_min=240),
)),)}  # fmt: skip
CLOCK = rule("meal", 30, "minutes", over_h=4, window="12:00-13:00")
GENESYS = {
    "activity earliest start from midnight": Kind("meal", [(0, "06:00", 480)], [DAY], CLOCK, LUNCH),
    "activity latest start from midnight": Kind("meal", [(0, "10:00", 480)], [DAY], CLOCK, LUNCH),
    "activity earliest start from shift start": Kind("break_window", [DAY], [DAY], (), TIERED,
                                                     moved_min=90),
    "activity latest start from shift start": Kind("break_window", [DAY], [DAY], (), TIERED,
                                                   moved_min=210),
    "activity min distance from shift end": Kind("break_window", [DAY], [DAY], (), TIERED,
                                                 moved_min=390),
    "activity max distance from shift end": Kind(
        "contiguous_work", [(0, "08:00", 600)], [DAY], rule("contiguous_work", 6, "hours"), TIERED
    ),
    "activity start increment": Kind("break_window", [DAY], [DAY], (), {"break_tiers": (
        BreakTier(over_h=4, breaks=(REST.model_copy(update={"latest_min": 120}),)),)},
        moved_min=130),
    "period min days off": Kind("days_off_period", WEEK, WEEK[:5], rule(
        "days_off_period", 2, "days")),
    "period max days off": Kind(
        "days_off_period", WEEK[:3], WEEK[:5], rule("days_off_period", 2, "days", bound="most")
    ),
    "period min paid time": Kind("paid_time_period", WEEK[:4], WEEK[:5], rule(
        "paid_time_period", 40, "hours", bound="least", weeks=2)),
    "period max paid time": Kind("paid_time_period", WEEK[:6], WEEK[:5], rule(
        "paid_time_period", 40, "hours", weeks=2)),
    "period min working weekends": Kind("work_weekends_period", WEEK[:5], WEEK, rule(
        "work_weekends_period", 1, "weekends", bound="least", weeks=1)),
    "period max working weekends": Kind("work_weekends_period", WEEK, WEEK[:5], rule(
        "work_weekends_period", 0, "weekends")),
    "shift day-off rule": Kind("day_off_after", [NIGHTS[0], (1, "14:00", 480)],
                               [NIGHTS[0], (2, "14:00", 480)],
                               rule("day_off_after", 1, "days", **NIGHT)),
    "shift earliest start": Kind("shift_start_window", [(0, "07:45", 480)], [DAY], (),
                                 {"start_window": (480, 600)}),
    "shift latest start": Kind("shift_start_window", [(0, "10:15", 480)], [DAY],
                               rule("shift_start_window", 1, "count", window="08:00-10:00")),
    "shift earliest stop": Kind("shift_stop_window", [(0, "06:00", 480)], [DAY],
                                rule("shift_stop_window", 1, "count", window="15:00-17:00")),
    "shift latest stop": Kind("shift_stop_window", [NINE], [DAY], (), {"stop_latest": (0, 960)}),
    "shift min contiguous time": Kind("contiguous_work", [(0, "08:00", 270)], [DAY], rule(
        "contiguous_work", 2, "hours", bound="least"), TIERED | {"break_tiers": (BreakTier(
            over_h=4, breaks=(REST.model_copy(update={"before_end_min": 0}),)),)}, moved_min=180),
    "shift max contiguous time": Kind("contiguous_work", [(0, "08:00", 600)], [DAY], rule(
        "contiguous_work", 6, "hours", bound="most"), TIERED),
    "shift min count per period": Kind("shift_count_period", NIGHTS[:1], NIGHTS, rule(
        "shift_count_period", 2, "shifts", bound="least", **NIGHT)),
    "shift max count per period": Kind("shift_count_period", NIGHTS, NIGHTS[:1], rule(
        "shift_count_period", 2, "shifts", **NIGHT)),
    "shift min paid time": Kind("paid_time_day", [(0, "08:00", 240)], [DAY], rule(
        "paid_time_day", 6, "hours", bound="least")),
    "shift max paid time": Kind("paid_time_day", [(0, "08:00", 600)], [DAY], rule(
        "paid_time_day", 8, "hours")),
    "shift start increment": Kind("start_increment", [(0, "08:15", 480)], [DAY], (),
                                  {"start_step_min": 30}),
    "start variance of starts": Kind("start_variance", [DAY, (1, "11:00", 480)],
                                     [DAY, (1, "09:00", 480)], rule("start_variance", 2, "hours")),
    "start variance of starts and paid duration": Kind(
        "start_variance", [DAY, (1, "09:00", 240)], [DAY, (1, "09:00", 420)],
        rule("start_variance", 2, "hours") + rule("start_variance", 1, "hours", of=("paid",))),
    "max consecutive working days": Kind("consecutive_work_days", WEEK[:5], WEEK[:4], (),
                                         {"consecutive_days_max": 4}),
    "max consecutive working weekends": Kind("consecutive_work_weekends", WEEK, WEEK[:5], rule(
        "consecutive_work_weekends", 0, "weekends")),
    "max weekly paid time": Kind("paid_time_week", WEEK[:6], WEEK[:5],
                                 agent={"max_hours_week": 40}),
    "max weekly working days": Kind("work_days_week", WEEK[:6], WEEK[:5], (),
                                    {"work_days_max": 5}),
    "min non-working time per week": Kind("weekly_rest", WEEK, WEEK[:5], rule(
        "weekly_rest", 35, "hours")),
    "min inter-shift time": Kind("daily_rest", [(0, "14:00", 480), (1, "06:00", 480)],
                                 [(0, "08:00", 480), (1, "06:00", 480)],
                                 rule("daily_rest", 11, "hours")),
    "min shift-start distance": Kind("start_distance", [(0, "14:00", 480), (1, "08:00", 480)],
                                     WEEK[:2], rule("start_distance", 20, "hours")),
    "min weekly paid time": Kind("paid_time_week", WEEK[:4], WEEK[:5],
                                 agent={"min_hours_week": 40}),
    "min weekly working days": Kind("work_days_week", WEEK[:2], WEEK[:3], (),
                                    {"work_days_min": 3}),
    "optional days": Kind("optional_day", WEEK[:5], [*WEEK[:4], WEEK[5]], rule(
        "optional_day", 1, "days", of=("sat", "sun")), {"work_days_max": 4}),
    "paid-time granularity": Kind("paid_time_granularity", [(0, "08:00", 465)], [DAY], rule(
        "paid_time_granularity", 30, "minutes")),
}  # fmt: skip
"""The published vocabulary of Genesys Cloud's work plans, as WORK-RULES.md lists it."""


def found_in(bench, kind, specs, moved_min=None):
    """Names of the hard rules that a week breaks."""
    problem = bench.plan(
        work=bench.contract(**(kind.contract or {})),
        people=[bench.agent(**(kind.agent or {}))],
        rules=kind.rules,
    )
    week = bench.week(*specs, problem=problem)
    if moved_min is not None:
        week = replace(week, duties=tuple(_moved(duty, moved_min) for duty in week.duties))
    rules = rules_of(problem, problem.agents[0])
    return {b.rule for one in rules for b in one.breaches(week) if b.hardness == HARD}


def _moved(duty, minutes):
    """The shift with its only break so many minutes after the start."""
    before, pause, after = duty.activities
    begin = duty.start + timedelta(minutes=minutes)
    end = begin + (pause.end - pause.start)
    return replace(
        duty,
        activities=(
            before.model_copy(update={"end": begin}),
            pause.model_copy(update={"start": begin, "end": end}),
            after.model_copy(update={"start": end}),
        ),
    )


def test_the_list_of_kinds_is_as_long_as_the_vocabulary():
    assert len(GENESYS) == 38


@pytest.mark.parametrize("name", GENESYS)
def test_each_of_the_kinds_is_expressed_by_a_rule(bench, name):
    kind = GENESYS[name]
    assert kind.rule in found_in(bench, kind, kind.bad, kind.moved_min)
    assert found_in(bench, kind, kind.good) == set()
