"""``wfplan quarter`` without planning: what it refuses, and how it says so."""

from __future__ import annotations

import json

import pytest


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--no-memory", "--compare"], "--compare plans with memory and without"),
        (["--no-memory", "--store", "x.db"], "--no-memory is a trial"),
        (["--override", "why"], "--override signs for what people are told"),
        (["--resume", "--force"], "--resume goes on and --force begins anew"),
    ],
)
def test_options_that_contradict_each_other_are_refused(wfplan, tiny_plan, options, message):
    said = wfplan("quarter", tiny_plan, *options)
    assert said.code == 2
    assert message in said.err


def test_a_quarter_is_not_written_over_without_a_word(wfplan, tiny_plan, tmp_path):
    about = {"schema": "wfplan-quarter/1", "asked": {}}
    (tmp_path / "q").mkdir()
    (tmp_path / "q" / "quarter.json").write_text(json.dumps(about))
    said = wfplan("quarter", tiny_plan, "--out", tmp_path / "q")
    assert said.code == 2
    assert "--resume goes on with it, --force plans it anew" in said.err


def test_it_is_gone_on_with_as_it_was_begun(wfplan, tiny_plan, tmp_path):
    asked = {"first": "2026-03-02", "seed": 7, "passes": None, "store": None}
    (tmp_path / "q").mkdir()
    (tmp_path / "q" / "quarter.json").write_text(
        json.dumps({"schema": "wfplan-quarter/1", "asked": asked})
    )
    said = wfplan("quarter", tiny_plan, "--out", tmp_path / "q", "--resume")
    assert said.code == 2
    assert "was planned with seed 7, not 0" in said.err


def test_a_folder_of_something_else_is_left_alone(wfplan, tiny_plan, tmp_path):
    (tmp_path / "q").mkdir()
    (tmp_path / "q" / "mine.txt").write_text("mine")
    said = wfplan("quarter", tiny_plan, "--out", tmp_path / "q")
    assert said.code == 2
    assert "holds something that is no quarter" in said.err
    assert sorted(path.name for path in (tmp_path / "q").iterdir()) == ["mine.txt"]
