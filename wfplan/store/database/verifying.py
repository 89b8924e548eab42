"""
Whether a store is what was put into it: every hash taken again, every count compared.

The chain of the log vouches for revisions and imports, revisions for everybody's part of a week,
imports for their rows, and the migrations for the tables and for the triggers that refuse changes.
Nothing here trusts what it reads: damaged content is a fault, and never an error.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, inspect, select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from wfplan.store.database import expiring, forgetting, limits, log, weeks
from wfplan.store.database.canonical import digest
from wfplan.store.database.contents import owner_of
from wfplan.store.database.tables import (
    APPEND_ONLY,
    LIMIT,
    PERSON,
    PROOF,
    PUBLISHED,
    REVISION,
    WEEK,
)
from wfplan.store.database.versions import migrate

_UNREADABLE = (
    ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, SQLAlchemyError,
)  # fmt: skip
_TRIGGERS = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
_PG_TRIGGERS = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'"


def faults(connection: Connection) -> list[str]:
    """What is wrong with the store, in words; nothing where all of it verifies."""
    found: list[str] = []
    parts: tuple[tuple[str, Callable[[Connection], Iterator[str]]], ...] = (
        ("the file", _of_file),
        ("the tables", _of_schema),
        ("the log", _of_log),
        ("the published weeks", _of_revisions),
        ("the list of weeks", _of_weeks),
        ("the people", _of_people),
        ("HR's rows", _of_rows),
    )
    for name, part in parts:
        try:
            found += part(connection)
        except _UNREADABLE as error:
            found.append(f"{name} cannot be read: {_first_line(error)}")
            if isinstance(error, DBAPIError) and connection.dialect.name == "postgresql":
                break  # the transaction is over
    return found


def _of_file(connection: Connection) -> Iterator[str]:
    """What SQLite finds wrong with its own pages."""
    if connection.dialect.name != "sqlite":
        return
    for check in ("integrity_check", "foreign_key_check"):
        for row in connection.execute(text(f"PRAGMA {check}")):
            if row[0] != "ok":
                yield f"the file is damaged: {_first_line(row[0])} ({check})"


def _of_schema(connection: Connection) -> Iterator[str]:
    """Tables and triggers that are not those of the migrations."""
    if connection.dialect.name == "sqlite":
        fresh = create_engine("sqlite://")
        try:
            wanted = _fresh_schema(fresh)
        finally:
            fresh.dispose()
        if [tuple(row) for row in connection.execute(text(_TRIGGERS))] != wanted:
            yield "its tables and triggers are not those that wfplan made"
        return
    there = set(connection.execute(text(_PG_TRIGGERS)).scalars())
    wanted_names = {f"{table}_only_added" for table in APPEND_ONLY}
    for name in sorted(wanted_names | {"published_no_update", "published_no_delete"}):
        if name not in there:
            yield f"the trigger {name}, which refuses changes, is gone"
    tables = set(inspect(connection).get_table_names())
    yield from (f"the table {one} is gone" for one in sorted({*LIMIT.metadata.tables} - tables))


def _fresh_schema(engine: Engine) -> list[tuple[Any, ...]]:
    """Tables and triggers as the migrations make them."""
    with engine.connect() as connection:
        connection.connection.isolation_level = None  # type: ignore[attr-defined]
        migrate(connection)
        return [tuple(row) for row in connection.execute(text(_TRIGGERS))]


def _of_log(connection: Connection) -> Iterator[str]:
    """Broken links of the chain."""
    yield from log.broken_links(connection)


def _of_revisions(connection: Connection) -> Iterator[str]:
    """Revisions and parts that are not what their hashes were taken of."""
    known = {one.seq: one for one in log.entries(connection)}
    agents, emptied = _agents(connection), expiring.expiries(connection)
    rows = select(REVISION, WEEK.c.plan, WEEK.c.first_day).join(WEEK)
    made: set[int] = set()
    for row in connection.execute(rows.order_by(REVISION.c.revision)).all():
        made.add(row.log_seq)
        which = f"revision {row.number} of the week from {row.first_day} of '{row.plan}'"
        entry = known.get(row.log_seq)
        said = json.loads(entry.about) if entry is not None else {}
        told = {"plan": row.plan, "first_day": row.first_day, "number": row.number}
        if {**told, "hash": row.hash} != {key: said.get(key) for key in (*told, "hash")}:
            yield f"{which} is not the one that the log tells of"
        is_emptied = any(one.covers(row.plan, row.head, row.log_seq) for one in emptied)
        yield from _of_parts(connection, row, which, agents, is_emptied=is_emptied)
    acts = (weeks.PUBLISH, weeks.ROLLBACK)
    for seq, entry in known.items():
        if entry.action in acts and seq not in made:
            yield f"what log entry {seq} published is gone"


def _of_parts(
    connection: Connection, row: Any, which: str, agents: dict[int, str | None], *, is_emptied: bool
) -> Iterator[str]:
    """What is wrong with one revision."""
    parts = connection.execute(
        select(PUBLISHED.c.person, PUBLISHED.c.content, PUBLISHED.c.hash)
        .where(PUBLISHED.c.revision == row.revision)
        .order_by(PUBLISHED.c.person)
    ).all()
    if weeks.revision_hash(row.head, [part.hash for part in parts]) != row.hash:
        yield f"{which} is not what was published"
    for part in parts:
        agent_id = agents.get(part.person)
        if part.content is None:
            if agent_id is not None and not is_emptied:
                yield f"{which}: the week of person {part.person} is gone, who is not forgotten"
        elif is_emptied:
            yield f"{which}: the week of person {part.person} is there, and was to be emptied"
        elif digest(part.content) != part.hash:
            yield f"{which}: the week of person {part.person} was changed"
        elif owner_of(json.loads(part.content)) != agent_id:
            yield f"{which}: the week of person {part.person} is somebody else's"


def _agents(connection: Connection) -> dict[int, str | None]:
    """Whose every number is."""
    return {row.person: row.agent_id for row in connection.execute(select(PERSON))}


def _of_weeks(connection: Connection) -> Iterator[str]:
    """Weeks whose last revision is not the one that counts."""
    numbers: dict[int, list[int]] = {}
    for week, number in connection.execute(select(REVISION.c.week, REVISION.c.number)):
        numbers.setdefault(week, []).append(number)
    for row in connection.execute(select(WEEK)):
        have = sorted(numbers.get(row.week, []))
        if have != list(range(1, len(have) + 1)) or row.number != len(have):
            yield f"the week from {row.first_day} of '{row.plan}' lacks a revision"
        date.fromisoformat(row.first_day)


def _of_people(connection: Connection) -> Iterator[str]:
    """People who are forgotten without a word in the log, and the other way round."""
    forgotten = {
        int(json.loads(entry.about)["person"]): entry.at
        for entry in log.entries(connection)
        if entry.action == forgetting.FORGET and json.loads(entry.about).get("person") is not None
    }
    for one in expiring.expiries(connection):
        forgotten |= dict.fromkeys(one.people, one.at)
    for row in connection.execute(select(PERSON)):
        if (row.agent_id is None) != (row.forgotten_at is not None):
            yield f"person {row.person} is neither known nor forgotten"
        elif row.forgotten_at != forgotten.get(row.person):
            yield f"person {row.person} is forgotten, but the log tells otherwise"


def _of_rows(connection: Connection) -> Iterator[str]:
    """HR's rows that are not those of their import, or are gone without a word in the log."""
    proofs: dict[int, list[str]] = {}
    for seq, place, one in connection.execute(
        select(PROOF).order_by(PROOF.c.imported, PROOF.c.place)
    ):
        known = proofs.setdefault(seq, [])
        if place != len(known):
            yield f"the hashes of the import in log entry {seq} are not in order"
        known.append(one)
    agents = _agents(connection)
    left = {seq: set(hashes) for seq, hashes in proofs.items()}
    ended: Counter[int] = Counter()
    for row in connection.execute(select(LIMIT)):
        hashed = limits.row_hash(row._asdict())
        if hashed not in left.get(row.imported, ()):
            yield f"row {row.hr_row} of HR's '{row.kind}' is not what was imported"
            continue
        left[row.imported].remove(hashed)
        ended[row.replaced] += row.replaced is not None
        whose = json.loads(row.content).get("agent_id", "") if row.person is not None else ""
        if row.person is not None and whose and whose != agents.get(row.person):
            yield f"row {row.hr_row} of HR's '{row.kind}' is somebody else's"
    yield from _of_imports(connection, proofs, ended, missing=sum(map(len, left.values())))


