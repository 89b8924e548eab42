"""Tests for wfplan.limiting.load: a changed strain table and loosened caps are said."""

from datetime import date, timedelta

import pytest

from tests import synthetic
from wfplan.domain.people import PastLoad
from wfplan.domain.problem import Objective, RuleSetting
from wfplan.domain.strain import OURS, StrainTable
from wfplan.limiting.load import NO_REASON, OTHER_TABLE, about_load
from wfplan.rules import loosened_caps

EVE = synthetic.WEEK - timedelta(days=1)


def codes(problem):
    return [one.code for one in about_load(problem, problem.horizon(synthetic.WEEK))]


def entry(who: str, table: str, day: date = EVE) -> PastLoad:
    return PastLoad(agent_id=who, day=day, acute_min=10, chronic_min=5, table=table)


def test_weeks_under_another_strain_table_are_told_of_with_both_names():
    loads = (entry("A001", OURS), entry("A002", OURS), entry("A003", ""))
    mine = StrainTable(version="works-council-1", night_weight=1.5)
    problem = synthetic.problem(past_loads=loads, strain=mine)
    (said,) = about_load(problem, problem.horizon(synthetic.WEEK))
    assert said.code == OTHER_TABLE
    assert "2026.1 (2 people)" in said.reason
    assert mine.name in said.reason
    assert codes(synthetic.problem(past_loads=loads)) == []


def test_only_the_last_entry_of_a_person_counts():
    loads = (entry("A001", "old", EVE - timedelta(days=7)), entry("A001", OURS))
    assert codes(synthetic.problem(past_loads=loads)) == []


@pytest.mark.parametrize(
    ("goals", "expected"),
    [
        ({}, []),
        ({"overload_day_min": 120.0}, []),  # tighter
        ({"overload_day_min": 200.0}, [NO_REASON]),
        ({"overload_acute_min": 100.0, "overload_chronic_min": 70.0}, [NO_REASON, NO_REASON]),
        ({"overload_day_min": 200.0, "overload_reason": "agreed for the launch"}, []),
    ],
)
def test_a_cap_of_the_plan_above_its_default_asks_for_a_reason(goals, expected):
    assert codes(synthetic.problem(objective=Objective(**goals))) == expected


@pytest.mark.parametrize(
    ("more", "count", "reason"),
    [
        ({"value": 150}, 0, ""),
        ({"value": 180}, 1, ""),
        ({"value": 180, "source": "agreement 7"}, 1, "agreement 7"),
        ({"value": 100, "of": ("acute",)}, 1, ""),
        ({"value": 180, "valid_to": EVE}, 0, ""),
    ],
)
def test_a_rule_that_loosens_a_cap_is_told_with_its_reason(more, count, reason):
    rule = RuleSetting(rule="overload_max", unit="minutes", scope="team", scope_value="Night",
                       **more)  # fmt: skip
    problem = synthetic.problem(plan_rules=(rule,))
    found = loosened_caps(problem, problem.horizon(synthetic.WEEK).dates)
    assert len(found) == count
    assert all("team Night" in one.said and one.reason == reason for one in found)
