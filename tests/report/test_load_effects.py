"""Tests for wfplan.report.load_effects."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from wfplan.domain.load_effects import LoadEffect, LoadEffects
from wfplan.report import render
from wfplan.report.load_effects import load_effect_lines


@pytest.fixture
def said(synthetic, tmp_path):
    """A function: the run whose plan names a calibration."""

    def make(load_effects):
        run = synthetic.run(tmp_path / "plan.toml")
        problem = run.problem.model_copy(update={"load_effects": load_effects})
        return replace(run, problem=problem)

    return make


def named(verdict="effect_found", *, ratio=1.31, **more):
    one = {"low95": 1.08, "high95": 1.59}
    return LoadEffects(
        file="c.json", plan="harbour-bank", verdict=verdict, spells=412, strain_table="2026.1",
        first_day=date(2026, 1, 5), last_day=date(2026, 9, 27),
        mean_acute_min=40, mean_chronic_min=38, quick_return_share=0.1,
        effects=(
            LoadEffect(name="acute", odds_ratio=ratio, is_found=True, **one),
            LoadEffect(name="chronic", odds_ratio=1.02, is_found=False, **one),
            LoadEffect(name="quick_return", odds_ratio=None, low95=None, high95=None,
                       is_found=False),
        ), **more,
    )  # fmt: skip


def test_a_plan_without_a_calibration_says_that_every_effect_is_zero(said):
    (line,) = load_effect_lines(said(None))
    assert "Every effect of load on absence, handle time and leaving is zero" in line


@pytest.mark.parametrize(
    ("effects", "why"),
    [
        (named("no_effect_found"), "found no effect"),
        (named("not_enough_data"), "had not enough data"),
        (named("doubtful"), "in doubt"),
        (named(ratio=0.7), "seem to protect"),
        (named(is_fitting=False), "strain table"),
    ],
)
def test_a_calibration_that_changes_nothing_is_named_with_why_and_what_it_found(said, effects, why):
    line, found = load_effect_lines(said(effects))
    assert "is zero in this plan: c.json" in line
    assert why in line
    assert "95 % 1.08 to 1.59" in found


def test_effects_in_use_are_named_with_intervals_and_the_shares_they_give(said):
    lines = load_effect_lines(said(named()))
    text = " ".join(lines)
    assert (
        "acute load, 30 min a day more: odds of an absence × 1.31 (95 % 1.08 to 1.59)" in lines[0]
    )
    assert "412 spells, 2026-01-05 to 2026-09-27" in lines[0]
    assert "chronic" not in lines[0]
    assert "Not used, as not found or not harmful: chronic load" in text
    assert "The plan's 5.0\N{NARROW NO-BREAK SPACE}% of absence" in text
    assert "at most 2 times" in text
    assert "no proof of a cause" in text


@pytest.mark.parametrize("effects", [None, named()])
def test_the_page_says_what_load_does(said, effects):
    run = said(effects)
    page = render(run)
    assert '<h3 id="load-effects">What load does to absence</h3>' in page
    assert load_effect_lines(run)[0].split("'")[0] in page
