"""Tests for wfplan.export.teams.graph and wfplan.export.teams.requests."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.domain.external_ids import ExternalIds, ExternalKey, IdKind
from wfplan.domain.offers import OfferKind, OpenShift
from wfplan.errors import ExportRefusedError, InputFaultsError
from wfplan.export import exported
from wfplan.export.teams.graph import THEMES

CONFIGS = Path(__file__).parents[2] / "configs" / "export"
REQUESTS = "teams_requests.json"
LIMIT = 20  # requests that Graph takes in a batch
KEYS = {"shifts": "Shift", "openShifts": "OpenShift", "timesOff": "TimeOff"}


@pytest.fixture(scope="module")
def schema():
    """Our schema of Graph's objects."""
    return json.loads((CONFIGS / "teams-graph.schema.json").read_text())


@pytest.fixture
def graph(files):
    """A function that exports and reads both files."""

    def export(*args, **more):
        made = files("teams", *args, **more)
        return json.loads(made["teams_graph.json"]), json.loads(made[REQUESTS])

    return export


def requests_of(document):
    """All requests, in their order."""
    return [one for batch in document["batches"] for one in batch["requests"]]


def offer(synthetic, start_min=540, minutes=480, group="voice"):
    """A shift that nobody has."""
    shift = synthetic.shift("nobody", synthetic.WEEK, start_min, (minutes, "ON_QUEUE"))
    return OpenShift(
        OfferKind.OPEN_SHIFT, "", group, "full_time", shift.start, shift.end, 1.0, 8.0, None, ""
    )


def with_group(synthetic, order, *groups):
    """The order with ids of everything, and of groups of channels."""
    known = dict(synthetic.ids(order, "teams").known)
    known |= {ExternalKey("teams", IdKind.GROUP, one): f"TAG_{one}" for one in groups}
    return replace(order, ids=ExternalIds(known))


class Teams:
    """A team's schedule: what Graph v1.0 says of shifts, as far as our requests go."""

    def __init__(self):
        self.kept = {"shifts": {}, "openShifts": {}, "timesOff": {}}
        self.number = 0

    def get(self, url):
        """Whatever lies within the times that a lookup asks for."""
        path, _, asked = unquote(url).partition("?$filter=")
        kind = path.rpartition("/")[2]
        found = list(self.kept[kind].items())
        if asked:
            properties = re.findall(r"(\w+)/(\w+) (ge|le) (\S+)", asked)
            assert len({name for _, name, _, _ in properties}) == len(properties)
            found = [(key, one) for key, one in found
                     if all(self._holds(one, *p) for p in properties)]  # fmt: skip
        return found

    @staticmethod
    def _holds(one, copy, name, how, value):
        item = one.get(copy)
        return bool(item) and (item[name] >= value if how == "ge" else item[name] <= value)

    def send(self, batch):
        """Answer a batch."""
        assert len(batch) <= LIMIT
        assert len({one["id"].casefold() for one in batch}) == len(batch)
        for one in batch:
            assert "body" not in one or one["headers"] == {"Content-Type": "application/json"}
            self._do(one["method"], one["url"].split("/schedule/")[1].split("/"), one.get("body"))

    def _do(self, method, path, body):
        if path == ["share"]:
            self._share()
        elif path[-1] == "stageForDeletion":
            self.kept[path[0]][path[1]]["isStagedForDeletion"] = True
        elif method == "DELETE":
            del self.kept[path[0]][path[1]]
        elif method == "POST":
            self.number += 1
            self.kept[path[0]][f"SHFT_{self.number}"] = self._checked(path[0], dict(body), {})
        else:
            old = self.kept[path[0]][path[1]]
            self.kept[path[0]][path[1]] = self._checked(path[0], body, old)

    @staticmethod
    def _checked(kind, body, old):
        draft, shared = f"draft{KEYS[kind]}", f"shared{KEYS[kind]}"
        assert (body.get(draft) is None) != (body.get(shared) is None)
        new = old | body
        assert not (shared in body and new.get(draft)), "a draft stands before the shared copy"
        return {name: value for name, value in new.items() if value is not None}

    def _share(self):
        for kind, kept in self.kept.items():
            draft, shared = f"draft{KEYS[kind]}", f"shared{KEYS[kind]}"
            for key, one in list(kept.items()):
                if one.get("isStagedForDeletion"):
                    del kept[key]
                elif draft in one:
                    one[shared] = one.pop(draft)

    def shown(self, kind, copy):
        """What stands there by one copy, the drafts before the shared ones for managers."""
        found = {}
        for one in self.kept[kind].values():
            item = one.get(f"{copy}{KEYS[kind]}") or (
                one.get(f"shared{KEYS[kind]}") if copy == "draft" else None
            )
            if item and not (copy == "draft" and one.get("isStagedForDeletion")):
                assert item["notes"] not in found
                found[item["notes"]] = (one.get("userId"), item)
        return found


