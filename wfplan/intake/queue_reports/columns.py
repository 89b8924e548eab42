"""The columns of one report as numbers per row, and what was read said once per column."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wfplan.intake.book import BadValueError, FaultBook, shown
from wfplan.intake.grid import Cells, Grid
from wfplan.intake.queue_reports.captions import Found, Header
from wfplan.intake.queue_reports.durations import LETTERS, NUMBER, ReadDurations, read_durations
from wfplan.intake.queue_reports.layouts import COUNTS, DURATIONS, SHARES
from wfplan.intake.queue_reports.numbers import ReadTexts, read_counts, read_shares
from wfplan.intake.queue_reports.stamps import read_stamps, start_of
from wfplan.intake.queue_reports.units import CLOCK, NAMES, SECONDS
from wfplan.intake.reading import note_refused

FloatArray = NDArray[np.float64]


class Said:
    """What was said of columns already: once for all files that are alike."""

    def __init__(self, book: FaultBook) -> None:
        self.book = book
        self._said: set[tuple[str, str]] = set()

    def say(self, reason: str, file: str, column: str = "", hint: str = "", key: str = "") -> None:
        """A warning, unless one with the same key (by default its words) was said of the column."""
        mark = column, key or reason
        if mark not in self._said:
            self._said.add(mark)
            self.book.warn(reason, file=file, column=column, hint=hint)


@dataclass
class Columns:
    """
    Typed columns of a report; each array has one number per row, NaN where one is not known.

    ``durations`` are as they were read, for what is said of them; ``is_good`` are rows of which
    no cell was refused.
    """

    grid: Grid
    header: Header
    numbers: dict[str, FloatArray] = field(default_factory=dict)
    in_target: dict[float, FloatArray] = field(default_factory=dict)
    durations: dict[str, ReadDurations] = field(default_factory=dict)
    is_good: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))

    def texts(self, name: str) -> NDArray[np.object_]:
        """The texts of a field per row; empty ones where the report has no such column."""
        if name not in self.header.fields:
            return np.full(self.grid.row_count, "", dtype=object)
        return texts_of(self.header.fields[name].cells)


def texts_of(cells: Cells) -> NDArray[np.object_]:
    """The text of every row, shape (row,)."""
    return np.array(cells.texts, dtype=object)[cells.codes]


def combined(columns: Sequence[Cells], row_count: int) -> NDArray[np.int64]:
    """One code per row of what stands in some columns together, shape (row,)."""
    codes = np.zeros(row_count, dtype=np.int64)
    for cells in columns:
        codes = pd.factorize(codes * len(cells.texts) + cells.codes)[0].astype(np.int64)
    return codes


def read_columns(grid: Grid, header: Header, book: FaultBook, said: Said) -> Columns:
    """The counts, shares and durations of a report; refused cells are faults."""
    columns = Columns(grid, header, is_good=np.ones(grid.row_count, dtype=np.bool_))
    counts: dict[str, FloatArray] = {}  # one column may be both the answered and the handled
    for name, found in header.fields.items():
        if name in COUNTS:
            if found.caption not in counts:
                counts[found.caption] = _numbers(found, columns, read_counts, said)
            columns.numbers[name] = counts[found.caption]
        elif name in SHARES:
            columns.numbers[name] = _numbers(found, columns, read_shares, said)
        elif name in DURATIONS:
            texts = found.cells.texts
            read = read_durations(texts, found.unit, grid.has_free_comma)
            columns.durations[name] = read
            columns.numbers[name] = _rows(found, read.seconds, read.refused, columns, book)
            for note in read.notes:
                said.say(note, grid.file, found.caption)
            key = json.dumps(shown(found.caption), ensure_ascii=False)
            columns.is_good &= ~_note_once(
                read.unsaid, found.cells, found.caption, grid, book,
                "may be minutes:seconds or hours:minutes",
                f'say which under [contacts]: units = {{ {key} = "mm:ss" }}, or "hh:mm"',
            )  # fmt: skip
    for after, found in header.in_target.items():
        columns.in_target[after] = _numbers(found, columns, read_counts, said)
    return columns


def _numbers(
    found: Found,
    columns: Columns,
    read: Callable[[tuple[str, ...], str, bool], ReadTexts],
    said: Said,
) -> FloatArray:
    """A column of numbers."""
    grid = columns.grid
    texts = read(found.cells.texts, found.caption, grid.has_free_comma)
    for note in texts.notes:
        said.say(note, grid.file, found.caption)
    return _rows(found, texts.values, texts.refused, columns, said.book)


def _rows(
    found: Found,
    values: FloatArray,
    refused: Mapping[int, BadValueError],
    columns: Columns,
    book: FaultBook,
) -> FloatArray:
    """The values per row; rows of refused texts are bad, and faults."""
    cells, grid = found.cells, columns.grid
    if refused:
        is_bad = np.zeros(len(cells.texts), dtype=np.bool_)
        is_bad[list(refused)] = True
        columns.is_good &= ~is_bad[cells.codes]
        note_refused(
            refused,
            cells.codes,
            cells.texts,
            grid.lines,
            grid.file,
            found.caption,
            book,
        )
    return values[cells.codes]


def stamps_of(
    found: Found,
    dates: Found | None,
    order: str,
    grid: Grid,
    said: Said,
    *,
    is_needed: bool = True,
) -> tuple[tuple[datetime | None, ...], NDArray[np.int64], bool]:
    """
    Distinct stamps, their code per row, and whether one has no offset; bad ones are faults.

    ``dates`` is the column of the date where the time of day stands alone.
    """
    cells = found.cells
    if dates is not None:
        both = [f"{day} {start_of(time)}".strip() for day, time in
                zip(texts_of(dates.cells), texts_of(cells), strict=True)]  # fmt: skip
        cells = Cells.of(both)
    read = read_stamps([start_of(text) for text in cells.texts], order)
    refused = {code: bad for code, bad in read.refused.items() if is_needed or cells.texts[code]}
    note_refused(refused, cells.codes, cells.texts, grid.lines, grid.file, found.caption, said.book)
    for note in read.notes:
        said.say(note, grid.file, found.caption)
    if read.unordered:
        _note_once(
            read.unordered, cells, found.caption, grid, said.book,
            "may have its day or its month first, and no date of the column tells",
            'say which under [contacts]: dates = "day-month" or dates = "month-day"',
        )  # fmt: skip
    return read.values, cells.codes, read.is_naive


def _note_once(
    codes: Collection[int],
    cells: Cells,
    caption: str,
    grid: Grid,
    book: FaultBook,
    reason: str,
    hint: str,
) -> NDArray[np.bool_]:
    """One fault for all rows that have some texts of a column; which rows they are."""
    is_one = np.zeros(len(cells.texts), dtype=np.bool_)
    is_one[list(codes)] = True
    rows = np.flatnonzero(is_one[cells.codes])
    if len(rows):
        text = cells.texts[cells.codes[rows[0]]]
        more = f" ({len(rows):,} rows)" if len(rows) > 1 else ""
        book.error(
            f"'{shown(text)}' {reason}{more}",
            file=grid.file,
            line=int(grid.lines[rows[0]]),
            column=caption,
            value=text,
            hint=hint,
            code="HR105",
        )
    return is_one[cells.codes]


def say_unit(name: str, columns: Columns, median_s: float, what: str, said: Said) -> None:
    """Say of a column of durations what was read, and what its values mean in minutes."""
    found, read = columns.header.fields[name], columns.durations[name]
    known = {shape: count for shape, count in read.shapes.items() if count}
    if not known:
        return
    parts = []
    for shape in known:
        if shape == NUMBER:
            unit = found.unit if found.unit in SECONDS else "s"
            parts.append(f"{NAMES[unit]}, {found.whence}" if found.whence else NAMES[unit])
        else:
            parts.append("texts with units" if shape == LETTERS else NAMES.get(shape, CLOCK))
    is_seconds = set(known) == {NUMBER} and found.unit in ("s", "")
    turned = "" if is_seconds else "; turned into seconds"
    reading = " and ".join(parts)
    middle = f": {what} are below {clock(median_s)}" if np.isfinite(median_s) else ""
    said.say(f"read as {reading}{turned}{middle}", columns.grid.file, found.caption,
             key=f"unit:{reading}")  # fmt: skip


def clock(seconds: float) -> str:
    """``215 s (3:35)``, as people compare it."""
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    shown = f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
    return f"{seconds:,.4g} s ({shown})" if seconds < 10_000 else f"{whole:,} s ({shown})"
