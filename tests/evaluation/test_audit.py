"""Tests for wfplan.evaluation.audit: a legal week, and what is found when it is spoilt.

One plan in which every rule has something to say, one week that keeps them
all, and more than thirty ways to break it: each must be found and named.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from wfplan.domain.channels import Channel
from wfplan.domain.contracts import Break, BreakTier, Contract
from wfplan.domain.people import Agent, Availability, Skill, TimeOff, TimeOffStatus
from wfplan.domain.problem import Empowered, PlanningProblem, RulePack, RuleSetting
from wfplan.domain.schedule import (
    Activity,
    ActivityCategory,
    LockedShift,
    PastShift,
    Schedule,
    Shift,
)
from wfplan.errors import InputError
from wfplan.evaluation import audit
from wfplan.evaluation.audit import CHECKED
from wfplan.horizon import wall_instant
from wfplan.rules import RULES, rules_of

ZONE = "Europe/Dublin"
MONDAY = date(2026, 11, 2)
REST = Break(kind="rest", length_min=15, is_paid=True, earliest_min=75, latest_min=150)
MEAL = Break(kind="meal", length_min=30, is_paid=False, earliest_min=180, latest_min=300)
HOURS = {
    "daily_rest": 11,
    "weekly_rest": 35,
    "paid_time_period": 48,
    "break_required": 6,
    "night_work": 8,
    "paid_time_day": 9,
}


def at(day: int, clock: str):
    hour, minute = map(int, clock.split(":"))
    return wall_instant(MONDAY + timedelta(days=day), hour * 60 + minute, ZONE)


def contract(name="office", **more) -> Contract:
    given = {
        "shortest_min": 240,
        "longest_min": 600,
        "length_step_min": 30,
        "start_window": (420, 840),
        "start_step_min": 30,
        "stop_latest": (660, 1320),
        "work_days_max": 5,
        "work_days_min": 2,
        "consecutive_days_max": 5,
        "break_tiers": (BreakTier(over_h=6.0, breaks=(REST, MEAL)),),
    }
    return Contract(name=name, **given | more)


def agent(agent_id: str, **more) -> Agent:
    given = {
        "timezone": ZONE,
        "contract_type": "office",
        "contract_hours_week": 37.5,
        "min_hours_week": 30,
        "max_hours_week": 40,
        "skills": (Skill(skill="voice"),),
    }
    return Agent(agent_id=agent_id, **given | more)


def problem(**more) -> PlanningProblem:
    """Ann has a history, Ben time off and school, Cat learns until Tuesday, Dan works nights."""
    worked = [(-3, "09:00", 480), (-2, "09:00", 480)]
    given = {
        "name": "plan",
        "timezone": ZONE,
        "channels": (Channel(name="voice", open=["mon-fri 09:00-17:00"], staff_min=1),),
        "agents": (
            agent("ann", skills=(Skill(skill="voice"), Skill(skill="empowered"))),
            agent(
                "ben",
                min_hours_week=15,
                time_off=(
                    TimeOff(start=at(3, "00:00"), end=at(4, "00:00")),
                    TimeOff(
                        start=at(4, "00:00"), end=at(5, "00:00"), status=TimeOffStatus.REQUESTED
                    ),
                ),
                availability=(
                    Availability(kind="available", weekday=0, start_min=480, end_min=1080),
                ),
            ),
            agent(
                "cat",
                min_hours_week=25,
                hire_date=MONDAY + timedelta(days=1),
                skills=(Skill(skill="voice", valid_from=MONDAY + timedelta(days=2)),),
            ),
            agent("dan", contract_type="nights", min_hours_week=14),
        ),
        "contracts": {
            "office": contract(),
            "nights": contract("nights", start_window=(1200, 1380), stop_latest=None),
        },
        "packs": {
            "eu": RulePack(
                id="eu",
                version="1",
                rules=tuple(RuleSetting(rule=r, value=v, unit="hours") for r, v in HOURS.items()),
            )
        },
        "site_packs": ("eu",),
        "empowered": Empowered(staff_min=1),
        "locks": (
            LockedShift(agent_id="ben", day=MONDAY, start=at(0, "09:00"), end=at(0, "17:00")),
            LockedShift(agent_id="ann", day=MONDAY + timedelta(days=5)),
        ),
        "past_shifts": tuple(
            PastShift(agent_id="ann", start=at(d, c), end=at(d, c) + timedelta(minutes=n))
            for d, c, n in worked
        ),
    }
    return PlanningProblem(**given | more)


def parts_of(length, work):
    """Stretches of a shift with its breaks as early as may be."""
    stretches, done = [], 0
    for pause in work.breaks_of(length):
        stretches.append((done, pause.earliest_min, "work", True))
        done = pause.earliest_min + pause.length_min
        stretches.append((pause.earliest_min, done, pause.kind, pause.is_paid))
    return [*stretches, (done, length, "work", True)]


def shift(who, day, clock, length=480, *, work=None, parts=None, **more) -> Shift:
    """A shift with the breaks of its contract."""
    begin = at(day, clock)
    kinds = {"work": "work", "rest": "break", "meal": "meal"}
    given = {
        "shift_id": f"{who}-{day}-{clock}",
        "agent_id": who,
        "shift_date": MONDAY + timedelta(days=day),
        "activities": tuple(
            Activity(
                code=kind.upper(),
                category=ActivityCategory(kinds[kind]),
                is_paid=is_paid,
                start=begin + timedelta(minutes=a),
                end=begin + timedelta(minutes=b),
            )
            for a, b, kind, is_paid in (parts or parts_of(length, work or contract()))
        ),
    }
    return Shift(**given | more)


def legal_shifts() -> list[Shift]:
    """A week without any breach, Ann from 09:00 to 17:00 and everybody else around her."""
    ann = [shift("ann", d, "08:30", 510) for d in range(5)]
    ben = [shift("ben", 0, "09:00"), shift("ben", 1, "12:00"), shift("ben", 2, "14:00")]
    cat = [shift("cat", d, "09:00") for d in (2, 3)]
    dan = [shift("dan", d, "22:00") for d in (0, 1, 2)]
    lunch = [shift("ben", 4, "09:00")]
    return [*ann, *ben, *cat, *dan, *lunch]


def schedule(shifts) -> Schedule:
    """A schedule as it may come from a file: not even its tiling has been checked."""
    return Schedule.model_construct(
        schedule_id="s", timezone=ZONE, first_day=MONDAY, days=7, shifts=tuple(shifts)
    )


def found(shifts, **more):
    plan = problem(**more)
    return audit(plan, plan.horizon(MONDAY), schedule(shifts)).breaches


def hard(shifts, **more):
    return {(b.rule, b.agent_id) for b in found(shifts, **more) if b.hardness == "hard"}


def without(who, day):
    return [s for s in legal_shifts() if (s.agent_id, (s.shift_date - MONDAY).days) != (who, day)]


def swapped(who, day, *new):
    return [*without(who, day), *new]


def test_the_legal_week_has_no_hard_breach():
    assert hard(legal_shifts()) == set()


def test_the_wishes_of_the_legal_week_are_soft_breaches():
    soft = [(b.rule, b.agent_id) for b in found(legal_shifts())]
    assert ("time_off", "ben") in soft  # works on the Friday he asked to have free
    assert ("escalation_presence_min", "") in soft  # while Ann is at lunch
    assert {rule for rule, _ in soft} == {"time_off", "escalation_presence_min", "presence_min"}


def stretched(one, minutes):
    """A shift whose last activity ends later."""
    last = one.activities[-1]
    longer = last.model_copy(update={"end": last.end + timedelta(minutes=minutes)})
    return one.model_copy(update={"activities": (*one.activities[:-1], longer)})


def moved(one, minutes):
    """A shift whose activities all lie later."""
    step = timedelta(minutes=minutes)
    return one.model_copy(
        update={
            "activities": tuple(
                a.model_copy(update={"start": a.start + step, "end": a.end + step})
                for a in one.activities
            )
        }
    )


def gapped(one):
    """A shift with a quarter of an hour that no activity fills, as only unchecked data has it."""
    first, *rest = one.activities
    shorter = first.model_copy(update={"end": first.end - timedelta(minutes=15)})
    return one.model_copy(update={"activities": (shorter, *rest)})


ANN0 = shift("ann", 0, "08:30", 510)
LONG = [
    (0, 75, "work", True),
    (75, 90, "rest", True),
    (90, 180, "work", True),
    (180, 210, "meal", False),
]

MUTATIONS = {
    # structure
    "a stranger": ("agent_known", "zoe", lambda: [*legal_shifts(), shift("zoe", 0, "09:00")]),
    "a shift twice": ("shift_id_unique", "ann", lambda: [*legal_shifts(), ANN0]),
    "the same shift with another id": (
        "shifts_apart",
        "ann",
        lambda: [*legal_shifts(), ANN0.model_copy(update={"shift_id": "x"})],
    ),
    "a shift inside another": (
        "shifts_apart",
        "ann",
        lambda: [*legal_shifts(), shift("ann", 0, "10:00", 240)],
    ),
    "a gap between activities": ("shift_tiled", "ann", lambda: swapped("ann", 0, gapped(ANN0))),
    "no activities": (
        "shift_tiled",
        "ann",
        lambda: swapped("ann", 0, ANN0.model_copy(update={"activities": ()})),
    ),
    "a wrong date": (
        "shift_date",
        "ann",
        lambda: swapped(
            "ann", 0, ANN0.model_copy(update={"shift_date": MONDAY + timedelta(days=6)})
        ),
    ),
    "a shift before the week": (
        "shift_in_week",
        "ben",
        lambda: [*legal_shifts(), shift("ben", -1, "09:00")],
    ),
    "a shift after the week": (
        "shift_in_week",
        "ben",
        lambda: [*legal_shifts(), shift("ben", 7, "09:00")],
    ),
    "off the grid": ("slot_grid", "ann", lambda: swapped("ann", 0, moved(ANN0, 7))),
    # shapes
    "too short": ("shift_length", "ann", lambda: swapped("ann", 0, shift("ann", 0, "09:00", 180))),
    "too long": ("shift_length", "cat", lambda: swapped("cat", 3, shift("cat", 3, "08:00", 630))),
    "between two lengths": (
        "shift_length",
        "ann",
        lambda: swapped("ann", 0, shift("ann", 0, "08:30", 495)),
    ),
    "too early": (
        "shift_start_window",
        "ann",
        lambda: swapped("ann", 0, shift("ann", 0, "06:30", 510)),
    ),
    "too late a start": (
        "shift_start_window",
        "ann",
        lambda: swapped("ann", 0, shift("ann", 0, "14:30", 420)),
    ),
    "between two starts": (
        "start_increment",
        "ann",
        lambda: swapped("ann", 0, shift("ann", 0, "08:45", 510)),
    ),
    "too late an end": (
        "shift_stop_window",
        "ann",
        lambda: swapped("ann", 0, shift("ann", 0, "14:00", 510)),
    ),
    "two shifts a day": (
        "one_shift_a_day",
        "ben",
        lambda: [*legal_shifts(), shift("ben", 1, "07:00", 240)],
    ),
    # breaks
    "no meal": (
        "break_window",
        "ann",
        lambda: swapped(
            "ann", 0, shift("ann", 0, "08:30", parts=[*LONG[:2], (90, 510, "work", True)])
        ),
    ),
    "one rest more": (
        "break_window",
        "ann",
        lambda: swapped(
            "ann",
            0,
            shift(
                "ann",
                0,
                "08:30",
                parts=[
                    *LONG,
                    (210, 300, "work", True),
                    (300, 315, "rest", True),
                    (315, 510, "work", True),
                ],
            ),
        ),
    ),
    "a late meal": (
        "break_window",
        "ann",
        lambda: swapped(
            "ann",
            0,
            shift(
                "ann",
                0,
                "08:30",
                parts=[
                    *LONG[:2],
                    (90, 330, "work", True),
                    (330, 360, "meal", False),
                    (360, 510, "work", True),
                ],
            ),
        ),
    ),
    "a short meal": (
        "break_window",
        "ann",
        lambda: swapped(
            "ann",
            0,
            shift(
                "ann",
                0,
                "08:30",
                parts=[*LONG[:3], (180, 195, "meal", False), (195, 510, "work", True)],
            ),
        ),
    ),
    "a paid meal": (
        "break_window",
        "ann",
        lambda: swapped(
            "ann",
            0,
            shift(
                "ann",
                0,
                "08:30",
                parts=[*LONG[:3], (180, 210, "meal", True), (210, 510, "work", True)],
            ),
        ),
    ),
    "a rest at the end": (
        "break_window",
        "cat",
        lambda: swapped(
            "cat",
            3,
            shift(
                "cat",
                3,
                "09:00",
                parts=[
                    (0, 150, "work", True),
                    (150, 165, "rest", True),
                    (165, 300, "work", True),
                    (300, 330, "meal", False),
                    (330, 345, "work", True),
                ],
            ),
        ),
    ),
    "no break at all": (
        "break_required",
        "ann",
        lambda: swapped("ann", 0, shift("ann", 0, "08:30", parts=[(0, 510, "work", True)])),
    ),
    # paid time and days
    "too few hours": (
        "paid_time_week",
        "ann",
        lambda: [
            s
            for s in legal_shifts()
            if s.agent_id != "ann" or s.shift_date < MONDAY + timedelta(days=3)
        ],
    ),
    "nothing at all": (
        "paid_time_week",
        "cat",
        lambda: [s for s in legal_shifts() if s.agent_id != "cat"],
    ),
    "too many hours": (
        "paid_time_week",
        "ann",
        lambda: swapped("ann", 4, shift("ann", 4, "08:00", 570)),
    ),
    "too long a day": (
        "paid_time_day",
        "cat",
        lambda: swapped("cat", 3, shift("cat", 3, "08:00", 600)),
    ),
    "one day only": (
        "work_days_week",
        "dan",
        lambda: [s for s in legal_shifts() if s.agent_id != "dan" or s.shift_date == MONDAY],
    ),
    "six days": (
        "work_days_week",
        "dan",
        lambda: [*legal_shifts(), *(shift("dan", d, "22:00", 240) for d in (3, 4, 6))],
    ),
    "six days in a row": (
        "consecutive_work_days",
        "ann",
        lambda: [*legal_shifts(), shift("ann", 5, "08:30", 240)],
    ),
    "too many hours since summer": ("paid_time_period", "ann", lambda: legal_shifts()),
    # rest
    "a short night": (
        "daily_rest",
        "ben",
        lambda: [
            *(s for s in without("ben", 2) if s.shift_id != "ben-1-12:00"),
            shift("ben", 1, "13:00"),
            shift("ben", 2, "07:00"),
        ],
    ),
    "no rest after the history": ("daily_rest", "dan", lambda: legal_shifts()),
    "no day off in seven": (
        "weekly_rest",
        "dan",
        lambda: [*without("dan", 0), *(shift("dan", d, "22:00", 240) for d in (0, 3, 4, 5, 6))],
    ),
    "a long night": ("night_work", "dan", lambda: swapped("dan", 1, shift("dan", 1, "20:00", 600))),
    # people
    "work on a day off": ("time_off", "ben", lambda: [*legal_shifts(), shift("ben", 3, "09:00")]),
    "before she can": ("availability", "ben", lambda: swapped("ben", 0, shift("ben", 0, "07:30"))),
    "before the hire date": (
        "employment",
        "cat",
        lambda: [*legal_shifts(), shift("cat", 0, "09:00")],
    ),
    "before she has learnt": (
        "skill_required",
        "cat",
        lambda: [*legal_shifts(), shift("cat", 1, "09:00")],
    ),
    "a lost lock": ("locked", "ben", lambda: swapped("ben", 0, shift("ben", 0, "08:30"))),
    "work on a locked day off": (
        "locked",
        "ann",
        lambda: [*legal_shifts(), shift("ann", 5, "08:30", 240)],
    ),
}

BY_CHANNEL = {"skill_validity", "readiness"}
"""Rules that need the minutes on each channel, which a schedule does not hold."""

HISTORIES = {
    "too many hours since summer": [
        PastShift(agent_id="ann", start=at(d - 7 * w, "08:00"), end=at(d - 7 * w, "18:30"))
        for w in range(16, 0, -1)
        for d in range(5)
    ],
    "no rest after the history": [
        PastShift(agent_id="dan", start=at(0, "12:00") - timedelta(hours=13), end=at(0, "12:00"))
    ],
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_violation_that_was_put_in_is_found_and_named(name):
    rule, who, mutate = MUTATIONS[name]
    more = {"past_shifts": tuple(HISTORIES[name])} if name in HISTORIES else {}
    everything = [b for b in found(mutate(), **more) if b.hardness == "hard"]
    breaches = [b for b in everything if (b.rule, b.agent_id) == (rule, who)]
    assert breaches, f"{rule} of {who} was not found"
    for breach in breaches:
        assert breach.amount > 0
        assert breach.unit
        assert breach.at.utcoffset() == timedelta(0)
        assert breach.why.startswith(rule)
        assert who in breach.why


def test_more_than_thirty_kinds_of_violation_were_put_in():
    """R7: each of them is found and named by the test above."""
    rules = {rule for rule, _, _ in MUTATIONS.values()}
    assert len(MUTATIONS) >= 40
    plan = problem()
    held = {rule.name for agent in plan.agents for rule in rules_of(plan, agent)}
    assert rules >= held - BY_CHANNEL


@pytest.mark.parametrize("name", ["too short", "a short night", "before the hire date"])
def test_other_people_are_not_blamed(name):
    rule, who, mutate = MUTATIONS[name]
    blamed = {agent_id for r, agent_id in hard(mutate()) if r == rule}
    assert blamed == {who}


def test_too_few_people_are_found_and_named():
    breaches = [b for b in found(without("ann", 1)) if b.rule == "escalation_presence_min"]
    assert max(b.amount for b in breaches) == pytest.approx(8)
    nobody = [b for b in found([]) if b.rule == "presence_min"]
    assert [(b.amount, b.hardness) for b in nobody] == [(8.0, "soft")] * 5


def test_rules_of_the_team_that_the_plan_sets_are_audited():
    seats = RuleSetting(rule="seats_max", value=1, unit="seats", source="desks")
    old = seats.model_copy(update={"value": 0.0, "valid_to": MONDAY - timedelta(days=1)})
    breaches = [b for b in found(legal_shifts(), plan_rules=(seats, old)) if b.rule == "seats_max"]
    assert breaches
    assert {b.hardness for b in breaches} == {"hard"}
    assert all("need one of 1 seats (desks)" in b.why for b in breaches)


def test_a_schedule_of_another_week_is_named():
    plan = problem()
    other = schedule(legal_shifts()).model_copy(update={"first_day": MONDAY + timedelta(days=7)})
    breaches = audit(plan, plan.horizon(MONDAY), other).breaches
    (why,) = [b.why for b in breaches if b.rule == "schedule_week"]
    assert why == (
        "schedule_week: the schedule is of 7 days from Monday 2026-11-09, the plan of 7 days from "
        "Monday 2026-11-02."
    )


def test_an_empty_plan_has_an_empty_audit():
    plan = problem(agents=(), locks=(), past_shifts=(), empowered=Empowered())
    plan = plan.model_copy(
        update={"channels": (Channel(name="voice", open=["daily 09:00-17:00"]),)}
    )
    result = audit(plan, plan.horizon(MONDAY), schedule([]))
    assert result.breaches == ()
    assert result.checked == CHECKED


def test_everything_that_is_found_was_said_to_be_checked():
    for name, (_, _, mutate) in MUTATIONS.items():
        more = {"past_shifts": tuple(HISTORIES[name])} if name in HISTORIES else {}
        assert {b.rule for b in found(mutate(), **more)} <= set(CHECKED)
    assert set(RULES) <= set(CHECKED)
    assert len(CHECKED) == len(set(CHECKED))


def test_hard_breaches_come_first_and_the_order_is_settled():
    shifts = [*MUTATIONS["six days in a row"][2](), shift("ben", 3, "09:00")]
    breaches = found(shifts)
    hardness = [b.hardness for b in breaches]
    assert hardness == sorted(hardness)
    assert found(shifts[::-1]) == breaches


def test_permuting_people_changes_no_breach():
    plan = problem()
    turned = plan.model_copy(update={"agents": plan.agents[::-1]})
    shifts = schedule(MUTATIONS["a short night"][2]())
    horizon = plan.horizon(MONDAY)
    assert audit(plan, horizon, shifts) == audit(turned, horizon, shifts)


@pytest.mark.parametrize("weeks", [1, 26, 52])
def test_shifting_the_calendar_keeps_the_verdict(weeks):
    """A week is the same week a month or a year later."""
    step = timedelta(days=7 * weeks)
    plan = problem(locks=(), past_shifts=(), site_packs=())
    monday = MONDAY + step
    later = [s.model_copy(update={"shift_date": s.shift_date + step}) for s in legal_shifts()]
    offset = wall_instant(monday, 0, ZONE) - wall_instant(MONDAY, 0, ZONE)
    later = [moved(s, int(offset.total_seconds() // 60)) for s in later]
    undated = {"time_off": (), "hire_date": None, "skills": (Skill(skill="voice"),)}
    people = tuple(a.model_copy(update=undated) for a in plan.agents)
    plan = plan.model_copy(update={"agents": people})
    here = audit(plan, plan.horizon(MONDAY), schedule(legal_shifts()))
    turned = schedule(later).model_copy(update={"first_day": monday})
    there = audit(plan, plan.horizon(monday), turned)
    assert here.hard_breaches
    assert [(b.rule, b.agent_id, b.amount) for b in here.breaches] == [
        (b.rule, b.agent_id, b.amount) for b in there.breaches
    ]


def test_the_need_of_a_run_replaces_the_least_of_the_plan():
    plan = problem()
    horizon = plan.horizon(MONDAY)
    asked = np.full((1, horizon.interval_count), 0.0)
    asked[0, 0] = 2.0

    class Need:
        staff_min = asked
        empowered_min = np.zeros(horizon.interval_count)

    breaches = audit(plan, horizon, schedule(legal_shifts()), Need()).breaches
    presence = [b for b in breaches if b.rule.endswith("presence_min")]
    assert [(b.rule, b.amount, b.at) for b in presence] == [("presence_min", 0.5, horizon.start)]


def test_names_of_people_never_appear_in_a_breach():
    plan = problem()
    named = tuple(a.model_copy(update={"name": "Canary Quillfeather"}) for a in plan.agents)
    plan = plan.model_copy(update={"agents": named})
    for _, _, mutate in MUTATIONS.values():
        for breach in audit(plan, plan.horizon(MONDAY), schedule(mutate())).breaches:
            assert "Canary" not in breach.why


def test_a_pack_that_cannot_be_read_is_an_error_and_not_a_breach():
    with pytest.raises(InputError, match="rule pack 'uk'"):
        found(legal_shifts(), site_packs=("uk",))


def test_the_audit_knows_nothing_of_the_planner():
    for name in ("audit", "structure"):
        source = Path(sys.modules[f"wfplan.evaluation.{name}"].__file__).read_text(encoding="utf-8")
        code = source.split('"""', 2)[-1]
        assert "wfplan.scheduling" not in code
        assert "work_limits" not in code
        assert "tighten" not in code


def test_breaches_are_plain_values_for_the_file():
    breaches = found([*legal_shifts(), shift("ben", 3, "09:00")])
    breach = next(b for b in breaches if b.rule == "time_off")
    plain = breach.as_dict()
    assert plain["rule"] == "time_off"
    assert plain["at"] == "2026-11-05T09:00:00Z"
    assert replace(breach, amount=1.0).amount == 1.0