def _of_imports(
    connection: Connection, proofs: dict[int, list[str]], ended: Counter[int], *, missing: int
) -> Iterator[str]:
    """Imports whose rows are not as many, or not those, that the log tells of."""
    taken, ends, seen = 0, 0, set()
    for entry in log.entries(connection):
        about = json.loads(entry.about)
        if entry.action != limits.IMPORT:
            taken += about["rows"] if isinstance(about.get("rows"), int) else 0
            continue
        seen.add(entry.seq)
        if digest(*proofs.get(entry.seq, [])) != about.get("hash"):
            yield f"the rows of the import in log entry {entry.seq} are not those it brought"
        told = sum(one["changed"] + one["removed"] for one in about["tables"].values())
        ends += told - ended[entry.seq]
        if ended[entry.seq] > told:
            yield f"log entry {entry.seq} ended {told} of HR's rows, and not {ended[entry.seq]}"
    if missing != taken or not 0 <= ends <= taken or set(proofs) - seen:
        yield f"{missing} of HR's rows are gone, and the log tells of {taken}"


def _first_line(error: object) -> str:
    """What an error says, in one line, without the rows that it was about."""
    reason = getattr(error, "orig", None) or error
    lines = str(reason).strip().splitlines()
    return lines[0][:200] if lines and not isinstance(error, KeyError) else type(error).__name__
