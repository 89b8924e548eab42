"""From the planning problem, the demand and a schedule to the arrays of the engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from wfplan.domain.channels import Channel
from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import DemandForecast
from wfplan.domain.schedule import ActivityCategory, Schedule, Shift
from wfplan.errors import InputError, did_you_mean, require
from wfplan.horizon import Horizon
from wfplan.simulation.assumptions import Assumptions as Assumptions
from wfplan.simulation.centre import build_centre
from wfplan.simulation.draws import ContactSource, Losses, ShiftPlan, text_key
from wfplan.simulation.frames import (
    ABLE,
    BREAK,
    FIXED,
    HELPS,
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
class Model:
    """Everything that the replications of one simulation share."""

    centre: Centre
    sources: tuple[ContactSource, ...]
    plan: ShiftPlan
    losses: Losses
    channels: tuple[Channel, ...]
    horizon: Horizon

    @property
    def is_deferred(self) -> BoolArray:
        """Which channels may wait inside a promise, (channel,)."""
        return np.array([not channel.is_realtime for channel in self.channels])


@dataclass(frozen=True)
class _Worker:
    """One shift as it is read: who, when, what, and how fast on which channel."""

    agent_id: str
    key: int
    may_be_late: bool
    absence_share: float
    activities: list[tuple[float, float, int]]
    factors: tuple[float, ...]  # per channel, 0 where she does not serve it
    able: tuple[int, ...]  # per channel, 0, ABLE or HELPS


def build_model(
    problem: PlanningProblem,
    demand: DemandForecast,
    schedule: Schedule,
    actual: FloatArray | None,
    assumptions: Assumptions,
    reserve: FloatArray | None = None,
) -> Model:
    """
    The model of a week.

    ``reserve`` are people who stay free, (channel, interval), for channels
    that leave it to the plan.

    Where a share of contacts is passed on and somebody in the plan holds the
    skill for it, empowered people are one channel more, the last.

    Raises
    ------
    InputError
        When the demand is not finite, the real counts are not counts, handle
        times are not known of a channel that customers come back on, or a
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
    sources = _sources(demand, channels, actual)
    escalates = _escalates(problem)
    workers = _workers(problem, demand, schedule, channels, escalates, assumptions.absence)
    groups = sorted({w.able for w in workers}, key=lambda row: (np.count_nonzero(row), row))
    return Model(
        centre=build_centre(
            problem, demand, channels, sources, groups, escalates, assumptions, reserve
        ),
        sources=sources,
        plan=_shift_plan(
            workers, {row: g for g, row in enumerate(groups)}, len(channels) + escalates
        ),
        losses=_losses(problem, demand.horizon, assumptions),
        channels=channels,
        horizon=demand.horizon,
    )


def _escalates(problem: PlanningProblem) -> bool:
    """Whether contacts are passed on to empowered people, and there are any."""
    empowered = problem.empowered
    holds = any(s.skill == empowered.skill for agent in problem.agents for s in agent.skills)
    return empowered.share_of_contacts > 0 and holds


def _losses(problem: PlanningProblem, horizon: Horizon, assumptions: Assumptions) -> Losses:
    """What of scheduled time is lost on the day, in spans of one share off queue."""
    shrinkage, spell_min = problem.shrinkage, assumptions.spell_min
    share = shrinkage.off_queue_share(horizon)
    first = np.flatnonzero(np.diff(share, prepend=-1.0))
    return Losses(
        late_share=shrinkage.late_share,
        late_s=shrinkage.late_min * 60,
        spell_s=60 * (problem.simulation.spell_min if spell_min is None else spell_min),
        since_s=np.asarray(first * horizon.interval_min * 60.0, dtype=np.float64),
        share=share[first],
    )


def _workers(
    problem: PlanningProblem,
    demand: DemandForecast,
    schedule: Schedule,
    channels: tuple[Channel, ...],
    escalates: bool,
    absence: Mapping[tuple[str, date], float],
) -> list[_Worker]:
    """Shifts that touch the horizon, of people who serve a channel; last week's run in."""
    agents = {agent.agent_id: agent for agent in problem.agents}
    skills = (*demand.channels, problem.empowered.skill) if escalates else demand.channels
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
        agent, day = agents[shift.agent_id], shift.shift_date
        worker = _Worker(
            agent_id=shift.agent_id,
            key=text_key(f"{shift.agent_id}|{day.isoformat()}|{number}"),
            may_be_late=shift.start >= demand.horizon.start,
            absence_share=absence.get((shift.agent_id, day), problem.shrinkage.absence_share),
            activities=_activities(shift, demand.horizon),
            factors=_factors(agent, skills, day),
            able=_able(agent, channels, skills, day),
        )
        if worker.activities and any(worker.factors):
            workers.append(worker)
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


def _factors(agent: Agent, skills: tuple[str, ...], day: date) -> tuple[float, ...]:
    """Handle-time factors of an agent on a date, 0 where she does not serve the channel."""
    held = [agent.skill(name, day) for name in skills]
    return tuple(skill.aht_factor if skill else 0.0 for skill in held)


def _able(
    agent: Agent, channels: tuple[Channel, ...], skills: tuple[str, ...], day: date
) -> tuple[int, ...]:
    """How an agent serves each channel on a date: 0, ABLE, or HELPS out once others are busy."""
    held = [agent.skill(name, day) for name in skills]
    able = [ABLE if skill else 0 for skill in held]
    for c, channel in enumerate(channels):
        skill = held[c]
        if skill and skill.level < channel.preferred_level and channel.overflow_after_s > 0:
            able[c] = HELPS
    return tuple(able)


def _shift_plan(
    workers: list[_Worker], group_of: Mapping[tuple[int, ...], int], channels: int
) -> ShiftPlan:
    """The shifts by start, their activities flat."""
    workers = sorted(workers, key=lambda worker: worker.activities[0][0])
    first = np.zeros(len(workers) + 1, np.int64)
    np.cumsum([len(worker.activities) for worker in workers], out=first[1:])
    flat = [activity for worker in workers for activity in worker.activities]
    return ShiftPlan(
        agent_ids=tuple(worker.agent_id for worker in workers),
        key=np.array([worker.key for worker in workers], dtype=np.uint64),
        group=np.array([group_of[worker.able] for worker in workers], dtype=np.int64),
        may_be_late=np.array([worker.may_be_late for worker in workers], dtype=np.bool_),
        absence_share=np.array([worker.absence_share for worker in workers], dtype=np.float64),
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
                day=horizon.interval_days,
                day_variance=by_day,
                # Two independent factors of variance u and v have variance u + v + u v.
                interval_variance=(variance[c] - by_day) / (1 + by_day),
                open_s=opened,
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
