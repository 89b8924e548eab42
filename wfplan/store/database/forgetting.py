"""
A person forgotten: her rows go, and no byte of them stays behind.

SQLite overwrites deleted content (``secure_delete``) and is rebuilt (``VACUUM``), its journal is
gone after every transaction. PostgreSQL rebuilds the tables; its write-ahead log, replicas and
backups are the server's, and forget as they are recycled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, select, text

from wfplan.store.database import log
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
    number = connection.execute(
        select(PERSON.c.person).where(PERSON.c.agent_id == agent_id)
    ).scalar_one_or_none()
    if number is None:
        return Forgotten(was_known=False)
    weeks, rows = forget_number(connection, number, at)
    about = {"person": number, "weeks": weeks, "rows": rows}
    log.note(connection, FORGET, about, actor=actor, at=at)
    return Forgotten(was_known=True, weeks=weeks, rows=rows)


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