def replay(document, teams):
    """Bring an export into Teams by the rules that the file tells."""
    ids, absences = {}, set()
    for url in document["lookups"]:
        for key, one in teams.get(url):
            items = [one[name] for name in one if name.startswith(("shared", "draft"))]
            for item in items:
                if "notes" in item:
                    ids[item["notes"].partition(" ")[0]] = key
                else:
                    absences.add((one["userId"], item["startDateTime"], item["endDateTime"]))
    for batch in document["batches"]:
        sent = [made for one in batch["requests"]
                if (made := as_sent(one, ids, absences)) is not None]  # fmt: skip
        teams.send(sent)
    asked = {one["id"] for one in requests_of(document)}
    for notes, key in ids.items():
        if notes.startswith(document["open_shifts"]) and notes not in asked:
            del teams.kept["openShifts"][key]


def as_sent(request, ids, absences):
    """A request as it is sent, by rules 2 to 4; None where it is left out."""
    notes, url, body = request["id"], request["url"], request.get("body")
    if url.endswith("timesOff"):
        (item,) = (value for name, value in body.items() if name.endswith("TimeOff"))
        key = body["userId"], item["startDateTime"], item["endDateTime"]
        return None if key in absences else request
    if url.endswith("share"):
        return request
    place = "{" + notes + "}"
    is_gone = request["method"] == "DELETE" or url.endswith("stageForDeletion")
    if notes in ids and request["method"] == "POST" and not is_gone:
        shared = [name for name in body if name.startswith("shared")]
        body = body | {"isStagedForDeletion": False}
        body |= {name.replace("shared", "draft"): None for name in shared}
        return request | {"method": "PUT", "url": f"{url}/{ids[notes]}", "body": body}
    if notes not in ids and place in url:
        if is_gone:
            return None
        body = {name: one for name, one in body.items()
                if one is not None and name != "isStagedForDeletion"}  # fmt: skip
        return request | {"method": "POST", "url": url.removesuffix(f"/{place}"), "body": body}
    return request | {"url": url.replace(place, ids.get(notes, place))}


def test_the_objects_and_requests_keep_our_schema(graph, schema, schema_faults):
    objects, requests = graph()
    assert schema_faults(objects, schema) == []
    assert schema_faults(requests, schema["$defs"]["requests"], schema) == []
    assert len(objects["shifts"]) == 2
    assert len(objects["timesOff"]) == 1


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda o: o["shifts"][0].update(userID="x"), r"userID is unknown"),
        (lambda o: o["shifts"][0]["draftShift"].update(note="x"), r"note is unknown"),
        (lambda o: o["shifts"][0]["draftShift"].update(theme="grey"), "none of"),
        (lambda o: o["shifts"][0]["draftShift"]["activities"][0].pop("code"), "code is missing"),
        (lambda o: o["timesOff"][0]["draftTimeOff"].update(startDateTime="10:00"), "not match"),
        (lambda o: o.update(openshifts=[]), "openshifts is unknown"),
    ],
)
def test_our_schema_finds_what_graph_does_not_know(graph, schema, schema_faults, change, fault):
    objects, _ = graph()
    change(objects)
    (found,) = schema_faults(objects, schema)
    assert re.search(fault, found)


