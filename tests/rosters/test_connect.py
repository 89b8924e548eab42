"""Tests for wfplan.rosters.connect: tables of the Amazon Connect data lake."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from wfplan.domain.external_ids import IdKind

ARN = "arn:aws:connect:eu-west-2:1:instance/i-1/agent/11111111-0000-4000-8000-000000000001"
BREAK, LUNCH, TALK, LEAVE = (f"arn:aws:connect:eu-west-2:1:shift-activity/{n}" for n in "abcd")
SHIFTS = pd.DataFrame(
    [
        ("i-1", "s-1", 1, ARN, "2026-10-19 06:00:00.000", "2026-10-19 14:00:00.000", "false"),
        ("i-1", "s-1", 2, ARN, "2026-10-19 07:00:00.000", "2026-10-19 15:00:00.000", "false"),
        ("i-1", "s-2", 1, ARN, "2026-10-20 07:00:00.000", "2026-10-20 15:00:00.000", "true"),
        ("i-1", "s-3", 1, ARN, "2026-10-21 07:00:00.000", "2026-10-21 15:00:00.000", "false"),
    ],
    columns=["instance_id", "shift_id", "shift_version", "agent_arn", "shift_start_timestamp",
             "shift_end_timestamp", "is_deleted"],
)  # fmt: skip
ACTIVITIES = pd.DataFrame(
    [
        ("s-1", 1, "a-0", "2026-10-19 06:00:00.000", "2026-10-19 14:00:00.000", "", "ACTIVE"),
        ("s-1", 2, "a-1", "2026-10-19 07:00:00.000", "2026-10-19 10:00:00.000", "", "ACTIVE"),
        ("s-1", 2, "a-2", "2026-10-19 10:00:00.000", "2026-10-19 10:15:00.000", BREAK, "ACTIVE"),
        ("s-1", 2, "a-3", "2026-10-19 10:15:00.000", "2026-10-19 12:00:00.000", "", "ACTIVE"),
        ("s-1", 2, "a-4", "2026-10-19 12:00:00.000", "2026-10-19 12:30:00.000", LUNCH, "ACTIVE"),
        ("s-1", 2, "a-5", "2026-10-19 12:30:00.000", "2026-10-19 13:00:00.000", TALK, "ACTIVE"),
        ("s-1", 2, "a-6", "2026-10-19 13:00:00.000", "2026-10-19 15:00:00.000", "", "ACTIVE"),
        ("s-3", 1, "a-7", "2026-10-21 07:00:00.000", "2026-10-21 15:00:00.000", "", "INACTIVE"),
    ],
    columns=["shift_id", "shift_version", "activity_id", "activity_start_timestamp",
             "activity_end_timestamp", "shift_activity_arn", "activity_status"],
).assign(instance_id="i-1", is_deleted="false", is_overtime="false")  # fmt: skip
KINDS = pd.DataFrame(
    [
        (BREAK, 1, "Tea", "NON_PRODUCTIVE", "BREAK_OR_MEAL", "true"),
        (LUNCH, 1, "Lunch", "NON_PRODUCTIVE", "BREAK_OR_MEAL", "false"),
        (TALK, 1, "Team huddle", "NON_PRODUCTIVE", "NONE", "true"),
        (LEAVE, 1, "Holiday", "LEAVE", "", "true"),
    ],
    columns=["shift_activity_arn", "shift_activity_version", "shift_activity_name", "type",
             "sub_type", "is_paid"],
)  # fmt: skip
DAY = [
    ("ON_QUEUE", "07:00", "10:00", True),
    ("REST", "10:00", "10:15", True),
    ("ON_QUEUE", "10:15", "12:00", True),
    ("MEAL", "12:00", "12:30", False),
    ("TEAM_HUDDLE", "12:30", "13:00", True),
    ("ON_QUEUE", "13:00", "15:00", True),
]


def lake(as_text=True, **instead):
    """The three tables as files, some of them changed."""
    tables = {"staff_shifts": SHIFTS, "staff_shift_activities": ACTIVITIES,
              "shift_activities": KINDS} | instead  # fmt: skip
    if as_text:
        return {f"{n}.csv": t.to_csv(index=False) for n, t in tables.items() if t is not None}
    found = {}
    for name, table in tables.items():
        buffer = io.BytesIO()
        typed = table.copy()
        for column in typed.columns:
            if column.endswith("timestamp"):
                typed[column] = pd.to_datetime(typed[column])
        typed.to_parquet(buffer)
        found[f"{name}.parquet"] = buffer.getvalue()
    return found


@pytest.fixture
def known(ids):
    """The agent by the whole ARN."""
    return ids("connect", {(IdKind.AGENT, "A001"): ARN})


@pytest.mark.parametrize("as_text", [True, False])
def test_the_latest_version_of_a_shift_comes_with_its_activities(read, known, parts, as_text):
    roster = read(lake(as_text), ids=known)
    (shift,) = roster.shifts
    assert (roster.layout, shift.agent_id, shift.shift_id) == ("connect", "A001", "s-1")
    assert parts(shift) == DAY
    assert shift.activities[4].category == "meeting"
    assert roster.left == {"deleted shifts": 1, "shifts that are all time off": 1}


def test_the_id_at_the_end_of_an_arn_will_do(read, ids, parts):
    short = {(IdKind.AGENT, "A001"): ARN.rpartition("/")[2]}
    assert parts(read(lake(), ids=ids("connect", short)).shifts[0]) == DAY


def test_the_map_says_what_an_activity_is(read, ids, parts):
    known = {(IdKind.AGENT, "A001"): ARN, (IdKind.ACTIVITY, "COACHING"): TALK}
    assert parts(read(lake(), ids=ids("connect", known)).shifts[0])[4][0] == "COACHING"


def test_without_the_activities_all_is_on_queue_and_that_is_said(read, known):
    roster = read(lake(staff_shift_activities=None), ids=known, layout="connect")
    assert [len(shift.activities) for shift in roster.shifts] == [1, 1]
    assert "shifts have no activities: all of them is on queue" in str(roster.notes[0])


def test_without_the_shifts_nobody_is_known(faults, known):
    (said,) = faults(lake(staff_shifts=None), ids=known)
    assert "the table staff_shifts is not there" in said


def test_activities_that_nobody_explains_are_named_at_once(faults, known):
    said = faults(lake(shift_activities=None), ids=known)
    assert len(said) == 1
    assert "3 activity codes of the file are not known" in said[0]
    assert all(arn in said[0] for arn in (BREAK, LUNCH, TALK))


def test_a_moment_that_is_none_is_told_with_line_and_column(faults, known):
    shifts = SHIFTS.copy()
    shifts.loc[1, "shift_end_timestamp"] = "19/10/2026"
    (said,) = faults(lake(staff_shifts=shifts), ids=known)
    assert said.startswith("staff_shifts.csv:3: shift_end_timestamp: ")


def test_columns_that_come_later_are_not_read(read, known, parts):
    more = SHIFTS.assign(brand_new="x", agent_mood="y")
    assert parts(read(lake(staff_shifts=more), ids=known).shifts[0]) == DAY


@pytest.mark.parametrize(
    ("kind", "sub_type", "name", "is_paid", "found"),
    [
        ("PRODUCTIVE", "", "Back office", True, "work"),
        ("LEAVE", "", "Holiday", True, "time_off"),
        ("NON_PRODUCTIVE", "BREAK_OR_MEAL", "Dinner", True, "meal"),
        ("NON_PRODUCTIVE", "BREAK_OR_MEAL", "Pause", False, "meal"),
        ("NON_PRODUCTIVE", "BREAK_OR_MEAL", "Break (unpaid)", False, "break"),
        ("NON_PRODUCTIVE", "NONE", "Coaching", True, "training"),
        ("NON_PRODUCTIVE", "NONE", "Paperwork", True, "off_queue"),
    ],
)
def test_what_an_activity_is_by_type_and_name(kind, sub_type, name, is_paid, found):
    from wfplan.domain.schedule import ActivityCategory
    from wfplan.rosters.connect import category_of

    row = {"type": kind, "sub_type": sub_type, "shift_activity_name": name}
    assert category_of(row, is_paid, ActivityCategory.MEAL) == found
