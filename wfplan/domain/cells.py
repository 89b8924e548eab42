"""Cells of the tables that wfplan writes: instants, numbers, and text that no spreadsheet runs.

A spreadsheet takes a cell for a formula when it begins with ``= + - @`` or
with a tab or line end before one of them (OWASP, *CSV Injection*; lookalikes
of full width included). Such text gets a quote in front, and so does text that
already has the quote, so that :func:`unguarded` gives back exactly what was
guarded. Control characters and line ends become spaces: a line inside a cell
would be a cell of its own to careless readers. So do the characters that turn
the direction of what follows (Unicode UAX #9, 2.1 to 2.4), which make a text look
like another one, and the two that no XML can hold.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from math import isfinite

BOM = "\ufeff"
INSTANT = "%Y-%m-%dT%H:%M:%SZ"

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]+")
_FORMULA = re.compile(r"'*[\s\u200b\ufeff]*[=+\-@＝＋－＠]")


def single_line(text: str) -> str:
    """Text without control characters and line ends; a space stands for each run of them."""
    return _CONTROL.sub(" ", text)


def guarded(text: str) -> str:
    """Text as a cell that no spreadsheet takes for a formula."""
    line = single_line(text)
    return f"'{line}" if _FORMULA.match(line) else line


def unguarded(cell: str) -> str:
    """The text that was guarded."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def instant_cell(instant: datetime) -> str:
    """``2026-10-19T07:00:00Z``."""
    return _written(instant.astimezone(UTC))


@lru_cache(2**16)  # shifts begin and end with one another
def _written(instant: datetime) -> str:
    """The same of an instant in UTC: wall times that occur twice are equal to one another."""
    return instant.strftime(INSTANT)


def cell(value: object) -> str:
    """A value as a cell: shortest exact numbers, ISO dates, empty for what is not known."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return repr(float(value)) if isfinite(value) else _not_finite(value)
        case datetime():
            return instant_cell(value)
        case date():
            return value.isoformat()
        case str():
            return guarded(value)
    return str(value)


def _not_finite(value: float) -> str:
    """NaN is a value that is not known; infinities are said."""
    return "" if value != value else ("inf" if value > 0 else "-inf")


def csv_text(
    header: Sequence[str], rows: Iterable[Iterable[object]], *, is_for_spreadsheets: bool = False
) -> str:
    """
    A table as CSV (RFC 4180 quoting).

    ``is_for_spreadsheets`` adds the byte order mark and the line ends (CRLF)
    that Excel wants.
    """
    buffer = io.StringIO()
    if is_for_spreadsheets:
        buffer.write(BOM)
    writer = csv.writer(buffer, lineterminator="\r\n" if is_for_spreadsheets else "\n")
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    return buffer.getvalue()
