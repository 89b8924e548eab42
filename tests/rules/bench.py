"""A workbench for rules: one person, a few shifts, and a slow reading of the limits.

Shifts are written ``(day, "22:00", 480)``: days after the week's first date,
wall time of the start in the person's zone, elapsed minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise, product
from math import inf
from zoneinfo import ZoneInfo

import numpy as np

from wfplan.domain.channels import Channel
from wfplan.domain.contracts import Break, BreakTier, Contract
from wfplan.domain.people import Agent, Skill
from wfplan.domain.problem import PlanningProblem, RulePack, RuleSetting
from wfplan.domain.results import Breach
from wfplan.domain.schedule import (
    Activity,
    ActivityCategory,
    LockedShift,
    PastShift,
    Shift,
)
from wfplan.horizon import Window, wall_instant
from wfplan.rules import AgentWeek, Rule, WorkLimits, work_limits
from wfplan.rules.person import Person

ZONE = "Europe/Dublin"
MONDAY = date(2026, 11, 2)
SPRING = date(2026, 3, 23)  # its Sunday, day 6, has 23 hours
AUTUMN = date(2026, 10, 19)  # its Sunday, day 6, has 25 hours
FAR_PAST = datetime.min.replace(tzinfo=wall_instant(MONDAY, 0, ZONE).tzinfo)
NIGHT_MIN = 180

Spec = tuple[int, str, int]

REST = Break(kind="rest", length_min=15, is_paid=True, earliest_min=75, latest_min=150)
MEAL = Break(kind="meal", length_min=30, is_paid=False, earliest_min=180, latest_min=300)
EU = RulePack(
    id="eu",
    version="1",
    rules=tuple(
        RuleSetting(rule=name, value=hours, unit="hours", source="Directive 2003/88/EC")
        for name, hours in (
            ("daily_rest", 11),
            ("weekly_rest", 35),
            ("paid_time_period", 48),
            ("break_required", 6),
            ("night_work", 8),
        )
    ),
)


def contract(**more: object) -> Contract:
    """Any start on the quarter hour, any length of two to ten hours in quarters, no breaks."""
    given: dict[str, object] = {
        "name": "any",
        "shortest_min": 120,
        "longest_min": 720,
        "length_step_min": 15,
        "start_window": (0, 1439),
        "start_step_min": 15,
        "work_days_max": 7,
        "consecutive_days_max": 31,
    }
    return Contract(**given | more)


def agent(agent_id: str = "A1", **more: object) -> Agent:
    """A person with a voice skill and wide hours."""
    given: dict[str, object] = {
        "timezone": ZONE,
        "contract_type": "any",
        "contract_hours_week": 40,
        "min_hours_week": 0,
        "max_hours_week": 60,
        "skills": (Skill(skill="voice"),),
    }
    return Agent(agent_id=agent_id, **given | more)


def wall(day: int, clock: str, *, monday: date = MONDAY, timezone: str = ZONE) -> datetime:
    """The instant of ``"22:00"`` on a day of the week; ``"26:00"`` is past midnight."""
    hour, minute = map(int, clock.split(":"))
    return wall_instant(monday + timedelta(days=day), hour * 60 + minute, timezone)


def make_shift(
    spec: Spec,
    *,
    agent_id: str = "A1",
    monday: date = MONDAY,
    work: Contract | None = None,
    timezone: str = ZONE,
) -> Shift:
    """A shift with the breaks of a contract, each as early as may be."""
    day, clock, length = spec
    begin = wall(day, clock, monday=monday, timezone=timezone)
    parts: list[tuple[int, int, str, bool]] = []
    at = 0
    for pause in (work or contract()).breaks_of(length):
        parts.append((at, pause.earliest_min, "work", True))
        at = pause.earliest_min + pause.length_min
        parts.append((pause.earliest_min, at, pause.kind, pause.is_paid))
    parts.append((at, length, "work", True))
    kinds = {"work": "work", "rest": "break", "meal": "meal", "gap": "time_off"}
    return Shift(
        shift_id=f"{agent_id}-{day}-{clock}",
        agent_id=agent_id,
        shift_date=begin.astimezone(ZoneInfo(timezone)).date(),
        activities=tuple(
            Activity(
                code=kind.upper(),
                category=ActivityCategory(kinds[kind]),
                is_paid=is_paid,
                start=begin + timedelta(minutes=a),
                end=begin + timedelta(minutes=b),
            )
            for a, b, kind, is_paid in parts
        ),
    )


def past(
    day: int,
    clock: str,
    minutes: int,
    *,
    agent_id: str = "A1",
    monday: date = MONDAY,
    paid_min: int | None = None,
) -> PastShift:
    """A worked shift; its day is negative."""
    begin = wall(day, clock, monday=monday)
    return PastShift(
        agent_id=agent_id, start=begin, end=begin + timedelta(minutes=minutes), paid_min=paid_min
    )


def lock(day: int, clock: str = "", minutes: int = 0, *, monday: date = MONDAY) -> LockedShift:
    """A locked shift, or a locked day off."""
    on = monday + timedelta(days=day)
    if not clock:
        return LockedShift(agent_id="A1", day=on)
    begin = wall(day, clock, monday=monday)
    return LockedShift(agent_id="A1", day=on, start=begin, end=begin + timedelta(minutes=minutes))


def plan(
    *,
    people: Sequence[Agent] | None = None,
    work: Contract | None = None,
    history: Iterable[PastShift] = (),
    locks: Iterable[LockedShift] = (),
    packs: Sequence[RulePack] = (),
    rules: Sequence[RuleSetting] = (),
    **more: object,
) -> PlanningProblem:
    """A plan with one voice channel."""
    given: dict[str, object] = {
        "name": "plan",
        "timezone": ZONE,
        "channels": (Channel(name="voice", open=["daily 00:00-24:00"]),),
        "agents": tuple((agent(),) if people is None else people),
        "contracts": {"any": work or contract()},
        "past_shifts": tuple(history),
        "locks": tuple(locks),
        "packs": {pack.id: pack for pack in packs},
        "site_packs": tuple(pack.id for pack in packs),
        "plan_rules": tuple(rules),
    }
    return PlanningProblem(**given | more)


def week(
    *specs: Spec, problem: PlanningProblem | None = None, monday: date = MONDAY, days: int = 7
) -> AgentWeek:
    """The auditor's view of the first person's week."""
    problem = problem or plan()
    person = problem.agents[0]
    shifts = [
        make_shift(spec, monday=monday, work=problem.contract_of(person), timezone=person.timezone)
        for spec in specs
    ]
    return AgentWeek.of(problem, person, problem.horizon(monday, days), shifts)


def breaches(
    rule: Rule,
    *specs: Spec,
    problem: PlanningProblem | None = None,
    monday: date = MONDAY,
    days: int = 7,
) -> list[Breach]:
    """What a rule finds in the first person's week."""
    return rule.breaches(week(*specs, problem=problem, monday=monday, days=days))


