"""Tests for wfplan.export.profiles: the profiles that come with wfplan, by their vendors' fields.

The expectations are written from the vendors' pages that the profiles name: Deputy, *Adding/
Updating a Shift*; When I Work, *Shifts*; Connecteam, *Creating Shifts*; 7shifts, *Create Shift*.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.domain.external_ids import ExternalIds, ExternalKey, IdKind
from wfplan.domain.offers import OfferKind, OpenShift
from wfplan.errors import ExportRefusedError, InputFaultsError, UsageError
from wfplan.export import exported, target_names, target_of
from wfplan.export.profiles.exporting import shipped

DAY = "dublin-A001-20261019-1"
NIGHT = "dublin-A002-20261024-1"
NIGHT_SPAN = (1792875600, 1792908000)  # 21:00 to 06:00 UTC, nine hours
MAIN = {
    "7shifts": "7shifts_shifts.json",
    "connecteam": "connecteam_shifts.json",
    "deputy": "deputy_supervise_roster.json",
    "wheniwork": "wheniwork_shifts.json",
}
# field -> the types that the vendor documents; all of these are required of us
FIELDS = {
    "deputy": {
        "intStartTimestamp": int, "intEndTimestamp": int, "intRosterEmployee": int,
        "blnPublish": bool, "intMealbreakMinute": int, "intOpunitId": int,
        "blnForceOverwrite": int, "blnOpen": int, "strComment": str, "intConfirmStatus": int,
    },
    "wheniwork": {
        "user_id": int, "location_id": int, "start_time": str, "end_time": str,
        "break_time": (int, float), "notes": str, "published": bool,
    },
    "connecteam": {
        "startTime": int, "endTime": int, "title": str, "jobId": str, "timezone": str,
        "isPublished": bool, "isOpenShift": bool, "assignedUserIds": list,
    },
    "7shifts": {
        "location_id": int, "user_id": int, "department_id": int, "start": str, "end": str,
        "notes": str, "draft": bool, "open": bool,
    },
}  # fmt: skip
PUBLISHED = {
    "deputy": ("blnPublish", True),
    "wheniwork": ("published", True),
    "connecteam": ("isPublished", True),
    "7shifts": ("draft", False),
}


def numbered(synthetic, order, *systems):
    """Ids that are whole numbers, of everything in an order."""
    known = sorted(synthetic.ids(order, *systems).known)
    return ExternalIds({key: str(100 + at) for at, key in enumerate(known)})


@pytest.fixture
def sent(synthetic):
    """A function that exports by a profile: files as values, and notes."""

    def export(name, order=None, *, ids=None, given=None):
        order = synthetic.order() if order is None else order
        if not order.ids.known:
            order = replace(order, ids=ids or numbered(synthetic, order, name))
        files, notes = exported(name, order, settings=given)
        read = {
            file: json.loads(raw) if file.endswith(".json") else table(raw)
            for file, raw in files.items()
            if file != "manifest.json"
        }
        return read, notes

    return export


@pytest.fixture
def changed(synthetic):
    """What changed: A001 begins an hour later, A002's night is cancelled, A003 has a new shift."""
    before = synthetic.schedule()
    moved = synthetic.shift("A001", synthetic.WEEK, 540, (480, "ON_QUEUE"))
    more = synthetic.shift("A003", synthetic.WEEK, 600, (240, "ON_QUEUE"))
    after = synthetic.schedule(revision=2, shifts=(moved, more))
    order = synthetic.order(schedule=after, previous=before)
    return replace(order, since=order.told)


def table(raw):
    """The rows of a CSV."""
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def note_of(notes, words):
    """The one note with some words."""
    (found,) = [note for note in notes if words in note.text]
    return found


def test_profiles_are_listed_after_the_exporters():
    assert shipped() == ("7shifts", "calabrio", "connecteam", "deputy", "generic",
                         "google-calendar", "wheniwork")  # fmt: skip
    assert target_names()[-7:] == shipped()
    assert all(target_of(name).meaning for name in shipped())


@pytest.mark.parametrize("name", shipped())
def test_the_same_schedule_gives_the_same_bytes_in_any_order(synthetic, name):
    problem, schedule = synthetic.problem(), synthetic.schedule()
    turned = synthetic.order(
        problem=problem.model_copy(update={"agents": problem.agents[::-1]}),
        schedule=schedule.model_copy(update={"shifts": schedule.shifts[::-1]}),
    )
    ids = numbered(synthetic, turned, name)
    first = exported(name, replace(synthetic.order(), ids=ids))[0]
    assert first == exported(name, replace(turned, ids=ids))[0]


