"""The overload ledger: strain that people accumulate, day by day, and lose by recovering.

SCIENCE 4.3. Overload minutes of a date are the worked minutes of the shifts
that start on it, weighted by strain. Two exponential filters remember them,
acute over 7 days and chronic over 42, both in minutes a day:
``A' = phi A + (1 - phi) L`` with ``phi = exp(-1/7)``, ``C'`` likewise with
``exp(-1/42)``. A row holds the values at the *end* of its date. Real recovery
is faster than the filter's, so the ledger errs on the side of care.

What a shift of the week before works past that week's end was no part of its
ledger: it stands in this one, once, on the first date, at the weight of the day in
a row on which the shift began. Every row names the strain table that it was weighed by.

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

from wfplan.domain.people import Agent, PastLoad
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.schedule import ActivityCategory, PastShift, Schedule, Shift
from wfplan.domain.strain import HARD_STRAIN, UNWEIGHTED, StrainTable
from wfplan.errors import InputError
from wfplan.horizon import Horizon

FloatArray = NDArray[np.float64]

ACUTE_DAYS, CHRONIC_DAYS = 7, 42
ACUTE_KEPT, CHRONIC_KEPT = exp(-1 / ACUTE_DAYS), exp(-1 / CHRONIC_DAYS)
ACUTE_MAX_MIN, CHRONIC_MAX_MIN, DAY_MAX_MIN = 90.0, 60.0, 150.0
"""Default caps of the ledger in minutes a day, and of a single day in minutes."""

MEASURES = ("overload_min", "acute_min", "chronic_min", "high_intensity_min")
"""What the ledger holds of a date, and what caps speak of."""

TABLE = "strain_table"
COLUMNS = ("agent_id", "date", *MEASURES, TABLE)


def overload_ledger(
    problem: PlanningProblem,
    horizon: Horizon,
    schedule: Schedule,
    channel_share: Mapping[str, FloatArray],
    occupancy: FloatArray,
    *,
    carried: Mapping[str, tuple[float, float]] | None = None,
    table: StrainTable | None = None,
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
        Strain rates and weights, by default the plan's.

    Returns
    -------
    DataFrame
        Columns agent_id, date, overload_min, acute_min, chronic_min,
        high_intensity_min (on hard queues) and strain_table, the name of the
        table, sorted by agent and date.

    Raises
    ------
    InputError
        When ``occupancy`` or a share is not of the shape (channel, interval).

    Notes
    -----
    Minutes of a night shift that run beyond the horizon have no predicted
    occupancy and are booked when the next week is planned. Minutes before the
    horizon, of people whose Monday begins before the site's, are weighed at the
    occupancy of the same hours at the horizon's end.
    """
    table = problem.strain if table is None else table
    carried = carried_in(problem, horizon) if carried is None else carried
    weights = np.array([channel.strain_weight for channel in problem.channels])
    _check_shape("occupancy", occupancy, (len(weights), horizon.interval_count))
    strain = table.rate(occupancy) * weights[:, None]
    shifts, nights = schedule.by_agent(), running_in(problem, horizon)
    parts = []
    for agent in sorted(problem.agents, key=lambda a: a.agent_id):
        own, night = shifts.get(agent.agent_id, []), nights.get(agent.agent_id, [])
        load, hard = np.zeros(len(horizon.dates)), np.zeros(len(horizon.dates))
        share = channel_share.get(agent.agent_id)
        if (own or night) and share is not None:
            rate = _mixed(agent, share, strain)
            rate = rate * table.clock_weight(_wall_minutes(horizon, agent.timezone))
            past = problem.past_shifts_of.get(agent.agent_id, [])
            rows = _weighed_days(horizon, agent, own, past, night)
            load = _daily_load(horizon, rows, rate, table)
            at_hard = (share * (weights >= HARD_STRAIN)[:, None]).sum(axis=0)
            hard = _daily_load(horizon, rows, at_hard, UNWEIGHTED)
        acute, chronic = carried.get(agent.agent_id, (0.0, 0.0))
        parts.append(_Part(agent.agent_id, load, hard, acute, chronic))
    return _table(horizon, parts, table.name)


@dataclass(frozen=True)
class _Part:
    """One person's part of the ledger: minutes of her dates, and the memories she brings."""

    agent_id: str
    load: FloatArray
    hard: FloatArray
    acute: float
    chronic: float


def running_in(problem: PlanningProblem, horizon: Horizon) -> dict[str, list[Shift]]:
    """Shifts of the week before that run into a horizon, by agent; not if a ledger has them."""
    weighed = {(one.agent_id, one.start) for one in problem.past_shifts if one.is_weighed}
    found: dict[str, list[Shift]] = {}
    for shift in problem.night_before(horizon):
        if (shift.agent_id, shift.start) not in weighed:
            found.setdefault(shift.agent_id, []).append(shift)
    return found


