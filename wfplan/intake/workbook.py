"""XLSX workbooks, guarded before they are parsed.

An XLSX is a zip of XML. Its directory is checked first (entries, sizes,
ratio), then every part is unpacked by the piece into nothing, to see that it
is no larger than the directory says and that no cell lies so far away that the
sheet between would not fit into memory. Only then calamine reads it.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

import numpy as np

from wfplan.intake.book import FaultBook
from wfplan.intake.delimited import header_at, say_titles
from wfplan.intake.files import FIELD_MAX, BadFileError
from wfplan.intake.grid import COLUMNS_MAX, ROWS_MAX, Cells, Grid
from wfplan.intake.naming import same_word

ENTRIES_MAX = 1_000
UNPACKED_MAX = 500 * 1024**2
RATIO_MAX = 100
CELLS_MAX = 10_000_000
_SMALL = 1024**2  # below this size a high ratio is harmless
_PIECE = 1024**2
_CELL = re.compile(rb"""\br=["']([A-Z]{0,3})([0-9]{1,9})["']""")
_OVERLAP = 64


def is_workbook(content: bytes) -> bool:
    """Whether the bytes begin like a zip archive."""
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def read_workbook(
    content: bytes, file: str, table: str, book: FaultBook, known: Collection[str] = ()
) -> Grid:
    """
    The grid of one sheet: the one named like the table, else the only one.

    Rows above the one that has words of ``known`` are titles, which is said.

    Raises
    ------
    BadFileError
        When the archive is damaged or out of bounds, or has no such sheet.
    """
    name, cells = next(_sheets(content, lambda names: [_sheet_name(names, file, table, book)]))
    return _grid(cells, file, name, {same_word(one) for one in known}, book)


def read_sheets(
    content: bytes, file: str, known: Collection[str], book: FaultBook
) -> list[tuple[str, Grid]]:
    """
    The names and grids of all sheets on which anything stands.

    Rows above the one that has words of ``known`` are titles, which is said.

    Raises
    ------
    BadFileError
        When the archive is damaged or out of bounds, or every sheet is empty.
    """
    words = {same_word(name) for name in known}
    found = [
        (name, _grid(cells, f"{file}[{name}]", name, words, book))
        for name, cells in _sheets(content, lambda names: names)
        if any(_text(value) for row in cells for value in row)
    ]
    if not found:
        raise BadFileError("has nothing on its sheets", "put a table on each")
    return found


def _sheets(
    content: bytes, which: Callable[[list[str]], list[str]]
) -> Iterator[tuple[str, Sequence[Sequence[object]]]]:
    """The names and cells of some sheets of a workbook that was found harmless."""
    _check_archive(content)
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in which(workbook.sheet_names):
            yield name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except BadFileError:
        raise
    except BaseException as error:
        # A panic of the Rust library arrives as a BaseException that has no importable name.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise BadFileError(
            "is not a workbook that can be read",
            "open it in a spreadsheet and save it as .xlsx or CSV",
        ) from None


