"""Tests for wfplan.store.folder."""

from __future__ import annotations

import json
import shutil
from dataclasses import fields, is_dataclass
from datetime import date

import numpy as np
import pandas as pd
import pytest

from wfplan.domain.results import Binding
from wfplan.errors import InputFaultsError, OutputError
from wfplan.store import (
    RUN_FILES,
    RunParts,
    check_run_folder,
    edited_files,
    plan_path_of,
    read_manifest,
    read_parts,
    read_run,
    run_folder,
    scenario_of,
    write_parts,
    write_run,
)


def assert_same(one, other, at="run"):
    """The same to the last bit, dtypes of arrays included."""
    assert type(one) is type(other) or isinstance(one, dict), at
    if isinstance(one, np.ndarray):
        np.testing.assert_array_equal(one, other, err_msg=at)
        assert one.dtype.kind == other.dtype.kind, at
    elif isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other, check_exact=True, check_dtype=False)
    elif is_dataclass(one):
        for field in fields(one):
            if field.name not in ("problem", "plan_path"):
                name = f"{at}.{field.name}"
                assert_same(getattr(one, field.name), getattr(other, field.name), name)
    elif isinstance(one, dict):
        assert one.keys() == other.keys(), at
        for key in one:
            assert_same(one[key], other[key], f"{at}[{key}]")
    else:
        assert one == other, at


def test_a_run_comes_back_to_the_last_bit(written, synthetic, plan_path):
    run = synthetic.run(plan_path)
    again = read_run(written, run.problem)
    assert_same(run, again)
    assert again.plan_path == plan_path


def test_a_run_that_was_read_writes_the_same_bytes(tmp_path, written, synthetic, plan_path):
    again = read_run(written, synthetic.problem())
    other = write_run(again, written.with_name("x"), report="<p>week</p>")
    for name in RUN_FILES:
        assert (other / name).read_bytes() == (written / name).read_bytes(), name


def test_every_file_of_a_run_folder_is_there(written):
    assert sorted(path.name for path in written.iterdir()) == sorted(RUN_FILES)


def test_only_figures_of_time_differ_between_two_runs_of_one_seed(tmp_path, synthetic, plan_path):
    folders = [
        write_run(synthetic.run(plan_path, seconds=s), tmp_path / f"{s}", report="<p>week</p>")
        for s in (1.0, 2.0)
    ]
    first, second = (json.loads((f / "manifest.json").read_text()) for f in folders)
    for name in RUN_FILES[:-1]:
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes(), name
    different = {key for key in first if first[key] != second[key]}
    assert different == {"stages", "search_s"}


def test_the_manifest_says_what_the_design_asks(written):
    manifest = json.loads((written / "manifest.json").read_text())
    asked = "plan week status seed objective lower_bound gap stages inputs versions definitions"
    assert set(asked.split()) <= manifest.keys()
    assert manifest["plan_path"] == "../../plan.toml"
    assert manifest["inputs"] == [{"path": "contacts.csv", "sha256": "0" * 64}]
    assert manifest["outputs"]["report.html"]["bytes"] == len("<p>week</p>")


def test_a_plan_folder_may_be_moved_with_its_runs(tmp_path, written):
    (tmp_path / "plan").rename(tmp_path / "moved")
    assert plan_path_of(tmp_path / "moved" / "runs" / "w") == tmp_path / "moved" / "plan.toml"


def test_numbers_that_do_not_exist_are_null(tmp_path, synthetic, plan_path):
    from dataclasses import replace

    run = synthetic.run(plan_path)
    blind = replace(run, solution=replace(run.solution, lower_bound=float("-inf")))
    folder = write_run(blind, tmp_path / "w", report="")
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["lower_bound"], manifest["gap"]) == (None, None)
    assert manifest["demand"]["channels"][1]["patience_s"] is None
    again = read_run(folder, run.problem)
    assert again.solution.lower_bound == float("-inf")
    assert again.demand.patience_s[1] == float("inf")


