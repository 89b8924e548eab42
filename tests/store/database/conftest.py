"""The same tests on a SQLite file and, where ``WFPLAN_TEST_POSTGRES`` names one, on PostgreSQL."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from wfplan.store.database.addresses import url_of
from wfplan.store.database.opening import opened

POSTGRES = os.environ.get("WFPLAN_TEST_POSTGRES", "")


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty store."""
    if request.param == "sqlite":
        yield str(tmp_path / "wfplan.db")
        return
    if not POSTGRES:
        pytest.skip("WFPLAN_TEST_POSTGRES names no server")
    name = f"wfplan_{secrets.token_hex(6)}"
    server = create_engine(url_of(POSTGRES), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield url_of(POSTGRES).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def store(address: str) -> Iterator[Engine]:
    """An open store."""
    with opened(address, is_made=True) as engine:
        yield engine
