"""What single people's weeks cost, read from a schedule: wishes, paid time, overtime, changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from wfplan.domain.change_price import change_price
from wfplan.domain.people import Agent, AvailabilityKind, TimeOffStatus
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.published import Change, change_between
from wfplan.domain.schedule import Schedule, Shift
from wfplan.horizon import wall_instant
from wfplan.scheduling.team.encode import weeks_of
from wfplan.scheduling.team.oracle import rules_cost
from wfplan.scheduling.team.own_prices import hour_price, overtime_edges
from wfplan.scheduling.team.team import Member, Team


@dataclass(frozen=True)
class OwnTerms:
    """Costs of everybody's own weeks in harm points, and what they are made of."""

    wishes: float = 0.0
    paid_time: float = 0.0  # beyond what contracts owe
    overtime: float = 0.0
    changes: float = 0.0
    rules: float = 0.0
    against_h: float = 0.0  # hours of shifts against wishes
    within_h: float = 0.0  # hours of shifts inside wishes
    broken: float = 0.0  # wishes to be free, and requests of time off, that shifts touch
    open_h: float = 0.0  # paid hours beyond what contracts owe
    paid_h: float = 0.0
    overtime_h: float = 0.0
    money: float = 0.0  # of paid hours whose price is known, premia included
    changed: float = 0.0  # person-days that differ from what was published
    changed_freely: float = 0.0  # of those: agreed to, or in good time

    @property
    def points(self) -> float:
        """Harm points in all."""
        return self.wishes + self.paid_time + self.overtime + self.changes + self.rules

    def __add__(self, other: OwnTerms) -> OwnTerms:
        """The terms of more people."""
        return OwnTerms(*(a + b for a, b in zip(vars(self).values(), vars(other).values(),
                                                strict=True)))  # fmt: skip


def own_terms(team: Team, schedule: Schedule) -> OwnTerms:
    """
    The terms of everybody's own week.

    Rules other than overtime and changes cost nothing for people whose shifts
    are none of their options.
    """
    shifts, known = schedule.by_agent(), weeks_of(team, schedule)
    problem, total = team.facts.problem, OwnTerms()
    for i, member in enumerate(team.members):
        own = shifts.get(member.agent_id, [])
        terms = _of_member(problem, team, member, own)
        if member.space.is_priced and (i in known or not own):
            options = [option for option, _ in known[i].shifts] if i in known else []
            rules = rules_cost(member, options) - terms.overtime - terms.changes
            terms = terms + OwnTerms(rules=rules)
        total = total + terms
    return total


def _of_member(
    problem: PlanningProblem, team: Team, member: Member, shifts: Sequence[Shift]
) -> OwnTerms:
    agent, slot_h = member.agent, team.grid.horizon.slot_min / 60
    spans = [member.burden[team.grid.span(shift.start, shift.end)] for shift in shifts]
    units = sum(shift.paid_min for shift in shifts) / member.space.unit_min
    overtime_h = sum(_overtime_h(problem, agent, member.limits.dates, shifts))
    premium = problem.objective.overtime_premium
    paid_h, rate = sum(shift.paid_min for shift in shifts) / 60, agent.cost_per_hour or 0.0
    costly, free, changes = _changes(problem, agent, member.limits.dates, shifts)
    return OwnTerms(
        wishes=float(sum(span.sum() for span in spans)),
        paid_time=units * member.paid_cost - member.owed_cost,
        overtime=overtime_h * premium * hour_price(problem, agent),
        changes=changes,
        against_h=float(sum((span > 0).sum() for span in spans)) * slot_h,
        within_h=float(sum((span < 0).sum() for span in spans)) * slot_h,
        broken=float(sum(_broken(agent, member.limits.dates, shifts))),
        open_h=paid_h - member.space.paid_low * member.space.unit_min / 60,
        paid_h=paid_h,
        overtime_h=overtime_h,
        money=rate * (paid_h + premium * overtime_h),
        changed=float(costly + free),
        changed_freely=float(free),
    )


def _overtime_h(
    problem: PlanningProblem, agent: Agent, dates: tuple[date, ...], shifts: Sequence[Shift]
) -> Iterator[float]:
    """Paid hours of each planning week above the contract's."""
    paid = _paid_by_date(agent, shifts)
    for first, stop, above in overtime_edges(problem, agent, dates):
        worked = sum(paid.get(day, 0) for day in dates[first:stop])
        yield max(worked - above, 0) / 60


def _paid_by_date(agent: Agent, shifts: Sequence[Shift]) -> Mapping[date, int]:
    zone = ZoneInfo(agent.timezone)
    paid: dict[date, int] = {}
    for shift in shifts:
        day = shift.start.astimezone(zone).date()
        paid[day] = paid.get(day, 0) + shift.paid_min
    return paid


def _broken(agent: Agent, dates: tuple[date, ...], shifts: Sequence[Shift]) -> Iterator[bool]:
    """Whether each wish to be free, and each request of time off, is touched by a shift."""
    for day in dates:
        for row in agent.availability:
            if row.kind is AvailabilityKind.AVOID and row.applies(day):
                begin = wall_instant(day, row.start_min, agent.timezone)
                end = wall_instant(day, row.end_min, agent.timezone)
                yield any(shift.start < end and begin < shift.end for shift in shifts)
    for off in agent.time_off:
        if off.status is TimeOffStatus.REQUESTED:
            yield any(shift.start < off.end and off.start < shift.end for shift in shifts)


def _changes(
    problem: PlanningProblem, agent: Agent, dates: tuple[date, ...], shifts: Sequence[Shift]
) -> tuple[int, int, float]:
    """Dates changed at a price, dates changed freely, and harm points of the former."""
    published = problem.published
    if published is None:
        return 0, 0, 0.0
    zone = ZoneInfo(agent.timezone)
    now: dict[date, Shift] = {}
    for shift in shifts:
        now.setdefault(shift.start.astimezone(zone).date(), shift)
    costly, free, points = 0, 0, 0.0
    for day, before in published.shifts_of(agent, dates).items():
        change = change_between(before, now.get(day))
        if change is Change.NONE or (change is Change.PAUSES and not published.is_kept):
            continue
        price = change_price(problem, agent, day, change)
        costly, free = (costly + 1, free) if price else (costly, free + 1)
        points += price
    return costly, free, points
