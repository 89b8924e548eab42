"""A published plan is kept, from the command line: what stays, what changes, and what is said."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

WFPLAN = str(Path(sys.executable).with_name("wfplan"))


def wfplan(*words, code=0):
    done = subprocess.run([WFPLAN, *map(str, words)], capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return done


def build(plan, out, *options, code=0):
    return wfplan("build", plan, "--out", out, "--passes", 3, "-q", *options, code=code)


@pytest.fixture(scope="module")
def week(tmp_path_factory):
    """A plan and its published run."""
    from tests.tinyplan import write

    folder = tmp_path_factory.mktemp("keep")
    plan = write(folder / "plan")
    build(plan, folder / "told")
    return plan, folder / "told"


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_plan_with_nothing_changed_is_the_same_to_the_byte(week, tmp_path):
    plan, told = week
    build(plan, tmp_path / "same", "--keep", told, "--seed", 5)
    assert (tmp_path / "same/schedule.csv").read_bytes() == (told / "schedule.csv").read_bytes()
    assert rows(tmp_path / "same/changes.csv") == []
    text = (tmp_path / "same/report.html").read_text(encoding="utf-8")
    assert "Nothing changes." in text


def test_the_published_table_may_be_a_whole_schedule(week, tmp_path):
    from shutil import copytree

    plan, told = week
    mine = copytree(plan, tmp_path / "plan")
    toml = (mine / "plan.toml").read_text(encoding="utf-8")
    line = 'locks = "locks.csv"\n'
    toml = toml.replace(line, f'{line}published = "{told / "schedule.csv"}"\n')
    (mine / "plan.toml").write_text(toml, encoding="utf-8")
    done = build(mine, tmp_path / "out", "--keep", "published", "--json")
    assert json.loads(done.stdout)["ok"]
    assert (tmp_path / "out/schedule.csv").read_bytes() == (told / "schedule.csv").read_bytes()


def test_a_repair_leaves_the_past_and_lists_what_changes(week, tmp_path):
    plan, told = week
    out = tmp_path / "today"
    done = build(
        plan, out, "--keep", told, "--as-of", "2026-03-04 11:30", "--json",
        "--scenario", "absent=A003@2026-03-04", "--scenario", "volume=+30%",
    )  # fmt: skip
    as_of = "2026-03-04T11:30:00Z"
    before, after = (
        [r for r in rows(folder / "schedule.csv") if r["end_utc"] <= as_of]
        for folder in (told, out)
    )
    assert [r for r in before if r["agent_id"] != "A003"] == [
        r for r in after if r["agent_id"] != "A003"
    ]
    listed = json.loads(done.stdout)["result"]["changes"]
    assert [r["agent_id"] for r in listed["rows"]] == [
        r["agent_id"] for r in rows(out / "changes.csv")
    ]
    assert {r["because"] for r in listed["rows"]} >= {"absent"}
    again = wfplan("report", out, "-q")
    assert again.returncode == 0
    wfplan("audit", out, "-q")
    assert [b for b in json.loads((out / "audit.json").read_text())["breaches"]
            if b["hardness"] == "hard"] == []  # fmt: skip


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--as-of", "2026-03-04 11:37"), 3, "between two steps of the plan"),
        (("--as-of", "2026-03-09 11:30"), 3, "lies outside the 7 days from 2026-03-02"),
        (("--as-of", "soon"), 2, "is no moment"),
        (("--scenario", "absent=A001@2026-04-01"), 3, "lies outside the 7 days"),
        (("--resume",), 2, "leave out it or --keep"),
        (("--week", "2026-03-16"), 3, "says nothing of the 7 days from 2026-03-16"),
    ],
)
def test_what_means_nothing_is_refused_with_a_reason(week, tmp_path, options, code, said):
    plan, told = week
    done = build(plan, tmp_path / "no", "--keep", told, *options, code=code)
    assert said in " ".join(done.stderr.replace("│", " ").split())
    assert not (tmp_path / "no").exists()


def test_what_needs_a_kept_plan_says_so(week, tmp_path):
    plan, _ = week
    done = build(plan, tmp_path / "no", "--as-of", "2026-03-04 11:30", code=2)
    assert "give --keep, too" in done.stderr
    done = build(plan, tmp_path / "no", "--keep", "published", code=3)
    assert "no table of what was published" in done.stderr
    done = build(plan, tmp_path / "no", "--keep", tmp_path / "nowhere", code=3)
    assert "no such run folder or file" in done.stderr


def test_further_locks_hold_and_bad_ones_are_refused(week, tmp_path):
    plan, told = week
    locks = tmp_path / "more.csv"
    locks.write_text("agent_id,date,start,end\nA002,2026-03-03,10:00,16:00\n", encoding="utf-8")
    build(plan, tmp_path / "out", "--keep", told, "--lock", locks)
    (lock,) = {
        (r["start_utc"], r["locked"])
        for r in rows(tmp_path / "out/schedule.csv")
        if (r["agent_id"], r["shift_date"]) == ("A002", "2026-03-03")
        and r["start_utc"].endswith("T10:00:00Z")
    }
    assert lock[1] == "true"
    assert {r["because"] for r in rows(tmp_path / "out/changes.csv")} >= {"lock"}
    locks.write_text(
        "agent_id,date,start,end\nA001,2026-03-02,09:00,17:00\nA003,2026-03-03,06:00,23:00\n",
        encoding="utf-8",
    )
    done = build(plan, tmp_path / "no", "--keep", told, "--lock", locks, code=3)
    assert "A001 has another lock on 2026-03-02 in the plan" in done.stderr


def test_a_lock_of_what_has_happened_otherwise_is_refused(week, tmp_path):
    plan, told = week
    locks = tmp_path / "late.csv"
    locks.write_text("agent_id,date,start,end\nA003,2026-03-03,11:00,17:00\n", encoding="utf-8")
    options = ("--keep", told, "--lock", locks, "--as-of", "2026-03-04 11:30")
    done = build(plan, tmp_path / "no", *options, code=3)
    assert "A003 cannot be locked on 2026-03-03" in done.stderr


def test_a_killed_build_leaves_the_kept_run_as_it_was(week, tmp_path):
    from shutil import copytree

    plan, told = week
    mine = copytree(told, tmp_path / "told")
    manifest = json.loads((mine / "manifest.json").read_text())
    manifest["plan_path"] = str(plan / "plan.toml")
    (mine / "manifest.json").write_text(json.dumps(manifest))
    before = (mine / "schedule.csv").read_bytes()
    process = subprocess.Popen(
        [WFPLAN, "build", str(plan), "--out", str(mine), "--keep", str(mine), "--scenario",
         "volume=+30%"], stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    assert any("scheduling" in line for line in process.stderr)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert (mine / "schedule.csv").read_bytes() == before
