"""Tests for wfplan.report.quarter_page, quarter_words and charts_weeks."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import numpy as np
import pytest

from wfplan.domain.quarters import WITH, WITHOUT
from wfplan.report import render_quarter
from wfplan.report.charts_weeks import Between, line_chart, scale_of
from wfplan.report.quarter_words import headline_of, sentences_of


@pytest.fixture(scope="module")
def made_up():
    path = Path(__file__).with_name("synthetic_quarter.py")
    spec = importlib.util.spec_from_file_location("synthetic_quarter", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.synthetic_quarter


def test_the_verdict_says_what_memory_does_and_what_it_leaves_as_it_is(made_up):
    word, sentence = headline_of(made_up())
    assert word == "Memory makes 1 of 2 burdens more even"
    assert sentence == (
        "After 13 weeks nobody lies more than 3.0 late shifts above a fair share; without memory, "
        "39.0."
    )


def test_a_quarter_that_is_not_whole_is_not_compared(made_up):
    assert headline_of(made_up(weeks=5))[0] == "5 of 13 weeks planned"
    page = render_quarter(made_up(weeks=5))
    assert "Not whole" in page
    assert "With memory: 5 of 13 weeks are planned." in page


def test_one_way_of_planning_has_a_page_of_its_own(made_up):
    found = made_up(memories=(WITHOUT,))
    assert headline_of(found) == (
        "13 weeks planned",
        "From 2026-10-26, without memory.",
    )
    assert "With memory:" not in render_quarter(found)
    assert not any("with memory," in text for text in sentences_of(found))


def test_nothing_planned_is_said(made_up):
    assert headline_of(made_up(weeks=0))[0] == "Nothing is planned yet"


def test_rules_broken_unseen_are_counted(made_up):
    assert sentences_of(made_up())[-1] == (
        "Hard rules broken, weeks before known to the audit: 0 with memory, 24 without."
    )


def test_the_page_says_how_far_ahead_it_looks_and_names_nobody_but_by_id(made_up):
    page = render_quarter(made_up(memories=(WITH,)))
    assert "looks 13 weeks ahead" in page
    assert re.findall(r'<th scope="row">(A\d{3})</th>', page)[:2] == ["A001", "A002"]
    assert "<script" not in page
    assert "://" not in page


def test_a_scale_holds_its_values_and_zero_in_round_steps():
    scale = scale_of([np.array([-3.2, 7.1])])
    assert scale.bottom <= -3.2 < 7.1 <= scale.top
    assert scale.y(np.array([scale.top, scale.bottom])).tolist() == [0.0, scale.height]
    assert scale_of([]).top > scale_of([]).bottom
    assert isinstance(scale_of([np.array([np.nan])]), Between)


def test_a_line_without_values_is_said(made_up):
    weeks = made_up().weeks
    chart = line_chart("Harm", weeks, {"with": np.full(len(weeks), np.nan)})
    assert chart.summary == "Harm: nothing is known."
