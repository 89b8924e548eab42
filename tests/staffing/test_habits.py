"""Tests for wfplan.staffing.habits: the requirement beside the usual habits."""

import json

import numpy as np
import pandas as pd
import pytest

from wfplan.domain.channels import Channel
from wfplan.domain.people import Agent, Skill
from wfplan.domain.problem import Empowered, Shrinkage, ShrinkageKind
from wfplan.staffing import compare_habits, habit_staff, staff_need

HOURS = ["mon-fri 08:00-18:00"]
VOICE = Channel(name="voice", open=HOURS)
CHAT = Channel(name="chat", open=HOURS, concurrency_rates=(1.0, 1.6, 1.95))
MAIL = Channel(name="mail", open=HOURS, kind="deferred")
NOON, NIGHT = 24, 2


def agent(number, *skills, cost=None, hours=40.0):
    return Agent(
        agent_id=f"P{number}", timezone="Europe/Dublin", contract_type="full_time",
        contract_hours_week=hours, min_hours_week=0, max_hours_week=hours, cost_per_hour=cost,
        skills=tuple(Skill(skill=name) for name in skills),
    )  # fmt: skip


def compared(problem_of, demand_of, *channels, offered=60.0, demand=None, **fields):
    problem = problem_of(*channels, **fields)
    expected = demand_of(problem, offered, **(demand or {}))
    need = staff_need(problem, expected)
    return compare_habits(problem, expected, need), need


def test_habits_are_whole_agents_of_the_textbook(problem_of, demand_of, shared):
    """Erlang C rows of the table of requirements, at their own targets."""
    table = pd.read_csv(shared / "truth" / "staffing.csv")
    for row in table[table["model"] == "C"].itertuples():
        channel = Channel(name="voice", open=HOURS, answer_within_s=row.threshold_s,
                          answer_share=row.sl_target)  # fmt: skip
        problem = problem_of(channel)
        offered = row.offered_erlang / row.aht_s * 1800
        found = habit_staff(problem, demand_of(problem, offered, aht_s=row.aht_s, days=1))
        assert found[0, NOON] == row.min_staff
        assert found[0, NIGHT] == 0


def test_habits_know_no_uncertainty_no_escalation_and_no_work_in_hand(problem_of, demand_of):
    calls = np.zeros(336)
    calls[16:26], calls[26:36] = 200.0, 20.0
    plain = problem_of(VOICE)
    escalated = problem_of(VOICE, empowered=Empowered(share_of_contacts=0.1))
    one = habit_staff(plain, demand_of(plain, calls, rate_cv=0.0))
    other = habit_staff(escalated, demand_of(escalated, calls, rate_cv=0.4))
    np.testing.assert_array_equal(one, other)
    assert one[0, 26] == one[0, 30]


def test_habits_divide_a_chat_by_the_chats_at_once_and_spread_mail_evenly(problem_of, demand_of):
    problem = problem_of(CHAT, MAIL)
    demand = demand_of(problem, 60.0)
    found = habit_staff(problem, demand)
    third = problem_of(Channel(name="chat", open=HOURS))
    expected = habit_staff(third, demand_of(third, 60.0, aht_s=100.0))
    np.testing.assert_array_equal(found[0], expected[0])
    np.testing.assert_allclose(found[1], staff_need(problem, demand).load_erlangs[1])


def test_minimum_staff_is_kept_by_habit_too(problem_of, demand_of):
    problem = problem_of(VOICE.model_copy(update={"staff_min": 3}))
    found = habit_staff(problem, demand_of(problem, 0.0))
    assert found[0, NOON] == pytest.approx(3 * problem.shrinkage.presence_share)


