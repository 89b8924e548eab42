"""publish, published, diff and rollback, on a made-up run: who has seen what, and what is said."""

from __future__ import annotations

import json
import shutil
import sqlite3
from datetime import date, timedelta

import pytest

from wfplan.domain.atomic import MANIFEST
from wfplan.errors import ExitCode
from wfplan.store import RunParts

SIGNED = ("--override", "a test")


@pytest.fixture
def folder(made_run, monkeypatch, synthetic):
    """The made-up run's folder, begun when nothing was published, and read without its plan."""
    from wfplan import runs
    from wfplan.cli import line

    plan = made_run.parent.parent / "plan.toml"
    made = synthetic.run(plan)
    monkeypatch.setattr(runs, "go_on", lambda folder, address=None: RunParts.of(made))
    monkeypatch.setattr(line, "load", lambda plan: made.problem)
    begun(made_run, 0)
    return made_run


def begun(folder, revision):
    """Have a run been begun on a revision."""
    content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    content["published_revision"] = revision
    (folder / MANIFEST).write_text(json.dumps(content), encoding="utf-8")


def other(folder, name, revision):
    """Another run of the same week, with another answer."""
    copy = shutil.copytree(folder, folder.with_name(name))
    (copy / "published.json").unlink(missing_ok=True)
    begun(copy, revision)
    return copy


@pytest.fixture
def differing(monkeypatch):
    """A function that makes what is published of a folder differ by a word."""
    from dataclasses import replace

    from wfplan import publishing

    real = publishing.week_of

    def of(run, sides, folder):
        week = real(run, sides, folder)
        return replace(week, about={**week.about, "asked": {"run": folder.name}})

    monkeypatch.setattr(publishing, "week_of", of)


def test_publishing_twice_is_publishing_once(wfplan, folder):
    first = wfplan("publish", folder, *SIGNED, "--json")
    assert first.code == ExitCode.OK, first.err
    assert (first.object["result"]["number"], first.object["result"]["is_new"]) == (1, True)
    again = wfplan("publish", folder, *SIGNED, "--json")
    assert (again.code, again.object["result"]["is_new"]) == (ExitCode.OK, False)
    text = wfplan("published", folder.parent.parent / "plan.toml").out
    assert text.count("2026-10-19") == 1


def test_the_same_week_from_another_run_is_the_same_week(wfplan, folder):
    wfplan("publish", folder, *SIGNED)
    same = other(folder, "same", 0)
    said = wfplan("publish", same, *SIGNED, "--json")
    assert (said.code, said.object["result"]["is_new"]) == (ExitCode.OK, False)


def test_a_run_that_did_not_see_the_last_revision_is_refused(wfplan, folder, differing):
    late = other(folder, "late", 0)
    assert wfplan("publish", folder, *SIGNED).code == ExitCode.OK
    for words in ((), ("--dry-run",)):
        said = wfplan("publish", late, *SIGNED, *words)
        assert said.code == ExitCode.USAGE
        assert "published revision 1 of the week from 2026-10-19" in said.err
        assert "--keep published" in said.err
        assert "--over 1" in said.err
    assert wfplan("publish", late, *SIGNED, "--over", 1).code == ExitCode.OK
    kept = other(folder, "kept", 2)
    assert wfplan("publish", kept, *SIGNED).code == ExitCode.OK


def test_a_run_may_follow_itself(wfplan, folder, differing, monkeypatch):
    assert wfplan("publish", folder, *SIGNED).code == ExitCode.OK
    moved = folder.rename(folder.with_name("edited"))
    assert wfplan("publish", moved, *SIGNED, "--json").object["result"]["number"] == 2


def test_a_run_of_an_older_wfplan_knows_nothing_of_revisions(wfplan, folder, differing):
    old = other(folder, "old", None)
    assert wfplan("publish", folder, *SIGNED).code == ExitCode.OK
    assert wfplan("publish", old, *SIGNED).code == ExitCode.OK


def test_the_log_traces_a_week_to_its_run_and_its_inputs(wfplan, folder):
    import hashlib

    wfplan("publish", folder, *SIGNED)
    store = folder.parent.parent / "wfplan.db"
    with sqlite3.connect(store) as connection:
        about = json.loads(connection.execute("SELECT about FROM log").fetchone()[0])
        head = json.loads(connection.execute("SELECT head FROM revision").fetchone()[0])
    connection.close()
    manifest = (folder / MANIFEST).read_bytes()
    assert about["run"] == hashlib.sha256(manifest).hexdigest() == head["trace"]["manifest"]
    content = json.loads(manifest)
    assert head["trace"]["inputs"] == content["inputs"]
    assert head["trace"]["outputs"]["schedule.csv"] == content["outputs"]["schedule.csv"]["sha256"]


