"""Durations of reports: the same history in any unit is the same, and a wrong unit never passes."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.intake.book import BadValueError
from wfplan.intake.queue_reports.durations import read_durations
from wfplan.intake.queue_reports.units import UNITS, unit_of, without_unit

HANDLE_TIMES = st.lists(st.integers(60, 3_000), min_size=1, max_size=12)


def clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


WRITTEN = {
    "AHT (s)": str,
    "AHT (sec)": lambda s: f"{s}.0",
    "AHT in minutes": lambda s: repr(s / 60),
    "AHT [ms]": lambda s: str(s * 1000),
    "AHT_h": lambda s: repr(s / 3600),
    "AHT": clock,
    "AHT (hh:mm:ss)": clock,
    "AHT (mm:ss)": lambda s: f"{s // 60}:{s % 60:02}",
    "Average handle time": lambda s: f"{s // 60}m {s % 60}s",
    "Avg handle time": lambda s: f"PT{s // 60}M{s % 60}S",
}


@pytest.mark.parametrize("caption", WRITTEN)
@settings(max_examples=8, deadline=None)
@given(aht_s=HANDLE_TIMES)
def test_a_history_is_the_same_in_whatever_unit_it_is_written(report_files, caption, aht_s):
    frames = []
    for name in ("AHT (s)", caption):
        rows = [
            ("Sales", f"{t:%Y-%m-%dT%H:%MZ}", 9 + n, WRITTEN[name](s))
            for n, (t, s) in enumerate(zip(report_files.quarters(len(aht_s)), aht_s, strict=True))
        ]
        text = report_files.lines(f"Queue,Interval start,Offered,{name}", rows)
        frames.append(report_files.read(text, "generic").frame)
    assert frames[0]["aht_s"].tolist() == aht_s
    pd.testing.assert_frame_equal(frames[1], frames[0], rtol=1e-12)


@settings(max_examples=12, deadline=None)
@given(aht_s=HANDLE_TIMES, handled=st.integers(1, 40))
def test_a_total_of_handle_time_is_its_mean_times_the_handled(report_files, aht_s, handled):
    stamps = report_files.quarters(len(aht_s))
    made = {}
    for caption, factor in (("Average handle time", 1), ("Contact handle time", handled)):
        rows = [("Sales", f"{t:%Y-%m-%dT%H:%MZ}", 50, handled, s * factor)
                for t, s in zip(stamps, aht_s, strict=True)]  # fmt: skip
        header = f"Queue,StartInterval,Contacts queued,Contacts handled,{caption}"
        made[caption] = report_files.read(report_files.lines(header, rows), "amazon-connect").frame
    pd.testing.assert_frame_equal(*made.values(), rtol=1e-12)


MISTAKEN = [
    ("amazon-connect", "min", "Queue,StartInterval,Contacts queued,Average handle time"),
    ("amazon-connect", "ms", "Queue,StartInterval,Contacts queued,Average handle time"),
    ("dynamics-365", "s", "QueueName,DateTime,Volume,AHT"),
    ("dynamics-365", "ms", "QueueName,DateTime,Volume,AHT"),
    ("genesys", "s", "Queue Name,Interval Start,Offer,Avg Handle"),
    ("genesys", "min", "Queue Name,Interval Start,Offer,Avg Handle"),
]
PER_SECOND = {"s": 1.0, "min": 1 / 60, "ms": 1000.0}


@pytest.mark.parametrize(("layout", "unit", "header"), MISTAKEN)
@settings(max_examples=8, deadline=None)
@given(aht_s=st.lists(st.integers(130, 890), min_size=1, max_size=9))
def test_a_unit_that_is_not_the_layouts_stops_the_load_until_it_is_stated(
    report_files, layout, unit, header, aht_s
):
    rows = [("Sales", f"{t:%Y-%m-%d %H:%M:%S}", 9, s * PER_SECOND[unit])
            for t, s in zip(report_files.quarters(len(aht_s)), aht_s, strict=True)]  # fmt: skip
    caption = header.rsplit(",", 1)[1]
    text = report_files.lines(header, rows)
    read = report_files.read(text, layout)
    assert f'units = {{ "{caption}" = "{unit}" }}' in read.told
    frame = report_files.read(text, layout, units={caption: unit}).frame
    assert frame["aht_s"].tolist() == pytest.approx(aht_s)


def test_plain_numbers_without_any_unit_are_asked_for(report_files):
    text = report_files.lines(
        "Queue,Interval start,Offered,AHT", [("Sales", "2026-02-09T08:00Z", 9, 215)]
    )
    told = report_files.read(text, "generic").told
    assert "report.csv:1: AHT: nothing says in which unit its numbers are" in told
    assert (
        'if they are seconds (215 s (3:35)), write units = { "AHT" = "s" } under [contacts]' in told
    )
    assert "minutes" not in told


def test_short_handle_times_are_believed_when_the_plan_states_their_unit(report_files):
    header = "Queue,StartInterval,Contacts queued,Average handle time"
    text = report_files.lines(header, [("Sales", "2026-02-09T08:00Z", 9, 8)])
    assert (
        "half of the handle times are below 8 s (0:08)"
        in report_files.read(text, "amazon-connect").told
    )
    stated = report_files.read(text, "amazon-connect", units={"Average handle time": "s"})
    assert stated.frame["aht_s"].tolist() == [8]


def test_a_clock_text_that_a_spreadsheet_took_for_hours_is_not_believed(report_files):
    header = "Queue,StartInterval,Contacts queued,Average handle time"
    text = report_files.lines(header, [("Sales", "2026-02-09T08:00Z", 9, "03:35:00")])
    assert (
        "may have taken minutes:seconds for hours:minutes"
        in report_files.read(text, "amazon-connect").told
    )
    stated = report_files.read(text, "amazon-connect", units={"Average handle time": "hh:mm:ss"})
    assert stated.frame["aht_s"].tolist() == [12_900]


def test_parts_of_a_day_are_named(report_files):
    header = "Queue,StartInterval,Contacts queued,Average handle time"
    text = report_files.lines(header, [("Sales", "2026-02-09T08:00Z", 9, 215 / 86_400)])
    assert "they look like parts of a day" in report_files.read(text, "amazon-connect").told


def test_two_parts_need_a_unit(report_files):
    header = "Queue,StartInterval,Contacts queued,Average handle time"
    text = report_files.lines(header, [("Sales", "2026-02-09T08:00Z", 9, "3:35")])
    told = report_files.read(text, "amazon-connect").told
    assert (
        "report.csv:2: Average handle time: '3:35' may be minutes:seconds or hours:minutes" in told
    )
    stated = report_files.read(text, "amazon-connect", units={"Average handle time": "mm:ss"})
    assert stated.frame["aht_s"].tolist() == [215]


def test_an_average_and_a_total_that_do_not_agree_are_a_fault(report_files):
    header = (
        "Queue,StartInterval,Contacts queued,Contacts handled,Average handle time,"
        "Contact handle time"
    )
    good = report_files.lines(header, [("Sales", "2026-02-09T08:00Z", 9, 8, 200, 1600)])
    assert report_files.read(good, "amazon-connect").faults == ()
    bad = report_files.lines(header, [("Sales", "2026-02-09T08:00Z", 9, 8, 200, 1600 / 60)])
    told = report_files.read(bad, "amazon-connect").told
    assert "it is 0.0167 times 'Average handle time' times the contacts handled" in told


def test_files_of_a_queue_in_two_units_are_told_apart(report_files):
    header = "Queue,StartInterval,Contacts queued,Average handle time"
    stamps = report_files.quarters(60)
    files = {
        name: report_files.lines(header, [("Sales", f"{t:%Y-%m-%dT%H:%MZ}", 9, aht) for t in some])
        for name, some, aht in (("a.csv", stamps[:30], 1500), ("b.csv", stamps[30:], 25))
    }
    told = report_files.read(files, "amazon-connect").told
    assert (
        "a.csv: Average handle time: the handle times of 'Sales' are 60 times those in b.csv"
        in told
    )


@pytest.mark.parametrize(
    ("text", "unit", "seconds"),
    [
        ("0:03:35", "", 215), ("00:03:35.500", "", 215.5), ("100:00:01", "", 360_001),
        ("1.02:03:04", "", 93_784), ("1 day, 2:03:04", "", 93_784), ("3m 35s", "", 215),
        ("3 min 35 sec", "", 215), ("PT3M35S", "", 215), ("1h", "", 3600), ("90 s", "", 90),
        ("3:35", "mm:ss", 215), ("3:35", "hh:mm", 12_900), ("3.5", "min", 210),
        ("215000", "ms", 215),
        ("0:00", "", 0), ("-", "", None), ("n/a", "s", None), ("", "s", None),
    ],
)  # fmt: skip
def test_a_duration_is_read_as_it_is_written(text, unit, seconds):
    read = read_durations([text], unit, has_free_comma=False)
    assert not read.refused
    assert read.seconds[0] == seconds if seconds is not None else read.seconds[0] != read.seconds[0]


@pytest.mark.parametrize("text", ["-5", "abc", "3:75", "1:2:3:4", "12%", "1e300", "inf"])
def test_what_is_no_duration_is_refused_with_a_way_out(text):
    bad = read_durations([text], "s", has_free_comma=False).refused[0]
    assert isinstance(bad, BadValueError)
    assert bad.reason


@pytest.mark.parametrize(
    ("caption", "base", "unit"),
    [
        ("Total Handle Time (Seconds)", "total_handle_time", "s"), ("AHT [min]", "aht", "min"),
        ("Talk time in ms", "talk_time", "ms"), ("aht_min", "aht", "min"), ("AHT", "", ""),
        ("Wait (mm:ss)", "wait", "mm:ss"), ("Average handle time", "", ""), ("Mins", "", ""),
    ],
)  # fmt: skip
def test_a_caption_may_state_its_unit(caption, base, unit):
    assert without_unit(caption) == (base, unit)


def test_every_unit_is_a_word_for_itself():
    assert [unit_of(unit) for unit in UNITS] == list(UNITS)
