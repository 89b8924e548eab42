"""Fixtures that every room's tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def _outside(variable: str, default: Path, what: str) -> Path:
    """A folder outside the project; its absence fails under CI and skips elsewhere."""
    folder = Path(os.environ.get(variable, default))
    if folder.is_dir():
        return folder
    message = f"{what} is not at {folder}; set {variable} to the folder that holds it"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with exact numbers (``truth/``) and public benchmark instances."""
    return _outside("WFPLAN_SHARED", ROOT.parent / "shared", "the folder of exact numbers")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder with real demand series."""
    return _outside("WFPLAN_REAL_DATA", ROOT.parent / "shared" / "data", "real demand data")
