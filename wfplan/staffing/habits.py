"""What the usual habits would have asked for, beside the requirement, in people and money.

The habits: the mean forecast as if it were certain; Erlang C for the service
level alone, in which nobody hangs up; no cap on occupancy or abandonment; whole
people in every interval; each interval in its own steady state; chats as
handle time over chats at once; deferred work at its even pace, to the minute;
handle times without escalations; each channel staffed alone; one shrinkage for
all hours. Both staffings are then put before the same customers
(:mod:`wfplan.staffing.service`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import inf, isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.channels import Channel
from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import DemandForecast, FloatArray, StaffNeed
from wfplan.queueing import required
from wfplan.staffing.deferrable import even_pace
from wfplan.staffing.demand import without_gaps
from wfplan.staffing.empowered import with_escalations
from wfplan.staffing.presence import Presence
from wfplan.staffing.service import Service, average, service_at, worst

COUNTED = 1.0  # contacts an interval: with fewer, a worst interval says nothing
_ALIKE = 1e-9  # shares
_WHOLE = 1e-9  # agents: what a search leaves beyond a whole number


@dataclass(frozen=True)
class Figure:
    """A measure of the week and of its worst interval (index); None where it is not known."""

    mean: float | None
    worst: float | None
    worst_at: int | None


@dataclass(frozen=True)
class Lived:
    """
    What customers and staff of a staffing live through.

    ``kept`` is the share of contacts in intervals with at least the staff
    that the standard of care requires.
    """

    in_time: Figure
    abandoned: Figure
    occupancy: Figure
    kept: float | None


@dataclass(frozen=True)
class Staffing:
    """
    A way to staff a channel, or all of them, for the week.

    ``hours`` are hours on queue to schedule, losses included; ``people`` the
    contracts that give as many; ``money`` is None where no cost is known.
    """

    hours: float
    people: float | None
    money: float | None
    lived: Lived | None


@dataclass(frozen=True)
class Beside:
    """One channel (all of them: empty name), staffed by habit and as required, in hours."""

    channel: str
    habit: Staffing
    requirement: Staffing
    hours_over: float  # by which the habit exceeds the requirement, where it does
    hours_under: float  # by which it falls short, where it does

    @property
    def hours_more(self) -> float:
        """Hours by which the requirement exceeds the habit."""
        return self.requirement.hours - self.habit.hours


@dataclass(frozen=True)
class HabitComparison:
    """
    The usual habits beside the requirement.

    ``contract_hours`` is the mean contract, None without people; ``unpriced``
    are people whose cost per hour is not known.
    """

    channels: tuple[Beside, ...]
    total: Beside
    currency: str
    contract_hours: float | None
    presence_share: float
    people: int
    unpriced: int

    def as_dict(self) -> dict[str, Any]:
        """The comparison as ``--json`` gives it."""
        return asdict(self)


def compare_habits(
    problem: PlanningProblem, demand: DemandForecast, need: StaffNeed
) -> HabitComparison:
    """
    Habit and requirement of every channel and of all, with what each would give.

    Hours of all channels are added up, as if nobody could serve two: the
    schedule shares people and may do with fewer.
    """
    presence = Presence.of(problem.shrinkage, demand)
    worked = with_escalations(without_gaps(demand), problem.empowered)
    habit = habit_staff(problem, demand)
    rows = []
    for c, channel in enumerate(problem.channels):
        pair = []
        for staff in (habit[c], need.staff_required[c]):
            there = staff * presence.share / presence.mean
            service = service_at(channel, worked, c, there, presence.share)
            enough = staff >= need.staff_required[c] - _WHOLE
            lived = _lived(channel, service, there, enough)
            pair.append(_staffing(problem, need, channel, staff, lived))
        rows.append(_beside(need, channel.name, habit[c], need.staff_required[c], pair))
    costs = [agent.cost_per_hour for agent in problem.agents]
    return HabitComparison(
        channels=tuple(rows),
        total=_total(rows, _contract_hours(problem, need)),
        currency=problem.currency,
        contract_hours=_contract_hours(problem, need),
        presence_share=need.presence_share,
        people=len(costs),
        unpriced=sum(cost is None for cost in costs),
    )


def habit_staff(problem: PlanningProblem, demand: DemandForecast) -> FloatArray:
    """
    Effective staff that the usual habits ask for, shape (channel, interval).

    A handle time that is not known is that of the channel's other intervals.
    """
    mean = Presence.of(problem.shrinkage, demand).mean
    demand = without_gaps(demand)
    rows = []
    for c, channel in enumerate(problem.channels):
        least = np.where(demand.is_open[c], channel.staff_min * mean, 0.0)
        rows.append(np.maximum(_by_formula(channel, demand, c), least))
    return np.array(rows, dtype=np.float64).reshape(demand.offered_mean.shape)


def _by_formula(channel: Channel, demand: DemandForecast, c: int) -> FloatArray:
    """Agents of one channel: whole ones where contacts must be answered now."""
    if not channel.is_realtime:
        return even_pace(channel, demand, c)
    offered = np.where(demand.is_open[c], demand.offered_mean[c], 0.0)
    agents = required.for_service_level(
        channel.answer_share,
        offered * 60 / demand.horizon.interval_min,
        demand.aht_s[c] / len(channel.concurrency_rates),
        inf,
        answer_within_s=channel.answer_within_s,
    )
    whole: FloatArray = np.ceil(agents - _WHOLE)
    return whole


def _lived(
    channel: Channel, service: Service, there: FloatArray, enough: NDArray[np.bool_]
) -> Lived:
    """The measures of a channel's week: of contacts by their number, of staff by theirs."""
    volume = service.volume
    return Lived(
        in_time=_figure(service.in_time, volume, volume, is_low_bad=True),
        abandoned=_figure(service.abandoned, volume, volume, is_low_bad=False)
        if channel.is_realtime
        else Figure(None, None, None),
        occupancy=_figure(service.occupancy, there, volume, is_low_bad=False),
        kept=_known(average(enough.astype(np.float64), volume)),
    )


