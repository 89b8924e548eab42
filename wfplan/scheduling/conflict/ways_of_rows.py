"""Rows of tables that can give way: locks, time off, availability, dates of skills."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import ceil

from wfplan.domain.people import Agent, Availability, AvailabilityKind, TimeOff
from wfplan.domain.schedule import LockedShift
from wfplan.horizon import DAY_MIN, wall_instant
from wfplan.rules.clock import DAY_NAMES, local
from wfplan.scheduling.conflict import words
from wfplan.scheduling.conflict.asking import PRICES, Asking
from wfplan.scheduling.conflict.demands import Demand
from wfplan.scheduling.conflict.edits import (
    Step,
    Way,
    with_agent,
    with_changed,
    without_lock,
)

_STEP_MIN = 30


def released(asking: Asking, lock: LockedShift) -> Way:
    """A lock that is released."""
    said = words.lock(lock, asking.agent.timezone)
    step = asking.step(
        without_lock(lock), f"release {said} of {asking.who}", "locks.csv", "row",
        said.removeprefix("the "), "", PRICES["a lock"],
    )  # fmt: skip
    return Way(("locked", lock.day), 1, lambda k: step)


def withdrawn(asking: Asking, off: TimeOff) -> Iterator[Way]:
    """Time off that ends or begins some days sooner or later, or is withdrawn."""
    zone = asking.agent.timezone
    begin, end = local(off.start, zone), local(off.end, zone)
    count = max((end.date() - begin.date()).days, 1)

    def without(one: Agent) -> tuple[TimeOff, ...]:
        return tuple(
            row for row in one.time_off if not (off.start <= row.start and row.end <= off.end)
        )

    said = words.absence(off, zone)

    def cut(k: int, *, at_end: bool) -> Step:
        cost = k * PRICES["a day of time off"]
        if k >= count:
            return asking.step(
                with_changed(asking.who, lambda one: {"time_off": without(one)}),
                f"withdraw {said} of {asking.who}",
                "time_off.csv", "row", said.removeprefix("the "), "", cost,
            )  # fmt: skip
        day = end.date() - timedelta(days=k) if at_end else begin.date() + timedelta(days=k)
        field, edge = ("end", end) if at_end else ("start", begin)
        moment = wall_instant(day, edge.hour * 60 + edge.minute, zone)
        row = off.model_copy(update={field: moment})
        lost = (day, end.date() - timedelta(days=1)) if at_end else (begin.date(), day)
        lost = lost if at_end else (lost[0], day - timedelta(days=1))
        return asking.step(
            with_changed(asking.who, lambda one: {"time_off": (*without(one), row)}),
            f"withdraw {words.days(*lost)} from {said} of {asking.who}",
            "time_off.csv", field, words.at(off.end if at_end else off.start, zone),
            words.at(moment, zone), cost,
        )  # fmt: skip

    yield Way(("time_off", off.start, "end"), count, lambda k: cut(k, at_end=True))
    if count > 1:
        yield Way(("time_off", off.start, "start"), count, lambda k: cut(k, at_end=False))


@dataclass(frozen=True)
class _Day:
    """A weekday, or a date of its own, on which somebody is free at some times only."""

    asking: Asking
    weekday: int
    own: date | None
    free: list[tuple[int, int]]

    def widened(self, windows: list[tuple[int, int]], added_min: int) -> Step:
        """Other windows."""
        who = self.asking.who
        name = words.day(self.own) if self.own else f"on {DAY_NAMES[self.weekday]}s"
        before, after = self._said(self.free), self._said(windows)
        text = f"ask {who} to be available {name} {after} instead of {before}"
        cost = added_min / 60 * PRICES["an hour of availability"]
        return self.asking.step(
            with_changed(
                who, lambda one: {"availability": _rows(one, self.weekday, self.own, windows)}
            ),
            text, "availability.csv", "available", before,
            after, cost,
        )  # fmt: skip

    @staticmethod
    def _said(spans: list[tuple[int, int]]) -> str:
        return words.listed([f"{words.clock(a)}-{words.clock(b)}" for a, b in spans]) or "never"


def available(asking: Asking) -> Iterator[Way]:
    """Availability of a weekday, or of a date, that is widened."""
    demand = asking.demand
    assert demand.weekday is not None
    own = demand.week[0] if demand.week else None
    days = [day for day in demand.person.dates if day.weekday() == demand.weekday]
    if not days:
        return
    edges = [0, *(e for span in minutes_blocked(demand, own or days[0]) for e in span), DAY_MIN]
    free = [(a, b) for a, b in list(pairwise(edges))[::2] if a < b]
    day, name = _Day(asking, demand.weekday, own, free), ("availability", demand.weekday, own)
    if len(free) != 1:
        step = day.widened([(0, DAY_MIN)], DAY_MIN - sum(b - a for a, b in free))
        yield Way(name, 1, lambda k: step)
        return
    first, last = free[0]
    room = DAY_MIN - last

    def earlier(k: int) -> Step:
        return day.widened([(max(first - k * _STEP_MIN, 0), last)], min(k * _STEP_MIN, first))

    def later(k: int) -> Step:
        return day.widened([(first, min(last + k * _STEP_MIN, DAY_MIN))], min(k * _STEP_MIN, room))

    yield Way((*name, "first"), ceil(first / _STEP_MIN), earlier)
    yield Way((*name, "last"), ceil(room / _STEP_MIN), later)


def minutes_blocked(demand: Demand, day: date) -> list[tuple[int, int]]:
    """The minutes of a date that a demand blocks."""
    zone = demand.person.timezone
    spans = []
    for start, end in demand.blocked:
        begin = local(start, zone)
        if begin.date() == day:
            first = begin.hour * 60 + begin.minute
            wall_end = local(end, zone)
            until = (wall_end.date() - day).days * DAY_MIN + wall_end.hour * 60 + wall_end.minute
            spans.append((first, min(until, DAY_MIN)))
    return sorted(spans)


def _rows(
    agent: Agent, weekday: int, own: date | None, windows: list[tuple[int, int]]
) -> tuple[Availability, ...]:
    """Rows of availability with other windows on a weekday or date; wishes stay."""
    hard = (AvailabilityKind.AVAILABLE, AvailabilityKind.UNAVAILABLE)
    kept = [
        row
        for row in agent.availability
        if row.kind not in hard
        or (row.day != own if own else row.day is not None or row.weekday != weekday)
    ]
    where = {"day": own} if own else {"weekday": weekday}
    new = [
        Availability(kind=AvailabilityKind.AVAILABLE, start_min=a, end_min=b, **where)
        for a, b in windows
        if a < DAY_MIN
    ]
    return (*kept, *new)


def dates_moved(asking: Asking) -> Iterator[Way]:
    """Dates of employment, of skills and of readiness that are moved."""
    agent, dates, name = asking.agent, asking.demand.person.dates, asking.demand.rule.name
    if name == "employment":
        if agent.hire_date and agent.hire_date > dates[0]:
            yield _moved(asking, "hire_date", agent.hire_date, dates[0])
        if agent.end_date and agent.end_date < dates[-1]:
            yield _moved(asking, "end_date", agent.end_date, dates[-1])
        return
    for n, skill in enumerate(agent.skills):
        if name == "readiness" and skill.ready_from and skill.ready_from > dates[0]:
            yield _moved(asking, "ready_from", skill.ready_from, dates[0], n)
        if name == "skill_required" and skill.valid_to and skill.valid_to < dates[-1]:
            yield _moved(asking, "valid_to", skill.valid_to, dates[-1], n)
        if name == "skill_required" and skill.valid_from and skill.valid_from > dates[0]:
            yield _moved(asking, "valid_from", skill.valid_from, dates[0], n)


def _with_skill(agent: Agent, n: int, field: str, after: date) -> dict[str, object]:
    """The skills of a person with another date of the n-th."""
    changed = agent.skills[n].model_copy(update={field: after})
    return {"skills": (*agent.skills[:n], changed, *agent.skills[n + 1 :])}


def _moved(asking: Asking, field: str, before: date, most: date, n: int | None = None) -> Way:
    """A date of a person, or of her n-th skill, that is moved towards another one."""
    agent, sign = asking.agent, 1 if most > before else -1
    price = PRICES["a day of employment" if n is None else "a day of a skill or of readiness"]

    def at(k: int) -> Step:
        after = before + timedelta(days=sign * k)
        of_what = f"of {asking.who}"
        edit = with_agent(asking.who, **{field: after})
        if n is not None:
            of_what = f"of the skill {agent.skills[n].skill} of {asking.who}"
            edit = with_changed(asking.who, lambda one: _with_skill(one, n, field, after))
        text = f"move {field} {of_what} from {words.day(before)} to {words.day(after)}"
        where = "agents.csv" if n is None else "skills.csv"
        return asking.step(
            edit, text, where, field, str(before), str(after),
            k * price,
        )  # fmt: skip

    return Way((field, n), abs((most - before).days), at)
