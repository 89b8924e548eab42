"""Long tables of workbooks, written row by row into the file that stands (ECMA-376, 18.3.1.73).

A million cells as objects take ``xlsxwriter`` half a minute and half a gigabyte; here each text
is written once and no more than a part of the rows is held. Texts are inline strings in the
format of the header, which no program takes for a formula.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from wfplan.domain.cells import cell
from wfplan.export.workbooks import cell_text

_TEXTS_KEPT = 2**16
_ROWS_AT_ONCE = 2_000
_END = b"</sheetData>"
_STYLE = re.compile(rb'<c r="A1"(?: s="(\d+)")?')
_EXTENT = re.compile(rb'<dimension ref="A1:([A-Z]+)1"/>')
_CODED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # _x003D_ would be read as = (ECMA-376, 22.9.2.19)
_FIXED = (1980, 1, 1, 0, 0, 0)


def with_rows(raw: bytes, sheet: int, rows: Iterable[Iterable[object]], count: int) -> bytes:
    """
    A workbook with rows below the header of a sheet.

    Parameters
    ----------
    raw
        The workbook; the sheet has a row of headers, in the format that texts are to have.
    sheet
        Its number in the file, from 1.
    count
        How many rows there are.
    """
    buffer, name = io.BytesIO(), f"xl/worksheets/sheet{sheet}.xml"
    with ZipFile(io.BytesIO(raw)) as old, ZipFile(buffer, "w", ZIP_DEFLATED) as new:
        for info in old.infolist():
            made = ZipInfo(info.filename, _FIXED)
            made.compress_type, made.external_attr = ZIP_DEFLATED, info.external_attr
            content = old.read(info)
            if info.filename != name:
                new.writestr(made, content)
                continue
            with new.open(made, "w", force_zip64=True) as entry:
                for piece in _sheet(content, rows, count):
                    entry.write(piece)
    return buffer.getvalue()


def _sheet(content: bytes, rows: Iterable[Iterable[object]], count: int) -> Iterator[bytes]:
    """The sheet in pieces, the rows after its header."""
    found = _STYLE.search(content)
    style = found[1].decode() if found and found[1] else "0"
    head, end, tail = content.partition(_END)
    yield _EXTENT.sub(rb'<dimension ref="A1:\g<1>%d"/>' % (count + 1), head)
    numbered = enumerate(rows, start=2)
    while part := list(islice(numbered, _ROWS_AT_ONCE)):
        yield "".join(_row(number, row, style) for number, row in part).encode()
    yield end + tail


def _row(number: int, row: Iterable[object], style: str) -> str:
    """A row; cells follow one another, so that they need no name."""
    return f'<row r="{number}">{"".join(_cell(value, style) for value in row)}</row>'


def _cell(value: object, style: str) -> str:
    match value:
        case bool():
            return f'<c t="b"><v>{int(value)}</v></c>'
        case int():
            return f"<c><v>{value}</v></c>"
        case None | "":
            return "<c/>"
        case datetime() | date():
            return _text(cell(value), style)
    return _text(str(value), style)


@lru_cache(_TEXTS_KEPT)
def _text(text: str, style: str) -> str:
    """A text as it is; spaces round it stay."""
    inner = _CODED.sub("_x005F_", escape(cell_text(text)))
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{inner}</t></is></c>'
