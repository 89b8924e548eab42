"""Tests for wfplan.export.vtimezone: read by the letter of RFC 5545, the offsets are right."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from wfplan.export.vtimezone import changes, vtimezone

ZONES = [
    "Europe/Dublin",
    "Europe/London",
    "America/New_York",
    "America/Port_of_Spain",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Pacific/Chatham",
    "UTC",
]


def offset_by_the_letter(component, instant):
    """RFC 5545, 3.6.5: the last onset (DTSTART less TZOFFSETFROM) before an instant rules."""
    onsets = [
        (part.decoded("DTSTART").replace(tzinfo=UTC) - part.decoded("TZOFFSETFROM"), part)
        for part in component.subcomponents
    ]
    _, ruling = max((o for o in onsets if o[0] <= instant), key=lambda o: o[0])
    return ruling.decoded("TZOFFSETTO")


@pytest.mark.parametrize("name", ZONES)
def test_every_quarter_of_an_hour_around_a_clock_change_has_its_offset(name):
    zone = ZoneInfo(name)
    component = vtimezone(zone, date(2026, 10, 18), date(2026, 10, 27))
    begin, end = (datetime(year, 1, 2, tzinfo=UTC) for year in (2026, 2027))
    moments = [begin, end - timedelta(days=3)]
    for change in changes(zone, begin, end - timedelta(days=3)):
        moments += [change + k * timedelta(minutes=15) for k in range(-8, 9)]
        moments += [change - timedelta(seconds=1), change]
    for moment in moments:
        assert offset_by_the_letter(component, moment) == moment.astimezone(zone).utcoffset()


def test_the_onset_of_summer_time_is_the_wall_time_before_it():
    """The example of RFC 5545, 3.6.5: 2007-03-11T02:00 in New York."""
    raw = vtimezone(ZoneInfo("America/New_York"), date(2007, 3, 1), date(2007, 3, 30)).to_ical()
    onset = b"BEGIN:DAYLIGHT\r\nDTSTART:20070311T020000\r\nTZNAME:EDT\r\nTZOFFSETFROM:-0500"
    assert onset in raw


def test_a_week_over_new_year_has_both_years():
    component = vtimezone(ZoneInfo("Europe/Dublin"), date(2026, 12, 27), date(2027, 1, 5))
    years = {part.decoded("DTSTART").year for part in component.subcomponents}
    assert years == {2026, 2027}


def test_a_zone_without_changes_has_one_offset():
    zone = ZoneInfo("America/Port_of_Spain")
    (part,) = vtimezone(zone, date(2026, 1, 1), date(2026, 1, 8)).subcomponents
    assert part.decoded("TZOFFSETTO") == timedelta(hours=-4)
