"""The csv export, given to Frictionless, which reads data packages."""

from __future__ import annotations

import hashlib
import json

import pytest

from wfplan.export import exported

pytestmark = pytest.mark.client

PACKAGE, TABLE = "datapackage.json", "schedule.csv"


def schedules(synthetic):
    """Exports by what is special of them."""
    before = synthetic.schedule(status="published")
    told = synthetic.order(previous=before).told
    moved = synthetic.shift("A001", synthetic.WEEK, 540, (300, "ON_QUEUE"), (30, "MEAL"))
    odd = synthetic.agent("A001", name='=1+1, "x"', team="a;b", site="Zürich\n2")
    return {
        "whole": synthetic.order(),
        "with what is gone": synthetic.order(
            previous=before, schedule=synthetic.schedule(shifts=(moved,))
        ),
        "what changed": synthetic.order(
            told=told, since=told, schedule=synthetic.schedule(shifts=(moved,))
        ),
        "nothing": synthetic.order(told=told, since=told, schedule=before),
        "odd names": synthetic.order(problem=synthetic.problem(agents=(odd,))),
    }


def _put(folder, files):
    folder.mkdir()
    for name in (PACKAGE, TABLE):
        (folder / name).write_bytes(files[name])
    return folder / PACKAGE


def test_frictionless_takes_every_kind_of_table(check, synthetic, tmp_path):
    paths = {
        name: _put(tmp_path / name.replace(" ", "-"), exported("csv", order)[0])
        for name, order in schedules(synthetic).items()
    }
    is_taken, said = check("frictionless", *paths.values())
    assert is_taken, said
    rows = [int(line.rpartition(": ")[2].partition(" ")[0]) for line in said.splitlines()]
    assert rows == [6, 3, 3, 0, 6]


def _field(package, name):
    fields = package["resources"][0]["schema"]["fields"]
    return next(one for one in fields if one["name"] == name)


def _table(package, text):
    """Another table, whose bytes and hash are told."""
    raw = text.encode()
    package["resources"][0] |= {
        "bytes": len(raw), "hash": f"sha256:{hashlib.sha256(raw).hexdigest()}",
    }  # fmt: skip
    return raw


SPOILT = {
    "incorrect-label": lambda p, t: _field(p, "minutes").update(name="minute"),
    "type-error": lambda p, t: _field(p, "activity_code").update(type="integer"),
    "constraint-error": lambda p, t: _field(p, "minutes")["constraints"].update(minimum=20),
    "extra-label": lambda p, t: p["resources"][0]["schema"]["fields"].pop(),
    "hash-count": lambda p, t: t.replace("ON_QUEUE", "OFF_QUEUE").encode(),
    "byte-count": lambda p, t: (t + "\r\n").encode(),
    "primary-key": lambda p, t: _table(p, t + t.splitlines(keepends=True)[-1]),
    "missing-cell": lambda p, t: _table(p, t.replace(",false,\r\n", ",false\r\n")),
    "extra-cell": lambda p, t: _table(p, t.replace(",false,\r\n", ",false,,x\r\n")),
    "resource-error": lambda p, t: p["resources"][0].pop("path"),
}
"""What is said of a package by what was done to its description or its table."""


@pytest.fixture(scope="module")
def said_of_spoilt(check, synthetic, tmp_path_factory):
    """What is said of all spoilt packages, by fault."""
    folder, paths = tmp_path_factory.mktemp("spoilt"), {}
    for fault, spoil in SPOILT.items():
        files = dict(exported("csv", synthetic.order())[0])
        package = json.loads(files[PACKAGE])
        table = spoil(package, files[TABLE].decode())
        files[PACKAGE] = json.dumps(package).encode()
        files[TABLE] = table if isinstance(table, bytes) else files[TABLE]
        paths[fault] = _put(folder / fault, files)
    is_taken, said = check("frictionless", *paths.values())
    assert not is_taken
    return {
        fault: [line for line in said.splitlines() if line.startswith(f"{path}: ")]
        for fault, path in paths.items()
    }


@pytest.mark.parametrize("fault", SPOILT)
def test_frictionless_catches_what_is_wrong(said_of_spoilt, fault):
    assert any(f": {fault}: " in line for line in said_of_spoilt[fault]), said_of_spoilt[fault]
