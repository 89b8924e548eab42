"""Tests for wfplan.rosters.graph: shifts of Microsoft Graph."""

from __future__ import annotations

import copy

import pytest

from wfplan.domain.external_ids import IdKind

ITEM = {
    "displayName": "Day",
    "notes": "wfplan:dublin-A001-20261019-1",
    "startDateTime": "2026-10-19T07:00:00Z",
    "endDateTime": "2026-10-19T15:00:00Z",
    "theme": "blue",
    "activities": [
        {"isPaid": False, "startDateTime": "2026-10-19T11:00:00Z",
         "endDateTime": "2026-10-19T11:30:00Z", "code": "MEAL", "displayName": "Meal"},
    ],
}  # fmt: skip
SHIFT = {"id": "SHFT_1", "userId": "u-1", "schedulingGroupId": "TAG_1", "sharedShift": ITEM,
         "draftShift": None}  # fmt: skip
DAY = [
    ("ON_QUEUE", "07:00", "11:00", True),
    ("MEAL", "11:00", "11:30", False),
    ("ON_QUEUE", "11:30", "15:00", True),
]


@pytest.fixture
def known(ids):
    return ids("teams", {(IdKind.AGENT, "A001"): "u-1", (IdKind.ACTIVITY, "REST"): "Tea"})


def changed(**more):
    return {"value": [{**copy.deepcopy(SHIFT), **more}]}


@pytest.mark.parametrize(
    "document", [{"value": [SHIFT]}, {"shifts": [SHIFT], "openShifts": [{}], "timesOff": [{}, {}]}]
)
def test_shared_shifts_come_back_by_the_id_in_their_notes(read, known, parts, document):
    roster = read({"shifts.json": document}, ids=known)
    (shift,) = roster.shifts
    assert (roster.layout, shift.shift_id) == ("teams", "dublin-A001-20261019-1")
    assert parts(shift) == DAY
    assert roster.left == ({"open shifts": 1, "entries of time off": 2}
                           if "shifts" in document else {})  # fmt: skip


def test_a_draft_counts_where_nothing_is_shared(read, known, parts):
    draft = {**ITEM, "notes": "", "activities": []}
    (shift,) = read({"s.json": changed(sharedShift=None, draftShift=draft)}, ids=known).shifts
    assert shift.shift_id == "SHFT_1"
    assert parts(shift) == [("ON_QUEUE", "07:00", "15:00", True)]


def test_what_is_to_be_deleted_is_left_out(read, known):
    two = {"value": [SHIFT, {**SHIFT, "isStagedForDeletion": True}]}
    assert read({"s.json": two}, ids=known).left == {"shifts staged for deletion": 1}


def test_codes_are_looked_up_and_those_that_nobody_knows_named(read, faults, known):
    item = copy.deepcopy(ITEM)
    item["activities"][0].update(code="", displayName="Tea", isPaid=True)
    (shift,) = read({"s.json": changed(sharedShift=item)}, ids=known).shifts
    assert shift.activities[1].code == "REST"
    item["activities"][0].update(displayName="Walk")
    (said,) = faults({"s.json": changed(sharedShift=item)}, ids=known)
    assert "value[0].sharedShift.activities[0].code: 1 activity code" in said
    assert "such as activity,MEAL,teams,Walk" in said


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("startDateTime", "2026-10-19T16:00:00Z", "the shift ends before it starts"),
        ("startDateTime", "yesterday", "sharedShift.startDateTime: is no instant"),
        ("activities", "none", "sharedShift.activities: is no list"),
    ],
)
def test_what_cannot_be_is_told_with_its_path(faults, known, key, value, text):
    (said,) = faults({"s.json": changed(sharedShift={**ITEM, key: value})}, ids=known)
    assert text in said
