"""wfplan export by the conventions of command lines: streams, exit codes, files, one object."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from wfplan.errors import ExitCode
from wfplan.export import TARGETS, target_names

OPEN = [name for name, target in TARGETS.items() if target.has_people]  # that need no ids


@pytest.fixture
def told(made_run, wfplan):
    """A file that says what was told, so that an export of what changed has something to note."""
    assert wfplan("export", made_run, "--to", "csv", "--out", made_run.parent / "told").code == 0
    return made_run.parent / "told" / "schedule.csv"


def hashes(folder):
    """The hash of every file below a folder."""
    return {path: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file()}  # fmt: skip


@pytest.mark.parametrize("name", OPEN)
def test_the_result_is_on_stdout_and_what_else_is_said_on_stderr(wfplan, made_run, told, name):
    said = wfplan("export", made_run, "--to", name, "--since", told)
    assert said.code == ExitCode.OK
    assert said.out.startswith("Wrote ")
    assert "note: time off is not in what changed" in said.err
    assert "note:" not in said.out
    assert "\x1b" not in said.out + said.err  # no colour where no terminal is


@pytest.mark.parametrize("name", OPEN)
def test_quiet_says_the_result_only(wfplan, made_run, told, name):
    said = wfplan("export", made_run, "--to", name, "--since", told, "--quiet")
    assert (said.code, said.err) == (ExitCode.OK, "")
    assert said.out.startswith("Wrote ")


@pytest.mark.parametrize("name", OPEN)
def test_json_is_one_object_with_files_counts_and_notes(wfplan, made_run, told, name):
    said = wfplan("export", made_run, "--to", name, "--since", told, "--json")
    found = said.object
    assert (found["schema"], found["command"], found["ok"]) == ("wfplan-cli/1", "export", True)
    assert (found["exit_code"], found["errors"]) == (0, [])
    result = found["result"]
    assert {"folder", "files", "revision", "status", "written", "notes"} <= result.keys()
    assert (result["new"], result["changed"], result["cancelled"]) == (0, 0, 0)
    assert all(Path(path).is_file() for path in result["files"])
    (note,) = result["notes"]
    assert note["agents"] == ["A002"]


@pytest.mark.parametrize("name", OPEN)
def test_a_dry_run_names_the_files_that_a_run_writes_and_writes_none(wfplan, made_run, name):
    before = hashes(made_run.parent)
    dry = wfplan("export", made_run, "--to", name, "--dry-run", "--json").object["result"]
    assert hashes(made_run.parent) == before
    done = wfplan("export", made_run, "--to", name, "--json").object["result"]
    (files,) = [value for value in dry.values() if isinstance(value, list)]
    assert files == done["files"]


@pytest.mark.parametrize("name", [name for name, one in TARGETS.items() if not one.has_people])
def test_a_refused_export_ends_with_8_and_leaves_everything_as_it_is(wfplan, made_run, name):
    wfplan("export", made_run, "--to", "csv", "--out", made_run.parent / "out")
    before = hashes(made_run.parent)
    said = wfplan("export", made_run, "--to", name, "--out", made_run.parent / "out")
    assert (said.code, said.out) == (ExitCode.EXPORT_REFUSED, "")
    assert "A001" in said.err
    assert "Traceback" not in said.err
    assert hashes(made_run.parent) == before
    refused = wfplan("export", made_run, "--to", name, "--json").object
    assert (refused["ok"], refused["exit_code"], refused["result"]) == (False, 8, {})
    assert refused["errors"]


def test_usage_is_2_and_bad_input_3_with_every_fault(wfplan, made_run, tmp_path):
    assert wfplan("export", made_run, "--to", "xslx").code == ExitCode.USAGE
    settings = tmp_path / "own.toml"
    settings.write_text('[xlsx]\npaper = "papyrus"\ncolour = "red"\n[ics]\nreadable = 3\n')
    said = wfplan("export", made_run, "--to", "xlsx", "--settings", settings)
    assert said.code == ExitCode.BAD_INPUT
    assert "xlsx.paper" in said.err
    assert "xlsx.colour" in said.err
    assert wfplan("export", made_run, "--to", "ics", "--settings", settings).code == 3
    assert not made_run.with_name("w-xlsx").exists()


@pytest.mark.parametrize("name", OPEN)
def test_an_export_that_the_disk_refuses_leaves_the_earlier_one(
    wfplan, made_run, monkeypatch, name
):
    assert wfplan("export", made_run, "--to", name).code == 0
    before, write_bytes, count = hashes(made_run.parent), Path.write_bytes, iter(range(9))

    def refuse(path, raw):
        if next(count):
            raise OSError(28, "No space left on device")
        return write_bytes(path, raw)

    monkeypatch.setattr(Path, "write_bytes", refuse)
    said = wfplan("export", made_run, "--to", name)
    assert said.code not in (ExitCode.OK, ExitCode.BUG)
    assert "No space left" in said.err
    assert hashes(made_run.parent) == before


@pytest.mark.slow
def test_files_are_the_same_whatever_the_seed_of_hashes(tmp_path):
    """Sets in another order change no byte, of no target."""
    script = """if True:
        import sys, hashlib
        from dataclasses import replace
        sys.path.insert(0, sys.argv[1])
        import synthetic
        from wfplan.domain.external_ids import ExternalIds
        from wfplan.errors import ExportRefusedError
        from wfplan.export import exported, target_names
        for name in target_names():
            order = synthetic.order(previous=synthetic.schedule())
            ids = synthetic.ids(order, name)
            try:
                files = exported(name, replace(order, ids=ids))[0]
            except ExportRefusedError:
                ids = {key: str(int(text[:6], 16)) for key, text in ids.known.items()}
                files = exported(name, replace(order, ids=ExternalIds(ids)))[0]
            for file, raw in files.items():
                print(name, file, hashlib.sha256(raw).hexdigest())
    """
    said = [
        subprocess.run(
            [sys.executable, "-c", script, str(Path(__file__).parents[1])],
            env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert said[0] == said[1]
    assert {line.partition(" ")[0] for line in said[0].splitlines()} == set(target_names())
