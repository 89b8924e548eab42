"""The workbench of this room's tests."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def _bench() -> ModuleType:
    """The workbench; tests are no package, so it is loaded by its path."""
    name = "scheduling_bench"
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name("bench.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


BENCH = _bench()


@pytest.fixture(scope="session")
def bench() -> ModuleType:
    """Needs, people and small plans to schedule."""
    return BENCH