@pytest.mark.parametrize("name", shipped())
def test_an_empty_schedule_is_exported(sent, synthetic, name):
    nobody = synthetic.problem(agents=())
    order = synthetic.order(problem=nobody, schedule=synthetic.schedule(shifts=()))
    files, _ = sent(name, order, ids=ExternalIds())
    assert not any(files.values())


@pytest.mark.parametrize("name", FIELDS)
def test_a_record_has_the_fields_that_the_vendor_documents(sent, name):
    records = sent(name)[0][MAIN[name]]
    assert len(records) == 2
    for record in records:
        assert set(record) == set(FIELDS[name])
        for field, kind in FIELDS[name].items():
            assert isinstance(record[field], kind), field
            assert not isinstance(record[field], bool) or kind is bool, field


@pytest.mark.parametrize("name", FIELDS)
def test_a_draft_is_sent_unless_it_is_published(sent, synthetic, name):
    field, is_published = PUBLISHED[name]
    assert {one[field] for one in sent(name)[0][MAIN[name]]} == {not is_published}
    order = synthetic.order(schedule=synthetic.schedule(status="published"), is_publishing=True)
    assert {one[field] for one in sent(name, order)[0][MAIN[name]]} == {is_published}


def test_deputy_has_unix_seconds_and_unpaid_minutes(sent):
    records = sent("deputy")[0][MAIN["deputy"]]
    day, night = records
    assert (night["intStartTimestamp"], night["intEndTimestamp"]) == NIGHT_SPAN
    assert (day["intMealbreakMinute"], night["intMealbreakMinute"]) == (0, 30)
    assert {one["blnForceOverwrite"] for one in records} == {0}
    assert [one["strComment"] for one in records] == [DAY, NIGHT]


def test_when_i_work_has_offsets_and_hours(sent):
    day, night = sent("wheniwork")[0][MAIN["wheniwork"]]
    assert (night["start_time"], night["end_time"]) == (
        "2026-10-24T22:00:00+01:00", "2026-10-25T06:00:00+00:00")  # fmt: skip
    assert (day["break_time"], night["break_time"]) == (0, 0.5)


def test_7shifts_has_utc(sent):
    _, night = sent("7shifts")[0][MAIN["7shifts"]]
    assert (night["start"], night["end"]) == ("2026-10-24T21:00:00Z", "2026-10-25T06:00:00Z")
    (first, _) = sent("7shifts", given={"role_id": 9})[0][MAIN["7shifts"]]
    assert first["role_id"] == 9


def test_connecteam_gets_500_shifts_a_file_at_most(sent, synthetic):
    days = [synthetic.WEEK + timedelta(days=day) for day in range(4)]
    agents = tuple(synthetic.agent(f"A{at:03d}") for at in range(301))
    shifts = tuple(
        synthetic.shift(agent.agent_id, day, 480, (60, "ON_QUEUE"))
        for agent in agents for day in days
    )  # fmt: skip
    order = synthetic.order(
        problem=synthetic.problem(agents=agents), schedule=synthetic.schedule(shifts=shifts)
    )
    files, _ = sent("connecteam", order)
    assert {file: len(records) for file, records in files.items()} == {
        "connecteam_shifts-1.json": 500,
        "connecteam_shifts-2.json": 500,
        "connecteam_shifts-3.json": 204,
    }


@pytest.mark.parametrize("name", FIELDS)
def test_changes_and_cancellations_have_files_of_their_own(sent, changed, name):
    files, notes = sent(name, changed)
    (new,) = files[MAIN[name]]
    (update,) = next(one for file, one in files.items() if "changed" in file)
    (gone,) = next(one for file, one in files.items() if "delete" in file or "discard" in file)
    assert set(new) == set(update["body"]) == set(FIELDS[name])
    assert (update["wfplan_shift_id"], gone["wfplan_shift_id"]) == (DAY, NIGHT)
    unknown = note_of(notes, "no id of these shifts")
    assert unknown.shift_ids == (DAY, NIGHT)


