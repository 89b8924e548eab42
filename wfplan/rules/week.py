"""What the auditor's face of the rules sees: one person's finished week.

Nothing here is taken from the planner: local dates, lengths and pay are
computed afresh from the activities of the schedule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from wfplan.domain.contracts import Contract
from wfplan.domain.people import Agent, TimeOffStatus
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.schedule import Activity, LockedShift, PastShift, Shift
from wfplan.horizon import Horizon
from wfplan.rules.tally import clocks, day_kinds

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Duty:
    """A shift as the auditor reads it: ``day`` and ``minute`` are the wall time of its start."""

    start: datetime
    end: datetime
    day: date
    minute: int
    length_min: int
    paid_min: int
    is_locked: bool
    activities: tuple[Activity, ...]


@dataclass(frozen=True)
class AgentWeek:
    """
    One agent's finished week with what came before it.

    ``duties`` are in order of start. ``past`` are the worked shifts that began
    before the first date, in order of start. ``measures`` are minutes by name
    and date that others have worked out, such as ``overload_min`` of the
    ledger; ``published`` the shift that was published for each date, or None.
    """

    agent: Agent
    contract: Contract
    dates: tuple[date, ...]
    duties: tuple[Duty, ...]
    past: tuple[PastShift, ...] = ()
    locks: tuple[LockedShift, ...] = ()
    week_start: int = 0  # weekday on which planning weeks begin
    measures: Mapping[str, Mapping[date, float]] = field(default_factory=dict)
    published: Mapping[date, tuple[datetime, datetime] | None] = field(default_factory=dict)
    told: datetime | None = None  # when the people learn of this schedule; None: notice unknown
    consents: frozenset[date] = frozenset()  # dates whose change the person agreed to
    as_of: datetime | None = None  # what lies before it has happened

    @classmethod
    def of(
        cls,
        problem: PlanningProblem,
        agent: Agent,
        horizon: Horizon,
        shifts: Sequence[Shift],
        *,
        measures: Mapping[str, Mapping[date, float]] | None = None,
        published: Mapping[date, tuple[datetime, datetime] | None] | None = None,
        told: datetime | None = None,
        consents: frozenset[date] = frozenset(),
    ) -> AgentWeek:
        """
        The week of an agent, from her shifts of a schedule and what others know of it.

        What was published is taken from the problem where it is not given.
        """
        if published is None and problem.published is not None:
            published = problem.published.days_of(agent, horizon.dates)
            told, consents = problem.published.told, problem.published.consents_of(agent)
        zone = ZoneInfo(agent.timezone)
        first = horizon.first_day
        locks = tuple(problem.locks_of.get(agent.agent_id, ()))
        kept = {(lock.start, lock.end) for lock in locks if not lock.is_day_off}
        duties = [_duty(shift, zone, (shift.start, shift.end) in kept) for shift in shifts]
        known = problem.past_shifts_of.get(agent.agent_id, ())
        return cls(
            agent=agent,
            contract=problem.contract_of(agent),
            dates=horizon.dates,
            duties=tuple(sorted(duties, key=lambda duty: duty.start)),
            past=tuple(p for p in known if p.start < _wall(first, 0, agent.timezone)),
            locks=locks,
            week_start=problem.week_start,
            measures=measures or {},
            published=published or {},
            told=told,
            consents=consents,
            as_of=problem.published.as_of if problem.published else None,
        )

    @property
    def timezone(self) -> str:
        """The agent's IANA zone."""
        return self.agent.timezone

    def local(self, moment: datetime) -> datetime:
        """The agent's wall time of an instant."""
        return moment.astimezone(ZoneInfo(self.agent.timezone))

    def midnight(self, day: date) -> datetime:
        """The instant at which a local date of the agent begins."""
        return self.wall(day, 0)

    def wall(self, day: date, minute: int) -> datetime:
        """The instant of so many minutes of the agent's clock after midnight of a date."""
        return _wall(day, minute, self.agent.timezone)

    @cached_property
    def past_days(self) -> tuple[date, ...]:
        """The local date on which each past shift began."""
        zone = ZoneInfo(self.agent.timezone)
        return tuple(p.start.astimezone(zone).date() for p in self.past)

    @cached_property
    def kinds(self) -> dict[date, str]:
        """Every known date up to the horizon's last: the kind of its first shift, or ``off``."""
        return day_kinds(self)

    @cached_property
    def clocks(self) -> dict[date, tuple[int, int]]:
        """Wall minutes of start and end of the first shift of each date, the past included."""
        return clocks(self)

    def weeks(self) -> list[tuple[date, ...]]:
        """The dates of each planning week; the first and the last may be cut short."""
        blocks: list[list[date]] = []
        for day in self.dates:
            if not blocks or day.weekday() == self.week_start:
                blocks.append([])
            blocks[-1].append(day)
        return [tuple(block) for block in blocks]

    def whole_week(self, days: Sequence[date]) -> list[date]:
        """The seven dates of the planning week of some dates, those outside the horizon too."""
        monday = days[0]
        while monday.weekday() != self.week_start:
            monday -= timedelta(days=1)
        return [monday + timedelta(days=n) for n in range(7)]

    def before(self, days: Sequence[date]) -> tuple[int, int, int, bool]:
        """
        Of the planning week of some dates what came before the horizon.

        Dates, days worked, paid minutes, and whether the history holds all of them.
        """
        earlier = [day for day in self.whole_week(days) if day < self.dates[0]]
        worked = [(d, p) for d, p in zip(self.past_days, self.past, strict=True) if d in earlier]
        is_known = not earlier or (bool(self.past) and self.past_days[0] <= earlier[0])
        paid = sum(shift.paid_minutes for _, shift in worked)
        return len(earlier), len({day for day, _ in worked}), paid, is_known

    def away_days(self, days: Sequence[date] | None = None) -> dict[date, bool]:
        """
        Whole local dates inside an approved absence, and whether one of them is paid.

        Of the horizon, unless other ``days`` are given.
        """
        among = self.dates if days is None else days
        away: dict[date, bool] = {}
        for off in self.agent.time_off:
            if off.status is not TimeOffStatus.APPROVED:
                continue
            begin, end = self.local(off.start), self.local(off.end)
            day = begin.date()
            if self.midnight(day) < off.start:
                day += timedelta(days=1)
            while day < end.date():
                away[day] = away.get(day, False) or off.is_paid
                day += timedelta(days=1)
        return {day: is_paid for day, is_paid in away.items() if day in among}

    def idle_days(self, days: Sequence[date] | None = None) -> set[date]:
        """Dates of the horizon, or others, without employment, valid skill or, ill, her."""
        agent = self.agent
        return {
            day
            for day in (self.dates if days is None else days)
            if not agent.is_employed(day)
            or all(not s.is_valid(day) for s in agent.skills)
            or day in agent.absent_on
        }


@lru_cache(maxsize=1 << 14)
def _wall(day: date, minute: int, timezone: str) -> datetime:
    """The instant of a wall time; remembered, because people share zones and windows."""
    naive = datetime(day.year, day.month, day.day) + minute * MINUTE
    return naive.replace(tzinfo=ZoneInfo(timezone)).astimezone(UTC)


def _duty(shift: Shift, zone: ZoneInfo, is_locked: bool) -> Duty:
    """A shift with its wall time, elapsed length and pay."""
    wall = shift.start.astimezone(zone)
    paid = sum((a.end - a.start for a in shift.activities if a.is_paid), timedelta())
    return Duty(
        start=shift.start,
        end=shift.end,
        day=wall.date(),
        minute=wall.hour * 60 + wall.minute,
        length_min=(shift.end - shift.start) // MINUTE,
        paid_min=paid // MINUTE,
        is_locked=is_locked,
        activities=shift.activities,
    )