def test_a_shift_says_who_when_and_what_in_utc(graph, synthetic):
    objects, _ = graph()
    night = objects["shifts"][1]
    assert set(night) == {"userId", "schedulingGroupId", "draftShift"}
    item = night["draftShift"]
    assert item["notes"] == "wfplan:dublin-A002-20261024-1"
    assert (item["startDateTime"], item["endDateTime"]) == (
        "2026-10-24T21:00:00Z", "2026-10-25T06:00:00Z",
    )  # fmt: skip
    assert [(one["code"], one["displayName"], one["isPaid"], one["theme"])
            for one in item["activities"]] == [
        ("ON_QUEUE", "On queue", True, "blue"),
        ("MEAL", "Meal", False, "gray"),
        ("ON_QUEUE", "On queue", True, "blue"),
    ]  # fmt: skip


def test_time_off_has_one_reason_and_no_more(graph):
    objects, _ = graph()
    (absent,) = objects["timesOff"]
    assert set(absent["draftTimeOff"]) == {
        "timeOffReasonId", "startDateTime", "endDateTime", "theme",
    }  # fmt: skip


def test_every_category_has_a_colour_that_graph_takes_without_asking(schema):
    assert set(THEMES.values()) <= set(schema["$defs"]["theme"]["enum"])
    assert len(THEMES) == 7


def test_publishing_writes_the_shared_copy_and_no_draft(graph, synthetic):
    published = synthetic.schedule(status="published")
    objects, requests = graph(published, is_publishing=True)
    text = json.dumps([objects, requests["batches"]])
    assert "sharedShift" in text
    assert "sharedTimeOff" in text
    assert "draft" not in text
    assert requests["share"] == []


def test_a_draft_names_the_request_that_shares_it_and_does_not_send_it(graph):
    _, requests = graph()
    (share,) = requests["share"]
    assert share["url"].endswith("/schedule/share")
    assert share["body"] == {
        "notifyTeam": False,
        "startDateTime": "2026-10-19T07:00:00Z",
        "endDateTime": "2026-10-25T06:00:00Z",
    }
    assert not any("share" in one["url"] for one in requests_of(requests))


def test_drafts_are_shared_at_once_where_it_is_asked_for(graph, synthetic):
    published = synthetic.schedule(status="published")
    at_once = {"is_shared_at_once": True}
    objects, requests = graph(published, is_publishing=True, settings=at_once)
    assert all("draftShift" in one for one in objects["shifts"])
    assert [one["id"] for one in requests["batches"][-1]["requests"]] == ["share-1"]
    _, draft = graph(published, settings=at_once)
    assert not any("share" in one["url"] for one in requests_of(draft))


def test_what_is_new_changed_and_gone_since_is_posted_put_and_staged(graph, synthetic):
    before = synthetic.schedule()
    moved = synthetic.shift("A001", synthetic.WEEK, 540, (300, "ON_QUEUE"))
    new = synthetic.shift("A003", synthetic.WEEK, 540, (300, "ON_QUEUE"))
    now = synthetic.schedule(shifts=(moved, new))
    order = synthetic.order(schedule=now, previous=before)
    objects, requests = graph(now, previous=before, since=order.told)
    made = [(one["method"], one["id"], one["url"].split("/schedule/")[1])
            for one in requests_of(requests)]  # fmt: skip
    gone, changed = "wfplan:dublin-A002-20261024-1", "wfplan:dublin-A001-20261019-1"
    assert made == [
        ("POST", gone, f"shifts/{{{gone}}}/stageForDeletion"),
        ("PUT", changed, f"shifts/{{{changed}}}"),
        ("POST", "wfplan:dublin-A003-20261019-1", "shifts"),
    ]
    assert requests_of(requests)[1]["body"]["isStagedForDeletion"] is False
    assert objects["cancelled"] == [gone]
    assert len(objects["shifts"]) == 2


def test_publishing_deletes_what_is_gone_and_leaves_no_draft_before_what_changed(graph, synthetic):
    before = synthetic.schedule()
    moved = synthetic.shift("A001", synthetic.WEEK, 540, (300, "ON_QUEUE"))
    now = synthetic.schedule(shifts=(moved,), status="published", revision=2)
    _, requests = graph(now, previous=before, is_publishing=True)
    gone, changed = requests_of(requests)[:2]
    assert (gone["method"], "body" in gone, "headers" in gone) == ("DELETE", False, False)
    assert gone["url"].endswith("/shifts/{wfplan:dublin-A002-20261024-1}")
    assert (changed["method"], changed["body"]["draftShift"]) == ("PUT", None)


