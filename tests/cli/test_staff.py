"""Tests for wfplan.cli.staff and staff_text: the requirement beside the usual habits."""

from dataclasses import replace
from datetime import date

import pytest

from wfplan import staffing
from wfplan.cli import line, staff_text
from wfplan.horizon import Horizon
from wfplan.staffing.fresh import FreshDemand, Repeated, Volume
from wfplan.staffing.habits import Beside, Figure, HabitComparison, Lived, Staffing
from wfplan.staffing.pools import PoolShortfall
from wfplan.store import RunParts

WEEK = Horizon("Europe/Dublin", date(2026, 3, 2), 7, 30)
LIVED = Lived(
    in_time=Figure(0.823, 0.61, 20), abandoned=Figure(0.052, 0.16, 20),
    occupancy=Figure(0.81, 0.97, 21), kept=0.25,
)  # fmt: skip
EASED = Lived(
    in_time=Figure(0.9, None, None), abandoned=Figure(None, None, None),
    occupancy=Figure(0.75, 0.8, 20), kept=1.0,
)  # fmt: skip


def comparison(*, money=True, people=3, unpriced=0, over=12.0, under=40.0):
    habit = Staffing(1000.0, 27.4, 25_000.0 if money else None, LIVED)
    asked = Staffing(1028.0, 28.2, 25_700.0 if money else None, EASED)
    row = Beside("voice", habit, asked, over, under)
    total = Beside("", replace(habit, lived=None), replace(asked, lived=None), over, under)
    return HabitComparison((row,), total, "EUR", 36.5, 0.92, people, unpriced)


def said(found, problem):
    return "\n".join(staff_text.comparison_text(found, problem, WEEK))


@pytest.fixture
def problem(synthetic, tmp_path):
    return synthetic.run(tmp_path).problem


def test_hours_people_and_money_stand_beside_each_other(problem):
    text = said(comparison(), problem)
    assert "usual habits |" in text
    row = next(one for one in text.splitlines() if one.startswith("  voice"))
    assert row.split() == [
        "voice", "|", "1,000", "27.4", "25,000", "|", "1,028", "28.2", "25,700",
        "|", "+28", "+0.8", "+700",
    ]  # fmt: skip
    bars = {tuple(i for i, c in enumerate(one) if c == "|") for one in text.splitlines()[:4]}
    assert len(bars) == 1  # the groups stand under each other


def test_what_each_staffing_gives_names_its_worst_interval(problem):
    text = said(comparison(), problem)
    habit = next(one for one in text.splitlines() if one.startswith("    usual habits"))
    assert habit.split()[2:] == [
        "82.3", "%", "61.0", "%", "Mon", "10:00", "5.2", "%", "16.0", "%", "Mon", "10:00",
        "81.0", "%", "97.0", "%", "Mon", "10:30", "25.0", "%",
    ]  # fmt: skip
    eased = next(one for one in text.splitlines() if one.startswith("    requirement"))
    assert eased.split()[1:6] == ["90.0", "%", "-", "-", "-"]


def test_where_habits_are_above_and_short_is_said_in_a_sentence(problem):
    text = said(comparison(), problem)
    assert (
        "voice: the usual habits are 12 hours above what the promises need at some times and are "
        "40 hours short at others." in text
    )
    assert "In all: the requirement is 0.8 people (28 hours) more than the usual habits" in text
    assert ", 700 EUR a week." in text
    short = said(comparison(over=0.1), problem)
    assert "voice: the usual habits are 40 hours short of what the promises need." in short
    alike = said(comparison(over=0.1, under=0.2), problem)
    assert "voice: the usual habits ask for about the same." in alike


def test_costs_that_are_not_known_leave_no_empty_column(problem):
    text = said(comparison(money=False, unpriced=3), problem)
    assert "EUR" not in text
    assert "Costs are not known: fill in cost_per_hour" in text
    assert "cost_per_hour of 1 of 3 people is not known" in said(comparison(unpriced=1), problem)


def test_a_plan_without_people_says_what_hours_stand_for(problem):
    assert "no people in the plan yet" in said(comparison(people=0), problem)


def test_first_contacts_are_shown_beside_the_forecast():
    before, planned = Volume(4000.0, 600.0, 400.0, 0.2), Volume(4000.0, 40.0, 360.0, 0.03)
    lines = staff_text.fresh_text(FreshDemand((Repeated("voice", before, planned),)))
    past, now = (line.split() for line in lines[1:3])
    assert past == [
        "voice,",
        "as",
        "in",
        "the",
        "past",
        "4,000",
        "600",
        "400",
        "5,000",
        "20.0",
        "%",
    ]
    assert now == ["voice,", "at", "the", "requirement", "4,000", "40", "360", "4,400", "9.1", "%"]
    assert "The forecast holds customers who came back" in lines[3]
    told = FreshDemand((Repeated("voice", before, planned),), is_forecast=True)
    assert "The forecast is of first contacts" in staff_text.fresh_text(told)[3]
    assert staff_text.fresh_text(None) == []
    assert staff_text.fresh_text(FreshDemand(why_not="Not known.")) == ["Not known."]


def test_people_who_are_not_there_are_named_by_channel_and_hour():
    (head, *lines) = staff_text.shortfall_text(
        (
            PoolShortfall(("voice", "chat"), 20, 21.3, 18.0, 7),
            PoolShortfall(("mail",), None, 200.0, 160.0, 0),
            PoolShortfall(("voice",), 21, 9.0, 8.0, 1),
        ),
        WEEK,
    )
    assert head == "People who are not there:"
    assert lines[0].startswith("  voice and chat: 21.3 people are needed on Mon 10:00 even if")
    assert "and those here who can serve either do the work of 18.0; too few in 6 other" in lines[0]
    assert "mail: 200 hours on queue are needed in the week, the people" in lines[1]
    assert lines[2] == (
        "  voice: 9.0 people are needed on Mon 10:30, "
        "and those here who can serve it do the work of 8.0."
    )
    assert staff_text.shortfall_text((), WEEK) == []


def test_the_command_prints_the_comparison_and_how_to_go_on(
    wfplan, made_run, synthetic, monkeypatch
):
    parts = RunParts.of(synthetic.run(made_run))
    monkeypatch.setattr(line, "take", lambda run, stage, stop, watch: (parts, made_run))
    spoken = wfplan("staff", made_run)
    assert spoken.code == 0
    assert spoken.out.startswith("                |")
    assert "Usual habits: the mean forecast taken as certain" in spoken.out
    assert spoken.out.endswith(
        f"Wrote {made_run / 'requirement.csv'}\nNext: wfplan schedule {made_run}\n"
    )


def test_the_object_holds_the_same_numbers(wfplan, made_run, synthetic, monkeypatch):
    parts = RunParts.of(synthetic.run(made_run))
    monkeypatch.setattr(line, "take", lambda run, stage, stop, watch: (parts, made_run))
    result = wfplan("staff", made_run, "--json").object["result"]
    found = staffing.compare_habits(parts.problem, parts.demand, parts.need)
    assert result["habits"]["total"]["habit"]["hours"] == found.total.habit.hours
    assert [row["channel"] for row in result["habits"]["channels"]] == list(parts.demand.channels)
    assert result["fresh_demand"] is None
    assert isinstance(result["shortfalls"], list)
