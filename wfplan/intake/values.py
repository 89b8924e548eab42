"""Single values: the text of a cell as a number, a date, an instant, a choice.

Every reader takes a stripped, non-empty text and its column, and raises
:class:`~wfplan.intake.book.BadValueError` with a reason, a hint and a code of
the HR tables. Numbers are plain (``1234.5``); dates are ISO (``2026-10-19``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from wfplan.domain.channels import parse_window
from wfplan.domain.columns import Column, ColumnType
from wfplan.domain.overrides import BadChangeError, Change
from wfplan.domain.overrides import read_change as change_of
from wfplan.errors import did_you_mean
from wfplan.horizon import DAY_MIN, Window
from wfplan.intake.book import BadValueError, has_control, shown

TEXT_MAX = 500
LIST_MAX = 100_000
YEARS = (1950, 2100)

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_COMMA_NUMBER = re.compile(r"[+-]?[0-9]+,[0-9]+")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:[,. '\u00a0\u202f][0-9]{3})+(?:[.,][0-9]+)?")
_CLOCK = re.compile(r"[0-9]{1,3}:[0-9]{2}(:[0-9]{2})?")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_OTHER_DATE = re.compile(r"([0-9]{1,4})[./-]([0-9]{1,2})[./-]([0-9]{1,4})")
_INSTANT = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[T ]"
    r"(?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?)"
    r"\s?(?P<zone>[Zz]|[+-][0-9]{2}:?[0-9]{2})?"
)
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::00(?:\.0+)?)?")
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_TRUTHS = {
    **dict.fromkeys(("true", "yes", "y", "1", "wahr", "ja", "vrai", "oui", "x"), True),
    **dict.fromkeys(("false", "no", "n", "0", "falsch", "nein", "faux", "non"), False),
}


def reader(column: Column) -> Callable[[str], Any]:
    """The function that reads the texts of a column."""
    read = _READERS[column.type]
    return lambda text: read(text, column)


def read_number(text: str, column: Column) -> float:
    """A finite number inside the column's range."""
    if not _NUMBER.fullmatch(text):
        raise BadValueError(*_why_not_a_number(text, column), code="HR105")
    number = float(text)
    if not isfinite(number):
        raise BadValueError(f"'{shown(text)}' is beyond all numbers", code="HR105")
    _check_range(number, text, column)
    return number


def read_count(text: str, column: Column) -> int:
    """A whole number inside the column's range; ``3.0`` is one."""
    number = read_number(text, column)
    if number != int(number):
        raise BadValueError(f"{text} is not a whole number", code="HR105")
    return int(number)


def read_date(text: str, column: Column) -> date:
    """An ISO date; midnight behind it (as workbooks give it) is left away."""
    day, _, clock = text.replace("T", " ").partition(" ")
    if not _DATE.fullmatch(day) or clock.strip("0:. ") != "":
        raise BadValueError(*_why_not_a_date(text), code="HR108")
    return _calendar_date(day)


def read_instant(text: str, column: Column) -> datetime:
    """A time stamp: aware where it has an offset or ``Z``, else wall time (naive)."""
    match = _INSTANT.fullmatch(text)
    if not match:
        reason, hint = _why_not_an_instant(text)
        raise BadValueError(reason, hint, "HR108")
    day = _calendar_date(match["date"])
    try:
        stamp = datetime.fromisoformat(f"{day}T{match['time']}{(match['zone'] or '').upper()}")
    except ValueError:
        raise BadValueError(
            f"'{shown(text)}' has no such time of day",
            "hours run from 00 to 23, minutes from 00 to 59",
            "HR108",
        ) from None
    # Workbooks keep moments as fractions of a day: 07:15 may come as 07:14:59.999.
    if stamp.microsecond:
        stamp = (stamp + timedelta(microseconds=500_000)).replace(microsecond=0)
    return stamp


def read_moment(text: str, column: Column) -> date | datetime:
    """A date, or a time stamp."""
    return read_date(text, column) if _DATE.fullmatch(text) else read_instant(text, column)


def read_time(text: str, column: Column) -> int:
    """Minutes after midnight of ``07:15``; 24:00 is 1440."""
    match = _TIME.fullmatch(text)
    if not match or int(match[2]) > 59 or int(match[1]) * 60 + int(match[2]) > DAY_MIN:
        twelve = re.search(r"[ap]\.?m\.?$", text, re.IGNORECASE)
        hint = (
            "write the time on the 24-hour clock, like 19:30" if twelve else "write it like 07:15"
        )
        raise BadValueError(f"'{shown(text)}' is not a time of day", hint, "HR108")
    return int(match[1]) * 60 + int(match[2])


def read_time_or_instant(text: str, column: Column) -> int | datetime:
    """Minutes after midnight, or a time stamp."""
    is_dated = _DATE.match(text) or (_OTHER_DATE.match(text) and " " in text)
    return read_instant(text, column) if is_dated else read_time(text, column)


