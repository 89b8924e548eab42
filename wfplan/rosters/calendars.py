"""
Layout ``ics``: calendars (iCalendar, RFC 5545), wfplan's own ones and others.

wfplan's own events say shift, person and activities in ``X-WFPLAN-`` properties. Another calendar
is one person's: its events are stretches of her work, a break or training where CATEGORIES say
so, and those that touch or lie inside each other are one shift. Of the versions of an event the
one with the highest SEQUENCE counts; recurring ones are written out around the week that is
asked for. Summaries and descriptions are never read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from wfplan.domain.schedule import ActivityCategory
from wfplan.intake.book import BadValueError, FaultBook
from wfplan.intake.files import BadFileError
from wfplan.intake.hr.calendars import EVENTS_MAX, KINDS, OFF
from wfplan.intake.hr.event_rows import Block
from wfplan.intake.hr.events import (
    UNREADABLE,
    block_of,
    check_parts,
    decoded,
    event_lines,
    moved,
    parsed,
)
from wfplan.intake.hr.recurrence import AHEAD, BACK, Series, occurrences_of
from wfplan.rosters.chains import Stretch, chained
from wfplan.rosters.given import Part, Reading, Spot
from wfplan.rosters.known import Known
from wfplan.rosters.own_events import is_own, own_shift, person_of
from wfplan.rosters.own_text import split
from wfplan.rosters.sources import Source

CATEGORIES = {
    "work": ActivityCategory.WORK, "shift": ActivityCategory.WORK,
    "break": ActivityCategory.BREAK, "rest": ActivityCategory.BREAK,
    "meal": ActivityCategory.MEAL, "lunch": ActivityCategory.MEAL,
    "training": ActivityCategory.TRAINING, "coaching": ActivityCategory.TRAINING,
    "meeting": ActivityCategory.MEETING, "off_queue": ActivityCategory.OFF_QUEUE,
    "off-queue": ActivityCategory.OFF_QUEUE,
}  # fmt: skip
"""Words of CATEGORIES, in small letters."""


@dataclass
class _Event:
    """An event with the place where it begins, and whose calendar it is in."""

    event: Any
    spot: Spot
    owner: str | None  # of the calendar, where it says so
    is_own: bool  # of a calendar that wfplan wrote

    @property
    def key(self) -> tuple[str, str, str]:
        """
        What versions of an event have in common.

        Two people may have the same event; a shift of wfplan's is in the calendars of its
        person and its site.
        """
        again = self.event.get("RECURRENCE-ID")
        whose = "" if is_own(self.event) else self.owner or self.spot.file
        occurrence = "" if again is None else again.to_ical().decode()
        return str(self.event.get("UID", "")), occurrence, whose


@dataclass
class _Desk:
    """What events become while they are read."""

    known: Known
    around: date
    book: FaultBook
    reading: Reading = field(default_factory=Reading)
    stretches: dict[str, list[Stretch]] = field(default_factory=lambda: defaultdict(list))


def fits(source: Source) -> bool:
    """Whether a file is a calendar."""
    return source.is_calendar


def read(sources: Sequence[Source], known: Known, book: FaultBook) -> Reading:
    """The shifts of calendars; what is cancelled, old, all day or time off is left out."""
    events = [one for source in sources for one in _events(source, known, book)]
    desk = _Desk(known, _around(known, events), book)
    latest, old = _latest(events)
    desk.reading.left["older versions of events"] += old
    instead = {
        whose: moved([one.event for one in latest if one.key[2] == whose])
        for whose in {one.key[2] for one in latest}
    }
    for one in latest:
        try:
            _read(one, instead[one.key[2]].get(one.key[0], []), desk)
        except BadValueError as bad:
            book.bad(bad, file=one.spot.file, line=one.spot.line or 1)
        except UNREADABLE:
            hint = "write its dates and its rule as RFC 5545 has them, between 1950 and 2100"
            book.error("the event cannot be read", file=one.spot.file, line=one.spot.line,
                       hint=hint, code="HR108")  # fmt: skip
    for agent_id, stretches in sorted(desk.stretches.items()):
        desk.reading.shifts += chained(agent_id, stretches, book)
    return desk.reading


def _around(known: Known, events: Sequence[_Event]) -> date:
    """The day around which recurring events are written out."""
    if known.around is not None:
        return known.around
    if len(known.problem.contacts):
        return known.problem.week_of(None)
    days = []
    for one in events:
        try:
            start = decoded(one.event, "DTSTART")
        except BadValueError:
            continue  # told where the event is read
        days += [start.date() if isinstance(start, datetime) else start] if start else []
    return min(days, default=date.min + BACK)


def _events(source: Source, known: Known, book: FaultBook) -> Iterator[_Event]:
    """The events of a file."""
    lines = event_lines(source.content)
    own, rest = split(source.content)
    try:
        if len(lines) > EVENTS_MAX:
            raise BadFileError(f"has more than {EVENTS_MAX:,} events", "leave out the past")
        calendars = parsed(rest)
    except BadFileError as bad:
        book.error(bad.reason, file=source.name, line=bad.line, hint=bad.hint)
        return
    for number, event in own.items():
        yield _Event(event, Spot(source.name, lines[number]), None, is_own=True)
    left = (number for number in range(len(lines)) if number not in own)
    for calendar in calendars:
        owner = person_of(calendar, source.stem, known)
        is_ours = "wfplan" in str(calendar.get("PRODID", ""))
        for event in calendar.walk("VEVENT"):
            line = lines[next(left, 0)] if lines else 1
            yield _Event(event, Spot(source.name, line), owner, is_ours)


def _latest(events: Sequence[_Event]) -> tuple[list[_Event], int]:
    """Of the versions of each event the one with the highest SEQUENCE, and how many were older."""
    found: dict[Any, _Event] = {}
    old = 0
    for number, one in enumerate(events):
        key: Any = one.key if one.key[0] else number  # no UID: nothing to tell versions by
        before = found.get(key)
        if before is not None:
            old += _sequence(before) != _sequence(one)
        if before is None or _sequence(one) > _sequence(before):
            found[key] = one
    return list(found.values()), old


def _sequence(one: _Event) -> int:
    """The number of a version; 0 where it is none."""
    try:
        return int(one.event.get("SEQUENCE", 0))
    except (ValueError, TypeError):
        return 0


def _read(one: _Event, instead: Sequence[Any], desk: _Desk) -> None:
    """What an event is becomes a shift, a stretch of somebody's time, or is left out."""
    event = one.event
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        desk.reading.left["cancelled events"] += 1
        return
    check_parts(event)
    if is_own(event):
        shift = own_shift(event, one.spot, one.owner, desk.known, desk.book)
        desk.reading.shifts += [shift] if shift else []
        return
    category = _category(one, desk)
    if category is None:
        return
    agent_id = _person(one, desk)
    if agent_id is None:
        return
    zone = ZoneInfo(desk.known.agents[agent_id].timezone)
    block = block_of(event, zone)
    length = _length(event, block)
    repeats = instead if "RECURRENCE-ID" not in event else ()
    found = occurrences_of(event, block, zone, list(repeats), desk.around)
    starts = [*found.dates, *(s for series in found.weekly for s in _starts(series, block, desk))]
    for start in starts:
        assert isinstance(start, datetime)
        begin = start.astimezone(UTC)
        desk.stretches[agent_id].append((Part(category, begin, begin + length), one.spot))


