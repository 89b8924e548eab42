"""HR's imports on both databases: once is twice, what changes is said, what breaks is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType

import pytest

from wfplan import hr, store
from wfplan.hr import Imported
from wfplan.intake.hr import asked_of

HR_OWN = ("agents", "skills", "availability", "time_off", "history")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def plan(plan_folder: Callable[..., Path]) -> Path:
    """A plan whose people come from a store."""
    folder = plan_folder(channels=1)
    text = (folder / "plan.toml").read_text()
    for name in HR_OWN:
        text = text.replace(f'{name} = "{name}.csv"\n', "")
    (folder / "plan.toml").write_text(text)
    return folder


def take_over(plan: Path, address: str, *names: str, **more: bool) -> Imported:
    files = [str(plan / f"{name}.csv") for name in names]
    return hr.take_over(asked_of(files), plan, address, now=lambda: NOW, **more)


def edited(plan: Path, name: str, old: str, new: str) -> None:
    text = (plan / f"{name}.csv").read_text()
    assert old in text
    (plan / f"{name}.csv").write_text(text.replace(old, new, 1))


def row_of(plan: Path, agent_id: str) -> str:
    rows = (plan / "agents.csv").read_text().splitlines()
    return next(row for row in rows if row.startswith(agent_id))


def test_imports_say_what_they_change_and_twice_is_once(plan, address):
    assert take_over(plan, address, *HR_OWN).is_written
    assert not take_over(plan, address, *HR_OWN).is_written
    edited(plan, "agents", "Blue", "Gold")
    made = take_over(plan, address, "agents")
    (change,) = made.changes
    assert [(one.key, one.columns) for one in change.changed] == [("A001", ("team",))]
    (row,) = [one for one in hr.show(address, "A001") if one.table == "agents"]
    assert (row.file, row.line, row.at) == ("agents.csv", 2, "2026-03-01T12:00:00Z")
    assert row.cells["team"] == "Gold"


def test_a_published_week_that_an_import_breaks_is_told(plan, address, plan_week, synthetic):
    take_over(plan, address, *HR_OWN)
    published(plan, address, plan_week, synthetic)
    edited(plan, "agents", row_of(plan, "A001"), leaving(plan, date(2026, 3, 3)))
    made = take_over(plan, address, "agents", is_dry=True)
    (week,) = made.broken
    assert (week.first_day, week.revision) == (plan_week, 1)
    assert {(one.rule, one.agent_id) for one in week.breaches} == {("employment", "A001")}
    *each, total = [str(fault) for fault in week.told()]
    assert each
    assert "published week of 2026-03-02, revision 1: 1 hard limits of 1 people" in total
    assert "--week 2026-W10 --keep published" in total


def test_an_import_that_breaks_no_published_week_tells_of_none(plan, address, plan_week, synthetic):
    take_over(plan, address, *HR_OWN)
    published(plan, address, plan_week, synthetic)
    edited(plan, "agents", "Blue", "Gold")
    assert take_over(plan, address, "agents").broken == ()


def test_weeks_that_are_over_are_left_in_peace(plan, address, plan_week, synthetic):
    take_over(plan, address, *HR_OWN)
    published(plan, address, plan_week, synthetic)
    edited(plan, "agents", row_of(plan, "A001"), leaving(plan, date(2026, 3, 3)))
    files = asked_of([str(plan / "agents.csv")])
    later = datetime(2026, 3, 9, tzinfo=UTC)
    assert hr.take_over(files, plan, address, is_dry=True, now=lambda: later).broken == ()


def leaving(plan: Path, day: date) -> str:
    """The row of the first person, with her last day."""
    head = (plan / "agents.csv").read_text().splitlines()[0].split(",")
    cells = row_of(plan, "A001").split(",")
    cells[head.index("end_date")] = day.isoformat()
    return ",".join(cells)


def published(plan: Path, address: str, week: date, synthetic: ModuleType) -> None:
    """A week with one shift, on its Thursday."""
    from wfplan.store import database

    day = date(2026, 3, 5)
    shift = synthetic.shift("A001", day, 540, (120, "ON_QUEUE"), (15, "REST"), (225, "ON_QUEUE"))
    name = store.slug_of(hr.load_plan(plan, address).name)
    schedule = synthetic.schedule(first_day=week, shifts=(shift,))
    people = [database.PersonWeek("A001", (shift,), (), {})]
    made = database.WeekToPublish(name, schedule, people)
    with database.opened(address) as engine, database.writing(engine) as connection:
        database.publish(connection, made, actor="p", at=NOW)
