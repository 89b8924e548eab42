"""Tests for wfplan.store.reading: files that nobody should have written."""

from __future__ import annotations

import pytest

from wfplan.domain.run_tables import LEDGER
from wfplan.errors import InputFaultsError
from wfplan.store import reading
from wfplan.store.reading import Faults, read_rows

HEAD = "agent_id,date,overload_min,acute_min,chronic_min\n"
GOOD = "A001,2026-10-19,1,2,3\n"


def read(path):
    """Values of a ledger, or its faults."""
    faults = Faults(str(path))
    rows = read_rows(path, LEDGER, faults)
    faults.raise_any()
    return [{name: row[name] for name in row.places} for row in rows]


@pytest.mark.parametrize(
    "text",
    [
        HEAD + GOOD,
        HEAD + "\n\n" + GOOD + "\n,,,,\n",
        HEAD.replace("\n", "\r\n") + GOOD,
        HEAD.replace("\n", "\r") + GOOD,
        "\ufeff" + HEAD + GOOD,
        HEAD.replace("agent_id", '"agent_id"') + GOOD,
        HEAD.strip() + ",notes\n" + GOOD.strip() + ",ask her\n",
        HEAD + GOOD.strip() + ",,\n",
        HEAD + " A001 , 2026-10-19 ,1.0, 2e0,3\n",
        (HEAD + GOOD).replace(",", ";").replace(";1;", ";1,0;"),
    ],
)
def test_what_spreadsheets_make_of_a_table_is_read(tmp_path, text):
    path = tmp_path / "ledger.csv"
    path.write_bytes(text.encode())
    (row,) = read(path)
    assert row["agent_id"] == "A001"
    assert row["overload_min"] == 1.0


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "the column is missing"),
        (HEAD + "A001,2026-10-19,1,2\n", 2, "4 cells where the header has 5"),
        (HEAD + GOOD.strip() + ",extra\n", 2, "6 cells where the header has 5"),
        (HEAD + GOOD + 'A001,2026-10-19,"1,2,3\n', None, "this is not CSV"),
        (HEAD + f"{'x' * 140_000},2026-10-19,1,2,3\n", None, "this is not CSV: field larger"),
        (HEAD + "A001,2026-10-19,1,5,-3\n", 2, "-3 is not an amount: it must be 0 or more"),
        (HEAD + "A001,2026-10-19,1,2,1.000.000\n", 2, "is not a number"),
    ],
)
def test_a_line_at_fault_is_named(tmp_path, text, line, message):
    path = tmp_path / "ledger.csv"
    path.write_text(text)
    with pytest.raises(InputFaultsError) as caught:
        read(path)
    fault = caught.value.faults[0]
    assert message in fault.reason
    assert line is None or fault.line == line


def test_every_fault_of_a_file_is_found_at_once(tmp_path):
    path = tmp_path / "ledger.csv"
    path.write_text(HEAD + "A001,19.10.2026,one,2,3\nA002,2026-10-19,1,-2,\n")
    with pytest.raises(InputFaultsError) as caught:
        read(path)
    places = [(fault.line, fault.column) for fault in caught.value.faults]
    assert places == [(2, "date"), (2, "overload_min"), (3, "acute_min"), (3, "chronic_min")]


def test_a_file_in_another_encoding_is_said_with_the_line(tmp_path):
    path = tmp_path / "ledger.csv"
    path.write_bytes((HEAD + "Jos\xe9,2026-10-19,1,2,3\n").encode("latin-1"))
    with pytest.raises(
        InputFaultsError, match=r":2: this is not UTF-8 text; save it as 'CSV UTF-8'"
    ):
        read(path)


def test_a_file_that_is_too_large_is_not_read(tmp_path, monkeypatch):
    path = tmp_path / "ledger.csv"
    path.write_text(HEAD + GOOD)
    monkeypatch.setattr(reading, "BYTES_MAX", 10)
    with pytest.raises(InputFaultsError, match="larger than"):
        read(path)
