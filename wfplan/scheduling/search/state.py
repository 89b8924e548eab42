"""The state of a search between two passes: whoever goes on from it gets the same plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from wfplan.scheduling.search.heat import Heat
from wfplan.scheduling.team.oracle import Week
from wfplan.scheduling.team.sessions import Sessions
from wfplan.scheduling.terms.people import Multipliers

if TYPE_CHECKING:
    from wfplan.domain.progress import Stop
    from wfplan.scheduling.search.search import Search

_IMPROVES = 1e-6


@dataclass(frozen=True)
class Began:
    """The plan of best responses with which annealing began, and the bound beside it."""

    weeks: tuple[Week, ...]
    passes: int
    eta: float
    multipliers: Multipliers
    sessions: Sessions = ()


@dataclass(frozen=True)
class State:
    """All that the next pass of a search depends on, but for its team and its budget."""

    seed: int
    passes: int
    eta: float  # tail level at which people are spread
    weeks: tuple[Week, ...]
    best: tuple[Week, ...]
    best_cost: float  # harm points, the tail at its own level
    heat: Heat  # temperatures of annealing
    multipliers: Multipliers  # of what couples people (wfplan.scheduling.terms.people)
    saved: float  # harm points that the last pass of best responses saved
    began: Began | None = None  # None before annealing
    turn: int = 0  # which cooling of the annealing
    sessions: Sessions = ()  # of the weeks
    best_sessions: Sessions = ()  # of the best weeks
    moved: int = 0  # how often sessions have been placed anew in the annealing

    def with_best_of(self, other: State | None) -> State:
        """Take over the best plan of another state, unless it is worse."""
        if other is None or self.best_cost < other.best_cost - _IMPROVES:
            return self
        return replace(
            self, best=other.best, best_cost=other.best_cost, best_sessions=other.best_sessions
        )


Keep = Callable[[State], None]
"""Told the state after every whole pass."""


def keep_nothing(state: State) -> None:
    """A keeper who keeps nothing."""


class Arrange(Protocol):
    """Who places activities in a search (:mod:`wfplan.scheduling.activities`)."""

    def place(self, search: Search) -> None:
        """Place what has no place yet, or say why there is none."""

    def move(self, search: Search, stop: Stop, turn: int, work: float) -> bool:
        """Move sessions to where they cost less, for so much work; whether there was time."""
