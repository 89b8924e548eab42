"""Files of a roster as they lie there: read once, inside limits, whatever their names say."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from wfplan.domain.atomic import MANIFEST
from wfplan.domain.problem import InputFile
from wfplan.intake import columnar, files, reading, workbook
from wfplan.intake.book import BadValueError, FaultBook
from wfplan.intake.files import BadFileError
from wfplan.intake.grid import Grid
from wfplan.intake.long_table import words_of
from wfplan.intake.naming import same_word
from wfplan.rosters.documents import is_document, parsed

FILES_MAX = 20_000
_BESIDE = (MANIFEST, "datapackage.json", "genesys_calls.json")  # beside a schedule in exports
_HEADER_LINES = 12


@dataclass(frozen=True)
class Source:
    """A file; ``content`` is unpacked where it was gzip; ``is_named`` by the planner, or found."""

    path: Path
    content: bytes
    sha256: str
    is_named: bool = True

    @property
    def name(self) -> str:
        """The file in messages."""
        return str(self.path)

    @property
    def stem(self) -> str:
        """Its name without folder and endings."""
        return self.path.name.partition(".")[0]

    @property
    def is_beside_export(self) -> bool:
        """Whether it lies in the folder of an export, which has more than the schedule."""
        return (self.path.parent / MANIFEST).is_file()

    @property
    def as_input(self) -> InputFile:
        """The file as an input of a run."""
        return InputFile(path=self.path.name, sha256=self.sha256)

    @property
    def is_calendar(self) -> bool:
        """Whether it begins like iCalendar."""
        head = self.content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip().upper()
        return head.startswith(b"BEGIN:VCALENDAR")

    @property
    def is_workbook(self) -> bool:
        """Whether it is a workbook."""
        return workbook.is_workbook(self.content)

    @cached_property
    def document(self) -> Any:
        """
        The JSON value that it holds, None where it does not look like JSON.

        Raises
        ------
        BadFileError
            When it begins like JSON and is none.
        """
        return parsed(self.content) if is_document(self.content) else None

    @cached_property
    def sheets(self) -> dict[str, Grid]:
        """The sheets of a workbook, or the only table of another file under an empty name."""
        book = FaultBook()
        if self.is_workbook:
            return dict(workbook.read_sheets(self.content, self.name, (), book))
        return {"": reading.grid_of(self.content, self.name, "", (), book)}

    def has_columns(self, words: Collection[str], sheet: str = "") -> bool:
        """
        Whether a table has all these columns, of a workbook the sheet of a name or its only one.

        Raises
        ------
        BadFileError
            When a workbook or a Parquet file cannot be read.
        """
        if self.is_calendar or self.document is not None:
            return False
        if self.is_workbook:
            name = self._sheet_of(sheet)
            header = self.sheets[name].header if name is not None else ()
            return {same_word(word) for word in header}.issuperset(words)
        if columnar.is_parquet(self.content):
            return {same_word(word) for word in self.sheets[""].header}.issuperset(words)
        return any(words_of(line) >= set(words) for line in self._first_lines)

    def grid(self, sheet: str, words: Collection[str], book: FaultBook) -> Grid:
        """
        The texts of its table, of a workbook those of the sheet of a name or of its only one.

        Raises
        ------
        BadFileError
            When it is no table.
        """
        if self.is_workbook and (name := self._sheet_of(sheet)) is not None:
            return self.sheets[name]
        return reading.grid_of(self.content, self.name, sheet, words, book)

    def _sheet_of(self, sheet: str) -> str | None:
        """The sheet of that name, whatever its case, or the only one."""
        for name in self.sheets:
            if same_word(name) == sheet:
                return name
        return next(iter(self.sheets)) if len(self.sheets) == 1 else None

    @cached_property
    def _first_lines(self) -> list[str]:
        """The lines of a text among which the header is looked for."""
        try:
            text = files.decoded(self.content).text
        except BadValueError:
            return []
        lines = (line.strip("\r\n") for line in text[:100_000].splitlines() if line.strip())
        return [line for line, _ in zip(lines, range(_HEADER_LINES), strict=False)]


def sources_of(paths: Iterable[Path], book: FaultBook) -> list[Source]:
    """
    The files at some paths, those of folders in order of name; faults go into the book.

    What an export writes beside a schedule, hidden files and folders in folders are not read,
    nor what lies there twice, packed and not.
    """
    found: list[Source] = []
    seen: set[tuple[str, bytes]] = set()
    for path in paths:
        for file in _files_of(path, book):
            try:
                raw = files.read_file(file, has_lines=False)
            except BadFileError as bad:
                book.error(bad.reason, file=str(file), line=bad.line, hint=bad.hint)
                continue
            same = file.name.removesuffix(".gz"), hashlib.sha256(raw.content).digest()
            if file == path or same not in seen:
                found.append(Source(file, raw.content, raw.sha256, is_named=file == path))
            seen.add(same)
    return found


def _files_of(path: Path, book: FaultBook) -> list[Path]:
    """A file, or the files of a folder."""
    if not path.is_dir():
        return [path]
    inside = sorted(
        file
        for file in path.iterdir()
        if file.is_file() and file.name not in _BESIDE and not file.name.startswith((".", "~"))
    )
    if not inside:
        book.error("is a folder without files", file=str(path), hint="name a roster's file")
    if len(inside) > FILES_MAX:
        reason = f"is a folder of {len(inside):,} files, the most are {FILES_MAX:,}"
        book.error(reason, file=str(path), hint="name the files of the roster")
        return []
    return inside
