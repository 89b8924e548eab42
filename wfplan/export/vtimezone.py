"""Time zones of a calendar, bounded to the years that it speaks of.

Made here and not by ``icalendar``, which up to version 7.3 writes the onset of
summer time as the wall time *after* the change; RFC 5545 (3.6.5) wants it as
the wall time before, to be read with ``TZOFFSETFROM``.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from icalendar import Timezone

_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)


def vtimezone(zone: ZoneInfo, first: date, last: date) -> Timezone:
    """The zone's offsets in the calendar years from ``first`` to ``last``."""
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

    begin = datetime(first.year, 1, 1, tzinfo=zone).astimezone(UTC)
    end = datetime(last.year + 1, 1, 1, tzinfo=zone).astimezone(UTC)
    component: Timezone = Timezone()
    component.add("TZID", zone.key)
    for onset in (begin, *changes(zone, begin, end)):
        local = onset.astimezone(zone)
        after = local.utcoffset()
        before = (onset - _SECOND).astimezone(zone).utcoffset()
        assert after is not None
        assert before is not None
        offset_from = after if onset == begin else before
        part = TimezoneDaylight() if local.dst() else TimezoneStandard()
        part.add("DTSTART", (onset + offset_from).replace(tzinfo=None))
        part.add("TZOFFSETFROM", offset_from)
        part.add("TZOFFSETTO", after)
        part.add("TZNAME", local.tzname())
        component.add_component(part)
    return component


@cache
def changes(zone: ZoneInfo, begin: datetime, end: datetime) -> tuple[datetime, ...]:
    """The instants between two others at which the zone's offset changes (one a day at most)."""
    days = int((end - begin) / _DAY) + 1
    marks = [*(begin + d * _DAY for d in range(days)), end]
    return tuple(
        _change(zone, before, after)
        for before, after in pairwise(marks)
        if _offset(zone, before) != _offset(zone, after)
    )


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first second with the later offset, by halving."""
    while after - before > _SECOND:
        middle = before + int((after - before) / _SECOND / 2) * _SECOND
        if _offset(zone, middle) == _offset(zone, before):
            before = middle
        else:
            after = middle
    return after


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta | None:
    return instant.astimezone(zone).utcoffset()