@pytest.mark.parametrize("count", [52])
def test_any_published_version_is_brought_back_and_a_rollback_is_taken_back(
    wfplan, folder, differing, count
):
    """R22: of the last fifty."""
    from wfplan import publications, publishing
    from wfplan.store import database

    plan = folder.parent.parent / "plan.toml"
    store = str(folder.parent.parent / "wfplan.db")
    for number in range(count):
        copy = other(folder, f"r{number}", number)
        made = publishing.publish(copy, store, publications.Signature.now(), override="a test")
        assert made is not None
        assert made.number == number + 1
    for to in (count - 49, count - 1):
        assert wfplan("rollback", plan, "2026-10-19", "--to", to).code == ExitCode.OK
        week = publications.read(store, made.plan, made.first_day)
        assert week.about["asked"] == {"run": f"r{to - 1}"}
    back = wfplan("rollback", plan, "2026-10-19", "--json").object["result"]
    assert back["of"] == count + 1
    assert publications.read(store, made.plan, made.first_day).about["asked"] == {
        "run": f"r{count - 50}"
    }
    with database.opened(store) as engine, database.reading(engine) as connection:
        assert database.faults(connection) == []


def test_a_diff_says_whose_shifts_change_and_how(wfplan, folder):
    from dataclasses import replace
    from datetime import UTC, datetime, timedelta

    from wfplan.store import database

    wfplan("publish", folder, *SIGNED)
    plan = folder.parent.parent / "plan.toml"
    with (
        database.opened(str(plan.with_name("wfplan.db"))) as engine,
        database.writing(engine) as connection,
    ):
        (known,) = database.publications(connection, "harbour-bank")
        week = database.read_week(connection, "harbour-bank", known.first_day)
        who = next(one for one in week.people if one.shifts)
        first, *others = who.shifts
        hour = timedelta(hours=1)
        later = [
            one.model_copy(update={"start": one.start + hour, "end": one.end + hour})
            for one in first.activities
        ]
        moved = first.model_copy(update={"activities": tuple(later)})
        people = [
            replace(one, shifts=(moved, *others)) if one is who else one for one in week.people
        ]
        other = replace(week, people=people)
        database.publish(connection, other, actor="bo", at=datetime(2026, 10, 1, tzinfo=UTC))
    day = known.first_day.isoformat()
    said = wfplan("diff", plan, f"{day}:1", day)
    assert said.code == ExitCode.OK, said.err
    assert said.out.startswith("1 of 3 people get another week")
    assert who.agent_id in said.out
    assert "(moved)" in said.out
    said = wfplan("diff", plan, day, day, "--json")
    assert said.object["result"]["people"] == []


def test_what_is_kept_verifies_until_somebody_changes_it(wfplan, folder, tmp_path):
    wfplan("publish", folder, *SIGNED)
    assert wfplan("doctor", tmp_path, "--verify").code == ExitCode.OK
    store = tmp_path / "wfplan.db"
    said = wfplan("store", "backup", tmp_path / "copy.db", "--plan", tmp_path, "--json")
    assert said.object["result"]["entries"] == 1
    assert "is the store itself" in wfplan("store", "backup", store, "--plan", tmp_path).err
    again = wfplan("store", "backup", tmp_path / "copy.db", "--plan", tmp_path).err
    assert "is there already: name another file, or replace it with --force" in again
    log = wfplan("store", "log", "--plan", tmp_path, "--json").object["result"]["entries"]
    assert [one["action"] for one in log] == ["publish"]
    with sqlite3.connect(store) as connection:
        connection.execute("UPDATE week SET plan = 'other'")
    connection.close()
    (folder / "ledger.csv").write_text("x")
    said = wfplan("doctor", tmp_path, "--verify", "--json")
    assert said.code == ExitCode.BAD_INPUT
    fails = [one["seen"] for one in said.object["result"]["checks"] if one["verdict"] == "fail"]
    assert any("is not the one that the log tells of" in one for one in fails)
    assert any("ledger.csv is not as written" in one for one in fails)
    moved = tmp_path / "moved.db"
    said = wfplan("store", "restore", tmp_path / "copy.db", "--store", moved)
    assert (said.code, moved.exists()) == (ExitCode.OK, True)
    assert wfplan("doctor", tmp_path, "--verify", "--store", moved).code == ExitCode.BAD_INPUT
    assert wfplan("doctor", tmp_path / "runs", "--verify", "--store", tmp_path / "no.db").code == 3


def test_what_is_not_published_is_said_with_where_to_look(wfplan, folder, tmp_path):
    wfplan("publish", folder, *SIGNED)
    week = wfplan("published", tmp_path, "--json").object["result"]["publications"][0]["first_day"]
    for days, count in ((0, 1), (6, 1), (7, 0), (-1, 0)):
        day = date.fromisoformat(week) + timedelta(days=days)
        found = wfplan("published", tmp_path, "--week", day, "--json").object["result"]
        assert len(found["publications"]) == count
    none = wfplan("published", tmp_path, "--week", "2031-01-06")
    assert "No week with 2031-01-06 in it is published" in none.out
    wrong = wfplan("diff", tmp_path, week, f"{week}:7").err
    assert "has no revision 7: it has revision 1 only" in wrong
    assert f"wfplan published PLAN --week {week}" in wrong
    assert wfplan("diff", tmp_path, week, week).out == "Nothing changes for anybody.\n"
    assert "does not exist" in wfplan("store", "log", "--plan", tmp_path / "elsewhere").err
