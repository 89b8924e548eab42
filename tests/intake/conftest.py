"""Fixtures of the intake's tests."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def _beside(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # its dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


report_files_module = _beside("report_files")


@pytest.fixture(scope="session")
def report_files() -> ModuleType:
    """The module that reads reports by queue without a plan around them."""
    return report_files_module
