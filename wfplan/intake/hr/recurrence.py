"""
Recurrences of events (RFC 5545, 3.8.5) as weekly series, or written out.

A plain weekly series on the person's own clock stays one, without end where it has none; all
others are written out, endless ones as far as plans look.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from wfplan.horizon import WEEKDAYS
from wfplan.intake.book import BadValueError
from wfplan.intake.hr.recurrence_checks import check_rule, one

if TYPE_CHECKING:
    from wfplan.intake.hr.event_rows import Block

BACK = timedelta(weeks=26)
AHEAD = timedelta(weeks=60)
OCCURRENCES_MAX = 2_000
EVERY_MAX = 26  # weeks
_PLAIN = {"FREQ", "INTERVAL", "UNTIL", "BYDAY", "WKST"}
_ICAL_DAYS = {day[:2].upper(): number for number, day in enumerate(WEEKDAYS)}


@dataclass(frozen=True)
class Series:
    """A weekday, every so many weeks from a first date to a last one (or without end)."""

    first: date
    last: date | None
    every: int


@dataclass(frozen=True)
class Occurrences:
    """When an event is: weekly series, and single starts."""

    weekly: tuple[Series, ...] = ()
    dates: tuple[date | datetime, ...] = ()


def occurrences_of(
    event: Any, block: Block, zone: ZoneInfo, stands_in: Sequence[Any], around: date
) -> Occurrences:
    """
    All occurrences of an event.

    Parameters
    ----------
    stands_in
        Starts that another event of the same series replaces.
    around
        The day around which endless series are written out.

    Raises
    ------
    BadValueError
        When the rule cannot be read, or gives too many.
    """
    rule = event.get("RRULE")
    if rule is None and "RDATE" not in event:
        return Occurrences(dates=(block.start,))
    if rule is not None:
        check_rule(rule)
    without = {*_moments(event, "EXDATE"), *stands_in}
    weekly = _weekly(event, rule, block, without, zone)
    if weekly is not None:
        return Occurrences(weekly=weekly)
    return Occurrences(dates=tuple(_written_out(event, rule, block, without, zone, around)))


def _weekly(
    event: Any, rule: Any, block: Block, without: Iterable[Any], zone: ZoneInfo
) -> tuple[Series, ...] | None:
    """A plain weekly rule as series; None when it is another one."""
    if rule is None or "RDATE" in event or not block.is_own_clock:
        return None
    every = int(one(rule, "INTERVAL", 1))
    week_start = str(one(rule, "WKST", "MO"))
    is_plain = (
        one(rule, "FREQ", "") == "WEEKLY"
        and set(rule) <= _PLAIN
        and 1 <= every <= EVERY_MAX
        and (every == 1 or week_start == "MO")
        and block.length <= timedelta(days=1)
    )
    if not is_plain:
        return None
    start = _day(block.start, zone)
    until = one(rule, "UNTIL", None)
    last = None if until is None else _last(until, block, zone)
    names = [str(day) for day in rule.get("BYDAY", [])] or [
        name for name, number in _ICAL_DAYS.items() if number == start.weekday()
    ]
    if any(name not in _ICAL_DAYS for name in names):
        return None
    gone = sorted(_day(moment, zone) for moment in without)
    series: list[Series] = []
    for name in names:
        first = start + timedelta(days=_ICAL_DAYS[name] - start.weekday())
        if first < start:
            first += timedelta(weeks=every)
        series += _around(first, last, every, [day for day in gone if day >= first])
    return tuple(series)


def _last(until: date | datetime, block: Block, zone: ZoneInfo) -> date:
    """The last date on which a block begins by UNTIL."""
    day = _day(until, zone)
    if not isinstance(until, datetime) or not isinstance(block.start, datetime):
        return day
    begin = datetime.combine(day, block.start.astimezone(zone).time(), zone)
    return day if _same(begin, zone) <= _same(until, zone) else day - timedelta(days=1)


def _around(first: date, last: date | None, every: int, gone: Iterable[date]) -> Iterator[Series]:
    """A series in pieces, around the dates on which it does not happen."""
    step = timedelta(weeks=every)
    for day in gone:
        if (day - first) % step or (last is not None and day > last):
            continue
        if day > first:
            yield Series(first, day - timedelta(days=1), every)
        first = day + step
    if last is None or first <= last:
        yield Series(first, last, every)


def _written_out(
    event: Any, rule: Any, block: Block, without: set[Any], zone: ZoneInfo, around: date
) -> Iterator[date | datetime]:
    """Every start, as dates or instants like the event's own."""
    first, last = around - BACK, around + AHEAD
    starts = _by_rule(rule, block, first, last) if rule is not None else [block.start]
    more = [_like(moment, block.start) for moment in _moments(event, "RDATE")]
    gone = {_same(moment, zone) for moment in without}
    seen: set[Any] = set()
    for start in sorted({*starts, *more}, key=lambda moment: _same(moment, zone)):
        same = _same(start, zone)
        if same in gone or same in seen:
            continue
        seen.add(same)
        if len(seen) > OCCURRENCES_MAX:
            raise BadValueError(
                f"the event happens more than {OCCURRENCES_MAX:,} times",
                "end it with UNTIL, or repeat it less often",
                "HR109",
            )
        yield start


