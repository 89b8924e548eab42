"""The three example folders, written once."""

from __future__ import annotations

from pathlib import Path

import pytest

from wfplan.intake.examples import EXAMPLES, write_example


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each example's folder by kind."""
    root = tmp_path_factory.mktemp("examples")
    for kind in EXAMPLES:
        write_example(kind, root / kind)
    return {kind: root / kind for kind in EXAMPLES}
