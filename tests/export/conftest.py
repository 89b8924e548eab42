"""What the tests of the exports share."""

from __future__ import annotations

from dataclasses import replace

import pytest

from wfplan.export import exported


@pytest.fixture
def files(synthetic):
    """A function that exports the made-up schedule, all ids known: name of the target -> files."""

    def export(name, schedule=None, problem=None, *, settings=None, key=None, **more):
        given = {"schedule": schedule, "problem": problem}
        order = synthetic.order(**{k: v for k, v in given.items() if v is not None}, **more)
        if not order.ids.known:
            order = replace(order, ids=synthetic.ids(order, name))
        return exported(name, order, settings=settings, key=key)[0]

    return export
