"""What hard rules ask of one person, in the smallest pieces that can be given up.

A lock, an absence, the availability of a weekday, one side of the hours or days
of a planning week, the value of any other rule: a *demand* each. Without all of
them any week is legal in which shifts have the breaks of the contract, last 1 to
16 whole hours or as the contract says, and begin at any of its steps, one a date.
A demand only ever narrows that, so what is infeasible stays so with more of them. Absences that are
given up are still counted as hours: what is withdrawn in earnest is tried by
changing the plan (:mod:`wfplan.scheduling.conflict.ways`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from wfplan.domain.people import Agent, TimeOff
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.schedule import LockedShift
from wfplan.horizon import DAY_MIN, Horizon
from wfplan.rules import Rule, WorkLimits, rules_of
from wfplan.rules.base import HARD, SettableRule
from wfplan.rules.clock import Span, day_span
from wfplan.rules.limits import NO_LIMIT, Bounds
from wfplan.rules.person import Person

_SHORTEST_MIN, _LONGEST_MIN = 60, 960  # of a shift whose length no rule bounds
_STEP_MIN = 60  # of the lengths beyond those of the contract
_BACKGROUND = {"one_shift_a_day", "break_window", "skill_validity", "start_increment"}
_TABLES = ("locked", "time_off", "availability", "skill_required", "readiness", "employment")
_HOURS = ("paid_time_week", "work_days_week", "consecutive_work_days")
SHAPES = ("shift_stop_window", "shift_start_window", "shift_length")
LEAST, MOST = "least", "most"


@dataclass(frozen=True)
class Demand:
    """
    A piece of a hard rule: ``key`` tells it from the others of the person.

    ``order`` is the place of its rule among those of the person, ``side`` the
    least or the most of what ``week`` (the dates of a planning week) may hold,
    ``row`` the row of a table that it comes from.
    """

    rule: Rule
    person: Person
    order: int
    key: tuple[object, ...]
    side: str = ""
    week: tuple[date, ...] = ()
    row: TimeOff | LockedShift | None = None
    weekday: int | None = None
    blocked: tuple[Span, ...] = ()

    @property
    def kind(self) -> tuple[str, str]:
        """What demands of other people may have in common with it."""
        return self.rule.name, self.side

    def tighten(self, limits: WorkLimits) -> WorkLimits:
        """Narrow what the week may be."""
        if self.blocked:
            return replace(limits, blocked=(*limits.blocked, *self.blocked))
        if self.side and self.week:
            return _one_side(self, limits)
        return self.rule.tighten(limits, self.person)

    def without_past(self) -> Demand:
        """The same of a person of whom no earlier shift is known."""
        return replace(self, person=replace(self.person, past=()))


def demands_of(
    problem: PlanningProblem, agent: Agent, horizon: Horizon, person: Person | None = None
) -> tuple[Demand, ...]:
    """The demands on a person's week, those first that a planner would look at first."""
    person = person or Person.of(problem, agent, horizon)
    found: list[Demand] = []
    for n, rule in enumerate(rules_of(problem, agent, horizon.dates)):
        if rule.hardness == HARD and rule.name not in _BACKGROUND:
            found += _pieces(rule, person, n)
    return tuple(sorted(found, key=lambda one: _rank(one.rule.name)))


def limits_under(demands: Sequence[Demand], person: Person) -> WorkLimits:
    """What a week may be under some demands only."""
    ordered = sorted(demands, key=lambda one: one.order)
    limits = _wide(person, {one.rule.name for one in ordered})
    for one in ordered:
        limits = one.tighten(limits)
    plain = [one for one in ordered if not one.blocked and not one.week]
    automata = [one.rule.automaton(one.person) for one in plain]
    prices = [one.rule.prices(one.person) for one in plain]
    return replace(
        limits,
        automata=tuple(one for one in automata if one is not None),
        prices=tuple(one for one in prices if one is not None),
    )


def _rank(name: str) -> int:
    """The place of a rule in the order of what should rather be named."""
    if name in _TABLES:
        return _TABLES.index(name)
    if name in _HOURS:
        return 10 + _HOURS.index(name)
    return 40 + SHAPES.index(name) if name in SHAPES else 20


def _pieces(rule: Rule, person: Person, n: int) -> Iterator[Demand]:
    """The demands of one rule, the n-th."""
    name, key = rule.name, _key(rule)
    if name == "locked":
        for lock in person.locks:
            alone = replace(person, locks=(lock,))
            yield Demand(rule, alone, n, (*key, lock.day), row=lock)
    elif name == "time_off":
        yield from _absences(rule, person, n)
    elif name == "availability":
        yield from _weekdays(rule, person, n)
    elif name in ("paid_time_week", "work_days_week"):
        yield from _sides(rule, person, n)
    elif name not in ("employment", "skill_required", "readiness") or _blank(person) != (
        rule.tighten(_blank(person), person)
    ):
        yield Demand(rule, person, n, key)


