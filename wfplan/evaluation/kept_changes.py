"""What changes of a kept plan: person by person and date by date, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from wfplan.domain.cells import csv_text
from wfplan.domain.change_price import change_price
from wfplan.domain.people import Agent, TimeOffStatus
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.published import Change, Published, change_between
from wfplan.domain.run_tables import CHANGES
from wfplan.domain.schedule import Schedule, Shift
from wfplan.horizon import Horizon
from wfplan.rules import AgentWeek, rules_of


@dataclass(frozen=True)
class DateChange:
    """A person-day that differs from the kept plan; ``notice_days`` None where it is not known."""

    agent_id: str
    day: date
    what: Change
    before: str
    after: str
    notice_days: int | None
    consent: bool
    price: float  # harm points
    because: str

    def as_dict(self) -> dict[str, Any]:
        """The change as plain values, by the columns of ``changes.csv``."""
        values = (
            self.agent_id, self.day.isoformat(), str(self.what), self.before, self.after,
            self.notice_days, self.consent, self.price, self.because,
        )  # fmt: skip
        return dict(zip(CHANGES.names, values, strict=True))


def kept_changes(problem: PlanningProblem, schedule: Schedule) -> tuple[DateChange, ...]:
    """
    Every person-day on which a schedule differs from the plan that is kept.

    Nothing where none is kept. People who are here no more come last on their dates.
    """
    published = problem.published
    if published is None or not published.is_kept:
        return ()
    horizon = problem.horizon(schedule.first_day, schedule.days)
    now, was = schedule.by_agent(), published.schedule.by_agent()
    found: list[DateChange] = []
    for agent in problem.agents:
        own = now.get(agent.agent_id, [])
        found += _of_agent(problem, published, agent, horizon, own)
    here = {agent.agent_id for agent in problem.agents}
    for agent_id in was.keys() - here:
        found += _of_gone(published, horizon, was[agent_id])
    return tuple(sorted(found, key=lambda one: (one.agent_id, one.day)))


def changes_csv(rows: tuple[DateChange, ...]) -> str:
    """``changes.csv``."""
    cells = [tuple(row.as_dict().values()) for row in rows]
    return csv_text(CHANGES.names, cells, is_for_spreadsheets=True)


def changes_dict(rows: tuple[DateChange, ...]) -> dict[str, Any]:
    """The changes as ``--json`` gives them, with how many there are of each kind."""
    return {
        "people": len({row.agent_id for row in rows}),
        "person_days": len(rows),
        "price": sum(row.price for row in rows),
        "rows": [row.as_dict() for row in rows],
    }


def _of_agent(
    problem: PlanningProblem,
    published: Published,
    agent: Agent,
    horizon: Horizon,
    shifts: list[Shift],
) -> Iterator[DateChange]:
    """What changes of one person's dates."""
    zone = ZoneInfo(agent.timezone)
    now = {shift.start.astimezone(zone).date(): shift for shift in reversed(shifts)}
    told = published.shifts_of(agent, horizon.dates)
    reasons: Mapping[date, str] | None = None
    for day, before in told.items():
        what = change_between(before, now.get(day))
        if what is Change.NONE:
            continue
        if reasons is None:
            reasons = _reasons(problem, agent, horizon, told)
        is_detailed = what is Change.PAUSES
        yield DateChange(
            agent_id=agent.agent_id,
            day=day,
            what=what,
            before=_shown(before, zone, is_detailed),
            after=_shown(now.get(day), zone, is_detailed),
            notice_days=None if published.told is None else published.notice_days(day, zone),
            consent=any(c.day == day for c in published.consents if c.agent_id == agent.agent_id),
            price=change_price(problem, agent, day, what),
            because=reasons.get(day, "serves_customers"),
        )


def _of_gone(published: Published, horizon: Horizon, shifts: list[Shift]) -> Iterator[DateChange]:
    """What somebody leaves who is not among the people any more."""
    zone = ZoneInfo(horizon.timezone)
    for shift in shifts:
        if shift.shift_date in horizon.dates:
            yield DateChange(
                agent_id=shift.agent_id,
                day=shift.shift_date,
                what=Change.REMOVED,
                before=_shown(shift, zone),
                after="",
                notice_days=(
                    None if published.told is None
                    else published.notice_days(shift.shift_date, zone)
                ),
                consent=False,
                price=0.0,
                because="left",
            )  # fmt: skip


def _reasons(
    problem: PlanningProblem,
    agent: Agent,
    horizon: Horizon,
    told: Mapping[date, Shift | None],
) -> Mapping[date, str]:
    """Why dates of a person could not stay as they were told; nothing of those that could."""
    reasons: dict[date, str] = {}
    known = [shift for shift in told.values() if shift is not None]
    week = AgentWeek.of(problem, agent, horizon, known)
    for rule in rules_of(problem, agent, horizon.dates):
        for breach in rule.breaches(week):
            if breach.hardness == "hard":
                reasons[week.local(breach.at).date()] = "rules"
    for lock in problem.locks_of.get(agent.agent_id, ()):
        was = told.get(lock.day)
        if (was and was.start, was and was.end) != (lock.start, lock.end):
            reasons[lock.day] = "lock"
    for day, shift in told.items():
        is_off = shift is not None and any(
            off.status is TimeOffStatus.APPROVED and off.start < shift.end and shift.start < off.end
            for off in agent.time_off
        )
        if is_off or not agent.is_employed(day):
            reasons[day] = "time_off" if is_off else "left"
        if day in agent.absent_on:
            reasons[day] = "absent"
    return reasons


def _shown(shift: Shift | None, zone: ZoneInfo, is_detailed: bool = False) -> str:
    """``08:00-16:30``, with its breaks where they are what changes; empty for a day off."""
    if shift is None:
        return ""
    start, end = (moment.astimezone(zone) for moment in (shift.start, shift.end))
    span = f"{start:%H:%M}-{end:%H:%M}"
    if not is_detailed:
        return span
    pauses = ", ".join(
        f"{pause.code.lower()} {pause.start.astimezone(zone):%H:%M}" for pause in shift.pauses
    )
    return f"{span} ({pauses})"
