"""Whether people with several skills are enough: bounds for every set of channels together.

Whatever the routing, people who can serve any of a set of channels do no
better than one pool in which each of them served all of it. What such a pool
needs is therefore needed of them: to lose no more than the caps allow, to be
no busier than the most that a cap allows, and to do the deferred work beside.
Exact as a bound where handle times and patience are common; else the pool has
the mean handle time and the longest patience. A pool is never asked for more
than its channels are one by one.

References
----------
.. [1] Wallace, R. B., and W. Whitt (2005). A staffing algorithm for call centers
       with skill-based routing. *Manufacturing & Service Operations Management*
       7(4): 276-294. https://doi.org/10.1287/msom.1050.0086
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

import numpy as np

from wfplan.domain.people import Agent, TimeOffStatus
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import DemandForecast, FloatArray, StaffNeed
from wfplan.horizon import Horizon
from wfplan.queueing import required
from wfplan.staffing.carried import in_hand_s, work_in_hand
from wfplan.staffing.demand import without_gaps
from wfplan.staffing.empowered import with_escalations
from wfplan.staffing.realtime import PATIENCE_MOST_S

SETS_MOST = 64  # of channels: beyond, unions of many skill sets are left out
_SHORT = 0.05  # heads, or hours: less is rounding

Pool = frozenset[int]


@dataclass(frozen=True)
class MergedQueue:
    """Several queues as one: contacts per hour, handle time and patience, (interval,)."""

    arrivals_per_h: FloatArray
    aht_s: FloatArray
    patience_s: float


@dataclass(frozen=True)
class PoolShortfall:
    """
    A set of channels whose people are too few, at best.

    ``needed`` and ``there`` are heads in the worst interval, or hours of the
    week where ``interval`` is None.
    """

    channels: tuple[str, ...]
    interval: int | None
    needed: float
    there: float
    intervals: int  # in which they are too few

    def in_words(self, horizon: Horizon) -> str:
        """The shortfall as a planner reads it."""
        names, count = _listed(self.channels), len(self.channels)
        who = f"who can serve {('it', 'either')[count - 1] if count < 3 else 'any of them'}"
        if self.interval is None:
            return (
                f"{names}: {self.needed:,.0f} hours on queue are needed in the week, the people "
                f"{who} may work {self.there:,.0f}. Let more people serve "
                f"{'it' if count == 1 else 'them'}, or promise less."
            )
        moment = horizon.local(horizon.interval_instant(self.interval))
        best = "" if count == 1 else " even if each of them could serve all of it"
        more = self.intervals - 1
        also = f"; too few in {more} other interval{'s' * (more > 1)}, too" if more else ""
        return (
            f"{names}: {self.needed:.1f} people are needed on {moment:%a %H:%M}{best}, and "
            f"those here {who} do the work of {self.there:.1f}{also}."
        )

    def as_dict(self) -> dict[str, Any]:
        """The shortfall as ``--json`` gives it."""
        return asdict(self)


def pool_shortfalls(
    problem: PlanningProblem,
    need: StaffNeed,
    demand: DemandForecast,
    *,
    heads: FloatArray | None = None,
) -> tuple[PoolShortfall, ...]:
    """
    Sets of channels whose people cannot reach what one pool of them would need.

    A set is named only where no smaller set of it explains the shortfall.

    Parameters
    ----------
    heads
        Which people are on queue, (agent, interval), 0 or 1 in the order of
        the problem's agents; by default all who are employed and not away,
        held to their longest hours.
    """
    speed = _speeds(problem, demand.horizon)
    here = _here(problem, demand.horizon) if heads is None else heads
    hours = None if heads is not None else _longest_hours(problem.agents)
    found: list[PoolShortfall] = []
    for pool in pools_of(speed > 0):
        wanted = pool_requirement(problem, demand, need, sorted(pool)) / need.presence_share
        best = speed[:, sorted(pool)].max(axis=1)
        if not any({demand.channels.index(name) for name in one.channels} < pool for one in found):
            found += _short(need, sorted(pool), wanted, best, here, hours)
    return tuple(found)


def pools_of(serves: np.ndarray) -> tuple[Pool, ...]:
    """
    Sets of channels that can be short, small ones first.

    Parameters
    ----------
    serves
        Who can serve what, (agent, channel).

    Notes
    -----
    Single channels, all of them, and what is left beside unions of people's
    skill sets: any other set has the same people as a larger one of these.
    Unions of few skill sets come first, up to ``SETS_MOST``.
    """
    every = frozenset(range(serves.shape[1]))
    skills = sorted({frozenset(np.flatnonzero(row).tolist()) for row in serves}, key=sorted)
    pools = {frozenset((c,)) for c in every} | ({every} if every else set())
    for count in range(1, len(skills) + 1):
        if len(pools) >= SETS_MOST or (count > 3 and len(skills) > 12):
            break
        unions = (frozenset[int]().union(*some) for some in combinations(skills, count))
        pools |= {every - union for union in unions if union != every}
    return tuple(sorted(pools, key=lambda pool: (len(pool), sorted(pool))))[
        : SETS_MOST + len(every)
    ]


def merged_queue(
    arrivals_per_h: FloatArray, aht_s: FloatArray, patience_s: FloatArray
) -> MergedQueue:
    """
    Queues (channel, interval) as one that is no harder to serve.

    Handle time is the mean over contacts; patience the longest, (channel,).
    """
    total = arrivals_per_h.sum(axis=0)
    work = (arrivals_per_h * aht_s).sum(axis=0)
    usual = aht_s.mean(axis=0)
    aht = np.divide(work, total, out=usual, where=total > 0)
    return MergedQueue(total, aht, float(patience_s.max(initial=0.0)))


def pool_requirement(
    problem: PlanningProblem, demand: DemandForecast, need: StaffNeed, pool: Sequence[int]
) -> FloatArray:
    """Effective staff that a set of channels needs if each person could serve all, (interval,)."""
    if len(pool) == 1:
        return np.asarray(need.staff_required[pool[0]])
    now = [c for c in pool if problem.channels[c].is_realtime]
    later = [c for c in pool if not problem.channels[c].is_realtime]
    deferred = need.staff_due[later].sum(axis=0)
    asked, busy = _realtime_pool(problem, demand, now)
    alone = need.staff_required[pool].sum(axis=0)
    together: FloatArray = np.minimum(np.maximum(asked, busy + deferred), alone)
    return together


def _realtime_pool(
    problem: PlanningProblem, demand: DemandForecast, now: Sequence[int]
) -> tuple[FloatArray, FloatArray]:
    """Staff for the caps of realtime channels in one pool, and how many of them are busy."""
    worked = with_escalations(without_gaps(demand), problem.empowered)
    interval_s = demand.horizon.interval_min * 60
    zero = np.zeros(demand.horizon.interval_count)
    if not now:
        return zero, zero
    offered = np.where(demand.is_open[now], demand.offered_mean[now], 0.0)
    fastest = np.array([[problem.channels[c].concurrency_rates[-1]] for c in now])
    aht = worked.aht_s[now] / fastest
    work = [
        work_in_hand(
            offered[i] * aht[i] / interval_s,
            in_hand_s(worked.aht_s[c], problem.channels[c].concurrency_rates),
            interval_s,
        ).mean
        for i, c in enumerate(now)
    ]
    patience = np.minimum(demand.patience_s[now], PATIENCE_MOST_S)
    queue = merged_queue(np.array(work) / aht * 3600, aht, patience)
    lost = max(problem.channels[c].abandon_share_max or 1.0 for c in now)
    busy = queue.arrivals_per_h * queue.aht_s / 3600 * (1 - lost)
    if (fastest > 1).any():  # who is being served with others does not wait: no such pool
        return busy, busy
    asked = busy / max(problem.channels[c].occupancy_max or 1.0 for c in now)
    if lost < 1:
        args = (queue.arrivals_per_h, queue.aht_s, queue.patience_s)
        asked = np.maximum(asked, required.for_abandonment(lost, *args))
    return asked, busy


def _short(
    need: StaffNeed,
    pool: Sequence[int],
    wanted: FloatArray,
    best: FloatArray,
    here: FloatArray,
    hours: FloatArray | None,
) -> Iterator[PoolShortfall]:
    """The shortfalls of a pool: its worst in heads, and that in hours of the week."""
    there = best @ here
    names = tuple(need.channels[c] for c in pool)
    missing = wanted - there
    if missing.max(initial=0.0) > _SHORT:
        at = int(missing.argmax())
        count = int((missing > _SHORT).sum())
        yield PoolShortfall(names, at, float(wanted[at]), float(there[at]), count)
    if hours is not None:
        week = float(wanted.sum()) * need.horizon.interval_min / 60
        may = float(best @ hours) * need.horizon.days / 7
        if week - may > _SHORT:
            yield PoolShortfall(names, None, week, may, 0)


def _speeds(problem: PlanningProblem, horizon: Horizon) -> FloatArray:
    """Contacts per time relative to the average person, at the best of the horizon; 0: cannot."""
    speeds = np.zeros((len(problem.agents), len(problem.channels)))
    for i, agent in enumerate(problem.agents):
        for c, channel in enumerate(problem.channels):
            held = [agent.skill(channel.name, day) for day in horizon.dates]
            speeds[i, c] = max((1 / skill.aht_factor for skill in held if skill), default=0.0)
    return speeds


def _here(problem: PlanningProblem, horizon: Horizon) -> FloatArray:
    """Who is employed and not away, (agent, interval)."""
    here = np.zeros((len(problem.agents), horizon.interval_count))
    starts = horizon.interval_starts
    for i, agent in enumerate(problem.agents):
        employed = np.array([agent.is_employed(day) for day in horizon.dates], dtype=bool)
        here[i] = employed[horizon.interval_days]
        for away in agent.time_off:
            if away.status is TimeOffStatus.APPROVED:
                first, last = (
                    np.datetime64(moment.replace(tzinfo=None), "s")
                    for moment in (away.start, away.end)
                )
                here[i, (starts >= first) & (starts < last)] = 0.0
    return here


def _longest_hours(agents: Iterable[Agent]) -> FloatArray:
    """The longest week of every person, hours."""
    return np.array([agent.max_hours_week for agent in agents], dtype=np.float64)


def _listed(names: Sequence[str]) -> str:
    """``voice``, ``voice and chat``, ``voice, chat and mail``."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
