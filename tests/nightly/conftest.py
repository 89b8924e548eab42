"""Fixtures of the tests that want a night."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def _load(folder: str, stem: str) -> ModuleType:
    """A helper module of the tests, which are no package: loaded by its path."""
    name = f"wfplan_tests_{folder}_{stem}"
    path = Path(__file__).parent.parent / folder / f"{stem}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def small() -> ModuleType:
    """Builders of small centres, those of the simulation's tests."""
    return _load("simulation", "small")


@pytest.fixture(scope="session")
def floors() -> ModuleType:
    """Many simulated floors, contact by contact: ``floors.py``."""
    return _load("nightly", "floors")


@pytest.fixture(scope="session")
def chains() -> ModuleType:
    """Exact Markov chains: ``chains.py``."""
    return _load("nightly", "chains")


@pytest.fixture(scope="session")
def published() -> ModuleType:
    """Published averages beside ours: ``published.py``."""
    return _load("nightly", "published")
