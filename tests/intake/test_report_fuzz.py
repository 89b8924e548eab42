"""Whatever lies in a report ends in a history or in faults that say where, never in a traceback."""

from __future__ import annotations

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wfplan.intake.queue_reports.layouts import OWN, shipped, shipped_layout

LAYOUTS = [name for name in shipped() if name != OWN]
CELLS = st.one_of(
    st.sampled_from([
        "", "-", "0", "12", "-3", "1,234", "1.234,5", "37,5", "85%", "1e400", "nan", "inf",
        "12.5.6",
        "0:03:35", "3:35", "99:99:99", "PT5M", "2026-02-09T08:00Z", "2026-03-29 01:30",
        "2/3/2026 8:00",
        "13/13/2026 08:00", "31.02.2026 08:00", "1770624000", "9999999999999", "Sales",
        "Total", '"',
        "=cmd()", "\x00", "\u202e", "TRUE", "false", "daily", "15mins", "0001-01-01 00:00",
        "9999-12-31 23:59:59",
    ]),
    st.text(max_size=12),
)  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_cells_under_any_captions_end_in_rows_or_faults(report_files, layout, data):
    known = [*shipped_layout(layout).all_captions, "Agent", "Nobody's column", ""]
    header = data.draw(st.lists(st.sampled_from(known), min_size=1, max_size=9))
    mark = data.draw(st.sampled_from(",;\t|"))
    rows = data.draw(
        st.lists(st.lists(CELLS, min_size=len(header), max_size=len(header)), max_size=6)
    )
    text = "\n".join(mark.join(row) for row in [header, *rows])
    queues = data.draw(st.sampled_from([{}, {"*": "voice"}, {"Sales": "-"}]))
    read = report_files.read({"a.csv": text.encode("utf-8", "replace")}, layout, queues)
    assert read.rows is not None or read.faults or not rows or "not read" in read.said
    for fault in read.faults:
        assert fault.file == "a.csv"
        assert fault.reason
    if read.rows is not None and not read.faults:
        assert (read.rows.frame["offered"] >= 0).all()
        assert not read.rows.frame.duplicated(["channel", "interval_start"]).any()


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=40, deadline=None)
@given(
    content=st.one_of(
        st.binary(min_size=1, max_size=300),
        st.text(string.printable, min_size=1, max_size=300).map(str.encode),
    )
)
def test_any_bytes_end_in_faults(report_files, layout, content):
    read = report_files.read({"a.csv": content}, layout)
    assert read.rows is None
    assert read.faults


@settings(max_examples=30, deadline=None)
@given(content=st.one_of(st.text(max_size=200), st.just("[columns]\nstart = 3")))
def test_any_text_for_a_layout_ends_in_faults(report_files, content):
    files = {"own.toml": content.encode("utf-8", "replace"), "a.csv": "Queue,Start\nx,y\n"}
    assert report_files.read(files, "own.toml").faults


def test_faults_of_all_kinds_are_told_at_once(report_files):
    header = "Queue,StartInterval,EndInterval,Contacts queued,Contacts handled,Average handle time"
    text = report_files.lines(header, [
        ("Sales", "yesterday", "", 3, 3, 200),
        ("Sales", "2026-02-09T08:00Z", "", "many", 3, 200),
        ("Sales", "2026-02-09T08:15Z", "", 3, "85%", 200),
        ("Sales", "2026-02-09T08:30Z", "", 3, 3, "long"),
        ("Sales", "2026-02-09T08:45Z", "", 3, 3, "3:20"),
        ("", "2026-02-09T09:00Z", "", 3, 3, 200),
        ("Help", "2026-02-09T09:15Z", "", 3, 3, 200),
        ("Sales", "2026-02-09T09:30Z", "soon", 3, 3, 200),
        ("Sales", "2026-02-09T09:45Z", "", -3, 3, 200),
    ])  # fmt: skip
    read = report_files.read(text, "amazon-connect")
    assert [(fault.line, fault.column) for fault in read.faults] == [
        (2, "StartInterval"), (3, "Contacts queued"), (4, "Contacts handled"),
        (5, "Average handle time"), (6, "Average handle time"), (7, "Queue"), (8, "Queue"),
        (9, "EndInterval"), (10, "Contacts queued"),
    ]  # fmt: skip