@pytest.mark.parametrize(
    ("name", "field", "known"),
    [("deputy", "intRosterId", 71), ("wheniwork", "id", 71), ("connecteam", "shiftId", "71"),
     ("7shifts", "id", 71)],
)  # fmt: skip
def test_a_shift_is_told_by_its_id_there_where_the_map_has_it(
    sent, synthetic, changed, name, field, known
):
    rows = {ExternalKey(name, IdKind.SHIFT, one): "71" for one in (DAY, NIGHT)}
    ids = numbered(synthetic, changed, name).with_rows(rows.items())
    files, notes = sent(name, changed, ids=ids)
    sides = [one[0] for file, one in files.items() if file != MAIN[name]]
    assert [one[field] for one in sides] == [known, known]
    assert not any("no id of these" in note.text for note in notes)


@pytest.mark.parametrize("name", FIELDS)
def test_a_whole_export_still_deletes_what_was_cancelled(sent, changed, name):
    files, notes = sent(name, replace(changed, since=None))
    assert len(files[MAIN[name]]) == 2
    assert not any("changed" in file for file in files)
    (gone,) = next(one for file, one in files.items() if "delete" in file or "discard" in file)
    assert gone["wfplan_shift_id"] == NIGHT
    assert note_of(notes, "use --since").shift_ids == (DAY,)


@pytest.mark.parametrize(
    ("name", "file", "check"),
    [
        ("deputy", "deputy_open.json", {"blnOpen": 1, "blnPublish": False}),
        ("wheniwork", "wheniwork_open.json", {"user_id": 0, "published": False}),
        ("connecteam", "connecteam_open.json", {"isOpenShift": True, "isPublished": False}),
        ("7shifts", "7shifts_open.json", {"open": True, "draft": True}),
    ],
)
def test_open_shifts_are_nobodys_drafts(sent, synthetic, name, file, check):
    start = datetime(2026, 10, 20, 7, tzinfo=UTC)
    offer = OpenShift(OfferKind.OPEN_SHIFT, "", "Billing", "flex", start,
                      start + timedelta(hours=4), 1.0, 4.0, None, "")  # fmt: skip
    order = synthetic.order(open_shifts=(offer, offer))
    opened = sent(name, order)[0][file]
    assert len(opened) == 2
    for one in opened:
        assert {key: one[key] for key in check} == check
    if name != "connecteam":
        notes = [one.get("strComment") or one["notes"] for one in opened]
        assert len(set(notes)) == 2
    delta, notes = sent(name, replace(order, since=()))
    assert file not in delta
    assert "2 open shifts are left out" in note_of(notes, "open shifts").text


def test_calabrio_has_a_call_per_person_with_layers_by_day(sent, synthetic):
    order = synthetic.order()
    ids = synthetic.ids(order, "calabrio")
    files, notes = sent("calabrio", order, ids=ids)
    first, second = files["calabrio_setschedules.json"]
    assert first == {
        "TimeZoneId": "Europe/Dublin",
        "BusinessUnitId": ids.find("calabrio", IdKind.SITE, "Dublin"),
        "PersonId": ids.find("calabrio", IdKind.AGENT, "A001"),
        "ScenarioId": None,
        "DatePeriod": {"StartDate": "2026-10-19", "EndDate": "2026-10-25"},
        "ScheduleDays": [
            {
                "Date": "2026-10-19",
                "ShiftCategoryId": None,
                "DayOffTemplateId": None,
                "FullDayAbsenceId": None,
                "Layers": [
                    {
                        "Period": {
                            "StartTime": f"2026-10-19T{start}",
                            "EndTime": f"2026-10-19T{end}",
                        },
                        "ActivityId": ids.find("calabrio", IdKind.ACTIVITY, code),
                        "AbsenceId": None,
                    }
                    for start, end, code in (
                        ("08:00:00", "10:00:00", "ON_QUEUE"),
                        ("10:00:00", "10:15:00", "REST"),
                        ("10:15:00", "16:00:00", "ON_QUEUE"),
                    )
                ],
            }
        ],
    }  # fmt: skip
    assert len(second["ScheduleDays"][0]["Layers"]) == 3
    assert note_of(notes, "clocks change").shift_ids == (NIGHT,)
    assert note_of(notes, "replaces all that a person has")


def test_calabrio_rewrites_whole_days_and_only_those_that_changed(sent, synthetic, changed):
    calls = sent("calabrio", changed)[0]["calabrio_setschedules.json"]
    days = [(one["DatePeriod"], one["ScheduleDays"][0]) for one in calls]
    assert [(period["StartDate"], period["EndDate"], day["Date"]) for period, day in days] == [
        (day, day, day) for day in ("2026-10-19", "2026-10-24", "2026-10-19")
    ]
    assert [len(day["Layers"]) for _, day in days] == [1, 0, 1]


