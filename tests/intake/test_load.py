"""Tests for wfplan.intake.load: a good folder becomes a problem, whatever its files are made of."""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from wfplan.domain.calendar import DayKind
from wfplan.errors import ExitCode, InputFaultsError, MissingExtraError
from wfplan.intake import configs_folder, load_plan


def replaced(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


def warnings_of(folder: Path) -> str:
    return "\n".join(str(warning) for warning in load_plan(folder).warnings)


def test_a_good_folder_has_no_warnings_and_every_part(plan_folder, plan_week):
    problem = load_plan(plan_folder())
    assert problem.warnings == ()
    assert [channel.name for channel in problem.channels] == ["voice", "email"]
    assert len(problem.agents) == 8
    assert set(problem.contracts) == {"full_time", "part_time"}
    assert problem.site_packs == ("eu",)
    assert [rule.rule for rule in problem.plan_rules] == ["daily_rest"]
    assert len(problem.past_shifts) == 3 * (6 * 5 + 2 * 4)
    assert {lock.agent_id for lock in problem.locks} == {"A001", "A006"}
    assert problem.first_day_after(date(2026, 3, 1)) == plan_week


def test_the_plan_file_itself_may_be_named(plan_folder):
    folder = plan_folder()
    (folder / "plan.toml").rename(folder / "march.toml")
    assert load_plan(folder / "march.toml").name == "Tiny Bank"


def test_contacts_are_sorted_utc_instants_with_plain_numbers(plan_folder):
    contacts = load_plan(plan_folder()).contacts
    assert list(contacts.columns) == ["channel", "interval_start", "offered", "aht_s"]
    assert str(contacts["interval_start"].dtype) == "datetime64[ns, UTC]"
    assert contacts["offered"].dtype == contacts["aht_s"].dtype == float
    assert contacts["interval_start"].iloc[0] == pd.Timestamp("2026-02-09T08:00", tz="UTC")
    for _, rows in contacts.groupby("channel"):
        assert rows["interval_start"].is_monotonic_increasing
        assert rows["interval_start"].is_unique


def test_every_input_is_recorded_with_its_hash(plan_folder):
    folder = plan_folder()
    recorded = {entry.path: entry.sha256 for entry in load_plan(folder).inputs}
    assert set(recorded) == {path.name for path in folder.iterdir()}
    for name, sha256 in recorded.items():
        assert sha256 == hashlib.sha256((folder / name).read_bytes()).hexdigest()


def test_locks_become_instants_of_the_persons_zone(plan_folder):
    folder = plan_folder()
    replaced(folder, "agents.csv", "Blue,Europe/Dublin", "Blue,Europe/Berlin")
    lock = next(lock for lock in load_plan(folder).locks if lock.agent_id == "A001")
    assert lock.start == datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
    assert lock.end == datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def test_a_lock_past_midnight_ends_on_the_next_date(plan_folder):
    folder = plan_folder()
    with (folder / "locks.csv").open("a", encoding="utf-8") as out:
        out.write("A002,2026-03-28,22:00,06:00\n")
    lock = next(lock for lock in load_plan(folder).locks if lock.agent_id == "A002")
    assert (lock.start, lock.end) == (
        datetime(2026, 3, 28, 22, 0, tzinfo=UTC),
        datetime(2026, 3, 29, 5, 0, tzinfo=UTC),
    )


def test_whole_days_off_include_the_last_one(plan_folder):
    agent = next(a for a in load_plan(plan_folder()).agents if a.agent_id == "A004")
    (off,) = agent.time_off
    assert off.start == datetime(2026, 3, 5, tzinfo=UTC)
    assert off.end == datetime(2026, 3, 7, tzinfo=UTC)


def test_a_day_off_of_23_hours_is_a_whole_day(plan_folder):
    folder = plan_folder()
    with (folder / "time_off.csv").open("a", encoding="utf-8") as out:
        out.write("A001,2026-03-29,2026-03-29,true,leave,true,approved\n")
    agent = next(a for a in load_plan(folder).agents if a.agent_id == "A001")
    (off,) = agent.time_off
    assert (off.end - off.start).total_seconds() == 23 * 3600


def test_public_holidays_are_added_for_the_history_and_sixty_days(plan_folder):
    holidays = load_plan(plan_folder()).holidays
    assert [(day.day, day.name) for day in holidays] == [
        (date(2026, 3, 17), "Saint Patrick's Day"),
        (date(2026, 4, 6), "Easter Monday"),
    ]
    assert all(day.channel == "" and day.kind is DayKind.HOLIDAY for day in holidays)


def test_a_date_of_the_calendar_is_left_to_the_calendar(plan_folder):
    folder = plan_folder()
    with (folder / "calendar.csv").open("a", encoding="utf-8") as out:
        out.write("2026-03-17,event,Parade,,,10:00-14:00\n")
    problem = load_plan(folder)
    assert [day.day for day in problem.holidays] == [date(2026, 4, 6)]


def test_people_without_hours_of_their_own_have_those_of_the_contract(plan_folder):
    folder = plan_folder()
    replaced(folder, "agents.csv", "37.5,35,40", "37.5,,")
    agent = load_plan(folder).agents[0]
    assert (agent.min_hours_week, agent.max_hours_week) == (37.5, 37.5)


def test_every_second_week_becomes_the_dates_it_falls_on(plan_folder):
    folder = plan_folder()
    text = (folder / "availability.csv").read_text(encoding="utf-8").splitlines()
    text = [line + ("every_n_weeks" if i == 0 else "") for i, line in enumerate(text)]
    text[0] = text[0].replace("valid_toevery", "valid_to,every")
    text[1:] = [line + "," for line in text[1:]]
    text.append("A008,unavailable,sat,,08:00,16:00,,2026-02-11,2026-04-01,2")
    (folder / "availability.csv").write_text("\n".join(text) + "\n", encoding="utf-8")
    agent = next(a for a in load_plan(folder).agents if a.agent_id == "A008")
    on = [date(2026, 2, 14), date(2026, 2, 28), date(2026, 3, 14), date(2026, 3, 28)]
    days = [date.fromordinal(n) for n in range(on[0].toordinal() - 9, on[-1].toordinal() + 20)]
    assert [d for d in days if any(row.applies(d) for row in agent.availability)] == on


def test_every_second_week_without_a_first_one_counts_from_a_fixed_one_and_says_so(plan_folder):
    folder = plan_folder()
    (folder / "availability.csv").write_text(
        "agent_id,kind,weekday,start_time,end_time,every_n_weeks\nA008,avoid,sat,08:00,16:00,2\n",
        encoding="utf-8",
    )
    problem = load_plan(folder)
    assert any("counted from the week of 2024-01-01" in str(one) for one in problem.warnings)
    (agent,) = [one for one in problem.agents if one.agent_id == "A008"]
    weeks = {((row.valid_from - date(2024, 1, 1)).days - 5) % 14 for row in agent.availability}
    assert weeks == {0}


def test_files_may_be_gzip_whatever_they_are_called(plan_folder):
    folder = plan_folder()
    plain = load_plan(folder).contacts
    content = (folder / "contacts.csv").read_bytes()
    (folder / "contacts.csv").write_bytes(gzip.compress(content))
    pd.testing.assert_frame_equal(load_plan(folder).contacts, plain)


@pytest.mark.parametrize("table", ["agents", "skills", "contacts", "history", "time_off", "locks"])
def test_a_workbook_gives_the_same_plan_as_csv(plan_folder, table):
    folder = plan_folder()
    plain = load_plan(folder)
    frame = pd.read_csv(folder / f"{table}.csv")
    for column in {"interval_start", "hire_date", "start", "end", "date"} & set(frame.columns):
        if table != "locks" or column == "date":
            frame[column] = pd.to_datetime(frame[column], format="ISO8601")
    frame.to_excel(folder / f"{table}.xlsx", index=False, sheet_name=table, engine="openpyxl")
    replaced(folder, "plan.toml", f'"{table}.csv"', f'"{table}.xlsx"')
    loaded = load_plan(folder)
    assert loaded.agents == plain.agents
    assert loaded.past_shifts == plain.past_shifts
    assert loaded.locks == plain.locks
    pd.testing.assert_frame_equal(loaded.contacts, plain.contacts)


def test_one_workbook_may_hold_a_sheet_per_table(plan_folder):
    folder = plan_folder()
    plain = load_plan(folder)
    with pd.ExcelWriter(folder / "hr.xlsx", engine="openpyxl") as book:
        for table in ("skills", "agents"):
            frame = pd.read_csv(folder / f"{table}.csv", dtype=str)
            frame.to_excel(book, sheet_name=table.upper(), index=False)
    replaced(folder, "plan.toml", '"agents.csv"', '"hr.xlsx"')
    replaced(folder, "plan.toml", '"skills.csv"', '"hr.xlsx"')
    loaded = load_plan(folder)
    assert loaded.agents == plain.agents
    assert not loaded.warnings


def test_a_fault_in_a_workbook_names_its_row(plan_folder):
    folder = plan_folder()
    frame = pd.read_csv(folder / "agents.csv", dtype=str)
    frame.loc[4, "contract_hours_week"] = "2250"
    frame.to_excel(folder / "agents.xlsx", index=False, startrow=3, engine="openpyxl")
    replaced(folder, "plan.toml", '"agents.csv"', '"agents.xlsx"')
    with pytest.raises(InputFaultsError, match=r"agents.xlsx:9: contract_hours_week: 2250"):
        load_plan(folder)


def test_parquet_gives_the_same_contacts_as_csv(plan_folder):
    pytest.importorskip("pyarrow")
    folder = plan_folder()
    plain = load_plan(folder).contacts
    frame = plain.assign(offered=plain["offered"].astype(int))
    frame.to_parquet(folder / "contacts.parquet")
    replaced(folder, "plan.toml", '"contacts.csv"', '"contacts.parquet"')
    pd.testing.assert_frame_equal(load_plan(folder).contacts, plain)


def test_parquet_without_pyarrow_tells_how_to_install_it(plan_folder, monkeypatch):
    folder = plan_folder()
    (folder / "contacts.csv").write_bytes(b"PAR1" * 10)
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *a: None if name == "pyarrow" else real(name, *a)
    )
    with pytest.raises(MissingExtraError, match=r"pip install 'wfplan\[parquet\]'") as caught:
        load_plan(folder)
    assert caught.value.exit_code is ExitCode.MISSING_EXTRA


