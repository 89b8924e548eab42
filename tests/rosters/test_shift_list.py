"""Tests for wfplan.rosters.shift_list, period and what is known of a long table."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from wfplan.domain.channels import Channel
from wfplan.domain.contracts import Break, BreakTier, Contract
from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.errors import InputFaultsError
from wfplan.intake.long_table import is_long_table
from wfplan.rosters import in_its_period, read_roster

MEAL = Break(kind="meal", length_min=45, is_paid=True, earliest_min=120, latest_min=240)
REST = Break(kind="rest", length_min=15, is_paid=False, earliest_min=60, latest_min=100)


def problem(zone="Europe/Dublin", of_people="Europe/Dublin"):
    contract = Contract(
        name="full", shortest_min=240, longest_min=600, start_window=(0, 1439),
        break_tiers=(BreakTier(over_h=4, breaks=(REST, MEAL)),),
    )  # fmt: skip
    people = [
        Agent(agent_id=f"A{n:03}", timezone=of_people, contract_type="full",
              contract_hours_week=40, min_hours_week=0, max_hours_week=48)
        for n in range(1, 5)
    ]  # fmt: skip
    return PlanningProblem(
        name="Harbour Bank", timezone=zone, site="Dublin", agents=tuple(people),
        channels=(Channel(name="voice", open=["daily 00:00-24:00"]),), contracts={"full": contract},
    )  # fmt: skip


@pytest.fixture
def read(tmp_path):
    """A function: the shifts of some rows under a header."""

    def reading(rows, header="agent_id,start,end", **plan):
        path = tmp_path / "roster.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return read_roster([path], problem(**plan)).shifts

    return reading


def parts(shift):
    """Code, local start and end, and pay of the activities of a shift."""
    return [(a.code, f"{a.start:%H:%M}", f"{a.end:%H:%M}", a.is_paid) for a in shift.activities]


def faults(read, rows, **more):
    with pytest.raises(InputFaultsError) as caught:
        read(rows, **more)
    return [str(fault).partition("roster.csv:")[2] for fault in caught.value.faults]


def test_a_row_is_a_shift_on_the_clock_of_the_site(read):
    (shift,) = read(["A001,2026-10-19T08:00,2026-10-19T16:30"])
    assert shift.start == datetime(2026, 10, 19, 7, 0, tzinfo=UTC)  # Irish summer time
    assert shift.shift_id == "dublin-A001-20261019-1"
    assert parts(shift) == [("ON_QUEUE", "07:00", "15:30", True)]


def test_a_time_with_an_offset_is_an_instant(read):
    (shift,) = read(["A001,2026-10-19T08:00+02:00,2026-10-19T14:30Z"])
    assert (shift.start.hour, shift.end.hour) == (6, 14)


def test_times_of_day_need_a_date_and_may_pass_midnight(read):
    (shift,) = read(["A001,2026-11-02,22:00,06:00"], "agent_id,date,start,end")
    assert shift.shift_date == date(2026, 11, 2)
    assert shift.end == datetime(2026, 11, 3, 6, 0, tzinfo=UTC)


def test_a_night_over_the_clock_change_lasts_nine_hours(read):
    (shift,) = read(["A001,2026-10-24,22:00,06:00"], "agent_id,date,start,end")
    assert (shift.end - shift.start).total_seconds() == 9 * 3600


def test_a_shift_inside_the_repeated_hour_ends_in_its_second(read):
    (shift,) = read(["A001,2026-10-25T01:30,2026-10-25T01:15"])
    assert (shift.end - shift.start).total_seconds() == 45 * 60


def test_the_date_of_a_shift_is_the_person_s(read):
    (shift,) = read(["A001,2026-11-02T02:00,2026-11-02T10:00"], of_people="America/New_York")
    assert shift.shift_date == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("start", "end", "code", "is_paid"),
    [
        ("12:00", "12:45", "MEAL", True),  # as the contract has it
        ("12:00", "12:15", "REST", False),
        ("12:00", "12:20", "REST", True),  # by what is usual
        ("12:00", "12:30", "MEAL", False),
    ],
)
def test_a_break_is_known_by_its_length(read, start, end, code, is_paid):
    header = "agent_id,start,end,break_start,break_end"
    (shift,) = read([f"A001,2026-11-02T08:00,2026-11-02T16:00,{start},{end}"], header)
    assert parts(shift) == [
        ("ON_QUEUE", "08:00", start, True),
        (code, start, end, is_paid),
        ("ON_QUEUE", end, "16:00", True),
    ]


def test_a_break_of_a_night_lies_after_midnight(read):
    header = "agent_id,date,start,end,break_start,break_end"
    (shift,) = read(["A001,2026-11-02,22:00,06:00,02:00,02:30"], header)
    assert shift.activities[1].start == datetime(2026, 11, 3, 2, 0, tzinfo=UTC)


def test_rows_of_activities_make_one_shift(read):
    rows = [
        "A001,2026-11-02T08:00,2026-11-02T12:00,work,",
        "A001,2026-11-02T12:00,2026-11-02T12:30,meal,",
        "A001,2026-11-02T12:30,2026-11-02T16:00,,",
        "A001,2026-11-02T14:00,2026-11-02T15:00,Training,no",
    ]
    (shift,) = read(rows, "agent_id,start,end,activity,paid")
    assert parts(shift) == [
        ("ON_QUEUE", "08:00", "12:00", True),
        ("MEAL", "12:00", "12:30", False),
        ("ON_QUEUE", "12:30", "14:00", True),
        ("TRAINING", "14:00", "15:00", False),
        ("ON_QUEUE", "15:00", "16:00", True),
    ]


def test_two_shifts_of_a_day_are_two(read):
    rows = ["A001,2026-11-02T08:00,2026-11-02T12:00", "A001,2026-11-02T14:00,2026-11-02T18:00"]
    assert [s.shift_id[-1] for s in read(rows)] == ["1", "2"]


def test_time_off_alone_is_no_shift(read):
    rows = ["A001,2026-11-02T08:00,2026-11-02T16:00,time off"]
    assert read(rows, "agent_id,start,end,activity") == ()


def test_every_fault_is_told_at_once_with_its_line(read):
    rows = [
        "A01,2026-11-02T08:00,2026-11-02T16:00,,",
        "A002,2026-11-02T08:00,2026-11-02T07:00,,",
        "A002,08:00,2026-11-03T07:00,,",
        "A003,2026-11-02T08:00,2026-11-02T16:00,12:00,",
        "A003,2026-11-03T08:00,2026-11-03T16:00,17:00,17:30",
        "A004,2026-11-02T08:00,2026-11-02T16:00,,",
        "A004,2026-11-02T15:00,2026-11-02T18:00,,",
        "A004,2026-11-03T08:00,2026-11-05T16:00,,",
        "A004,2026-11-32T08:00,2026-11-05T16:00,,",
        "A004,2026-11-06T08:00:30,2026-11-06T16:00,,",
        "A001,2026-03-29T01:30,2026-03-29T08:00,,",
        "A001,02/11/2026 08:00,2026-11-02T16:00,,",
    ]
    found = faults(read, rows, header="agent_id,start,end,break_start,break_end")
    for at, text in {
        2: "agent_id: 'A01' is not in the agents table; did you mean 'A001'?",
        3: "end: end is not after start",
        4: "date: start is a time of day, and the row has no date",
        5: "break_start: break_start is given alone",
        6: "break_start: the break lies outside of its shift",
        8: "start: A004 does two things at once (see line 7)",
        9: "end: the row lasts 56.0 hours",
        10: "start: '2026-11-32' is not a date",
        11: "end: times are whole minutes",
        12: "start: 2026-03-29 01:30 does not exist in Europe/Dublin",
        13: "start: '02/11/2026 08:00' is not a time like 2026-10-19T07:15",
    }.items():
        assert any(fault.startswith(f"{at}: {text}") for fault in found), (at, found)
    assert len(found) == 11


def test_a_break_without_a_shift_is_a_fault(read):
    rows = ["A001,2026-11-02T12:00,2026-11-02T12:30,meal"]
    (found,) = faults(read, rows, header="agent_id,start,end,activity")
    assert "no shift of A001 lies around this meal" in found


def test_breaks_that_overlap_are_a_fault(read):
    rows = [
        "A001,2026-11-02T08:00,2026-11-02T16:00,",
        "A001,2026-11-02T12:00,2026-11-02T12:30,meal",
        "A001,2026-11-02T12:15,2026-11-02T12:45,break",
    ]
    (found,) = faults(read, rows, header="agent_id,start,end,activity")
    assert found.startswith("4: start: A001 does two things at once (see line 3)")


def test_an_empty_list_and_an_unknown_column_are_faults(read):
    assert "has no rows: nobody works" in faults(read, [])[0]
    found = faults(read, ["A001,x,y,z"], header="agent_id,start,end,finish")
    assert any("'finish' is not known" in fault for fault in found)


def test_a_file_that_is_not_there_is_a_fault(tmp_path):
    with pytest.raises(InputFaultsError, match="does not exist"):
        read_roster([tmp_path / "none.csv"], problem())


def test_the_week_is_that_of_the_roster(read):
    shifts = read(["A001,2026-11-04T08:00,2026-11-04T16:00"])
    first_day, kept, left = in_its_period(shifts, problem(), None, "r.csv")
    assert (first_day, kept, left) == (date(2026, 11, 2), shifts, ())


def test_of_several_weeks_one_has_to_be_named(read):
    rows = ["A001,2026-11-04T08:00,2026-11-04T16:00", "A001,2026-11-09T08:00,2026-11-09T16:00"]
    shifts = read(rows)
    text = r"2 weeks: 2026-11-02 \(1\), 2026-11-09 \(1\); say which with --week"
    with pytest.raises(InputFaultsError, match=text):
        in_its_period(shifts, problem(), None, "r.csv")
    first_day, kept, (left,) = in_its_period(shifts, problem(), date(2026, 11, 10), "r.csv")
    assert (first_day, len(kept)) == (date(2026, 11, 9), 1)
    assert "other weeks than that of 2026-11-09 were left out: 1" in str(left)
    with pytest.raises(InputFaultsError, match="no shift in the week of 2026-11-16"):
        in_its_period(shifts, problem(), date(2026, 11, 16), "r.csv")
    with pytest.raises(InputFaultsError, match="has no shift"):
        in_its_period((), problem(), None, "r.csv")


def test_a_plan_of_two_weeks_takes_a_roster_of_two_weeks(read):
    rows = ["A001,2026-11-04T08:00,2026-11-04T16:00", "A001,2026-11-09T08:00,2026-11-09T16:00"]
    more = [*rows, "A001,2026-11-17T08:00,2026-11-17T16:00"]
    two_weeks = problem().model_copy(update={"days": 14})
    first_day, kept, left = in_its_period(read(rows), two_weeks, None, "r.csv")
    assert (first_day, len(kept), left) == (date(2026, 11, 2), 2, ())
    with pytest.raises(InputFaultsError, match="3 weeks"):
        in_its_period(read(more), two_weeks, None, "r.csv")
    first_day, kept, (left,) = in_its_period(read(more), two_weeks, date(2026, 11, 9), "r.csv")
    assert (first_day, len(kept)) == (date(2026, 11, 9), 2)
    assert "left out: 1" in str(left)


def test_a_schedule_of_wfplan_is_known_by_its_columns(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("\ufeffshift_id;Activity Category;start_utc;agent_id\r\n", encoding="utf-8")
    assert is_long_table(path)
    path.write_text("agent_id,start,end\n")
    assert not is_long_table(path)
    assert not is_long_table(tmp_path / "none.csv")
