"""A file's grid as rows of a table: captions, words, dates and numbers brought into our form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.columns import Column, ColumnType
from wfplan.domain.tables import TABLES
from wfplan.intake.book import FaultBook, shown
from wfplan.intake.commas import with_points
from wfplan.intake.grid import Cells, Grid
from wfplan.intake.hr import forms
from wfplan.intake.hr.asked import LEFT_OUT, Asked
from wfplan.intake.hr.canonical import canonical_texts
from wfplan.intake.hr.matching import Match
from wfplan.intake.hr.pieces import Piece
from wfplan.intake.hr.rows import rows_of
from wfplan.intake.naming import same_word
from wfplan.intake.privacy import suggests_special_category
from wfplan.intake.reading import refuse_caption
from wfplan.intake.single_people import names_a_person

_DATED = (ColumnType.DATE, ColumnType.MOMENT, ColumnType.INSTANT)
_NUMBERS = (ColumnType.NUMBER, ColumnType.COUNT)
_CHOSEN = ("contract_type", "type", "status", "kind", "weekday")
FTE_MAX = 1.5


@dataclass
class _Reading:
    """One file while it is translated."""

    grid: Grid
    match: Match
    asked: Asked
    book: FaultBook
    order: str = ""
    said: list[str] = field(default_factory=list)


def translated(grid: Grid, match: Match, asked: Asked, sha256: str, book: FaultBook) -> Piece:
    """The rows of a file; unknown captions and missing columns are faults in the book."""
    reading = _Reading(grid, match, asked, book)
    _check_captions(reading)
    reading.order = _order(reading)
    columns = {
        name: _column(reading, name, grid.columns[number])
        for number, name in match.columns.items()
        if name in TABLES[match.table].names
    }
    _add_extras(reading, columns)
    keep = _kept(reading, columns)
    file = grid.file
    rows = rows_of(match.table, _cells(columns, keep), file, grid.lines[keep].tolist())
    missing = frozenset(match.missing)
    about = {
        "file": file,
        "table": match.table,
        "rows": len(rows),
        "layout": match.layouts[0].id,
        "columns": {grid.header[n]: name for n, name in sorted(match.columns.items())},
        "left_out": [grid.header[n] for n in sorted(match.left_out)],
        "date_format": reading.order,
    }
    said = tuple(_captions_said(reading) + reading.said)
    return Piece(match.table, file, sha256, rows, missing=missing, about=about, said=said)


def _check_captions(reading: _Reading) -> None:
    """Faults for captions that are unknown, double, or of special categories, and missing ones."""
    grid, match, book = reading.grid, reading.match, reading.book
    table = TABLES[match.table]
    for number, caption in enumerate(grid.header):
        if not caption and grid.columns[number].is_blank:
            continue
        name = match.columns.get(number, "")
        is_renamed = name and same_word(caption) != name
        is_of_people = match.table == "survey_groups" and names_a_person(same_word(caption))
        if is_of_people or (is_renamed and suggests_special_category(caption)):
            refuse_caption(caption, number + 1, table, book, grid)
        elif number in match.twice:
            book.error(
                f"column {number + 1} '{shown(caption)}' gives '{match.twice[number]}' a second "
                "time",
                file=grid.file, line=grid.header_line, column=match.twice[number],
                hint=f'keep one of them, or leave one out with --map "{shown(caption)}=-"',
                code="HR110",
            )  # fmt: skip
        elif not name and number not in match.left_out:
            refuse_caption(caption, number + 1, table, book, grid)
    for name in match.missing:
        book.error(
            "the column is missing",
            file=grid.file, line=grid.header_line, column=name,
            hint=f'add it, or say which column it is: --map "CAPTION={name}"',
            code="HR102",
        )  # fmt: skip


def _order(reading: _Reading) -> str:
    """The order of day and month: as asked, or the only one in which all dates are dates."""
    if reading.asked.date_order:
        return reading.asked.date_order
    schema = TABLES[reading.match.table]
    texts = [
        text
        for number, name in reading.match.columns.items()
        if name in schema.names and schema.column(name).type in _DATED
        for text in reading.grid.columns[number].texts
    ]
    orders, decides = forms.possible_orders(texts)
    if len(orders) != 1:
        return ""
    (order,) = orders
    words = {"dmy": "day, month, year", "mdy": "month, day, year"}[order]
    reading.said.append(
        f"dates are read as {words} (because of {decides}); --date-format says otherwise"
    )
    return order


def _column(reading: _Reading, name: str, cells: Cells) -> Cells:
    """The cells of a column in our form."""
    column = TABLES[reading.match.table].column(name)
    texts = cells.texts
    if column.type in _DATED:
        texts = tuple(forms.iso_moment(text, reading.order) for text in texts)
    elif column.type is ColumnType.TIME:
        texts = tuple(forms.iso_clock(text) for text in texts)
    elif column.type in _NUMBERS:
        texts = _numbers(reading, column, texts)
    if name in _CHOSEN:
        values = reading.match.value_of(name)
        texts = tuple(_word(text, values) for text in texts)
    return Cells.coded(cells.codes, canonical_texts(texts, column))


def _word(text: str, values: Mapping[str, str]) -> str:
    """The value of a word."""
    return values.get(same_word(text), text)


def _numbers(reading: _Reading, column: Column, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Numbers with points; ``30 / 40`` hours of a full-time week are 30."""
    if column.name == "contract_hours_week":
        texts = tuple(text.partition("/")[0].strip() for text in texts)
    if reading.asked.is_comma:
        return tuple(map(forms.point_number, texts))
    pointed = with_points(texts) if reading.grid.has_free_comma else None
    if pointed:
        reading.said.append(f"{column.name} has decimal commas; read so")
    return pointed or texts


