"""Wall time as the rules need it: conversions remembered, because people share zones.

A thousand people of one site ask for the same few midnights and window edges.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from wfplan.horizon import DAY_MIN, wall_instant

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEK_DAYS = 7

Span = tuple[datetime, datetime]
"""A stretch of time between two UTC instants."""


@lru_cache(maxsize=1 << 16)
def instant(day: date, minute: int, timezone: str) -> datetime:
    """The UTC instant of a wall time; see :func:`wfplan.horizon.wall_instant`."""
    return wall_instant(day, minute, timezone)


def midnight(day: date, timezone: str) -> datetime:
    """The instant at which a local date begins."""
    return instant(day, 0, timezone)


@lru_cache(maxsize=1 << 16)
def day_span(day: date, timezone: str) -> Span:
    """The instants at which a local date begins and ends."""
    return instant(day, 0, timezone), instant(day, DAY_MIN, timezone)


def local(moment: datetime, timezone: str) -> datetime:
    """The wall time of an instant."""
    return moment.astimezone(ZoneInfo(timezone))


def minutes_between(first: datetime, second: datetime) -> int:
    """Elapsed whole minutes from one instant to another."""
    return int((second - first) / timedelta(minutes=1))


def calendar_weeks(dates: tuple[date, ...]) -> list[tuple[date, ...]]:
    """The dates in blocks of seven from the first one; the last may be shorter."""
    return [dates[i : i + WEEK_DAYS] for i in range(0, len(dates), WEEK_DAYS)]
