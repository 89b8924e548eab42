"""What the tests of agreement share: small problems at random, and what a plan costs by rules."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
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
READING = _beside("reading")
BRUTE = _beside("brute")


@pytest.fixture(scope="session")
def problems() -> ModuleType:
    """The generator of small problems."""
    return PROBLEMS


@pytest.fixture(scope="session")
def reading() -> ModuleType:
    """What the auditor says of a schedule."""
    return READING


@pytest.fixture(scope="session")
def brute() -> ModuleType:
    """The optimum by trying everything."""
    return BRUTE


@pytest.fixture(scope="session")
def plain_model() -> Callable[[], ModuleType]:
    """The plain model in CP-SAT, loaded when it is asked for."""
    return lambda: _beside("plain_model")
