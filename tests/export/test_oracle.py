"""Tests for wfplan.export.oracle: against the attributes and examples that Oracle documents."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.domain.external_ids import ExternalKey, IdKind
from wfplan.domain.offers import OfferKind, OpenShift
from wfplan.errors import ExportRefusedError, InputFaultsError
from wfplan.export import exported

DAT = "ScheduleRequest.dat"
HEADERS = """
METADATA|ScheduleRequest|ScheduleRequestNumber|RequestSource|RequestTime|DepartmentName|\
LocationCode|LocationSetCode|StartDate|EndDate|ImportMode|ValidationFlag
METADATA|ScheduleEvent|ImportMode|ScheduleRequestNumber|ScheduleEventNumber|\
AssignmentNumber|PersonNumber|OpenShift
METADATA|ScheduleShiftEvent|ShiftNumber|ShiftAction|ShiftStartTime|ShiftEndTime|\
ScheduleEventNumber|ScheduleRequestNumber|ScheduleShiftEventNumber|JobProfileType|JobProfile|\
JobSetCode|OtherQualificationType|OtherQualification|BusinessUnitName|ShiftTypeExtendedCode|\
WorkforceShiftName|ShiftDate|UnpaidBreakDuration|PaidBreakDuration|WorkforceShiftCategory|\
Comments|PremiumShiftCode|AllowOvertimeFlag|ShiftIncentive
"""


def split(line):
    """The values of a line, escapes taken back as HCM Data Loader takes them."""
    values, value, at = [], "", 0
    while at < len(line):
        if line[at] == "\\":
            value += line[at + 1]
            at += 1
        elif line[at] == "|":
            values.append(value)
            value = ""
        else:
            value += line[at]
        at += 1
    return [*values, value]


def records(raw, component):
    """The records of a component by their attributes' names."""
    lines = raw.decode().splitlines()
    (head,) = [line for line in lines if line.startswith(f"METADATA|{component}|")]
    names = head.split("|")[2:]
    found = []
    for line in lines:
        if line.startswith(f"MERGE|{component}|"):
            values = split(line)[2:]
            assert len(values) == len(names), line
            found.append(dict(zip(names, values, strict=True)))
    return found


@pytest.fixture
def dat(files):
    """The file of the made-up schedule; see the fixture ``files``."""

    def of(*given, **more):
        return files("oracle", *given, **more)[DAT]

    return of


def test_the_attributes_are_those_that_oracle_documents(dat):
    lines = dat().decode().splitlines()
    assert [line for line in lines if line.startswith("METADATA")] == HEADERS.split()
    assert all(line.startswith(("METADATA|", "MERGE|")) for line in lines)


def test_the_attributes_are_those_of_the_example(dat, shared):
    agreed = (shared / "examples" / "schedules" / DAT).read_text("utf-8").splitlines()
    ours = dat().decode().splitlines()
    assert [line for line in ours if line.startswith("METADATA")] == [
        line for line in agreed if line.startswith("METADATA")
    ]


def test_a_whole_schedule_is_one_request_with_an_event_per_person(dat, synthetic):
    raw = dat()
    (request,) = records(raw, "ScheduleRequest")
    number = request.pop("ScheduleRequestNumber")
    assert number.startswith("harbour-bank-20261019-r1-")
    ids = synthetic.ids(synthetic.order(), "oracle")
    dublin = ids.find("oracle", IdKind.SITE, "Dublin")
    assert request == {
        "RequestSource": "ORA_HWM_WFM",
        "RequestTime": "2026-10-16T19:00:00.000+00:00",
        "DepartmentName": dublin,
        "LocationCode": "",
        "LocationSetCode": "",
        "StartDate": "2026/10/19",
        "EndDate": "2026/10/25",
        "ImportMode": "FULL",
        "ValidationFlag": "Y",
    }
    assert records(raw, "ScheduleEvent") == [
        {
            "ImportMode": "FULL",
            "ScheduleRequestNumber": number,
            "ScheduleEventNumber": f"{number}_{at:03d}",
            "AssignmentNumber": "",
            "PersonNumber": ids.find("oracle", IdKind.AGENT, agent_id),
            "OpenShift": "N",
        }
        for at, agent_id in ((1, "A001"), (2, "A002"))
    ]


def test_a_shift_has_its_times_with_offset_and_its_breaks_in_minutes(dat):
    first, night = records(dat(), "ScheduleShiftEvent")
    assert first.pop("ScheduleShiftEventNumber") == first.pop("ScheduleEventNumber") + "_001"
    del first["ScheduleRequestNumber"]
    assert {name: value for name, value in first.items() if value} == {
        "ShiftNumber": "dublin-A001-20261019-1",
        "ShiftAction": "CREATE",
        "ShiftStartTime": "2026-10-19T08:00:00.000+01:00",
        "ShiftEndTime": "2026-10-19T16:00:00.000+01:00",
        "ShiftTypeExtendedCode": "REGULAR",
        "ShiftDate": "2026/10/19",
        "UnpaidBreakDuration": "0",
        "PaidBreakDuration": "15",
    }
    assert night["ShiftStartTime"] == "2026-10-24T22:00:00.000+01:00"
    assert night["ShiftEndTime"] == "2026-10-25T06:00:00.000+00:00"
    assert (night["UnpaidBreakDuration"], night["PaidBreakDuration"]) == ("30", "0")


