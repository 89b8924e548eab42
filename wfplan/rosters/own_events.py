"""Events that wfplan itself wrote, and whose a calendar is.

``X-WFPLAN-SHIFT-ID`` and ``X-WFPLAN-AGENT-ID`` name shift and person;
``X-WFPLAN-ACTIVITY:ON_QUEUE;work;paid;2026-10-19T07:00:00Z;2026-10-19T09:00:00Z`` is an activity
(code percent-encoded, category, ``paid`` or ``unpaid``, start, end, and the id of the request that
asked for it where there is one).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from wfplan.domain.schedule import ActivityCategory
from wfplan.intake.book import BadValueError, FaultBook
from wfplan.intake.hr.events import decoded
from wfplan.rosters.given import GivenShift, Part, Spot
from wfplan.rosters.known import Known

SHIFT_ID, AGENT_ID, ACTIVITY = "X-WFPLAN-SHIFT-ID", "X-WFPLAN-AGENT-ID", "X-WFPLAN-ACTIVITY"
LOCKED = "X-WFPLAN-LOCKED"
_FIELDS = 5
_WORDS = re.compile(
    r"^(?:agent|person|shifts?|roster|calendar)[_-]+|[_-]+(?:shifts?|roster|calendar)$",
    re.IGNORECASE,
)


def is_own(event: Any) -> bool:
    """Whether an event says which shift of wfplan's it is."""
    return SHIFT_ID in event


def person_of(calendar: Any, stem: str, known: Known) -> str | None:
    """Whose calendar it is: as the planner says, or its properties, its file or its name do."""
    if known.person:
        return known.person
    for _ in range(2):
        stem = _WORDS.sub("", stem)
    said = (
        calendar.get(AGENT_ID), calendar.get("X-WFPLAN-AGENT"), stem, calendar.get("X-WR-CALNAME"),
    )  # fmt: skip
    for text in said:
        if text is not None and known.is_agent(str(text).strip()):
            return str(text).strip()
    return None


def own_shift(
    event: Any, spot: Spot, owner: str | None, known: Known, book: FaultBook
) -> GivenShift | None:
    """
    The shift of an event; None where nobody knows its person, who is noted.

    Raises
    ------
    BadValueError
        When the properties contradict each other, or cannot be read.
    """
    start, end = (_instant_of(event, name) for name in ("DTSTART", "DTEND"))
    name = str(event.get(AGENT_ID, owner or "")).strip()
    if not name:
        raise BadValueError(f"the event has no {AGENT_ID}", "export it again", "HR102")
    agent_id = known.agent(name, "", spot)
    parts = tuple(_parts(event))
    if not parts:
        book.warn(
            "a shift has no activities: all of it is on queue", file=spot.file, line=spot.line,
            hint=f"keep {ACTIVITY} when calendars are passed on",
        )  # fmt: skip
    elif (parts[0].start, max(part.end for part in parts)) != (start, end):
        raise BadValueError(
            f"DTSTART and DTEND say another time than {ACTIVITY}",
            "the event was moved by hand: export it again, or move it in wfplan",
            "HR109",
        )
    if agent_id is None:
        return None
    shift_id = str(event.get(SHIFT_ID)).strip()
    is_locked = str(event.get(LOCKED, "")).strip().upper() == "TRUE"
    return GivenShift(agent_id, start, end, spot, parts, shift_id, is_locked, is_exact=True)


def _parts(event: Any) -> Iterator[Part]:
    """The activities of an event, by start."""
    given = event.get(ACTIVITY, [])
    texts = [str(one) for one in (given if isinstance(given, list) else [given])]
    found = [_part(text.replace("\\;", ";")) for text in texts]
    yield from sorted(found, key=lambda part: part.start)


def _part(text: str) -> Part:
    """An activity."""
    fields = [field.strip() for field in text.split(";")]
    try:
        code, category, paid, start, end = fields[:_FIELDS]
        if paid not in ("paid", "unpaid"):
            raise ValueError
        moments = [datetime.fromisoformat(moment) for moment in (start, end)]
        if any(moment.tzinfo is None for moment in moments):
            raise ValueError
        return Part(
            ActivityCategory(category),
            moments[0].astimezone(UTC),
            moments[1].astimezone(UTC),
            unquote(code),
            paid == "paid",
            unquote(fields[_FIELDS]) if len(fields) > _FIELDS else "",
        )
    except (ValueError, OverflowError):
        raise BadValueError(
            f"{ACTIVITY} cannot be read",
            "it is like ON_QUEUE;work;paid;2026-10-19T07:00:00Z;2026-10-19T09:00:00Z",
            "HR108",
        ) from None


def _instant_of(event: Any, name: str) -> datetime:
    """The instant of an end of an event."""
    moment = decoded(event, name)
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise BadValueError(f"{name} is no time with its zone", "export it again", "HR108")
    return moment.astimezone(UTC)
