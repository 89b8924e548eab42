"""Weeks and rows that are over their time lose what is about people, and all else verifies."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from wfplan.domain.people import PastLoad
from wfplan.domain.schedule import Schedule
from wfplan.errors import InputError
from wfplan.store.database.contents import PersonWeek
from wfplan.store.database.expiring import Expired, due, expire
from wfplan.store.database.forgetting import forget
from wfplan.store.database.limits import HrRow, import_rows, rows_of
from wfplan.store.database.log import entries
from wfplan.store.database.past import past_of
from wfplan.store.database.people import agents_of
from wfplan.store.database.transactions import reading, writing
from wfplan.store.database.verifying import faults
from wfplan.store.database.weeks import WeekToPublish, publications, publish, read_week, rollback

FIRST, LAST = date(2024, 1, 1), date(2026, 10, 19)
BEFORE = date(2024, 1, 8)
NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)
SIGNED = {"actor": "hr", "at": NOON}


def week(first: date, people: str, *, plan: str = "bank", about: str = "") -> WeekToPublish:
    """A week of some people."""
    told = [
        PersonWeek(
            one,
            (),
            (PastLoad(agent_id=one, day=first, acute_min=1.0, chronic_min=0.0),),
            {"asked": 1.0},
        )
        for one in people.split()
    ]
    schedule = Schedule(schedule_id="s", timezone="UTC", first_day=first, days=7, revision=1,
                        status="published", shifts=())  # fmt: skip
    return WeekToPublish(plan, schedule, told, {"asked": about})


def row(kind: str, who: str, **cells: str) -> HrRow:
    """A row of HR's."""
    more = {"agent_id": who} if kind != "constraints" else {"scope": "agent", "scope_value": who}
    agent = who if kind != "constraints" else ""
    return HrRow(f"{kind}{who}{cells}", {**more, **cells}, f"{kind}.csv", 2, agent)


ROWS = {
    "agents": [row("agents", "A1"), row("agents", "B2")],
    "history": [
        row("history", "A1", start="2023-12-30T08:00", end="2023-12-30T16:00"),
        row("history", "A1", start="2026-10-01T08:00", end="2026-10-01T16:00"),
        row("history", "D4", start="2023-12-30T08:00", end="2023-12-30T16:00"),
    ],
    "time_off": [row("time_off", "B2", start="2023-12-01", end="2024-01-07")],
    "constraints": [
        row("constraints", "A1", valid_to="2023-12-31"),
        row("constraints", "A1", valid_from="2023-12-31"),
        HrRow("all", {"scope": "all", "valid_to": "2023-12-31"}, "c.csv", 9),
    ],
}


@pytest.fixture
def filled(store: Engine) -> Engine:
    """An old week with two revisions, a new one, another plan's, rows with and without an end."""
    with writing(store) as connection:
        for one in (
            week(FIRST, "A1 B2 C3"),
            week(FIRST, "A1 C3", about="again"),
            week(LAST, "A1 B2"),
            week(FIRST, "X9", plan="other"),
        ):
            publish(connection, one, **SIGNED)
        import_rows(connection, ROWS, [], is_whole=True, **SIGNED)
    return store


def test_what_is_over_its_time_goes_and_everything_verifies(filled: Engine) -> None:
    with writing(filled) as connection:
        told = due(connection, "bank", BEFORE)
        assert expire(connection, "bank", BEFORE, **SIGNED) == told
        assert told == Expired((FIRST,), revisions=2, rows=4, people=2)
    with reading(filled) as connection:
        assert faults(connection) == []
        assert set(agents_of(connection).values()) == {"A1", "B2", "X9"}  # C3 and D4 are gone
        assert [one.cells["start"][:4] for one in rows_of(connection, "history")] == ["2026"]
        assert rows_of(connection, "time_off") == []
        assert {one.key for one in rows_of(connection, "constraints")} == {
            "all", ROWS["constraints"][1].key,
        }  # fmt: skip
        assert past_of(connection, "bank", LAST, 10_000).loads == ()
        assert [load.agent_id for load in past_of(connection, "other", LAST, 10_000).loads] == [
            "X9"
        ]
        assert read_week(connection, "bank", LAST).people[0].agent_id == "A1"
        last = list(entries(connection))[-1]
    assert last.action == "expire"
    assert json.loads(last.about)["before"] == "2024-01-08"
    assert all(name not in last.about for name in ("C3", "D4"))


def test_a_second_time_nothing_is_left_to_do(filled: Engine) -> None:
    for count in (6, 6):
        with writing(filled) as connection:
            expire(connection, "bank", BEFORE, **SIGNED)
            assert len(list(entries(connection))) == count


@pytest.mark.parametrize("days", [1, 7])
def test_a_week_that_had_not_ended_by_then_is_kept(filled: Engine, days: int) -> None:
    with reading(filled) as connection:
        assert due(connection, "bank", BEFORE - timedelta(days=days)).revisions == 0


def test_an_emptied_revision_is_listed_and_neither_read_nor_brought_back(filled: Engine) -> None:
    with writing(filled) as connection:
        expire(connection, "bank", BEFORE, **SIGNED)
        assert [one.number for one in publications(connection, "bank", FIRST)] == [1, 2]
        with pytest.raises(InputError, match=r"revision 1 .* was emptied on 2026-10-01: weeks"):
            rollback(connection, "bank", FIRST, 1, **SIGNED)
        with pytest.raises(InputError, match=r"revision 2 .* was emptied"):
            read_week(connection, "bank", FIRST)
        made = publish(connection, week(FIRST, "A1"), **SIGNED)  # an old week published anew
        assert made.number == 3
        assert read_week(connection, "bank", FIRST).people[0].agent_id == "A1"
    with reading(filled) as connection:
        assert faults(connection) == []
        assert due(connection, "bank", BEFORE).revisions == 1


def test_a_row_that_was_ended_long_ago_goes_when_that_was_long_ago(store: Engine) -> None:
    with writing(store) as connection:
        for day, team in ((date(2023, 5, 1), "x"), (date(2023, 6, 1), "y")):
            cells = {"agent_id": "A1", "team": team}
            rows = {"agents": [HrRow("A1", cells, "agents.csv", 2, "A1")]}
            at = datetime(day.year, day.month, day.day, tzinfo=UTC)
            import_rows(connection, rows, [], is_whole=True, actor="hr", at=at)
        assert due(connection, "bank", date(2023, 6, 1)).rows == 0
        assert expire(connection, "bank", date(2023, 6, 2), **SIGNED).rows == 1
    with reading(store) as connection:
        assert faults(connection) == []
        assert [one.cells["team"] for one in rows_of(connection, "agents")] == ["y"]


def test_somebody_can_be_forgotten_afterwards(filled: Engine) -> None:
    with writing(filled) as connection:
        expire(connection, "bank", BEFORE, **SIGNED)
        assert forget(connection, "A1", **SIGNED).weeks == 1
        assert not forget(connection, "C3", **SIGNED).was_known
    with reading(filled) as connection:
        assert faults(connection) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("UPDATE published SET content = NULL", "is gone, who is not forgotten"),
        ("UPDATE person SET agent_id = NULL", "neither known nor forgotten"),
    ],
)
def test_what_somebody_else_empties_is_found(filled: Engine, change: str, fault: str) -> None:
    with writing(filled) as connection:
        expire(connection, "bank", BEFORE, **SIGNED)
        connection.execute(text(change))
    with reading(filled) as connection:
        assert any(fault in one for one in faults(connection))
