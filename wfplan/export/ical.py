"""``ics``: a calendar for every person and one for every site (RFC 5545, RFC 7986).

Wall times carry the person's zone; a wall time that occurs twice is written in
UTC, because RFC 5545 (3.3.5) lets it mean the first one only. Time off is a
private all-day entry in the person's own calendar and never says why; a
site's calendar shows shifts only. Breaks stand in the description, since one
event per break would drown the week.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from wfplan.domain.cells import instant_cell, single_line
from wfplan.domain.people import Agent, TimeOff
from wfplan.domain.schedule import Activity
from wfplan.domain.schedule_rows import DatedShift, ShiftState, local_date
from wfplan.export.order import Exported, Order, file_names
from wfplan.export.vtimezone import vtimezone
from wfplan.export.words import activity_words

if TYPE_CHECKING:
    from icalendar import Calendar, Event

PRODID = "-//wfplan//schedule export//EN"
NAMESPACE = UUID("5d6a1f0c-6f2b-5b0e-9a39-0a4f3c1f7b52")  # of the UIDs; never to be changed
REFRESH = timedelta(hours=12)
_STATUS = {
    ShiftState.CONFIRMED: "CONFIRMED",
    ShiftState.DRAFT: "TENTATIVE",
    ShiftState.CANCELLED: "CANCELLED",
}
_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)


def to_ics(order: Order) -> Exported:
    """
    ``agent_ID.ics`` for every person and ``site_NAME.ics`` for every site.

    Where only what changed is exported, of the people and sites with a change.
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


def _person(order: Order, agent_id: str, shifts: Iterable[DatedShift]) -> bytes:
    """The calendar of one person, in her zone."""
    agent = order.agents.get(agent_id)
    zone = ZoneInfo(agent.timezone if agent else order.schedule.timezone)
    name = (agent.name if agent else "") or agent_id
    events = [_shift_event(order, dated, zone, is_private=True) for dated in shifts]
    if agent:
        events += [_time_off_event(order, agent, time_off) for time_off in order.time_off(agent)]
    return _calendar(order, f"Shifts: {name}", zone, events)


def _site(order: Order, site: str, shifts: Iterable[DatedShift]) -> bytes:
    """The calendar of one site, in the schedule's zone."""
    zone = ZoneInfo(order.schedule.timezone)
    events = [_shift_event(order, dated, zone, is_private=False) for dated in shifts]
    return _calendar(order, f"Shifts: {site}", zone, events)


def _calendar(order: Order, name: str, zone: ZoneInfo, events: Iterable[Event]) -> bytes:
    """A calendar with its zone and events."""
    from icalendar import Calendar

    calendar: Calendar = Calendar()
    title = single_line(name)
    for key, value in {
        "PRODID": PRODID,
        "VERSION": "2.0",
        "CALSCALE": "GREGORIAN",
        "METHOD": "PUBLISH",
        "NAME": title,
        "X-WR-CALNAME": title,
    }.items():
        calendar.add(key, value)
    calendar.add("REFRESH-INTERVAL", REFRESH, parameters={"VALUE": "DURATION"})
    first = order.schedule.first_day
    calendar.add_component(vtimezone(zone, first - _DAY, first + (order.schedule.days + 1) * _DAY))
    for event in events:
        calendar.add_component(event)
    raw: bytes = calendar.to_ical()
    return raw


def _shift_event(order: Order, dated: DatedShift, zone: ZoneInfo, *, is_private: bool) -> Event:
    """A shift; the site's calendar says whose it is."""
    shift, agent = dated.shift, order.agents.get(dated.shift.agent_id)
    team = single_line(agent.team) if agent else ""
    title = f"Shift ({team})" if team else "Shift"
    if not is_private:
        title = f"{single_line(agent.name) if agent and agent.name else shift.agent_id}: {title}"
    is_cancelled = dated.state is ShiftState.CANCELLED
    lines = [] if is_cancelled else [_line(activity, zone) for activity in shift.activities]
    given: dict[str, Any] = {
        "SUMMARY": title,
        "DTSTART": _written(shift.start, zone),
        "DTEND": _written(shift.end, zone),
        "STATUS": _STATUS[dated.state],
        "TRANSP": "TRANSPARENT" if is_cancelled else "OPAQUE",
        "CATEGORIES": ["SHIFT", team] if team else ["SHIFT"],
        "DESCRIPTION": "\n".join(lines),
        "LOCATION": single_line(order.site_of(agent)),
        "CLASS": "PRIVATE" if is_private else "",
    }
    return _event(shift.shift_id, dated.revision, order.written_at(dated), given)


def _time_off_event(order: Order, agent: Agent, time_off: TimeOff) -> Event:
    """An absence: dates where it takes whole days, and nothing about why."""
    given: dict[str, Any] = {
        "SUMMARY": "Time off",
        "STATUS": "CONFIRMED",
        "TRANSP": "OPAQUE",
        "CLASS": "PRIVATE",
    }
    if time_off.is_all_day:
        given["DTSTART"] = local_date(time_off.start, agent.timezone)
        given["DTEND"] = local_date(time_off.end - _SECOND, agent.timezone) + _DAY
    else:
        zone = ZoneInfo(agent.timezone)
        given["DTSTART"] = _written(time_off.start, zone)
        given["DTEND"] = _written(time_off.end, zone)
    key = f"{agent.agent_id}-off-{instant_cell(time_off.start)}"
    return _event(key, order.schedule.revision, order.as_of, given)


def _event(key: str, revision: int, at: datetime, given: dict[str, Any]) -> Event:
    """An event with what all events have; empty values are left out."""
    from icalendar import Event

    event: Event = Event()
    common = {
        "UID": uid_of(key),
        "SEQUENCE": revision,
        "DTSTAMP": at,
        "LAST-MODIFIED": at,
    }
    for name, value in (given | common).items():
        if value != "":
            event.add(name, value)
    return event


def _written(instant: datetime, zone: ZoneInfo) -> datetime:
    """Wall time with its zone, or UTC where that wall time occurs twice."""
    local = instant.astimezone(zone)
    return instant.astimezone(UTC) if _occurs_twice(local) else local


def _occurs_twice(local: datetime) -> bool:
    """Whether clocks show this wall time once more, an hour later or earlier."""
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def _line(activity: Activity, zone: ZoneInfo) -> str:
    """``09:00-09:15 Break``; times that occur twice say which they are."""
    start, end = (_clock(instant.astimezone(zone)) for instant in (activity.start, activity.end))
    return f"{start}-{end} {activity_words(activity)}"


def _clock(local: datetime) -> str:
    """Wall time; with its offset where it occurs twice."""
    return f"{local:%H:%M} ({local:%z})" if _occurs_twice(local) else f"{local:%H:%M}"
