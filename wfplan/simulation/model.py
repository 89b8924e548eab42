"""From the planning problem, the demand and a schedule to the arrays of the engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from wfplan.domain.channels import Channel
from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import DemandForecast
from wfplan.domain.schedule import ActivityCategory, Schedule, Shift
from wfplan.errors import InputError, did_you_mean, require
from wfplan.horizon import Horizon
from wfplan.simulation.draws import ContactSource, ShiftPlan, text_key
from wfplan.simulation.frames import (
    BREAK,
    CHANNEL,
    FIXED,
    STRETCH,
    WORK,
    BoolArray,
    Centre,
    FloatArray,
)

KINDS = {
    ActivityCategory.WORK: WORK,
    ActivityCategory.BREAK: BREAK,
    ActivityCategory.MEAL: BREAK,
}


@dataclass(frozen=True)
class Assumptions:
    """
    What the plan does not say and the simulation must assume.

    Handle times are log-normal with coefficient of variation ``handle_cv``
    (1.2 is what call centres measure [1]_), or exponential for comparison with
    theory. Unplanned time off queue comes in spells of ``spell_min`` minutes on
    average. Channels in ``priority`` with smaller numbers go first; 0 where
    not given.

    References
    ----------
    .. [1] Brown, L., et al. (2005). Statistical analysis of a telephone call
           center: a queueing-science perspective. *JASA*, 100(469): 36-50.
           https://doi.org/10.1198/016214504000001808
    """

    handle_law: str = "lognormal"
    handle_cv: float = 1.2
    spell_min: float = 5.0
    priority: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.handle_law not in ("lognormal", "exponential"):
            raise InputError(
                f"handle_law = '{self.handle_law}' is not a law of handle times: "
                "use 'lognormal' or 'exponential'."
            )
        for name in ("handle_cv", "spell_min"):
            if not 0 < getattr(self, name) < np.inf:
                raise InputError(f"{name} = {getattr(self, name)} must be above 0 and finite.")


@dataclass(frozen=True)
class Model:
    """Everything that the replications of one simulation share."""

    centre: Centre
    sources: tuple[ContactSource, ...]
    plan: ShiftPlan
    channels: tuple[Channel, ...]
    horizon: Horizon
    assumptions: Assumptions
    absence_share: float
    unplanned_share: float

    @property
    def is_deferred(self) -> BoolArray:
        """Which channels may wait inside a promise, (channel,)."""
        return np.array([not channel.is_realtime for channel in self.channels])


@dataclass(frozen=True)
class _Worker:
    """One shift as it is read: who, when, what, and how fast on which channel."""

    key: int
    activities: list[tuple[float, float, int]]
    factors: tuple[float, ...]  # per channel, 0 where she does not serve it

    @property
    def serves(self) -> tuple[bool, ...]:
        return tuple(factor > 0 for factor in self.factors)


def build_model(
    problem: PlanningProblem,
    demand: DemandForecast,
    schedule: Schedule,
    actual: FloatArray | None,
    assumptions: Assumptions,
) -> Model:
    """
    The model of a week.

    Raises
    ------
    InputError
        When the demand is not finite, the real counts are not counts, or a
        shift belongs to an agent who is not in the plan.
    """
    channels = tuple(problem.channel(name) for name in demand.channels)
    for name in assumptions.priority:
        if name not in demand.channels:
            meant = did_you_mean(name, demand.channels)
            raise InputError(
                f"priority names '{name}', which is not a channel of the plan: use "
                f"{', '.join(demand.channels)}{f' ({meant})' if meant else ''}."
            )
    workers = _workers(problem, demand, schedule)
    groups = sorted({w.serves for w in workers}, key=lambda row: (sum(row), row))
    return Model(
        centre=_centre(demand.horizon, channels, groups, assumptions.priority),
        sources=_sources(demand, channels, actual),
        plan=_shift_plan(workers, {row: g for g, row in enumerate(groups)}, len(channels)),
        channels=channels,
        horizon=demand.horizon,
        assumptions=assumptions,
        absence_share=problem.shrinkage.absence_share,
        unplanned_share=problem.shrinkage.unplanned_share,
    )


def _workers(problem: PlanningProblem, demand: DemandForecast, schedule: Schedule) -> list[_Worker]:
    """Shifts that touch the horizon, of people who serve a channel; last week's run in."""
    agents = {agent.agent_id: agent for agent in problem.agents}
    workers: list[_Worker] = []
    numbers: Counter[tuple[str, date]] = Counter()
    for shift in (*problem.night_before(demand.horizon), *_in_order(schedule)):
        if shift.agent_id not in agents:
            meant = did_you_mean(shift.agent_id, agents)
            raise InputError(
                f"shift {shift.shift_id} belongs to agent '{shift.agent_id}', who is not in the "
                f"plan: add the agent or drop the shift{f' ({meant})' if meant else ''}."
            )
        number = numbers[shift.agent_id, shift.shift_date]
        numbers[shift.agent_id, shift.shift_date] += 1
        factors = _factors(agents[shift.agent_id], demand.channels, shift.shift_date)
        activities = _activities(shift, demand.horizon)
        key = text_key(f"{shift.agent_id}|{shift.shift_date.isoformat()}|{number}")
        if activities and any(factors):
            workers.append(_Worker(key, activities, factors))
    return workers


def _in_order(schedule: Schedule) -> list[Shift]:
    return sorted(schedule.shifts, key=lambda shift: (shift.agent_id, shift.start))


