"""Exports of 1,000 people over four weeks: every target in a process of its own.

Weeks are drawn from a seed: five shifts each of varied start, rests and a meal inside, twenty
teams on four sites, one shift in fifty cancelled since it was told. What is timed is
:func:`wfplan.export.exported` and the writing; peak memory is that of the whole process, the
schedule itself included. ``--only 200`` exports fewer people.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import numpy as np

from tests.benchmarks.lines import Line
from tests.benchmarks.shifts import ZONE, shift_of
from wfplan.domain.channels import Channel
from wfplan.domain.contracts import Contract
from wfplan.domain.external_ids import ExternalIds, ExternalKey, IdKind
from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.schedule import Schedule
from wfplan.domain.schedule_rows import told_shifts
from wfplan.export import Order, exported, target_names, write

PEOPLE, DAYS = 1_000, 28
FIRST = date(2026, 10, 5)  # clocks go back in the third week
IN_NUMBERS = ("7shifts", "connecteam", "deputy", "wheniwork")  # systems whose ids are numbers


def lines(_: float | None = None, only: str | None = None) -> Iterator[Line]:
    """The lines of the benchmark's table."""
    people = int(only or PEOPLE)
    is_whole = people == PEOPLE
    for name in target_names():
        command = [sys.executable, "-m", "tests.benchmarks.exports", name, str(people)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        found = json.loads(done.stdout)
        what = f"export {people:,} people, 4 weeks: {name}"
        yield Line(what, (found["seconds"],), "s", "< 10" if is_whole else "")
        yield Line("  processor time", (found["processor_s"],), "s")
        yield Line("  peak memory", (found["peak_mib"],), "MiB", "< 500" if is_whole else "")


def measured(name: str, people: int) -> dict[str, float]:
    """Seconds of an export and its writing, and the peak memory of this process in MiB."""
    order = order_of(people)
    order = replace(order, ids=ids_of(order, name, in_numbers=name in IN_NUMBERS))
    with tempfile.TemporaryDirectory(prefix="wfplan-exports-") as folder:
        begun, used = time.perf_counter(), time.process_time()
        files, _ = exported(name, order)
        write(Path(folder) / "out", files)
        seconds, processor_s = time.perf_counter() - begun, time.process_time() - used
    to_mib = 1024**2 if sys.platform == "darwin" else 1024  # bytes there, KiB elsewhere
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / to_mib
    return {"seconds": seconds, "processor_s": processor_s, "peak_mib": peak}


def order_of(people: int) -> Order:
    """An order of made-up weeks, some of whose shifts were told and are gone."""
    rng = np.random.default_rng(2026)
    agents = tuple(
        Agent(
            agent_id=f"A{n:04}", name=f"Person {n}", email=f"a{n:04}@example.com",
            team=f"Team {n % 20}", site=f"Site {n % 4}", timezone=ZONE, contract_type="full_time",
            contract_hours_week=37.5, min_hours_week=30, max_hours_week=40,
        )
        for n in range(people)
    )  # fmt: skip
    shifts = tuple(
        shift_of(agent.agent_id, FIRST + timedelta(days=7 * week + int(day)), begin)
        for agent in agents
        for week in range(DAYS // 7)
        for begin in [int(rng.integers(14, 34)) * 30]
        for day in rng.choice(7, 5, replace=False)
    )
    problem = PlanningProblem(
        name="Big Centre", timezone=ZONE, site="Dublin", interval_min=15, agents=agents,
        channels=(Channel(name="voice", open=["mon-sun 06:00-22:00"]),),
        contracts={"full_time": Contract(name="full_time", shortest_min=240, longest_min=540,
                                         start_window="06:00-18:00")},
    )  # fmt: skip
    told = Schedule(schedule_id="big-centre-20261005", timezone=ZONE, first_day=FIRST, days=DAYS,
                    status="published", shifts=shifts)  # fmt: skip
    now = told.model_copy(
        update={
            "revision": 2,
            "status": "draft",
            "shifts": tuple(one for n, one in enumerate(shifts) if n % 50),
        }
    )
    return Order(problem, now, told=told_shifts([told]))


def ids_of(order: Order, system: str, *, in_numbers: bool) -> ExternalIds:
    """Ids of everything in a system: UUIDs, or numbers."""
    things = {
        IdKind.AGENT: list(order.agents),
        IdKind.GROUP: sorted({agent.team for agent in order.agents.values()}),
        IdKind.SITE: sorted({order.site_of(agent) for agent in order.agents.values()}),
        IdKind.ACTIVITY: ["ON_QUEUE", "REST", "MEAL", "TIME_OFF"],
        IdKind.CHANNEL: ["voice"],
    }

    def made(*parts: str) -> str:
        one = uuid5(NAMESPACE_URL, " ".join(parts))
        return str(one.int % 10**9) if in_numbers else str(one)

    return ExternalIds(
        {
            ExternalKey(system, kind, thing): made(system, kind, thing)
            for kind, known in things.items()
            for thing in known
        }
    )


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], int(sys.argv[2]))))
