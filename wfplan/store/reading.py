"""Tables of a run folder read back, with every fault of a file found before anything is said.

Planners edit these tables in spreadsheets, so that the delimiter may be a
comma, semicolon or tab, a decimal comma is read where the delimiter is another
one, the encoding may be UTF-8 or UTF-16 with a byte order mark, and true or
false may be in capitals. Columns that wfplan does not know are left alone.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from wfplan.domain.cells import unguarded
from wfplan.domain.columns import Column, ColumnType, Table
from wfplan.errors import Fault, InputFaultsError, did_you_mean

BYTES_MAX = 200 * 2**20
_FAULTS_MAX = 200
_STAGES = {
    "requirement.csv": "staff",
    "schedule.csv": "schedule",
    "outcome.csv": "simulate",
    "ledger.csv": "simulate",
}
_DECIMAL_COMMA = re.compile(r"-?\d+,\d+")


@dataclass(slots=True)
class Row:
    """One row of a table: its line in the file, its values, and the place of each column's."""

    line: int
    values: tuple[Any, ...]
    places: Mapping[str, int]  # the same for all rows of a table

    def __getitem__(self, column: str) -> Any:
        return self.get(column, None)  # files of older versions lack some columns

    def get(self, column: str, default: Any) -> Any:
        """The value of a column, which the file need not have."""
        return self.values[self.places[column]] if column in self.places else default


@dataclass
class Faults:
    """Faults of one file as they are found."""

    file: str
    found: list[Fault] = field(default_factory=list)

    def add(self, reason: str, **where: Any) -> None:
        """Note a fault of the file."""
        self.found.append(Fault(reason, file=self.file, **where))

    def raise_any(self) -> None:
        """Raise an InputFaultsError when there is any."""
        if self.found:
            more = len(self.found) - _FAULTS_MAX
            shown = self.found[:_FAULTS_MAX]
            if more > 0:
                shown.append(Fault(f"{more} more faults of the same file", file=self.file))
            raise InputFaultsError(shown)


def read_rows(path: Path, table: Table, faults: Faults) -> list[Row]:
    """
    The rows of a table file with typed values.

    Cells that cannot be read become faults, and their rows are left out.

    Raises
    ------
    InputFaultsError
        At once when the file is missing, is no text, or lacks a column.
    """
    return rows_of_text(_text(path, faults), table, faults)


def rows_of_text(text: str, table: Table, faults: Faults) -> list[Row]:
    """The rows of a table that has been decoded; see :func:`read_rows`."""
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    return rows_of(_lines(text, delimiter, faults), table, faults, delimiter)


def rows_of(
    lines: Iterator[tuple[int, list[str]]], table: Table, faults: Faults, delimiter: str = ""
) -> list[Row]:
    """The rows of lines and their cells, the header first; see :func:`read_rows`."""
    _, header = next(lines, (0, []))
    readers = [(place, _Cells(column, delimiter)) for place, column in
               _places(header, table, faults)]  # fmt: skip
    places = {cells.column.name: i for i, (_, cells) in enumerate(readers)}
    return [
        row
        for line, cells in lines
        if _is_complete(line, cells, len(header), faults)
        and (row := _row(line, cells, readers, places, faults))
    ]


def _text(path: Path, faults: Faults) -> str:
    """The file as text."""
    try:
        if path.stat().st_size > BYTES_MAX:
            faults.add(f"the file is larger than {BYTES_MAX // 2**20} MB")
            faults.raise_any()
        raw = path.read_bytes()
        utf16 = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
        return raw.decode("utf-16" if utf16 else "utf-8-sig")
    except OSError as error:
        stage = _STAGES.get(path.name)
        hint = f"make it again: wfplan {stage} {path.parent}" if stage else ""
        faults.add(f"the file cannot be read: {error.strerror}", hint=hint)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        faults.add("this is not UTF-8 text", line=line, hint="save it as 'CSV UTF-8'")
    faults.raise_any()
    raise AssertionError


