"""Fixtures of the weeks that are planned from real calls."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def _load(stem: str) -> ModuleType:
    """A helper module beside this file; tests are no package, so it is loaded by its path."""
    name = f"wfplan_tests_real_{stem}"
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{stem}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def centre() -> ModuleType:
    """The helpers of ``centre.py``."""
    return _load("centre")


@pytest.fixture(scope="session")
def technion() -> ModuleType:
    """Models beside real callers: ``technion_service.py``."""
    return _load("technion_service")


@pytest.fixture(scope="session")
def technion_figure() -> ModuleType:
    """The figure of it: ``technion_figure.py``."""
    return _load("technion_figure")
