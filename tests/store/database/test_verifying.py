"""Whatever somebody changes behind wfplan's back is found."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from wfplan.domain.people import PastLoad
from wfplan.domain.schedule import Schedule
from wfplan.errors import WfplanError
from wfplan.store.database import log
from wfplan.store.database.calibrations import note_calibration
from wfplan.store.database.contents import PersonWeek
from wfplan.store.database.copying import copied
from wfplan.store.database.forgetting import forget
from wfplan.store.database.limits import HrRow, import_rows, rows_of
from wfplan.store.database.log import entries
from wfplan.store.database.opening import opened
from wfplan.store.database.transactions import reading, writing
from wfplan.store.database.verifying import faults
from wfplan.store.database.weeks import WeekToPublish, publications, publish, read_week, rollback

MONDAY = date(2026, 10, 19)
NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)
ROWS = {
    "hr_row": "kind key person content source imported replaced",
    "hr_proof": "place hash",
    "log": "seq at actor action about previous hash",
    "person": "agent_id forgotten_at",
    "published": "person content hash",
    "revision": "number head hash log_seq",
    "week": "plan first_day number",
}


def fill(store: Engine) -> None:
    """Two people, one forgotten; three revisions, the last brings back the first; two imports."""
    rows = [
        HrRow(one, {"agent_id": one, "team": "x"}, "agents.csv", 2, one) for one in ("A1", "B2")
    ]
    for count, team in enumerate(("x", "y")):
        rows = [HrRow(r.key, {**r.cells, "team": team}, r.file, r.line, r.agent_id) for r in rows]
        with writing(store) as connection:
            files = [{"name": f"{count}.csv", "sha256": "0"}]
            import_rows(connection, {"agents": rows}, files, is_whole=True, actor="h", at=NOON)
    for about in ("first", "second"):
        people = [
            PersonWeek(
                one,
                (),
                (PastLoad(agent_id=one, day=MONDAY, acute_min=1.5, chronic_min=0.5),),
                {"wishes": 1.0},
            )
            for one in ("A1", "B2", "C3")
        ]
        schedule = Schedule(schedule_id="s", timezone="Europe/Dublin", first_day=MONDAY, days=7,
                            revision=1, status="published", shifts=())  # fmt: skip
        with writing(store) as connection:
            week = WeekToPublish("bank", schedule, people, {"asked": about})
            publish(connection, week, actor="ana \udc80\0", at=NOON, reason="r\0\ud800" * 99)
    with writing(store) as connection:
        rollback(connection, "bank", MONDAY, 1, actor="bo", at=datetime(1999, 1, 1, tzinfo=UTC))
    with writing(store) as connection:
        forget(connection, "B2", actor="h", at=NOON)


def test_odd_letters_and_a_clock_that_goes_back_do_no_harm(store: Engine) -> None:
    fill(store)
    with reading(store) as connection:
        assert faults(connection) == []
        known = publications(connection, "bank")
        assert [one.number for one in known] == [1, 2, 3]
        assert known[0].reason == "r\0\ud800" * 99
        assert known[0].actor == "ana ?"


def test_a_store_is_copied_whole_and_goes_on_from_there(store: Engine, tmp_path: Path) -> None:
    fill(store)
    with opened(str(tmp_path / "copy.db"), is_made=True) as copy:
        assert copied(store, copy) > 10
        with reading(copy) as connection:
            assert faults(connection) == []
            assert read_week(connection, "bank", MONDAY).about == {"asked": "first"}
            assert len(rows_of(connection, "agents")) == 1
        with pytest.raises(WfplanError, match="is not empty"):
            copied(store, copy)


def test_a_store_that_has_nothing_but_a_log_is_left_alone(store: Engine, tmp_path: Path) -> None:
    fill(store)
    with opened(str(tmp_path / "other.db"), is_made=True) as other:
        with writing(other) as connection:
            assert note_calibration(connection, {"plan": "bank"}, actor="h", at=NOON)
            assert not note_calibration(connection, {"plan": "bank"}, actor="i", at=NOON)
        with pytest.raises(WfplanError, match=r"other.db is not empty.*nothing was changed"):
            copied(store, other)
        with reading(other) as connection:
            assert faults(connection) == []
            assert [one.action for one in entries(connection)] == ["calibrate"]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite store with something of everything in it."""
    path = tmp_path_factory.mktemp("filled") / "wfplan.db"
    with opened(str(path), is_made=True) as engine:
        fill(engine)
    return path


def found_in(path: Path) -> list[str]:
    """The faults of a store, or what keeps it from being read."""
    try:
        with opened(str(path)) as engine, reading(engine) as connection:
            return faults(connection)
    except WfplanError as error:
        return [str(error)]


def tampered(
    filled: Path, folder: Path, change: Callable[[sqlite3.Connection], object]
) -> list[str]:
    """The faults after a change by somebody who can take triggers away, and puts them back."""
    path = folder / "t.db"
    shutil.copy(filled, path)
    connection = sqlite3.connect(path)
    triggers = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    change(connection)
    for _, sql in triggers:
        connection.execute(sql)
    connection.commit()
    connection.close()
    return found_in(path)


def test_taking_the_triggers_away_and_putting_them_back_is_no_fault(
    filled: Path, tmp_path: Path
) -> None:
    assert tampered(filled, tmp_path, lambda connection: None) == []


