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
_WAYS_ON = (
    (
        ("locked", "lock timeout"),
        f"another wfplan has been writing there for {WAIT_S} s: try again",
    ),
    (
        ("unable to open",),
        "check that the folder is there, that you may read and write in it, and that it has room",
    ),
    (("password", "authentication", "role "), "check user and password (PGPASSWORD or ~/.pgpass)"),
    (("does not exist",), "make the database there first (createdb), or check its name"),
    (("permission denied", "read-only transaction"), "ask for the right to read and write there"),
    (("too many", "remaining connection slots"), "others use it: try again in a while"),
    (("terminating", "closed the connection"), "try again as soon as the server answers"),
)
"""How to go on, by what the database says; the first that fits."""
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
    except UnicodeDecodeError as error:  # SQLite repeats damaged bytes of a schema in its complaint
        raise _damaged(_where(address), "it holds bytes that are no text") from error


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
    return shown(engine.url.render_as_string(hide_password=True))


def _as_ours(address: str, error: DBAPIError, changed: str) -> Exception:
    """The error of ours for one of the database's."""
    said_by = str(error.orig).strip().splitlines() or ["no reason"]
    reason = said_by[0].rpartition("FATAL: ")[2].strip()
    where, low = _where(address), reason.casefold()
    if any(word in low for word in _DAMAGED):
        return _damaged(where, reason)
    if "only ever added" in low:
        return error
    if isinstance(error, OperationalError | InterfaceError) or any(one in low for one in _REFUSED):
        return OutputError(
            f"the store {where} refuses ({reason}); {changed}: {_way_on(address, low)}."
        )
    return error


def _where(address: str) -> str:
    """A store as its planner knows it."""
    return shown(address).removeprefix("sqlite:///")


def _damaged(where: str, reason: str) -> InputError:
    """What is said of a store that cannot be read."""
    return InputError(
        f"{where} is not a planning store, or it is damaged ({reason}). Give another --store, "
        "or put back a backup of it."
    )


def _way_on(address: str, reason: str) -> str:
    """What a planner can do about what the database says."""
    for words, way in _WAYS_ON:
        if any(word in reason for word in words):
            return way
    if file_of(address):
        return "make room, or ask for the right to write there"
    return "check the address, and that the server answers"
