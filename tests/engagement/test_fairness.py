"""Tests for wfplan.engagement.fairness: burdens with memory, and fair shares of them."""

from datetime import UTC, date, datetime, timedelta
from math import exp
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.domain.channels import Channel
from wfplan.domain.contracts import Contract
from wfplan.domain.people import Agent, PastLoad, Skill, TimeOff
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.promises import PastPromise
from wfplan.domain.schedule import PastShift
from wfplan.engagement.fairness import BURDENS, burden_book, gini, shift_burdens, spread
from wfplan.horizon import wall_instant

MONDAY = date(2026, 6, 1)


def person(agent_id, hours=40.0, **more):
    given = {
        "timezone": "UTC",
        "contract_type": "full",
        "contract_hours_week": hours,
        "min_hours_week": 0,
        "max_hours_week": hours,
        "skills": (Skill(skill="voice"),),
    }
    return Agent(agent_id=agent_id, **given | more)


def plan(*people, **more):
    contract = Contract(name="full", shortest_min=480, longest_min=480, start_window=(0, 1380))
    return PlanningProblem(
        name="Small",
        timezone="UTC",
        channels=(Channel(name="voice", open=["daily 00:00-24:00"]),),
        agents=people,
        contracts={"full": contract, "part": contract.model_copy(update={"name": "part"})},
        **more,
    )


def past(agent_id, days_ago, hour, hours=8):
    start = datetime(2026, 6, 1, hour, tzinfo=UTC) - timedelta(days=days_ago)
    return PastShift(agent_id=agent_id, start=start, end=start + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("day", "hour", "hours", "expected"),
    [
        (1, 22, 8, (True, False, False)),  # seven hours of night
        (1, 15, 11, (True, False, False)),  # until 02:00: exactly three
        (1, 14, 11.75, (False, False, True)),  # until 01:45: a quarter short, and late
        (1, 12, 8, (False, False, False)),  # ends at 20:00 sharp
        (1, 12, 8.25, (False, False, True)),
        (6, 8, 8, (False, True, False)),  # Saturday
        (7, 22, 8, (True, True, False)),  # Sunday night
        (5, 22, 8, (True, False, False)),  # Friday night ends on Saturday and began on Friday
        (1, 3, 8, (True, False, False)),  # from 03:00: three hours
    ],
)
def test_shifts_are_burdens_by_the_clock(day, hour, hours, expected):
    start = datetime(2026, 6, day, hour, tzinfo=UTC)
    assert shift_burdens(person("A"), start, start + timedelta(hours=hours)) == expected


@pytest.mark.parametrize(
    ("day", "hours", "is_night"),
    [
        (date(2026, 10, 24), 5, True),  # from 23:00 on, the clock goes back: all of it is night
        (date(2026, 3, 28), 3, True),
        (date(2026, 3, 28), 2.75, False),
    ],
)
def test_a_night_has_three_elapsed_hours_on_clock_change_nights_too(day, hours, is_night):
    start = wall_instant(day, 23 * 60, "Europe/Dublin")
    agent = person("A1", timezone="Europe/Dublin")
    assert shift_burdens(agent, start, start + timedelta(hours=hours))[0] is is_night


def test_the_clock_is_the_persons_own():
    start = datetime(2026, 6, 1, 14, tzinfo=UTC)  # 23:00 in Tokyo
    end = start + timedelta(hours=8)
    assert shift_burdens(person("A", timezone="Asia/Tokyo"), start, end)[0]
    assert not shift_burdens(person("A"), start, end)[0]


def test_past_burdens_fade_with_the_weeks():
    problem = plan(
        person("A"), person("B"), past_shifts=(past("A", 7, 22), past("A", 28, 22)),
        past_loads=(PastLoad(agent_id="B", day=MONDAY - timedelta(days=14), acute_min=0,
                             chronic_min=0, hard_min=90),),
    )  # fmt: skip
    book = burden_book(problem, problem.horizon(MONDAY, 7), memory_weeks=4)
    assert BURDENS == ("nights", "weekends", "lates", "hard_hours", "rescue_hours")
    assert book.carried[0, 0] == pytest.approx(exp(-1 / 4) + exp(-1))
    assert book.carried[1] == pytest.approx([0, 0, 0, 1.5 * exp(-2 / 4), 0])