def test_a_day_of_two_shifts_keeps_the_one_that_did_not_change(sent, synthetic):
    early = synthetic.shift("A001", synthetic.WEEK, 360, (120, "ON_QUEUE"))
    late = synthetic.shift("A001", synthetic.WEEK, 900, (120, "ON_QUEUE"))
    late = late.model_copy(update={"shift_id": "dublin-A001-20261019-2"})
    before = synthetic.schedule(shifts=(early, late))
    order = synthetic.order(
        schedule=synthetic.schedule(revision=2, shifts=(early,)), previous=before
    )
    (call,) = sent("calabrio", replace(order, since=order.told))[0]["calabrio_setschedules.json"]
    starts = [layer["Period"]["StartTime"] for layer in call["ScheduleDays"][0]["Layers"]]
    assert starts == ["2026-10-19T06:00:00"]


def test_a_shift_that_moved_to_another_day_leaves_the_old_one(sent, synthetic):
    (day, _) = synthetic.schedule().shifts
    moved = synthetic.shift("A001", synthetic.WEEK + timedelta(days=1), 480, (240, "ON_QUEUE"))
    moved = moved.model_copy(update={"shift_id": day.shift_id})
    order = synthetic.order(
        schedule=synthetic.schedule(revision=2, shifts=(moved,)),
        previous=synthetic.schedule(shifts=(day,)),
    )
    calls = sent("calabrio", replace(order, since=order.told))[0]["calabrio_setschedules.json"]
    days = [one["ScheduleDays"][0] for one in calls]
    assert [(one["Date"], len(one["Layers"])) for one in days] == [
        ("2026-10-19", 0), ("2026-10-20", 1)]  # fmt: skip


def test_google_calendar_has_a_file_for_everybody(sent):
    files, notes = sent("google-calendar")
    assert list(files) == ["google_calendar_A001.csv", "google_calendar_A002.csv"]
    assert files["google_calendar_A002.csv"] == [
        {
            "Subject": "Shift",
            "Start Date": "10/24/2026",
            "Start Time": "10:00 PM",
            "End Date": "10/25/2026",
            "End Time": "06:00 AM",
            "All Day Event": "False",
            "Description": NIGHT,
            "Location": "Dublin",
            "Private": "True",
        }
    ]
    assert note_of(notes, "no breaks").shift_ids == (DAY, NIGHT)
    assert note_of(notes, "clocks change").agent_ids == ("A002",)
    assert note_of(notes, "no drafts")


def test_google_calendar_lists_what_has_to_be_deleted_by_hand(sent, changed):
    files, notes = sent("google-calendar", changed)
    assert list(files) == ["google_calendar_A001.csv", "google_calendar_A003.csv"]
    assert note_of(notes, "deletes nothing").shift_ids == (NIGHT,)
    assert note_of(notes, "delete the old ones").shift_ids == (DAY,)


def test_the_header_is_that_of_the_example(sent, shared):
    agreed = (shared / "examples" / "schedules" / "google_calendar_A001.csv").read_text("utf-8-sig")
    assert (
        ",".join(sent("google-calendar")[0]["google_calendar_A001.csv"][0])
        == (agreed.splitlines()[0])
    )


@pytest.mark.parametrize(
    ("name", "example"),
    [("deputy", "deputy_supervise_roster.json"), ("wheniwork", "wheniwork_shifts.json"),
     ("calabrio", "calabrio_setschedules.json")],
)  # fmt: skip
def test_the_fields_are_those_of_the_example(sent, shared, name, example):
    agreed = json.loads((shared / "examples" / "schedules" / example).read_text("utf-8"))

    def shape(value):
        if isinstance(value, dict):
            return {key: shape(one) for key, one in value.items()}
        return [shape(value[0])] if isinstance(value, list) else None

    assert shape(sent(name)[0][example][0]) == shape(agreed[0])


@pytest.mark.parametrize("payload", ["=1+1", "@SUM(1)", " \t=1", "+1", "-1"])
def test_no_cell_runs_as_a_formula_and_that_is_said(synthetic, payload):
    agents = (synthetic.agent("A001", site=payload, team=payload, name=payload),)
    order = synthetic.order(problem=synthetic.problem(agents=agents))
    for name in ("generic", "google-calendar"):
        files, notes = exported(name, order)
        for file, raw in files.items():
            if file.endswith(".csv"):
                for row in table(raw):
                    assert not any(
                        one.lstrip()[:1] in tuple("=+-@") and one for one in row.values()
                    )
        assert note_of(notes, "begin like a formula")


