"""Tests for wfplan.export.ical."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar

from wfplan.export.ical import uid_of

SPRING = date(2026, 3, 28)  # the night in which Dublin loses an hour


def events(raw):
    """The events of a calendar."""
    return Calendar.from_ical(raw).walk("VEVENT")


def only(raw):
    """The one event of a calendar."""
    (event,) = events(raw)
    return event


def elapsed(event):
    """Elapsed minutes of an event."""
    start, end = (event.decoded(name).astimezone(UTC) for name in ("DTSTART", "DTEND"))
    return (end - start) / timedelta(minutes=1)


def week_of(synthetic, day, start_min, minutes, agent_id="A001"):
    """A schedule with one shift."""
    first = day - timedelta(days=day.weekday())
    shift = synthetic.shift(agent_id, day, start_min, (minutes, "ON_QUEUE"))
    return synthetic.schedule(first_day=first, shifts=(shift,))


def test_there_is_a_calendar_for_every_person_and_every_site(files):
    assert set(files("ics")) == {
        "agent_A001.ics", "agent_A002.ics", "agent_A003.ics", "site_Dublin.ics", "manifest.json",
    }  # fmt: skip


def test_a_calendar_says_what_feeds_need(files):
    calendar = Calendar.from_ical(files("ics")["agent_A001.ics"])
    assert calendar["METHOD"] == "PUBLISH"
    assert calendar["NAME"] == calendar["X-WR-CALNAME"] == "Shifts: Ada Quinn"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT12H" in files("ics")["agent_A001.ics"]


def test_a_shift_has_every_property_of_the_agreed_table(files, synthetic):
    event = only(files("ics")["agent_A001.ics"])
    shift = synthetic.schedule().shifts[0]
    assert event["UID"] == uid_of(shift.shift_id)
    assert event["SEQUENCE"] == 1
    assert event["STATUS"] == "TENTATIVE"
    assert event["TRANSP"] == "OPAQUE"
    assert event["LOCATION"] == "Dublin"
    assert event["SUMMARY"] == "Shift (Billing)"
    assert event.decoded("DTSTAMP") == event.decoded("LAST-MODIFIED")
    assert event.decoded("DTSTAMP") == datetime(2026, 10, 16, 19, tzinfo=UTC)
    assert event["DESCRIPTION"].split("\n") == [
        "08:00-10:00 On queue", "10:00-10:15 Break", "10:15-16:00 On queue",
    ]  # fmt: skip
    assert b"DTSTART;TZID=Europe/Dublin:20261019T080000" in files("ics")["agent_A001.ics"]


@pytest.mark.parametrize(
    ("day", "minutes", "end"),
    [(date(2026, 10, 24), 540, "20261025T060000"), (SPRING, 420, "20260329T060000")],
)
def test_a_night_shift_of_a_clock_change_keeps_its_elapsed_time(
    files, synthetic, day, minutes, end
):
    raw = files("ics", week_of(synthetic, day, 1320, minutes))["agent_A001.ics"]
    assert elapsed(only(raw)) == minutes
    assert f"DTEND;TZID=Europe/Dublin:{end}".encode() in raw


@pytest.mark.parametrize(
    ("start_utc", "written"),
    [
        ("2026-10-25T00:00:00Z", b"DTSTART:20261025T000000Z"),  # 01:00 the first time
        ("2026-10-25T00:45:00Z", b"DTSTART:20261025T004500Z"),
        ("2026-10-25T01:00:00Z", b"DTSTART:20261025T010000Z"),  # 01:00 the second time
        ("2026-10-25T01:45:00Z", b"DTSTART:20261025T014500Z"),
        ("2026-10-25T02:00:00Z", b"DTSTART;TZID=Europe/Dublin:20261025T020000"),
        ("2026-10-24T23:45:00Z", b"DTSTART;TZID=Europe/Dublin:20261025T004500"),
        ("2026-03-29T00:45:00Z", b"DTSTART;TZID=Europe/Dublin:20260329T004500"),
        ("2026-03-29T01:00:00Z", b"DTSTART;TZID=Europe/Dublin:20260329T020000"),
    ],
)
def test_a_wall_time_that_occurs_twice_is_written_in_utc(files, synthetic, start_utc, written):
    start = datetime.fromisoformat(start_utc)
    shift = synthetic.shift("A001", synthetic.WEEK, 480, (240, "ON_QUEUE"))
    work = synthetic.activity(start, 240)
    moved = shift.model_copy(update={"activities": (work,)})
    raw = files("ics", synthetic.schedule(shifts=(moved,)))["agent_A001.ics"]
    assert written in raw
    assert only(raw).decoded("DTSTART").astimezone(UTC) == start


def test_breaks_in_the_repeated_hour_say_which_hour_they_are_in(files, synthetic):
    raw = files("ics")["agent_A002.ics"]
    shift = next(event for event in events(raw) if event["SUMMARY"] != "Time off")
    assert "01:00 (+0000)-01:30 (+0000) Meal" in shift["DESCRIPTION"].split("\n")


def test_time_off_is_private_whole_days_and_says_no_more(files):
    leave = next(e for e in events(files("ics")["agent_A002.ics"]) if e["SUMMARY"] == "Time off")
    assert leave.decoded("DTSTART") == date(2026, 10, 22)
    assert leave.decoded("DTEND") == date(2026, 10, 24)
    assert leave["CLASS"] == "PRIVATE"
    assert not {"DESCRIPTION", "CATEGORIES", "LOCATION", "COMMENT"} & leave.keys()


def test_time_off_of_some_hours_has_its_hours(files, synthetic):
    leave = synthetic.problem().agents[1].time_off[0]
    hours = leave.model_copy(update={"is_all_day": False, "end": leave.start + timedelta(hours=10)})
    agents = (synthetic.agent("A001", time_off=(hours,)),)
    raw = files("ics", synthetic.schedule(shifts=()), synthetic.problem(agents=agents))
    event = only(raw["agent_A001.ics"])
    assert elapsed(event) == 600
    assert event["CLASS"] == "PRIVATE"


def test_the_calendar_of_a_site_says_whose_a_shift_is_and_nothing_of_time_off(files):
    shown = [str(event["SUMMARY"]) for event in events(files("ics")["site_Dublin.ics"])]
    assert shown == ["Ada Quinn: Shift (Billing)", "Canary Quillfeather: Shift (Billing)"]
    assert b"Time off" not in files("ics")["site_Dublin.ics"]


def test_people_of_two_sites_are_in_two_calendars(files, synthetic):
    agents = (synthetic.agent("A001"), synthetic.agent("A002", site="Port of Spain"))
    made = files("ics", problem=synthetic.problem(agents=agents))
    assert len(events(made["site_Dublin.ics"])) == 1
    (other,) = (name for name in made if name.startswith("site_Port"))
    assert len(events(made[other])) == 1


def test_a_published_schedule_is_confirmed(files, synthetic):
    raw = files("ics", synthetic.schedule(status="published", revision=4))["agent_A001.ics"]
    assert (only(raw)["STATUS"], only(raw)["SEQUENCE"]) == ("CONFIRMED", 4)


def test_a_shift_that_is_gone_stays_as_cancelled_with_a_higher_sequence(files, synthetic):
    before = synthetic.schedule()
    now = synthetic.schedule(shifts=before.shifts[1:])
    old = only(files("ics", before)["agent_A001.ics"])
    new = only(files("ics", now, previous=before)["agent_A001.ics"])
    assert new["UID"] == old["UID"]
    assert new["SEQUENCE"] > old["SEQUENCE"]
    assert (new["STATUS"], new["TRANSP"]) == ("CANCELLED", "TRANSPARENT")


def test_uids_are_opaque_and_never_change():
    assert uid_of("dublin-A001-20261019-1") == "420644af-4f34-5ec7-9a5b-b599a7a18183"


def test_uids_of_two_weeks_and_people_are_all_different(files):
    uids = [event["UID"] for name, raw in files("ics").items() if name.startswith("agent_")
            for event in events(raw)]  # fmt: skip
    assert len(set(uids)) == len(uids) == 3


@pytest.mark.parametrize("field", ["name", "team", "site"])
@pytest.mark.parametrize(
    "payload",
    [
        "x\r\nATTENDEE:mailto:eve@example.com",
        "x\nBEGIN:VALARM",
        "x\rEND:VEVENT",
        "x\u2028URL:http://evil",
        "x\x00y",
        "semi;colon,comma\\slash",
        '"quoted":value',
        "é" * 100,
        "<script>alert(1)</script>",
    ],
)
def test_no_name_team_or_site_can_add_a_line_to_a_calendar(files, synthetic, field, payload):
    agents = (synthetic.agent("A001", **{field: payload}),)
    made = files("ics", synthetic.schedule(shifts=synthetic.schedule().shifts[:1]),
                 synthetic.problem(agents=agents))  # fmt: skip
    for name, raw in made.items():
        if not name.endswith(".ics"):
            continue
        assert raw.count(b"\r") == raw.count(b"\r\n") == raw.count(b"\n")
        assert not any(len(line) > 75 for line in raw.split(b"\r\n"))
        lines = raw.replace(b"\r\n ", b"").split(b"\r\n")
        names = {line.partition(b":")[0].partition(b";")[0] for line in lines}
        assert not names & {b"ATTENDEE", b"URL", b"END:VALARM"}
        assert [line for line in lines if line.startswith(b"BEGIN:VALARM")] == []
        assert lines.count(b"END:VEVENT") == 1
        event = only(raw)
        assert event["UID"]
        if field == "team" and "\\slash" in payload:
            assert str(event["SUMMARY"]).endswith(f"({payload})")


def test_nobody_is_left_out_when_ids_differ_in_case_only(files, synthetic):
    agents = tuple(synthetic.agent(agent_id) for agent_id in ("a1", "A1"))
    made = files("ics", synthetic.schedule(shifts=()), synthetic.problem(agents=agents))
    assert len([name for name in made if name.startswith("agent_")]) == 2
