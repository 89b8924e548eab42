"""Same-day repair of a published week: 5 % absent and a tenth more contacts, at half past eleven.

The centre of :mod:`tests.benchmarks.centre_family`. Its week is planned and published; on
Wednesday at 11:30 some people turn out to be absent for the day and the forecast rises. The
repair is timed from the loaded plan and forecast on, kernels compiled: requirement, search and
the list of changes. Beside it stands the same week planned anew without keeping anything.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from tests.benchmarks.centre_family import Centre
from tests.benchmarks.lines import Line
from wfplan import scheduling
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.progress import Stop
from wfplan.domain.published import Published
from wfplan.domain.results import Solution, StaffNeed
from wfplan.domain.schedule import Schedule
from wfplan.evaluation import kept_changes
from wfplan.scheduling.team.as_told import standing
from wfplan.staffing import in_scenario, staff_need, with_scenario

PEOPLE, SMALL = 1_000, 60
ABSENT_SHARE = 0.05
AS_OF = datetime(2026, 3, 4, 11, 30, tzinfo=UTC)
FULL_PASSES = 3
GOAL = "< 5"


def lines(seconds: float | None, only: str | None) -> Iterator[Line]:
    """Seconds, changes and harm of the repair, beside a week planned anew."""
    _repaired(Centre(SMALL))  # kernels
    centre = Centre(int(only) if only else PEOPLE)
    took, changed, before, after, anew = _repaired(centre)
    yield Line(f"repair of {centre.people:,} people", (took[0],), "s", GOAL)
    yield Line("  processor time", (took[1],), "s")
    yield Line("  changed person-days", (float(changed[0]),), "")
    yield Line("  of them breaks alone", (float(changed[1]),), "")
    yield Line("  of them by absence", (float(changed[2]),), "")
    yield Line("  harm, nothing done", (before,), "")
    yield Line("  harm, repaired", (after,), "")
    yield Line("planned anew, nothing kept", (anew[0],), "s")
    yield Line("  changed person-days", (float(anew[1]),), "")
    yield Line("  harm", (anew[2],), "")


def _repaired(
    centre: Centre,
) -> tuple[tuple[float, float], tuple[int, int, int], float, float, tuple[float, float, float]]:
    """Seconds, changes, harm before and after, and the same of a week planned anew."""
    full = Stop(passes=FULL_PASSES)
    told = scheduling.solve(centre.problem, centre.need, stop=full).schedule
    rng = np.random.default_rng(centre.seed)
    count = round(ABSENT_SHARE * centre.people)
    out = rng.choice(centre.people, count, replace=False).tolist()
    absent = [f"{centre.problem.agents[i].agent_id}@{AS_OF:%Y-%m-%d}" for i in sorted(out)]
    changes = ["volume=+10%", f"absent={','.join(absent)}"]
    kept = Published(schedule=told, is_kept=True, as_of=AS_OF, told=AS_OF)
    problem = centre.problem.model_copy(update={"published": kept})
    problem, demand = with_scenario(problem, changes), in_scenario(centre.demand, changes, AS_OF)
    begun = time.perf_counter(), time.process_time()
    need = staff_need(problem, demand)
    plan = scheduling.solve(problem, need)
    rows = kept_changes(problem, plan.schedule)
    took = time.perf_counter() - begun[0], time.process_time() - begun[1]
    changed = (
        len(rows),
        sum(row.what == "breaks" for row in rows),
        sum(row.because == "absent" for row in rows),
    )
    before = _harm(problem, need, standing(problem, need.horizon))
    begun_anew = time.perf_counter()
    anew = _anew(problem, need, full)
    took_anew = time.perf_counter() - begun_anew
    again = (took_anew, len(kept_changes(problem, anew.schedule)), anew.terms["harm"])
    return took, changed, before, plan.terms["harm"], again


def _harm(problem: PlanningProblem, need: StaffNeed, schedule: Schedule) -> float:
    """Harm of a schedule, in points."""
    return scheduling.evaluate(problem, need, schedule).terms["harm"]


def _anew(problem: PlanningProblem, need: StaffNeed, stop: Stop) -> Solution:
    """The whole week planned anew by the people who are there, whatever they were told."""
    untold = problem.model_copy(update={"published": None})
    return scheduling.solve(untold, need, stop=replace(stop))