def read_truth(text: str, column: Column) -> bool:
    """True or false in the words of usual spreadsheets."""
    truth = _TRUTHS.get(text.casefold())
    if truth is None and column.name == "unplanned":  # the text itself may be a reason
        raise BadValueError("is neither true nor false", "say whether, never why", "HR106")
    if truth is None:
        raise BadValueError(f"'{shown(text)}' is neither true nor false", code="HR106")
    return truth


def read_choice(text: str, column: Column) -> str:
    """One of the column's choices, whatever its case; ``monday`` is ``mon``."""
    word = text.casefold().replace("-", "_").replace(" ", "_")
    if column.name == "weekday" and any(word == name for name in _LONG_WEEKDAYS):
        word = word[:3]
    if word in column.choices:
        return word
    if column.name == "type":  # of time off: the text itself may be a reason
        raise BadValueError(
            f"is not one of {', '.join(column.choices)} (its text is not repeated here)",
            "write leave or other: wfplan needs to know when somebody is off, never why",
            "HR106",
        )
    hint = did_you_mean(word, column.choices)
    raise BadValueError(
        f"'{shown(text)}' is not one of {', '.join(column.choices)}", hint, code="HR106"
    )


def read_id(text: str, column: Column) -> str:
    """An id of letters, digits, dot, underscore and hyphen."""
    if not _ID.fullmatch(text):
        raise BadValueError(
            f"'{shown(text)}' is not an id",
            "use up to 64 letters, digits, '.', '_' and '-', such as A001; names are not ids",
            "HR104",
        )
    return text


def read_email(text: str, column: Column) -> str:
    """Something with the shape of an address, which messages never repeat."""
    if not _EMAIL.fullmatch(text) or has_control(text) or len(text) > 254:
        raise BadValueError(
            "is not an e-mail address (it is not repeated here)",
            "write it like ada@example.com, or leave it empty",
            "HR104",
        )
    return text


def read_zone(text: str, column: Column) -> str:
    """An IANA time zone."""
    if not is_zone(text):
        raise BadValueError(f"'{shown(text)}' is not an IANA time zone", zone_hint(text), "HR109")
    return text


def read_text(text: str, column: Column) -> str:
    """Plain text: one line, not too long."""
    if len(text) > TEXT_MAX:
        raise BadValueError(
            f"has {len(text)} characters, the most are {TEXT_MAX}", "shorten it", "HR104"
        )
    if has_control(text):
        raise BadValueError(
            "holds control characters (line ends, tabs, or marks that turn the writing direction)",
            "type it again as one line of plain text",
            "HR104",
        )
    return text


def read_hours(text: str, column: Column) -> tuple[Window, ...]:
    """Windows of wall time: ``10:00-13:00, 14:00-16:00``."""
    parts = [part.strip() for part in re.split(r"[,;/]| and ", text) if part.strip()]
    try:
        return tuple(parse_window(part) for part in parts)
    except ValueError:
        raise BadValueError(
            f"'{shown(text)}' are not hours", "write them like 10:00-16:00", "HR108"
        ) from None


def read_list(text: str, column: Column) -> tuple[str, ...]:
    """Several texts with a semicolon, a bar or a comma between, each once and in order."""
    if has_control(text) or len(text) > LIST_MAX:
        raise BadValueError(
            f"is no list of at most {LIST_MAX:,} plain characters",
            "write it like A001; A002; team:Blue",
            "HR104",
        )
    parts = (" ".join(part.split()) for part in re.split(r"[;|,]", text))
    found = tuple(dict.fromkeys(part for part in parts if part))
    if not found:
        raise BadValueError(f"'{shown(text)}' names nothing", "write it like A001; A002", "HR104")
    return found


def read_change(text: str, column: Column) -> Change:
    """A change of a forecast: a percentage, a value, a week to copy."""
    try:
        return change_of(shown(text))
    except BadChangeError as bad:
        raise BadValueError(bad.reason, bad.hint, "HR106") from None