def _category(one: _Event, desk: _Desk) -> ActivityCategory | None:
    """What an event is; None for one that is no time at work, which is counted."""
    event, left = one.event, desk.reading.left
    words = [word.strip().casefold() for word in _words(event)]
    known = [CATEGORIES[word] for word in words if word in CATEGORIES]
    if not known and (one.is_own or any(word in OFF for word in words)):
        left["events of time off"] += 1
    elif not isinstance(decoded(event, "DTSTART"), datetime):
        left["all-day events"] += 1
    elif str(event.get("TRANSP", "")).upper() == "TRANSPARENT":
        left["events that take no time (TRANSPARENT)"] += 1
    elif any(word in KINDS for word in words):
        left["events of availability"] += 1
    elif words and not known:
        left["events of other categories"] += 1
    else:
        return known[0] if known else ActivityCategory.WORK
    return None


def _words(event: Any) -> list[str]:
    """The words of CATEGORIES."""
    given = event.get("CATEGORIES", [])
    lists = given if isinstance(given, list) else [given]
    return [
        str(part)
        for one in lists
        for part in (one.cats if hasattr(one, "cats") else str(one).split(","))
        if str(part).strip()
    ]


def _person(one: _Event, desk: _Desk) -> str | None:
    """Whose an event is; nobody is noted for all of them together."""
    if one.owner is not None:
        return one.owner
    for name in ("ATTENDEE", "ORGANIZER"):
        given = one.event.get(name, [])
        addresses = [str(item) for item in (given if isinstance(given, list) else [given])]
        found = {who for who in map(desk.known.of_address, addresses) if who}
        if len(found) > 1:
            raise BadValueError(
                f"{len(found)} people of the plan are in {name}: whose shift it is is not said",
                "export a calendar for each person, or give --agent ID",
                "HR102",
            )
        if found:
            return found.pop()
    raise BadValueError(
        "the event does not say whose it is",
        "name the file after the person (A001.ics), give --agent ID, or have her e-mail address "
        "in the agents table",
        "HR102",
    )


def _length(event: Any, block: Block) -> timedelta:
    """How long an event lasts, in elapsed time."""
    if "DTEND" not in event or not isinstance(block.start, datetime):
        return block.length
    end = decoded(event, "DTEND")
    end = end if end.tzinfo else end.replace(tzinfo=block.zone)
    elapsed: timedelta = end.astimezone(UTC) - block.start.astimezone(UTC)
    if elapsed <= timedelta(0) and end.tzinfo is not UTC:
        # The second of two equal wall times: a shift that ends in the repeated hour.
        elapsed = end.replace(fold=1).astimezone(UTC) - block.start.astimezone(UTC)
    return elapsed


def _starts(series: Series, block: Block, desk: _Desk) -> Iterator[datetime]:
    """The starts of a weekly series around the week that is asked for."""
    assert isinstance(block.start, datetime)
    clock = block.start.astimezone(block.zone).timetz().replace(fold=0)
    step = timedelta(weeks=series.every)
    day = series.first
    if day < desk.around - BACK:
        day += step * -((day - (desk.around - BACK)) // step)
    last = min(series.last or date.max, desk.around + AHEAD)
    while day <= last:
        yield datetime.combine(day, clock.replace(tzinfo=None), block.zone)
        day += step
