"""Tests for wfplan.export.genesys.update and wfplan.export.genesys.held."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wfplan.domain.external_ids import IdKind
from wfplan.domain.schedule_rows import ShiftState, told_shifts
from wfplan.errors import ExportRefusedError, InputFaultsError
from wfplan.export import exported, with_paths
from wfplan.export.genesys.held import held_in
from wfplan.export.order import fit_id

SYSTEM = "genesys"
FEW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
SCHEMA = Path(__file__).parents[2] / "configs" / "export" / "genesys-update.schema.json"


@pytest.fixture
def place(tmp_path, synthetic):
    """A Genesys that holds a schedule, and what is told to it."""
    return Place(tmp_path, synthetic)


class Place:
    """Answers of Genesys about the made-up schedule, in files, and exports against them."""

    def __init__(self, folder, synthetic):
        self.synthetic, self.before = synthetic, synthetic.schedule(revision=2)
        self.ids = synthetic.ids(synthetic.order(), SYSTEM)
        self.schedule = folder / "schedule.json"
        self.people = folder / "people.json"
        self.say_schedule()
        self.say_people(self.before.shifts)

    def user(self, agent_id):
        return self.ids.find(SYSTEM, IdKind.AGENT, agent_id)

    def say_schedule(self, **more):
        answer = {
            "id": "s-1",
            "weekDate": "2026-10-19",
            "weekCount": 1,
            "description": "wfplan harbour-bank r2",
            "published": False,
            "metadata": {"version": 7, "dateModified": "2026-10-12T09:00:00.000Z"},
            **more,
        }
        self.schedule.write_text(json.dumps(answer))

    def say_people(self, shifts, *, is_tagged=True, is_result=True):
        agents = {}
        for shift in shifts:
            description = f"wfplan:{fit_id(shift.shift_id)}" if is_tagged else None
            agents.setdefault(shift.agent_id, []).append(
                {
                    "id": f"g-{shift.shift_id}",
                    "startDate": f"{shift.start:%Y-%m-%dT%H:%M:%S.000Z}",
                    "lengthMinutes": 480,
                    "activities": [{"description": description, "activityCodeId": "0"}],
                    "workPlanId": None,
                }
            )
        answer = {
            "agentSchedules": [
                {
                    "user": {"id": self.user(agent_id), "selfUri": "/u"},
                    "shifts": entries,
                    "fullDayTimeOffMarkers": [],
                    "metadata": {"version": 3},
                }
                for agent_id, entries in agents.items()
            ]
        }
        wrapped = {"status": "Complete", "result": answer} if is_result else answer
        self.people.write_text(json.dumps(wrapped))

    def update(self, now, *, is_publishing=False, **settings):
        order = self.synthetic.order(
            schedule=now,
            told=told_shifts([self.before]),
            since=told_shifts([self.before]),
            is_publishing=is_publishing,
        )
        given = {"current": [self.schedule, self.people], **settings}
        files, notes = exported(SYSTEM, replace(order, ids=self.ids), settings=given)
        document = json.loads(files["genesys_update.json"])
        agents = {one["userId"]: one for one in document["agentSchedules"]}
        return SimpleNamespace(files=files, notes=notes, document=document, agents=agents)

    def moved(self, shift, minutes):
        by = timedelta(minutes=minutes)
        parts = [one.model_copy(update={"start": one.start + by, "end": one.end + by})
                 for one in shift.activities]  # fmt: skip
        return shift.model_copy(update={"activities": tuple(parts)})

    def now(self, *shifts):
        return self.synthetic.schedule(revision=3, shifts=shifts)


def test_a_changed_shift_takes_the_place_of_the_one_with_its_id(place, schema_faults):
    day, night = place.before.shifts
    found = place.update(place.now(place.moved(day, 60), night))
    assert schema_faults(found.document, json.loads(SCHEMA.read_text())) == []
    assert found.document["metadata"] == {"version": 7}
    assert list(found.agents) == [place.user("A001")]  # nobody else is touched
    agent = found.agents[place.user("A001")]
    assert agent["metadata"] == {"version": 3}
    (shift,) = agent["shifts"]
    assert shift["id"] == f"g-{day.shift_id}"
    assert shift["startDate"] == "2026-10-19T08:00:00.000Z"
    assert [one["lengthMinutes"] for one in shift["activities"]] == [120, 15, 345]
    assert "delete" not in shift
    assert "fullDayTimeOffMarkers" not in agent


def test_a_cancelled_shift_is_deleted_by_its_id_there_though_nobody_has_one_left(place):
    day, _ = place.before.shifts
    found = place.update(place.now(day))
    agent = found.agents[place.user("A002")]
    assert agent["shifts"] == [{"id": "g-dublin-A002-20261024-1", "delete": True}]
    assert agent["metadata"] == {"version": 3}
    assert "delete" not in agent  # her days off stay


def test_a_new_shift_has_no_id_and_a_new_person_no_version(place):
    extra = place.synthetic.shift("A003", date(2026, 10, 20), 540, (240, "ON_QUEUE"))
    found = place.update(place.now(*place.before.shifts, extra))
    (agent,) = found.agents.values()
    assert agent["userId"] == place.user("A003")
    assert "metadata" not in agent
    (shift,) = agent["shifts"]
    assert "id" not in shift
    assert shift["activities"][0]["description"] == f"wfplan:{extra.shift_id}"


def test_new_and_cancelled_shifts_of_a_person_are_one_entry(place):
    day, night = place.before.shifts
    other = place.synthetic.shift("A001", date(2026, 10, 21), 540, (240, "ON_QUEUE"))
    found = place.update(place.now(night, other))
    assert day.shift_id not in {s.shift_id for s in (night, other)}
    (agent,) = found.agents.values()
    assert [one.get("delete", False) for one in agent["shifts"]] == [True, False]


def test_shifts_that_lost_their_description_are_found_by_when_they_began(place):
    day, night = place.before.shifts
    place.say_people(place.before.shifts, is_tagged=False)
    found = place.update(place.now(place.moved(day, 60)))
    assert found.agents[place.user("A001")]["shifts"][0]["id"] == f"g-{day.shift_id}"
    assert found.agents[place.user("A002")]["shifts"][0]["id"] == f"g-{night.shift_id}"


def test_a_shift_that_had_been_cancelled_is_new_whatever_begins_there_now(place):
    """What begins at its time without a description is somebody else's doing."""
    day, night = place.before.shifts
    place.say_people([day], is_tagged=False)
    gone = [replace(one, state=ShiftState.CANCELLED) if one.shift == day else one
            for one in told_shifts([place.before])]  # fmt: skip
    order = place.synthetic.order(schedule=place.now(day, night), told=tuple(gone),
                                  since=tuple(gone))  # fmt: skip
    given = {"current": [place.schedule, place.people]}
    files, _ = exported(SYSTEM, replace(order, ids=place.ids), settings=given)
    (agent,) = json.loads(files["genesys_update.json"])["agentSchedules"]
    assert "id" not in agent["shifts"][0]


