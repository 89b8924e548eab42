"""The canonical document, held against its JSON Schema by the library that everybody uses."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from wfplan.domain.configs import configs_folder
from wfplan.domain.offers import OfferKind, OpenShift
from wfplan.export import exported

pytestmark = pytest.mark.client

SCHEMA = configs_folder() / "export" / "wfplan-schedule-1.schema.json"


def documents(synthetic):
    """Documents by what is special of them."""
    before = synthetic.schedule(status="published")
    told = synthetic.order(previous=before).told
    start = before.shifts[0].start
    offer = OpenShift(OfferKind.OPEN_SHIFT, "", "voice+chat", "full_time", start,
                      start + timedelta(hours=8), 9.2, 8.0, None, "")  # fmt: skip
    one = synthetic.schedule(shifts=before.shifts[:1])
    orders = {
        "whole": synthetic.order(open_shifts=(offer, offer)),
        "gone": synthetic.order(schedule=one, previous=before),
        "since": synthetic.order(schedule=one, told=told, since=told),
        "empty": synthetic.order(schedule=synthetic.schedule(shifts=())),
        "known": synthetic.order(ids=synthetic.ids(synthetic.order(), "teams", "genesys")),
    }
    return {name: json.loads(exported("json", order)[0]["schedule.json"])
            for name, order in orders.items()}  # fmt: skip


def _put(folder, name, document):
    path = folder / f"{name}.json"
    path.write_text(json.dumps(document))
    return f"{SCHEMA}={path}"


def test_every_kind_of_document_keeps_the_schema(check, synthetic, tmp_path):
    words = [_put(tmp_path, *one) for one in documents(synthetic).items()]
    is_kept, said = check("jsonschema", *words)
    assert is_kept, said


SPOILT = {
    "$: 'status' is a required property": lambda d: d.pop("status"),
    "'agentid' was unexpected": lambda d: d["agents"][0].update(agentid="A001"),
    "$.shifts[0].start: ": lambda d: d["shifts"][0].update(start="2026-10-19T07:00"),
    "$.shifts[0].state: ": lambda d: d["shifts"][0].update(state="maybe"),
    "$.shifts[0].revision: ": lambda d: d["shifts"][0].update(revision=0),
    "$.activity_codes[0].paid: ": lambda d: d["activity_codes"][0].update(paid="yes"),
    "$.open_shifts[0].slots: ": lambda d: d["open_shifts"][0].update(slots=0),
    "$.time_off[0].all_day: ": lambda d: d["time_off"][0].update(all_day=1),
    "$.groups[0].external_ids.teams: ": lambda d: d["groups"][0].update(external_ids={"teams": 1}),
}
"""What is said of a document by what was done to it."""


@pytest.fixture(scope="module")
def said(check, synthetic, tmp_path_factory):
    """What is said of all spoilt documents."""
    folder, words = tmp_path_factory.mktemp("spoilt"), []
    for n, spoil in enumerate(SPOILT.values()):
        document = documents(synthetic)["whole"]
        spoil(document)
        words.append(_put(folder, str(n), document))
    is_kept, said = check("jsonschema", *words)
    assert not is_kept
    return said.splitlines()


@pytest.mark.parametrize(("n", "fault"), list(enumerate(SPOILT)))
def test_the_schema_catches_what_is_wrong(said, n, fault):
    (line,) = [line for line in said if f"/{n}.json: " in line]
    assert fault in line