def test_the_zip_holds_the_file_alone_and_is_the_same_everywhere(files):
    made = files("oracle")
    with zipfile.ZipFile(io.BytesIO(made["ScheduleRequest.zip"])) as archive:
        (entry,) = archive.infolist()
        assert (entry.filename, entry.date_time) == (DAT, (1980, 1, 1, 0, 0, 0))
        assert archive.read(entry) == made[DAT]


def test_every_site_is_a_department_of_its_own(dat, synthetic):
    agents = (synthetic.agent("A001"), synthetic.agent("A002", site="Cork"))
    problem = synthetic.problem(agents=agents)
    ids = {ExternalKey("oracle", IdKind.AGENT, one): f"P{one}" for one in ("A001", "A002")} | {
        ExternalKey("oracle", IdKind.SITE, "Cork"): "Cork Care|Team"
    }
    settings = {"locations": {"Cork": "CRK"}, "location": "DUB"}
    raw = dat(problem=problem, ids=synthetic.order().ids.with_rows(ids.items()), settings=settings)
    requests = records(raw, "ScheduleRequest")
    places = [(one["DepartmentName"], one["LocationCode"]) for one in requests]
    assert places == [("Cork Care|Team", "CRK"), ("Dublin", "DUB")]
    assert {one["LocationSetCode"] for one in requests} == {"COMMON"}
    assert b"|Cork Care\\|Team|" in raw
    numbers = [one["ScheduleRequestNumber"] for one in requests]
    assert len(set(numbers)) == 2
    events = records(raw, "ScheduleEvent")
    assert [(one["ScheduleRequestNumber"], one["PersonNumber"]) for one in events] == [
        (numbers[0], "PA002"), (numbers[1], "PA001")]  # fmt: skip


def test_departments_can_be_teams_or_one_for_all(dat, synthetic):
    agents = (synthetic.agent("A001"), synthetic.agent("A002", team="Tech"))
    problem = synthetic.problem(agents=agents)
    by_team = records(dat(problem=problem, settings={"department_by": "team"}), "ScheduleRequest")
    assert len(by_team) == 2
    one = records(dat(problem=problem, settings={"department": "Care"}), "ScheduleRequest")
    assert [request["DepartmentName"] for request in one] == ["Care"]


def test_people_without_a_team_are_all_named_where_departments_are_teams(dat, synthetic):
    agents = (synthetic.agent("A001", team=""), synthetic.agent("A002", team=""))
    with pytest.raises(ExportRefusedError, match="A001, A002: no team says their department"):
        dat(problem=synthetic.problem(agents=agents), settings={"department_by": "team"})


def test_what_changed_is_made_changed_and_deleted_by_its_number(synthetic):
    before = synthetic.schedule()
    day, night = before.shifts
    moved = synthetic.shift("A001", synthetic.WEEK, 540, (480, "ON_QUEUE"))
    more = synthetic.shift("A003", synthetic.WEEK, 600, (240, "ON_QUEUE"))
    order = synthetic.order(
        schedule=synthetic.schedule(revision=2, shifts=(moved, more)), previous=before
    )
    order = replace(order, since=order.told, ids=synthetic.ids(order, "oracle"))
    files, notes = exported("oracle", order)
    (request,) = records(files[DAT], "ScheduleRequest")
    assert (request["ImportMode"], request["StartDate"]) == ("UPDATE", "2026/10/19")
    assert {one["ImportMode"] for one in records(files[DAT], "ScheduleEvent")} == {"UPDATE"}
    shifts = {one["ShiftNumber"]: one for one in records(files[DAT], "ScheduleShiftEvent")}
    assert {number: one["ShiftAction"] for number, one in shifts.items()} == {
        day.shift_id: "UPDATE", night.shift_id: "DELETE", more.shift_id: "CREATE"}  # fmt: skip
    assert shifts[day.shift_id]["ShiftStartTime"] == "2026-10-19T09:00:00.000+01:00"
    assert shifts[night.shift_id]["ShiftStartTime"] == ""
    assert not any("FULL" in note.text for note in notes)


def test_nothing_that_changed_is_no_request(synthetic):
    order = synthetic.order(previous=synthetic.schedule())
    order = replace(order, since=order.told, ids=synthetic.ids(order, "oracle"))
    files, notes = exported("oracle", order)
    assert records(files[DAT], "ScheduleRequest") == []
    assert notes[0].text == "there is no shift in the file: do not load it"
    assert notes[1].text == "time off is not sent: only shifts are"


def test_a_whole_export_deletes_what_is_cancelled_and_says_so(synthetic):
    before = synthetic.schedule()
    order = synthetic.order(schedule=synthetic.schedule(revision=2, shifts=()), previous=before)
    order = replace(order, ids=synthetic.ids(order, "oracle"))
    files, notes = exported("oracle", order)
    (request,) = records(files[DAT], "ScheduleRequest")
    assert request["ImportMode"] == "FULL"
    assert records(files[DAT], "ScheduleShiftEvent") == []
    assert "Oracle deletes all shifts of" in notes[0].text
    assert "from 2026-10-19 to 2026-10-25" in notes[0].text


