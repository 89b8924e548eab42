"""Tests for wfplan.export.genesys.schedule."""

from __future__ import annotations

import copy
import gzip
import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wfplan.domain.external_ids import ExternalIds, IdKind
from wfplan.domain.offers import OfferKind, OpenShift
from wfplan.domain.people import TimeOff
from wfplan.errors import ExportRefusedError, InputFaultsError
from wfplan.export import exported
from wfplan.export.genesys.parts import instant_text, requested, tagged
from wfplan.horizon import wall_instant

CONFIGS = Path(__file__).parents[2] / "configs" / "export"
SYSTEM = "genesys"
FEW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def schema():
    """A function: the schema of ``import``, ``update`` or ``forecast``."""
    return lambda name: json.loads((CONFIGS / f"genesys-{name}.schema.json").read_text())


@pytest.fixture
def made(synthetic):
    """A function: documents by name and notes of the made-up schedule, or of another one."""

    def make(*, settings=None, **more):
        order = synthetic.order(**more)
        if not order.ids.known:
            order = replace(order, ids=synthetic.ids(order, SYSTEM))
        files, notes = exported(SYSTEM, order, settings=settings)
        documents = {
            name.removesuffix(".json"): json.loads(raw)
            for name, raw in files.items()
            if name.endswith(".json")
        }
        known = {kind: order.ids.backwards(SYSTEM, kind) for kind in IdKind}
        return SimpleNamespace(files=files, notes=notes, known=known, **documents)

    return make


def shifts_of(made, document=None):
    """Whose shifts a document has: agent -> shifts."""
    document = document or made.genesys_import
    whose = made.known[IdKind.AGENT]
    return {whose[one["userId"]]: one["shifts"] for one in document["agentSchedules"]}


def test_the_import_keeps_the_schema_of_genesys(made, schema, schema_faults, synthetic, tmp_path):
    run = synthetic.run(tmp_path)
    found = made(demand=run.demand, need=run.need, settings={"forecast_id": "f1"})
    assert schema_faults(found.genesys_import, schema("import")) == []
    assert schema_faults(found.genesys_forecast, schema("forecast")) == []


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda d: d.pop("weekCount"), "weekCount is missing"),
        (lambda d: d.update(weekcount=1), "weekcount is unknown"),
        (lambda d: d["agentSchedules"][0].update(user="x"), "user is unknown"),
        (
            lambda d: d["agentSchedules"][0]["shifts"][0].update(startDate="2026-10-19T07:00"),
            "startDate = ",
        ),
        (
            lambda d: d["agentSchedules"][0]["shifts"][0]["activities"][0].update(paid="yes"),
            "paid is no boolean",
        ),
        (
            lambda d: d["agentSchedules"][0]["shifts"][0]["activities"][0].update(
                externalActivityType="Break"
            ),
            "externalActivityType is none of",
        ),
    ],
)
def test_the_schema_catches_what_is_wrong(made, schema, schema_faults, spoil, fault):
    spoilt = copy.deepcopy(made().genesys_import)
    spoil(spoilt)
    (found,) = schema_faults(spoilt, schema("import"))
    assert fault in found


def test_our_schema_takes_the_agreed_example(shared, schema, schema_faults):
    example = json.loads((shared / "examples" / "schedules" / "genesys_import.json").read_text())
    assert schema_faults(example, schema("import")) == []


def test_a_day_shift_is_written_field_by_field(made):
    found = made()
    (shift,) = shifts_of(found)["A001"]
    codes = {code: external for external, code in found.known[IdKind.ACTIVITY].items()}
    assert shift == {
        "startDate": "2026-10-19T07:00:00.000Z",  # 08:00 in Dublin
        "lengthMinutes": 480,
        "manuallyEdited": True,
        "activities": [
            {
                "startDate": "2026-10-19T07:00:00.000Z",
                "lengthMinutes": 120,
                "description": "wfplan:dublin-A001-20261019-1",
                "activityCodeId": codes["ON_QUEUE"],
                "paid": True,
            },
            {
                "startDate": "2026-10-19T09:00:00.000Z",
                "lengthMinutes": 15,
                "activityCodeId": codes["REST"],
                "paid": True,
            },
            {
                "startDate": "2026-10-19T09:15:00.000Z",
                "lengthMinutes": 345,
                "activityCodeId": codes["ON_QUEUE"],
                "paid": True,
            },
        ],
    }


