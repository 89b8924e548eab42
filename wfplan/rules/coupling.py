"""What rules that couple people say to the planner: heads counted at every moment, and money.

Most of them are one kind of statement: of some people, each counted with a sign
in some parts of her shift, there are at most so many at once. A least number
counts with minus one; a newcomer who never works without her mentor is one who
counts beside one who is taken off, at most 0 in all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable

    from wfplan.domain.people import Agent
    from wfplan.domain.problem import PlanningProblem
    from wfplan.horizon import Horizon

IntArray = NDArray[np.int64]

NO_LIMIT = 10**6
WORK, REST, MEAL, GAP = "work", "rest", "meal", "gap"
PARTS = (WORK, REST, MEAL, GAP)
"""The parts of a shift that the planner places."""

PRESENT = frozenset((WORK, REST, MEAL))
"""The parts of a shift in which a person is there: not the gap of a split one."""

PAUSES = PARTS[1:]
"""The parts that are no work, in the order of the tables of prices."""


@dataclass(frozen=True, eq=False)
class HeadCount:
    """
    Heads of which there are at most so many at once.

    ``sign`` says how a person counts by the date on which her shift starts,
    (agent, date) in the order of the problem and of the horizon; ``most`` is the
    largest sum, (interval,), :data:`NO_LIMIT` where there is none.
    """

    what: str
    sign: IntArray
    parts: frozenset[str]
    most: IntArray


@dataclass(frozen=True, eq=False)
class Spending:
    """Money per paid hour of each agent, (agent,), and the most of it in a planning week."""

    rate: NDArray[np.float64]
    most: float


def signs(
    problem: PlanningProblem, dates: Iterable[date], of: Callable[[Agent, date], int]
) -> IntArray:
    """How each agent counts on each date, (agent, date)."""
    days = tuple(dates)
    table = [[of(agent, day) for day in days] for agent in problem.agents]
    return np.array(table, dtype=np.int64).reshape(len(problem.agents), len(days))


def constant(value: int, horizon: Horizon) -> IntArray:
    """One limit at all times, (interval,)."""
    return np.full(horizon.interval_count, value, dtype=np.int64)


def of_agents(sign: Mapping[str, int]) -> Callable[[Agent, date], int]:
    """People who count by their ids, whatever the date."""
    return lambda agent, day: sign.get(agent.agent_id, 0)
