"""An open store; the fixture ``address`` of all tests makes it, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from wfplan.store.database.opening import opened


@pytest.fixture
def store(address: str) -> Iterator[Engine]:
    """An open store."""
    with opened(address, is_made=True) as engine:
        yield engine
