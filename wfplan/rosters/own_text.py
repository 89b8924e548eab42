"""
Events of wfplan's own calendars taken from the text itself, which a calendar library takes ten
times as long over.

Only events as wfplan writes them are taken; all others, and whatever stands around, are left to
the library. What is never to be read (summaries, descriptions, places) is not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

_FOLD = re.compile(r"\r?\n[ \t]")
_EVENT = re.compile(r"^BEGIN:VEVENT\r?\n(.*?)^END:VEVENT\r?\n?", re.DOTALL | re.MULTILINE)
_READ = frozenset({"UID", "SEQUENCE", "STATUS", "DTSTART", "DTEND"})
_OWN = "X-WFPLAN-"
_NEEDED = frozenset({"UID", "DTSTART", "DTEND", "X-WFPLAN-SHIFT-ID", "X-WFPLAN-AGENT-ID"})
_OTHERS = ("BEGIN:", "RRULE", "RDATE", "RECURRENCE-ID", "DURATION")
_ESCAPED = re.compile(r"\\(.)")
_ZONE = re.compile(r'TZID="?([A-Za-z0-9_+/-]+)"?')


@dataclass
class OwnEvent:
    """An event of wfplan's, with the ways of the library's events that are used."""

    values: dict[str, list[str]] = field(default_factory=dict)
    moments: dict[str, datetime] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.values or name in self.moments

    def get(self, name: str, default: Any = None) -> Any:
        """The text of a property, a list of them where there are several."""
        found = self.values.get(name)
        return default if found is None else found[0] if len(found) == 1 else found

    def decoded(self, name: str, default: Any = None) -> Any:
        """The moment of a property."""
        return self.moments.get(name, default)


def split(content: bytes) -> tuple[dict[int, OwnEvent], bytes]:
    """Own events by their number in the file, and the calendar without them."""
    if b"X-WFPLAN-SHIFT-ID" not in content:
        return {}, content
    try:
        text = _FOLD.sub("", content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return {}, content
    found: dict[int, OwnEvent] = {}
    rest, at = [], 0
    for number, block in enumerate(_EVENT.finditer(text)):
        event = _own(block[1])
        if event is not None:
            found[number] = event
            rest.append(text[at : block.start()])
            at = block.end()
    return found, "".join([*rest, text[at:]]).encode()


def _own(block: str) -> OwnEvent | None:
    """The event of a block, None where it is not as wfplan writes them."""
    event = OwnEvent()
    for name, given, value in _properties(block):
        if name.startswith(_OTHERS):
            return None
        if name in ("DTSTART", "DTEND"):
            moment = _moment(given, value)
            if moment is None or name in event.moments:
                return None
            event.moments[name] = moment
        elif name in _READ or name.startswith(_OWN):
            if given:
                return None
            plain = _ESCAPED.sub(r"\1", value)
            event.values.setdefault(name, []).append(plain)
    return event if all(name in event for name in _NEEDED) else None


def _properties(block: str) -> Iterator[tuple[str, str, str]]:
    """Name, parameters and value of the lines that are looked at."""
    for line in block.splitlines():
        head, _, value = line.partition(":")
        name, _, given = head.partition(";")
        if name == "BEGIN":
            yield "BEGIN:", "", value
        else:
            yield name.upper(), given, value


def _moment(given: str, value: str) -> datetime | None:
    """A moment in UTC or on the clock of an IANA zone; None for other forms."""
    try:
        if not given and value.endswith("Z"):
            return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        zone = _ZONE.fullmatch(given)
        if zone is None:
            return None
        wall = datetime.strptime(value, "%Y%m%dT%H%M%S")
        return wall.replace(tzinfo=ZoneInfo(zone[1]))
    except (ValueError, KeyError, OSError):
        return None
