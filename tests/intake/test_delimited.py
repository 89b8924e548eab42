"""Tests for wfplan.intake.delimited: two roads through a file, one result."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.intake import delimited
from wfplan.intake.book import FaultBook
from wfplan.intake.commas import with_points
from wfplan.intake.delimited import read_delimited
from wfplan.intake.files import BadFileError
from wfplan.intake.grid import Grid

KNOWN = ("channel", "offered", "aht_s")
CELL = st.text(
    st.characters(exclude_categories=("C", "Zl", "Zp"), exclude_characters='";,|'), max_size=6
)
SMALL = st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=12)


def cells(grid: Grid) -> list[tuple[str, ...]]:
    return [
        tuple(column.texts[column.codes[row]] for column in grid.columns)
        for row in range(grid.row_count)
    ]


def read(text: str) -> tuple[Grid, FaultBook]:
    book = FaultBook()
    return read_delimited(text, "t.csv", KNOWN, book), book


@settings(max_examples=60, deadline=None)
@given(rows=SMALL, delimiter=st.sampled_from(",;\t|"), end=st.sampled_from(["\n", "\r\n"]))
def test_the_fast_road_reads_what_the_careful_road_reads(rows, delimiter, end):
    rows = [[cell.replace("\t", " ") or "x" for cell in row] for row in rows]
    text = end.join(delimiter.join(row) for row in [list(KNOWN), *rows]) + end
    fast = delimited._fast(text, "t.csv", delimiter)
    careful = delimited._careful(text, "t.csv", delimiter, FaultBook())
    assert fast is not None
    assert fast.header == careful.header == KNOWN
    if any("".join(row).strip() for row in rows):
        kept = [i for i, row in enumerate(rows) if "".join(row).strip()]
        assert [cells(fast)[i] for i in kept] == cells(careful)
        assert [fast.lines[i] for i in kept] == careful.lines.tolist()
    assert fast.has_free_comma == (delimiter != ",")


@settings(deadline=None)
@given(
    rows=st.lists(
        st.lists(st.text(max_size=8).map(lambda t: t.replace("\0", "")), min_size=3, max_size=3),
        max_size=6,
    )
)
def test_whatever_a_csv_writer_quotes_is_read_back(rows):
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows([KNOWN, *rows])
    grid, book = read(out.getvalue())
    assert not book.faults
    kept = [row for row in rows if "".join(row).strip()]
    assert cells(grid) == [tuple(cell.strip() for cell in row) for row in kept]


def test_a_row_keeps_the_line_on_which_it_begins():
    grid, _ = read('channel,offered,aht_s\n"a\nb",1,2\n\nc,3,4\n')
    assert grid.lines.tolist() == [2, 5]


def test_the_delimiter_is_the_one_that_finds_known_columns():
    grid, book = read("channel;offered;aht_s\na,b;1;2\n")
    assert cells(grid) == [("a,b", "1", "2")]
    assert [str(w) for w in book.warnings] == [
        "t.csv: columns are separated by a semicolon: read so"
    ]


def test_a_bad_row_is_a_fault_and_the_others_are_read():
    grid, book = read("channel,offered,aht_s\na,1\nb,1,2\nc,1,2,3\nd,1,2,,\n")
    assert [row[0] for row in cells(grid)] == ["b", "d"]
    assert [fault.line for fault in book.faults] == [2, 4]


def test_an_unclosed_quote_is_placed_where_it_opens():
    _, book = read('channel,offered,aht_s\na,1,2\nb,"1,2\nc,1,2\n')
    assert book.faults[0].line == 3
    assert "quote" in book.faults[0].reason


def test_too_many_columns_and_rows_are_refused(monkeypatch):
    with pytest.raises(BadFileError, match="201 columns"):
        read(",".join("x" * 201) + "\n")
    monkeypatch.setattr(delimited, "ROWS_MAX", 3)
    with pytest.raises(BadFileError, match="more than 3 rows"):
        read("channel,offered,aht_s\n" + "a,1,2\n" * 4)


@pytest.mark.parametrize(
    ("texts", "read_as"),
    [
        (("37,5", "40"), ("37.5", "40")),
        (("37,5", "1,234"), ("37.5", "1.234")),
        (("37,5", "1.234"), ("37.5", "1,234")),
        (("1,234", "5,678"), None),
        (("37.5", ""), None),
        (("0,125",), ("0.125",)),
        (("-12,5", "x"), ("-12.5", "x")),
    ],
)
def test_a_decimal_comma_is_read_where_it_can_be_nothing_else(texts, read_as):
    assert with_points(texts) == read_as
