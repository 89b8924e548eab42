"""``ics``: a calendar for every person and one for every site (RFC 5545, RFC 7986).

Wall times carry the person's zone; a wall time that occurs twice is written in
UTC, because RFC 5545 (3.3.5) lets it mean the first one only. Time off is a
private all-day entry in the person's own calendar and never says why; a
site's calendar shows shifts only. Breaks stand in the description, since one
event per break would drown the week. ``X-WFPLAN-`` properties, which calendar
programs pass over, hold the shift itself, so that it can be read back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from urllib.parse import quote
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from pydantic import Field

from wfplan.domain.base import Model
from wfplan.domain.cells import instant_cell, single_line
from wfplan.domain.people import Agent, TimeOff
from wfplan.domain.schedule import Activity
from wfplan.domain.schedule_rows import DatedShift, ShiftState, local_date
from wfplan.export.ical_text import Property, component, text, texts
from wfplan.export.order import Exported, Order, file_names
from wfplan.export.vtimezone import vtimezone
from wfplan.export.words import activity_words
from wfplan.horizon import occurs_twice

PRODID = "-//wfplan//schedule export//EN"
NAMESPACE = UUID("5d6a1f0c-6f2b-5b0e-9a39-0a4f3c1f7b52")  # of the UIDs; never to be changed
REFRESH = "PT12H"
_STATUS = {
    ShiftState.CONFIRMED: "CONFIRMED",
    ShiftState.DRAFT: "TENTATIVE",
    ShiftState.CANCELLED: "CANCELLED",
}
_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)
_INSTANTS_KEPT = 2**16


class IcsSettings(Model):
    """What calendars hold beside what calendar programs show."""

    readable: bool = Field(
        default=True,
        description="Whether events say their shift and activities (X-WFPLAN-...), so that "
        "'wfplan import-schedule' reads the same schedule back.",
    )


def to_ics(order: Order) -> Exported:
    """
    ``agent_ID.ics`` for every person and ``site_NAME.ics`` for every site.

    Where only what changed is exported, of the people and sites with a change, and with that
    alone: for an import. A feed wants everything (``--whole``), cancelled shifts included.
    """
    known = () if order.is_delta else order.agents
    people = sorted({*known, *(dated.shift.agent_id for dated in order.shifts)})
    of_site: dict[str, list[DatedShift]] = {}
    of_person: dict[str, list[DatedShift]] = {agent_id: [] for agent_id in people}
    for dated in order.shifts:
        agent = order.agents.get(dated.shift.agent_id)
        of_person[dated.shift.agent_id].append(dated)
        of_site.setdefault(order.site_of(agent) or "all", []).append(dated)
    person_files = file_names("agent_", people, ".ics")
    site_files = file_names("site_", sorted(of_site), ".ics")
    files = {person_files[key]: _person(order, key, of_person[key]) for key in people}
    files |= {site_files[site]: _site(order, site, of_site[site]) for site in of_site}
    return Exported(files)


def uid_of(key: str) -> str:
    """The UID of a shift or an absence: the same in every export, and opaque."""
    return str(uuid5(NAMESPACE, key))


def _person(order: Order, agent_id: str, shifts: Sequence[DatedShift]) -> bytes:
    """The calendar of one person, in her zone."""
    agent = order.agents.get(agent_id)
    zone = ZoneInfo(agent.timezone if agent else order.schedule.timezone)
    name = (agent.name if agent else "") or agent_id
    events = [_shift_event(order, dated, zone, is_private=True) for dated in shifts]
    time_off = order.time_off(agent) if agent else []
    events += [_time_off_event(order, agent, one) for one in time_off if agent]
    spans = [(one.shift.start, one.shift.end) for one in shifts]
    years = _years(order, [*spans, *((one.start, one.end) for one in time_off)])
    return _calendar(order, f"Shifts: {name}", _zone(zone, *years), events, agent_id=agent_id)


def _site(order: Order, site: str, shifts: Sequence[DatedShift]) -> bytes:
    """The calendar of one site, in the schedule's zone."""
    zone = ZoneInfo(order.schedule.timezone)
    events = [_shift_event(order, dated, zone, is_private=False) for dated in shifts]
    years = _years(order, [(one.shift.start, one.shift.end) for one in shifts])
    return _calendar(order, f"Shifts: {site}", _zone(zone, *years), events)


def _calendar(
    order: Order, name: str, zone: str, events: Iterable[str], *, agent_id: str = ""
) -> bytes:
    """A calendar with its zone and events."""
    is_own = order.settings is None or order.settings.readable
    properties = [
        ("VERSION", "2.0"),
        ("PRODID", PRODID),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
        ("NAME", text(name)),
        ("X-WR-CALNAME", text(name)),
        ("REFRESH-INTERVAL;VALUE=DURATION", REFRESH),
        ("X-WFPLAN-AGENT-ID", text(agent_id) if is_own else ""),
    ]
    return component("VCALENDAR", properties, (zone, *events)).encode()


def _years(order: Order, spans: Iterable[tuple[datetime, datetime]]) -> tuple[int, int]:
    """The first and the last calendar year of the schedule's days and of some spans of time."""
    first = order.schedule.first_day
    days = [first - _DAY, first + (order.schedule.days + 1) * _DAY]
    days += [moment.date() + side for span in spans
             for moment, side in zip(span, (-_DAY, _DAY), strict=True)]  # fmt: skip
    return min(days).year, max(days).year


