"""
Published weeks and HR's rows that are over their time: what is in them about people goes.

Revisions stay with their hashes, so that the chain still verifies; the log says up to which date
a plan's weeks were emptied. Somebody of whom nothing is left is forgotten altogether.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, select, update

from wfplan.store.database import log
from wfplan.store.database.people import without_numbers
from wfplan.store.database.tables import LIMIT, LOG, PERSON, PUBLISHED, REVISION, WEEK

EXPIRE = "expire"
_ENDS = ("valid_to", "end", "date")  # the cells that say until when a row speaks
_DAY = len("2026-10-19")
_AT_ONCE = 500


@dataclass(frozen=True)
class Expiry:
    """An entry of the log that tells of weeks emptied: those of a plan that ended by a date."""

    seq: int
    plan: str
    before: date
    people: Sequence[int] = ()
    at: str = ""

    def covers(self, plan: str, head: str, seq: int) -> bool:
        """Whether a revision that was made by an entry of the log was emptied."""
        return self.seq > seq and self.plan == plan and _end(head) <= self.before


@dataclass(frozen=True)
class Expired:
    """What is over its time: weeks, their revisions, HR's rows, people of whom nothing is left."""

    weeks: tuple[date, ...] = ()
    revisions: int = 0
    rows: int = 0
    people: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing is."""
        return not (self.revisions or self.rows or self.people)


@dataclass(frozen=True)
class _Due:
    """What is to go, by number."""

    weeks: tuple[date, ...]
    revisions: tuple[int, ...]
    rows: tuple[int, ...]
    people: tuple[int, ...]

    def told(self) -> Expired:
        return Expired(self.weeks, len(self.revisions), len(self.rows), len(self.people))


def due(connection: Connection, plan: str, before: date) -> Expired:
    """What :func:`expire` would take away."""
    return _due(connection, plan, before).told()


def expire(connection: Connection, plan: str, before: date, *, actor: str, at: datetime) -> Expired:
    """
    Empty a plan's weeks that ended by a date, and take away HR's rows about people that did.

    Rows that hold stay, but those that say themselves that they are over (shifts of the history,
    days off, limits and wishes with an end).
    """
    found = _due(connection, plan, before)
    if found.told().is_empty:
        return found.told()
    for some in _in_parts(found.revisions):
        connection.execute(
            update(PUBLISHED).where(PUBLISHED.c.revision.in_(some)).values(content=None)
        )
    for some in _in_parts(found.rows):
        connection.execute(delete(LIMIT).where(LIMIT.c.hr_row.in_(some)))
    for some in _in_parts(found.people):
        without_numbers(connection, some, at)
    about = {"plan": plan, "before": before.isoformat(), "weeks": len(found.weeks),
             "revisions": len(found.revisions), "rows": len(found.rows),
             "people": list(found.people)}  # fmt: skip
    log.note(connection, EXPIRE, about, actor=actor, at=at)
    return found.told()


def expiries(connection: Connection) -> list[Expiry]:
    """Every time that weeks were emptied, oldest first."""
    found = []
    wanted = select(LOG.c.seq, LOG.c.at, LOG.c.about).where(LOG.c.action == EXPIRE)
    for seq, at, text in connection.execute(wanted.order_by(LOG.c.seq)):
        about = json.loads(text)
        before = date.fromisoformat(about["before"])
        found.append(Expiry(seq, about["plan"], before, tuple(about["people"]), at))
    return found


def weeks_over(connection: Connection, plan: str, before: date) -> tuple[date, ...]:
    """The weeks that ended by a date and are not empty."""
    days = {row.first_day for row in _revisions_over(connection, plan, before)}
    return tuple(sorted(map(date.fromisoformat, days)))


def _due(connection: Connection, plan: str, before: date) -> _Due:
    """What is over its time."""
    revisions = tuple(row.revision for row in _revisions_over(connection, plan, before))
    rows = tuple(_rows_over(connection, before))
    people = _left_empty(connection, revisions, set(rows))
    return _Due(weeks_over(connection, plan, before), revisions, rows, people)


def _revisions_over(connection: Connection, plan: str, before: date) -> list[Row[Any]]:
    """Revisions that are over their time and not empty."""
    full = exists().where(
        PUBLISHED.c.revision == REVISION.c.revision, PUBLISHED.c.content.is_not(None)
    )
    wanted = (
        select(REVISION.c.revision, REVISION.c.head, WEEK.c.first_day)
        .join(WEEK, WEEK.c.week == REVISION.c.week)
        .where(WEEK.c.plan == plan, WEEK.c.first_day < before.isoformat(), full)
    )
    rows: list[Row[Any]] = list(connection.execute(wanted))
    return [row for row in rows if _end(row.head) <= before]


def _rows_over(connection: Connection, before: date) -> Iterator[int]:
    """Rows about people that were ended, or ended by themselves, by a date."""
    ended = LOG.alias()
    wanted = select(
        LIMIT.c.hr_row, LIMIT.c.person, LIMIT.c.content, ended.c.at.label("ended_at")
    ).join(ended, ended.c.seq == LIMIT.c.replaced, isouter=True)
    day = before.isoformat()
    for row in connection.execute(wanted):
        cells = json.loads(row.content)
        if row.person is None and cells.get("scope") != "agent":
            continue
        said = next((cells[name] for name in _ENDS if cells.get(name)), "")
        until = row.ended_at or said
        if until and until[:_DAY] < day and _is_day(until):
            yield row.hr_row


def _is_day(text: str) -> bool:
    """Whether a text begins with a date."""
    try:
        date.fromisoformat(text[:_DAY])
    except ValueError:
        return False
    return True


def _left_empty(
    connection: Connection, revisions: Sequence[int], rows: set[int]
) -> tuple[int, ...]:
    """People of whom nothing is left without some revisions and rows."""
    still = exists().where(
        PUBLISHED.c.person == PERSON.c.person,
        PUBLISHED.c.content.is_not(None),
        PUBLISHED.c.revision.not_in(revisions),
    )
    wanted = select(PERSON.c.person).where(PERSON.c.agent_id.is_not(None), ~still)
    left = set(connection.execute(wanted).scalars())
    for person, row in connection.execute(select(LIMIT.c.person, LIMIT.c.hr_row)):
        if row not in rows:
            left.discard(person)
    return tuple(sorted(left))


def emptied(connection: Connection, plan: str, row: Row[Any]) -> Expiry | None:
    """What emptied a revision; None of one that nothing did."""
    for one in expiries(connection):
        if one.covers(plan, row.head, row.log_seq):
            return one
    return None


def _end(head: str) -> date:
    """The day after the last one that a revision speaks of."""
    about = json.loads(head)
    return date.fromisoformat(about["first_day"]) + timedelta(days=about["days"])


def _in_parts(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    """Numbers, so many at once as a statement takes."""
    for at in range(0, len(numbers), _AT_ONCE):
        yield numbers[at : at + _AT_ONCE]
