"""``python -m tests.benchmarks``: how fast things are, beside the goals of the house.

Sections can be run alone: ``--section build`` is the main job, ``--section
simulation`` the simulator beside Ciw and SimPy, which it installs in an
environment of their own. ``--section conflict`` is how long it takes to say why there is
no week. ``--section curtois-qu`` and ``--section inrc2`` solve published
rosters of fixed shifts, each within ``--seconds`` of processor time (a week of INRC-II, an
instance of Curtois and Qu), as their evaluators judge them. ``--section peers``: CP-SAT and
Timefold on contact weeks, ``--seconds`` of wall time each (300), beside us at 1 and 30 s.
``--section repair`` is a same-day repair of 1,000 people (``--only 200`` of fewer).
``--section exports``: every export of 1,000 people over four weeks (``--only 200`` of fewer).
``--section hr`` imports HR's tables of 10,000 people (``--only 1000`` of fewer).
``--section stores``: publishing 1,000 people's week and remembering three years of them
(``--only 30`` weeks); ``--section quarter``: thirteen weeks of the demo (``--only 3`` weeks).
``--section activities`` places twenty training groups of eight among 200 people.
``--section forecasts``: how wrong forecasts of real series are, beside plain averages;
``--section forecast-peers`` puts them beside statsforecast, Prophet and LightGBM, which it
installs (``--only TEXT`` series, ``--every N`` of their origins; twelve of each by default).
``--section forecast-scale``: thirty queues of three years in half-hours (``--only 5`` fewer).

Nothing here is a test and nothing is asserted: a slow machine is not a fault.
Every figure is taken from a fresh process. *Cold* means an empty cache of
compiled kernels; *warm* is the run after. Peak memory is the largest resident
set of the process as the kernel counts it. Where there are several runs the
table gives the median and the worst.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from statistics import median

from tests.benchmarks import (
    activities,
    centre,
    conflicts,
    contact_lines,
    curtois_qu,
    exports,
    hr,
    inrc2,
    matsp,
    repair,
    scheduling_peers,
    simulation,
    staffing,
    stores,
    why,
)
from tests.benchmarks.forecasts import __main__ as forecasts
from tests.benchmarks.forecasts import peers as forecast_peers
from tests.benchmarks.forecasts import scale as forecast_scale
from tests.benchmarks.lines import Line

WFPLAN = Path(sys.executable).with_name("wfplan")
SECTIONS = ("build", "simulation", "staffing")
ROSTERS = {  # hours: only when asked for
    "activities": activities.lines,
    "centre": centre.lines,
    "conflict": conflicts.lines,
    "contact-weeks": contact_lines.lines,
    "curtois-qu": curtois_qu.lines,
    "exports": exports.lines,
    "hr": hr.lines,
    "inrc2": inrc2.lines,
    "matsp": matsp.lines,
    "quarter": stores.quarter,
    "repair": repair.lines,
    "stores": stores.lines,
    "why": why.lines,
}
STAGES_FIRST = ("load", "forecast", "staff", "schedule", "simulate", "audit", "report")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took."""

    seconds: float
    processor_s: float
    peak_mib: float


