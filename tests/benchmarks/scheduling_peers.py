"""Schedules of peers: what CP-SAT and Timefold reach on contact weeks beside ours at one second.

``python -m tests.benchmarks.scheduling_peers --seconds 300`` prints a table; the
peers are installed in environments of their own (:mod:`tests.benchmarks.peers_cp_sat`,
:mod:`tests.benchmarks.peers_timefold`)
and everybody is judged by the instances' own evaluator. Ours is timed in
processor seconds of a warm process; theirs in wall seconds, model building
included. The hint of CP-SAT is our week after a second. Timefold needs Java 17.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.contact_weeks import Clock, ContactWeek
from wfplan.domain.progress import no_watch

PACKAGES = {"cpsat": ("ortools>=9.12",), "timefold": ("timefold==1.24.0b0",)}
CASES: Sequence[tuple[str, str, dict[str, Any]]] = (
    ("CP-SAT, 2 workers", "cpsat", {"workers": 2}),
    ("CP-SAT, 8 workers", "cpsat", {"workers": 8}),
    ("CP-SAT, 2 workers, hint", "cpsat", {"workers": 2, "is_hinted": True}),
    ("CP-SAT, 8 workers, hint", "cpsat", {"workers": 8, "is_hinted": True}),
    ("Timefold", "timefold", {"workers": 1}),
)
_GRACE_S = 240.0  # for a peer to build its model and to end


def peer_python(room: Path, name: str) -> Path:
    """An interpreter that has a peer."""
    place = room / name
    python = place / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not python.exists():
        venv.create(place, with_pip=True, symlinks=sys.platform != "win32")
        command = [str(python), "-m", "pip", "install", "--quiet", *PACKAGES[name]]
        subprocess.run(command, check=True)
    return python


def ours(week: ContactWeek, seconds: float, seed: int) -> list[tuple[int | None, ...]]:
    """The rows of our week after so many processor seconds, kernels being compiled."""
    week.search(seed).refine(Clock(passes=2), no_watch)
    search = week.search(seed)
    stop = Clock(passes=10**6, seconds=seconds)
    search.settle(stop, no_watch)
    return week.rows(search.refine(stop, no_watch).weeks)


def theirs(
    python: Path, name: str, task: dict[str, Any], seconds: float
) -> list[tuple[int | None, ...]]:
    """A peer's rows; none where it found no week or failed."""
    file_name = {"cpsat": "peers_cp_sat.py", "timefold": "peers_timefold.py"}[name]
    script = Path(__file__).with_name(file_name)
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(task | {"seconds": seconds}, file)
        file.flush()
        try:
            done = subprocess.run(
                [str(python), str(script), file.name],
                capture_output=True, text=True, check=False, timeout=seconds + _GRACE_S,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return []
    if done.returncode:
        print(f"{name} ended with {done.returncode}: {done.stderr[-400:]}", file=sys.stderr)
        return []
    last = done.stdout.strip().splitlines()[-1]
    return [tuple(row) for row in json.loads(last)["rows"]]


def lines(
    names: Sequence[str], room: Path, shared: Path, seconds: float, seed: int, only: str
) -> Iterator[str]:
    """A line for each instance and solver."""
    for name in names:
        week = ContactWeek(name, shared)
        mine = ours(week, 1.0, seed)
        yield f"{name:<20} {'wfplan, 1 s':<26} {_said(week, mine)}"
        path = shared / "bench" / "contact-weeks" / "instances" / f"{name}.json.gz"
        for label, peer, how in CASES:
            if only not in label.lower():
                continue
            hint = mine if how.get("is_hinted") else []
            task = {"path": str(path), "workers": how["workers"], "hint": hint}
            began = time.monotonic()
            rows = theirs(peer_python(room, peer), peer, task, seconds)
            took = time.monotonic() - began
            yield f"{name:<20} {label:<26} {_said(week, rows)} after {took:.0f} s"


def _said(week: ContactWeek, rows: Sequence[tuple[int | None, ...]]) -> str:
    """What the evaluator says of some rows."""
    if not rows:
        return "no week"
    verdict = week.judge.evaluate(week.x, rows)
    broken = len(verdict["violations"])
    return f"cost {verdict['cost']:8.0f}" + (f", {broken} violations" if broken else "")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.scheduling_peers")
    parser.add_argument("names", nargs="*", default=["cc_e50_h16", "cc_e200_h16"])
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--room", type=Path, default=None, help="where peers are installed")
    parser.add_argument("--only", default="", help="cases that have this in their name")
    options = parser.parse_args()
    shared = Path(os.environ.get("WFPLAN_SHARED", Path(__file__).parents[3] / "shared"))
    with tempfile.TemporaryDirectory() as scratch:
        room = options.room or Path(scratch)
        for line in lines(
            options.names, room, shared, options.seconds, options.seed, options.only.lower()
        ):
            print(line, flush=True)


if __name__ == "__main__":
    main()
