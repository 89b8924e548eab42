"""Tests for wfplan.domain.cells."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wfplan.domain.cells import BOM, cell, csv_text, guarded, single_line, unguarded

PAYLOADS = [
    "=1+1",
    "+1",
    "-2+3",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    "'=1+1",
    '=HYPERLINK("http://x","y")',
    "\x00=1",
    "\u2028=1",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_spreadsheet_takes_a_payload_for_a_formula(payload):
    assert guarded(payload).startswith("'")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_comes_back_as_it_was_but_for_its_control_characters(payload):
    assert unguarded(guarded(payload)) == single_line(payload)


@given(st.text(max_size=30))
def test_whatever_is_guarded_comes_back(text):
    line = single_line(text)
    assert unguarded(guarded(line)) == line


@given(st.text(max_size=30))
def test_no_cell_begins_with_a_formula_or_has_a_second_line(text):
    shown = guarded(text)
    assert len(shown.splitlines()) <= 1
    assert not shown.lstrip().startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("name", ["O'Brien", "'t Hart", "Núñez-Ortega", "A=B"])
def test_ordinary_names_are_left_alone(name):
    assert guarded(name) == name


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (0.1, "0.1"),
        (1 / 3, "0.3333333333333333"),
        (-2.5, "-2.5"),
        (float("nan"), ""),
        (float("inf"), "inf"),
        (float("-inf"), "-inf"),
        (7, "7"),
        (date(2026, 10, 19), "2026-10-19"),
        (datetime(2026, 10, 19, 7, tzinfo=UTC), "2026-10-19T07:00:00Z"),
        (
            datetime(2026, 10, 19, 8, tzinfo=timezone(timedelta(hours=1))),
            "2026-10-19T07:00:00Z",
        ),
        ("=1", "'=1"),
    ],
)
def test_values_become_cells(value, text):
    assert cell(value) == text


@given(st.floats(allow_nan=False))
def test_numbers_keep_every_digit(number):
    assert float(cell(number)) == number


def test_a_table_for_spreadsheets_has_their_mark_and_line_ends():
    text = csv_text(("a", "b"), [("x,y", 'say "hi"')], is_for_spreadsheets=True)
    assert text == BOM + 'a,b\r\n"x,y","say ""hi"""\r\n'


def test_a_table_for_programs_has_neither():
    text = csv_text(("a", "b"), [("x", 1.5)])
    assert text == "a,b\nx,1.5\n"
    assert list(csv.reader(io.StringIO(text))) == [["a", "b"], ["x", "1.5"]]
