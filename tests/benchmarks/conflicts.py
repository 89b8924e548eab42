"""How long it takes to say why there is no week: of one person, of everybody, of a team.

People are those of an example, each made infeasible by hours, days, absences and
locks that are drawn from a seed. Times are of a warm process, the processor's.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np

from tests.benchmarks.lines import Line
from wfplan.domain.people import Agent, TimeOff
from wfplan.domain.problem import PlanningProblem, RuleSetting
from wfplan.domain.schedule import LockedShift
from wfplan.horizon import Horizon, wall_instant
from wfplan.intake import load_plan, write_example
from wfplan.scheduling import find_conflicts

GOAL = "< 20"


def lines(seconds: float | None = None, only: str | None = None) -> Iterator[Line]:
    """Seconds and members for one person, and for all of an example."""
    with tempfile.TemporaryDirectory(prefix="wfplan-conflicts-") as folder:
        write_example("bank", Path(folder) / "plan")
        problem = load_plan(Path(folder) / "plan")
    horizon = problem.horizon(problem.week_of(None))
    stuck = infeasible(problem, horizon)
    find_conflicts(some(stuck, 2), horizon)  # kernels are compiled and caches filled
    for name, count in (("one person", 1), (f"all {len(stuck.agents)} people", None)):
        if only in (None, name):
            yield from _measured(name, some(stuck, count), horizon)
    if only in (None, "a team"):
        seats = RuleSetting(rule="seats_max", value=3, unit="seats")
        rules = (*problem.plan_rules, seats)
        crowded = problem.model_copy(
            update={"plan_rules": rules, "locks": _crowd(problem, horizon)}
        )
        yield from _measured("a couple rule", crowded, horizon)


def _measured(name: str, problem: PlanningProblem, horizon: Horizon) -> Iterator[Line]:
    """Time, members and ways out of the conflicts of some people."""
    begun, processor = time.perf_counter(), time.process_time()
    conflicts = find_conflicts(problem, horizon)
    wall, used = time.perf_counter() - begun, time.process_time() - processor
    sizes = [len(one.members) for one in conflicts]
    ways = [len(one.relaxations) for one in conflicts]
    yield Line(f"conflict of {name}, wall", [wall], "s", GOAL)
    yield Line(f"conflict of {name}, processor", [used], "s", GOAL)
    yield Line(f"conflict of {name}, people stuck", [float(len(conflicts))], "")
    yield Line(f"conflict of {name}, members", [float(n) for n in sizes], "", "<= 10")
    yield Line(f"conflict of {name}, ways out", [float(n) for n in ways], "")


def _crowd(problem: PlanningProblem, horizon: Horizon) -> tuple[LockedShift, ...]:
    """Four people locked to one day, and one seat fewer."""
    free = [one for one in problem.agents if not one.time_off and not one.availability]
    return tuple(_lock(agent, horizon.dates[2], 9) for agent in free[:4])


def some(problem: PlanningProblem, count: int | None) -> PlanningProblem:
    """The plan of its first people."""
    return problem.model_copy(update={"agents": problem.agents[:count]})


def infeasible(problem: PlanningProblem, horizon: Horizon, seed: int = 0) -> PlanningProblem:
    """A plan in which everybody has more hours than days, absences, or locks too close."""
    rng, locks, people = np.random.default_rng(seed), list(problem.locks), []
    for agent in problem.agents:
        trouble = rng.integers(3)
        if trouble == 0:
            hours = min(agent.contract_hours_week + float(rng.integers(14, 20)), 60.0)
            more = {"contract_hours_week": hours, "min_hours_week": hours, "max_hours_week": 60.0}
            people.append(agent.model_copy(update=more))
            continue
        day = horizon.dates[int(rng.integers(0, 6))]
        locks = [one for one in locks if one.agent_id != agent.agent_id]
        locks.append(_lock(agent, day, int(rng.integers(13, 16))))
        if trouble == 1:
            locks.append(_lock(agent, day + timedelta(days=1), int(rng.integers(6, 8))))
            people.append(agent)
        else:
            off = TimeOff(
                start=wall_instant(day, 0, agent.timezone),
                end=wall_instant(day + timedelta(days=2), 0, agent.timezone),
            )
            people.append(agent.model_copy(update={"time_off": (*agent.time_off, off)}))
    return problem.model_copy(update={"agents": tuple(people), "locks": tuple(locks)})


def _lock(agent: Agent, day: object, hour: int) -> LockedShift:
    """A shift of eight hours."""
    start = wall_instant(day, hour * 60, agent.timezone)  # type: ignore[arg-type]
    end = start + timedelta(hours=8)
    return LockedShift(agent_id=agent.agent_id, day=day, start=start, end=end)
