"""Availability: the hours of an agent's days in which she can work at all.

Source: the availability table. Rows of a date replace the weekday's rows of the
same kind. A date with any ``available`` row is available inside those windows
only; ``unavailable`` removes. Windows past midnight reach into the next date.
Wishes (``prefer``, ``avoid``) are no part of this rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from wfplan.domain.people import Availability as Row
from wfplan.domain.people import AvailabilityKind
from wfplan.horizon import DAY_MIN
from wfplan.rules.base import SOFT, Rule
from wfplan.rules.clock import Span, instant, merged_spans
from wfplan.rules.wording import say_minutes, say_moment

if TYPE_CHECKING:
    from wfplan.domain.people import Agent
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek, Duty

_HARD_KINDS = (AvailabilityKind.AVAILABLE, AvailabilityKind.UNAVAILABLE)


@dataclass(frozen=True, kw_only=True)
class Availability(Rule):
    """No minute of a shift lies where the agent is not available."""

    name: ClassVar[str] = "availability"
    source: str = "availability table"

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Shifts outside the agent's availability, by minutes; soft where a lock settled them."""
        if not any(row.kind in _HARD_KINDS for row in week.agent.availability):
            return []
        found = []
        for duty in week.duties:
            outside = _minutes_outside(week, duty)
            if outside > 0:
                why = (
                    f"works from {say_moment(duty.start, week.timezone)} to "
                    f"{say_moment(duty.end, week.timezone)}, {say_minutes(outside)} of it outside "
                    "the hours of availability"
                )
                told = {"reason": "lock", "hardness": SOFT} if duty.is_locked else {}
                found.append(self.breach(week, duty.start, outside, "min", why, **told))
        return found

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Block the spans of the dates, and of the day after them, that are not available."""
        reach = [person.dates[0] - timedelta(days=1), *person.dates]
        reach.append(person.dates[-1] + timedelta(days=1))
        return replace(limits, blocked=(*limits.blocked, *blocked_spans(person.agent, reach)))


def blocked_spans(agent: Agent, dates: Sequence[date]) -> list[Span]:
    """What is not available of dates that follow each other, but of the first; in order."""
    rows = [row for row in agent.availability if row.kind in _HARD_KINDS]
    blocked: list[Span] = []
    for eve, day in pairwise(dates) if rows else ():
        blocked += [
            (instant(day, begin, agent.timezone), instant(day, end, agent.timezone))
            for begin, end in _blocked_windows(rows, eve, day)
        ]
    return merged_spans(blocked)


def is_open(week: AgentWeek, day: date) -> bool:
    """The auditor's reading: whether a person is available at some minute of a date."""
    if not any(row.kind in _HARD_KINDS for row in week.agent.availability):
        return True
    said = _said(week, day - timedelta(days=1), day)
    edges = {edge for _, kinds in said for spans in kinds.values() for s in spans for edge in s}
    moments = {week.midnight(day), *edges}
    return any(_is_free(at, day, said) for at in moments if week.local(at).date() == day)


def _minutes_outside(week: AgentWeek, duty: Duty) -> float:
    """Minutes of a shift that no window allows, by cutting it at every window's edge."""
    days = _said(week, duty.day - timedelta(days=1), week.local(duty.end).date())
    cuts = {duty.start, duty.end}
    for day, said in days:
        cuts |= {edge for spans in said.values() for span in spans for edge in span}
        cuts.add(week.midnight(day + timedelta(days=1)))
    outside = timedelta()
    for begin, end in pairwise(sorted(cut for cut in cuts if duty.start <= cut <= duty.end)):
        if not _is_free(begin, week.local(begin).date(), days):
            outside += end - begin
    return outside.total_seconds() / 60


_Said = dict[AvailabilityKind, list[tuple[datetime, datetime]]]


def _said(week: AgentWeek, day: date, last: date) -> list[tuple[date, _Said]]:
    """What the rows say of each date from one to another."""
    days = []
    while day <= last:
        said = {
            kind: [(week.wall(day, r.start_min), week.wall(day, r.end_min)) for r in found]
            for kind in _HARD_KINDS
            if (found := _rows_said(week.agent.availability, kind, day))
        }
        days.append((day, said))
        day += timedelta(days=1)
    return days


def _is_free(moment: datetime, today: date, days: list[tuple[date, _Said]]) -> bool:
    """Whether the agent is available at an instant of a local date."""
    here = {
        kind: any(b <= moment < e for _, said in days for b, e in said.get(kind, ()))
        for kind in _HARD_KINDS
    }
    if here[AvailabilityKind.UNAVAILABLE]:
        return False
    is_bound = any(day == today and AvailabilityKind.AVAILABLE in said for day, said in days)
    return not is_bound or here[AvailabilityKind.AVAILABLE]


def _rows_said(rows: tuple[Row, ...], kind: AvailabilityKind, day: date) -> list[Row]:
    """The rows of a kind that speak of a date; those of the date itself win."""
    speaking = [row for row in rows if row.kind is kind and row.applies(day)]
    dated = [row for row in speaking if row.day is not None]
    return dated or speaking


def _blocked_windows(rows: list[Row], eve: date, day: date) -> list[tuple[int, int]]:
    """Minutes of a date that are not available; windows of the eve reach into it."""
    spans: dict[AvailabilityKind, list[tuple[int, int]]] = {kind: [] for kind in _HARD_KINDS}
    is_bound = False
    for date_of, shift in ((eve, DAY_MIN), (day, 0)):
        for kind in _HARD_KINDS:
            of_kind = [row for row in rows if row.kind is kind and row.applies(date_of)]
            if any(row.day for row in of_kind):
                of_kind = [row for row in of_kind if row.day]
            spans[kind] += [(row.start_min - shift, row.end_min - shift) for row in of_kind]
            if kind is AvailabilityKind.AVAILABLE and date_of == day:
                is_bound = bool(of_kind)
    blocked = [(max(b, 0), min(e, DAY_MIN)) for b, e in spans[AvailabilityKind.UNAVAILABLE]]
    if is_bound:
        free_from = 0
        for begin, end in [*sorted(spans[AvailabilityKind.AVAILABLE]), (DAY_MIN, DAY_MIN)]:
            blocked.append((free_from, min(begin, DAY_MIN)))
            free_from = max(free_from, end)
    return [(begin, end) for begin, end in blocked if begin < end]