def _lines(text: str, delimiter: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of every row that is not blank."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            faults.add(f"this is not CSV: {error}", line=reader.line_num)
            faults.raise_any()
        if any(cell.strip() for cell in cells):
            yield line, [cell.strip() for cell in cells]
        line = reader.line_num + 1


def _places(header: list[str], table: Table, faults: Faults) -> list[tuple[int, Column]]:
    """Where each column of the table stands in the file."""
    for name in {name for name in header if name and header.count(name) > 1}:
        faults.add("the column is there twice", line=1, column=name)
    unknown = [name for name in header if name not in table.names]
    for column in table.columns:
        if column.name not in header:
            near = did_you_mean(column.name, unknown)
            is_cut = any(name and column.name.startswith(name) for name in unknown)
            if column.default and not (column.is_required or near or is_cut):
                continue  # an older version did not write it
            hint = f"{near[:-1]} stands there" if near else "wfplan wrote it; put it back"
            faults.add("the column is missing", line=1, column=column.name, hint=hint)
    faults.raise_any()
    there = [column for column in table.columns if column.name in header]
    return [(header.index(column.name), column) for column in there]


def _is_complete(line: int, cells: list[str], count: int, faults: Faults) -> bool:
    """Whether a line has a cell for each column of the header."""
    if len(cells) == count or (len(cells) > count and not any(cells[count:])):
        return True
    faults.add(f"the line has {len(cells)} cells where the header has {count}", line=line)
    return False


class _Cells(dict[str, Any]):
    """The values of a column by their texts, each text read once."""

    def __init__(self, column: Column, delimiter: str) -> None:
        super().__init__()
        self.column, self._delimiter = column, delimiter

    def __missing__(self, cell: str) -> Any:
        value = self[cell] = _value(cell, self.column, self._delimiter)
        return value


def _row(
    line: int,
    cells: list[str],
    readers: Sequence[tuple[int, _Cells]],
    places: Mapping[str, int],
    faults: Faults,
) -> Row | None:
    """The typed values of one line, or nothing when one of them is at fault."""
    try:
        return Row(line, tuple([known[cells[place]] for place, known in readers]), places)
    except ValueError:
        for place, known in readers:
            try:
                known[cells[place]]
            except ValueError as error:
                name, value = known.column.name, cells[place][:40]
                faults.add(str(error), line=line, column=name, value=value)
    return None


def _value(cell: str, column: Column, delimiter: str) -> Any:
    """The value of a cell."""
    if not cell:
        if column.is_required:
            raise ValueError("the cell is empty")
        return {ColumnType.NUMBER: float("nan"), ColumnType.TEXT: ""}.get(column.type)
    if column.type is ColumnType.NUMBER and delimiter != "," and _DECIMAL_COMMA.fullmatch(cell):
        cell = cell.replace(",", ".")
    value = _READERS[column.type](cell)
    if column.choices and value not in column.choices:
        near = did_you_mean(cell, column.choices) or f"use {', '.join(column.choices)}"
        raise ValueError(f"'{cell[:40]}' is not known here; {near}")
    if column.low is not None and not column.low <= value < float("inf"):
        raise ValueError(f"{cell[:40]} is not an amount: it must be {column.low:g} or more")
    return value


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        raise ValueError(f"'{cell[:40]}' is not a number") from None


def _count(cell: str) -> int:
    number = _number(cell)
    if not number.is_integer():
        raise ValueError(f"'{cell[:40]}' is not a whole number")
    return int(number)


def _truth(cell: str) -> bool:
    if cell.casefold() not in ("true", "false"):
        raise ValueError(f"'{cell[:40]}' is neither true nor false")
    return cell.casefold() == "true"


def _instant(cell: str) -> datetime:
    try:
        instant = datetime.fromisoformat(cell)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise ValueError(f"'{cell[:40]}' is not an instant like 2026-10-19T07:00:00Z")
    return instant.astimezone(UTC)


def _date(cell: str) -> date:
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise ValueError(f"'{cell[:40]}' is not a date like 2026-10-19") from None


_READERS: dict[ColumnType, Callable[[str], Any]] = {
    ColumnType.TEXT: unguarded,
    ColumnType.ID: unguarded,
    ColumnType.ZONE: unguarded,
    ColumnType.CHOICE: unguarded,
    ColumnType.NUMBER: _number,
    ColumnType.COUNT: _count,
    ColumnType.TRUTH: _truth,
    ColumnType.INSTANT: _instant,
    ColumnType.DATE: _date,
}
