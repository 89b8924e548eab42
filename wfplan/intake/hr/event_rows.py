"""Blocks of calendars as rows of availability and time off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from wfplan.horizon import WEEKDAYS
from wfplan.intake.hr.recurrence import Occurrences, Series

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Block:
    """A stretch of time: whole days (``start`` is a date), or from an instant on."""

    start: date | datetime
    length: timedelta
    is_own_clock: bool  # its zone is the person's, so that a weekly one keeps its time of day
    zone: ZoneInfo

    @property
    def is_all_day(self) -> bool:
        """Whether it is of whole days."""
        return not isinstance(self.start, datetime)


def availability_rows(
    kind: str, block: Block, occurrences: Occurrences
) -> Iterator[dict[str, str]]:
    """A weekly series as rows of weekdays, everything else as rows of dates."""
    for series in occurrences.weekly:
        yield {"kind": kind, **_times(block, series.first), **_weekly(series)}
    for start in occurrences.dates:
        for day, begin, end in _days(block, start):
            yield {"kind": kind, "date": day.isoformat(), "start_time": begin, "end_time": end}


def time_off_rows(
    off: str, status: str, block: Block, occurrences: Occurrences
) -> Iterator[dict[str, str]]:
    """One row per occurrence; whole days to the last one, that day included."""
    common = {"type": off, "status": status}
    for start in occurrences.dates:
        if isinstance(start, datetime):
            end = start.astimezone(UTC) + block.length
            yield {"start": _instant(start), "end": _instant(end), "all_day": "false", **common}
        else:
            last = start + block.length - _DAY
            yield {"start": start.isoformat(), "end": last.isoformat(), "all_day": "true", **common}


def _weekly(series: Series) -> dict[str, str]:
    """The columns that say when a weekday's row holds."""
    row = {
        "weekday": WEEKDAYS[series.first.weekday()],
        "valid_from": series.first.isoformat(),
        "valid_to": series.last.isoformat() if series.last else "",
        "every_n_weeks": str(series.every) if series.every > 1 else "",
    }
    return {name: text for name, text in row.items() if text}


def _times(block: Block, day: date) -> dict[str, str]:
    """Start and end of a block of at most a day on the person's clock."""
    if not isinstance(block.start, datetime):
        return {"start_time": "00:00", "end_time": "24:00"}
    begin = block.start.astimezone(block.zone)
    end = begin.replace(tzinfo=None) + block.length
    at_end = "24:00" if end.date() > begin.date() and not (end.hour or end.minute) else _clock(end)
    return {"start_time": _clock(begin), "end_time": at_end}


def _days(block: Block, start: date | datetime) -> Iterator[tuple[date, str, str]]:
    """Date, start and end of the parts of a block; only one longer than a day has several."""
    if not isinstance(start, datetime):
        for number in range(block.length.days):
            yield start + number * _DAY, "00:00", "24:00"
        return
    begin = start.astimezone(block.zone)
    end = (start.astimezone(UTC) + block.length).astimezone(block.zone)
    day, at, last = begin.date(), _clock(begin), end.date()
    is_midnight = not (end.hour or end.minute)
    if block.length <= _DAY:
        is_to_midnight = is_midnight and last > day
        yield day, at, "24:00" if is_to_midnight else _clock(end)
        return
    while day < last:
        yield day, at, "24:00"
        day, at = day + _DAY, "00:00"
    if not is_midnight:
        yield day, at, _clock(end)


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"


def _instant(moment: datetime) -> str:
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    return utc.isoformat(timespec="minutes" if not utc.second else "seconds") + "Z"
