"""Tests for wfplan.evaluation.comparison: runs side by side, and what is only noise."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import isnan, nan

import pytest

from wfplan.domain.results import SolveStatus
from wfplan.evaluation import ComparedRow, Difference, Reading, compare


def row(first, second, **more):
    given = {"side": "customers", "name": "service_level", "scope": "voice", "unit": "share"}
    return ComparedRow(is_less_better=False, readings=(first, second), **given | more)


@pytest.fixture
def runs(synthetic, tmp_path):
    """Two runs of one plan; in the second A001 works an hour less."""
    first = synthetic.run(tmp_path, seed=7)
    shorter = synthetic.shift("A001", synthetic.WEEK, 480, (120, "ON_QUEUE"), (300, "ON_QUEUE"))
    shifts = (shorter, *first.solution.schedule.shifts[1:])
    schedule = first.solution.schedule.model_copy(update={"shifts": shifts})
    return first, replace(first, solution=replace(first.solution, schedule=schedule))


def of(found, name, scope=""):
    (one,) = (row for row in found.rows if (row.name, row.scope) == (name, scope))
    return one


def test_noise_of_both_runs_is_in_a_difference():
    one = row(Reading(0.80, half_width=0.03), Reading(0.86, half_width=0.04))
    assert one.difference(1) == pytest.approx(0.06)
    assert one.half_width(1) == pytest.approx(0.05)
    assert one.is_sure(1)
    assert row(Reading(0.8, half_width=0.03), Reading(0.84, half_width=0.04)).is_sure(1) is False


def test_what_is_planned_has_no_noise_and_what_is_not_known_is_not_judged():
    assert row(Reading(3, half_width=0.0), Reading(4, half_width=0.0)).is_sure(1)
    assert row(Reading(3), Reading(4)).is_sure(1) is None
    missing = row(Reading(3), None)
    assert isnan(missing.difference(1))
    assert missing.as_dict()["differences"] == [
        {"difference": None, "half_width": None, "is_sure": None}
    ]


def test_common_random_numbers_take_the_place_of_both_half_widths():
    pair = Difference("service_level", "voice", "share", 0.8, 0.82, 0.02, 0.01)
    one = row(Reading(0.80, half_width=0.03), Reading(0.81, half_width=0.04), paired=(None, pair))
    assert (one.difference(1), one.half_width(1), one.is_sure(1)) == (0.02, 0.01, True)


def test_a_run_is_like_itself(runs):
    found = compare([runs[0], runs[0]])
    assert all(one.is_same for one in found.rows)
    assert all(abs(one.difference(1)) < 1e-12 or isnan(one.difference(1)) for one in found.rows)
    (people,) = found.people
    assert (people.kept, people.changed, people.kinds) == (3, (), {})


def test_hours_ends_and_people_differ_where_a_shift_is_shorter(runs):
    found = compare(runs)
    assert of(found, "paid_hours").difference(1) == pytest.approx(-1)
    (people,) = found.people
    (person,) = people.changed
    assert (person.agent_id, person.paid_min, people.kinds) == ("A001", -60, {"shorter": 1})
    assert (people.kept, people.as_dict()["kept"]) == (2, 2)


def test_money_is_compared_where_hours_have_a_price(runs, synthetic):
    first = runs[0]
    assert not any(one.name == "cost" for one in compare([first, first]).rows)
    agents = tuple(a.model_copy(update={"cost_per_hour": 20.0}) for a in first.problem.agents)
    priced = [
        replace(run, problem=run.problem.model_copy(update={"agents": agents})) for run in runs
    ]
    cost = of(compare(priced), "cost")
    assert cost.unit == "EUR"
    assert cost.difference(1) == pytest.approx(-20)


def test_other_plans_are_said_and_their_people_are_not_compared(runs):
    other = replace(runs[1], problem=runs[1].problem.model_copy(update={"name": "Other Bank"}))
    found = compare([runs[0], other])
    assert found.notes[0].startswith("Different plans: Harbour Bank, Other Bank.")
    (people,) = found.people
    assert people.changes == ()
    assert "need not be the same person" in people.reason


def test_other_weeks_have_no_shift_in_common(runs):
    run = runs[1]
    later = run.problem.horizon(run.horizon.first_day + timedelta(days=7))
    found = compare([runs[0], replace(run, horizon=later)])
    assert any(note.startswith("Different weeks") for note in found.notes)
    assert "random numbers of their own" in found.notes[-1]  # other dates, other draws
    assert "no date in common" in found.people[0].reason


def test_people_of_one_run_only_are_named(runs):
    run = runs[1]
    agents = tuple(agent for agent in run.problem.agents if agent.agent_id != "A003")
    absent = run.problem.model_copy(update={"agents": agents, "scenario": ("absent=A003",)})
    found = compare([runs[0], replace(run, problem=absent)])
    (people,) = found.people
    assert (people.only_first, people.only_other) == (("A003",), ())
    assert "Different scenarios: the plan as it is; absent=A003." in found.notes


def test_seeds_goals_and_interruptions_are_said(runs):
    first, second = runs
    assert "the same random numbers" in compare(runs).notes[-1]
    goals = second.problem.objective.model_copy(update={"fairness": 2.0})
    other = replace(
        second,
        seed=8,
        problem=second.problem.model_copy(update={"objective": goals}),
        solution=replace(second.solution, status=SolveStatus.PARTIAL),
    )
    notes = "\n".join(compare([first, other]).notes)
    assert "random numbers of their own" in notes
    assert "Different goals ([objective])" in notes
    assert "Interrupted before it was finished: number 2 of 2." in notes


def test_runs_simulated_again_have_the_differences_of_common_random_numbers(runs):
    pair = Difference("service_level", "voice", "share", 0.8, 0.82, 0.02, 0.01)
    found = compare(runs, [(), (pair,)])
    assert of(found, "service_level", "voice").difference(1) == 0.02
    assert of(found, "paid_hours").difference(1) == pytest.approx(-1)
    assert "simulated again with common random numbers" in found.notes[-1]


def test_three_runs_stand_in_one_row(runs):
    found = compare([*runs, runs[0]])
    paid = of(found, "paid_hours")
    assert len(paid.readings) == 3
    assert (paid.difference(1), paid.difference(2)) == (pytest.approx(-1), 0)
    assert len(found.people) == 2
    assert nan not in [one["difference"] for one in paid.as_dict()["differences"]]
