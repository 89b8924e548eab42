"""
Availability and time off from calendars (iCalendar, RFC 5545): one event per block.

``CATEGORIES`` say what an event is; summaries, descriptions and attendees are never read, they may
hold a reason. Whose calendar it is says ``X-WFPLAN-AGENT``, the calendar's name, or the file's.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from wfplan.intake.book import BadValueError, FaultBook
from wfplan.intake.files import BadFileError
from wfplan.intake.hr.event_rows import Block, availability_rows, time_off_rows
from wfplan.intake.hr.events import (
    UNREADABLE,
    block_of,
    check_parts,
    event_lines,
    moved,
    parsed,
)
from wfplan.intake.hr.pieces import Piece, Reach
from wfplan.intake.hr.recurrence import Occurrences, occurrences_of
from wfplan.intake.hr.rows import rows_of

EVENTS_MAX = 50_000
KINDS = ("available", "unavailable", "prefer", "avoid")
OFF = {
    "time off": "leave", "time-off": "leave", "time_off": "leave", "leave": "leave",
    "vacation": "leave", "holiday": "leave", "urlaub": "leave", "training": "training",
    "personal": "personal", "other": "other",
}  # fmt: skip
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_WORDS = re.compile(
    r"^(?:agent|availability|time[_-]?off|calendar)[_-]+|"
    r"[_-]+(?:agent|availability|time[_-]?off|calendar)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Clock:
    """In which zone people live, and around which day endless series are written out."""

    zone_of: Callable[[str], str]
    around: date


@dataclass
class _Calendar:
    """One calendar while it is read."""

    file: str
    table: str  # that all events without categories are rows of
    person: str
    clock: Clock
    book: FaultBook
    rows: dict[str, list[tuple[dict[str, str], int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    people: set[str] = field(default_factory=set)


def read_calendar(
    content: bytes, file: str, sha256: str, table: str, clock: Clock, book: FaultBook
) -> list[Piece]:
    """
    The rows of a calendar, by table.

    Raises
    ------
    BadFileError
        When it is no calendar, or holds too many events.
    """
    calendars, lines = parsed(content), event_lines(content)
    if len(lines) > EVENTS_MAX:
        raise BadFileError(f"has more than {EVENTS_MAX:,} events", "leave out the past")
    number, pieces = 0, []
    reading = _Calendar(file, table, "", clock, book)
    for calendar in calendars:
        reading.person = _person_of(calendar, file)
        events = list(calendar.walk("VEVENT"))
        standing_in = moved(events)
        for event in events:
            line = lines[number] if number < len(lines) else 1
            number += 1
            try:
                _read_event(reading, event, line, standing_in)
            except BadValueError as bad:
                book.bad(bad, file=file, line=line)
            except UNREADABLE:
                hint = "write its dates and its rule as RFC 5545 has them, between 1950 and 2100"
                book.error(
                    "the event cannot be read", file=file, line=line, hint=hint, code="HR108"
                )
    for name, found in reading.rows.items():
        rows = rows_of(name, [row for row, _ in found], file, [line for _, line in found])
        about = {"file": file, "table": name, "rows": len(rows), "layout": "icalendar"}
        whose = ", ".join(sorted(reading.people)[:5])
        said = (f"{_many(len(rows), 'row')} of {_many(number, 'event')}, for {whose}",)
        pieces.append(Piece(name, file, sha256, rows, Reach.PEOPLE, about=about, said=said))
    return pieces


def _many(count: int, word: str) -> str:
    """``1 row``, ``2 rows``."""
    return f"{count} {word}{'' if count == 1 else 's'}"


def _person_of(calendar: Any, file: str) -> str:
    """Whose calendar it is, as its properties, its name or its file say."""
    stem = Path(file).stem
    for _ in range(2):
        stem = _WORDS.sub("", stem)
    for text in (calendar.get("X-WFPLAN-AGENT"), calendar.get("X-WR-CALNAME"), stem):
        if text is not None and _ID.fullmatch(str(text).strip()):
            return str(text).strip()
    return ""


def _read_event(reading: _Calendar, event: Any, line: int, instead: dict[str, list[Any]]) -> None:
    """The rows of one event."""
    check_parts(event)
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return
    person = str(event.get("X-WFPLAN-AGENT", reading.person)).strip()
    if not _ID.fullmatch(person):
        raise BadValueError(
            "the event does not say whose it is",
            "name the file after the person, as in A001.ics, or add X-WFPLAN-AGENT:A001",
            "HR102",
        )
    kind, off = _kind_of(event, reading.table)
    zone = ZoneInfo(reading.clock.zone_of(person))
    block = block_of(event, zone)
    stands_in = instead.get(str(event.get("UID", "")), []) if "RECURRENCE-ID" not in event else []
    occurrences = occurrences_of(event, block, zone, stands_in, reading.clock.around)
    reading.people.add(person)
    table, rows = _rows(event, kind, off, block, occurrences)
    reading.rows[table] += [({"agent_id": person, **row}, line) for row in rows]


def _rows(
    event: Any, kind: str, off: str, block: Block, occurrences: Occurrences
) -> tuple[str, Iterator[dict[str, str]]]:
    """The table that an event belongs to, and its rows."""
    if kind:
        return "availability", availability_rows(kind, block, occurrences)
    is_asked = str(event.get("STATUS", "")).upper() == "TENTATIVE"
    status = "requested" if is_asked else "approved"
    return "time_off", time_off_rows(off, status, block, occurrences)


def _kind_of(event: Any, table: str) -> tuple[str, str]:
    """The kind of availability, or else the type of time off."""
    given = event.get("CATEGORIES", [])
    lists = given if isinstance(given, list) else [given]
    words = [
        part.strip().casefold()
        for one in lists
        for part in (map(str, one.cats) if hasattr(one, "cats") else str(one).split(","))
    ]
    for word in words:
        if word in KINDS and table != "time_off":
            return word, ""
        if word in OFF and table != "availability":
            return "", OFF[word]
    if not words and table == "time_off":
        return "", "leave"
    if not words:
        raise BadValueError(
            "the event has no CATEGORIES",
            "write AVAILABLE, UNAVAILABLE, PREFER, AVOID or LEAVE; for a calendar of time off give "
            "time_off=FILE",
            "HR102",
        )
    raise BadValueError(
        "CATEGORIES are none that are known (they are not repeated here)",
        "write AVAILABLE, UNAVAILABLE, PREFER, AVOID, LEAVE, TRAINING, PERSONAL or OTHER",
        "HR106",
    )
