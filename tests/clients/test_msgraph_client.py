"""The Teams export, given to Microsoft Graph's own client."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from wfplan.domain.external_ids import ExternalIds, ExternalKey, IdKind
from wfplan.domain.offers import OfferKind, OpenShift
from wfplan.export import exported

pytestmark = pytest.mark.client

GRAPH, REQUESTS = "teams_graph.json", "teams_requests.json"


def _files(synthetic, *, is_at_once=False, **more):
    """An export with changes, open shifts and time off."""
    before = synthetic.schedule()
    moved = synthetic.shift("A001", synthetic.WEEK, 540, (300, "ON_QUEUE"), (30, "MEAL"))
    new = synthetic.shift("A003", synthetic.WEEK, 540, (300, "ON_QUEUE"))
    offer = OpenShift(OfferKind.OPEN_SHIFT, "", "voice", "full_time", new.start, new.end,
                      1.0, 5.0, None, "", new)  # fmt: skip
    given = {"schedule": synthetic.schedule(shifts=(moved, new)), "previous": before}
    order = synthetic.order(**given | {"open_shifts": (offer,)} | more)
    known = {**synthetic.ids(order, "teams").known,
             ExternalKey("teams", IdKind.GROUP, "voice"): "TAG_voice"}  # fmt: skip
    settings = {"is_shared_at_once": is_at_once}
    return exported("teams", replace(order, ids=ExternalIds(known)), settings=settings)[0]


def _first(document, kind, copy):
    return document[kind][0][copy]


def _activity(document):
    return _first(document, "shifts", "draftShift")["activities"][0]


SPOILT = {
    "$.openshifts is not known": lambda d: d.update(openshifts=[]),
    "$.shifts[0].userID is not known": lambda d: d["shifts"][0].update(userID="u"),
    "draftShift.note is not known": lambda d: _first(d, "shifts", "draftShift").update(note=""),
    "activities[0].ispaid is not known": lambda d: _activity(d).update(ispaid=True),
    "openSlots is not known": lambda d: _first(d, "openShifts", "draftOpenShift").update(
        openSlots=1
    ),
    "reasonId is not known": lambda d: _first(d, "timesOff", "draftTimeOff").update(reasonId="x"),
    "draftShift.theme": lambda d: _first(d, "shifts", "draftShift").update(theme="grey"),
    "startDateTime": lambda d: _first(d, "shifts", "draftShift").update(startDateTime="Monday"),
    "isPaid": lambda d: _activity(d).update(isPaid="yes"),
    "openSlotCount": lambda d: _first(d, "openShifts", "draftOpenShift").update(openSlotCount="1"),
}
"""What is said of a document by what was done to it."""


@pytest.fixture(scope="module")
def said_of_spoilt(check, tmp_path_factory, synthetic):
    """What the client says of all spoilt documents, by fault: it is started once."""
    folder, paths = tmp_path_factory.mktemp("spoilt"), []
    for n, spoil in enumerate(SPOILT.values()):
        document = json.loads(_files(synthetic)[GRAPH])
        spoil(document)
        paths.append(folder / f"{n}.json")
        paths[-1].write_text(json.dumps(document))
    is_taken, said = check("msgraph", *paths)
    assert not is_taken
    return {
        fault: [line for line in said.splitlines() if line.startswith(f"{path}: ")]
        for fault, path in zip(SPOILT, paths, strict=True)
    }


@pytest.mark.parametrize("fault", SPOILT)
def test_the_client_catches_what_is_wrong(said_of_spoilt, fault):
    (line,) = said_of_spoilt[fault]
    assert fault in line


def test_the_client_finds_addresses_that_it_does_not_call(check, tmp_path, synthetic):
    document = json.loads(_files(synthetic)[REQUESTS])
    document["lookups"][0] = document["lookups"][0].replace("$filter", "$filer")
    spoilt = document["batches"][0]["requests"]
    spoilt[0]["url"] = spoilt[0]["url"].replace("shifts", "shift")
    spoilt[1]["method"] = "PATCH"
    spoilt[2]["url"] = spoilt[2]["url"].replace("/schedule", "")
    (tmp_path / REQUESTS).write_text(json.dumps(document))
    is_taken, said = check("msgraph", tmp_path / REQUESTS)
    assert not is_taken
    assert [line.partition(": ")[2].partition(" = ")[0] for line in said.splitlines()] == [
        "$.lookups[0]", *(f"$.batches[0].requests[{n}].url" for n in range(3)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "more",
    [{}, {"is_publishing": True}, {"is_publishing": True, "is_at_once": True}],
    ids=["draft", "shared", "shared_at_once"],
)
def test_the_client_takes_every_kind_of_export(check, tmp_path, synthetic, more):
    files = _files(synthetic, **more)
    for name in (GRAPH, REQUESTS):
        (tmp_path / name).write_bytes(files[name])
    assert check("msgraph", tmp_path / GRAPH, tmp_path / REQUESTS) == (True, "")
