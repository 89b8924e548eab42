"""Wishes of availability: what somebody asked for on a date, and whether a week grants it.

A wish to have time free is granted when no minute of a shift lies in it, a wish for
certain hours when the shifts of that date lie wholly inside; on a date without a
shift there was nothing to wish for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from wfplan.domain.people import Agent, AvailabilityKind
from wfplan.domain.schedule import Shift
from wfplan.horizon import wall_instant

WISHED = (AvailabilityKind.PREFER, AvailabilityKind.AVOID)


@dataclass(frozen=True)
class Wish:
    """What was asked for on a date, from when to when, and whether it is granted."""

    day: date
    kind: AvailabilityKind
    start: datetime
    end: datetime
    is_granted: bool

    @property
    def is_free(self) -> bool:
        """Whether it is for time without work, and not for hours of work."""
        return self.kind is AvailabilityKind.AVOID


def wishes_of(agent: Agent, dates: Sequence[date], shifts: Sequence[Shift]) -> Iterator[Wish]:
    """Everything that an agent wished for that a week of her shifts speaks of."""
    zone = ZoneInfo(agent.timezone)
    for day in dates:
        rows = [row for row in agent.availability if row.kind in WISHED and row.applies(day)]
        of_day = [s for s in shifts if s.start.astimezone(zone).date() == day] if rows else []
        for row in rows:
            begin = wall_instant(day, row.start_min, agent.timezone)
            end = wall_instant(day, row.end_min, agent.timezone)
            if row.kind is AvailabilityKind.AVOID:
                yield Wish(day, row.kind, begin, end, is_clear(shifts, begin, end))
            elif of_day:
                is_inside = all(begin <= s.start and s.end <= end for s in of_day)
                yield Wish(day, row.kind, begin, end, is_inside)


def is_clear(shifts: Sequence[Shift], begin: datetime, end: datetime) -> bool:
    """Whether no minute of a shift lies in a span."""
    return not any(shift.start < end and begin < shift.end for shift in shifts)