def test_a_shift_that_is_there_already_is_not_added_again(place):
    extra = place.synthetic.shift("A003", date(2026, 10, 20), 540, (240, "ON_QUEUE"))
    place.say_people((*place.before.shifts, extra))
    found = place.update(place.now(*place.before.shifts, extra))
    (shift,) = found.agents[place.user("A003")]["shifts"]
    assert shift["id"] == f"g-{extra.shift_id}"


def test_shifts_that_somebody_took_out_there_are_told(place):
    day, night = place.before.shifts
    place.say_people([place.synthetic.shift("A003", date(2026, 10, 20), 540, (60, "ON_QUEUE"))])
    found = place.update(place.now(place.moved(day, 60)))
    notes = {note.shift_ids: note.text for note in found.notes}
    assert "is added there again" in notes[(day.shift_id,)]
    assert "nothing to delete" in notes[(night.shift_id,)]
    assert "id" not in found.agents[place.user("A001")]["shifts"][0]
    assert place.user("A002") not in found.agents


def test_the_calls_go_to_the_schedule_that_is_there(place):
    day, _ = place.before.shifts
    found = place.update(place.now(day), business_unit="bu-1")
    calls = json.loads(found.files["genesys_calls.json"])
    door = "/api/v2/workforcemanagement/businessunits/bu-1/weeks/2026-10-19/schedules/s-1/update"
    assert [call.get("path") for call in calls] == [f"{door}/uploadurl", None, door]
    assert set(found.files) == {
        "genesys_update.json", "genesys_update.json.gz", "genesys_calls.json", "manifest.json",
    }  # fmt: skip