def test_what_was_edited_is_remembered_after_a_later_stage_has_read_it(written, synthetic):
    path = written / "requirement.csv"
    path.write_text(path.read_text() + "\n")
    parts = read_parts(written, synthetic.run(written).problem)
    assert parts.edited == ("requirement.csv",)
    assert parts.until("staff").edited == ()
    write_parts(parts.until("schedule"), written)
    assert edited_files(written) == ()
    assert read_manifest(written)["edited"] == ["requirement.csv"]
    with pytest.raises(OutputError, match=r"edited by hand \(requirement\.csv\)"):
        check_run_folder(written)
    check_run_folder(written, force=True)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_raised_requirement_is_honoured_and_called_edited(written, synthetic, delimiter):
    path = written / "requirement.csv"
    lines = path.read_text().splitlines()
    cells = lines[3].split(",")
    cells[2] = "99,5" if delimiter == ";" else "99.5"
    lines = [line.replace(",", delimiter) for line in lines]
    lines[3] = delimiter.join(cells)
    path.write_text("\r\n".join(lines), encoding="utf-8-sig")
    need = read_run(written, synthetic.problem()).need
    assert need.staff_required[0, 2] == 99.5
    assert need.binding[0, 2] == Binding.EDITED
    assert (need.binding == Binding.EDITED).sum() == 1
    assert edited_files(written) == ("requirement.csv",)


def test_an_edit_stays_an_edit_when_the_run_is_written_again(written, synthetic):
    path = written / "requirement.csv"
    lines = path.read_text().splitlines()
    cells = lines[3].split(",")
    lines[3] = ",".join([*cells[:2], "99.5", *cells[3:]])
    path.write_text("\n".join(lines))
    parts = read_parts(written, synthetic.problem())
    write_parts(parts.until("schedule"), written)
    need = read_parts(written, synthetic.problem()).need
    assert (need.staff_required[0, 2], need.binding[0, 2]) == (99.5, Binding.EDITED)
    assert edited_files(written) == ()


def test_a_table_saved_as_unicode_text_is_read(written, synthetic):
    path = written / "forecast.csv"
    path.write_text(path.read_text().replace(",", "\t"), encoding="utf-16")
    assert_same(
        read_run(written, synthetic.problem()).demand, synthetic.run(written / "plan.toml").demand
    )


def test_stages_that_have_not_been_run_leave_no_files(tmp_path, synthetic, plan_path):
    parts = RunParts.of(synthetic.run(plan_path))
    folder = write_parts(parts.until("schedule"), tmp_path / "w")
    assert sorted(path.name for path in folder.iterdir()) == [
        "curves.npz",
        "forecast.csv",
        "manifest.json",
        "requirement.csv",
    ]
    again = read_parts(folder, parts.problem)
    assert_same(again.need, parts.need)
    assert again.solution is None
    assert json.loads((folder / "manifest.json").read_text())["status"] == "unscheduled"


@pytest.mark.parametrize(
    ("stage", "left"),
    [
        ("forecast", set()),
        ("staff", {"demand"}),
        ("schedule", {"demand", "need"}),
        ("simulate", {"demand", "need", "solution"}),
        ("audit", {"demand", "need", "solution", "outcome", "ledger"}),
    ],
)
def test_a_stage_that_is_run_again_drops_what_later_ones_made(synthetic, plan_path, stage, left):
    parts = RunParts.of(synthetic.run(plan_path)).until(stage)
    names = ("demand", "need", "solution", "outcome", "ledger", "audit")
    assert {name for name in names if getattr(parts, name) is not None} == left


