"""Least presence: heads on queue who can serve a channel, per interval.

Source: the plan (``staff_min`` of a channel), in its opening hours. Soft, with
a price: a person who serves several channels counts once, wherever she helps
most. Whether everybody's least can be met at once is a flow from people to
channels; where it cannot, Hall's theorem names channels that together ask for
more heads than can serve them.

References
----------
.. [1] Hall, P. (1935). On representatives of subsets. *Journal of the London
       Mathematical Society*, s1-10(1): 26-30. https://doi.org/10.1112/jlms/s1-10.37.26
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.results import Breach
from wfplan.rules.base import SOFT
from wfplan.rules.team_week import Shortfall, TeamWeek, breaches_of_runs

FloatArray = NDArray[np.float64]
_EPS = 1e-9
_ENOUGH = Shortfall(0.0, "")


@dataclass(frozen=True)
class PresenceMin:
    """Every channel has its least heads in every interval."""

    name: ClassVar[str] = "presence_min"
    hardness: str = SOFT
    source: str = "staff_min of the channels"

    def breaches(self, week: TeamWeek) -> list[Breach]:
        """Runs of intervals with too few heads, and the staff-hours missing."""
        known: dict[bytes, Shortfall] = {}
        shortfalls = []
        for t in range(week.horizon.interval_count):
            need, heads = week.staff_min[:, t], week.heads[:, t]
            key = need.tobytes() + heads.tobytes()
            if key not in known:
                known[key] = self._shortfall(week, need, heads) if need.any() else _ENOUGH
            shortfalls.append(known[key])
        return breaches_of_runs(week, self.name, self.source, shortfalls)

    @staticmethod
    def _shortfall(week: TeamWeek, need: FloatArray, heads: FloatArray) -> Shortfall:
        """What one interval lacks."""
        missing, together = unmet(need, heads, week.serves)
        if missing <= _EPS:
            return _ENOUGH
        names = " and ".join(week.channels[c] for c in np.flatnonzero(together))
        able = float(heads[week.serves[:, together].any(axis=1)].sum())
        asked = float(need[together].sum())
        return Shortfall(
            missing, f"{names} asked for {asked:g} heads and {able:.3g} could serve there"
        )


def unmet(
    need: FloatArray, heads: FloatArray, serves: NDArray[np.bool_]
) -> tuple[float, NDArray[np.bool_]]:
    """
    Heads that are missing when people are spread as well as can be.

    Parameters
    ----------
    need
        Heads that each channel asks for, (channel,).
    heads
        People of each group, (group,).
    serves
        Which group serves which channel, (group, channel).

    Returns
    -------
    missing
        Heads asked for that nobody is left to give.
    together
        The channels that ask for more than can serve them, (channel,).
    """
    flow = np.zeros(serves.shape)
    spare, owed = heads.astype(np.float64), need.astype(np.float64)
    together = np.zeros(len(need), dtype=np.bool_)
    for channel in np.flatnonzero(owed > _EPS).tolist():
        while owed[channel] > _EPS:
            path, reached = _path(channel, flow, spare, serves)
            if not path:
                together |= reached
                break
            giver = path[-1][0]
            left = [flow[g, leaves] for (g, _), (_, leaves) in pairwise(path)]
            moved = min(owed[channel], spare[giver], *left)
            for g, joins in path:
                flow[g, joins] += moved
            for (g, _), (_, leaves) in pairwise(path):
                flow[g, leaves] -= moved
            spare[giver] -= moved
            owed[channel] -= moved
    return float(owed.sum()), together


def _path(
    channel: int, flow: FloatArray, spare: FloatArray, serves: NDArray[np.bool_]
) -> tuple[list[tuple[int, int]], NDArray[np.bool_]]:
    """
    Shortest chain of groups by which a channel gets more, as (group, channel) steps.

    The first step's group serves the channel and leaves the next step's
    channel, and so on; the last group has people to spare. Also the channels
    that were reached, which are in want together when there is no chain.
    """
    came: dict[int, tuple[int, int] | None] = {channel: None}
    queue = [channel]
    for c in queue:
        for g in np.flatnonzero(serves[:, c]):
            if spare[g] > _EPS:
                steps, at = [(int(g), c)], c
                while (before := came[at]) is not None:
                    steps.insert(0, before)
                    at = before[1]
                return steps, _mask(came, len(flow[0]))
            for other in np.flatnonzero(flow[g] > _EPS):
                if int(other) not in came:
                    came[int(other)] = (int(g), c)
                    queue.append(int(other))
    return [], _mask(came, serves.shape[1])


def _mask(channels: dict[int, tuple[int, int] | None], count: int) -> NDArray[np.bool_]:
    """The channels as a mask."""
    mask = np.zeros(count, dtype=np.bool_)
    mask[list(channels)] = True
    return mask
