"""Rows of HR's tables: what makes one the same in a later file, and rows as a grid again."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from wfplan.domain.tables import TABLES
from wfplan.errors import Fault
from wfplan.intake.grid import Cells, Grid

KEYS: Mapping[str, tuple[str, ...]] = {
    "agents": ("agent_id",),
    "skills": ("agent_id", "skill", "valid_from"),
    "availability": ("agent_id", "kind", "weekday", "date", "start_time", "valid_from"),
    "time_off": ("agent_id", "start", "status"),
    "history": ("agent_id", "start"),
    "constraints": ("constraint_id",),
    "survey_groups": ("wave", "group_type", "group", "parent", "instrument", "scale"),
}
_KEY_MAX = 500
_FILES_APART = 10_000_000  # lines between two files that stand in one grid
_TOKEN = "hr rows: "
_FAR_LINE = re.compile(r"\bline ([0-9]{8,})")


class RowLike(Protocol):
    """A row with its place, as files and stores have it."""

    @property
    def key(self) -> str: ...
    @property
    def cells(self) -> Mapping[str, str]: ...
    @property
    def file(self) -> str: ...
    @property
    def line(self) -> int: ...


@dataclass(frozen=True)
class Row:
    """One row: ``cells`` are texts by column, empty ones left out."""

    key: str
    cells: Mapping[str, str]
    file: str
    line: int
    agent_id: str = ""


def rows_of(
    table: str, cells: Iterable[Mapping[str, str]], file: str, lines: Iterable[int]
) -> tuple[Row, ...]:
    """The rows of one file; of rows with the same key the later ones are counted in it."""
    names = KEYS[table]
    seen: Counter[str] = Counter()
    rows = []
    for row, line in zip(cells, lines, strict=True):
        key = _key([row.get(name, "") for name in names])
        seen[key] += 1
        if seen[key] > 1:
            key = f"{key}#{seen[key]}"
        rows.append(Row(key, row, file, line, person_of(row)))
    return tuple(rows)


def person_of(cells: Mapping[str, str]) -> str:
    """Whom a row is about, if anybody in particular."""
    if "agent_id" in cells:
        return cells["agent_id"]
    return cells.get("scope_value", "") if cells.get("scope") == "agent" else ""


def _key(parts: Sequence[str]) -> str:
    """The parts as one text of bearable length."""
    key = "|".join(part.replace("|", "||") for part in parts)
    return key if len(key) <= _KEY_MAX else hashlib.sha256(key.encode()).hexdigest()


@dataclass(frozen=True)
class Told:
    """Where the rows of a grid came from; faults are told with those places."""

    table: str
    files: tuple[str, ...]

    @property
    def token(self) -> str:
        """What stands for the file where rows of several lie in one grid."""
        return self.files[0] if len(self.files) == 1 else f"{_TOKEN}{self.table}"

    def place(self, line: int | None) -> tuple[str, int | None]:
        """File and line of a line of the grid."""
        if len(self.files) < 2 or line is None:
            return (self.files or (self.table,))[0], line
        return self.files[line // _FILES_APART], line % _FILES_APART


def grid_of(table: str, rows: Sequence[RowLike]) -> tuple[Grid, Told]:
    """The rows of a table as a grid, and where each of its lines came from."""
    files = {name: number for number, name in enumerate(dict.fromkeys(r.file for r in rows))}
    told = Told(table, tuple(files) or (table,))
    schema = TABLES[table]
    used: set[str] = set(schema.required).union(*(row.cells for row in rows))
    names = [name for name in schema.names if name in used]
    columns = tuple(Cells.of([row.cells.get(name, "") for row in rows]) for name in names)
    lines = [files[row.file] * _FILES_APART + row.line for row in rows]
    return Grid(told.token, tuple(names), columns, np.array(lines, dtype=np.int64)), told


def told_of(faults: Iterable[Fault], tables: Iterable[Told]) -> tuple[Fault, ...]:
    """Faults of grids with the files and lines that their rows came from."""
    by_token = {told.token: told for told in tables}
    return tuple(dict.fromkeys(_told(fault, by_token.get(fault.file)) for fault in faults))


def _told(fault: Fault, told: Told | None) -> Fault:
    """One fault with its own place; other lines that it names get their files, too."""
    if told is None:
        return fault
    file, line = told.place(fault.line)

    def other(match: re.Match[str]) -> str:
        far, at = told.place(int(match[1]))
        return f"line {at}" if far == file else f"line {at} of {far}"

    return replace(fault, file=file, line=line, reason=_FAR_LINE.sub(other, fault.reason))