def _check_archive(content: bytes) -> None:
    """Refuse archives that are damaged, would not fit, or were made to be unpacked in vain."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _check_directory(parts)
            total = 0
            for part in parts:
                total += _check_part(archive, part, UNPACKED_MAX - total)
    except BadFileError:
        raise
    except Exception:  # damaged archives raise errors of many kinds from deep inside zipfile
        raise BadFileError(
            "is a damaged or encrypted workbook",
            "open it in a spreadsheet and save it again, without a password",
        ) from None


def _check_directory(parts: list[zipfile.ZipInfo]) -> None:
    """Entries, sizes and ratio as the directory states them."""
    if len(parts) > ENTRIES_MAX:
        raise BadFileError(f"has {len(parts):,} parts, the most are {ENTRIES_MAX:,}", _PLAIN)
    size = sum(part.file_size for part in parts)
    if size > UNPACKED_MAX:
        raise BadFileError(f"unpacks to more than {UNPACKED_MAX // 1024**2} MB", _PLAIN)
    for part in parts:
        if part.file_size > _SMALL and part.file_size > RATIO_MAX * max(part.compress_size, 1):
            raise BadFileError(
                f"is packed more than {RATIO_MAX} times smaller than it is, as no table of a "
                "contact centre is",
                _PLAIN,
            )
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise BadFileError("is a zip archive, but no workbook", "unpack it, or save it as .xlsx")


_PLAIN = "save the table alone as CSV"


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, room: int) -> int:
    """Unpack a part into nothing; return its true size and look how far its cells reach."""
    is_sheet = part.filename.startswith("xl/worksheets/")
    size, tail, cells = 0, b"", 0
    last_column, last_row = 0, 0
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > room:
                raise BadFileError(f"unpacks to more than {UNPACKED_MAX // 1024**2} MB", _PLAIN)
            if is_sheet:
                cells += piece.count(b"<c")
                for letters, row in _CELL.findall(tail + piece):
                    last_row = max(last_row, int(row))
                    last_column = max(last_column, _column_number(letters))
                tail = piece[-_OVERLAP:]
    if last_row > ROWS_MAX or max(last_row * last_column, cells) > CELLS_MAX:
        raise BadFileError(
            f"has a cell in row {last_row:,}, column {last_column:,}: its sheet has more than "
            f"{CELLS_MAX // 10**6} million cells",
            "delete the empty rows and columns behind the table",
        )
    return size


def _column_number(letters: bytes) -> int:
    """``A`` is 1, ``XFD`` 16384."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _sheet_name(names: list[str], file: str, table: str, book: FaultBook) -> str:
    """The sheet of a table."""
    for name in names:
        if same_word(name) == table:
            return name
    if not names:
        raise BadFileError("has no sheet", "put the table on a sheet")
    if len(names) > 1:
        book.warn(
            f"no sheet is named '{table}': the first of {len(names)} was read",
            file=file,
            hint=f"name the sheet '{table}'",
        )
    return names[0]


def _grid(
    cells: Sequence[Sequence[object]],
    file: str,
    sheet: str,
    words: Collection[str] = (),
    book: FaultBook | None = None,
) -> Grid:
    """The grid of a sheet: the first row that is not blank is its header, or one of ``words``."""
    rows = [(line, [_text(value) for value in row]) for line, row in enumerate(cells, 1)]
    rows = [(line, row) for line, row in rows if any(row)]
    if not rows:
        raise BadFileError(f"has nothing on its sheet '{sheet}'", "put the table on it")
    at = header_at([row for _, row in rows], words)
    header_line, header = rows[at]
    if at and book is not None:
        say_titles(file, header_line, book)
    while header and not header[-1]:
        header = header[:-1]
    if len(header) > COLUMNS_MAX:
        raise BadFileError(
            f"has {len(header)} columns, the most are {COLUMNS_MAX}", "hand over fewer"
        )
    body = rows[at + 1 :]
    if any(len(text) > FIELD_MAX for _, row in body for text in row):
        raise BadFileError(f"has a cell of more than {FIELD_MAX // 1024} KB", "shorten it")
    return Grid(
        file,
        tuple(header),
        tuple(Cells.of(_column(body, i)) for i in range(len(header))),
        np.array([line for line, _ in body], dtype=np.int64),
        header_line,
        has_free_comma=True,
    )


def _column(body: Iterable[tuple[int, list[str]]], at: int) -> list[str]:
    """The texts of a column; short rows end in empty cells."""
    return [row[at] if at < len(row) else "" for _, row in body]


def _text(value: object) -> str:
    """A cell of a workbook as the text that a CSV would have."""
    match value:
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case float():
            return repr(value)
        case dt.datetime() | dt.date() | dt.time():
            return value.isoformat()
        case dt.timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    return str(value).strip()
