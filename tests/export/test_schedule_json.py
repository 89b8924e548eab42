"""Tests for wfplan.export.schedule_json."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from wfplan.domain.external_ids import IdKind
from wfplan.domain.offers import OfferKind, OpenShift
from wfplan.export import exported
from wfplan.horizon import wall_instant

SCHEMA = Path(__file__).parents[2] / "configs" / "export" / "wfplan-schedule-1.schema.json"


@pytest.fixture(scope="module")
def schema():
    """Our own schema."""
    return json.loads(SCHEMA.read_text())


@pytest.fixture
def document(files):
    """The document of the made-up schedule."""
    return json.loads(files("json")["schedule.json"])


def test_the_document_keeps_our_schema(document, schema, schema_faults):
    assert schema_faults(document, schema) == []


def test_the_document_keeps_the_agreed_schema(document, shared, schema_faults):
    path = shared / "examples" / "schedules" / "wfplan-schedule-1.schema.json"
    agreed = json.loads(path.read_text())
    assert schema_faults(document, agreed) == []


def test_our_schema_takes_the_agreed_example(schema, shared, schema_faults):
    example = json.loads((shared / "examples" / "schedules" / "schedule.json").read_text())
    assert schema_faults(example, schema) == []


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda d: d.pop("status"), "status is missing"),
        (lambda d: d.update(weeks=0), "weeks is out of range"),
        (lambda d: d.update(colour="red"), "colour is unknown"),
        (lambda d: d["shifts"][0].update(start="2026-10-19 07:00"), "start = "),
        (lambda d: d["shifts"][0].update(state="maybe"), "state is none of"),
        (lambda d: d["activity_codes"][0].update(paid=1), "paid is no boolean"),
        (lambda d: d["agents"][0].update(agent_id="Ada Quinn"), "agent_id = "),
    ],
)
def test_our_schema_refuses_what_is_wrong(document, schema, spoil, fault, schema_faults):
    spoilt = copy.deepcopy(document)
    spoil(spoilt)
    (found,) = schema_faults(spoilt, schema)
    assert fault in found


def test_activities_tile_their_shift(document):
    for shift in document["shifts"]:
        ends = [shift["start"], *(activity["end"] for activity in shift["activities"])]
        starts = [*(activity["start"] for activity in shift["activities"]), shift["end"]]
        assert starts == ends


def test_the_night_of_the_clock_change_has_nine_hours(document):
    night = document["shifts"][1]
    start, end = (datetime.fromisoformat(night[name]) for name in ("start", "end"))
    assert end - start == timedelta(hours=9)


def test_time_off_is_given_by_dates_the_last_one_included_and_without_a_reason(document):
    (entry,) = document["time_off"]
    assert (entry["start_date"], entry["end_date"]) == ("2026-10-22", "2026-10-23")
    assert (entry["code"], entry["all_day"]) == ("TIME_OFF", True)
    assert entry.keys() == {
        "time_off_id", "agent_id", "code", "start_date", "end_date", "all_day", "revision",
    }  # fmt: skip


def test_requested_time_off_and_that_of_other_weeks_stays_at_home(files, synthetic):
    leave = synthetic.problem().agents[1].time_off[0]
    far = leave.model_copy(
        update={"start": leave.start + timedelta(days=9), "end": leave.end + timedelta(days=9)}
    )
    asked = leave.model_copy(update={"status": "requested"})
    agent = synthetic.agent("A001", time_off=(far, asked))
    document = json.loads(
        files("json", problem=synthetic.problem(agents=(agent,)))["schedule.json"]
    )
    assert document["time_off"] == []


def test_a_code_with_paid_and_unpaid_uses_is_two_codes(files, synthetic, schema, schema_faults):
    shift = synthetic.schedule().shifts[0]
    first, rest, last = shift.activities
    unpaid = rest.model_copy(update={"is_paid": False})
    other = shift.model_copy(
        update={"shift_id": "x-2", "agent_id": "A003", "activities": (first, unpaid, last)}
    )
    document = json.loads(files("json", synthetic.schedule(shifts=(shift, other)))["schedule.json"])
    paid = {code["code"]: code["paid"] for code in document["activity_codes"]}
    assert paid["REST.break.paid"] is True
    assert paid["REST.break.unpaid"] is False
    codes = [shift["activities"][1]["code"] for shift in document["shifts"]]
    assert codes == ["REST.break.paid", "REST.break.unpaid"]
    assert schema_faults(document, schema) == []


def test_every_code_that_is_used_is_declared(document):
    declared = {code["code"] for code in document["activity_codes"]}
    used = {a["code"] for shift in document["shifts"] for a in shift["activities"]}
    assert used | {entry["code"] for entry in document["time_off"]} == declared


def test_ids_that_are_too_long_or_odd_are_shortened_and_stay_apart(
    files, synthetic, schema, schema_faults
):
    shift = synthetic.schedule().shifts[0]
    long = [shift.model_copy(update={"shift_id": "é " + "x" * 80 + end}) for end in "ab"]
    odd = synthetic.schedule(schedule_id="Banque d'Été 2026/43", shifts=tuple(long))
    document = json.loads(files("json", odd)["schedule.json"])
    assert schema_faults(document, schema) == []
    assert len({shift["shift_id"] for shift in document["shifts"]}) == 2


def test_a_shift_that_is_gone_is_cancelled_without_activities(
    files, synthetic, schema, schema_faults
):
    before = synthetic.schedule(revision=2)
    now = synthetic.schedule(revision=3, shifts=before.shifts[:1])
    document = json.loads(files("json", now, previous=before)["schedule.json"])
    states = [(s["state"], s["revision"], len(s["activities"])) for s in document["shifts"]]
    assert states == [("draft", 2, 3), ("cancelled", 3, 0)]
    assert schema_faults(document, schema) == []


@pytest.mark.parametrize("zone", ["Etc/GMT+1", "America/Argentina/Buenos_Aires", "UTC"])
def test_our_schema_knows_every_kind_of_zone(files, synthetic, schema, zone, schema_faults):
    agent = synthetic.agent("A001", timezone=zone)
    document = json.loads(
        files("json", problem=synthetic.problem(agents=(agent,)))["schedule.json"]
    )
    assert schema_faults(document, schema) == []


def open_shift(synthetic, start_min, contract="full_time"):
    """A shift of voice that nobody has."""
    start = wall_instant(synthetic.WEEK, start_min, synthetic.DUBLIN)
    return OpenShift(
        OfferKind.OPEN_SHIFT, "", "voice+chat", contract, start, start + timedelta(hours=8),
        9.2, 8.0, None, "nobody is there",
    )  # fmt: skip


def test_shifts_that_nobody_has_are_offered_the_same_ones_as_slots(
    files, synthetic, schema, schema_faults
):
    offers = tuple(open_shift(synthetic, minute) for minute in (540, 480, 480))
    document = json.loads(files("json", open_shifts=offers)["schedule.json"])
    first, second = document["open_shifts"]
    assert (first["slots"], second["slots"]) == (2, 1)
    assert (first["start"], first["end"]) == ("2026-10-19T07:00:00Z", "2026-10-19T15:00:00Z")
    assert (first["group"], first["label"]) == ("voice+chat", "full_time")
    assert first["open_shift_id"] != second["open_shift_id"]
    assert schema_faults(document, schema) == []
    turned = json.loads(files("json", open_shifts=offers[::-1])["schedule.json"])
    assert turned["open_shifts"] == document["open_shifts"]


def test_an_open_shift_whose_breaks_are_planned_has_its_activities(
    files, synthetic, schema, schema_faults
):
    shift = synthetic.shift("nobody", synthetic.WEEK, 480, (240, "ON_QUEUE"), (30, "MEAL"))
    offer = replace(open_shift(synthetic, 480), shift=shift, end=shift.end)
    document = json.loads(files("json", open_shifts=(offer,))["schedule.json"])
    (entry,) = document["open_shifts"]
    assert [a["code"] for a in entry["activities"]] == ["ON_QUEUE", "MEAL"]
    assert {"ON_QUEUE", "MEAL"} <= {code["code"] for code in document["activity_codes"]}
    assert schema_faults(document, schema) == []


def test_ids_of_other_systems_are_told_by_system(files, synthetic, schema, schema_faults):
    order = synthetic.order()
    ids = synthetic.ids(order, "teams", "genesys")
    document = json.loads(files("json", ids=ids)["schedule.json"])
    for name, kind, key in (
        ("agents", IdKind.AGENT, "agent_id"),
        ("groups", IdKind.GROUP, "group"),
        ("activity_codes", IdKind.ACTIVITY, "code"),
    ):
        assert document[name]
        for entry in document[name]:
            assert entry["external_ids"] == ids.all_of(kind, entry[key])
            assert set(entry["external_ids"]) == {"genesys", "teams"}
    assert schema_faults(document, schema) == []


def test_what_is_known_nowhere_else_has_no_such_ids(synthetic):
    made, _ = exported("json", synthetic.order())
    document = json.loads(made["schedule.json"])
    assert not any("external_ids" in one for one in document["agents"])


def test_since_then_there_is_what_changed_and_a_tombstone_for_what_is_gone(
    files, synthetic, schema, schema_faults
):
    before = synthetic.schedule()
    told = synthetic.order(previous=before).told
    first, second = before.shifts
    moved = first.model_copy(update={"activities": first.activities[:-1]})
    third = synthetic.shift("A003", synthetic.WEEK, 480, (240, "ON_QUEUE"))
    document = json.loads(
        files("json", synthetic.schedule(shifts=(moved, third)), told=told, since=told)[
            "schedule.json"
        ]
    )
    shown = {one["shift_id"]: (one["state"], one["revision"]) for one in document["shifts"]}
    assert shown == {
        first.shift_id: ("draft", 2), second.shift_id: ("cancelled", 2),
        third.shift_id: ("draft", 2),
    }  # fmt: skip
    assert schema_faults(document, schema) == []
    same = json.loads(files("json", before, told=told, since=told)["schedule.json"])
    assert same["shifts"] == []


def test_two_documents_can_be_compared_line_by_line(files, synthetic):
    before = synthetic.schedule()
    now = synthetic.schedule(shifts=(before.shifts[0].model_copy(update={"is_locked": True}),
                                     before.shifts[1]))  # fmt: skip
    lines = [files("json", one)["schedule.json"].splitlines() for one in (before, now)]
    assert sum(a != b for a, b in zip(*lines, strict=True)) == 1
