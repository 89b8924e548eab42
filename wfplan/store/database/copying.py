"""
One store copied into another, table by table: a team's PostgreSQL into a file, and back.

Both are read and written in one transaction each, so that the copy is the store as of one moment,
whole or not there; numbers stay what they are, so that every hash still verifies.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, func, insert, select, text

from wfplan.domain.atomic import replacing_file
from wfplan.errors import UsageError
from wfplan.store.database.opening import opened
from wfplan.store.database.tables import LOG, META, PERSON, WEEK
from wfplan.store.database.transactions import reading, writing
from wfplan.store.database.versions import vacuumed_into

_AT_ONCE = 2_000  # rows


def backup(engine: Engine, file: Path) -> None:
    """
    A store of either kind in one file, as of now: whole or not there.

    Raises
    ------
    OutputError
        When the disk or the server refuses; a file that stood there is what it was.
    """
    if engine.dialect.name == "sqlite":
        vacuumed_into(engine, file)
        return
    with (
        replacing_file(file, other="name another file") as temporary,
        opened(str(temporary), is_made=True) as target,
    ):
        copied(engine, target)


def copied(source: Engine, target: Engine) -> int:
    """
    Copy a whole store into an empty one; how many rows.

    Raises
    ------
    UsageError
        When something is in the other one already.
    """
    with reading(source) as there, writing(target) as here:
        for table in (PERSON, WEEK, LOG):
            if here.execute(select(func.count()).select_from(table)).scalar_one():
                where = target.url.render_as_string(hide_password=True).removeprefix("sqlite:///")
                raise UsageError(
                    f"{where} is not empty, and a copy would mix two pasts: nothing was changed. "
                    "Give a store that is not there yet (--store), or move this one away first."
                )
        count = sum(_copied(there, here, name) for name in _names())
        if target.dialect.name == "postgresql":
            _count_on(here)
    return count


def _names() -> list[str]:
    """The tables, those that others refer to first."""
    return [table.name for table in META.sorted_tables]


def _copied(there: Connection, here: Connection, name: str) -> int:
    """Copy one table."""
    table, count = META.tables[name], 0
    keys = list(table.primary_key.columns)
    for rows in there.execute(select(table).order_by(*keys)).partitions(_AT_ONCE):
        here.execute(insert(table), [row._asdict() for row in rows])
        count += len(rows)
    return count


def _count_on(connection: Connection) -> None:
    """Have PostgreSQL number new rows after those that came with a number."""
    for table in META.sorted_tables:
        key = table.name if table.name in table.c else ""
        if key and len(table.primary_key.columns) == 1:
            connection.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', '{key}'), "
                    f'COALESCE((SELECT max({key}) FROM "{table.name}"), 0) + 1, false)'
                )
            )
