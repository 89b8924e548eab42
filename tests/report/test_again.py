"""Tests for wfplan.report.again: what simulation changed, and who stays free."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from wfplan.domain.results import Round
from wfplan.report import render
from wfplan.report.again import reserve_lines, round_lines, rounds_in_words

LOOKS = (Round(100.0, 150.0), Round(120.0, 130.5, is_kept=True), Round(118.0, 140.0))


def test_a_week_planned_again_says_how_often_and_what_it_saves(small):
    again = replace(small, rounds=LOOKS)
    said = rounds_in_words(again)
    assert "planned again 2 times: number 1 was the best" in said
    assert "saves 19.5 points of harm as simulated" in said
    lines = round_lines(again)
    assert [line.name for line in lines] == ["first plan", "planned again, 1", "planned again, 2"]
    assert [line.is_kept for line in lines] == [False, True, False]
    assert (lines[1].planned, lines[1].lived) == ("120.0", "130.5")
    text = render(again)
    assert "Planned again after simulation" in text
    assert "130.5" in text


def test_a_first_plan_that_stays_the_best_is_said_to_be(small):
    first, second = Round(100.0, 130.0, is_kept=True), Round(120.0, 131.0)
    said = rounds_in_words(replace(small, rounds=(first, second)))
    assert "planned again 1 time: the first plan was the best of them, and is kept" in said
    assert "saves" not in said
    assert "not planned again" in rounds_in_words(replace(small, rounds=(first,)))


def test_a_week_that_was_not_refined_says_nothing_of_rounds(small):
    assert rounds_in_words(replace(small, rounds=())) == ""
    assert "Planned again after simulation" not in render(replace(small, rounds=()))


def test_people_kept_free_are_whole_ones_beyond_the_load(small):
    names = small.demand.channels
    voice = names.index("voice")
    staff = np.where(small.demand.is_open, small.need.load_erlangs + 2.7, 0.0)
    staff[voice, np.flatnonzero(small.demand.is_open[voice])[0]] += 2.4
    kept = replace(small, solution=replace(small.solution, staff=staff))
    assert reserve_lines(kept)[0].startswith("voice: 2 to 5 people, 2.0 on average")
    assert not [line for line in reserve_lines(kept) if line.startswith("email")]


def test_a_number_in_the_plan_file_stands(small):
    channels = tuple(
        c.model_copy(update={"reserve": 3}) if c.name == "voice" else c
        for c in small.problem.channels
    )
    fixed = replace(small, problem=small.problem.model_copy(update={"channels": channels}))
    assert "voice: 3, as the plan file says." in reserve_lines(fixed)


def test_where_nobody_serves_both_nobody_is_kept_free(small):
    only = small.problem.model_copy(
        update={"channels": tuple(c for c in small.problem.channels if c.is_realtime)}
    )
    assert reserve_lines(replace(small, problem=only)) == ()
