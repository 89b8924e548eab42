"""Reasons: how soon a question is answered, and how far a price is from two solves.

``python -m tests.benchmarks.why 200`` asks thirty questions of each kind of a centre
(:mod:`tests.benchmarks.centre_family`) that was planned before the clock runs;
``python -m tests.benchmarks.why 50 --agreement`` solves alternatives anew, each locked, from the
same plan, and compares. Seconds are processor time.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.benchmarks.lines import Line
from wfplan.domain.progress import Stop, no_watch

if TYPE_CHECKING:
    from tests.benchmarks.centre_family import Centre
    from wfplan.domain.problem import PlanningProblem
    from wfplan.domain.schedule import LockedShift, Schedule

PEOPLE = (50, 200, 1000)
AGREEING = (12, 50)
SEEDS = (0, 1, 2)
QUESTIONS = 30
GOAL_S = "< 2"
KINDS = ("plan made ready", "person and date", "person", "shift", "interval")


def lines(seconds: float | None, only: str | None) -> Iterator[Line]:
    """The section's lines, of one size if asked."""
    for people in [int(only)] if only else PEOPLE:
        found = _fresh(people)
        for kind in KINDS:
            goal = GOAL_S if kind != KINDS[0] else ""
            yield Line(f"why of {people}: {kind}", tuple(found[kind]), "s", goal)
    for people in [] if only else AGREEING:
        found = _fresh(people, "--agreement")
        for name, values in found.items():
            yield Line(f"why of {people}: {name}", tuple(values), "harm")


def _fresh(people: int, *more: str) -> dict[str, list[float]]:
    """The measurements of a process of its own."""
    command = [sys.executable, "-m", __name__, str(people), *more]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    measured: dict[str, list[float]] = json.loads(found.stdout)
    return measured


def measure(people: int, passes: int) -> dict[str, list[float]]:
    """Seconds of every kind of question."""
    from tests.benchmarks.centre_family import Centre
    from wfplan.scheduling import Standing, why_day, why_interval, why_person

    centre = Centre(people)
    schedule = _solved(centre.problem, centre, 0, passes)
    times: dict[str, list[float]] = {kind: [] for kind in KINDS}

    def timed(kind: str, ask: Callable[[], Any]) -> Any:
        began = time.process_time()
        answer = ask()
        times[kind].append(time.process_time() - began)
        return answer

    def stand() -> Standing:
        return Standing(centre.problem, centre.need, centre.demand, schedule)

    standing = stand()
    why_day(standing, schedule.shifts[0].agent_id, schedule.shifts[0].shift_date)  # compiles
    standing = timed(KINDS[0], stand)
    rng = np.random.default_rng(0)
    agents, dates = centre.problem.agents, centre.horizon.dates
    for _ in range(QUESTIONS):
        who = agents[int(rng.integers(len(agents)))].agent_id
        day = dates[int(rng.integers(len(dates)))]
        shift = schedule.shifts[int(rng.integers(len(schedule.shifts)))]
        at = centre.horizon.interval_instant(int(rng.integers(centre.horizon.interval_count)))
        timed(KINDS[1], lambda who=who, day=day: why_day(standing, who, day))
        timed(KINDS[2], lambda who=who: why_person(standing, who))
        timed(
            KINDS[3],
            lambda one=shift: why_day(standing, one.agent_id, one.shift_date, is_shift=True),
        )
        timed(KINDS[4], lambda at=at: why_interval(standing, at))
    return times


def agreement(people: int, passes: int, asked: int = 3) -> dict[str, list[float]]:
    """
    Prices beside differences of two solves, and how much solves of the same differ.

    Both solves begin with the plan, have the same passes and are the better of two
    seeds; one has the alternative as a lock. How far the two seeds are apart is the
    search's own tolerance.
    """
    from tests.benchmarks.centre_family import Centre
    from wfplan.scheduling import Standing, evaluate, why_day

    off, spread, prices = [], [], []
    for seed in SEEDS:
        centre = Centre(people, seed)
        problem, need = centre.problem, centre.need
        plan = _solved(problem, centre, seed, passes)
        tries = (seed, seed + 100)

        def solves(asked: PlanningProblem, centre: Centre = centre, plan: Schedule = plan,
                   tries: tuple[int, int] = tries) -> list[float]:  # fmt: skip
            found = [_solved(asked, centre, one, passes, plan) for one in tries]
            return [evaluate(asked, centre.need, one).objective for one in found]

        again = solves(problem)
        standing = Standing(problem, need, centre.demand, plan)
        for shift in plan.shifts[:: max(len(plan.shifts) // asked, 1)][:asked]:
            reason = why_day(standing, shift.agent_id, shift.shift_date)
            for one in reason.alternatives:
                if one.effect is None or str(one.kind) not in ("day_off", "earlier", "later"):
                    continue
                move = next((m for m in one.moves if m.day == one.day), None)
                if move is None or move.agent_id != shift.agent_id:
                    continue
                locked = problem.model_copy(update={"locks": (_lock(move),)})
                found = solves(locked)
                prices.append(one.effect.points)
                off.append(one.effect.points - (min(found) - min(again)))
                spread.append(abs(found[0] - found[1]))
    return {
        "price": prices,
        "price less two solves": off,
        "two seeds of one solve": spread,
    }


def _lock(move: Any) -> LockedShift:
    """The alternative as a lock."""
    from wfplan.domain.schedule import LockedShift

    after = move.after
    return LockedShift(
        agent_id=move.agent_id,
        day=move.day,
        start=after.start if after else None,
        end=after.end if after else None,
    )


def _solved(
    problem: PlanningProblem,
    centre: Centre,
    seed: int,
    passes: int,
    start: Schedule | None = None,
) -> Schedule:
    """A plan by the search alone, without its bound."""
    from wfplan.scheduling.search.search import Search
    from wfplan.scheduling.team.decode import schedule_of
    from wfplan.scheduling.team.encode import weeks_of
    from wfplan.scheduling.team.team import assemble

    team = assemble(problem, centre.need)
    search = Search(team, seed)
    if start is not None:
        search.begin_with(weeks_of(team, start))
    stop = Stop(passes=passes)
    state = search.settle(stop, no_watch)
    found = search.refine(stop, no_watch, state)
    return schedule_of(problem, team, found.weeks)


def main() -> None:
    """Measure one centre and print what was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.why")
    parser.add_argument("people", type=int)
    parser.add_argument("--passes", type=int, default=25)
    parser.add_argument("--agreement", action="store_true")
    options = parser.parse_args()
    of = agreement if options.agreement else measure
    print(json.dumps(of(options.people, options.passes)))


if __name__ == "__main__":
    main()
