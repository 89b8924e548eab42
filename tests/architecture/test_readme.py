"""Every code block of the README is run, in a folder of its own."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from wfplan.domain.channels import Channel
from wfplan.domain.contracts import Contract
from wfplan.errors import InputFaultsError
from wfplan.intake import configs_folder, load_plan, named_layout
from wfplan.staffing import faults_of

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"<!-- (?P<name>\w+) -->\n```(?P<language>\w+)\n(?P<code>.*?)```", re.DOTALL)
BLOCKS = {match["name"]: match["code"] for match in BLOCK.finditer(README)}

SETUP = 'python3 -m venv .venv && .venv/bin/pip install ".[test]" && '


def shell(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run shell code in a folder, with the tested wfplan first on the path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", code],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the set-up command has been run, its installing part left to CI."""
    folder = tmp_path_factory.mktemp("readme")
    assert BLOCKS["demo"].startswith(SETUP)
    done = shell(BLOCKS["demo"].removeprefix(SETUP).replace(".venv/bin/", ""), folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_every_code_block_is_known_to_these_tests():
    assert len(BLOCKS) == README.count("```") // 2
    assert set(BLOCKS) == {
        "demo",
        "tests",
        "week",
        "published",
        "told",
        "export",
        "contacts",
        "quarter",
        "backtest",
        "shifts",
        "offers",
        "simulate",
        "scenarios",
        "toml",
        "rules",
        "policy",
        "infeasible",
        "activities",
        "calendar",
        "hand",
        "python",
        "benchmarks",
    }


@pytest.mark.slow
def test_the_demo_is_planned_where_the_readme_says(planned):
    report = re.search(r"`(demo/runs/\S+/report\.html)`", README)
    assert report is not None
    assert (planned / report[1]).stat().st_size > 100_000


@pytest.mark.slow
def test_a_planners_week_runs_as_written(planned):
    done = shell(BLOCKS["week"], planned)
    assert done.returncode == 0, done.stderr
    assert (planned / "plan-ics").is_dir()


@pytest.mark.slow
def test_a_published_week_is_kept_and_repaired_as_written(planned):
    done = shell(BLOCKS["published"], planned)
    assert done.returncode == 0, done.stderr
    told = planned / "demo/runs/aranmore-energy/2026-10-26/schedule.csv"
    assert (planned / "same" / "schedule.csv").read_bytes() == told.read_bytes()
    assert "absent" in (planned / "today" / "changes.csv").read_text(encoding="utf-8-sig")


@pytest.mark.slow
def test_a_week_is_told_and_the_next_knows_it_as_written(planned, tmp_path):
    shutil.copytree(planned / "demo", tmp_path / "demo")
    done = shell(BLOCKS["told"], tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Published the week from 2026-10-26 as revision 1." in done.stdout
    assert "Nothing changes for anybody." in done.stdout
    assert "Wishes owed from before" in done.stdout  # of the second week
    assert (tmp_path / "copy.db").stat().st_size > 100_000


@pytest.mark.slow
def test_a_week_goes_to_other_systems_and_comes_back_as_written(planned):
    done = shell(BLOCKS["export"], planned)
    assert done.returncode == 0, done.stderr
    assert "cancelled" in done.stdout
    assert "genesys cannot take this schedule" in done.stderr
    assert "agent,A001,genesys," in (planned / "ids.csv").read_text(encoding="utf-8-sig")
    ours = planned / "demo/runs/aranmore-energy/2026-10-26/schedule.csv"
    assert shifts_in(planned / "theirs" / "schedule.csv") == shifts_in(ours)


def shifts_in(path: Path) -> list[tuple[str, ...]]:
    """Who does what when, by a schedule.csv."""
    names = ("shift_id", "agent_id", "activity_code", "paid", "start_utc", "end_utc")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return sorted(tuple(row[name] for name in names) for row in csv.DictReader(file))


@pytest.mark.slow
def test_a_quarter_is_planned_as_written(planned):
    first, second = BLOCKS["quarter"].strip().splitlines()
    code = first.replace("--weeks 13", "--weeks 1 --passes 1")
    done = shell(code, planned)
    assert done.returncode == 0, done.stderr
    assert (planned / "quarter" / "quarter.html").stat().st_size > 20_000
    assert second.split("#")[0].split() == [*first.split("#")[0].split(), "--compare", "--resume"]


@pytest.mark.slow
def test_the_forecast_is_tested_and_renewed_as_written(planned):
    done = shell(BLOCKS["backtest"], planned)
    assert done.returncode == 0, done.stderr
    assert (planned / "demo/runs/aranmore-energy/backtest/backtest.html").stat().st_size > 30_000
    assert "so far" in done.stdout


@pytest.mark.slow
def test_the_shifts_to_offer_are_shown_as_written(planned):
    done = shell(BLOCKS["shifts"], planned)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^ *cover\(everybody,mon_\d{4}\)", (planned / "shifts.lp").read_text(), re.M)


@pytest.mark.slow
def test_layers_are_laid_taken_back_and_judged_as_written(planned, tmp_path):
    shutil.copytree(planned / "demo", tmp_path / "demo")
    done = shell(BLOCKS["hand"], tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Layer L001 is taken back" in done.stdout
    assert "Does the history suffice?" in done.stdout


def test_offers_are_made_as_written(planned):
    done = shell(BLOCKS["offers"], planned)
    assert done.returncode == 0, done.stderr
    assert "Open shifts: " in done.stdout


@pytest.mark.slow
def test_the_three_questions_of_simulate_are_answered_as_written(planned):
    done = shell(BLOCKS["simulate"], planned)
    assert done.returncode == 0, done.stderr
    assert (planned / "given" / "report.html").exists()
    assert (planned / "contacts.csv.gz").exists()
    assert "difference" in done.stdout


@pytest.mark.slow
def test_the_python_block_builds_the_same_week(planned):
    done = shell(f"{sys.executable} - <<'EOF'\n{BLOCKS['python']}\nEOF", planned)
    assert done.returncode == 0, done.stderr
    assert (planned / "from-python" / "report.html").exists()


@pytest.mark.slow
def test_a_plan_without_a_conflict_says_so_as_written(planned):
    done = shell(BLOCKS["infeasible"], planned)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "Everybody has a legal week: no conflict."
    assert '"conflicts": []' in (planned / "conflicts.json").read_text(encoding="utf-8")


def test_the_test_command_runs_pytest_of_the_environment_that_was_made():
    assert BLOCKS["tests"].strip() == ".venv/bin/pytest"


def test_the_benchmark_command_exists():
    done = shell(BLOCKS["benchmarks"].strip() + " --help", ROOT)
    assert done.returncode == 0, done.stderr


def test_the_plan_file_of_the_readme_uses_keys_that_exist():
    plan = tomllib.loads(BLOCKS["toml"])
    known = tomllib.loads((configs_folder() / "plan.toml").read_text(encoding="utf-8"))
    assert set(plan) <= set(known)
    assert set(plan["inputs"]) <= set(known["inputs"])
    Channel(name="voice", **plan["channels"]["voice"])
    Contract(name="full_time", **plan["contracts"]["full_time"])


def test_the_rules_of_the_readme_can_be_planned_with(plan_folder):
    plan = plan_folder() / "plan.toml"
    head, _, rest = BLOCKS["rules"].partition("\n\n")
    tiny = plan.read_text(encoding="utf-8").partition("[rules]")[0]
    plan.write_text(f"{head}\n{tiny}\n{rest}", encoding="utf-8")
    problem = load_plan(plan)
    assert problem.warnings == ()
    assert (problem.days, len(problem.plan_rules), len(problem.objective.stages)) == (14, 3, 2)


def test_the_survey_policy_of_the_readme_can_be_followed(plan_folder):
    plan = plan_folder() / "plan.toml"
    (plan.parent / "policy.toml").write_text(BLOCKS["policy"], encoding="utf-8")
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text.replace("[rules]", '[rules]\nsurvey_policy = "policy.toml"'))
    load_plan(plan)
    plan.write_text(plan.read_text(encoding="utf-8").replace("policy.toml", "plan.toml"))
    with pytest.raises(InputFaultsError):
        load_plan(plan)


def test_the_activities_of_the_readme_can_be_planned(tmp_path):
    done = shell("wfplan init demo --quiet", tmp_path)
    assert done.returncode == 0, done.stderr
    plan = tmp_path / "demo" / "plan.toml"
    (plan.parent / "activities.csv").write_text(BLOCKS["activities"], encoding="utf-8")
    text = plan.read_text(encoding="utf-8").replace('activities = "activities.csv"\n', "")
    text = text.replace("[inputs]", '[inputs]\nactivities = "activities.csv"', 1)
    plan.write_text(text, encoding="utf-8")
    problem = load_plan(plan)
    assert len(problem.activities) == BLOCKS["activities"].count("\n") - 1
    assert not [warning for warning in problem.warnings if warning.file == "activities.csv"]


def test_the_layout_of_contacts_of_the_readme_exists(plan_folder):
    content = tomllib.loads(BLOCKS["contacts"])["contacts"]
    assert named_layout(content["layout"])
    plan = plan_folder() / "plan.toml"
    text = plan.read_text(encoding="utf-8")
    plan.write_text(f"{text}\n{BLOCKS['contacts'].replace('chat', 'email')}", encoding="utf-8")
    with pytest.raises(InputFaultsError) as refused:
        load_plan(plan)
    assert all(fault.file == "contacts.csv" for fault in refused.value.faults)  # is wfplan's own


def test_the_calendar_of_the_readme_can_be_planned_with(plan_folder):
    folder = plan_folder()
    (folder / "calendar.csv").write_text(BLOCKS["calendar"], encoding="utf-8")
    problem = load_plan(folder)
    letter = next(day for day in problem.calendar if day.name == "Winter tariff letter")
    assert (letter.days, letter.lag_days) == (3, 1)


def test_the_scenarios_of_the_readme_can_be_tried():
    table = tomllib.loads(BLOCKS["scenarios"])["scenarios"]
    people = {f"A{number:03}" for number in range(1, 141)}
    for changes in table.values():
        assert faults_of(changes, ["voice", "chat", "email", "social"], people) == []


def test_every_file_and_room_that_the_readme_names_is_there():
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []
    rooms = re.findall(r"`(wfplan/[\w/.]+|configs/[\w/.]+|tests/[\w/.]+)`", README)
    assert [room for room in rooms if not (ROOT / room).exists()] == []