def _add_extras(reading: _Reading, columns: dict[str, Cells]) -> None:
    """Columns made of others: hours of a share of full time, a name of two."""
    numbers = {name: number for number, name in reading.match.columns.items()}
    grid = reading.grid
    if "fte" in numbers:
        columns["contract_hours_week"] = _hours(reading, grid.columns[numbers["fte"]])
    parts = [grid.columns[numbers[n]] for n in ("first_name", "last_name") if n in numbers]
    if parts:
        texts = [[cells.texts[code] for code in cells.codes] for cells in parts]
        columns["name"] = Cells.of(
            [" ".join(filter(None, row)) for row in zip(*texts, strict=True)]
        )


def _hours(reading: _Reading, cells: Cells) -> Cells:
    """Shares of full time as hours a week."""
    base = reading.asked.full_time_hours
    grid, book = reading.grid, reading.book
    if base is None:
        book.error(
            "FTE is a share of a full-time week, and how long that is is not said",
            file=grid.file, line=grid.header_line, column="contract_hours_week",
            hint="pass --full-time-hours 40, with your own hours", code="HR107",
        )  # fmt: skip
        return Cells(np.zeros(len(grid.lines), dtype=np.int64), ("",))
    reading.said.append(f"contract_hours_week is FTE times {base:g} hours")
    texts = list(cells.texts)
    for code, text in enumerate(texts):
        share = _share(text)
        if not text or share is None:
            continue
        if share > FTE_MAX:
            first = int(np.flatnonzero(cells.codes == code)[0])
            book.error(
                f"FTE {shown(text)} is no share of full time",
                file=grid.file, line=int(grid.lines[first]), column="contract_hours_week",
                hint=f"did you mean {share / 100:g}?", code="HR107",
            )  # fmt: skip
            texts[code] = ""
            continue
        texts[code] = f"{share * base:.6g}"
    return Cells.coded(cells.codes, texts)


def _share(text: str) -> float | None:
    """A share such as ``0.8``, ``0,8`` or ``80 %``."""
    plain = text.replace(",", ".").strip()
    try:
        return float(plain[:-1]) / 100 if plain.endswith("%") else float(plain)
    except ValueError:
        return None


def _kept(reading: _Reading, columns: Mapping[str, Cells]) -> NDArray[np.bool_]:
    """Rows that no value leaves out, shape (row,)."""
    keep = np.ones(len(reading.grid.lines), dtype=np.bool_)
    for name in _CHOSEN:
        if name not in columns:
            continue
        out = np.array([text == LEFT_OUT for text in columns[name].texts], dtype=np.bool_)
        gone = out[columns[name].codes] if len(out) else np.zeros_like(keep)
        if gone.any():
            reading.said.append(f"{int(gone.sum())} rows are left out because of their {name}")
        keep &= ~gone
    return keep


def _cells(columns: Mapping[str, Cells], keep: NDArray[np.bool_]) -> list[dict[str, str]]:
    """Texts by column of every row that is kept, empty ones left out."""
    rows: list[dict[str, str]] = [{} for _ in range(int(keep.sum()))]
    for name, cells in columns.items():
        texts = cells.texts
        for row, code in zip(rows, cells.codes[keep].tolist(), strict=True):
            if texts[code]:
                row[name] = texts[code]
    return rows


def _captions_said(reading: _Reading) -> list[str]:
    """What was guessed of the captions."""
    grid, match = reading.grid, reading.match
    renamed = [
        f"'{shown(grid.header[number])}' as {name}"
        for number, name in sorted(match.columns.items())
        if same_word(grid.header[number]) != name
    ]
    said = [f"columns are read by their meaning: {', '.join(renamed)}"] if renamed else []
    if match.left_out:
        names = ", ".join(f"'{shown(grid.header[number])}'" for number in sorted(match.left_out))
        said.append(f"left out, as the layout has it: {names}")
    return said
