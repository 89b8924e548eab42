"""Wall time as the rules need it: conversions remembered, because people share zones.

A thousand people of one site ask for the same few midnights and window edges.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
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


def calendar_weeks(dates: tuple[date, ...], week_start: int) -> list[tuple[date, ...]]:
    """The dates of each week that begins on a weekday; the first and the last may be cut short."""
    first = (week_start - dates[0].weekday()) % WEEK_DAYS if dates else 0
    edges = sorted({0, *range(first, len(dates), WEEK_DAYS), len(dates)})
    return [dates[a:b] for a, b in pairwise(edges)]


def merged_spans(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, joined where they touch; empty ones are left out."""
    joined: list[Span] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        elif begin < end:
            joined.append((begin, end))
    return joined


def without_spans(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """What is left of spans outside others, in order."""
    left = merged_spans(spans)
    for first, last in merged_spans(taken):
        pieces = [((begin, min(end, first)), (max(begin, last), end)) for begin, end in left]
        left = [(begin, end) for pair in pieces for begin, end in pair if begin < end]
    return left


def common_spans(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """What two sets of spans have in common, in order."""
    ours, theirs = merged_spans(spans), merged_spans(others)
    both = ((max(a, c), min(b, d)) for a, b in ours for c, d in theirs)
    return merged_spans((begin, end) for begin, end in both if begin < end)
