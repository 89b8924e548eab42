"""Tests for wfplan.store.schedule_table."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.domain.schedule import ActivityCategory
from wfplan.domain.schedule_rows import schedule_csv, told_shifts
from wfplan.errors import InputFaultsError
from wfplan.store import read_schedule, read_shifts

GIVEN = {
    "schedule_id": "harbour-bank-20261019",
    "timezone": "Europe/Dublin",
}


def read(path, synthetic, agents=None):
    return read_schedule(
        path, agents or synthetic.problem().agents, first_day=synthetic.WEEK, days=7, **GIVEN
    )


@pytest.fixture
def table(tmp_path, synthetic):
    """The long CSV of the made-up schedule."""
    path = tmp_path / "schedule.csv"
    path.write_bytes(schedule_csv(synthetic.schedule(), synthetic.problem().agents).encode())
    return path


def test_a_schedule_comes_back_as_it_was(table, synthetic):
    assert read(table, synthetic) == synthetic.schedule()


def test_the_order_of_rows_does_not_matter(table, synthetic):
    header, *rows = table.read_text(encoding="utf-8-sig").splitlines()
    table.write_text("\n".join([header, *reversed(rows)]))
    assert read(table, synthetic) == synthetic.schedule()


def test_a_lock_comes_back(table, synthetic):
    text = table.read_text(encoding="utf-8-sig")
    table.write_text(text.replace(",120,false", ",120,TRUE"))
    assert [shift.is_locked for shift in read(table, synthetic).shifts] == [True, False]


def test_cancelled_shifts_are_not_planned(tmp_path, synthetic):
    before = synthetic.schedule()
    now = synthetic.schedule(shifts=before.shifts[:1])
    path = tmp_path / "schedule.csv"
    path.write_text(schedule_csv(now, synthetic.problem().agents, told=told_shifts([before])))
    assert read(path, synthetic).shifts == now.shifts


@pytest.mark.parametrize(
    "emptied",
    [
        ("start_local", "end_local", "minutes", "timezone", "agent_name"),
        ("start_utc", "end_utc", "minutes"),
    ],
)
def test_emptied_times_are_worked_out(table, synthetic, emptied):
    header, *rows = table.read_text(encoding="utf-8-sig").splitlines()
    names = header.split(",")
    cleared = [
        ",".join(
            "" if name in emptied else cell
            for name, cell in zip(names, row.split(","), strict=True)
        )
        for row in rows
    ]
    table.write_text("\n".join([header, *cleared]))
    assert read(table, synthetic) == synthetic.schedule()


def test_ids_that_look_like_formulas_come_back(tmp_path, synthetic):
    agents = (synthetic.agent("-1"), synthetic.agent("A2", name="=cmd|' /C calc'!A0"))
    shifts = tuple(
        synthetic.shift(agent.agent_id, synthetic.WEEK, 480, (60, "ON_QUEUE")) for agent in agents
    )
    path = tmp_path / "schedule.csv"
    path.write_text(schedule_csv(synthetic.schedule(shifts=shifts), agents))
    assert ",'-1," in path.read_text()
    assert ",'=cmd" in path.read_text()
    assert read(path, synthetic, agents).shifts == shifts


@settings(max_examples=40, deadline=None)
@given(
    day=st.dates(datetime(2026, 3, 20).date(), datetime(2026, 11, 3).date()),
    start=st.integers(0, 95),
    parts=st.lists(
        st.tuples(st.integers(1, 20), st.sampled_from(["ON_QUEUE", "REST", "MEAL"])),
        min_size=1,
        max_size=5,
    ),
)
def test_any_shift_comes_back_clock_changes_included(
    tmp_path_factory, synthetic, day, start, parts
):
    shift = synthetic.shift("A001", day, start * 15, *((n * 15, code) for n, code in parts))
    from wfplan.domain.schedule_rows import local_date

    shift = shift.model_copy(update={"shift_date": local_date(shift.start, "Europe/Dublin")})
    path = tmp_path_factory.mktemp("x") / "schedule.csv"
    path.write_text(schedule_csv(synthetic.schedule(shifts=(shift,)), synthetic.problem().agents))
    assert read(path, synthetic).shifts == (shift,)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        (",A001,", ",A00I,", 2, "this person is not known; did you mean 'A00"),
        (",work,", ",wrok,", 2, "did you mean 'work'"),
        (",draft,", ",drafted,", 2, "did you mean 'draft'"),
        (",ON_QUEUE,", ",,", 2, "activity_code: the cell is empty"),
        ("08:00:00+01:00", "08:30:00+01:00", 2, "start_local and start_utc are different"),
        ("08:00:00+01:00", "08:00:00", 2, "is not an instant like"),
        (",120,", ",90,", 2, "120 minutes lie between start and end"),
        (",120,", ",1e2,", 2, "120 minutes lie between start and end"),
        (",120,", ",120.5,", 2, "is not a whole number"),
        ("2026-10-19T10:00:00+01:00,Europe/Dublin,2026-10-19T07:00:00Z,2026-10-19T09:00:00Z,120",
         ",Europe/Dublin,2026-10-19T07:00:00Z,2026-10-19T08:45:00Z,", 2, "do not tile it"),
        ("-1,2026-10-19,", "-1,2026-10-20,", 2, "the shift starts on 2026-10-19 in Europe/Dublin"),
        ("dublin-A002-20261024-1", "dublin-A001-20261019-1", 5, "line 2 gives this shift to"),
    ],
)  # fmt: skip
def test_a_row_that_says_two_things_is_named(table, synthetic, old, new, line, message):
    text = table.read_text(encoding="utf-8-sig")
    assert old in text
    table.write_text(text.replace(old, new, 1))
    with pytest.raises(InputFaultsError) as caught:
        read(table, synthetic)
    fault = caught.value.faults[0]
    assert message in str(fault)
    assert (fault.file, fault.line) == (str(table), line)
    assert synthetic.CANARY not in str(caught.value)


def test_instants_are_utc(table, synthetic):
    assert read(table, synthetic).shifts[0].start == datetime(2026, 10, 19, 7, tzinfo=UTC)
    assert read(table, synthetic).shifts[0].start.tzinfo is UTC


def test_which_activity_a_stretch_serves_comes_back(tmp_path, synthetic):
    shift, *others = synthetic.schedule().shifts
    first, *rest = shift.activities
    served = first.model_copy(
        update={"code": "COACHING", "category": ActivityCategory.TRAINING, "activity_id": "c-1"}
    )
    shift = shift.model_copy(update={"activities": (served, *rest)})
    schedule = synthetic.schedule(shifts=(shift, *others))
    path = tmp_path / "schedule.csv"
    path.write_text(schedule_csv(schedule, synthetic.problem().agents))
    assert read(path, synthetic) == schedule


def test_a_table_of_before_there_were_activities_is_read(table, synthetic):
    lines = table.read_text(encoding="utf-8-sig").splitlines()
    table.write_text("\n".join(line.rpartition(",")[0] for line in lines))
    assert read(table, synthetic) == synthetic.schedule()


@pytest.mark.parametrize("gone", ["locked", "activity_id", "minutes", "start_local"])
def test_a_column_that_need_not_be_there_may_be_missing(tmp_path, synthetic, gone):
    agents, schedule = synthetic.problem().agents, synthetic.schedule()
    rows = list(csv.DictReader(io.StringIO(schedule_csv(schedule, agents).lstrip("\ufeff"))))
    path = tmp_path / "schedule.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        names = [name for name in rows[0] if name != gone]
        writer = csv.DictWriter(file, names, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    assert read_shifts(path, agents) == schedule.shifts
