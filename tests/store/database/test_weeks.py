"""Published weeks: revisions, rollback, two planners at once, and what verifies."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from wfplan.domain.people import PastLoad
from wfplan.domain.schedule import Activity, ActivityCategory, Schedule, Shift
from wfplan.errors import InputError, UsageError
from wfplan.store.database import log
from wfplan.store.database.contents import PersonWeek
from wfplan.store.database.forgetting import forget
from wfplan.store.database.past import past_of
from wfplan.store.database.people import numbers_of
from wfplan.store.database.transactions import reading, writing
from wfplan.store.database.verifying import faults
from wfplan.store.database.weeks import (
    Publication,
    WeekToPublish,
    publications,
    publish,
    read_week,
    rollback,
)

MONDAY = date(2026, 10, 19)
NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)


def shift(agent_id: str, day: date, hour: int = 8) -> Shift:
    """A shift of eight hours with a meal."""
    start = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    cuts = [start, start + timedelta(hours=4), start + timedelta(hours=4.5)]
    ends = [*cuts[1:], start + timedelta(hours=8)]
    kinds = [ActivityCategory.WORK, ActivityCategory.MEAL, ActivityCategory.WORK]
    return Shift(
        shift_id=f"x-{agent_id}-{day:%Y%m%d}-1",
        agent_id=agent_id,
        shift_date=day,
        activities=tuple(
            Activity(
                code=str(kind).upper(), category=kind, is_paid=kind is ActivityCategory.WORK,
                start=begin, end=end, activity_id="T1" if kind is ActivityCategory.MEAL else "",
            )
            for kind, begin, end in zip(kinds, cuts, ends, strict=True)
        ),
    )  # fmt: skip


def week(
    first_day: date = MONDAY, *, hour: int = 8, people: tuple[str, ...] = ("A1", "B2")
) -> WeekToPublish:
    """A week of two people, one of whom works."""
    parts = [
        PersonWeek(
            agent_id,
            (shift(agent_id, first_day, hour),) if agent_id == people[0] else (),
            (PastLoad(agent_id=agent_id, day=first_day, acute_min=1.5, chronic_min=0.25),),
            {"wishes": 2.0},
        )
        for agent_id in people
    ]
    shifts = tuple(one for part in parts for one in part.shifts)
    schedule = Schedule(
        schedule_id="s", timezone="Europe/Dublin", first_day=first_day, days=7,
        revision=1, status="published", shifts=shifts,
    )  # fmt: skip
    return WeekToPublish("bank", schedule, parts, {"objective": 12.5})


def published(store: Engine, what: WeekToPublish, *, over: int | None = None) -> Publication:
    with writing(store) as connection:
        return publish(connection, what, actor="ana", at=NOON, over=over)


def test_a_published_week_is_read_as_it_was_published(store: Engine) -> None:
    made = published(store, week())
    assert (made.number, made.is_new, made.is_current, made.actor) == (1, True, True, "ana")
    with reading(store) as connection:
        assert read_week(connection, "bank", MONDAY) == week()
        assert faults(connection) == []


def test_publishing_twice_changes_nothing(store: Engine) -> None:
    published(store, week())
    again = published(store, week())
    assert (again.number, again.is_new) == (1, False)
    with reading(store) as connection:
        assert len(list(log.entries(connection))) == 1


def test_a_changed_week_is_a_revision_and_the_old_one_stays(store: Engine) -> None:
    published(store, week())
    assert published(store, week(hour=9), over=1).number == 2
    with reading(store) as connection:
        assert read_week(connection, "bank", MONDAY).people == week(hour=9).people
        assert read_week(connection, "bank", MONDAY, 1).people == week().people
        known = publications(connection, "bank")
        assert [(one.number, one.is_current) for one in known] == [(1, False), (2, True)]


def test_two_planners_do_not_overwrite_each_other(store: Engine) -> None:
    published(store, week(), over=0)
    with pytest.raises(UsageError, match=r"ana published revision 1 .* after this plan was made"):
        published(store, week(hour=9), over=0)
    with reading(store) as connection:
        assert [one.number for one in publications(connection, "bank")] == [1]


def test_a_revision_is_brought_back_as_a_new_one(store: Engine) -> None:
    for hour in (8, 9, 10):
        published(store, week(hour=hour))
    with writing(store) as connection:
        back = rollback(connection, "bank", MONDAY, 1, actor="bo", at=NOON, reason="wrong file")
        again = rollback(connection, "bank", MONDAY, 4, actor="bo", at=NOON)
    assert (back.number, back.of, back.reason, again.is_new) == (4, 1, "wrong file", False)
    with reading(store) as connection:
        assert read_week(connection, "bank", MONDAY).people == week().people
        assert faults(connection) == []


def test_what_is_not_there_is_said(store: Engine) -> None:
    with reading(store) as connection, pytest.raises(InputError, match="nothing of the week"):
        read_week(connection, "bank", MONDAY)
    published(store, week())
    with (
        reading(store) as connection,
        pytest.raises(InputError, match="no revision 3: it has revision 1 only"),
    ):
        read_week(connection, "bank", MONDAY, 3)


def test_the_last_revision_of_earlier_weeks_is_what_a_week_follows(store: Engine) -> None:
    published(store, week(MONDAY - timedelta(days=14), hour=6))
    published(store, week(MONDAY - timedelta(days=7), hour=7))
    published(store, week(MONDAY - timedelta(days=7), hour=8))
    published(store, week(MONDAY, hour=9))
    with reading(store) as connection:
        past = past_of(connection, "bank", MONDAY, 28)
        assert [one.start.hour for one in past.shifts] == [6, 8]
        assert [(one.paid_min, one.paid_minutes) for one in past.shifts] == [(450, 450)] * 2
        assert [one.acute_min for one in past.loads] == [1.5] * 4
        assert past.promises == {"A1": {"wishes": 4.0}, "B2": {"wishes": 4.0}}
        assert past_of(connection, "bank", MONDAY, 7).weeks == 1


def test_a_person_is_forgotten_and_the_rest_still_verifies(store: Engine) -> None:
    published(store, week())
    with writing(store) as connection:
        number = numbers_of(connection, ["A1"])["A1"]
        assert forget(connection, "A1", actor="hr", at=NOON).weeks == 1
    with reading(store) as connection:
        assert [one.agent_id for one in read_week(connection, "bank", MONDAY).people] == ["B2"]
        assert faults(connection) == []
    with writing(store) as connection:  # somebody with the same number of the works is another
        assert numbers_of(connection, ["A1"])["A1"] != number


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE log SET actor = 'eve'",
        "DELETE FROM log",
        "UPDATE revision SET head = '{}'",
        "DELETE FROM revision",
        "UPDATE published SET content = 'x'",
        "DELETE FROM published",
    ],
)
def test_the_database_itself_refuses_to_change_the_past(store: Engine, change: str) -> None:
    published(store, week())
    with pytest.raises(DatabaseError, match="only ever added"), writing(store) as connection:
        connection.execute(text(change))
    with reading(store) as connection:
        assert faults(connection) == []


def test_nothing_is_kept_of_a_publication_that_fails(store: Engine) -> None:
    broken = replace(week(), people=(*week().people, None))  # type: ignore[arg-type]
    with pytest.raises(AttributeError), writing(store) as connection:
        publish(connection, broken, actor="ana", at=NOON)
    with reading(store) as connection:
        assert publications(connection, "bank") == []
        assert list(log.entries(connection)) == []


def test_a_week_that_differs_in_its_head_alone_is_another(store: Engine) -> None:
    published(store, week())
    assert published(store, replace(week(), about={"objective": 12.0})).number == 2


def test_any_of_the_last_fifty_revisions_is_brought_back(store: Engine) -> None:
    """R22: each in turn, and each is what it was when it was published."""
    for number in range(1, 53):
        assert published(store, replace(week(), about={"number": number})).number == number
    for number in range(3, 53):
        with writing(store) as connection:
            rollback(connection, "bank", MONDAY, number, actor="bo", at=NOON)
        with reading(store) as connection:
            found = read_week(connection, "bank", MONDAY)
            assert (found.people, found.about) == (week().people, {"number": number})
    with reading(store) as connection:
        assert len(publications(connection, "bank")) == 52 + 50
        assert faults(connection) == []
