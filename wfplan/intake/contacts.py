"""Contact history: rows of channel, interval and counts as one frame of instants.

Whole columns are worked on at once; what is wrong is traced back to its lines
only when there is something wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wfplan.errors import did_you_mean
from wfplan.intake.book import PER_KIND, FaultBook, shown
from wfplan.intake.moments import Place, in_order, moments_of
from wfplan.intake.reading import Sheet, Values

OPTIONAL = ("answered", "abandoned", "wait_s", "answered_in_target")
COLUMNS = ("channel", "interval_start", "offered", "aht_s")


@dataclass(frozen=True)
class ContactRows:
    """
    The good rows of a contact history, sorted by channel and instant.

    ``captions`` say what columns are called in another system's layout. Of several files ``file``
    is the first, and ``file_of`` has the place of each row's in ``files``.
    """

    file: str
    frame: pd.DataFrame  # the columns of PlanningProblem.contacts
    lines: NDArray[np.int64]  # (row,)
    wall_s: NDArray[np.int64]  # (row,), seconds after local midnight
    days: NDArray[np.int64]  # (row,), local date as a proleptic ordinal
    files: tuple[str, ...] = ()
    file_of: NDArray[np.int64] | None = None  # (row,)
    captions: Mapping[str, str] = field(default_factory=dict)
    dates: str = ""  # day-month or month-day, where its files have dates with slashes

    def of(self, channel: str) -> NDArray[np.int64]:
        """The rows of a channel."""
        return np.flatnonzero(self.frame["channel"].to_numpy() == channel)

    def caption(self, column: str) -> str:
        """What a column is called in the files."""
        return self.captions.get(column, column)

    def at(self, row: int) -> tuple[str, int]:
        """The file and the line of a row."""
        file = self.file if self.file_of is None else self.files[int(self.file_of[row])]
        return file, int(self.lines[row])

    def first(self, rows: NDArray[np.int64]) -> tuple[str, int]:
        """The file and the line where some rows begin."""
        files = np.zeros(len(rows), dtype=np.int64) if self.file_of is None else self.file_of[rows]
        return self.at(int(rows[np.lexsort((self.lines[rows], files))[0]]))


def no_contacts() -> pd.DataFrame:
    """A contact frame without rows."""
    frame = pd.DataFrame({name: pd.Series(dtype=float) for name in COLUMNS})
    frame["channel"] = frame["channel"].astype(object)
    frame["interval_start"] = pd.to_datetime(frame["interval_start"], utc=True)
    return frame


def read_contacts(
    sheet: Sheet, channels: tuple[str, ...], zone: ZoneInfo, book: FaultBook
) -> ContactRows | None:
    """
    The contact history with its instants; None when a needed column is absent.

    Unknown channels, times that do not exist and rows given twice are faults.
    """
    if not sheet.has_required:
        return None
    if not len(sheet.lines):
        book.error("has no rows", file=sheet.file, line=1, hint="there is nothing to forecast from")
        return None
    channel = sheet.columns["channel"]
    good = _known_channels(sheet, channel, channels, book)
    for name in ("offered", *OPTIONAL, "aht_s"):
        if name in sheet.columns:
            good &= sheet.columns[name].is_good
    stamps = sheet.columns["interval_start"]
    at = Place(sheet.file, sheet.lines, "interval_start")
    moments = moments_of(stamps.values, stamps.codes, zone, at, book)
    good &= moments.is_good
    order = np.array([_place(value, channels) for value in channel.values], dtype=np.int64)
    code = order[channel.codes]
    seconds = in_order(moments, code, good, at, book)
    good &= ~_duplicates(sheet, channels, code, seconds, good, book)
    rows = np.flatnonzero(good)
    rows = rows[np.lexsort((seconds[rows], code[rows]))]
    return ContactRows(
        sheet.file,
        _frame(sheet, channels, code, seconds, rows),
        sheet.lines[rows],
        moments.wall_s[moments.codes][rows],
        moments.days[moments.codes][rows],
    )


def _place(value: object, channels: tuple[str, ...]) -> int:
    """The position of a channel in the plan, -1 when it is not there."""
    return channels.index(value) if isinstance(value, str) and value in channels else -1


def _known_channels(
    sheet: Sheet, channel: Values, channels: tuple[str, ...], book: FaultBook
) -> NDArray[np.bool_]:
    """Which rows are of a channel of the plan; others are faults."""
    told = 0
    known = np.array([_place(value, channels) >= 0 for value in channel.values], dtype=np.bool_)
    for code in np.flatnonzero(~known).tolist():
        name = channel.values[code]
        rows = np.flatnonzero(channel.codes == code)
        if not isinstance(name, str) or not len(rows):
            continue
        book.error(
            f"'{shown(name)}' is not a channel of the plan ({len(rows)} rows have it)",
            file=sheet.file,
            line=int(sheet.lines[rows[0]]),
            column="channel",
            value=name,
            hint=did_you_mean(name, channels)
            or "add [channels.NAME] for it, or leave its rows out",
            code="HR111",
        )
        told += 1
        if told > PER_KIND:
            break
    return known[channel.codes]


def _duplicates(
    sheet: Sheet,
    channels: tuple[str, ...],
    code: NDArray[np.int64],
    seconds: NDArray[np.int64],
    good: NDArray[np.bool_],
    book: FaultBook,
) -> NDArray[np.bool_]:
    """Rows whose channel and interval stood before; each is a fault."""
    keys = pd.DataFrame({"code": code, "seconds": seconds})[good]
    again = keys.duplicated(keep="first")
    is_duplicate = np.zeros(len(code), dtype=np.bool_)
    rows = again.index[again].to_numpy()
    is_duplicate[rows] = True
    if len(rows):
        firsts = keys[~again].reset_index().set_index(["code", "seconds"])["index"]
        before = firsts.loc[list(zip(code[rows], seconds[rows], strict=True))].to_numpy()
        _note_duplicates(sheet, channels, code, zip(rows, before, strict=True), book)
    return is_duplicate


def _note_duplicates(
    sheet: Sheet,
    channels: tuple[str, ...],
    code: NDArray[np.int64],
    pairs: Iterable[tuple[int, int]],
    book: FaultBook,
) -> None:
    """A fault for each row that repeats another."""
    stamps = sheet.columns["interval_start"]
    for row, before in pairs:
        book.error(
            f"{channels[code[row]]} already has this interval in line {sheet.lines[before]}",
            file=sheet.file,
            line=int(sheet.lines[row]),
            column="interval_start",
            value=stamps[int(row)].isoformat(timespec="minutes"),
            hint="keep one of the rows, or add their counts up",
            code="HR110",
        )


def _frame(
    sheet: Sheet,
    channels: tuple[str, ...],
    code: NDArray[np.int64],
    seconds: NDArray[np.int64],
    rows: NDArray[np.int64],
) -> pd.DataFrame:
    """The frame of some rows; a handle time of 0 is one that is not known."""
    frame = pd.DataFrame(
        {
            "channel": np.array(channels, dtype=object)[code[rows]],
            "interval_start": pd.to_datetime(seconds[rows], unit="s", utc=True).as_unit("ns"),
            "offered": sheet.columns["offered"].numbers()[rows],
            "aht_s": np.nan,
        }
    )
    if "aht_s" in sheet.columns:
        aht_s = sheet.columns["aht_s"].numbers()[rows]
        frame["aht_s"] = np.where(aht_s > 0, aht_s, np.nan)
    for name in OPTIONAL:
        if name in sheet.columns:
            frame[name] = sheet.columns[name].numbers()[rows]
    return frame
