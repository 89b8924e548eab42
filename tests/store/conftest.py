"""What the tests of the store share."""

from __future__ import annotations

import pytest

from wfplan.store import write_run


@pytest.fixture
def plan_path(tmp_path):
    """Where the plan of the made-up run would be."""
    return tmp_path / "plan" / "plan.toml"


@pytest.fixture
def written(tmp_path, synthetic, plan_path):
    """A run folder with the made-up run."""
    return write_run(
        synthetic.run(plan_path), tmp_path / "plan" / "runs" / "w", report="<p>week</p>"
    )
