"""Tests for wfplan.report.week."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import pytest

from wfplan.domain.results import Audit, Breach, SolveStatus
from wfplan.evaluation import BothSides, Figure, Verdict, both_sides
from wfplan.report.data import Measures, channel_series
from wfplan.report.timeline import day_axes
from wfplan.report.week import bound_in_words, day_lines, facts, headline, search_in_words

KEPT = Figure(name="service_level", scope="voice", unit="share", average=0.9, tail=0.9, target=0.8)
THIN = replace(KEPT, tail=0.7)
MISSED = replace(KEPT, average=0.7)
HARD = Breach("daily_rest", "hard", "A001", None, 30, "min", "why")


def with_breaches(run, *breaches):
    return replace(run, audit=Audit(checked=("daily_rest",), breaches=breaches))


@pytest.mark.parametrize(
    ("figures", "breaches", "verdict", "sentence"),
    [
        ([KEPT], [], Verdict.MET, "Every target is kept, on average and in the worst tenth"),
        ([THIN], [], Verdict.AVERAGE_ONLY, "the worst tenth misses 1 target: voice service level."),
        ([MISSED], [], Verdict.MISSED, "1 target is missed: voice service level."),
        ([KEPT], [HARD], Verdict.MISSED, "1 hard rule is broken."),
        ([MISSED], [HARD, HARD], Verdict.MISSED, "2 hard rules are broken; 1 target is missed:"),
    ],
)
def test_the_verdict_is_one_sentence(run, figures, breaches, verdict, sentence):
    found = headline(with_breaches(run, *breaches), BothSides(tuple(figures), ()))
    assert found.verdict is verdict
    assert sentence in found.sentence
    assert found.symbol


def test_a_soft_breach_does_not_stop_a_plan(run):
    soft = replace(HARD, hardness="soft")
    found = headline(with_breaches(run, soft), BothSides((KEPT,), ()))
    assert found.verdict is Verdict.MET


def test_an_interrupted_plan_is_not_called_ready(run):
    partial = replace(run, solution=replace(run.solution, status=SolveStatus.PARTIAL))
    found = headline(partial, BothSides((KEPT,), ()))
    assert found.verdict is Verdict.MET
    assert found.word == "Interrupted, yet within its targets"


def test_a_week_without_contacts_has_nothing_to_plan(empty):
    assert headline(empty, both_sides(empty)).word == "Nothing to plan"


def test_the_bound_is_said_in_plain_words(run):
    assert bound_in_words(run.solution) == (
        "No legal week can cost less than 391.3 points of harm. "
        "This plan costs 412.6 points of harm: at most 5.2\u202f% of that could still be saved."
    )


def test_bound_and_gap_are_rounded_to_the_safe_side(run):
    close = replace(run.solution, objective=100.0, lower_bound=97.99)
    text = bound_in_words(close)
    assert "less than 97.9 points" in text
    assert "at most 2.1\u202f%" in text


def test_a_bound_of_zero_claims_nothing(run):
    weak = replace(run.solution, lower_bound=0.0)
    assert "says nothing" in bound_in_words(weak)
    assert "%" not in bound_in_words(weak)


def test_an_edited_schedule_is_told_apart_from_a_search_and_has_no_bound(run):
    edited = replace(run.solution, lower_bound=-inf, passes=0)
    assert "No bound was computed" in bound_in_words(edited)
    assert search_in_words(edited).startswith("none: the schedule was kept, given or edited")
    assert search_in_words(run.solution).startswith("settled")


def test_a_plan_without_harm_needs_no_bound(run):
    best = replace(run.solution, objective=0.0, lower_bound=0.0)
    assert bound_in_words(best) == "The plan does no harm at all, so no other can be better."


def test_over_and_under_are_never_offset(run):
    series = channel_series(run, Measures(run.outcome))
    found = {fact.label: fact for fact in facts(run, series)}
    over, under = (
        float(found[f"Staff hours {side}"].value.replace(",", "")) for side in ("over", "under")
    )
    hour = run.horizon.interval_min / 60
    net = sum(float((one.scheduled - one.required).sum()) for one in series) * hour
    assert over > 0
    assert under > 0
    assert over - under == pytest.approx(net, abs=1.01)


def test_cost_is_only_said_when_every_hour_has_a_price(run):
    series = channel_series(run, Measures(run.outcome))
    paid = {fact.label: fact.note for fact in facts(run, series)}["Paid hours"]
    assert paid.startswith("cost ")
    agents = tuple(a.model_copy(update={"cost_per_hour": None}) for a in run.problem.agents)
    free = replace(run, problem=run.problem.model_copy(update={"agents": agents}))
    paid = {fact.label: fact.note for fact in facts(free, series)}["Paid hours"]
    assert paid == "cost per hour not given for all"


@pytest.mark.parametrize("name", ["run", "autumn", "empty"])
def test_the_days_add_up_to_the_week(name, request):
    run = request.getfixturevalue(name)
    lines = day_lines(run, day_axes(run), channel_series(run, Measures(run.outcome)))
    assert len(lines) == 7
    contacts = sum(int(line.contacts.replace(",", "")) for line in lines)
    assert contacts == pytest.approx(run.demand.offered_mean.sum(), abs=4)
    paid = sum(float(line.paid.replace(",", "")) for line in lines)
    shifts = run.solution.schedule.shifts
    assert paid == pytest.approx(sum(s.paid_min for s in shifts) / 60, abs=0.5)


def test_a_closed_day_is_said_to_be_closed(run):
    lines = day_lines(run, day_axes(run), channel_series(run, Measures(run.outcome)))
    assert [line.is_closed for line in lines] == [False] * 6 + [True]
    assert (lines[6].service, lines[6].worst) == ("–", "–")
