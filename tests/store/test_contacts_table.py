"""Tests for wfplan.store.contacts_table: contacts in a file of their own."""

from __future__ import annotations

import gzip
from pathlib import Path

import pandas as pd
import pytest

from wfplan.errors import MissingExtraError, OutputError, UsageError
from wfplan.store import contacts_table
from wfplan.store.contacts_table import write_contacts

CONTACTS = pd.DataFrame(
    {
        "contact_id": ["a", "b"],
        "arrived": pd.to_datetime(["2026-10-19T07:16:02Z", "2026-10-19T07:20:00Z"]),
        "answered": pd.to_datetime(["2026-10-19T07:16:40Z", None], utc=True),
        "wait_s": [38.123456, 9.0],
        "is_called_back": [False, True],
    }
)
TEXT = (
    "contact_id,arrived,answered,wait_s,is_called_back\n"
    "a,2026-10-19T07:16:02Z,2026-10-19T07:16:40Z,38.123,false\n"
    "b,2026-10-19T07:20:00Z,,9.0,true\n"
)


def test_a_csv_has_a_row_per_contact(tmp_path):
    path = write_contacts(CONTACTS, tmp_path / "contacts.csv")
    assert path.read_text() == TEXT


def test_a_gzip_holds_the_same_and_is_the_same_every_time(tmp_path):
    first = write_contacts(CONTACTS, tmp_path / "a.csv.gz").read_bytes()
    assert gzip.decompress(first).decode() == TEXT
    assert write_contacts(CONTACTS, tmp_path / "b.csv.gz").read_bytes() == first


def test_a_parquet_file_keeps_every_digit(tmp_path):
    pytest.importorskip("pyarrow")
    path = write_contacts(CONTACTS, tmp_path / "contacts.parquet")
    assert pd.read_parquet(path)["wait_s"].tolist() == CONTACTS["wait_s"].tolist()


def test_parquet_needs_its_extra(tmp_path, monkeypatch):
    monkeypatch.setattr(contacts_table, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"wfplan\[parquet\]"):
        write_contacts(CONTACTS, tmp_path / "contacts.parquet")


@pytest.mark.parametrize("name", ["contacts", "contacts.xlsx", "contacts.csv.zip"])
def test_an_unknown_ending_is_refused(tmp_path, name):
    with pytest.raises(UsageError, match=r"no known ending: name it .csv, .csv.gz or .parquet"):
        write_contacts(CONTACTS, tmp_path / name)


def test_a_place_that_is_none_is_refused(tmp_path):
    (tmp_path / "there.csv").mkdir()
    with pytest.raises(OutputError, match="is a folder"):
        write_contacts(CONTACTS, tmp_path / "there.csv")
    with pytest.raises(OutputError, match="is no folder: make it first"):
        write_contacts(CONTACTS, tmp_path / "none" / "c.csv")


def test_a_disk_that_refuses_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "contacts.csv"
    path.write_text("mine")

    def refuse(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OutputError, match=r"No space left on device.*is unchanged"):
        write_contacts(CONTACTS, path)
    assert [p.name for p in tmp_path.iterdir()] == ["contacts.csv"]
    assert path.read_text() == "mine"
