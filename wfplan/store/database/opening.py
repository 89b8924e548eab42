"""
A planning store opened: a file of SQLite, or a PostgreSQL database that a team shares.

SQLite waits for the disk at every commit, and for the folder's entry of its journal, so that no
power cut takes back what was said to be kept (``synchronous = EXTRA``); what is deleted is
overwritten (``secure_delete``).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.exc import NoSuchModuleError
from sqlalchemy.pool import NullPool

from wfplan.errors import InputError, MissingExtraError
from wfplan.store.database.addresses import file_of, url_of
from wfplan.store.database.transactions import WAIT_S, said
from wfplan.store.database.versions import bring_up_to_date

_CONNECT_S = 10


@contextmanager
def opened(address: str, *, is_made: bool = False) -> Iterator[Engine]:
    """
    A store by path or URL, its tables brought up to date.

    Parameters
    ----------
    is_made
        Make a SQLite file where there is none.

    Raises
    ------
    InputError
        When there is no store there, or something else.
    MissingExtraError
        When the address is of PostgreSQL and its driver is not installed.
    OutputError
        When the disk or the server refuses.
    """
    engine = _engine(address, is_made=is_made)
    try:
        with said(address):
            bring_up_to_date(engine, file_of(address))
        yield engine
    finally:
        engine.dispose()


def _engine(address: str, *, is_made: bool) -> Engine:
    """An engine whose transactions begin when we say so."""
    file = file_of(address)
    if file is None:
        return _server_engine(address)
    if any("\ud800" <= letter <= "\udfff" for letter in str(file)):
        raise InputError(
            "the path of the planning store has letters that this locale cannot name: set LANG to "
            "a UTF-8 locale (LANG=C.UTF-8), or PYTHONUTF8=1."
        )
    if file.exists() and not file.is_file():
        raise InputError(f"{file} is no file: give --store a file, such as {file / 'wfplan.db'}.")
    if not is_made and not file.exists():
        raise InputError(
            f"there is no planning store at {file}. 'wfplan publish' and 'wfplan hr import' make "
            "one; give --store FILE where it lies elsewhere."
        )
    if not file.absolute().parent.is_dir():
        raise InputError(
            f"there is no folder {file.parent} to put {file.name} into: make it first."
        )
    engine = create_engine(
        URL.create("sqlite", database=str(file.absolute())),  # a name such as :memory: is a file's
        poolclass=NullPool,
        connect_args={"timeout": WAIT_S},
        hide_parameters=True,  # a refusal would repeat the row that it refused
    )
    event.listen(engine, "connect", _prepare)
    return engine


def _server_engine(address: str) -> Engine:
    """An engine of PostgreSQL."""
    try:
        url = url_of(address)
        wait = {} if "connect_timeout" in url.query else {"connect_timeout": _CONNECT_S}
        return create_engine(url, poolclass=NullPool, connect_args=wait, hide_parameters=True)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise MissingExtraError(
            "a store on PostgreSQL needs its driver, which is not installed: "
            "pip install 'wfplan[postgres]'."
        ) from error


def _prepare(connection: Any, _: Any) -> None:
    """Settings of a connection to SQLite; transactions are begun by us, not by its driver."""
    connection.isolation_level = None
    for pragma in ("foreign_keys = ON", "synchronous = EXTRA", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")


def actor() -> str:
    """Who is at work: ``WFPLAN_ACTOR``, or the account's name."""
    import getpass

    named = os.environ.get("WFPLAN_ACTOR", "").strip()
    try:
        return named or getpass.getuser()
    except (ImportError, KeyError, OSError):
        return "unknown"
