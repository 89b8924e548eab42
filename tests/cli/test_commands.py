"""Tests for the commands of wfplan.cli, one by one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from wfplan.cli import line
from wfplan.domain.results import Round, SolveStatus
from wfplan.domain.tables import TABLES
from wfplan.errors import ExitCode, Fault
from wfplan.export import TARGETS
from wfplan.store import RunParts

KEYS = ["schema", "command", "ok", "exit_code", "run_id", "inputs", "warnings", "errors", "result"]


def test_check_says_what_the_plan_holds(wfplan, plan_folder):
    said = wfplan("check", plan_folder())
    assert said.code == 0
    assert said.out.startswith("Tiny Bank: 8 people, voice, email, ")
    assert "No faults. The week to plan next begins on 2026-03-02." in said.out


def test_check_gives_one_object(wfplan, plan_folder):
    said = wfplan("check", plan_folder(), "--json")
    assert list(said.object) == KEYS
    assert said.object["result"]["channels"] == ["voice", "email"]
    assert said.object["inputs"][0].keys() == {"path", "sha256"}


def test_check_shows_every_fault_and_writes_nothing(wfplan, plan_folder):
    folder = plan_folder()
    agents = folder / "agents.csv"
    agents.write_text(agents.read_text().replace("full_time", "fulltime"))
    before = sorted(folder.rglob("*"))
    said = wfplan("check", folder, "--json")
    assert said.code == ExitCode.BAD_INPUT
    assert len(said.object["errors"]) >= 2
    assert all(error["file"] and error["message"] for error in said.object["errors"])
    assert sorted(folder.rglob("*")) == before


def test_check_says_what_is_doubtful(wfplan, synthetic, monkeypatch, tmp_path):
    warned = synthetic.problem(warnings=(Fault("is old", file="contacts.csv", line=2),))
    monkeypatch.setattr(line, "load", lambda plan: warned)
    assert "warning: contacts.csv:2: is old" in wfplan("check", tmp_path).err
    assert wfplan("check", tmp_path, "--quiet").err == ""
    assert wfplan("check", tmp_path, "--json").object["warnings"][0]["line"] == 2


def test_init_writes_an_example_and_says_how_to_go_on(wfplan, tmp_path):
    said = wfplan("init", tmp_path / "demo", "--example", "bank")
    assert said.code == 0
    assert (tmp_path / "demo" / "plan.toml").is_file()
    assert said.out.splitlines()[-1] == f"Next: wfplan build {tmp_path / 'demo'}"


def test_init_only_says_what_it_would_write_in_a_dry_run(wfplan, tmp_path):
    said = wfplan("init", tmp_path / "demo", "--example", "bank", "--dry-run", "--json")
    assert str(tmp_path / "demo" / "plan.toml") in said.object["result"]["files"]
    assert not (tmp_path / "demo").exists()


def test_init_overwrites_nothing(wfplan, tmp_path):
    (tmp_path / "plan.toml").write_text("mine")
    said = wfplan("init", tmp_path)
    assert said.code == ExitCode.USAGE
    assert (tmp_path / "plan.toml").read_text() == "mine"


def test_init_does_not_know_every_example(wfplan, tmp_path):
    said = wfplan("init", tmp_path / "demo", "--example", "bnak")
    assert said.code == ExitCode.USAGE
    assert "bank" in said.err


@pytest.mark.parametrize("name", TABLES)
def test_schema_prints_every_column_of_a_table(wfplan, name):
    said = wfplan("schema", name)
    assert all(column in said.out for column in TABLES[name].names)


def test_schema_prints_all_tables(wfplan):
    tables = wfplan("schema", "--json").object["result"]["tables"]
    assert [table["name"] for table in tables] == list(TABLES)


def test_schema_shows_what_a_layout_of_contacts_reads(wfplan):
    said = wfplan("schema", "contacts", "--layout", "genesys")
    assert "Avg Handle [ms]" in said.out
    fields = wfplan("schema", "--layout", "genesys", "--json").object["result"]["layout"]["fields"]
    assert {field["field"] for field in fields} >= {"queue", "start", "offered", "aht"}


def test_schema_suggests_a_layout(wfplan):
    said = wfplan("schema", "contacts", "--layout", "genesis")
    assert said.code == ExitCode.BAD_INPUT
    assert "did you mean 'genesys'" in said.err
    assert wfplan("schema", "agents", "--layout", "genesys").code == ExitCode.USAGE


def test_schema_suggests_a_table(wfplan):
    said = wfplan("schema", "contact")
    assert (said.code, said.err) == (
        ExitCode.USAGE,
        "There is no table 'contact': did you mean 'contacts'?\n",
    )


def test_doctor_looks_at_everything(wfplan, tmp_path):
    said = wfplan("doctor", tmp_path, "--json")
    seen = {check["name"]: check["verdict"] for check in said.object["result"]["checks"]}
    asked = {"python", "numpy", "numba", "highspy clash", "time zones", "numba cache"}
    assert asked | {"plan folder", "disk", "cores", "memory", "clock"} <= seen.keys()
    assert "fail" not in seen.values()
    assert said.code == 0


@pytest.mark.parametrize("name", [name for name, one in TARGETS.items() if one.has_people])
def test_export_writes_beside_the_run(wfplan, made_run, name):
    said = wfplan("export", made_run, "--to", name, "--json")
    assert said.code == 0
    folder = made_run.with_name(f"w-{name}")
    assert said.object["result"]["files"] == [
        str(folder / path.name) for path in sorted(folder.iterdir(), key=_manifest_last)
    ]


def _manifest_last(path):
    return path.name == "manifest.json", path.name


def test_export_help_names_every_export(wfplan):
    text = wfplan("export", "--help").out
    assert all(name in text.replace("\n", "").replace(" ", "") for name in TARGETS)


def test_export_only_says_what_it_would_write_in_a_dry_run(wfplan, made_run):
    said = wfplan("export", made_run, "--to", "ics", "--dry-run")
    assert f"Would write {made_run.with_name('w-ics') / 'agent_A001.ics'}" in said.out
    assert not made_run.with_name("w-ics").exists()


def test_export_does_not_overwrite_a_run(wfplan, made_run):
    said = wfplan("export", made_run, "--to", "csv", "--out", made_run)
    assert said.code == ExitCode.USAGE
    assert (made_run / "report.html").exists()


def test_compare_shows_every_figure_twice(wfplan, made_run):
    said = wfplan("compare", made_run, made_run)
    assert "voice service level" in said.out
    rows = wfplan("compare", made_run, made_run, "--json").object["result"]["rows"]
    assert rows
    assert all(row["first"] == row["second"] for row in rows)


@pytest.fixture
def built(made_run, synthetic, monkeypatch):
    """A function: what a build that ended with a status says."""

    def build(status=SolveStatus.SETTLED):
        run = synthetic.run(made_run)
        ended = replace(run, solution=replace(run.solution, status=status))
        monkeypatch.setattr(line, "build", lambda ask, stop, watch, **more: (ended, made_run))

    return build


def test_build_tells_both_sides_and_where_the_report_is(wfplan, built, made_run):
    built()
    said = wfplan("build", made_run)
    assert said.code == 0
    for text in ("Customers", "Staff", "Paid, full time", "average", "worst", "A001"):
        assert text in said.out
    assert "voice is two heads short on Monday at 09:00" in said.out
    assert said.out.splitlines()[-1] == f"Report: {made_run / 'report.html'}"


def test_build_gives_one_object(wfplan, built, made_run):
    built()
    said = wfplan("build", made_run, "--json")
    assert list(said.object) == KEYS
    assert said.object["run_id"] == "Harbour Bank 2026-10-19"
    result = said.object["result"]
    assert result["folder"] == str(made_run)
    assert {"objective", "lower_bound", "gap", "seed", "misses"} <= result.keys()
    assert result["both_sides"].keys() >= {"customers", "staff"}


@pytest.mark.parametrize(
    ("status", "argv", "code"),
    [
        (SolveStatus.SETTLED, (), 0),
        (SolveStatus.STOPPED, (), 0),
        (SolveStatus.STOPPED, ("--seconds", "5"), ExitCode.LIMIT_WITH_PLAN),
        (SolveStatus.PARTIAL, (), ExitCode.INTERRUPTED),
        (SolveStatus.PARTIAL, ("--strict",), ExitCode.INTERRUPTED),
        (SolveStatus.SETTLED, ("--strict",), ExitCode.TARGETS_MISSED),
    ],
)
def test_build_ends_with_what_happened(wfplan, built, made_run, status, argv, code):
    built(status)
    assert wfplan("build", made_run, *argv).code == code


def test_build_hands_on_what_was_asked(wfplan, made_run, synthetic, monkeypatch):
    asked = []

    def build(ask, stop, watch, **more):
        asked.append((ask, stop))
        return synthetic.run(made_run), made_run

    monkeypatch.setattr(line, "build", build)
    wfplan(
        "build", made_run, "--week", "2026-W43", "--seed", 3, "--seconds", 9, "--passes", 2,
        "--scenario", "volume=+10%", "--scenario", "aht=-5%", "--force",
    )  # fmt: skip
    ((ask, stop),) = asked
    assert ask.week == synthetic.WEEK
    assert (ask.seed, ask.scenario, ask.is_forced) == (3, ("volume=+10%", "aht=-5%"), True)
    assert (stop.seconds, stop.passes) == (9.0, 2)


def test_audit_lists_breaches(wfplan, made_run, synthetic, monkeypatch):
    parts = RunParts.of(synthetic.run(made_run))
    monkeypatch.setattr(line, "take", lambda run, stage, stop, watch, **more: (parts, made_run))
    said = wfplan("audit", made_run)
    assert said.out.startswith("Checked 2 rules: 1 breaches\n  soft: too short")
    assert wfplan("audit", made_run, "--strict").code == 0
    hard = replace(parts.audit.breaches[0], hardness="hard")
    parts = replace(parts, audit=replace(parts.audit, breaches=(hard,)))
    assert wfplan("audit", made_run, "--strict").code == ExitCode.TARGETS_MISSED


def test_schedule_says_how_the_search_ended_what_the_week_costs_and_how_to_go_on(
    wfplan, made_run, synthetic, monkeypatch
):
    parts, taken = RunParts.of(synthetic.run(made_run)), []

    def take(run, stage, stop, watch, **more):
        taken.append(stage)
        return parts, made_run

    monkeypatch.setattr(line, "take", take)
    said = wfplan("schedule", made_run)
    assert taken == ["schedule"]
    ended, bound, wrote, after = said.out.splitlines()
    assert ended == "Search: settled: every planned pass was made."
    assert bound.startswith("No legal week can cost less than 790.1 points of harm.")
    assert wrote == f"Wrote {made_run / 'schedule.csv'}"
    assert after == f"Next: wfplan simulate {made_run}"


def test_refine_shows_every_round_and_which_week_is_kept(wfplan, made_run, synthetic, monkeypatch):
    rounds = (Round(planned=812.44, lived=1200.0), Round(planned=90.0, lived=950.0, is_kept=True))
    parts = replace(RunParts.of(synthetic.run(made_run)), rounds=rounds)
    asked = []

    def refine(run, rounds, stop, watch):
        asked.append((rounds, stop.passes))
        return parts, made_run

    monkeypatch.setattr(line, "refine", refine)
    said = wfplan("refine", made_run, "--rounds", "2", "--passes", "5")
    assert asked == [(2, 5)]
    assert said.out.splitlines()[1:] == [
        "Harm points, as planned and as lived:",
        "  before        812.4    1,200.0",
        "  round 1        90.0      950.0  <- kept",
        f"Next: wfplan audit {made_run}",
    ]
    result = wfplan("refine", made_run, "--json").object["result"]
    assert [look["lived"] for look in result["rounds"]] == [1200.0, 950.0]


def test_a_refining_that_was_interrupted_says_so_whichever_week_is_kept(
    wfplan, made_run, synthetic, monkeypatch
):
    parts = RunParts.of(synthetic.run(made_run))
    kept = replace(
        parts,
        solution=replace(parts.solution, status=SolveStatus.PARTIAL),
        rounds=(Round(812.4, 1200.0, is_kept=True),),
    )
    monkeypatch.setattr(line, "refine", lambda run, rounds, stop, watch: (kept, made_run))
    assert wfplan("refine", made_run).code == ExitCode.INTERRUPTED


def test_a_folder_that_is_no_run_is_said(wfplan, tmp_path):
    said = wfplan("report", tmp_path)
    assert said.code == ExitCode.BAD_INPUT
    assert "give the folder that 'wfplan build' wrote" in said.err


def test_a_forecast_alone_does_not_replace_a_whole_run(wfplan, made_run, synthetic, monkeypatch):
    from wfplan import pipeline, runs

    parts = RunParts.of(synthetic.run(made_run)).until("forecast")
    monkeypatch.setattr(runs, "begin", lambda plan, **more: parts)
    monkeypatch.setattr(
        pipeline,
        "take",
        lambda run, stage, control: RunParts.of(synthetic.run(made_run)).until("staff"),
    )
    said = wfplan("forecast", made_run, "--out", made_run)
    assert said.code == ExitCode.USAGE
    assert "holds a run already" in said.err
    assert (made_run / "schedule.csv").exists()
    said = wfplan("forecast", made_run, "--out", made_run, "--force")
    assert said.code == 0
    assert not (made_run / "schedule.csv").exists()


def test_a_build_refuses_a_folder_of_somebody_else_before_it_begins(wfplan, tmp_path, plan_folder):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "text.tex").write_text("years of work")
    said = wfplan("build", plan_folder(), "--out", tmp_path / "thesis")
    assert said.code == ExitCode.USAGE
    assert "holds files that are not a wfplan-run folder" in said.err


def test_a_dry_run_of_a_build_names_its_files(wfplan, plan_folder):
    folder = plan_folder()
    said = wfplan("build", folder, "--dry-run")
    assert f"Would write {folder / 'runs' / 'tiny-bank' / '2026-03-02' / 'report.html'}" in said.out
    assert not (folder / "runs").exists()
