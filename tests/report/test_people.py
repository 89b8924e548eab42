"""Tests for wfplan.report.people."""

from __future__ import annotations

from dataclasses import replace

import pytest

from wfplan.evaluation import both_sides
from wfplan.report.people import people_pages
from wfplan.report.timeline import day_axes


@pytest.fixture(scope="module")
def people(run):
    return people_pages(run, day_axes(run))


def test_everybody_has_a_page_in_the_order_of_ids(run, people):
    assert [p.agent_id for p in people] == sorted(a.agent_id for a in run.problem.agents)


def test_the_pages_agree_with_the_week_on_wishes_and_burdens(run, people):
    both = both_sides(run)
    stated = sum(p.wishes for p in people)
    assert sum(p.wishes_met for p in people) / stated == pytest.approx(
        both.figure("preferences_met").average
    )
    for name, values in {
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