def test_where_nothing_changed_there_is_no_update(place):
    order = place.synthetic.order(schedule=place.before, told=told_shifts([place.before]),
                                  since=told_shifts([place.before]))  # fmt: skip
    given = {"current": [place.schedule, place.people]}
    files, notes = exported(SYSTEM, replace(order, ids=place.ids), settings=given)
    assert set(files) == {"manifest.json"}
    assert "nothing changes in Genesys" in notes[0].text


def test_a_draft_stays_one_and_publishing_is_asked_for(place):
    day, _ = place.before.shifts
    assert "published" not in place.update(place.now(day)).document
    assert place.update(place.now(day), is_publishing=True).document["published"] is True


def test_what_people_see_is_not_updated_without_being_asked(place):
    day, _ = place.before.shifts
    place.say_schedule(published=True)
    with pytest.raises(ExportRefusedError, match="people see an update at once: give --publish"):
        place.update(place.now(day))
    assert place.update(place.now(day), is_publishing=True).document["published"] is True


def test_the_schedule_of_another_week_is_refused(place):
    place.say_schedule(weekDate="2026-10-26")
    with pytest.raises(ExportRefusedError, match=r"covers 2026-10-26 to 2026-11-01, this plan"):
        place.update(place.now())


def test_a_week_in_the_midst_of_a_longer_schedule_is_updated(place):
    place.say_schedule(weekDate="2026-10-12", weekCount=4)
    day, _ = place.before.shifts
    found = place.update(place.now(day))
    assert "weeks/2026-10-12/schedules/s-1" in found.files["genesys_calls.json"].decode()


def test_without_what_genesys_holds_the_whole_is_written_anew_and_the_way_is_told(place):
    told = told_shifts([place.before])
    order = place.synthetic.order(schedule=place.now(), told=told, since=told)
    files, notes = exported(SYSTEM, replace(order, ids=place.ids))
    assert "genesys_import.json.gz" in files
    assert "genesys_update.json.gz" not in files
    assert "current = " in notes[0].text
    assert notes[0].shift_ids == tuple(one.shift_id for one in place.before.shifts)


def test_one_file_alone_may_be_named_as_it_is(place, tmp_path):
    place.schedule.unlink()
    with pytest.raises(InputFaultsError, match="names 0 answers of GET"):
        place.update(place.now(), current=str(place.people))


def test_an_answer_may_be_what_its_download_gave(place):
    place.say_people(place.before.shifts, is_result=False)
    held = held_in([place.people, place.schedule])
    assert (held.schedule_id, held.version, held.weeks) == ("s-1", 7, 1)
    agent = held.agents[place.user("A001")]
    assert agent.version == 3
    assert agent.shifts[0].shift_id == "dublin-A001-20261019-1"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{", "is no JSON"),
        ("[]", "is no answer of Genesys"),
        ('{"status": "Complete", "downloadUrl": "https://x"}', "save what that leads to"),
        ('{"agentSchedules": [{"user": {}}]}', "user.id"),
        ('{"agentSchedules": []}', "names no answer of POST .../agentschedules/query"),
        ('{"id": "s-2"}', "weekDate"),
        ('{"id": "s-2", "weekDate": "2026-10-19", "weekCount": 1, "metadata": {"version": 1}}',
         "names 2 answers of GET"),
    ],
)  # fmt: skip
def test_files_that_are_no_answers_are_told(place, text, fault):
    place.people.write_text(text)
    with pytest.raises(InputFaultsError, match=fault.replace(".", r"\.")):
        held_in([place.schedule, place.people])


