"""What people were told of a week by the time it began."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine

from wfplan.domain.people import PastLoad
from wfplan.domain.schedule import Activity, ActivityCategory, Schedule, Shift
from wfplan.store.database import PersonWeek, WeekToPublish, publish, reading, told_weeks, writing

MONDAY = date(2026, 10, 26)  # the week after the clocks went back in Dublin
BEGINS = datetime(2026, 10, 26, tzinfo=UTC)  # midnight in Dublin, UTC+0 from the day before


def week(first_day: date, hour: int, days: int = 7) -> WeekToPublish:
    """A week of one person with a shift on its first day, and on its last."""
    shifts = tuple(shift_on(first_day + timedelta(days=offset), hour) for offset in (0, days - 1))
    loads = tuple(
        PastLoad(agent_id="A1", day=first_day + timedelta(days=d), acute_min=d, chronic_min=1)
        for d in range(days)
    )
    schedule = Schedule(
        schedule_id="s", timezone="Europe/Dublin", first_day=first_day, days=days,
        revision=1, status="published", shifts=shifts,
    )  # fmt: skip
    return WeekToPublish("bank", schedule, [PersonWeek("A1", shifts, loads)])


def shift_on(day: date, hour: int) -> Shift:
    start = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    work = Activity(
        code="WORK",
        category=ActivityCategory.WORK,
        is_paid=True,
        start=start,
        end=start + timedelta(hours=8),
    )
    return Shift(shift_id=f"x-{day}-{hour}", agent_id="A1", shift_date=day, activities=(work,))


def tell(store: Engine, what: WeekToPublish, at: datetime) -> None:
    with writing(store) as connection:
        publish(connection, what, actor="ana", at=at)


def hours_of(store: Engine) -> list[list[int]]:
    """Start hours of the shifts of every told week."""
    with reading(store) as connection:
        return [[row[2].hour for row in one.shifts] for one in told_weeks(connection, "bank")]


def test_what_was_published_when_the_week_had_begun_does_not_count(store):
    tell(store, week(MONDAY, 8), BEGINS - timedelta(days=14))
    tell(store, week(MONDAY, 9), BEGINS - timedelta(seconds=1))
    tell(store, week(MONDAY, 10), BEGINS + timedelta(hours=1))
    assert hours_of(store) == [[9, 9]]


def test_a_week_that_was_published_late_counts_as_first_published(store):
    tell(store, week(MONDAY, 8), BEGINS + timedelta(days=1))
    tell(store, week(MONDAY, 9), BEGINS + timedelta(days=2))
    assert hours_of(store) == [[8, 8]]


def test_where_weeks_overlap_the_one_that_begins_later_speaks(store):
    tell(store, week(MONDAY, 8, days=14), BEGINS - timedelta(days=9))
    tell(store, week(MONDAY + timedelta(days=7), 9), BEGINS - timedelta(days=2))
    with reading(store) as connection:
        first, second = told_weeks(connection, "bank")
    assert [load.day for load in first.loads] == [MONDAY + timedelta(days=d) for d in range(7)]
    assert (len(first.shifts), len(second.shifts)) == (1, 2)


def test_the_last_week_of_a_long_year_and_the_first_of_the_next_follow_each_other(store):
    """2026 has a week 53; its ledger goes on with the first week of 2027, day by day."""
    for first in (date(2026, 12, 28), date(2027, 1, 4)):
        tell(store, week(first, 8), BEGINS)
    with reading(store) as connection:
        days = [load.day for one in told_weeks(connection, "bank") for load in one.loads]
    assert days == [date(2026, 12, 28) + timedelta(days=d) for d in range(14)]
