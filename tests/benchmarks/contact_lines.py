"""The section of the contact weeks and rosters: their own evaluators, beside the references."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
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
    "cc_e200_h24_short", "cc_e1000_h16",
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


def _line(
    name: str, seconds: float, solve: Callable[[str, float], tuple[float, int, float]]
) -> Line:
    cost, violations, took = solve(name, seconds)
    references = {**REFERENCE, **ROSTER_REFERENCE}.get(name, {})
    reference = ", ".join(f"{value:,.0f} at {at} s" for at, value in references.items())
    legal = "legal" if violations == 0 else f"{violations} hard violations"
    bound = f", bound {BOUNDS[name]:,.1f}" if name in BOUNDS else ""
    return Line(
        f"{name}, {took:.0f} s", (cost,), "cost", f"reference {reference or 'none'}{bound}, {legal}"
    )


def _week(name: str, seconds: float) -> tuple[float, int, float]:
    """Cost and violations by the evaluator, and processor seconds."""
    week = ContactWeek(name, SHARED)
    search = week.search(0)
    _warm(week)
    stop = Clock(passes=PASSES, seconds=seconds)
    search.settle(stop, no_watch)
    found = search.refine(stop, no_watch)
    took = stop.elapsed_s
    verdict = week.verdict(found.weeks)
    return float(verdict["cost"]), len(verdict["violations"]), took


def _warm(week: ContactWeek) -> None:
    """Have the kernels compiled or read: the clock begins with the search."""
    search = week.search(0)
    stop = Clock(passes=1, seconds=0.0)
    search.settle(stop, no_watch)
    search.refine(Clock(passes=2, seconds=0.5), no_watch)


def _roster(name: str, seconds: float) -> tuple[float, int, float]:
    """The same of a roster."""
    instance = ContactRoster(name, SHARED)
    stop = Clock(seconds=seconds)
    search = RosterSearch(instance.roster)
    search.settle(stop, no_watch)
    swaps = Swaps(instance.roster, search.rows)
    swaps.anneal(stop, int(min(seconds, 10.0) * SWAPS_PER_S))
    verdict: Mapping[str, Any] = instance.verdict(swaps.rows)
    return float(verdict["soft"]), int(verdict["hard"]), stop.elapsed_s
