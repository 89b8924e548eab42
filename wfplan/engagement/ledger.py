"""The overload ledger: strain that people accumulate, day by day, and lose by recovering.

SCIENCE 4.3. Overload minutes of a date are the worked minutes of the shifts
that start on it, weighted by strain. Two exponential filters remember them,
acute over 7 days and chronic over 42, both in minutes a day:
``A' = phi A + (1 - phi) L`` with ``phi = exp(-1/7)``, ``C'`` likewise with
``exp(-1/42)``. A row holds the values at the *end* of its date. Real recovery
is faster than the filter's, so the ledger errs on the side of care.

Planned exposure only: nothing about health, nothing measured on a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from math import exp
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.schedule import ActivityCategory, PastShift, Schedule, Shift
from wfplan.engagement.strain import HARD_STRAIN, STRAIN_TABLE, UNWEIGHTED, StrainTable
from wfplan.errors import InputError
from wfplan.horizon import Horizon

FloatArray = NDArray[np.float64]

ACUTE_DAYS, CHRONIC_DAYS = 7, 42
ACUTE_KEPT, CHRONIC_KEPT = exp(-1 / ACUTE_DAYS), exp(-1 / CHRONIC_DAYS)
ACUTE_MAX_MIN, CHRONIC_MAX_MIN, DAY_MAX_MIN = 90.0, 60.0, 150.0
"""Default caps of the ledger in minutes a day, and of a single day in minutes."""

COLUMNS = ("agent_id", "date", "overload_min", "acute_min", "chronic_min", "high_intensity_min")


def overload_ledger(
    problem: PlanningProblem,
    horizon: Horizon,
    schedule: Schedule,
    channel_share: Mapping[str, FloatArray],
    occupancy: FloatArray,
    *,
    carried: Mapping[str, tuple[float, float]] | None = None,
    table: StrainTable = STRAIN_TABLE,
) -> pd.DataFrame:
    """
    Overload of every agent and date, and what she carries of it.

    Parameters
    ----------
    channel_share
        Per agent the share of her time on queue that each channel gets,
        (channel, interval); people who are not named serve no channel.
    occupancy
        Predicted occupancy, (channel, interval); NaN where nobody is wanted.
    carried
        Acute and chronic minutes a day with which an agent enters the horizon,
        zero for people who are not named; by default what the problem's past
        entries say (:func:`carried_in`).
    table
        Strain rates and weights.

    Returns
    -------
    DataFrame
        Columns agent_id, date, overload_min, acute_min, chronic_min and
        high_intensity_min (on hard queues), sorted by agent and date;
        ``attrs["strain_table"]`` names the table's version.

    Raises
    ------
    InputError
        When ``occupancy`` or a share is not of the shape (channel, interval).

    Notes
    -----
    Minutes of a night shift that run beyond the horizon have no predicted
    occupancy and are booked when the next week is planned.
    """
    carried = carried_in(problem, horizon) if carried is None else carried
    weights = np.array([channel.strain_weight for channel in problem.channels])
    _check_shape("occupancy", occupancy, (len(weights), horizon.interval_count))
    strain = table.rate(occupancy) * weights[:, None]
    shifts = schedule.by_agent()
    parts = []
    for agent in sorted(problem.agents, key=lambda a: a.agent_id):
        own = shifts.get(agent.agent_id, [])
        load, hard = np.zeros(len(horizon.dates)), np.zeros(len(horizon.dates))
        share = channel_share.get(agent.agent_id)
        if own and share is not None:
            rate = _mixed(agent, share, strain)
            rate = rate * table.clock_weight(_wall_minutes(horizon, agent.timezone))
            past = problem.past_shifts_of.get(agent.agent_id, [])
            load = _daily_load(horizon, agent, own, past, rate, table)
            at_hard = (share * (weights >= HARD_STRAIN)[:, None]).sum(axis=0)
            hard = _daily_load(horizon, agent, own, past, at_hard, UNWEIGHTED)
        acute, chronic = carried.get(agent.agent_id, (0.0, 0.0))
        parts.append(_Part(agent.agent_id, load, hard, acute, chronic))
    return _table(horizon, parts, table.version)


@dataclass(frozen=True)
class _Part:
    """One person's part of the ledger: minutes of her dates, and the memories she brings."""

    agent_id: str
    load: FloatArray
    hard: FloatArray
    acute: float
    chronic: float


def carried_in(problem: PlanningProblem, horizon: Horizon) -> dict[str, tuple[float, float]]:
    """Acute and chronic minutes a day of each agent on the eve: her last entry, faded since."""
    carried = {}
    eve = horizon.first_day - timedelta(days=1)
    for agent_id, loads in problem.past_loads_of.items():
        known = [load for load in loads if load.day <= eve]
        if known:
            age = (eve - known[-1].day).days
            faded = known[-1].acute_min * ACUTE_KEPT**age, known[-1].chronic_min * CHRONIC_KEPT**age
            carried[agent_id] = faded
    return carried


