"""Four hundred bad HR files: each is refused with its place, quickly, and nothing is written."""

from __future__ import annotations

import importlib.util
import re
import sys
import time
from pathlib import Path

import pytest

from wfplan.cli.app import run as run_app

_SPEC = importlib.util.spec_from_file_location(
    "bad_hr_files", Path(__file__).with_name("hr_files.py")
)
assert _SPEC is not None
assert _SPEC.loader is not None
made = importlib.util.module_from_spec(_SPEC)
sys.modules["bad_hr_files"] = made
_SPEC.loader.exec_module(made)

PER_CLASS = 12
SECONDS_MAX = 10.0  # of processor time: a hang (R14), on the slowest machine, under a tracer too


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan whose people are not in its folder's store yet."""
    spec = importlib.util.spec_from_file_location(
        "tinyplan_of_hr", Path(__file__).parent.parent / "tinyplan.py"
    )
    assert spec is not None
    assert spec.loader is not None
    tinyplan = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tinyplan)
    folder: Path = tinyplan.write(tmp_path_factory.mktemp("hr") / "plan", channels=1)
    (folder / "locks.csv").write_text("agent_id,date,start,end\n")
    run_app(["hr", "check", str(folder / "agents.csv"), "--quiet"])  # what is imported once
    return folder


def refused(plan: Path, folder: Path, kind: str, number: int, said) -> None:
    """One file is refused as it must be."""
    bad = made.bad_file(kind, number)
    path = folder / bad.name
    path.write_bytes(bad.content)
    others = []
    if bad.name != "agents.csv":  # its people are known
        rows = made.TABLES["agents"][1](made.Random(1))
        rows = [[f"A{n:03}", *rows[0][1:]] for n in range(1, 10)]
        (folder / "agents.csv").write_bytes(made.text_of(made.AGENTS, rows))
        others = [str(folder / "agents.csv")]
    store = folder / "wfplan.db"
    began = time.process_time()
    words = ["hr", "import", str(path), *others, "--plan", str(plan), "--store", str(store)]
    code = run_app(words)
    took = time.process_time() - began
    out, err = said()
    assert code in (2, 3), (kind, number, code, err)
    lines = [line for line in err.splitlines() if line.startswith(bad.name)]
    assert lines, (kind, number, err)
    place = re.escape(bad.name) + r"(?:\[[^]]*\])?" + (f":{bad.line}:" if bad.line else "[:0-9]*:")
    pattern = f"^{place}.*{bad.column}.*" + (rf"\[{bad.code}\]$" if bad.code else "")
    assert any(re.match(pattern, line) for line in lines), (kind, number, pattern, lines)
    assert all("; " in line or "[" in line for line in lines), (kind, number, lines)
    assert "Traceback" not in err
    assert made.CANARY.split()[1] not in out + err, (kind, number)
    assert not store.exists(), (kind, number)
    assert took < SECONDS_MAX, (kind, number, took)


@pytest.mark.parametrize("kind", made.CLASSES)
def test_a_bad_file_is_refused_with_its_place_and_nothing_is_written(plan, tmp_path, kind, capsys):
    refused(plan, tmp_path, kind, 0, capsys.readouterr)


@pytest.mark.nightly
@pytest.mark.parametrize("kind", made.CLASSES)
def test_all_bad_files_are_refused_with_their_place(plan, tmp_path, kind, capsys):
    for number in range(1, PER_CLASS):
        refused(plan, tmp_path, kind, number, capsys.readouterr)


def test_there_are_more_than_four_hundred_files_of_more_than_twenty_classes():
    assert len(made.CLASSES) >= 20
    assert len(made.CLASSES) * PER_CLASS >= 400
