"""The week in words, for whoever does not read the page: the same verdict, names and numbers."""

from __future__ import annotations

from dataclasses import dataclass

from wfplan.domain.results import Run
from wfplan.evaluation import WeekOfPromises, both_sides, fairness
from wfplan.report.data import Measures
from wfplan.report.fairness import fairness_in_words
from wfplan.report.sides import Side, customer_side, staff_side
from wfplan.report.week import Headline, bound_in_words, headline, search_in_words


@dataclass(frozen=True)
class Words:
    """What the first page says: verdict, how the search ended, bound, both sides and fairness."""

    headline: Headline
    status: str
    bound: str
    sides: tuple[Side, Side]
    fairness: tuple[str, ...]


def in_words(run: Run) -> Words:
    """The first page of the report without its drawings."""
    promises = WeekOfPromises.of(run)
    both = both_sides(run, promises)
    return Words(
        headline=headline(run, both),
        status=search_in_words(run.solution),
        bound=bound_in_words(run.solution),
        sides=(customer_side(run, both), staff_side(run, both, Measures(run.outcome))),
        fairness=fairness_in_words(fairness(run, promises.facts)),
    )
