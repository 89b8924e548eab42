"""Numbers, times and dates as a planner reads them. Percent exists only here.

Shares are 0 to 1, times seconds or minutes as the suffix says; a number that
is not known reads as a dash. Narrow no-break spaces keep units with their
numbers.
"""

from __future__ import annotations

from datetime import date, datetime
from math import isfinite, isnan

NOT_KNOWN = "–"
_THIN = "\u202f"
_MINUS = "\u2212"


def whole(value: float) -> str:
    """``1,234``."""
    return f"{round(value):,}".replace("-", _MINUS) if isfinite(value) else _without_end(value)


def decimal(value: float, places: int = 1) -> str:
    """``1,234.5``; never a negative zero."""
    if not isfinite(value):
        return _without_end(value)
    return f"{round(value, places) + 0.0:,.{places}f}".replace("-", _MINUS)


def signed(value: float, places: int = 1) -> str:
    """``+1.5`` or ``−0.5``; zero carries no sign."""
    text = decimal(value, places)
    return f"+{text}" if isfinite(value) and round(value, places) > 0 else text


def percent(share: float) -> str:
    """``81 %``; one place more where whole percents would hide the difference to 0 or 1."""
    if not isfinite(share):
        return _without_end(share)
    points = 100 * share
    if 0 < points < 0.05:
        return f"<{_THIN}0.1{_THIN}%"
    if 99.95 <= points < 100:
        return f">{_THIN}99.9{_THIN}%"
    is_near_end = 0 < abs(points) < 2 or 98 < points < 100
    return f"{decimal(points, 1 if is_near_end else 0)}{_THIN}%"


def seconds(value_s: float) -> str:
    """``18 s``, ``4 min 20 s`` or ``3.5 h``."""
    if not isfinite(value_s):
        return _without_end(value_s)
    if value_s < 9.95:
        return f"{decimal(value_s)}{_THIN}s" if value_s >= 0.05 else f"0{_THIN}s"
    if value_s < 119.5:
        return f"{whole(value_s)}{_THIN}s"
    if value_s >= 7200:
        return f"{decimal(value_s / 3600)}{_THIN}h"
    minutes, rest = divmod(round(value_s), 60)
    return f"{minutes}{_THIN}min" + (f" {rest}{_THIN}s" if rest and minutes < 10 else "")


def hours(value_min: float) -> str:
    """Minutes as ``37.5 h``; a quarter of an hour keeps its second place."""
    if not isfinite(value_min):
        return _without_end(value_min)
    places = 2 if abs(value_min / 6 - round(value_min / 6)) > 1e-6 and abs(value_min) < 6000 else 1
    return f"{decimal(value_min / 60, places)}{_THIN}h"


def minutes(value_min: float) -> str:
    """``45 min``; ten hours and more as ``12.5 h``."""
    if isfinite(value_min) and abs(value_min) >= 600:
        return f"{decimal(value_min / 60)}{_THIN}h"
    return f"{whole(value_min)}{_THIN}min" if isfinite(value_min) else _without_end(value_min)


def clock(moment: datetime) -> str:
    """``09:15``, of a local time."""
    return f"{moment:%H:%M}"


def wall(minute: int) -> str:
    """Minutes after midnight as ``09:15``; 1440 is ``24:00``."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def short_day(day: date) -> str:
    """``Mon 1 Jun``."""
    return f"{day:%a} {day.day} {day:%b}"


def long_day(day: date) -> str:
    """``Monday 1 June 2026``."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def span(start: datetime, end: datetime) -> str:
    """``09:00–17:30`` of local times; an end on a later date says by how many days."""
    late = (end.date() - start.date()).days
    suffix = f" (+{late})" if late and end.time() != datetime.min.time() else ""
    finish = "24:00" if late == 1 and end.time() == datetime.min.time() else clock(end)
    return f"{clock(start)}–{finish}{suffix}"


def listed(items: list[str], *, most: int = 4) -> str:
    """``a, b and c``; beyond ``most`` the rest is counted."""
    if len(items) > most:
        items = [*items[: most - 1], f"{len(items) - most + 1} more"]
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def counted(count: int, noun: str, plural: str = "") -> str:
    """``1 breach``, ``3 breaches``, ``no breach``."""
    if count == 0:
        return f"no {noun}"
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def _without_end(value: float) -> str:
    return NOT_KNOWN if isnan(value) else ("∞" if value > 0 else f"{_MINUS}∞")
