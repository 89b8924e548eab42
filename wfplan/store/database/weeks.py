"""
Published weeks and their revisions: published, listed, read, rolled back, verified.

Nothing published is ever changed: whatever replaces it is a revision of its own, and so is a
week that is brought back. A revision's hash is taken of its head and of the hash of every
person's part, so that one person can be forgotten and the rest still verified.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from wfplan.domain.schedule import Schedule
from wfplan.errors import InputError, UsageError
from wfplan.store.database import expiring, log
from wfplan.store.database.canonical import canonical, digest
from wfplan.store.database.contents import PersonWeek, packed, salted, unpacked, unsalted
from wfplan.store.database.people import numbers_of
from wfplan.store.database.tables import LOG, PUBLISHED, REVISION, WEEK

PUBLISH, ROLLBACK = "publish", "rollback"


@dataclass(frozen=True)
class WeekToPublish:
    """
    A week for everybody who is told of it, those without a shift included.

    ``about`` is what else is kept of it: what it was an answer to, the sides out of limits.
    ``trace`` is where its numbers come from: hashes of the run, of its inputs and tables,
    and versions; the same week from another run is still the same week.
    """

    plan: str
    schedule: Schedule
    people: Sequence[PersonWeek]
    about: Mapping[str, Any] = field(default_factory=dict)
    trace: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Publication:
    """A revision of a published week; ``is_new`` is false where it was published before."""

    plan: str
    first_day: date
    days: int
    number: int
    at: str
    actor: str
    reason: str
    override: str
    of: int | None  # the revision that was brought back
    is_current: bool
    is_new: bool = True


def publish(
    connection: Connection,
    week: WeekToPublish,
    *,
    actor: str,
    at: datetime,
    over: int | None = None,
    reason: str = "",
    override: str = "",
) -> Publication:
    """
    Publish a week; nothing where it is what is published already.

    Parameters
    ----------
    over
        The revision that the planner has seen, 0 for none; None: whatever there is.
    override
        Why the week is published although a side is out of its limits.

    Raises
    ------
    UsageError
        When another revision was published meanwhile.
    """
    first_day = week.schedule.first_day
    current = _current(connection, week.plan, first_day)
    texts = {one.agent_id: packed(one) for one in week.people}
    head = {
        "schedule_id": week.schedule.schedule_id,
        "timezone": week.schedule.timezone,
        "first_day": first_day.isoformat(),
        "days": week.schedule.days,
        "about": dict(week.about),
        "trace": dict(week.trace),
    }
    if current is not None and _is_same(connection, current, head, texts):
        return _publication(connection, week.plan, current, is_new=False)
    require_seen(connection, week.plan, first_day, over)
    story = {"reason": reason, "override": override, "run": week.trace.get("manifest", "")}
    return _add(connection, week.plan, head, texts, PUBLISH, story, actor=actor, at=at)


def require_seen(connection: Connection, plan: str, first_day: date, over: int | None) -> None:
    """Raise a UsageError when the revision that counts is not the one that a planner has seen."""
    current = _current(connection, plan, first_day)
    if over is not None and over != (current.number if current is not None else 0):
        raise UsageError(_published_meanwhile(connection, plan, first_day, current, over))


def rollback(
    connection: Connection,
    plan: str,
    first_day: date,
    to: int,
    *,
    actor: str,
    at: datetime,
    reason: str = "",
) -> Publication:
    """
    Bring a revision back, as a new one.

    Raises
    ------
    InputError
        When there is no such revision, or it was emptied.
    """
    row = _row(connection, plan, first_day, to)
    _require_kept(connection, plan, row)
    current = _current(connection, plan, first_day)
    if current is not None and current.revision == row.revision:
        return _publication(connection, plan, row, is_new=False)
    texts = {
        unpacked(content).agent_id: unsalted(content)
        for content in contents_of(connection, row.revision)
    }
    head = json.loads(row.head)
    if current is not None and _is_same(connection, current, head, texts):
        return _publication(connection, plan, current, is_new=False)
    story = {"reason": reason, "override": "", "of": to}
    return _add(connection, plan, head, texts, ROLLBACK, story, actor=actor, at=at)


def publications(
    connection: Connection, plan: str, first_day: date | None = None
) -> list[Publication]:
    """Every revision of a plan's weeks (of one week), by first day and number."""
    wanted = _revisions().where(WEEK.c.plan == plan)
    if first_day is not None:
        wanted = wanted.where(WEEK.c.first_day == first_day.isoformat())
    rows = connection.execute(wanted.order_by(WEEK.c.first_day, REVISION.c.number))
    return [_publication(connection, plan, row) for row in rows]