def test_the_head_says_weeks_revision_and_that_it_is_a_draft(made, synthetic):
    head = made(schedule=synthetic.schedule(revision=3)).genesys_import
    assert (head["description"], head["weekCount"]) == ("wfplan harbour-bank-20261019 r3", 1)
    assert head["published"] is False
    assert "shortTermForecast" not in head
    assert "headcountForecast" not in head


def test_it_is_published_on_request_only(made):
    assert made(is_publishing=True).genesys_import["published"] is True


def test_the_night_of_the_clock_change_has_nine_hours(made):
    (night,) = shifts_of(made())["A002"]
    assert night["startDate"] == "2026-10-24T21:00:00.000Z"
    assert night["lengthMinutes"] == 540
    assert [one["lengthMinutes"] for one in night["activities"]] == [240, 30, 270]
    assert [one["paid"] for one in night["activities"]] == [True, False, True]


def test_instants_of_any_offset_are_written_in_utc():
    moment = datetime.fromisoformat("2026-10-19T08:00:00+01:00")
    assert instant_text(moment) == "2026-10-19T07:00:00.000Z"


def test_in_spring_a_night_has_seven(made, synthetic):
    spring = date(2026, 3, 28)
    shift = synthetic.shift("A001", spring, 1320, (420, "ON_QUEUE"))
    week = synthetic.schedule(first_day=date(2026, 3, 23), shifts=(shift,))
    (night,) = shifts_of(made(schedule=week))["A001"]
    assert (night["startDate"], night["lengthMinutes"]) == ("2026-03-28T22:00:00.000Z", 420)
    assert shift.end == wall_instant(date(2026, 3, 29), 6 * 60, synthetic.DUBLIN)


def test_a_code_may_be_paid_and_unpaid(made, synthetic):
    shift = synthetic.schedule().shifts[0]
    first, rest, last = shift.activities
    unpaid = rest.model_copy(update={"is_paid": False})
    other = shift.model_copy(
        update={"shift_id": "x-2", "agent_id": "A003", "activities": (first, unpaid, last)}
    )
    found = shifts_of(made(schedule=synthetic.schedule(shifts=(shift, other))))
    rests = [found[who][0]["activities"][1] for who in ("A001", "A003")]
    assert rests[0]["activityCodeId"] == rests[1]["activityCodeId"]
    assert [one["paid"] for one in rests] == [True, False]


def test_the_request_behind_an_activity_travels_in_its_description(made, synthetic):
    shift = synthetic.schedule().shifts[0]
    first, rest, last = shift.activities
    asked = [first.model_copy(update={"activity_id": "safety-1"}), rest,
             last.model_copy(update={"activity_id": "safety-2"})]  # fmt: skip
    changed = shift.model_copy(update={"activities": tuple(asked)})
    (found,) = shifts_of(made(schedule=synthetic.schedule(shifts=(changed,))))["A001"]
    said = [one.get("description", "") for one in found["activities"]]
    assert tagged(said) == "dublin-A001-20261019-1"
    assert [requested(text) for text in said] == ["safety-1", "", "safety-2"]


def test_the_packed_file_is_the_plain_one_without_a_time(made):
    files = made().files
    raw = files["genesys_import.json.gz"]
    assert gzip.decompress(raw) == files["genesys_import.json"]
    assert raw[4:8] == b"\0\0\0\0"  # MTIME, RFC 1952