def _key(rule: Rule) -> tuple[object, ...]:
    """What stays the same of a rule when its value changes."""
    return (rule.name, rule.family) if isinstance(rule, SettableRule) else (rule.name,)


def _absences(rule: Rule, person: Person, n: int) -> Iterator[Demand]:
    """A demand per absence that touches the horizon."""
    first, last = person.dates[0] - timedelta(days=1), person.dates[-1] + timedelta(days=2)
    for k, off in enumerate(person.approved):
        if off.end.date() >= first and off.start.date() <= last:
            agent = person.agent.model_copy(update={"time_off": (off,)})
            yield Demand(rule, replace(person, agent=agent), n, (*_key(rule), k), row=off)


def _weekdays(rule: Rule, person: Person, n: int) -> Iterator[Demand]:
    """A demand per weekday, and per date with rows of its own, on which not all is available."""
    dated = {row.day for row in person.agent.availability if row.day is not None}
    spans: dict[tuple[int, date | None], list[Span]] = {}
    for start, end in rule.tighten(_blank(person), person).blocked:
        for day in (*person.dates, person.dates[-1] + timedelta(days=1)):
            begin, stop = day_span(day, person.timezone)
            if start < stop and end > begin:
                part = (max(start, begin), min(end, stop))
                own = day if day in dated else None
                spans.setdefault((day.weekday(), own), []).append(part)
    for (weekday, own), blocked in spans.items():
        yield Demand(
            rule, person, n, (*_key(rule), weekday, own), week=() if own is None else (own,),
            weekday=weekday, blocked=tuple(blocked),
        )  # fmt: skip


def _sides(rule: Rule, person: Person, n: int) -> Iterator[Demand]:
    """A demand per planning week and side that binds."""
    limits = rule.tighten(_blank(person), person)
    bounds = limits.paid_weeks if rule.name == "paid_time_week" else limits.work_days_weeks
    edges = [*(person.dates.index(first) for first in limits.week_firsts), len(person.dates)]
    for w, (low, high) in enumerate(bounds):
        days = person.dates[edges[w] : edges[w + 1]]
        if low > 0:
            yield Demand(rule, person, n, (*_key(rule), w, LEAST), LEAST, days)
        if high < (NO_LIMIT if rule.name == "paid_time_week" else len(days)):
            yield Demand(rule, person, n, (*_key(rule), w, MOST), MOST, days)


def _one_side(demand: Demand, limits: WorkLimits) -> WorkLimits:
    """Limits with one side of one planning week."""
    asked = demand.rule.tighten(_blank(demand.person), demand.person)
    is_paid = demand.rule.name == "paid_time_week"
    bounds = asked.paid_weeks if is_paid else asked.work_days_weeks
    w = asked.week_firsts.index(demand.week[0])
    cut = partial(_cut, bounds[w], demand.side)
    known = limits.paid_weeks if is_paid else limits.work_days_weeks
    known = known or tuple((0, NO_LIMIT if is_paid else 7) for _ in bounds)
    weeks = tuple(cut(one) if k == w else one for k, one in enumerate(known))
    limits = replace(limits, week_firsts=asked.week_firsts)
    return replace(limits, paid_weeks=weeks) if is_paid else replace(limits, work_days_weeks=weeks)


def _cut(asked: Bounds, side: str, known: Bounds) -> Bounds:
    """Bounds of a week with the least or the most that is asked."""
    low, high = known
    return (max(low, asked[0]), high) if side == LEAST else (low, min(high, asked[1]))


def bound_of(demand: Demand) -> int:
    """Minutes, or days, that one side of a planning week asks for."""
    asked = demand.rule.tighten(_blank(demand.person), demand.person)
    is_paid = demand.rule.name == "paid_time_week"
    bounds = asked.paid_weeks if is_paid else asked.work_days_weeks
    return bounds[asked.week_firsts.index(demand.week[0])][demand.side == MOST]


def _blank(person: Person) -> WorkLimits:
    """Limits of a person by her contract's shapes alone."""
    contract = person.contract
    return WorkLimits(
        agent_id="",
        timezone=person.timezone,
        contract=contract,
        dates=person.dates,
        lengths_min=contract.lengths_min,
        start_windows=(contract.start_window,),
        start_step_min=contract.start_step_min,
    )


def _wide(person: Person, named: set[str]) -> WorkLimits:
    """Limits in which shapes that no rule names are free."""
    limits, contract = _blank(person), person.contract
    if "shift_length" not in named:
        free = range(_SHORTEST_MIN, _LONGEST_MIN + 1, _STEP_MIN)
        limits = replace(limits, lengths_min=tuple(sorted({*free, *contract.lengths_min})))
    step, windows = contract.start_step_min, limits.start_windows
    if "shift_start_window" not in named:
        windows = ((contract.start_window[0] % step, DAY_MIN - 1),)
    return replace(limits, start_windows=windows, start_step_min=step)