def test_hours_are_grossed_up_and_turned_into_people_and_money(problem_of, demand_of):
    crew = (
        agent(1, "voice", cost=20.0),
        agent(2, "voice", cost=30.0, hours=20.0),
        agent(3, "mail"),
    )
    found, need = compared(problem_of, demand_of, VOICE, MAIL, agents=crew)
    voice = found.channels[0]
    hours = need.staff_required[0].sum() / 2 / (0.95 * 0.97)
    assert voice.requirement.hours == pytest.approx(hours)
    assert voice.requirement.people == pytest.approx(hours / (100 / 3))
    assert voice.requirement.money == pytest.approx(25 * hours)
    assert voice.hours_under - voice.hours_over == pytest.approx(voice.hours_more)
    assert found.channels[1].habit.money is None  # the cost of who does mail is not known
    assert found.total.habit.money is None
    assert (found.people, found.unpriced) == (3, 1)
    parts = found.channels[0].habit.hours + found.channels[1].habit.hours
    assert found.total.habit.hours == pytest.approx(parts)


def test_without_people_there_are_hours_only(problem_of, demand_of):
    found, _ = compared(problem_of, demand_of, VOICE)
    assert found.contract_hours is None
    assert found.total.habit.people is None
    assert found.total.habit.hours > 0


def test_an_uncertain_rate_makes_habit_fall_short_and_requirement_keep_its_promise(
    problem_of, demand_of
):
    found, _ = compared(
        problem_of, demand_of, VOICE, offered=300.0, demand={"rate_cv": 0.15, "patience_s": 300.0}
    )
    (row,) = found.channels
    habit, asked = row.habit.lived, row.requirement.lived
    assert row.hours_under > 10 * row.hours_over
    assert habit.in_time.mean < asked.in_time.mean - 0.05
    assert habit.kept < 0.2
    assert asked.kept == 1
    assert asked.occupancy.mean < habit.occupancy.mean


def test_a_certain_small_queue_of_impatient_customers_is_overstaffed_by_habit(
    problem_of, demand_of
):
    free = VOICE.model_copy(update={"occupancy_max": None, "abandon_share_max": None,
                                    "promise": None})  # fmt: skip
    found, _ = compared(
        problem_of, demand_of, free, offered=20.0, demand={"rate_cv": 0.0, "patience_s": 30.0},
        shrinkage=Shrinkage(absence_share=0, unplanned_share=0),
    )  # fmt: skip
    (row,) = found.channels
    assert row.hours_over > 20
    assert row.hours_under == pytest.approx(0, abs=1e-6)
    assert row.requirement.lived.in_time.mean == pytest.approx(0.80, abs=0.02)


def test_hours_that_lose_more_are_where_one_shrinkage_fails(problem_of, demand_of):
    coaching = ShrinkageKind(kind="coaching", share=0.3, hours=["mon-fri 14:00-16:00"])
    found, _ = compared(problem_of, demand_of, VOICE, shrinkage=Shrinkage(kinds=(coaching,)))
    (row,) = found.channels
    assert 28 <= row.habit.lived.in_time.worst_at % 48 < 32
    assert row.habit.lived.in_time.worst < row.habit.lived.in_time.mean - 0.15


def test_the_worst_interval_is_one_with_contacts_to_speak_of(problem_of, demand_of):
    calls = np.zeros(336)
    calls[16:36], calls[30] = 60.0, 0.01
    found, _ = compared(problem_of, demand_of, VOICE, offered=calls)
    for staffing in (found.channels[0].habit, found.channels[0].requirement):
        assert staffing.lived.in_time.worst_at != 30


def test_the_comparison_is_one_json_object(problem_of, demand_of):
    found, _ = compared(problem_of, demand_of, VOICE, CHAT, MAIL, agents=(agent(1, "voice"),))
    read = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    assert read["channels"][2]["channel"] == "mail"
    assert read["channels"][2]["habit"]["lived"]["abandoned"]["mean"] is None
    assert read["total"]["requirement"]["people"] > 0


def test_a_week_without_contacts_asks_for_nobody_either_way(problem_of, demand_of):
    found, _ = compared(problem_of, demand_of, VOICE, MAIL, offered=0.0)
    assert found.total.habit.hours == found.total.requirement.hours == 0
    assert found.channels[0].habit.lived.in_time.mean is None
    json.dumps(found.as_dict(), allow_nan=False)