def test_ids_that_are_no_numbers_are_all_named(synthetic):
    order = synthetic.order()
    with pytest.raises(ExportRefusedError) as refused:
        exported("deputy", replace(order, ids=synthetic.ids(order, "deputy")))
    for words in ("agent 'A001' is", "agent 'A002' is", "group 'Billing' is", "whole numbers"):
        assert words in str(refused.value)
    assert synthetic.CANARY not in str(refused.value)


@pytest.mark.parametrize("name", [*FIELDS, "calabrio"])
def test_missing_ids_are_all_named_before_anything_is_written(synthetic, name):
    order = synthetic.order()
    with pytest.raises(ExportRefusedError) as refused:
        exported(name, order)
    assert f"2 agents have no id in {name}: A001, A002" in str(refused.value)
    agents = {key.id for key in order.ids.missing if key.kind is IdKind.AGENT}
    assert agents == {"A001", "A002"}


def test_somebody_without_a_team_is_named(synthetic):
    agents = (synthetic.agent("A001", team=""),)
    (day, _) = synthetic.schedule().shifts
    order = synthetic.order(
        problem=synthetic.problem(agents=agents), schedule=synthetic.schedule(shifts=(day,))
    )
    with pytest.raises(ExportRefusedError, match="A001 has no team, which deputy needs"):
        exported("deputy", replace(order, ids=ExternalIds()))


@pytest.mark.parametrize("name", ["deputy", "calabrio"])
def test_pseudonyms_have_no_ids_elsewhere(synthetic, name):
    with pytest.raises(ExportRefusedError, match="leave out --pseudonymise"):
        exported(name, synthetic.order(), key=b"k" * 32)
    assert exported("generic", synthetic.order(), key=b"k" * 32)


def test_a_setting_is_said_in_export_toml(sent):
    rows = sent("google-calendar", given={"subject": "Work"})[0]["google_calendar_A001.csv"]
    assert rows[0]["Subject"] == "Work"
    with pytest.raises(InputFaultsError, match="did you mean 'subject'"):
        sent("google-calendar", given={"subjekt": "Work"})


def test_files_that_are_no_profile_are_told(tmp_path, synthetic):
    with pytest.raises(UsageError, match="cannot be read"):
        exported(str(tmp_path / "none.toml"), synthetic.order())
    with pytest.raises(UsageError, match="did you mean 'deputy'"):
        exported("deputi", synthetic.order())
    named = tmp_path / "csv.toml"
    named.write_text("")
    with pytest.raises(UsageError, match="give the file another name"):
        exported(str(named), synthetic.order())


@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_the_minutes_of_every_shift_come_back(data, strategies, synthetic):
    case = data.draw(strategies.schedules())
    agents = tuple(agent.model_copy(update={"team": "Team"}) for agent in case.problem.agents)
    problem = case.problem.model_copy(update={"agents": agents})
    order = synthetic.order(problem=problem, schedule=case.schedule)
    spans = {
        shift.shift_id: (shift.start, shift.end, shift.paid_min) for shift in case.schedule.shifts
    }
    for name, field, start, end, read in (
        ("deputy", "strComment", "intStartTimestamp", "intEndTimestamp",
         lambda at: datetime.fromtimestamp(at, UTC)),
        ("wheniwork", "notes", "start_time", "end_time", datetime.fromisoformat),
        ("7shifts", "notes", "start", "end", datetime.fromisoformat),
    ):  # fmt: skip
        ids = numbered(synthetic, order, name)
        records = json.loads(exported(name, replace(order, ids=ids))[0][MAIN[name]])
        assert len(records) == len(spans)
        for one in records:
            begins, ends, _ = spans[one[field]]
            assert (read(one[start]), read(one[end])) == (begins, ends)
    rows = {row["shift_id"]: row for row in table(exported("generic", order)[0]["shifts.csv"])}
    for shift_id, (start, end, paid) in spans.items():
        row = rows[shift_id]
        assert datetime.fromisoformat(row["start_local"]) == start
        assert datetime.fromisoformat(row["end_utc"]) == end
        assert int(row["minutes"]) == (end - start).total_seconds() // 60
        assert int(row["paid_minutes"]) == paid
