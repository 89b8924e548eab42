"""Forecasts of many queues at once: how long, how much memory, and by whom.

Thirty queues of three years in half-hours (1.6 million rows, seeded) are forecast four weeks
ahead, models selected by rolling origins and all. Fewer queues say whether the cost grows in
proportion. Then the same through two processes and through two Dask workers, whose tables have
to be the same to the bit. Every figure is from a fresh process; the history is made before the
clock starts.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd

from tests.benchmarks.lines import Line

QUEUES, YEARS, INTERVAL_MIN, AHEAD_DAYS = 30, 3, 30, 28
FEWER = (5, 10, 20)
SLOTS = 1440 // INTERVAL_MIN
WAYS = {"map": "one after another", "processes": "two processes", "dask": "two Dask workers"}


def lines(queues: int = QUEUES) -> Iterator[Line]:
    """The section's lines."""
    fewer = [number for number in FEWER if number < queues]
    found = {number: measured("map", number) for number in (*fewer, queues)}
    for number, cost in found.items():
        is_all = number == queues
        what = f"{number} queues x {YEARS} years x {INTERVAL_MIN} minutes"
        yield Line(what, (cost["wall_s"],), "s", "< 60" if is_all else "")
        yield Line("  processor time", (cost["processor_s"],), "s")
        yield Line("  of a queue", (cost["processor_s"] / number,), "s")
        yield Line("  peak memory", (cost["peak_mib"],), "MiB", "< 2000" if is_all else "")
    for way in ("processes", "dask"):
        if way == "dask" and find_spec("distributed") is None:
            continue
        cost = measured(way, queues)
        yield Line(f"{queues} queues, {WAYS[way]}", (cost["wall_s"],), "s", "< 60")
        yield Line("  peak memory, all processes", (cost["peak_mib"],), "MiB", "< 2000")
        same = cost["digest"] == found[queues]["digest"]
        yield Line("  the same to the bit (1: yes)", (float(same),), "", "1")


def measured(way: str, queues: int) -> dict[str, Any]:
    """Cost and digest of one run in a fresh process."""
    command = [sys.executable, "-m", "tests.benchmarks.forecasts.scale", way, str(queues)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command[2:])} ended with {done.returncode}:\n{done.stderr}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def queues_of(count: int, *, years: float = YEARS, seed: int = 1) -> pd.DataFrame:
    """
    Histories of queues whose law differs: size, trend, weekdays, shape, season, busyness.

    Counts are negative binomial around it; the season of the year is shared in part.
    """
    rng = np.random.default_rng(seed)
    days = np.arange(round(365.25 * years))
    starts = pd.date_range("2022-01-03", periods=days.size * SLOTS, freq=f"{INTERVAL_MIN}min",
                           tz="UTC")  # fmt: skip
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "channel": f"queue {number:02d}",
                    "interval_start": starts,
                    "offered": one_queue(days, rng).ravel().astype(np.float64),
                    "aht_s": 240.0 + 10.0 * number,
                }
            )
            for number in range(count)
        ],
        ignore_index=True,
    )


def one_queue(days: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Counts of one queue, (day, slot)."""
    size = np.exp(rng.normal(np.log(12.0), 1.0))
    weekday = np.exp(rng.normal(0.0, 0.15, 7))
    weekday[5:] *= rng.uniform(0.2, 0.9)
    wave = rng.normal(0.1, 0.05) * np.cos(2 * np.pi * (days - 20) / 365.25)
    level = np.exp(rng.normal(0.0, 0.1) * days / 365.25 + wave)
    hour = (np.arange(SLOTS) + 0.5) * INTERVAL_MIN / 60
    shape = 0.05 + np.exp(-0.5 * ((hour - rng.uniform(9, 12)) / rng.uniform(2, 3)) ** 2)
    shape += rng.uniform(0.2, 0.9) * np.exp(-0.5 * ((hour - rng.uniform(15, 20)) / 2.5) ** 2)
    busy = rng.gamma(1 / 0.07**2, 0.07**2, days.size)
    rate = size * (level * weekday[days % 7] * busy)[:, None] * (shape / shape.mean())
    return rng.poisson(rate)


def horizon(history: pd.DataFrame) -> pd.DataFrame:
    """Four weeks after the history, open throughout."""
    first = history["interval_start"].max() + pd.Timedelta(minutes=INTERVAL_MIN)
    starts = pd.date_range(first, periods=AHEAD_DAYS * SLOTS, freq=f"{INTERVAL_MIN}min")
    frames = [
        pd.DataFrame({"channel": name, "interval_start": starts, "is_open": True})
        for name in history["channel"].unique()
    ]
    return pd.concat(frames, ignore_index=True)


def digest(table: pd.DataFrame) -> str:
    """A hash of every bit of the numbers of a table."""
    numbers = table.select_dtypes("number").to_numpy(np.float64)
    return hashlib.sha256(np.ascontiguousarray(numbers).tobytes()).hexdigest()


def made_by(way: str, history: pd.DataFrame, future: pd.DataFrame) -> pd.DataFrame:
    """The forecast's table, computed in one of :data:`WAYS`."""
    from forecasts import forecast

    settings = {"timezone": "UTC", "interval_min": INTERVAL_MIN}
    if way == "map":
        return forecast(history, future, **settings).intervals
    from joblib import Parallel, delayed
    from joblib.externals.loky import get_reusable_executor

    def side_by_side(work, tasks):
        return Parallel(n_jobs=2, return_as="generator")(delayed(work)(task) for task in tasks)

    if way == "processes":
        table = forecast(history, future, **settings, run=side_by_side).intervals
        get_reusable_executor().shutdown(wait=True)  # what they took is known once they ended
        return table
    from distributed import Client, LocalCluster
    from joblib import parallel_config

    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
        parallel_config(backend="dask", client=client),
    ):
        return forecast(history, future, **settings, run=side_by_side).intervals


def main() -> None:
    """Measure one way in this process and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.forecasts.scale")
    parser.add_argument("way", choices=WAYS)
    parser.add_argument("queues", type=int)
    options = parser.parse_args()
    history = queues_of(options.queues)
    future = horizon(history)
    before = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    began = time.perf_counter()
    table = made_by(options.way, history, future)
    wall = time.perf_counter() - began
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF,
                                                       resource.RUSAGE_CHILDREN))  # fmt: skip
    to_mib = 1024**2 if sys.platform == "darwin" else 1024
    workers = 0 if options.way == "map" else 2
    found = {
        "wall_s": wall,
        "processor_s": sum(own[:2]) - before + sum(others[:2]),
        "peak_mib": (own.ru_maxrss + workers * others.ru_maxrss) / to_mib,
        "digest": digest(table),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
