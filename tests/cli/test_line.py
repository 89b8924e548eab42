"""Tests for wfplan.cli.line: Ctrl-C, and the stages from run folder to run folder."""

from __future__ import annotations

import json
import os
import signal
import threading

import pytest

from wfplan.cli import line
from wfplan.domain.progress import Stop


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
