"""Tests for wfplan.engagement.rescue and starts: shares, heroes by hand, and steady starts."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from wfplan.domain.channels import Channel
from wfplan.domain.people import Agent, Skill
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.promises import RESCUE_MIN, PastPromise
from wfplan.domain.schedule import Activity, ActivityCategory, PastShift, Schedule, Shift
from wfplan.engagement.rescue import Heroes, herfindahl, heroes, rescue_minutes, rescue_share
from wfplan.engagement.starts import clock_distance, usual_start

MONDAY = date(2026, 6, 1)


def person(agent_id, *skills):
    return Agent(
        agent_id=agent_id, timezone="UTC", contract_type="full", contract_hours_week=40,
        min_hours_week=0, max_hours_week=60, skills=tuple(Skill(skill=name) for name in skills),
    )  # fmt: skip


def plan(*people, **more):
    channel = Channel(name="voice", open=["mon-fri 08:00-18:00"])
    return PlanningProblem(name="P", timezone="UTC", channels=(channel,), agents=people, **more)


def shift(agent_id, hour, minutes):
    start = datetime(2026, 6, 1, hour, tzinfo=UTC)
    work = Activity(
        code="ON_QUEUE", category=ActivityCategory.WORK, is_paid=True,
        start=start, end=start + timedelta(minutes=minutes),
    )  # fmt: skip
    return Shift(
        shift_id=f"s-{agent_id}-{hour}", agent_id=agent_id, shift_date=MONDAY, activities=(work,)
    )


def test_the_work_of_an_interval_is_shared_by_those_who_are_there():
    assert rescue_share([1, 1, 1, 2, 0], [0, 1, 2, 1, 3]).tolist() == [0, 1, 0.5, 1, 0]


def test_minutes_by_hand_and_only_of_the_empowered():
    problem = plan(person("A", "empowered"), person("B", "empowered"), person("C", "voice"))
    horizon = problem.horizon(MONDAY, 7)
    schedule = Schedule(
        schedule_id="s", timezone="UTC", first_day=MONDAY, days=7,
        shifts=(shift("A", 8, 120), shift("B", 9, 60), shift("C", 8, 480)),
    )  # fmt: skip
    asked = np.ones(horizon.interval_count)
    found = rescue_minutes(problem, horizon, schedule, asked)
    assert found == {"A": pytest.approx(60 + 30), "B": pytest.approx(30)}


@pytest.mark.parametrize(
    ("shares", "index"),
    [([0.25] * 4, 0), ([1, 0, 0, 0], 1), ([0.5, 0.5, 0, 0], (0.5 - 0.25) / 0.75)],
)
def test_the_index_is_0_of_even_and_1_of_lonely_work(shares, index):
    assert herfindahl(shares) == pytest.approx(index)


def test_of_one_person_there_is_no_index_and_of_two_no_hero():
    assert np.isnan(herfindahl([1.0]))
    assert np.isnan(Heroes({"A": 1, "B": 1}, 1).share_most)
    assert Heroes(dict.fromkeys("ABCD", 1.0), 1).share_most == pytest.approx(0.5)
    assert Heroes({"A": 0.0, "B": 0.0}, 1).shares == {}


def test_four_weeks_count_and_people_who_left_do_not():
    def past(agent_id, weeks):
        first = MONDAY - timedelta(weeks=weeks)
        return PastPromise(agent_id=agent_id, first_day=first, counts={RESCUE_MIN: 100.0})

    problem = plan(past_promises=(past("A", 1), past("A", 3), past("A", 4), past("Z", 1)))
    found = heroes(problem, MONDAY, {"A": 10.0, "B": 20.0})
    assert found.minutes == {"A": 210.0, "B": 20.0}
    assert found.weeks == 3


def test_distance_goes_round_the_clock():
    assert clock_distance([23 * 60, 60, 12 * 60], 0).tolist() == [60, 60, 720]


@pytest.mark.parametrize(
    ("starts", "usual"),
    [
        ([], None),
        ([(7, 8), (6, 9), (5, 9)], 9 * 60),
        ([(8, 20), (3, 7)], 7 * 60),  # the last week she worked in
        ([(10, 20)], 20 * 60),
        ([(29, 20)], None),
        ([(3, 23), (2, 1), (1, 0)], 0),
    ],
)
def test_the_usual_start_is_that_of_the_last_week_at_work(starts, usual):
    past = tuple(
        PastShift(agent_id="A", start=begin, end=begin + timedelta(hours=8))
        for days, hour in starts
        for begin in [datetime(2026, 6, 1, hour, tzinfo=UTC) - timedelta(days=days)]
    )
    problem = plan(person("A"), past_shifts=past)
    assert usual_start(problem, problem.agents[0], MONDAY) == usual
