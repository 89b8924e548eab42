"""Tests for wfplan.rosters.canonical and schema: the document wfplan-schedule/1."""

from __future__ import annotations

import copy
import json

import pytest

from wfplan.domain.configs import configs_folder
from wfplan.domain.schedule_rows import told_shifts
from wfplan.export import Order, exported
from wfplan.rosters.schema import WORDS


@pytest.fixture
def document(synthetic):
    """The document of the made-up schedule."""
    files, _ = exported("json", Order(synthetic.problem(), synthetic.schedule()))
    return json.loads(files["schedule.json"])


def words_of(schema):
    """The words of a schema and of those inside it."""
    found = set(schema)
    for key in ("properties", "$defs"):
        for inner in schema.get(key, {}).values():
            found |= words_of(inner)
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            found |= words_of(schema[key])
    return found


def test_every_word_of_the_shipped_schema_is_held_against_documents():
    path = configs_folder() / "export" / "wfplan-schedule-1.schema.json"
    assert words_of(json.loads(path.read_text())) - WORDS == set()


def test_the_agreed_example_is_read(read, shared, synthetic):
    raw = (shared / "examples" / "schedules" / "schedule.json").read_bytes()
    people = [
        synthetic.agent(agent_id, timezone=zone)
        for agent_id, zone in (
            ("A001", "Europe/London"), ("A002", "Europe/London"),
            ("A003", "America/Port_of_Spain"),
        )
    ]  # fmt: skip
    roster = read({"schedule.json": raw}, synthetic.problem(agents=tuple(people)))
    assert [shift.shift_id for shift in roster.shifts] == [
        "lon-A001-20261019-1", "lon-A001-20261024-1", "lon-A002-20261020-1",
        "lon-A003-20261019-1",
    ]  # fmt: skip
    assert roster.left == {
        "cancelled shifts": 1, "entries of time off": 1, "open shifts": 1,
    }  # fmt: skip
    night = roster.shifts[1]
    assert (night.end - night.start).total_seconds() == 540 * 60


def test_cancelled_shifts_are_left_out(read, synthetic):
    now = synthetic.schedule(shifts=synthetic.schedule().shifts[:1])
    order = Order(synthetic.problem(), now, told=told_shifts([synthetic.schedule()]))
    roster = read({"s.json": exported("json", order)[0]["schedule.json"]})
    assert roster.shifts == now.shifts
    assert roster.left["cancelled shifts"] == 1


SPOILT = [
    (lambda d: d.update(schema="wfplan-schedule/2"), "schema: is wfplan-schedule/2; this wfplan"),
    (lambda d: d.pop("timezone"), "timezone: is missing"),
    (lambda d: d.update(revision="1"), "revision: is not a whole number"),
    (lambda d: d.update(weeks=0), "weeks: 0 are too few"),
    (lambda d: d.update(statuss="draft"), "statuss: is not known; did you mean 'status'?"),
    (lambda d: d["shifts"][1].update(state="confirmd"),
     "shifts[1].state: 'confirmd' is not known here; did you mean 'confirmed'?"),
    (lambda d: d["shifts"][0]["activities"][1].update(star="x"),
     "shifts[0].activities[1].star: is not known; did you mean 'start'?"),
    (lambda d: d["shifts"][0]["activities"][1].update(code="TEA"),
     "shifts[0].activities[1].code: 'TEA' is none of activity_codes"),
    (lambda d: d["shifts"][0]["activities"][1].update(end="2026-10-19T09:20:00Z"),
     "shifts[0]: activities do not tile the shift: they lie on each other at"),
    (lambda d: d["shifts"][0]["activities"].pop(1), "they leave a gap at 2026-10-19T09:00Z"),
    (lambda d: d["shifts"][0].update(activities=[]), "shifts[0].activities: has none"),
    (lambda d: d["shifts"][0].update(end="2026-10-19T07:00:00Z", activities=[
        {"code": "REST", "start": "2026-10-19T07:00:00Z", "end": "2026-10-19T07:00:00Z"}]),
     "shifts[0]: the shift ends before it starts"),
    (lambda d: d["shifts"][0].update(date="2026-10-20"),
     "shifts[0].date: is 2026-10-20, and the shift starts on 2026-10-19 in Europe/Dublin"),
    (lambda d: d["shifts"][0].update(start="2026-13-19T07:00:00Z"), "start: is no instant"),
    (lambda d: d["shifts"][0].update(start="2026-10-19T07:00:15Z"), "times are whole minutes"),
    (lambda d: d["shifts"].append(d["shifts"][0]), "A001 has two shifts at once"),
    (lambda d: d["shifts"][1].update(shift_id=d["shifts"][0]["shift_id"]),
     "is given twice (see shifts[0])"),
    (lambda d: d["activity_codes"].append(d["activity_codes"][0]), "is there twice"),
    (lambda d: d["agents"][0].update(timezone="Europe/Dublinn"), "is not known"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "text"), SPOILT)
def test_what_is_wrong_is_told_with_its_path(faults, document, spoil, text):
    spoilt = copy.deepcopy(document)
    spoil(spoilt)
    said = faults({"schedule.json": spoilt})
    assert any(text in one for one in said), said
    assert all(one.startswith("schedule.json: ") for one in said)


def test_all_faults_are_told_at_once(faults, document):
    spoilt = copy.deepcopy(document)
    del spoilt["site"]
    spoilt["shifts"][0]["locked"] = "no"
    spoilt["shifts"][1]["activities"][0]["start"] = 7
    assert [one.partition(": ")[2].partition(":")[0] for one in faults({"s.json": spoilt})] == [
        "site", "shifts[0].locked", "shifts[1].activities[0].start",
    ]  # fmt: skip


def test_a_flood_of_faults_ends(faults, document):
    spoilt = copy.deepcopy(document)
    spoilt["shifts"] = [{"shift_id": 7}] * 10_000
    said = faults({"s.json": spoilt})
    assert len(said) == 201
    assert "has more than 200 faults" in said[-1]


def test_people_of_another_plan_are_named_together(faults, document):
    spoilt = copy.deepcopy(document)
    for shift, name in zip(spoilt["shifts"], ("B001", "B002"), strict=True):
        shift["agent_id"] = name
    (said,) = faults({"s.json": spoilt})
    assert "2 people of the file are not known: B001 (1), B002 (1)" in said


def test_categories_that_a_plan_has_not_are_the_nearest_ones(read, document):
    for one in document["activity_codes"]:
        one["category"] = "coaching" if one["code"] == "REST" else one["category"]
    shift = read({"s.json": document}).shifts[0]
    assert shift.activities[1].category == "training"


def test_a_name_is_not_repeated(faults, document):
    document["shifts"][0]["agent_id"] = "Canary Quillfeather"
    assert "Quillfeather" not in "".join(faults({"s.json": document}))
