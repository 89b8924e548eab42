"""Whether a person has a week: under some of her demands, or in a plan with changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.horizon import Horizon
from wfplan.rules import WorkLimits, work_limits
from wfplan.rules.clock import Span
from wfplan.rules.person import Person
from wfplan.scheduling.conflict.demands import SHAPES, Demand, demands_of, limits_under
from wfplan.scheduling.person.grid import Grid
from wfplan.scheduling.person.patterns import agent_space
from wfplan.scheduling.person.pricing import DaysSolver

Key = tuple[object, ...]


@dataclass
class Weeks:
    """Looks for legal weeks on one grid, and counts how often."""

    grid: Grid
    solves: int = 0
    _solver: DaysSolver = field(default_factory=DaysSolver)

    @classmethod
    def of(cls, horizon: Horizon) -> Weeks:
        """Weeks of a horizon."""
        return cls(Grid.around(horizon))

    def shifts(self, limits: WorkLimits) -> tuple[Span, ...] | None:
        """The shifts of a legal week; None when there is none."""
        self.solves += 1
        space = agent_space(limits, self.grid)
        chosen = self._solver.best(space.legal, np.zeros(space.option_count), 0.0).chosen
        if chosen is None:
            return None
        picked = chosen[chosen >= 0]
        starts, ends = space.legal.start[picked].tolist(), space.legal.end[picked].tolist()
        return tuple(
            (self.grid.instant(a), self.grid.instant(b)) for a, b in zip(starts, ends, strict=True)
        )

    def in_plan(self, problem: PlanningProblem, agent: Agent) -> tuple[Span, ...] | None:
        """The shifts of a week that a plan allows a person, by everything that it says of her."""
        return self.shifts(work_limits(problem, agent, self.grid.horizon))


class Trial:
    """One person, her demands, and whether some of them leave a week."""

    def __init__(self, problem: PlanningProblem, agent: Agent, weeks: Weeks) -> None:
        self.problem, self.agent, self.weeks = alone(problem, agent), agent, weeks
        self.person = Person.of(self.problem, agent, weeks.grid.horizon)
        self.demands = demands_of(self.problem, agent, weeks.grid.horizon, self.person)
        self._shapes = tuple(one for one in self.demands if one.rule.name in SHAPES)
        self._feasible: list[frozenset[Key]] = []
        self._infeasible: list[frozenset[Key]] = []

    def has_week(self, demands: Sequence[Demand]) -> bool:
        """Whether these demands leave a legal week; fewer demands never leave fewer weeks."""
        keys = frozenset(one.key for one in demands)
        if any(keys <= known for known in self._feasible):
            return True
        if any(keys >= known for known in self._infeasible):
            return False
        is_feasible = self.looks(demands) is not None
        (self._feasible if is_feasible else self._infeasible).append(keys)
        return is_feasible

    def looks(self, demands: Sequence[Demand]) -> tuple[Span, ...] | None:
        """
        The shifts of a week that these demands leave, looked for anew.

        First among the contract's own shifts, which are few.
        """
        keys = {one.key for one in demands}
        shapes = [one for one in self._shapes if one.key not in keys]
        week = self.weeks.shifts(limits_under([*demands, *shapes], self.person))
        if week is None and shapes:
            week = self.weeks.shifts(limits_under(demands, self.person))
        return week


def alone(problem: PlanningProblem, agent: Agent) -> PlanningProblem:
    """The plan of one person: what concerns nobody else of it."""
    mine = agent.agent_id
    return problem.model_copy(
        update={
            "agents": (agent,),
            "locks": tuple(problem.locks_of.get(mine, ())),
            "past_shifts": tuple(problem.past_shifts_of.get(mine, ())),
        }
    )