def read_week(
    connection: Connection, plan: str, first_day: date, number: int | None = None
) -> WeekToPublish:
    """
    A published week as it was published, without people who have been forgotten since.

    Raises
    ------
    InputError
        When nothing was published of it, or no such revision, or it was emptied.
    """
    row = _row(connection, plan, first_day, number)
    _require_kept(connection, plan, row)
    people = [unpacked(content) for content in contents_of(connection, row.revision)]
    people.sort(key=lambda one: one.agent_id)
    head = json.loads(row.head)
    schedule = Schedule(
        schedule_id=head["schedule_id"],
        timezone=head["timezone"],
        first_day=date.fromisoformat(head["first_day"]),
        days=head["days"],
        revision=row.number,
        status="published",
        shifts=tuple(shift for one in people for shift in one.shifts),
    )
    return WeekToPublish(plan, schedule, people, head["about"], head.get("trace", {}))


def current_revisions(connection: Connection, plan: str, *, before: date) -> list[Row[Any]]:
    """The revisions that count of weeks that begin before a date, oldest week first."""
    wanted = _revisions().where(WEEK.c.plan == plan, REVISION.c.number == WEEK.c.number)
    wanted = wanted.where(WEEK.c.first_day < before.isoformat())
    return list(connection.execute(wanted.order_by(WEEK.c.first_day)))


def current_number(connection: Connection, plan: str, first_day: date) -> int:
    """The number of the revision that counts for a week; 0 where none is published."""
    row = _current(connection, plan, first_day)
    return 0 if row is None else int(row.number)


def contents_of(connection: Connection, revision: int) -> Iterable[str]:
    """What is stored of everybody in a revision who is not forgotten."""
    return connection.execute(
        select(PUBLISHED.c.content)
        .where(PUBLISHED.c.revision == revision, PUBLISHED.c.content.is_not(None))
        .order_by(PUBLISHED.c.person)
    ).scalars()


def revision_hash(head: str, hashes: Iterable[str]) -> str:
    """Hash of a revision: of its head and of everybody's part, by number."""
    return digest(head, *hashes)


def _revisions() -> Any:
    """Revisions with their week and the entry of the log that made them."""
    columns = (WEEK.c.plan, WEEK.c.first_day, WEEK.c.number.label("current"))
    made = (LOG.c.at, LOG.c.actor, LOG.c.about)
    return (
        select(REVISION, *columns, *made)
        .join(WEEK, WEEK.c.week == REVISION.c.week)
        .join(LOG, LOG.c.seq == REVISION.c.log_seq)
    )


def _current(connection: Connection, plan: str, first_day: date) -> Row[Any] | None:
    """The revision that counts for a week."""
    return connection.execute(
        _revisions()
        .where(WEEK.c.plan == plan, WEEK.c.first_day == first_day.isoformat())
        .where(REVISION.c.number == WEEK.c.number)
    ).one_or_none()


def _row(connection: Connection, plan: str, first_day: date, number: int | None) -> Row[Any]:
    """A revision of a week, the current one by default."""
    wanted = _revisions().where(WEEK.c.plan == plan, WEEK.c.first_day == first_day.isoformat())
    which = WEEK.c.number if number is None else number
    row: Row[Any] | None = connection.execute(
        wanted.where(REVISION.c.number == which)
    ).one_or_none()
    if row is not None:
        return row
    known = [one.number for one in publications(connection, plan, first_day)]
    if not known:
        raise InputError(
            f"nothing of the week from {first_day} of '{plan}' is published. "
            "'wfplan published PLAN' lists what is."
        )
    has = "revision 1 only" if len(known) == 1 else f"revisions 1 to {known[-1]}"
    raise InputError(
        f"the week from {first_day} of '{plan}' has no revision {number}: it has {has}. 'wfplan "
        f"published PLAN --week {first_day}' says who published which when."
    )


