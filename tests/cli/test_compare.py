"""Tests for wfplan compare: runs side by side on the terminal, as an object and as a page."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from wfplan.cli import comparing, line
from wfplan.errors import ExitCode
from wfplan.store import RunParts, write_run


@pytest.fixture
def two(synthetic, tmp_path, monkeypatch):
    """Two run folders, in the second of which A001 works at other hours; reading needs no plan."""
    plan = tmp_path / "plan.toml"
    plan.write_text("")
    first = synthetic.run(plan)
    later = synthetic.shift("A001", synthetic.WEEK, 600, (480, "ON_QUEUE"))
    shifts = (later, *first.solution.schedule.shifts[1:])
    schedule = first.solution.schedule.model_copy(update={"shifts": shifts})
    second = replace(first, solution=replace(first.solution, schedule=schedule))
    runs = {"one": first, "two": second}
    folders = [write_run(run, tmp_path / name, report="") for name, run in runs.items()]
    monkeypatch.setattr(line, "read", lambda folder: RunParts.of(runs[folder.name]))
    return folders


def test_who_changes_is_said_before_any_figure(wfplan, two):
    said = wfplan("compare", *two)
    assert said.code == 0
    assert "one -> two: 2 people keep their week, 1 changes: shifts 1 moved." in said.out
    assert "  A001  Mon 19 Oct: 08:00-16:00 -> 10:00-18:00, moved" in said.out
    assert said.out.index("keep their week") < said.out.index("voice service level")
    assert "Cost, rules and objective" in said.out


def test_the_object_has_readings_differences_and_people(wfplan, two):
    result = wfplan("compare", *two, "--json").object["result"]
    assert [run["name"] for run in result["runs"]] == ["one", "two"]
    (paid,) = (row for row in result["rows"] if row["name"] == "paid_hours")
    assert paid["differences"] == [{"difference": 0.0, "half_width": 0.0, "is_sure": False}]
    assert paid["first"] == paid["second"] == paid["readings"][0]
    assert paid["label"] == "paid hours"
    (people,) = result["people"]
    assert (people["kept"], people["changed"]) == (2, 1)
    assert people["people"][0]["changes"][0]["before"] == [
        "2026-10-19T07:00:00Z",
        "2026-10-19T15:00:00Z",
    ]


def test_three_runs_stand_side_by_side_without_a_column_of_differences(wfplan, two):
    said = wfplan("compare", *two, two[0])
    assert said.code == 0
    (head,) = (text for text in said.out.splitlines() if text.split() == ["one", "two", "one"])
    assert "difference" not in head


def test_one_run_is_not_enough(wfplan, two):
    said = wfplan("compare", two[0])
    assert said.code == ExitCode.USAGE
    assert "give another one to compare it with" in said.err


def test_a_page_is_written_where_it_is_asked_for(wfplan, two, tmp_path):
    page = tmp_path / "both.html"
    said = wfplan("compare", *two, "--html", page)
    assert said.out.endswith(f"Wrote {page}\n")
    text = page.read_text(encoding="utf-8")
    assert "1 changes: shifts 1 moved" in text
    assert "<script" not in text
    refused = wfplan("compare", *two, "--html", tmp_path)
    assert refused.code == ExitCode.USAGE
    assert "is a folder" in refused.err


def test_names_are_no_part_of_what_the_terminal_shows(wfplan, two, synthetic):
    assert synthetic.CANARY not in wfplan("compare", *two).out
    assert synthetic.CANARY not in json.dumps(wfplan("compare", *two, "--json").object)


def test_folders_of_one_name_are_told_apart(tmp_path):
    folders = [tmp_path / "a" / "run", tmp_path / "b" / "run"]
    assert comparing.names_of(folders) == ["a/run", "b/run"]


def test_runs_of_other_dates_have_no_random_numbers_in_common(wfplan, two, synthetic, monkeypatch):
    from datetime import timedelta

    def read(folder):
        parts = RunParts.of(synthetic.run(folder))
        week = parts.horizon.first_day + timedelta(days=7 * (folder.name == "two"))
        horizon = parts.problem.horizon(week)
        return replace(parts, horizon=horizon, demand=replace(parts.demand, horizon=horizon))

    monkeypatch.setattr(line, "read", read)
    said = wfplan("compare", *two, "--replications", "4")
    assert said.code == ExitCode.USAGE
    assert "of the same dates and channels" in said.err