def test_the_calls_say_how_large_the_packed_files_are_and_come_in_order(made, synthetic, tmp_path):
    run = synthetic.run(tmp_path)
    found = made(demand=run.demand, settings={"business_unit": "bu-1"})
    calls = found.genesys_calls
    week = "/api/v2/workforcemanagement/businessunits/bu-1/weeks/2026-10-19"
    assert [call.get("path", call.get("file")) for call in calls] == [
        f"{week}/shorttermforecasts/import/uploadurl",
        "genesys_forecast.json.gz",
        f"{week}/shorttermforecasts/import",
        f"{week}/schedules/import/uploadurl",
        "genesys_import.json.gz",
        f"{week}/schedules/import",
    ]
    for ask, put in ((calls[0], calls[1]), (calls[3], calls[4])):
        assert ask["body"] == {"contentLengthBytes": len(found.files[put["file"]])}
        assert put["method"] == "PUT"


def test_four_weeks_are_one_import_and_eight_are_two(made, synthetic):
    later = [
        synthetic.shift("A001", date(2026, 10, 19) + timedelta(weeks=w), 480, (60, "ON_QUEUE"))
        for w in range(8)
    ]
    four = made(schedule=synthetic.schedule(days=28, shifts=tuple(later[:4])))
    assert four.genesys_import["weekCount"] == 4
    assert len(shifts_of(four)["A001"]) == 4
    eight = vars(made(schedule=synthetic.schedule(days=56, shifts=tuple(later))))
    parts = [eight[f"genesys_import_{day}"] for day in ("2026-10-19", "2026-11-30")]
    assert [part["weekCount"] for part in parts] == [6, 2]
    starts = [[s["startDate"][:10] for a in part["agentSchedules"] for s in a["shifts"]]
              for part in parts]  # fmt: skip
    assert starts[1] == ["2026-11-30", "2026-12-07"]
    assert len(starts[0]) == 6


def test_one_forecast_cannot_be_that_of_two_imports(made, synthetic):
    eight = synthetic.schedule(days=56)
    with pytest.raises(ExportRefusedError, match="8 weeks is 2 imports, and forecast_id"):
        made(schedule=eight, settings={"forecast_id": "f-1"})
    named = made(settings={"forecast_id": "f-1"}).genesys_import["shortTermForecast"]
    assert named == {"id": "f-1", "weekDate": "2026-10-19"}


def test_days_that_are_no_whole_weeks_are_refused(made, synthetic):
    with pytest.raises(ExportRefusedError, match="covers whole weeks, and this plan has 10 days"):
        made(schedule=synthetic.schedule(days=10))


def test_a_week_that_begins_elsewhere_is_refused(made):
    assert made(settings={"week_start": "mon"}).genesys_import["weekCount"] == 1
    with pytest.raises(ExportRefusedError, match=r"begins on 2026-10-19 \(mon\).*Genesys on sun"):
        made(settings={"week_start": "sun"})
    with pytest.raises(InputFaultsError, match="week_start"):
        made(settings={"week_start": "Sunday"})


def test_seconds_are_refused(made, synthetic):
    shift = synthetic.schedule().shifts[0]
    late = shift.activities[-1].model_copy(update={"end": shift.end + timedelta(seconds=30)})
    odd = shift.model_copy(update={"activities": (*shift.activities[:-1], late)})
    with pytest.raises(ExportRefusedError, match="1 shifts have seconds, such as dublin-A001"):
        made(schedule=synthetic.schedule(shifts=(odd,)))


def test_all_ids_that_are_missing_are_told_together(made, synthetic, tmp_path):
    run = synthetic.run(tmp_path)
    everything = synthetic.ids(synthetic.order(), SYSTEM).known
    some = ExternalIds({key: one for key, one in everything.items() if key.id == "REST"})
    with pytest.raises(ExportRefusedError) as told:
        made(ids=some, demand=run.demand, need=run.need)
    text = str(told.value)
    for missing in ("2 agents have no id in genesys (the user in Genesys): A001, A002",
                    "(the activity code in Genesys): MEAL, ON_QUEUE, TIME_OFF",
                    "2 channels have no id in genesys"):  # fmt: skip
        assert missing in text
    assert "A003" not in text  # nothing of her is written
    assert "has_forecast = false" in text


