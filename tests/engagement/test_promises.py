"""Tests for wfplan.engagement.promises: wishes owed with memory, time that is never taken twice."""

from datetime import UTC, date, datetime, timedelta
from math import exp

import pytest

from wfplan.domain.activities import DEVELOPMENT, ActivityRequest
from wfplan.domain.channels import Channel
from wfplan.domain.people import Agent
from wfplan.domain.problem import Objective, PlanningProblem, RuleSetting
from wfplan.domain.promises import PastPromise, given_name, owed_name
from wfplan.domain.schedule import ActivityCategory
from wfplan.engagement import cancelled_lately, credit_weights, protected, wish_books
from wfplan.engagement.promises import WEIGHT_MOST

MONDAY = date(2026, 6, 1)


def person(agent_id, contract_type="full", **more):
    return Agent(
        agent_id=agent_id, timezone="UTC", contract_type=contract_type, contract_hours_week=40,
        min_hours_week=0, max_hours_week=60, **more,
    )  # fmt: skip


def week(agent_id, weeks_ago=1, **counts):
    first = MONDAY - timedelta(weeks=weeks_ago)
    return PastPromise(agent_id=agent_id, first_day=first, counts=counts)


TWO = (person("A"), person("B"))


def plan(*past, people=TWO, **more):
    return PlanningProblem(
        name="P", timezone="UTC", channels=(Channel(name="voice", open=["mon-fri 08:00-18:00"]),),
        agents=people, past_promises=past, **more,
    )  # fmt: skip


def test_who_was_refused_what_her_like_were_granted_is_owed_it():
    problem = plan(week("A", wishes=4, granted=0), week("B", wishes=4, granted=4))
    books, left = wish_books(problem, MONDAY), exp(-1 / 8)
    assert books["A"].owed == pytest.approx(2 * left)  # half of all wishes were granted
    assert books["B"].owed == 0
    weights = credit_weights(problem, MONDAY)
    assert weights == {"A": pytest.approx(1 + 0.25 * 2 * left)}


def test_whom_all_are_refused_alike_nothing_is_owed():
    problem = plan(week("A", wishes=4, granted=1), week("B", wishes=8, granted=2))
    assert credit_weights(problem, MONDAY) == {}


def test_what_is_owed_fades_and_later_grants_pay_it_back():
    old = plan(week("A", 9, wishes=4, granted=0), week("B", 9, wishes=4, granted=4))
    new = plan(week("A", 1, wishes=4, granted=0), week("B", 1, wishes=4, granted=4))
    assert wish_books(old, MONDAY)["A"].owed == pytest.approx(
        wish_books(new, MONDAY)["A"].owed * exp(-1)
    )
    paid = plan(
        week("A", 2, wishes=4, granted=0), week("B", 2, wishes=4, granted=4),
        week("A", 1, wishes=6, granted=6), week("B", 1, wishes=6, granted=0),
    )  # fmt: skip
    assert wish_books(paid, MONDAY)["A"].owed == 0
    assert wish_books(paid, MONDAY)["B"].owed > 0


def test_like_is_compared_with_like_and_weeks_from_now_on_do_not_count():
    people = (person("A"), person("B"), person("C", "part"), person("D", "part"))
    problem = plan(
        week("A", wishes=2, granted=0), week("B", wishes=2, granted=0),
        week("C", wishes=2, granted=2), week("D", wishes=2, granted=2),
        week("A", 0, wishes=2, granted=2),
        people=people,
    )  # fmt: skip
    assert credit_weights(problem, MONDAY) == {}


def test_a_weight_has_an_end_and_no_credit_no_weight():
    past = (week("A", wishes=400, granted=0), week("B", wishes=400, granted=400))
    assert credit_weights(plan(*past), MONDAY) == {"A": WEIGHT_MOST}
    assert credit_weights(plan(*past, objective=Objective(wish_credit=0)), MONDAY) == {}
    assert credit_weights(plan(), MONDAY) == {}


def development(owed, given):
    return {owed_name(DEVELOPMENT): owed, given_name(DEVELOPMENT): given}


@pytest.mark.parametrize(
    ("weeks_ago", "owed", "given", "is_cancelled"),
    [
        (1, 60, 0, True),
        (1, 60, 45, True),
        (1, 60, 60, False),
        (1, 60, 90, False),
        (3, 60, 0, True),
        (4, 60, 0, False),  # four weeks ago and now are five weeks
        (0, 60, 0, False),  # the week itself
    ],
)
def test_time_is_cancelled_when_less_is_given_than_owed(weeks_ago, owed, given, is_cancelled):
    problem = plan(week("A", weeks_ago, **development(owed, given)))
    lately = cancelled_lately(problem, MONDAY, DEVELOPMENT)
    assert ("A" in lately) == is_cancelled


SOFT = RuleSetting(rule="development_min", value=60, unit="minutes", hardness="soft")


def test_what_was_cancelled_lately_is_hard_now_and_only_for_her():
    problem = plan(week("A", **development(60, 0)), plan_rules=(SOFT,))
    found = protected(problem, MONDAY).plan_rules
    assert found[0] == SOFT
    (added,) = found[1:]
    assert (added.hardness, added.scope, added.scope_value) == ("hard", "agent", "A")
    assert added.value == 60
    assert "2026-05-25" in added.source


@pytest.mark.parametrize(
    ("scope", "value", "count"),
    [("team", "red", 1), ("team", "blue", 0), ("contract", "full", 1), ("contract", "part", 0)],
)
def test_a_rule_of_others_binds_her_as_little_as_before(scope, value, count):
    rule = SOFT.model_copy(update={"scope": scope, "scope_value": value})
    problem = plan(
        week("A", **development(60, 0)), people=(person("A", team="red"),), plan_rules=(rule,)
    )
    assert len(protected(problem, MONDAY).plan_rules) == 1 + count


def test_an_activity_that_was_cancelled_lately_is_hard_now():
    start = datetime(2026, 6, 1, 8, tzinfo=UTC)
    one = ActivityRequest(
        activity_id="D1", code=DEVELOPMENT, category=ActivityCategory.OFF_QUEUE,
        agent_ids=("A",), minutes=30,
        earliest=start, latest=start + timedelta(hours=8), hardness="soft",
    )  # fmt: skip
    other = one.model_copy(update={"activity_id": "D2", "agent_ids": ("B",)})
    problem = plan(week("A", **development(60, 0)), activities=(one, other))
    assert [a.hardness for a in protected(problem, MONDAY).activities] == ["hard", "soft"]
    assert protected(plan(activities=(one,)), MONDAY).activities == (one,)
