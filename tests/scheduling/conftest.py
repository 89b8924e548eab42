"""The workbench of this room's tests."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def _beside(file: str) -> ModuleType:
    """A module beside this file; tests are no package, so it is loaded by its path."""
    name = f"scheduling_{file.removesuffix('.py')}"
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(file))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


BENCH = _beside("bench.py")


@pytest.fixture(scope="session")
def bench() -> ModuleType:
    """Needs, people and small plans to schedule."""
    return BENCH


@pytest.fixture(scope="session")
def seeded() -> ModuleType:
    """Conflicts drawn from seeds, and a plain model of their members."""
    return _beside("seeded_conflicts.py")
