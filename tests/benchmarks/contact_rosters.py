"""Contact rosters: the shared fixed-shift instances as rosters, judged by their own evaluator.

A cell is a kind of shift and a skill; what is not filled costs a thousand, and
nobody may stand where nobody is wanted. The balance is a convex price of
everybody's number of shifts.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from functools import lru_cache
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.bridge import module_of
from tests.benchmarks.curtois_qu import succession_automaton
from wfplan.rules.automaton import DayAutomaton
from wfplan.scheduling.rosters.roster import Roster, RosterPerson

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_DAY_MIN = 1440
_MISSING = 1000.0  # contact-weeks/README.md: soft costs
_UNDESIRED, _DESIRED = 10.0, -5.0
_SQUARE = 2.0
_TOO_MANY = 1e6  # no shift is there for them


class ContactRoster:
    """One instance with its reading as a roster and its evaluator."""

    def __init__(self, name: str, shared: Path) -> None:
        path = shared / "bench" / "contact-weeks" / "instances" / f"{name}.json.gz"
        with gzip.open(path) as file:
            self.x: dict[str, Any] = json.load(file)
        self.judge = module_of(shared / "bench" / "tools" / "roster_eval.py")
        self.kinds = sorted({_hours(shift) for shift in self.x["shifts"]})
        self.skills = sorted({shift["skill"] for shift in self.x["shifts"]})
        self.roster = self._roster()

    def verdict(self, rows: IntArray) -> Mapping[str, Any]:
        """What the evaluator says of rows, (person, day)."""
        left = {}
        for shift in self.x["shifts"]:
            left.setdefault((shift["day"], self._cell(shift)), []).append(shift["id"])
        given: dict[int, int] = {}
        for employee, row in zip(self.x["employees"], rows, strict=True):
            for day, cell in enumerate(row):
                if cell:
                    given[left[day, int(cell) - 1].pop()] = employee["id"]
        verdict: Mapping[str, Any] = self.judge.evaluate(self.x, given)
        return verdict

    def _cell(self, shift: Mapping[str, Any]) -> int:
        return self.kinds.index(_hours(shift)) * len(self.skills) + self.skills.index(
            shift["skill"]
        )

    def _roster(self) -> Roster:
        days, cells = self.x["days"], len(self.kinds) * len(self.skills)
        wanted = np.zeros((days, cells, 1))
        for shift in self.x["shifts"]:
            wanted[shift["day"], self._cell(shift)] += 1
        heads = np.arange(len(self.x["employees"]) + 1)
        cover = _MISSING * np.maximum(wanted - heads, 0) + _TOO_MANY * np.maximum(heads - wanted, 0)
        return Roster(
            cover_cost=cover,
            kind_of=np.repeat(np.arange(len(self.kinds)), len(self.skills)),
            paid=np.ones(len(self.kinds), dtype=np.int64),
            people=tuple(self._person(employee) for employee in self.x["employees"]),
        )

    def _person(self, employee: Mapping[str, Any]) -> RosterPerson:
        wish = np.full((self.x["days"], len(self.kinds) * len(self.skills) + 1), inf)
        wish[:, 0] = 0.0
        mine = [c for c, skill in enumerate(self.skills) if skill in employee["skills"]]
        for kind in range(len(self.kinds)):
            for c in mine:
                wish[:, 1 + kind * len(self.skills) + c] = 0.0
        for days, price in (
            (employee["undesired"], _UNDESIRED),
            (employee["desired"], _DESIRED),
            (employee["unavailable"], inf),
        ):
            wish[days, 1:] += price
        return RosterPerson(
            wish=wish,
            automata=(self._rests(),),
            paid_cost=_SQUARE * np.arange(employee["max_shifts"] + 1.0) ** 2,
        )

    def _rests(self) -> DayAutomaton:
        """Which kinds may not follow each other on the next day."""
        return _rests(tuple(self.kinds), self.x["min_rest_min"])


def _hours(shift: Mapping[str, Any]) -> tuple[int, int]:
    """Start and end of a shift after the midnight of its day."""
    midnight = shift["day"] * _DAY_MIN
    return shift["start"] - midnight, shift["end"] - midnight


@lru_cache(maxsize=8)
def _rests(kinds: tuple[tuple[int, int], ...], rest_min: int) -> DayAutomaton:
    names = [f"{start}-{end}" for start, end in kinds]
    return succession_automaton(
        tuple(
            (
                name,
                tuple(
                    after
                    for after, (start, _) in zip(names, kinds, strict=True)
                    if start + _DAY_MIN - end < rest_min
                ),
            )
            for name, (_, end) in zip(names, kinds, strict=True)
        )
    )
