"""
Every use of the store is one transaction: all of it is kept or nothing.

Writers come one after another (in SQLite by ``BEGIN IMMEDIATE``, in PostgreSQL by an advisory
lock), so what a writer has read is still so when it writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from wfplan.errors import InputError, OutputError
from wfplan.store.database.addresses import file_of, shown

WAIT_S = 30
_LOCK = 0x7766706C616E  # "wfplan": the advisory lock of writers in PostgreSQL
_DAMAGED = ("not a database", "malformed", "could not decode", "corrupt")
_REFUSED = ("disk", "readonly", "read-only", "permission denied", "no space")
_LOCKED = ("locked", "lock timeout")
_MAYBE = "nothing was changed"
_UNKNOWN = "whether the last change was kept is not known, and doing it again does no harm"


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
    """
    A transaction that writes, alone: all of it is kept when the block ends well, else none.

    In PostgreSQL every statement sees what was kept before it (``READ COMMITTED``, whatever the
    server's default): the first one waits for the lock, and must not look before it has it.
    """
    with said(_address(engine)), engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("BEGIN IMMEDIATE"))
        else:
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL READ COMMITTED READ WRITE"))
            connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT_S}s'"))
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        try:
            yield connection
        except BaseException:
            with suppress(DBAPIError):
                connection.rollback()
            raise
        _commit(engine, connection)


@contextmanager
def said(address: str, *, changed: str = _MAYBE) -> Iterator[None]:
    """What a database complains of, as a planner can act on it; ``changed`` says what became."""
    try:
        yield
    except DBAPIError as error:
        raise _as_ours(address, error, changed) from error


def _commit(engine: Engine, connection: Connection) -> None:
    """Keep all of it; a server that goes away just now may have kept it or not."""
    is_file = engine.dialect.name == "sqlite"
    with said(_address(engine), changed=_MAYBE if is_file else _UNKNOWN):
        try:
            connection.commit()
        except DBAPIError:
            with suppress(DBAPIError):
                connection.rollback()
            raise


def _address(engine: Engine) -> str:
    """The address of an engine, its password hidden."""
    return engine.url.render_as_string(hide_password=True)


def _as_ours(address: str, error: DBAPIError, changed: str) -> Exception:
    """The error of ours for one of the database's."""
    reason = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else "no reason"
    where, low = shown(address).removeprefix("sqlite:///"), reason.casefold()
    if any(word in low for word in _DAMAGED):
        return InputError(
            f"{where} is not a planning store, or it is damaged ({reason}). Give another --store, "
            "or put back a backup of it."
        )
    if "only ever added" in low:
        return error
    if isinstance(error, OperationalError | InterfaceError) or any(one in low for one in _REFUSED):
        hint = (
            f"another wfplan has been writing there for {WAIT_S} s: try again"
            if any(word in low for word in _LOCKED)
            else "make room, or ask for the right to write there"
            if file_of(address) or "permission denied" in low
            else "check the address, and that the server answers"
        )
        return OutputError(f"the store {where} refuses ({reason}); {changed}: {hint}.")
    return error