def test_a_run_with_missing_stages_says_which_commands_to_run(tmp_path, synthetic, plan_path):
    parts = RunParts.of(synthetic.run(plan_path)).until("simulate")
    folder = write_parts(parts, tmp_path / "w")
    with pytest.raises(InputFaultsError) as caught:
        read_run(folder, parts.problem)
    hints = [fault.hint for fault in caught.value.faults]
    assert hints == [
        f"run 'wfplan {command} {folder}' first" for command in ("simulate", "simulate", "audit")
    ]


def test_what_others_put_into_a_run_folder_is_carried_over(written, synthetic, plan_path):
    (written / "notes.txt").write_text("call Mary")
    (written / "export").mkdir()
    (written / "export" / "x.ics").write_text("x")
    (written / "old report.html").symlink_to("report.html")
    write_run(synthetic.run(plan_path, seed=8), written, report="")
    assert (written / "notes.txt").read_text() == "call Mary"
    assert (written / "export" / "x.ics").read_text() == "x"
    assert (written / "old report.html").is_symlink()


def test_a_hand_edit_is_not_replaced_without_force(written):
    check_run_folder(written)
    (written / "requirement.csv").write_text("edited")
    (written / "outcome.csv").unlink()
    with pytest.raises(
        OutputError, match=r"was edited by hand \(outcome\.csv, requirement\.csv\).*--force"
    ):
        check_run_folder(written)
    check_run_folder(written, force=True)


def test_force_does_not_reach_beyond_run_folders(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(OutputError, match="holds files that are not a wfplan-run folder"):
        check_run_folder(tmp_path, force=True)


def test_a_new_or_an_empty_folder_may_be_used(tmp_path):
    check_run_folder(tmp_path / "new")
    check_run_folder(tmp_path)


def test_runs_are_kept_beside_the_plan_by_name_and_week(plan_path, synthetic):
    problem = synthetic.problem(name="Banque d'Été / Süd")
    folder = run_folder(plan_path, problem, date(2026, 10, 19))
    assert folder == plan_path.parent / "runs" / "banque-d-t-s-d" / "2026-10-19"


def test_a_plan_name_cannot_lead_out_of_the_runs_folder(plan_path, synthetic):
    folder = run_folder(plan_path, synthetic.problem(name="../../.."), date(2026, 10, 19))
    assert folder == plan_path.parent / "runs" / "plan" / "2026-10-19"


def test_a_scenario_is_remembered(tmp_path, synthetic, plan_path):
    from dataclasses import replace

    run = synthetic.run(plan_path)
    tried = replace(run, problem=run.problem.model_copy(update={"scenario": ("volume=+10%",)}))
    assert scenario_of(write_run(tried, tmp_path / "w", report="")) == ("volume=+10%",)


def test_a_folder_that_a_killed_writer_renamed_away_is_found_again(written, synthetic):
    written.rename(written.with_name(".w.old-0123"))
    assert read_run(written, synthetic.problem()).seed == 7


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "message"),
    [
        ("forecast.csv", "voice,2026-10-18T23:00:00Z", "voise,2026-10-18T23:00:00Z", 2, "'voice'"),
        ("forecast.csv", "2026-10-19T05:00:00Z", "19.10.2026 05:00", 8, "not an instant like"),
        ("forecast.csv", "2026-10-19T05:00:00Z", "2026-10-19T05:07:00Z", 8, "no interval of the"),
        ("forecast.csv", "2026-10-19T05:00:00Z", "2026-10-19T04:00:00Z", 8, "line 7 already"),
        ("forecast.csv", "offered_q50", "offered_q5O", 1, "'offered_q5O' stands there"),
        ("forecast.csv", "offered_q50", "offered_mean", 1, "the column is there twice"),
        ("forecast.csv", ",true,", ",yes,", None, "'yes' is neither true nor false"),
        ("requirement.csv", ",promise,", ",promised,", None, "did you mean 'promise'?"),
        ("requirement.csv", ",1.0,", ",,", 2, "staff_min: the cell is empty"),
        ("requirement.csv", ",1.0,", ",-1,", 2, "must be 0 or more"),
        ("requirement.csv", ",1.0,", ",inf,", 2, "must be 0 or more"),
        ("requirement.csv", ",1.0,", ",nan,", 2, "must be 0 or more"),
        ("requirement.csv", ",1.0,", ",one,", 2, "'one' is not a number"),
        ("requirement.csv", ",1.0,", ',"1.0,', None, "this is not CSV"),
        ("ledger.csv", "2026-10-24", "24.10.2026", 3, "is not a date like"),
        ("audit.json", "[", "{", None, "the audit cannot be read"),
        ("audit.json", "daily_rest", "\\ud800", None, ""),
        ("manifest.json", "wfplan-run/1", "wfplan-run/2", None, "not the manifest of a run"),
        ("manifest.json", "{", "[", None, "not JSON any more"),
        ("manifest.json", '"seed"', '"sead"', None, "lack what belongs to them"),
        ("manifest.json", '"interval_min": 60', '"interval_min": 7', None, "not an interval"),
    ],
)
def test_a_broken_file_is_named_with_its_line(written, synthetic, file, old, new, line, message):
    path = written / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    if not message:
        read_run(written, synthetic.problem())
        return
    from wfplan.errors import InputError

    with pytest.raises(InputError) as caught:
        read_run(written, synthetic.problem())
    assert message in str(caught.value)
    if isinstance(caught.value, InputFaultsError):
        fault = caught.value.faults[0]
        assert fault.file == str(path)
        if line is not None:
            assert fault.line == line
    assert synthetic.CANARY not in str(caught.value)


