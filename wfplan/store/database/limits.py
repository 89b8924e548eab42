"""
HR's rows with their provenance: what holds, since which import, from which line of which file.

A row is its cells as they were read, as text: whoever plans reads them with the same checks as a
file. A row that changes or goes is not overwritten but ended, so that a published week can always
be traced to the limits that it was planned inside.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from wfplan.store.database import log
from wfplan.store.database.canonical import canonical, digest, storable
from wfplan.store.database.people import numbers_of
from wfplan.store.database.tables import LIMIT, PROOF

IMPORT = "hr import"
_KEY_MOST = 4096


@dataclass(frozen=True)
class HrRow:
    """
    One row of an HR table.

    ``key`` is what makes it the same row in a later file, ``cells`` are texts by column (empty
    ones left out), ``agent_id`` is empty where it is about nobody in particular.
    """

    key: str
    cells: Mapping[str, str]
    file: str
    line: int
    agent_id: str = ""
    imported: int = field(default=0, compare=False)  # the entry of the log that tells of it

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", storable(self.key, _KEY_MOST))


@dataclass(frozen=True)
class RowChange:
    """What an import does to one row: ``before`` is None of a new one, ``after`` of one gone."""

    key: str
    before: Mapping[str, str] | None
    after: Mapping[str, str] | None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that differ."""
        was, now = self.before or {}, self.after or {}
        return tuple(name for name in {**was, **now} if was.get(name) != now.get(name))


@dataclass(frozen=True)
class TableChange:
    """What an import does to one table."""

    kind: str
    rows: int  # that hold afterwards
    added: tuple[RowChange, ...] = ()
    changed: tuple[RowChange, ...] = ()
    removed: tuple[RowChange, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes."""
        return not (self.added or self.changed or self.removed)


def rows_of(connection: Connection, kind: str) -> list[HrRow]:
    """The rows of a table that hold, in the order in which they were imported."""
    return [row for _, row in _held(connection, kind)]


def kinds_of(connection: Connection) -> dict[str, int]:
    """The tables that hold any row, and how many."""
    found: dict[str, int] = {}
    for kind in connection.execute(
        select(LIMIT.c.kind).where(LIMIT.c.replaced.is_(None))
    ).scalars():
        found[kind] = found.get(kind, 0) + 1
    return found


def changes_of(
    connection: Connection, kind: str, rows: Sequence[HrRow], *, is_whole: bool
) -> TableChange:
    """
    What the rows of a file change in a table.

    Parameters
    ----------
    is_whole
        Whether rows that the file does not have are to go.
    """
    return differences(kind, [row for _, row in _held(connection, kind)], rows, is_whole=is_whole)


def differences(
    kind: str, before: Sequence[HrRow], after: Sequence[HrRow], *, is_whole: bool
) -> TableChange:
    """What some rows change in those that hold; see :func:`changes_of`."""
    held = {row.key: row for row in before}
    new = {row.key: row for row in after}
    added = [RowChange(key, None, row.cells) for key, row in new.items() if key not in held]
    changed = [
        RowChange(key, held[key].cells, row.cells)
        for key, row in new.items()
        if key in held and dict(held[key].cells) != dict(row.cells)
    ]
    gone = [key for key in held if key not in new] if is_whole else []
    removed = [RowChange(key, held[key].cells, None) for key in gone]
    count = len(held) + len(added) - len(removed)
    return TableChange(kind, count, tuple(added), tuple(changed), tuple(removed))


def import_rows(
    connection: Connection,
    tables: Mapping[str, Sequence[HrRow]],
    files: Iterable[Mapping[str, Any]],
    *,
    is_whole: bool,
    actor: str,
    at: datetime,
) -> list[TableChange]:
    """
    Take over the rows of files; nothing is written where nothing changes.

    ``files`` says of each its name and SHA-256, for the log.
    """
    changes = [
        changes_of(connection, kind, rows, is_whole=is_whole) for kind, rows in tables.items()
    ]
    if all(change.is_empty for change in changes):
        return changes
    made = [_made(change, tables[change.kind]) for change in changes]
    hashes = [row_hash(row) for of_table in made for row, _ in of_table]
    about = {
        "files": [dict(file) for file in files],
        "hash": digest(*hashes),
        "tables": {
            one.kind: {
                "added": len(one.added), "changed": len(one.changed), "removed": len(one.removed)
            }
            for one in changes
        },
    }  # fmt: skip
    seq = log.note(connection, IMPORT, about, actor=actor, at=at)
    people = numbers_of(
        connection, {row.agent_id for rows in tables.values() for row in rows if row.agent_id}
    )
    for change, rows in zip(changes, made, strict=True):
        _end(connection, change, seq)
        values = [
            {**row, "person": people.get(agent_id), "imported": seq} for row, agent_id in rows
        ]
        if values:
            connection.execute(insert(LIMIT), values)
    proofs = [{"imported": seq, "place": at, "hash": one} for at, one in enumerate(hashes)]
    if proofs:
        connection.execute(insert(PROOF), proofs)
    return changes


def row_hash(row: Mapping[str, Any]) -> str:
    """Hash of a stored row, the salt in its source included: it tells nothing of the forgotten."""
    return digest(row["kind"], row["key"], row["content"], row["source"])


def _end(connection: Connection, change: TableChange, seq: int) -> None:
    """End the rows that change or go."""
    ended = {one.key for one in (*change.changed, *change.removed)}
    numbers = [
        {"number": number} for number, row in _held(connection, change.kind) if row.key in ended
    ]
    if numbers:
        connection.execute(
            update(LIMIT).where(LIMIT.c.hr_row == bindparam("number")).values(replaced=seq), numbers
        )


def _made(change: TableChange, rows: Sequence[HrRow]) -> list[tuple[dict[str, Any], str]]:
    """What is stored of the rows that are new, each with its agent."""
    fresh = {one.key for one in (*change.added, *change.changed)}
    return [
        (
            {
                "kind": change.kind,
                "key": row.key,
                "content": canonical(dict(row.cells)),
                "source": canonical(
                    {"file": row.file, "line": row.line, "salt": secrets.token_hex(16)}
                ),
            },
            row.agent_id,
        )
        for row in rows
        if row.key in fresh
    ]


def _held(connection: Connection, kind: str) -> list[tuple[int, HrRow]]:
    """The rows of a table that hold, with their numbers."""
    found = []
    wanted = select(LIMIT.c.hr_row, LIMIT.c.key, LIMIT.c.content, LIMIT.c.source, LIMIT.c.imported)
    wanted = wanted.where(LIMIT.c.kind == kind, LIMIT.c.replaced.is_(None)).order_by(LIMIT.c.hr_row)
    for number, key, content, source, imported in connection.execute(wanted):
        cells, place = json.loads(content), json.loads(source)
        person = cells.get("agent_id", "")
        row = HrRow(key, cells, place["file"], place["line"], person, imported)
        found.append((number, row))
    return found
