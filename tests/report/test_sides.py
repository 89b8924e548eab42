"""Tests for wfplan.report.sides."""

from __future__ import annotations

from dataclasses import replace
from math import nan

import pytest

from wfplan.evaluation import BothSides, Figure, Verdict, both_sides
from wfplan.report.data import Measures
from wfplan.report.sides import (
    NAMES,
    customer_side,
    definitions,
    missing_targets,
    staff_side,
)


@pytest.fixture(scope="module")
def both(run):
    return both_sides(run)


def rows(side):
    return {(group.name, row.what): row for group in side.groups for row in group.rows}


def test_customers_see_every_channel_with_average_tail_and_worst(run, both):
    found = rows(customer_side(run, both))
    row = found["voice", "Answered in 20\u202fs"]
    figure = both.figure("service_level", "voice")
    assert row.average.startswith(f"{100 * figure.average:.0f}")
    assert row.tail != "–"
    assert row.worst != "–"
    assert row.target == "≥ 80\u202f%"
    assert ("email", "Done in 8 h") in found
    assert ("social", "Backlog") in found


def test_staff_have_occupancy_overload_hours_wishes_and_rules(run, both):
    side = staff_side(run, both, Measures(run.outcome))
    assert [group.name for group in side.groups] == [
        "Occupancy",
        "Overload",
        "Hours",
        "Wishes",
        "Steadiness",
        "Rescue work",
        "Away from contacts",
        "Work rules",
    ]
    found = rows(side)
    assert found["Occupancy", "voice"].target == "≤ 85\u202f%"
    assert found["Occupancy", "email"].target == ""
    assert found["Work rules", "Hard rules broken"].target == "0"
    assert found["Hours", "Past shift end, all"].average == "215\u202fmin"


def test_the_worst_interval_is_said_in_local_time(run, both):
    row = rows(customer_side(run, both))["voice", "Answered in 20\u202fs"]
    worst = both.figure("service_level", "voice").worst_at
    assert worst.endswith("Z")
    utc_hour = int(worst[11:13])
    assert int(row.worst_at[4:6]) == utc_hour + 1  # Irish summer time


def test_a_cap_for_everyone_says_so(run, both):
    row = rows(staff_side(run, both, Measures(run.outcome)))["Overload", "Heaviest day"]
    assert row.target == "≤ 150\u202fmin each"


def test_the_worst_person_is_said_by_id(run, both):
    row = rows(staff_side(run, both, Measures(run.outcome)))["Overload", "Heaviest day"]
    assert row.worst_at in {agent.agent_id for agent in run.problem.agents}


def test_an_id_that_looks_like_a_date_stays_an_id(run, both):
    odd = BothSides(
        (), (Figure(name="ledger_acute_min", unit="min", average=3.0, worst_at="20260101"),)
    )
    found = rows(staff_side(run, odd, Measures(run.outcome)))
    assert found["Overload", "Acute, 7 days"].worst_at == "20260101"


def test_a_verdict_has_a_sign_beside_its_words(run, both):
    for row in (*rows(customer_side(run, both)).values(),):
        assert bool(row.symbol) == (row.verdict is not Verdict.NO_TARGET)


def test_missed_targets_are_named_as_one_would_say_them(run):
    missed = Figure(name="service_level", scope="voice", unit="share", average=0.5, target=0.8)
    thin = Figure(
        name="occupancy", scope="chat", unit="share", average=0.8, tail=0.9, target=0.85,
        is_less_better=True,
    )  # fmt: skip
    late = replace(missed, scope="email")
    both = BothSides((missed, late), (thin,))
    names = ["voice service level", "email done in time"]
    assert missing_targets(run, both, Verdict.MISSED) == names
    assert missing_targets(run, both, Verdict.AVERAGE_ONLY) == ["chat occupancy"]


def test_broken_rules_are_counted_apart_from_targets(run):
    broken = Figure(
        name="hard_breaches", unit="breaches", average=2.0, target=0.0, is_less_better=True
    )
    assert broken.verdict is Verdict.MISSED
    assert missing_targets(run, BothSides((), (broken,)), Verdict.MISSED) == []


def test_unknown_figures_leave_no_row(run):
    both = BothSides((), (Figure(name="requests_granted", unit="share", average=nan),))
    groups = staff_side(run, both, Measures(run.outcome)).groups
    assert "Wishes" not in {group.name for group in groups}


def test_a_week_that_asks_for_nobody_empowered_has_no_heading_for_them(small, both):
    assert customer_side(small, both).groups[-1].name == "Empowered cover"
    unasked = tuple(f for f in both.customers if f.name != "empowered_cover")
    side = customer_side(small, BothSides(unasked, both.staff))
    assert "Empowered cover" not in [group.name for group in side.groups]


def test_the_longest_wait_is_said_as_it_was_promised(small):
    voice = next(c for c in small.problem.channels if c.name == "voice")
    asked = tuple(
        c.model_copy(update={"answer_most_s": 90.0}) if c is voice else c
        for c in small.problem.channels
    )
    week = replace(small, problem=small.problem.model_copy(update={"channels": asked}))
    late = Figure(
        name="served_late_share", scope="voice", unit="share", average=0.08, target=0.05,
        is_less_better=True,
    )  # fmt: skip
    row = rows(customer_side(week, BothSides((late,), ())))["voice", "Not within 90\u202fs"]
    assert (row.average, row.target, row.verdict) == ("8\u202f%", "≤ 5\u202f%", Verdict.MISSED)


def test_a_channel_without_contacts_says_so(empty):
    side = customer_side(empty, both_sides(empty))
    voice = side.groups[0]
    assert (voice.name, voice.note, voice.rows) == ("voice", "no contact expected", ())


def test_every_number_that_is_shown_has_a_definition(run, both):
    shown = {*rows(customer_side(run, both)), *rows(staff_side(run, both, Measures(run.outcome)))}
    assert shown
    texts = dict(definitions(both))
    assert set(texts) >= {NAMES["service_level"][0], NAMES["occupancy"][0]}
    assert all(texts.values())
