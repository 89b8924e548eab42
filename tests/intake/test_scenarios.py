"""Tests for wfplan.intake.scenarios: named scenarios, read, and written only when asked."""

from __future__ import annotations

import tomllib

import pytest

from wfplan.errors import InputFaultsError, UsageError
from wfplan.intake import load_plan, save_scenario


def add(plan, text):
    file = plan / "plan.toml"
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")
    return plan


def test_a_plan_has_names_for_changes(plan_folder):
    text = '\n[scenarios]\nflu_week = ["absent=A002, A001", "volume=+10%"]\ncalm = "volume=-5%"\n'
    problem = load_plan(add(plan_folder(), text))
    assert problem.scenarios == {
        "flu_week": ("volume=+10%", "absent=A001,A002"),
        "calm": ("volume=-5%",),
    }
    assert problem.scenario == ()


def test_faults_of_named_scenarios_have_their_lines_and_come_together(plan_folder):
    text = (
        '\n[scenarios]\n"1st" = ["volume=+10%"]\nodd = 7\nbad = ["volum=+1%", "absent=A0001"]\n'
        "empty = []\n"
    )
    plan = add(plan_folder(), text)
    with pytest.raises(InputFaultsError) as caught:
        load_plan(plan)
    told = {(fault.column, fault.reason.partition(":")[0]) for fault in caught.value.faults}
    assert told == {
        ("scenarios.1st", "'1st' is no name for a scenario"),
        ("scenarios.odd", "is not a list of changes"),
        ("scenarios.bad", "'volum=+1%' is not a scenario"),
        ("scenarios.bad", "absent=A0001"),
        ("scenarios.empty", "is not a list of changes"),
    }
    lines = (plan / "plan.toml").read_text(encoding="utf-8").splitlines()
    for fault in caught.value.faults:
        assert fault.column.split(".")[1] in lines[fault.line - 1]


def test_scenarios_that_are_no_table_are_a_fault(plan_folder):
    plan = plan_folder()
    file = plan / "plan.toml"
    file.write_text('scenarios = "volume=+10%"\n' + file.read_text(encoding="utf-8"))
    with pytest.raises(InputFaultsError, match=r"scenarios: is not a table"):
        load_plan(plan)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("has_table", [True, False])
def test_saving_adds_one_line_and_keeps_every_other_byte(plan_folder, end, has_table):
    plan = plan_folder()
    file = plan / "plan.toml"
    text = file.read_text(encoding="utf-8")
    text += (
        "\n[scenarios]   # ours\n# quiet weeks\ncalm = ['volume=-5%']\n" if has_table else "# end"
    )
    file.write_bytes(text.replace("\n", end).encode())
    before = file.read_bytes().decode().split(end)
    assert save_scenario(plan, "flu", ["volume=+10%", "absent=A001"]) == file
    after = file.read_bytes().decode().split(end)
    added = 'flu = ["volume=+10%", "absent=A001"]'
    assert added in after
    kept = [line for line in after if line not in (added, "[scenarios]", "")]
    assert kept == [line for line in before if line]
    assert load_plan(plan).scenarios["flu"] == ("volume=+10%", "absent=A001")
    assert load_plan(plan).scenarios.get("calm") == (("volume=-5%",) if has_table else None)


def test_the_same_scenario_again_changes_nothing_and_another_is_refused(plan_folder):
    plan = plan_folder()
    save_scenario(plan, "flu", ["volume=+10%"])
    raw = (plan / "plan.toml").read_bytes()
    save_scenario(plan, "flu", ["volume=+10%"])
    with pytest.raises(UsageError, match=r"has a scenario 'flu' already \(volume=\+10%\)"):
        save_scenario(plan, "flu", ["volume=+20%"])
    with pytest.raises(UsageError, match="'a b' is no name for a scenario"):
        save_scenario(plan, "a b", ["volume=+20%"])
    assert (plan / "plan.toml").read_bytes() == raw


def test_where_no_line_can_be_added_the_file_stays(plan_folder):
    plan = plan_folder()
    file = plan / "plan.toml"
    file.write_text('scenarios = { calm = "volume=-5%" }\n' + file.read_text(encoding="utf-8"))
    raw = file.read_bytes()
    with pytest.raises(
        InputFaultsError, match=r"write it there yourself: flu = \[\"volume=\+10%\"\]"
    ):
        save_scenario(plan, "flu", ["volume=+10%"])
    assert file.read_bytes() == raw


def test_a_header_in_a_comment_is_no_table(plan_folder):
    plan = plan_folder()
    file = plan / "plan.toml"
    file.write_text(file.read_text(encoding="utf-8") + "\n# [scenarios]\n", encoding="utf-8")
    save_scenario(plan, "flu", ["volume=+10%"])
    assert tomllib.loads(file.read_text(encoding="utf-8"))["scenarios"] == {"flu": ["volume=+10%"]}
