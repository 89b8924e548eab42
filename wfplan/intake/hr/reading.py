"""HR's files, whatever they are, as pieces of tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

from wfplan.domain.tables import TABLES
from wfplan.intake import columnar, delimited, files, workbook
from wfplan.intake.book import FaultBook, shown
from wfplan.intake.files import BadFileError, RawFile
from wfplan.intake.grid import Grid
from wfplan.intake.hr.asked import Asked, hr_tables
from wfplan.intake.hr.calendars import Clock, read_calendar
from wfplan.intake.hr.layouts import COMMON, layout_of, shipped
from wfplan.intake.hr.matching import Match, layouts_of, matched, named_table, table_of
from wfplan.intake.hr.pieces import Piece
from wfplan.intake.hr.scim import read_users
from wfplan.intake.hr.translate import translated


def read_pieces(
    asked: Asked, zone_of: Callable[[str], str], around: date, book: FaultBook
) -> list[Piece]:
    """
    The rows of all files; every fault goes into the book.

    Parameters
    ----------
    zone_of
        The time zone of a person, where no file says it.
    around
        The day around which endless series of calendars are written out.

    Raises
    ------
    InputError
        When the layout that was asked for is not there.
    """
    pieces: list[Piece] = []
    calendars: list[tuple[RawFile, str, str]] = []
    for (table, path), name in zip(asked.files, _names(asked.files), strict=True):
        try:
            raw = files.read_file(path)
            if _is_calendar(raw):
                calendars.append((raw, name, table or named_table(path.stem)))
            else:
                pieces += _pieces(raw, name, table, asked, book)
        except BadFileError as bad:
            book.error(bad.reason, file=name, line=bad.line, hint=bad.hint)
    zones = {
        row.agent_id: row.cells["timezone"]
        for piece in pieces
        for row in piece.rows
        if piece.table == "agents" and row.cells.get("timezone")
    }
    clock = Clock(lambda agent_id: _zone(zones.get(agent_id) or zone_of(agent_id)), around)
    for raw, name, table in calendars:
        try:
            pieces += read_calendar(raw.content, name, raw.sha256, table, clock, book)
        except BadFileError as bad:
            book.error(bad.reason, file=name, line=bad.line, hint=bad.hint)
    return pieces


def _zone(name: str) -> str:
    """A zone that exists; a wrong one is a fault of the agents table already."""
    from wfplan.intake.values import is_zone

    return name if is_zone(name) else "UTC"


def _names(asked: Sequence[tuple[str, Path]]) -> list[str]:
    """Names of files in messages: the last part, or as much as tells them apart."""
    last = [path.name for _, path in asked]
    return [
        name if last.count(name) == 1 else str(Path(path.parent.name) / name)
        for (_, path), name in zip(asked, last, strict=True)
    ]


def _is_calendar(raw: RawFile) -> bool:
    """Whether a file is iCalendar."""
    return raw.content[:64].lstrip(b"\xef\xbb\xbf \r\n").upper().startswith(b"BEGIN:VCALENDAR")


def _pieces(raw: RawFile, name: str, table: str, asked: Asked, book: FaultBook) -> Iterator[Piece]:
    """The rows of a file that is no calendar."""
    if workbook.is_workbook(raw.content):
        yield from _sheets(raw, name, table, asked, book)
        return
    if columnar.is_parquet(raw.content):
        grid = columnar.read_parquet(raw.content, name)
    elif files.is_old_workbook(raw.content):
        raise BadFileError(
            "is an old (.xls) or encrypted workbook", "save it as .xlsx or CSV, without a password"
        )
    else:
        text = files.decoded(raw.content)
        for note in text.notes:
            book.warn(note, file=name)
        if text.text.lstrip("\ufeff \r\n\t")[:1] in ("{", "["):
            yield read_users(text.text.lstrip("\ufeff"), name, raw.sha256, book)
            return
        if raw.path.suffix.casefold() == ".ics":
            raise BadFileError("is not a calendar that can be read", "export it again as .ics")
        grid = delimited.read_delimited(
            text.text, name, _all_captions(asked), book, asked.delimiter
        )
    match = _match(grid, table or named_table(raw.path.stem), asked)
    if match is None:
        book.error(
            "nothing says which table this is",
            file=name, line=grid.header_line,
            hint=f"write TABLE={raw.path.name}, with one of {', '.join(hr_tables())}",
            code="HR101",
        )  # fmt: skip
        return
    yield translated(grid, match, asked, raw.sha256, book)


def _sheets(raw: RawFile, name: str, table: str, asked: Asked, book: FaultBook) -> Iterator[Piece]:
    """The rows of the sheets of a workbook."""
    grids = workbook.read_sheets(raw.content, name, _all_captions(asked), book)
    by_name = {sheet: named_table(sheet) for sheet, _ in grids}
    if len(grids) == 1:
        by_name = {grids[0][0]: table or by_name[grids[0][0]] or named_table(raw.path.stem)}
    is_any_named = any(by_name.values())
    for sheet, grid in grids:
        if table and by_name[sheet] not in ("", table):
            continue
        match = _match(grid, by_name[sheet], asked)
        if match is not None:
            yield translated(grid, match, asked, raw.sha256, book)
        elif is_any_named:
            book.warn(f"the sheet '{shown(sheet)}' is no table of HR: it was not read", file=name)
        else:
            book.error(
                "nothing says which table this sheet is",
                file=grid.file, line=grid.header_line,
                hint=f"name the sheet: {', '.join(hr_tables())}", code="HR101",
            )  # fmt: skip


def _match(grid: Grid, table: str, asked: Asked) -> Match | None:
    """The table of a grid and its columns; None when nothing tells."""
    layouts = layouts_of(grid.header, asked.layout, asked.maps)
    if table:
        return matched(grid.header, table, layouts, asked.maps)
    return table_of(grid.header, layouts, asked.maps)


def _all_captions(asked: Asked) -> set[str]:
    """Every caption that any layout knows, or that was mapped."""
    known = {column for table in hr_tables() for column in TABLES[table].names}
    for name in (COMMON, *shipped()):
        for columns in layout_of(name).captions.values():
            known.update(word for words in columns.values() for word in words)
    return known | set(asked.maps)
