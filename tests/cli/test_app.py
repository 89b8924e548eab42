"""Tests for wfplan.cli.app: the application as a whole."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from wfplan.cli import app, line
from wfplan.cli.app import COMMANDS, GROUPS, module_of
from wfplan.errors import (
    ExitCode,
    ExportRefusedError,
    Fault,
    InfeasibleError,
    InputFaultsError,
    InterruptedPlanError,
    MissingExtraError,
    NoPlanError,
    OutputError,
    TargetsMissedError,
)

HEAVY = ("numpy", "pandas", "scipy", "numba", "plotly", "pydantic_core.numpy", "icalendar", "rich")


def test_starting_loads_no_heavy_library():
    code = f"import sys, wfplan.cli; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_help_names_every_command(wfplan):
    said = wfplan("--help")
    assert said.code == 0
    for name in COMMANDS:
        assert re.search(rf"^  {name}  ", said.out, re.MULTILINE)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_starts_with_an_example_of_it(wfplan, name):
    said = wfplan(name, "--help")
    example = import_module(f"wfplan.cli.{module_of(name)}").EXAMPLE
    lines = [text.strip() for text in said.out.splitlines() if text.strip()]
    assert said.code == 0
    assert lines[1:3] == ["Example:", example]
    assert shlex.split(example)[:2] == ["wfplan", name]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_options_of_an_example_exist(wfplan, name):
    words = shlex.split(import_module(f"wfplan.cli.{module_of(name)}").EXAMPLE)
    text = wfplan(name, "--help").out
    assert all(re.search(rf"{word}\b", text) for word in words if word.startswith("--"))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_can_speak_json_and_be_quiet(wfplan, name):
    text = wfplan(name, "--help").out
    assert all(option in text for option in ("--json", "--quiet", "--debug"))


def test_no_help_is_wider_than_a_terminal(wfplan):
    for name in COMMANDS:
        assert max(map(len, wfplan(name, "--help").out.splitlines())) <= 80


def test_the_version_is_printed(wfplan):
    from wfplan import __version__

    assert wfplan("--version").out == f"wfplan {__version__}\n"


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (("buidl", "x"), r"No such command 'buidl'\. Did you mean 'build'\? See 'wfplan --help'\."),
        (("build",), r"Missing argument 'PLAN'\. See 'wfplan build --help'\."),
        (("build", "/nowhere"), r"path '/nowhere' does not exist\. See"),
        (("build", ".", "--weke", "x"), r"No such option"),
        (("build", ".", "--seed", "-1"), r"--seed"),
        (("build", ".", "--seconds", "0"), r"--seconds"),
        (("build", ".", "--week", "2026-W54"), r"'2026-W54' is neither a date .* nor an ISO week"),
        (("build", ".", "--week", "19.10.2026"), r"neither a date like 2026-10-19 nor"),
        (("export", "."), r"--to"),
    ],
)
def test_a_wrong_command_line_is_answered_in_one_line(wfplan, argv, message):
    said = wfplan(*argv)
    assert said.code == ExitCode.USAGE
    assert re.search(message, said.err.replace("\n", " "))
    assert said.out == ""


def test_a_folder_that_holds_no_plan_is_told_what_to_give(wfplan, tmp_path):
    said = wfplan("check", tmp_path)
    assert said.code == ExitCode.BAD_INPUT
    assert "plan.toml: does not exist; give a plan folder, such as 'wfplan init' wri" in said.err


def test_an_example_that_cannot_be_written_is_no_bug(wfplan, tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    said = wfplan("init", tmp_path / "file" / "demo")
    assert said.code == ExitCode.USAGE
    assert "could not be written" in said.err
    assert "Make room or ask for the right to write there" in said.err


def test_a_wrong_command_line_is_an_object_with_json(wfplan):
    said = wfplan("build", "/nowhere", "--json")
    assert (said.object["ok"], said.object["exit_code"]) == (False, 2)
    assert said.object["command"] == "build"
    assert "does not exist" in said.object["errors"][0]["message"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OutputError("no room"), 2),
        (InputFaultsError([Fault("gone", file="a.csv", line=3)]), 3),
        (InfeasibleError("rests cannot be kept"), 4),
        (NoPlanError("too short a time"), 6),
        (TargetsMissedError("voice"), 7),
        (ExportRefusedError("too long"), 8),
        (MissingExtraError("pip install"), 9),
        (InterruptedPlanError("stopped"), 130),
    ],
)
@pytest.mark.parametrize("is_json", [False, True])
def test_every_error_of_ours_has_its_exit_code(wfplan, monkeypatch, tmp_path, error, code, is_json):
    def fail(*_):
        raise error

    monkeypatch.setattr(line, "load", fail)
    said = wfplan("check", tmp_path, *(["--json"] if is_json else []))
    assert said.code == code
    assert said.err == f"{error}\n"
    if is_json:
        assert said.object["exit_code"] == code
        assert said.object["errors"][0]["message"] == str(error)
    else:
        assert said.out == ""


def test_all_faults_are_in_the_object_and_only_some_on_the_terminal(wfplan, monkeypatch, tmp_path):
    def fail(*_):
        raise InputFaultsError([Fault(f"fault {i}", file="a.csv", line=i) for i in range(100)])

    monkeypatch.setattr(line, "load", fail)
    said = wfplan("check", tmp_path, "--json")
    assert [error["line"] for error in said.object["errors"]] == list(range(100))
    assert len(said.err.splitlines()) == 41
    assert said.err.splitlines()[-1] == "60 more faults; --json gives all."


def test_what_nobody_foresaw_is_called_a_bug_and_shows_no_name(wfplan, monkeypatch, tmp_path):
    def fail(*_):
        raise KeyError("Canary Quillfeather")

    monkeypatch.setattr(line, "load", fail)
    said = wfplan("check", tmp_path, "--json")
    assert said.code == ExitCode.BUG
    assert said.err.startswith("This is a bug in wfplan (KeyError). Run the command again with")
    assert len(said.err.splitlines()) == 1
    assert "Canary" not in said.err + said.out
    assert said.object["errors"][0]["message"] + "\n" == said.err


def test_debug_shows_where_a_bug_is(wfplan, monkeypatch, tmp_path):
    def fail(*_):
        raise KeyError("x")

    monkeypatch.setattr(line, "load", fail)
    said = wfplan("check", tmp_path, "--debug")
    assert said.code == ExitCode.BUG
    assert "Traceback (most recent call last)" in said.err
    assert said.err.rstrip().splitlines()[-1].startswith("This is a bug in wfplan")


def test_debug_shows_where_an_error_of_ours_comes_from_and_keeps_its_code(
    wfplan, monkeypatch, tmp_path
):
    def fail(*_):
        raise InfeasibleError("rests cannot be kept")

    monkeypatch.setattr(line, "load", fail)
    said = wfplan("check", tmp_path, "--debug")
    assert said.code == ExitCode.INFEASIBLE
    assert "Traceback" in said.err


@pytest.mark.parametrize(
    ("error", "message", "code"),
    [
        (
            PermissionError(13, "Permission denied", "/x"),
            "The system refused (Permission denied",
            ExitCode.USAGE,
        ),
        (MemoryError(), "The memory is used up", ExitCode.BUG),
    ],
)
def test_a_machine_at_its_end_is_not_called_a_bug(
    wfplan, monkeypatch, tmp_path, error, message, code
):
    def fail(*_):
        raise error

    monkeypatch.setattr(line, "load", fail)
    said = wfplan("check", tmp_path)
    assert said.code == code
    assert said.err.startswith(message)


def test_ctrl_c_without_a_plan_says_that_nothing_was_written(wfplan, monkeypatch, tmp_path):
    def fail(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(line, "load", fail)
    said = wfplan("check", tmp_path, "--json")
    assert said.code == said.object["exit_code"] == ExitCode.INTERRUPTED
    assert "nothing was written" in said.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")
def test_a_result_that_the_disk_cannot_take_is_said_in_one_line():
    command = [
        sys.executable,
        "-c",
        "from wfplan.cli import main; main(['rules', 'list', '--json'])",
    ]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == ExitCode.USAGE
    assert done.stderr.startswith("the work was done, but its result could not be written")
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")
def test_words_beside_the_result_that_the_disk_cannot_take_cost_nothing(tiny_plan):
    command = [sys.executable, "-c", "from wfplan.cli import main; main(['check', sys.argv[1]])"]
    command[2] = f"import sys; {command[2]}"
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*command, str(tiny_plan)], stdout=subprocess.PIPE, stderr=full,
                              text=True, check=False)  # fmt: skip
    assert (done.returncode, "No faults" in done.stdout) == (ExitCode.OK, True)


def test_a_reader_that_goes_away_is_no_fault():
    command = [sys.executable, "-c", "from wfplan.cli import main; main(['schema'])"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        assert process.stderr.read() == b""


def test_pretty_tracebacks_are_off():
    assert app.pretty_exceptions_enable is False


def test_main_leaves_with_the_exit_code():
    from wfplan.cli import main

    with pytest.raises(SystemExit) as left:
        main(["schema", "ledgr"])
    assert left.value.code == ExitCode.USAGE


@pytest.mark.parametrize("payload", ["\x1b[2J", "\x1b]0;title\x07", "\x9b31m", "\r", "\x08"])
def test_nothing_from_a_file_commands_the_terminal(wfplan, monkeypatch, tmp_path, payload):
    def fail(*_):
        raise InputFaultsError([Fault(f"'{payload}voice' is not a channel", file="a.csv")])

    monkeypatch.setattr(line, "load", fail)
    said = wfplan("check", tmp_path, "--json")
    assert payload not in said.err + said.out
    assert "voice' is not a channel" in said.err


def test_a_terminal_without_our_letters_is_no_fault(tmp_path):
    (tmp_path / "é€").mkdir()
    code = f"from wfplan.cli import main; main(['report', {str(tmp_path / 'é€')!r}])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=False,
        env={"PYTHONIOENCODING": "ascii:strict", "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == ExitCode.BAD_INPUT
    assert b"\\xe9" in done.stderr


IN_GROUPS = [(group, name) for group, names in GROUPS.items() for name in names]


@pytest.mark.parametrize(("group", "name"), IN_GROUPS)
def test_a_command_of_a_group_has_help_like_any_other(wfplan, group, name):
    said = wfplan(group, name, "--help")
    example = import_module(f"wfplan.cli.{group}_{name}").EXAMPLE
    lines = [text.strip() for text in said.out.splitlines() if text.strip()]
    assert said.code == 0
    assert lines[1:3] == ["Example:", example]
    words = shlex.split(example)
    assert words[:3] == ["wfplan", group, name]
    assert all(re.search(rf"{word}\b", said.out) for word in words if word.startswith("--"))
    assert all(option in said.out for option in ("--json", "--quiet", "--debug"))
    assert max(map(len, said.out.splitlines())) <= 80
    assert re.search(rf"^  {name}  ", wfplan(group, "--help").out, re.MULTILINE)
