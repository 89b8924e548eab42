"""Events of calendars (iCalendar, RFC 5545), for all who read them: when they are, and what of
them cannot be read.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from wfplan.intake.book import BadValueError, shown
from wfplan.intake.files import BadFileError
from wfplan.intake.hr.event_rows import Block
from wfplan.intake.values import YEARS, zone_hint

UNREADABLE = (ValueError, TypeError, AttributeError, KeyError, IndexError, ArithmeticError)
"""What the library raises where a property is not what it should be, and dates out of range."""


def parsed(content: bytes) -> list[Any]:
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


def event_lines(content: bytes) -> list[int]:
    """The lines on which events begin."""
    return [
        number
        for number, line in enumerate(content.splitlines(), 1)
        if line.strip().upper() == b"BEGIN:VEVENT"
    ]


def moved(events: list[Any]) -> dict[str, list[Any]]:
    """Starts of occurrences that another event of the same UID stands in for."""
    found: dict[str, list[Any]] = defaultdict(list)
    for event in events:
        if "RECURRENCE-ID" in event:
            try:
                found[str(event.get("UID", ""))].append(decoded(event, "RECURRENCE-ID"))
            except (BadValueError, *UNREADABLE):
                continue  # told where the event is read
    return found


def check_parts(event: Any) -> None:
    """Refuse what would change when the event is and is not read."""
    if "RECURRENCE-ID" in event:
        decoded(event, "RECURRENCE-ID")
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


def block_of(event: Any, zone: ZoneInfo) -> Block:
    """When an event is, on its person's clock."""
    start = decoded(event, "DTSTART")
    if start is None:
        raise BadValueError("the event has no DTSTART", "add it", "HR102")
    if not YEARS[0] <= start.year <= YEARS[1]:
        hint = f"write a year between {YEARS[0]} and {YEARS[1]}"
        raise BadValueError(f"the event is in the year {start.year}", hint, "HR108")
    if "DTEND" in event:
        end = decoded(event, "DTEND")
    elif "DURATION" in event:
        end = start + decoded(event, "DURATION")
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


def decoded(event: Any, name: str) -> Any:
    """A date, a time or a length, None where there is none."""
    try:
        value = event.decoded(name, None)
    except Exception:  # the library raises errors of many kinds for what it cannot read
        value = name
    if value is not None and type(value) not in (date, datetime, timedelta):
        raise BadValueError(f"{name} cannot be read", "write it as RFC 5545 has it", "HR108")
    return value