def _by_rule(rule: Any, block: Block, first: date, last: date) -> list[date | datetime]:
    """The starts that a rule gives in the window, on the clock of the event."""
    from dateutil.rrule import rrulestr

    start = block.start
    own = start.tzinfo if isinstance(start, datetime) else None
    wall = start.replace(tzinfo=None) if isinstance(start, datetime) else _midnight(start)
    until = one(rule, "UNTIL", None)
    end = _midnight(last)
    if until is not None:
        end = min(end, _wall(until, own))
    parts = rule.to_ical().decode().split(";")
    text = ";".join(part for part in parts if not part.startswith(("UNTIL=", "COUNT=")))
    try:
        # An end of its own keeps the library from looking for what never comes.
        dates = rrulestr(f"{text};UNTIL={end:%Y%m%dT%H%M%S}", dtstart=wall)
    except (ValueError, TypeError, AttributeError, KeyError):
        raise BadValueError(
            "RRULE cannot be read", "write it as RFC 5545 has it", "HR108"
        ) from None
    count = int(one(rule, "COUNT", 0))
    found: list[date | datetime] = []
    for number, moment in enumerate(dates):
        if count and number >= count:
            break
        if moment.date() >= first:
            found.append(
                moment.replace(tzinfo=own) if isinstance(start, datetime) else moment.date()
            )
    return found


def _moments(event: Any, name: str) -> list[Any]:
    """The dates and times of a property that may have several."""
    given = event.get(name, [])
    lists = given if isinstance(given, list) else [given]
    try:
        moments = [item.dt for one in lists for item in one.dts]
        if not any(isinstance(moment, tuple) for moment in moments):
            return moments
    except (AttributeError, ValueError):
        raise BadValueError(
            f"{name} cannot be read", "write it as RFC 5545 has it", "HR108"
        ) from None
    raise BadValueError(f"{name} has periods", "make an event of each", "HR109")


def _day(moment: date | datetime, zone: ZoneInfo) -> date:
    """The date of a moment on the person's clock."""
    if not isinstance(moment, datetime):
        return moment
    return moment.astimezone(zone).date() if moment.tzinfo else moment.date()


def _like(moment: Any, start: date | datetime) -> date | datetime:
    """A date of RDATE in the form of the event's start."""
    if not isinstance(start, datetime):
        return moment.date() if isinstance(moment, datetime) else moment
    if not isinstance(moment, datetime):
        return datetime.combine(moment, start.timetz())
    return moment if moment.tzinfo else moment.replace(tzinfo=start.tzinfo)


def _same(moment: Any, zone: ZoneInfo) -> datetime:
    """What two forms of the same start have in common."""
    if not isinstance(moment, datetime):
        moment = _midnight(moment)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)  # type: ignore[no-any-return]


def _wall(moment: date | datetime, own: Any) -> datetime:
    """The wall time of UNTIL on the event's clock; a date counts to its end."""
    if not isinstance(moment, datetime):
        return _midnight(moment) + timedelta(hours=23, minutes=59, seconds=59)
    return (
        moment.astimezone(own).replace(tzinfo=None)
        if moment.tzinfo and own
        else moment.replace(tzinfo=None)
    )


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)
