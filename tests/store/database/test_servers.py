"""Servers that are away, refuse, or break off in the midst of a transaction; disks of others."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text

from wfplan.errors import OutputError
from wfplan.store.database.addresses import network_disk_of, shown, url_of
from wfplan.store.database.limits import HrRow, import_rows, rows_of
from wfplan.store.database.log import entries
from wfplan.store.database.opening import opened
from wfplan.store.database.transactions import reading, writing
from wfplan.store.database.verifying import faults

NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)


def taken_over(connection: Connection, word: str) -> None:
    """Import one row."""
    rows = [HrRow("A1", {"agent_id": "A1", "team": word}, "a.csv", 2, "A1")]
    import_rows(connection, {"agents": rows}, [], is_whole=True, actor="h", at=NOON)


def teams_in(address: str) -> tuple[list[str], int]:
    """The rows that hold, and how many entries the log has; all of it verifies."""
    with opened(address) as engine, reading(engine) as connection:
        assert faults(connection) == []
        teams = [row.cells["team"] for row in rows_of(connection, "agents")]
        return teams, len(list(entries(connection)))


def cut(address: str) -> None:
    """Have the server break off every connection to a database."""
    url = url_of(os.environ["WFPLAN_TEST_POSTGRES"])
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    ask = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
    with server.connect() as connection:
        connection.execute(text(ask), {"name": url_of(address).database})
    server.dispose()


def test_a_server_that_is_away_is_said_with_its_address_and_without_the_password() -> None:
    pytest.importorskip("psycopg")
    address = "postgresql://ana:secret@127.0.0.1:9/plans"
    with pytest.raises(OutputError) as caught, opened(address):
        pass
    said = str(caught.value)
    assert "postgresql://ana:***@127.0.0.1:9/plans refuses" in said
    assert "check the address, and that the server answers" in said
    assert "secret" not in said
    assert "psycopg" not in said


@pytest.mark.parametrize(
    ("change", "way"),
    [
        ({"database": "no_such_plans"}, "make the database there first"),
        ({"username": "no_such_user"}, "check user and password"),
    ],
)
def test_a_wrong_database_or_user_is_said(postgres: str, change: dict[str, str], way: str) -> None:
    url = url_of(postgres).set(**change)  # type: ignore[arg-type]
    with pytest.raises(OutputError, match=way), opened(url.render_as_string(hide_password=False)):
        pass


def after_a_row(connection: Connection, address: str) -> None:
    taken_over(connection, "second")
    cut(address)
    taken_over(connection, "third")


def before_the_end(connection: Connection, address: str) -> None:
    taken_over(connection, "second")
    cut(address)


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (after_a_row, "nothing was changed"),
        (before_the_end, "whether the last change was kept is not known"),
    ],
)
def test_a_connection_that_breaks_off_keeps_nothing_half(
    postgres: str, act: Callable[[Connection, str], None], said: str
) -> None:
    with opened(postgres) as engine, writing(engine) as connection:
        taken_over(connection, "first")
    with (
        pytest.raises(OutputError, match=f"{said}.*try again as soon as the server answers"),
        opened(postgres) as engine,
        writing(engine) as connection,
    ):
        act(connection, postgres)
    assert teams_in(postgres) == (["first"], 1)
    for _ in range(2):  # done again, it is done once
        with opened(postgres) as engine, writing(engine) as connection:
            taken_over(connection, "second")
    assert teams_in(postgres) == (["second"], 2)


def test_a_reader_that_is_broken_off_is_told_so(postgres: str) -> None:
    def read() -> None:
        with opened(postgres) as engine, reading(engine) as connection:
            cut(postgres)
            connection.execute(text("SELECT 1"))

    with pytest.raises(OutputError, match="terminating connection"):
        read()


def test_a_driver_is_no_part_of_an_address_that_is_shown() -> None:
    assert shown("postgresql+psycopg://ana:secret@db/plans") == "postgresql://ana:***@db/plans"


def test_a_local_disk_is_no_network_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = f"/dev/x / ext4 rw 0 0\nserver:/plans {tmp_path} nfs4 rw 0 0\n"
    assert network_disk_of(Path("/wfplan.db")) == ""
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: mounts)
    assert network_disk_of(tmp_path / "deep" / "wfplan.db") == "nfs4"
    assert network_disk_of(tmp_path.parent / "wfplan.db") == ""
