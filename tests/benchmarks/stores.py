"""A planning store of 1,000 people: a week published, and three years of them remembered.

Weeks are drawn from a seed: five shifts each of varied start, breaks and meal inside, and a
ledger of seven days; they come in through the public functions. ``--only 30`` makes a store of
30 weeks instead of 156. PostgreSQL is measured where ``WFPLAN_TEST_POSTGRES`` names a server.
A quarter is thirteen weeks of the demo, one after another, in a process of their own.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
from sqlalchemy import create_engine, text

from tests.benchmarks.lines import Line
from tests.benchmarks.shifts import ZONE, shift_of
from wfplan import memory
from wfplan.domain.channels import Channel
from wfplan.domain.contracts import Contract
from wfplan.domain.people import Agent, PastLoad
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.schedule import Schedule
from wfplan.engagement import burden_book
from wfplan.store import database, slug_of
from wfplan.store.database import PersonWeek, WeekToPublish
from wfplan.store.database.addresses import url_of

PEOPLE, WEEKS = 1_000, 156
FIRST = date(2023, 10, 30)
NAME = "Big Centre"


def lines(seconds: float | None = None, only: str | None = None) -> Iterator[Line]:
    """Publishing a week, and remembering the weeks before one, on both databases."""
    count = int(only or WEEKS)
    with tempfile.TemporaryDirectory(prefix="wfplan-stores-") as folder:
        yield from _measured("SQLite", str(Path(folder) / "wfplan.db"), count)
    server = os.environ.get("WFPLAN_TEST_POSTGRES", "")
    if server:
        with _database(server) as address:
            yield from _measured("PostgreSQL", address, count)


def quarter(seconds: float | None = None, only: str | None = None) -> Iterator[Line]:
    """Weeks of the demo, one after another; kernels are compiled before."""
    wfplan = str(Path(sys.executable).with_name("wfplan"))
    with tempfile.TemporaryDirectory(prefix="wfplan-quarter-") as folder:
        plan = str(Path(folder) / "demo")
        subprocess.run([wfplan, "init", plan, "--quiet"], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([wfplan, "build", plan, "--passes", "1", "--quiet"], check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        begun = time.perf_counter()
        done = subprocess.run(
            [wfplan, "quarter", plan, "--weeks", only or "13", "--json", "--quiet"],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        wall = time.perf_counter() - begun
    yield Line(f"quarter of {only or 13} weeks", (wall,), "s", "< 360")
    weeks = json.loads(done.stdout)["result"]["seconds"]
    yield Line("  a week of it", tuple(weeks), "s")


def _measured(name: str, address: str, count: int) -> Iterator[Line]:
    """One database."""
    rng = np.random.default_rng(2026)
    published, busy, days = [], [], [FIRST + timedelta(weeks=k) for k in range(count)]
    for day in days:
        week = week_of(day, rng)
        begun, used = time.perf_counter(), time.process_time()
        with (
            database.opened(address, is_made=True) as engine,
            database.writing(engine) as connection,
        ):
            database.publish(connection, week, actor="bench", at=datetime.now(UTC))
        published.append(time.perf_counter() - begun)
        busy.append(time.process_time() - used)
    yield Line(f"publish {PEOPLE:,} people, {name}", tuple(published), "s", "< 2")
    yield Line("  processor time", tuple(busy), "s")
    problem = problem_of()
    horizon = problem.horizon(days[-1] + timedelta(weeks=1))
    walls, processor = [], []
    for _ in range(3):
        begun, used = time.perf_counter(), time.process_time()
        known = memory.remembered(problem, horizon, Path(), address)
        burden_book(known, horizon, known.objective.fairness_weeks)
        walls.append(time.perf_counter() - begun)
        processor.append(time.process_time() - used)
    yield Line(f"remember {count} weeks, {name}", tuple(walls), "s", "< 2")
    yield Line("  processor time", tuple(processor), "s")


def week_of(day: date, rng: np.random.Generator) -> WeekToPublish:
    """A week of everybody."""
    people = []
    for number in range(PEOPLE):
        agent_id = f"A{number:04}"
        free = set(rng.choice(7, 2, replace=False).tolist())
        begin = int(rng.integers(14, 34)) * 30
        shifts = tuple(
            shift_of(agent_id, day + timedelta(days=d), begin) for d in range(7) if d not in free
        )
        loads = tuple(
            PastLoad(
                agent_id=agent_id, day=day + timedelta(days=d), overload_min=float(minutes),
                acute_min=float(minutes) / 3, chronic_min=float(minutes) / 4,
            )
            for d, minutes in enumerate(rng.gamma(2.0, 8.0, 7).round(3))
        )  # fmt: skip
        people.append(PersonWeek(agent_id, shifts, loads, {"wishes": 2.0, "granted": 1.0}))
    schedule = Schedule(
        schedule_id=f"big-{day:%Y%m%d}", timezone=ZONE, first_day=day, days=7,
        shifts=tuple(shift for one in people for shift in one.shifts),
    )  # fmt: skip
    return WeekToPublish(slug_of(NAME), schedule, people, {})


def problem_of() -> PlanningProblem:
    """The people, before their next week."""
    agents = tuple(
        Agent(
            agent_id=f"A{number:04}", timezone=ZONE, contract_type="full_time",
            contract_hours_week=37.5, min_hours_week=30, max_hours_week=40,
        )
        for number in range(PEOPLE)
    )  # fmt: skip
    full_time = Contract(
        name="full_time", shortest_min=240, longest_min=540, start_window="06:00-18:00"
    )
    return PlanningProblem(
        name=NAME, timezone=ZONE, site="Dublin", interval_min=15,
        channels=(Channel(name="voice", open=["mon-sun 06:00-22:00"]),), agents=agents,
        contracts={"full_time": full_time},
    )  # fmt: skip


@contextmanager
def _database(server: str) -> Iterator[str]:
    """A database of its own on a server."""
    name = f"wfplan_bench_{secrets.token_hex(4)}"
    engine = create_engine(url_of(server), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield url_of(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()