@pytest.mark.parametrize(
    ("table", "column"),
    [(table, column) for table, columns in ROWS.items() for column in columns.split()],
)
def test_any_cell_that_is_changed_is_found(
    filled: Path, tmp_path: Path, table: str, column: str
) -> None:
    """R21: one byte in the middle of a text, a number one more; each row in turn."""
    with sqlite3.connect(filled) as connection:
        cells = connection.execute(f"SELECT rowid, {column} FROM {table}").fetchall()
    connection.close()
    for rowid, cell in cells:
        if cell is None:
            continue
        at = len(cell) // 2 if isinstance(cell, str) else 0
        other = cell[:at] + ("0" if cell[at] != "0" else "1") + cell[at + 1 :] if isinstance(
            cell, str) else cell + 100  # fmt: skip

        def change(connection: sqlite3.Connection, value=other, row=rowid) -> None:
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (value, row))

        assert tampered(filled, tmp_path, change), (rowid, cell, other)


def test_any_byte_of_the_log_that_is_changed_is_found(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R21: every byte of every entry; whoever takes the hash anew breaks the next link."""
    with opened(str(filled)) as engine, reading(engine) as connection:
        known = list(log.entries(connection))
        tried = 0
        for place, entry in enumerate(known):
            texts = {name: value for name, value in vars(entry).items() if name != "seq"}
            for name, value in texts.items():
                for at in range(len(value)):
                    other = value[:at] + chr(ord(value[at]) ^ 1) + value[at + 1 :]
                    bad = [*known[:place], replace(entry, **{name: other}), *known[place + 1 :]]
                    monkeypatch.setattr(log, "entries", lambda _, bad=bad: iter(bad))
                    assert log.broken_links(connection), (entry.seq, name, at)
                    tried += 1
        assert tried > 1_000


@pytest.mark.parametrize("table", sorted(ROWS))
def test_any_row_that_is_taken_away_is_found(filled: Path, tmp_path: Path, table: str) -> None:
    def change(connection: sqlite3.Connection) -> None:
        connection.execute(f"DELETE FROM {table} WHERE rowid = (SELECT max(rowid) FROM {table})")

    assert tampered(filled, tmp_path, change)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE log SET about = X'00'",
        "UPDATE revision SET head = 7",
        "UPDATE published SET content = '['",
        "UPDATE hr_row SET content = 'x', source = NULL WHERE hr_row = 1",
        "UPDATE log SET about = '[]'",
        "DROP TABLE hr_proof",
        "CREATE TABLE more (x)",
    ],
)
def test_damage_is_a_fault_and_no_error(filled: Path, tmp_path: Path, change: str) -> None:
    def damage(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        try:
            connection.execute(change)
        except sqlite3.IntegrityError:  # the tables themselves refuse it
            connection.execute(change.replace(", source = NULL", ""))

    try:
        assert tampered(filled, tmp_path, damage)
    except sqlite3.OperationalError:  # a trigger has no table any more
        assert found_in(tmp_path / "t.db")


def test_triggers_that_are_gone_are_missed(store: Engine) -> None:
    fill(store)
    drop = "DROP TRIGGER published_no_delete"
    with writing(store) as connection:
        connection.execute(text(drop if store.dialect.name == "sqlite" else f"{drop} ON published"))
    with reading(store) as connection:
        assert len(faults(connection)) == 1


def contents(path: Path) -> object:
    """All rows of all tables; None where they cannot be read."""
    connection = sqlite3.connect(path)
    try:
        return {
            table: connection.execute(f"SELECT rowid, * FROM {table} ORDER BY rowid").fetchall()
            for table in ROWS
        }
    except (sqlite3.Error, UnicodeDecodeError):
        return None
    finally:
        connection.close()


def flips(filled: Path, folder: Path, count: int, seed: int) -> Counter[str]:
    """Flip a bit somewhere in the file: it is found, or every row is what it was."""
    ended: Counter[str] = Counter()
    raw, before, rng = filled.read_bytes(), contents(filled), random.Random(seed)
    for _ in range(count):
        at, bit = rng.randrange(len(raw)), 1 << rng.randrange(8)
        path = folder / "f.db"
        path.write_bytes(raw[:at] + bytes([raw[at] ^ bit]) + raw[at + 1 :])
        found = found_in(path)
        assert found or contents(path) == before, (at, bit)
        ended["found" if found else "harmless"] += 1
    return ended


def test_a_bit_that_flips_on_the_disk_is_found_or_harmless(filled: Path, tmp_path: Path) -> None:
    assert flips(filled, tmp_path, 25, seed=1)["found"]


def test_a_schema_that_is_no_text_any_more_is_damage(filled: Path, tmp_path: Path) -> None:
    raw, path = filled.read_bytes(), tmp_path / "f.db"
    at = raw.index(b"CREATE TABLE hr_proof") + len(b"CREATE TABLE ")
    path.write_bytes(raw[:at] + b"\xee" + raw[at + 1 :])
    (said,) = found_in(path)
    assert "is damaged" in said


@pytest.mark.nightly
def test_a_thousand_bits_that_flip_are_found_or_harmless(
    filled: Path, tmp_path: Path, tell: Callable[[Counter[str]], None]
) -> None:
    """Harmless are those in unused space: between cells, in pages of what was forgotten."""
    tell(flips(filled, tmp_path, 1000, seed=2))
