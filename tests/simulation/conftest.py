"""Fixtures of the simulation's tests."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import settings

settings.register_profile("compiled", deadline=None)  # the first example compiles a kernel
settings.load_profile("compiled")


def _load(stem: str) -> ModuleType:
    """A helper module beside this file; tests are no package, so it is loaded by its path."""
    name = f"wfplan_tests_simulation_{stem}"
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{stem}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def small() -> ModuleType:
    """Builders of small centres: ``small.problem``, ``small.demand``, ``small.schedule``, ..."""
    return _load("small")


@pytest.fixture(scope="session")
def twin() -> ModuleType:
    """The engine once more, slow and obvious."""
    return _load("twin")
