"""Hostile files and arguments from the command line: bounded, without a trace, nothing written."""

from __future__ import annotations

import random
import resource

import pytest

from wfplan.cli.app import COMMANDS
from wfplan.cli.app import run as run_app
from wfplan.errors import ExitCode

MEMORY_MB = 700
SECONDS = 30.0
FAR_CELL = (
    b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    b"</worksheet>"
)
WORDS = (
    "", " ", "-", "--", "--json", "--quiet", "--week", "2026-W99", "2026-13-45", "9999-W53",
    "0001-01-01", "--seed", "-1", "1e9", "99999999999999999999", "--seconds", "nan", "inf", "0",
    "--passes", "--scenario", "volume=+10%", "volume=-200%", "volume=", "=", "volume=nan%", "--out",
    "/dev/null", "/proc/nothing", ".", "..", "nowhere", "plan", "plan/plan.toml",
    "plan/agents.csv", "--to", "csv", "xlsx", "ics", "--example", "bank", "--force", "--strict",
    "--dry-run", "--since", "\x00", "ü" * 300, "-" * 5000, "x" * 5000, "$(id)", "{agents}",
    "--help", "--debug=", "--json=yes", "%s", "\n", "\x1b[31m",
)  # fmt: skip
ENDINGS = {int(code) for code in ExitCode} - {int(ExitCode.BUG)}


def _endless_line(change):
    return change.one_long_line("contacts.csv", 100)


def _bomb(change):
    entries = {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": FAR_CELL * 200_000}
    return change.both(
        change.zip_of("contacts.xlsx", entries),
        change.edit("plan.toml", '"contacts.csv"', '"contacts.xlsx"'),
    )


def _deep(change):
    return change.append("plan.toml", "x = " + "[" * 200_000 + "]" * 200_000)


@pytest.mark.slow
@pytest.mark.parametrize("hostile", [_endless_line, _bomb, _deep])
def test_a_hostile_file_is_refused_in_bounded_time_and_memory(
    plan_folder, change, measured, tmp_path, hostile
):
    folder, out = plan_folder(), tmp_path / "run"
    hostile(change)(folder)
    before = sorted(tmp_path.rglob("*"))
    said = measured("build", folder, "--out", out)
    assert said.code == ExitCode.BAD_INPUT, said.err
    assert "Traceback" not in said.err
    assert len(said.err) < 4000
    assert said.seconds < SECONDS
    # What a process had before it became another one counts: here, that of the tests themselves.
    own_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert said.peak_mb < max(MEMORY_MB, 1.05 * own_mb)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_no_arguments_make_a_bug(seed, plan_folder, tmp_path, monkeypatch, capsys):
    """Sixty command lines of random words, of every command that plans no week."""
    plan_folder()
    monkeypatch.chdir(tmp_path)
    draw = random.Random(seed)
    for _ in range(60):
        command = draw.choice([c for c in COMMANDS if c not in ("build", "init", "doctor")])
        argv = [command, *draw.choices(WORDS, k=draw.randint(0, 4))]
        code = run_app(argv)
        said = capsys.readouterr()
        assert code in ENDINGS, argv
        assert "Traceback" not in said.err, argv
        assert "\x1b[31m" not in said.err + said.out, argv


@pytest.mark.parametrize("week", ["9999-12-31", "0001-01-01", "1900-W01"])
def test_a_week_that_nobody_plans_is_refused(week, plan_folder, capsys):
    assert run_app(["build", str(plan_folder()), "--week", week]) == ExitCode.USAGE
    assert "is not in the years 1990 to 2100" in capsys.readouterr().err


def test_a_name_too_long_for_the_disk_is_refused_before_the_work(plan_folder, capsys):
    out = "x" * 300
    assert run_app(["build", str(plan_folder()), "--out", out, "--dry-run"]) == ExitCode.USAGE
    assert "File name too long. Give another --out." in capsys.readouterr().err


@pytest.mark.slow
def test_an_out_folder_by_a_way_round_is_the_folder(plan_folder, tmp_path, monkeypatch, capsys):
    folder = plan_folder()
    monkeypatch.chdir(tmp_path)
    argv = ["build", str(folder), "--week", "2026-W10", "--passes", "1", "--out", "not/../there"]
    assert run_app(argv) == ExitCode.OK, capsys.readouterr().err
    assert (tmp_path / "there" / "report.html").is_file()
    assert not (tmp_path / "not").exists()


def test_an_argument_that_is_no_text_is_refused(measured):
    said = measured("check", b"\xff\xfe")
    assert said.code == ExitCode.USAGE
    assert "Traceback" not in said.err
    assert "does not exist" in said.err
