"""What the tests of the exports share."""

from __future__ import annotations

import pytest

from wfplan.export import exported


@pytest.fixture
def files(synthetic):
    """A function that exports the made-up schedule: name of the export -> files."""

    def export(name, schedule=None, problem=None, **more):
        return exported(
            name, problem or synthetic.problem(), schedule or synthetic.schedule(), **more
        )

    return export
