"""The section of the contact weeks and rosters: their own evaluators, beside the references."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.contact_rosters import ContactRoster
from tests.benchmarks.contact_weeks import REFERENCE, Clock, ContactWeek
from tests.benchmarks.lines import Line
from tests.benchmarks.rosters import PASSES, SHARED
from wfplan.domain.progress import no_watch
from wfplan.scheduling.rosters.roster_search import RosterSearch
from wfplan.scheduling.rosters.swaps import Swaps

SECONDS = 30.0
WEEKS = (
    "cc_e50_h16", "cc_e50_h16_rigid", "cc_e50_h24_short", "cc_e200_h16", "cc_e200_h16_rigid",
    "cc_e200_h24_short", "cc_e1000_h16", "cc_e10000_h24",
)  # fmt: skip
ROSTERS = ("roster_e50_d7", "roster_e200_d28")
SWAPS_PER_S = 1_000_000  # of a budget; the kernel makes more of them in a second
BOUNDS: Mapping[str, float] = {  # contact-weeks/README.md: valid bounds
    "cc_e50_h16": 11,
    "cc_e50_h16_rigid": 264.3,
    "cc_e200_h16": 72,
    "cc_e200_h16_rigid": 898.3,
    "cc_e1000_h16": 347,
    "roster_e50_d7": 1589,
    "roster_e200_d28": 106_957,
}
ROSTER_REFERENCE: Mapping[str, Mapping[int, float]] = {  # there too
    "roster_e50_d7": {2: 1589},
    "roster_e200_d28": {2: 106_957},
}


def lines(seconds: float | None, only: str | None = None) -> Iterator[Line]:
    """A line for every instance, each with a budget of processor seconds (default 30)."""
    for names, solve in ((WEEKS, _week), (ROSTERS, _roster)):
        for name in names:
            if only in (None, name):
                yield _line(name, SECONDS if seconds is None else seconds, solve)


@dataclass(frozen=True)
class Solved:
    """Cost and hard violations by the evaluator, processor seconds, and our own bound if any."""

    cost: float
    violations: int
    took_s: float
    bound: float | None = None


def _line(name: str, seconds: float, solve: Callable[[str, float], Solved]) -> Line:
    solved = solve(name, seconds)
    references = {**REFERENCE, **ROSTER_REFERENCE}.get(name, {})
    reference = ", ".join(f"{value:,.0f} at {at} s" for at, value in references.items())
    legal = "legal" if solved.violations == 0 else f"{solved.violations} hard violations"
    known = f" (known {BOUNDS[name]:,.1f})" if name in BOUNDS else ""
    bound = f", bound {solved.bound:,.1f}{known}" if solved.bound is not None else known
    return Line(
        f"{name}, {solved.took_s:.0f} s",
        (solved.cost,),
        "cost",
        f"reference {reference or 'none'}{bound}, {legal}",
    )


def _week(name: str, seconds: float) -> Solved:
    """A week solved, and a bound for which there is as much time again."""
    week = ContactWeek(name, SHARED)
    search = week.search(0)
    _warm()
    stop = Clock(passes=PASSES, seconds=seconds)
    search.settle(stop, no_watch)
    found = search.refine(stop, no_watch)
    took = stop.elapsed_s
    verdict = week.verdict(found.weeks)
    cost = float(verdict["cost"])
    bound = week.bound(search, cost, Clock(seconds=seconds))
    return Solved(cost, len(verdict["violations"]), took, bound)


def _warm() -> None:
    """Have the kernels compiled or read, on a small week: the clock begins with the search."""
    search = ContactWeek(WEEKS[0], SHARED).search(0)
    search.settle(Clock(passes=1), no_watch)
    search.refine(Clock(passes=2), no_watch)


def _roster(name: str, seconds: float) -> Solved:
    """A roster solved."""
    instance = ContactRoster(name, SHARED)
    stop = Clock(seconds=seconds)
    search = RosterSearch(instance.roster)
    search.settle(stop, no_watch)
    swaps = Swaps(instance.roster, search.rows)
    swaps.anneal(stop, int(min(seconds, 10.0) * SWAPS_PER_S))
    verdict: Mapping[str, Any] = instance.verdict(swaps.rows)
    return Solved(float(verdict["soft"]), int(verdict["hard"]), stop.elapsed_s)
