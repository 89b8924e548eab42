"""The same tests on a SQLite file and, where ``WFPLAN_TEST_POSTGRES`` names one, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from wfplan.store.database.opening import opened


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store."""
    if request.param == "sqlite":
        return str(tmp_path / "wfplan.db")
    return str(request.getfixturevalue("postgres"))


@pytest.fixture
def store(address: str) -> Iterator[Engine]:
    """An open store."""
    with opened(address, is_made=True) as engine:
        yield engine
