"""Tests for wfplan.cli.line: Ctrl-C, and the stages from run folder to run folder."""

from __future__ import annotations

import csv
import json
import os
import signal
import threading

import pytest

from wfplan.cli import line
from wfplan.domain.progress import MANY_PASSES, Stop


def test_ctrl_c_once_sets_the_stop_and_says_so():
    before, said, stop = signal.getsignal(signal.SIGINT), [], Stop()
    with line.stopping(stop, said.append):
        assert not stop.is_due
        os.kill(os.getpid(), signal.SIGINT)
        assert stop.is_due
        assert signal.getsignal(signal.SIGINT) is signal.SIG_DFL  # the next one ends the process
    assert len(said) == 1
    assert "Ctrl-C again ends at once" in said[0]
    assert signal.getsignal(signal.SIGINT) is before


def test_outside_the_main_thread_signals_are_left_alone():
    before, seen = signal.getsignal(signal.SIGINT), []

    def work():
        with line.stopping(Stop(), seen.append) as stop:
            seen.append(stop.is_due)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [False]
    assert signal.getsignal(signal.SIGINT) is before


def test_limits_that_are_not_given_stay_as_they_are():
    assert line.stop_after(None, None).passes == Stop().passes
    assert line.stop_after(3, 2.5).passes == 3
    assert line.stop_after(3, 2.5).seconds == 2.5
    assert line.stop_after(3, None).work == Stop().work
    assert line.stop_after(3, None, 5000).work == 5000


def test_where_time_or_moves_alone_are_the_limit_passes_are_none():
    assert line.stop_after(None, 2.5).passes >= MANY_PASSES
    assert line.stop_after(None, None, 5000).passes >= MANY_PASSES


@pytest.mark.slow
def test_a_build_that_was_stopped_is_resumed_to_the_plan_of_the_whole_one(wfplan, plan_folder):
    plan = plan_folder()
    whole, parts = plan / "whole", plan / "parts"
    planned = ("--passes", 6, "--quiet")
    assert wfplan("build", plan, "--out", whole, *planned).code == 0
    said = wfplan("build", plan, "--out", parts, "--resume", *planned)
    assert said.code == 3
    assert "no search was stopped here" in said.err
    assert not parts.exists()
    assert wfplan("build", plan, "--out", parts, "--work", 900, *planned).code == 0
    before = (parts / "schedule.csv").read_bytes()
    assert wfplan("build", plan, "--out", parts, "--resume", *planned).code == 0
    for name in ("schedule.csv", "outcome.csv", "audit.json", "search.npz"):
        assert (whole / name).read_bytes() == (parts / name).read_bytes(), name
    assert before != (parts / "schedule.csv").read_bytes()
    assert wfplan("schedule", whole, *planned).code == 0
    assert wfplan("schedule", parts, "--work", 900, *planned).code == 0
    assert wfplan("schedule", parts, "--resume", *planned).code == 0
    assert (whole / "schedule.csv").read_bytes() == (parts / "schedule.csv").read_bytes()


@pytest.mark.slow
def test_a_plan_of_four_weeks_goes_the_whole_line(wfplan, plan_folder):
    plan = plan_folder()
    path = plan / "plan.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('week_start = "mon"', 'week_start = "mon"\ndays = 28'), "utf-8")
    said = wfplan("build", plan, "--out", plan / "run", "--passes", 2, "--quiet")
    assert said.code == 0
    assert "28 days from 2026-03-02" in said.out
    dates = set(_column(plan / "run" / "ledger.csv", "date"))
    assert (min(dates), max(dates)) == ("2026-03-02", "2026-03-29")
    breaches = json.loads((plan / "run" / "audit.json").read_text(encoding="utf-8"))["breaches"]
    assert [breach for breach in breaches if breach["hardness"] == "hard"] == []


def _column(path, name):
    with path.open(encoding="utf-8", newline="") as file:
        return [row[name] for row in csv.DictReader(file)]


@pytest.mark.slow
def test_the_stages_one_by_one_give_the_plan_of_the_whole_line(wfplan, plan_folder):
    plan = plan_folder()
    whole, steps = plan / "whole", plan / "steps"
    assert wfplan("build", plan, "--out", whole, "--passes", 2, "--quiet").code == 0
    assert wfplan("forecast", plan, "--out", steps, "--quiet").code == 0
    for stage in ("staff", "schedule", "simulate", "refine", "audit", "report"):
        more = ("--passes", 2) if stage in ("schedule", "refine") else ()
        said = wfplan(stage, steps, *more, "--quiet")
        assert (said.code, said.err) == (0, "")
    for name in ("forecast.csv", "requirement.csv", "schedule.csv", "outcome.csv", "audit.json"):
        assert (whole / name).read_bytes() == (steps / name).read_bytes(), name


@pytest.mark.slow
def test_a_raised_requirement_is_planned_for(wfplan, plan_folder):
    plan = plan_folder()
    run = plan / "run"
    wfplan("forecast", plan, "--out", run, "--quiet")
    wfplan("staff", run, "--quiet")
    path = run / "requirement.csv"
    header, *rows = path.read_text().splitlines()
    place = header.split(",").index("staff_required")
    raised = [row.split(",") for row in rows]
    for cells in raised:
        if float(cells[place]) > 0:
            cells[place] = "7"
    path.write_text("\n".join([header, *(",".join(cells) for cells in raised)]))
    assert wfplan("schedule", run, "--passes", 2, "--quiet").code == 0
    assert ",edited," in path.read_text()
    assert json.loads((run / "manifest.json").read_text())["status"] != "unscheduled"