@cache
def is_zone(name: str) -> bool:
    """Whether a name is that of an IANA time zone."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def zone_hint(name: str) -> str:
    """What zone may have been meant."""
    return did_you_mean(name, _zones()) or "write it like Europe/Dublin"


@cache
def _zones() -> tuple[str, ...]:
    """All names of zones, sorted so that a hint is always the same."""
    return tuple(sorted(available_timezones()))


def _check_range(number: float, text: str, column: Column) -> None:
    """Whether the number is inside the range; else a guess at the unit."""
    low, high = column.low, column.high
    if (low is None or number >= low) and (high is None or number <= high):
        return
    if low == 0 and number < 0:
        raise BadValueError(f"{text} is below 0", code="HR107")
    unit = f" {column.unit}" if column.unit not in ("", "ratio", "share") else ""
    span = f"{low or 0:g} to {high:g}{unit}" if high is not None else f"{low:g}{unit} or more"
    raise BadValueError(
        f"{text} is outside {span}", range_hint(number, column.unit, low, high), "HR107"
    )


def range_hint(number: float, unit: str, low: float | None, high: float | None) -> str:
    """A guess at the unit in which a number out of range may be meant."""

    def fits(value: float) -> bool:
        return (low is None or value >= low) and (high is None or value <= high)

    if unit in ("share", "ratio") and fits(number / 100):
        return f"did you mean {number / 100:g}?"
    if unit == "hours" and number > 60 and fits(number / 60):
        return f"did you give minutes ({number / 60:g} h)?"
    if unit == "seconds" and fits(number / 1000):
        return f"did you give milliseconds ({number / 1000:g} s)?"
    return ""


def _why_not_a_number(text: str, column: Column) -> tuple[str, str]:
    """Reason and hint for a text that is no plain number."""
    quoted = f"'{shown(text)}'"
    if _GROUPED.fullmatch(text):
        return f"{quoted} may be read in two ways", "write thousands without a sign, like 1234.5"
    if _COMMA_NUMBER.fullmatch(text):
        fixed = text.replace(",", ".")
        return f"{quoted} has a decimal comma", f"write {fixed}, or separate the columns with ';'"
    if text.endswith("%") and _NUMBER.fullmatch(text[:-1].strip()):
        return f"{quoted} is a percentage", f"write the share: {float(text[:-1]) / 100:g}"
    if _CLOCK.fullmatch(text):
        parts = [int(part) for part in text.split(":")]
        if column.unit == "seconds" and len(parts) == 3:
            return (
                f"{quoted} is a duration",
                f"write seconds: {parts[0] * 3600 + parts[1] * 60 + parts[2]}",
            )
        return f"{quoted} is a duration", f"write a number of {column.unit or 'units'}"
    if text.casefold() in ("nan", "na", "n/a", "null", "none", "-", "?", "inf", "-inf", "infinity"):
        return f"{quoted} is not a number", "leave the cell empty where it is not known"
    return f"{quoted} is not a number", ""


def _why_not_a_date(text: str) -> tuple[str, str]:
    """Reason and hint for a text that is no ISO date."""
    reason = f"'{shown(text)}' is not a date like 2026-10-19"
    if re.fullmatch(r"[2-6][0-9]{4}(\.[0-9]+)?", text):
        return reason, "it looks like a spreadsheet's day number: format the column as a date"
    match = _OTHER_DATE.fullmatch(text.split(" ")[0].split("T")[0])
    if not match:
        return reason, ""
    first, second, third = (int(part) for part in match.groups())
    if len(match[1]) == 4:
        return reason, f"write {first:04}-{second:02}-{third:02}"
    if first <= 12 and second <= 12:
        return f"{reason} (day and month are ambiguous)", "write year-month-day"
    day, month = (first, second) if first > 12 else (second, first)
    year = third + 2000 if third < 100 else third
    return reason, f"did you mean {year:04}-{month:02}-{day:02}?"


def _why_not_an_instant(text: str) -> tuple[str, str]:
    """Reason and hint for a text that is no time stamp."""
    if _DATE.fullmatch(text):
        return f"'{text}' has no time of day", "write it like 2026-10-19T07:15"
    if re.fullmatch(r"[0-9]{10}(\.[0-9]*)?|[0-9]{13}", text):
        return f"'{text}' looks like Unix time", "write it like 2026-10-19T07:15Z"
    reason, hint = _why_not_a_date(text)
    hint = hint.removesuffix("?")
    return reason.replace("a date like 2026-10-19", "a time like 2026-10-19T07:15"), (
        f"{hint} with the time behind it" if hint else "write it like 2026-10-19T07:15"
    )


def _calendar_date(text: str) -> date:
    """The date of an ISO text that has the right shape."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadValueError(f"'{text}' is not a date: there is no such day", code="HR108") from None
    if not YEARS[0] <= day.year <= YEARS[1]:
        raise BadValueError(
            f"'{text}' is not in the years {YEARS[0]} to {YEARS[1]}", "check the year", "HR108"
        )
    return day


_LONG_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_READERS: dict[ColumnType, Callable[[str, Column], Any]] = {
    ColumnType.TEXT: read_text,
    ColumnType.ID: read_id,
    ColumnType.EMAIL: read_email,
    ColumnType.ZONE: read_zone,
    ColumnType.NUMBER: read_number,
    ColumnType.COUNT: read_count,
    ColumnType.DATE: read_date,
    ColumnType.INSTANT: read_instant,
    ColumnType.MOMENT: read_moment,
    ColumnType.TIME: read_time,
    ColumnType.TIME_OR_INSTANT: read_time_or_instant,
    ColumnType.TRUTH: read_truth,
    ColumnType.CHOICE: read_choice,
    ColumnType.HOURS: read_hours,
    ColumnType.CHANGE: read_change,
    ColumnType.LIST: read_list,
}
