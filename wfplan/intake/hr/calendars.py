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
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from wfplan.intake.book import BadValueError, FaultBook, shown
from wfplan.intake.files import BadFileError
from wfplan.intake.hr.event_rows import Block, availability_rows, time_off_rows
from wfplan.intake.hr.pieces import Piece, Reach
from wfplan.intake.hr.recurrence import Occurrences, occurrences_of
from wfplan.intake.hr.rows import rows_of
from wfplan.intake.values import YEARS, zone_hint

EVENTS_MAX = 50_000
KINDS = ("available", "unavailable", "prefer", "avoid")
OFF = {
    "time off": "leave", "time-off": "leave", "time_off": "leave", "leave": "leave",
    "vacation": "leave", "holiday": "leave", "urlaub": "leave", "training": "training",
    "personal": "personal", "other": "other",
}  # fmt: skip
_UNREADABLE = (ValueError, TypeError, AttributeError, KeyError, IndexError, ArithmeticError)
"""What the library raises where a property is not what it should be, and dates out of range."""
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
    calendars, lines = _parsed(content), _event_lines(content)
    if len(lines) > EVENTS_MAX:
        raise BadFileError(f"has more than {EVENTS_MAX:,} events", "leave out the past")
    number, pieces = 0, []
    reading = _Calendar(file, table, "", clock, book)
    for calendar in calendars:
        reading.person = _person_of(calendar, file)
        events = list(calendar.walk("VEVENT"))
        moved = _moved(events)
        for event in events:
            line = lines[number] if number < len(lines) else 1
            number += 1
            try:
                _read_event(reading, event, line, moved)
            except BadValueError as bad:
                book.bad(bad, file=file, line=line)
            except _UNREADABLE:
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


def _parsed(content: bytes) -> list[Any]:
    """The calendars of a file."""
    import warnings

    from icalendar import Calendar

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # zones that it guesses are said by their rows
            found = Calendar.from_ical(content, multiple=True)
    except Exception:  # the library raises errors of many kinds for damaged calendars
        raise BadFileError(
            "is not a calendar that can be read", "export it again as .ics"
        ) from None
    if not found:
        raise BadFileError("holds no calendar", "export it again as .ics")
    return list(found)


def _event_lines(content: bytes) -> list[int]:
    """The lines on which events begin."""
    return [
        number
        for number, line in enumerate(content.splitlines(), 1)
        if line.strip().upper() == b"BEGIN:VEVENT"
    ]


def _person_of(calendar: Any, file: str) -> str:
    """Whose calendar it is, as its properties, its name or its file say."""
    stem = Path(file).stem
    for _ in range(2):
        stem = _WORDS.sub("", stem)
    for text in (calendar.get("X-WFPLAN-AGENT"), calendar.get("X-WR-CALNAME"), stem):
        if text is not None and _ID.fullmatch(str(text).strip()):
            return str(text).strip()
    return ""


def _moved(events: list[Any]) -> dict[str, list[Any]]:
    """Starts of occurrences that another event of the same UID stands in for."""
    found: dict[str, list[Any]] = defaultdict(list)
    for event in events:
        if "RECURRENCE-ID" in event:
            try:
                found[str(event.get("UID", ""))].append(_decoded(event, "RECURRENCE-ID"))
            except (BadValueError, *_UNREADABLE):
                continue  # told where the event is read
    return found


def _read_event(reading: _Calendar, event: Any, line: int, moved: dict[str, list[Any]]) -> None:
    """The rows of one event."""
    _check_parts(event)
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
    block = _block(event, zone)
    stands_in = moved.get(str(event.get("UID", "")), []) if "RECURRENCE-ID" not in event else []
    occurrences = occurrences_of(event, block, zone, stands_in, reading.clock.around)
    reading.people.add(person)
    table, rows = _rows(event, kind, off, block, occurrences)
    reading.rows[table] += [({"agent_id": person, **row}, line) for row in rows]


def _check_parts(event: Any) -> None:
    """Refuse what would change when the event is and is not read."""
    if "RECURRENCE-ID" in event:
        _decoded(event, "RECURRENCE-ID")
        if "RANGE" in event["RECURRENCE-ID"].params:
            raise BadValueError(
                "RECURRENCE-ID changes all later occurrences (RANGE)",
                "end the series with UNTIL, and make a second one of the rest",
                "HR109",
            )
    if "EXRULE" in event:
        raise BadValueError("EXRULE is not read", "write the dates out as EXDATE", "HR109")
    for name in ("DTSTART", "DTEND", "EXDATE", "RDATE", "RECURRENCE-ID"):
        given = event.get(name, [])
        for one in given if isinstance(given, list) else [given]:
            zone = one.params.get("TZID")
            moments = one.dts if hasattr(one, "dts") else [one]
            if zone and any(
                isinstance(item.dt, datetime) and item.dt.tzinfo is None for item in moments
            ):
                hint = zone_hint(str(zone)) or "write an IANA name, such as Europe/London"
                raise BadValueError(
                    f"{name} is in the time zone '{shown(zone)}', which nobody knows", hint, "HR109"
                )


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


def _block(event: Any, zone: ZoneInfo) -> Block:
    """When an event is, on its person's clock."""
    start = _decoded(event, "DTSTART")
    if start is None:
        raise BadValueError("the event has no DTSTART", "add it", "HR102")
    if not YEARS[0] <= start.year <= YEARS[1]:
        hint = f"write a year between {YEARS[0]} and {YEARS[1]}"
        raise BadValueError(f"the event is in the year {start.year}", hint, "HR108")
    if "DTEND" in event:
        end = _decoded(event, "DTEND")
    elif "DURATION" in event:
        end = start + _decoded(event, "DURATION")
    else:
        end = start if isinstance(start, datetime) else start + timedelta(days=1)
    if isinstance(start, datetime) != isinstance(end, datetime):
        raise BadValueError(
            "one of DTSTART and DTEND has no time of day", "write both alike", "HR108"
        )
    if isinstance(start, datetime):
        own = start.tzinfo
        is_own = own is None or str(getattr(own, "key", own)) == zone.key
        start, end = (one if one.tzinfo else one.replace(tzinfo=zone) for one in (start, end))
        return _checked(Block(start, end - start, is_own_clock=is_own, zone=zone))
    return _checked(Block(start, end - start, is_own_clock=True, zone=zone))


def _checked(block: Block) -> Block:
    """A block that lasts."""
    if block.length <= timedelta(0):
        raise BadValueError("the event ends before it starts", "correct DTEND", "HR109")
    if block.length > timedelta(days=400):
        raise BadValueError("the event lasts longer than a year", "check the years", "HR109")
    return block


def _decoded(event: Any, name: str) -> Any:
    """A date, a time or a length, None where there is none."""
    try:
        value = event.decoded(name, None)
    except Exception:  # the library raises errors of many kinds for what it cannot read
        value = name
    if value is not None and type(value) not in (date, datetime, timedelta):
        raise BadValueError(f"{name} cannot be read", "write it as RFC 5545 has it", "HR108")
    return value
