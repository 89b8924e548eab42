"""Who of those planned will be there: presence by interval, and the staff that planning counts in.

Planning counts one effective person per head and mean presence, whatever the
hour. An interval that loses more than the mean (coaching at two, say) is told
apart by its curve and floors: they ask for more of that same staff.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wfplan.domain.problem import Shrinkage
from wfplan.domain.results import DemandForecast, FloatArray


@dataclass(frozen=True)
class Presence:
    """
    Presence per interval, and the mean in which planning counts.

    ``share`` is the part of scheduled on-queue time that serves contacts, of
    shape (interval,); ``mean`` its mean over the intervals in which a channel
    is open.
    """

    share: FloatArray
    mean: float

    @classmethod
    def of(cls, shrinkage: Shrinkage, demand: DemandForecast) -> Presence:
        """The presence of a horizon."""
        share = shrinkage.presence(demand.horizon)
        always = shrinkage.presence_share
        if np.allclose(share, always, rtol=1e-12, atol=0.0):
            return cls(np.full(share.shape, always), always)
        counts = demand.is_open.any(axis=0)
        return cls(share, float(share[counts].mean() if counts.any() else share.mean()))

    @property
    def staff_per_person(self) -> FloatArray:
        """Staff to plan per person who serves, (interval,): 1 where presence is the mean."""
        return np.asarray(self.mean / self.share, dtype=np.float64)
