"""What the tables hold after an import: what a file stands for, and what it leaves as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from wfplan.intake.hr import Piece, Reach, Row

if TYPE_CHECKING:
    from wfplan.store.database import HrRow

Tables = Mapping[str, Sequence["HrRow"]]
_KEEPS_LEAVERS = ("history", "survey_groups")


def merged(pieces: Sequence[Piece], held: Tables, *, is_part: bool) -> dict[str, list[HrRow]]:
    """
    The rows of every table that an import touches, as they are to hold afterwards.

    Parameters
    ----------
    is_part
        Whether nothing is taken away: the files are a part of their tables.
    """
    tables = {
        table: _table([one for one in pieces if one.table == table], held.get(table, ()), is_part)
        for table in dict.fromkeys(piece.table for piece in pieces)
    }
    gone = leavers(tables, held)
    for table, rows in held.items():
        if gone and table not in (*tables, *_KEEPS_LEAVERS):
            stay = [row for row in rows if _person(row) not in gone]
            if len(stay) < len(rows):
                tables[table] = stay
    return tables


def leavers(tables: Tables, held: Tables) -> frozenset[str]:
    """Who is in the agents table that is held and no longer in the new one."""
    if "agents" not in tables:
        return frozenset()
    now = {row.agent_id for row in tables["agents"]}
    return frozenset(row.agent_id for row in held.get("agents", ())) - now


def _person(row: HrRow) -> str:
    """Whom a row is about."""
    is_hers = row.cells.get("scope") == "agent"
    return row.agent_id or (row.cells.get("scope_value", "") if is_hers else "")


def _table(pieces: Sequence[Piece], held: Sequence[HrRow], is_part: bool) -> list[HrRow]:
    """The rows of one table."""
    is_whole = not is_part and any(piece.reach is Reach.WHOLE for piece in pieces)
    found: dict[str, HrRow] = {} if is_whole else {row.key: row for row in held}
    if not is_part:
        people = {row.agent_id for one in pieces if one.reach is Reach.PEOPLE for row in one.rows}
        found = {key: row for key, row in found.items() if row.agent_id not in people}
    new: dict[str, HrRow] = {}
    for piece in pieces:
        if piece.reach is not Reach.CELLS:
            for row in piece.rows:
                key = _free(row.key, new)
                new[key] = _stored(replace(row, key=key))
    found |= new
    for piece in pieces:
        if piece.reach is Reach.CELLS:
            for row in piece.rows:
                found[row.key] = _with_cells(found.get(row.key), row)
    return list(found.values())


def _free(key: str, taken: Mapping[str, object]) -> str:
    """A key that no other row of the import has; that two files have it is told by the checks."""
    number, free = 1, key
    while free in taken:
        number += 1
        free = f"{key}#{number}"
    return free


def _stored(row: Row) -> HrRow:
    """A row as the store has it."""
    from wfplan.store.database import HrRow

    return HrRow(row.key, row.cells, row.file, row.line, row.agent_id)


def _with_cells(before: HrRow | None, row: Row) -> HrRow:
    """A row with some of its columns changed; it keeps its place where nothing does."""
    if before is None:
        return _stored(row)
    cells = {**before.cells, **row.cells}
    return before if cells == dict(before.cells) else _stored(replace(row, cells=cells))
