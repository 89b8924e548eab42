"""Tests for wfplan.report.provenance."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

import wfplan
from wfplan.domain.results import Audit, Breach, GapReading, GapReason, Term
from wfplan.report.provenance import (
    MOST_BREACHES,
    TERMS,
    amounts_beside,
    bound_text,
    breach_lines,
    rule_name,
    rule_values,
    sums,
    terms,
    versions,
    weights,
)


def breach(rule, hardness="hard", amount=90.0):
    at = datetime(2026, 6, 2, 5, 30, tzinfo=UTC)
    return Breach(rule, hardness, "A001", at, amount, "min", "why it is one")


def test_hard_breaches_come_first_and_times_are_local(run):
    audit = Audit(("daily_rest",), (breach("a_soft_one", "soft"), breach("daily_rest")))
    lines = breach_lines(replace(run, audit=audit))
    assert [line.hardness for line in lines] == ["hard", "soft"]
    assert lines[0].when == "Tue 2 Jun 06:30"
    assert (lines[0].rule, lines[0].amount) == ("daily rest", "90 min")


def test_an_endless_list_of_breaches_is_cut(run):
    audit = Audit((), tuple(breach("daily_rest", amount=float(i)) for i in range(500)))
    assert len(breach_lines(replace(run, audit=audit))) == MOST_BREACHES


def test_the_parts_of_the_objective_have_their_shares(run):
    found = {name: share for name, *_, share in terms(run)}
    assert found["total harm, weighted"] == "68\u202f%"
    assert found["harm"] == ""  # said beside the parts, and no part itself


def test_the_parts_that_have_a_share_add_up_to_the_cost(run):
    parts = [value for name, value in run.solution.terms.items() if name in TERMS]
    assert sum(parts) == pytest.approx(run.solution.objective)


def test_the_sum_stands_beside_what_is_proven_and_what_is_between_in_hours_and_money(run):
    gap = GapReading(
        points=12.56, hours=6.0, hours_share=0.02, hour_points=2.1, money=90.0,
        whole_share=0.0, reason=GapReason.CLOSE,
    )  # fmt: skip
    told = replace(
        run, solution=replace(run.solution, objective=400.0, lower_bound=387.46, gap_reading=gap)
    )
    assert sums(told) == [
        ("this plan", "", "400.0", "100\u202f%"),
        ("proven: no legal week costs less", "", "387.4", "97\u202f%"),
        ("could still be saved at most", "6.0 hours on queue, 90.0 EUR", "12.6", "3\u202f%"),
    ]
    weak = replace(told, solution=replace(told.solution, lower_bound=-3.0))
    assert [name for name, *_ in sums(weak)] == ["this plan"]


def test_amounts_behind_the_parts_have_their_units_and_no_points(run):
    part = Term("over_caps", 6.0, "people", None)
    told = replace(run, solution=replace(run.solution, parts=(part,)))
    assert amounts_beside(told) == [("people above a cap", "6.0 people")]


def test_a_plan_without_a_bound_says_so(run):
    edited = replace(run, solution=replace(run.solution, lower_bound=float("-inf")))
    assert bound_text(edited) == "412.6 points, no bound computed"


def test_a_bound_below_zero_has_no_gap(run):
    assert bound_text(run).endswith("gap 5\u202f%")
    weak = replace(run, solution=replace(run.solution, lower_bound=-20.0))
    assert bound_text(weak) == "412.6 and −20.0 points"


def test_parts_of_nothing_have_no_share(run):
    free = replace(run, solution=replace(run.solution, objective=0.0, terms={"floors": 0.0}))
    assert terms(free) == [("staff missing under floors", "", "0.0", "")]


def test_what_sums_of_slots_differ_by_is_no_part(run):
    part = Term("floors", 1.0, "hours", 20.0)
    told = {"floors": 20.0, "next_week_first_hours": -9e-13}
    plan = replace(run, solution=replace(run.solution, terms=told, parts=(part,)))
    assert [name for name, *_ in terms(plan)] == ["staff missing under floors"]


def test_every_weight_of_the_objective_is_printed(run):
    assert len(weights(run)) == len(type(run.problem.objective).model_fields)


def test_versions_begin_with_our_own():
    assert versions()[0] == ("wfplan", wfplan.__version__)
    assert dict(versions())["numpy"]


def test_rule_values_name_their_law(run):
    assert ("daily rest", "11 hours (hard)", "eu 2026.1: 2003/88/EC art. 3") in rule_values(run)


def test_a_rule_is_said_in_words():
    assert rule_name("paid_time_week") == "paid hours of the week"
    assert rule_name("start_increment") == "start increment"
