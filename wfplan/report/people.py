"""A page per person: her week, hours against contract, burdens, wishes, overload and why.

Times are in the person's own zone. Nights, lates, weekend shifts and wishes are those
of :class:`wfplan.evaluation.PeopleFacts`, which fairness is told by as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from wfplan.domain.activities import OFF_QUEUE
from wfplan.domain.people import Agent
from wfplan.domain.results import Run
from wfplan.domain.schedule import Shift
from wfplan.evaluation import PeopleFacts, WeekOfPromises
from wfplan.evaluation.burdens import SHIFT_BURDENS
from wfplan.report.charts_gantt import NO_TEAM, STYLES, activity_name, pauses_in_words
from wfplan.report.numbers import NOT_KNOWN, decimal, hours, minutes, short_day, span, whole
from wfplan.report.own_load import OwnLoad, own_loads
from wfplan.report.timeline import DayAxis
from wfplan.report.why import channels_of, serves, why_free, why_shift

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
    own: OwnLoad

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


def people_pages(
    run: Run, days: Sequence[DayAxis], promises: WeekOfPromises | None = None
) -> tuple[Person, ...]:
    """Everybody's page, in the order of ids; ``promises`` where they are counted already."""
    promises = promises or WeekOfPromises.of(run)
    ledger, own = _ledger(run), own_loads(promises)
    numbers = sorted(range(len(run.problem.agents)), key=lambda i: run.problem.agents[i].agent_id)
    return tuple(
        _person(promises.facts, i, days, ledger.get(who, {}), own[who])
        for i in numbers
        for who in [run.problem.agents[i].agent_id]
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
    facts: PeopleFacts, i: int, days: Sequence[DayAxis], ledger: Ledger, own: OwnLoad
) -> Person:
    run, agent, shifts, limits = facts.run, facts.agents[i], facts.shifts[i], facts.limits[i]
    weeks = run.horizon.days / 7
    wishes = facts.wishes[agent.agent_id]
    nights, weekends, lates = (int(count) for count in facts.planned[i, :SHIFT_BURDENS])
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
        nights=nights,
        lates=lates,
        weekends=weekends,
        wishes=len(wishes),
        wishes_met=sum(one.is_granted for one in wishes),
        overload_min=sum(state[0] for state in states),
        acute_peak_min=max((state[1] for state in states), default=0.0),
        chronic_min=states[-1][2] if states else 0.0,
        breaches=tuple(
            f"({breach.hardness}) {breach.why}"
            for breach in run.audit.breaches
            if breach.agent_id == agent.agent_id
        ),
        own=own,
    )


def _away(shifts: Sequence[Shift]) -> tuple[tuple[str, float], ...]:
    """Minutes of training, meetings and other work away from contacts, by name."""
    spent: dict[str, float] = {}
    for part in (part for shift in shifts for part in shift.activities):
        if part.category in OFF_QUEUE:
            name = activity_name(part)
            spent[name] = spent.get(name, 0.0) + part.minutes
    return tuple(sorted(spent.items()))


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
