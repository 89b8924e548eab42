"""Tests for wfplan.cli.offers and shifts: what the commands say and write."""

from __future__ import annotations

import csv
from dataclasses import replace

import pandas as pd
import pytest

from tests import tinyplan
from wfplan.cli.app import run as run_app
from wfplan.domain.offers import ExtraTimeOffer, OfferKind
from wfplan.report import render
from wfplan.store import RunParts, offers_frame, read_parts, write_run


def an_offer(run):
    """One person stays half an hour."""
    shift = run.solution.schedule.shifts[0]
    later = shift.end + pd.Timedelta(minutes=30).to_pytimedelta()
    return ExtraTimeOffer(
        OfferKind.OVERTIME, shift.agent_id, "voice", "full_time", shift.end, later,
        3.25, 0.5, None, "stays half an hour", None, shift.shift_id,
    )  # fmt: skip


@pytest.fixture
def offered(synthetic, tmp_path):
    """The made-up run with one offer, and its folder."""
    run = synthetic.run(tmp_path / "plan.toml")
    run = replace(run, offers=offers_frame([an_offer(run)]))
    return run, write_run(run, tmp_path / "runs" / "w", report="<p>week</p>")


def test_offers_come_back_from_the_folder_as_they_went(offered):
    run, folder = offered
    again = read_parts(folder, run.problem)
    pd.testing.assert_frame_equal(
        again.offers.drop(columns="costs_money"), run.offers.drop(columns="costs_money"),
        check_dtype=False,
    )  # fmt: skip
    assert again.offers["costs_money"].isna().all()


def test_a_plan_made_anew_has_no_offers_of_the_old_one(offered):
    run, _ = offered
    parts = RunParts.of(run)
    for stage in ("schedule", "simulate", "refine", "audit"):
        assert parts.until(stage).offers is None


def test_the_report_shows_offers_where_somebody_asked(offered):
    run, _ = offered
    page = render(run)
    assert "stays half an hour" in page
    assert 'href="#offers"' in page
    assert 'href="#offers"' not in render(replace(run, offers=None))
    assert "Nothing: no extra hour" in render(replace(run, offers=offers_frame([])))


@pytest.fixture(scope="module")
def small_run(tmp_path_factory):
    """A tiny plan as far as its schedule."""
    plan = tinyplan.write(tmp_path_factory.mktemp("tiny"))
    run = plan / "run"
    for words in (("forecast", plan, "--out", run), ("staff", run), ("schedule", run)):
        more = ("--passes", 1) if words[0] == "schedule" else ()
        assert run_app([str(word) for word in (*words, *more, "--quiet")]) == 0
    return run


@pytest.mark.slow
def test_offers_are_told_as_text_and_as_one_object(wfplan, small_run):
    said = wfplan("offers", small_run, "--most", 2, "--json", "--quiet")
    assert said.code == 0
    offers = said.object["result"]["offers"]
    kinds = [one["kind"] for one in offers]
    assert all(kinds.count(kind) <= 2 for kind in kinds)
    text = wfplan("offers", small_run, "--most", 2, "--quiet")
    assert "Open shifts: " in text.out
    assert "Voluntary time off: " in text.out


@pytest.mark.slow
def test_shifts_are_told_as_text_as_object_and_in_files(wfplan, small_run, tmp_path):
    lp, cover = tmp_path / "a.lp", tmp_path / "cover.csv"
    said = wfplan(
        "shifts", small_run, "--templates", 30, "--json", "--quiet", "--lp", lp, "--cover", cover
    )
    assert said.code == 0, said.err
    result = said.object["result"]
    assert result["templates_offered"] <= 30
    assert result["lower_bound"] <= result["objective"] + 1e-6
    rows = list(csv.DictReader(cover.read_text().splitlines()))
    assert len(rows) == len(result["cover"])
    assert all(int(row["scheduled"]) >= int(row["required_whole"]) for row in rows)
    assert lp.read_text().startswith("\\* shifts *\\")
    text = wfplan("shifts", small_run, "--templates", 30, "--quiet")
    assert "What binds" in text.out
    assert "people of" in text.out


@pytest.mark.slow
def test_a_run_has_its_week_already(wfplan, small_run):
    said = wfplan("shifts", small_run, "--week", "2026-10-19")
    assert said.code == 2
    assert "is a run and has its week already" in said.err


@pytest.mark.slow
@pytest.mark.parametrize("bad", [("--templates", 0), ("--least", "joy"), ("--breaks", 9)])
def test_options_without_a_meaning_are_refused(wfplan, small_run, bad):
    assert wfplan("shifts", small_run, *bad).code == 2
