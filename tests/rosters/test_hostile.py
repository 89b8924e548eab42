"""Damaged files of every layout end in a fault of the input, never in a crash."""

from __future__ import annotations

import json
import random
from contextlib import suppress
from dataclasses import replace

import pytest

from wfplan.errors import WfplanError
from wfplan.export import exported
from wfplan.rosters import LAYOUTS, Asked, read_roster, read_told

FILES = {
    "csv": "schedule.csv", "json": "schedule.json", "ics": "agent_A002.ics",
    "genesys": "genesys_import.json", "teams": "teams_graph.json",
}  # fmt: skip
VALUES = (
    None, True, -1, 1e308, 10**30, "", [], {}, [[]], {"a": 1}, "x" * 50, "2026-10-19",
    "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "\u202e\x1b[2J",
)  # fmt: skip
TRIES = 120


def spots_of(value):
    """Every place in a document: what it is in, and its key there."""
    keys = (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    for key in list(keys):
        yield value, key
        yield from spots_of(value[key])


def spoilt(raw, draw):
    """A document with other values at some of its places, and some of them gone."""
    document = json.loads(raw)
    for place, key in draw.sample(list(spots_of(document)), draw.randint(1, 3)):
        with suppress(KeyError, IndexError):
            if draw.random() < 0.2:
                del place[key]
            else:
                place[key] = draw.choice(VALUES)
    return json.dumps(document).encode()


def damaged(raw, draw):
    """Bytes of which some are others, perhaps cut off."""
    found = bytearray(raw)
    for _ in range(draw.randint(1, 6)):
        found[draw.randrange(len(found))] = draw.choice(b'\x00\n;:,"0TZ9-{}[]\xff=')
    return bytes(found[: draw.randrange(1, len(found))] if draw.random() < 0.2 else found)


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_what_is_damaged_is_told_and_never_a_crash(name, synthetic, tmp_path):
    order = synthetic.order()
    ids = synthetic.ids(order, "genesys", "teams")
    raw = exported(name, replace(order, ids=ids))[0][FILES[name]]
    draw, path = random.Random(name), tmp_path / "file"
    for _ in range(TRIES):
        is_json = FILES[name].endswith(".json") and draw.random() < 0.8
        path.write_bytes(spoilt(raw, draw) if is_json else damaged(raw, draw))
        layout = draw.choice(["", "", *LAYOUTS])
        with suppress(WfplanError):
            read_roster([path], order.problem, Asked(ids=ids, layout=layout))
        with suppress(WfplanError):
            read_told(path, order.problem.agents, synthetic.DUBLIN)
