"""Rescue work: who is there to resolve what others may not, and how it lies on few or many.

SCIENCE 4.4. In every interval that asks for empowered people those on queue
share what is asked: a person's rescue minutes are her minutes on queue, times
asked over present, at most all of them. Nobody beside her: it is all hers. Over
four weeks the shares ``q`` of the people who can do it give the Herfindahl
index ``H = sum q**2``, normalised ``(H - 1/N)/(1 - 1/N)``: 0 where all carry
the same, 1 where one carries all. A share above ``2/N`` is a hero's.

Planned exposure only: what is asked for, not what happened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import nan

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.promises import RESCUE_MIN
from wfplan.domain.schedule import ActivityCategory, Schedule, Shift
from wfplan.horizon import Horizon

FloatArray = NDArray[np.float64]

HERO_WEEKS = 4
SHARE_MOST = 2.0
"""Times an even share of the rescue minutes that one person should have at most."""


def rescue_share(asked: ArrayLike, present: ArrayLike) -> FloatArray:
    """The part of her time that each empowered person gives to rescue work, (interval,)."""
    wanted = np.asarray(asked, dtype=np.float64)
    there = np.asarray(present, dtype=np.float64)
    return np.clip(np.divide(wanted, there, out=np.zeros_like(wanted), where=there > 0), 0.0, 1.0)


def rescue_minutes(
    problem: PlanningProblem, horizon: Horizon, schedule: Schedule, asked: FloatArray
) -> dict[str, float]:
    """
    Rescue minutes of everybody who is empowered on a date of the horizon.

    ``asked`` are empowered heads that each interval asks for, (interval,).
    """
    shifts: dict[str, list[Shift]] = {}
    for shift in (*schedule.shifts, *problem.night_before(horizon)):
        shifts.setdefault(shift.agent_id, []).append(shift)
    dates = horizon.dates
    on_duty = {
        agent.agent_id: _presence(problem, horizon, agent, shifts.get(agent.agent_id, []))
        for agent in problem.agents
        if any(agent.skill(problem.empowered.skill, day) for day in dates)
    }
    present = sum(on_duty.values(), np.zeros(horizon.interval_count))
    minutes = rescue_share(asked, present) * horizon.interval_min
    return {agent_id: float((own * minutes).sum()) for agent_id, own in on_duty.items()}


def on_queue_share(horizon: Horizon, shifts: Sequence[Shift]) -> FloatArray:
    """The part of each interval in which somebody with these shifts is on queue, (interval,)."""
    step, count = horizon.interval_min, horizon.interval_count
    minute, minutes = timedelta(minutes=1), np.zeros(count)
    for part in (one for shift in shifts for one in shift.activities):
        if part.category is ActivityCategory.WORK:
            begin, end = (part.start - horizon.start) / minute, (part.end - horizon.start) / minute
            first, last = max(int(begin // step), 0), min(int(-(-end // step)), count)
            if first < last:
                within = np.clip(np.arange(first, last + 1) * float(step), begin, end)
                minutes[first:last] += np.diff(within)
    return minutes / step


def _presence(
    problem: PlanningProblem, horizon: Horizon, agent: Agent, shifts: list[Shift]
) -> FloatArray:
    """The part of each interval in which an empowered person is on queue, (interval,)."""
    present = on_queue_share(horizon, shifts)
    skill = problem.empowered.skill
    is_empowered = np.array([agent.skill(skill, day) is not None for day in horizon.dates])
    return np.where(is_empowered[horizon.interval_days], present, 0.0)


@dataclass(frozen=True)
class Heroes:
    """How rescue minutes of some weeks lie on the people who can do the work."""

    minutes: Mapping[str, float]
    weeks: int

    @property
    def shares(self) -> dict[str, float]:
        """Each person's part of all rescue minutes; nobody's where there are none."""
        total = sum(self.minutes.values())
        return {who: own / total for who, own in self.minutes.items()} if total > 0 else {}

    @property
    def concentration(self) -> float:
        """The normalised Herfindahl index, 0 to 1; NaN with fewer than two people."""
        return herfindahl(list(self.shares.values()))

    @property
    def share_most(self) -> float:
        """The largest share that is no hero's: 2/N; NaN where N is too small for one to be."""
        count = len(self.minutes)
        return SHARE_MOST / count if count > SHARE_MOST else nan


def herfindahl(shares: ArrayLike) -> float:
    """``(sum q**2 - 1/N)/(1 - 1/N)`` of shares that add up to 1; NaN of fewer than two."""
    known = np.asarray(shares, dtype=np.float64)
    count = len(known)
    if count < 2:
        return nan
    return float(((known**2).sum() - 1 / count) / (1 - 1 / count))


def heroes(problem: PlanningProblem, first_day: date, now_min: Mapping[str, float]) -> Heroes:
    """Rescue minutes of the planned weeks, with those of published weeks up to four in all."""
    since = first_day - timedelta(days=7 * (HERO_WEEKS - 1))
    minutes = dict(now_min)
    weeks = {first_day}
    for past in problem.past_promises:
        if since <= past.first_day < first_day and past.agent_id in minutes:
            minutes[past.agent_id] += past.count(RESCUE_MIN)
            weeks.add(past.first_day)
    return Heroes(minutes, len(weeks))