def carried_in(problem: PlanningProblem, horizon: Horizon) -> dict[str, tuple[float, float]]:
    """Acute and chronic minutes a day of each agent on the eve: her last entry, faded since."""
    eve = horizon.first_day - timedelta(days=1)
    return {
        who: (
            last.acute_min * ACUTE_KEPT ** (eve - last.day).days,
            last.chronic_min * CHRONIC_KEPT ** (eve - last.day).days,
        )
        for who, last in _last_entries(problem, horizon).items()
    }


def other_tables(problem: PlanningProblem, horizon: Horizon) -> dict[str, int]:
    """
    Strain tables, other than the plan's, by which memories were weighed: people by name of it.

    Entries stay as they were weighed then: nobody can say what occupancies they came from.
    They fade at the ledger's pace, so that after five days half of an acute memory is the new
    table's, after a month half of a chronic one.
    """
    names = [one.table for one in _last_entries(problem, horizon).values()]
    others = sorted({*names} - {"", problem.strain.name})
    return {name: names.count(name) for name in others}


def _last_entries(problem: PlanningProblem, horizon: Horizon) -> dict[str, PastLoad]:
    """Each agent's last entry before a horizon."""
    found = {}
    for who, loads in problem.past_loads_of.items():
        known = [load for load in loads if load.day < horizon.first_day]
        if known:
            found[who] = known[-1]
    return found


def ledger_measures(ledger: pd.DataFrame) -> dict[str, dict[str, dict[date, float]]]:
    """The ledger as rules read it: by agent, measure and date."""
    found: dict[str, dict[str, dict[date, float]]] = {}
    names = [name for name in MEASURES if name in ledger.columns]
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


def _weighed_days(
    horizon: Horizon, agent: Agent, own: list[Shift], past: list[PastShift], night: list[Shift]
) -> list[tuple[int, int, datetime, Shift]]:
    """
    What is booked: its date of the horizon, day in a row, and instant from which it counts.

    What runs in from the week before counts from the horizon's start, on its first date.
    """
    zone, eve = ZoneInfo(agent.timezone), horizon.first_day - timedelta(days=1)
    worked = {shift.start.astimezone(zone).date() for shift in own}
    worked |= {p.start.astimezone(zone).date() for p in past if p.start < horizon.end}
    rows = []
    for shift in own:
        day = shift.start.astimezone(zone).date()
        index = (day - horizon.first_day).days
        if 0 <= index < horizon.days:
            rows.append((index, _day_in_a_row(day, worked), shift.start, shift))
    for shift in night:
        day = min(shift.start.astimezone(zone).date(), eve)
        rows.append((0, _day_in_a_row(day, worked), horizon.start, shift))
    return rows


def _daily_load(
    horizon: Horizon,
    rows: list[tuple[int, int, datetime, Shift]],
    rate: FloatArray,
    table: StrainTable,
) -> FloatArray:
    """Overload minutes of each date of the horizon, (day,)."""
    load = np.zeros(horizon.days)
    for index, day_in_a_row, since, shift in rows:
        minutes = sum(
            _weighted_minutes(horizon, max(activity.start, since), activity.end, rate)
            for activity in shift.activities
            if activity.category is ActivityCategory.WORK
        )
        load[index] += table.day_weight(day_in_a_row) * minutes
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
    begin, finish = int(first // step), min(int(-(-last // step)), count)
    if begin >= finish:
        return 0.0
    edges = np.arange(begin, finish + 1) * step
    worked = np.clip(edges, first, last)
    # before the horizon: the same hours at its end
    return float(((worked[1:] - worked[:-1]) * rate[np.arange(begin, finish) % count]).sum())


def _table(horizon: Horizon, parts: list[_Part], table: str) -> pd.DataFrame:
    """The ledger as a table, sorted by agent and date."""
    days = len(horizon.dates)
    load = np.array([part.load for part in parts]).reshape(len(parts), days)
    hard = np.array([part.hard for part in parts]).reshape(len(parts), days)
    return pd.DataFrame(
        {
            "agent_id": np.repeat([part.agent_id for part in parts], days),
            "date": list(horizon.dates) * len(parts),
            "overload_min": load.ravel(),
            "acute_min": _memories(load, ACUTE_KEPT, [part.acute for part in parts]),
            "chronic_min": _memories(load, CHRONIC_KEPT, [part.chronic for part in parts]),
            "high_intensity_min": hard.ravel(),
            TABLE: table,
        },
        columns=list(COLUMNS),
    )


def _memories(load: FloatArray, kept: float, start: list[float]) -> FloatArray:
    """The memory of every agent after every day, flat."""
    decay = kept ** np.arange(1, load.shape[1] + 1)
    memory = remembered(load, kept) + np.array(start)[:, None] * decay if len(load) else load
    return np.asarray(memory.ravel(), dtype=np.float64)
