"""Each layout that comes with wfplan reads files as their makers document them."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import pytest

from wfplan.intake.queue_reports.layouts import FIELDS, shipped, shipped_layout
from wfplan.intake.queue_reports.shown import MEANINGS, layout_dict, layout_text

CONNECT = (
    "Queue,StartInterval,EndInterval,Contacts queued,Contacts handled,Contacts handled incoming,"
    "Contacts abandoned,Contacts answered in 20 seconds,Contacts answered in 60 seconds,"
    "Average handle time,Average queue answer time,Average queue abandon time,"
    "Service level 60 seconds"
)  # fmt: skip
TEMPLATE = (
    "QueueName,QueueId,ChannelType,TimeStamp,IntervalDuration,IncomingContactVolume,"
    "AverageHandleTime,ContactsHandled"
)
DYNAMICS = "DateTime,ChannelId,ChannelName,QueueId,QueueName,Volume,AHT,Interval,MaxVolumeByHour"
GENESYS = (
    "Interval Start,Interval End,Interval Complete,Filters,Media Type,Queue Id,Queue Name,Offer,"
    "Answer,Abandon,Handle,Avg Handle,Avg Wait"
)
GENESYS_IMPORT = (
    "Interval Start UTC Date,Queue,Media Type,Skill Set,Language,Offered,Interactions Handled,"
    "Total Handle Time"
)
AT_EIGHT = pd.Timestamp("2026-02-09T08:00Z")


def test_a_historical_metrics_report_of_amazon_connect(report_files):
    text = report_files.lines(CONNECT, [
        ("Sales", "2026-02-09T09:00:00+01:00", "2026-02-09T09:15:00+01:00",
         12, 11, 10, 2, 7, 9, 215.5, 18, 40, "75%"),
    ])  # fmt: skip
    row = report_files.read(text, "amazon-connect").frame.iloc[0]
    assert row["interval_start"] == AT_EIGHT
    assert (row["offered"], row["answered"], row["abandoned"]) == (12, 10, 2)
    assert row["aht_s"] == 215.5
    assert row["wait_s"] == pytest.approx((10 * 18 + 2 * 40) / 12)
    assert row["answered_in_target"] == 7  # voice is to be answered within 20 s, not 60


def test_the_answers_in_time_are_those_of_the_channels_own_target(report_files):
    text = report_files.lines(CONNECT, [
        ("Sales", "2026-02-09T08:00Z", "2026-02-09T08:15Z", 12, 11, 10, 2, 7, 9, 215, 18, 40, ""),
    ])  # fmt: skip
    row = report_files.read(text, "amazon-connect", {"Sales": "chat"}).frame.iloc[0]
    assert row["answered_in_target"] == 9


def test_durations_of_the_console_are_read_as_hours_minutes_seconds(report_files):
    text = report_files.lines(CONNECT, [
        ("Sales", "2026-02-09T08:00Z", "2026-02-09T08:15Z",
         12, 11, 10, 2, 7, 9, "00:03:35", "00:00:18", "00:00:40", ""),
    ])  # fmt: skip
    read = report_files.read(text, "amazon-connect")
    assert read.frame["aht_s"].tolist() == [215]
    assert "Average handle time: read as hours:minutes:seconds; turned into seconds" in read.said


def test_amazon_connects_own_import_template(report_files):
    text = report_files.lines(TEMPLATE, [
        ("Sales", "aa-1", "VOICE", "2026-02-09T08:00:00Z", "15mins", 12, 215.5, 11),
        ("Sales", "aa-1", "CHAT", "2026-02-09T08:00:00Z", "15mins", 5, 600, 5),
    ])  # fmt: skip
    queues = {"Sales / voice": "voice", "Sales / chat": "chat"}
    frame = report_files.read(text, "amazon-connect", queues).frame
    assert frame["channel"].tolist() == ["voice", "chat"]
    assert frame["offered"].tolist() == [12, 5]
    assert frame["aht_s"].tolist() == [215.5, 600]


def test_metrics_under_the_identifiers_of_the_programming_interface(report_files):
    text = report_files.lines(
        "QUEUE,CHANNEL,StartInterval,CONTACTS_QUEUED,CONTACTS_HANDLED,AVG_HANDLE_TIME",
        [("Sales", "VOICE", 1770624000, 12, 11, 215), ("Sales", "VOICE", 1770624900000, 3, 3, 200)],
    )
    read = report_files.read(text, "amazon-connect")
    assert read.frame["interval_start"].tolist() == [AT_EIGHT, AT_EIGHT + timedelta(minutes=15)]
    assert "times are Unix time: read as UTC" in read.said


def test_interaction_hold_and_after_contact_work_make_the_handle_time(report_files):
    text = report_files.lines(
        "Queue,StartInterval,Contacts queued,Contacts handled,Agent interaction time,"
        "Customer hold time,After contact work time",
        [("Sales", "2026-02-09T08:00Z", 12, 10, 1500, 200, 450)],
    )
    read = report_files.read(text, "amazon-connect")
    assert read.frame["aht_s"].tolist() == [215]
    assert (
        "the handle time is 'Agent interaction time' + 'Customer hold time' + 'After" in read.said
    )


def test_the_hold_time_of_those_on_hold_is_no_part_of_a_handle_time(report_files):
    text = report_files.lines(
        "Queue,StartInterval,Contacts queued,Contacts handled,Average agent interaction time,"
        "Average customer hold time,Average after contact work time",
        [("Sales", "2026-02-09T08:00Z", 12, 10, 170, 90, 45)],
    )
    read = report_files.read(text, "amazon-connect")
    assert read.frame["aht_s"].tolist() == [215]
    assert "it has no hold time" in read.said


def test_a_report_by_agent_is_refused_by_name(report_files):
    text = report_files.lines(
        "Agent,Queue,StartInterval,Contacts queued", [("x", "Sales", "2026-02-09T08:00Z", 3)]
    )
    read = report_files.read(text, "amazon-connect")
    assert "'Agent' is not one of a report by queue; this is a report by agent" in read.told


def test_historical_data_of_dynamics_365_has_minutes(report_files):
    text = report_files.lines(DYNAMICS, [
        ("2026-02-09 08:00:00", 1, "voice", 1, "Sales", 12, 4, "15 min", 60),
        ("2026-02-09 08:15:00", 1, "voice", 1, "Sales", 9, 5, "15 min", 60),
    ])  # fmt: skip
    read = report_files.read(text, "dynamics-365")
    assert read.frame["aht_s"].tolist() == [240, 300]
    assert read.frame["offered"].tolist() == [12, 9]
    assert "AHT: read as minutes, as Dynamics 365 writes it; turned into seconds" in read.said
    assert (
        "times have no offset: read as Europe/Dublin, the plan's zone; if they are UTC" in read.said
    )


def test_seconds_in_a_file_of_dynamics_365_stop_the_load(report_files):
    rows = [("2026-02-09 08:00:00", 1, "voice", 1, "Sales", 12, 215, "15 min", 60)]
    text = report_files.lines(DYNAMICS, rows)
    read = report_files.read(text, "dynamics-365")
    assert "read as minutes, half of the handle times are above 12,900 s (3:35:00)" in read.told
    assert 'if they are seconds (215 s (3:35)), write units = { "AHT" = "s" }' in read.told
    stated = report_files.read(text, "dynamics-365", units={"AHT": "s"})
    assert stated.frame["aht_s"].tolist() == [215]


def test_queue_performance_of_genesys_cloud_in_milliseconds(report_files):
    text = report_files.lines(GENESYS, [
        ("2026-02-09T08:00:00Z", "2026-02-16T08:00:00Z", "TRUE", "", "voice", "q1", "Sales",
         900, 800, 100, 800, 215000, 9000),
        ("2026-02-09T08:00:00Z", "2026-02-09T08:15:00Z", "TRUE", "", "voice", "q1", "Sales",
         12, 10, 2, 10, 215500, 9000),
        ("2026-02-09T08:15:00Z", "2026-02-09T08:30:00Z", "TRUE", "", "voice", "q1", "Sales",
         8, 8, 0, 8, 200000, 1000),
        ("2026-02-09T08:30:00Z", "2026-02-09T08:45:00Z", "FALSE", "", "voice", "q1", "Sales",
         1, 1, 0, 1, 90000, 1000),
    ])  # fmt: skip
    read = report_files.read(text, "genesys")
    assert read.frame["offered"].tolist() == [12, 8]
    assert read.frame["aht_s"].tolist() == [215.5, 200]
    assert read.frame["wait_s"].tolist() == [9, 1]
    assert "1 rows of totals were not read (first in line 2)" in read.said
    assert "1 rows of intervals that were not over were not read (first in line 5)" in read.said


def test_the_historical_import_of_genesys_cloud_adds_skill_sets_up(report_files):
    text = report_files.lines(GENESYS_IMPORT, [
        ("2026-02-09T08:00:00.000Z", "Sales", "Voice", "a|||b", "Spanish", 6, 5, 1000),
        ("2026-02-09T08:00:00.000Z", "Sales", "Voice", "", "English", 6, 5, 1150),
        ("2026-02-09T08:00:00.000Z", "Sales", "Chat", "", "English", 2, 2, 1200),
    ])  # fmt: skip
    queues = {"Sales": "voice", "* / chat": "chat"}
    frame = report_files.read(text, "genesys", queues | {"Sales/chat": "chat"}).frame
    assert frame["channel"].tolist() == ["voice", "chat"]
    assert frame["offered"].tolist() == [12, 2]
    assert frame["aht_s"].tolist() == [215, 600]


def test_an_average_in_the_column_of_totals_is_caught(report_files):
    rows = [(f"{t:%Y-%m-%dT%H:%M:%SZ}", "Sales", "Voice", "", "", 60, 50, 215)
            for t in report_files.quarters(4)]  # fmt: skip
    read = report_files.read(report_files.lines(GENESYS_IMPORT, rows), "genesys")
    assert "half of the handle times are below 4.3 s" in read.told


def test_a_generic_report_with_date_and_time_apart(report_files):
    text = (
        "Datum;Uhrzeit;Warteschlange;Angebotene Anrufe;Verlorene Anrufe;AHT (min)\n"
        "09.02.2026;08:00;Sales;1.012;12;3,5\n13.02.2026;08:15;Sales;14;2;4,25\n"
    )
    read = report_files.read(text, "generic", zone="UTC")
    assert read.frame["offered"].tolist() == [1012, 14]
    assert read.frame["aht_s"].tolist() == [210, 255]
    assert "dates are day/month/year: read so" in read.said
    assert "AHT (min): read as minutes, as its name says; turned into seconds" in read.said


def test_a_file_without_a_column_of_queues_is_a_queue_of_its_name(report_files):
    rows = [("2026-02-09T08:00Z", 12, 215)]
    files = {
        "Sales.csv": report_files.lines("Interval start,Offered,AHT (s)", rows),
        "Help.csv": report_files.lines("Interval start,Offered,AHT (s)", rows),
    }
    read = report_files.read(files, "generic", {"Sales": "voice", "Help": "chat"})
    assert read.frame["channel"].tolist() == ["voice", "chat"]
    assert "has no column of queues: all of it is the queue 'Sales'" in read.said


def test_a_layout_of_ones_own(report_files):
    layout = (
        'system = "Our ACD"\nunit = "min"\ntimezone = "America/New_York"\n[columns]\n'
        'queue = ["Gruppe"]\nstart = ["Von"]\noffered = ["Angebot"]\naht = ["Dauer"]\n'
        '[units]\nDauer = "ms"\n'
    )
    text = report_files.lines(
        "Gruppe,Von,Angebot,Dauer", [("Sales", "2026-02-09 03:00", 12, 215000)]
    )
    read = report_files.read({"acd.toml": layout, "x.csv": text}, "acd.toml")
    assert read.frame["interval_start"].tolist() == [AT_EIGHT]
    assert read.frame["aht_s"].tolist() == [215]
    assert "times have no offset: read as America/New_York, as Our ACD writes them" in read.said


def test_every_fault_of_a_layout_is_told_with_its_line(report_files):
    layout = (
        'sytem = "x"\nunit = "fortnights"\ntimezone = "Mars/Phobos"\n[columns]\n'
        'que = ["Q"]\noffered = "Angebot"\n[units]\nDauer = "years"\n'
    )
    told = report_files.read({"acd.toml": layout, "x.csv": "a,b\n1,2\n"}, "acd.toml").told
    assert "acd.toml:1: sytem: is no key of a layout; did you mean 'system'?" in told
    assert "acd.toml:2: unit: 'fortnights' is no unit of time" in told
    assert "acd.toml:3: timezone: 'Mars/Phobos' is not an IANA time zone" in told
    assert "acd.toml:5: columns.que: is no field of a queue report; did you mean 'queue'?" in told
    assert "acd.toml:6: columns.offered: is no list of captions" in told
    assert "columns.start: the field is missing" in told
    assert "acd.toml:8: units.Dauer: 'years' is no unit of time" in told


def test_a_layout_that_does_not_exist_is_told_with_the_nearest(report_files):
    assert (
        "'amazon-conect' is no layout; did you mean 'amazon-connect'?"
        in report_files.read("a,b\n1,2\n", "amazon-conect").told
    )


@pytest.mark.parametrize("name", shipped())
def test_a_layout_is_shown_with_all_its_captions(name):
    layout = shipped_layout(name)
    text = " ".join(layout_text(layout).split())
    assert set(layout.captions) <= set(FIELDS)
    assert all(caption in text for caption in layout.all_captions)
    assert [field["field"] for field in layout_dict(layout)["fields"]] == [
        one for one in FIELDS if one in layout.captions
    ]
    assert layout.id == name


def test_rows_of_a_day_are_read_as_such(report_files):
    text = report_files.lines(TEMPLATE, [
        ("Sales", "aa-1", "VOICE", f"2026-02-{day:02}T00:00:00Z", "daily", 900, 215.5, 870)
        for day in (9, 10)
    ])  # fmt: skip
    frame = report_files.read(text, "amazon-connect").frame
    assert frame["offered"].tolist() == [900, 900]


def test_every_field_has_a_meaning():
    assert set(MEANINGS) == set(FIELDS)
