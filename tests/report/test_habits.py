"""Tests for wfplan.report.habits: the requirement beside the usual habits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from wfplan.report import render
from wfplan.report.habits import LIVED, habits_panel
from wfplan.staffing import compare_habits


@pytest.fixture(scope="module")
def panel(small):
    return habits_panel(small)


@pytest.fixture(scope="module")
def found(small):
    return compare_habits(small.problem, small.demand, small.need)


def priced(run, cost):
    agents = tuple(a.model_copy(update={"cost_per_hour": cost(i)}) for i, a in
                   enumerate(run.problem.agents))  # fmt: skip
    return replace(run, problem=run.problem.model_copy(update={"agents": agents}))


def test_every_channel_and_all_together_have_a_line(panel, found, small):
    assert [line.channel for line in panel.lines] == [*small.demand.channels, "all"]
    hours = found.channels[0]
    assert panel.lines[0].habit[0] == f"{round(hours.habit.hours):,}"
    assert panel.lines[0].requirement[0] == f"{round(hours.requirement.hours):,}"
    assert panel.lines[0].difference[0].lstrip("+\u2212") == f"{abs(round(hours.hours_more)):,}"


def test_money_is_shown_where_somebody_has_a_price(small):
    dear, none = (habits_panel(priced(small, cost)) for cost in (lambda i: 30.0, lambda i: None))
    assert dear.units == ("hours", "people", "EUR")
    assert none.units == ("hours", "people")
    assert len(dear.lines[0].habit) == 3
    assert len(none.lines[0].habit) == 2
    assert " EUR" in dear.sentence
    assert dear.note == ""
    assert "cost_per_hour" in none.note


def test_a_price_that_some_have_is_said(small):
    count = len(small.problem.agents)
    some = habits_panel(priced(small, lambda i: 30.0 if i else None))
    assert f"cost_per_hour of 1 of {count} people is not known" in some.note


def test_both_ways_to_staff_are_shown_with_what_they_give(panel, found):
    voice = [line for line in panel.lived if line.channel == "voice"]
    assert [line.way for line in voice] == ["usual habits", "requirement"]
    assert all(len(line.cells) == len(LIVED) for line in panel.lived)
    in_time = found.channels[0].requirement.lived.in_time
    assert voice[1].cells[0][:2] == f"{100 * in_time.mean:.0f}"[:2]


def test_a_week_that_needs_nobody_says_so(empty):
    assert habits_panel(empty) is None
    assert "No staff is required" in render(empty)


def test_the_page_holds_the_panel_and_a_way_to_it(panel, small):
    page = render(small)
    assert '<a href="#staff">' in page
    assert panel.sentence in page
