"""Tests for wfplan.rosters.genesys."""

from __future__ import annotations

import copy
import gzip
import json

import pytest

from wfplan.domain.external_ids import IdKind


def activity(start, minutes, code, **more):
    return {"startDate": f"2026-10-19T{start}:00.000Z", "lengthMinutes": minutes,
            "activityCodeId": code, **more}  # fmt: skip


WEEK = {
    "description": "from elsewhere",
    "weekCount": 1,
    "published": False,
    "agentSchedules": [
        {
            "userId": "u-1",
            "workPlanId": {"value": "w-1"},
            "shifts": [
                {
                    "id": "7c1d0000-0000-4000-8000-000000000001",
                    "startDate": "2026-10-19T07:00:00.000Z",
                    "lengthMinutes": 480,
                    "activities": [
                        activity("07:00", 120, "0", paid=True),
                        activity("09:00", 15, "1", paid=True),
                        activity("09:15", 165, "0", paid=True),
                        activity("12:00", 30, "2", paid=False),
                        activity("12:30", 150, "0", paid=True),
                    ],
                }
            ],
            "fullDayTimeOffMarkers": [{"businessUnitDate": "2026-10-21", "lengthMinutes": 480}],
        }
    ],
}
CODES = {
    "entities": [
        {"id": "0", "name": "On Queue", "category": "OnQueueWork", "countsAsPaidTime": True},
        {"id": "1", "name": "Break", "category": "Break", "countsAsPaidTime": True},
        {"id": "2", "name": "Lunch", "category": "Meal", "countsAsPaidTime": False},
        {"id": "9", "name": "1:1 Coaching", "category": "Training", "countsAsPaidTime": True},
    ]
}
DAY = [
    ("ON_QUEUE", "07:00", "09:00", True),
    ("REST", "09:00", "09:15", True),
    ("ON_QUEUE", "09:15", "12:00", True),
    ("MEAL", "12:00", "12:30", False),
    ("ON_QUEUE", "12:30", "15:00", True),
]


def changed(change):
    week = copy.deepcopy(WEEK)
    change(week["agentSchedules"][0])
    return week


def as_its_api_gives_it():
    """Agent schedules with the user as an object, as an answer's result."""
    of_agent = copy.deepcopy(WEEK["agentSchedules"][0])
    user = of_agent.pop("userId")
    of_agent["user"] = {"id": user, "selfUri": f"/api/v2/users/{user}"}
    result = {"agentSchedules": [of_agent], "businessUnitTimeZone": "Europe/Dublin"}
    return {"status": "Complete", "result": result}


@pytest.mark.parametrize("document", [WEEK, as_its_api_gives_it()])
def test_people_and_activities_come_back_through_the_map(read, ids, parts, document):
    roster = read({"week.json": document}, ids=ids("genesys"))
    (shift,) = roster.shifts
    assert (roster.layout, shift.agent_id, f"{shift.shift_date}") == (
        "genesys", "A001", "2026-10-19",
    )  # fmt: skip
    assert shift.shift_id == "7c1d0000-0000-4000-8000-000000000001"
    assert parts(shift) == DAY
    assert roster.left == {"full days off": 1}


def test_a_gzip_file_under_any_name_is_the_same(read, ids, parts):
    (shift,) = read(
        {"upload.bin": gzip.compress(json.dumps(WEEK).encode())}, ids=ids("genesys")
    ).shifts
    assert parts(shift) == DAY


def test_the_list_of_activity_codes_says_what_codes_are(read, ids, parts):
    people = ids("genesys", {(IdKind.AGENT, "A001"): "u-1"})
    week = changed(lambda one: one["shifts"][0]["activities"][4].update(activityCodeId="9"))
    (shift,) = read({"codes.json": CODES, "week.json": week}, ids=people).shifts
    assert parts(shift)[:4] == DAY[:4]
    assert shift.activities[4].code == "1_1_COACHING"
    assert shift.activities[4].category == "training"


def test_every_id_that_nobody_knows_is_named_at_once(faults, ids):
    week = copy.deepcopy(WEEK)
    week["agentSchedules"] += [{**week["agentSchedules"][0], "userId": "u-8"},
                               {**week["agentSchedules"][0], "userId": "u-9"}]  # fmt: skip
    week["agentSchedules"][0]["shifts"][0]["activities"][1]["activityCodeId"] = "77"
    said = faults({"week.json": week}, ids=ids("genesys"))
    code, people = said
    assert code == (
        "week.json: agentSchedules[0].shifts[0].activities[1].activityCodeId: 1 activity code of "
        "the file is not known: 77 (3); give each a row in the file of --ids, such as "
        "activity,MEAL,genesys,77 [HR111]"
    )
    assert people == (
        "week.json: agentSchedules[1].userId: 2 people of the file are not known: u-8 (1), u-9 "
        "(1); give each a row in the file of --ids, such as agent,A001,genesys,u-8 [HR111]"
    )


