"""Time stamps of a column as instants, and the hour that comes twice by the order of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wfplan.intake.book import BadValueError, FaultBook
from wfplan.intake.reading import note_refused
from wfplan.intake.wall import instants

YEARS = (1990, 2100)


@dataclass(frozen=True)
class Place:
    """Where a column of time stamps stands, for messages."""

    file: str
    lines: NDArray[np.int64]  # (row,)
    column: str


@dataclass(frozen=True)
class Moments:
    """Distinct time stamps as instants: the first and the second that each can mean."""

    codes: NDArray[np.int64]  # (row,)
    first: NDArray[np.int64]  # (stamp,), Unix seconds
    second: NDArray[np.int64]
    wall_s: NDArray[np.int64]  # (stamp,), seconds after local midnight
    days: NDArray[np.int64]  # (stamp,), local date as a proleptic ordinal
    is_known: NDArray[np.bool_]

    @property
    def is_good(self) -> NDArray[np.bool_]:
        """Which rows have an instant, shape (row,)."""
        return self.is_known[self.codes]


def moments_of(
    stamps: Sequence[object],
    codes: NDArray[np.int64],
    zone: ZoneInfo,
    place: Place,
    book: FaultBook,
) -> Moments:
    """Every distinct time stamp as instants; those that no clock shows are faults."""
    found = np.zeros((5, len(stamps)), dtype=np.int64)
    refused: dict[int, BadValueError] = {}
    for code, stamp in enumerate(stamps):
        try:
            if isinstance(stamp, datetime):
                found[:, code] = _moment(stamp, zone)
        except BadValueError as bad:
            refused[code] = bad
    texts = [str(stamp) for stamp in stamps] if refused else [""] * len(stamps)
    note_refused(refused, codes, texts, place.lines, place.file, place.column, book)
    first, second, wall_s, days, is_known = found
    return Moments(codes, first, second, wall_s, days, is_known == 1)


def _moment(stamp: datetime, zone: ZoneInfo) -> tuple[int, int, int, int, int]:
    """Both instants, seconds after local midnight, local date, and 1 for known."""
    if not YEARS[0] <= stamp.year < YEARS[1]:
        raise BadValueError(
            f"{stamp:%Y-%m-%d} is not in the years {YEARS[0]} to {YEARS[1]}",
            "check the year",
            "HR108",
        )
    first, second = instants(stamp, zone)
    wall = first.astimezone(zone)
    wall_s = wall.hour * 3600 + wall.minute * 60 + wall.second
    return int(first.timestamp()), int(second.timestamp()), wall_s, wall.toordinal(), 1


def in_order(
    moments: Moments,
    series: NDArray[np.int64],
    good: NDArray[np.bool_],
    place: Place,
    book: FaultBook,
) -> NDArray[np.int64]:
    """
    Unix seconds of every row; of an hour that comes twice, the second time is the later hour.

    ``series`` is what each row is of: a channel, or a queue.
    """
    seconds = moments.first[moments.codes]
    second = moments.second[moments.codes]
    rows = np.flatnonzero(good & (seconds != second))
    if not len(rows):
        return seconds
    keys = pd.DataFrame({"code": series[rows], "seconds": seconds[rows]})
    groups = keys.groupby(["code", "seconds"])
    falling = np.median(np.diff(seconds[good])) < 0 if good.sum() > 1 else False
    occurrence = groups.cumcount(ascending=not falling).to_numpy()
    later = rows[occurrence == 1]
    seconds[later] = second[later]
    alone = groups.cumcount().to_numpy()[groups["code"].transform("size").to_numpy() == 1]
    if len(alone):
        book.warn(
            f"{len(alone)} rows of the hour that comes twice in autumn stand only once: "
            "read as the first hour",
            file=place.file,
            line=int(place.lines[rows[0]]),
            column=place.column,
            hint="write such times with their offset",
        )
    return seconds
