"""Tests for wfplan.domain.schedule_rows."""

from __future__ import annotations

from datetime import date

from wfplan.domain.run_tables import SCHEDULE
from wfplan.domain.schedule_rows import (
    ShiftState,
    dated_shifts,
    schedule_csv,
    schedule_rows,
    told_shifts,
)


def rows_of(synthetic, schedule, **more):
    rows = schedule_rows(schedule, synthetic.problem().agents, **more)
    return [dict(zip(SCHEDULE.names, row, strict=True)) for row in rows]


def test_every_activity_is_a_row_in_the_order_of_agent_and_start(synthetic):
    schedule = synthetic.schedule()
    rows = rows_of(synthetic, schedule)
    assert [(row["agent_id"], row["start_utc"]) for row in rows] == sorted(
        (shift.agent_id, activity.start)
        for shift in schedule.shifts
        for activity in shift.activities
    )


def test_minutes_are_elapsed_and_not_wall_clock_through_the_repeated_hour(synthetic):
    night = [row for row in rows_of(synthetic, synthetic.schedule()) if row["agent_id"] == "A002"]
    assert sum(row["minutes"] for row in night) == 540
    assert night[0]["start_local"] == "2026-10-24T22:00:00+01:00"
    assert night[-1]["end_local"] == "2026-10-25T06:00:00+00:00"


def test_wall_times_are_those_of_the_person(synthetic):
    shift = synthetic.shift("A003", date(2026, 10, 19), 780, (60, "ON_QUEUE"))
    (row,) = rows_of(synthetic, synthetic.schedule(shifts=(shift,)))
    assert row["start_local"] == "2026-10-19T08:00:00-04:00"
    assert row["timezone"] == "America/Port_of_Spain"


def test_a_person_who_left_keeps_her_rows_without_a_name(synthetic):
    shift = synthetic.shift("A999", date(2026, 10, 19), 480, (60, "ON_QUEUE"))
    (row,) = rows_of(synthetic, synthetic.schedule(shifts=(shift,)), site="Dublin")
    assert (row["agent_name"], row["site"], row["timezone"]) == ("", "Dublin", "Europe/Dublin")


def test_a_published_schedule_is_confirmed_and_a_draft_is_not(synthetic):
    for status, state in (("published", "confirmed"), ("draft", "draft")):
        rows = rows_of(synthetic, synthetic.schedule(status=status))
        assert {row["state"] for row in rows} == {state}


def test_only_what_changed_gets_a_higher_revision(synthetic):
    before = synthetic.schedule(revision=3)
    day, night = before.shifts
    later = synthetic.shift("A002", synthetic.CLOCKS_BACK, 1350, (540, "ON_QUEUE"))
    after = synthetic.schedule(shifts=(day, later))
    dated = dated_shifts(after, told_shifts([before]))
    assert [(d.shift.shift_id, d.revision) for d in dated] == [
        (day.shift_id, 3),
        (night.shift_id, 4),
    ]


def test_publishing_an_unchanged_draft_raises_the_revision(synthetic):
    before = synthetic.schedule(revision=3)
    dated = dated_shifts(synthetic.schedule(status="published"), told_shifts([before]))
    assert {(d.revision, d.state) for d in dated} == {(4, ShiftState.CONFIRMED)}


def test_a_revision_rises_only_when_the_shift_itself_changes(synthetic):
    first = synthetic.schedule(revision=1, status="published")
    day, night = first.shifts
    later = synthetic.shift("A002", synthetic.CLOCKS_BACK, 1350, (540, "ON_QUEUE"))
    second = synthetic.schedule(revision=2, status="published", shifts=(day, later))
    third = synthetic.schedule(revision=3, status="published", shifts=(day, later))
    told = told_shifts([first, second, third])
    assert [(d.shift.shift_id, d.revision) for d in told] == [
        (day.shift_id, 1),
        (night.shift_id, 2),
    ]


def test_a_cancellation_is_never_lost(synthetic):
    first = synthetic.schedule(revision=1, status="published")
    less = first.shifts[:1]
    later = [synthetic.schedule(revision=n, status="published", shifts=less) for n in (2, 3)]
    told = told_shifts([first, *later])
    assert [(d.revision, d.state) for d in told] == [
        (1, ShiftState.CONFIRMED),
        (2, ShiftState.CANCELLED),
    ]
    again = dated_shifts(synthetic.schedule(revision=4, status="published"), told)
    assert [(d.revision, d.state) for d in again] == [
        (1, ShiftState.CONFIRMED),
        (4, ShiftState.CONFIRMED),
    ]


def test_what_was_promised_stays_promised_in_a_draft_that_keeps_it(synthetic):
    told = told_shifts([synthetic.schedule(revision=1, status="published")])
    draft = synthetic.schedule(revision=2, shifts=synthetic.schedule().shifts[:1])
    assert [(d.revision, d.state) for d in dated_shifts(draft, told)] == [
        (1, ShiftState.CONFIRMED),
        (2, ShiftState.CANCELLED),
    ]


def test_a_lock_is_no_change_to_the_person(synthetic):
    told = told_shifts([synthetic.schedule(revision=1)])
    shifts = [one.model_copy(update={"is_locked": True}) for one in synthetic.schedule().shifts]
    dated = dated_shifts(synthetic.schedule(revision=2, shifts=tuple(shifts)), told)
    assert {d.revision for d in dated} == {1}


def test_a_shift_that_is_gone_stays_as_one_cancelled_row(synthetic):
    before = synthetic.schedule()
    after = synthetic.schedule(shifts=before.shifts[:1])
    (gone,) = [
        row
        for row in rows_of(synthetic, after, told=told_shifts([before]))
        if row["state"] == ShiftState.CANCELLED
    ]
    assert (gone["shift_id"], gone["revision"]) == (before.shifts[1].shift_id, 2)
    assert (gone["activity_code"], gone["paid"], gone["minutes"]) == ("", None, 540)


def test_an_empty_schedule_is_a_header(synthetic):
    text = schedule_csv(synthetic.schedule(shifts=()), ())
    assert text == "\ufeff" + ",".join(SCHEDULE.names) + "\r\n"