def test_a_file_that_is_not_there_is_told(place, tmp_path):
    with pytest.raises(InputFaultsError, match=r"gone\.json.*cannot be read"):
        held_in([tmp_path / "gone.json"])


def test_files_of_settings_lie_beside_them(tmp_path):
    found = with_paths(SYSTEM, {"current": ["a.json", "/b.json"], "business_unit": "x"}, tmp_path)
    assert found["current"] == [tmp_path / "a.json", Path("/b.json")]
    assert found["business_unit"] == "x"
    assert with_paths(SYSTEM, {"current": "a.json"}, tmp_path)["current"] == tmp_path / "a.json"
    assert with_paths("my.profile", {"current": "a.json"}, tmp_path) == {"current": "a.json"}


class Replay:
    """Genesys as its client documents it: an import makes a schedule, an update changes it."""

    def __init__(self, folder):
        self.folder, self.version, self.made = folder, 1, 0
        self.shifts, self.versions = {}, {}

    def take_import(self, document):
        for agent in document["agentSchedules"]:
            self.versions[agent["userId"]] = 1
            self.shifts[agent["userId"]] = {self._id(): one for one in agent["shifts"]}

    def take_update(self, document):
        assert document["metadata"]["version"] == self.version
        self.version += 1
        for agent in document["agentSchedules"]:
            user = agent["userId"]
            assert agent.get("metadata", {}).get("version") == self.versions.get(user)
            self.versions[user] = self.versions.get(user, 0) + 1
            held = self.shifts.setdefault(user, {})
            for one in agent["shifts"]:
                assert one.get("id") is None or one["id"] in held
                if one.get("delete"):
                    del held[one["id"]]
                else:
                    entry = {key: value for key, value in one.items() if key != "id"}
                    held[one.get("id") or self._id()] = entry

    def _id(self):
        self.made += 1
        return f"g-{self.made}"

    @property
    def current(self):
        """Its answers, in files."""
        schedule = {"id": "s-1", "weekDate": self.week, "weekCount": 1,
                    "metadata": {"version": self.version}}  # fmt: skip
        agents = [
            {
                "user": {"id": user},
                "shifts": [{"id": key, **one} for key, one in held.items()],
                "metadata": {"version": self.versions[user]},
            }
            for user, held in self.shifts.items()
        ]
        paths = [self.folder / "schedule.json", self.folder / "people.json"]
        for path, answer in zip(paths, (schedule, {"agentSchedules": agents}), strict=True):
            path.write_text(json.dumps(answer))
        return paths

    @property
    def all_shifts(self):
        return sorted(
            (user, json.dumps(one)) for user, held in self.shifts.items() for one in held.values()
        )


@pytest.mark.slow
@FEW
@given(data=st.data())
def test_after_an_update_genesys_holds_what_an_import_would_give(
    data, strategies, synthetic, tmp_path
):
    case = data.draw(strategies.schedules(is_revised=True))
    told = told_shifts([case.previous])
    now = case.schedule.model_copy(update={"revision": case.previous.revision + 1})
    orders = [
        synthetic.order(problem=case.problem, schedule=case.previous),
        synthetic.order(problem=case.problem, schedule=now),
        synthetic.order(problem=case.problem, schedule=now, told=told, since=told),
    ]
    ids = synthetic.ids(replace(orders[2], told=told), SYSTEM)
    first, second = (
        json.loads(exported(SYSTEM, replace(order, ids=ids))[0]["genesys_import.json"])
        for order in orders[:2]
    )
    there, wanted = Replay(tmp_path), Replay(tmp_path)
    there.week = case.schedule.first_day.isoformat()
    there.take_import(first)
    wanted.take_import(second)
    if not there.shifts:
        return  # there is nobody to ask about
    files, notes = exported(
        SYSTEM, replace(orders[2], ids=ids), settings={"current": there.current}
    )
    if "genesys_update.json" in files:
        there.take_update(json.loads(files["genesys_update.json"]))
    else:
        assert "nothing changes in Genesys" in notes[-1].text
    assert there.all_shifts == wanted.all_shifts
    assert not any("not in Genesys" in note.text for note in notes)
