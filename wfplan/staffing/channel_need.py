"""One channel's harm curves and floors, in people who serve and in staff to plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from wfplan.domain.results import FloatArray

WORTHLESS = (
    1e-3  # harm points an interval that one more person may still save at the end of a curve
)
_FLOORS = ("promise", "occupancy", "abandonment", "tail", "due")


@dataclass(frozen=True)
class ChannelNeed:
    """One channel's part of :class:`wfplan.domain.results.StaffNeed`; arrays over (interval,)."""

    harm: FloatArray  # (interval, staff)
    volume: FloatArray
    load_erlangs: FloatArray
    promise: FloatArray
    occupancy: FloatArray
    abandonment: FloatArray
    tail: FloatArray
    due: FloatArray
    convexity_gap: float  # of the curves before they were made convex, share of their height

    @property
    def largest_floor(self) -> float:
        """The most staff that any floor asks for in any interval."""
        return max(float(getattr(self, name).max(initial=0.0)) for name in _FLOORS)


def trimmed(harm: FloatArray, largest_floor: float) -> FloatArray:
    """The curves up to where one more person is worth nothing, and past the floors."""
    useful = np.flatnonzero((harm[:, :-1] - harm[:, 1:]).max(axis=0, initial=0.0) > WORTHLESS)
    last = max(int(useful[-1]) + 2 if len(useful) else 1, ceil(largest_floor) + 2)
    if last < harm.shape[1]:
        return harm[:, : last + 1]
    return np.pad(harm, ((0, 0), (0, last + 1 - harm.shape[1])), mode="edge")


def in_staff_to_plan(need: ChannelNeed, staff_per_person: FloatArray) -> ChannelNeed:
    """
    A need stated in people who serve, stated in staff to plan.

    Parameters
    ----------
    staff_per_person
        Staff to plan for one person who serves, shape (interval,).

    Notes
    -----
    Curves are read at the people who come of each whole number of staff; a
    convex curve read at equal steps is convex. Where every factor is 1 the
    need is handed on as it is.
    """
    if (staff_per_person == 1).all():
        return need
    floors = {name: getattr(need, name) * staff_per_person for name in _FLOORS}
    scaled = replace(need, **floors)
    people = np.arange(need.harm.shape[1], dtype=np.float64)
    staff = np.arange(ceil((len(people) - 1) * float(staff_per_person.max())) + 1)
    harm = np.array(
        [
            np.interp(staff / factor, people, curve)
            for factor, curve in zip(staff_per_person, need.harm, strict=True)
        ]
    ).reshape(len(staff_per_person), len(staff))
    return replace(scaled, harm=trimmed(harm, scaled.largest_floor))
