"""Tests for wfplan.report.people."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from wfplan.domain.schedule import Activity, Shift
from wfplan.evaluation import both_sides
from wfplan.horizon import wall_instant
from wfplan.report.people import night_min, people_pages
from wfplan.report.timeline import day_axes

DUBLIN = "Europe/Dublin"


@pytest.fixture(scope="module")
def people(run):
    return people_pages(run, day_axes(run))


def shift(day, start_min, length_min):
    start = wall_instant(day, start_min, DUBLIN)
    work = Activity(
        code="ON_QUEUE",
        category="work",
        is_paid=True,
        start=start,
        end=start + timedelta(minutes=length_min),
    )
    return Shift(shift_id="s", agent_id="A000", shift_date=day, activities=(work,))


def test_everybody_has_a_page_in_the_order_of_ids(run, people):
    assert [p.agent_id for p in people] == sorted(a.agent_id for a in run.problem.agents)


def test_the_pages_agree_with_the_week_on_wishes_and_burdens(run, people):
    both = both_sides(run)
    stated = sum(p.wishes for p in people)
    assert sum(p.wishes_met for p in people) / stated == pytest.approx(
        both.figure("preferences_met").average
    )
    for name, values in {
        "late_ends": [p.lates for p in people],
        "nights": [p.nights for p in people],
        "weekend_shifts": [p.weekends for p in people],
    }.items():
        assert sum(values) / len(values) == pytest.approx(both.figure(name).average)


def test_the_pages_agree_with_the_ledger(run, people):
    heaviest = both_sides(run).figure("ledger_acute_min")
    assert max(p.acute_peak_min for p in people) == pytest.approx(heaviest.worst)
    assert sum(p.overload_min for p in people) == pytest.approx(run.ledger["overload_min"].sum())


def test_a_page_has_every_date_and_every_shift(run, people):
    own = run.solution.schedule.by_agent()
    for p in people:
        assert len(p.days) >= 7
        assert sum(not d.is_free for d in p.days) == len(own.get(p.agent_id, [])) == p.shift_count


def test_a_worked_day_says_times_breaks_and_whom_it_serves(people):
    day = next(d for p in people for d in p.days if not d.is_free and "meal" in d.breaks)
    assert "–" in day.shift
    assert day.breaks.startswith("rest ")
    assert day.serves.split(" ")[0].strip(",") in {"voice", "chat", "email", "social"}
    assert day.paid.endswith("h")


def test_times_are_in_the_persons_own_zone(run):
    agents = (
        run.problem.agents[0].model_copy(update={"timezone": "Europe/Lisbon"}),
        run.problem.agents[1].model_copy(update={"timezone": "Europe/Athens"}),
    )
    abroad = replace(run, problem=run.problem.model_copy(update={"agents": agents}))
    days = day_axes(run)
    here, there = people_pages(run, days)[1], people_pages(abroad, days)[1]
    assert there.zone_note == "Europe/Athens"
    assert here.zone_note == ""
    starts = [[int(d.shift[:2]) for d in p.days if not d.is_free] for p in (here, there)]
    assert starts[1] == [hour + 2 for hour in starts[0]]


@pytest.mark.parametrize(
    ("start", "length", "minutes"),
    [
        (9 * 60, 480, 0),
        (15 * 60, 480, 0),
        (16 * 60, 480, 60),
        (22 * 60, 480, 420),
        (0, 360, 360),
        (5 * 60, 480, 60),
    ],
)
def test_night_minutes_lie_between_23_and_6(run, start, length, minutes):
    assert night_min(shift(run.horizon.first_day, start, length), DUBLIN) == minutes


def test_the_autumn_night_has_an_hour_more_and_the_spring_night_one_less(autumn, spring):
    saturday = autumn.horizon.dates[5]
    assert night_min(shift(saturday, 23 * 60, 480), DUBLIN) == 480
    saturday = spring.horizon.dates[5]
    assert night_min(shift(saturday, 23 * 60, 360), DUBLIN) == 360
    assert night_min(shift(saturday, 23 * 60, 480), DUBLIN) == 360


def test_allowed_hours_are_lowered_by_time_off(run, people):
    away = {
        a.agent_id
        for a in run.problem.agents
        if any(off.status == "approved" for off in a.time_off)
    }
    assert away
    for p in people:
        agent = next(a for a in run.problem.agents if a.agent_id == p.agent_id)
        assert (p.least_min < agent.min_hours_week * 60) == (p.agent_id in away)


def test_nobody_means_no_pages(empty):
    assert people_pages(empty, day_axes(empty)) == ()
