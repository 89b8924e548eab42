"""Tests for wfplan.export.registry."""

from __future__ import annotations

import hashlib
import json

import pytest

from wfplan.errors import OutputError, UsageError
from wfplan.export import TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_an_export_is_a_folder_with_a_manifest_of_its_files(tmp_path, synthetic, name):
    synthetic.export(name, tmp_path / "out")
    paths = sorted(path for path in (tmp_path / "out").iterdir() if path.name != "manifest.json")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert (manifest["schema"], manifest["shifts"]) == ("wfplan-export/1", 2)
    assert {file["path"]: file["sha256"] for file in manifest["files"]} == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths
    }


@pytest.mark.parametrize("name", TARGETS)
def test_the_same_schedule_gives_the_same_bytes(files, name):
    assert files(name) == files(name)


@pytest.mark.parametrize("name", TARGETS)
def test_the_order_of_people_and_shifts_does_not_matter(files, synthetic, name):
    problem, schedule = synthetic.problem(), synthetic.schedule()
    turned = problem.model_copy(update={"agents": problem.agents[::-1]})
    mixed = schedule.model_copy(update={"shifts": schedule.shifts[::-1]})
    assert files(name) == files(name, mixed, turned)


@pytest.mark.parametrize("name", TARGETS)
def test_an_empty_schedule_is_exported(files, synthetic, name):
    nobody = synthetic.problem(agents=())
    assert files(name, synthetic.schedule(shifts=()), nobody)


def test_an_earlier_export_is_replaced_whole(tmp_path, synthetic):
    folder = tmp_path / "out"
    synthetic.export("ics", folder)
    fewer = synthetic.problem(agents=synthetic.problem().agents[:1])
    synthetic.export("ics", folder, problem=fewer, schedule=synthetic.schedule(shifts=()))
    assert not (folder / "agent_A002.ics").exists()


def test_a_run_folder_is_never_replaced_by_an_export(tmp_path, synthetic):
    (tmp_path / "manifest.json").write_text('{"schema": "wfplan-run/1"}')
    with pytest.raises(OutputError, match="not a wfplan-export folder"):
        synthetic.export("csv", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


def test_an_unknown_export_is_answered_with_a_suggestion(files):
    with pytest.raises(UsageError, match=r"no export 'isc': did you mean 'ics'\?"):
        files("isc")
    with pytest.raises(UsageError, match="no export 'fax': the exports are csv, json, ics"):
        files("fax")
