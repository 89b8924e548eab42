"""Queues become channels: added up, weighted, left out, and never forgotten silently."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.intake.queue_reports.queues import IGNORED, NO_CHANNEL, QueueMap

HEADER = (
    "Queue,Channel,StartInterval,EndInterval,Contacts queued,Contacts handled,Contacts abandoned,"
    "Average handle time"
)


def row(queue: str, at: str, offered: float, handled: float, aht: object, media: str = "") -> tuple:
    hour, minute = at.split(":")
    end = f"{int(hour) + (int(minute) + 15) // 60:02}:{(int(minute) + 15) % 60:02}"
    day = "2026-02-09T"
    return queue, media, f"{day}{at}Z", f"{day}{end}Z", offered, handled, offered - handled, aht


def test_queues_of_a_channel_are_added_up_and_handle_times_weighted_by_contacts(report_files):
    text = report_files.lines(HEADER, [
        row("EN", "08:00", 12, 10, 200), row("DE", "08:00", 6, 5, 260),
        row("DE", "08:15", 4, 0, ""),
    ])  # fmt: skip
    frame = report_files.read(text, "amazon-connect", {"EN": "voice", "DE": "voice"}).frame
    assert frame["offered"].tolist() == [18, 4]
    assert frame["answered"].tolist() == [15, 0]
    assert frame["abandoned"].tolist() == [3, 4]
    assert frame["aht_s"].tolist()[0] == pytest.approx((10 * 200 + 5 * 260) / 15)
    assert np.isnan(frame["aht_s"].tolist()[1])


@settings(max_examples=12, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(60, 900)),
        min_size=2, max_size=10,
    )
)  # fmt: skip
def test_no_contact_and_no_second_of_work_is_lost_by_adding_queues_up(report_files, rows):
    written = [row(f"Q{n}", "08:00", a + b, a, aht) for n, (a, b, aht) in enumerate(rows)]
    text = report_files.lines(HEADER, written)
    frame = report_files.read(text, "amazon-connect", {"*": "voice"}, units={
        "Average handle time": "s"}).frame  # fmt: skip
    assert frame["offered"].tolist() == [sum(a + b for a, b, _ in rows)]
    handled = sum(a for a, _, _ in rows)
    assert frame["answered"].tolist() == [handled]
    if handled:
        work_s = sum(a * aht for a, _, aht in rows)
        assert frame["aht_s"].tolist()[0] * handled == pytest.approx(work_s)


def test_every_queue_without_a_channel_is_named_with_its_contacts_and_what_to_write(report_files):
    text = report_files.lines(HEADER, [
        row("Sales EN", "08:00", 1200, 10, 200), row("Sales EN", "08:15", 34, 9, 200),
        row("Help", "08:00", 7, 5, 260, "CHAT"), row("Tests", "08:00", 4, 4, 100),
    ])  # fmt: skip
    told = report_files.read(text, "amazon-connect", {"Sales EM": "voice", "Tests": "-"}).told
    first, second = told.split("\n")
    assert first == (
        "report.csv:2: Queue: the queue 'Sales EN' has no channel: 1,234 contacts in 2 rows; did "
        'you mean \'Sales EM\'? Else write "Sales EN" = "voice", say, into queues under '
        '[contacts], or "-" to leave it out [HR111]'
    )
    assert second == (
        "report.csv:4: Queue: the queue 'Help' (CHAT) has no channel: 7 contacts in 1 rows; write "
        '"Help" = "chat", say, into queues under [contacts], or "-" to leave it out [HR111]'
    )


def test_of_very_many_queues_without_a_channel_each_one_is_named(report_files):
    rows = [row(f"Q{n:03}", "08:00", n, n, 200) for n in range(60)]
    told = report_files.read(report_files.lines(HEADER, rows), "amazon-connect", {}).told
    assert all(f"'Q{n:03}'" in told for n in range(60))
    assert "40 more queues have no channel: 'Q039' (39 contacts)" in told


def test_a_queue_of_the_plan_that_no_file_has_is_said(report_files):
    text = report_files.lines(HEADER, [row("Sales", "08:00", 3, 3, 200)])
    queues = {"Sales": "voice", "Slaes": "voice", "Old": "-"}
    said = report_files.read(text, "amazon-connect", queues).said
    assert "no row of the contacts is of the queue 'Slaes'; did you mean 'Sales'?" in said
    assert "'Old'" not in said


@pytest.mark.parametrize(
    ("queue", "media", "channel"),
    [
        ("Help", "", "voice"), ("help", "CHAT", "chat"), ("Help", "EMAIL", "voice"),
        ("Other", "chat", "chat"), ("Other", "voice", ""), ("chat", "", "chat"),
        ("Test / A", "", "-"), ("test/a", "", "-"), ("Help  ", "", "voice"),
    ],
)  # fmt: skip
def test_the_most_special_key_counts(queue, media, channel):
    queues = {"Help": "voice", "Help/Chat": "chat", "* / chat": "chat", "Test / A": "-"}
    found = QueueMap(queues, ["voice", "chat"]).place(queue, media)
    assert found == {"voice": 0, "chat": 1, "-": IGNORED, "": NO_CHANNEL}[channel]


def test_a_star_takes_every_queue_that_is_not_named():
    queues = QueueMap({"Help": "chat", "*": "voice"}, ["voice", "chat"])
    assert [queues.place(one, "") for one in ("Help", "chat", "Any")] == [1, 1, 0]


def test_rows_that_stand_twice_are_faults_in_one_file_and_across_files(report_files):
    once = [row("Sales", "08:00", 3, 3, 200), row("Sales", "08:15", 4, 4, 200)]
    files = {
        "a.csv": report_files.lines(HEADER, [*once, once[0]]),
        "b.csv": report_files.lines(HEADER, once[1:]),
    }
    told = report_files.read(files, "amazon-connect").told
    assert "a.csv:4: StartInterval: 'Sales' already has this interval in line 2;" in told
    assert "b.csv:2: StartInterval: 'Sales' already has this interval in line 3 of a.csv;" in told


def test_files_of_several_months_are_one_history(report_files):
    rows = [row("Sales", f"{8 + n // 4:02}:{n % 4 * 15:02}", n, n, 200) for n in range(8)]
    files = {
        name: report_files.lines(HEADER, some)
        for name, some in (("a.csv", rows[:4]), ("b.csv", rows[4:]))
    }
    whole = report_files.read(report_files.lines(HEADER, rows), "amazon-connect").frame
    assert report_files.read(files, "amazon-connect").frame.equals(whole)


def test_intervals_of_two_lengths_over_the_same_time_are_faults(report_files):
    rows = [
        ("Sales", "", "2026-02-09T08:00Z", "2026-02-09T08:30Z", 9, 9, 0, 200),
        ("Sales", "", "2026-02-09T08:15Z", "2026-02-09T08:30Z", 4, 4, 0, 200),
    ]
    told = report_files.read(report_files.lines(HEADER, rows), "amazon-connect").told
    assert "the 30 minutes of 'Sales' overlap with line 3 of report.csv" in told


def test_queues_of_a_channel_with_other_intervals_are_not_added_up(report_files):
    stamps = report_files.quarters(240)
    header = "Queue,StartInterval,Contacts queued,Average handle time"
    rows = [("EN", f"{t:%Y-%m-%dT%H:%MZ}", 3, 200) for t in stamps]
    rows += [("DE", f"{t:%Y-%m-%dT%H:%MZ}", 3, 200) for t in stamps[::2]]
    text = report_files.lines(header, rows)
    told = report_files.read(text, "amazon-connect", {"EN": "voice", "DE": "voice"}).told
    assert "the queues of voice have intervals of 15 minutes ('EN') and 30 minutes ('DE')" in told
    assert report_files.read(text, "amazon-connect", {"EN": "voice", "DE": "chat"}).faults == ()


def test_contacts_handled_and_abandoned_make_those_offered(report_files):
    header = "Queue,StartInterval,Contacts handled,Contacts abandoned,Average handle time"
    text = report_files.lines(header, [("Sales", "2026-02-09T08:00Z", 9, 3, 200)])
    read = report_files.read(text, "amazon-connect")
    assert read.frame["offered"].tolist() == [12]
    assert "the contacts offered are 'Contacts handled' + 'Contacts abandoned'" in read.said


def test_contacts_handled_alone_are_said_to_miss_those_who_gave_up(report_files):
    header = "Queue,StartInterval,Contacts handled,Average handle time"
    text = report_files.lines(header, [("Sales", "2026-02-09T08:00Z", 9, 200)])
    read = report_files.read(text, "amazon-connect")
    assert read.frame["offered"].tolist() == [9]
    assert "only 'Contacts handled' tells the contacts that came: those who gave up" in read.said


def test_a_rate_becomes_a_count(report_files):
    header = "Queue,Interval start,Offered,Abandon rate,AHT (s)"
    for rates in (("25%", "12.5%"), ("25", "12.5"), ("0.25", "0.125")):
        rows = [
            ("Sales", f"2026-02-09T08:{n * 15:02}Z", 8, rate, 200) for n, rate in enumerate(rates)
        ]
        frame = report_files.read(report_files.lines(header, rows), "generic").frame
        assert frame["abandoned"].tolist() == [2, 1]


def test_rows_of_totals_are_left_out(report_files):
    rows = [row("Sales", "08:00", 3, 3, 200), row("Total", "08:00", 3, 3, 200),
            ("", "", "", "", 3, 3, 0, 200)]  # fmt: skip
    read = report_files.read(report_files.lines(HEADER, rows), "amazon-connect")
    assert read.frame["offered"].tolist() == [3]
    assert "2 rows of totals were not read (first in line 3)" in read.said


def test_a_missing_column_is_told_with_what_looks_like_it(report_files):
    text = "Queue,StartIntervall,Contact queued\nSales,2026-02-09T08:00Z,3\n"
    told = report_files.read(text, "amazon-connect").told
    assert "no column holds the start of the interval" in told
    assert "'StartIntervall': did you mean 'StartInterval'?" in told
    assert "'Contact queued': did you mean 'Contacts queued'?" in told
