"""The slow twin of the queues, for the tests of this room."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import settings

settings.register_profile("compiled", deadline=None)  # the first example compiles a kernel
settings.load_profile("compiled")


@pytest.fixture(scope="session")
def chain() -> ModuleType:
    """Markov chains solved as linear equations (``chain.py`` beside this file)."""
    spec = importlib.util.spec_from_file_location("chain", Path(__file__).parent / "chain.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
