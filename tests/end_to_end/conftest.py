"""What the tests of whole weeks share: random plans, house rules, and a measured command line."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest


def _beside(file: Path) -> ModuleType:
    """A module of the tests; tests are no package, so it is loaded by its path."""
    name = f"end_to_end_{file.stem}"
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


MAIN = "from wfplan.cli import main; main()"
HERE = Path(__file__).parent
RANDOM_PLAN = _beside(HERE / "random_plan.py")
HOUSE_RULES = _beside(HERE / "house_rules.py")
MUTATIONS = _beside(HERE.parent / "bad_input" / "mutations.py")


@dataclass(frozen=True)
class Measured:
    """How a command ended, what it said, and what it took."""

    code: int
    out: str
    err: str
    seconds: float
    peak_mb: float


@pytest.fixture(scope="session")
def random_plan() -> ModuleType:
    """The generator of plans."""
    return RANDOM_PLAN


@pytest.fixture(scope="session")
def house_rules() -> ModuleType:
    """What holds for every run."""
    return HOUSE_RULES


@pytest.fixture(scope="session")
def change() -> ModuleType:
    """Small changes to a good plan folder."""
    return MUTATIONS


@pytest.fixture
def measured() -> Callable[..., Measured]:
    """A function that runs a command line in a process of its own and measures it."""

    def call(*argv: str | bytes | Path) -> Measured:
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            command = [sys.executable, "-W", "error", "-c", MAIN, *argv]
            begun = time.monotonic()
            process = subprocess.Popen(command, stdout=out, stderr=err, stdin=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            seconds = time.monotonic() - begun
            said = []
            for stream in (out, err):
                stream.seek(0)
                said.append(stream.read().decode("utf-8"))
        return Measured(process.returncode, *said, seconds, usage.ru_maxrss / 1024)

    return call
