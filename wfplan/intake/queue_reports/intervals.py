"""When the rows of a report begin and how long they are; which of them are sums of others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wfplan.domain.contacts_source import ContactsSource
from wfplan.intake.book import FaultBook
from wfplan.intake.grid import Cells, Grid
from wfplan.intake.moments import Moments, Place, in_order, moments_of
from wfplan.intake.naming import same_word
from wfplan.intake.queue_reports.captions import Found, Header
from wfplan.intake.queue_reports.columns import Columns, FloatArray, Said, combined, stamps_of
from wfplan.intake.queue_reports.layouts import Layout

TOTAL_WORDS = frozenset(
    ("total", "totals", "grand_total", "sum", "summary", "all", "all_queues", "gesamt", "summe")
)
_LENGTH = re.compile(r"([0-9]{1,3})\s*(?:m|mins?|minutes?)?", re.IGNORECASE)
_DAILY = frozenset(("daily", "day", "1_day", "p1d"))
_HOUR_S = 3600
_NO = frozenset(("false", "no", "0"))
_BLANK = frozenset(("",))
_OURS = "the plan's zone"


@dataclass(frozen=True)
class Reading:
    """What reports are read with."""

    layout: Layout
    source: ContactsSource
    zone: ZoneInfo  # of the site

    def zone_of(self, header: Header) -> tuple[ZoneInfo, str]:
        """The zone of stamps without an offset, and who says it."""
        if self.source.timezone:
            return ZoneInfo(self.source.timezone), "as the plan says"
        if "utc" in same_word(header.caption("start")).split("_"):
            return ZoneInfo("UTC"), "as the column's name says"
        if self.layout.timezone:
            return ZoneInfo(self.layout.timezone), f"as {self.layout.system} writes them"
        return self.zone, _OURS


def without_totals(grid: Grid, header: Header, said: Said) -> Grid:
    """The report without rows of totals, and without intervals that were not over yet."""
    fields = header.fields
    is_total = _are("start", TOTAL_WORDS, fields) | _are("queue", TOTAL_WORDS, fields)
    if "queue" in fields:
        is_total |= _are("queue", _BLANK, fields) & _are("start", _BLANK, fields)
    is_open = _are("complete", _NO, fields) & ~is_total
    _say_rows(is_total, "rows of totals", grid, said)
    _say_rows(is_open, "rows of intervals that were not over", grid, said)
    keep = ~(is_total | is_open)
    if keep.all():
        return grid
    columns = tuple(_kept(cells, keep) for cells in grid.columns)
    return replace(grid, columns=columns, lines=grid.lines[keep])


def _are(name: str, words: frozenset[str], fields: Mapping[str, Found]) -> NDArray[np.bool_]:
    """Which rows have one of some words in a field; none where there is no such column."""
    if name not in fields:
        return np.zeros(len(fields["start"].cells.codes), dtype=np.bool_)
    cells = fields[name].cells
    return np.array([same_word(text) in words for text in cells.texts], dtype=np.bool_)[cells.codes]


def _say_rows(rows: NDArray[np.bool_], what: str, grid: Grid, said: Said) -> None:
    """Say how many rows were not read, if any."""
    if rows.any():
        first = int(grid.lines[rows][0])
        said.say(f"{int(rows.sum())} {what} were not read (first in line {first})", grid.file)


def _kept(cells: Cells, keep: NDArray[np.bool_]) -> Cells:
    """Some rows of a column, with only the texts that stand there."""
    codes = cells.codes[keep]
    there, again = np.unique(codes, return_inverse=True)
    return Cells(again.astype(np.int64), tuple(cells.texts[code] for code in there.tolist()))


def instants_of(
    columns: Columns, reading: Reading, said: Said
) -> tuple[NDArray[np.int64], FloatArray, NDArray[np.bool_]]:
    """Start and length of every row in seconds, and which rows have a start."""
    header, grid = columns.header, columns.grid
    zone, whose = reading.zone_of(header)
    start = header.fields["start"]
    order = reading.source.dates
    values, codes, is_naive = stamps_of(start, header.fields.get("date"), order, grid, said)
    if is_naive:
        hint = "" if whose != _OURS else \
            'if they are UTC, write timezone = "UTC" under [contacts]'  # fmt: skip
        said.say(f"times have no offset: read as {zone.key}, {whose}", grid.file,
                 start.caption, hint)  # fmt: skip
    place = Place(grid.file, grid.lines, start.caption)
    moments = moments_of(values, codes, zone, place, said.book)
    fields = [header.fields[name] for name in ("queue", "media") if name in header.fields]
    series = combined([found.cells for found in (*fields, *header.splits)], grid.row_count)
    seconds = in_order(moments, series, moments.is_good, place, said.book)
    return seconds, _lengths(columns, seconds, zone, order, said), moments.is_good


def _lengths(
    columns: Columns, seconds: NDArray[np.int64], zone: ZoneInfo, order: str, said: Said
) -> FloatArray:
    """The length of every row in seconds, from its end or its stated length; NaN where unsaid."""
    header, grid = columns.header, columns.grid
    if "end" in header.fields:
        end = header.fields["end"]
        values, codes, _ = stamps_of(end, None, order, grid, said, is_needed=False)
        place = Place(grid.file, grid.lines, header.caption("end"))
        ends = moments_of(values, codes, zone, place, FaultBook())  # may lie in a skipped hour
        return _between(seconds, ends)
    if "length" not in header.fields:
        return np.full(grid.row_count, np.nan)
    cells = header.fields["length"].cells
    return np.array([_length_s(text) for text in cells.texts], dtype=np.float64)[cells.codes]


def _between(seconds: NDArray[np.int64], ends: Moments) -> FloatArray:
    """From start to end, where an end of a doubled hour is the first that is later."""
    first, second = (one[ends.codes] - seconds for one in (ends.first, ends.second))
    length: FloatArray = np.where(first > 0, first, second).astype(np.float64)
    return np.where(ends.is_good & (length > 0), length, np.nan)


def _length_s(text: str) -> float:
    """Seconds of ``15mins``, ``30`` or ``daily``; NaN when it is none of them."""
    if same_word(text) in _DAILY:
        return 86_400.0
    match = _LENGTH.fullmatch(text.strip())
    return float(match[1]) * 60 if match else float("nan")


def without_sums(frame: pd.DataFrame, file: str, said: Said) -> pd.DataFrame:
    """The rows without those that are longer than an hour where most are not: they are sums."""
    known = frame["length_s"].dropna()
    if known.empty:
        return frame
    usual = float(known.mode().iloc[0])
    is_sum = (frame["length_s"] > max(usual, _HOUR_S)).to_numpy()
    if is_sum.any():
        said.say(f"{int(is_sum.sum())} rows of totals were not read (first in line "
                 f"{int(frame['line'].to_numpy()[is_sum][0])})", file)  # fmt: skip
    return frame[~is_sum]