@cache
def _zone(zone: ZoneInfo, first: int, last: int) -> str:
    """The zone's offsets in some calendar years."""
    raw: bytes = vtimezone(zone, date(first, 1, 1), date(last, 12, 31)).to_ical()
    return raw.decode()


def _shift_event(order: Order, dated: DatedShift, zone: ZoneInfo, *, is_private: bool) -> str:
    """A shift; the site's calendar says whose it is."""
    shift, agent = dated.shift, order.agents.get(dated.shift.agent_id)
    team = single_line(agent.team) if agent else ""
    title = f"Shift ({team})" if team else "Shift"
    if not is_private:
        title = f"{(agent.name if agent else '') or shift.agent_id}: {title}"
    lines = () if dated.is_cancelled else (_line(activity, zone) for activity in shift.activities)
    is_readable = order.settings is None or order.settings.readable
    return component(
        "VEVENT",
        (
            *_identity(shift.shift_id, dated.revision, order.written_at(dated)),
            _moment("DTSTART", shift.start, zone),
            _moment("DTEND", shift.end, zone),
            ("SUMMARY", text(title)),
            ("STATUS", _STATUS[dated.state]),
            ("TRANSP", "TRANSPARENT" if dated.is_cancelled else "OPAQUE"),
            ("CLASS", "PRIVATE" if is_private else ""),
            ("CATEGORIES", texts(["SHIFT", team] if team else ["SHIFT"])),
            ("LOCATION", text(order.site_of(agent))),
            ("DESCRIPTION", text(*lines)),
            *(_readable(dated) if is_readable else ()),
        ),
    )


def _readable(dated: DatedShift) -> Iterator[Property]:
    """What the import reads: ids, date, revision and state of a shift, and its activities."""
    shift = dated.shift
    yield "X-WFPLAN-SHIFT-ID", text(shift.shift_id)
    yield "X-WFPLAN-AGENT-ID", text(shift.agent_id)
    yield "X-WFPLAN-SHIFT-DATE", shift.shift_date.isoformat()
    yield "X-WFPLAN-REVISION", str(dated.revision)
    yield "X-WFPLAN-STATE", str(dated.state)
    if shift.is_locked:
        yield "X-WFPLAN-LOCKED", "TRUE"
    for activity in () if dated.is_cancelled else shift.activities:
        paid = "paid" if activity.is_paid else "unpaid"
        when = f"{instant_cell(activity.start)};{instant_cell(activity.end)}"
        said = f"{_quoted(activity.code)};{activity.category};{paid};{when}"
        if activity.activity_id:
            said += f";{_quoted(activity.activity_id)}"
        yield "X-WFPLAN-ACTIVITY", said


def _time_off_event(order: Order, agent: Agent, time_off: TimeOff) -> str:
    """An absence: dates where it takes whole days, and nothing about why."""
    if time_off.is_all_day:
        first = local_date(time_off.start, agent.timezone)
        last = local_date(time_off.end - _SECOND, agent.timezone)
        when = (_day("DTSTART", first), _day("DTEND", last + _DAY))
    else:
        zone = ZoneInfo(agent.timezone)
        when = (_moment("DTSTART", time_off.start, zone), _moment("DTEND", time_off.end, zone))
    key = f"{agent.agent_id}-off-{instant_cell(time_off.start)}"
    return component(
        "VEVENT",
        (
            *_identity(key, order.schedule.revision, order.as_of),
            *when,
            ("SUMMARY", "Time off"),
            ("STATUS", "CONFIRMED"),
            ("TRANSP", "OPAQUE"),
            ("CLASS", "PRIVATE"),
        ),
    )


def _identity(key: str, revision: int, at: datetime) -> tuple[Property, ...]:
    """What tells an event and its version."""
    stamp = _utc(at)
    return (
        ("UID", uid_of(key)),
        ("SEQUENCE", str(revision)),
        ("DTSTAMP", stamp),
        ("LAST-MODIFIED", stamp),
    )


def _day(name: str, day: date) -> Property:
    return f"{name};VALUE=DATE", f"{day:%Y%m%d}"


def _moment(name: str, instant: datetime, zone: ZoneInfo) -> Property:
    """Wall time with its zone, or UTC where that wall time occurs twice."""
    local = instant.astimezone(zone)
    if occurs_twice(local):
        return name, _utc(instant)
    return f"{name};TZID={zone.key}", f"{local:%Y%m%dT%H%M%S}"


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


@cache
def _quoted(word: str) -> str:
    return quote(word, safe="")


def _line(activity: Activity, zone: ZoneInfo) -> str:
    """``09:00-09:15 Break``; times that occur twice say which they are."""
    start, end = (_clock(one.astimezone(UTC), zone) for one in (activity.start, activity.end))
    return f"{start}-{end} {activity_words(activity)}"


@lru_cache(_INSTANTS_KEPT)
def _clock(instant: datetime, zone: ZoneInfo) -> str:
    """Wall time of an instant in UTC; with its offset where it occurs twice."""
    local = instant.astimezone(zone)
    return f"{local:%H:%M} ({local:%z})" if occurs_twice(local) else f"{local:%H:%M}"
