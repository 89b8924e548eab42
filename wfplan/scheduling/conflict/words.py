"""Days, times and demands as a planner says them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from wfplan.domain.people import TimeOff
from wfplan.domain.schedule import LockedShift, PastShift
from wfplan.rules.clock import DAY_NAMES, local
from wfplan.rules.wording import say_count, say_minutes

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def day(moment: date) -> str:
    """``Friday 23 October``."""
    return f"{DAY_NAMES[moment.weekday()]} {moment.day} {MONTHS[moment.month - 1]}"


def days(first: date, last: date) -> str:
    """``23 October``, ``20-22 October``, ``30 October to 2 November``."""
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}-{last.day} {MONTHS[last.month - 1]}"
    return f"{first.day} {MONTHS[first.month - 1]} to {last.day} {MONTHS[last.month - 1]}"


def at(moment: datetime, timezone: str) -> str:
    """``Monday 19 October 06:00``, on the clock of the person."""
    wall = local(moment, timezone)
    return f"{day(wall.date())} {wall:%H:%M}"


def lock(one: LockedShift, timezone: str) -> str:
    """``the lock of Friday 23 October 14:00-22:00``."""
    if one.start is None or one.end is None:
        return f"the locked day off of {day(one.day)}"
    begin, end = local(one.start, timezone), local(one.end, timezone)
    return f"the lock of {day(one.day)} {begin:%H:%M}-{end:%H:%M}"


def absence(one: TimeOff, timezone: str) -> str:
    """``the time off of 20-22 October``, or with its times where it is part of a day."""
    begin, end = local(one.start, timezone), local(one.end, timezone)
    last = (end - timedelta(minutes=1)).date()
    if begin.time() == end.time() == datetime.min.time():
        return f"the time off of {days(begin.date(), last)}"
    if begin.date() == last:
        return f"the time off of {day(last)} {begin:%H:%M}-{end:%H:%M}"
    return f"the time off from {at(one.start, timezone)} to {at(one.end, timezone)}"


def past(shifts: Sequence[PastShift], timezone: str) -> str:
    """``the shift that ended Monday 19 October 06:00``, or how many there are."""
    last = shifts[-1]
    if len(shifts) == 1:
        return f"the shift of the history that ended {at(last.end, timezone)}"
    first_day, last_day = (local(one.start, timezone).date() for one in (shifts[0], last))
    return f"{len(shifts)} shifts of the history, {day(first_day)} to {day(last_day)}"


def clock(minute: int) -> str:
    """``07:00``; beyond midnight ``02:00 the day after``; 24:00 is itself."""
    if minute == 1440:
        return "24:00"
    late = " the day after" if minute > 1440 else ""
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}{late}"


def amount(value: float, unit: str) -> str:
    """A value with its unit: ``10 h 30 min``, ``3 days``, ``2 weekends``."""
    word = unit.strip().lower()
    if word in ("hours", "hour", "h"):
        return say_minutes(value * 60)
    if word in ("minutes", "minute", "min"):
        return say_minutes(value)
    if word in ("share", "ratio"):
        return f"{value:.0%}"
    return say_count(value, word.removesuffix("s"))


def listed(parts: Sequence[str], word: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"