def _require_kept(connection: Connection, plan: str, row: Row[Any]) -> None:
    """Raise an InputError of a revision that lost what is about people."""
    by = expiring.emptied(connection, plan, row)
    if by is not None:
        raise InputError(
            f"revision {row.number} of the week from {row.first_day} of '{plan}' was emptied on "
            f"{by.at[:10]}: weeks that ended by {by.before} are over their time ([retention] in "
            "plan.toml). That it was published, when and by whom is all that is kept of it."
        )


def _is_same(
    connection: Connection, current: Row[Any], head: Mapping[str, Any], texts: Mapping[str, str]
) -> bool:
    """Whether a revision says the same of everybody, wherever its numbers come from."""
    was, now = (json.loads(text) | {"trace": None} for text in (current.head, canonical(head)))
    if was != now:
        return False
    stored = sorted(unsalted(content) for content in contents_of(connection, current.revision))
    return stored == sorted(texts.values())


def _add(
    connection: Connection,
    plan: str,
    head: Mapping[str, Any],
    texts: Mapping[str, str],
    action: str,
    story: Mapping[str, Any],
    *,
    actor: str,
    at: datetime,
) -> Publication:
    """Add a revision and make it the one that counts."""
    people = numbers_of(connection, texts)
    rows = {people[agent_id]: salted(text) for agent_id, text in texts.items()}
    parts = [
        {"person": person, "content": content, "hash": digest(content)}
        for person, content in sorted(rows.items())
    ]
    text = canonical(head)
    found = revision_hash(text, [str(part["hash"]) for part in parts])
    week, number = _next_number(connection, plan, head["first_day"])
    about = {"plan": plan, "first_day": head["first_day"], "number": number, "hash": found}
    seq = log.note(connection, action, about | dict(story), actor=actor, at=at)
    revision = connection.execute(
        insert(REVISION)
        .values(week=week, number=number, log_seq=seq, head=text, hash=found)
        .returning(REVISION.c.revision)
    ).scalar_one()
    if parts:
        connection.execute(insert(PUBLISHED), [{"revision": revision, **part} for part in parts])
    connection.execute(update(WEEK).where(WEEK.c.week == week).values(number=number))
    row = _row(connection, plan, date.fromisoformat(head["first_day"]), number)
    return _publication(connection, plan, row)


def _next_number(connection: Connection, plan: str, first_day: str) -> tuple[int, int]:
    """The week's row and the number of its next revision."""
    row = connection.execute(
        select(WEEK.c.week, WEEK.c.number).where(WEEK.c.plan == plan, WEEK.c.first_day == first_day)
    ).one_or_none()
    if row is not None:
        return row.week, row.number + 1
    made = insert(WEEK).values(plan=plan, first_day=first_day, number=0).returning(WEEK.c.week)
    return connection.execute(made).scalar_one(), 1


def _publication(
    connection: Connection, plan: str, row: Row[Any], *, is_new: bool = True
) -> Publication:
    """A revision as it is told."""
    story = json.loads(row.about)
    return Publication(
        plan=plan,
        first_day=date.fromisoformat(row.first_day),
        days=json.loads(row.head)["days"],
        number=row.number,
        at=row.at,
        actor=row.actor,
        reason=story.get("reason", ""),
        override=story.get("override", ""),
        of=story.get("of"),
        is_current=row.number == row.current,
        is_new=is_new,
    )


def _published_meanwhile(
    connection: Connection, plan: str, first_day: date, current: Row[Any] | None, over: int
) -> str:
    """Why a week is not published over another one."""
    was = f"revision {over}" if over else "nothing"
    if current is None:
        return (
            f"the week from {first_day} of '{plan}' is not published, but this plan was made over "
            f"{was}: give --over 0 to publish it as the first."
        )
    made = _publication(connection, plan, current)
    return (
        f"{made.actor} published revision {made.number} of the week from {first_day} at {made.at}, "
        f"after this plan was made over {was}. Look at what changed (wfplan diff), build again "
        f"with --keep published, or give --over {made.number} to publish this one all the same."
    )
