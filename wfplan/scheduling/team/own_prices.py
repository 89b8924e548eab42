"""What the objective asks for a person's own week beside the rules: overtime, promises, wishes.

Both are additive over her days or weeks, so that the oracle, the moves and the
bound count them exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.change_price import change_price
from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.published import Span
from wfplan.engagement import credit_weights
from wfplan.horizon import DAY_MIN
from wfplan.rules import team_rules_of
from wfplan.rules.clock import calendar_weeks
from wfplan.rules.limits import PaidPrice, WorkLimits
from wfplan.rules.ranking import Ranking
from wfplan.scheduling.team.kept import with_kept_shifts
from wfplan.scheduling.team.usual_start import UsualStart

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

OVERTIME = "overtime_premium"


def hour_price(problem: PlanningProblem, agent: Agent) -> float:
    """Harm points of a paid hour: by what it costs where that is known and money has a price."""
    goals = problem.objective
    if goals.money and agent.cost_per_hour is not None:
        return goals.money * agent.cost_per_hour
    return goals.paid_hour


def wish_weights(problem: PlanningProblem, dates: tuple[date, ...]) -> Mapping[str, float]:
    """
    How often the wishes of people count; who is not in it has the weight 1.

    By what earlier weeks owe them, and by their rank.
    """
    weights = credit_weights(problem, dates[0])
    for rule in team_rules_of(problem, dates):
        if isinstance(rule, Ranking):
            for agent_id, weight in rule.weights(problem.agents).items():
                weights[agent_id] = weights.get(agent_id, 1.0) * weight
    return weights


def with_own_prices(problem: PlanningProblem, agent: Agent, limits: WorkLimits) -> WorkLimits:
    """A person's limits with the objective's prices of overtime and of changed dates."""
    goals = problem.objective
    premium = goals.overtime_premium * hour_price(problem, agent)
    if premium:
        limits = replace(
            limits, paid_prices=(*limits.paid_prices, *_overtime(problem, agent, limits, premium))
        )
    starts = UsualStart.of(problem, agent, limits.dates)
    if starts is not None:
        limits = replace(limits, prices=(*limits.prices, starts))
    changes = ChangedDates.of(problem, agent, limits.dates)
    if goals.change_per_day and changes is not None:
        limits = replace(limits, prices=(*limits.prices, changes))
    return with_kept_shifts(problem, agent, limits)


def overtime_edges(
    problem: PlanningProblem, agent: Agent, dates: tuple[date, ...]
) -> list[tuple[int, int, int]]:
    """First date, stop and paid minutes of the contract of each planning week (cut: in part)."""
    weeks = calendar_weeks(dates, problem.week_start)
    edges = [dates.index(days[0]) for days in weeks] + [len(dates)]
    of_week = agent.contract_hours_week * 60
    return [(a, b, round(of_week * (b - a) / 7)) for a, b in pairwise(edges)]


def _overtime(
    problem: PlanningProblem, agent: Agent, limits: WorkLimits, premium: float
) -> list[PaidPrice]:
    return [
        PaidPrice(OVERTIME, first, stop, above, premium)
        for first, stop, above in overtime_edges(problem, agent, limits.dates)
    ]


class ChangedDates:
    """
    Prices of dates that differ from what was published: a :class:`ShiftPrices`.

    A date costs its rate when its shift does not start and end as published, or
    is there on a published day off, or missing. The rate falls with the days of
    notice to nothing, and is nothing where the person agreed.
    """

    def __init__(self, rates: FloatArray, spans: tuple[tuple[int, int] | None, ...]) -> None:
        """Take the rates of dates, (day,), and the published minutes of the clock."""
        self._rates, self._spans = rates, spans

    @classmethod
    def of(
        cls, problem: PlanningProblem, agent: Agent, dates: tuple[date, ...]
    ) -> ChangedDates | None:
        """The prices of a person; None where nothing was published for her."""
        published = problem.published
        if published is None:
            return None
        days = published.days_of(agent, dates)
        if not days:
            return None
        zone = ZoneInfo(agent.timezone)
        rates = np.array(
            [change_price(problem, agent, day) if day in days else 0.0 for day in dates]
        )
        return cls(rates, tuple(_clock(day, days.get(day), zone) for day in dates))

    def of_shifts(
        self, day: int, start_min: IntArray, end_min: IntArray, paid_min: IntArray
    ) -> FloatArray:
        """Harm points of each shift of a date, (shift,)."""
        span = self._spans[day]
        if span is None:
            return np.full(len(start_min), self._rates[day])
        is_kept = (start_min == span[0]) & (end_min == span[1])
        return np.where(is_kept, 0.0, self._rates[day])

    def of_day_off(self, day: int) -> float:
        """Harm points of a date without a shift."""
        return float(self._rates[day]) if self._spans[day] is not None else 0.0


def _clock(day: date, span: Span | None, zone: ZoneInfo) -> tuple[int, int] | None:
    """What the clock shows at both ends of a shift, in minutes after a date's midnight."""
    if span is None:
        return None
    begin, end = (moment.astimezone(zone) for moment in span)
    return begin.hour * 60 + begin.minute, (
        (end.date() - day).days * DAY_MIN + end.hour * 60 + end.minute
    )
