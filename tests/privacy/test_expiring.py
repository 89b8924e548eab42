"""Runs, exports, quarters and the store, when the time of a week is over."""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from wfplan import memory
from wfplan.domain.atomic import MANIFEST
from wfplan.domain.retention import Retention, months_before
from wfplan.errors import InputError
from wfplan.expiring import expire
from wfplan.forgetting import Place
from wfplan.intake import load_plan
from wfplan.publications import Signature
from wfplan.store import edited_files, read_parts, write_run
from wfplan.store.database import (
    PersonWeek,
    WeekToPublish,
    faults,
    opened,
    publish,
    reading,
    writing,
)

LATE = Signature("hr", datetime(2028, 11, 1, 12, tzinfo=UTC))  # the made-up week is of 2026-10-19
EARLY = Signature("hr", datetime(2028, 10, 25, 12, tzinfo=UTC))
QUARTER = "memory,week,agent_id,asked\nwith,2026-10-19,A001,2\nwith,2028-10-16,A001,1\n"


@pytest.fixture(scope="module")
def template(tmp_path_factory, tiny_plan, synthetic) -> Path:
    """A plan with an old run, an export, a quarter and a published week."""
    plan = Path(shutil.copytree(tiny_plan, tmp_path_factory.mktemp("expiring") / "plan"))
    run = synthetic.run(plan / "plan.toml")
    folder = write_run(run, plan / "runs" / "w", report="<p>A001 Ada</p>")
    (folder / "notes.txt").write_text("mine")
    synthetic.export("csv", plan / "runs" / "w-csv", problem=run.problem)
    (plan / "quarter").mkdir()
    about = {"schema": "wfplan-quarter/1", "asked": {}}
    (plan / "quarter" / "quarter.json").write_text(json.dumps(about))
    (plan / "quarter" / "people.csv").write_text(QUARTER)
    schedule = synthetic.schedule()
    people = [PersonWeek(one, tuple(shifts)) for one, shifts in schedule.by_agent().items()]
    with opened(str(plan / "wfplan.db"), is_made=True) as engine, writing(engine) as connection:
        week = WeekToPublish("tiny-bank", schedule, people)
        publish(connection, week, actor="planner", at=datetime(2026, 10, 1, tzinfo=UTC))
    copy = plan / "wfplan.db.before-0002"
    copy.write_bytes(b"A001")
    return plan


@pytest.fixture
def place(tmp_path, template) -> Place:
    """A copy of the plan."""
    plan = Path(shutil.copytree(template, tmp_path / "plan"))
    os.utime(plan / "wfplan.db.before-0002", (0, 0))
    return Place(plan, str(plan / "wfplan.db"))


def files_of(folder: Path) -> dict[str, bytes]:
    """All files under a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def ours(place: Place) -> bytes:
    """All bytes of the folders that we wrote."""
    names = ("runs/", "quarter/", "wfplan.db")
    return b"".join(raw for name, raw in files_of(place.plan).items() if name.startswith(names))


def test_nobody_is_left_in_what_is_over_its_time(place: Place, synthetic) -> None:
    assert b"A002" in ours(place)
    done = expire(place, LATE)
    assert done.before == date(2026, 11, 1)
    after = ours(place)
    assert b"A002" not in after
    assert b"Canary" not in after
    assert sorted(path.name for path in (place.plan / "runs").iterdir()) == ["w"]
    assert (place.plan / "quarter/people.csv").read_text().count("A001") == 1
    assert [path.name for path in done.backups] == ["wfplan.db.before-0002"]
    with opened(place.address) as engine, reading(engine) as connection:
        assert faults(connection) == []


def test_a_run_is_what_it_was_before_its_schedule(place: Place, synthetic) -> None:
    folder, problem = place.plan / "runs" / "w", synthetic.problem()
    before = read_parts(folder, problem)
    expire(place, LATE)
    parts = read_parts(folder, problem)
    assert (parts.demand.offered_mean == before.demand.offered_mean).all()
    assert (parts.need.staff_required == before.need.staff_required).all()
    assert (parts.solution, parts.outcome, parts.ledger, parts.audit) == (None,) * 4
    assert edited_files(folder) == ()
    assert (folder / "notes.txt").read_text() == "mine"


def test_a_second_time_nothing_changes(place: Place) -> None:
    expire(place, LATE)
    before = files_of(place.plan)
    assert expire(place, LATE).is_nothing
    after = files_of(place.plan)
    assert {name for name in after if after[name] != before.get(name)} <= {"wfplan.db"}


def test_a_dry_run_changes_nothing_and_says_the_same(place: Place) -> None:
    before = files_of(place.plan)
    told = expire(place, LATE, is_dry=True)
    assert files_of(place.plan) == before
    assert told == expire(place, LATE)


def test_a_week_whose_time_is_not_over_stays(place: Place) -> None:
    before = files_of(place.plan)
    assert expire(place, EARLY).is_nothing
    assert {n: raw for n, raw in files_of(place.plan).items() if n != "wfplan.db"} == {
        n: raw for n, raw in before.items() if n != "wfplan.db"
    }


def test_interrupted_work_can_be_run_again(place: Place) -> None:
    def stop(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        expire(place, LATE, tell=stop)
    expire(place, LATE)
    assert b"A002" not in ours(place)


def test_weeks_are_kept_for_good_where_the_plan_says_so(place: Place) -> None:
    plan = place.plan / "plan.toml"
    plan.write_text(plan.read_text() + '\n[retention]\nmonths = "never"\n')
    assert expire(place, LATE).before is None
    assert expire(place, LATE, months=24).before == date(2026, 11, 1)


def test_what_rules_look_back_on_is_never_over_its_time(place: Place) -> None:
    with pytest.raises(InputError, match=r"months = 3 is less than the \d+ weeks that the rules"):
        expire(place, LATE, months=3)
    plan = place.plan / "plan.toml"
    rule = '[[rules.set]]\nrule = "paid_time_period"\nvalue = 48\nunit = "hours"\nweeks = 52\n'
    plan.write_text(plan.read_text() + rule)
    assert memory.back_days(load_plan(place.plan)) == 364
    with pytest.raises(InputError, match="months = 6 is less than the 52 weeks"):
        expire(place, LATE, months=6)


def test_an_export_that_does_not_say_its_week_is_named(place: Place) -> None:
    path = place.plan / "runs" / "w-csv" / MANIFEST
    content = json.loads(path.read_text())
    del content["first_day"]
    path.write_text(json.dumps(content))
    assert expire(place, LATE).undated == [path.parent]


@pytest.mark.parametrize(
    ("months", "is_fine"),
    [(0, True), ("never", True), (24, True), (6, True), (5, False), (-1, False), ("ever", False)],
)
def test_a_plan_says_for_how_long(months: object, is_fine: bool) -> None:
    if is_fine:
        assert Retention(months=months).months in (0, 6, 24)
    else:
        with pytest.raises(ValidationError):
            Retention(months=months)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)), (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)), (date(2026, 11, 26), 24, date(2024, 11, 26)),
        (date(2026, 12, 31), 6, date(2026, 6, 30)),
    ],
)  # fmt: skip
def test_months_are_those_of_the_calendar(day: date, months: int, expected: date) -> None:
    assert months_before(day, months) == expected
