"""Tests for wfplan.export.profiles.forms."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.export.profiles.forms import FORMS, NoNumberError, form_of, number_of, written
from wfplan.export.profiles.sources import Kind, Scope

INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)).map(
    lambda at: at.replace(second=0, microsecond=0, tzinfo=UTC)
)
ZONES = st.sampled_from(
    ["Europe/Dublin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
)


@pytest.fixture
def scope(synthetic):
    return Scope(synthetic.order(), ZoneInfo("Europe/Dublin"))


def test_every_form_of_every_kind_writes_something(scope):
    values = {
        Kind.INSTANT: datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        Kind.DATE: date(2026, 10, 5),
        Kind.MINUTES: 45,
        Kind.NUMBER: 3,
        Kind.TEXT: "12",
        Kind.TRUTH: True,
    }
    made = {
        (str(kind), how): form_of(kind, how, "")(values[kind], scope)
        for kind, hows in FORMS.items()
        for how in hows
    }
    assert made == {
        ("instant", "utc"): "2026-10-25T00:30:00Z",
        ("instant", "unix"): 1792888200,
        ("instant", "unix_ms"): 1792888200000,
        ("instant", "local"): "2026-10-25T01:30:00",
        ("instant", "local_offset"): "2026-10-25T01:30:00+01:00",
        ("date", "iso"): "2026-10-05",
        ("minutes", "minutes"): 45,
        ("minutes", "hours"): 0.75,
        ("minutes", "seconds"): 2700,
        ("minutes", "clock"): "0:45",
        ("number", "number"): 3,
        ("number", "text"): "3",
        ("text", "text"): "12",
        ("text", "number"): 12,
        ("truth", "truth"): True,
        ("truth", "number"): 1,
        ("truth", "text"): "true",
    }


@settings(deadline=None)
@given(at=INSTANTS, zone=ZONES)
def test_an_instant_comes_back_from_every_form_that_has_its_offset(synthetic, at, zone):
    here = Scope(synthetic.order(), ZoneInfo(zone))
    assert datetime.fromtimestamp(form_of(Kind.INSTANT, "unix", "")(at, here), UTC) == at
    for how in ("utc", "local_offset"):
        assert datetime.fromisoformat(form_of(Kind.INSTANT, how, "")(at, here)) == at


@settings(deadline=None)
@given(minutes=st.integers(0, 100_000))
def test_minutes_come_back_from_hours_and_clocks(synthetic, minutes):
    here = Scope(synthetic.order(), ZoneInfo("UTC"))
    hours = form_of(Kind.MINUTES, "hours", "")(minutes, here)
    assert round(hours * 60) == minutes
    clock = form_of(Kind.MINUTES, "clock", "")(minutes, here)
    assert timedelta(hours=int(clock[:-3]), minutes=int(clock[-2:])) == timedelta(minutes=minutes)


@settings(deadline=None)
@given(at=INSTANTS, zone=ZONES)
def test_patterns_are_those_of_strftime(at, zone):
    local = at.astimezone(ZoneInfo(zone))
    for pattern in ("%Y-%m-%d %H:%M:%S", "%m/%d/%y", "%I:%M", "%j", "100 %%", "%z"):
        assert written(local, pattern) == local.strftime(pattern)


def test_patterns_are_the_same_in_every_language():
    late, noon = datetime(2026, 1, 9, 23, 5), datetime(2026, 1, 9, 12, 0)
    assert written(late, "%I:%M %p") == "11:05 PM"
    assert written(noon, "%I:%M %p") == "12:00 PM"
    assert written(datetime(2026, 1, 9), "%I:%M %p") == "12:00 AM"
    assert written(late, "%-d.%-m. %-H") == "9.1. 23"


def test_a_zone_can_be_another_than_the_persons(scope):
    at = datetime(2026, 10, 24, 21, tzinfo=UTC)
    assert form_of(Kind.INSTANT, "local", "utc")(at, scope) == "2026-10-24T21:00:00"
    assert form_of(Kind.INSTANT, "local", "schedule")(at, scope) == "2026-10-24T22:00:00"
    assert form_of(Kind.INSTANT, "%H:%M", "Asia/Tokyo")(at, scope) == "06:00"


@pytest.mark.parametrize("text", ["", "007", "1.0", "1e3", "+1", " 1", "x", "١", "-0", "9" * 19])
def test_a_text_that_would_not_come_back_is_no_number(text):
    with pytest.raises(NoNumberError):
        number_of(text)


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("101", 101), ("-5", -5)])
def test_a_whole_number_is_one(text, number):
    assert number_of(text) == number
