"""Time stamps of reports: zones, offsets, orders of dates, and both clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.intake.queue_reports.stamps import read_stamps, start_of

HEADER = "Queue,StartInterval,EndInterval,Contacts queued,Average handle time"
NIGHTS = [
    ("Europe/Dublin", datetime(2025, 10, 25, 20)), ("Europe/Dublin", datetime(2026, 3, 28, 20)),
    ("Europe/Berlin", datetime(2025, 10, 25, 20)), ("Europe/Berlin", datetime(2026, 3, 28, 20)),
    ("America/New_York", datetime(2025, 11, 1, 20)), ("America/New_York", datetime(2026, 3, 7, 20)),
    ("America/Sao_Paulo", datetime(2018, 11, 3, 20)), ("Asia/Kolkata", datetime(2026, 3, 28, 20)),
    ("Australia/Sydney", datetime(2026, 4, 4, 20)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 20)),
    ("Pacific/Auckland", datetime(2025, 9, 27, 20)), ("America/Santiago", datetime(2026, 4, 4, 20)),
]  # fmt: skip
WAYS = {
    "UTC": lambda t, zone: f"{t:%Y-%m-%dT%H:%M:%SZ}",
    "offset": lambda t, zone: t.astimezone(zone).isoformat(),
    "named": lambda t, zone: f"{t.astimezone(zone).isoformat()}[{zone.key}]",
    "wall": lambda t, zone: f"{t.astimezone(zone):%Y-%m-%d %H:%M:%S}",
    "unix": lambda t, zone: str(int(t.timestamp())),
}


@pytest.mark.parametrize(("zone", "evening"), NIGHTS)
@pytest.mark.parametrize("is_falling", [False, True])
def test_a_night_of_a_clock_change_is_the_same_however_it_is_stamped(
    report_files, zone, evening, is_falling
):
    place = ZoneInfo(zone)
    start = evening.replace(tzinfo=place).astimezone(UTC)
    instants = report_files.quarters(48, start)
    frames = {}
    for way, write in WAYS.items():
        rows = [("Sales", write(t, place), write(t + report_files.QUARTER, place), n % 7 + 1, 200)
                for n, t in enumerate(instants)]  # fmt: skip
        text = report_files.lines(HEADER, rows[::-1] if is_falling else rows)
        frames[way] = report_files.read(text, "amazon-connect", zone=zone).frame
    assert frames["UTC"]["interval_start"].tolist() == [pd.Timestamp(t) for t in instants]
    assert frames["UTC"]["offered"].tolist() == [n % 7 + 1 for n in range(48)]
    for way, frame in frames.items():
        pd.testing.assert_frame_equal(frame, frames["UTC"], obj=way)


@pytest.mark.parametrize("order", ["by queue", "by time"])
def test_the_hour_that_comes_twice_is_told_apart_for_each_queue(report_files, order):
    place = ZoneInfo("Europe/Dublin")
    instants = report_files.quarters(12, datetime(2025, 10, 26, 0, tzinfo=UTC))
    rows = [(queue, f"{t.astimezone(place):%Y-%m-%dT%H:%M}", "", n + 1, 200)
            for queue in ("A", "B") for n, t in enumerate(instants)]  # fmt: skip
    if order == "by time":
        rows = [rows[n + 12 * q] for n in range(12) for q in range(2)]
    text = report_files.lines(HEADER.replace("EndInterval", "Note"), rows)
    frame = report_files.read(text, "amazon-connect", {"A": "voice", "B": "voice"}).frame
    assert frame["offered"].tolist() == [2 * (n + 1) for n in range(12)]


def test_a_time_that_the_spring_night_does_not_have_is_a_fault(report_files):
    rows = [("Sales", "2026-03-29T01:15", "2026-03-29T02:30", 3, 200)]
    told = report_files.read(report_files.lines(HEADER, rows), "amazon-connect").told
    assert "report.csv:2: StartInterval: 2026-03-29 01:15 does not exist in Europe/Dublin" in told


def test_the_zone_of_the_plan_section_counts_before_that_of_the_site(report_files):
    rows = [("Sales", "2026-07-06T08:00", "2026-07-06T08:15", 3, 200)]
    text = report_files.lines(HEADER, rows)
    for zone, hour in (("UTC", 8), ("", 7), ("America/New_York", 12)):
        read = report_files.read(text, "amazon-connect", timezone=zone)
        assert read.frame["interval_start"].tolist() == [pd.Timestamp(2026, 7, 6, hour, tz="UTC")]


def test_a_caption_may_say_that_times_are_utc(report_files):
    header = "Interval Start UTC Date,Queue,Offered,Interactions Handled,Total Handle Time"
    text = report_files.lines(header, [("2026-07-06T08:00:00", "Sales", 3, 3, 600)])
    read = report_files.read(text, "genesys")
    assert read.frame["interval_start"].tolist() == [pd.Timestamp(2026, 7, 6, 8, tz="UTC")]
    assert "times have no offset: read as UTC, as the column's name says" in read.said


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.datetimes(datetime(2001, 1, 1), datetime(2050, 1, 1)).map(
            lambda t: t.replace(second=0, microsecond=0)
        ),
        min_size=1, max_size=20,
    ),
    st.sampled_from(["%d/%m/%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%m/%d/%Y %I:%M %p", "%m-%d-%Y %H:%M"]),
)  # fmt: skip
def test_a_date_with_slashes_is_read_right_or_asked_for_never_turned_round(stamps, style):
    texts = [f"{stamp:{style}}" for stamp in stamps]
    order = "day-month" if style.startswith("%d") else "month-day"
    assert list(read_stamps(texts, order).values) == stamps
    guessed = read_stamps(texts, "")
    for stamp, value in zip(stamps, guessed.values, strict=True):
        assert value in (stamp, None)


def test_the_order_of_dates_is_that_of_all_files_together(report_files):
    files = {
        "a.csv": report_files.lines(HEADER, [("Sales", "3/4/2026 08:00", "", 3, 200)]),
        "b.csv": report_files.lines(HEADER, [("Sales", "14/4/2026 08:00", "", 3, 200)]),
    }
    read = report_files.read(files, "amazon-connect", zone="UTC")
    assert read.frame["interval_start"].dt.month.tolist() == [4, 4]
    assert "dates are day/month/year: read so" in read.said
    assert read.rows.dates == "day-month"


def test_dates_whose_order_nothing_shows_are_asked_for(report_files):
    text = report_files.lines(HEADER, [("Sales", "3/4/2026 08:00", "", 3, 200)])
    told = report_files.read(text, "amazon-connect").told
    assert "may have its day or its month first, and no date of the column tells" in told
    assert 'dates = "day-month"' in told
    stated = report_files.read(
        text.replace("EndInterval", "E"), "amazon-connect", dates="month-day"
    )
    assert stated.frame["interval_start"].tolist() == [pd.Timestamp(2026, 3, 4, 8, tz="UTC")]


@pytest.mark.parametrize(
    ("text", "stamp"),
    [
        ("2/26/20, 12:15 AM", datetime(2020, 2, 26, 0, 15)),
        ("2/26/2020 12:15 PM", datetime(2020, 2, 26, 12, 15)),
        ("20260209 08:15", datetime(2026, 2, 9, 8, 15)),
        ("2026/02/09 08:15", datetime(2026, 2, 9, 8, 15)),
        ("2026-02-09T08:15:00.000Z", datetime(2026, 2, 9, 8, 15, tzinfo=UTC)),
        ("1770624900000", datetime(2026, 2, 9, 8, 15, tzinfo=UTC)),
        ("26.02.2026 08:15 +0100", datetime(2026, 2, 26, 7, 15, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_a_stamp_is_read_as_it_is_written(text, stamp):
    read = read_stamps([text], "")
    assert read.values == (stamp,)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("08:00-08:15", "08:00"), ("8:00 AM - 8:15 AM", "8:00 AM"), ("08:00 \u2013 08:15", "08:00"),
        ("09.02.2026 08:00 - 08:15", "09.02.2026 08:00"), ("2026-02-09T08:00-05:00", ""),
        ("2026-02-09 08:00 -05:00", ""), ("2/26/2026 08:00 -05:00", ""), ("08:00", ""),
        ("x - y", ""),
    ],
)  # fmt: skip
def test_a_span_of_time_is_read_by_its_start_and_an_offset_is_none(text, start):
    assert start_of(text) == (start or text)


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Date,Time,Queue,Offered,AHT (s)", ("13/02/2026", "08:00 - 08:15", "Sales", 3, 200)),
        ("Date,Queue,Offered,AHT (s)", ("13/02/2026 08:00", "Sales", 3, 200)),
        ("Day,Interval,Queue,Offered,AHT (s)", ("2026-02-13", "08:00-08:15", "Sales", 3, 200)),
    ],
)
def test_date_and_time_may_stand_together_or_apart(report_files, header, row):
    frame = report_files.read(report_files.lines(header, [row]), "generic").frame
    assert frame["interval_start"].tolist() == [pd.Timestamp(2026, 2, 13, 8, tz="UTC")]


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "31/02/2026 08:00", "2026-02-09", "13/13/2026 08:00", "1/20/2026 13:00 PM",
     "2026-02-09 25:00", "99999999999999"],
)  # fmt: skip
def test_what_is_no_stamp_is_refused(text):
    read = read_stamps([text], "")
    assert read.values == (None,)
    assert read.unordered or read.refused[0].reason


def test_intervals_of_half_an_hour_and_an_hour_are_read(report_files):
    for minutes in (30, 60):
        step = timedelta(minutes=minutes)
        rows = [("Sales", f"{t:%Y-%m-%dT%H:%MZ}", f"{t + step:%Y-%m-%dT%H:%MZ}", 3, 200)
                for t in (report_files.MONDAY + n * step for n in range(5))]  # fmt: skip
        frame = report_files.read(report_files.lines(HEADER, rows), "amazon-connect").frame
        assert frame["interval_start"].diff().dropna().unique().tolist() == [step]
