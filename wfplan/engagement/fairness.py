"""Fairness with memory: unpopular work shared among people with like contracts.

A burden is a night, a weekend shift, a late shift, an hour on a hard queue, or an
hour of rescue work (:mod:`wfplan.engagement.rescue`).
What a person had before fades as ``exp(-age / memory)``; what she has in the
planned weeks counts in full. Her fair share of all that her like carry (people
of the same contract type who can be given such work) goes by exposure:
contract hours times the time that she was employed and not away, faded alike.
So nobody has to catch up on what was worked before she came or while she was
on leave, and half the hours make half a share (SCIENCE 4.4: compare by hours).

Planned and worked shifts only: nothing about health, no reasons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from math import exp
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wfplan.domain.people import Agent, TimeOffStatus
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.promises import RESCUE_MIN, PastPromise, by_agent
from wfplan.horizon import DAY_MIN, Horizon, wall_instant

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

BURDENS = ("nights", "weekends", "lates", "hard_hours", "rescue_hours")
"""Kinds of burden: shifts of the first three, hours on hard queues, hours of rescue work."""

HARD, RESCUE = BURDENS.index("hard_hours"), BURDENS.index("rescue_hours")
_MIDDLE_OF_WEEK = 3  # days from its first to the one that stands for all of it

NIGHT, NIGHT_LEAST_MIN, LATE_END_MIN = (23 * 60, 30 * 60), 180, 20 * 60
"""Wall minutes of a night, elapsed minutes in it that make a night shift, end of a late one."""


@dataclass(frozen=True)
class BurdenBook:
    """
    What people bring into a horizon: burdens carried in, and exposure to share them by.

    ``group`` numbers contract types; people of one number are compared.
    """

    agents: tuple[str, ...]
    carried: FloatArray  # (person, burden)
    exposure: FloatArray  # (person,) faded contract hours
    group: IntArray  # (person,)

    def fair_shares(self, can: NDArray[np.bool_]) -> FloatArray:
        """
        The part of her group's burdens that is each person's fair share, (person, burden).

        ``can`` says who can be given such work at all, (person, burden): others
        have no share, and what they carry is not shared.
        """
        weight = self.exposure[:, None] * can
        total = np.zeros((int(self.group.max(initial=-1)) + 1, weight.shape[1]))
        np.add.at(total, self.group, weight)
        of_group = total[self.group]
        return np.divide(weight, of_group, out=np.zeros_like(weight), where=of_group > 0)

    def fair(self, burden: FloatArray, can: NDArray[np.bool_]) -> FloatArray:
        """What each person would carry if her group shared all its burdens, (person, burden)."""
        total = np.zeros((int(self.group.max(initial=-1)) + 1, burden.shape[1]))
        np.add.at(total, self.group, burden * can)
        return self.fair_shares(can) * total[self.group]


def burden_book(problem: PlanningProblem, horizon: Horizon, memory_weeks: float) -> BurdenBook:
    """The book of everybody in a problem for a horizon."""
    first = min((past.start for past in problem.past_shifts), default=horizon.start)
    known = max((horizon.first_day - horizon.local(first).date()).days, 0)
    weight = np.array([faded(max(known - k, 0), memory_weeks) for k in range(known + horizon.days)])
    types = sorted({agent.contract_type for agent in problem.agents})
    promised = by_agent(problem.past_promises)
    carried = np.zeros((len(problem.agents), len(BURDENS)))
    exposure = np.zeros(len(problem.agents))
    for i, agent in enumerate(problem.agents):
        own = promised.get(agent.agent_id, [])
        carried[i] = _carried(problem, agent, own, horizon, memory_weeks)
        seen = known
        if promised and agent.hire_date is None:
            seen = min(_known_for(problem, agent, own, horizon), known)
        days = _days(agent, horizon, seen, weight[known - seen :])
        exposure[i] = agent.contract_hours_week / 7 * days
    return BurdenBook(
        agents=tuple(agent.agent_id for agent in problem.agents),
        carried=carried,
        exposure=exposure,
        group=np.array([types.index(a.contract_type) for a in problem.agents], dtype=np.int64),
    )


def is_there(agent: Agent, horizon: Horizon) -> bool:
    """Whether a person is employed on every date of a horizon and on none of them away."""
    return all(agent.is_employed(day) and not _is_away(agent, day) for day in horizon.dates)


def shift_burdens(agent: Agent, start: datetime, end: datetime) -> tuple[bool, bool, bool]:
    """
    Whether a shift is a night, a weekend shift, a late shift, by the agent's clock.

    Nights have three hours or more between 23:00 and 06:00 (Directive
    2003/88/EC, article 2), weekend shifts start on a Saturday or Sunday, late
    ones end after 20:00 and are no nights.
    """
    return _shift_burdens(start, end, agent.timezone)


@lru_cache(maxsize=1 << 14)
def _shift_burdens(start: datetime, end: datetime, timezone: str) -> tuple[bool, bool, bool]:
    """See :func:`shift_burdens`; remembered, because people share shifts."""
    zone = ZoneInfo(timezone)
    begin, finish = start.astimezone(zone), end.astimezone(zone)
    day = begin.date()
    in_night = 0.0
    for offset in (-1, 0, 1):
        on = day + timedelta(days=offset)
        dusk, dawn = (wall_instant(on, minute, timezone) for minute in NIGHT)
        in_night += max((min(end, dawn) - max(start, dusk)).total_seconds() / 60, 0.0)
    last = (finish.date() - day).days * DAY_MIN + finish.hour * 60 + finish.minute
    is_night = in_night >= NIGHT_LEAST_MIN
    return is_night, day.weekday() >= 5, last > LATE_END_MIN and not is_night


@lru_cache(maxsize=1 << 12)
def faded(age_days: float, memory_weeks: float) -> float:
    """What is left of a burden of so many days ago."""
    return exp(-age_days / (7 * memory_weeks))


def gini(values: ArrayLike) -> float:
    """
    Gini coefficient: 0 where all carry the same, near 1 where one carries all.

    Half the mean absolute difference over the mean; 0 of nothing.
    """
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    count, total = len(ordered), float(ordered.sum())
    if count == 0 or total <= 0:
        return 0.0
    rank = np.arange(1, count + 1)
    return float(2 * (rank * ordered).sum() / (count * total) - (count + 1) / count)


def spread(values: Sequence[float] | FloatArray) -> dict[str, float]:
    """Gini, least, median and most of what people carry."""
    known = np.asarray(values, dtype=np.float64)
    if not len(known):
        return {"gini": 0.0, "min": 0.0, "median": 0.0, "max": 0.0}
    return {
        "gini": gini(known),
        "min": float(known.min()),
        "median": float(np.median(known)),
        "max": float(known.max()),
    }


def _carried(
    problem: PlanningProblem,
    agent: Agent,
    promised: Sequence[PastPromise],
    horizon: Horizon,
    memory_weeks: float,
) -> FloatArray:
    """Faded burdens of the past shifts and published weeks of an agent, (burden,)."""
    carried = np.zeros(len(BURDENS))
    first = horizon.first_day
    for past in problem.past_shifts_of.get(agent.agent_id, ()):
        day, kinds = _dated_burdens(past.start, past.end, agent.timezone)
        if kinds and day < first:
            for b in kinds:
                carried[b] += faded((first - day).days, memory_weeks)
    for load in problem.past_loads_of.get(agent.agent_id, ()):
        if load.hard_min and load.day < first:
            carried[HARD] += faded((first - load.day).days, memory_weeks) * load.hard_min / 60
    for promise in promised:
        middle = promise.first_day + timedelta(days=_MIDDLE_OF_WEEK)
        if middle < first:
            rescue_h = promise.count(RESCUE_MIN) / 60
            carried[RESCUE] += faded((first - middle).days, memory_weeks) * rescue_h
    return carried


def _known_for(
    problem: PlanningProblem, agent: Agent, promised: Sequence[PastPromise], horizon: Horizon
) -> int:
    """Days since an agent is first heard of: published weeks name everybody who was there."""
    weeks = [promise.first_day for promise in promised]
    shifts = problem.past_shifts_of.get(agent.agent_id, ())
    days = [horizon.local(past.start).date() for past in shifts[:1]]
    return (horizon.first_day - min([*weeks, *days], default=horizon.first_day)).days


@lru_cache(maxsize=1 << 14)
def _dated_burdens(start: datetime, end: datetime, timezone: str) -> tuple[date, tuple[int, ...]]:
    """The date of a shift by a zone's clock, and which burdens it is; people share shifts."""
    day = start.astimezone(ZoneInfo(timezone)).date()
    return day, tuple(b for b, is_one in enumerate(_shift_burdens(start, end, timezone)) if is_one)


