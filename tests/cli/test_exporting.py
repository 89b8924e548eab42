"""wfplan export beside a planning store: what was told, what changed since, and what is refused."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from wfplan.errors import ExitCode
from wfplan.store import RunParts
from wfplan.store.database import PersonWeek, WeekToPublish, opened, publish, writing

AT = datetime(2026, 10, 1, 9, tzinfo=UTC)


@pytest.fixture
def place(made_run, monkeypatch, synthetic):
    """A plan whose run has the schedule that ``now`` says, and a function that publishes one."""
    from wfplan import exporting

    class Place:
        run = made_run
        plan = made_run.parent.parent
        now = synthetic.schedule()

        def publish(self, schedule, at=AT):
            """Publish a schedule of the week."""
            people = [PersonWeek(agent.agent_id, tuple(schedule.by_agent().get(agent.agent_id, ())))
                      for agent in synthetic.problem().agents]  # fmt: skip
            week = WeekToPublish("harbour-bank", schedule, people)
            address = str(self.plan / "wfplan.db")
            with opened(address, is_made=True) as engine, writing(engine) as connection:
                publish(connection, week, actor="planner", at=at)

    place = Place()
    whole = RunParts.of(synthetic.run(place.plan / "plan.toml"))

    def read(folder, **more):
        return replace(whole, solution=replace(whole.solution, schedule=place.now))

    monkeypatch.setattr(exporting, "read", read)
    return place


def shifts_in(folder):
    """The shifts of an exported document: id -> revision and state."""
    document = json.loads((folder / "schedule.json").read_text())
    return {shift["shift_id"]: (shift["revision"], shift["state"]) for shift in document["shifts"]}


@pytest.fixture
def revisions(place, synthetic):
    """Three revisions: both shifts; the night moved; the night gone."""
    day, night = place.now.shifts
    late = synthetic.shift("A002", synthetic.CLOCKS_BACK, 1350, (540, "ON_QUEUE"))
    weeks = [synthetic.schedule(shifts=shifts) for shifts in ((day, night), (day, late), (day,))]
    for n, week in enumerate(weeks):
        place.publish(week, AT + timedelta(days=n))
    place.day, place.night = day.shift_id, night.shift_id
    return weeks


def test_what_is_published_is_confirmed_and_cancellations_stay(wfplan, place, revisions):
    place.now = revisions[-1]
    assert wfplan("export", place.run, "--to", "json").code == 0
    folder = place.run.with_name("w-json")
    assert shifts_in(folder) == {place.day: (1, "confirmed"), place.night: (3, "cancelled")}
    document = json.loads((folder / "schedule.json").read_text())
    assert (document["status"], document["revision"]) == ("published", 3)
    assert document["generated_at"] == "2026-10-03T09:00:00Z"


def test_since_published_is_what_the_last_revision_changed(wfplan, place, revisions):
    place.now = revisions[-1]
    said = wfplan("export", place.run, "--to", "json", "--since", "published", "--json")
    assert shifts_in(place.run.with_name("w-json")) == {place.night: (3, "cancelled")}
    result = said.object["result"]
    counts = {name: result[name] for name in ("new", "changed", "cancelled", "unchanged")}
    assert counts == {"new": 0, "changed": 0, "cancelled": 1, "unchanged": 1}


def test_since_a_revision_is_all_that_changed_since_then(wfplan, place, revisions, synthetic):
    extra = synthetic.shift("A003", synthetic.WEEK, 780, (240, "ON_QUEUE"))
    place.now = synthetic.schedule(shifts=(*revisions[-1].shifts, extra))
    wfplan("export", place.run, "--to", "json", "--since", "published:1")
    assert shifts_in(place.run.with_name("w-json")) == {
        extra.shift_id: (4, "draft"),
        place.night: (3, "cancelled"),
    }
    wfplan("export", place.run, "--to", "json", "--since", "published:1", "--whole")
    assert set(shifts_in(place.run.with_name("w-json"))) == {
        place.day, place.night, extra.shift_id
    }  # fmt: skip


def test_an_export_of_a_draft_says_what_it_would_change(wfplan, place, revisions):
    place.now = revisions[0]
    said = wfplan("export", place.run, "--to", "json", "--since", "published")
    assert shifts_in(place.run.with_name("w-json")) == {place.night: (4, "draft")}
    assert "1 shift (1 new, 0 changed, 0 cancelled; 1 as they were), revision 4, draft." in said.out


def test_nothing_changed_gives_the_same_bytes(wfplan, place, revisions):
    place.now = revisions[-1]
    folder = place.run.with_name("w-ics")

    def files():
        assert wfplan("export", place.run, "--to", "ics").code == 0
        return {path.name: path.read_bytes() for path in folder.iterdir()}

    assert files() == files()


def test_calendars_say_when_each_shift_was_told(wfplan, place, revisions):
    place.now = revisions[-1]
    wfplan("export", place.run, "--to", "ics")
    text = (place.run.with_name("w-ics") / "agent_A002.ics").read_text()
    assert "STATUS:CANCELLED" in text
    assert "SEQUENCE:3" in text
    assert "DTSTAMP:20261003T090000Z" in text


def test_a_later_plan_of_overlapping_weeks_cancels_what_an_earlier_one_told(
    wfplan, place, synthetic
):
    """Two weeks are published from the Monday before; then the second of them alone."""
    before = place.now.first_day - timedelta(days=7)
    earlier = synthetic.shift("A001", before, 480, (240, "ON_QUEUE"))
    day, night = place.now.shifts
    place.publish(
        place.now.model_copy(update={"first_day": before, "days": 14,
                                     "shifts": (earlier, day, night)})
    )  # fmt: skip
    place.now = synthetic.schedule(shifts=(day,))
    place.publish(place.now, AT + timedelta(days=1))
    wfplan("export", place.run, "--to", "json")
    assert shifts_in(place.run.with_name("w-json")) == {
        day.shift_id: (1, "confirmed"),
        night.shift_id: (2, "cancelled"),
    }


def test_a_later_plan_says_nothing_of_dates_that_are_not_its_own(wfplan, place, synthetic):
    """The week is published; then seven days from its Saturday on, without the night."""
    day, night = place.now.shifts
    place.publish(place.now)
    saturday = {"first_day": synthetic.CLOCKS_BACK, "shifts": ()}
    place.publish(place.now.model_copy(update=saturday), AT + timedelta(days=1))
    place.now = synthetic.schedule(shifts=(day,))
    wfplan("export", place.run, "--to", "json")
    assert shifts_in(place.run.with_name("w-json")) == {
        day.shift_id: (1, "confirmed"),
        night.shift_id: (2, "cancelled"),
    }


def test_a_run_names_what_was_told_where_nothing_is_published(wfplan, place, synthetic):
    place.now = synthetic.schedule(shifts=place.now.shifts[:1])
    said = wfplan("export", place.run, "--to", "json", "--since", "published")
    assert said.code == ExitCode.USAGE
    assert "nothing of this week is published" in said.err


def test_an_unknown_revision_is_answered_with_those_there_are(wfplan, place, revisions):
    said = wfplan("export", place.run, "--to", "json", "--since", "published:7")
    assert said.code == ExitCode.USAGE
    assert "no such revision of this week; it has 1, 2, 3" in said.err


def test_nobody_is_shown_what_was_not_published(wfplan, place, revisions):
    place.now = revisions[0]
    said = wfplan("export", place.run, "--to", "json", "--publish")
    assert said.code == ExitCode.EXPORT_REFUSED
    assert "wfplan publish RUN" in said.err
    assert not place.run.with_name("w-json").exists()
    place.now = revisions[-1]
    assert wfplan("export", place.run, "--to", "json", "--publish").code == 0


def test_an_exported_file_says_what_was_told(wfplan, place, synthetic):
    for to in ("csv", "json"):
        wfplan("export", place.run, "--to", to)
        told = place.run.with_name(f"w-{to}").rename(place.plan / f"told-{to}")
        before = place.now
        place.now = synthetic.schedule(shifts=before.shifts[:1])
        for since in (told, told / f"schedule.{to}"):
            said = wfplan("export", place.run, "--to", "csv", "--since", since)
            assert said.code == 0, said.err
            text = (place.run.with_name("w-csv") / "schedule.csv").read_text("utf-8-sig")
            rows = list(csv.DictReader(io.StringIO(text)))
            assert [(row["agent_id"], row["state"], row["revision"]) for row in rows] == [
                ("A002", "cancelled", "2")
            ]
        place.now = before


def test_settings_of_no_target_are_named(wfplan, place):
    (place.plan / "export.toml").write_text('[jsn]\nx = 1\n[json]\ny = "z"\n')
    said = wfplan("export", place.run, "--to", "json")
    assert said.code == ExitCode.BAD_INPUT
    assert "jsn: is no table of a target; did you mean 'json'?" in said.err
    (place.plan / "export.toml").write_text('[json]\ny = "z"\n')
    said = wfplan("export", place.run, "--to", "json")
    assert "json.y: is not a setting of this target" in said.err


def test_a_map_of_ids_with_faults_is_refused_with_all_of_them(wfplan, place):
    rows = ("agent,A001,teams,x", "agent,A001,teams,y", "agent,A002,teams,x", "person,A003,teams,z")
    (place.plan / "external_ids.csv").write_text("kind,id,system,external_id\n" + "\n".join(rows))
    said = wfplan("export", place.run, "--to", "json")
    assert said.code == ExitCode.BAD_INPUT
    assert "agent A001 has an id in teams already (line 2)" in said.err
    assert "A001 (line 2) has the same id in teams" in said.err
    assert "external_ids.csv:5" in said.err


def test_whole_says_nothing_without_since(wfplan, place):
    said = wfplan("export", place.run, "--to", "json", "--whole")
    assert said.code == ExitCode.USAGE


def ids_beside(place, system, *rows):
    """A table of external ids beside the plan."""
    lines = ["kind,id,system,external_id", *(f"{kind},{of},{system},{there}"
                                             for kind, of, there in rows)]  # fmt: skip
    (place.plan / "external_ids.csv").write_text("\n".join(lines) + "\n")


def test_teams_is_sent_what_was_taken_back_and_shares_it_only_on_request(wfplan, place, revisions):
    ids_beside(
        place, "teams", ("agent", "A001", "u1"), ("agent", "A002", "u2"),
        ("group", "Billing", "TAG_1"), ("activity", "TIME_OFF", "TOR_1"),
    )  # fmt: skip
    place.now = revisions[-1]
    sent = []
    for words in ((), ("--publish",)):
        assert (
            wfplan("export", place.run, "--to", "teams", "--since", "published", *words).code == 0
        )
        document = json.loads((place.run.with_name("w-teams") / "teams_requests.json").read_text())
        ((request,),) = (batch["requests"] for batch in document["batches"])
        assert request["id"] == f"wfplan:{place.night}"
        sent.append((request["method"], request["url"].rpartition("/")[2]))
    assert sent == [("POST", "stageForDeletion"), ("DELETE", f"{{wfplan:{place.night}}}")]


def test_a_workbook_for_teams_without_e_mails_is_refused_with_all_that_are_missing(wfplan, place):
    missing = place.plan / "missing.csv"
    said = wfplan("export", place.run, "--to", "teams-xlsx", "--write-missing", missing)
    assert said.code == ExitCode.EXPORT_REFUSED
    assert "2 agents have no id in teams-xlsx (the work e-mail" in said.err
    assert "A001, A002" in said.err
    assert not place.run.with_name("w-teams-xlsx").exists()
    rows = list(csv.DictReader(io.StringIO(missing.read_text(encoding="utf-8-sig"))))
    assert [row["id"] for row in rows] == ["A001", "A002"]


def test_the_template_of_a_workbook_lies_beside_its_settings(wfplan, place, monkeypatch):
    from openpyxl import Workbook, load_workbook

    rows = (("agent", "A001", "a@example.com"), ("agent", "A002", "b@example.com"))
    ids_beside(place, "teams-xlsx", *rows)
    made = Workbook()
    made.remove(made.active)
    for name, width in (("Schichten", 12), ("Abwesenheit", 10), ("Notizen", 2), ("Leute", 2)):
        made.create_sheet(name).append([f"{name} {n}" for n in range(width)])
    made.save(place.plan / "vorlage.xlsx")
    (place.plan / "export.toml").write_text('[teams-xlsx]\ntemplate = "vorlage.xlsx"\n')
    monkeypatch.chdir(place.plan.parent)
    said = wfplan("export", place.run, "--to", "teams-xlsx")
    assert said.code == 0
    assert "note: time off has the reason 'Time off', which Shifts must know" in said.err
    book = load_workbook(place.run.with_name("w-teams-xlsx") / "teams_shifts.xlsx")
    assert book.sheetnames == ["Schichten", "Abwesenheit", "Notizen", "Leute"]
    (place.plan / "vorlage.xlsx").write_bytes(b"")
    said = wfplan("export", place.run, "--to", "teams-xlsx")
    assert said.code == ExitCode.BAD_INPUT
    assert "teams-xlsx.template" in said.err
    assert "is no workbook of Excel" in said.err
