"""The price of starts that move: what a shift costs that begins far from a person's usual start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.engagement.starts import clock_distance, usual_start

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class UsualStart:
    """
    Prices of shifts by how far they begin from the usual start: a :class:`ShiftPrices`.

    ``usual_min`` are minutes after midnight, ``free_min`` minutes of the clock
    that cost nothing, ``per_min`` harm points per minute beyond.
    """

    usual_min: int
    free_min: int
    per_min: float

    @classmethod
    def of(
        cls, problem: PlanningProblem, agent: Agent, dates: tuple[date, ...]
    ) -> UsualStart | None:
        """The prices of a person; None where they have no price or her start is not known."""
        goals = problem.objective
        usual = usual_start(problem, agent, dates[0]) if goals.start_shift_per_h else None
        if usual is None:
            return None
        return cls(usual, goals.start_shift_free_min, goals.start_shift_per_h / 60)

    def of_shifts(
        self, day: int, start_min: IntArray, end_min: IntArray, paid_min: IntArray
    ) -> FloatArray:
        """Harm points of each shift of a date, (shift,)."""
        beyond = np.maximum(clock_distance(start_min, self.usual_min) - self.free_min, 0.0)
        return np.asarray(self.per_min * beyond)

    def of_day_off(self, day: int) -> float:
        """A day off moves no start."""
        return 0.0
