"""Fixtures of the tests that give exports to the systems' own clients."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
REFUSED = 3  # the exit code of a check that found something; any other one is a crash
Check = Callable[..., tuple[bool, str]]


@pytest.fixture(scope="session")
def check() -> Check:
    """
    A function that runs ``check_NAME.py`` with some words in the environment of that client.

    It returns whether the client takes the files, and what the script says of them.
    """

    def run(name: str, *words: object) -> tuple[bool, str]:
        folder = Path(os.environ.get("WFPLAN_CLIENTS", HERE.parents[1] / ".clients"))
        python = folder / name / "bin" / "python"
        if not python.exists():
            pytest.fail(f"the client of {name} is not installed: run tests/clients/run {name}")
        command = [str(python), str(HERE / f"check_{name}.py"), *map(str, words)]
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        said = done.stdout + done.stderr
        assert done.returncode in (0, REFUSED), said
        return done.returncode == 0, said

    return run
