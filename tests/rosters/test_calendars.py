"""Tests for wfplan.rosters.calendars and own_events."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from wfplan.domain.schedule_rows import told_shifts
from wfplan.export import Order, exported


def calendar(*events, more=""):
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//elsewhere//EN", more,
                        *events, "END:VCALENDAR", ""]).replace("\r\n\r\n", "\r\n")  # fmt: skip


def event(start, end, *more, uid="e-1"):
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20261001T000000Z",
                        f"DTSTART{start}", f"DTEND{end}", *more, "END:VEVENT"])  # fmt: skip


DAY = (":20261019T070000Z", ":20261019T150000Z")


def times(shifts):
    return [(s.agent_id, f"{s.start:%dT%H:%M}", f"{s.end:%dT%H:%M}") for s in shifts]


def test_a_calendar_named_after_a_person_holds_her_shifts(read, parts):
    roster = read({"agent_A001.ics": calendar(event(*DAY))})
    (shift,) = roster.shifts
    assert roster.layout == "ics"
    assert (shift.agent_id, shift.shift_id) == ("A001", "dublin-A001-20261019-1")
    assert parts(shift) == [("ON_QUEUE", "07:00", "15:00", True)]


@pytest.mark.parametrize(
    ("name", "more", "lines", "asked"),
    [
        ("x.ics", "", (), {"person": "A001"}),
        ("x.ics", "X-WFPLAN-AGENT:A001", (), {}),
        ("A001_roster.ics", "", (), {}),
        ("x.ics", "X-WR-CALNAME:A001", (), {}),
        ("x.ics", "", ("ATTENDEE;CN=Ada:mailto:Ada@Example.com",), {}),
        ("x.ics", "", ("ORGANIZER:MAILTO:ada@example.com", "ATTENDEE:mailto:b@example.com"), {}),
    ],
)
def test_whose_it_is_is_found(read, synthetic, name, more, lines, asked):
    people = (synthetic.agent("A001", email="ada@example.com"), synthetic.agent("A002"))
    problem = synthetic.problem(agents=people)
    roster = read({name: calendar(event(*DAY, *lines), more=more)}, problem, **asked)
    assert times(roster.shifts) == [("A001", "19T07:00", "19T15:00")]


def test_nobody_s_events_and_those_of_two_people_are_faults_without_an_address(
    faults, read, synthetic
):
    (said,) = faults({"x.ics": calendar(event(*DAY, "ATTENDEE:mailto:ada@example.com"))})
    assert "x.ics:4: the event does not say whose it is" in said
    assert "ada@" not in said
    people = tuple(synthetic.agent(f"A00{n}", email=f"a{n}@example.com") for n in (1, 2))
    both = event(*DAY, "ATTENDEE:mailto:a1@example.com", "ATTENDEE:mailto:a2@example.com")
    (said,) = faults({"x.ics": calendar(both)}, problem=synthetic.problem(agents=people))
    assert "2 people of the plan are in ATTENDEE" in said


def test_breaks_and_training_lie_inside_a_shift_by_their_categories(read, parts):
    events = (
        event(*DAY),
        event(":20261019T100000Z", ":20261019T103000Z", "CATEGORIES:Lunch", uid="e-2"),
        event(":20261019T150000Z", ":20261019T160000Z", "CATEGORIES:TRAINING,Blue", uid="e-3"),
    )
    (shift,) = read({"A001.ics": calendar(*events)}).shifts
    assert parts(shift) == [
        ("ON_QUEUE", "07:00", "10:00", True),
        ("MEAL", "10:00", "10:30", False),
        ("ON_QUEUE", "10:30", "15:00", True),
        ("TRAINING", "15:00", "16:00", True),
    ]


def test_what_is_no_time_at_work_is_left_out_and_counted(read):
    events = (
        event(*DAY),
        event(":20261020T070000Z", ":20261020T150000Z", "STATUS:CANCELLED", uid="e-2"),
        event(";VALUE=DATE:20261021", ";VALUE=DATE:20261022", uid="e-3"),
        event(":20261022T070000Z", ":20261022T150000Z", "CATEGORIES:Vacation", uid="e-4"),
        event(":20261022T070000Z", ":20261022T080000Z", "CATEGORIES:Dentist", uid="e-5"),
        event(":20261022T070000Z", ":20261022T080000Z", "TRANSP:TRANSPARENT", uid="e-6"),
        event(":20261022T070000Z", ":20261022T080000Z", "CATEGORIES:AVOID", uid="e-7"),
    )
    roster = read({"A001.ics": calendar(*events)})
    assert len(roster.shifts) == 1
    assert roster.left == {
        "cancelled events": 1, "all-day events": 1, "events of time off": 1,
        "events of other categories": 1, "events that take no time (TRANSPARENT)": 1,
        "events of availability": 1,
    }  # fmt: skip


def test_the_highest_sequence_counts_wherever_it_stands(read):
    old = event(*DAY, "SEQUENCE:1")
    new = event(":20261019T080000Z", ":20261019T160000Z", "SEQUENCE:2")
    for events in ((old, new), (new, old)):
        roster = read({"A001.ics": calendar(*events)})
        assert times(roster.shifts) == [("A001", "19T08:00", "19T16:00")]
        assert roster.left == {"older versions of events": 1}
    gone = event(*DAY, "SEQUENCE:3", "STATUS:CANCELLED")
    other = event(":20261020T080000Z", ":20261020T160000Z", uid="e-9")
    roster = read({"A001.ics": calendar(old, gone, other)})
    assert times(roster.shifts) == [("A001", "20T08:00", "20T16:00")]


def test_two_people_may_have_the_same_event(read):
    same = calendar(event(*DAY))
    assert times(read({"A001.ics": same, "A002.ics": same}).shifts) == [
        ("A001", "19T07:00", "19T15:00"),
        ("A002", "19T07:00", "19T15:00"),
    ]


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        # clocks go back on 25 October at 02:00 in Dublin: a night has an hour more
        (";TZID=Europe/Dublin:20261024T220000", ";TZID=Europe/Dublin:20261025T060000", 540),
        (":20261024T220000", ":20261025T060000", 540),  # floating: on her own clock
        (";TZID=Europe/Dublin:20261025T010000", ";TZID=Europe/Dublin:20261025T013000", 30),
        (":20261024T210000Z", ":20261025T060000Z", 540),
        # forward on 29 March at 01:00: an hour less
        (";TZID=Europe/Dublin:20260328T220000", ";TZID=Europe/Dublin:20260329T060000", 420),
    ],
)
def test_nights_over_a_clock_change_last_as_long_as_they_do(read, start, end, minutes):
    (shift,) = read({"A001.ics": calendar(event(start, end))}).shifts
    assert shift.end - shift.start == timedelta(minutes=minutes)


def test_a_weekly_event_is_written_out_without_what_was_moved_or_cancelled(read):
    rule = event(
        ";TZID=Europe/Dublin:20261005T080000", ";TZID=Europe/Dublin:20261005T160000",
        "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE;UNTIL=20261101T000000Z",
        "EXDATE;TZID=Europe/Dublin:20261020T080000",
    )  # fmt: skip
    moved = event(
        ";TZID=Europe/Dublin:20261021T120000", ";TZID=Europe/Dublin:20261021T200000",
        "RECURRENCE-ID;TZID=Europe/Dublin:20261021T080000",
    )  # fmt: skip
    gone = event(
        ";TZID=Europe/Dublin:20261026T080000", ";TZID=Europe/Dublin:20261026T160000",
        "RECURRENCE-ID;TZID=Europe/Dublin:20261026T080000", "STATUS:CANCELLED",
    )  # fmt: skip
    roster = read({"A001.ics": calendar(rule, moved, gone)}, week=date(2026, 10, 19))
    found = [one for one in times(roster.shifts) if one[1] >= "19"]
    assert found == [
        ("A001", "19T07:00", "19T15:00"),
        ("A001", "21T11:00", "21T19:00"),
        ("A001", "27T08:00", "27T16:00"),  # an hour later by UTC
        ("A001", "28T08:00", "28T16:00"),
    ]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (("RRULE:FREQ=SECONDLY",), "A001.ics:4"),
        (("EXRULE:FREQ=WEEKLY",), "EXRULE is not read"),
        (("RRULE:FREQ=NONSENSE",), "A001.ics:4"),
    ],
)
def test_a_recurrence_that_is_not_read_is_refused_with_its_line(faults, lines, text):
    (said,) = faults({"A001.ics": calendar(event(*DAY, *lines))})
    assert text in said


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (":20261019T070000Z", ":20261019T070000Z", "ends before it starts"),
        (":20261019T070030Z", ":20261019T150000Z", "whole minutes"),
        (":20261019T070000Z", ":20261020T080000Z", "lasts 25.0 hours"),
        (":20261019T070000Z", ";VALUE=DATE:20261020", "one of DTSTART and DTEND has no time"),
        (":99991019T070000Z", ":99991019T150000Z", "is in the year 9999"),
        (";TZID=Nowhere/Land:20261019T070000", ":20261019T150000Z", "nobody knows"),
        (":nonsense", ":20261019T150000Z", "cannot be read"),
    ],
)
def test_events_that_cannot_be_are_told_with_their_line(faults, start, end, text):
    (said,) = faults({"A001.ics": calendar(event(start, end))})
    assert said.startswith("A001.ics:4")
    assert text in said


def test_two_events_at_once_are_a_fault(faults):
    events = event(*DAY), event(":20261019T090000Z", ":20261019T110000Z", uid="e-2")
    (said,) = faults({"A001.ics": calendar(*events)})
    assert "A001 does two things at once (see line 4)" in said


def test_a_damaged_calendar_is_told_beside_the_faults_of_others(faults):
    bad = {
        "A001.ics": "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n",
        "A002.ics": calendar(event(*DAY[::-1])),
    }
    said = faults(bad)
    assert len(said) == 2
    assert "A001.ics: holds no calendar" in said[0]
    assert "A002.ics:4: the event ends before it starts" in said[1]


def own(synthetic, change=lambda text: text, **more):
    """wfplan's own calendar of A002, with the night through the repeated hour."""
    order = Order(synthetic.problem(), synthetic.schedule(), **more)
    return change(exported("ics", order)[0]["agent_A002.ics"].decode())


