"""What the sections of fixed-shift rosters share: instances, their best known costs, lines."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from pathlib import Path

from tests.benchmarks.lines import Line

SHARED = Path(os.environ.get("WFPLAN_SHARED", Path(__file__).parents[3] / "shared"))
PASSES = 10**9  # neighbourhoods: the seconds decide


def known(folder: str, shared: Path = SHARED) -> Mapping[str, Mapping[str, str]]:
    """The published bounds of a folder's instances, by name."""
    path = shared / "bench" / folder / "bounds.csv"
    with path.open(newline="", encoding="utf-8") as file:
        return {row["instance"]: row for row in csv.DictReader(file)}


def judged(
    name: str, verdict: tuple[int, int], best: float, *, bound: float | None, seconds: float
) -> Line:
    """The line of an instance as its evaluator judges it."""
    violations, penalty = verdict
    legal = "legal" if violations == 0 else f"{violations} hard violations"
    proven = "" if bound is None else f", bound {bound:,.1f}"
    return Line(
        name,
        (float(penalty),),
        "cost",
        f"best known {best:,.0f}: {penalty / best - 1:+.1%}, {legal}{proven}, "
        f"{seconds:.0f} s of processor",
    )
