"""Calendars as calendar programs show them: any schedule, and clock changes round the world."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from wfplan.domain.schedule import Activity, Shift
from wfplan.export.ical import uid_of
from wfplan.horizon import wall_instant

CHANGES = [
    ("Europe/Dublin", "2026-03-29"), ("Europe/Dublin", "2026-10-25"),
    ("America/New_York", "2026-03-08"), ("America/New_York", "2026-11-01"),
    ("America/St_Johns", "2026-03-08"), ("America/St_Johns", "2026-11-01"),
    ("America/Havana", "2026-03-08"), ("America/Havana", "2026-11-01"),
    ("America/Santiago", "2026-09-06"), ("America/Santiago", "2026-04-05"),
    ("America/Asuncion", "2024-03-24"), ("America/Asuncion", "2023-10-01"),
    ("Australia/Sydney", "2026-10-04"), ("Australia/Sydney", "2026-04-05"),
    ("Australia/Lord_Howe", "2026-10-04"), ("Australia/Lord_Howe", "2026-04-05"),
    ("Pacific/Auckland", "2026-09-27"), ("Pacific/Auckland", "2026-04-05"),
    ("Pacific/Chatham", "2026-09-27"), ("Pacific/Chatham", "2026-04-05"),
    ("Pacific/Apia", "2020-09-27"), ("Pacific/Apia", "2021-04-04"),
    ("Pacific/Apia", "2011-12-30"),
    ("Africa/Casablanca", "2026-02-15"), ("Africa/Casablanca", "2026-03-22"),
    ("Africa/Cairo", "2026-04-24"), ("Africa/Cairo", "2026-10-30"),
    ("Asia/Tehran", "2022-03-22"), ("Asia/Tehran", "2022-09-22"),
    ("Asia/Beirut", "2026-03-29"), ("Asia/Beirut", "2026-10-25"),
    ("Antarctica/Troll", "2026-03-29"), ("Antarctica/Troll", "2026-10-25"),
]  # fmt: skip
"""Zones, and the dates into which a clock change falls or leads; Apia once left out a day."""

FEW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def instants(event):
    """Start and end of an event in UTC."""
    return tuple(event.decoded(name).astimezone(UTC) for name in ("DTSTART", "DTEND"))


def by_the_letter(raw):
    """UID -> start and end as RFC 5545 (3.6.5) reads wall times: by the file's own VTIMEZONE."""
    calendar = Calendar.from_ical(raw)
    (zone,) = calendar.walk("VTIMEZONE")
    onsets = sorted(
        (part.decoded("DTSTART"), part.decoded("TZOFFSETTO")) for part in zone.subcomponents
    )

    def instant(value):
        wall = value.dt
        if value.params.get("TZID") is None:
            return wall.astimezone(UTC)
        wall = wall.replace(tzinfo=None)
        offset = [to for onset, to in onsets if onset <= wall][-1]
        return (wall - offset).replace(tzinfo=UTC)

    return {
        str(event["UID"]): (instant(event["DTSTART"]), instant(event["DTEND"]))
        for event in calendar.walk("VEVENT")
    }


def week_round(synthetic, zone, day):
    """Shifts of many people who begin every half hour from the evening before a clock change."""
    first = day - timedelta(days=1)
    begin = wall_instant(first, 20 * 60, zone)
    agents, shifts = [], []
    for number in range(24):
        agent_id = f"A{number:03}"
        start = begin + number * timedelta(minutes=30)
        middle, end = start + timedelta(minutes=195), start + timedelta(minutes=345)
        parts = ((start, middle, "ON_QUEUE"), (middle, end, "REST"))
        agents.append(synthetic.agent(agent_id, timezone=zone))
        shifts.append(
            Shift(
                shift_id=f"x-{agent_id}",
                agent_id=agent_id,
                shift_date=start.astimezone(ZoneInfo(zone)).date(),
                activities=tuple(
                    synthetic.activity(a, int((b - a) / timedelta(minutes=1)), code)
                    for a, b, code in parts
                ),
            )
        )
    problem = synthetic.problem(timezone=zone, interval_min=15, agents=tuple(agents))
    schedule = synthetic.schedule(timezone=zone, first_day=first, days=3, shifts=tuple(shifts))
    return problem, schedule


@pytest.mark.parametrize(("zone", "day"), CHANGES)
def test_the_minutes_of_a_clock_change_come_back_exactly(files, synthetic, zone, day):
    on = date.fromisoformat(day)
    problem, schedule = week_round(synthetic, zone, on)
    offsets = {one.start.astimezone(ZoneInfo(zone)).utcoffset() for one in schedule.shifts}
    assert len(offsets) == 2, "no clock change here"
    truth = {uid_of(one.shift_id): (one.start, one.end) for one in schedule.shifts}
    made = files("ics", schedule, problem)
    site = made["site_Dublin.ics"]
    assert {str(e["UID"]): instants(e) for e in Calendar.from_ical(site).walk("VEVENT")} == truth
    assert by_the_letter(site) == truth
    own = by_the_letter(made["agent_A007.ics"])
    assert own == {uid: when for uid, when in truth.items() if uid == uid_of("x-A007")}


