"""wfplan export to Oracle and by mapping profiles, from the command line, beside a store."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from wfplan.errors import ExitCode
from wfplan.export import exported
from wfplan.store import RunParts
from wfplan.store.database import PersonWeek, WeekToPublish, opened, publish, writing

MINE = """
meaning = "a rota of our own"
system = "rota"
format = "csv"
file = "rota.csv"
[settings]
unit = { meaning = "The code of the unit." }
[fields]
unit = "setting.unit"
person = { id = "agent" }
shift = "shift_id"
state = "state"
begins = { from = "start", as = "%d.%m.%Y %H:%M" }
"""


@pytest.fixture
def place(made_run, monkeypatch, synthetic):
    """A plan whose run has a moved day and no night, and whose store published both."""
    from wfplan import exporting

    plan = made_run.parent.parent
    before = synthetic.schedule()
    people = [
        PersonWeek(agent.agent_id, tuple(before.by_agent().get(agent.agent_id, ())))
        for agent in synthetic.problem().agents
    ]
    with opened(str(plan / "wfplan.db"), is_made=True) as engine, writing(engine) as connection:
        week = WeekToPublish("harbour-bank", before, people)
        publish(connection, week, actor="planner", at=datetime(2026, 10, 1, 9, tzinfo=UTC))
    moved = synthetic.shift("A001", synthetic.WEEK, 540, (480, "ON_QUEUE"))
    whole = RunParts.of(synthetic.run(plan / "plan.toml"))
    now = replace(whole.solution, schedule=synthetic.schedule(shifts=(moved,)))
    monkeypatch.setattr(exporting, "read", lambda folder, **more: replace(whole, solution=now))
    rows = ["kind,id,system,external_id"]
    for system in ("rota", "deputy", "oracle"):
        rows += [f"agent,A00{n},{system},{n}" for n in (1, 2, 3)]
    rows += ["group,Billing,deputy,7", f"shift,{before.shifts[1].shift_id},deputy,71"]
    (plan / "external_ids.csv").write_text("\n".join(rows))
    return made_run


def rows_of(path):
    """The rows of a CSV."""
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def test_a_profile_of_ones_own_is_exported_by_its_path(wfplan, place, tmp_path):
    profile, out = tmp_path / "mine.toml", tmp_path / "out"
    profile.write_text(MINE)
    (place.parent.parent / "export.toml").write_text('[mine]\nunit = "EMEA"\n')
    result = wfplan("export", str(place), "--to", str(profile), "--out", str(out))
    assert result.code == 0, result.err
    assert [(row["unit"], row["person"], row["state"], row["begins"])
            for row in rows_of(out / "rota.csv")] == [
        ("EMEA", "1", "draft", "19.10.2026 09:00"),
        ("EMEA", "2", "cancelled", "24.10.2026 22:00"),
    ]  # fmt: skip
    assert json.loads((out / "manifest.json").read_text())["export"] == "mine"


def test_a_setting_that_must_be_said_is_asked_for(wfplan, place, tmp_path):
    profile, out = tmp_path / "mine.toml", tmp_path / "out"
    profile.write_text(MINE)
    result = wfplan("export", str(place), "--to", str(profile), "--out", str(out))
    assert result.code == ExitCode.BAD_INPUT
    assert "mine.unit: is needed, and has no default; add it to [mine] of export.toml" in (
        result.err
    )
    assert not out.exists()


def test_a_profile_with_faults_is_refused_with_all_of_them(wfplan, place, tmp_path):
    profile, out = tmp_path / "mine.toml", tmp_path / "out"
    profile.write_text(MINE.replace("begins = { from", "begins = { form").replace('"agent"', '"x"'))
    result = wfplan("export", str(place), "--to", str(profile), "--out", str(out))
    assert result.code == ExitCode.BAD_INPUT
    assert "mine.toml: fields.person.id: is 'x', which has no ids" in result.err
    assert "mine.toml: fields.begins: does not say what it is made of; did you mean 'from'?" in (
        result.err
    )
    assert not out.exists()


def test_what_changed_since_is_told_to_deputy_by_its_ids(wfplan, place, tmp_path):
    out = tmp_path / "out"
    result = wfplan("export", str(place), "--to", "deputy", "--since", "published",
                    "--out", str(out))  # fmt: skip
    assert result.code == 0, result.err
    assert json.loads((out / "deputy_supervise_roster.json").read_text()) == []
    (changed,) = json.loads((out / "deputy_changed.json").read_text())
    (gone,) = json.loads((out / "deputy_discard.json").read_text())
    assert changed["body"]["intStartTimestamp"] - changed["told_start"] == 3600
    assert (gone["intRosterId"], gone["intRosterEmployee"]) == (71, 2)
    assert "the external ids have no id of these shifts in deputy" in result.err


def test_ids_that_are_missing_refuse_an_export(wfplan, place, tmp_path):
    out = tmp_path / "out"
    result = wfplan("export", str(place), "--to", "wheniwork", "--out", str(out))
    assert result.code == ExitCode.EXPORT_REFUSED
    assert "agents have no id in wheniwork: A001, A002" in result.err
    assert not out.exists()


def test_oracle_is_told_what_changed_and_that_whole_weeks_replace(wfplan, place, tmp_path):
    out = tmp_path / "out"
    given = ("export", str(place), "--to", "oracle", "--out", str(out))
    result = wfplan(*given, "--since", "published")
    assert result.code == 0, result.err
    lines = (out / "ScheduleRequest.dat").read_text().splitlines()
    actions = [line.split("|")[3] for line in lines if line.startswith("MERGE|ScheduleShiftEvent")]
    assert actions == ["UPDATE", "DELETE"]
    result = wfplan(*given)
    assert "Oracle deletes all shifts of Dublin from 2026-10-19 to 2026-10-25" in result.err
    assert "|FULL|" in (out / "ScheduleRequest.dat").read_text()


def test_schema_tells_where_a_profile_is_to_be_copied_from(wfplan):
    result = wfplan("schema", "--target", "generic")
    assert "generic.toml" in result.out


def test_a_reader_can_start_from_the_reference(tmp_path, synthetic):
    from wfplan.domain.configs import configs_folder

    copy = tmp_path / "ours.toml"
    copy.write_text((configs_folder() / "export" / "generic.toml").read_text("utf-8"), "utf-8")
    assert exported(str(copy), synthetic.order())[0]["shifts.csv"]
