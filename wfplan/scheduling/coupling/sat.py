"""A choice among columns, solved by CP-SAT in a process of its own.

CP-SAT is OR-Tools' solver [1]_. It can abort its process, run out of memory or
hang, so it never runs in ours: a child with a limit of memory and of time
writes every solution that it finds as a line, and the last line counts whatever
becomes of the child. A budget of deterministic time with interleaved workers
and a fixed seed makes its answer the same on every run; the limit of wall time
is only there for the machine that hangs.

References
----------
.. [1] Perron, L. and F. Didier. CP-SAT. https://developers.google.com/optimization/cp/cp_solver
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

WORKERS = 8  # CP-SAT's strategies complement each other even on two cores
MEMORY_GB = 4.0
WALL_FACTOR = 6.0  # seconds of wall time per unit of deterministic time, at most
_WALL_LEAST_S = 20.0
_GRACE_S = 10.0  # for a child to begin and to end by itself


@dataclass(frozen=True)
class Row:
    """A sum of literals of at most ``bound``; each unit above costs ``price``."""

    literals: tuple[int, ...]
    factors: tuple[int, ...]
    bound: int
    price: int


@dataclass(frozen=True)
class Curve:
    """The convex cost of a sum of literals: ``cost[n]`` for a sum of n."""

    literals: tuple[int, ...]
    factors: tuple[int, ...]
    cost: tuple[int, ...]


@dataclass
class Model:
    """
    A choice of literals that costs least.

    ``groups`` are literals of which exactly one is true; ``sums`` say that the
    first literal is true exactly when one of the others is.
    """

    costs: list[int] = field(default_factory=list)  # of each literal
    groups: list[tuple[int, ...]] = field(default_factory=list)
    sums: list[tuple[int, ...]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    curves: list[Curve] = field(default_factory=list)
    hint: list[int] = field(default_factory=list)  # true literals of a known choice

    def literal(self, cost: int = 0) -> int:
        """A new literal with what it costs."""
        self.costs.append(cost)
        return len(self.costs) - 1


@dataclass(frozen=True)
class Chosen:
    """The true literals of the best choice found, what it costs, and whether none costs less."""

    literals: frozenset[int]
    cost: int
    is_best: bool


def choose(
    model: Model,
    *,
    budget: float,
    seed: int = 0,
    workers: int = WORKERS,
    memory_gb: float = MEMORY_GB,
    command: Sequence[str] = (sys.executable, "-m", "wfplan.scheduling.coupling.sat_child"),
) -> Chosen | None:
    """
    The best choice that CP-SAT finds within a budget of deterministic time.

    None where it finds none. A child that dies without one is tried again with
    a single worker.
    """
    wall_s = max(_WALL_LEAST_S, WALL_FACTOR * budget)
    task = {
        "model": asdict(model), "budget": budget, "wall_s": wall_s, "seed": seed,
        "memory_gb": memory_gb,
    }  # fmt: skip
    for count in dict.fromkeys((workers, 1)):
        chosen = _run(command, json.dumps(task | {"workers": count}), wall_s + _GRACE_S)
        if chosen is not None:
            return chosen
    return None


def _run(command: Sequence[str], task: str, wall_s: float) -> Chosen | None:
    """The last solution that a child told of."""
    path = os.pathsep.join(p for p in sys.path if p)
    with subprocess.Popen(
        list(command),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    ) as child:
        try:
            told, _ = child.communicate(task, timeout=wall_s)
        except subprocess.TimeoutExpired:
            child.kill()
            told, _ = child.communicate()
        except BaseException:
            child.kill()
            raise
    return _last(told)


def _last(told: str) -> Chosen | None:
    """The last whole line of what a child wrote."""
    best: Chosen | None = None
    for line in told.splitlines():
        try:
            said = json.loads(line)
            best = Chosen(frozenset(said["literals"]), int(said["cost"]), bool(said["is_best"]))
        except (ValueError, KeyError, TypeError):
            continue
    return best
