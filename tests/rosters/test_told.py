"""Tests for wfplan.rosters.told: what an exported file says that people were told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from wfplan.domain.schedule_rows import ShiftState, dated_shifts, told_shifts
from wfplan.errors import InputFaultsError
from wfplan.export import Order, exported, write
from wfplan.rosters import read_told

TARGETS = [("csv", "schedule.csv"), ("json", "schedule.json")]


@pytest.fixture
def again(synthetic, tmp_path):
    """A function: an order exported, and what its file says was told."""

    def told(target, file, schedule, before=(), agents=None):
        order = Order(synthetic.problem(), schedule, told=tuple(before))
        write(tmp_path / target, exported(target, order)[0])
        path = tmp_path / target / file if file else tmp_path / target
        return read_told(path, agents or synthetic.problem().agents, synthetic.DUBLIN)

    return told


@pytest.mark.parametrize(("target", "file"), TARGETS)
def test_an_export_of_the_same_week_after_it_changes_nothing(again, synthetic, target, file):
    told = again(target, file, synthetic.schedule(status="published", revision=4))
    assert [(one.revision, one.state) for one in told] == [(4, ShiftState.CONFIRMED)] * 2
    assert dated_shifts(synthetic.schedule(status="published", revision=5), told) == list(told)


@pytest.mark.parametrize(("target", "file"), TARGETS)
def test_a_cancellation_is_never_lost(again, synthetic, target, file):
    before = told_shifts([synthetic.schedule(status="published", revision=4)])
    now = synthetic.schedule(shifts=synthetic.schedule().shifts[:1], revision=5)
    told = again(target, file, now, before)
    gone = told[1]
    assert (gone.shift.agent_id, gone.state, gone.revision) == ("A002", "cancelled", 5)
    assert gone.shift.end - gone.shift.start == timedelta(hours=9)
    assert [d.is_cancelled for d in dated_shifts(now, told)] == [False, True]


@pytest.mark.parametrize("target", ["csv", "json"])
def test_the_folder_of_an_export_will_do(again, synthetic, target):
    assert len(again(target, "", synthetic.schedule())) == 2


@pytest.mark.parametrize(("target", "file"), TARGETS)
def test_people_whom_nobody_knows_keep_what_they_were_told(again, synthetic, target, file):
    told = again(target, file, synthetic.schedule(), agents=[synthetic.agent("A001")])
    assert [one.shift.agent_id for one in told] == ["A001", "A002"]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("agent_id,start,end\nA001,2026-10-19T08:00,2026-10-19T16:00\n", "does not say what was"),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR\n", "does not say what was told"),
        ('{"schema": "wfplan-schedule/1"}', "revision: is missing"),
        ("shift_id,activity_category,start_utc\n", "the column is missing"),
        ("[[[", "is no JSON"),
        ("", "is empty"),
    ],
)
def test_other_files_are_refused(tmp_path, synthetic, content, text):
    path = tmp_path / "file"
    path.write_text(content)
    with pytest.raises(InputFaultsError) as caught:
        read_told(path, synthetic.problem().agents, synthetic.DUBLIN)
    assert any(text in str(fault) for fault in caught.value.faults)


def test_a_cancelled_shift_without_times_is_a_fault(again, synthetic, tmp_path):
    before = told_shifts([synthetic.schedule()])
    again("csv", "", synthetic.schedule(shifts=(), revision=2), before)
    path = tmp_path / "csv" / "schedule.csv"
    text = path.read_text(encoding="utf-8-sig")
    for old in ("2026-10-19T08:00:00+01:00", "2026-10-19T07:00:00Z"):
        assert old in text
        text = text.replace(old, "")
    path.write_text(text)
    with pytest.raises(InputFaultsError, match="start_utc: the cell is empty"):
        read_told(path, synthetic.problem().agents, synthetic.DUBLIN)