def _days(agent: Agent, horizon: Horizon, known: int, weight: FloatArray) -> float:
    """
    Faded days, of those known before the horizon and of its own, that an agent was there.

    ``weight`` is what is left of each, oldest first, (day,).
    """
    begin = horizon.first_day - timedelta(days=known)
    last = begin + timedelta(days=len(weight) - 1)
    hired, ends = max(agent.hire_date or begin, begin), min(agent.end_date or last, last)
    is_there = np.zeros(len(weight), dtype=np.bool_)
    is_there[(hired - begin).days : max((ends - begin).days + 1, 0)] = True
    for day in _maybe_away(agent, begin, last):
        if _is_away(agent, day):
            is_there[(day - begin).days] = False
    return float(weight[is_there].sum())


def _maybe_away(agent: Agent, begin: date, last: date) -> set[date]:
    """Dates on which some approved absence of an agent falls, between two dates."""
    zone, days = ZoneInfo(agent.timezone), set()
    for off in agent.time_off:
        if off.status is TimeOffStatus.APPROVED:
            day = max(off.start.astimezone(zone).date(), begin)
            until = min(off.end.astimezone(zone).date(), last)
            days |= {day + timedelta(days=k) for k in range((until - day).days + 1)}
    return days


def _is_away(agent: Agent, day: date) -> bool:
    """Whether an approved absence covers a whole date of the agent's clock."""
    zone = ZoneInfo(agent.timezone)
    for off in agent.time_off:
        if off.status is not TimeOffStatus.APPROVED:
            continue
        begin, end = off.start.astimezone(zone), off.end.astimezone(zone)
        starts = begin.date() < day or (begin.date() == day and begin.time() == datetime.min.time())
        if starts and end.date() > day:
            return True
    return False