def amounts(rule: Rule, *specs: Spec, **options: object) -> list[float]:
    """The amounts that a rule finds missing."""
    return [breach.amount for breach in breaches(rule, *specs, **options)]


def limits_of(problem: PlanningProblem, *, monday: date = MONDAY, days: int = 7) -> WorkLimits:
    """All limits of the first person."""
    return work_limits(problem, problem.agents[0], problem.horizon(monday, days))


def person(problem: PlanningProblem, *, monday: date = MONDAY, days: int = 7) -> Person:
    """What the planner knows of the first person."""
    return Person.of(problem, problem.agents[0], problem.horizon(monday, days))


def array(values: Sequence[int]) -> np.ndarray:
    """Whole minutes."""
    return np.array(values, dtype=np.int64)


def softened(
    rule: Rule, problem: PlanningProblem, *, monday: date = MONDAY, days: int = 7
) -> WorkLimits:
    """Limits to which one soft rule alone has added its prices."""
    return rule.soften(
        _open_limits(problem, monday, days), person(problem, monday=monday, days=days)
    )


def tightened(
    rule: Rule, problem: PlanningProblem, *, monday: date = MONDAY, days: int = 7
) -> WorkLimits:
    """Limits that one rule alone has narrowed."""
    return rule.tighten(
        _open_limits(problem, monday, days), person(problem, monday=monday, days=days)
    )


