"""Published averages with their intervals, and numbers of ours beside them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, ModuleType

import numpy as np

TOUCHING = 1.96 * np.sqrt(2)  # standard errors at which two 95 % intervals just touch
HALF_A_DIGIT = 0.0005  # three decimals are printed
REPLICATIONS = 1000  # behind each published number
Rows = dict[str, list[tuple[float, float]]]  # of every number: top and bottom per replication

_NUMBER = r"-?\d+(?:\.\d+)?(?:[eE]-?\d+)?"
_INTERVAL = re.compile(rf"\(\s*({_NUMBER}),\s*({_NUMBER})\s*\)")


@dataclass(frozen=True)
class Published:
    """A printed average with its interval."""

    value: float
    low: float
    high: float

    @property
    def error(self) -> float:
        """The standard error."""
        return (self.high - self.low) / 2 / 1.96


def read_results(path: Path) -> dict[str, Published]:
    """Every average with an interval, by the name of its report and, in tables, of its row."""
    found: dict[str, Published] = {}
    report, values = "", []
    for line in path.read_text(encoding="utf-8").splitlines():
        title = re.search(r"(?:collector ==> |^Report for )(.+?)\s*$", line)
        interval = _INTERVAL.search(line)
        row = re.match(rf"(\S.*?)\s{{2,}}((?:{_NUMBER}\s*)+)(?:95\.0%|$)", line)
        if title:
            report, values = title[1], []
        elif row:
            numbers = [float(number) for number in row[2].split()]
            # num. obs., min, max, average, standard deviation; or value, deviation, num. obs.
            value, deviation = numbers[3:5] if len(numbers) == 5 else numbers[:2]
            half = 1.96 * deviation / np.sqrt(REPLICATIONS)
            found.setdefault(f"{report}: {row[1]}", Published(value, value - half, value + half))
        elif interval and values:
            value = values[3] if len(values) == 5 else values[0]
            found[report] = Published(value, float(interval[1]), float(interval[2]))
        elif re.match(r"\s+[\d.]", line):
            values = [float(number) for number in re.findall(_NUMBER, line)]
    return found


class Comparison:
    """Numbers of ours beside published ones."""

    def __init__(self, published: dict[str, Published], floors: ModuleType) -> None:
        self.published, self.floors = published, floors
        self.rows: Rows = {}

    def note(self, name: str, top: float, bottom: float = 1.0) -> None:
        """One replication's part of a number."""
        assert name in self.published, name
        self.rows.setdefault(name, []).append((float(top), float(bottom)))

    def judge(
        self,
        tell: Callable[[Mapping[str, float]], None],
        least: int,
        allowed: Mapping[str, float] = MappingProxyType({}),
    ) -> None:
        """At least so many numbers, none off by more than chance and what is allowed."""
        tell({f"z of {name}": found[0] for name, found in self._compared({}).items()})
        assert len(self.rows) >= least
        compared = self._compared(allowed)
        assert [f"{name}: {found[1]}" for name, found in compared.items() if found[1]] == []

    def _compared(self, allowed: Mapping[str, float]) -> dict[str, tuple[float, str]]:
        found = {}
        for name, pairs in self.rows.items():
            there, ours = self.published[name], self.floors.ratio(*np.array(pairs).T)
            off, error = ours.value - there.value, np.hypot(ours.error, there.error)
            words = f"{ours.value:.5g} +- {1.96 * ours.error:.2g}, published {there}"
            share = allowed.get(name.partition(":")[0], 0.0)
            is_chance = abs(off) <= TOUCHING * error + HALF_A_DIGIT + share * there.value
            found[name] = (float(off / max(error, 1e-12)), "" if is_chance else words)
        return found
