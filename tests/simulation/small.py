"""Builders of small contact centres for the simulation's tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import ArrayLike

from wfplan.domain.channels import Channel
from wfplan.domain.people import Agent, Skill
from wfplan.domain.problem import Empowered, PlanningProblem, Shrinkage
from wfplan.domain.results import DemandForecast
from wfplan.domain.schedule import Activity, ActivityCategory, Schedule, Shift
from wfplan.horizon import Horizon

MONDAY = date(2026, 3, 2)
ALWAYS = ["daily 00:00-24:00"]
NO_SHRINKAGE = Shrinkage(absence_share=0, unplanned_share=0, late_share=0)
FULL_DAY = ((0, 120, "work"), (120, 135, "break"), (135, 240, "work"), (240, 270, "meal"),
            (270, 390, "work"), (390, 405, "break"), (405, 480, "work"))  # fmt: skip


def horizon(
    days: int = 1, *, first: date = MONDAY, minutes: int = 15, zone: str = "UTC"
) -> Horizon:
    return Horizon(zone, first, days, minutes)


def agent(
    agent_id: str,
    skills: Iterable[str] | Mapping[str, float],
    levels: Mapping[str, int] | None = None,
) -> Agent:
    """Someone with skills at average speed, or at given handle-time factors; level 3 or given."""
    levels = levels or {}
    factors = skills if isinstance(skills, Mapping) else dict.fromkeys(skills, 1.0)
    return Agent(
        agent_id=agent_id,
        timezone="UTC",
        contract_type="full_time",
        contract_hours_week=40,
        min_hours_week=0,
        max_hours_week=60,
        skills=tuple(
            Skill(skill=name, aht_factor=f, level=levels.get(name, 3))
            for name, f in factors.items()
        ),
    )


def problem(
    channels: Sequence[Channel],
    agents: Sequence[Agent],
    shrinkage: Shrinkage = NO_SHRINKAGE,
    empowered: Empowered | None = None,
) -> PlanningProblem:
    return PlanningProblem(
        name="small",
        timezone="UTC",
        channels=channels,
        agents=agents,
        shrinkage=shrinkage,
        empowered=empowered or Empowered(),
    )


def demand(
    span: Horizon,
    channels: Sequence[Channel],
    per_hour: ArrayLike,
    *,
    aht_s: float | Sequence[float] = 180.0,
    patience_s: float | Sequence[float] = np.inf,
    rate_cv: float = 0.0,
    day_share: float = 0.0,
) -> DemandForecast:
    """Demand per channel: one rate an hour each, or (channel, interval)."""
    shape = (len(channels), span.interval_count)
    rate = np.broadcast_to(np.asarray(per_hour, float).reshape(len(channels), -1), shape)
    mean = rate * span.interval_min / 60
    aht = np.broadcast_to(np.reshape(aht_s, (-1, 1)), shape).astype(float)
    return DemandForecast(
        horizon=span,
        channels=tuple(channel.name for channel in channels),
        is_open=np.array([span.open_intervals(channel.open) for channel in channels]),
        offered_mean=mean.copy(),
        offered_q10=mean.copy(),
        offered_q50=mean.copy(),
        offered_q90=mean.copy(),
        aht_s=aht.copy(),
        rate_cv=np.full(shape, rate_cv),
        day_share=np.full(len(channels), day_share),
        patience_s=np.broadcast_to(np.asarray(patience_s, float), (len(channels),)).copy(),
    )


def shift(
    agent_id: str,
    start: datetime,
    parts: Iterable[tuple[int, int, str]],
    *,
    day: date | None = None,
) -> Shift:
    """A shift of parts (from minute, to minute, category)."""
    activities = tuple(
        Activity(
            code=category.upper(),
            category=ActivityCategory(category),
            is_paid=category != "meal",
            start=start + timedelta(minutes=begin),
            end=start + timedelta(minutes=end),
        )
        for begin, end, category in parts
    )
    return Shift(
        shift_id=f"{agent_id}-{start:%m%d%H%M}",
        agent_id=agent_id,
        shift_date=day or start.date(),
        activities=activities,
    )


def schedule(span: Horizon, shifts: Iterable[Shift]) -> Schedule:
    return Schedule(
        schedule_id="small",
        timezone=span.timezone,
        first_day=span.first_day,
        days=span.days,
        shifts=tuple(shifts),
    )


def always_on(span: Horizon, agents: Iterable[Agent]) -> Schedule:
    """Everybody on queue for the whole horizon."""
    minutes = int((span.end - span.start).total_seconds()) // 60
    return schedule(span, [shift(a.agent_id, span.start, [(0, minutes, "work")]) for a in agents])


def team(size: int, skills: Iterable[str] | Mapping[str, float], prefix: str = "a") -> list[Agent]:
    return [agent(f"{prefix}{i:04d}", skills) for i in range(size)]