def _activities(shift: Shift, horizon: Horizon) -> list[tuple[float, float, int]]:
    """Start and end (seconds after the start of the horizon) and kind, inside the horizon."""
    if shift.end <= horizon.start or shift.start >= horizon.end:
        return []
    return [
        (
            max((activity.start - horizon.start).total_seconds(), 0.0),
            (activity.end - horizon.start).total_seconds(),
            KINDS.get(activity.category, FIXED),
        )
        for activity in shift.activities
        if activity.end > horizon.start
    ]


def _factors(agent: Agent, channels: tuple[str, ...], day: date) -> tuple[float, ...]:
    """Handle-time factors of an agent on a date, 0 where she does not serve the channel."""
    skills = [agent.skill(name, day) for name in channels]
    return tuple(skill.aht_factor if skill else 0.0 for skill in skills)


def _centre(
    horizon: Horizon,
    channels: tuple[Channel, ...],
    groups: list[tuple[bool, ...]],
    priority: Mapping[str, int],
) -> Centre:
    """Channels, groups of people with the same skills, and who is asked first."""
    holds = np.array([len(channel.concurrency_rates) for channel in channels], dtype=np.int64)
    rates = np.ones((len(channels), int(holds.max(initial=1))))
    for row, channel in zip(rates, channels, strict=True):
        row[: len(channel.concurrency_rates)] = channel.concurrency_rates
    serves = np.array(groups, dtype=np.bool_).reshape(len(groups), len(channels))
    routes = np.full((len(channels), max(len(groups), 1)), -1, np.int64)
    for c in range(len(channels)):
        able = np.flatnonzero(serves[:, c])  # groups come with the fewest skills first
        routes[c, : len(able)] = able
    records = np.zeros(len(channels), CHANNEL)
    records["is_deferred"] = [not channel.is_realtime for channel in channels]
    records["holds"] = holds
    records["row"] = 1 + np.cumsum(holds - 1) - (holds - 1)
    records["priority"] = [priority.get(channel.name, 0) for channel in channels]
    return Centre(
        end_s=(horizon.end - horizon.start).total_seconds(),
        interval_s=horizon.interval_min * 60.0,
        intervals=horizon.interval_count,
        channels=records,
        rates=rates,
        serves=serves,
        routes=routes,
        rows=int(1 + (holds - 1).sum()),
    )


def _shift_plan(
    workers: list[_Worker], group_of: Mapping[tuple[bool, ...], int], channels: int
) -> ShiftPlan:
    """The shifts by start, their activities flat."""
    workers = sorted(workers, key=lambda worker: worker.activities[0][0])
    first = np.zeros(len(workers) + 1, np.int64)
    np.cumsum([len(worker.activities) for worker in workers], out=first[1:])
    flat = [activity for worker in workers for activity in worker.activities]
    return ShiftPlan(
        key=np.array([worker.key for worker in workers], dtype=np.uint64),
        group=np.array([group_of[worker.serves] for worker in workers], dtype=np.int64),
        factor=np.array([worker.factors for worker in workers]).reshape(len(workers), channels),
        first=first,
        activities=np.array(flat, dtype=STRETCH),
    )


def _sources(
    demand: DemandForecast, channels: tuple[Channel, ...], actual: FloatArray | None
) -> tuple[ContactSource, ...]:
    """What the draws need to know of each channel."""
    _check_demand(demand, actual)
    horizon = demand.horizon
    known = np.full(demand.offered_mean.shape, np.nan) if actual is None else actual
    variance = np.nan_to_num(demand.rate_cv) ** 2
    interval_s = horizon.interval_min * 60.0
    sources = []
    for c, channel in enumerate(channels):
        by_day = demand.day_share[c] * variance[c]
        opened = np.concatenate(([0.0], np.cumsum(demand.is_open[c] * interval_s)))
        sources.append(
            ContactSource(
                name=channel.name,
                mean=demand.offered_mean[c],
                known=known[c],
                aht_s=demand.aht_s[c],
                day=horizon.interval_days,
                day_variance=by_day,
                # Two independent factors of variance u and v have variance u + v + u v.
                interval_variance=(variance[c] - by_day) / (1 + by_day),
                patience_s=float(demand.patience_s[c]),
                open_s=opened,
                due_s=np.inf if channel.is_realtime else channel.due_h * 3600.0,
                interval_s=interval_s,
            )
        )
    return tuple(sources)


def _check_demand(demand: DemandForecast, actual: FloatArray | None) -> None:
    """Refuse demand that cannot be drawn from."""
    mean, aht = demand.offered_mean, demand.aht_s
    require(
        np.isfinite(mean) & (mean >= 0),
        "offered_mean{at} = {mean:g} is not a number of contacts: it must be finite and >= 0.",
        mean=mean,
    )
    busy = mean > 0
    if actual is not None:
        actual = np.asarray(actual, dtype=np.float64)
        if actual.shape != mean.shape:
            raise InputError(
                f"actual has the shape {actual.shape}, the demand {mean.shape}: give one count "
                "per channel and interval of the horizon, NaN where none is known."
            )
        require(
            np.isnan(actual) | ((actual >= 0) & (actual == np.floor(actual)) & (actual < 1e9)),
            "actual{at} = {actual:g} is not a count of contacts: use whole numbers >= 0, "
            "or NaN to draw the interval from the forecast.",
            actual=actual,
        )
        busy = busy | (np.nan_to_num(actual) > 0)
    require(
        ~busy | (np.isfinite(aht) & (aht > 0)),
        "aht_s{at} = {aht:g} is not a handle time: it must be above 0 seconds where contacts "
        "are expected.",
        aht=aht,
    )
