"""What workbooks for Excel share: made in memory, the same bytes each time, nothing that runs.

A text is written as a text in a cell of the number format Text (``@``): no program runs it,
nor takes it for a date or a link, not even after somebody has edited the cell. Use::

    def sheets(book: Workbook) -> None:
        write_table(book.add_worksheet("Shifts"), header, rows, look_of(book))

    raw = workbook_bytes(sheets, made_at=order.made_at, title="Harbour Bank")
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from wfplan.domain.cells import single_line

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

ROWS_MAX = 1_048_576  # of a sheet of Excel, its header included
CELL_MAX = 32_767  # characters, as Excel counts them
_WIDTH_MAX = 60  # characters
_OPTIONS = {
    "in_memory": True,  # no temporary files with names of people; fixed times in the archive
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


@dataclass(frozen=True)
class Look:
    """The formats of cells: headers, texts, and numbers and truths."""

    header: Format
    text: Format
    number: Format


def workbook_bytes(
    write: Callable[[Workbook], None], *, made_at: datetime, title: str = ""
) -> bytes:
    """
    The bytes of a workbook.

    Parameters
    ----------
    write
        Adds and fills the sheets.
    made_at
        The time that its properties tell, from the schedule and not from the clock.
    """
    from xlsxwriter import Workbook

    buffer = io.BytesIO()
    book = Workbook(buffer, _OPTIONS)
    created = made_at.astimezone(UTC).replace(tzinfo=None)
    book.set_properties({"title": cell_text(title), "author": "wfplan", "created": created})
    write(book)
    book.close()
    return buffer.getvalue()


def look_of(book: Workbook) -> Look:
    """The formats of a workbook."""
    header = book.add_format({"bold": True, "num_format": "@", "bottom": 1})
    return Look(header, book.add_format({"num_format": "@"}), book.add_format())


def write_table(
    sheet: Worksheet, header: Sequence[str], rows: Iterable[Sequence[object]], look: Look
) -> None:
    """Write a header, which stays in sight, and rows below it; None leaves a cell empty."""
    widths = [len(name) for name in header]
    for column, name in enumerate(header):
        sheet.write_string(0, column, cell_text(name), look.header)
    for at, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            write_cell(sheet, at, column, value, look)
            if isinstance(value, str) and len(value) > widths[column]:
                widths[column] = len(value)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width + 2, _WIDTH_MAX))
    sheet.freeze_panes(1, 0)


def write_cell(
    sheet: Worksheet, row: int, column: int, value: Any, look: Look, number: Format | None = None
) -> None:
    """Write one value: a text, a number, or a truth; ``number`` is another format of numbers."""
    match value:
        case None | "":
            return
        case bool():
            sheet.write_boolean(row, column, value, number or look.number)
        case int() | float():
            sheet.write_number(row, column, value, number or look.number)
        case _:
            sheet.write_string(row, column, cell_text(str(value)), look.text)


def cell_text(text: str) -> str:
    """A text on one line, without control characters, as long as a cell can hold."""
    line = single_line(text)
    if len(line.encode("utf-16-le")) <= 2 * CELL_MAX:
        return line
    return line.encode("utf-16-le")[: 2 * CELL_MAX].decode("utf-16-le", errors="ignore")