@pytest.mark.parametrize(("is_delta", "count"), [(False, 1), (True, 0)])
def test_people_who_are_told_again_of_what_did_not_change_are_noted(synthetic, is_delta, count):
    schedule = synthetic.schedule(status="published")
    order = synthetic.order(schedule=schedule, previous=schedule, is_publishing=True)
    order = replace(order, ids=synthetic.ids(order, "teams"))
    _, notes = exported("teams", replace(order, since=order.told if is_delta else None))
    found = [note for note in notes if "shared again" in note.text]
    assert [note.agent_ids for note in found] == [("A001", "A002")] * count


def test_nothing_is_asked_when_nothing_changed(graph, synthetic):
    schedule = synthetic.schedule()
    told = synthetic.order(previous=schedule).told
    objects, requests = graph(schedule, previous=schedule, since=told)
    assert requests["batches"] == []
    assert not any(objects.values())
    assert requests["share"] == []


def test_old_times_are_looked_up_where_a_shift_was_moved(graph, synthetic):
    early = synthetic.shift("A001", synthetic.WEEK, 0, (300, "ON_QUEUE"))
    late = synthetic.shift("A001", synthetic.WEEK, 1000, (300, "ON_QUEUE"))
    _, requests = graph(
        synthetic.schedule(shifts=(late,)), previous=synthetic.schedule(shifts=(early,))
    )
    assert "sharedShift/startDateTime ge 2026-10-17T23:00:00Z" in unquote(requests["lookups"][0])


def test_batches_have_twenty_requests_whose_ids_differ_in_more_than_their_case(graph, synthetic):
    agents = [synthetic.agent(f"{letter}{n:02}") for n in range(15) for letter in "Aa"]
    shifts = tuple(synthetic.shift(one.agent_id, synthetic.WEEK, 480, (240, "ON_QUEUE"))
                   for one in agents)  # fmt: skip
    _, requests = graph(synthetic.schedule(shifts=shifts), synthetic.problem(agents=agents))
    teams = Teams()
    replay(requests, teams)
    assert len(teams.kept["shifts"]) == 30


def test_open_shifts_of_the_same_hours_are_slots_of_one(synthetic, schema, schema_faults):
    offers = (
        offer(synthetic),
        offer(synthetic),
        offer(synthetic, 600),
        offer(synthetic, group="a+b"),
    )
    order = with_group(synthetic, synthetic.order(open_shifts=tuple(offers)), "voice", "a+b")
    objects = json.loads(exported("teams", order)[0]["teams_graph.json"])
    assert schema_faults(objects, schema) == []
    found = [(one["schedulingGroupId"], one["draftOpenShift"]["openSlotCount"])
             for one in objects["openShifts"]]  # fmt: skip
    assert found == [("TAG_a+b", 1), ("TAG_voice", 2), ("TAG_voice", 1)]
    notes = {one["draftOpenShift"]["notes"] for one in objects["openShifts"]}
    assert len(notes) == 3


def test_open_shifts_that_are_not_offered_any_more_are_found_and_deleted(synthetic):
    teams = Teams()
    for offers in ((offer(synthetic), offer(synthetic, 600)), (offer(synthetic), offer(synthetic))):
        order = with_group(synthetic, synthetic.order(open_shifts=offers), "voice")
        replay(json.loads(exported("teams", order)[0][REQUESTS]), teams)
    (left,) = teams.kept["openShifts"].values()
    assert left["draftOpenShift"]["openSlotCount"] == 2


def test_open_shifts_are_left_out_on_request(graph, synthetic):
    objects, requests = graph(open_shifts=(offer(synthetic),), settings={"has_open_shifts": False})
    assert objects["openShifts"] == []
    assert not any("openShifts" in url for url in requests["lookups"])


@pytest.mark.parametrize(("minutes", "is_taken"), [(1, True), (1440, True), (1441, False)])
def test_a_shift_lasts_a_minute_to_24_hours(graph, synthetic, minutes, is_taken):
    shift = synthetic.shift("A001", synthetic.WEEK, 480, (minutes, "ON_QUEUE"))
    schedule = synthetic.schedule(shifts=(shift,))
    if is_taken:
        assert len(graph(schedule)[0]["shifts"]) == 1
        return
    with pytest.raises(ExportRefusedError, match=r"dublin-A001-20261019-1 lasts 24\.0167 h"):
        graph(schedule)


