"""What the tests of rosters from elsewhere share."""

from __future__ import annotations

import json

import pytest

from wfplan.domain.external_ids import ExternalIds, ExternalKey, IdKind
from wfplan.errors import InputFaultsError
from wfplan.rosters import Asked, read_roster

GENESYS = {
    (IdKind.AGENT, "A001"): "u-1",
    (IdKind.AGENT, "A002"): "u-2",
    (IdKind.ACTIVITY, "ON_QUEUE"): "0",
    (IdKind.ACTIVITY, "REST"): "1",
    (IdKind.ACTIVITY, "MEAL"): "2",
}


@pytest.fixture
def ids():
    """A function: the map of some things in a system."""

    def make(system, things=None):
        known = {
            ExternalKey(system, kind, own): other
            for (kind, own), other in (things or GENESYS).items()
        }
        return ExternalIds(known)

    return make


@pytest.fixture
def read(tmp_path, synthetic):
    """A function: what some files, by name, say of the made-up plan's people."""

    def reading(files, problem=None, **asked):
        paths = []
        for name, content in files.items():
            raw = content if isinstance(content, str | bytes) else json.dumps(content)
            path = tmp_path / name
            path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
            paths.append(path)
        return read_roster(paths, problem or synthetic.problem(), Asked(**asked))

    return reading


@pytest.fixture
def faults(read, tmp_path):
    """A function: the faults of some files as text, without the folder of the test."""

    def found(files, **asked):
        with pytest.raises(InputFaultsError) as caught:
            read(files, **asked)
        return [str(fault).replace(f"{tmp_path}/", "") for fault in caught.value.faults]

    return found


@pytest.fixture
def parts():
    """A function: code, start, end and pay of the activities of a shift, on the clock of UTC."""

    def of(shift):
        return [
            (one.code, f"{one.start:%H:%M}", f"{one.end:%H:%M}", one.is_paid)
            for one in shift.activities
        ]

    return of
