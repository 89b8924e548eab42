"""What is asked for beside service, on the grid of a team: who, how long, and when at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wfplan.rules import requests_of
from wfplan.rules.base import HARD

if TYPE_CHECKING:
    from wfplan.domain.activities import ActivityRequest
    from wfplan.domain.problem import PlanningProblem
    from wfplan.scheduling.person.grid import Grid

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Asked:
    """
    One request on the grid.

    ``people`` and ``leaders`` are places in the team. ``outsiders`` are facilitators
    who are none of its people: they lead at any time, one session at a time.
    """

    request: ActivityRequest
    people: tuple[int, ...]
    leaders: tuple[int, ...]
    outsiders: tuple[str, ...]
    size: int  # slots for each person
    piece: int  # least slots of a piece of it
    group: int  # people of a session at most
    is_start: BoolArray  # (slot,) where a session of full size may begin
    is_open: BoolArray  # (slot,) that a session may use
    price: float  # harm points of a person's slot that is not placed; infinite where it must be

    @property
    def is_hard(self) -> bool:
        """Whether it must be placed."""
        return self.price == np.inf

    @property
    def is_together(self) -> bool:
        """Whether people meet."""
        return self.request.is_together

    @property
    def is_whole(self) -> bool:
        """Whether all of its people meet in one session."""
        return self.is_together and self.group >= len(self.people)

    @property
    def is_led(self) -> bool:
        """Whether every session has a facilitator."""
        return bool(self.leaders or self.outsiders)

    @property
    def is_single(self) -> bool:
        """Whether people sit alone, with nobody and nothing else to be there."""
        return not (self.is_together or self.is_led or self.request.room)

    @cached_property
    def open_until(self) -> IntArray:
        """The end of the open stretch that each slot lies in; the slot itself where closed."""
        until = np.arange(len(self.is_open), dtype=np.int64)
        for s in reversed(range(len(until) - 1)):
            if self.is_open[s]:
                until[s] = until[s + 1] if self.is_open[s + 1] else s + 1
        return until


def asked_of(problem: PlanningProblem, grid: Grid) -> tuple[Asked, ...]:
    """The requests of a horizon; people who are not in the plan are left out of them."""
    places = {agent.agent_id: i for i, agent in enumerate(problem.agents)}
    asked = [_asked(one, problem, grid, places) for one in requests_of(problem, grid.horizon)]
    return tuple(one for one in asked if one.people)


def _asked(
    one: ActivityRequest, problem: PlanningProblem, grid: Grid, places: Mapping[str, int]
) -> Asked:
    slot_min = grid.horizon.slot_min
    size = -(-one.minutes // slot_min)
    is_open = np.zeros(grid.slots, dtype=np.bool_)
    is_start = np.zeros(grid.slots, dtype=np.bool_)
    for begin, end in one.spans(problem.timezone):
        first = max(grid.slot_from(begin), 0)
        last = min(grid.slot(end), grid.slots)
        is_open[first:last] = True
        is_start[first : max(last - size + 1, first)] = True
    return Asked(
        request=one,
        people=tuple(places[a] for a in one.agent_ids if a in places),
        leaders=tuple(places[a] for a in one.facilitators if a in places),
        outsiders=tuple(a for a in one.facilitators if a not in places),
        size=size,
        piece=min(-(-one.piece_min // slot_min), size) if one.piece_min else size,
        group=one.session_max,
        is_start=is_start,
        is_open=is_open,
        price=np.inf if one.hardness == HARD else one.weight * slot_min / 60,
    )