def test_a_split_shift_is_one_shift_whose_gap_is_not_paid(graph, synthetic):
    day = synthetic.shift("A001", synthetic.WEEK, 480, (240, "ON_QUEUE"), (180, "MEAL"),
                          (240, "ON_QUEUE"))  # fmt: skip
    gap = day.activities[1].model_copy(update={"code": "GAP", "category": "time_off"})
    split = day.model_copy(update={"activities": (day.activities[0], gap, day.activities[2])})
    objects, _ = graph(synthetic.schedule(shifts=(split,)))
    activities = objects["shifts"][0]["draftShift"]["activities"]
    assert [(one["code"], one["isPaid"]) for one in activities] == [
        ("ON_QUEUE", True), ("GAP", False), ("ON_QUEUE", True),
    ]  # fmt: skip


def test_a_day_without_work_on_queue_is_called_what_it_is(graph, synthetic):
    day = synthetic.shift("A001", synthetic.WEEK, 480, (240, "ON_QUEUE"), (30, "MEAL"))
    course = day.activities[0].model_copy(update={"code": "FIRST_AID", "category": "training"})
    taught = day.model_copy(update={"activities": (course, day.activities[1])})
    objects, _ = graph(synthetic.schedule(shifts=(taught,)))
    assert objects["shifts"][0]["draftShift"]["displayName"] == "First aid"


def test_all_ids_that_are_missing_are_told_together(synthetic):
    with pytest.raises(ExportRefusedError) as refused:
        exported("teams", synthetic.order())
    text = str(refused.value)
    for line in (
        "agents have no id in teams (the user in Teams): A001, A002",
        "1 group has no id in teams (the scheduling group of its shifts): Billing\n",
        "1 activity has no id in teams (the reason of all time off in Teams): TIME_OFF\n",
    ):
        assert line in text


def test_whoever_has_no_team_is_refused_or_has_the_default_group(graph, synthetic):
    problem = synthetic.problem(agents=[synthetic.agent("A001", team=""), synthetic.agent("A002")])
    with pytest.raises(ExportRefusedError, match="A001 of shift dublin-A001-20261019-1 has"):
        graph(problem=problem)
    objects, _ = graph(problem=problem, settings={"default_group_id": "TAG_all"})
    assert objects["shifts"][0]["schedulingGroupId"] == "TAG_all"


def test_the_team_is_that_of_the_site_or_of_the_settings_or_is_to_be_put_in(synthetic):
    order = synthetic.order()
    known = {key: one for key, one in synthetic.ids(order, "teams").known.items()
             if key.kind is not IdKind.SITE}  # fmt: skip
    bare = replace(order, ids=ExternalIds(known))
    for given_settings, team, count in (({}, "{teamId}", 1), ({"team_id": "19-a"}, "19-a", 0)):
        files, notes = exported("teams", bare, settings=given_settings)
        requests = json.loads(files[REQUESTS])
        assert {one["url"].split("/")[2] for one in requests_of(requests)} == {team}
        assert sum("no team is named" in note.text for note in notes) == count
    with pytest.raises(InputFaultsError, match=r"teams\.team_id"):
        exported("teams", bare, settings={"team_id": "a/b"})


