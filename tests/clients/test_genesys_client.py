"""The Genesys export, given to Genesys' own client."""

from __future__ import annotations

import copy
import json

import pytest

pytestmark = pytest.mark.client

IMPORT = {
    "description": "made up",
    "weekCount": 1,
    "published": False,
    "agentSchedules": [
        {
            "userId": "u1",
            "shifts": [
                {
                    "startDate": "2026-10-19T07:00:00.000Z",
                    "lengthMinutes": 60,
                    "manuallyEdited": True,
                    "activities": [
                        {
                            "startDate": "2026-10-19T07:00:00.000Z",
                            "lengthMinutes": 60,
                            "activityCodeId": "0",
                            "paid": True,
                        }
                    ],
                }
            ],
            "fullDayTimeOffMarkers": [],
        }
    ],
}


SPOILT = {
    "$.weekcount is not known": lambda d: d.update(weekcount=1),
    "$.agentSchedules[0].userID is not known": lambda d: _agent(d).update(userID="u1"),
    "shifts[0].lenghtMinutes is not known": lambda d: _shift(d).update(lenghtMinutes=60),
    "activities[0].isPaid is not known": lambda d: _shift(d)["activities"][0].update(isPaid=True),
    "is no ImportScheduleUploadSchema": lambda d: d.update(weekCount="one"),
    "= 'Monday' came back as": lambda d: _shift(d).update(startDate="Monday"),
    "= 60.5 came back as 60": lambda d: _shift(d).update(lengthMinutes=60.5),
    "= 'false' came back as True": lambda d: d.update(published="false"),
}
"""What the client says of a document by what was done to it."""


def _agent(document):
    return document["agentSchedules"][0]


def _shift(document):
    return _agent(document)["shifts"][0]


@pytest.fixture(scope="module")
def said_of_spoilt(check, tmp_path_factory):
    """What the client says of all spoilt documents, by fault: it is started once."""
    folder, words = tmp_path_factory.mktemp("spoilt"), []
    for i, spoil in enumerate(SPOILT.values()):
        document = copy.deepcopy(IMPORT)
        spoil(document)
        path = folder / f"{i}.json"
        path.write_text(json.dumps(document))
        words.append(f"ImportScheduleUploadSchema={path}")
    is_taken, said = check("genesys", *words)
    assert not is_taken
    return {
        fault: [line for line in said.splitlines() if line.startswith(f"{folder / str(i)}.json: ")]
        for i, fault in enumerate(SPOILT)
    }


@pytest.mark.parametrize("fault", SPOILT)
def test_the_client_catches_what_is_wrong(said_of_spoilt, fault):
    (line,) = said_of_spoilt[fault]
    assert fault in line


def test_the_client_takes_what_is_right(check, tmp_path):
    path = tmp_path / "document.json"
    path.write_text(json.dumps(IMPORT))
    assert check("genesys", f"ImportScheduleUploadSchema={path}") == (True, "")