@pytest.mark.slow
@FEW
@given(data=st.data())
def test_what_a_calendar_program_shows_is_the_schedule(data, strategies, files):
    case = data.draw(strategies.schedules(is_revised=True))
    made = files("ics", case.schedule, case.problem, previous=case.previous)
    first = datetime.combine(case.schedule.first_day, datetime.min.time(), UTC)
    truth = {uid_of(one.shift_id): (one.start, one.end) for one in case.schedule.shifts}
    gone = {uid_of(one.shift_id) for one in case.previous.shifts} - truth.keys()
    for begin in ("agent_", "site_"):
        shown, cancelled = {}, set()
        for name, raw in made.items():
            if not name.startswith(begin):
                continue
            calendar = Calendar.from_ical(raw)
            between = (first - timedelta(days=9), first + timedelta(days=18))
            for event in recurring_ical_events.of(calendar).between(*between):
                if event["STATUS"] == "CANCELLED":
                    cancelled.add(str(event["UID"]))
                else:
                    shown[str(event["UID"])] = instants(event)
        assert shown == truth
        assert cancelled == gone


def read_back(event):
    """The shift that an event says it is, by its X-WFPLAN properties alone."""
    given_parts = event.get("X-WFPLAN-ACTIVITY", [])
    activities = []
    for text in given_parts if isinstance(given_parts, list) else [given_parts]:
        code, category, paid, start, end, *of = str(text).split(";")
        activities.append(
            Activity(
                code=unquote(code),
                category=category,
                is_paid={"paid": True, "unpaid": False}[paid],
                start=datetime.fromisoformat(start),
                end=datetime.fromisoformat(end),
                activity_id=unquote(of[0]) if of else "",
            )
        )
    return Shift(
        shift_id=str(event["X-WFPLAN-SHIFT-ID"]),
        agent_id=str(event["X-WFPLAN-AGENT-ID"]),
        shift_date=date.fromisoformat(event["X-WFPLAN-SHIFT-DATE"]),
        activities=tuple(activities),
        is_locked="X-WFPLAN-LOCKED" in event,
    )


@pytest.mark.slow
@FEW
@given(data=st.data())
def test_any_schedule_can_be_read_back_from_its_events(data, strategies, files):
    case = data.draw(strategies.schedules())
    made = files("ics", case.schedule, case.problem)
    for begin in ("agent_", "site_"):
        events = [event for name, raw in made.items() if name.startswith(begin)
                  for event in Calendar.from_ical(raw).walk("VEVENT")]  # fmt: skip
        found = sorted(map(read_back, events), key=lambda s: (s.agent_id, s.start))
        assert tuple(found) == case.schedule.shifts


def test_an_event_says_its_shift_its_state_and_its_activities(files):
    raw = files("ics")["agent_A001.ics"].replace(b"\r\n ", b"")
    said = b"X-WFPLAN-ACTIVITY:REST;break;paid;2026-10-19T09:00:00Z;2026-10-19T09:15:00Z\r\n"
    assert said in raw
    (event,) = Calendar.from_ical(raw).walk("VEVENT")
    assert (event["X-WFPLAN-REVISION"], event["X-WFPLAN-STATE"]) == ("1", "draft")
    assert Calendar.from_ical(raw)["X-WFPLAN-AGENT-ID"] == "A001"


def test_a_cancelled_event_says_its_shift_and_no_activities(files, synthetic):
    before = synthetic.schedule()
    raw = files("ics", synthetic.schedule(shifts=()), previous=before)["agent_A001.ics"]
    (event,) = Calendar.from_ical(raw).walk("VEVENT")
    assert (event["X-WFPLAN-STATE"], event["X-WFPLAN-REVISION"]) == ("cancelled", "2")
    assert "X-WFPLAN-ACTIVITY" not in event


def test_whoever_wants_none_of_it_says_so(files):
    made = files("ics", settings={"readable": False})
    assert not any(b"X-WFPLAN" in raw for raw in made.values())


def test_what_changed_is_in_the_calendars_of_those_concerned_alone(synthetic, files):
    before = synthetic.schedule()
    first, second = before.shifts
    told = synthetic.order(previous=before).told
    moved = second.model_copy(update={"activities": second.activities[:-1]})
    now = synthetic.schedule(shifts=(first, moved))
    made = files("ics", now, told=told, since=told)
    assert set(made) == {"agent_A002.ics", "site_Dublin.ics", "manifest.json"}
    (event,) = Calendar.from_ical(made["site_Dublin.ics"]).walk("VEVENT")
    assert (event["UID"], event["SEQUENCE"]) == (uid_of(second.shift_id), 2)


def test_names_of_any_script_are_folded_between_characters(files, synthetic):
    name = "Ŝ李🙂" * 40
    problem = synthetic.problem(agents=(synthetic.agent("A001", name=name),))
    raw = files("ics", problem=problem)["agent_A001.ics"]
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert all(line.decode() for line in raw.split(b"\r\n") if line)
    assert Calendar.from_ical(raw)["NAME"] == f"Shifts: {name}"


def test_times_of_another_year_have_their_offsets(files, synthetic):
    """Leave of some hours that began the summer before, and a week after New Year."""
    start = datetime(2026, 7, 1, 8, tzinfo=UTC)
    leave = synthetic.problem().agents[1].time_off[0].model_copy(
        update={"is_all_day": False, "start": start, "end": datetime(2027, 1, 6, 12, tzinfo=UTC)}
    )  # fmt: skip
    problem = synthetic.problem(agents=(synthetic.agent("A001", time_off=(leave,)),))
    schedule = synthetic.schedule(first_day=date(2027, 1, 4), shifts=())
    (found,) = by_the_letter(files("ics", schedule, problem)["agent_A001.ics"]).values()
    assert found == (leave.start, leave.end)
