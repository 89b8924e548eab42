"""
A person forgotten: her rows go, and no byte of them stays behind.

SQLite overwrites deleted content (``secure_delete``) and is rebuilt (``VACUUM``), its journal is
gone after every transaction. PostgreSQL rebuilds the tables; its write-ahead log, replicas and
backups are the server's, and forget as they are recycled.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, func, select, text

from wfplan.store.database import log
from wfplan.store.database.canonical import canonical
from wfplan.store.database.people import forget_number
from wfplan.store.database.tables import LIMIT, PERSON, PUBLISHED
from wfplan.store.database.transactions import said

FORGET = "forget"
_NOT_SCRUBBED = "what was to be forgotten is gone from every table, but the file is not rebuilt yet"


@dataclass(frozen=True)
class Forgotten:
    """How much of a person was taken away; ``was_known`` is false where there was nothing."""

    was_known: bool
    weeks: int = 0
    rows: int = 0


def forget(connection: Connection, agent_id: str, *, actor: str, at: datetime) -> Forgotten:
    """Take away all that is about a person; the log says that somebody was forgotten."""
    number = _number_of(connection, agent_id)
    named = _rows_that_name(connection, agent_id)
    if number is None and not named:
        return Forgotten(was_known=False)
    if named:
        connection.execute(delete(LIMIT).where(LIMIT.c.hr_row.in_(named)))
    weeks, rows = (0, 0) if number is None else forget_number(connection, number, at)
    rows += len(named)
    said = {"person": number, "weeks": weeks, "rows": rows}
    log.note(connection, FORGET, said, actor=actor, at=at)
    return Forgotten(was_known=True, weeks=weeks, rows=rows)


def cells_of_people(connection: Connection) -> list[dict[str, str]]:
    """The cells of every row of HR's about anybody, rows that have ended included."""
    found = connection.execute(select(LIMIT.c.content).where(LIMIT.c.person.is_not(None)))
    return [json.loads(content) for content in found.scalars()]


def about(connection: Connection, agent_id: str) -> Forgotten:
    """What would be taken away."""
    number = _number_of(connection, agent_id)
    named = _rows_that_name(connection, agent_id)
    if number is None:
        return Forgotten(was_known=bool(named), rows=len(named))
    weeks = select(func.count()).select_from(PUBLISHED)
    weeks = weeks.where(PUBLISHED.c.person == number, PUBLISHED.c.content.is_not(None))
    rows = select(func.count()).select_from(LIMIT).where(LIMIT.c.person == number)
    return Forgotten(
        was_known=True,
        weeks=connection.execute(weeks).scalar_one(),
        rows=connection.execute(rows).scalar_one() + len(named),
    )


def _number_of(connection: Connection, agent_id: str) -> int | None:
    """Her number."""
    found: int | None = connection.execute(
        select(PERSON.c.person).where(PERSON.c.agent_id == agent_id)
    ).scalar_one_or_none()
    return found


def _rows_that_name(connection: Connection, agent_id: str) -> list[int]:
    """Rows that are about nobody in particular, or about somebody else, and name her in a cell."""
    quoted = canonical(agent_id).replace("_", r"\_")
    wanted = select(LIMIT.c.hr_row, LIMIT.c.content, PERSON.c.agent_id)
    wanted = wanted.join(PERSON, PERSON.c.person == LIMIT.c.person, isouter=True)
    wanted = wanted.where(LIMIT.c.content.like(f"%{quoted}%", escape="\\"))
    return [
        number
        for number, content, whose in connection.execute(wanted)
        if whose != agent_id and agent_id in json.loads(content).values()
    ]


def scrub(engine: Engine) -> None:
    """
    Rebuild what held deleted content, so that it is gone from the disk as well.

    Raises
    ------
    OutputError
        When somebody reads for longer than writers wait, or there is no room for the copy.
    """
    with (
        said(engine.url.render_as_string(hide_password=True), changed=_NOT_SCRUBBED),
        engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
    ):
        if engine.dialect.name == "sqlite":
            connection.execute(text("VACUUM"))
            return
        for table in (PUBLISHED, LIMIT, PERSON):
            connection.execute(text(f'VACUUM FULL "{table.name}"'))
