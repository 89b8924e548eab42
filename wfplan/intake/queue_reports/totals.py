"""Rows of queues as rows of channels: counts added up, handle times weighted by their contacts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wfplan.domain.channels import Channel
from wfplan.intake.book import FaultBook, shown
from wfplan.intake.contacts import ContactRows
from wfplan.intake.demand_checks import GRAINS_MIN

_EPOCH = date(1970, 1, 1).toordinal()
_PARTS = ("answered", "abandoned", "waited_s", "in_target")  # known only where each queue's is
_CAPTIONS = {
    "interval_start": "start",
    "offered": "offered",
    "answered": "answered",
    "abandoned": "abandoned",
    "aht_s": "aht",
}
_SERIES = ["queue", "media", "part"]
_APART = 30.0  # times longer: another unit
_ENOUGH = 20  # handle times of a queue in a file, to compare it with another file
_SURE_SHARE = 0.9  # of rows on a grid
_SURE_FROM = 100  # rows: below, a coarse grid may be chance


@dataclass(frozen=True)
class Files:
    """The files of a history, and what their columns are called, for messages."""

    names: tuple[str, ...]
    captions: Mapping[str, str]  # by field of a report
    dates: str = ""  # day-month or month-day, where dates have slashes

    def caption(self, name: str) -> str:
        """What a field is called in the files."""
        return self.captions.get(name, name)


def check_rows(frame: pd.DataFrame, files: Files, book: FaultBook) -> pd.DataFrame:
    """The rows without those that stood before; repeated, overlapping and odd ones are faults."""
    ordered = frame.sort_values([*_SERIES, "seconds", "file", "line"], ignore_index=True)
    again = ordered.duplicated([*_SERIES, "seconds"], keep="first").to_numpy()
    for row in np.flatnonzero(again).tolist():
        _note_again(ordered, row, files, book)
    kept = ordered[~again].reset_index(drop=True)
    _check_overlaps(kept, files, book)
    _check_alike(kept, files, book)
    return kept


def _note_again(rows: pd.DataFrame, row: int, files: Files, book: FaultBook) -> None:
    """A fault for a row that repeats the one before it."""
    now, before = rows.iloc[row], rows.iloc[row - 1]
    where = f"line {before['line']}"
    if before["file"] != now["file"]:
        where += f" of {files.names[before['file']]}"
    reason = f"'{shown(now['queue'])}' already has this interval in {where}"
    hint = "name each file once, and export each period once"
    _blame(now, files, book, reason, hint, "HR110")


def _check_overlaps(rows: pd.DataFrame, files: Files, book: FaultBook) -> None:
    """An interval that is not over when the next one of its queue begins counts contacts twice."""
    if len(rows) < 2:
        return
    is_same = np.ones(len(rows) - 1, dtype=np.bool_)
    for name in _SERIES:
        texts = rows[name].to_numpy()
        is_same &= texts[1:] == texts[:-1]
    seconds, length_s = rows["seconds"].to_numpy(), rows["length_s"].to_numpy()
    over = is_same & (seconds[:-1] + length_s[:-1] > seconds[1:] + 1)
    for row in np.flatnonzero(over).tolist():
        now, after = rows.iloc[row], rows.iloc[row + 1]
        where = f"line {after['line']} of {files.names[after['file']]}"
        minutes, queue = now["length_s"] / 60, shown(now["queue"])
        reason = f"the {minutes:g} minutes of '{queue}' overlap with {where}"
        _blame(now, files, book, reason, "export it once, by one length of interval", "HR109")


def _blame(
    row: pd.Series, files: Files, book: FaultBook, reason: str, hint: str, code: str
) -> None:
    """A fault at the beginning of a row's interval."""
    book.error(
        reason, file=files.names[row["file"]], line=int(row["line"]),
        column=files.caption("start"), value=_stamp(row["seconds"]), hint=hint, code=code,
    )  # fmt: skip


