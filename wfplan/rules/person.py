"""What the planner's face of the rules knows of a person: facts, no shifts of the new week.

The auditor's counterpart is :mod:`wfplan.rules.week`; the two share no code,
so that neither can hide a mistake of the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.contracts import Contract
from wfplan.domain.people import Agent, TimeOff, TimeOffStatus
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.schedule import LockedShift, PastShift
from wfplan.horizon import DAY_MIN, Horizon
from wfplan.rules.clock import WEEK_DAYS, Span, day_span, local, midnight, minutes_between

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class PartWeek:
    """
    The planning week that some dates of the horizon belong to, and what lies around them.

    ``before`` dates of it lie before the horizon; ``days_worked`` and
    ``paid_min`` are what the history holds of them, which is all where
    ``is_known``. ``days_ahead`` are the dates after the horizon that she could
    still work on.
    """

    whole: tuple[date, ...]
    before: int
    is_known: bool
    days_worked: int
    paid_min: int
    days_ahead: int


@dataclass(frozen=True)
class Person:
    """
    A person before the week is planned.

    ``past`` are the worked shifts that began before the first date, in order
    of start; ``locks`` those of the dates of the horizon.
    """

    agent: Agent
    contract: Contract
    dates: tuple[date, ...]
    slot_min: int
    past: tuple[PastShift, ...]
    locks: tuple[LockedShift, ...]
    week_start: int = 0  # weekday on which planning weeks begin
    published: Mapping[date, Span | None] = field(default_factory=dict)
    told: datetime | None = None  # when the people learn of the new plan
    consents: frozenset[date] = frozenset()  # dates whose change the person agreed to

    @classmethod
    def of(
        cls,
        problem: PlanningProblem,
        agent: Agent,
        horizon: Horizon,
        *,
        published: Mapping[date, Span | None] | None = None,
        told: datetime | None = None,
        consents: frozenset[date] = frozenset(),
    ) -> Person:
        """
        The facts about an agent for a horizon, whose dates are read in the agent's zone.

        ``published`` is the shift that was published for each date, or None;
        dates that were not published are absent. Where it is not given, it is
        what the problem holds of it.
        """
        if published is None and problem.published is not None:
            published = problem.published.days_of(agent, horizon.dates)
            told, consents = problem.published.told, problem.published.consents_of(agent)
        begin = midnight(horizon.first_day, agent.timezone)
        past = problem.past_shifts_of.get(agent.agent_id, ())
        locks = problem.locks_of.get(agent.agent_id, ())
        return cls(
            agent=agent,
            contract=problem.contract_of(agent),
            dates=horizon.dates,
            slot_min=horizon.slot_min,
            past=tuple(shift for shift in past if shift.start < begin),
            locks=tuple(lock for lock in locks if lock.day in horizon.dates),
            week_start=problem.week_start,
            published=published or {},
            told=told,
            consents=consents,
        )

    @property
    def timezone(self) -> str:
        """The person's IANA zone."""
        return self.agent.timezone

    @cached_property
    def locked_lengths(self) -> frozenset[int]:
        """Elapsed minutes of the locked shifts."""
        return frozenset(
            minutes_between(lock.start, lock.end)
            for lock in self.locks
            if lock.start is not None and lock.end is not None
        )

    @property
    def begin(self) -> datetime:
        """The first instant of the person's week."""
        return midnight(self.dates[0], self.timezone)

    @property
    def first_past_day(self) -> date:
        """The local date of the earliest shift of the history, which must not be empty."""
        return local(self.past[0].start, self.timezone).date()

    def wall_minute(self, moment: datetime) -> int:
        """Minutes of the person's clock after midnight at an instant."""
        wall = local(moment, self.timezone)
        return wall.hour * 60 + wall.minute

    @cached_property
    def past_by_day(self) -> dict[date, PastShift]:
        """The first worked shift of each local date before the horizon, in order."""
        by_day: dict[date, PastShift] = {}
        for shift in self.past:
            by_day.setdefault(local(shift.start, self.timezone).date(), shift)
        return by_day

    @cached_property
    def past_clock(self) -> tuple[IntArray, IntArray, IntArray]:
        """
        The first shift of each date worked before the horizon, (shift,) each.

        The date, counted from the first that is known, and what the clock shows at
        start and end, in minutes after that date's midnight.
        """
        rows = []
        for day, shift in self.past_by_day.items():
            begin, end = local(shift.start, self.timezone), local(shift.end, self.timezone)
            from_min = begin.hour * 60 + begin.minute
            to_min = (end.date() - day).days * DAY_MIN + end.hour * 60 + end.minute
            rows.append(((day - self.first_past_day).days, from_min, to_min))
        table = np.array(rows, dtype=np.int64).reshape(-1, 3)
        return table[:, 0], table[:, 1], table[:, 2]

    @cached_property
    def known_days(self) -> int:
        """Dates before the horizon of which it is known what was worked; 0 without a history."""
        return (self.dates[0] - self.first_past_day).days if self.past else 0

    @cached_property
    def approved(self) -> tuple[TimeOff, ...]:
        """Time off that stands."""
        return tuple(t for t in self.agent.time_off if t.status is TimeOffStatus.APPROVED)

    @cached_property
    def whole_days_off(self) -> dict[date, bool]:
        """Dates of the horizon that one approved absence covers whole, and whether it is paid."""
        return self.covered(self.dates)

    def covered(self, days: Sequence[date]) -> dict[date, bool]:
        """Which of some dates one approved absence covers whole, and whether it is paid."""
        covered: dict[date, bool] = {}
        for off in self.approved:
            for day in days:
                begin, end = day_span(day, self.timezone)
                if off.start <= begin and end <= off.end:
                    covered[day] = covered.get(day, False) or off.is_paid
        return covered

    @cached_property
    def barred_days(self) -> frozenset[date]:
        """Dates of the horizon outside employment, without any valid skill, or missed."""
        return self.barred(self.dates)

    def barred(self, days: Sequence[date]) -> frozenset[date]:
        """Which of some dates lie outside employment, have no valid skill, or are missed."""
        return frozenset(
            day
            for day in days
            if not (self.agent.is_employed(day) and any(s.is_valid(day) for s in self.agent.skills))
            or day in self.agent.absent_on
        )

    def around(self, days: Sequence[date]) -> PartWeek:
        """What lies around the dates that the horizon has of a planning week."""
        back = (days[0].weekday() - self.week_start) % WEEK_DAYS
        first = days[0] - timedelta(days=back)
        whole = [first + timedelta(days=d) for d in range(WEEK_DAYS)]
        ahead = [day for day in whole if day > days[-1]]
        worked = [one for day, one in self.past_by_day.items() if day >= first] if back else []
        # a second shift of a date is worked, too
        paid = sum(
            one.paid_minutes
            for one in (self.past if back else ())
            if local(one.start, self.timezone).date() >= first
        )
        away = self.covered(ahead).keys() | self.barred(ahead)
        return PartWeek(
            whole=tuple(whole),
            before=back,
            is_known=not back or (bool(self.past) and self.first_past_day <= first),
            days_worked=len(worked),
            paid_min=paid,
            days_ahead=len(ahead) - len(away),
        )
