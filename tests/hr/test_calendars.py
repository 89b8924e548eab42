"""Calendars as rows: blocks, weekly series, exceptions, zones, clock changes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from wfplan.intake.book import FaultBook
from wfplan.intake.hr import Reach, asked_of, read_pieces

AROUND = date(2026, 10, 1)
BLOCK = ("DTSTART:20261005T080000Z", "DTEND:20261005T160000Z")
HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n"


def event(*lines: str) -> str:
    rows = [
        "BEGIN:VEVENT",
        "UID:1",
        "DTSTAMP:20260101T000000Z",
        "SUMMARY:dentist",
        *lines,
        "END:VEVENT",
    ]
    return "\r\n".join(rows) + "\r\n"


def rows_of(
    folder: Path, *events: str, name: str = "A001.ics", zone: str = "Europe/London"
) -> list[dict[str, str]]:
    path = folder / name
    path.write_bytes((HEAD + "".join(events) + "END:VCALENDAR\r\n").encode())
    book = FaultBook()
    pieces = read_pieces(asked_of([str(path)]), lambda _: zone, AROUND, book)
    assert not book.faults, [str(fault) for fault in book.faults]
    assert all(piece.reach is Reach.PEOPLE for piece in pieces)
    rows = [dict(row.cells) for piece in pieces for row in piece.rows]
    assert all(row.pop("agent_id") == "A001" for row in rows)
    assert "dentist" not in str(rows)
    return rows


def test_a_block_is_a_row_of_its_date_on_the_clock_of_its_person(tmp_path):
    block = event("DTSTART:20261026T090000Z", "DTEND:20261026T130000Z", "CATEGORIES:UNAVAILABLE")
    (row,) = rows_of(tmp_path, block, zone="America/Port_of_Spain")
    assert row == {
        "kind": "unavailable",
        "date": "2026-10-26",
        "start_time": "05:00",
        "end_time": "09:00",
    }


def test_a_weekly_series_without_end_stays_one_without_end(tmp_path):
    weekly = event(
        "DTSTART;TZID=Europe/London:20260907T080000", "DTEND;TZID=Europe/London:20260907T160000",
        "RRULE:FREQ=WEEKLY;BYDAY=MO,WE", "CATEGORIES:PREFER",
    )  # fmt: skip
    rows = rows_of(tmp_path, weekly)
    times = {"kind": "prefer", "start_time": "08:00", "end_time": "16:00"}
    assert rows == [
        {**times, "weekday": "mon", "valid_from": "2026-09-07"},
        {**times, "weekday": "wed", "valid_from": "2026-09-09"},
    ]


def test_a_date_left_out_of_a_series_parts_it_in_two(tmp_path):
    series = event(
        "DTSTART;TZID=Europe/London:20260907T080000", "DTEND;TZID=Europe/London:20260907T160000",
        "RRULE:FREQ=WEEKLY;INTERVAL=2;UNTIL=20261231T000000Z", "CATEGORIES:AVOID",
        "EXDATE;TZID=Europe/London:20261005T080000",
    )  # fmt: skip
    spans = [
        (row["valid_from"], row["valid_to"], row["every_n_weeks"])
        for row in rows_of(tmp_path, series)
    ]
    assert spans == [("2026-09-07", "2026-10-04", "2"), ("2026-10-19", "2026-12-30", "2")]


def test_a_series_on_another_clock_is_written_out_over_the_clock_change(tmp_path):
    series = event(
        "DTSTART:20261012T080000Z", "DTEND:20261012T160000Z", "RRULE:FREQ=WEEKLY;COUNT=3",
        "CATEGORIES:AVAILABLE",
    )  # fmt: skip
    starts = [(row["date"], row["start_time"]) for row in rows_of(tmp_path, series)]
    assert starts == [("2026-10-12", "09:00"), ("2026-10-19", "09:00"), ("2026-10-26", "08:00")]


def test_a_moved_occurrence_takes_the_place_of_its_own(tmp_path):
    series = event(
        "DTSTART:20261012T080000Z", "DTEND:20261012T100000Z", "RRULE:FREQ=DAILY;COUNT=3",
        "CATEGORIES:AVOID",
    )  # fmt: skip
    moved = event(
        "RECURRENCE-ID:20261013T080000Z", "DTSTART:20261015T080000Z", "DTEND:20261015T100000Z",
        "CATEGORIES:AVOID",
    )  # fmt: skip
    dates = sorted(row["date"] for row in rows_of(tmp_path, series, moved))
    assert dates == ["2026-10-12", "2026-10-14", "2026-10-15"]


def test_whole_days_off_end_on_their_last_day(tmp_path):
    off = event("DTSTART;VALUE=DATE:20261022", "DTEND;VALUE=DATE:20261024", "CATEGORIES:LEAVE")
    assert rows_of(tmp_path, off) == [
        {
            "start": "2026-10-22",
            "end": "2026-10-23",
            "all_day": "true",
            "type": "leave",
            "status": "approved",
        }
    ]


def test_tentative_time_off_is_asked_for_and_cancelled_is_none(tmp_path):
    times = ("DTSTART:20261022T130000Z", "DTEND:20261022T150000Z")
    asked = event(*times, "STATUS:TENTATIVE")
    gone = event(*times, "STATUS:CANCELLED")
    (row,) = rows_of(tmp_path, asked, gone, name="time_off_A001.ics")
    assert (row["start"], row["end"]) == ("2026-10-22T13:00Z", "2026-10-22T15:00Z")
    assert (row["status"], row["all_day"]) == ("requested", "false")


def test_a_block_over_several_days_is_a_row_a_day(tmp_path):
    block = event(
        "DTSTART;TZID=Europe/London:20261012T180000", "DTEND;TZID=Europe/London:20261014T090000",
        "CATEGORIES:UNAVAILABLE",
    )  # fmt: skip
    assert [(r["date"], r["start_time"], r["end_time"]) for r in rows_of(tmp_path, block)] == [
        ("2026-10-12", "18:00", "24:00"),
        ("2026-10-13", "00:00", "24:00"),
        ("2026-10-14", "00:00", "09:00"),
    ]


@pytest.mark.parametrize(
    ("order", "text", "iso"),
    [
        ("dmy", "3/4/2023", "2023-04-03"),
        ("mdy", "3/4/2023", "2023-03-04"),
        ("", "3/4/2023", "3/4/2023"),
        ("", "2023/4/3", "2023-04-03"),
        ("", "19-Oct-2026", "2026-10-19"),
        ("", "Oct 19, 2026", "2026-10-19"),
        ("dmy", "22.10.2026 14:00", "2026-10-22T14:00"),
        ("mdy", "10/22/2026 2:30 PM", "2026-10-22T14:30"),
        ("dmy", "3/4/23", "3/4/23"),
    ],
)
def test_dates_are_brought_into_one_form_where_their_order_is_known(order, text, iso):
    from wfplan.intake.hr.forms import iso_moment

    assert iso_moment(text, order) == iso


def test_the_order_of_dates_is_guessed_only_where_one_fits_all():
    from wfplan.intake.hr.forms import possible_orders

    assert possible_orders(["03/04/2023", "25/12/2023"]) == ({"dmy"}, "25/12/2023")
    assert possible_orders(["03/04/2023"])[0] == {"dmy", "mdy"}
    assert possible_orders(["25/12/2023", "12/25/2023"])[0] == set()
    assert possible_orders(["2023-04-03", "x"])[0] == set()


@pytest.mark.parametrize(
    ("text", "pointed"),
    [("37,5", "37.5"), ("1.234,5", "1234.5"), ("1.234", "1234"), ("38", "38"), ("x,y", "x,y")],
)
def test_decimal_commas_become_points(text, pointed):
    from wfplan.intake.hr.forms import point_number

    assert point_number(text) == pointed


@pytest.mark.parametrize(
    ("until", "last"), [("20270331T235959Z", "2027-03-31"), ("20270401T070000Z", "2027-04-01")]
)
def test_a_series_ends_with_the_last_block_that_begins_by_until(tmp_path, until, last):
    thursdays = event(
        "DTSTART;TZID=Europe/London:20261105T080000", "DTEND;TZID=Europe/London:20261105T120000",
        f"RRULE:FREQ=WEEKLY;BYDAY=TH;UNTIL={until}", "CATEGORIES:UNAVAILABLE",
    )  # fmt: skip
    assert [row["valid_to"] for row in rows_of(tmp_path, thursdays)] == [last]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["DTSTART;TZID=Europe/Londn:20261005T080000", "DURATION:PT8H"],
         "DTSTART is in the time zone 'Europe/Londn', which nobody knows; did you mean 'Europe/Lo"),
        ([*BLOCK, "RECURRENCE-ID;RANGE=THISANDFUTURE:20261012T080000Z"], "all later occurrences"),
        ([*BLOCK, "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"], "the event never happens"),
        ([*BLOCK, "RRULE:FREQ=DAILY;BYSETPOS=2"], "the event never happens"),
        ([*BLOCK, "RRULE:FREQ=DAILY;INTERVAL=0"], "RRULE counts by what is no number of times"),
        ([*BLOCK, "RRULE:FREQ=WEEKLY;BYDAY=1MO"], "BYDAY has a number, which WEEKLY does not"),
        ([*BLOCK, "RRULE:FREQ=DAILY;BYHOUR=8,12"], "the event repeats within a day"),
        ([*BLOCK, "EXRULE:FREQ=WEEKLY"], "EXRULE is not read"),
        ([*BLOCK, "RDATE;VALUE=PERIOD:20261101T000000Z/PT1H"], "RDATE has periods"),
        (["DTSTART:99991231T080000Z", "DURATION:PT48H"], "the event is in the year 9999"),
        ([*BLOCK, "RRULE:FREQ=WEEKLY;UNTIL=tomorrow"], "the event cannot be read"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_of_a_calendar_is_refused_with_its_line(tmp_path, lines, message):
    path = tmp_path / "A001.ics"
    path.write_bytes((HEAD + event(*lines, "CATEGORIES:AVOID") + "END:VCALENDAR\r\n").encode())
    book = FaultBook()
    read_pieces(asked_of([str(path)]), lambda _: "Europe/London", AROUND, book)
    (fault,) = [str(one) for one in book.faults]
    assert fault.startswith("A001.ics:4: ")
    assert message in fault
    assert "; " in fault


def test_a_rule_with_a_count_ends_after_it_wherever_the_window_begins(tmp_path):
    series = event(
        "DTSTART;VALUE=DATE:20261005", "RRULE:FREQ=DAILY;COUNT=3", "CATEGORIES:UNAVAILABLE"
    )
    days = [row["date"] for row in rows_of(tmp_path, series)]
    assert days == ["2026-10-05", "2026-10-06", "2026-10-07"]
