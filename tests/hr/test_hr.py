"""HR's tables: from files into the store, what that changes, and back into a plan."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wfplan import hr, memory
from wfplan.errors import InputError, InputFaultsError
from wfplan.hr import Imported
from wfplan.intake.hr import asked_of

HR_OWN = ("agents", "skills", "availability", "time_off", "history")
HEAD = "agent_id,contract_type,contract_hours_week,timezone\n"


@pytest.fixture
def plan(plan_folder: Callable[..., Path]) -> Path:
    """A plan whose people are in no file of its folder."""
    folder = plan_folder(channels=1)
    text = (folder / "plan.toml").read_text()
    (folder / "given").mkdir()
    for name in HR_OWN:
        text = text.replace(f'{name} = "{name}.csv"\n', "")
        (folder / f"{name}.csv").rename(folder / "given" / f"{name}.csv")
    (folder / "plan.toml").write_text(text)
    return folder


def take_over(plan: Path, *files: str | Path, **more: bool) -> Imported:
    maps = [] if "maps" not in more else more.pop("maps")
    asked = asked_of([str(file) for file in files], maps)
    return hr.take_over(asked, plan, str(plan / "wfplan.db"), **more)


def given(plan: Path, *names: str) -> list[Path]:
    return [plan / "given" / f"{name}.csv" for name in names or HR_OWN]


def faults_of(plan: Path, *files: str | Path) -> list[str]:
    with pytest.raises(InputFaultsError) as caught:
        take_over(plan, *files)
    return [str(fault) for fault in caught.value.faults]


def table(plan: Path, name: str, text: str) -> Path:
    path = plan / name
    path.write_text(text)
    return path


def test_a_plan_reads_from_the_store_what_its_inputs_do_not_name(plan, plan_folder):
    assert take_over(plan, *given(plan)).is_written
    problem = hr.load_plan(plan)
    other = hr.load_plan(plan_folder("other", channels=1))
    assert problem.agents == other.agents
    assert problem.past_shifts == other.past_shifts
    assert {one.path for one in problem.inputs} >= {"store:agents", "store:skills"}


def test_the_same_files_twice_change_nothing(plan):
    take_over(plan, *given(plan))
    again = take_over(plan, *given(plan))
    assert not again.is_written
    assert all(change.is_empty for change in again.changes)


def test_another_writing_of_the_same_values_changes_nothing(plan):
    take_over(plan, *given(plan))
    text = given(plan, "agents")[0].read_text().replace(",37.5,", ",37.50,")
    assert not take_over(plan, table(plan, "agents.csv", text)).is_written


def test_a_later_file_says_what_it_changes(plan):
    take_over(plan, *given(plan))
    rows = given(plan, "agents")[0].read_text().splitlines()
    rows = [row.replace("Blue", "Gold") if row.startswith("A002") else row for row in rows[:-1]]
    rows.append("A009,,,Dublin,Red,,part_time,20,16,24,,,")
    made = take_over(plan, table(plan, "agents.csv", "\n".join(rows)))
    (agents,) = [one for one in made.changes if one.kind == "agents"]
    assert [(one.key, one.columns) for one in agents.changed] == [("A002", ("team",))]
    assert [one.key for one in agents.added] == ["A009"]
    assert [one.key for one in agents.removed] == ["A008"]
    gone = {one.kind: [row.key for row in one.removed] for one in made.changes}
    assert gone["skills"], "what was held of somebody who left goes with her"
    assert all(key.startswith("A008") for key in gone["skills"])


def test_a_file_that_would_take_many_people_away_is_refused(plan):
    take_over(plan, *given(plan))
    few = "\n".join(given(plan, "agents")[0].read_text().splitlines()[:5])
    path = table(plan, "agents.csv", few)
    with pytest.raises(InputError, match=r"4 of 8 people would go \(A005.*--add.*--remove"):
        take_over(plan, path)
    assert take_over(plan, path, is_part=True).changes[0].is_empty
    assert len(take_over(plan, path, is_sure=True, is_dry=True).changes[0].removed) == 4
    assert len(hr.load_plan(plan).agents) == 8


def test_a_file_that_would_take_most_rows_away_is_refused(plan):
    take_over(plan, *given(plan, "agents", "skills"))
    days = [f"A001,2026-{month:02}-05,2026-{month:02}-06" for month in range(1, 13)]
    head = "agent_id,start,end"
    take_over(plan, table(plan, "time_off.csv", "\n".join([head, *days])))
    path = table(plan, "time_off.csv", f"{head}\n{days[0]}\n")
    with pytest.raises(InputError, match=r"11 of 12 rows of time_off would go, .*--add.*--remove"):
        take_over(plan, path)
    assert take_over(plan, path, is_part=True).changes[0].is_empty
    (change,) = take_over(plan, path, is_sure=True).changes
    assert len(change.removed) == 11


def test_a_row_is_checked_beside_the_rows_that_the_store_has(plan):
    take_over(plan, *given(plan, "agents", "skills"))
    text = "agent_id,start,end\nA001,2026-03-05,2026-03-06\nA01,2026-03-05,2026-03-06\n"
    (fault,) = faults_of(plan, table(plan, "time_off.csv", text))
    assert fault.startswith("time_off.csv:3: agent_id: 'A01' is not in the agents table; did you")


def test_one_bad_file_keeps_all_of_them_out(plan):
    bad = table(plan, "skills.csv", "agent_id,skill\nA001,voise\n")
    faults = faults_of(plan, *given(plan, "agents"), bad)
    assert len(faults) == 1
    assert "skills.csv:2: skill: 'voise'" in faults[0]
    assert not (plan / "wfplan.db").exists()


def test_faults_of_stored_rows_are_told_with_the_place_they_came_from(plan):
    take_over(plan, *given(plan))
    more = table(plan, "more.csv", "agent_id,skill,level\nA002,voice,3\n")
    with pytest.raises(InputFaultsError, match=r"skills.csv:\d+: .*twice at the same time"):
        take_over(plan, f"skills={more}", given(plan, "skills")[0])
    text = (plan / "plan.toml").read_text()
    (plan / "plan.toml").write_text(text.replace("part_time", "half_time"))
    with pytest.raises(InputFaultsError) as caught:
        hr.load_plan(plan)
    assert "agents.csv:8: contract_type: 'part_time'" in str(caught.value)


def test_inputs_of_the_plan_count_before_the_store_and_that_is_said(plan):
    take_over(plan, *given(plan))
    text = (plan / "plan.toml").read_text()
    (plan / "plan.toml").write_text(text.replace("[inputs]\n", '[inputs]\ntime_off = "own.csv"\n'))
    (plan / "own.csv").write_text("agent_id,start,end\nA001,2026-03-05,2026-03-06\n")
    problem = hr.load_plan(plan)
    assert [agent.agent_id for agent in problem.agents if agent.time_off] == ["A001"]
    assert any("time_off comes from own.csv" in one.reason for one in problem.warnings)


def test_a_plan_with_a_fault_of_its_own_does_not_stop_hr(plan):
    (plan / "contacts.csv").unlink()
    made = take_over(plan, *given(plan, "agents", "skills"))
    assert made.is_written
    assert any("wfplan check" in one.hint for one in made.warnings)


def test_captions_of_an_hr_system_are_read_and_said(plan):
    text = (
        "Employee ID,Worker,Supervisory Organization,Time Type,FTE,Hire Date,Job Title\n"
        "A001,Ada Quinn,Blue,Full time,0.8,25/12/2023,Agent\n"
        "A002,Ben Okoro,Blue,Part time,0.5,01/02/2024,Agent\n"
    )
    asked = asked_of([str(table(plan, "export.csv", text))], full_time_hours=40)
    made = hr.check(asked, plan, str(plan / "wfplan.db"))
    assert made.pieces[0].about["layout"] == "workday"
    rows = [dict(row.cells) for row in made.tables["agents"]]
    assert [row["contract_hours_week"] for row in rows] == ["32", "20"]
    assert [row["hire_date"] for row in rows] == ["2023-12-25", "2024-02-01"]
    assert [row["contract_type"] for row in rows] == ["full_time", "part_time"]
    said = " ".join(made.pieces[0].said)
    assert "'Worker' as name" in said
    assert "day, month, year" in said
    assert "FTE times 40 hours" in said


def test_a_share_of_full_time_needs_the_hours_of_full_time(plan):
    text = "Employee ID,Time Type,FTE\nA001,Full time,1\n"
    assert any(
        "--full-time-hours 40" in one for one in faults_of(plan, table(plan, "agents.csv", text))
    )


def test_a_caption_is_named_or_left_out_by_hand(plan):
    text = "No,contract_type,contract_hours_week,Grade\nA001,full_time,38,7\n"
    path = table(plan, "agents.csv", text)
    assert any("--map" in one and "[HR101]" in one for one in faults_of(plan, path))
    made = take_over(plan, path, maps=["No=agent_id", "Grade=-"], is_dry=True)
    assert dict(made.tables["agents"][0].cells)["agent_id"] == "A001"


def test_a_health_caption_is_refused_even_when_it_is_mapped(plan):
    text = HEAD.replace("timezone", "Diagnosis") + "A001,full_time,38,flu\n"
    asked = asked_of([str(table(plan, "agents.csv", text))], ["Diagnosis=team"])
    with pytest.raises(InputFaultsError, match="HR201"):
        hr.take_over(asked, plan, str(plan / "wfplan.db"))


def test_every_sheet_of_a_workbook_is_a_table(plan):
    path = plan / "hr.xlsx"
    sheets = {
        "Agents": [["agent_id", "contract_type", "contract_hours_week"], ["A001", "full_time", 38]],
        "Skills": [["agent_id", "skill"], ["A001", "voice"], ["A002", "voice"]],
    }
    write_workbook(path, sheets)
    (fault,) = faults_of(plan, path)
    assert fault.startswith("hr.xlsx[Skills]:3: agent_id: 'A002' is not in the agents table")


def test_a_directory_changes_names_and_teams_and_nothing_else(plan):
    take_over(plan, *given(plan))
    users = [user("A001", "Ada Quill", "Gold"), user("A002", "Ben Okoro", "Blue", active=False)]
    path = table(plan, "users.json", json.dumps({"Resources": users}, indent=1))
    made = take_over(plan, path)
    (change,) = made.changes
    assert [(one.key, set(one.columns)) for one in change.changed] == [
        ("A001", {"name", "team", "email"})
    ]
    assert not change.removed
    assert "no hours, no contract" in made.pieces[0].said[0]


def test_somebody_new_in_a_directory_needs_a_contract_from_elsewhere(plan):
    take_over(plan, *given(plan))
    path = table(plan, "users.json", json.dumps([user("A010", "Io Lee", "Red")], indent=1))
    faults = faults_of(plan, path)
    assert {one.split(": ")[1] for one in faults} == {"contract_type", "contract_hours_week"}
    assert all(one.startswith("users.json:2: ") and "Io Lee" not in one for one in faults)


def test_show_tells_file_line_and_import_and_no_names(plan):
    take_over(plan, *given(plan), now=lambda: datetime(2026, 3, 1, 12, tzinfo=UTC))
    rows = hr.show(str(plan / "wfplan.db"), "A002")
    assert {row.table for row in rows} >= {"agents", "skills", "availability"}
    (agent,) = [row for row in rows if row.table == "agents"]
    assert (agent.file, agent.line, agent.at) == ("agents.csv", 3, "2026-03-01T12:00:00Z")
    assert "Okoro" not in str(rows)
    with pytest.raises(InputError, match="neither a table nor a person 'A02'; did you mean"):
        hr.show(str(plan / "wfplan.db"), "A02")


def user(agent_id: str, name: str, team: str, *, active: bool = True) -> dict[str, object]:
    """A user of a directory."""
    return {
        "userName": f"{agent_id}@example.com",
        "displayName": name,
        "active": active,
        "emails": [{"value": f"{agent_id}@example.org", "primary": True}],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
            "employeeNumber": agent_id,
            "department": team,
        },
    }


def write_workbook(path: Path, sheets: dict[str, list[list[object]]]) -> None:
    """A workbook of these sheets."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)