def test_without_forecast_and_requirement_no_channel_is_asked_for(made, synthetic, tmp_path):
    run = synthetic.run(tmp_path)
    everything = synthetic.ids(synthetic.order(), SYSTEM).known
    some = ExternalIds({k: one for k, one in everything.items() if k.kind != IdKind.CHANNEL})
    found = made(ids=some, demand=run.demand, need=run.need,
                 settings={"has_forecast": False, "has_headcount": False})  # fmt: skip
    assert "headcountForecast" not in found.genesys_import
    assert not hasattr(found, "genesys_forecast")


def test_a_cancelled_shift_is_not_in_a_new_schedule_and_that_is_said(made, synthetic):
    before = synthetic.schedule(revision=2)
    now = synthetic.schedule(revision=3, shifts=before.shifts[:1])
    found = made(schedule=now, previous=before)
    assert shifts_of(found).get("A002", []) == []
    (note,) = [note for note in found.notes if note.text.startswith("cancelled shifts")]
    assert note.shift_ids == ("dublin-A002-20261024-1",)
    assert note.agent_ids == ("A002",)


def test_open_shifts_stay_here_and_that_is_said(made, synthetic):
    start = synthetic.schedule().shifts[0].start
    offer = OpenShift(OfferKind.OPEN_SHIFT, "", "g", "full_time", start,
                      start + timedelta(hours=4), 1.0, 4.0, None, "why")  # fmt: skip
    assert "1 open shifts stay here" in str(made(open_shifts=(offer,)).notes)


def test_a_shift_that_begins_before_the_week_there_is_told(made, synthetic):
    """A person east of the site may begin on her Monday while it is still Sunday there."""
    at = wall_instant(date(2026, 10, 18), 23 * 60, synthetic.DUBLIN)
    shift = synthetic.schedule().shifts[0]
    early = shift.model_copy(update={"activities": (synthetic.activity(at, 240),)})
    found = made(schedule=synthetic.schedule(shifts=(early,)))
    assert shifts_of(found)["A001"][0]["startDate"] == "2026-10-18T22:00:00.000Z"
    assert any(note.shift_ids == (early.shift_id,) for note in found.notes)


@pytest.mark.slow
@FEW
@given(data=st.data())
def test_whatever_the_week_activities_tile_shifts_and_all_is_carried(data, strategies, synthetic):
    case = data.draw(strategies.schedules())
    order = synthetic.order(problem=case.problem, schedule=case.schedule)
    order = replace(order, ids=synthetic.ids(order, SYSTEM))
    document = json.loads(exported(SYSTEM, order)[0]["genesys_import.json"])
    whose = order.ids.backwards(SYSTEM, IdKind.AGENT)
    code_of = order.ids.backwards(SYSTEM, IdKind.ACTIVITY)
    found = {}
    for agent in document["agentSchedules"]:
        for shift in agent["shifts"]:
            assert shift["startDate"].endswith(":00.000Z")
            at = datetime.fromisoformat(shift["startDate"])
            end = at + timedelta(minutes=shift["lengthMinutes"])
            parts = []
            for one in shift["activities"]:
                assert datetime.fromisoformat(one["startDate"]) == at
                at += timedelta(minutes=one["lengthMinutes"])
                asked = requested(one.get("description", ""))
                parts.append((code_of[one["activityCodeId"]], one["paid"], at, asked))
            assert at == end
            shift_id = tagged(one.get("description", "") for one in shift["activities"])
            found[shift_id] = (whose[agent["userId"]], end, parts)
    assert found == {
        shift.shift_id: (
            shift.agent_id,
            shift.end,
            [(one.code, one.is_paid, one.end, one.activity_id) for one in shift.activities],
        )
        for shift in case.schedule.shifts
    }