def test_a_pack_of_the_plans_own_lies_beside_it(plan_folder):
    folder = plan_folder()
    shutil.copy(configs_folder() / "rules" / "eu.toml", folder / "works.toml")
    replaced(folder, "works.toml", 'id = "eu"', 'id = "works"')
    replaced(folder, "plan.toml", 'packs = ["eu"]', 'packs = ["eu", "works.toml"]')
    problem = load_plan(folder)
    assert problem.site_packs == ("eu", "works")
    assert "works.toml" in {entry.path for entry in problem.inputs}


def test_a_fault_of_a_pack_is_placed_in_the_pack(plan_folder):
    folder = plan_folder()
    shutil.copy(configs_folder() / "rules" / "eu.toml", folder / "works.toml")
    replaced(folder, "works.toml", 'unit = "hours"', 'unit = "bananas"')
    replaced(folder, "plan.toml", 'packs = ["eu"]', 'packs = ["works.toml"]')
    with pytest.raises(InputFaultsError, match=r"works.toml:\d+: rule\[0\].unit: .*bananas"):
        load_plan(folder)


def test_faults_of_a_person_do_not_spread_to_the_tables_about_her(plan_folder):
    folder = plan_folder()
    replaced(folder, "agents.csv", "A001,Ada Quinn", "A001,Ada Quinn".replace("A001", "A001 "))
    replaced(folder, "agents.csv", "37.5,35,40,2023-04-03", "2250,35,40,2023-04-03")
    with pytest.raises(InputFaultsError) as caught:
        load_plan(folder)
    assert len(caught.value.faults) == 1


def test_demand_outside_all_hours_hints_at_the_time_zone(plan_folder):
    folder = plan_folder()
    replaced(folder, "plan.toml", "Europe/Dublin", "Pacific/Auckland")
    replaced(folder, "agents.csv", "Europe/Dublin", "Pacific/Auckland")
    header, *rows = (folder / "contacts.csv").read_text(encoding="utf-8").splitlines()
    cells = [row.split(",") for row in rows]
    stamped = [f"{channel},{start}Z,{offered},{aht}" for channel, start, offered, aht in cells]
    (folder / "contacts.csv").write_text("\n".join([header, *stamped, ""]), encoding="utf-8")
    assert "check timezone" in warnings_of(folder)
