"""Made-up runs, built once for the whole room."""

from __future__ import annotations

import importlib.util
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from wfplan.domain.results import Run


@pytest.fixture(scope="session")
def weeks() -> ModuleType:
    """The module that makes runs up; loaded by path, because test folders are no packages."""
    path = Path(__file__).with_name("synthetic_week.py")
    spec = importlib.util.spec_from_file_location("synthetic_week", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def run(weeks: ModuleType) -> Run:
    """140 people, four channels, a bank holiday and a campaign."""
    return weeks.synthetic_run()


@pytest.fixture(scope="session")
def small(weeks: ModuleType) -> Run:
    """The same week with 20 people, where the size does not matter."""
    return weeks.synthetic_run(20)


@pytest.fixture(scope="session")
def spring(weeks: ModuleType) -> Run:
    """A round-the-clock week whose Sunday has 23 hours."""
    return weeks.synthetic_run(24, first_day=date(2026, 3, 23), is_round_the_clock=True)


@pytest.fixture(scope="session")
def autumn(weeks: ModuleType) -> Run:
    """A round-the-clock week whose Sunday has 25 hours."""
    return weeks.synthetic_run(24, first_day=date(2026, 10, 19), is_round_the_clock=True)


@pytest.fixture(scope="session")
def empty(weeks: ModuleType) -> Run:
    """No contact, nobody."""
    return weeks.empty_run()
