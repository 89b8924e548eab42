"""Exports as HR systems write them: titles, semicolons, decimal commas, encodings, captions."""

from __future__ import annotations

from pathlib import Path

import pytest

from wfplan import hr
from wfplan.errors import InputFaultsError, UsageError
from wfplan.hr import Imported
from wfplan.intake.hr import asked_of

PERSONIO = (
    "Personalnummer;Vorname;Nachname;E-Mail;Abteilung;Beschäftigungsart;Wochenstunden;"
    "Einstellungsdatum\n"
    "A001;Ada;Quinn;ada@example.com;Blau;Vollzeit;38,5 / 38,5;25.12.2023\n"
    "A002;Ben;Okoro;ben@example.com;Rot;Teilzeit;19,25 / 38,5;01.02.2024\n"
)


def read(path: Path, **more: str | bool) -> Imported:
    return hr.check(asked_of([str(path)], **more), None, str(path.with_name("none.db")))


def rows(made: Imported) -> list[dict[str, str]]:
    return [dict(row.cells) for row in made.tables["agents"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_german_export_is_read_in_any_encoding_and_what_was_guessed_is_said(tmp_path, encoding):
    path = tmp_path / "export.csv"
    path.write_bytes(PERSONIO.encode(encoding))
    made = read(path)
    assert [row["contract_hours_week"] for row in rows(made)] == ["38.5", "19.25"]
    assert [row["hire_date"] for row in rows(made)] == ["2023-12-25", "2024-02-01"]
    assert [row["contract_type"] for row in rows(made)] == ["full_time", "part_time"]
    said = " ".join([*made.pieces[0].said, *(str(one) for one in made.warnings)])
    assert "day, month, year (because of 25.12.2023)" in said
    assert "decimal comma" in said
    assert "separated by a semicolon" in said


def test_a_french_export_is_known_by_its_captions(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(
        "Matricule;Nom complet;Équipe;Type de contrat;Heures par semaine;Date d'embauche\n"
        "A001;Ada Quinn;Bleue;Temps plein;35,0;25/12/2023\n"
    )
    (row,) = rows(read(path))
    assert (row["contract_hours_week"], row["contract_type"]) == ("35", "full_time")
    assert row["hire_date"] == "2023-12-25"


def test_a_title_above_the_captions_is_skipped_and_that_is_said(tmp_path):
    path = tmp_path / "agents.csv"
    path.write_text(
        "Report of all people, October\n\nagent_id,contract_type,contract_hours_week\n"
        "A001,full_time,38\n"
    )
    made = read(path)
    assert rows(made) == [
        {"agent_id": "A001", "contract_type": "full_time", "contract_hours_week": "38"}
    ]
    assert made.tables["agents"][0].line == 4
    assert "the names of the columns stand in line 3" in " ".join(map(str, made.warnings))


def test_a_workbook_with_a_title_is_read_from_its_captions_on(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "agents"
    for row in (
        ["Workers"], [], ["Employee ID", "Time Type", "Scheduled Weekly Hours"],
        ["A001", "Full time", 38.5],
    ):  # fmt: skip
        sheet.append(row)
    book.save(tmp_path / "agents.xlsx")
    made = read(tmp_path / "agents.xlsx")
    assert [row["contract_hours_week"] for row in rows(made)] == ["38.5"]
    assert made.tables["agents"][0].line == 4


def test_a_delimiter_that_is_said_is_not_guessed(tmp_path):
    path = tmp_path / "agents.csv"
    path.write_text("agent_id|contract_type|contract_hours_week\nA001|full_time|38\n")
    assert not read(path, delimiter="bar").warnings
    with pytest.raises(InputFaultsError):
        read(path, delimiter=";")
    with pytest.raises(UsageError, match="--delimiter dot is none of comma, semicolon, tab, bar"):
        read(path, delimiter="dot")


def test_wellbeing_only_tightens_the_pack_that_somebody_is_under(tmp_path):
    (tmp_path / "agents.csv").write_text(
        "agent_id,team,contract_type,contract_hours_week,rule_pack\nA001,Blue,full_time,38,uk\n"
        "A002,Blue,full_time,38,uk\nA003,Red,full_time,38,\n"
    )
    head = "constraint_id,scope,scope_value,rule,value,unit,strength,source\n"
    files = [str(tmp_path / "agents.csv"), str(tmp_path / "constraints.csv")]
    row = "C1,team,{},min_rest_between_shifts,9,hours,hard,wellbeing\n"
    (tmp_path / "constraints.csv").write_text(head + row.format("Red"))
    assert hr.check(asked_of(files), None, str(tmp_path / "none.db"))
    (tmp_path / "constraints.csv").write_text(head + row.format("Blue"))
    with pytest.raises(InputFaultsError, match=r"C1 \(wellbeing\) asks for 9 .*less than .*HR113"):
        hr.check(asked_of(files), None, str(tmp_path / "none.db"))
