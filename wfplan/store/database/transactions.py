"""
Every use of the store is one transaction: all of it is kept or nothing.

Writers come one after another (in SQLite by ``BEGIN IMMEDIATE``, in PostgreSQL by an advisory
lock), so what a writer has read is still so when it writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DatabaseError, OperationalError

from wfplan.errors import InputError, OutputError
from wfplan.store.database.addresses import file_of, shown

WAIT_S = 30
_LOCK = 0x7766706C616E  # "wfplan": the advisory lock of writers in PostgreSQL


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that reads: one state of the store, whoever writes meanwhile."""
    with said(_address(engine)), engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("BEGIN"))
        else:
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        yield connection
        connection.rollback()


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes, alone: all of it is kept when the block ends well, else none."""
    with said(_address(engine)), engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("BEGIN IMMEDIATE"))
        else:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        try:
            yield connection
        except BaseException:
            with suppress(DatabaseError):
                connection.rollback()
            raise
        connection.commit()


@contextmanager
def said(address: str) -> Iterator[None]:
    """What a database complains of, as a planner can act on it."""
    try:
        yield
    except DatabaseError as error:
        raise _as_ours(address, error) from error


def _address(engine: Engine) -> str:
    """The address of an engine, its password hidden."""
    return engine.url.render_as_string(hide_password=True)


def _as_ours(address: str, error: DatabaseError) -> Exception:
    """The error of ours for one of the database's."""
    reason = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else "no reason"
    where, low = shown(address).removeprefix("sqlite:///"), reason.casefold()
    if "not a database" in low or "malformed" in low:
        return InputError(
            f"{where} is not a planning store, or it is damaged ({reason}). Give another --store, "
            "or put back a backup of it."
        )
    if "only ever added" in low:
        return error
    if isinstance(error, OperationalError) or "disk" in low or "readonly" in low:
        hint = (
            f"another wfplan has been writing there for {WAIT_S} s: try again"
            if "locked" in low
            else "make room, or ask for the right to write there"
            if file_of(address)
            else "check the address, and that the server answers"
        )
        return OutputError(f"the store {where} refuses ({reason}); nothing was changed: {hint}.")
    return error