def test_missing_rows_are_counted_and_not_all_shown(written, synthetic):
    path = written / "forecast.csv"
    path.write_text("\n".join(path.read_text().splitlines()[:20]))
    with pytest.raises(InputFaultsError) as caught:
        read_run(written, synthetic.problem())
    faults = caught.value.faults
    assert "the row of voice at 2026-10-19T18:00:00Z is missing" in str(faults[0])
    assert faults[-1].reason == f"{2 * 169 - 19 - 200} more faults of the same file"


@pytest.mark.parametrize("file", [name for name in RUN_FILES if name != "report.html"])
@pytest.mark.parametrize("harm", ["gone", "empty", "cut", "binary", "folder"])
def test_no_damage_ends_in_anything_but_a_named_file(written, synthetic, file, harm):
    path = written / file
    raw = path.read_bytes()
    path.unlink()
    if harm == "folder":
        path.mkdir()
    elif harm != "gone":
        damaged = {"empty": b"", "cut": raw[: len(raw) // 2], "binary": b"\xff\x00" + raw[::-1]}
        path.write_bytes(damaged[harm])
    with pytest.raises(InputFaultsError, match=path.name.replace(".", r"\.")):
        read_run(written, synthetic.problem())


def test_a_channel_that_the_plan_has_no_more_is_said(written, synthetic):
    problem = synthetic.problem()
    fewer = problem.model_copy(update={"channels": problem.channels[:1]})
    with pytest.raises(InputFaultsError, match=r"requirement\.csv:171: channel: the plan has no"):
        read_run(written, fewer)


def test_curves_of_another_shape_are_said(written, synthetic, tmp_path, plan_path):
    np.savez_compressed(written / "curves.npz", harm=np.zeros(3), staff_required=np.zeros((2, 169)))
    with pytest.raises(InputFaultsError, match="lack what belongs to them"):
        read_run(written, synthetic.problem())


def test_curves_that_hold_code_are_refused(written, synthetic):
    np.savez_compressed(written / "curves.npz", harm=np.array([{}], dtype=object))
    with pytest.raises(InputFaultsError, match=r"curves\.npz: the file is damaged"):
        read_run(written, synthetic.problem())


def test_copies_of_a_run_are_runs(written, synthetic, tmp_path):
    shutil.copytree(written, tmp_path / "copy")
    assert edited_files(tmp_path / "copy") == ()
