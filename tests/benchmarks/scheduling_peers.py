"""Schedules of peers: what CP-SAT and Timefold reach on contact weeks beside ours at one second.

``python -m tests.benchmarks --section peers`` prints the table. The peers, written in
:mod:`tests.benchmarks.peers_cp_sat` and :mod:`tests.benchmarks.peers_timefold`, are installed in
environments of their own and judged, as we are, by the instances' evaluator; a peer whose
model says less than the evaluator is not believed. Ours is timed in processor seconds of one
thread, kernels compiled; theirs in wall seconds, model building included, whatever else the
machine does: its load over five minutes stands in the line. The hint of CP-SAT is our week
after a second. Timefold needs Java 17 (``JAVA_HOME``).

With ``--keep FOLDER`` the environments and every line stay there, and what is
there is not done again: all of it takes an hour.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.benchmarks.contact_weeks import Clock, ContactWeek
from tests.benchmarks.lines import Line
from tests.benchmarks.rosters import SHARED
from wfplan.domain.progress import no_watch

SECONDS = 300.0
NAMES = ("cc_e50_h16", "cc_e200_h16")
OURS_S = (1.0, 30.0)
PACKAGES = {"cpsat": ("ortools>=9.12",), "timefold": ("timefold==1.24.0b0",)}
CASES: Sequence[tuple[str, Mapping[str, Any]]] = (
    *((f"wfplan, {s:g} s", {"peer": "ours", "seconds": s}) for s in OURS_S),
    ("CP-SAT, 2 workers", {"peer": "cpsat", "workers": 2}),
    ("CP-SAT, 8 workers", {"peer": "cpsat", "workers": 8}),
    ("CP-SAT, 2 workers, hint", {"peer": "cpsat", "workers": 2, "is_hinted": True}),
    ("CP-SAT, 8 workers, hint", {"peer": "cpsat", "workers": 8, "is_hinted": True}),
    ("Timefold", {"peer": "timefold", "workers": 1}),
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


def ours(week: ContactWeek, seconds: float, seed: int) -> dict[str, Any]:
    """Our rows after so many processor seconds, kernels being compiled, and those they took."""
    week.search(seed).refine(Clock(passes=2), no_watch)
    search = week.search(seed)
    stop = Clock(passes=10**6, seconds=seconds)
    search.settle(stop, no_watch)
    rows = week.rows(search.refine(stop, no_watch).weeks)
    return {"rows": rows, "processor_s": stop.elapsed_s}


def theirs(python: Path, name: str, task: Mapping[str, Any]) -> dict[str, Any]:
    """What a peer says: its rows, its own cost and how it ended; no rows where it failed."""
    file_name = {"cpsat": "peers_cp_sat.py", "timefold": "peers_timefold.py"}[name]
    script = Path(__file__).with_name(file_name)
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(task, file)
        file.flush()
        try:
            done = subprocess.run(
                [str(python), str(script), file.name],
                capture_output=True, text=True, check=False, timeout=task["seconds"] + _GRACE_S,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return {"rows": [], "status": "did not end in time"}
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        return {"rows": [], "status": f"ended with {done.returncode}"}
    said: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return said


def lines(seconds: float | None, only: str | None, keep: Path | None) -> Iterator[Line]:
    """A line for each instance and solver, those whose names have ``only`` in them."""
    if not SHARED.is_dir():
        sys.exit(f"no instances at {SHARED}: set WFPLAN_SHARED to the folder that has them")
    with tempfile.TemporaryDirectory() as scratch:
        room = keep or Path(scratch)
        for name in NAMES:
            for label, how in CASES:
                what = f"{name}, {label}"
                if only is None or only.lower() in what.lower():
                    yield _kept(room, what, name, how, SECONDS if seconds is None else seconds)


def _kept(room: Path, what: str, name: str, how: Mapping[str, Any], seconds: float) -> Line:
    """The line of a case, from an earlier run where there is one."""
    file = room / f"{what}, {seconds:g} s.json"
    if not file.exists():
        line = _line(room, what, ContactWeek(name, SHARED), how, seconds)
        file.write_text(json.dumps(asdict(line)), encoding="utf-8")
    return Line(**json.loads(file.read_text(encoding="utf-8")))


def _line(room: Path, what: str, week: ContactWeek, how: Mapping[str, Any], seconds: float) -> Line:
    """A solver on an instance, judged."""
    if how["peer"] == "ours":
        said = ours(week, how["seconds"], seed=0)
        timed = f"{said['processor_s']:.2f} s of processor"
    else:
        task = {
            "instance": week.x,
            "seconds": seconds,
            "workers": how["workers"],
            "hint": ours(week, 1.0, seed=0)["rows"] if how.get("is_hinted") else [],
        }
        said = theirs(peer_python(room, how["peer"]), how["peer"], task)
        used = f"{said.get('processor_s', math.nan):.0f} s of processor"
        timed = f"{used} in {seconds:g} s, {os.getloadavg()[1]:.1f} running"
    cost, verdict = judged(week, said)
    return Line(what, (cost,), "cost", f"{verdict}, {timed}")


def judged(week: ContactWeek, said: Mapping[str, Any]) -> tuple[float, str]:
    """The cost of rows and whether they are legal, as the evaluator says."""
    rows = [tuple(row) for row in said["rows"]]
    if not rows:
        return math.inf, f"no week ({said['status']})"
    verdict = week.judge.evaluate(week.x, rows)
    cost, broken = float(verdict["cost"]), len(verdict["violations"])
    own = said.get("cost")
    if own is not None and own < cost - 1e-6:  # its spread over channels may only be worse
        raise AssertionError(f"a peer's model says {own}, the evaluator {cost}")
    return cost, "legal" if broken == 0 else f"{broken} hard violations"
