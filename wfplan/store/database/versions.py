"""
The tables brought to the version that this wfplan knows (alembic).

A store that is older is migrated in one transaction, after a copy was laid beside a SQLite file;
when anything fails it is what it was. A store that is newer is left alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text

from wfplan.domain.atomic import replacing_file
from wfplan.errors import InputError
from wfplan.store.database.transactions import said, writing

_MIGRATIONS = Path(__file__).parent / "migrations"


def bring_up_to_date(engine: Engine, file: Path | None) -> None:
    """Migrate a store that is empty or older; alembic is loaded where one is."""
    known = versions()
    newest = known[-1]
    with engine.connect() as connection:
        now = version_of(connection)
        connection.rollback()
    if now == newest:
        return
    if now is not None and now not in known:
        raise InputError(
            f"the planning store was made by a newer wfplan (its version is {now}, this one knows "
            f"{newest}): update wfplan."
        )
    if now is not None and file is not None:
        copy = file.with_name(f"{file.name}.before-{newest}")
        if not copy.exists():
            vacuumed_into(engine, copy)
    with writing(engine) as connection:
        _require_letters(connection)
        migrate(connection)


def versions() -> list[str]:
    """Every version of the tables, the oldest first: migrations are files such as s0001_first."""
    return sorted(path.stem[1:5] for path in (_MIGRATIONS / "versions").glob("s????_*.py"))


def migrate(connection: Connection) -> None:
    """All missing migrations, in the transaction of whoever calls."""
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _require_letters(connection: Connection) -> None:
    """Raise an InputError where a server cannot hold every letter."""
    if connection.dialect.name == "postgresql":
        encoding = connection.execute(text("SHOW server_encoding")).scalar()
        if encoding != "UTF8":
            raise InputError(
                f"the database holds text as {encoding}, which lacks letters of people's names: "
                "make one with CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0."
            )


def version_of(connection: Connection) -> str | None:
    """The version of a store's tables; None of one that is empty."""
    names = set(inspect(connection).get_table_names())
    if "alembic_version" not in names:
        if names:
            raise InputError(
                "the database holds tables, but none of a planning store: give it one of its own."
            )
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def vacuumed_into(engine: Engine, copy: Path) -> None:
    """
    A copy of a SQLite store as of now, whoever writes meanwhile: whole or not there.

    Raises
    ------
    OutputError
        When the disk refuses; a copy that stood there is what it was.
    """
    with (
        replacing_file(copy, other="name another file") as temporary,
        said(str(copy)),
        engine.connect() as connection,
    ):
        connection.exec_driver_sql("VACUUM INTO ?", (str(temporary),))


def _config() -> Any:
    """Where alembic finds our migrations."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
