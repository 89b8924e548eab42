"""Tests for wfplan simulate: a run again, under changes, and rosters from elsewhere."""

from __future__ import annotations

import csv
import json
from dataclasses import replace

import pytest

from wfplan.cli import looks
from wfplan.domain.progress import Control, Stop
from wfplan.errors import ExitCode, InputError
from wfplan.evaluation import Difference, Meeting, ScenarioColumn
from wfplan.store import RunParts

LIST = """\
agent_id,start,end,break_start,break_end
A001,2026-03-02T08:00,2026-03-02T16:00,12:00,12:30
A002,2026-03-03T09:00,2026-03-03T17:00,,
A003,2026-03-03T08:00,2026-03-03T16:00,12:00,12:30
"""


@pytest.fixture(scope="module")
def built(tiny_plan, tmp_path_factory):
    """A tiny week, planned with little search and simulated a little."""
    from wfplan import pipeline, runs, store

    folder = tmp_path_factory.mktemp("simulate") / "week"
    run = runs.begin(tiny_plan)
    simulation = run.problem.simulation.model_copy(update={"replications": 4, "rounds": 0})
    run = replace(run, problem=run.problem.model_copy(update={"simulation": simulation}))
    for stage in ("forecast", "staff", "schedule", "simulate", "audit"):
        run = pipeline.take(run, stage, Control(Stop(passes=1)))
    store.write_parts(run, folder)
    return folder


@pytest.mark.parametrize(
    ("argv", "text"),
    [
        (("--week", "2026-03-02"), "--week is for a plan and its --schedule"),
        (("--seed", "3"), "--seed is for a plan and its --schedule"),
        (("--dry", "--out", "x"), "leave out --out or --dry"),
        (("--contacts", "x.doc"), "x.doc has no known ending"),
        (("--keep", "3"), "--keep says how many weeks --contacts writes"),
        (("--replications", "1"), "--replications"),
    ],
)
def test_options_that_have_no_meaning_are_refused_before_any_work(wfplan, made_run, argv, text):
    said = wfplan("simulate", made_run, *argv)
    assert said.code == ExitCode.USAGE
    assert text in said.err


def test_a_plan_alone_cannot_be_simulated(wfplan, plan_folder):
    said = wfplan("simulate", plan_folder())
    assert said.code == ExitCode.USAGE
    assert "is no run folder" in said.err
    assert "--schedule FILE" in said.err


def test_a_simulated_run_says_how_even_it_is_and_how_to_go_on(
    wfplan, made_run, synthetic, monkeypatch
):
    parts, looked = RunParts.of(synthetic.run(made_run)), []

    def again(look, watch):
        looked.append(look)
        return parts, made_run

    monkeypatch.setattr(looks, "again", again)
    said = wfplan("simulate", made_run, "-n", "50", "--workers", "2", "--cluster", "processes")
    assert said.out.startswith("How even the service is")
    assert said.out.endswith(f"\nWrote {made_run / 'outcome.csv'}\nNext: wfplan audit {made_run}\n")
    (look,) = looked
    assert (look.replications, look.workers, look.cluster) == (50, 2, "processes")
    assert look.control(print).workers == 2
    result = wfplan("simulate", made_run, "--json").object["result"]
    names = [number["name"] for number in result["consistency"][0]["numbers"]]
    assert len(names) == 7
    assert all(number["definition"] for number in result["consistency"][0]["numbers"])


def test_a_scenario_is_looked_at_beside_the_run(wfplan, made_run, synthetic, monkeypatch):
    parts = RunParts.of(synthetic.run(made_run))
    found = (
        Difference("service_level", "voice", "share", 0.85, 0.80, -0.05, 0.01),
        Difference("wait_mean_s", "voice", "s", 20.0, 21.0, 1.0, 3.0),
        Difference("harm", "", "points", 100.0, 150.0, 50.0, float("nan")),
    )
    column = ScenarioColumn("volume=+10%", ("volume=+10%",), found)
    monkeypatch.setattr(looks, "beside", lambda look, watch: (parts, (column,), None))
    said = wfplan("simulate", made_run, "--scenario", "volume=+10%")
    lines = [" ".join(text.split()) for text in said.out.splitlines()]
    assert "service level 85.0 % 80.0 % -5.0 +- 1.0" in lines
    assert "mean wait 20.0 s 21.0 s +1.0 +- 3.0 ~" in lines
    assert "all channels" in lines
    result = wfplan("simulate", made_run, "--scenario", "volume=+10%", "--json").object["result"]
    assert result["scenario"] == ["volume=+10%"]
    assert [row["is_sure"] for row in result["differences"]] == [True, False, False]
    assert result["differences"][2]["half_width"] is None