def test_an_id_that_may_be_a_name_is_not_repeated(faults):
    week = changed(lambda one: one.update(userId="Ada Quinn"))
    (said,) = [one for one in faults({"week.json": week}) if "people" in one or "person" in one]
    assert "1 person of the file is not known: 1 that may be names" in said
    assert "Quinn" not in said


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda s: s.update(lengthMinutes=0), "lengthMinutes: is no whole number from 1"),
        (lambda s: s.update(lengthMinutes=True), "lengthMinutes: is no whole number"),
        (lambda s: s.update(lengthMinutes=1500), "the shift lasts 25.0 hours, the most are 24"),
        (lambda s: s.update(startDate="2026-10-19T07:00"), "startDate: is no instant"),
        (lambda s: s.update(startDate="2026-10-19T07:00:30Z"), "times are whole minutes"),
        (lambda s: s.update(startDate=None), "startDate: is missing"),
        (lambda s: s.update(activities={}), "activities: is no list"),
        (lambda s: s["activities"].append(7), "activities[5]: is no object"),
        (lambda s: s["activities"][1].update(paid="yes"), "paid: is neither true nor false"),
        (lambda s: s["activities"][0].pop("activityCodeId"), "activityCodeId: is missing"),
        (lambda s: s["activities"][1].update(lengthMinutes=600), "lies outside of its shift"),
        (lambda s: s["activities"][1].update(lengthMinutes=200), "does two things at once"),
    ],
)
def test_what_cannot_be_is_told_with_its_path(faults, ids, change, text):
    week = changed(lambda one: change(one["shifts"][0]))
    (said,) = faults({"week.json": week}, ids=ids("genesys"))
    assert text in said
    assert "agentSchedules[0].shifts[0]" in said


def test_time_between_activities_is_on_queue_and_a_break_lies_on_the_work(read, ids, parts):
    loose = [activity("07:00", 480, "0"), activity("10:00", 15, "1", paid=True)]
    week = changed(lambda one: one["shifts"][0].update(activities=loose))
    (shift,) = read({"week.json": week}, ids=ids("genesys")).shifts
    assert parts(shift) == [
        ("ON_QUEUE", "07:00", "10:00", True),
        ("REST", "10:00", "10:15", True),
        ("ON_QUEUE", "10:15", "15:00", True),
    ]
    week = changed(lambda one: one["shifts"][0].update(activities=[]))
    (shift,) = read({"week.json": week}, ids=ids("genesys")).shifts
    assert parts(shift) == [("ON_QUEUE", "07:00", "15:00", True)]


def test_a_shift_that_is_given_twice_is_one_too_many(faults, ids):
    week = changed(lambda one: one["shifts"].append(copy.deepcopy(one["shifts"][0])))
    said = faults({"week.json": week}, ids=ids("genesys"))
    assert any("A001 has two shifts at once (see agentSchedules[0].shifts[0])" in one
               for one in said)  # fmt: skip
    assert any("is given twice" in one for one in said)


def test_a_category_that_there_is_not_is_a_fault(faults, ids):
    codes = copy.deepcopy(CODES)
    codes["entities"][1]["category"] = "Brake"
    said = faults({"codes.json": codes, "week.json": WEEK}, ids=ids("genesys"))
    assert "codes.json: entities[1].category: 'Brake' is no category that is known" in said[0]


def test_codes_that_share_an_id_are_the_first_and_that_is_said(read, ids, parts):
    shared = ids(
        "genesys",
        {
            (IdKind.AGENT, "A001"): "u-1",
            (IdKind.ACTIVITY, "ON_QUEUE"): "0",
            (IdKind.ACTIVITY, "REST"): "1",
            (IdKind.ACTIVITY, "MEAL"): "1",
        },
    )
    week = changed(lambda one: one["shifts"][0]["activities"][3].update(activityCodeId="1"))
    roster = read({"week.json": week}, ids=shared)
    assert parts(roster.shifts[0])[3] == ("REST", "12:00", "12:30", False)
    assert "'1' is REST and MEAL in the id map: read as REST" in str(roster.notes[0])


def test_what_an_update_deletes_is_left_out(read, ids):
    week = changed(lambda one: one["shifts"].append({"id": "x", "delete": True}))
    roster = read({"week.json": week}, ids=ids("genesys"))
    assert (len(roster.shifts), roster.left["deleted shifts"]) == (1, 1)
