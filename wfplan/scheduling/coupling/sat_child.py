"""The child process of ``sat``: reads a task, writes every solution."""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from typing import Any


def main() -> None:
    """Solve the task on standard input."""
    task = json.load(sys.stdin)
    _limit_memory(task["memory_gb"])
    solve(task)


def solve(task: dict[str, Any]) -> None:
    """Build the model, search, and write each better choice as a line."""
    from ortools.sat.python import cp_model

    given = task["model"]
    model = cp_model.CpModel()
    literals = [model.new_bool_var("") for _ in given["costs"]]
    for group in given["groups"]:
        model.add_exactly_one(literals[n] for n in group)
    for whole, *parts in given["sums"]:
        model.add(sum(literals[n] for n in parts) == literals[whole])
    cost = [c * literals[n] for n, c in enumerate(given["costs"]) if c]
    for row in given["rows"]:
        total = _total(literals, row)
        over = model.new_int_var(0, max(_most(row) - row["bound"], 0), "")
        model.add(total - over <= row["bound"])
        cost.append(row["price"] * over)
    cost += [_cost_of(model, literals, curve) for curve in given["curves"]]
    model.minimize(sum(cost))
    hint = set(given["hint"])
    for n, literal in enumerate(literals if hint else []):
        model.add_hint(literal, n in hint)
    solver = cp_model.CpSolver()
    solver.parameters.random_seed = task["seed"]
    solver.parameters.num_workers = task["workers"]
    solver.parameters.interleave_search = task["workers"] > 1
    solver.parameters.max_deterministic_time = task["budget"]
    solver.parameters.max_time_in_seconds = task["wall_s"]
    status = solver.solve(model, _teller(cp_model, literals))
    if status == cp_model.OPTIMAL:
        _tell(literals, solver.value, solver.objective_value, is_best=True)


def _teller(cp_model: Any, literals: list[Any]) -> Any:
    """A callback that writes every solution as it is found."""

    class Teller(cp_model.CpSolverSolutionCallback):  # type: ignore[misc]
        def on_solution_callback(self) -> None:
            _tell(literals, self.value, self.objective_value, is_best=False)

    return Teller()


def _tell(literals: list[Any], value: Any, cost: float, *, is_best: bool) -> None:
    chosen = [n for n, literal in enumerate(literals) if value(literal)]
    line = {"literals": chosen, "cost": round(cost), "is_best": is_best}
    print(json.dumps(line), flush=True)


def _total(literals: list[Any], row: dict[str, Any]) -> Any:
    terms = zip(row["literals"], row["factors"], strict=True)
    return sum(factor * literals[n] for n, factor in terms)


def _most(row: dict[str, Any]) -> int:
    """The largest value that a sum can have."""
    return sum(max(int(factor), 0) for factor in row["factors"])


def _cost_of(model: Any, literals: list[Any], curve: dict[str, Any]) -> Any:
    """A variable above all chords of a convex curve."""
    total, points = _total(literals, curve), curve["cost"]
    cost = model.new_int_var(min(points), max(points), "")
    for n, (here, there) in enumerate(pairwise(points)):
        model.add(cost >= here + (there - here) * (total - n))
    return cost


def _limit_memory(memory_gb: float) -> None:
    """Let the process fail rather than the machine, where the system can do that."""
    try:
        import resource
    except ImportError:
        return
    limit = int(memory_gb * 2**30)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


if __name__ == "__main__":
    main()
