"""Tests for wfplan.rosters.reading, sources and documents: what a file is, and what is refused."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pytest
from openpyxl import Workbook

from wfplan.domain.run_tables import SCHEDULE
from wfplan.domain.schedule_rows import schedule_csv, schedule_rows
from wfplan.errors import UsageError
from wfplan.export import Order, exported
from wfplan.rosters import LAYOUTS, Asked, read_roster
from wfplan.rosters.documents import DEPTH_MAX

LIST = "agent_id,start,end\nA001,2026-10-19T08:00,2026-10-19T16:00\n"


@pytest.fixture
def table(synthetic):
    """The long CSV of the made-up schedule."""
    return schedule_csv(synthetic.schedule(), synthetic.problem().agents)


def book_of(sheets):
    """A workbook with some sheets of rows."""
    book, buffer = Workbook(), io.BytesIO()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(buffer)
    return buffer.getvalue()


def test_the_content_decides_and_not_the_name(read, table, synthetic):
    files, _ = exported("json", Order(synthetic.problem(), synthetic.schedule()))
    for name, content, layout in (
        ("a.json", table, "table"),
        ("b.ics", files["schedule.json"], "wfplan"),
        ("c.xlsx", LIST, "shifts"),
        ("d", gzip.compress(table.encode()), "table"),
    ):
        assert read({name: content}).layout == layout


def test_a_file_that_nobody_knows_is_answered_with_what_is_known(faults):
    (said,) = faults({"x.txt": "Once upon a time\n"})
    assert said.startswith("x.txt: is of no layout that is known; the layouts are wfplan:")
    assert all(f"{name}: {one.meaning}" in said for name, one in LAYOUTS.items())


def test_files_of_two_layouts_are_refused(faults, table):
    (said,) = faults({"a.csv": table, "b.csv": LIST})
    assert "files are of 2 layouts: " in said
    assert "a.csv (table)" in said
    assert "b.csv (shifts)" in said


def test_a_layout_may_be_said(read, faults, table):
    assert read({"a.csv": table}, layout="table").layout == "table"
    said = faults({"a.csv": table}, layout="shifts")
    assert any("is not known" in one for one in said)


def test_a_layout_or_person_that_there_is_not_is_refused(read):
    with pytest.raises(UsageError, match="no layout 'genesis': did you mean 'genesys'"):
        read({"a.csv": LIST}, layout="genesis")
    with pytest.raises(UsageError, match="--agent names nobody of the plan"):
        read({"a.csv": LIST}, person="B009")
    with pytest.raises(UsageError, match="--agent says whose a calendar is"):
        read({"a.csv": LIST}, person="A001")


@pytest.mark.parametrize("name", list(LAYOUTS))
@pytest.mark.parametrize("content", [b"\x00\x01", b"{}", b"[]", b"a,b\n1,2\n", b"PK\x03\x04rest"])
def test_a_layout_that_a_file_is_not_of_is_a_fault_and_no_crash(faults, name, content):
    assert faults({"x": content}, layout=name)


def test_a_folder_is_read_with_what_stands_beside_left_alone(tmp_path, synthetic, table):
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "schedule.csv").write_text(table)
    for name in ("manifest.json", "datapackage.json", ".hidden", "~lock"):
        (folder / name).write_text("{}")
    (folder / "readme.txt").write_text("hello")
    assert read_roster([folder], synthetic.problem()).notes == ()
    (folder / "manifest.json").unlink()
    roster = read_roster([folder], synthetic.problem())
    assert roster.shifts == synthetic.schedule().shifts
    assert [str(note).rpartition("/")[2] for note in roster.notes] == [
        "readme.txt: is of no layout that is known: it was not read"
    ]


def test_a_file_that_lies_there_packed_and_not_is_read_once(tmp_path, synthetic, table):
    (tmp_path / "a.csv").write_text(table)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(table.encode()))
    assert read_roster([tmp_path], synthetic.problem()).shifts == synthetic.schedule().shifts


def test_what_is_not_there_is_told(tmp_path, synthetic):
    (tmp_path / "empty").mkdir()
    (tmp_path / "none.csv").write_bytes(b"")
    from wfplan.errors import InputFaultsError

    with pytest.raises(InputFaultsError) as caught:
        read_roster(
            [tmp_path / "gone.csv", tmp_path / "empty", tmp_path / "none.csv"],
            synthetic.problem(),
        )
    said = [str(fault) for fault in caught.value.faults]
    assert len(said) == 3
    words = ("is a folder without files", "does not exist", "is empty")
    assert all(word in text for word, text in zip(words, said, strict=True))


def rows_of(synthetic):
    return schedule_rows(synthetic.schedule(), synthetic.problem().agents)


def test_the_sheet_of_a_workbook_is_read_with_texts_or_with_dates(read, synthetic):
    plain = [
        ["" if v is None else str(v) if not hasattr(v, "isoformat") else v.isoformat() for v in row]
        for row in rows_of(synthetic)
    ]
    sheets = {"Coverage": [["interval", "need"], [1, 2]], "Schedule": [SCHEDULE.names, *plain]}
    assert read({"plan.xlsx": book_of(sheets)}).shifts == synthetic.schedule().shifts
    dated = [
        [v.replace(tzinfo=None) if getattr(v, "tzinfo", None) else v for v in row]
        for row in rows_of(synthetic)
    ]
    sheets = {"Schedule": [SCHEDULE.names, *dated]}
    assert read({"plan.xlsx": book_of(sheets)}).shifts == synthetic.schedule().shifts


def test_a_list_of_shifts_in_a_workbook_is_read(read):
    sheets = {"Sheet1": [["agent_id", "start", "end"],
                         ["A001", "2026-10-19T08:00", "2026-10-19T16:00"]]}  # fmt: skip
    assert read({"plan.xlsx": book_of(sheets)}).layout == "shifts"


@pytest.mark.slow
def test_a_gzip_bomb_is_refused(faults):
    (said,) = faults({"s.json.gz": gzip.compress(b" " * (201 * 1024**2), compresslevel=9)})
    assert "unpacks to more than 200 MB" in said


def test_a_workbook_with_an_entity_bomb_is_refused_or_read_as_nothing(faults):
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
        + "]><worksheet><sheetData><row><c><v>&j;</v></c></row></sheetData></worksheet>"
    )
    raw = book_of({"Schedule": [SCHEDULE.names]})
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(buffer, "w") as new:
        for part in old.namelist():
            is_sheet = part.startswith("xl/worksheets/")
            new.writestr(part, bomb if is_sheet else old.read(part))
    assert faults({"bomb.xlsx": buffer.getvalue()})


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("[" * 100_000, "nested deeper than"),
        ("[" * (DEPTH_MAX + 2) + "]" * (DEPTH_MAX + 2), "nested deeper than"),
        ('{"shifts": [}', "is no JSON"),
        ('{"a": 1, "a": 2}', "has the key 'a' twice"),
        ('{"a": NaN}', "NaN is no number"),
        ('{"a": ' + "9" * 5000 + "}", "is no JSON"),
        (b'{"a": "\xff"}', "is not JSON in UTF-8"),
    ],
)
def test_json_that_is_none_or_plays_tricks_is_refused(faults, content, text):
    (said,) = faults({"s.json": content})
    assert text in said


def test_json_of_one_endless_line_is_read(read, synthetic):
    files, _ = exported("json", Order(synthetic.problem(), synthetic.schedule()))
    document = json.loads(files["schedule.json"])
    document["site"] = "x" * (5 * 1024**2)
    assert len(read({"s.json": json.dumps(document)}).shifts) == 2


def test_what_was_asked_for_is_the_default(synthetic, tmp_path):
    path = tmp_path / "r.csv"
    path.write_text(LIST)
    assert read_roster([path], synthetic.problem()) == read_roster(
        [path], synthetic.problem(), Asked()
    )
