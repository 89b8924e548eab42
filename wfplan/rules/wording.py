"""How a breach names days, times and amounts, so that a planner need not count."""

from __future__ import annotations

from datetime import date, datetime

from wfplan.rules.clock import DAY_NAMES, local


def say_day(day: date) -> str:
    """``Monday 2026-11-02``."""
    return f"{DAY_NAMES[day.weekday()]} {day.isoformat()}"


def say_moment(moment: datetime, timezone: str) -> str:
    """``Monday 2026-11-02 07:00``, in the person's zone."""
    at = local(moment, timezone)
    return f"{say_day(at.date())} {at:%H:%M}"


def say_clock(minute: int) -> str:
    """Minutes after midnight as ``07:00``; beyond midnight as ``02:00 the day after``."""
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}" + (
        " the day after" if minute > 1440 else ""
    )


def say_minutes(minutes: float) -> str:
    """``9 h 30 min``, ``11 h`` or ``45 min``."""
    hours, rest = divmod(round(minutes), 60)
    parts = [f"{hours} h"] if hours else []
    parts += [f"{rest} min"] if rest or not hours else []
    return " ".join(parts)


def say_count(count: float, noun: str) -> str:
    """``1 day``, ``3 days``."""
    return f"{count:g} {noun}" + ("" if count == 1 else "s")
