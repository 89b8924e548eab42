"""HR's rows: imported once, changed, removed, traced to their file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, select

from wfplan.store.database import log
from wfplan.store.database.addresses import file_of
from wfplan.store.database.forgetting import forget, scrub
from wfplan.store.database.limits import HrRow, TableChange, import_rows, rows_of
from wfplan.store.database.tables import LIMIT
from wfplan.store.database.transactions import reading, writing

NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)


def row(agent_id: str, line: int, **cells: str) -> HrRow:
    return HrRow(agent_id, {"agent_id": agent_id, **cells}, "agents.csv", line, agent_id)


ANA, BO = row("A1", 2, team="north"), row("B2", 3, team="south")


def imported(store: Engine, *rows: HrRow, is_whole: bool = True) -> TableChange:
    files = [{"name": "agents.csv", "sha256": "0"}]
    with writing(store) as connection:
        return import_rows(
            connection, {"agents": rows}, files, is_whole=is_whole, actor="hr", at=NOON
        )[0]


def test_a_file_imported_twice_is_imported_once(store: Engine) -> None:
    assert len(imported(store, ANA, BO).added) == 2
    assert imported(store, ANA, BO).is_empty
    with reading(store) as connection:
        assert rows_of(connection, "agents") == [ANA, BO]
        assert len(list(log.entries(connection))) == 1


def test_a_later_file_says_what_it_changes(store: Engine) -> None:
    imported(store, ANA, BO)
    change = imported(store, row("A1", 2, team="west"), row("C3", 3))
    assert [one.key for one in change.added] == ["C3"]
    assert [one.key for one in change.removed] == ["B2"]
    assert [(one.key, one.columns) for one in change.changed] == [("A1", ("team",))]
    assert change.rows == 2
    with reading(store) as connection:
        assert {one.key: one.cells.get("team") for one in rows_of(connection, "agents")} == {
            "A1": "west",
            "C3": None,
        }
        ended = connection.execute(select(LIMIT.c.key).where(LIMIT.c.replaced == 2)).scalars().all()
        assert sorted(ended) == ["A1", "B2"]


def test_a_file_of_some_rows_leaves_the_others(store: Engine) -> None:
    imported(store, ANA, BO)
    change = imported(store, row("A1", 2, team="west"), is_whole=False)
    assert not change.removed
    assert change.rows == 2


def test_no_byte_of_a_forgotten_person_is_left(store: Engine, address: str) -> None:
    imported(store, row("CANARY-77", 2, team="quetzalcoatl"), BO)
    with writing(store) as connection:
        found = forget(connection, "CANARY-77", actor="hr", at=NOON)
        assert (found.was_known, found.rows) == (True, 1)
        assert not forget(connection, "CANARY-77", actor="hr", at=NOON).was_known
    scrub(store)
    with reading(store) as connection:
        assert [one.key for one in rows_of(connection, "agents")] == ["B2"]
        assert log.broken_links(connection) == []
    file = file_of(address)
    if file is None:
        return
    for path in Path(file).parent.iterdir():
        raw = path.read_bytes()
        assert b"CANARY-77" not in raw
        assert b"quetzalcoatl" not in raw
