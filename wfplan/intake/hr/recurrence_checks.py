"""
Recurrence rules that can be expanded: what RFC 5545 (3.3.10) allows, and what ever happens.

A rule that never happens would be searched for to the end of the calendar, so it is refused.
"""

from __future__ import annotations

from typing import Any

from wfplan.intake.book import BadValueError

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_WITHIN_DAY = ("SECONDLY", "MINUTELY", "HOURLY")
_PARTS = {
    "FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYYEARDAY",
    "BYWEEKNO", "BYSETPOS", "BYHOUR", "BYMINUTE", "BYSECOND",
}  # fmt: skip
_YEARLY_ONLY = ("BYYEARDAY", "BYWEEKNO")
_MOST = {"BYMONTH": 12, "BYMONTHDAY": 31, "BYYEARDAY": 366, "BYWEEKNO": 53}
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_INTERVAL_MAX = 1_000


def one(rule: Any, name: str, default: Any) -> Any:
    """The single value of a part of a rule."""
    value = rule.get(name, default)
    if not isinstance(value, list):
        return value
    if len(value) != 1:
        raise BadValueError(f"{name} of RRULE has several values", "write one", "HR108")
    return value[0]


def check_rule(rule: Any) -> None:
    """
    Refuse a rule that RFC 5545 does not have, or that never happens.

    Raises
    ------
    BadValueError
        With the part that is wrong.
    """
    if isinstance(rule, list):
        raise BadValueError("the event has several RRULEs", "make an event of each", "HR109")
    several = [name for name in ("BYHOUR", "BYMINUTE", "BYSECOND") if len(_many(rule, name)) > 1]
    often = str(one(rule, "FREQ", ""))
    if several or often in _WITHIN_DAY:
        raise BadValueError("the event repeats within a day", "repeat it daily at most", "HR109")
    if often not in FREQUENCIES:
        raise BadValueError("RRULE cannot be read", "write it as RFC 5545 has it", "HR108")
    for name in rule:
        if name not in _PARTS:
            hint = "write the dates out as RDATE, or repeat it in another way"
            raise BadValueError("RRULE has a part that is not read", hint, "HR109")
    if not 1 <= int(one(rule, "INTERVAL", 1)) <= _INTERVAL_MAX or int(one(rule, "COUNT", 1)) < 1:
        hint = f"write INTERVAL from 1 to {_INTERVAL_MAX}, and COUNT from 1"
        raise BadValueError("RRULE counts by what is no number of times", hint, "HR107")
    _check_numbers(rule, often)
    _check_days(rule, often)
    if _never(rule, often):
        raise BadValueError("the event never happens", "correct RRULE", "HR109")


def _many(rule: Any, name: str) -> list[Any]:
    """The values of a part."""
    value = rule.get(name, [])
    return list(value) if isinstance(value, list) else [value]


def _check_numbers(rule: Any, often: str) -> None:
    """Numbers of months, days and weeks in their ranges, and where they may stand."""
    for name, most in _MOST.items():
        low = 1 if name == "BYMONTH" else -most
        if any(not low <= int(n) <= most or int(n) == 0 for n in _many(rule, name)):
            hint = f"write numbers up to {most}"
            raise BadValueError(f"{name} of RRULE is out of range", hint, "HR107")
    is_outside = often != "YEARLY" and any(name in rule for name in _YEARLY_ONLY)
    if is_outside or (often == "WEEKLY" and "BYMONTHDAY" in rule):
        hint = "take it out, or repeat the event monthly or yearly"
        raise BadValueError(f"RRULE has a part that {often} does not allow", hint, "HR109")


def _check_days(rule: Any, often: str) -> None:
    """Numbered weekdays (``-1FR``) belong to months and years."""
    is_numbered = any(str(day)[:1] in "+-0123456789" for day in _many(rule, "BYDAY"))
    if is_numbered and often in ("DAILY", "WEEKLY"):
        hint = "write MO, or repeat the event monthly"
        raise BadValueError(f"BYDAY has a number, which {often} does not allow", hint, "HR109")


def _never(rule: Any, often: str) -> bool:
    """Whether the parts of a rule leave no date, as far as can be seen at once."""
    months = [int(month) for month in _many(rule, "BYMONTH")] or list(range(1, 13))
    longest = max(_DAYS[month - 1] for month in months)
    days = [abs(int(day)) for day in _many(rule, "BYMONTHDAY")]
    places = [abs(int(place)) for place in _many(rule, "BYSETPOS")]
    of_week = max(len(_many(rule, "BYDAY")), 1)
    most = {"DAILY": 1, "WEEKLY": of_week, "MONTHLY": 31, "YEARLY": 366}[often]
    return bool((days and min(days) > longest) or (places and not 1 <= min(places) <= most))
