"""From grids to typed rows: captions against the schema, texts against their columns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.columns import Column, ColumnType, Table
from wfplan.domain.problem import InputFile
from wfplan.errors import did_you_mean
from wfplan.intake import columnar, delimited, files, workbook
from wfplan.intake.book import BadValueError, FaultBook, shown
from wfplan.intake.commas import with_points
from wfplan.intake.files import BadFileError, RawFile
from wfplan.intake.grid import Cells, Grid
from wfplan.intake.naming import same_word
from wfplan.intake.privacy import may_be_name, suggests_special_category, tells_health
from wfplan.intake.single_people import names_a_person
from wfplan.intake.values import reader

PLAN_FILE = "plan.toml"

BAD: Final = object()
"""Stands for a text that was refused."""

IN_MINUTES: Mapping[str, str] = MappingProxyType({"aht_min": "aht_s", "wait_min": "wait_s"})
"""Columns of other systems that hold minutes, and the column of seconds they become."""

_NUMBERS = (ColumnType.NUMBER, ColumnType.COUNT)
_FORMULA = ("=", "+", "-", "@")
_PRIVATE = (
    "name",
    "email",
    "type",
    "unplanned",
    "note",
)  # texts that may tell who somebody is, or why they are off
_FREE_TEXTS = (("agents", "team"), ("agents", "site"), ("calendar", "name"))
_UNSAID = "..."  # a caption of a line that may be no header at all but somebody's row
_REASONS = ("reason", "note", "code")  # free texts that have no business with anybody's health


@dataclass(frozen=True)
class Values:
    """A typed column: ``values[codes[row]]``; None is an empty cell, BAD a refused one."""

    codes: NDArray[np.int64]  # (row,)
    values: tuple[Any, ...]

    def __getitem__(self, row: int) -> Any:
        return self.values[self.codes[row]]

    @property
    def is_good(self) -> NDArray[np.bool_]:
        """Which rows were read, shape (row,)."""
        good = np.array([value is not BAD for value in self.values], dtype=np.bool_)
        return good[self.codes]

    def numbers(self) -> NDArray[np.float64]:
        """The column as numbers, NaN where empty or refused, shape (row,)."""
        numbers = [float("nan") if v is None or v is BAD else float(v) for v in self.values]
        return np.array(numbers, dtype=np.float64)[self.codes]


@dataclass(frozen=True)
class Sheet:
    """A table whose texts have been read; columns that are absent are not in ``columns``."""

    table: Table
    file: str
    lines: NDArray[np.int64]  # (row,)
    columns: Mapping[str, Values]

    @property
    def has_required(self) -> bool:
        """Whether every column that must be there is there."""
        return all(name in self.columns for name in self.table.required)

    def blame(
        self,
        book: FaultBook,
        line: int,
        column: str,
        reason: str,
        *,
        value: object = "",
        hint: str = "",
        code: str = "",
    ) -> None:
        """Note a fault at a cell."""
        book.error(
            reason, file=self.file, line=line, column=column, value=value, hint=hint, code=code
        )

    def rows(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Line and values of every row that has no fault; absent and empty cells are None."""
        if not self.has_required:
            return
        good = np.ones(len(self.lines), dtype=np.bool_)
        for column in self.columns.values():
            good &= column.is_good
        absent = dict.fromkeys(self.table.names)
        for row in np.flatnonzero(good).tolist():
            filled = {name: column[row] for name, column in self.columns.items()}
            yield int(self.lines[row]), {**absent, **filled}

    def damaged(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """
        Line and good values of every row that has a fault, for what else they say.

        Cells that were refused are not in it, and required columns that are absent neither.
        """
        bad = np.full(len(self.lines), not self.has_required, dtype=np.bool_)
        for column in self.columns.values():
            bad |= ~column.is_good
        absent = {name: None for name in self.table.names if name not in self.table.required}
        for row in np.flatnonzero(bad).tolist():
            filled = {name: column[row] for name, column in self.columns.items()}
            good = {name: value for name, value in filled.items() if value is not BAD}
            gone = filled.keys() - good.keys()
            yield int(self.lines[row]), {
                **{name: None for name in absent if name not in gone}, **good
            }  # fmt: skip


@dataclass
class Folder:
    """The plan folder while it is read: each file once, with its hash."""

    root: Path
    book: FaultBook
    inputs: dict[str, InputFile] = field(default_factory=dict)
    _read: dict[str, RawFile] = field(default_factory=dict)

    def file(self, name: str, limit: int = files.BYTES_MAX) -> RawFile:
        """
        The bytes of a file of the folder.

        Raises
        ------
        BadFileError
            When it cannot be read.
        """
        if name in self._read:
            return self._read[name]
        raw = files.read_file(self.root / name, limit)
        self.inputs[name] = InputFile(path=name, sha256=raw.sha256)
        if workbook.is_workbook(raw.content):  # only those hold several tables
            self._read[name] = raw
        return raw


def read_table(folder: Folder, file: str, table: Table) -> Sheet | None:
    """
    The typed rows of a file, or None when it cannot be read at all; see :func:`read_grid`.

    Raises
    ------
    MissingExtraError
        For a Parquet file without pyarrow.
    """
    grid = read_grid(folder, file, table)
    return None if grid is None else sheet_of(grid, table, folder.book)


def read_grid(folder: Folder, file: str, table: Table, known: Collection[str] = ()) -> Grid | None:
    """
    The texts of a file, or None when it cannot be read at all.

    Every fault goes into the folder's book. The content decides what the file
    is, not its name. ``known`` are captions of another layout than the table's own.
    """
    try:
        content = folder.file(file).content
        return grid_of(content, file, table.name, known or table.names, folder.book)
    except BadFileError as bad:
        folder.book.error(bad.reason, file=file, line=bad.line, hint=bad.hint)
        return None


def sheet_of(grid: Grid, table: Table, book: FaultBook) -> Sheet:
    """The typed rows of a grid; every fault goes into the book."""
    places = _places(grid, table, book)
    columns = {place.column.name: _values(grid, place, table, book) for place in places}
    return Sheet(table, grid.file, grid.lines, columns)


@dataclass(frozen=True)
class _Place:
    """Cells and the column that they are; ``factor`` turns minutes into seconds."""

    column: Column
    cells: Cells
    factor: float = 1.0


def grid_of(content: bytes, file: str, name: str, words: Collection[str], book: FaultBook) -> Grid:
    """
    The grid of the bytes of a file of any kind; of a workbook the sheet of that name.

    ``words`` are names of columns, by which the line of the header is found.

    Raises
    ------
    BadFileError
        When it is no table, or damaged, or out of bounds.
    MissingExtraError
        For a Parquet file without pyarrow.
    """
    if workbook.is_workbook(content):
        return workbook.read_workbook(content, file, name, book, words)
    if columnar.is_parquet(content):
        return columnar.read_parquet(content, file)
    if files.is_old_workbook(content):
        raise BadFileError(
            "is an old (.xls) or encrypted workbook", "save it as .xlsx or CSV, without a password"
        )
    text = files.decoded(content)
    for note in text.notes:
        book.warn(note, file=file)
    return delimited.read_delimited(text.text, file, words, book)


def _places(grid: Grid, table: Table, book: FaultBook) -> list[_Place]:
    """Which cells belong to which column of the schema; all other captions are faults."""
    found: dict[str, _Place] = {}
    words = {same_word(caption) for caption in grid.header}
    is_header = bool(words & {*table.names, *IN_MINUTES})
    for number, (caption, cells) in enumerate(zip(grid.header, grid.columns, strict=True), 1):
        word = same_word(caption)
        if not word and cells.is_blank:
            continue
        name = IN_MINUTES.get(word, word)
        if name not in table.names:
            refuse_caption(caption if is_header else _UNSAID, number, table, book, grid)
        elif name in found:
            reason = f"column {number} '{shown(caption)}' gives '{name}' a second time"
            book.error(
                reason,
                file=grid.file,
                line=grid.header_line,
                column=name,
                hint="keep one of them",
                code="HR110",
            )
        else:
            found[name] = _place(table.column(name), word, cells, grid, book)
    for name in table.required:
        if name not in found:
            book.error(
                "the column is missing",
                file=grid.file,
                line=grid.header_line,
                column=name,
                hint=f"add it: {table.column(name).meaning.rstrip('.')}",
                code="HR102",
            )
    return list(found.values())


def _place(column: Column, word: str, cells: Cells, grid: Grid, book: FaultBook) -> _Place:
    """The place of a column; one in minutes is said to be converted."""
    if word == column.name:
        return _Place(column, cells)
    book.warn(f"'{word}' is in minutes: converted to seconds", file=grid.file, column=column.name)
    high = None if column.high is None else column.high / 60
    return _Place(replace(column, unit="minutes", high=high), cells, 60.0)


def refuse_caption(caption: str, number: int, table: Table, book: FaultBook, grid: Grid) -> None:
    """A fault for a caption that the schema does not have."""
    if suggests_special_category(caption):
        reason = (
            f"column {number} '{shown(caption)}' may hold special-category data (GDPR Art. 9); "
            "it was not read"
        )
        hint, code = "remove it", "HR201"
    elif table.name == "survey_groups" and names_a_person(same_word(caption)):
        reason = f"column {number} '{shown(caption)}' tells single people apart; it was not read"
        hint, code = "hand over means of groups only, and remove it", "HR202"
    elif not caption:
        reason, hint, code = f"column {number} has no name", "name it or remove it", "HR101"
    else:
        reason = f"column {number} '{shown(caption)}' is not known"
        known = ", ".join(table.names)
        hint = did_you_mean(same_word(caption), table.names) or f"the columns are {known}"
        code = "HR101"
    book.error(reason, file=grid.file, line=grid.header_line, value=caption, hint=hint, code=code)


def _values(grid: Grid, place: _Place, table: Table, book: FaultBook) -> Values:
    """A column with each distinct text read once."""
    column, cells = place.column, place.cells
    texts = cells.texts
    if column.type in _NUMBERS and grid.has_free_comma and (pointed := with_points(texts)):
        texts = pointed
        book.warn("numbers have a decimal comma: read so", file=grid.file, column=column.name)
    read = reader(column)
    values: list[Any] = []
    refused: dict[int, BadValueError] = {}
    for code, text in enumerate(texts):
        try:
            value = _value(text, column, read)
            values.append(value if place.factor == 1 or value is None else value * place.factor)
        except BadValueError as bad:
            values.append(BAD)
            told = _with_hint(bad, column)
            refused[code] = _unsaid(told, text) if _is_unsaid(text, table) else told
    is_private = column.type is ColumnType.EMAIL or column.name in _PRIVATE
    given = ["" if is_private or _is_unsaid(text, table) else text for text in cells.texts]
    note_refused(refused, cells.codes, given, grid.lines, grid.file, column.name, book)
    if column.type is ColumnType.TEXT:
        _look_at_texts(grid, cells, column, table, book)
    return Values(cells.codes, tuple(values))


def _with_hint(bad: BadValueError, column: Column) -> BadValueError:
    """A refusal that says how to go on, if only by an example."""
    if bad.hint or not column.example:
        return bad
    hint = "write one of them" if column.choices else f"write it like {column.example}"
    return BadValueError(bad.reason, hint, bad.code)


def _is_unsaid(text: str, table: Table) -> bool:
    """Whether a text is not to be repeated: a name in a table of people, or about health."""
    return ("agent_id" in table.names and may_be_name(text)) or tells_health(text)


def _unsaid(bad: BadValueError, text: str) -> BadValueError:
    """A refusal without the text that was refused."""
    reason = bad.reason.replace(f"'{shown(text)}'", "the text (not repeated here)")
    hint = "" if shown(text) in bad.hint else bad.hint
    return BadValueError(reason, hint, bad.code)


def note_refused(
    refused: Mapping[int, BadValueError],
    codes: NDArray[np.int64],
    texts: Sequence[str],
    lines: NDArray[np.int64],
    file: str,
    column: str,
    book: FaultBook,
) -> None:
    """A fault for every row of a column whose distinct text was refused, by line."""
    if not refused:
        return
    is_refused = np.zeros(len(texts), dtype=np.bool_)
    is_refused[list(refused)] = True
    for row in np.flatnonzero(is_refused[codes]).tolist():
        code = int(codes[row])
        book.bad(refused[code], file=file, line=int(lines[row]), column=column, value=texts[code])


def _value(text: str, column: Column, read: Callable[[str], Any]) -> Any:
    """The value of one text; None when it is empty and may be."""
    if text:
        return read(text)
    if column.is_required:
        raise BadValueError("is missing", f"fill it in, like {column.example}", "HR102")
    return None


def _look_at_texts(grid: Grid, cells: Cells, column: Column, table: Table, book: FaultBook) -> None:
    """Warnings for free texts that look like formulas, or like information about health."""
    formulas = sum(text.startswith(_FORMULA) for text in cells.texts)
    if formulas:
        book.warn(
            f"{formulas} texts begin like a formula: exports put a ' in front of them",
            file=grid.file,
            column=column.name,
        )
    if column.name in _REASONS and table.name != "constraints":  # whose reader says it
        telling = {code for code, text in enumerate(cells.texts) if tells_health(text)}
        bad = BadValueError(
            "looks like health information (it is not repeated here)",
            "say what is planned, not why",
            "HR109",
        )
        blank = [""] * len(cells.texts)
        note_refused(
            dict.fromkeys(telling, bad), cells.codes, blank, grid.lines, grid.file, column.name,
            book,
        )  # fmt: skip
    if (table.name, column.name) in _FREE_TEXTS and any(map(tells_health, cells.texts)):
        book.warn(
            "a text looks like health information (it is not repeated here)",
            file=grid.file,
            column=column.name,
            hint="say what is planned, not why",
            code="HR109",
        )
