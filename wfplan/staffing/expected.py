"""The service that a plan's staff are expected to give, ready to be read at any staff."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import DemandForecast, FloatArray
from wfplan.staffing.demand import without_gaps
from wfplan.staffing.empowered import with_escalations
from wfplan.staffing.presence import Presence
from wfplan.staffing.service import QueueAhead


@dataclass(frozen=True)
class ExpectedService:
    """
    The contacts of all channels, to be put before the staff of a plan.

    ``volume`` are contacts, (channel, interval).
    """

    queues: tuple[QueueAhead, ...]
    presence: Presence
    volume: FloatArray

    @classmethod
    def of(cls, problem: PlanningProblem, demand: DemandForecast) -> ExpectedService:
        """The contacts of a demand, their escalations included."""
        worked = with_escalations(without_gaps(demand), problem.empowered)
        queues = tuple(QueueAhead.of(one, worked, c) for c, one in enumerate(problem.channels))
        volume = np.array([np.nan_to_num(queue.offered) for queue in queues])
        return cls(queues, Presence.of(problem.shrinkage, demand), volume)

    def in_time(
        self, staff: FloatArray, c: int, rows: NDArray[np.int64] | None = None
    ) -> FloatArray:
        """
        Share of channel ``c``'s contacts that get what is promised, NaN where nobody comes.

        ``staff`` is effective staff as planning counts it, of all intervals or of ``rows``.
        """
        at: NDArray[np.int64] | slice = slice(None) if rows is None else rows
        share = self.presence.share[at]
        found = self.queues[c].at(staff * share / self.presence.mean, share, at)
        return found.in_time
