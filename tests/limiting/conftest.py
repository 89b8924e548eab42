"""What the tests of limits share: a tiny plan whose past, people and store are made to measure."""

from __future__ import annotations

import importlib.util
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from wfplan import limiting, memory
from wfplan.domain.limit_kinds import LIMIT_KINDS
from wfplan.domain.limits import Constraint
from wfplan.domain.schedule import Activity, ActivityCategory, PastShift, Schedule, Shift
from wfplan.horizon import wall_instant
from wfplan.intake import load_plan
from wfplan.rules.hr_limits import setting_of
from wfplan.store import database, slug_of
from wfplan.store.database import PersonWeek, WeekToPublish

ZONE = "Europe/Dublin"


def span(day, clock="08:00", hours=8.0):
    """The instants of a shift that begins at a wall time."""
    hour, minute = map(int, clock.split(":"))
    begin = wall_instant(day, hour * 60 + minute, ZONE)
    return begin, begin + timedelta(hours=hours)


def worked(agent_id, day, clock="08:00", hours=8.0):
    """A row of the history."""
    begin, end = span(day, clock, hours)
    return PastShift(agent_id=agent_id, start=begin, end=end)


def told(agent_id, day, clock="08:00", hours=8.0):
    """A shift as it is published."""
    begin, end = span(day, clock, hours)
    work = Activity(
        code="ON_QUEUE", category=ActivityCategory.WORK, is_paid=True, start=begin, end=end
    )
    return Shift(
        shift_id=f"{agent_id}-{day}", agent_id=agent_id, shift_date=day, activities=(work,)
    )


class Past:
    """A plan folder with a store beside it, and what its next week knows of earlier ones."""

    worked, told = staticmethod(worked), staticmethod(told)

    def __init__(self, folder, problem, first_day):
        self.folder, self.first_day = folder, first_day
        self.problem = problem.model_copy(update={"past_shifts": ()})

    def day(self, ago):
        """So many days before the planned week."""
        return self.first_day - timedelta(days=ago)

    def publish(self, weeks_ago, shifts):
        """Publish a week of somebody in the store beside the plan."""
        first = self.first_day - timedelta(weeks=weeks_ago)
        of_agent = {}
        for shift in shifts:
            of_agent.setdefault(shift.agent_id, []).append(shift)
        schedule = Schedule(
            schedule_id="w", timezone=ZONE, first_day=first, days=7, shifts=tuple(shifts)
        )
        people = [PersonWeek(who, tuple(own)) for who, own in of_agent.items()]
        week = WeekToPublish(slug_of(self.problem.name), schedule, people)
        address = str(self.folder / memory.FILE)
        with database.opened(address, is_made=True) as engine, database.writing(engine) as one:
            database.publish(one, week, actor="planner", at=datetime.now(UTC))

    def known(self, history=(), first_day=None):
        """The problem of the planned week, with a history and what the store remembers."""
        problem = self.problem.model_copy(update={"past_shifts": tuple(history)})
        horizon = problem.horizon(first_day or self.first_day)
        problem = memory.remembered(problem, horizon, self.folder)
        return limiting.in_force(problem, horizon), horizon


@pytest.fixture
def past(plan_folder, plan_week):
    """A plan without any history, whose store is still to be made."""
    folder = plan_folder()
    return Past(folder, load_plan(folder), plan_week)


@pytest.fixture(scope="session")
def bench():
    """The workbench of the rules: people, shifts, and a slow reading of what a week may be."""
    path = Path(__file__).parent.parent / "rules" / "bench.py"
    spec = importlib.util.spec_from_file_location("rules_bench", path)
    module = sys.modules.get("rules_bench") or importlib.util.module_from_spec(spec)
    if "rules_bench" not in sys.modules:
        sys.modules["rules_bench"] = module
        spec.loader.exec_module(module)
    return module


@pytest.fixture
def past_of(bench, tmp_path):
    """A function that makes a plan of one person with rows of HR, and its past."""

    def make(*rows, first_day=bench.MONDAY):
        return Past(tmp_path, bench.plan(rules=[setting_of(row) for row in rows]), first_day)

    return make


def limit(rule, value, strength="hard", **more):
    """A row of HR."""
    given = {"constraint_id": "C1", "scope": "all", "source": "works_agreement"}
    unit = LIMIT_KINDS[rule].unit
    return Constraint(**(given | more), rule=rule, value=value, unit=unit, strength=strength)


@pytest.fixture(scope="session")
def row():
    """The function that makes a row of HR."""
    return limit