def test_a_plan_file_says_where_its_store_lies(plan, monkeypatch):
    monkeypatch.delenv("WFPLAN_STORE", raising=False)
    file = plan / "plan.toml"
    file.write_text('store = "team/ours.db"\n' + file.read_text())
    named = plan / "team" / "ours.db"
    named.parent.mkdir()
    assert memory.address_of(plan) == memory.address_of(file) == str(named)
    hr.take_over(asked_of([str(one) for one in given(plan)]), plan, memory.address_of(plan))
    assert not (plan / "wfplan.db").exists()
    assert hr.load_plan(plan).agents
    monkeypatch.setenv("WFPLAN_STORE", "elsewhere.db")
    assert memory.address_of(plan) == "elsewhere.db"
    assert memory.address_of(plan, "asked.db") == "asked.db"
    monkeypatch.delenv("WFPLAN_STORE")
    file.write_text(file.read_text().replace("team/ours.db", "postgresql://us@db/plans"))
    assert memory.address_of(plan) == "postgresql://us@db/plans"


def test_a_word_of_an_hr_system_is_refused_with_the_way_to_say_what_it_means(plan):
    take_over(plan, *given(plan))
    head = "agent_id,start,end,type\n"
    off = table(plan, "time_off.csv", f"{head}A001,2026-11-02,2026-11-03,Sabbatical\n")
    (fault,) = faults_of(plan, off)
    assert "Sabbatical" not in fault
    assert "write leave or other" in fault
    assert "--layout" in fault
    layout = table(plan, "ours.toml", '[values.type]\nsabbatical = "leave"\n')
    made = hr.take_over(asked_of([str(off)], layout=str(layout)), plan, str(plan / "wfplan.db"))
    assert [row.cells["type"] for row in made.tables["time_off"]] == ["leave"]


def test_a_store_that_is_named_and_not_there_is_told(plan, plan_folder, monkeypatch):
    own = plan_folder("own", channels=1)
    monkeypatch.setenv("WFPLAN_STORE", str(own / "mistyped.db"))
    assert "mistyped.db" in str(hr.load_plan(own).warnings[-1])
    with pytest.raises(InputFaultsError, match=r"mistyped\.db"):
        hr.load_plan(plan)  # whose people are nowhere then
    monkeypatch.delenv("WFPLAN_STORE")
    assert hr.load_plan(own).warnings == ()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_what_a_plan_file_from_windows_names_counts_before_the_store(plan, encoding):
    take_over(plan, *given(plan))
    file = plan / "plan.toml"
    text = file.read_text().replace("[inputs]", '[inputs]\nskills = "given/skills.csv"  # wähle')
    file.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    said = [str(warning) for warning in hr.load_plan(plan).warnings]
    assert any("skills comes from given/skills.csv" in one for one in said)
