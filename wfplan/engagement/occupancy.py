"""Planned occupancy: how busy the people of a plan are expected to be.

Of the contacts of an interval those are worked on that nobody loses or puts
off; by the harm curves, whose harm is proportional to what is lost or late,
that is the share ``1 - harm(n) / harm(0)``. Busy over present is the occupancy
(SCIENCE 1): with patience it stays below 1 however few the people are.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import StaffNeed

FloatArray = NDArray[np.float64]

_LEAST = 1e-9


def planned_occupancy(problem: PlanningProblem, need: StaffNeed, staff: FloatArray) -> FloatArray:
    """
    Expected occupancy at a staff, (channel, interval); NaN where nobody is wanted.

    Parameters
    ----------
    staff
        Effective staff of the plan, (channel, interval). Below one person an
        interval is as busy as with one.
    """
    last = need.harm.shape[2] - 1
    level = np.clip(staff, min(1, last), last)
    below = np.minimum(level.astype(np.int64), max(last - 1, 0))[:, :, None]
    low = np.take_along_axis(need.harm, below, axis=2)[:, :, 0]
    high = np.take_along_axis(need.harm, np.minimum(below + 1, last), axis=2)[:, :, 0]
    harm = low + (high - low) * (level - below[:, :, 0])
    present = np.maximum(staff, 1.0)
    occupancy = _busy(problem, need, harm[:, :, None], present[:, :, None])[:, :, 0]
    return np.where(need.load_erlangs > 0, occupancy, np.nan)


def occupancy_curves(problem: PlanningProblem, need: StaffNeed) -> FloatArray:
    """Expected occupancy with j effective staff, (channel, interval, staff); 0 without load."""
    levels = np.maximum(np.arange(need.harm.shape[2], dtype=np.float64), 1.0)
    harm = need.harm.copy()
    harm[:, :, 0] = harm[:, :, min(1, harm.shape[2] - 1)]
    return _busy(problem, need, harm, levels)


def _busy(
    problem: PlanningProblem, need: StaffNeed, harm: FloatArray, staff: FloatArray
) -> FloatArray:
    """Busy over present, at most 1, at harm and staff that broadcast to (channel, interval, k)."""
    first = need.harm[:, :, :1]
    lost = np.divide(harm, first, out=np.zeros_like(harm), where=first > _LEAST)
    at_once = np.array([channel.concurrency_rates[-1] for channel in problem.channels])
    work = need.load_erlangs[:, :, None] * (1 - np.clip(lost, 0, 1)) / at_once[:, None, None]
    busy: FloatArray = np.minimum(work / staff, 1.0)
    return busy
