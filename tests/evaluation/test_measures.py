"""Tests for wfplan.evaluation: figures, customers, staff and both sides, on a week worked by hand.

One voice and one e-mail channel, hours as intervals, four hours open each day.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from math import exp, isnan, nan
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from wfplan.domain.channels import Channel
from wfplan.domain.contracts import Contract
from wfplan.domain.people import Agent, Availability, Skill, TimeOff, TimeOffStatus
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import (
    Audit,
    Breach,
    DemandForecast,
    Outcome,
    Run,
    Solution,
    SolveStatus,
    StaffNeed,
)
from wfplan.domain.schedule import Activity, ActivityCategory, PastShift, Schedule, Shift
from wfplan.evaluation import BothSides, Figure, Verdict, both_sides
from wfplan.evaluation.figures import over_people
from wfplan.evaluation.staff import clock_spread, longest_run_of_days
from wfplan.horizon import wall_instant

ZONE = "Europe/Dublin"
MONDAY = date(2026, 11, 2)
OPEN = [9, 10, 11, 12]  # hours of every weekday
CHANNELS = ("voice", "email")


def at(day: int, clock: str):
    hour, minute = map(int, clock.split(":"))
    return wall_instant(MONDAY + timedelta(days=day), hour * 60 + minute, ZONE)


def agent(agent_id, **more) -> Agent:
    given = {
        "timezone": ZONE,
        "contract_type": "full",
        "contract_hours_week": 40,
        "min_hours_week": 0,
        "max_hours_week": 60,
        "skills": (Skill(skill="voice"),),
    }
    return Agent(agent_id=agent_id, **given | more)


def shift(who, day, clock, minutes) -> Shift:
    begin = at(day, clock)
    work = Activity(
        code="ON_QUEUE",
        category=ActivityCategory.WORK,
        is_paid=True,
        start=begin,
        end=begin + timedelta(minutes=minutes),
    )
    return Shift(
        shift_id=f"{who}{day}",
        agent_id=who,
        shift_date=MONDAY + timedelta(days=day),
        activities=(work,),
    )


def problem(people=()) -> PlanningProblem:
    week = ["mon-sun 09:00-13:00"]
    contract = Contract(name="full", shortest_min=60, longest_min=600, start_window=(0, 1439))
    return PlanningProblem(
        name="plan",
        timezone=ZONE,
        interval_min=60,
        channels=(
            Channel(name="voice", open=week, abandon_share_max=0.05, occupancy_max=0.85),
            Channel(name="email", kind="deferred", open=week, due_share=0.9, strain_weight=0.5),
        ),
        agents=tuple(people),
        contracts={"full": contract, "half": contract},
        past_shifts=(
            PastShift(agent_id="a", start=at(-1, "09:00"), end=at(-1, "17:00")),
            PastShift(agent_id="a", start=at(-2, "09:00"), end=at(-2, "17:00")),
        ),
    )


def levels():
    """Service levels of 28 open hours: two fail on Tuesday from 10:00, two on Friday from 09:00."""
    level = np.full((7, 4), 0.9)
    level[1, 1:3] = 0.6, 0.5
    level[4, :2] = 0.7
    return level


def outcome(plan, *, level=None, offered=None, q10=None, **week):
    """The tidy table of a simulation, with the values of the week as given."""
    horizon = plan.horizon(MONDAY)
    level = levels() if level is None else level
    offered = np.full((7, 4), 100.0) if offered is None else offered
    given = {
        ("service_level", "voice"): float((level * offered).sum() / max(offered.sum(), 1e-12)),
        ("service_level", "email"): 0.95,
        ("service_level", ""): 0.9,
        ("abandon_rate", "voice"): 0.04,
        ("abandon_rate", ""): 0.03,
        ("wait_mean_s", "voice"): 25.0,
        ("wait_mean_s", ""): 25.0,
        ("wait_p95_s", "voice"): 90.0,
        ("wait_p95_s", ""): 90.0,
        ("occupancy", "voice"): 0.8,
        ("occupancy", "email"): 0.7,
        ("backlog", "email"): 12.0,
        ("harm", ""): 1234.0,
    } | week.get("values", {})
    rows = [row(m, c, pd.NaT, v, v) for (m, c), v in given.items()]
    for d in range(7):
        for h, hour in enumerate(OPEN):
            start = pd.Timestamp(at(d, f"{hour}:00"))
            low = level[d, h] - 0.05 if q10 is None else q10[d, h]
            rows += [
                row("offered", "voice", start, offered[d, h], nan),
                row("offered", "email", start, 10.0, nan),
                row("offered", "", start, offered[d, h] + 10, nan),
                row("service_level", "voice", start, level[d, h], low),
                row("service_level", "email", start, 0.95, 0.9),
                row("service_level", "", start, level[d, h], low),
                row("abandon_rate", "voice", start, (1 - level[d, h]) / 5, nan),
                row("abandon_rate", "", start, (1 - level[d, h]) / 6, nan),
                row("wait_mean_s", "voice", start, 100 * (1 - level[d, h]), nan),
                row("wait_p95_s", "voice", start, 300 * (1 - level[d, h]), nan),
                row("occupancy", "voice", start, 0.95 if level[d, h] < 0.8 else 0.78, nan),
                row("backlog", "email", start, 10.0 + h, nan),
            ]
    return Outcome(horizon=horizon, measures=pd.DataFrame(rows), replications=10)


def row(measure, channel, start, value, q10):
    return {
        "measure": measure,
        "channel": channel,
        "interval_start": start,
        "value": value,
        "half_width": 0.0,
        "unit": "",
        "q10": q10,
        "q90": value,
    }


PEOPLE = (
    agent(
        "a",
        availability=(
            Availability(kind="prefer", weekday=0, start_min=480, end_min=1080),
            Availability(kind="avoid", weekday=1, start_min=0, end_min=1440),
            Availability(kind="prefer", weekday=6, start_min=0, end_min=60),  # does not work
        ),
        time_off=(
            TimeOff(start=at(3, "00:00"), end=at(4, "00:00"), status=TimeOffStatus.REQUESTED),
            TimeOff(start=at(1, "00:00"), end=at(2, "00:00"), status=TimeOffStatus.REQUESTED),
            TimeOff(start=at(20, "00:00"), end=at(21, "00:00"), status=TimeOffStatus.REQUESTED),
        ),
    ),
    agent(
        "b",
        contract_type="half",
        contract_hours_week=20,
        availability=(Availability(kind="avoid", weekday=2, start_min=0, end_min=720),),
    ),
    agent("c", timezone="America/New_York"),
)
SHIFTS = (
    shift("a", 0, "09:00", 480),
    shift("a", 1, "06:30", 480),
    shift("a", 2, "13:00", 480),
    shift("b", 2, "22:00", 480),
    shift("b", 5, "21:00", 480),
    shift("c", 0, "12:00", 480),  # 07:00 in New York
)


def run(people=PEOPLE, shifts=SHIFTS, *, breaches=(), ledger=None, empowered=(0, 0), **more) -> Run:
    plan = problem(people)
    horizon = plan.horizon(MONDAY)
    shape = (2, horizon.interval_count)
    zero = np.zeros(shape)
    need = {
        name: zero.copy()
        for name in (
            "volume", "load_erlangs", "staff_promise", "staff_occupancy", "staff_abandonment",
            "staff_tail",
            "staff_due", "staff_required", "staff_min",
        )
    }  # fmt: skip
    asked, there = empowered
    ids = [a.agent_id for a in plan.agents]
    return Run(
        problem=plan,
        plan_path=Path("plan.toml"),
        horizon=horizon,
        seed=0,
        demand=DemandForecast(
            horizon=horizon, channels=CHANNELS, is_open=zero < 1, offered_mean=zero.copy(),
            offered_q10=zero.copy(), offered_q50=zero.copy(), offered_q90=zero.copy(),
            aht_s=zero.copy(), rate_cv=zero.copy(), day_share=np.zeros(2), patience_s=np.zeros(2),
        ),
        need=StaffNeed(
            horizon=horizon, channels=CHANNELS, harm=np.zeros((*shape, 2)),
            binding=np.full(shape, "none"), empowered_min=np.full(shape[1], float(asked)),
            presence_share=1.0, **need,
        ),
        solution=Solution(
            schedule=Schedule(
                schedule_id="s", timezone=ZONE, first_day=MONDAY, days=7, shifts=shifts
            ),
            status=SolveStatus.SETTLED, objective=1.0, lower_bound=1.0, staff=zero.copy(),
            heads=zero[0].copy(), empowered=np.full(shape[1], float(there)), channel_share={},
            prices=zero.copy(), terms={}, passes=1, seconds=0.0,
        ),
        outcome=outcome(plan, **more),
        ledger=pd.DataFrame(
            {
                "agent_id": np.repeat(ids, 7),
                "date": list(horizon.dates) * len(ids),
                "overload_min": 10.0,
                "acute_min": np.tile(np.arange(7.0), len(ids)),
                "chronic_min": 1.0,
            }
        ) if ledger is None else ledger,
        audit=Audit(checked=(), breaches=breaches),
        stages={},
    )  # fmt: skip


def test_the_average_stands_beside_the_tail_and_the_worst_interval():
    level = both_sides(run()).figure("service_level", "voice")
    assert level.average == pytest.approx(levels().mean())
    assert level.median == pytest.approx(0.9)
    assert level.tail == pytest.approx(np.quantile(levels(), 0.1))
    assert (level.worst, level.best) == (0.5, 0.9)
    assert level.worst_at == "2026-11-03T11:00:00Z"
    assert level.target == 0.8
    assert level.verdict is Verdict.AVERAGE_ONLY  # a good mean with bad hours


def test_the_consistency_report_of_a_channel():
    sides = both_sides(run())
    assert sides.figure("kept_volume", "voice").average == pytest.approx(24 / 28)
    assert sides.figure("failing_run_min", "voice").average == 120
    assert sides.figure("worst_to_median", "voice").average == pytest.approx(50 / 10)  # seconds
    tuesday = (0.9 + 0.6 + 0.5 + 0.9) / 4
    assert sides.figure("weekday_spread", "voice").average == pytest.approx(0.9 - tuesday)
    bad = 1 - levels().mean()
    assert sides.figure("bad_contact", "voice").average == pytest.approx(1 - exp(-3 * bad))
    # the worst tenth of 28 equal hours: 2.8 hours of abandonment 0.1, 0.08 and 0.06
    worst = (0.1 + 0.08 + 0.8 * 0.06) / 2.8
    assert sides.figure("abandon_cvar", "voice").average == pytest.approx(worst)


def test_averages_are_weighted_by_contacts_and_empty_hours_do_not_count():
    offered = np.full((7, 4), 100.0)
    offered[1, 2], offered[1, 1], offered[6] = 0.0, 300.0, 0.0
    sides = both_sides(run(offered=offered))
    assert sides.figure("service_level", "voice").worst == 0.6
    assert sides.figure("failing_run_min", "voice").average == 120  # Friday
    tuesday = (0.9 * 200 + 0.6 * 300) / 500
    assert sides.figure("weekday_spread", "voice").average == pytest.approx(0.9 - tuesday)
    kept = (offered.sum() - 300 - 200) / offered.sum()
    assert sides.figure("kept_volume", "voice").average == pytest.approx(kept)


def test_the_forecast_stands_in_where_the_simulation_counts_no_contacts():
    plain = run()
    measures = plain.outcome.measures
    fewer = measures[~((measures["measure"] == "offered") & (measures["channel"] == "voice"))]
    mean = np.zeros_like(plain.demand.offered_mean)
    mean[0, 9:13] = 50.0  # Monday only
    demand = replace(plain.demand, offered_mean=mean)
    known = replace(plain, outcome=replace(plain.outcome, measures=fewer), demand=demand)
    assert both_sides(known).figure("service_level", "voice").worst == 0.9


def test_rows_beyond_the_week_are_left_out():
    plain = run()
    late = plain.outcome.measures.tail(1).assign(interval_start=pd.Timestamp(at(30, "09:00")))
    table = pd.concat([plain.outcome.measures, late], ignore_index=True)
    more = replace(plain, outcome=replace(plain.outcome, measures=table))
    assert both_sides(more).as_dict() == both_sides(plain).as_dict()


def test_deferred_work_is_judged_by_its_due_time():
    sides = both_sides(run())
    email = sides.figure("service_level", "email")
    assert (email.average, email.target, email.verdict) == (0.95, 0.9, Verdict.MET)
    assert "done within 8 h" in email.definition
    backlog = sides.figure("backlog", "email")
    assert (backlog.average, backlog.worst, backlog.best) == (12.0, 13.0, 10.0)
    named = both_sides(run(values={("due_share", "email"): 0.5}))
    assert named.figure("service_level", "email").average == 0.5
    assert "customers" in named.failing_sides


def test_the_longest_wait_that_is_promised_is_a_target():
    week = run(values={("served_late_share", "voice"): 0.08})
    assert not [f for f in both_sides(week).customers if f.name == "served_late_share"]
    voice, email = week.problem.channels
    asked = voice.model_copy(update={"answer_most_s": 120.0, "answer_most_share": 0.9})
    for share, verdict in ((0.08, Verdict.MET), (0.12, Verdict.MISSED)):
        week = run(values={("served_late_share", "voice"): share})
        plan = week.problem.model_copy(update={"channels": (asked, email)})
        late = both_sides(replace(week, problem=plan)).figure("served_late_share", "voice")
        assert (late.average, late.verdict) == (share, verdict)
        assert late.target == pytest.approx(0.1)


def test_all_channels_stand_together():
    sides = both_sides(run())
    assert sides.figure("service_level").average == 0.9
    assert sides.figure("service_level").worst == 0.5
    assert sides.figure("wait_p95_s").average == 90.0
    assert sides.figure("harm").average == 1234.0


def test_occupancy_is_judged_against_its_cap_in_every_hour():
    sides = both_sides(run())
    voice = sides.figure("occupancy", "voice")
    assert (voice.average, voice.worst, voice.best) == (0.8, 0.95, 0.78)
    assert voice.verdict is Verdict.AVERAGE_ONLY
    assert sides.figure("over_occupancy_min", "voice").average == 240
    email = sides.figure("occupancy", "email")
    assert email.verdict is Verdict.NO_TARGET
    assert isnan(email.worst)


def test_who_finishes_a_contact_after_closing_is_no_overload_of_the_channel():
    week = run()
    early = week.demand.is_open.copy()
    early[:, week.horizon.interval_count // 2 :] = False
    busy = week.outcome.measures.copy()
    late = busy["interval_start"] >= pd.Timestamp(at(4, "00:00"))
    busy.loc[late & (busy["measure"] == "occupancy"), "value"] = 1.0
    closed = replace(
        week,
        demand=replace(week.demand, is_open=early),
        outcome=replace(week.outcome, measures=busy),
    )
    assert both_sides(closed).figure("occupancy", "voice").worst < 1.0


def test_overload_is_the_worst_person_s_and_not_the_mean():
    ledger = run().ledger.copy()
    ledger.loc[(ledger["agent_id"] == "b") & (ledger["acute_min"] == 6), "acute_min"] = 95.0
    acute = both_sides(run(ledger=ledger)).figure("ledger_acute_min")
    assert (acute.worst, acute.worst_at, acute.median) == (95.0, "b", 6.0)
    assert acute.target == 90
    assert acute.verdict is Verdict.MISSED  # the cap is everybody's own
    assert both_sides(run()).figure("ledger_acute_min").verdict is Verdict.MET


def test_hours_are_shown_by_contract_with_least_median_and_most():
    sides = both_sides(run())
    full = sides.figure("contract_hours", "full")
    assert (full.worst, full.best, full.worst_at) == (0.2, 0.6, "c")
    assert full.median == pytest.approx(0.4)
    assert sides.figure("contract_hours", "half").average == pytest.approx(0.8)


def test_burdens_are_counted_per_person_on_their_own_clock():
    sides = both_sides(run())
    nights = sides.figure("nights")
    assert (nights.worst, nights.worst_at, nights.average) == (2.0, "b", pytest.approx(2 / 3))
    assert sides.figure("early_starts").worst_at == "a"
    assert sides.figure("early_starts").worst == 1  # 07:00 in New York is not early
    assert sides.figure("late_ends").worst == 2  # b's nights; a's 21:00 makes one
    assert sides.figure("weekend_shifts").worst_at == "b"
    days = sides.figure("consecutive_days")
    assert (days.worst, days.worst_at) == (5.0, "a")  # two days before, three in the week
    spread = sides.figure("start_spread_min")
    assert (spread.worst, spread.worst_at) == (390.0, "a")


@pytest.mark.parametrize(
    ("starts", "spread"),
    [([], 0), ([540], 0), ([540, 600], 60), ([1380, 30], 90), ([0, 480, 960], 960)],
)
def test_the_spread_of_starts_goes_over_midnight(starts, spread):
    assert clock_spread(starts) == spread


def test_a_run_of_days_ends_in_the_week():
    days = {MONDAY + timedelta(days=d) for d in (0, 1, 4)}
    before = {MONDAY - timedelta(days=d) for d in (1, 3, 4, 5, 6, 7)}
    assert longest_run_of_days(days, before) == 3
    assert longest_run_of_days(set(), before) == 0


def test_wishes_are_met_or_not_and_a_day_without_a_shift_has_none():
    sides = both_sides(run())
    wishes = sides.figure("preferences_met")
    # a: the Monday kept, the Tuesday not; b: free on Wednesday morning
    assert wishes.average == pytest.approx(2 / 3)
    assert (wishes.worst, wishes.worst_at, wishes.best) == (0.5, "a", 1.0)
    assert sides.figure("requests_granted").average == 0.5  # Thursday yes, Tuesday no


def test_people_outside_their_hours_and_hard_breaches_fail_the_staff_side():
    breach = Breach("paid_time_week", "hard", "a", at(0, "00:00"), 60.0, "min", "why")
    sides = both_sides(run(breaches=(breach,)))
    assert sides.figure("hours_outside").average == 1
    assert sides.figure("hard_breaches").average == 1
    assert sides.failing_sides == ("staff",)
    assert both_sides(run()).failing_sides == ()


def test_a_missed_average_fails_the_customers_side():
    sides = both_sides(run(level=np.full((7, 4), 0.7)))
    assert sides.figure("service_level", "voice").verdict is Verdict.MISSED
    assert sides.failing_sides == ("customers",)


@pytest.mark.parametrize(
    ("empowered", "share", "verdict"),
    [((0, 0), nan, Verdict.NO_TARGET), ((1, 1), 1.0, Verdict.MET), ((2, 1), 0.0, Verdict.MISSED)],
)
def test_empowered_people_are_there_when_asked_for(empowered, share, verdict):
    cover = both_sides(run(empowered=empowered)).figure("empowered_cover")
    assert cover.average == pytest.approx(share, nan_ok=True)
    assert cover.verdict is verdict


def test_a_week_without_people_and_contacts_still_has_two_sides():
    nothing = np.zeros((7, 4))
    sides = both_sides(run((), (), offered=nothing, level=np.ones((7, 4))))
    assert isnan(sides.figure("service_level", "voice").worst)
    assert isnan(sides.figure("kept_volume", "voice").average)
    assert isnan(sides.figure("preferences_met").average)
    assert json.dumps(sides.as_dict())


def test_every_figure_has_a_definition_and_plain_values():
    sides = both_sides(run())
    plain = sides.as_dict()
    assert json.loads(json.dumps(plain)) == plain
    for figure in (*sides.customers, *sides.staff):
        assert figure.definition
        assert figure.unit
    names = [(f.name, f.scope) for f in (*sides.customers, *sides.staff)]
    assert len(names) == len(set(names))


def test_a_side_of_which_nothing_is_known_fails():
    unknown = Figure(name="x", unit="share", average=nan)
    known = Figure(name="y", unit="share", average=0.5)
    assert BothSides((unknown,), (known,)).failing_sides == ("customers",)
    assert BothSides((), ()).failing_sides == ("customers", "staff")


@pytest.mark.parametrize(
    ("average", "tail", "is_less_better", "verdict"),
    [
        (0.8, 0.8, False, Verdict.MET),
        (0.8, 0.79, False, Verdict.AVERAGE_ONLY),
        (0.79, 0.9, False, Verdict.MISSED),
        (0.8, 0.81, True, Verdict.AVERAGE_ONLY),
        (0.81, 0.5, True, Verdict.MISSED),
        (0.8, nan, True, Verdict.MET),
        (nan, 0.5, True, Verdict.NO_TARGET),
    ],
)
def test_a_target_is_judged_on_the_average_and_the_tail(average, tail, is_less_better, verdict):
    figure = Figure(
        name="x", unit="share", average=average, tail=tail, target=0.8,
        is_less_better=is_less_better,
    )  # fmt: skip
    assert figure.verdict is verdict


def test_permuting_people_changes_no_figure():
    there = over_people("x", "min", {"a": 1.0, "b": 3.0}, "d")
    back = over_people("x", "min", {"b": 3.0, "a": 1.0}, "d")
    assert repr(there) == repr(back)  # what is not known (nan) differs from itself
    assert over_people("x", "min", {"a": 3.0, "b": 3.0}, "d").worst_at == "a"
    turned = run(PEOPLE[::-1], SHIFTS[::-1])
    assert both_sides(turned).as_dict() == both_sides(run()).as_dict()


def test_what_else_became_of_contacts_is_shown_where_there_is_any():
    came_to = {
        ("blocked", "voice"): 0.0,
        ("redials", "voice"): 12.0,
        ("failure_demand", "voice"): 0.04,
        ("escalations", "voice"): 3.0,
        ("failure_demand", ""): 0.03,
    }
    sides = both_sides(run(values=came_to))
    shown = {f.name: f for f in sides.customers if f.scope == "voice"}
    assert "blocked" not in shown
    assert shown["redials"].average == 12.0
    assert (shown["failure_demand"].unit, shown["failure_demand"].average) == ("share", 0.04)
    assert "came again after being lost" in shown["redials"].definition
    assert sides.figure("failure_demand").average == 0.03
    assert "redials" not in {f.name for f in both_sides(run()).customers}


def test_a_planner_reads_how_the_service_of_single_days_varies():
    plain = run()
    day = row("service_level_day", "voice", pd.NaT, 0.86, 0.79)
    table = pd.concat([plain.outcome.measures, pd.DataFrame([day])], ignore_index=True)
    sides = both_sides(replace(plain, outcome=replace(plain.outcome, measures=table)))
    figure = sides.figure("service_level_day", "voice")
    assert (figure.average, figure.tail, figure.best) == (0.86, 0.79, 0.86)
    assert figure.verdict is Verdict.NO_TARGET