@pytest.mark.parametrize(
    "payload", ["x\r\ny", '"},{', "{teamId}", "../..", "\x1b[2J", "<b>", "$batch", "\u2028"]
)
def test_nothing_in_a_shift_id_team_or_code_gets_into_an_address_or_another_field(
    graph, synthetic, schema, schema_faults, payload
):
    shift = synthetic.schedule().shifts[0]
    code = shift.activities[0].model_copy(update={"code": payload})
    odd = shift.model_copy(
        update={"shift_id": payload, "activities": (code, *shift.activities[1:])}
    )
    problem = synthetic.problem(agents=[synthetic.agent("A001", team=payload, site=payload)])
    objects, requests = graph(synthetic.schedule(shifts=(odd,)), problem)
    assert schema_faults(objects, schema) == []
    assert schema_faults(requests, schema["$defs"]["requests"], schema) == []


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_any_schedule_comes_back_from_its_objects(
    data, strategies, synthetic, schema, schema_faults
):
    case = data.draw(strategies.schedules())
    order = synthetic.order(problem=case.problem, schedule=case.schedule)
    order = replace(order, ids=synthetic.ids(order, "teams"))
    files, _ = exported("teams", order, settings={"default_group_id": "TAG_all"})
    objects = json.loads(files["teams_graph.json"])
    assert schema_faults(objects, schema) == []
    who = order.ids.backwards("teams", IdKind.AGENT)
    found = sorted(
        (who[one["userId"]], one["draftShift"]["notes"], *times(one["draftShift"]),
         tuple((*times(part), part["isPaid"]) for part in one["draftShift"]["activities"]))
        for one in objects["shifts"]
    )  # fmt: skip
    assert found == sorted(
        (one.agent_id, f"wfplan:{one.shift_id}", one.start, one.end,
         tuple((part.start, part.end, part.is_paid) for part in one.activities))
        for one in case.schedule.shifts
    )  # fmt: skip


def times(item):
    """Start and end of an item."""
    return tuple(datetime.fromisoformat(item[name]).astimezone(UTC)
                 for name in ("startDateTime", "endDateTime"))  # fmt: skip


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(data=st.data(), is_published=st.booleans(), is_delta=st.booleans(), at_once=st.booleans())
def test_teams_has_the_schedule_however_often_exports_are_sent(
    data, strategies, synthetic, is_published, is_delta, at_once
):
    case = data.draw(strategies.schedules(is_revised=True))
    teams, told = Teams(), ()
    for revision, schedule in enumerate((case.previous, case.schedule, case.schedule), start=1):
        status = "published" if is_published else "draft"
        now = schedule.model_copy(update={"revision": revision, "status": status})
        order = synthetic.order(problem=case.problem, schedule=now, told=told,
                                since=told if is_delta and revision > 1 else None,
                                is_publishing=is_published)  # fmt: skip
        order = replace(order, ids=synthetic.ids(order, "teams"))
        given_settings = {"default_group_id": "TAG", "is_shared_at_once": at_once}
        files, _ = exported("teams", order, settings=given_settings)
        for _ in range(data.draw(st.integers(1, 2))):
            replay(json.loads(files[REQUESTS]), teams)
        shown = teams.shown("shifts", "shared" if is_published else "draft")
        assert {
            notes: (*times(item), len(item["activities"])) for notes, (_, item) in shown.items()
        } == {
            f"wfplan:{one.shift_id}": (one.start, one.end, len(one.activities))
            for one in schedule.shifts
        }
        told = tuple(order.all_shifts)


def test_a_draft_that_is_published_later_is_shown_once(graph, synthetic):
    teams = Teams()
    _, draft = graph()
    replay(draft, teams)
    assert teams.shown("shifts", "shared") == {}
    _, published = graph(synthetic.schedule(status="published"), is_publishing=True)
    replay(published, teams)
    assert len(teams.shown("shifts", "shared")) == len(teams.kept["shifts"]) == 2
    assert len(teams.kept["timesOff"]) == 1


def test_a_shift_whose_notes_a_manager_wrote_on_is_found_all_the_same(graph):
    teams = Teams()
    _, requests = graph()
    replay(requests, teams)
    for one in teams.kept["shifts"].values():
        one["draftShift"]["notes"] += " (clocks change: 540 minutes)"
    replay(requests, teams)
    assert len(teams.kept["shifts"]) == 2


def test_a_draft_changes_nothing_that_people_see(graph, synthetic):
    teams = Teams()
    before = synthetic.schedule(status="published")
    _, published = graph(before, is_publishing=True)
    replay(published, teams)
    seen = json.dumps(teams.shown("shifts", "shared"))
    moved = synthetic.shift("A001", synthetic.WEEK, 540, (300, "ON_QUEUE"))
    _, draft = graph(synthetic.schedule(shifts=(moved,), revision=2), previous=before)
    replay(draft, teams)
    assert json.dumps(teams.shown("shifts", "shared")) == seen
    assert len(teams.shown("shifts", "draft")) == 1
    for share in draft["share"]:
        teams.send([{"id": "share", **share}])
    assert len(teams.shown("shifts", "shared")) == 1
