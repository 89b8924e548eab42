"""CSV and its relatives: any usual delimiter, quotes as in RFC 4180.

Large clean files take a fast road: a scan of bytes proves that every line has
the same number of delimiters and no quote, and pandas reads it. All others
take the careful road, row by row, which knows the line of every fault.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from itertools import chain, islice

import numpy as np
import pandas as pd

from wfplan.intake.book import BadValueError, FaultBook, shown
from wfplan.intake.files import FIELD_MAX, BadFileError
from wfplan.intake.grid import COLUMNS_MAX, ROWS_MAX, Cells, Grid
from wfplan.intake.naming import same_word

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
TITLES_MAX = 12
"""Rows among which the names of the columns are looked for."""
_WORDS_MIN = 2
_FAST_FROM = 200_000  # characters


def read_delimited(
    text: str, file: str, known: Collection[str], book: FaultBook, delimiter: str = ""
) -> Grid:
    """
    The grid of a delimited text.

    Parameters
    ----------
    text
        The decoded file.
    file
        Its name in messages.
    known
        Names of columns; the delimiter that finds most of them in the header counts.
    book
        Takes the faults of single rows; they are left out of the grid.
    delimiter
        What separates the columns, where it is known.

    Raises
    ------
    BadFileError
        When there is no header, or too many rows or columns.
    """
    text = text.rstrip("\r\n")
    words = {same_word(name) for name in known}
    first = list(islice((line for line in io.StringIO(text) if line.strip()), TITLES_MAX))
    if not first:
        raise BadFileError("holds nothing but blank lines", "write the header line into it")
    if not delimiter:
        delimiter = _delimiter(first, words)
        if delimiter != ",":
            book.warn(f"columns are separated by a {DELIMITERS[delimiter]}: read so", file=file)
    is_headed = header_at([line.split(delimiter) for line in first], words) == 0
    if len(text) >= _FAST_FROM and is_headed and (grid := _fast(text, file, delimiter)):
        return grid
    return _careful(text, file, delimiter, book, words)


def header_at(rows: Sequence[Sequence[str]], words: Collection[str]) -> int:
    """
    Which of the first rows names the columns: a title above them knows none of their words.

    The first row where no row knows two of them.
    """
    counts = [
        len({same_word(name.strip("\"' \n\r")) for name in row}.intersection(words))
        for row in rows[:TITLES_MAX]
    ]
    if not counts or counts[0] >= _WORDS_MIN:
        return 0
    return next((at for at, count in enumerate(counts) if count >= _WORDS_MIN), 0)


def say_titles(file: str, line: int, book: FaultBook) -> None:
    """Say that the names of the columns do not stand in the first line."""
    book.warn(f"the names of the columns stand in line {line}: what is above was not read",
              file=file, line=line)  # fmt: skip


def _delimiter(first: Sequence[str], words: Collection[str]) -> str:
    """The delimiter with which one of the first lines has the most known columns, then the most."""

    def found(delimiter: str) -> tuple[int, int]:
        names = [
            [same_word(name.strip("\"' \n\r")) for name in line.split(delimiter)] for line in first
        ]
        return max(len(set(some).intersection(words)) for some in names), len(names[0])

    return max(DELIMITERS, key=found)


def _fast(text: str, file: str, delimiter: str) -> Grid | None:
    """The grid of a regular text, or None when it is not regular."""
    content = text.encode()
    if b'"' in content or (b"\r" in content and content.count(b"\r") != content.count(b"\r\n")):
        return None
    width = _regular_width(content, delimiter)
    if width is None or width > COLUMNS_MAX:
        return None
    row_count = content.count(b"\n") + (not content.endswith(b"\n")) - 1
    if row_count > ROWS_MAX:
        raise _too_many_rows()
    frame = pd.read_csv(
        io.BytesIO(content),
        sep=delimiter,
        header=None,
        skiprows=1,
        names=range(width),
        dtype=object,
        na_filter=False,
        quoting=csv.QUOTE_NONE,
        encoding="utf-8",
        skip_blank_lines=False,
        engine="c",
        low_memory=False,
    )
    if len(frame) != row_count:
        return None
    columns = tuple(Cells.of(frame[i].to_numpy()) for i in range(width))
    header = tuple(name.strip() for name in text[: text.index("\n")].split(delimiter))
    lines = np.arange(2, row_count + 2, dtype=np.int64)
    return Grid(file, header, columns, lines, has_free_comma=delimiter != ",")


def _regular_width(content: bytes, delimiter: str) -> int | None:
    """Number of columns when every line has the same number and none is blank or too long."""
    raw = np.frombuffer(content, dtype=np.uint8)
    ends = np.flatnonzero(raw == ord("\n"))
    if len(ends) < 2:
        return None
    if ends[-1] != len(raw) - 1:
        ends = np.append(ends, len(raw))
    lengths = np.diff(ends, prepend=-1)
    marks = np.searchsorted(np.flatnonzero(raw == ord(delimiter)), ends)
    per_line = np.diff(marks, prepend=0)
    width = int(per_line[0]) + 1
    is_regular = (per_line == per_line[0]).all() and lengths.min() > width + 1
    return width if is_regular and lengths.max() <= FIELD_MAX else None


def _careful(
    text: str, file: str, delimiter: str, book: FaultBook, words: Collection[str] = ()
) -> Grid:
    """The grid of any text; rows that cannot be cut into columns are faults."""
    records = _records(text, file, delimiter, book)
    first = list(islice(records, TITLES_MAX))
    at = header_at([fields for _, fields in first], words)
    header_line, names = first[at] if first else (1, [])
    if at:
        say_titles(file, header_line, book)
    header = [name.strip() for name in names]
    if not header:
        raise BadFileError("has no header line", "write the names of the columns into it")
    if len(header) > COLUMNS_MAX:
        raise BadFileError(
            f"has {len(header)} columns, the most are {COLUMNS_MAX}", "hand over fewer", line=1
        )
    rows: list[list[str]] = []
    lines: list[int] = []
    for line, fields in chain(first[at + 1 :], records):
        problem = _row_problem(fields, len(header))
        if problem:
            book.bad(problem, file=file, line=line)
            continue
        rows.append(fields[: len(header)])
        lines.append(line)
        if len(rows) > ROWS_MAX:
            raise _too_many_rows()
    columns = tuple(Cells.of([row[i] for row in rows]) for i in range(len(header)))
    return Grid(
        file,
        tuple(header),
        columns,
        np.array(lines, dtype=np.int64),
        header_line,
        has_free_comma=delimiter != ",",
    )


def _records(
    text: str, file: str, delimiter: str, book: FaultBook
) -> Iterator[tuple[int, list[str]]]:
    """The line on which each record that is not blank begins, with its fields."""
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            fields = next(records)
        except StopIteration:
            return
        except csv.Error as error:
            if line == 1:
                raise BadFileError(
                    "has a header line with an unclosed quote",
                    "close it, or write it twice",
                    line=1,
                ) from None
            book.bad(_quote_problem(error), file=file, line=line)
            if "field limit" in str(error) or "end of data" in str(error):
                return
            fields = []
        if any(field.strip() for field in fields):
            yield line, fields
        line = records.line_num + 1


def _quote_problem(error: csv.Error) -> BadValueError:
    """A fault of quoting in words."""
    if "field limit" in str(error):
        return BadValueError(
            f"a field is longer than {FIELD_MAX // 1024} KB; the rest of the file was not read",
            "look for a quote that is opened here or before and never closed",
        )
    return BadValueError(
        "a quote is opened and not closed where a field ends",
        'double the quotes inside a field: ""',
    )


def _row_problem(fields: list[str], width: int) -> BadValueError | None:
    """Why a record is no row of the table, if so; empty fields at its end are spare."""
    longest = max(fields, key=len)
    if len(longest) > FIELD_MAX:
        return BadValueError(
            f"a field is longer than {FIELD_MAX // 1024} KB", f"it begins '{shown(longest)}'"
        )
    if len(fields) < width:
        return BadValueError(
            f"the row has {len(fields)} of the {width} columns",
            "write all delimiters, also of empty cells",
        )
    if any(field.strip() for field in fields[width:]):
        return BadValueError(
            f"the row has {len(fields)} fields, the header {width}",
            "put quotes around a field that holds the delimiter",
        )
    return None


def _too_many_rows() -> BadFileError:
    """The fault of a table beyond the limit."""
    return BadFileError(
        f"has more than {ROWS_MAX:,} rows", "leave out the years that are not needed"
    )