def _figure(
    values: FloatArray, weight: FloatArray, volume: FloatArray, *, is_low_bad: bool
) -> Figure:
    """Weighted mean, and the worst interval that has contacts to speak of, if any is worse."""
    counts = volume >= min(COUNTED, float(volume.max(initial=0.0)))
    counts &= (volume > 0) & np.isfinite(values)
    if not counts.any() or np.ptp(values[counts]) < _ALIKE:
        return Figure(_known(average(values, weight)), None, None)
    at = worst(values, is_low_bad=is_low_bad, counts=counts)
    return Figure(_known(average(values, weight)), float(values[at]), at)


def _known(value: float) -> float | None:
    return value if isfinite(value) else None


def _staffing(
    problem: PlanningProblem,
    need: StaffNeed,
    channel: Channel,
    staff: FloatArray,
    lived: Lived,
) -> Staffing:
    """Effective staff of a channel as hours, people and money."""
    hours = float(staff.sum()) / need.presence_share * need.horizon.interval_min / 60
    contract = _contract_hours(problem, need)
    cost = _cost_per_hour(_who_serves(problem, need, channel))
    return Staffing(
        hours=hours,
        people=hours / contract if contract else None,
        money=None if cost is None else cost * hours,
        lived=lived,
    )


def _beside(
    need: StaffNeed,
    name: str,
    habit: FloatArray,
    asked: FloatArray,
    pair: Sequence[Staffing],
) -> Beside:
    """A channel's two staffings with the hours by which they differ either way."""
    in_hours = need.horizon.interval_min / 60 / need.presence_share
    return Beside(
        channel=name,
        habit=pair[0],
        requirement=pair[1],
        hours_over=float(np.maximum(habit - asked, 0.0).sum()) * in_hours,
        hours_under=float(np.maximum(asked - habit, 0.0).sum()) * in_hours,
    )


def _total(rows: Sequence[Beside], contract: float | None) -> Beside:
    """All channels together; money only where that of every channel with hours is known."""
    return Beside(
        channel="",
        habit=_summed([row.habit for row in rows], contract),
        requirement=_summed([row.requirement for row in rows], contract),
        hours_over=sum(row.hours_over for row in rows),
        hours_under=sum(row.hours_under for row in rows),
    )


def _summed(parts: Sequence[Staffing], contract: float | None) -> Staffing:
    """Hours, people and money of several channels."""
    hours = sum(part.hours for part in parts)
    money = [part.money for part in parts if part.hours > 0]
    known = [value for value in money if value is not None]
    return Staffing(
        hours=hours,
        people=hours / contract if contract else None,
        money=sum(known) if known and len(known) == len(money) else None,
        lived=None,
    )


def _who_serves(problem: PlanningProblem, need: StaffNeed, channel: Channel) -> list[Agent]:
    """People who can serve a channel on some day of the horizon."""
    days = need.horizon.dates
    return [
        agent
        for agent in problem.agents
        if any(agent.is_employed(day) and agent.skill(channel.name, day) for day in days)
    ]


def _cost_per_hour(agents: Sequence[Agent]) -> float | None:
    """Mean cost of those whose cost is known."""
    costs = [agent.cost_per_hour for agent in agents if agent.cost_per_hour is not None]
    return sum(costs) / len(costs) if costs else None


def _contract_hours(problem: PlanningProblem, need: StaffNeed) -> float | None:
    """Mean hours of a contract in the horizon."""
    hours = [agent.contract_hours_week for agent in problem.agents]
    return sum(hours) / len(hours) * need.horizon.days / 7 if hours else None