def _open_limits(problem: PlanningProblem, monday: date, days: int) -> WorkLimits:
    """Limits that allow nearly anything."""
    person = problem.agents[0]
    work = problem.contract_of(person)
    horizon = problem.horizon(monday, days)
    return WorkLimits(
        agent_id=person.agent_id,
        timezone=person.timezone,
        contract=work,
        dates=horizon.dates,
        lengths_min=tuple(range(15, 24 * 60, 15)),
        start_windows=((0, 1439),),
        start_step_min=1,
        work_days_max=days,
        consecutive_days_max=10**6,
    )


def small_weeks(candidates: Sequence[Spec], monday: date = MONDAY) -> list[tuple[Spec, ...]]:
    """Every choice of none or one of the candidates on each day, without shifts at once."""
    days = sorted({spec[0] for spec in candidates})
    choices = [[None, *(s for s in candidates if s[0] == day)] for day in days]
    chosen = [tuple(spec for spec in some if spec) for some in product(*choices)]
    return [
        specs
        for specs in chosen
        if all(
            a.end <= b.start for a, b in pairwise(make_shift(spec, monday=monday) for spec in specs)
        )
    ]


def admits(limits: WorkLimits, shifts: Sequence[Shift]) -> bool:
    """Whether shifts lie inside the limits: slow, and read off the words of WorkLimits."""
    shifts = sorted(shifts, key=lambda s: s.start)
    zone = ZoneInfo(limits.timezone)
    days = [s.start.astimezone(zone).date() for s in shifts]
    lengths = [int((s.end - s.start).total_seconds() // 60) for s in shifts]
    paid = [limits.contract.paid_min(n) for n in lengths]
    settled = {one.day: one for one in limits.locked}
    if len(set(days)) < len(days) or not set(days) <= set(limits.dates):
        return False
    for day, one in settled.items():
        planned = [(s.start, s.end) for s, d in zip(shifts, days, strict=True) if d == day]
        if planned != ([] if one.start is None else [(one.start, one.end)]):
            return False
    free = [i for i, day in enumerate(days) if day not in settled]
    return (
        all(_is_allowed(limits, shifts[i], days[i], lengths[i]) for i in free)
        and limits.paid_week_min <= sum(paid) <= limits.paid_week_max
        and limits.work_days_min <= len(days) <= limits.work_days_max
        and all(minutes <= limits.paid_day_max for minutes in paid)
        and all(
            minutes <= limits.paid_night_shift_max
            for s, minutes in zip(shifts, paid, strict=True)
            if _night(s, zone) >= NIGHT_MIN
        )
        and weeks_fit(limits, days, paid)
        and runs_fit(limits, days)
        and _rests_fit(limits, shifts)
        and _starts_fit(limits, shifts)
        and _returns_fit(limits, shifts, days)
        and _days_fit(limits, shifts, days, paid)
    )


def _days_fit(
    limits: WorkLimits, shifts: Sequence[Shift], days: Sequence[date], paid: Sequence[int]
) -> bool:
    """Whether no automaton and no price forbids the horizon."""
    zone = ZoneInfo(limits.timezone)
    clock = {}
    for shift, day, minutes in zip(shifts, days, paid, strict=True):
        begin, end = shift.start.astimezone(zone), shift.end.astimezone(zone)
        days_on = (end.date() - day).days
        edges = (begin.hour * 60 + begin.minute, days_on * 1440 + end.hour * 60 + end.minute)
        clock[limits.dates.index(day)] = tuple(array([n]) for n in (*edges, minutes))
    for one in limits.automata:
        symbols = [
            int(one.symbol.classify(d, *clock[d])[0]) if d in clock else one.symbol.off_symbol(d)
            for d in range(len(limits.dates))
        ]
        if one.price_of(symbols) == inf:
            return False
    return all(
        (rule.of_shifts(d, *clock[d])[0] if d in clock else rule.of_day_off(d)) < inf
        for rule in limits.prices
        for d in range(len(limits.dates))
    )


def weeks_fit(limits: WorkLimits, days: Sequence[date], paid: Sequence[int]) -> bool:
    """Paid minutes and working days of each planning week."""
    edges = [*limits.week_firsts, limits.dates[-1] + timedelta(days=1)]
    for w, (first, stop) in enumerate(pairwise(edges)):
        inside = [minutes for day, minutes in zip(days, paid, strict=True) if first <= day < stop]
        for bounds, value in (
            (limits.paid_weeks, sum(inside)),
            (limits.work_days_weeks, len(inside)),
        ):
            if bounds and not bounds[w][0] <= value <= bounds[w][1]:
                return False
    return True


def _starts_fit(limits: WorkLimits, shifts: Sequence[Shift]) -> bool:
    """Elapsed time from one start to the next."""
    starts = [*filter(None, [limits.last_start]), *(s.start for s in shifts)]
    least = timedelta(minutes=limits.start_distance_min)
    return all(b - a >= least for a, b in pairwise(starts))


def _returns_fit(limits: WorkLimits, shifts: Sequence[Shift], days: Sequence[date]) -> bool:
    """Quick returns from the first date up to each one on which there is one."""
    count, ended = 0, limits.last_end
    for shift, day in zip(shifts, days, strict=True):
        short = timedelta(minutes=limits.quick_return_min)
        if limits.quick_returns_max and ended is not None and shift.start - ended < short:
            count += 1
            if count > limits.quick_returns_max[limits.dates.index(day)]:
                return False
        ended = shift.end
    return True


def _is_allowed(limits: WorkLimits, shift: Shift, day: date, length: int) -> bool:
    """Whether one shift is among those that the limits offer."""
    starts = _starts(day, limits.timezone, limits.start_windows, limits.start_step_min)
    if shift.start not in starts or length not in limits.lengths_min or day in limits.days_off:
        return False
    if limits.stop_window is not None:
        wall_end = shift.end.astimezone(ZoneInfo(limits.timezone))
        minute = (wall_end.date() - day).days * 1440 + wall_end.hour * 60 + wall_end.minute
        if not limits.stop_window[0] <= minute <= limits.stop_window[1]:
            return False
    if (
        limits.break_over_min is not None
        and length > limits.break_over_min
        and not limits.contract.breaks_of(length)
    ):
        return False
    return not any(shift.start < end and begin < shift.end for begin, end in limits.blocked)


@lru_cache(maxsize=1024)
def _starts(
    day: date, timezone: str, windows: tuple[Window, ...], step_min: int
) -> frozenset[datetime]:
    return frozenset(
        wall_instant(day, minute, timezone)
        for first, last in windows
        for minute in range(first, last + 1, step_min)
    )


def _night(shift: Shift, zone: ZoneInfo) -> int:
    """Minutes between 23:00 and 06:00, counted one by one."""
    count, at = 0, shift.start
    while at < shift.end:
        hour = at.astimezone(zone).hour
        count += hour >= 23 or hour < 6
        at += timedelta(minutes=1)
    return count


def runs_fit(limits: WorkLimits, days: Sequence[date]) -> bool:
    run = limits.run_days_before
    for day in limits.dates:
        run = run + 1 if day in days else 0
        if day in days and run > limits.consecutive_days_max:
            return False
    return True


def _rests_fit(limits: WorkLimits, shifts: Sequence[Shift]) -> bool:
    end = wall_instant(limits.dates[-1] + timedelta(days=1), 0, limits.timezone)
    if shifts and limits.earliest_start and shifts[0].start < limits.earliest_start:
        return False
    least = timedelta(minutes=limits.daily_rest_min)
    if any(b.start - a.end < least for a, b in pairwise(shifts)):
        return False
    if not limits.weekly_rest_min:
        return True
    ends = [limits.last_end or FAR_PAST, *(s.end for s in shifts)]
    starts = [*(s.start for s in shifts), end]
    whole = timedelta(minutes=limits.weekly_rest_min)
    inside = timedelta(minutes=limits.weekly_rest_inside_min)
    long = [(a, min(b, end)) for a, b in zip(ends, starts, strict=True) if min(b, end) - a >= whole]
    return all(
        any(min(b, last) - max(a, first) >= inside for a, b in long)
        for first, last in limits.weekly_rest_spans
    )


def settings(**hours: float) -> tuple[RuleSetting, ...]:
    """Rule values in hours."""
    return tuple(RuleSetting(rule=name, value=value, unit="hours") for name, value in hours.items())


def with_breaks(work: Contract, over_h: float = 6.0) -> Contract:
    """A contract with a paid rest and an unpaid meal in longer shifts."""
    return work.model_copy(update={"break_tiers": (BreakTier(over_h=over_h, breaks=(REST, MEAL)),)})
