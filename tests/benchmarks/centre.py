"""Contact-centre weeks: how soon there is a plan, how good it gets, how near the bound it is.

Every size is solved in a process of its own, kernels compiled and loaded before
the clock runs. ``python -m tests.benchmarks.centre 200 --seconds 30`` solves one
centre (:mod:`tests.benchmarks.centre_family`) and prints what was measured as JSON.
Seconds are processor time of the search's own thread, from problem and requirement
on: what the wall clock shows where the bound beside it has a core of its own, and
nobody else is on the machine.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.benchmarks.lines import Line
from wfplan.domain.progress import Stop

#: People: seconds to the first legal schedule, seconds in all, gap in % of harm.
GOALS: Mapping[int, tuple[float, float, float]] = {
    50: (1, 10, 5.0),
    200: (2, 30, 4.0),
    1000: (5, 60, 1.5),
    10_000: (60, 600, 1.5),
}
HOURS_GOAL = 0.3  # % of demanded hours: a gap that small is as good
MEMORY_GOAL_MIB = 4096


def lines(seconds: float | None, only: str | None) -> Iterator[Line]:
    """The section's lines, of one size if asked; ``seconds`` instead of those of the goals."""
    for people in [int(only)] if only else GOALS:
        first_s, all_s, gap = GOALS.get(people, (0.0, 60.0, 0.0))
        found = _fresh(people, seconds or all_s)
        yield Line(f"centre of {people}: first legal", (found["first_s"],), "s", f"< {first_s:g}")
        yield Line("  settled", (found["settled_s"],), "s", f"< {all_s:g}")
        for name in ("first_cost", "cost", "bound"):
            yield Line(f"  {name.replace('_', ' ')}", (found[name],), "harm")
        yield Line("  gap of harm", (found["gap_percent"],), "%", f"< {gap:g}, or")
        yield Line("  gap of demanded hours", (found["gap_hours_percent"],), "%", f"< {HOURS_GOAL}")
        yield Line("  peak memory", (found["peak_mib"],), "MiB", f"< {MEMORY_GOAL_MIB}")
        yield Line("  a best response", (found["response_ms"],), "ms", "within 20 %")
        yield Line("  a pass of moves, per person", (found["moves_ms"],), "ms", "within 20 %")


def _fresh(people: int, seconds: float) -> dict[str, Any]:
    """The measurements of a process of its own."""
    command = [sys.executable, "-m", __name__, str(people), "--seconds", str(seconds)]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    measured: dict[str, Any] = json.loads(found.stdout)
    return measured


@dataclass
class ThreadClock(Stop):
    """Seconds of processor time of whichever thread asks."""

    started: float = field(default_factory=time.thread_time)

    @property
    def elapsed_s(self) -> float:
        """Processor seconds of this thread since the clock was made."""
        return time.thread_time() - self.started


class Trail:
    """What a search told on its way."""

    def __init__(self) -> None:
        self.began = time.thread_time()
        self.passes: dict[int, tuple[float, float]] = {}  # seconds since it began, best
        self.settled = 1  # the last pass of best responses

    def watch(self, stage: str, figures: Mapping[str, float]) -> None:
        """Note when each pass of the search ended."""
        if stage == "search":
            row = (time.thread_time() - self.began, figures["best"])
            self.passes.setdefault(int(figures["pass"]), row)
            if "temperature" not in figures:
                self.settled = int(figures["pass"])

    def per_pass(self, first: int, last: int) -> float:
        """Seconds of each of the passes after the first and up to the last."""
        return (self.passes[last][0] - self.passes[first][0]) / max(last - first, 1)


def measure(people: int, seed: int, days: int, seconds: float, passes: int) -> dict[str, Any]:
    """One centre solved, measured."""
    from tests.benchmarks.centre_family import Centre
    from wfplan.evaluation import audit
    from wfplan.scheduling import solve

    warm = Centre(20, 1)
    solve(warm.problem, warm.need, stop=Stop(passes=5))
    centre = Centre(people, seed, days)
    problem, need, trail = centre.problem, centre.need, Trail()
    stop = ThreadClock(passes=passes, seconds=seconds)
    solution = solve(problem, need, stop=stop, seed=seed, watch=trail.watch)
    done_s = time.thread_time() - trail.began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    known = sorted(trail.passes)
    hour = float((solution.prices * need.staff_required).sum() / need.staff_required.sum()) * 4
    gap = solution.objective - solution.lower_bound
    return {
        "people": people,
        "first_s": trail.passes[known[0]][0],
        "first_cost": trail.passes[known[0]][1],
        "settled_s": done_s,
        "passes": solution.passes,
        "cost": solution.objective,
        "bound": solution.lower_bound,
        "gap_percent": 100 * solution.gap,
        "gap_hours_percent": 100 * gap / max(hour, 1e-9) / centre.demanded_h,
        "peak_mib": peak / 1024,
        "response_ms": 1e3 * trail.per_pass(known[0], trail.settled) / people,
        "moves_ms": 1e3 * trail.per_pass(trail.settled, known[-1]) / people,
        "hard_breaches": len(audit(problem, centre.horizon, solution.schedule, need).hard_breaches),
    }


def main() -> None:
    """Solve one centre and print what was measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.centre")
    parser.add_argument("people", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--passes", type=int, default=25)
    options = parser.parse_args()
    found = measure(options.people, options.seed, options.days, options.seconds, options.passes)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