def _stamp(seconds: int) -> str:
    """An instant as people read it."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%MZ")


def _check_alike(rows: pd.DataFrame, files: Files, book: FaultBook) -> None:
    """A queue whose handle times are far longer in one file than in another has two units."""
    known = rows[rows["aht_s"].notna()]
    if known["file"].nunique() < 2:
        return
    found = known.groupby(["queue", "media", "file"])["aht_s"].agg(["median", "size"])
    found = found[found["size"] >= _ENOUGH].reset_index()
    by_queue: dict[tuple[str, str], list[tuple[float, int]]] = {}
    for queue, media, file, median in zip(
        *(found[name].tolist() for name in ("queue", "media", "file", "median")), strict=True
    ):
        by_queue.setdefault((queue, media), []).append((median, file))
    for (queue, _), medians in by_queue.items():
        (low, low_file), (high, high_file) = min(medians), max(medians)
        if high > _APART * low:
            book.error(
                f"the handle times of '{shown(queue)}' are {high / low:,.3g} times those in "
                f"{files.names[low_file]}: {high:,.4g} s and {low:,.4g} s",
                file=files.names[high_file],
                column=files.caption("aht"),
                hint="one of the files is in another unit: export them alike",
                code="HR107",
            )


def check_grains(
    rows: pd.DataFrame, channels: Sequence[str], files: Files, book: FaultBook
) -> None:
    """Queues of a channel have intervals of one length, or they cannot be added up."""
    place, seconds = rows["channel"].to_numpy(), rows["seconds"].to_numpy()
    queue = rows["queue"].to_numpy()
    for number, channel in enumerate(channels):
        at = place == number
        grains: dict[int, str] = {}
        for name in pd.unique(queue[at]).tolist():
            own = seconds[at & (queue == name)]
            if len(own) >= _SURE_FROM:
                grains.setdefault(_grain(own), name)
        if len(grains) < 2:
            continue
        said = " and ".join(f"{n} minutes ('{shown(q)}')" for n, q in sorted(grains.items()))
        book.error(
            f"the queues of {channel} have intervals of {said}",
            file=files.names[int(rows["file"].to_numpy()[at].min())],
            column=files.caption("start"),
            hint="export all queues of a channel by one length of interval",
            code="HR109",
        )


def _grain(seconds: NDArray[np.int64]) -> int:
    """The longest interval, up to an hour, on whose grid most rows lie, in minutes."""
    return next(
        (grain for grain in GRAINS_MIN[2:] if (seconds % (grain * 60) == 0).mean() >= _SURE_SHARE),
        1,
    )


def channel_rows(
    rows: pd.DataFrame, channels: Sequence[Channel], zone: ZoneInfo, files: Files
) -> ContactRows:
    """
    The history of the channels, sorted by channel and instant.

    Handle times are weighted by the contacts that had them, waits by the offered ones.
    """
    rows = rows.assign(
        handle_s=rows["aht_s"] * rows["handled"],
        timed=np.where(rows["aht_s"].notna(), rows["handled"], 0.0),
        in_target=_in_target(rows, channels),
    )
    by_interval = rows.groupby(["channel", "seconds"], sort=True)
    frame = _sums(by_interval, np.array([one.name for one in channels], dtype=object))
    first = rows.sort_values(["file", "line"]).groupby(["channel", "seconds"], sort=True).first()
    wall = pd.DatetimeIndex(frame["interval_start"]).tz_convert(zone)
    days = (wall.tz_localize(None).normalize() - pd.Timestamp(1970, 1, 1)).days.to_numpy()
    return ContactRows(
        files.names[0],
        frame,
        first["line"].to_numpy(dtype=np.int64),
        (wall.hour * 3600 + wall.minute * 60 + wall.second).to_numpy(dtype=np.int64),
        days.astype(np.int64) + _EPOCH,
        files.names,
        first["file"].to_numpy(dtype=np.int64),
        {ours: files.caption(theirs) for ours, theirs in _CAPTIONS.items()},
        files.dates,
    )


def _sums(groups: Any, names: NDArray[np.object_]) -> pd.DataFrame:
    """The columns of a contact history from rows by channel and interval."""
    sums = groups[["offered", "handle_s", "timed"]].sum()
    whole = groups[list(_PARTS)].sum(min_count=1)
    whole = whole.where(groups[list(_PARTS)].count().eq(groups.size(), axis=0))
    channel, seconds = (sums.index.get_level_values(one).to_numpy() for one in (0, 1))
    offered, waits = sums["offered"].to_numpy(), whole["waited_s"].to_numpy()
    frame = pd.DataFrame(
        {
            "channel": names[channel],
            "interval_start": pd.to_datetime(seconds, unit="s", utc=True).as_unit("ns"),
            "offered": offered,
            "aht_s": _over(sums["handle_s"].to_numpy(), sums["timed"].to_numpy()),
        }
    )
    unweighted = groups["aht_s"].mean().to_numpy()  # where the contacts are not those handled
    frame["aht_s"] = frame["aht_s"].where(sums["timed"].to_numpy() > 0, unweighted)
    waits = np.where(np.isfinite(waits), np.nan_to_num(_over(waits, offered)), np.nan)
    optional = {
        "answered": whole["answered"].to_numpy(),
        "abandoned": whole["abandoned"].to_numpy(),
        "wait_s": waits,
        "answered_in_target": whole["in_target"].to_numpy(),
    }
    for name, values in optional.items():
        if np.isfinite(values).any():
            frame[name] = values
    return frame


def _over(total: NDArray[np.float64], count: NDArray[np.float64]) -> NDArray[np.float64]:
    """A mean, NaN where there is nothing to be the mean of, or it is 0."""
    mean = np.divide(total, count, out=np.full(len(total), np.nan), where=count > 0)
    found: NDArray[np.float64] = np.where(mean > 0, mean, np.nan)
    return found


def _in_target(rows: pd.DataFrame, channels: Sequence[Channel]) -> NDArray[np.float64]:
    """Contacts answered within the target of each row's channel, NaN where no column tells."""
    found = np.full(len(rows), np.nan)
    place = rows["channel"].to_numpy()
    for number, channel in enumerate(channels):
        for name in (f"within_{channel.answer_within_s:g}", "within_0"):
            if name in rows:
                at = place == number
                found[at] = rows[name].to_numpy(dtype=np.float64)[at]
                break
    return found
