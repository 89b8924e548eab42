"""What the tests of agreement share: small problems at random, and what a plan costs by rules."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def _beside(name: str) -> ModuleType:
    """A module beside this one; tests are no package, so it is loaded by its path."""
    full = f"agreement_{name}"
    if full in sys.modules:
        return sys.modules[full]
    spec = importlib.util.spec_from_file_location(full, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[full] = module
    spec.loader.exec_module(module)
    return module


PROBLEMS = _beside("problems")


@pytest.fixture(scope="session")
def problems() -> ModuleType:
    """The generator of small problems."""
    return PROBLEMS