def test_fair_shares_go_by_hours_and_time_here():
    hired = MONDAY
    problem = plan(
        person("A", 40), person("B", 20), person("C", 40, hire_date=hired),
        past_shifts=(past("A", 14, 22),),
    )  # fmt: skip
    book = burden_book(problem, problem.horizon(MONDAY, 7), memory_weeks=1000)
    everybody = np.ones((3, 4), dtype=bool)
    shares = book.fair_shares(everybody)
    assert shares.sum(axis=0) == pytest.approx(1)
    assert shares[0, 0] == pytest.approx(2 * shares[1, 0])  # twice the hours
    assert shares[2, 0] == pytest.approx(shares[0, 0] * 7 / 21, rel=0.02)  # one week of three


def test_who_is_in_no_published_week_before_has_nothing_to_catch_up_on():
    weeks = [
        PastPromise(agent_id="A", first_day=MONDAY - timedelta(days=days), counts={})
        for days in (14, 7)
    ]
    after = PastPromise(agent_id="C", first_day=MONDAY - timedelta(days=7), counts={})
    problem = plan(
        person("A"), person("B"), person("C"), person("D", hire_date=MONDAY - timedelta(days=90)),
        past_shifts=(past("A", 14, 22),), past_promises=(*weeks, after),
    )  # fmt: skip
    book = burden_book(problem, problem.horizon(MONDAY, 7), memory_weeks=10_000)
    assert book.exposure / 40 == pytest.approx([3, 1, 2, 3], rel=1e-3)


def test_leave_makes_a_share_smaller():
    leave = TimeOff(start=datetime(2026, 6, 1, tzinfo=UTC), end=datetime(2026, 6, 8, tzinfo=UTC))
    problem = plan(person("A"), person("B", time_off=(leave,)))
    book = burden_book(problem, problem.horizon(MONDAY, 7), memory_weeks=8)
    assert book.exposure[1] == 0
    assert book.exposure[0] == pytest.approx(40)


@settings(deadline=None)
@given(
    hired=st.integers(-40, 8), ends=st.integers(-30, 12), away=st.integers(-40, 8),
    length=st.integers(0, 20), hours=st.integers(0, 23),
)  # fmt: skip
def test_exposure_is_the_faded_days_that_somebody_was_there(hired, ends, away, length, hours):
    """Counted date by date, in the plainest way."""
    begin = datetime(2026, 6, 1, hours, tzinfo=UTC) + timedelta(days=away)
    off = TimeOff(start=begin, end=begin + timedelta(days=length, hours=1))
    someone = person(
        "A", hire_date=MONDAY + timedelta(days=min(hired, ends)),
        end_date=MONDAY + timedelta(days=ends), time_off=(off,), timezone="Asia/Tokyo",
    )  # fmt: skip
    problem = plan(someone, person("B"), past_shifts=(past("B", 28, 8),))
    book = burden_book(problem, problem.horizon(MONDAY, 7), memory_weeks=4)
    zone, there = ZoneInfo("Asia/Tokyo"), 0.0
    for age in range(28, -7, -1):
        day = MONDAY - timedelta(days=age)
        dawn = datetime.combine(day, datetime.min.time(), zone)
        is_away = off.start <= dawn and dawn + timedelta(days=1) <= off.end
        if someone.is_employed(day) and not is_away:
            there += exp(-max(age, 0) / 28)
    assert book.exposure[0] == pytest.approx(40 / 7 * there)


def test_like_is_compared_with_like_and_only_who_can():
    problem = plan(person("A"), person("B"), person("C", contract_type="part"))
    book = burden_book(problem, problem.horizon(MONDAY, 7), memory_weeks=8)
    burden = np.zeros((3, 4))
    burden[:, 0] = [4, 0, 2]
    can = np.ones((3, 4), dtype=bool)
    assert book.fair(burden, can)[:, 0] == pytest.approx([2, 2, 2])
    can[1, 0] = False
    assert book.fair(burden, can)[:, 0] == pytest.approx([4, 0, 2])


def test_gini_by_hand():
    assert gini([1, 1, 1]) == pytest.approx(0)
    assert gini([0, 0, 3]) == pytest.approx(2 / 3)
    assert gini([1, 3]) == pytest.approx(0.25)
    assert gini([]) == gini([0, 0]) == 0
    assert spread([1.0, 3.0, 5.0]) == {"gini": gini([1, 3, 5]), "min": 1, "median": 3, "max": 5}


@given(st.lists(st.floats(0, 100), min_size=1, max_size=12), st.floats(0.1, 10))
def test_gini_knows_no_unit_and_lies_between_nothing_and_one(values, scale):
    value = gini(values)
    assert -1e-9 <= value < 1
    scaled = np.array(values) * scale
    if scaled.sum() > 1e-6:
        assert gini(scaled) == pytest.approx(value, abs=1e-6)
