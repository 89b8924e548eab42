"""Contact weeks once more, in CP-SAT, modelled as its users would.

Run by an interpreter that has it: ``python peers_cp_sat.py TASK.json`` reads
a task (instance, seconds, workers, hint) and prints the rows of the
best week that it found; an evaluator that is nobody's judges them
(:mod:`tests.benchmarks.scheduling_peers`). :mod:`tests.benchmarks.peers_timefold`
is the same in Timefold.

There is a literal for every start and length of a person's day and for every
start of a break, linked; people of a skill group are counted in every slot and
spread over channels by integers; shortage and surplus are priced by segments.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import Any

Row = tuple[int, int, int, int, "int | None", "int | None", "int | None"]
"""Employee, day, start, length, rest1, lunch, rest2, as the evaluator reads them."""


def lengths(x: dict[str, Any]) -> list[int]:
    """Spans that a shift may have, in slots."""
    rules = x["rules"]
    return rules["lens"] or list(range(rules["len_min"], rules["len_max"] + 1, rules["len_step"]))


def shifts_of(x: dict[str, Any], person: dict[str, Any], day: int) -> list[tuple[int, int]]:
    """Starts and lengths that a person's day may have."""
    window = person["avail"][day]
    if window is None:
        return []
    first, last = window
    step = x["rules"]["start_step"]
    is_whole = x["avail_means"].startswith("whole")
    return [
        (start, length)
        for start in range(-(-first // step) * step, last, step)
        for length in lengths(x)
        if not is_whole or start + length <= last
    ]


def breaks_of(x: dict[str, Any], length: int) -> list[tuple[int, int, int]]:
    """Size, earliest and latest offset of the breaks of a span."""
    if length < x["rules"]["short_below"]:
        return [(1, 6, length - 7)]
    half = length // 2
    return [(1, 4, half - 7), (2, half - 5, half + 3), (1, half + 6, length - 5)]


def paid(x: dict[str, Any], length: int) -> int:
    """Paid slots of a span: all but the lunch."""
    return length - (2 if length >= x["rules"]["short_below"] else 0)


def segments(prices: list[list[Any]], required: int) -> list[tuple[int | None, int]]:
    """Widths and prices of a convex cost."""
    return [(None if s is None else ceil(s * required - 1e-9), p) for s, p in prices]


def cost_of(x: dict[str, Any], need: int, heads: int) -> int:
    """What a channel-slot costs with so many heads."""
    total = 0
    for prices, left in ((x["cost"]["under"], need - heads), (x["cost"]["over"], heads - need)):
        rest = max(left, 0)
        for width, price in segments(prices, need):
            part = rest if width is None else min(rest, width)
            total += price * part
            rest -= part
    return total


class CpSat:
    """The plain model."""

    def __init__(self, x: dict[str, Any]) -> None:
        from ortools.sat.python import cp_model

        self.x, self.cp = x, cp_model
        self.model = cp_model.CpModel()
        self.slots = x["days"] * x["slots_per_day"]
        self.groups = sorted({tuple(q["skills"]) for q in x["employees"]})
        self.there: list[list[list[Any]]] = [[[] for _ in range(self.slots)] for _ in self.groups]
        self.shift: dict[tuple[int, int, int, int], Any] = {}
        self.rest: dict[tuple[int, int, int, int], Any] = {}
        for q in x["employees"]:
            self._person(q)
        self.model.minimize(sum(self._costs()))

    def _person(self, q: dict[str, Any]) -> None:
        """Shifts, breaks, hours, days and rests of a person."""
        x, model, days = self.x, self.model, []
        group = self.groups.index(tuple(q["skills"]))
        for d in range(x["days"]):
            mine = {}
            for start, length in shifts_of(x, q, d):
                literal = mine[start, length] = model.new_bool_var("")
                self.shift[q["id"], d, start, length] = literal
                for s in range(start, start + length):
                    self._count(group, d * x["slots_per_day"] + s, literal)
            model.add_at_most_one(mine.values())
            self._breaks(q, group, d, mine)
            days.append(mine)
        hours = sum(paid(x, n) * v for mine in days for (_, n), v in mine.items())
        model.add_linear_constraint(
            hours, (q["contract_h"] - x["rules"]["tolerance_h"]) * 4, q["contract_h"] * 4
        )
        model.add(sum(v for mine in days for v in mine.values()) <= q["max_days"])
        for mine, after in pairwise(days):
            self._rests(q, mine, after)

    def _breaks(self, q: dict[str, Any], group: int, d: int, mine: dict[Any, Any]) -> None:
        """For every break of a day one start, in the window of the shift that is worked."""
        for b in range(3):
            starts: dict[int, list[Any]] = {}
            for (start, length), literal in mine.items():
                windows = breaks_of(self.x, length)
                if b < len(windows):
                    _, first, last = windows[b]
                    for at in range(start + first, start + last + 1):
                        starts.setdefault(at, []).append(literal)
            chosen = {at: self.model.new_bool_var("") for at in starts}
            for at, able in starts.items():
                self.model.add(sum(able) >= chosen[at])
                self.rest[q["id"], d, b, at] = chosen[at]
                for s in range(at, at + (2 if b == 1 else 1)):
                    self._count(group, d * self.x["slots_per_day"] + s, -chosen[at])
            needing = [v for (_, n), v in mine.items() if b < len(breaks_of(self.x, n))]
            self.model.add(sum(chosen.values()) == sum(needing))

    def _rests(self, q: dict[str, Any], mine: dict[Any, Any], after: dict[Any, Any]) -> None:
        """No start too soon after the end of the day before."""
        ends = sorted({start + length for start, length in mine})
        for end in ends:
            soon = end + q["min_rest_h"] * 4 - self.x["slots_per_day"]
            early = [v for (start, _), v in after.items() if start < soon]
            late = [v for (start, length), v in mine.items() if start + length >= end]
            if early:
                self.model.add(sum(early) + sum(late) <= 1)

    def _count(self, group: int, slot: int, term: Any) -> None:
        if slot < self.slots:
            self.there[group][slot].append(term)

    def _costs(self) -> list[Any]:
        """Shortage and surplus of every channel and slot, everybody present serving one."""
        x, model, costs = self.x, self.model, []
        for slot in range(self.slots):
            serving: list[list[Any]] = [[] for _ in x["channels"]]
            for g, group in enumerate(self.groups):
                present = self.there[g][slot]
                if not present:
                    continue
                parts = [model.new_int_var(0, len(x["employees"]), "") for _ in group]
                model.add(sum(parts) == sum(present))
                for c, part in zip(group, parts, strict=True):
                    serving[c].append(part)
            day, at = divmod(slot, x["slots_per_day"])
            for c, channel in enumerate(x["channels"]):
                need = required(channel, day, at, x["slots_per_day"])
                balance = sum(serving[c])
                for sign, prices in ((1, x["cost"]["under"]), (-1, x["cost"]["over"])):
                    for width, price in segments(prices, need):
                        most = len(x["employees"]) + need if width is None else width
                        part = model.new_int_var(0, most, "")
                        balance += sign * part
                        costs.append(price * part)
                model.add(balance == need)
        return costs

    def hint(self, rows: list[Row]) -> None:
        """Begin with a known week, its spread over channels and costs filled in."""
        told = {(e, d, s, n) for e, d, s, n, *_ in rows}
        places = {
            (e, d, b, s + at)
            for e, d, s, _, *breaks in rows
            for b, at in enumerate(breaks)
            if at is not None
        }
        fixed = self.model.clone()
        for known, literals in ((told, self.shift), (places, self.rest)):
            for key, literal in literals.items():
                fixed.add(fixed.get_bool_var_from_proto_index(literal.index) == (key in known))
        solver = self.cp.CpSolver()
        status = solver.solve(fixed)
        if status not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
            raise ValueError("the week of the hint is none of the model")
        for index, value in enumerate(solver.response_proto.solution):
            self.model.add_hint(self.model.get_int_var_from_proto_index(index), value)

    def solve(self, seconds: float, workers: int) -> tuple[list[Row], float | None, str]:
        """The best week found, its cost as the model has it, and how the search ended."""
        solver = self.cp.CpSolver()
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.num_workers = workers
        status = solver.solve(self.model)
        if status not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
            return [], None, solver.status_name(status)
        placed = {(e, d, b): at for (e, d, b, at), v in self.rest.items() if solver.value(v)}
        rows: list[Row] = []
        for (e, d, start, length), literal in self.shift.items():
            if solver.value(literal):
                offsets = [placed.get((e, d, b)) for b in range(3)]
                first, second, third = (None if at is None else at - start for at in offsets)
                rows.append((e, d, start, length, first, second, third))
        return rows, solver.objective_value, solver.status_name(status)


def required(channel: dict[str, Any], day: int, at: int, per_day: int) -> int:
    """People wanted in a slot."""
    wanted = channel["required"]
    return int(wanted[day][at] if isinstance(wanted[0], list) else wanted[day * per_day + at])


def cpsat(task: dict[str, Any]) -> tuple[list[Row], float | None, str]:
    """CP-SAT's rows; the time to build the model is part of its time, to fill a hint not."""
    began = time.monotonic()
    model = CpSat(task["instance"])
    left = task["seconds"] - (time.monotonic() - began)
    if task.get("hint"):
        model.hint([tuple(row) for row in task["hint"]])
    return model.solve(max(left, 1.0), task["workers"])


def read_task(path: str) -> dict[str, Any]:
    """A task with its instance."""
    task: dict[str, Any] = json.loads(Path(path).read_text())
    return task


def main() -> None:
    """Solve one task and print its rows."""
    task = read_task(sys.argv[1])
    rows, cost, status = cpsat(task)
    said = {
        "version": version("ortools"),
        "processor_s": time.process_time(),
        "cost": cost,
        "status": status,
    }
    print(json.dumps({**said, "rows": rows}))


if __name__ == "__main__":
    main()
