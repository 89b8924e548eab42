"""Staffing: floors and harm curves of a week of quarter-hours on four channels.

Three voice channels and one of chats, open day and night, with a forecast, a
handle time and an uncertainty of its own in every interval. Warm: kernels are
compiled and have run once. Seconds are of processor time, so that others' work
on the machine does not count. ``python -m tests.benchmarks.staffing`` prints
those of one process as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import numpy as np

from tests.benchmarks.lines import Line

RATES = (1.0, 1.6, 1.95)
SHARES = (1.0, 0.6, 1.5, 0.5)  # of the channels, of a usual week
SIZES = {"a usual centre": 1.0, "ten times its contacts": 10.0}
GOALS = {
    "all floors": "< 0.2",
    "floors and curves": "< 2",
    "habits and pools beside them": "",
}


def lines(repeats: int) -> Iterator[Line]:
    """The section's lines: each run is a fresh process."""
    runs = [_fresh() for _ in range(repeats)]
    for size in SIZES:
        yield Line(f"staff 4 x 672, {size}", tuple(run[size]["erlangs"] for run in runs), "erl")
        for what, goal in GOALS.items():
            yield Line(f"  {what}", tuple(run[size][what] for run in runs), "s", goal)


def _fresh() -> dict[str, Any]:
    """The measurements of a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.staffing"]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    measured: dict[str, Any] = json.loads(found.stdout)
    return measured


def measurements() -> dict[str, Any]:
    """Seconds of every measurement, by size; the load at the busiest hour, in erlangs."""
    from wfplan.staffing import compare_habits, pool_shortfalls, staff_need
    from wfplan.staffing.realtime import quantile_floors

    found = {}
    for size, scale in SIZES.items():
        problem, demand = _week(scale)
        per_h = demand.offered_mean * 4
        need = staff_need(problem, demand)
        compare_habits(problem, demand, need)

        def floors(problem: Any = problem, demand: Any = demand, per_h: Any = per_h) -> None:
            for c, channel in enumerate(problem.channels):
                quantile_floors(channel, per_h[c], demand.aht_s[c], demand.rate_cv[c], 120.0)

        def habits(problem: Any = problem, demand: Any = demand, need: Any = need) -> None:
            compare_habits(problem, demand, need)
            pool_shortfalls(problem, need, demand)

        found[size] = {
            "erlangs": float(need.load_erlangs.sum(axis=0).max()),
            "all floors": _seconds(floors),
            "floors and curves": _seconds(lambda p=problem, d=demand: staff_need(p, d)),
            "habits and pools beside them": _seconds(habits),
        }
    return found


def _seconds(call: Callable[[], object]) -> float:
    """The shortest of three runs."""
    taken = []
    for _ in range(3):
        began = time.process_time()
        call()
        taken.append(time.process_time() - began)
    return min(taken)


def _week(scale: float) -> tuple[Any, Any]:
    """The plan and its demand."""
    from wfplan.domain.channels import Channel
    from wfplan.domain.problem import PlanningProblem
    from wfplan.domain.results import DemandForecast

    names = ("voice", "claims", "sales", "chat")
    channels = tuple(
        Channel(
            name=name,
            open=["daily 00:00-24:00"],
            concurrency_rates=RATES if name == "chat" else (1.0,),
            answer_most_s=120.0,
        )
        for name in names
    )
    problem = PlanningProblem(name="Bench", timezone="UTC", channels=channels, interval_min=15)
    horizon = problem.horizon(date(2026, 3, 2))
    rng = np.random.default_rng(0)
    t = np.arange(horizon.interval_count)
    shape = (len(names), len(t))
    day = scale * (10 + 40 * np.exp(-(((t % 96 - 48) / 20) ** 2)))
    mean = np.outer(SHARES, day) * rng.gamma(100, 0.01, shape)
    return problem, DemandForecast(
        horizon=horizon,
        channels=names,
        is_open=np.ones(shape, dtype=bool),
        offered_mean=mean,
        offered_q10=mean,
        offered_q50=mean,
        offered_q90=mean,
        aht_s=rng.uniform(285, 315, shape),
        rate_cv=rng.uniform(0.05, 0.15, shape),
        day_share=np.full(len(names), 0.5),
        patience_s=np.full(len(names), 120.0),
    )


if __name__ == "__main__":
    print(json.dumps(measurements()))