@pytest.mark.slow
def test_a_scenario_leaves_the_run_as_it_is(wfplan, built):
    before = {path.name: path.read_bytes() for path in built.iterdir()}
    said = wfplan("simulate", built, "--scenario", "volume=+30%", "-n", "20", "--json")
    assert said.code == 0
    rows = {(row["measure"], row["channel"]): row for row in said.object["result"]["differences"]}
    worse = rows["service_level", "voice"]
    assert worse["difference"] < 0
    assert worse["is_sure"]
    assert {path.name: path.read_bytes() for path in built.iterdir()} == before


@pytest.mark.slow
def test_a_scenario_becomes_a_run_of_its_own_when_asked(wfplan, built, tmp_path):
    out = tmp_path / "busy"
    argv = ("--scenario", "volume=+10%", "--scenario", "absent=A001", "--out", out, "-n", "4")
    said = wfplan("simulate", built, *argv)
    assert said.code == 0
    assert said.out.splitlines()[-1] == f"Report: {out / 'report.html'}"
    assert json.loads((out / "manifest.json").read_text())["scenario"] == [
        "volume=+10%",
        "absent=A001",
    ]
    with (out / "schedule.csv").open(encoding="utf-8-sig") as file:
        assert "A001" not in {row["agent_id"] for row in csv.DictReader(file)}
    assert wfplan("audit", out).code == 0
    assert "voice service level" in wfplan("compare", out, out).out


@pytest.mark.slow
def test_the_schedule_of_a_run_gives_the_same_week_as_a_roster(wfplan, built, tiny_plan, tmp_path):
    """Read back as a stranger's, it is audited and simulated to the last digit as it was."""
    argv = ("--schedule", built / "schedule.csv", "-n", "4", "--seed", "0")
    said = wfplan("simulate", tiny_plan, *argv, "--out", tmp_path / "again")
    assert said.code == 0
    first, second = ((f / "outcome.csv").read_bytes() for f in (built, tmp_path / "again"))
    assert first == second
    first, second = ((f / "audit.json").read_bytes() for f in (built, tmp_path / "again"))
    assert first == second