def test_a_request_of_other_content_has_another_number(dat, synthetic):
    (day, _) = synthetic.schedule().shifts
    fewer = synthetic.schedule(shifts=(day,))
    numbers = {
        records(dat(one), "ScheduleRequest")[0]["ScheduleRequestNumber"]
        for one in (synthetic.schedule(), fewer)
    }
    assert len(numbers) == 2


def test_open_shifts_are_an_event_of_nobody(synthetic):
    start = datetime(2026, 10, 20, 7, tzinfo=UTC)
    offers = tuple(
        OpenShift(OfferKind.OPEN_SHIFT, "", "voice", "flex", start, start + timedelta(hours=4),
                  1.0, 4.0, None, "") for _ in range(2)
    )  # fmt: skip
    order = synthetic.order(open_shifts=offers)
    order = replace(order, ids=synthetic.ids(order, "oracle"))
    raw = exported("oracle", order)[0][DAT]
    opened = [one for one in records(raw, "ScheduleEvent") if one["OpenShift"] == "Y"]
    assert [one["PersonNumber"] for one in opened] == [""]
    shifts = [
        one
        for one in records(raw, "ScheduleShiftEvent")
        if one["ScheduleEventNumber"] == opened[0]["ScheduleEventNumber"]
    ]
    assert [one["ShiftStartTime"] for one in shifts] == ["2026-10-20T08:00:00.000+01:00"] * 2
    assert len({one["ShiftNumber"] for one in shifts}) == 2
    delta = replace(order, since=())
    files, notes = exported("oracle", delta)
    assert all(one["OpenShift"] == "N" for one in records(files[DAT], "ScheduleEvent"))
    assert any("2 open shifts are left out" in note.text for note in notes)


def test_enterprise_shifts_are_named_unless_clocks_change_in_them(dat):
    names = {"08:00-16:00": "8A-4P", "22:00-06:00": "Night"}
    day, night = records(dat(settings={"named_shifts": names}), "ScheduleShiftEvent")
    assert (day["WorkforceShiftName"], day["ShiftStartTime"], day["PaidBreakDuration"]) == (
        "8A-4P", "", "")  # fmt: skip
    assert (night["WorkforceShiftName"], night["UnpaidBreakDuration"]) == ("", "30")


def test_what_oracle_cannot_take_is_said_with_people_and_shifts(synthetic):
    order = synthetic.order()
    notes = exported("oracle", replace(order, ids=synthetic.ids(order, "oracle")))[1]
    (breaks,) = [note for note in notes if "not when" in note.text]
    assert breaks.agent_ids == ("A001", "A002")
    assert breaks.shift_ids == tuple(one.shift_id for one in synthetic.schedule().shifts)


def test_people_without_a_number_are_all_named(synthetic):
    with pytest.raises(ExportRefusedError) as refused:
        exported("oracle", synthetic.order())
    assert "2 agents have no id in oracle: A001, A002\n" in str(refused.value)
    assert synthetic.CANARY not in str(refused.value)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"request_source": "x" * 31}, "oracle.request_source: String should have at most 30"),
        ({"departmant": "Care"}, "did you mean 'department'?"),
        ({"department_by": "floor"}, "oracle.department_by"),
    ],
)
def test_faults_of_settings_are_told(dat, settings, told):
    with pytest.raises(InputFaultsError) as refused:
        dat(settings=settings)
    assert told in str(refused.value)


@settings(deadline=None)
@given(name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_any_name_of_a_department_stays_one_value(name):
    from wfplan.export.oracle.hcm_data import merge_line

    line = merge_line("ScheduleRequest", "1", name, "end")
    assert len(line.splitlines()) == 1
    assert len(split(line)) == 5


@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_numbers_are_unique_and_at_most_120_characters(data, strategies, synthetic):
    case = data.draw(strategies.schedules())
    order = synthetic.order(problem=case.problem, schedule=case.schedule, previous=case.previous)
    order = replace(order, ids=synthetic.ids(order, "oracle"))
    raw = exported("oracle", order, settings={"department": "Care"})[0][DAT]
    for component, name in (
        ("ScheduleEvent", "ScheduleEventNumber"),
        ("ScheduleShiftEvent", "ScheduleShiftEventNumber"),
        ("ScheduleShiftEvent", "ShiftNumber"),
    ):
        numbers = [one[name] for one in records(raw, component)]
        assert len(set(numbers)) == len(numbers)
        assert all(0 < len(number) <= 120 for number in numbers)
    shifts = {shift.shift_id: shift for shift in case.schedule.shifts}
    for one in records(raw, "ScheduleShiftEvent"):
        shift = shifts[one["ShiftNumber"]]
        assert one["ShiftDate"] == f"{shift.shift_date:%Y/%m/%d}"
        assert datetime.fromisoformat(one["ShiftStartTime"]) == shift.start
        assert datetime.fromisoformat(one["ShiftEndTime"]) == shift.end
