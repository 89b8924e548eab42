"""Tests for wfplan.engagement.ledger."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from wfplan.domain.channels import Channel
from wfplan.domain.contracts import Contract
from wfplan.domain.people import Agent, Skill
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.schedule import Activity, ActivityCategory, PastShift, Schedule, Shift
from wfplan.domain.strain import STRAIN_TABLE, StrainTable
from wfplan.engagement import overload_ledger
from wfplan.engagement.ledger import (
    ACUTE_KEPT,
    CHRONIC_KEPT,
    COLUMNS,
    remembered,
)
from wfplan.errors import InputError
from wfplan.horizon import wall_instant

MONDAY = date(2026, 11, 2)
ZONE = "Europe/Dublin"
FIVE_ON_TWO_OFF = np.array([120.0] * 5 + [0.0] * 2)


def plan(*, strain_weights=(1.0,), past=(), people=("A1",), timezone=ZONE) -> PlanningProblem:
    channels = tuple(
        Channel(name=f"c{i}", open=["daily 00:00-24:00"], strain_weight=w)
        for i, w in enumerate(strain_weights)
    )
    contract = Contract(name="any", shortest_min=60, longest_min=600, start_window=(0, 1439))
    agents = tuple(
        Agent(
            agent_id=name,
            timezone=timezone,
            contract_type="any",
            contract_hours_week=40,
            min_hours_week=0,
            max_hours_week=60,
            skills=tuple(Skill(skill=c.name) for c in channels),
        )
        for name in people
    )
    return PlanningProblem(
        name="plan",
        timezone=ZONE,
        channels=channels,
        agents=agents,
        contracts={"any": contract},
        past_shifts=tuple(past),
    )


def shift(day, start_min, length_min, *, agent="A1", pause=None) -> Shift:
    begin = wall_instant(day, start_min, ZONE)
    cuts = [(0, length_min, ActivityCategory.WORK)]
    if pause:
        first, long = pause
        cuts = [
            (0, first, ActivityCategory.WORK),
            (first, first + long, ActivityCategory.BREAK),
            (first + long, length_min, ActivityCategory.WORK),
        ]
    return Shift(
        shift_id=f"{agent}-{day}-{start_min}",
        agent_id=agent,
        shift_date=day,
        activities=tuple(
            Activity(
                code=str(kind),
                category=kind,
                is_paid=True,
                start=begin + timedelta(minutes=a),
                end=begin + timedelta(minutes=b),
            )
            for a, b, kind in cuts
        ),
    )


def ledger(shifts, *, occupancy=0.9, problem=None, share=None, horizon=None, **options):
    problem = problem or plan()
    horizon = horizon or problem.horizon(MONDAY)
    shape = (len(problem.channels), horizon.interval_count)
    even = np.full(shape, 1 / len(problem.channels))
    schedule = Schedule(
        schedule_id="s", timezone=ZONE, first_day=MONDAY, days=horizon.days, shifts=tuple(shifts)
    )
    return overload_ledger(
        problem,
        horizon,
        schedule,
        {a.agent_id: even if share is None else share for a in problem.agents},
        np.broadcast_to(occupancy, shape),
        **options,
    )


def test_the_filters_forget_as_the_half_lives_say():
    assert pytest.approx(0.86688, abs=5e-6) == ACUTE_KEPT
    assert pytest.approx(0.97647, abs=5e-6) == CHRONIC_KEPT
    assert log(2) / -log(ACUTE_KEPT) == pytest.approx(4.85, abs=5e-3)
    assert log(2) / -log(CHRONIC_KEPT) == pytest.approx(29.1, abs=5e-2)


@pytest.mark.parametrize(
    ("day", "acute", "chronic"),
    [(5, 61.2550, 13.4681), (7, 46.0317, 12.8418), (42, 72.6406, 52.8770)],
)
def test_five_days_of_120_minutes_from_zero_reach_the_published_values(day, acute, chronic):
    load = np.tile(FIVE_ON_TWO_OFF, 6)
    assert remembered(load, ACUTE_KEPT)[day - 1] == pytest.approx(acute, abs=5e-5)
    assert remembered(load, CHRONIC_KEPT)[day - 1] == pytest.approx(chronic, abs=5e-5)


@pytest.mark.parametrize(
    ("kept", "peak", "trough"), [(exp(-1 / 7), 96.9040, 72.8211), (exp(-1 / 42), 87.7299, 83.6502)]
)
def test_the_same_week_for_ever_swings_between_peak_and_trough(kept, peak, trough):
    memory = remembered(np.tile(FIVE_ON_TWO_OFF, 200), kept)
    assert memory[-3] == pytest.approx(peak, abs=5e-5)
    assert memory[-1] == pytest.approx(trough, abs=5e-5)
    assert memory[-3] == pytest.approx(120 * (1 - kept**5) / (1 - kept**7))


def test_the_truth_tables_agree_with_the_filters(shared):
    with (shared / "truth" / "checks.csv").open() as file:
        truth = {row["quantity"]: float(row["value"]) for row in csv.DictReader(file)}
    memory = {
        "acute": remembered(np.tile(FIVE_ON_TWO_OFF, 400), ACUTE_KEPT),
        "chronic": remembered(np.tile(FIVE_ON_TWO_OFF, 400), CHRONIC_KEPT),
    }
    rows = [name.split("_", 2)[1:] for name in truth if name.startswith("ledger_")]
    assert len(rows) == 7
    for kind, when in rows:
        at = {"steady_peak": -3, "steady_trough": -1}.get(when)
        at = int(when.rsplit("_", 1)[-1]) - 1 if at is None else at
        assert memory[kind][at] == pytest.approx(truth[f"ledger_{kind}_{when}"], rel=1e-9)


@given(st.lists(st.floats(0, 500), min_size=1, max_size=30), st.floats(0, 200))
def test_no_overload_only_decays_and_memory_stays_below_the_largest_day(days, start):
    load = np.array(days)
    idle = remembered(np.zeros_like(load), ACUTE_KEPT, start)
    assert np.allclose(idle, start * ACUTE_KEPT ** np.arange(1, len(load) + 1))
    memory = remembered(load, ACUTE_KEPT, start)
    assert (memory >= idle - 1e-9).all()
    assert memory.max() <= max(load.max(), start) + 1e-9


def test_the_ledger_has_a_row_for_every_agent_and_date_even_without_shifts():
    table = ledger([], problem=plan(people=("B", "A")))
    assert tuple(table.columns) == COLUMNS
    assert list(table["agent_id"]) == ["A"] * 7 + ["B"] * 7
    assert list(table["date"][:7]) == [MONDAY + timedelta(days=d) for d in range(7)]
    assert not table[["overload_min", "acute_min", "chronic_min"]].to_numpy().any()
    assert set(table["strain_table"]) == {STRAIN_TABLE.version}


def test_a_plan_without_people_has_an_empty_ledger():
    assert tuple(ledger([], problem=plan(people=())).columns) == COLUMNS


def test_a_shift_weighs_its_minutes_on_queue_by_the_strain_of_their_occupancy():
    table = ledger([shift(MONDAY, 540, 480, pause=(240, 30))])
    assert table["overload_min"][0] == pytest.approx(450 * 0.5)
    assert table["acute_min"][0] == pytest.approx((1 - exp(-1 / 7)) * 225)
    assert table["acute_min"][6] == pytest.approx((1 - exp(-1 / 7)) * 225 * exp(-6 / 7))
    assert table["chronic_min"][0] == pytest.approx((1 - exp(-1 / 42)) * 225)


def test_work_inside_an_interval_counts_by_the_minute():
    rising = np.linspace(0.5, 1.0, 168 * 4)
    whole = ledger([shift(MONDAY, 545, 100)], occupancy=rising)["overload_min"].sum()
    rate = STRAIN_TABLE.rate(rising)
    minute_by_minute = sum(rate[minute // 15] for minute in range(545, 645))
    assert whole == pytest.approx(minute_by_minute)


def test_splitting_the_intervals_in_halves_changes_nothing():
    problem = plan()
    fine = problem.model_copy(update={"interval_min": 5})
    shifts = [shift(MONDAY, 550, 415)]
    occupancy = np.linspace(0.6, 1.0, 168 * 4)
    coarse = ledger(shifts, occupancy=occupancy, problem=problem)
    split = ledger(shifts, occupancy=np.repeat(occupancy, 3), problem=fine)
    assert np.allclose(coarse["overload_min"], split["overload_min"])


def test_a_channel_weighs_what_the_plan_says_and_shares_add_up():
    problem = plan(strain_weights=(1.0, 1.5))
    share = np.zeros((2, 168 * 4))
    share[0], share[1] = 0.25, 0.75
    table = ledger([shift(MONDAY, 540, 400)], problem=problem, share=share)
    assert table["overload_min"][0] == pytest.approx(400 * 0.5 * (0.25 + 0.75 * 1.5))


def test_consecutive_days_weigh_more_and_the_history_counts():
    week = [shift(MONDAY + timedelta(days=d), 540, 100) for d in range(7)]
    fresh = ledger(week)["overload_min"]
    assert list(fresh / 50) == pytest.approx([1.00, 1.02, 1.07, 1.17, 1.25, 1.25, 1.25])
    eve = wall_instant(MONDAY - timedelta(days=1), 540, ZONE)
    past = PastShift(agent_id="A1", start=eve, end=eve + timedelta(hours=8))
    tired = ledger(week, problem=plan(past=[past]))["overload_min"]
    assert list(tired / 50) == pytest.approx([1.02, 1.07, 1.17, 1.25, 1.25, 1.25, 1.25])


def test_a_day_off_begins_the_count_of_days_again():
    days = [shift(MONDAY + timedelta(days=d), 540, 100) for d in (0, 1, 3)]
    assert list(ledger(days)["overload_min"] / 50) == pytest.approx([1.0, 1.02, 0, 1, 0, 0, 0])


def test_the_night_weighs_more_and_belongs_to_the_date_of_its_shift():
    table = ledger([shift(MONDAY, 22 * 60, 480)])
    assert table["overload_min"][0] == pytest.approx(0.5 * (60 + 1.28 * 420))
    assert table["overload_min"][1] == 0


@pytest.mark.parametrize(
    ("day", "night_min"),
    [
        (date(2026, 10, 24), 480),  # autumn: the clock shows 23:00 to 06:00 for eight hours
        (date(2026, 3, 28), 360),  # spring: for six
    ],
)
def test_a_clock_change_night_weighs_its_elapsed_minutes(day, night_min):
    problem = plan()
    begin = day - timedelta(days=day.weekday())
    horizon = problem.horizon(begin)
    begin_at, end_at = wall_instant(day, 22 * 60, ZONE), wall_instant(day, 31 * 60, ZONE)
    length = int((end_at - begin_at).total_seconds() // 60)
    table = ledger([shift(day, 22 * 60, length)], horizon=horizon)
    worked = table["overload_min"].sum()
    assert worked == pytest.approx(0.5 * (120 + 1.28 * night_min))
    assert length == 120 + night_min


def test_the_night_is_that_of_the_agent_and_not_of_the_site():
    far = plan(timezone="America/New_York")
    table = ledger([shift(MONDAY, 10 * 60, 60)], problem=far)  # 05:00 in New York
    assert table["overload_min"].sum() == pytest.approx(0.5 * 1.28 * 60)


def test_work_beyond_the_horizon_waits_for_the_next_week():
    sunday = MONDAY + timedelta(days=6)
    table = ledger([shift(sunday, 22 * 60, 480)])
    assert table["overload_min"].sum() == pytest.approx(0.5 * (60 + 1.28 * 60))


def test_a_stretch_wholly_beyond_the_horizon_weighs_nothing_yet():
    sunday = MONDAY + timedelta(days=6)
    table = ledger([shift(sunday, 22 * 60, 480, pause=(180, 30))])
    assert table["overload_min"].sum() == pytest.approx(0.5 * (60 + 1.28 * 60))


def test_carried_overload_decays_into_the_week():
    table = ledger([], carried={"A1": (80.0, 50.0)})
    assert table["acute_min"][6] == pytest.approx(80 / exp(1))
    assert table["chronic_min"][6] == pytest.approx(50 * exp(-7 / 42))


def test_minutes_are_conserved_over_people():
    shifts = [shift(MONDAY, 540, 300, agent="A"), shift(MONDAY, 600, 240, agent="B")]
    both = ledger(shifts, problem=plan(people=("A", "B")))["overload_min"].sum()
    alone = [ledger([s], problem=plan(people=(s.agent_id,)))["overload_min"].sum() for s in shifts]
    assert both == pytest.approx(sum(alone))


@given(st.floats(0, 1.5), st.floats(0, 1.5))
def test_more_occupancy_never_weighs_less(one, other):
    low, high = STRAIN_TABLE.rate(sorted((one, other)))
    assert low <= high


def test_the_strain_table_has_the_published_knots_and_is_flat_outside():
    assert list(STRAIN_TABLE.rate([0.0, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0, 1.3])) == pytest.approx(
        [0, 0, 0.125, 0.25, 0.5, 1.0, 2.0, 2.0]
    )
    assert STRAIN_TABLE.rate([float("nan")])[0] == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"occupancy": (0.8, 0.7, 0.9, 0.95, 1.0)}, r"occupancy .* must rise"),
        ({"strain": (0.0, 0.5)}, r"occupancy has 5 values and strain 2"),
        ({"night_weight": 1.5}, r"version 2026.1 is the table that wfplan comes with"),
        ({"strain": (0.0, 1.0, 1.1, 1.2, 1.3)}, r"must rise ever more steeply"),
        ({"strain": (0.5, 0.25, 0.5, 1.0, 2.0)}, r"must rise ever more steeply"),
    ],
)
def test_a_strain_table_that_rewards_busier_hours_is_refused(options, message):
    with pytest.raises(ValidationError, match=message):
        StrainTable(**options)


def test_arrays_of_another_week_are_refused():
    problem = plan()
    horizon = problem.horizon(MONDAY)
    schedule = Schedule(schedule_id="s", timezone=ZONE, first_day=MONDAY, days=7)
    with pytest.raises(InputError, match=r"occupancy has the shape \(1, 3\).* 672 intervals"):
        overload_ledger(problem, horizon, schedule, {}, np.zeros((1, 3)))
    busy = schedule.model_copy(update={"shifts": (shift(MONDAY, 540, 60),)})
    with pytest.raises(InputError, match=r"channel_share of agent A1 has the shape \(2, 672\)"):
        overload_ledger(problem, horizon, busy, {"A1": np.zeros((2, 672))}, np.zeros((1, 672)))


def test_a_shift_of_another_week_is_left_out():
    early = shift(MONDAY - timedelta(days=2), 540, 300)
    assert ledger([early])["overload_min"].sum() == 0


@pytest.mark.parametrize("kind", ["training", "meeting", "off_queue"])
def test_a_session_away_from_contacts_adds_no_overload(kind):
    """It is work, and no rest; what it takes from contacts weighs on nobody."""
    busy, channels = np.full((1, 672 // 4 * 4), 0.95), {"A1": np.ones((1, 672))}
    whole = shift(MONDAY, 480, 480, pause=(120, 60))
    pause = whole.activities[1].model_copy(
        update={"category": ActivityCategory(kind), "code": kind.upper(), "activity_id": "s-1"}
    )
    taught = whole.model_copy(
        update={"activities": (whole.activities[0], pause, whole.activities[2])}
    )
    ledgers = [
        overload_ledger(
            plan(), plan().horizon(MONDAY),
            Schedule(schedule_id="x", timezone=ZONE, first_day=MONDAY, days=7, shifts=(one,)),
            channels, busy,
        )["overload_min"].sum()
        for one in (whole, taught, shift(MONDAY, 480, 480))
    ]  # fmt: skip
    assert ledgers[0] == ledgers[1] == pytest.approx(ledgers[2] * 7 / 8)
    assert ledgers[0] > 0