@pytest.mark.slow
def test_a_shift_list_is_simulated_as_it_is_and_audited(wfplan, built, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text(LIST)
    said = wfplan("simulate", built, "--schedule", roster, "-n", "4", "--json")
    assert said.code == 0
    result = said.object["result"]
    assert result["folder"] == str(built.with_name("week-roster"))
    assert {"both_sides", "consistency", "missed"} <= result.keys()
    assert said.object["inputs"][-1]["path"] == "roster.csv"
    assert (built.with_name("week-roster") / "report.html").exists()
    audit = json.loads((built.with_name("week-roster") / "audit.json").read_text())
    missing = [b["why"] for b in audit["breaches"] if b["agent_id"] == "A002"]
    assert any("0 rests instead of 1" in why for why in missing)
    exported = wfplan("export", built.with_name("week-roster"), "--to", "csv")
    assert exported.code == 0


@pytest.mark.slow
def test_a_dry_look_writes_nothing_but_the_contacts(wfplan, built, tmp_path):
    roster, contacts = tmp_path / "roster.csv", tmp_path / "contacts.csv"
    roster.write_text(LIST)
    before = sorted(built.parent.rglob("*"))
    argv = ("--schedule", roster, "-n", "4", "--dry", "--contacts", contacts, "--keep", "2")
    said = wfplan("simulate", built, *argv)
    assert said.code == 0
    assert "Report:" not in said.out
    assert sorted(built.parent.rglob("*")) == before
    with contacts.open() as file:
        rows = list(csv.DictReader(file))
    assert {row["replication"] for row in rows} == {"0", "1"}
    assert {row["agent_id"] for row in rows} == {"", "A001", "A002", "A003"}


def test_a_roster_with_faults_ends_with_all_of_them(wfplan, plan_folder, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text(LIST.replace("A001", "A01").replace("17:00", "08:00"))
    said = wfplan("simulate", plan_folder(), "--schedule", roster, "--json")
    assert said.code == ExitCode.BAD_INPUT
    assert [error["line"] for error in said.object["errors"]] == [2, 3]
    assert "did you mean 'A001'?" in said.object["errors"][0]["message"]


def test_changes_come_on_top_of_those_of_the_run(synthetic, tmp_path):
    from wfplan import what_if

    run = RunParts.of(synthetic.run(tmp_path))
    run = replace(run, problem=run.problem.model_copy(update={"scenario": ("aht=+5%",)}))
    changed = what_if.in_scenario(run, ("volume=+10%",))
    assert changed.problem.scenario == ("volume=+10%", "aht=+5%")
    assert (changed.demand.offered_mean == run.demand.offered_mean * 1.1).all()
    assert changed.need is None
    assert what_if.in_scenario(run, ()) is run
    with pytest.raises(InputError, match="is not a scenario"):
        what_if.in_scenario(run, ("volum=1",))


def test_an_absence_of_some_dates_takes_out_the_shifts_of_those(synthetic, tmp_path):
    from wfplan import what_if

    run = RunParts.of(synthetic.run(tmp_path))
    worked = {(one.agent_id, one.shift_date) for one in run.solution.schedule.shifts}
    day = synthetic.WEEK.isoformat()
    changed = what_if.in_scenario(run, (f"absent=A001@{day}",))
    left = {(one.agent_id, one.shift_date) for one in changed.solution.schedule.shifts}
    assert worked - left == {("A001", synthetic.WEEK)}
    again = what_if.in_scenario(changed, ("volume=+10%",))
    assert len(again.solution.schedule.shifts) == len(left)


def test_several_scenarios_stand_in_one_table(wfplan, made_run, synthetic, monkeypatch):
    parts = RunParts.of(synthetic.run(made_run))

    def column(name, level):
        found = (
            Difference("service_level", "voice", "share", 0.85, level, level - 0.85, 0.01),
            Difference("harm", "", "points", 100.0, 150.0, 50.0, 80.0),
        )
        return ScenarioColumn(name, (name,), found)

    long = "absent=A001,A002,A003; aht.voice=+5%"
    columns = (column("volume=+10%", 0.8), column(long, 0.845), column("all together", 0.7))
    meeting = Meeting(sum_alone=100.0, together=130.0, beyond=30.0, half_width=40.0)
    monkeypatch.setattr(looks, "beside", lambda look, watch: (parts, columns, meeting))
    said = wfplan("simulate", made_run, "--scenario", "volume=+10%", "--scenario", long)
    lines = [" ".join(text.split()) for text in said.out.splitlines()]
    assert f"(2) {long}" in lines
    assert "as it is volume=+10% (2) all together" in lines
    level = "service level 85.0 % 80.0 % (-5.0 +- 1.0) 84.5 % (-0.5 +- 1.0~) 70.0 % (-15.0 +- 1.0)"
    assert level in lines
    assert "their meeting +30.0 +- 40.0, which may be chance." in said.out
    result = wfplan("simulate", made_run, "--scenario", "volume=+10%", "--json").object["result"]
    assert [one["name"] for one in result["scenarios"]] == ["volume=+10%", long, "all together"]
    assert (result["meeting"]["beyond"], result["meeting"]["is_sure"]) == (30.0, False)


@pytest.mark.slow
def test_each_scenario_alone_and_all_together_have_common_random_numbers(wfplan, built, tiny_plan):
    plan = {path.name: path.read_bytes() for path in tiny_plan.iterdir() if path.is_file()}
    argv = ("--scenario", "volume=+30%", "--scenario", "absent=A001", "-n", "20", "--json")
    both = wfplan("simulate", built, *argv).object["result"]
    assert [one["name"] for one in both["scenarios"]] == [
        "volume=+30%",
        "absent=A001",
        "all together",
    ]
    alone = wfplan("simulate", built, *argv[:2], *argv[4:]).object["result"]
    assert both["scenarios"][0]["differences"] == alone["differences"]
    assert both["scenarios"][2]["differences"] == both["differences"]
    turned = wfplan("simulate", built, *argv[2:4], *argv[:2], *argv[4:]).object["result"]
    assert turned["differences"] == both["differences"]  # no order has a meaning
    assert both["meeting"]["together"] == pytest.approx(
        both["meeting"]["sum_alone"] + both["meeting"]["beyond"]
    )
    assert plan == {path.name: path.read_bytes() for path in tiny_plan.iterdir() if path.is_file()}


def test_all_faults_of_scenarios_are_told_at_once(wfplan, built):
    said = wfplan("simulate", built, "--scenario", "volum=1", "--scenario", "absent=A0", "--json")
    assert said.code == ExitCode.BAD_INPUT
    assert len(said.object["errors"]) == 2


def test_nothing_is_saved_without_something_to_save(wfplan, made_run):
    said = wfplan("simulate", made_run, "--save-scenario", "flu")
    assert said.code == ExitCode.USAGE
    assert "give it a --scenario" in said.err