def main() -> None:
    """Run everything and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--repeats", type=int, default=3, help="runs of each kind (default 3)")
    parser.add_argument("--example", default="omnichannel", help="bank, omnichannel or night")
    parser.add_argument(
        "--section",
        choices=(*SECTIONS, *ROSTERS, "peers", "forecasts", "forecast-peers", "forecast-scale"),
        help=f"this one only (default: {', '.join(SECTIONS)})",
    )
    parser.add_argument("--seconds", type=float, help="budget of a roster, processor seconds")
    parser.add_argument("--long", action="store_true", help="rosters once more, 300 s each")
    parser.add_argument("--only", help="this roster instance only")
    parser.add_argument("--every", type=int, help="each so many origins of a series only")
    parser.add_argument("--keep", type=Path, help="folder of what peers need and what they found")
    parser.add_argument("--json", action="store_true", help="print one object instead of a table")
    options = parser.parse_args()
    if options.section == "forecasts":  # scores, not seconds: a table of its own
        forecasts.table(options.only or "", every=options.every or 1, as_json=options.json,
                        show_chosen=False)  # fmt: skip
        return
    if options.section == "forecast-peers":
        forecast_peers.table(
            options.only or "", every=options.every, as_json=options.json, keep=options.keep
        )
        return
    with tempfile.TemporaryDirectory(prefix="wfplan-bench-") as folder:
        room, lines = Path(folder), []
        if options.section in (None, "build"):
            lines += measured(room, options.example, options.repeats)
        if options.section in (None, "simulation"):
            lines += simulation.lines(room, options.repeats)
        if options.section in (None, "staffing"):
            lines += staffing.lines(options.repeats)
        if options.section in ROSTERS:
            lines += ROSTERS[options.section](options.seconds, options.only)
            if options.long:
                lines += ROSTERS[options.section](300.0, options.only)
        if options.section == "forecast-scale":
            lines += forecast_scale.lines(int(options.only or forecast_scale.QUEUES))
        if options.section == "peers":
            lines += scheduling_peers.lines(options.seconds, options.only, options.keep)
    if options.json:
        print(json.dumps({"machine": machine(), "lines": [as_dict(line) for line in lines]}))
    else:
        print_table(lines)


def measured(room: Path, example: str, repeats: int) -> Iterator[Line]:
    """Every line of the table, in order."""
    warm_cache = room / "warm-cache"
    plan = room / "demo"

    helps = [run(["--help"], warm_cache) for _ in range(max(5, repeats))]
    yield Line("wfplan --help", walls(helps), "s", "< 0.4")

    run(["init", str(plan), "--example", example], warm_cache)
    build = build_of(plan, room)
    cold = [build(room / f"cold-cache-{i}")[0] for i in range(repeats)]
    yield Line(f"build {example}, cold", walls(cold), "s", "< 60")
    yield from details(cold)

    build(warm_cache)
    warm, stages = zip(*(build(warm_cache) for _ in range(repeats)), strict=True)
    yield Line(f"build {example}, warm", walls(warm), "s", "< 25")
    yield from details(warm)
    for stage in sorted(stages[0], key=stage_order):
        yield Line(f"  {stage}", tuple(run_stages[stage] for run_stages in stages), "s")

    checks = [run(["check", str(plan)], warm_cache) for _ in range(repeats)]
    yield Line(f"check {example}", walls(checks), "s", "< 2")


def build_of(plan: Path, room: Path) -> Callable[[Path], tuple[Cost, dict[str, float]]]:
    """A function that builds the plan with a cache of kernels and gives cost and stages."""
    count = iter(range(10_000))

    def build(cache: Path) -> tuple[Cost, dict[str, float]]:
        out = room / f"run-{next(count)}"
        cost = run(["build", str(plan), "--out", str(out)], cache)
        manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
        return cost, manifest["stages"]

    return build


def run(arguments: list[str], cache: Path) -> Cost:
    """Run one wfplan command; its output is shown only when it fails."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(cache), "NO_COLOR": "1"}
    with tempfile.TemporaryFile() as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            [str(WFPLAN), *arguments], env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            sys.exit(
                f"wfplan {' '.join(arguments)} ended with {process.returncode}:\n"
                + output.read().decode(errors="replace")
            )
    to_mib = 1024**2 if sys.platform == "darwin" else 1024  # bytes there, KiB elsewhere
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / to_mib)


def walls(costs: list[Cost] | tuple[Cost, ...]) -> tuple[float, ...]:
    """Wall seconds."""
    return tuple(cost.seconds for cost in costs)


def details(costs: list[Cost] | tuple[Cost, ...]) -> Iterator[Line]:
    """Processor time, which others' work on the machine leaves alone, and peak memory."""
    yield Line("  processor time", tuple(cost.processor_s for cost in costs), "s")
    yield Line("  peak memory", tuple(cost.peak_mib for cost in costs), "MiB", "< 1000")


def stage_order(stage: str) -> tuple[int, str]:
    """Stages in the order of the line, unknown ones after them."""
    known = STAGES_FIRST.index(stage) if stage in STAGES_FIRST else len(STAGES_FIRST)
    return known, stage


def machine() -> str:
    """What the figures were taken on."""
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}"
    )


def as_dict(line: Line) -> dict[str, object]:
    """A line as the ``--json`` output gives it."""
    return {
        "what": line.what.strip(),
        "median": finite(median(line.values)),
        "worst": finite(worst(line)),
        "runs": len(line.values),
        "unit": line.unit,
        "goal": line.goal,
    }


def finite(value: float) -> float | None:
    """A value that JSON knows; nothing found is none."""
    return value if isfinite(value) else None


def print_table(lines: list[Line]) -> None:
    """The table as people read it."""
    print(machine())
    print(f"{'':<36}{'median':>11}{'worst':>11}  {'unit':<5}{'runs':>5}  goal")
    for line in lines:
        digits = {"MiB": 0, "/s": 0, "x": 0, "": 3}.get(line.unit, 2)
        numbers = f"{median(line.values):>11,.{digits}f}{worst(line):>11,.{digits}f}"
        print(f"{line.what:<36}{numbers}  {line.unit:<5}{len(line.values):>5}  {line.goal}")


def worst(line: Line) -> float:
    """The worst of the values: of speeds the least, of costs the most."""
    return min(line.values) if line.unit in ("/s", "x") else max(line.values)


if __name__ == "__main__":
    main()
