"""Tests for wfplan build --each and --save-scenario: plans side by side, and a plan left alone."""

from __future__ import annotations

import json

import pytest

from wfplan import what_if
from wfplan.errors import ExitCode

PLAN_TWO = ("--scenario", "volume=+20%", "--scenario", "absent=A004")
QUICK = ("--passes", "1", "--quiet")


def contents(plan):
    """Every file of a plan folder."""
    return {path.name: path.read_bytes() for path in plan.iterdir() if path.is_file()}


@pytest.mark.parametrize(
    ("argv", "text"),
    [
        (("--each",), "--each has nothing to plan apart"),
        ((*PLAN_TWO, "--each", "--resume"), "--resume goes on with one plan"),
        (("--save-scenario", "flu"), "--save-scenario has nothing to save"),
    ],
)
def test_options_that_do_not_go_together_are_refused(wfplan, tiny_plan, argv, text):
    said = wfplan("build", tiny_plan, *argv)
    assert said.code == ExitCode.USAGE
    assert text in said.err


def test_what_contradicts_itself_is_not_planned_together(wfplan, tiny_plan, tmp_path):
    argv = ("--scenario", "volume=+20%", "--scenario", "volume=+10%", "--out", tmp_path / "run")
    said = wfplan("build", tiny_plan, *argv)
    assert said.code == ExitCode.BAD_INPUT
    assert "both say what volume is; give one of them, or compare them with --each" in said.err
    assert not (tmp_path / "run").exists()


def test_a_dry_run_names_the_files_of_every_plan(wfplan, tiny_plan, tmp_path):
    said = wfplan("build", tiny_plan, *PLAN_TWO, "--each", "--dry-run", "--out", tmp_path / "run")
    for folder in ("volume-plus-20", "absent-a004", "all-together"):
        assert f"Would write {tmp_path / 'run' / 'scenarios' / folder / 'report.html'}" in said.out


@pytest.mark.slow
def test_each_plans_all_apart_and_leaves_the_plan_alone(wfplan, plan_folder, tmp_path):
    plan, out = plan_folder(), tmp_path / "run"
    before = contents(plan)
    said = wfplan("build", plan, *PLAN_TWO, "--each", "--out", out, *QUICK, "--json")
    assert said.code == 0
    names = ["as it is", "volume=+20%", "absent=A004", "all together"]
    result = said.object["result"]["comparison"]
    assert [run["name"] for run in result["runs"]] == names
    for run in result["runs"]:
        manifest = json.loads((out.parent / run["folder"] / "manifest.json").read_text())
        assert manifest["scenario"] == run["scenario"]
    assert contents(plan) == before
    alone = tmp_path / "alone"
    assert wfplan("build", plan, *PLAN_TWO[:2], "--out", alone, *QUICK).code == 0
    for file in ("forecast.csv", "requirement.csv", "schedule.csv", "outcome.csv"):
        apart = out / "scenarios" / "volume-plus-20" / file
        assert apart.read_bytes() == (alone / file).read_bytes()


@pytest.mark.slow
def test_an_interruption_keeps_the_plans_that_are_done(wfplan, tiny_plan, tmp_path, monkeypatch):
    from wfplan import pipeline

    make, made = pipeline.plan_week, []

    def stopped(run, folder, control, **more):
        if made:
            control.stop.interrupt.set()
        made.append(folder)
        return make(run, folder, control, **more)

    monkeypatch.setattr(pipeline, "plan_week", stopped)
    out = tmp_path / "run"
    said = wfplan("build", tiny_plan, *PLAN_TWO, "--each", "--out", out, *QUICK)
    assert said.code == ExitCode.INTERRUPTED
    assert made == [out, out / "scenarios" / "volume-plus-20"]
    assert all((folder / "report.html").exists() for folder in made)
    assert "Interrupted: 2 more plans were not begun." in said.out
    assert "Interrupted before it was finished: number 2 of 2." in said.out


@pytest.mark.slow
def test_a_scenario_is_saved_only_under_the_name_that_is_asked_for(wfplan, plan_folder, tmp_path):
    plan = plan_folder()
    text = (plan / "plan.toml").read_text(encoding="utf-8")
    argv = (*PLAN_TWO, "--save-scenario", "flu", "--out", tmp_path / "run", *QUICK)
    assert wfplan("build", plan, *argv).code == 0
    saved = (plan / "plan.toml").read_text(encoding="utf-8")
    assert saved == f'{text}\n[scenarios]\nflu = ["volume=+20%", "absent=A004"]\n'
    by_name = tmp_path / "by-name"
    assert wfplan("build", plan, "--scenario", "flu", "--out", by_name, *QUICK).code == 0
    for file in ("schedule.csv", "outcome.csv"):
        assert (by_name / file).read_bytes() == (tmp_path / "run" / file).read_bytes()


def test_places_of_scenarios_lie_inside_the_run(tmp_path):
    from wfplan.staffing import Scenario

    (place,) = what_if.folders_of(tmp_path, [Scenario("../x=1", ())])
    assert place.parent == tmp_path / "scenarios"
