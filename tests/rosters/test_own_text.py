"""Tests for wfplan.rosters.own_text: own events taken from the text, as the library reads them."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from wfplan.export import Order, exported
from wfplan.rosters.own_text import split

NAMES = ("UID", "SEQUENCE", "STATUS", "X-WFPLAN-SHIFT-ID", "X-WFPLAN-AGENT-ID", "X-WFPLAN-LOCKED")


@pytest.mark.slow
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_the_text_says_what_the_library_reads(data, strategies):
    case = data.draw(strategies.schedules())
    files, _ = exported("ics", Order(case.problem, case.schedule))
    for name, raw in files.items():
        if not name.endswith(".ics"):
            continue
        own, rest = split(raw)
        events = list(Calendar.from_ical(raw).walk("VEVENT"))
        left = list(Calendar.from_ical(rest).walk("VEVENT"))
        assert len(own) + len(left) == len(events)
        assert not any("X-WFPLAN-SHIFT-ID" in one for one in left)
        for number, mine in own.items():
            theirs = events[number]
            assert [str(theirs.get(key)) for key in NAMES] == [str(mine.get(key)) for key in NAMES]
            given = theirs.get("X-WFPLAN-ACTIVITY", [])
            texts = [str(one) for one in (given if isinstance(given, list) else [given])]
            said = mine.get("X-WFPLAN-ACTIVITY", [])
            assert texts == (said if isinstance(said, list) else [said])
            for key in ("DTSTART", "DTEND"):
                assert theirs.decoded(key) == mine.decoded(key)


@pytest.mark.parametrize(
    "line",
    [
        "RRULE:FREQ=DAILY",
        "RECURRENCE-ID:20261019T070000Z",
        "DTSTART;VALUE=DATE:20261019",
        "BEGIN:VALARM",
        "X-WFPLAN-LOCKED;X=1:TRUE",
    ],
)
def test_an_event_that_wfplan_would_not_write_is_left_to_the_library(synthetic, line):
    raw = exported("ics", Order(synthetic.problem(), synthetic.schedule()))[0]["agent_A001.ics"]
    assert len(split(raw)[0]) == 1
    odd = raw.replace(b"BEGIN:VEVENT\r\n", b"BEGIN:VEVENT\r\n" + line.encode() + b"\r\n", 1)
    assert split(odd)[0] == {}


def test_other_calendars_are_left_as_they_are():
    raw = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:x\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    assert split(raw) == ({}, raw)