def ledger_measures(ledger: pd.DataFrame) -> dict[str, dict[str, dict[date, float]]]:
    """The ledger as rules read it: by agent, measure and date."""
    found: dict[str, dict[str, dict[date, float]]] = {}
    names = [name for name in COLUMNS[2:] if name in ledger.columns]
    for row in ledger[["agent_id", "date", *names]].itertuples(index=False):
        of_agent = found.setdefault(str(row[0]), {name: {} for name in names})
        for name, minutes in zip(names, row[2:], strict=True):
            if minutes == minutes:  # known
                of_agent[name][row[1]] = float(minutes)
    return found


def remembered(load_min: FloatArray, kept: float, start: float = 0.0) -> FloatArray:
    """
    The exponential memory of daily minutes, after each day.

    Parameters
    ----------
    load_min
        Overload minutes per day, day last.
    kept
        Share of the memory that a day keeps, such as ``ACUTE_KEPT``.
    start
        The memory before the first day, minutes a day.
    """
    memory = np.empty_like(load_min, dtype=np.float64)
    value = np.full(load_min.shape[:-1], start, dtype=np.float64)
    for d in range(load_min.shape[-1]):
        value = kept * value + (1 - kept) * load_min[..., d]
        memory[..., d] = value
    return memory


def _check_shape(name: str, array: FloatArray, shape: tuple[int, int]) -> None:
    if array.shape != shape:
        raise InputError(
            f"{name} has the shape {array.shape}, but the plan has {shape[0]} channels and "
            f"{shape[1]} intervals: hand over the arrays of the same plan and week."
        )


def _mixed(agent: Agent, share: FloatArray, strain: FloatArray) -> FloatArray:
    """Strain rate of an agent's time on queue, (interval,)."""
    _check_shape(f"channel_share of agent {agent.agent_id}", share, (len(strain), strain.shape[1]))
    return np.asarray((share * strain).sum(axis=0))


@lru_cache(maxsize=64)
def _wall_minutes(horizon: Horizon, timezone: str) -> NDArray[np.int64]:
    """Wall-clock minutes after midnight of every interval's start in a zone, (interval,)."""
    zone = ZoneInfo(timezone)
    local = [horizon.interval_instant(t).astimezone(zone) for t in range(horizon.interval_count)]
    return np.array([moment.hour * 60 + moment.minute for moment in local], dtype=np.int64)


def _daily_load(
    horizon: Horizon,
    agent: Agent,
    shifts: list[Shift],
    past: list[PastShift],
    rate: FloatArray,
    table: StrainTable,
) -> FloatArray:
    """Overload minutes of each date of the horizon, (day,)."""
    zone = ZoneInfo(agent.timezone)
    load = np.zeros(horizon.days)
    worked = {shift.start.astimezone(zone).date() for shift in shifts}
    before = {p.start.astimezone(zone).date() for p in past if p.start < horizon.start}
    for shift in shifts:
        day = shift.start.astimezone(zone).date()
        index = (day - horizon.first_day).days
        if 0 <= index < horizon.days:
            minutes = sum(
                _weighted_minutes(horizon, activity.start, activity.end, rate)
                for activity in shift.activities
                if activity.category is ActivityCategory.WORK
            )
            load[index] += table.day_weight(_day_in_a_row(day, worked | before)) * minutes
    return load


def _day_in_a_row(day: date, worked: set[date]) -> int:
    """Which working day in a row a date is, from 1."""
    count = 1
    while day - timedelta(days=count) in worked:
        count += 1
    return count


def _weighted_minutes(horizon: Horizon, start: datetime, end: datetime, rate: FloatArray) -> float:
    """Strain-minutes of a stretch of work; interval edges are cut to the minute."""
    minute = timedelta(minutes=1)
    first, last = (start - horizon.start) / minute, (end - horizon.start) / minute
    step, count = horizon.interval_min, horizon.interval_count
    begin, finish = max(int(first // step), 0), min(int(-(-last // step)), count)
    if begin >= finish:
        return 0.0
    edges = np.arange(begin, finish + 1) * step
    worked = np.clip(edges, first, last)
    return float(((worked[1:] - worked[:-1]) * rate[begin:finish]).sum())


def _table(horizon: Horizon, parts: list[_Part], version: str) -> pd.DataFrame:
    """The ledger as a table, sorted by agent and date."""
    days = len(horizon.dates)
    load = np.array([part.load for part in parts]).reshape(len(parts), days)
    hard = np.array([part.hard for part in parts]).reshape(len(parts), days)
    frame = pd.DataFrame(
        {
            "agent_id": np.repeat([part.agent_id for part in parts], days),
            "date": list(horizon.dates) * len(parts),
            "overload_min": load.ravel(),
            "acute_min": _memories(load, ACUTE_KEPT, [part.acute for part in parts]),
            "chronic_min": _memories(load, CHRONIC_KEPT, [part.chronic for part in parts]),
            "high_intensity_min": hard.ravel(),
        },
        columns=list(COLUMNS),
    )
    frame.attrs["strain_table"] = version
    return frame


def _memories(load: FloatArray, kept: float, start: list[float]) -> FloatArray:
    """The memory of every agent after every day, flat."""
    decay = kept ** np.arange(1, load.shape[1] + 1)
    memory = remembered(load, kept) + np.array(start)[:, None] * decay if len(load) else load
    return np.asarray(memory.ravel(), dtype=np.float64)
