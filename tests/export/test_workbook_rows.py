"""Tests for wfplan.export.workbook_rows."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from wfplan.domain.cells import single_line
from wfplan.export.workbook_rows import with_rows
from wfplan.export.workbooks import look_of, workbook_bytes, write_table

MADE_AT = datetime(2026, 10, 16, 19, tzinfo=UTC)


def filled(rows, header=("a", "b")):
    """A workbook whose second sheet has rows."""

    def write(book):
        write_table(book.add_worksheet("First"), ("x",), [("stays",)], look_of(book))
        write_table(book.add_worksheet("Long"), header, (), look_of(book))

    return with_rows(workbook_bytes(write, made_at=MADE_AT), 2, iter(rows), len(rows))


def read(raw, sheet="Long"):
    """Rows as calamine reads them."""
    return CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_name(sheet).to_python()


def test_rows_stand_below_the_header_and_other_sheets_stay():
    raw = filled([("one", 1), ("two", 2)])
    assert read(raw) == [["a", "b"], ["one", 1.0], ["two", 2.0]]
    assert read(raw, "First") == [["x"], ["stays"]]
    sheet = openpyxl.load_workbook(io.BytesIO(raw))["Long"]
    assert sheet.dimensions == "A1:B3"
    assert sheet["A1"].font.bold


def test_values_are_what_they_are():
    moment = datetime(2026, 10, 19, 7, tzinfo=UTC)
    sheet = openpyxl.load_workbook(
        io.BytesIO(filled([(True, False), (moment, date(2026, 10, 19)), (None, ""), (7, "7")]))
    )["Long"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        [True, False], ["2026-10-19T07:00:00Z", "2026-10-19"], [None, None], [7, "7"],
    ]  # fmt: skip
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row} <= {
        "b", "n", "s", "inlineStr",
    }  # fmt: skip


@settings(deadline=None)
@given(texts=st.lists(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=20)))
def test_any_text_comes_back_as_a_text(texts):
    sheet = openpyxl.load_workbook(io.BytesIO(filled([(text, "end") for text in texts])))["Long"]
    found = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [text or "" for text, _ in found] == [single_line(text) for text in texts]
    for row in sheet.iter_rows(min_row=2):
        assert all(cell.data_type != "f" for cell in row)
        assert all(cell.number_format == "@" for cell in row if cell.value)


@pytest.mark.parametrize("count", [0, 1, 2_000, 2_001, 4_001])
def test_no_row_is_lost_where_they_are_written_in_parts(count):
    rows = [(f"r{n}", n) for n in range(count)]
    assert len(read(filled(rows))) == count + 1
    assert read(filled(rows))[1:] == [[name, float(n)] for name, n in rows]


def test_the_same_rows_give_the_same_bytes():
    assert filled([("one", 1)]) == filled([("one", 1)])
    with ZipFile(io.BytesIO(filled([("one", 1)]))) as parts:
        assert parts.testzip() is None


@pytest.mark.parametrize(
    "text", ["_x003D_1+1", "a_x000D_b", "_x5_", "_x005F_x0041_", "&lt;", "]]>"]
)
def test_a_text_that_looks_like_a_code_of_a_character_stays_what_it_is(text):
    assert read(filled([(text, "end")]))[1][0] == text