def test_own_calendars_give_back_the_shift_itself(read, synthetic):
    before = synthetic.schedule()
    locked = before.shifts[1].model_copy(update={"is_locked": True})
    files = exported("ics", Order(synthetic.problem(), synthetic.schedule(
        shifts=(before.shifts[0], locked))))[0]  # fmt: skip
    calendars = {name: raw for name, raw in files.items() if name.endswith(".ics")}
    roster = read(calendars)
    assert roster.shifts == (before.shifts[0], locked)
    assert roster.left == {"events of time off": 1}
    assert roster.notes == ()


def test_a_cancelled_shift_of_an_own_calendar_is_left_out(read, synthetic):
    told = told_shifts([synthetic.schedule()])
    now = synthetic.schedule(shifts=synthetic.schedule().shifts[:1], revision=2)
    files = exported("ics", Order(synthetic.problem(), now, told=told))[0]
    roster = read({name: raw for name, raw in files.items() if name.startswith("agent")})
    assert [shift.agent_id for shift in roster.shifts] == ["A001"]
    assert roster.left["cancelled events"] == 1


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("DTEND;TZID=Europe/Dublin:20261025T060000", "DTEND;TZID=Europe/Dublin:20261025T070000",
         "DTSTART and DTEND say another time than X-WFPLAN-ACTIVITY"),
        (";meal;", ";mael;", "X-WFPLAN-ACTIVITY cannot be read"),
        (";unpaid;", ";perhaps;", "X-WFPLAN-ACTIVITY cannot be read"),
        (";2026-10-25T01:00:00Z;", ";2026-10-25T01:00:00;", "X-WFPLAN-ACTIVITY cannot be read"),
        (";2026-10-25T01:00:00Z;", ";2026-10-25T01:05:00Z;", "activities do not tile the shift"),
    ],
)  # fmt: skip
def test_an_own_event_that_was_changed_by_hand_is_refused(faults, synthetic, old, new, text):
    unfolded = own(synthetic).replace("\r\n ", "")
    assert old in unfolded
    (said,) = faults({"agent_A002.ics": unfolded.replace(old, new, 1)})
    assert text in said


def test_people_who_are_not_in_the_plan_are_named_together(faults, synthetic):
    text = own(synthetic).replace("A002", "B002")
    (said,) = faults({"x.ics": text})
    assert "1 person of the file is not known: B002 (1); did you mean 'A002'?" in said


def test_a_calendar_that_lost_its_activities_is_on_queue_and_says_so(read, synthetic, parts):
    lines = own(synthetic).replace("\r\n ", "").split("\r\n")
    text = "\r\n".join(line for line in lines if not line.startswith("X-WFPLAN-ACTIVITY"))
    roster = read({"x.ics": text})
    assert parts(roster.shifts[0]) == [("ON_QUEUE", "21:00", "06:00", True)]
    assert "a shift has no activities: all of it is on queue" in str(roster.notes[0])
    assert roster.shifts[0].start == datetime(2026, 10, 24, 21, tzinfo=UTC)