class TestTimeOff:
    """Time off in an import."""

    def test_whole_days_are_markers_by_date_of_what_a_day_is_worth(self, made):
        (schedule,) = [
            one for one in made().genesys_import["agentSchedules"] if one["fullDayTimeOffMarkers"]
        ]
        first, second = schedule["fullDayTimeOffMarkers"]
        assert (first["businessUnitDate"], second["businessUnitDate"]) == (
            "2026-10-22",
            "2026-10-23",
        )
        assert first["lengthMinutes"] == first["payableMinutes"] == 450  # 37.5 h over 5 days
        assert first["paid"] is True

    def test_it_never_says_why_and_is_of_its_own_code(self, made):
        found = made()
        whose, code = found.known[IdKind.AGENT], found.known[IdKind.ACTIVITY]
        (schedule,) = [
            one for one in found.genesys_import["agentSchedules"] if whose[one["userId"]] == "A002"
        ]
        marker = schedule["fullDayTimeOffMarkers"][0]
        assert code[marker["activityCodeId"]] == "TIME_OFF"
        assert marker["description"].startswith("wfplan:A002-off-")

    def test_unpaid_days_are_worth_nothing(self, made, synthetic):
        leave = synthetic.problem().agents[1].time_off[0].model_copy(update={"is_paid": False})
        found = self._markers(made, synthetic, leave)
        assert {(one["paid"], one["payableMinutes"]) for one in found} == {(False, 0)}

    def test_of_a_whole_week_off_five_days_are_paid_and_the_weekend_is_not(self, made, synthetic):
        week = TimeOff(
            start=wall_instant(date(2026, 10, 19), 0, synthetic.DUBLIN),
            end=wall_instant(date(2026, 10, 26), 0, synthetic.DUBLIN),
        )
        found = self._markers(made, synthetic, week)
        paid = {one["businessUnitDate"] for one in found if one["payableMinutes"]}
        assert len(found) == 7
        assert paid == {f"2026-10-{day}" for day in range(19, 24)}
        assert sum(one["payableMinutes"] for one in found) == 37.5 * 60

    @staticmethod
    def _markers(made, synthetic, leave):
        agent = synthetic.agent("A003", time_off=(leave,))
        document = made(
            problem=synthetic.problem(agents=(agent,)), schedule=synthetic.schedule(shifts=())
        ).genesys_import
        (schedule,) = document["agentSchedules"]
        return schedule["fullDayTimeOffMarkers"]

    def test_part_of_a_day_is_a_shift_of_time_off(self, made, synthetic):
        noon = wall_instant(date(2026, 10, 20), 12 * 60, synthetic.DUBLIN)
        part = TimeOff(start=noon, end=noon + timedelta(hours=2), is_all_day=False)
        agent = synthetic.agent("A003", time_off=(part,))
        found = made(problem=synthetic.problem(agents=(agent,)),
                     schedule=synthetic.schedule(shifts=()))  # fmt: skip
        (schedule,) = found.genesys_import["agentSchedules"]
        assert schedule["fullDayTimeOffMarkers"] == []
        (shift,) = schedule["shifts"]
        (activity,) = shift["activities"]
        assert (shift["startDate"], shift["lengthMinutes"]) == ("2026-10-20T11:00:00.000Z", 120)
        assert found.known[IdKind.ACTIVITY][activity["activityCodeId"]] == "TIME_OFF"

    def test_part_of_a_day_on_a_shift_is_left_out_and_told(self, made, synthetic):
        shift = synthetic.schedule().shifts[0]
        part = TimeOff(start=shift.start, end=shift.start + timedelta(hours=1), is_all_day=False)
        agent = synthetic.agent("A001", time_off=(part,))
        found = made(problem=synthetic.problem(agents=(agent,)),
                     schedule=synthetic.schedule(shifts=(shift,)))  # fmt: skip
        assert len(shifts_of(found)["A001"]) == 1
        assert any("lies on a shift" in one.text and one.agent_ids == ("A001",)
                   for one in found.notes)  # fmt: skip

    @staticmethod
    def _schedule_of(made, synthetic, *, shifts=(), time_off):
        agent = synthetic.agent("A001", time_off=time_off)
        found = made(problem=synthetic.problem(agents=(agent,)),
                     schedule=synthetic.schedule(shifts=shifts))  # fmt: skip
        return found.genesys_import["agentSchedules"][0], found.notes

    def test_part_of_a_day_that_is_off_as_a_whole_is_not_told_twice(self, made, synthetic):
        day = synthetic.problem().agents[1].time_off[0]
        part = TimeOff(start=day.start + timedelta(hours=9),
                       end=day.start + timedelta(hours=11), is_all_day=False)  # fmt: skip
        schedule, _ = self._schedule_of(made, synthetic, time_off=(part, day))
        assert schedule["shifts"] == []
        assert len(schedule["fullDayTimeOffMarkers"]) == 2

    def test_parts_that_lie_on_one_another_are_one_and_told(self, made, synthetic):
        start = wall_instant(date(2026, 10, 20), 9 * 60, synthetic.DUBLIN)
        first, second = (
            TimeOff(start=start + timedelta(hours=h), end=start + timedelta(hours=h + 2),
                    is_all_day=False)
            for h in (0, 1)
        )  # fmt: skip
        schedule, notes = self._schedule_of(made, synthetic, time_off=(first, second))
        assert [one["startDate"] for one in schedule["shifts"]] == ["2026-10-20T08:00:00.000Z"]
        assert any("part of a day" in note.text for note in notes)

    def test_parts_of_days_stand_among_the_shifts_by_their_time(self, made, synthetic):
        shift = synthetic.shift("A001", date(2026, 10, 21), 480, (240, "ON_QUEUE"))
        start = wall_instant(date(2026, 10, 20), 9 * 60, synthetic.DUBLIN)
        part = TimeOff(start=start, end=start + timedelta(hours=1), is_all_day=False)
        schedule, _ = self._schedule_of(made, synthetic, shifts=(shift,), time_off=(part,))
        assert [one["startDate"][:10] for one in schedule["shifts"]] == ["2026-10-20", "2026-10-21"]

    def test_time_off_from_noon_to_noon_is_parts_and_a_day(self, made, synthetic):
        first = wall_instant(date(2026, 10, 24), 12 * 60, synthetic.DUBLIN)
        last = wall_instant(date(2026, 10, 26), 0, synthetic.DUBLIN)
        leave = TimeOff(start=first, end=last, is_all_day=False)
        agent = synthetic.agent("A003", time_off=(leave,))
        (schedule,) = made(
            problem=synthetic.problem(agents=(agent,)), schedule=synthetic.schedule(shifts=())
        ).genesys_import["agentSchedules"]
        assert [one["lengthMinutes"] for one in schedule["shifts"]] == [720]
        days = [one["businessUnitDate"] for one in schedule["fullDayTimeOffMarkers"]]
        assert days == ["2026-10-25"]  # of 25 hours

    def test_dates_of_people_in_other_zones_are_their_own_and_told(self, made, synthetic):
        zone = "America/Port_of_Spain"
        leave = TimeOff(
            start=wall_instant(date(2026, 10, 21), 0, zone),
            end=wall_instant(date(2026, 10, 22), 0, zone),
        )
        agent = synthetic.agent("A003", timezone=zone, time_off=(leave,))
        found = made(problem=synthetic.problem(agents=(agent,)),
                     schedule=synthetic.schedule(shifts=()))  # fmt: skip
        (marker,) = found.genesys_import["agentSchedules"][0]["fullDayTimeOffMarkers"]
        assert marker["businessUnitDate"] == "2026-10-21"
        assert any("business unit's zone" in one.text and one.agent_ids == ("A003",)
                   for one in found.notes)  # fmt: skip


def test_the_same_week_gives_the_same_bytes_forecast_included(made, synthetic, tmp_path):
    run = synthetic.run(tmp_path)
    first, second = (made(demand=run.demand, need=run.need).files for _ in range(2))
    assert first == second


def test_nobody_is_a_pseudonym_there(synthetic):
    order = synthetic.order()
    with pytest.raises(ExportRefusedError, match="genesys takes people by their ids"):
        exported(SYSTEM, replace(order, ids=synthetic.ids(order, SYSTEM)), key=b"x" * 32)


def test_states_of_shifts_make_no_difference_to_an_import(made, synthetic):
    draft = made(schedule=synthetic.schedule(status="draft")).genesys_import
    told = made(schedule=synthetic.schedule(status="published")).genesys_import
    assert draft == told
