"""A page per person: her week, hours against contract, burdens, wishes, overload and why.

Times are in the person's own zone. A night shift has three hours or more
between 23:00 and 06:00 (Directive 2003/88/EC, article 2); a late shift ends
after 20:00; weekend shifts start on a Saturday or Sunday. A wish to have time
free is met when no minute of a shift lies in it, a wish for certain hours when
the shift of that day lies wholly inside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from wfplan.domain.activities import OFF_QUEUE
from wfplan.domain.people import Agent, AvailabilityKind
from wfplan.domain.results import Run
from wfplan.domain.schedule import Shift
from wfplan.horizon import wall_instant
from wfplan.report.charts_gantt import NO_TEAM, STYLES, activity_name, pauses_in_words
from wfplan.report.numbers import NOT_KNOWN, decimal, hours, minutes, short_day, span, whole
from wfplan.report.timeline import DayAxis
from wfplan.report.why import channels_of, serves, why_free, why_shift
from wfplan.rules import work_limits

NIGHT = (23 * 60, 30 * 60)  # 23:00 to 06:00, minutes after local midnight
NIGHT_LEAST_MIN = 180
LATE_FROM_MIN = 20 * 60
STRIP_DAY = 100  # units of x per day of the week strip


@dataclass(frozen=True)
class PersonDay:
    """One date of a person's week, in words."""

    label: str
    shift: str
    is_free: bool
    paid: str
    breaks: str
    serves: str
    overload: str
    why: str


@dataclass(frozen=True)
class Person:
    """One person's page. Minutes are paid; counts are of shifts; the overload is minutes a day."""

    agent_id: str
    name: str
    team: str
    contract: str
    contract_hours_week: float
    skills: str
    zone_note: str
    days: tuple[PersonDay, ...]
    strip: tuple[tuple[str, str], ...]
    shift_count: int
    paid_min: float
    away: tuple[tuple[str, float], ...]  # minutes away from contacts, by name
    due_min: float
    least_min: float
    most_min: float
    nights: int
    lates: int
    weekends: int
    wishes: int
    wishes_met: int
    overload_min: float
    acute_peak_min: float
    chronic_min: float
    breaches: tuple[str, ...]

    @property
    def hours(self) -> str:
        """Paid hours of the contract's."""
        return f"{decimal(self.paid_min / 60)} of {hours(self.due_min)}"

    @property
    def is_within_hours(self) -> bool:
        """Whether the paid hours lie between the least and the most."""
        return self.least_min - 1e-6 <= self.paid_min <= self.most_min + 1e-6

    @property
    def away_text(self) -> str:
        """``coaching 30 min, training 2 h``."""
        return ", ".join(f"{name} {hours(spent) if spent >= 120 else minutes(spent)}"
                         for name, spent in self.away)  # fmt: skip

    @property
    def wish_text(self) -> str:
        """``2 of 3``."""
        return f"{self.wishes_met} of {self.wishes}" if self.wishes else "none stated"


def people_pages(run: Run, days: Sequence[DayAxis]) -> tuple[Person, ...]:
    """Everybody's page, in the order of ids."""
    shifts = run.solution.schedule.by_agent()
    ledger = _ledger(run)
    return tuple(
        _person(run, days, agent, shifts.get(agent.agent_id, []), ledger.get(agent.agent_id, {}))
        for agent in sorted(run.problem.agents, key=lambda a: a.agent_id)
    )


Ledger = Mapping[date, tuple[float, float, float]]


def _ledger(run: Run) -> Mapping[str, Ledger]:
    """Overload, acute and chronic minutes by person and date."""
    table = run.ledger
    ledger: dict[str, dict[date, tuple[float, float, float]]] = {}
    columns = ("agent_id", "date", "overload_min", "acute_min", "chronic_min")
    rows = zip(*(table[column].tolist() for column in columns), strict=True)
    for agent_id, day, overload, acute, chronic in rows:
        on = date.fromisoformat(str(day)[:10])
        ledger.setdefault(str(agent_id), {})[on] = (overload, acute, chronic)
    return ledger


def _person(
    run: Run, days: Sequence[DayAxis], agent: Agent, shifts: Sequence[Shift], ledger: Ledger
) -> Person:
    weeks = run.horizon.days / 7
    zone = ZoneInfo(agent.timezone)
    met = list(_wishes(agent, run.horizon.dates, shifts))
    limits = work_limits(run.problem, agent, run.horizon)
    states = [ledger[day] for day in run.horizon.dates if day in ledger]
    return Person(
        agent_id=agent.agent_id,
        name=agent.name,
        team=agent.team or NO_TEAM,
        contract=agent.contract_type,
        contract_hours_week=agent.contract_hours_week,
        skills=channels_of(agent),
        zone_note="" if agent.timezone == run.horizon.timezone else agent.timezone,
        days=tuple(_days(run, agent, shifts, ledger, limits.paid_week_max)),
        strip=week_strip(days, shifts),
        shift_count=len(shifts),
        paid_min=float(sum(shift.paid_min for shift in shifts)),
        away=_away(shifts),
        due_min=agent.contract_hours_week * weeks * 60,
        least_min=limits.paid_week_min,
        most_min=limits.paid_week_max,
        nights=sum(night_min(shift, agent.timezone) >= NIGHT_LEAST_MIN for shift in shifts),
        lates=sum(_is_late(shift, zone) for shift in shifts),
        weekends=sum(shift.shift_date.weekday() >= 5 for shift in shifts),
        wishes=len(met),
        wishes_met=sum(met),
        overload_min=sum(state[0] for state in states),
        acute_peak_min=max((state[1] for state in states), default=0.0),
        chronic_min=states[-1][2] if states else 0.0,
        breaches=tuple(
            f"({breach.hardness}) {breach.why}"
            for breach in run.audit.breaches
            if breach.agent_id == agent.agent_id
        ),
    )


