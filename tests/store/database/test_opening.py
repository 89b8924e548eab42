"""Stores that are not there, not ours, newer, older, full or read-only."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from wfplan.errors import InputError
from wfplan.store.database.addresses import shown
from wfplan.store.database.opening import opened
from wfplan.store.database.transactions import reading, writing
from wfplan.store.database.versions import vacuumed_into, version_of


def test_a_store_that_is_not_there_is_not_made_by_reading(tmp_path: Path) -> None:
    with (
        pytest.raises(InputError, match="there is no planning store at"),
        opened(str(tmp_path / "no.db")),
    ):
        pass
    assert not list(tmp_path.iterdir())


def test_a_file_of_something_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("not a database " * 100)
    with pytest.raises(InputError, match="is not a planning store"), opened(str(path)):
        pass
    assert path.read_text().startswith("not a database")


def test_a_database_of_something_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE customers (name TEXT)")
    other.close()
    with pytest.raises(InputError, match="none of a planning store"), opened(str(path)):
        pass


def test_a_newer_store_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "wfplan.db"
    with opened(str(path), is_made=True) as engine, writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = path.read_bytes()
    with pytest.raises(InputError, match="made by a newer wfplan"), opened(str(path)):
        pass
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "address",
    ["ftp://x/y", "mysql://host/db", "postgresql://us:secret@host:port/db", "://us:secret@host"],
)
def test_an_address_of_another_kind_is_refused(address: str) -> None:
    with pytest.raises(InputError, match="is not an address") as refused, opened(address):
        pass
    assert "secret" not in str(refused.value)


def test_a_path_that_the_locale_cannot_name_is_told() -> None:
    with (
        pytest.raises(InputError, match=r"LANG=C\.UTF-8"),
        opened("pl\udcc3\udca4n.db", is_made=True),
    ):
        pass


def test_a_folder_that_is_not_there_refuses(tmp_path: Path) -> None:
    with (
        pytest.raises(InputError, match=r"no folder .*no to put wfplan\.db into: make it first"),
        opened(str(tmp_path / "no" / "wfplan.db"), is_made=True),
    ):
        pass


def test_passwords_are_not_shown() -> None:
    assert "secret" not in shown("postgresql://ana:secret@host/db")


def test_a_backup_is_a_store(tmp_path: Path) -> None:
    with opened(str(tmp_path / "wfplan.db"), is_made=True) as engine:
        vacuumed_into(engine, tmp_path / "copy.db")
    with opened(str(tmp_path / "copy.db")) as engine, reading(engine) as connection:
        assert version_of(connection) == "0001"


def test_a_store_is_looked_at_without_the_line() -> None:
    code = (
        "import sys; from wfplan import addresses; from wfplan.store import database; "
        "print(sorted({'pandas', 'scipy', 'numba', 'wfplan.intake'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
