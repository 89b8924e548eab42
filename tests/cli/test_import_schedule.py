"""Tests for wfplan import-schedule: a roster from elsewhere as a run."""

from __future__ import annotations

import json

import pytest

from wfplan.errors import ExitCode

ROSTER = """\
agent_id,start,end,activity
A001,2026-03-02T08:00,2026-03-02T16:00,
A001,2026-03-02T12:00,2026-03-02T12:30,meal
A002,2026-03-03T09:00,2026-03-03T17:00,
A003,2026-03-10T09:00,2026-03-10T17:00,
A004,2026-03-04T09:00,2026-03-04T17:00,time_off
"""


@pytest.fixture
def roster(tmp_path):
    """A list of shifts of two weeks, with time off."""
    path = tmp_path / "roster.csv"
    path.write_text(ROSTER)
    return path


def test_a_dry_run_says_what_was_read_and_what_would_be_written(wfplan, tiny_plan, roster):
    said = wfplan("import-schedule", roster, "--plan", tiny_plan, "--week", "2026-W10", "--dry-run")
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[0].startswith("Read a list of shifts: agent_id, start, end (CSV, Parquet,")
    assert lines[1].startswith("2 shifts of 2 people in the week of 2026-03-02: 960 minutes, 930")
    assert lines[1].endswith(" of them paid, 930 on queue.")
    assert lines[2] == "Left out: 1 row of time off, 1 shift of other weeks."
    assert lines[3] == "Without a shift: A003, A004, A005, A006, A007 and 1 more."
    folder = tiny_plan / "runs" / "tiny-bank" / "2026-03-02-roster"
    assert f"Would write {folder / 'schedule.csv'}" in lines
    assert not folder.exists()


def test_the_same_as_an_object(wfplan, tiny_plan, roster):
    argv = ("--plan", tiny_plan, "--week", "2026-03-04", "--dry-run", "--json")
    result = wfplan("import-schedule", roster, *argv).object["result"]
    assert result | {"files": 0, "without_shift": 0} == {
        "layout": "shifts", "week": "2026-03-02", "people": 2, "shifts": 2, "minutes": 960,
        "paid_minutes": 930, "on_queue_minutes": 930,
        "left_out": {"rows of time off": 1, "shifts of other weeks": 1}, "without_shift": 0,
        "files": 0, "dry_run": True,
    }  # fmt: skip


def test_weeks_have_to_be_told_apart(wfplan, tiny_plan, roster):
    said = wfplan("import-schedule", roster, "--plan", tiny_plan, "--out", "nowhere")
    assert said.code == ExitCode.BAD_INPUT
    assert (
        "has shifts in 2 weeks: 2026-03-02 (2), 2026-03-09 (1); say which with --week" in said.err
    )


def test_every_fault_is_shown_and_nothing_written(wfplan, tiny_plan, roster, tmp_path):
    roster.write_text(ROSTER.replace("A002", "B002").replace("A003", "B003"))
    out = tmp_path / "run"
    said = wfplan("import-schedule", roster, "--plan", tiny_plan, "--out", out, "--json")
    assert said.code == ExitCode.BAD_INPUT
    assert [one["line"] for one in said.object["errors"]] == [4, 5]
    assert not out.exists()


def test_whose_shifts_they_are_must_be_said(wfplan, roster, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = wfplan("import-schedule", roster)
    assert said.code == ExitCode.USAGE
    assert "Give the plan (--plan PLAN) or a run of it (--plan RUN)" in said.err


def test_ids_of_another_system_come_from_the_map(wfplan, plan_folder, tmp_path):
    plan = plan_folder()
    shift = {"startDate": "2026-03-02T08:00:00.000Z", "lengthMinutes": 480, "activities": []}
    week = {"agentSchedules": [{"userId": "u-1", "shifts": [shift]}]}
    (tmp_path / "week.json").write_text(json.dumps(week))
    argv = ("import-schedule", tmp_path / "week.json", "--plan", plan, "--dry-run")
    said = wfplan(*argv)
    assert said.code == ExitCode.BAD_INPUT
    assert "1 person of the file is not known: u-1 (1); give each a row in the file" in said.err
    rows = "kind,id,system,external_id\nagent,A001,genesys,u-1\n"
    (tmp_path / "ids.csv").write_text(rows)
    assert "1 shift of 1 person" in wfplan(*argv, "--ids", tmp_path / "ids.csv").out
    (plan / "external_ids.csv").write_text(rows)
    assert "1 shift of 1 person" in wfplan(*argv).out


@pytest.mark.slow
def test_an_imported_roster_is_simulated_audited_and_compared(wfplan, plan_folder, tmp_path):
    plan, run = plan_folder(), tmp_path / "run"
    assert wfplan("build", plan, "--passes", "1", "--out", run, "--quiet").code == 0
    for target in ("csv", "json", "ics"):
        out, back = tmp_path / target, tmp_path / f"back-{target}"
        assert wfplan("export", run, "--to", target, "--out", out).code == 0
        said = wfplan("import-schedule", out, "--plan", run, "--out", back)
        assert said.code == 0
        assert said.out.splitlines()[-3:] == [
            f"Next: wfplan simulate {back}", f"      wfplan audit {back}",
            f"      wfplan compare {back} OTHER-RUN",
        ]  # fmt: skip
        first, second = ((folder / "schedule.csv").read_text("utf-8-sig") for folder in (run, back))
        assert rows(first) == rows(second)
        assert wfplan("simulate", back, "--quiet").code == 0
        assert wfplan("audit", back, "--quiet").code == 0
        audits = [json.loads((folder / "audit.json").read_text()) for folder in (run, back)]
        assert audits[0] == audits[1]
        assert wfplan("compare", run, back).code == 0
        assert (run / "outcome.csv").read_bytes() == (back / "outcome.csv").read_bytes()


def rows(table):
    """The rows of a schedule, but for its own id."""
    return [line.partition(",")[2] for line in table.splitlines()]