def _away(shifts: Sequence[Shift]) -> tuple[tuple[str, float], ...]:
    """Minutes of training, meetings and other work away from contacts, by name."""
    spent: dict[str, float] = {}
    for part in (part for shift in shifts for part in shift.activities):
        if part.category in OFF_QUEUE:
            name = activity_name(part)
            spent[name] = spent.get(name, 0.0) + part.minutes
    return tuple(sorted(spent.items()))


def night_min(shift: Shift, timezone: str) -> float:
    """Elapsed minutes of a shift between 23:00 and 06:00, either night."""
    total = 0.0
    for offset in (-24 * 60, 0, 24 * 60):
        start = wall_instant(shift.shift_date, NIGHT[0] + offset, timezone)
        end = wall_instant(shift.shift_date, NIGHT[1] + offset, timezone)
        total += max((min(shift.end, end) - max(shift.start, start)).total_seconds() / 60, 0.0)
    return total


def _is_late(shift: Shift, zone: ZoneInfo) -> bool:
    end = shift.end.astimezone(zone)
    minute = (end.date() - shift.shift_date).days * 24 * 60 + end.hour * 60 + end.minute
    return minute > LATE_FROM_MIN


def _wishes(agent: Agent, dates: Sequence[date], shifts: Sequence[Shift]) -> Iterator[bool]:
    """Whether each stated wish that speaks of these dates is met."""
    for day in dates:
        of_day = [shift for shift in shifts if shift.shift_date == day]
        for row in agent.availability:
            if not row.applies(day):
                continue
            start = wall_instant(day, row.start_min, agent.timezone)
            end = wall_instant(day, row.end_min, agent.timezone)
            if row.kind is AvailabilityKind.AVOID:
                yield _is_free(shifts, start, end)
            elif row.kind is AvailabilityKind.PREFER and of_day:
                yield all(start <= shift.start and shift.end <= end for shift in of_day)


def _is_free(shifts: Sequence[Shift], start: datetime, end: datetime) -> bool:
    return not any(shift.start < end and shift.end > start for shift in shifts)


def _days(
    run: Run, agent: Agent, shifts: Sequence[Shift], ledger: Ledger, most_min: float
) -> Iterator[PersonDay]:
    worked = len({shift.shift_date for shift in shifts})
    paid = float(sum(shift.paid_min for shift in shifts))
    for day in run.horizon.dates:
        load = whole(ledger[day][0]) if day in ledger else NOT_KNOWN
        of_day = [shift for shift in shifts if shift.shift_date == day]
        if not of_day:
            why = why_free(run, agent, day, worked_days=worked, paid_min=paid, most_min=most_min)
            yield PersonDay(short_day(day), "free", True, "", "", "", load, why)
        for shift in of_day:
            yield _worked_day(run, agent, shift, load)


def _worked_day(run: Run, agent: Agent, shift: Shift, load: str) -> PersonDay:
    zone = ZoneInfo(agent.timezone)
    return PersonDay(
        label=short_day(shift.shift_date),
        shift=span(shift.start.astimezone(zone), shift.end.astimezone(zone)),
        is_free=False,
        paid=hours(shift.paid_min),
        breaks=", ".join(pauses_in_words(shift, agent.timezone)) or "none",
        serves=serves(run, shift),
        overload=load,
        why=why_shift(run, shift),
    )


def week_strip(days: Sequence[DayAxis], shifts: Sequence[Shift]) -> tuple[tuple[str, str], ...]:
    """The week as a row of bars: paths by style, ``STRIP_DAY`` units wide a day."""
    paths: dict[str, str] = {}
    for axis in days:
        scale = STRIP_DAY / axis.minutes
        shown = [shift for shift in shifts if shift.end > axis.start and shift.start < axis.end]
        for activity in (a for shift in shown for a in shift.activities):
            left = scale * axis.minute_of(activity.start)
            right = scale * axis.minute_of(activity.end)
            if right > left:
                style = STYLES[activity.category][0]
                x, width = round(STRIP_DAY * axis.index + left), max(round(right - left), 1)
                paths[style] = paths.get(style, "") + f"M{x} 3h{width}v10h-{width}z"
    return tuple(paths.items())
